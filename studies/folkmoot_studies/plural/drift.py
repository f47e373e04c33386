"""A simulation, not a measurement: opinions that drift towards what people are shown and endorse.

Every round, everybody moves a little towards the middle of those statements they are shown that they endorse. What is
shown and endorsed stays as it was at the start. Polarisation is of the type of Esteban and Ray 1994, "On the
Measurement of Polarization", between the middles of groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from folkmoot.profile import BoolArray, FloatArray, IntArray

#: 1 + alpha of Esteban and Ray.
EXPONENT = 1.6


@dataclass(frozen=True)
class Drift:
    """Figures before and after the drift.

    Args:
        polarisation: the polarisation (before, after), in the units of positions.
        within: the variance within groups (before, after), weighted by people.
        moved: the mean distance that people moved.
    """

    polarisation: tuple[float, float]
    within: tuple[float, float]
    moved: float


def drift(
    people: FloatArray,
    statements: FloatArray,
    shown: IntArray,
    endorses: BoolArray,
    label: IntArray,
    eta: float = 0.1,
    rounds: int = 10,
) -> Drift:
    """Simulates the drift.

    Args:
        people: float64 [n, d], positions x.
        statements: float64 [m, d], positions v in the same space.
        shown: int64 [n, k], the statements shown to each person.
        endorses: bool [n, k], whether the person agrees with the statement shown there.
        label: int64 [n], everybody's group.
        eta: the step: x <- x + eta (mean v of what is shown and endorsed - x); whoever endorses nothing stays.
        rounds: T, the number of rounds.
    """
    count = endorses.sum(axis=1)
    towards = (statements[shown] * endorses[:, :, None]).sum(axis=1) / np.maximum(count, 1)[:, None]
    left = np.where(count > 0, (1.0 - eta) ** rounds, 1.0)[:, None]
    # The target never moves, so the rounds are one geometric step.
    after = towards + (people - towards) * left
    away = np.sqrt(((after - people) ** 2).sum(axis=1))
    return Drift(
        (polarisation(people, label), polarisation(after, label)),
        (_within(people, label), _within(after, label)),
        float(away.mean()),
    )


def polarisation(people: FloatArray, label: IntArray) -> float:
    """sum_gh s_g^1.6 s_h |c_g - c_h| over groups with shares s and middles c.

    >>> polarisation(np.array([[0.0], [0.0], [1.0], [1.0]]), np.array([0, 0, 1, 1])).__round__(4)
    0.3299
    """
    share, centres = _groups(people, label)
    away = np.sqrt(((centres[:, None] - centres[None, :]) ** 2).sum(axis=2))
    return float((share[:, None] ** EXPONENT * share[None, :] * away).sum())


def _within(people: FloatArray, label: IntArray) -> float:
    _, centres = _groups(people, label)
    return float(((people - centres[np.unique(label, return_inverse=True)[1]]) ** 2).sum(axis=1).mean())


def _groups(people: FloatArray, label: IntArray) -> tuple[FloatArray, FloatArray]:
    _, at, size = np.unique(label, return_inverse=True, return_counts=True)
    centres = np.stack([np.bincount(at, column, len(size)) for column in people.T], axis=1) / size[:, None]
    return size / len(label), centres
