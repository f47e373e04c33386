"""Holding answers out, and scoring predictions of them. All plain formulas on arrays.

Log-losses are in nats an answer; calibration follows Naeini, Cooper and Hauskrecht (2015) with bins of equal count
(Nixon et al. 2019), which do not starve where predictions are rare.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray, Profile

#: Fewer answers than this are not worth holding any out.
FEWEST = 50
_TINY = 1e-6


class Calibration(NamedTuple):
    """How predicted probabilities compare with frequencies.

    Args:
        error: expected calibration error: mean over answers of ``|predicted - observed|`` of their bin.
        sizes: int64 [n_bins] answers of every bin.
        predicted: float64 [n_bins] mean prediction.
        observed: float64 [n_bins] mean outcome.
    """

    error: float
    sizes: IntArray
    predicted: FloatArray
    observed: FloatArray


class PairTest(NamedTuple):
    """Whether people's held-out upvotes score above their held-out downvotes.

    Args:
        share: mean over people of ``wins``.
        wins: float64 [n_people], 1 where the mean score of the ups is higher, 1/2 on ties.
    """

    share: float
    wins: FloatArray


def child(rng: np.random.Generator) -> np.random.Generator:
    """A generator of its own for one part of the work, so that parts do not depend on each other's draws."""
    return np.random.default_rng(int(rng.integers(2**63)))


def hold(profile: Profile, rng: np.random.Generator, share: float = 0.1, fewest: int = 0) -> BoolArray:
    """Picks answers to hold out at random, bool [n_answers].

    Args:
        profile: the answers.
        rng: which.
        share: expected share of the answers.
        fewest: people with fewer answers keep all of theirs.
    """
    given = np.diff(profile.indptr)[profile.answers.agent]
    return np.asarray((rng.random(len(given)) < share) & (given >= fewest), dtype=np.bool_)


def holds(profile: Profile, rng: np.random.Generator, share: float = 0.1) -> list[BoolArray]:
    """Splits for choosing a model: one where answers abound, up to five where they are few, none below `FEWEST`."""
    n = len(profile.answers)
    if n < FEWEST:
        return []
    return [hold(profile, rng, share) for _ in range(1 if n >= 50_000 else 3 if n >= 10_000 else 5)]


def binary_losses(p: FloatArray, y: FloatArray) -> FloatArray:
    """-log likelihood of outcomes y in [0, 1] under probabilities p, one each; p is kept 1e-6 off 0 and 1.

    >>> binary_losses(np.array([0.5, 0.25]), np.array([1.0, 0.0])).round(4).tolist()
    [0.6931, 0.2877]
    """
    q = np.clip(p, _TINY, 1.0 - _TINY)
    return np.asarray(-(y * np.log(q) + (1.0 - y) * np.log1p(-q)), dtype=np.float64)


def vote_losses(side: FloatArray, agree: FloatArray, value: FloatArray) -> FloatArray:
    """-log likelihood of votes -1, 0, 1, one each.

    >>> vote_losses(np.array([0.5, 0.5]), np.array([0.5, 0.9]), np.array([1.0, 0.0])).round(4).tolist()
    [1.3863, 0.6931]
    """
    sided = value != 0
    taken = binary_losses(side, sided.astype(np.float64))
    return np.asarray(taken + sided * binary_losses(agree, (value > 0).astype(np.float64)), dtype=np.float64)


def accuracy(p: FloatArray, y: FloatArray) -> float:
    """Share of outcomes on the side the probability points to; a probability of exactly 1/2 counts half.

    >>> accuracy(np.array([0.9, 0.2, 0.5, 0.6]), np.array([1.0, 0.0, 1.0, 0.0]))
    0.625
    """
    right = np.where(p == 0.5, 0.5, ((p > 0.5) == (y > 0.5)).astype(np.float64))
    return float(right.mean()) if len(right) else float("nan")


def calibration(p: FloatArray, y: FloatArray, bins: int = 15) -> Calibration:
    """Reliability table in bins of equal count, and the expected calibration error.

    >>> calibration(np.array([0.1, 0.3, 0.8, 0.6]), np.array([0.0, 1.0, 1.0, 1.0]), bins=2).error.__round__(6)
    0.3
    """
    order = np.argsort(p, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    if not parts:
        nothing = np.zeros(0)
        return Calibration(float("nan"), np.zeros(0, dtype=np.int64), nothing, nothing)
    count = np.array([len(part) for part in parts], dtype=np.int64)
    predicted = np.array([p[part].mean() for part in parts])
    observed = np.array([y[part].mean() for part in parts])
    error = float((count * np.abs(predicted - observed)).sum() / count.sum())
    return Calibration(error, count, predicted, observed)


def pair_test(scores: FloatArray, people: IntArray, up: BoolArray) -> PairTest:
    """Per person: is the mean score of the held-out upvotes above that of the held-out downvotes?

    Args:
        scores: float64 [n_answers] predictions.
        people: int64 [n_answers] whose answer it is.
        up: bool [n_answers] agree or disagree. People without both are left out.

    >>> pair_test(np.array([0.9, 0.1, 0.3, 0.4]), np.array([0, 0, 1, 1]), np.array([True, False, True, False])).share
    0.5
    """
    size = int(people.max(initial=-1)) + 1
    ups, downs = np.bincount(people[up], minlength=size), np.bincount(people[~up], minlength=size)
    both = np.flatnonzero((ups > 0) & (downs > 0))
    high = np.bincount(people[up], scores[up], size)[both] / ups[both]
    low = np.bincount(people[~up], scores[~up], size)[both] / downs[both]
    wins = np.where(high == low, 0.5, (high > low).astype(np.float64))
    return PairTest(float(wins.mean()) if len(wins) else float("nan"), wins)
