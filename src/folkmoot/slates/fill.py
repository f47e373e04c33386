"""The rest of a budget: more statements, until nothing fits any more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..processes import Problem, Round, Selection


def filled(problem: Problem, selection: Selection) -> Selection:
    """A selection with what else fits its budget, by mean utility; ties: pool order. New statements have no people yet.

    Args:
        problem: what may be chosen.
        selection: what a process chose.

    Returns:
        The same selection where nothing fits.
    """
    pool, chosen = problem.pool, [int(a) for a in selection.candidates]
    left = problem.budget - int(pool.costs[chosen].sum()) if chosen else problem.budget
    barred = {*chosen, *problem.locked_out}
    candidates = np.array([a for a in range(pool.size) if a not in barred and pool.costs[a] <= left], dtype=np.int64)
    if not len(candidates):
        return selection
    means = np.concatenate([pool.masses @ block for _, block in pool.blocks(pool.agents, candidates)])
    nobody = np.empty(0, dtype=np.int64)
    rounds = list(selection.rounds)
    for candidate in candidates[np.argsort(-means, kind="stable")].tolist():
        if pool.costs[candidate] <= left:
            rounds.append(Round(candidate, nobody, None, 0))
            left -= int(pool.costs[candidate])
    return replace(selection, rounds=tuple(rounds))
