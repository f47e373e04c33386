"""How many kinds of annotators there are, by people who were left out of the fit, and what a continuum does.

Every fold fits everything anew from its own people, the prior's centre too: a centre that has seen those left out lets
many small kinds look better than they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...profile import FloatArray
from ..models.likelihoods import Compared
from ..models.mixture_em import Block, Mixture, fit_mixture, log_likelihood
from .calibration import Foreseen, foreseen
from .continuum import fit_continuum
from .continuum import log_likelihood as along_a_line
from .evidence import Features, compared, rewards
from .intervals import Z
from ...profile.pairs import Pairs

#: Numbers of kinds tried, in this order.
CLASSES = (1, 2, 3, 4, 5, 6)
#: A larger number has to raise the held-out log-likelihood by so much (nats a person), and by so many standard errors
#: (what chance gives in one case of twenty).
WORTHWHILE, ONE_SIDED = 0.02, 1.645
#: Parts of the people, each left out once, starts of a fit, and its most iterations.
SPLITS, STARTS, ITERATIONS = 3, 3, 40
#: Precision of everybody's rewards around 0, and of a kind's around everybody's.
POOLED, RIDGE = 0.5, 1.0
#: Fewest people among whom kinds are looked for.
LEAST = 10


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
        searched: whether kinds were looked for at all: there were enough people, with enough in common.
    """

    mixture: Mixture
    held_out: dict[int, float]
    gain: Gain | None
    over_continuum: Gain | None
    foreseen: dict[int, Foreseen]
    searched: bool

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
    tried: dict[int, FloatArray] = {}
    seen: dict[int, Foreseen] = {}
    label = own.permutation(n) % SPLITS
    if searched:
        wanted: Sequence[int] = CLASSES if classes is None else sorted({1, classes})
        for k in wanted:
            tried[k], seen[k] = _left_out(pairs, evidence, features, k, label, own)
            if classes is None and k > 1 and not _worth(tried[k], tried[max(j for j in tried if j < k)]):
                break
    chosen = classes or 1
    if classes is None:
        for k in sorted(tried)[1:]:
            if _worth(tried[k], tried[chosen]):
                chosen = k
    masses = np.ones(n)
    blocks = blocks_of(evidence, masses)
    mixture = fit_mixture(blocks, chosen, own, masses=masses, starts=STARTS, iterations=2 * ITERATIONS, tolerance=1e-5)
    over = None
    if chosen > 1 and searched:
        over = _gain(tried[chosen] - _line(evidence, label, own, mixture))
    gain = _gain(tried[chosen] - tried[1]) if chosen > 1 and searched else None
    means = {k: float(each.mean()) for k, each in tried.items()}
    return Kinds(mixture, means, gain, over, seen, searched)


def _worth(more: FloatArray, fewer: FloatArray) -> bool:
    """Whether more kinds foresee people better, by more than what chance may give."""
    gain = more - fewer
    error = float(gain.std(ddof=1)) / np.sqrt(len(gain)) if len(gain) > 1 else np.inf
    return float(gain.mean()) > max(WORTHWHILE, ONE_SIDED * error)


def _gain(each: FloatArray) -> Gain:
    error = float(each.std(ddof=1)) / float(np.sqrt(len(each)))
    mean = float(each.mean())
    return Gain(mean, mean - Z * error, mean + Z * error)


def _left_out(
    pairs: Pairs, evidence: Compared, features: Features | None, k: int, label: FloatArray, rng: np.random.Generator
) -> tuple[FloatArray, Foreseen]:
    """Log-likelihood of everybody by a fit that left them out, and what it foresaw for their pairs."""
    each = np.zeros(pairs.n_annotators)
    parts = []
    for out in range(SPLITS):
        left = label == out
        masses = np.where(left, 0.0, 1.0)
        blocks = blocks_of(evidence, masses)
        fitted = fit_mixture(
            blocks, k, rng, masses=masses, starts=STARTS if k > 1 else 1, iterations=ITERATIONS, tolerance=1e-4
        )
        each[left] = log_likelihood(blocks, fitted.weight, fitted.theta)[left]
        parts.append(foreseen(pairs, left[pairs.annotator], fitted.weight, rewards(fitted.theta[0], features)))
    return each, Foreseen.joined(parts)


def _line(evidence: Compared, label: FloatArray, rng: np.random.Generator, mixture: Mixture) -> FloatArray:
    """As `_left_out`, for a continuum that begins along what tells the two largest kinds apart."""
    each = np.zeros(evidence.n)
    for out in range(SPLITS):
        left = label == out
        masses = np.where(left, 0.0, 1.0)
        (block,) = blocks_of(evidence, masses)
        way = mixture.theta[0][0] - mixture.theta[0][1]
        # Kinds on this line would be held to the middle once each: the same penalty for both.
        fitted = fit_continuum(evidence, masses, rng, RIDGE * mixture.classes, block.mean, way)
        each[left] = along_a_line(evidence, fitted)[left]
    return each
