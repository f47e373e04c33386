"""A process: taking turns."""

from __future__ import annotations

import numpy as np

from folkmoot.processes import Problem, Selection, process
from folkmoot.processes.problem import Progress


@process(
    id="turns",
    name="people take turns to name their favourite",
    guarantee=(),
    overshoots=True,
    complexity="O(n m)",
    source="example of a plugin",
)
def turns(problem: Problem, rng: np.random.Generator) -> Selection:
    """Whoever comes first and is not represented yet names the affordable statement they like best.

    It represents those who like it most, as many as it has to. Ties: pool order.
    """
    state = Progress(problem)
    while len(state.remaining):
        candidates = state.candidates
        candidates = candidates[problem.pool.costs[candidates] <= state.left]
        if not len(candidates):
            break
        liked = problem.pool.utilities(state.remaining[:1], candidates)[0]
        best = np.flatnonzero(liked == liked.max())
        chosen, *tied = candidates[best].tolist()
        mass = min(problem.need(chosen), state.mass)
        state.take(chosen, mass, level=None, support=mass, tied=tied)
    return state.selection()
