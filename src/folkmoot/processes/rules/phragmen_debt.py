"""Phragmén with the debt-aware generative query."""

from __future__ import annotations

import numpy as np

from ...queries.approvals import Approvals
from ..problem import Problem, Selection
from ..registry import process
from .seqphragmen import Loads
from .universes import MOST_COMMITTEES, choice, follow, outcomes


@process(
    id="phragmen-debt",
    approvals=True,
    name="Phragmén by the smallest debt",
    guarantee=("jr", "pjr_plus"),
    complexity="rounds x O(number of approvals)",
    source="Boehmer, Fish, Procaccia 2025 (The Next Generation), Appendix F; discrete form of Rey and Maly 2023, "
    "Definition 4",
)
def phragmen_debt(problem: Problem, rng: np.random.Generator) -> Selection:
    """Again and again the statement that leaves its approvers least in debt: argmin (c(a) + sum d_i) / |N_a|.

    The query is asked for statements that what is left of the budget pays for, so the slate is filled where
    `seqphragmen` stops; with equal costs both are the same. Ties: pool order. The slate gets the best balanced
    assignment.

    Args:
        problem: the candidates, the budget and the approval level.
        rng: the random generator; not used, the process is deterministic.
    """
    course = Loads(problem, Approvals(problem.pool, problem.approval), "skip")
    ties = follow(course)
    return choice(problem, course.chosen, ties, course.approvals.mass)


def committee(problem: Problem) -> list[int]:
    """The chosen candidates in order, without the assignment."""
    course = Loads(problem, Approvals(problem.pool, problem.approval), "skip")
    follow(course)
    return course.chosen


def committees(problem: Problem, limit: int = MOST_COMMITTEES) -> list[tuple[int, ...]]:
    """Every slate it can end with, however ties are broken.

    Raises:
        InputError: there are more slates than the limit.
    """
    return outcomes(Loads(problem, Approvals(problem.pool, problem.approval), "skip"), limit)
