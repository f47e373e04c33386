"""Logistic factor analysis of sparse binary or binomial data, by variational Bayes.

Model: ``y_ij ~ Binomial(trials, sigma(a_i + b_j + u_i . v_j))``, ``(a_i, u_i) ~ N(0, R)``, ``(b_j, v_j) ~ N(c, C)``.
The posterior is approximated by independent Gaussians, one a person and one a statement; the logistic function is
bounded below by a Gaussian whose width is optimal at every entry (Jaakkola and Jordan 2000, "Bayesian parameter
estimation via variational methods"; the same updates follow from Polya-Gamma variables, Polson, Scott and Windle
2013). Every update solves small linear systems, all people at once and then all statements at once, and never lowers
the evidence bound. The priors R, c and C are estimated from the data (empirical Bayes), so there is no ridge to tune
and dimensions without support shrink to nothing.

Against alternating Newton steps to the posterior mode with a fixed ridge this costs the same, needs no step control,
and takes into account that people with few answers are known badly, which is where held-out likelihood is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..profile import FloatArray, IntArray
from .crossing import Crossing
from .entries import Entries
from .inverses import inverses
from .moments import doubling, extended, given, loadings, moments, upper
from .products import Pairs, product
from .sides import Side, centred, divergence, guess, scatter, times, widened, with_prior

#: Variance of draws relative to the posterior's: posteriors that know nothing of each other are too narrow. On planted
#: factors 90 % intervals of probabilities cover 63 to 84 % without, 73 to 90 % with it.
_WIDEN = 1.5


@dataclass(frozen=True)
class Factors:
    """A fitted logistic factor model.

    Args:
        rows: the posteriors of (a_i, u_i).
        columns: the posteriors of (b_j, v_j).
        bound: the evidence bound at the end of every sweep.
        converged: whether the bound stopped rising within the tolerance.
    """

    rows: Side
    columns: Side
    bound: tuple[float, ...]
    converged: bool

    @property
    def rank(self) -> int:
        return int(self.rows.mean.shape[1]) - 1

    def moments(self, rows: IntArray, columns: IntArray) -> tuple[FloatArray, FloatArray]:
        """Posterior mean and variance of the logits of a block, two float64 [n_rows, n_columns]."""
        mean = product(_extended(self.rows.mean[rows], 0).T, _extended(self.columns.mean[columns], 1).T)
        zz = _second(self.rows.mean[rows], self.rows.cov[rows], 0)
        ww = _second(self.columns.mean[columns], self.columns.cov[columns], 1)
        expected = product((zz * doubling(self.rank + 2)).T, np.ascontiguousarray(ww.T))
        return mean, _variance(expected, mean)

    def probability(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """Posterior predictive probability of one, float64 [n_rows, n_columns]."""
        return moderated(*self.moments(rows, columns))

    def at(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """Posterior predictive probability of one at single pairs, sorted by row, float64 [n_pairs]."""
        pairs = Pairs(rows, columns, len(self.rows.mean), len(self.columns.mean))
        mean = pairs.products(_extended(self.rows.mean, 0), _extended(self.columns.mean, 1))
        zz = _second(self.rows.mean, self.rows.cov, 0) * doubling(self.rank + 2)
        expected = pairs.products(zz, _second(self.columns.mean, self.columns.cov, 1))
        return moderated(mean, _variance(expected, mean))

    def sample(self, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        """People's and statements' vectors drawn from the posterior, [n, 2 + rank] and [m, 2 + rank].

        Their products ``left @ right.T`` are logits.
        """
        left = _gaussian(self.rows, rng)
        right = _gaussian(self.columns, rng)
        return _extended(left, 0), _extended(right, 1)


def moderated(mean: FloatArray, variance: FloatArray) -> FloatArray:
    """Expectation of sigma(x) for Gaussian x: sigma(mean / sqrt(1 + pi variance / 8)) (MacKay 1992).

    >>> moderated(np.array([0.0, 2.0]), np.array([5.0, 0.0])).round(4).tolist()
    [0.5, 0.8808]
    """
    # In place: blocks are large.
    scale = np.pi / 8.0 * variance
    scale += 1.0
    np.sqrt(scale, out=scale)
    return sigmoid(np.divide(mean, scale, out=scale))


def sigmoid(x: FloatArray) -> FloatArray:
    """1 / (1 + exp(-x)) without overflow."""
    result = np.asarray(0.5 * x, dtype=np.float64)
    np.tanh(result, out=result)
    result += 1.0
    result *= 0.5
    return result


def fit_factors(
    entries: Entries | Work,
    rank: int,
    rng: np.random.Generator,
    *,
    start: Factors | None = None,
    sweeps: int = 60,
    tolerance: float = 1e-5,
) -> Factors:
    """Fits the model.

    Args:
        entries: the observations, or their orders where they are fitted more than once.
        rank: the number of factors; 0 = biases alone.
        rng: the generator for the starting directions, and for nothing else.
        start: a fit of the same entries, of lower rank, to go on from.
        sweeps: the most passes over people and statements.
        tolerance: the gain of the bound per entry; the fit stops when a sweep gains less.
    """
    work = entries if isinstance(entries, Work) else Work(entries)
    rows, columns = _start(work.entries, 0) if start is None else (start.rows, start.columns)
    missing = rank - (rows.mean.shape[1] - 1)
    if start is None and len(work.entries):
        rows, columns, _, _ = work.run(rows, columns, min(sweeps, 8) if rank else sweeps, tolerance)
    if missing > 0:
        rows, columns = work.grow(rows, columns, missing, rng)
    rows, columns, bound, converged = work.run(rows, columns, sweeps, tolerance)
    return Factors(rows, columns, tuple(bound), converged)


def _start(entries: Entries, rank: int) -> tuple[Side, Side]:
    n, m, d = entries.n_rows, entries.n_columns, rank + 1
    total = len(entries)
    mean = (float(entries.y.sum()) + 0.5) / (total + 1.0)
    centre = np.zeros(d)
    centre[0] = np.log(mean / (1.0 - mean))
    eye = guess(d)
    return (
        Side(np.zeros((n, d)), np.tile(eye, (n, 1, 1)), np.zeros(d), eye),
        Side(np.tile(centre, (m, 1)), np.tile(eye, (m, 1, 1)), centre, eye),
    )


class Work:
    """The entries in both orders, and the updates on them."""

    def __init__(self, entries: Entries) -> None:
        e = entries
        self.entries, self.pairs = e, Pairs(e.row, e.column, e.n_rows, e.n_columns)
        self.crossing = Crossing(e.row, e.column, e.n_rows, e.n_columns)
        self.by_row, self.by_column = self.crossing.by_row, self.crossing.by_column
        self.kappa = e.trials * (e.y - 0.5)
        # people's weights count where people are added up; a person's own posterior rests on their answers as they are
        self.weight = e.weight
        self.heavy = None if e.weight is None else e.weight[e.row]
        self.heavy_kappa = times(self.kappa, self.heavy)
        self.kappa_of_column = np.bincount(e.column, self.heavy_kappa, e.n_columns)

    def run(self, rows: Side, columns: Side, sweeps: int, tolerance: float) -> tuple[Side, Side, list[float], bool]:
        e = self.entries
        bound: list[float] = []
        if not len(e):
            return rows, columns, bound, True
        people = moments(rows.mean, rows.cov)
        weight, _ = self._curvature(people, moments(columns.mean, columns.cov))
        for _ in range(sweeps):
            # one set of weights for both halves: the bound they belong to still rises at each.
            # statements first: new factors start with people's coordinates and no loadings
            columns, _, of_columns = self._update(columns, people, 1, weight)
            rows, evidence, of_rows = self._update(rows, moments(columns.mean, columns.cov), 0, weight)
            rows, columns = centred(rows, columns, self.by_row.filled, self.weight)
            rows, about_rows = with_prior(rows, self.by_row.filled, 0, self.weight)
            columns, about_columns = with_prior(columns, self.by_column.filled, 1, None)
            people = moments(rows.mean, rows.cov)
            weight, half = self._curvature(people, moments(columns.mean, columns.cov))
            far = divergence(rows, about_rows, self.by_row.filled, self.weight, of_rows)
            far += divergence(columns, about_columns, self.by_column.filled, None, of_columns)
            bound.append(self._expected(rows, columns, half, evidence) - far)
            if len(bound) > 1 and bound[-1] - bound[-2] < tolerance * len(e):
                return rows, columns, bound, True
        return rows, columns, bound, False

    def _curvature(self, people: FloatArray, statements: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Weight of every entry, trials * tanh(c/2) / 2c at the best width c, and c / 2; from both sides' moments.

        In place, here and below: a new array of all entries costs as much as a sum.
        """
        d = _width(people)
        ww = statements.take(extended(d, 1), axis=1)
        ww *= doubling(d + 1)
        half = self.pairs.products(people.take(extended(d, 0), axis=1), ww)
        np.maximum(half, 1e-12, out=half)
        np.sqrt(half, out=half)
        half *= 0.5
        weight = np.tanh(half)
        if self.entries.trials != 1:
            weight *= self.entries.trials
        weight /= half
        weight *= 0.25
        return weight, half

    def _update(
        self, own: Side, other: FloatArray, which: int, weight: FloatArray
    ) -> tuple[Side, FloatArray, FloatArray]:
        """The best posteriors of one side given the other's moments, the sums of kappa times its features, and the
        logarithms of the covariances' determinants."""
        d = own.mean.shape[1]
        # features of the other side as this side sees them: products of x = (1, loadings), and x times its bias
        features, x = other.take(given(d), axis=1), other.take(loadings(d), axis=1)
        if which == 0:
            sums, evidence = self.crossing.of_rows(weight, features), self._evidence(x)
        else:
            sums = self.crossing.of_columns(times(weight, self.heavy), features)
            evidence = np.ascontiguousarray(self.crossing.of_columns(self.heavy_kappa, x).T)
        linear = (evidence - sums[:, -d:].T).T
        precision = np.linalg.inv(own.prior_cov)
        cov, logs = inverses(sums[:, :-d] + precision[upper(d)], d)
        mean = np.einsum("nij,nj->ni", cov, linear + precision @ own.prior_mean)
        return replace(own, mean=mean, cov=cov), evidence, -logs

    def _evidence(self, x: FloatArray) -> FloatArray:
        """The sums of kappa times statements' features over each person's answers, float64 [n_features, n]."""
        return np.ascontiguousarray(self.crossing.of_rows(self.kappa, x).T)

    def bound(self, rows: Side, columns: Side) -> float:
        """Evidence bound at any posteriors and priors, up to a constant, with the priors' own penalty."""
        people, statements = moments(rows.mean, rows.cov), moments(columns.mean, columns.cov)
        x = statements.take(loadings(columns.mean.shape[1]), axis=1)
        far = 0.0
        for side, filled, weight in ((rows, self.by_row.filled, self.weight), (columns, self.by_column.filled, None)):
            about = scatter(side, side.prior_mean, filled, weight)
            far += divergence(side, about, filled, weight, np.linalg.slogdet(side.cov)[1])
        return self._expected(rows, columns, self._curvature(people, statements)[1], self._evidence(x)) - far

    def _expected(self, rows: Side, columns: Side, half: FloatArray, evidence: FloatArray) -> float:
        """The expected log-likelihood, bounded below at half the width of every entry."""
        # the sum of kappa * logit over the entries, from sums the updates have made already
        heavy = rows.mean if self.weight is None else rows.mean * self.weight[:, None]
        linear = float(np.einsum("in,ni->", evidence, heavy) + (self.kappa_of_column * columns.mean[:, 0]).sum())
        softplus = -2.0 * half
        np.log1p(np.exp(softplus, out=softplus), out=softplus)
        softplus += half
        return linear - self.entries.trials * float(times(softplus, self.heavy).sum())

    def grow(self, rows: Side, columns: Side, extra: int, rng: np.random.Generator) -> tuple[Side, Side]:
        """Adds factors along the leading singular vectors of the residuals (four rounds of subspace iteration)."""
        e = self.entries
        residual = e.y - sigmoid(self.pairs.products(_extended(rows.mean, 0), _extended(columns.mean, 1)))
        right = rng.standard_normal((extra, e.n_columns))
        for _ in range(4):
            left = _orthonormal(np.ascontiguousarray(self.crossing.of_rows(residual, right.T).T))
            right = _orthonormal(np.ascontiguousarray(self.crossing.of_columns(residual, left.T).T))
        left = _orthonormal(np.ascontiguousarray(self.crossing.of_rows(residual, right.T).T))
        left *= np.sqrt(max(len(self.by_row.filled), 1))
        rows = widened(rows, left.T, 0.1)
        columns = widened(columns, np.zeros((e.n_columns, extra)), 0.1)
        return rows, columns


def _variance(expected: FloatArray, mean: FloatArray) -> FloatArray:
    """The expected square, made the variance in its place."""
    expected -= np.square(mean)
    return np.maximum(expected, 0.0, out=expected)


def _width(moments_of_one_side: FloatArray) -> int:
    """The d of [n, 1 + d + d * (d + 1) / 2]."""
    return int(np.sqrt(2.0 * moments_of_one_side.shape[1])) - 1


def _extended(mean: FloatArray, which: int) -> FloatArray:
    """(1, a, u) of people, (b, 1, v) of statements: their products are logits."""
    one = np.ones((len(mean), 1))
    return np.hstack([one, mean] if which == 0 else [mean[:, :1], one, mean[:, 1:]])


def _second(mean: FloatArray, cov: FloatArray, which: int) -> FloatArray:
    """Second moments of the extended vectors, upper triangle, float64 [n, n_features]."""
    return moments(mean, cov).take(extended(mean.shape[1], which), axis=1)


def _orthonormal(vectors: FloatArray) -> FloatArray:
    """Rows made orthonormal through their small Gram matrix (no long QR whose rounding depends on threads)."""
    gram = np.einsum("in,jn->ij", vectors, vectors)
    values, axes = np.linalg.eigh(gram)
    floor = max(float(values[-1]), 1e-300) * 1e-12
    basis = (axes / np.sqrt(np.maximum(values, floor))).T
    return np.asarray(np.einsum("ij,jn->in", basis[::-1], vectors), dtype=np.float64)


def _gaussian(side: Side, rng: np.random.Generator) -> FloatArray:
    noise = np.sqrt(_WIDEN) * rng.standard_normal(side.mean.shape)
    return np.asarray(side.mean + np.einsum("nij,nj->ni", side.root, noise), dtype=np.float64)
