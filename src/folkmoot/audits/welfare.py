"""Welfare of the represented: what people get out of the slate, and how unequally."""

from __future__ import annotations

import numpy as np

from ..profile import FloatArray, IntArray
from .subject import Subject

GAMMAS = (1.0, 2.0, 5.0)


def welfare(subject: Subject, low: float, high: float, shift: float = 0.1) -> dict[str, float | None]:
    """Figures over the represented agents, weighted by mass.

    Args:
        subject: slate and assignment.
        low: lowest utility of the scale.
        high: highest utility of the scale.
        shift: added to utilities rescaled to [0, 1] before the inequality-averse figures, so that one person at
            the very bottom does not make them all equal.

    Returns:
        ``mean``, ``q1``, ``median``, ``q3``, ``min``, ``gini`` (of utility above the scale's lowest), ``nash``
        and ``ce_<gamma>`` (certainty equivalents of CRRA welfare at that inequality aversion, on the scale; Nash
        is gamma 1), ``own_is_favourite`` (share of mass whose own statement is their favourite of the slate),
        ``represented`` (share of mass). None where nobody is represented.
    """
    total = subject.pool.total_mass
    assigned = subject.assignment >= 0
    values, masses = subject.own[assigned], subject.masses[assigned]
    share = float(masses.sum() / total)
    if not assigned.any():
        names = ["mean", "q1", "median", "q3", "min", "gini", "nash", *(f"ce_{g:g}" for g in GAMMAS)]
        return {**dict.fromkeys([*names, "own_is_favourite"]), "represented": share}
    found: dict[str, float | None] = {
        "mean": float(np.average(values, weights=masses)),
        "q1": quantile(values, masses, 0.25),
        "median": quantile(values, masses, 0.5),
        "q3": quantile(values, masses, 0.75),
        "min": float(values.min()),
        "gini": gini(values - low, masses),
    }
    span = high - low or 1.0
    scaled = (values - low) / span + shift
    for gamma in GAMMAS:
        found[f"ce_{gamma:g}"] = low + span * (certainty_equivalent(scaled, masses, gamma) - shift)
    found["nash"] = found["ce_1"]
    favourite = subject.own[assigned] >= subject.best[assigned]
    found["own_is_favourite"] = float(masses[favourite].sum() / masses.sum())
    found["represented"] = share
    return found


def quantile(values: FloatArray, masses: IntArray, q: float) -> float:
    """Quantile by linear interpolation; with unit masses numpy's, with others of the repeated values."""
    if (masses == 1).all():
        return float(np.quantile(values, q))
    order = np.argsort(values, kind="stable")
    heaped = np.cumsum(masses[order])
    at = q * (int(heaped[-1]) - 1)
    low, high = (int(np.searchsorted(heaped, place, side="right")) for place in (np.floor(at), np.ceil(at)))
    below, above = float(values[order[low]]), float(values[order[high]])
    return below + (above - below) * float(at - np.floor(at))


def gini(values: FloatArray, masses: IntArray) -> float:
    """Gini coefficient of non-negative values, 0 (equal) to 1; 0 when all are 0."""
    order = np.argsort(values, kind="stable")
    v, w = values[order], masses[order].astype(np.float64)
    total = float((v * w).sum())
    if total == 0:
        return 0.0
    before = np.cumsum(w) - w
    # Half the mean absolute difference over the mean, from sorted values.
    return float((v * w * (2 * before + w - w.sum())).sum() / (w.sum() * total))


def certainty_equivalent(values: FloatArray, masses: IntArray, gamma: float) -> float:
    """The equal utility as good as this distribution at inequality aversion gamma (CRRA); values must be positive."""
    weights = masses / masses.sum()
    if gamma == 1.0:
        return float(np.exp((weights * np.log(values)).sum()))
    return float((weights * values ** (1.0 - gamma)).sum() ** (1.0 / (1.0 - gamma)))
