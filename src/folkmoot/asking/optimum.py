"""How many questions are worth asking, and what to output then: the exact optimum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray
from . import leximin
from .laws import ones_answered
from .model import Situation, gamma_of
from .precise import EQUAL, Precise
from .responses import TIE, responses

# With more features the law of u is computed for the best number of questions alone.
MOST_GINI = 100


@dataclass(frozen=True, eq=False)
class AfterK:
    """The optimum when k questions are asked.

    Args:
        situation: the model.
        gamma: the inequality aversion.
        k: the number of questions.
        welfare: E phi(v); None under leximin, -inf where v = 0 cannot be ruled out and gamma >= 1.
        ce: the certainty equivalent of u, on the scale of features; under leximin the lowest possible u.
    """

    situation: Situation
    gamma: float
    k: int
    welfare: float | None
    ce: float
    _low: IntArray
    _high: IntArray

    @cached_property
    def ones(self) -> tuple[range, ...]:
        """For every number a of ones among the answers, the optimal numbers of ones in the output, ascending.

        What floats see as a tie is decided in decimals of a hundred digits.
        """
        wide = range(self.situation.n - self.k + 1)
        ties = []
        precise = Precise(self.situation, self.gamma)
        for a, (low, high) in enumerate(zip(self._low.tolist(), self._high.tolist(), strict=True)):
            if low < high and np.isfinite(self.gamma) and range(low, high + 1) != wide:
                signs = [precise.wants_more(self.k, a, f) for f in range(low, high)]
                low, high = low + signs.count(1), high - signs.count(-1)
            ties.append(range(low, high + 1))
        return tuple(ties)

    @cached_property
    def fewest(self) -> IntArray:
        """int64 [k + 1]: the fewest ones of an optimal output, for every a."""
        return np.array([tie[0] for tie in self.ones], dtype=np.int64)

    @property
    def reachable(self) -> BoolArray:
        """bool [k + 1]: whether a ones can be answered at all; where not, every output is optimal."""
        return np.asarray(np.add(*self._weights) > 0)

    @cached_property
    def eu(self) -> float:
        """Expected u when each tie is broken for the fewest ones."""
        m, p, f = self.situation.n - self.k, self.situation.p, self.fewest
        w0, w1 = self._weights
        right = w0 * (f * p + (m - f) * (1 - p)) + w1 * (f * (1 - p) + (m - f) * p)
        return float(right.sum() + self.k - self.situation.spent[self.k])

    @cached_property
    def clusters(self) -> tuple[float, float]:
        """Expected u of people of cluster 0 and of cluster 1, ties as in `eu`."""
        m, p, f = self.situation.n - self.k, self.situation.p, self.fewest
        law = ones_answered(self.k, p)[-1]
        sure = self.k - self.situation.spent[self.k]
        first = law @ (f * p + (m - f) * (1 - p)) + sure
        second = law[::-1] @ (f * (1 - p) + (m - f) * p) + sure
        return float(first), float(second)

    @cached_property
    def utilities(self) -> FloatArray:
        """float64 [n - k + 1]: how likely it is that 0, 1, ... guesses are right; u is that + k, less the cost."""
        m, p, (w0, w1) = self.situation.n - self.k, self.situation.p, self._weights
        laws = ones_answered(m, p)
        total = np.zeros(m + 1)
        for f in np.unique(self.fewest).tolist():
            here = self.fewest == f
            # in cluster 0 ones are right with probability p, zeros with 1 - p; in cluster 1 the other way round
            total += w0[here].sum() * np.convolve(laws[f], laws[m - f][::-1])
            total += w1[here].sum() * np.convolve(laws[f][::-1], laws[m - f])
        return total

    @cached_property
    def gini(self) -> float:
        """Gini coefficient of u over people: half the mean difference of two of them over the mean.

        It is nan where the mean is not positive.
        """
        if self.eu <= 1e-12:
            return float("nan")
        below = np.cumsum(self.utilities)[:-1]
        return max(0.0, float((below * (1.0 - below)).sum() / self.eu))

    @property
    def atkinson(self) -> float:
        """Atkinson's index: the share of the expected u that a sure u as good could do without; nan as for `gini`."""
        return max(0.0, 1.0 - self.ce / self.eu) if self.eu > 1e-12 else float("nan")

    @cached_property
    def entropy_bits(self) -> float:
        """Entropy of the number of ones in the output when each tie is broken for the fewest ones."""
        shares = np.bincount(self.fewest, weights=np.add(*self._weights))
        shares = shares[shares > 0]
        return max(0.0, float(-(shares * np.log2(shares)).sum()))

    @cached_property
    def _weights(self) -> tuple[FloatArray, FloatArray]:
        law = ones_answered(self.k, self.situation.p)[-1]
        return self.situation.alpha * law, (1 - self.situation.alpha) * law[::-1]


@dataclass(frozen=True)
class Optimum:
    """Optimal querying and response policies.

    Args:
        situation: the model.
        gamma: the inequality aversion.
        k_opt: the numbers of questions that are best, ascending.
        per_k: the figures for k = 0, ..., n questions.
    """

    situation: Situation
    gamma: float
    k_opt: tuple[int, ...]
    per_k: tuple[AfterK, ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; infinities, which JSON cannot express, are null."""
        return {
            "k_opt": list(self.k_opt),
            "per_k": [
                {
                    "k": after.k,
                    "welfare": after.welfare if after.welfare is not None and np.isfinite(after.welfare) else None,
                    "ce": after.ce,
                    "eu": after.eu,
                    "entropy_bits": after.entropy_bits,
                    "clusters": list(after.clusters),
                    "gini": _number(after.gini) if self.situation.n <= MOST_GINI or after.k in self.k_opt else None,
                    "atkinson": _number(after.atkinson),
                    "ones": [list(tie) for tie in after.ones],
                }
                for after in self.per_k
            ],
        }


def optimum(situation: Situation, gamma: float) -> Optimum:
    """Optimal number of questions, and optimal output after every answer.

    Args:
        situation: the model.
        gamma: the inequality aversion: 0 (expected utility), 1 (Nash), up to inf (leximin).

    Raises:
        InputError: gamma is negative or not a number.

    Source: Park, Donahue, Raghavan 2026, section 3 and A.2, with the corrections listed in the documentation.
    """
    return optima(situation, [gamma])[0]


def optima(situation: Situation, gammas: Sequence[float]) -> list[Optimum]:
    """`optimum` for many inequality aversions; the tables are computed once."""
    aversions = np.array([gamma_of(gamma) for gamma in gammas])
    finite = np.flatnonzero(np.isfinite(aversions))
    afters: list[list[AfterK]] = [[] for _ in aversions]
    log_ce = np.full((len(aversions), situation.n + 1), -np.inf)
    if len(finite):
        for after in responses(situation, np.array([situation.alpha]), aversions[finite]):
            log_ce[finite, after.k] = after.log_ce[0]
            ce = np.exp(after.log_ce[0]) * situation.top - situation.shift
            for place, at in enumerate(finite.tolist()):
                figures = float(after.welfare[0, place]), float(ce[place])
                policy = after.low[0, place], after.high[0, place]
                afters[at].append(AfterK(situation, float(aversions[at]), after.k, *figures, *policy))
    for at in np.flatnonzero(np.isinf(aversions)).tolist():
        afters[at] = [_leximin(situation, k) for k in range(situation.n, -1, -1)]
    results = []
    for at, gamma in enumerate(aversions.tolist()):
        per_k = tuple(reversed(afters[at]))
        close = _close(log_ce[at], gamma) if np.isfinite(gamma) else leximin.best_k(situation)
        results.append(Optimum(situation, gamma, _decided(per_k, close), per_k))
    return results


def _close(log_ce: FloatArray, gamma: float) -> list[int]:
    """Places that floats cannot tell from the largest."""
    return [int(k) for k in np.flatnonzero(_hits(log_ce, np.asarray(gamma)))]


def _hits(log_ce: FloatArray, gammas: FloatArray) -> BoolArray:
    """Whether welfare is within a relative 1e-12 of the largest along the last axis."""
    # A difference in log CE is |1 - g| times as large in the welfare.
    slack = TIE / np.maximum(1.0, np.abs(1.0 - gammas))[..., None]
    most = log_ce.max(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore"):
        return np.asarray((log_ce >= most - slack) | (log_ce == most))


def _decided(per_k: Sequence[AfterK], close: Sequence[int]) -> tuple[int, ...]:
    """The best, in decimals, of numbers of questions that floats cannot tell apart."""
    first = per_k[close[0]]
    if len(close) == 1 or first.welfare is None or not np.isfinite(first.welfare):
        return tuple(close)
    precise = Precise(first.situation, first.gamma)
    worth = [precise.welfare(k, per_k[k].fewest.tolist()) for k in close]
    most = max(worth)
    return tuple(k for k, value in zip(close, worth, strict=True) if most - value <= EQUAL * abs(most))


@dataclass(frozen=True, eq=False)
class Map:
    """Optimal numbers of questions over a grid.

    Args:
        k_opt: int64 [alphas, ps, gammas]: the fewest questions of an optimum.
        ties: int64 [alphas, ps, gammas]: how many numbers of questions are optimal.
        ce: float64 [alphas, ps, gammas, n + 1]: certainty equivalents of u.
    """

    k_opt: IntArray
    ties: IntArray
    ce: FloatArray


def optimum_map(
    n: int,
    alphas: Sequence[float],
    ps: Sequence[float],
    gammas: Sequence[float],
    cost: float = 1.0,
    shift: float = 1.0,
) -> Map:
    """`optimum` over a grid of finite gammas, numbers of questions only: one table for each p."""
    aversions = np.array([gamma_of(gamma) for gamma in gammas])
    log_ce = np.zeros((len(alphas), len(ps), len(aversions), n + 1))
    top = 0.0
    for place, p in enumerate(ps):
        situation = [Situation(n, alpha, p, cost, shift) for alpha in alphas][-1]
        top = situation.top
        for after in responses(situation, np.array(alphas, dtype=np.float64), aversions):
            log_ce[:, place, :, after.k] = after.log_ce
    hit = _hits(log_ce, aversions)
    return Map(hit.argmax(axis=3), hit.sum(axis=3), np.exp(log_ce) * top - shift)


def _leximin(situation: Situation, k: int) -> AfterK:
    m = situation.n - k
    pairs = np.array([leximin.zeros(situation, k, a) for a in range(k + 1)], dtype=np.int64)
    return AfterK(situation, np.inf, k, None, leximin.lowest(situation, k), m - pairs[:, 1], m - pairs[:, 0])


def _number(value: float) -> float | None:
    return value if np.isfinite(value) else None
