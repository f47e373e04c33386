"""Mixtures of preferences: everyone belongs to one of K kinds of people, and each kind has its own utilities.

EM (Dempster, Laird and Rubin 1977) over any `likelihoods.Evidence`, as in MaxMin-RLHF (Chakraborty et al. 2024, arXiv
2402.08925, Algorithm 2) for comparisons, but soft, from several random starts, and with the number of kinds chosen by
the held-out log-likelihood a person. ``hard`` gives everybody to their likeliest kind at every step instead and begins
with person h in kind h mod K, as the code released with that paper does; it is here to be compared with.

What can be learned. From finitely many binary comparisons a person, a mixture is not identified, however many people
are asked; rankings of three statements or more do identify it (Chidambaram, Seetharaman and Syrgkanis, arXiv
2405.15065). The plainest case: half of the people with utilities r and half with -r agree with r's order in half of
all single comparisons, exactly like people without any preference, so one comparison a person says nothing about the
two kinds; one ranking of three does (r's order and its reverse come up too often). With several comparisons a person,
what they say *together* tells kinds apart, and what is not identified shrinks: 5 to 10 are enough in
`folkmoot study plural`, part mixtures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...profile import FloatArray, IntArray
from .likelihoods import Evidence, Weighed
from .slopes import Slope

#: Starts that are run on to the end, and how far the others go.
STARTS = 5
#: Newton steps to a mode from afar, and in the course of EM, where every step that rises will do.
_STEPS, _FEW = 30, 3
_ITERATIONS, _TOLERANCE = 200, 1e-6


@dataclass(frozen=True, eq=False)
class Block:
    """Evidence on one vector of parameters.

    Args:
        evidence: the evidence, all about the same theta.
        ridge: the precision of the Gaussian prior on theta.
        centre: float64 [d] the mean of that prior; None: 0.
    """

    evidence: tuple[Evidence, ...]
    ridge: float
    centre: FloatArray | None = None

    @property
    def size(self) -> int:
        """The number of parameters, d."""
        return self.evidence[0].size

    @property
    def mean(self) -> FloatArray:
        """float64 [d]: the mean of the prior."""
        return np.zeros(self.size) if self.centre is None else self.centre

    def per_person(self, theta: FloatArray) -> FloatArray:
        """Log-likelihood of every person's answers, float64 [n]."""
        return np.asarray(sum(one.per_person(theta) for one in self.evidence), dtype=np.float64)

    def penalty(self, theta: FloatArray) -> float:
        """Minus the log-density of the prior, up to a constant."""
        return 0.5 * self.ridge * float(np.square(theta - self.mean).sum())

    def mode(self, theta: FloatArray, weight: FloatArray, steps: int = _STEPS) -> FloatArray:
        """The best theta for people of these weights, by Newton's method with halved steps, from a start."""
        weighed = [one.weighed(weight) for one in self.evidence]
        now = self._value(weighed, theta)
        for _ in range(steps):
            slope = self._slope(weighed, theta)
            step = slope.solved(slope.gradient)
            if float(slope.gradient @ step) < 1e-9 * (1.0 + abs(now)):
                break
            length = 1.0
            while length > 1e-6:
                tried = self._value(weighed, theta + length * step)
                if tried >= now:
                    theta, now = theta + length * step, tried
                    break
                length *= 0.5
            else:
                break
        return theta

    def spread(self, theta: FloatArray, weight: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Theta drawn from the Gaussian that fits the posterior at its mode (Laplace), float64 [d]."""
        slope = self._slope([one.weighed(weight) for one in self.evidence], theta)
        return np.asarray(theta + slope.drawn(rng), dtype=np.float64)

    def _value(self, weighed: Sequence[Weighed], theta: FloatArray) -> float:
        return sum(one.value(theta) for one in weighed) - self.penalty(theta)

    def _slope(self, weighed: Sequence[Weighed], theta: FloatArray) -> Slope:
        slope = Slope(-self.ridge * (theta - self.mean), np.full(self.size, self.ridge), None)
        for one in weighed:
            slope = slope + one.slope(theta)
        return slope


@dataclass(frozen=True, eq=False)
class Mixture:
    """A fitted mixture.

    Args:
        weight: float64 [K] the shares of the kinds, adding up to 1.
        theta: float64 [K, d] the parameters of every block.
        member: float64 [n, K] the responsibilities: how likely everyone is of each kind, given their answers.
        masses: float64 [n] the masses that the people were weighted with.
        bound: the penalised log-likelihood at every iteration; never falls (except for the first steps of ``hard``).
    """

    weight: FloatArray
    theta: tuple[FloatArray, ...]
    member: FloatArray
    masses: FloatArray
    bound: tuple[float, ...]

    @property
    def classes(self) -> int:
        """The number of kinds K."""
        return len(self.weight)


def responsibilities(blocks: Sequence[Block], weight: FloatArray, theta: Sequence[FloatArray]) -> FloatArray:
    """How likely everyone in the evidence is of each kind, float64 [n, K]; the shares for those without answers."""
    return _expect(_scores(blocks, weight, theta))[0]


def log_likelihood(blocks: Sequence[Block], weight: FloatArray, theta: Sequence[FloatArray]) -> FloatArray:
    """Log-likelihood of all answers of every person, kinds summed out, float64 [n]."""
    return _expect(_scores(blocks, weight, theta))[1]


def run(
    blocks: Sequence[Block],
    member: FloatArray,
    theta: Sequence[FloatArray],
    masses: FloatArray,
    iterations: int = _ITERATIONS,
    tolerance: float = _TOLERANCE,
) -> Mixture:
    """EM from a mixture that is there already, so that its kinds keep their places.

    Args:
        blocks: the evidence.
        member: float64 [n, K] the responsibilities to begin with.
        theta: float64 [K, d] the parameters of every block to begin with.
        masses: float64 [n] how much people count.
        iterations: the most iterations.
        tolerance: the gain of the penalised log-likelihood a person below which EM stops.
    """
    return _run(blocks, member, theta, masses, False, iterations, tolerance)


def fit_mixture(
    blocks: Sequence[Block],
    classes: int,
    rng: np.random.Generator,
    *,
    masses: FloatArray | None = None,
    hard: bool = False,
    starts: int = STARTS,
    iterations: int = _ITERATIONS,
    tolerance: float = _TOLERANCE,
    first: FloatArray | None = None,
) -> Mixture:
    """Fits K kinds of people.

    Starts are responsibilities from a flat Dirichlet distribution; each takes a tenth of the iterations, and the best
    goes on. Kinds come in order of falling share.

    Args:
        blocks: the evidence; each block has parameters of its own.
        classes: the number of kinds K.
        rng: the generator for the starts.
        masses: float64 [n] how much people count; 0 leaves one out. None: everyone counts 1.
        hard: whether everybody is wholly in their likeliest kind; one start, person h in kind h mod K.
        starts: the number of starts.
        iterations: the most iterations.
        tolerance: the gain of the penalised log-likelihood a person, in nats, below which EM stops.
        first: float64 [n, K] responsibilities of one more start; None: all starts are at random.
    """
    n = len(blocks[0].per_person(blocks[0].mean))
    mass = np.ones(n) if masses is None else np.asarray(masses, dtype=np.float64)
    pooled = tuple(block.mode(block.mean, mass) for block in blocks)
    if classes == 1 or hard:
        dealt = np.eye(classes)[np.arange(n) % classes]
        return _sorted(_run(blocks, dealt, pooled, mass, hard, iterations, tolerance))
    best: Mixture | None = None
    for number in range(starts + (first is not None)):
        begun = first if first is not None and number == starts else rng.dirichlet(np.ones(classes), n)
        tried = _run(blocks, begun, pooled, mass, False, max(iterations // 10, 3), tolerance)
        if best is None or tried.bound[-1] > best.bound[-1]:
            best = tried
    assert best is not None
    more = _run(blocks, best.member, best.theta, mass, False, iterations, tolerance)
    return _sorted(Mixture(more.weight, more.theta, more.member, mass, best.bound + more.bound))


def held_out_per_person(
    blocks: Sequence[Block],
    classes: Sequence[int],
    rng: np.random.Generator,
    *,
    masses: FloatArray | None = None,
    worthwhile: float = 0.0,
    splits: int = 3,
    starts: int = 2,
    iterations: int = 40,
) -> dict[int, float]:
    """Mean log-likelihood a person of people who were left out of the fit, for every number of kinds.

    Args:
        blocks: the evidence.
        classes: the numbers of kinds, tried in this order; the first that gains less than ``worthwhile`` is the last.
        rng: the generator that picks who is left out, and the starts.
        masses: float64 [n] how much people count, in the fit and in the mean.
        worthwhile: the gain, in nats a person, that is worth another kind.
        splits: the number of parts of the people, each left out once.
        starts: the number of starts of each fit.
        iterations: the most iterations of each fit.

    Returns:
        The log-likelihoods in nats by number of kinds; empty where nobody can be left out.
    """
    n = len(blocks[0].per_person(blocks[0].mean))
    mass = np.ones(n) if masses is None else np.asarray(masses, dtype=np.float64)
    splits = min(splits, n)
    if splits < 2:
        return {}
    label = rng.permutation(n) % splits
    means: dict[int, float] = {}
    for k in classes:
        total = 0.0
        for out in range(splits):
            left = label == out
            fitted = fit_mixture(
                blocks, k, rng, masses=np.where(left, 0.0, mass), starts=starts, iterations=iterations, tolerance=1e-4
            )
            total += float((mass * log_likelihood(blocks, fitted.weight, fitted.theta))[left].sum())
        best = max(means.values(), default=-np.inf)
        means[k] = total / float(mass.sum())
        if means[k] <= best + worthwhile:
            break
    return means


def fewest_classes(held_out: dict[int, float], worthwhile: float) -> int:
    """The smallest number of kinds whose held-out log-likelihood is no more than ``worthwhile`` below the best."""
    best = max(held_out.values())
    return min(k for k, likelihood in held_out.items() if likelihood >= best - worthwhile)


def _run(
    blocks: Sequence[Block],
    member: FloatArray,
    theta: Sequence[FloatArray],
    mass: FloatArray,
    hard: bool,
    iterations: int,
    tolerance: float,
) -> Mixture:
    """EM from responsibilities; theta [d] or [K, d] of every block is where Newton begins."""
    k = member.shape[1]
    now = tuple(np.tile(start, (k, 1)) if start.ndim == 1 else start for start in theta)
    bound: list[float] = []
    while True:
        weight = (mass @ member + 1.0) / (mass.sum() + k)
        now = tuple(
            np.array([block.mode(start, mass * part, _FEW) for start, part in zip(starts, member.T, strict=True)])
            for block, starts in zip(blocks, now, strict=True)
        )
        scores = _scores(blocks, weight, now)
        posterior, each = _expect(scores)
        if hard:
            posterior = np.eye(k)[_scores(blocks, np.ones(k), now).argmax(axis=1)]
            each = (posterior * scores).sum(axis=1)
        penalty = sum(block.penalty(t) for block, kinds in zip(blocks, now, strict=True) for t in kinds)
        bound.append(float((mass * each).sum()) + float(np.log(weight).sum()) - penalty)
        settled = len(bound) > 1 and bound[-1] - bound[-2] < tolerance * max(float(mass.sum()), 1.0)
        if (hard and np.array_equal(posterior, member)) or (settled and not hard) or len(bound) >= iterations:
            return Mixture(weight, now, posterior, mass, tuple(bound))
        member = posterior


def _sorted(mixture: Mixture) -> Mixture:
    order: IntArray = np.argsort(-mixture.weight, kind="stable")
    theta = tuple(kinds[order] for kinds in mixture.theta)
    return Mixture(mixture.weight[order], theta, mixture.member[:, order], mixture.masses, mixture.bound)


def _scores(blocks: Sequence[Block], weight: FloatArray, theta: Sequence[FloatArray]) -> FloatArray:
    """The log of share times likelihood, float64 [n, K]."""
    columns = [
        sum((block.per_person(kinds[k]) for block, kinds in zip(blocks, theta, strict=True)), np.log(share))
        for k, share in enumerate(weight)
    ]
    return np.column_stack(columns)


def _expect(scores: FloatArray) -> tuple[FloatArray, FloatArray]:
    top = scores.max(axis=1, keepdims=True)
    member = np.exp(scores - top)
    total = member.sum(axis=1, keepdims=True)
    return member / total, (top + np.log(total))[:, 0]
