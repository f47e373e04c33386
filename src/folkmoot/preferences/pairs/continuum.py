"""A continuum of annotators: rewards move along one line, and everybody has a place on it.

``r = b + z a`` with z standard normal over people, integrated on a grid (Gauss-Hermite), fitted by EM. It has as many
parameters as two kinds of annotators have. Where it foresees people who were left out as well as kinds do, kinds
describe, and do not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...profile import FloatArray
from ..models.likelihoods import Compared

#: Points of the grid, EM steps, steps of conjugate gradients, and the gain a person at which EM stops.
POINTS, STEPS, SOLVE, TOLERANCE = 9, 60, 60, 1e-4


@dataclass(frozen=True, eq=False)
class Continuum:
    """A fitted continuum.

    Args:
        middle: float64 [d] the parameters in the middle.
        slope: float64 [d] how they change along the line.
    """

    middle: FloatArray
    slope: FloatArray


def grid() -> tuple[FloatArray, FloatArray]:
    """Places on the line and their weights, float64 [POINTS] each."""
    at, weight = np.polynomial.hermite_e.hermegauss(POINTS)
    return at, weight / weight.sum()


def log_likelihood(evidence: Compared, fitted: Continuum, warmth: float = 1.0) -> FloatArray:
    """Log-likelihood of what every person said, their place summed out and rewards multiplied, float64 [n]."""
    return _expect(evidence, Continuum(warmth * fitted.middle, warmth * fitted.slope))[1]


def fit_continuum(
    evidence: Compared,
    masses: FloatArray,
    rng: np.random.Generator,
    ridge: float,
    centre: FloatArray,
    start: FloatArray | None = None,
) -> Continuum:
    """Fits a continuum.

    Args:
        evidence: the judgements.
        masses: float64 [n] how much people count; 0 leaves one out.
        rng: the generator for where the line begins without a start.
        ridge: the precision of the priors of both parts.
        centre: float64 [d] the mean of the middle's prior.
        start: float64 [d] the first direction; None: at random.
    """
    way = rng.normal(size=evidence.size) if start is None else start
    fitted = Continuum(centre, 0.5 * way / max(float(np.sqrt(np.square(way).mean())), 1e-12))
    before = -np.inf
    for _ in range(STEPS):
        posterior, each = _expect(evidence, fitted)
        penalty = 0.5 * ridge * float(np.square(fitted.middle - centre).sum() + np.square(fitted.slope).sum())
        now = float((masses * each).sum()) - penalty
        if now - before < TOLERANCE * max(float(masses.sum()), 1.0):
            break
        before = now
        fitted = _maximised(evidence, posterior * masses[:, None], fitted, ridge, centre)
    return fitted


def _times(evidence: Compared) -> FloatArray:
    return np.ones(len(evidence.winner)) if evidence.times is None else evidence.times


def _expect(evidence: Compared, fitted: Continuum) -> tuple[FloatArray, FloatArray]:
    """Posterior of everybody's place, float64 [n, POINTS], and the log-likelihood float64 [n]."""
    at, weight = grid()
    middle, slope = evidence.logits(fitted.middle), evidence.logits(fitted.slope)
    times = _times(evidence)
    scores = np.stack(
        [
            np.log(w) + np.bincount(evidence.person, -times * np.logaddexp(0.0, -(middle + z * slope)), evidence.n)
            for z, w in zip(at, weight, strict=True)
        ],
        axis=1,
    )
    top = scores.max(axis=1, keepdims=True)
    member = np.exp(scores - top)
    total = member.sum(axis=1, keepdims=True)
    return member / total, (top + np.log(total))[:, 0]


def _maximised(
    evidence: Compared, posterior: FloatArray, fitted: Continuum, ridge: float, centre: FloatArray
) -> Continuum:
    """One Newton step of both parts together, shortened until the bound rises."""
    at, _ = grid()
    middle, slope = evidence.logits(fitted.middle), evidence.logits(fitted.slope)
    times, d = _times(evidence), evidence.size
    push = [np.zeros(len(middle)) for _ in range(2)]
    curve = [np.zeros(len(middle)) for _ in range(3)]
    for z, part in zip(at, posterior.T, strict=True):
        p = 0.5 * (1.0 + np.tanh(0.5 * (middle + z * slope)))
        w = part[evidence.person] * times
        for power in range(2):
            push[power] += w * (1.0 - p) * z**power
        for power in range(3):
            curve[power] += w * p * (1.0 - p) * z**power
    gradient = np.concatenate(
        [evidence.back(push[0]) - ridge * (fitted.middle - centre), evidence.back(push[1]) - ridge * fitted.slope]
    )

    def turned(vector: FloatArray) -> FloatArray:
        one, other = evidence.logits(vector[:d]), evidence.logits(vector[d:])
        first = evidence.back(curve[0] * one + curve[1] * other)
        second = evidence.back(curve[1] * one + curve[2] * other)
        return np.concatenate([first, second]) + ridge * vector

    step = _conjugate(turned, gradient)

    def bound(length: float) -> float:
        b, a = fitted.middle + length * step[:d], fitted.slope + length * step[d:]
        m, s = evidence.logits(b), evidence.logits(a)
        value = -0.5 * ridge * float(np.square(b - centre).sum() + np.square(a).sum())
        for z, part in zip(at, posterior.T, strict=True):
            value -= float((part[evidence.person] * times * np.logaddexp(0.0, -(m + z * s))).sum())
        return value

    now, length = bound(0.0), 1.0
    while length > 1e-4 and bound(length) < now:
        length *= 0.5
    length = length if length > 1e-4 else 0.0
    return Continuum(fitted.middle + length * step[:d], fitted.slope + length * step[d:])


def _conjugate(turned: Callable[[FloatArray], FloatArray], right: FloatArray) -> FloatArray:
    """The x that ``turned`` makes ``right`` of, nearly: a step need not be exact."""
    x, left = np.zeros_like(right), right.copy()
    way, size = left, float((left * left).sum())
    enough = 1e-6 * size
    for _ in range(SOLVE):
        if size <= enough:
            break
        after = turned(way)
        step = size / float((way * after).sum())
        x, left = x + step * way, left - step * after
        size, before = float((left * left).sum()), size
        way = left + (size / before) * way
    return x
