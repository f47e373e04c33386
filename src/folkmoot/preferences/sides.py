"""Posteriors of one side of a factor model, people or statements, and the prior that fits them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..profile import FloatArray, IntArray

#: Weight of the guess of the two prior covariances, in units of people or statements. Without it, empirical Bayes
#: prunes weak factors that still predict; weight and guess were set on splits of five real conversations.
_PSEUDO = 30.0
#: Guessed variance of a bias and of a factor loading.
_BIAS, _LOADING = 1.0, 2.0


@dataclass(frozen=True)
class Side:
    """Gaussian posteriors of one side (people or statements).

    Args:
        mean: float64 [n, 1 + rank] the posterior means, bias first.
        cov: float64 [n, 1 + rank, 1 + rank] the posterior covariances.
        prior_mean: float64 [1 + rank] the mean of the prior.
        prior_cov: float64 [1 + rank, 1 + rank] the covariance of the prior.
    """

    mean: FloatArray
    cov: FloatArray
    prior_mean: FloatArray
    prior_cov: FloatArray

    @cached_property
    def root(self) -> FloatArray:
        """float64 [n, 1 + rank, 1 + rank]: the lower Cholesky factors of the covariances, for draws."""
        return np.asarray(np.linalg.cholesky(self.cov), dtype=np.float64)


def widened(side: Side, loadings: FloatArray, variance: float) -> Side:
    old, extra = side.mean.shape[1], loadings.shape[1]
    cov = np.zeros((len(side.mean), old + extra, old + extra))
    cov[:, :old, :old] = side.cov
    cov[:, range(old, old + extra), range(old, old + extra)] = variance
    prior = guess(old + extra)
    prior[:old, :old] = side.prior_cov
    centre = np.concatenate([side.prior_mean, np.zeros(extra)])
    return Side(np.hstack([side.mean, loadings]), cov, centre, prior)


def centred(rows: Side, columns: Side, filled: IntArray, weight: FloatArray | None) -> tuple[Side, Side]:
    """The mean of people's biases moved to the statements: same logits, and the bound can only rise."""
    w = None if weight is None else weight[filled]
    shift = float(times(rows.mean[filled, 0], w).sum() / (len(filled) if w is None else w.sum()))
    mean, centre = rows.mean.copy(), columns.prior_mean.copy()
    mean[filled, 0] -= shift
    moved = columns.mean.copy()
    moved[:, 0] += shift
    centre[0] += shift
    return replace(rows, mean=mean), replace(columns, mean=moved, prior_mean=centre)


def guess(d: int) -> FloatArray:
    """Guessed prior covariance of a bias and d - 1 loadings."""
    return np.diag([_BIAS] + [_LOADING] * (d - 1))


def scatter(side: Side, centre: FloatArray, filled: IntArray, weight: FloatArray | None) -> FloatArray:
    """The sum of the second moments about a centre of those with entries, float64 [1 + rank, 1 + rank]."""
    away, cov = _of(side.mean, filled) - centre, _of(side.cov, filled)
    w = None if weight is None else weight[filled]
    heavy = (away, cov) if w is None else (away * w[:, None], cov * w[:, None, None])
    return np.asarray(np.einsum("ni,nj->ij", heavy[0], away) + heavy[1].sum(axis=0), dtype=np.float64)


def with_prior(side: Side, filled: IntArray, which: int, weight: FloatArray | None) -> tuple[Side, FloatArray]:
    """The prior that fits the posteriors of those with entries best, held by a weak guess; and their `scatter`."""
    d = side.mean.shape[1]
    centre = np.zeros(d)
    if which == 1:
        # only the statements' bias has a free mean (the others are the same model written differently): the best one
        # given that the loadings' means are 0
        precision = np.linalg.inv(side.prior_cov)
        centre[0] = (precision[0] @ _of(side.mean, filled).mean(axis=0)) / precision[0, 0]
    about = scatter(side, centre, filled, weight)
    prior = (about + _PSEUDO * guess(d)) / (_total(filled, weight) + _PSEUDO)
    if len(filled) == len(side.mean):
        return Side(side.mean, side.cov, centre, prior), about
    # those without entries are known by the prior alone
    new = Side(side.mean.copy(), side.cov.copy(), centre, prior)
    empty = np.ones(len(side.mean), dtype=bool)
    empty[filled] = False
    new.mean[empty], new.cov[empty] = centre, prior
    return new, about


def divergence(side: Side, about: FloatArray, filled: IntArray, weight: FloatArray | None, logs: FloatArray) -> float:
    """Divergence of the posteriors from the prior, plus the penalty that holds the prior to its guess.

    ``about`` is the `scatter` about the prior's mean; ``logs`` are the logarithms of the determinants of the
    covariances, float64 [n].
    """
    d = side.mean.shape[1]
    precision = np.linalg.inv(side.prior_cov)
    log_prior = float(np.linalg.slogdet(side.prior_cov)[1])
    inside = float((precision * about).sum())
    own = float(times(_of(logs, filled), None if weight is None else weight[filled]).sum())
    total = _total(filled, weight)
    penalty = 0.5 * _PSEUDO * (log_prior + float(np.trace(guess(d) @ precision)))
    return float(0.5 * (inside - own + total * (log_prior - d)) + penalty)


def times(values: FloatArray, weight: FloatArray | None) -> FloatArray:
    return values if weight is None else values * weight


def _total(filled: IntArray, weight: FloatArray | None) -> float:
    """How much those with entries count together."""
    return float(len(filled)) if weight is None else float(weight[filled].sum())


def _of(values: FloatArray, filled: IntArray) -> FloatArray:
    """The rows that have entries; the array itself where all have."""
    return values if len(filled) == len(values) else values[filled]
