"""Proportional Approval Voting, exactly."""

from __future__ import annotations

import numpy as np

from ..problem import Problem, Selection
from ..registry import process
from . import optimal
from .tails import harmonic
from .thiele import Score, exactly


@process(
    id="pav",
    extra="exact",
    approvals=True,
    name="proportional approval voting (PAV)",
    guarantee=("ejr_plus_unit",),
    complexity="NP-hard; all committees where they are few, else an integer program over distinct ballots",
    source="Thiele 1895; Aziz et al. 2017; EJR+: Brill and Peters 2023",
)
def pav(problem: Problem, rng: np.random.Generator) -> Selection:
    """The committee with the largest sum over agents of 1 + 1/2 + ... + 1/(number of approved members).

    With costs: the largest sum within the budget (no guarantee is known then). Ties: see `optimal.optimum`.
    """
    return exactly(problem, harmonic())


def committees(problem: Problem, limit: int = 1000, time_limit: float = optimal.TIME_LIMIT) -> list[list[int]]:
    """Every PAV committee; see `optimal.committees`."""
    return optimal.committees(problem, Score(problem, harmonic()), limit, time_limit)
