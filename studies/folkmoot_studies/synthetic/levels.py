"""The frontier where utilities are small whole numbers: counted level by level over a large universe."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from folkmoot.profile import FloatArray, IntArray
from folkmoot.queries.counts import Bytes, approvals


def frontier_of_levels(
    own: FloatArray, values: Bytes, needs: IntArray, thetas: Sequence[float], slacks: Sequence[float]
) -> FloatArray:
    """float64 [len(slacks)]: d(b), the largest mass / need of any coalition at slack b, over given thresholds.

    The coalition of (a, theta) at slack b is everyone with u_i(a) >= theta and own_i < theta - b (Boehmer, Fish,
    Procaccia 2025, Definition 2.1): for every theta agents are added from the worst off up, and every b is read off
    when all with own_i < theta - b are in.

    Args:
        own: float64 [n], the utility each agent has now.
        values: int8 [n, m], utilities of the statements that can be asked for, one contiguous row per agent.
        needs: int64 [m], the mass each statement has to represent.
        thetas: the thresholds; those between two whole numbers add nothing.
        slacks: the values of b, each at least 0.
    """
    frontier = np.zeros(len(slacks))
    if not values.size or not len(slacks):
        return frontier
    columns = np.argsort(needs, kind="stable")
    kinds, starts = np.unique(needs[columns], return_index=True)
    # Columns of one need stand together, so that one maximum per need is taken.
    values = values if (columns[1:] > columns[:-1]).all() else values[:, columns]
    order = np.argsort(own, kind="stable")
    worst_first = own[order]
    for theta in thetas:
        added = 0
        mass = np.zeros(values.shape[1], dtype=np.int32)
        inside = np.searchsorted(worst_first, theta - np.asarray(slacks, dtype=np.float64), "left")
        for count in np.unique(inside):
            if count == 0:
                continue
            mass += approvals(values[order[added:count]], int(np.ceil(theta)))
            added = int(count)
            ratio = float((np.maximum.reduceat(mass, starts) / kinds).max())
            frontier[inside == count] = np.maximum(frontier[inside == count], ratio)
    return frontier
