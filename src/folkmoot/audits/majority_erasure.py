"""Majority erasure: is the slate divided among opinion groups as the people are?

After Steck 2018, "Calibrated Recommendations": what a list is about, against what it should be about. Here the
categories are opinion groups, and a statement is about a group in so far as those who approve it are in that group.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray
from ..queries.calibration import SMOOTHING, ceiling, divergence


class Erasure(NamedTuple):
    """How far shares of a slate are from shares of people.

    Args:
        divergence: the Kullback-Leibler divergence of the people's shares from the smoothed shares of the slate, in
            nats.
        ceiling: the same divergence for a slate that is all for the largest group: the majority alone.
        relative: divergence / ceiling; above 1 for a slate that is all for a minority; nan for a single group.
        variation: the total variation distance: the share of the slate that would have to change hands.
        smallest: the smallest group's share of the slate over its share of the people; 1 is its due, 0 erased.
    """

    divergence: float
    ceiling: float
    relative: float
    variation: float
    smallest: float


def shares(member: FloatArray, masses: IntArray) -> FloatArray:
    """float64 [n_groups]: share of the people in each group, by mass.

    Args:
        member: float64 [n, n_groups] memberships, rows adding up to 1.
        masses: int64 [n], the mass of every person.
    """
    heaped = np.einsum("ng,n->g", member, masses.astype(np.float64))
    return np.asarray(heaped / heaped.sum())


def classes(member: FloatArray, masses: IntArray, approves: BoolArray) -> FloatArray:
    """float64 [k, n_groups]: whose each statement is: shares of the groups among those who approve it.

    Args:
        member: float64 [n, n_groups], memberships.
        masses: int64 [n], the mass of every person.
        approves: bool [n, k]. A statement that nobody approves is nobody's: its row is nan.
    """
    heaped = np.einsum("ng,nk->kg", member * masses[:, None], approves.astype(np.float64))
    total = heaped.sum(axis=1, keepdims=True)
    return np.where(total > 0, heaped / np.maximum(total, 1e-300), np.nan)


def slate_shares(of: FloatArray, weight: FloatArray | IntArray) -> FloatArray:
    """float64 [n_groups]: the slate's shares, statements weighed by cost, by seat or by whom they represent.

    Args:
        of: float64 [k, n_groups], the result of `classes`; rows of nan are left out.
        weight: [k], what each statement counts for, at least 0.

    Returns:
        Shares that add up to 1; nan where no statement with a weight belongs to any group.
    """
    kept = ~np.isnan(of[:, 0])
    counted = np.where(kept, weight, 0.0)
    if not counted.sum() > 0:
        return np.full(of.shape[1], np.nan)
    return np.asarray(np.einsum("k,kg->g", counted, np.where(kept[:, None], of, 0.0)) / counted.sum())


def erasure(people: FloatArray, slate: FloatArray, smoothing: float = SMOOTHING) -> Erasure:
    """How far the slate is from giving every group its share.

    Args:
        people: float64 [n_groups], the people's shares, adding up to 1.
        slate: float64 [n_groups], the slate's shares, adding up to 1.
        smoothing: the smoothing of the slate's shares, as in `queries.calibration.divergence`.
    """
    distance, most = max(0.0, float(divergence(people, slate, smoothing))), ceiling(people, smoothing)
    there = np.flatnonzero(people > 0)
    least = there[int(people[there].argmin())]
    return Erasure(
        divergence=distance,
        ceiling=most,
        relative=distance / most if most > 0 else float("nan"),
        variation=float(0.5 * np.abs(people - slate).sum()),
        smallest=float(slate[least] / people[least]),
    )
