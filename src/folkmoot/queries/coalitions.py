"""The largest coalition that could complain: one sweep per statement, no enumeration of coalitions."""

from __future__ import annotations

import numpy as np

from ..profile import FloatArray, IntArray


def largest_coalitions(
    own: FloatArray, offers: FloatArray, masses: IntArray, slack: float = 0.0
) -> tuple[IntArray, FloatArray]:
    """For every statement the largest mass that wants it at some threshold and lacks that much in the slate.

    Agent i belongs to the coalition of (a, theta) iff u_i(a) >= theta and own_i < theta - slack. The largest one is
    the point covered by most half-open intervals (own_i + slack, u_i(a)].

    Args:
        own: float64 [n] utility each agent has now; -inf for an unassigned agent, inf for one who cannot complain.
        offers: float64 [n, m] utilities of the statements; -inf where an agent cannot be counted on.
        masses: int64 [n].
        slack: the b of (b, d)-cBJR, >= 0.

    Returns:
        int64 [m] mass of the largest coalition, float64 [m] its threshold theta (nan where there is none).
    """
    order = np.argsort(own, kind="stable")
    left, mass, sorted_offers = own[order] + slack, masses[order], offers[order]
    m = offers.shape[1]
    largest, theta = np.zeros(m, dtype=np.int64), np.full(m, np.nan)
    for column in range(m):
        offer = sorted_offers[:, column]
        inside = left < offer
        if not inside.any():
            continue
        starts, ends, weight = left[inside], offer[inside], mass[inside]
        by_end = np.argsort(ends, kind="stable")
        points = ends[by_end]
        started = np.concatenate([[0], np.cumsum(weight)])[np.searchsorted(starts, points, side="left")]
        ended = np.concatenate([[0], np.cumsum(weight[by_end])])[np.searchsorted(points, points, side="left")]
        covered = started - ended
        best = int(np.argmax(covered))
        largest[column], theta[column] = covered[best], points[best]
    return largest, theta


def possible(own: FloatArray, offers: FloatArray, masses: IntArray, slack: float = 0.0) -> IntArray:
    """int64 [m]: mass of everyone who prefers the statement by more than ``slack``: no coalition is larger."""
    better = own[:, None] + slack < offers
    return np.asarray(masses @ better, dtype=np.int64)


def members(own: FloatArray, offer: FloatArray, theta: float, slack: float = 0.0) -> IntArray:
    """Rows of the coalition of one statement at one threshold."""
    return np.flatnonzero((offer >= theta) & (own + slack < theta))
