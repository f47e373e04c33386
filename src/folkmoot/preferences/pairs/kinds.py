"""How many kinds of annotators there are, by people who were left out of the fit, and what a continuum does.

Every fold fits everything anew from its own people, the prior's centre too: a centre that has seen those left out lets
many small kinds look better than they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...profile import FloatArray, IntArray
from ...profile.pairs import Pairs
from ..models.likelihoods import Compared
from ..models.mixture_em import Block, Mixture, fit_mixture, log_likelihood, responsibilities
from .calibration import Foreseen, foreseen
from .continuum import fit_continuum
from .continuum import log_likelihood as along_a_line
from .evidence import Features, compared, rewards
from .intervals import Z
from .starts import spectral_start

#: Numbers of kinds tried, in this order.
CLASSES = (1, 2, 3, 4, 5, 6)
#: A larger number has to raise the held-out log-likelihood by so much (nats a person), and by so many standard errors
#: (what chance gives in one case of twenty).
WORTHWHILE, ONE_SIDED = 0.02, 1.645
#: Parts of the people, each left out once, starts of a fit, and its most iterations.
SPLITS, STARTS, ITERATIONS = 3, 3, 40
#: Precision of everybody's rewards around 0, and of a kind's around everybody's.
POOLED, RIDGE = 0.5, 1.0
#: Factors of rewards that are tried.
WARMTHS = (0.15, 0.25, 0.4, 0.6, 0.8, 1.0, 1.25, 1.6)
#: Fewest people among whom kinds are looked for, and fewest who are a kind.
LEAST, MEMBERS = 10, 2


@dataclass(frozen=True)
class Gain:
    """The mean gain in held-out log-likelihood a person, in nats, with its 95 % interval.

    Args:
        value: the gain.
        low: the lower end.
        high: the upper end.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Kinds:
    """The kinds of annotators.

    Args:
        mixture: the kinds, fitted to everybody.
        held_out: the mean held-out log-likelihood a person, in nats, by number of kinds.
        gain: what the chosen number of kinds gains over one; None for one kind.
        over_continuum: what it gains over a continuum; None for one kind.
        foreseen: what each number of kinds foresaw for the pairs of people who were left out.
        searched: whether kinds were looked for at all: there were enough people.
        warmths: by number of kinds what rewards are multiplied with, so that they are as sure as they may be.
    """

    mixture: Mixture
    held_out: dict[int, float]
    gain: Gain | None
    over_continuum: Gain | None
    foreseen: dict[int, Foreseen]
    searched: bool
    warmths: dict[int, float]

    @property
    def classes(self) -> int:
        """The number of kinds."""
        return self.mixture.classes

    @property
    def describe(self) -> bool:
        """Whether a continuum does as well, so that the kinds describe and do not exist."""
        return self.over_continuum is not None and self.over_continuum.low <= 0.0


def blocks_of(evidence: Compared, masses: FloatArray) -> tuple[Block, ...]:
    """The evidence with a prior around what everybody together prefers."""
    free = Block((evidence,), POOLED)
    return (Block((evidence,), RIDGE, free.mode(free.mean, masses)),)


def warmed(mixture: Mixture, blocks: tuple[Block, ...], warmth: float) -> Mixture:
    """The same kinds with their rewards multiplied, and everybody's responsibilities by these.

    Args:
        mixture: the kinds.
        blocks: the evidence.
        warmth: the factor.
    """
    theta = tuple(warmth * each for each in mixture.theta)
    member = responsibilities(blocks, mixture.weight, theta)
    return Mixture(mixture.weight, theta, member, mixture.masses, mixture.bound)


def kinds_of(
    pairs: Pairs, rng: np.random.Generator, features: Features | None = None, classes: int | None = None
) -> Kinds:
    """Finds the kinds of annotators.

    Args:
        pairs: the judgements.
        rng: the generator for who is left out, and for the starts.
        features: features of all answers; None: each answer has a reward of its own.
        classes: the number of kinds; None: chosen by held-out log-likelihood a person.
    """
    n, evidence = pairs.n_annotators, compared(pairs, features)
    own = np.random.default_rng(rng.integers(2**63))
    searched = pairs.named and n >= LEAST
    tried: dict[int, LeftOut] = {}
    label = own.permutation(n) % SPLITS
    chosen = classes or 1
    for k in (CLASSES if classes is None else sorted({1, classes})) if searched else ():
        tried[k] = _left_out(pairs, evidence, features, k, label, own)
        if classes is not None or k == 1:
            continue
        if not _worth(tried[k].each, tried[chosen].each):
            break
        chosen = k
    masses = np.ones(n)
    blocks = blocks_of(evidence, masses)
    mixture = _fitted(evidence, blocks, masses, chosen, own, 2 * ITERATIONS, 1e-5)
    while classes is None and chosen > 1 and _smallest(mixture) < MEMBERS:
        chosen -= 1
        mixture = _fitted(evidence, blocks, masses, chosen, own, 2 * ITERATIONS, 1e-5)
    warmth = tried[chosen].warmth if searched else 1.0
    over = None
    if chosen > 1 and searched:
        over = _gain(tried[chosen].each - _line(evidence, label, own, mixture))
    gain = _gain(tried[chosen].each - tried[1].each) if chosen > 1 and searched else None
    means = {k: float(one.each.mean()) for k, one in tried.items()}
    seen = {k: one.foreseen for k, one in tried.items()}
    warmths = {k: one.warmth for k, one in tried.items()}
    return Kinds(warmed(mixture, blocks, warmth), means, gain, over, seen, searched, warmths)


def _fitted(
    evidence: Compared,
    blocks: tuple[Block, ...],
    masses: FloatArray,
    k: int,
    rng: np.random.Generator,
    iterations: int = ITERATIONS,
    tolerance: float = 1e-4,
) -> Mixture:
    first = None if k == 1 else spectral_start(evidence, blocks[0].mean, masses, k, rng)
    return fit_mixture(
        blocks, k, rng, masses=masses, starts=STARTS, iterations=iterations, tolerance=tolerance, first=first
    )


def _smallest(mixture: Mixture) -> int:
    """How many people the smallest kind has."""
    return int(np.bincount(mixture.member.argmax(axis=1), minlength=mixture.classes).min())


def _worth(more: FloatArray, fewer: FloatArray) -> bool:
    """Whether more kinds foresee people better, by more than what chance may give."""
    gain = more - fewer
    error = float(gain.std(ddof=1)) / np.sqrt(len(gain)) if len(gain) > 1 else np.inf
    return float(gain.mean()) > max(WORTHWHILE, ONE_SIDED * error)


def _gain(each: FloatArray) -> Gain:
    error = float(each.std(ddof=1)) / float(np.sqrt(len(each)))
    mean = float(each.mean())
    return Gain(mean, mean - Z * error, mean + Z * error)


@dataclass(frozen=True, eq=False)
class LeftOut:
    """What fits with a number of kinds say of people whom they had not seen.

    Args:
        each: float64 [n] everybody's log-likelihood.
        warmth: what rewards are multiplied with: few judgements an answer make a fit surer than it may be, and more
            kinds would look better only because they hedge.
        foreseen: what was foreseen for their judgements.
    """

    each: FloatArray
    warmth: float
    foreseen: Foreseen


def _left_out(
    pairs: Pairs, evidence: Compared, features: Features | None, k: int, label: IntArray, rng: np.random.Generator
) -> LeftOut:
    fits = []
    for out in range(SPLITS):
        masses = np.where(label == out, 0.0, 1.0)
        blocks = blocks_of(evidence, masses)
        fits.append((blocks, _fitted(evidence, blocks, masses, k, rng)))
    each = np.zeros((len(WARMTHS), pairs.n_annotators))
    for out, (blocks, fitted) in enumerate(fits):
        left = label == out
        for row, warmth in enumerate(WARMTHS):
            each[row, left] = log_likelihood(blocks, fitted.weight, [warmth * t for t in fitted.theta])[left]
    best = int(each.mean(axis=1).argmax())
    parts = [
        foreseen(pairs, (label == out)[pairs.annotator], fit.weight, WARMTHS[best] * rewards(fit.theta[0], features))
        for out, (_, fit) in enumerate(fits)
    ]
    return LeftOut(each[best], WARMTHS[best], Foreseen.joined(parts))


def _line(evidence: Compared, label: IntArray, rng: np.random.Generator, mixture: Mixture) -> FloatArray:
    """As `_left_out`, for a continuum that begins along what tells the two largest kinds apart; float64 [n]."""
    each = np.zeros((len(WARMTHS), evidence.n))
    for out in range(SPLITS):
        left = label == out
        masses = np.where(left, 0.0, 1.0)
        (block,) = blocks_of(evidence, masses)
        way = mixture.theta[0][0] - mixture.theta[0][1]
        # Kinds on this line would be held to the middle once each: the same penalty for both.
        fitted = fit_continuum(evidence, masses, rng, RIDGE * mixture.classes, block.mean, way)
        for row, warmth in enumerate(WARMTHS):
            each[row, left] = along_a_line(evidence, fitted, warmth)[left]
    return np.asarray(each[int(each.mean(axis=1).argmax())], dtype=np.float64)
