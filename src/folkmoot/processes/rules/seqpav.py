"""Sequential proportional approval voting."""

from __future__ import annotations

import numpy as np

from ..problem import Problem, Selection
from ..registry import process
from .tails import harmonic
from .thiele import Course, one_by_one
from .universes import MOST_COMMITTEES, follow, outcomes


@process(
    id="seqpav",
    approvals=True,
    name="sequential PAV",
    guarantee=(),
    unit_cost=True,
    complexity="k rounds of O(number of approvals)",
    source="Thiele 1895; Lackner and Skowron 2023 (Multi-Winner Voting with Approval Preferences), section 2.2",
)
def seqpav(problem: Problem, rng: np.random.Generator) -> Selection:
    """k rounds: the candidate that adds most to the sum over agents of 1 + 1/2 + ... + 1/(approved so far).

    Ties: pool order. The slate gets the best balanced assignment.

    Args:
        problem: the candidates, which all cost 1; the budget is the number of statements k.
        rng: the random generator; not used, the process is deterministic.

    Raises:
        InputError: the candidates do not all cost 1.
    """
    return one_by_one(problem, harmonic(), "seqpav")


def committee(problem: Problem) -> list[int]:
    """The chosen candidates in order, without the assignment."""
    course = Course(problem, harmonic(), "seqpav")
    follow(course)
    return course.chosen


def committees(problem: Problem, limit: int = MOST_COMMITTEES) -> list[tuple[int, ...]]:
    """Every committee that sequential PAV can end with, however ties are broken.

    Raises:
        InputError: the candidates do not all cost 1, or there are more committees than the limit.
    """
    return outcomes(Course(problem, harmonic(), "seqpav"), limit)
