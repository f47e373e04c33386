"""Shares and means over judgements with 95 % intervals; people are what was sampled, not judgements."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...profile import FloatArray, IntArray

#: Standard errors to either side of a 95 % interval.
Z = 1.959964


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval; nan where nothing could be counted.

    Args:
        value: the figure.
        low: the lower end of the 95 % interval.
        high: the upper end.
        people: how many people it rests on.
        judgements: how many judgements it rests on.
    """

    value: float
    low: float
    high: float
    people: int
    judgements: int


NOTHING = Estimate(float("nan"), float("nan"), float("nan"), 0, 0)


def mean_over(values: FloatArray, people: IntArray, bounded: bool = True) -> Estimate:
    """The mean of judgements with an interval that takes whole people as the sample (a ratio estimator).

    Args:
        values: float64 [s], one value a judgement.
        people: int64 [s], whose judgement it is.
        bounded: whether the values are shares in [0, 1]; then a share of 0 or 1 has the width that the number of people
            allows (the rule of three, as 3 / n), and no interval leaves [0, 1].
    """
    if not len(values):
        return NOTHING
    who, at = np.unique(people, return_inverse=True)
    sums, counts = np.bincount(at, values), np.bincount(at)
    n, mean = len(who), float(values.mean())
    if n < 2:
        return Estimate(mean, *((0.0, 1.0) if bounded else (-np.inf, np.inf)), n, len(values))
    away = sums - mean * counts
    error = float(np.sqrt(np.square(away).sum() * n / (n - 1))) / len(values)
    low, high = mean - Z * error, mean + Z * error
    if bounded:
        if mean in (0.0, 1.0):
            low, high = (0.0, 3.0 / (n + 3)) if mean == 0.0 else (1.0 - 3.0 / (n + 3), 1.0)
        low, high = max(0.0, low), min(1.0, high)
    return Estimate(mean, low, high, n, len(values))
