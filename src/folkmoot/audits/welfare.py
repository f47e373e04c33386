"""Welfare of the represented: what people get out of the slate, and how unequally."""

from __future__ import annotations

import numpy as np

from ..profile import FloatArray, IntArray
from .records import Welfare
from .subject import Subject

GAMMAS = (1.0, 2.0, 5.0)


def welfare(subject: Subject, low: float, high: float, shift: float = 0.1) -> Welfare:
    """Figures over the represented agents, weighted by mass.

    Args:
        subject: the slate with its assignment.
        low: the lowest utility of the scale.
        high: the highest utility of the scale.
        shift: the number added to utilities rescaled to [0, 1] before the inequality-averse figures, so that one person
            at the very bottom does not make them all equal.
    """
    total = subject.pool.total_mass
    assigned = subject.assignment >= 0
    values, masses = subject.own[assigned], subject.masses[assigned]
    share = float(masses.sum() / total)
    if not assigned.any():
        return Welfare(None, None, None, None, None, None, None, None, None, None, None, share)
    span = high - low or 1.0
    scaled = (values - low) / span + shift
    ce_1, ce_2, ce_5 = (low + span * (certainty_equivalent(scaled, masses, gamma) - shift) for gamma in GAMMAS)
    favourite = subject.own[assigned] >= subject.best[assigned]
    return Welfare(
        mean=float(np.average(values, weights=masses)),
        q1=quantile(values, masses, 0.25),
        median=quantile(values, masses, 0.5),
        q3=quantile(values, masses, 0.75),
        min=float(values.min()),
        gini=gini(values - low, masses),
        ce_1=ce_1,
        ce_2=ce_2,
        ce_5=ce_5,
        nash=ce_1,
        own_is_favourite=float(masses[favourite].sum() / masses.sum()),
        represented=share,
    )


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
