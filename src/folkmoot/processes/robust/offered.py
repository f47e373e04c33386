"""What a slate offers everybody, whoever is assigned to what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...profile import BoolArray, FloatArray, IntArray
from ...profile.compiled import kernels
from .instance import DIGITS, SearchInstance


@dataclass(frozen=True, eq=False)
class Offered:
    """What everybody has of a slate.

    Args:
        covered: float64 [n] chance to agree with at least one of two random statements (of one, if it has one).
        agree: float64 [n] mean chance to agree with a statement, rounded.
        best: float64 [n] the largest worth of a statement; 0 where there is none.
        voted: bool [n] whether the person agreed with a statement themself.
    """

    covered: FloatArray
    agree: FloatArray
    best: FloatArray
    voted: BoolArray


def offered(instance: SearchInstance, chosen: IntArray) -> Offered:
    """What a slate offers.

    Args:
        instance: people and candidates.
        chosen: int64 [k] the slate.
    """
    k, n = len(chosen), instance.n
    if not k:
        return Offered(np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n, dtype=bool))
    if (compiled := kernels()) is not None:
        numbers, own = np.empty((3, n)), np.empty(n, dtype=bool)
        compiled.offered(instance.chances, instance.worth, instance.voted, chosen, numbers, own)
        return Offered(numbers[0], numbers[1], numbers[2], own)
    chances = instance.chances[chosen]
    doubt = 1.0 - chances
    total = doubt.sum(axis=0)
    doubt *= doubt
    neither = total if k == 1 else (total * total - doubt.sum(axis=0)) / (k * (k - 1))
    agree = np.round(chances.sum(axis=0) / k, DIGITS)
    voted = np.asarray(instance.voted[chosen].any(axis=0))
    return Offered(1.0 - neither, agree, instance.worth[chosen].max(axis=0), voted)


def lowest_quarter(values: FloatArray, instance: SearchInstance) -> FloatArray:
    """float64 [n]: shares, adding up to 1, of the people in the quarter of the mass whose values are lowest.

    The last one counts in part, so that a weight counts as so many copies.
    """
    result, n = np.zeros(len(values)), len(values)
    if not n:
        return result
    if instance.unit:
        whole, each = n // 4, 4 / instance.total
        if (compiled := kernels()) is not None:
            compiled.lowest(np.ascontiguousarray(values), whole, each, (n - 4 * whole) / instance.total, result)
            return result
        last = np.partition(values, whole)[whole]
        result[values < last] = each
        # Of equal ones the first come first; one counts in part.
        ties = np.flatnonzero(values == last)
        beyond = whole - int(np.count_nonzero(result))
        result[ties[:beyond]] = each
        result[ties[beyond]] = (n - 4 * whole) / instance.total
        return result
    order = np.argsort(values, kind="stable")
    # In quarters of a mass: whole numbers.
    heaped = 4 * np.cumsum(instance.masses[order])
    before = heaped - 4 * instance.masses[order]
    result[order] = np.clip(instance.total - before, 0, 4 * instance.masses[order]) / instance.total
    return result
