"""A new person from a few answers, and which question to ask them next: the mathematics of low-rank personal models.

Statements are frozen: agreement has the logit ``b_j + x_j . w`` with known ``b_j`` and loadings ``x_j``; a person is
the vector w, Gaussian before they answer. `located` finds the mode of the posterior by Newton's method and takes the
inverse Hessian for its covariance (Laplace). The questions:

* `d_optimal`: ``rate (1 - rate) x' S x``, what the answer says about w (log-determinant of S, to first order);
* `pref_rule`: ``(rate (1 - rate))^2 x' S x``, of reward factorization (Shenfeld et al. 2025, arXiv 2503.06358);
* `v_optimal`: what the answer takes off the summed predictive variance of all answers that are still open.

Used for people who come after a fit, and for choosing what to ask (`folkmoot.asking`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...profile import BoolArray, FloatArray, IntArray
from ..entries import Entries
from ..factors import Factors, moderated, sigmoid
from ..products import product

_STEPS = 30
#: People worked on at once.
_PEOPLE = 512


@dataclass(frozen=True, eq=False)
class Loadings:
    """Statements as new people meet them.

    Args:
        offset: float64 [m] logit of agreement of somebody whose w is 0.
        x: float64 [m, d] the loadings.
        mean: float64 [d] the mean of w before anything is answered.
        cov: float64 [d, d] the covariance of w before anything is answered.
    """

    offset: FloatArray
    x: FloatArray
    mean: FloatArray
    cov: FloatArray

    @classmethod
    def of(cls, factors: Factors) -> Loadings:
        """The loadings of a fitted factor model: w = (a_p, u_p), x_j = (1, v_j)."""
        columns, rows = factors.columns, factors.rows
        x = np.concatenate([np.ones((len(columns.mean), 1)), columns.mean[:, 1:]], axis=1)
        return cls(columns.mean[:, 0], x, rows.prior_mean, rows.prior_cov)

    def over(self, statements: IntArray) -> Loadings:
        """The loadings of some of the statements."""
        return Loadings(self.offset[statements], self.x[statements], self.mean, self.cov)

    def rate(self, mean: FloatArray) -> FloatArray:
        """P(agree) of people whose w is float64 [n, d], as float64 [n, m]."""
        return sigmoid(self.offset + np.einsum("nd,md->nm", mean, self.x))


@dataclass(frozen=True, eq=False)
class Person:
    """Posteriors of n people.

    Args:
        mean: float64 [n, d] the posterior means.
        cov: float64 [n, d, d] the posterior covariances.
    """

    mean: FloatArray
    cov: FloatArray


def located(loadings: Loadings, y: FloatArray, trials: float = 1.0) -> Person:
    """Where people stand, from their own answers alone.

    Args:
        loadings: the statements and the prior.
        y: float64 [n, m] the answers as shares of the trials in [0, 1], nan where there is none.
        trials: the number of trials an answer is worth: 1 for votes, the steps of a rating scale.

    Returns:
        The posteriors; the prior for those without answers.
    """
    row, column = np.nonzero(~np.isnan(y))
    return _located(loadings, row, column, y[row, column], len(y), trials)


def located_entries(loadings: Loadings, entries: Entries) -> Person:
    """`located` from sparse observations."""
    e = entries
    return _located(loadings, e.row, e.column, e.y, e.n_rows, float(e.trials))


def _located(loadings: Loadings, row: IntArray, column: IntArray, y: FloatArray, n: int, trials: float) -> Person:
    """Posteriors from observations sorted by row; people with about as many answers are worked on together."""
    d = len(loadings.mean)
    mean, cov = np.empty((n, d)), np.empty((n, d, d))
    starts = np.searchsorted(row, np.arange(n + 1))
    counts = np.diff(starts)
    order = np.argsort(counts, kind="stable")
    for first in range(0, n, _PEOPLE):
        people = order[first : first + _PEOPLE]
        place = np.arange(int(counts[people].max(initial=0)))
        observed = place < counts[people][:, None]
        at = np.where(observed, starts[people][:, None] + place, 0)
        known = np.where(observed, y[at], 0.0) if len(y) else np.zeros(observed.shape)
        items = column[at] if len(y) else np.zeros(observed.shape, dtype=np.int64)
        mean[people], cov[people] = _newton(loadings, items, known, observed, trials)
    return Person(mean, cov)


def predicted(loadings: Loadings, person: Person) -> tuple[FloatArray, FloatArray]:
    """P(agree), averaged over what is not known of the person, and the variance of its logit; float64 [n, m] each."""
    logit = loadings.offset + np.einsum("nd,md->nm", person.mean, loadings.x)
    variance = _variance(loadings, person)
    return moderated(logit, variance), variance


def d_optimal(loadings: Loadings, person: Person, trials: float = 1.0) -> FloatArray:
    """float64 [n, m]: information of every question about the person, in units of the logit's variance."""
    rate = loadings.rate(person.mean)
    return np.asarray(trials * rate * (1.0 - rate) * _variance(loadings, person), dtype=np.float64)


def pref_rule(loadings: Loadings, person: Person) -> FloatArray:
    """float64 [n, m]: variance of P(agree), to first order: the rule of PReF."""
    rate = loadings.rate(person.mean)
    return np.asarray((rate * (1.0 - rate)) ** 2 * _variance(loadings, person), dtype=np.float64)


def v_optimal(loadings: Loadings, answered: BoolArray) -> FloatArray:
    """float64 [n, m]: what every question takes off the summed variance of P(agree) of all that is open.

    Curvatures are those of somebody about whom nothing is known, so that the score depends on which questions were
    asked and not on how they were answered.

    Args:
        loadings: the statements.
        answered: bool [n, m] the questions each person has answered already.
    """
    rate = loadings.rate(loadings.mean[None])[0]
    strength = rate * (1.0 - rate)
    x = loadings.x
    squares = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)

    def summed(weight: FloatArray) -> FloatArray:
        """float64 [n, d, d]: of weights [n, m], the weighted sum of x x'."""
        return np.asarray(product(weight.T, squares).reshape(len(weight), x.shape[1], x.shape[1]))

    def quadratic(matrix: FloatArray) -> FloatArray:
        """float64 [n, m]: x' A x, of symmetric matrices [n, d, d]."""
        return product(matrix.reshape(len(matrix), -1).T, squares.T)

    precision = np.linalg.inv(loadings.cov) + summed(answered * strength)
    cov: FloatArray = np.asarray(np.linalg.inv(precision), dtype=np.float64)
    # sum over l of weight[l] (x' C x[l])^2 is x' C (sum over l of weight[l] x[l] x[l]') C x: nothing is [n, m, m]
    gain = quadratic(cov @ summed(~answered * strength**2) @ cov)
    return np.asarray(gain / (1.0 / strength + quadratic(cov)), dtype=np.float64)


def fitted_prior(offset: FloatArray, x: FloatArray, entries: Entries, sweeps: int = 12) -> Loadings:
    """Mean and covariance of the people over given features, by EM with Gaussian posteriors (empirical Bayes).

    Args:
        offset: float64 [m] the logit of agreement of somebody whose w is 0.
        x: float64 [m, d] the features of the statements.
        entries: everybody's answers.
        sweeps: the number of sweeps of EM.

    Returns:
        The statements with that prior; a guess of mean 0 and unit covariance is worth d + 1 people. Modes stand in for
        means, so that the spread comes out too small where people answered little (a third of the variance is missing
        with 24 votes a person).
    """
    d = x.shape[1]
    fitted = Loadings(offset, x, np.zeros(d), np.eye(d))
    weight = entries.weights
    for _ in range(sweeps):
        person = located_entries(fitted, entries)
        total = float(weight.sum()) + d + 1.0
        mean = np.einsum("n,nd->d", weight, person.mean) / total
        away = person.mean - mean
        scatter = np.einsum("n,nd,ne->de", weight, away, away) + np.einsum("n,nde->de", weight, person.cov)
        fitted = Loadings(offset, x, mean, (scatter + (d + 1.0) * np.eye(d)) / total)
    return fitted


def _variance(loadings: Loadings, person: Person) -> FloatArray:
    each = np.einsum("md,nde->nme", loadings.x, person.cov)
    return np.asarray(np.maximum(np.einsum("nme,me->nm", each, loadings.x), 0.0), dtype=np.float64)


def _newton(
    loadings: Loadings, items: IntArray, known: FloatArray, observed: BoolArray, trials: float
) -> tuple[FloatArray, FloatArray]:
    """Modes and inverse Hessians from answers ``known`` to statements ``items`` where ``observed``, all [n, k]."""
    x, offset, precision = loadings.x[items], loadings.offset[items], np.linalg.inv(loadings.cov)

    def value(mean: FloatArray) -> FloatArray:
        logit = offset + np.einsum("nkd,nd->nk", x, mean)
        away = mean - loadings.mean
        fit = (observed * (known * logit - np.logaddexp(0.0, logit))).sum(axis=1)
        return np.asarray(trials * fit - 0.5 * np.einsum("ni,ij,nj->n", away, precision, away))

    def slopes(mean: FloatArray) -> tuple[FloatArray, FloatArray]:
        rate = sigmoid(offset + np.einsum("nkd,nd->nk", x, mean))
        gradient = np.einsum("nk,nkd->nd", trials * observed * (known - rate), x)
        gradient -= np.einsum("ij,nj->ni", precision, mean - loadings.mean)
        curve = trials * observed * rate * (1.0 - rate)
        return gradient, np.matmul(x.transpose(0, 2, 1) * curve[:, None, :], x) + precision

    mean = np.tile(loadings.mean, (len(items), 1))
    now = value(mean)
    for _ in range(_STEPS):
        gradient, curve = slopes(mean)
        step = np.linalg.solve(curve, gradient[..., None])[..., 0]
        if float(np.abs(step).max(initial=0.0)) < 1e-7:
            break
        length = np.ones(len(items))
        for _ in range(_STEPS):
            tried = value(mean + length[:, None] * step)
            falls = tried < now - 1e-12
            if not falls.any():
                break
            length = np.where(falls, 0.5 * length, length)
        mean = mean + np.where(falls, 0.0, length)[:, None] * step
        now = np.where(falls, now, tried)
    return mean, np.asarray(np.linalg.inv(slopes(mean)[1]), dtype=np.float64)
