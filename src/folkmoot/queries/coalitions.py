"""The largest coalition that could deviate: one sweep per statement, no enumeration of coalitions."""

from __future__ import annotations

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray
from .bits import packed

# Utilities are compared in parts of at most so many entries: they stay in the processor's cache, and are counted in 16
# bits.
CACHED = 65_535
# Multiplications of a product: OpenBLAS uses one thread up to 262,144, and several wait for each other longer than they
# work here.
_BLOCK = 250_000


def largest_coalitions(
    own: FloatArray, offers: FloatArray, masses: IntArray, slack: float = 0.0
) -> tuple[IntArray, FloatArray]:
    """For every statement the largest mass that values it at some threshold and values its own seat less.

    Agent i belongs to the coalition of (a, theta) iff u_i(a) >= theta and own_i < theta - slack. The largest one is
    the point covered by most half-open intervals (own_i + slack, u_i(a)].

    Args:
        own: float64 [n] the utility each agent has now; -inf for an unassigned agent, inf for one who cannot deviate.
        offers: float64 [n, m] the utilities of the statements; -inf where an agent does not count.
        masses: int64 [n] the mass of every agent.
        slack: the b of (b, d)-cBJR, >= 0.

    Returns:
        int64 [m] the mass of the largest coalition, and float64 [m] its threshold theta (nan where there is none).
    """
    m = offers.shape[1]
    largest, theta = np.zeros(m, dtype=np.int64), np.full(m, np.nan)
    left = own + slack
    for column in range(m):
        offer = offers[:, column]
        inside = np.flatnonzero(left < offer)
        if len(inside):
            largest[column], theta[column] = _most_covered(left[inside], offer[inside], masses[inside])
    return largest, theta


def _most_covered(starts: FloatArray, ends: FloatArray, masses: IntArray) -> tuple[int, float]:
    """The largest mass of intervals (start, end] over one point, and the smallest end that is such a point."""
    if (masses == 1).all():
        points = np.sort(ends)
        covered = np.searchsorted(np.sort(starts), points) - np.arange(len(points))
    else:
        by_start, by_end = np.argsort(starts), np.argsort(ends)
        points, weights = ends[by_end], masses[by_end]
        started = np.concatenate([[0], np.cumsum(masses[by_start])])[np.searchsorted(starts[by_start], points)]
        covered = started - (np.cumsum(weights) - weights)
    # Of equal ends only the first counts all that reach it; the later ones count fewer and change nothing.
    best = int(np.argmax(covered))
    return int(covered[best]), float(points[best])


def possible(own: FloatArray, offers: FloatArray, masses: IntArray, slack: float | FloatArray = 0.0) -> IntArray:
    """int64 [m]: mass of everyone who prefers the statement by more than ``slack``: no coalition is larger.

    The arguments are those of `largest_coalitions`; with several slacks (float64 [s]) the result is int64 [s, m].
    """
    slacks = np.atleast_1d(np.asarray(slack, dtype=np.float64))
    (n, m), unit = offers.shape, bool((masses == 1).all())
    mass = np.zeros((len(slacks), m), dtype=np.int64)
    height = max(1, CACHED // max(1, len(slacks)))
    for top in range(0, n, height):
        rows = slice(top, top + height)
        left = (own[rows] + slacks[:, None])[:, None]
        width = max(1, height // max(1, left.shape[-1]))
        for start in range(0, m, width):
            columns = slice(start, start + width)
            better = left < offers[rows, columns].T
            mass[:, columns] += better.view(np.uint8).sum(axis=-1, dtype=np.uint16) if unit else better @ masses[rows]
    return mass.reshape(*np.shape(slack), m)


def masses_inside(masses: IntArray, inside: BoolArray) -> IntArray:
    """Mass of each set of people among those inside each other one.

    Where everybody weighs the same sets are bits and counted; else masses are whole numbers below 2^53, so that sums of
    floats are exact, and much quicker than sums of integers.

    Args:
        masses: int64 [s, n] what everybody weighs in s sets; 0 for those who do not belong.
        inside: bool [n, m] who is inside each of m others.

    Returns:
        int64 [s, m].
    """
    (s, n), m = masses.shape, inside.shape[1]
    if bool((masses <= 1).all()):
        sets, others = packed(masses == 1), packed(inside.T)
        return np.reshape([np.bitwise_count(others & one).sum(axis=-1, dtype=np.int64) for one in sets], (s, m))
    left, total = masses.astype(np.float64), np.zeros((s, m))
    height = max(1, _BLOCK // max(1, s * m))
    for start in range(0, n, height):
        rows = slice(start, start + height)
        total += left[:, rows] @ inside[rows].astype(np.float64)
    return total.astype(np.int64)


def members(own: FloatArray, offer: FloatArray, theta: float, slack: float = 0.0) -> IntArray:
    """Rows of the coalition of one statement at one threshold."""
    return np.flatnonzero((offer >= theta) & (own + slack < theta))
