"""Social Poisson factorization: what a person likes, split into their own taste and what they copy from whom.

Chaney, Blei, Eliassi-Rad, "A Probabilistic Model for Using Social Networks in Personalized Item Recommendation",
RecSys 2015. Counts r_ui of person u and statement i, N(u) the people u follows:

    r_ui ~ Poisson(theta_u . beta_i + sum_{v in N(u)} tau_uv r_vi),
    theta_uk ~ Gamma(a, rate_k),  beta_ik ~ Gamma(a, rate'_k),  tau_uv ~ Gamma(2, 5).

The variational inference is derived here (the published code loses the -log b term of E[log theta] for nearly all
entries, and fixes ratings at 1). Every count is split into Poisson counts, one for each factor and each followed
person; given the split all parameters are Gamma, so coordinate ascent is, with G[x] = exp(E[log x]) = exp(psi(a)) / b:

    S_ui = sum_k G[theta_uk] G[beta_ik] + sum_v G[tau_uv] r_vi          (over r_ui > 0; the optimal split)
    a_theta_uk = a + G[theta_uk] sum_i r_ui G[beta_ik] / S_ui,          b_theta_uk = rate_k + sum_i E[beta_ik]
    a_beta_ik  = a + G[beta_ik]  sum_u r_ui G[theta_uk] / S_ui,         b_beta_ik  = rate'_k + sum_u E[theta_uk]
    a_tau_uv   = 2 + G[tau_uv] sum_i r_ui r_vi / S_ui,                    b_tau_uv   = 5 + sum_i r_vi

with the sums of b over what u answered, or over everything where what is not listed is a count of 0. At the optimal
split the evidence bound is

    sum r log S - sum E[rate of u, i] - sum log r! + sum over parameters of E[log prior] + entropy of Gamma(a, b),

and every update raises it. Rates may be learned, factor by factor: rate_k = a n / sum_u E[theta_uk] maximises the bound
too. (Learning the shapes as well does, and shrinks factors away: on most conversations at hand held-out loss rose.)
Without people to follow it is Poisson factorization; without factors it is social copying alone.

A yes or no is no count. With N trials (1: yes or no) an entry is the share y of N draws in which anything at all was
counted, P(anything) = 1 - exp(-rate), the Bernoulli-Poisson link (Zhou, "Infinite Edge Partition Models for Overlapping
Community Detection and Link Prediction", AISTATS 2015). The counts behind a yes are not seen but at least 1, Poisson
without its 0, S / (1 - exp(-S)) on average: in the updates that stands N y times for r, r_vi is y_vi, the sums of b
count N times, and the bound has sum N y log(exp(S) - 1) for sum r log S - log r!.

With weights the bound is the weighted sum of people's (their thetas and taus with them) and the betas: sums over people
that make up beta, and the mean that makes up rate_k, are weighted; a person's own theta and tau are as without.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...profile import FloatArray, InputError, IntArray, MissingExtraError
from ..entries import Grouping
from ..start import Start, mixed, mixtures

#: Gamma shape of theta and beta of counts (and their rate where it is not learned), shape and rate of tau.
SHAPE, TAU_SHAPE, TAU_RATE = 0.3, 2.0, 5.0
_ITERATIONS, _TOLERANCE = 200, 1e-5


@dataclass(frozen=True)
class Counts:
    """Counts with the graph of who follows whom.

    Args:
        row: int64 [n_entries] the people, sorted, then by statement.
        column: int64 [n_entries] the statements, each pair at most once.
        count: float64 [n_entries] the counts, >= 0; with trials the share of them, 0..1.
        n: the number of people.
        m: the number of statements.
        follows: int64 [n_edges, 2] the pairs of follower and followed; none follows themselves, each pair at most once.
        whole: whether what is not listed is a count of 0; False: it was not observed.
        trials: the number of draws of whether anything at all is counted; 0: the count itself was observed.
        weight: float64 [n] how much each person counts, 1 on average; None: all the same.
    """

    row: IntArray
    column: IntArray
    count: FloatArray
    n: int
    m: int
    follows: IntArray = field(default_factory=lambda: np.zeros((0, 2), dtype=np.int64))
    whole: bool = False
    trials: int = 0
    weight: FloatArray | None = None

    def __post_init__(self) -> None:
        edges = np.asarray(self.follows)
        if edges.ndim != 2 or edges.shape[1] != 2 or (len(edges) and edges.dtype.kind != "i"):
            raise InputError("follows must be pairs of rows, int64 [n_edges, 2]: follower, followed")
        if len(edges) and (edges.min() < 0 or edges.max() >= self.n):
            raise InputError("someone in follows is not in the profile; use rows of its agents")
        if (edges[:, 0] == edges[:, 1]).any():
            raise InputError("someone follows themselves; leave such pairs out")
        if len(np.unique(edges, axis=0)) < len(edges):
            raise InputError("a pair occurs twice in follows; keep it once")

    @property
    def weights(self) -> FloatArray:
        """float64 [n]: how much each person counts."""
        return np.ones(self.n) if self.weight is None else self.weight

    def heard(self, row: IntArray, column: IntArray) -> tuple[IntArray, IntArray, FloatArray]:
        """The counts of followed people at pairs that are sorted by row, then column.

        Returns:
            The (pair, edge, count) of every pair whose person follows someone with a positive count there.
        """
        # Every edge of those who are asked about, times every positive count of the followed person.
        some = self.count > 0
        rows, columns, counts = self.row[some], self.column[some], self.count[some]
        start = np.searchsorted(rows, np.arange(self.n + 1))
        wanted = np.zeros(self.n, dtype=np.bool_)
        wanted[row] = True
        edges = np.flatnonzero(wanted[self.follows[:, 0]])
        followed = self.follows[edges, 1]
        length = start[followed + 1] - start[followed]
        edge = np.repeat(edges, length)
        first = np.repeat(start[followed] - np.cumsum(length) + length, length)
        place = first + np.arange(len(first))
        key = self.follows[edge, 0] * self.m + columns[place]
        pairs = row * self.m + column
        at = np.minimum(np.searchsorted(pairs, key), max(len(pairs) - 1, 0))
        there = pairs[at] == key if len(pairs) else np.zeros(len(key), dtype=np.bool_)
        return at[there], edge[there], counts[place][there]


@dataclass(frozen=True)
class Gamma:
    """Independent Gamma posteriors, float64 shapes and rates (broadcast against each other)."""

    shape: FloatArray
    rate: FloatArray

    @property
    def mean(self) -> FloatArray:
        return np.asarray(self.shape / self.rate, dtype=np.float64)

    @property
    def square(self) -> FloatArray:
        """E[x^2]."""
        return np.asarray(self.shape * (self.shape + 1.0) / self.rate**2, dtype=np.float64)

    @property
    def log_mean(self) -> FloatArray:
        """E[log x] = psi(a) - log b."""
        return np.asarray(_special().digamma(self.shape) - np.log(self.rate), dtype=np.float64)

    def against(self, shape: float, rate: FloatArray | float, weight: FloatArray | float = 1.0) -> float:
        """Weighted sum of E[log prior] under Gamma(shape, rate) and of the entropies."""
        special = _special()
        a, b = np.broadcast_arrays(self.shape, self.rate)
        prior = shape * np.log(rate) - special.gammaln(shape) + (shape - 1.0) * self.log_mean - rate * self.mean
        entropy = a - np.log(b) + special.gammaln(a) + (1.0 - a) * special.digamma(a)
        return float((weight * (prior + entropy)).sum())

    def sample(self, rng: np.random.Generator) -> FloatArray:
        return np.asarray(rng.standard_gamma(self.shape) / self.rate, dtype=np.float64)


@dataclass(frozen=True)
class Fitted:
    """Posteriors.

    Args:
        theta: [K, n] the posterior of people's tastes.
        beta: [K, m] the posterior of what statements are like.
        tau: [n_edges] the posterior of how much the follower copies.
        rate: float64 [K, 1] the prior rate of theta.
        bound: the evidence bound after every iteration, never falling.
    """

    theta: Gamma
    beta: Gamma
    tau: Gamma
    rate: FloatArray
    bound: tuple[float, ...]


def factorize(
    counts: Counts,
    rng: np.random.Generator,
    factors: int,
    *,
    learn: bool = True,
    shape: float = SHAPE,
    iterations: int = _ITERATIONS,
    tolerance: float = _TOLERANCE,
) -> Fitted:
    """Coordinate ascent until an iteration raises the bound by less than the tolerance, relatively.

    Args:
        counts: the counts with the graph.
        rng: the generator for the starting point.
        factors: the number of factors K; 0 leaves copying alone.
        learn: whether the rates of theta and beta are learned; False: they equal the shape, as published.
        shape: the prior shape of theta and beta; the published .3 says that most of what there is interests hardly
            anybody.
        iterations: the most iterations.
        tolerance: the relative gain of the bound below which the ascent stops.
    """
    return _Ascent(counts, rng, factors, learn, shape).run(iterations, tolerance)


def tasted(counts: Counts, fitted: Fitted, shape: float = SHAPE) -> Gamma:
    """Tastes of other people, who follow nobody, from their own counts; statements as they were fitted.

    Args:
        counts: the counts of these people, without follows.
        fitted: the posteriors of the statements, and how people are spread.
        shape: the shape that the fit used.
    """
    ascent = _Ascent(counts, np.random.default_rng(0), len(fitted.beta.shape), False, shape)
    ascent.beta, ascent.rate_theta = fitted.beta, fitted.rate
    # Everybody starts at the prior's mean: given the statements there is little to choose between modes.
    ascent.theta = Gamma(np.full((len(fitted.beta.shape), counts.n), shape), fitted.rate)
    for _ in range(_ITERATIONS):
        before = ascent.theta.mean
        ascent.update_tastes()
        if not before.size or float(np.abs(ascent.theta.mean - before).max()) < 1e-4 * float(before.max()):
            break
    return ascent.theta


class _Ascent:
    def __init__(self, counts: Counts, rng: np.random.Generator, factors: int, learn: bool, shape: float) -> None:
        self.counts, self.learn, self.shape, self.draws = counts, learn, shape, max(counts.trials, 1)
        self.weight = counts.weights
        some = counts.count > 0
        self.row, self.column, self.count = counts.row[some], counts.column[some], counts.count[some]
        self.by_row, self.by_column = Grouping(self.row, counts.n), Grouping(self.column, counts.m)
        order = self.by_column.order
        self.row_of_column = self.row if order is None else self.row[order]
        self.heavy = self.weight[self.row]
        self.pair, self.edge, self.followed_counts = counts.heard(self.row, self.column)
        # What every factor is multiplied with where it is summed over: all, or what was answered.
        self.seen_row, self.seen_column = Grouping(counts.row, counts.n), Grouping(counts.column, counts.m)
        order = self.seen_column.order
        self.seen_row_of_column = counts.row if order is None else counts.row[order]
        self.exposed = self._exposed()
        self.rate_theta = self.rate_beta = np.full((factors, 1), self.shape)
        cells = float(self.weight.sum()) * counts.m if counts.whole else float(self.weight[counts.row].sum())
        typical = np.sqrt(max(float((self.heavy * self.count).sum()), 1.0) / max(cells * factors, 1.0))
        people, statements = (self.shape * (1.0 + noise) for noise in self._noise(factors, rng))
        self.theta = Gamma(people, np.full_like(people, self.shape / typical))
        self.beta = Gamma(statements, np.full_like(statements, self.shape / typical))
        self.tau = Gamma(np.full(len(counts.follows), TAU_SHAPE), TAU_RATE + self.exposed)

    def _noise(self, factors: int, rng: np.random.Generator) -> list[FloatArray]:
        """What tells factors apart at the start, in 0..1: [K, n] of people and [K, m] of statements."""
        c = self.counts
        heavy = self.weight[c.row]
        over = np.full(c.m, float(self.weight.sum())) if c.whole else np.bincount(c.column, heavy, c.m)
        mean = np.bincount(c.column, heavy * c.count, c.m) / np.maximum(over, 1e-12)
        begin = Start.of(c.row, c.column, c.count - mean[c.column], self.weight, c.m, rng)
        return [0.5 + 0.5 * np.tanh(mixed(mixtures((factors,), rng), x)) for x in (begin.people, begin.statements)]

    def _exposed(self) -> FloatArray:
        """For every edge what the follower could have copied: sum of r_vi over what u observed."""
        c = self.counts
        if c.whole:
            available = np.bincount(c.row, c.count, c.n)[c.follows[:, 1]]
        else:
            _, edge, values = c.heard(c.row, c.column)
            available = np.bincount(edge, values, len(c.follows))
        return np.asarray(self.draws * available, dtype=np.float64)

    def run(self, iterations: int, tolerance: float) -> Fitted:
        bound: list[float] = []
        while len(bound) < iterations:
            self._iterate()
            bound.append(self.bound())
            if len(bound) > 1 and bound[-1] - bound[-2] < tolerance * abs(bound[-1]):
                break
        return Fitted(self.theta, self.beta, self.tau, self.rate_theta, tuple(bound))

    def _split(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """G[theta], G[beta], G[tau], and S at the positive counts."""
        theta, beta, tau = np.exp(self.theta.log_mean), np.exp(self.beta.log_mean), np.exp(self.tau.log_mean)
        total = np.zeros(len(self.row))
        for t, b in zip(theta, beta, strict=True):
            total += t.take(self.row) * b.take(self.column)
        total += np.bincount(self.pair, tau[self.edge] * self.followed_counts, len(self.row))
        return theta, beta, tau, np.maximum(total, 1e-300)

    def _per_rate(self, total: FloatArray) -> FloatArray:
        """What is counted at every positive entry, on average, by its rate S."""
        if self.counts.trials:
            return np.asarray(self.draws * self.count / -np.expm1(-total), dtype=np.float64)
        return self.count / total

    def update_tastes(self) -> None:
        """The best thetas given the rest."""
        theta, beta, _, total = self._split()
        shape = self.shape + theta * self.by_row.sum(self._per_rate(total), beta, self.column)
        self.theta = Gamma(shape, self.rate_theta + self._over_statements(self.beta.mean))

    def _iterate(self) -> None:
        c = self.counts
        self.update_tastes()
        theta, beta, _, total = self._split()
        share = self.by_column.arrange(self.heavy * self._per_rate(total))
        shape = self.shape + beta * self.by_column.sum(share, theta, self.row_of_column)
        self.beta = Gamma(shape, self.rate_beta + self._over_people(self.theta.mean))
        if len(c.follows):
            _, _, tau, total = self._split()
            copied = np.bincount(self.edge, self._per_rate(total)[self.pair] * self.followed_counts, len(tau))
            self.tau = Gamma(TAU_SHAPE + tau * copied, TAU_RATE + self.exposed)
        if self.learn:
            mean = (self.weight * self.theta.mean).sum(axis=1, keepdims=True) / max(float(self.weight.sum()), 1e-12)
            self.rate_theta = self.shape / np.maximum(mean, 1e-12)
            self.rate_beta = self.shape / np.maximum(self.beta.mean.mean(axis=1, keepdims=True), 1e-12)

    def _over_statements(self, beta: FloatArray) -> FloatArray:
        """[K, n] or [K, 1]: sums of E[beta] over what each person observed."""
        if self.counts.whole:
            return np.repeat(self.draws * beta.sum(axis=1, keepdims=True), self.counts.n, axis=1)
        return self.seen_row.sum(np.full(len(self.counts.row), float(self.draws)), beta, self.counts.column)

    def _over_people(self, theta: FloatArray) -> FloatArray:
        if self.counts.whole:
            every = (self.draws * self.weight * theta).sum(axis=1, keepdims=True)
            return np.repeat(every, self.counts.m, axis=1)
        return self.seen_column.sum(self.draws * self.weight[self.seen_row_of_column], theta, self.seen_row_of_column)

    def bound(self) -> float:
        """The evidence bound at the optimal split."""
        *_, total = self._split()
        special = _special()
        if self.counts.trials:
            terms = self.draws * self.count * (total + np.log(-np.expm1(-total)))
        else:
            terms = self.count * np.log(total) - special.gammaln(self.count + 1.0)
        follower = self.weight[self.counts.follows[:, 0]]
        value = float((self.heavy * terms).sum())
        value -= float((self.weight * (self.theta.mean * self._over_statements(self.beta.mean))).sum())
        value -= float((follower * self.tau.mean * self.exposed).sum())
        value += self.theta.against(self.shape, self.rate_theta, self.weight)
        value += self.beta.against(self.shape, self.rate_beta)
        return value + self.tau.against(TAU_SHAPE, TAU_RATE, follower)


def anything(mean: FloatArray, variance: FloatArray) -> FloatArray:
    """P(anything is counted): E[1 - exp(-x)] of a rate x with these moments, as if it were Gamma.

    >>> anything(np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.0, 1.0])).round(4).tolist()
    [0.0, 0.3935, 0.5]
    """
    ratio = np.maximum(variance / np.maximum(mean, 1e-300), 1e-12)
    return np.asarray(-np.expm1(-mean * np.log1p(ratio) / ratio), dtype=np.float64)


def _special() -> Any:
    try:
        import scipy.special
    except ImportError:
        raise MissingExtraError("social Poisson factorization needs scipy; pip install 'folkmoot[exact]'") from None
    return scipy.special
