"""How many places each type of preference gets: Thiele's rules over types of people."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from folkmoot.processes.rules.tails import Tail
from folkmoot.profile import FloatArray, InputError, IntArray

# Gains that differ by less than this, relatively, are compared as fractions.
NEAR = 1e-9


def type_counts(shares: Sequence[int] | IntArray, n: int, tail: Tail) -> IntArray:
    """Counts a_t, adding up to n, with the largest sum of p_t f(a_t).

    One place after the other to the type with the largest p_t (f(a_t + 1) - f(a_t)), which is exactly optimal because
    f is concave; O(n log m). Ties: the first type.

    Args:
        shares: int [m], the number (or mass) of the people who want each type, >= 0.
        n: the number of places.
        tail: the function f.

    Returns:
        int64 [m], the places of each type.

    Raises:
        InputError: there is no type, or a negative share.
    """
    masses = [int(share) for share in shares]
    if not masses or min(masses) < 0:
        raise InputError("places are divided among at least one type, and no share may be negative")
    steps = tail.increments(n + 1)
    worth = [float(step) for step in steps]
    counts = np.zeros(len(masses), dtype=np.int64)
    waiting = [(-mass * worth[0], t) for t, mass in enumerate(masses)]
    heapq.heapify(waiting)

    def gain(t: int) -> Fraction:
        return masses[t] * steps[int(counts[t])]

    for _ in range(n):
        near = [heapq.heappop(waiting)]
        while waiting and waiting[0][0] <= near[0][0] * (1 - NEAR):
            near.append(heapq.heappop(waiting))
        best = near[0][1] if len(near) == 1 else min((t for _, t in near), key=lambda t: (-gain(t), t))
        for entry in near:
            if entry[1] != best:
                heapq.heappush(waiting, entry)
        counts[best] += 1
        heapq.heappush(waiting, (-masses[best] * worth[counts[best]], best))
    return counts


def proportions(shares: Sequence[float] | FloatArray, gamma: float) -> FloatArray:
    """The limit of the counts' proportions with many places: p^gamma, normalised; all for the largest with gamma = inf.

    >>> proportions([0.6, 0.3, 0.1], 0.5).round(3).tolist()
    [0.473, 0.334, 0.193]
    """
    p = np.asarray(shares, dtype=np.float64)
    if np.isinf(gamma):
        top = (p == p.max()).astype(np.float64)
        return np.asarray(top / top.sum(), dtype=np.float64)
    raised = np.where(p > 0, p, 1.0) ** gamma * (p > 0)
    return np.asarray(raised / raised.sum(), dtype=np.float64)
