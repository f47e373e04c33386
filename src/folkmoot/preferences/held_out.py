"""Holding answers out, and scoring predictions of them. All plain formulas on arrays.

Log-losses are in nats an answer; calibration follows Naeini, Cooper and Hauskrecht (2015) with bins of equal count
(Nixon et al. 2019), which do not starve where predictions are rare.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray, Profile
from .entries import share as shares

#: Fewer answers than this are not worth holding any out.
FEWEST = 50
_TINY = 1e-6


class Calibration(NamedTuple):
    """How predicted probabilities compare with frequencies.

    Args:
        error: the expected calibration error: the mean over answers of ``|predicted - observed|`` of their bin.
        sizes: int64 [n_bins] the number of answers in every bin.
        predicted: float64 [n_bins] the mean prediction.
        observed: float64 [n_bins] the mean outcome.
    """

    error: float
    sizes: IntArray
    predicted: FloatArray
    observed: FloatArray


class PairTest(NamedTuple):
    """Whether people's held-out upvotes score above their held-out downvotes.

    Args:
        share: the mean over people of ``wins``.
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
        rng: the generator that picks the answers.
        share: the expected share of the answers held out.
        fewest: the fewest answers from which some are held out; people with fewer keep all of theirs.
    """
    counts = np.diff(profile.indptr)[profile.answers.agent]
    return np.asarray((rng.random(len(counts)) < share) & (counts >= fewest), dtype=np.bool_)


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
        scores: float64 [n_answers] the predictions.
        people: int64 [n_answers] the person whose answer it is.
        up: bool [n_answers] whether the answer agrees or disagrees. People without both are left out.

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


def auc(scores: FloatArray, up: BoolArray, weight: FloatArray | None = None) -> float:
    """Share of all pairs of an up and a down in which the up scores higher, ties counting half; nan without pairs.

    Args:
        scores: float64 [n] the predictions.
        up: bool [n] whether each is an up.
        weight: float64 [n] how often each counts; None: once.

    >>> auc(np.array([0.9, 0.5, 0.5, 0.1]), np.array([True, True, False, False]))
    0.875
    """
    weight = np.ones(len(scores)) if weight is None else weight
    ups, downs = float(weight[up].sum()), float(weight[~up].sum())
    if not ups or not downs:
        return float("nan")
    won = (weight * ranks(scores, weight))[up].sum() - ups * ups / 2
    return float(won / (ups * downs))


def spearman(x: FloatArray | IntArray, y: FloatArray | IntArray, weight: FloatArray) -> float:
    """Spearman's rank correlation of pairs with weights; equal values share their mean rank.

    0 where one side is constant.
    """
    a, b = ranks(x, weight), ranks(y, weight)
    total = weight.sum()
    a, b = a - (weight * a).sum() / total, b - (weight * b).sum() / total
    scale = np.sqrt((weight * a**2).sum() * (weight * b**2).sum())
    return float((weight * a * b).sum() / scale) if scale > 0 else 0.0


def ranks(values: FloatArray | IntArray, weight: FloatArray) -> FloatArray:
    """Where the middle of every value's block lies among all of them in order, each as wide as its weight, from 0."""
    _, group = np.unique(values, return_inverse=True)
    size = np.bincount(group, weight)
    return np.asarray((np.cumsum(size) - 0.5 * size)[group], dtype=np.float64)


def others(profile: Profile) -> FloatArray:
    """Popularity of every answer's statement without that answer, float64 [n_answers].

    The mean of everybody else's answers to it, rescaled to [0, 1]; of votes, of those who took a side: the agree rate.
    nan where there is nobody else. A person's own vote would make their upvotes look popular.
    """
    a, value = profile.answers, shares(profile)
    sided = (a.value != 0) if a.scale.kind == "vote" else np.ones(len(a), dtype=np.bool_)
    count = np.bincount(a.statement[sided], minlength=profile.n_statements)[a.statement] - sided
    total = np.bincount(a.statement[sided], value[sided], profile.n_statements)[a.statement] - np.where(sided, value, 0)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan), dtype=np.float64)


def authored(profile: Profile) -> BoolArray:
    """Which answers are a person's answer to a statement of their own, bool [n_answers]."""
    a, m = profile.answers, profile.n_statements
    index = profile.agent_index
    own = [
        index[person] * m + column
        for column, provenance in enumerate(profile.statements.provenance)
        for person in provenance.agents
        if person in index
    ]
    return np.isin(a.agent * m + a.statement, own)


def match(up: FloatArray, down: FloatArray, most: int, bound: float) -> IntArray:
    """Pairs of an up and a down whose popularity differs by at most ``bound``, closest first, none twice.

    Args:
        up: float64 [n_up] the popularity of the ups; nan matches nothing.
        down: float64 [n_down] the popularity of the downs.
        most: the most pairs.
        bound: the largest difference.

    Returns:
        int64 [n_pairs, 2]: the positions.

    >>> match(np.array([0.5, 0.9]), np.array([0.52, 0.55, 0.1]), 2, 0.05).tolist()
    [[0, 0]]
    """
    gap = np.abs(up[:, None] - down[None, :])
    chosen: list[tuple[int, int]] = []
    for _ in range(min(most, *gap.shape)):
        if not (gap <= bound).any():
            break
        first, second = np.unravel_index(np.nanargmin(gap), gap.shape)
        chosen.append((int(first), int(second)))
        gap[first, :] = np.nan
        gap[:, second] = np.nan
    return np.array(chosen, dtype=np.int64).reshape(-1, 2)


def balanced(lead: FloatArray, rng: np.random.Generator) -> IntArray:
    """Rows with equally many positive and negative leads, and all ties: what leads is right exactly half the time.

    Args:
        lead: float64 [n_pairs] how far the up is ahead.
        rng: the generator that picks which of the larger kind are left out.
    """
    ahead, behind = rng.permutation(np.flatnonzero(lead > 0)), rng.permutation(np.flatnonzero(lead < 0))
    few = min(len(ahead), len(behind))
    return np.sort(np.concatenate([ahead[:few], behind[:few], np.flatnonzero(lead == 0)]))


def pair_wins(pairs: FloatArray, people: IntArray) -> FloatArray:
    """Won and counted pairs of every person, [n_people, 2]; a tie is half a win.

    Args:
        pairs: float64 [n_pairs, 2] scores of the up and the down.
        people: int64 [n_pairs] the person whose pair it is.
    """
    up, down = pairs.T
    won = np.where(up == down, 0.5, (up > down).astype(np.float64))
    _, person = np.unique(people, return_inverse=True)
    return np.column_stack([np.bincount(person, won), np.bincount(person)]).astype(np.float64)
