"""Which of some statements would be reason for complaint by utilities that were asked for afterwards (cBJR)."""

from __future__ import annotations

import numpy as np

from ..profile import FloatArray, IntArray

CENT = 100


def violating(pool: FloatArray, lengths: IntArray, own: FloatArray, n: int, budget: int) -> IntArray:
    """The statements that violate cBJR, as Boehmer, Fish, Procaccia 2025 count them for Table 1.

    Utilities are floored to 0.01, cutoffs are the midpoints of consecutive distinct values, and a statement violates if
    at some cutoff at least c n / B agents have it above and their own statement below.

    Args:
        pool: float64 [n, s], utilities, nan where they are not known.
        lengths: int64 [s], the cost of each statement, -1 where unknown (such a statement never counts).
        own: float64 [n], the utility of the assigned statement.
        n: the number of agents.
        budget: the budget of the slate.

    Returns:
        int64, the columns of those that violate, ascending.
    """
    wanted, has = _cents(pool), _cents(own)
    hits = []
    for a in np.flatnonzero(lengths >= 0):
        known = ~np.isnan(pool[:, a])
        values = np.unique(np.concatenate([wanted[known, a], has]))
        cutoffs = (values[1:] + values[:-1]) / 2
        above, below = wanted[known, a] >= cutoffs[:, None], has[known] < cutoffs[:, None]
        if int((above & below).sum(axis=1).max(initial=0)) * budget >= int(lengths[a]) * n:
            hits.append(int(a))
    return np.array(hits, dtype=np.int64)


def _cents(values: FloatArray) -> FloatArray:
    """Floored to 0.01, in hundredths; what was floored already stays where it is."""
    return np.asarray(np.floor(values * CENT + 1e-6))
