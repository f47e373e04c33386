"""Made-up worlds in which people copy each other, and what social Poisson factorization makes of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from folkmoot.preferences.models.gamma_poisson import Counts, factorize
from folkmoot.profile import BoolArray, FloatArray, IntArray

from ..streams import numbers
from .claims import Figure, over_seeds

SEEDS = 6


class Social(NamedTuple):
    """Made-up counts with copying.

    Args:
        counts: int64 [n, m], how often each person chose each statement.
        follows: int64 [n_edges, 2], pairs of a person and whom they follow.
        tau: float64 [n_edges], how much is copied along each edge.
        earlier: bool [n_edges], whether the followed person spoke first, so could be copied.
    """

    counts: IntArray
    follows: IntArray
    tau: FloatArray
    earlier: BoolArray


def social_world(
    rng: np.random.Generator, n: int = 300, m: int = 200, friends: int = 5, earlier: bool = False
) -> Social:
    """People speak one after the other and copy those they follow who spoke before.

    Whom they follow is random, so nobody is alike for following each other: there is no homophily.

    Args:
        rng: the generator of everything that is random.
        n: the number of people, who speak in their order.
        m: the number of statements.
        friends: the number of people whom each person follows.
        earlier: whether all of them have spoken before. Then more is copied than was there, and counts grow in that
            order.
    """
    rate = rng.gamma(0.3, 1 / 0.3, (n, 5)) @ rng.gamma(0.3, 1 / 0.3, (m, 5)).T
    counts = rng.poisson(0.05 * rate / rate.mean())
    pairs = [
        (u, v)
        for u in range(friends if earlier else 0, n)
        for v in rng.choice(np.delete(np.arange(u if earlier else n), [] if earlier else [u]), friends, replace=False)
    ]
    follows = np.array(pairs, dtype=np.int64)
    tau = rng.gamma(2.0, 0.2, len(follows))
    spoke = follows[:, 1] < follows[:, 0]
    for u in range(n):
        mine = (follows[:, 0] == u) & spoke
        counts[u] += rng.poisson(tau[mine, None] * counts[follows[mine, 1]]).sum(axis=0)
    return Social(counts, follows, tau, spoke)


class Copied(NamedTuple):
    """The figures of the models on one such world."""

    recall: dict[str, float]
    tau: float
    tau_all: float
    fall: float


def compared(world: Social, rng: np.random.Generator, names: tuple[str, ...] = ("PF", "SF", "SPF")) -> Copied:
    """Recall@20 of popularity and of the models, with a fifth of the pairs held out, and what SPF says of tau."""
    held = (world.counts > 0) & (rng.random(world.counts.shape) < 0.2)
    train = np.where(held, 0, world.counts)
    row, column = np.nonzero(train)
    recall = {"popularity": _recall(np.tile(train.sum(axis=0), (len(train), 1)), train, held)}
    falls, tau, tau_all = [0.0], float("nan"), float("nan")
    for name in names:
        edges = world.follows[:0] if name == "PF" else world.follows
        values = train[row, column].astype(np.float64)
        given = Counts(row, column, values, train.shape[0], train.shape[1], edges, True)
        fitted = factorize(given, np.random.default_rng(0), 0 if name == "SF" else 5, learn=False)
        rate = np.einsum("kn,km->nm", fitted.theta.mean, fitted.beta.mean)
        np.add.at(rate, edges[:, 0], fitted.tau.mean[:, None] * train[edges[:, 1]])
        recall[name] = _recall(rate, train, held)
        falls.append(float(np.min(np.diff(fitted.bound)) / abs(fitted.bound[-1])))
        if name == "SPF":
            tau = float(np.corrcoef(fitted.tau.mean[world.earlier], world.tau[world.earlier])[0, 1])
            tau_all = float(np.corrcoef(fitted.tau.mean, world.tau)[0, 1])
    return Copied(recall, tau, tau_all, min(falls))


def social(seed: int) -> list[Figure]:
    """The figures of the spec's section 4 that can be had without FilmTrust."""
    seeds = [numbers(seed, 4, number) for number in range(SEEDS)]
    runs = [compared(social_world(rng), rng) for rng in seeds]
    said = {"popularity": ".292", "PF": ".284", "SF": ".446", "SPF": ".452"}
    figures = []
    for name, source in said.items():
        mean, low, high = over_seeds([outcome.recall[name] for outcome in runs])
        claim = f"made-up copying, no homophily: recall@20 of {name}"
        figures.append(Figure(claim, source + " (section 4)", mean, low, high, len(runs)))
    mean, low, high = over_seeds([outcome.recall["SPF"] / outcome.recall["PF"] for outcome in runs])
    figures.append(Figure("SPF over PF, recall@20", "1.59", mean, low, high, len(runs), ">= 1.3", mean >= 1.3))
    mean, low, high = over_seeds([outcome.tau for outcome in runs])
    claim = "correlation of fitted and true tau, of those followed who spoke before"
    figures.append(Figure(claim, ".56", mean, low, high, len(runs), ">= .5", mean >= 0.5))
    mean, low, high = over_seeds([outcome.tau_all for outcome in runs])
    claim = "the same of all who are followed, also those who spoke later and could not be copied"
    figures.append(Figure(claim, "", mean, low, high, len(runs)))
    chains = [compared(social_world(rng, earlier=True), rng, ("PF", "SPF")) for rng in seeds[: SEEDS // 2]]
    mean, low, high = over_seeds([outcome.recall["SPF"] / outcome.recall["PF"] for outcome in chains])
    claim = "SPF over PF where all who are followed spoke before, so that counts grow and popularity says most"
    figures.append(Figure(claim, "", mean, low, high, len(chains)))
    mean, low, high = over_seeds([outcome.tau for outcome in chains])
    figures.append(Figure("correlation of fitted and true tau there", "", mean, low, high, len(chains)))
    least = min(outcome.fall for outcome in (*runs, *chains))
    claim = "evidence bound: deepest fall in an iteration, relative"
    figures.append(Figure(claim, "", least, runs=len(runs), wanted=">= -1e-10", passes=least >= -1e-10))
    return figures


def _recall(values: FloatArray, train: IntArray, held: BoolArray, top: int = 20) -> float:
    first = np.argsort(-np.where(train > 0, -np.inf, values), axis=1, kind="stable")[:, :top]
    hits, all_ = np.take_along_axis(held, first, axis=1).sum(axis=1), held.sum(axis=1)
    return float((hits[all_ > 0] / all_[all_ > 0]).mean())
