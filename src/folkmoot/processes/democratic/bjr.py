"""P1: the process that satisfies balanced justified representation with exact queries."""

from __future__ import annotations

import numpy as np

from ...profile import InputError
from ..problem import Problem, Progress, Selection
from ..registry import process


@process(
    id="bjr",
    name="BJR in k rounds (P1)",
    guarantee=("bjr", "cbjr"),
    unit_cost=True,
    complexity="k rounds of O(m n log n)",
    source="Fish et al. 2024 (Generative Social Choice), Process 1 and Theorem 2",
    overshoots=True,
)
def bjr(problem: Problem, rng: np.random.Generator) -> Selection:
    """k rounds: the statement whose ceil(n/k)-th biggest fan is happiest represents its biggest fans.

    Args:
        problem: the candidates, which all cost 1; the budget is the number of statements k.
        rng: the random generator; not used, the process is deterministic.

    Raises:
        InputError: the candidates do not all cost 1.
    """
    pool, k = problem.pool, problem.budget
    if (pool.costs != 1).any():
        raise InputError("process 'bjr' chooses a number of statements; take `unit='statements'`")
    larger = -(-pool.total_mass // k)
    state = Progress(problem, even=True)
    for j in range(len(state.rounds), k):
        candidates = state.candidates
        if not len(candidates) or not len(state.remaining):
            break
        rank = min(larger, state.mass)
        chosen, tied = pool.best_at_rank(state.remaining, rank, candidates)
        level = float(pool.reachable(state.remaining, np.array([chosen]), np.array([rank]))[0])
        support = int(pool.support(state.remaining, np.array([chosen]), level)[0])
        # n - k floor(n/k) times the larger share, then the smaller; with weights, what overshot is made up for.
        state.take(chosen, min(larger, -(-state.mass // (k - j))), level, support, tied)
    return state.selection()
