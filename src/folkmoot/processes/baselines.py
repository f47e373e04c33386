"""Slates to compare with: the most popular statements, and random ones. Neither promises anything."""

from __future__ import annotations

import numpy as np

from ..profile import IntArray
from ..profile.sentences import noted
from .assignment import balanced_assignment, capacities
from .problem import Problem, Round, Selection
from .registry import process


@process(
    id="popular",
    name="most liked first; for comparison",
    guarantee=(),
    complexity="O(m n)",
    source=noted("what a list of winners is; comparison only"),
)
def popular(problem: Problem, rng: np.random.Generator) -> Selection:
    """Statements by mean utility until the budget is full, with the best balanced assignment."""
    pool = problem.pool
    means = np.concatenate([pool.masses @ block for _, block in pool.blocks(pool.agents, np.arange(pool.size))])
    return _fill(problem, np.argsort(-means, kind="stable"))


@process(
    id="random",
    name="in random order; for comparison",
    guarantee=(),
    complexity="O(m)",
    source=noted("comparison only"),
    seeded=True,
)
def random(problem: Problem, rng: np.random.Generator) -> Selection:
    """Statements in random order until the budget is full, with the best balanced assignment."""
    return _fill(problem, rng.permutation(problem.pool.size))


def _fill(problem: Problem, order: IntArray) -> Selection:
    chosen = list(problem.locked_in)
    left = problem.budget - int(problem.pool.costs[chosen].sum()) if chosen else problem.budget
    barred = {*problem.locked_in, *problem.locked_out}
    for candidate in order:
        cost = int(problem.pool.costs[candidate])
        if cost <= left and int(candidate) not in barred:
            chosen.append(int(candidate))
            left -= cost
    return assigned(problem, chosen)


def assigned(problem: Problem, chosen: list[int]) -> Selection:
    """A given list of candidates with its maximum-utility balanced assignment."""
    pool = problem.pool
    columns = np.array(chosen, dtype=np.int64)
    lower, upper = capacities(pool.costs[columns], pool.total_mass, problem.budget)
    places = balanced_assignment(pool.utilities(pool.agents, columns), lower, upper, pool.masses)
    rounds = []
    for place, candidate in enumerate(chosen):
        agents = np.flatnonzero(places == place)
        rounds.append(Round(candidate, agents, None, int(pool.masses[agents].sum())))
    return Selection(tuple(rounds), pool.n_agents)
