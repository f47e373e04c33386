"""P4: statements of one cost, with a generative query of known accuracy."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import numpy as np

from ...profile import InputError
from ..problem import Problem, Progress, Selection
from ..registry import process
from .completion import completed
from .democratic import from_this_level_up, levels_of


@process(
    id="uniform-approx",
    name="BJR from less support than a full share",
    guarantee=("cbjr-levels",),
    unit_cost=True,
    complexity="levels^2 x O(m n)",
    source="Boehmer, Fish, Procaccia 2025 (The Next Generation), Algorithm 2, Proposition 3.5",
    parameters={"gamma": "accuracy of the generative query, above 0 and at most 1 (default 1)"},
    overshoots=True,
)
def uniform_approx(problem: Problem, rng: np.random.Generator) -> Selection:
    """A statement is accepted from n gamma / (B gamma + 1) supporters on, fewer than a full share.

    With beta-accurate Disc and (gamma, delta, mu)-accurate Gen no coalition of more than B / (B gamma + 1) shares
    of n / B, all better off by more than 2 beta + delta, is left out: (2 beta + delta, d)-cBJR for every
    d > B / (B gamma + 1), so with exact queries cBJR. (Not for smaller d: the people that are left when B statements
    have been chosen can be n / (B gamma + 1), and one statement for two people with nothing in common leaves one out.)

    Args:
        problem: the candidates, which all cost 1; the budget is the number of statements B. Parameter: ``gamma``
            (default 1). mu does not matter when everything costs 1. Levels as in `democratic`.
        rng: the random generator; not used, the process is deterministic.

    Returns:
        The slate; whoever is left is assigned at the end so that the assignment is as balanced as it can be.

    Raises:
        InputError: the candidates do not all cost 1, or gamma is not above 0 and at most 1.
    """
    pool = problem.pool
    if (pool.costs != 1).any():
        raise InputError("process 'uniform-approx' chooses a number of statements; take `unit='statements'`")
    gamma = Fraction(str(problem.parameters.get("gamma", 1)))
    if not 0 < gamma <= 1:
        raise InputError(f"gamma is {float(gamma):g}; it must be above 0 and at most 1")
    wanted = ceil(pool.total_mass * gamma / (problem.budget * gamma + 1))
    levels = levels_of(problem)
    state = Progress(problem)
    for place, level in enumerate(levels):
        while len(state.remaining) and state.left:
            open_ = None if state.open.all() else state.candidates
            if open_ is not None and not len(open_):
                break
            lowest = from_this_level_up(place, levels)
            answers = [pool.best_at_level(state.remaining, up, 1, open_) for up in lowest]
            proposals = np.array(sorted({a for best, ties in answers for a in (best, *ties) if a >= 0}))
            if not len(proposals):
                break
            support = pool.support(state.remaining, proposals, level)
            tied = proposals[support == support.max()]
            if int(support.max()) < wanted:
                break
            state.take(int(tied[0]), wanted, level, int(support.max()), [int(a) for a in tied[1:]])
    return Selection(
        completed(problem, state.rounds),
        pool.n_agents,
        {"levels": list(levels), "gamma": float(gamma), "share": wanted},
    )
