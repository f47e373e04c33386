"""Pairwise calibration: does the share of reward functions that prefer an answer match the share of annotators?

Criterion of Halpern, Micha, Procaccia and Shapira 2025, "Pairwise Calibrated Rewards for Pluralistic Alignment"
(arXiv 2506.06298). Measured on people whom the reward functions have never seen: for two of them on one pair,
(s - y)(s - y') has the squared distance of the share s from the population's as its mean, whatever the number of
annotators, while (s - y) squared would count the noise of few annotators as an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...profile import BoolArray, FloatArray, IntArray
from ...profile.pairs import Pairs


@dataclass(frozen=True, eq=False)
class Foreseen:
    """What reward functions foresaw for the judgements of people they had not seen.

    Args:
        unit: int64 [s] the pair of answers.
        value: float64 [s] what was said of it: 1 the first was preferred, 0 the second, 1/2 a tie.
        share: float64 [s] the share of reward functions that prefer the first, ties of theirs by half.
        chance: float64 [s] the mean probability that they give to the first.
    """

    unit: IntArray
    value: FloatArray
    share: FloatArray
    chance: FloatArray

    @classmethod
    def joined(cls, parts: Sequence[Foreseen]) -> Foreseen:
        """All parts; units stay apart where their fits were different."""
        top = [0, *np.cumsum([int(part.unit.max(initial=-1)) + 1 for part in parts]).tolist()]
        return cls(
            np.concatenate([part.unit + start for part, start in zip(parts, top, strict=False)]),
            *(np.concatenate([getattr(part, name) for part in parts]) for name in ("value", "share", "chance")),
        )


def foreseen(pairs: Pairs, out: BoolArray, weight: FloatArray, reward: FloatArray) -> Foreseen:
    """What kinds with these weights and rewards foresee for judgements that were left out.

    Args:
        pairs: the judgements.
        out: bool [s] which were left out.
        weight: float64 [K] the shares of the kinds.
        reward: float64 [K, m] their rewards of all answers.
    """
    apart = reward[:, pairs.low[out]] - reward[:, pairs.high[out]]
    prefers = np.where(np.abs(apart) < 1e-12, 0.5, (apart > 0).astype(np.float64))
    chance = 0.5 * (1.0 + np.tanh(0.5 * apart))
    said = 0.5 * (1.0 + pairs.value[out])
    return Foreseen(pairs.unit[out], said, np.einsum("k,ks->s", weight, prefers), np.einsum("k,ks->s", weight, chance))


@dataclass(frozen=True)
class Calibration:
    """The pairwise calibration error, the root of the mean squared distance between shares.

    Args:
        error: for the share of reward functions that prefer an answer; nan where no pair was judged by two who were
            left out together. A negative mean square, which noise can give, counts as 0.
        of_chances: the same for the mean of their probabilities.
        units: how many pairs it rests on.
    """

    error: float
    of_chances: float
    units: int


def calibration(seen: Foreseen) -> Calibration:
    """The calibration error of what was foreseen; every pair counts the same.

    Args:
        seen: what was foreseen, with what was said.
    """
    _, at = np.unique(seen.unit, return_inverse=True)
    m = np.bincount(at)
    kept = m > 1

    def root(share: FloatArray) -> float:
        away = share - seen.value
        sums, squares = np.bincount(at, away), np.bincount(at, away**2)
        crossed = (sums**2 - squares)[kept] / (m * (m - 1))[kept]
        return float(np.sqrt(max(float(crossed.mean()), 0.0)))

    if not kept.any():
        return Calibration(float("nan"), float("nan"), 0)
    return Calibration(root(seen.share), root(seen.chance), int(kept.sum()))
