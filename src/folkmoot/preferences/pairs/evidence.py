"""Judged pairs as likelihoods, and features of answers on a scale at which one prior fits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...profile import BoolArray, FloatArray, InputError, IntArray
from ...profile.pairs import Pairs
from ..models.likelihoods import Compared

#: Directions of features that are kept, those in which compared answers differ most.
DIRECTIONS = 32
#: What the mean squared length of differences between compared answers is set to: logits of up to 4 are usual then.
LENGTH = 16.0


@dataclass(frozen=True, eq=False)
class Features:
    """Features of all answers, turned and scaled.

    Args:
        values: float64 [m, d] the features as the models see them.
        back: float64 [d, D] what makes a reward of theirs a reward of the features as they were given.
    """

    values: FloatArray
    back: FloatArray

    def reward(self, theta: FloatArray) -> FloatArray:
        """float64 [..., D]: weights on the given features that give the same rewards."""
        return np.asarray(np.einsum("...d,de->...e", theta, self.back), dtype=np.float64)


def features_of(pairs: Pairs, given: FloatArray) -> Features:
    """Features in the directions in which compared answers differ most.

    Args:
        pairs: the judgements.
        given: float64 [m, D] a row an answer.

    Raises:
        InputError: if they are of other answers, not finite, or the same for every pair.
    """
    if given.ndim != 2 or len(given) != len(pairs.responses):
        raise InputError(f"features of {len(given)} answers, but {len(pairs.responses)} answers were judged")
    if not np.isfinite(given).all():
        raise InputError("features have to be finite numbers")
    x = given[pairs.chosen] - given[pairs.rejected]
    values, vectors = np.linalg.eigh(np.einsum("sd,se->de", x, x) / len(x))
    kept = np.argsort(-values)[:DIRECTIONS]
    kept = kept[values[kept] > 1e-12 * max(float(values.max()), 1e-300)]
    if not len(kept):
        raise InputError("the features of the two answers are the same in every pair")
    turn = vectors[:, kept] * np.sqrt(LENGTH / float(values[kept].sum()))
    return Features(np.einsum("md,de->me", given, turn), turn.T)


def compared(pairs: Pairs, features: Features | None = None, kept: BoolArray | None = None) -> Compared:
    """The judgements as a likelihood; a tie is half a comparison each way.

    Args:
        pairs: the judgements.
        features: features of all answers; None: each answer has a reward of its own.
        kept: bool [s] which judgements; None: all.
    """
    at = np.arange(len(pairs)) if kept is None else np.flatnonzero(kept)
    tied = at[pairs.tied[at]]
    rows: IntArray = np.concatenate([at, tied])
    winner = np.concatenate([pairs.chosen[at], pairs.rejected[tied]])
    loser = np.concatenate([pairs.rejected[at], pairs.chosen[tied]])
    times = pairs.times[rows] * np.where(pairs.tied[rows], 0.5, 1.0)
    values = None if features is None else features.values
    return Compared(pairs.n_annotators, pairs.annotator[rows], winner, loser, len(pairs.responses), values, times)


def rewards(theta: FloatArray, features: Features | None) -> FloatArray:
    """float64 [K, m]: the reward of every answer for parameters float64 [K, d]."""
    return theta if features is None else np.asarray(np.einsum("kd,md->km", theta, features.values), dtype=np.float64)
