"""The rest of a balanced assignment: where the people that a process left over go, as far as there is room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..assignment import balanced_assignment, capacities
from ..problem import Problem, Round


def completed(problem: Problem, rounds: Sequence[Round]) -> tuple[Round, ...]:
    """The rounds with the agents they left over assigned so that the whole is balanced.

    Nobody who is represented moves; the others are assigned with the largest total utility that the balanced shares
    leave room for (`balanced_assignment`). Where there are too few statements for everybody, the rest stays out.

    Args:
        problem: the problem, whose pool answers for utilities.
        rounds: the statements chosen, with whom each represents so far.
    """
    pool = problem.pool
    free = np.ones(pool.n_agents, dtype=bool)
    for chosen in rounds:
        free[chosen.agents] = False
    rest = np.flatnonzero(free)
    if not len(rest) or not rounds:
        return tuple(rounds)
    columns = np.array([chosen.candidate for chosen in rounds], dtype=np.int64)
    loads = np.array([int(pool.masses[chosen.agents].sum()) for chosen in rounds], dtype=np.int64)
    lower, upper = capacities(pool.costs[columns], pool.total_mass, problem.budget)
    lower, upper = np.maximum(lower - loads, 0), np.maximum(upper - loads, 0)
    places = balanced_assignment(pool.utilities(rest, columns), lower, upper, pool.masses[rest])
    return tuple(
        replace(chosen, agents=np.sort(np.append(chosen.agents, rest[places == place])))
        for place, chosen in enumerate(rounds)
    )
