"""Calibration: does a slate give every group of people, or every topic, the share that it has among people?

Both processes and audits use it. Calibration is about categories and guarantees nothing to people: read it beside the
axioms. Source: Steck, "Calibrated Recommendations", RecSys 2018.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..profile import BoolArray, FloatArray, InputError, IntArray

#: Share of the target that is mixed into a slate's shares, so that an absent category costs much, not everything.
SMOOTHING = 0.01


class Calibration(NamedTuple):
    """How a slate's shares compare with people's.

    Args:
        target: float64 [G] the shares of the categories among people.
        slate: float64 [G] the shares of the categories in the slate.
        divergence: the `divergence` between the two, in nats; 0 is perfect.
        ceiling: the `ceiling`: the divergence of a slate for the largest category alone.
    """

    target: FloatArray
    slate: FloatArray
    divergence: float
    ceiling: float


def divergence(target: FloatArray, slate: FloatArray, smoothing: float = SMOOTHING) -> FloatArray:
    """Steck's C_KL: sum of p ln(p / q~) with q~ = (1 - a) q + a p.

    Args:
        target: p, float64 [G], >= 0; it is normalised here.
        slate: q, float64 [..., G], the shares in the slate.
        smoothing: a, above 0 and at most 1.

    Returns:
        float64 [...], in nats, >= 0.

    Raises:
        InputError: the target has no positive share, or the smoothing is out of range.

    >>> round(float(divergence(np.array([0.7, 0.3]), np.array([1.0, 0.0]))), 3)
    1.134
    """
    if not 0 < smoothing <= 1:
        raise InputError(f"the smoothing is {smoothing:g}; it must be above 0 and at most 1")
    p = _normalised(target)
    there = p > 0
    mixed = (1.0 - smoothing) * np.asarray(slate, dtype=np.float64)[..., there] + smoothing * p[there]
    return np.asarray((p[there] * np.log(p[there] / mixed)).sum(axis=-1), dtype=np.float64)


def ceiling(target: FloatArray, smoothing: float = SMOOTHING) -> float:
    """Divergence of a slate that belongs to the largest category alone; report divergences as shares of it.

    A slate for a smaller category alone lies above it.
    """
    alone = np.zeros(len(target))
    alone[np.argmax(target)] = 1.0
    return float(divergence(target, alone, smoothing))


def categories(approve: BoolArray, masses: IntArray, group: IntArray | FloatArray, groups: int) -> FloatArray:
    """The share of each group in the mass that approves a statement, p(g | statement).

    Args:
        approve: bool [n, m] who approves which statement.
        masses: int64 [n] the mass of every agent.
        group: int64 [n] the groups in 0..groups-1, or float64 [n, groups] soft membership.
        groups: the number of groups.

    Returns:
        float64 [m, groups]; for a statement that nobody approves the groups' shares of all people.
    """
    belongs = np.eye(groups)[group] if group.ndim == 1 else np.asarray(group, dtype=np.float64)
    weight = belongs * masses[:, None]
    sums = np.einsum("ng,nm->mg", weight, approve.astype(np.float64))
    total = sums.sum(axis=1, keepdims=True)
    people = weight.sum(axis=0)
    shares = people / max(float(people.sum()), 1.0)
    return np.asarray(np.where(total > 0, sums / np.where(total > 0, total, 1.0), shares), dtype=np.float64)


def calibration(
    approve: BoolArray, masses: IntArray, group: IntArray, groups: int, chosen: IntArray, smoothing: float = SMOOTHING
) -> Calibration:
    """A slate's shares by group of approvers against the groups' shares of all people.

    Args:
        approve: bool [n, m] who approves which statement of the pool.
        masses: int64 [n] the mass of every agent.
        group: int64 [n] or float64 [n, groups], the same as in `categories`.
        groups: the number of groups.
        chosen: int64 [k] the columns of the slate, at least one.
        smoothing: the same as in `divergence`.

    Raises:
        InputError: the slate is empty.
    """
    if not len(chosen):
        raise InputError("an empty slate has no shares; choose at least one statement")
    belongs = np.eye(groups)[group] if group.ndim == 1 else np.asarray(group, dtype=np.float64)
    target = _normalised((belongs * masses[:, None]).sum(axis=0))
    slate = categories(approve[:, chosen], masses, group, groups).mean(axis=0)
    return Calibration(target, slate, float(divergence(target, slate, smoothing)), ceiling(target, smoothing))


def _normalised(shares: FloatArray) -> FloatArray:
    p = np.asarray(shares, dtype=np.float64)
    if not len(p) or (p < 0).any() or not p.sum() > 0:
        raise InputError("shares to calibrate to must be >= 0, and one above 0")
    return np.asarray(p / p.sum(), dtype=np.float64)
