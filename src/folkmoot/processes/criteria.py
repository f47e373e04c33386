"""Several criteria at once: one score out of K, for candidate slates and for the rollouts of a training loop alike.

Each weighting takes scores [..., G, K] (G rollouts of one prompt, or G candidate slates; K criteria, higher is better)
and base weights, and gives advantages [..., G] of mean 0 within each group. They live beside the processes because that
is where one slate is chosen over another; they need numpy alone and know nothing of statements or people.

With x_k = r_k - mean and sigma_k = population standard deviation, both within the group, and base weights b_k:

================================  ==========================================================
`reward_combination`              sum b_k x_k / std(sum b_k r_k)
`advantage_combination`           sum b_k x_k / sigma_k
`gdpo`                            the same with the unbiased deviation plus 1e-4, whitened over the whole batch
`mo_grpo`                         reward combination of rewards that were scaled to variance 1
`dvao`                            sum v_k x_k / sigma_k with v_k = b_k sigma_k / sum b_l sigma_l (keeps the noise)
`reliability_weighted`            sum b_k rho_k x_k / sigma_k with rho_k the test-retest reliability of criterion k
================================  ==========================================================

A criterion that is constant in a group, but for rounding, adds nothing there; a group of one gets 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..profile import InputError

Floats = NDArray[np.floating[Any]]
Weighting = Callable[[ArrayLike, ArrayLike], Floats]
#: Added to a standard deviation by GDPO.
GDPO_EPS = 1e-4
# A spread of fewer roundings than this, relative to the largest value, is no spread.
ROUNDINGS = 16


def reward_combination(rewards: ArrayLike, weights: ArrayLike) -> Floats:
    """Standardises the weighted sum (GRPO on the sum): the criterion with the largest spread decides.

    Args:
        rewards: float [..., G, K], finite.
        weights: float [K] (or [..., K]), >= 0; only their ratios count where the result is standardised.

    Returns:
        float [..., G], of the rewards' type; mean 0 and standard deviation 1, or 0 where the sum is constant.

    Raises:
        InputError: shapes do not fit, weights are negative or all 0, or scores are not finite.
    """
    r, b = _checked(rewards, weights)
    return _combined(_centred(r), b, np.abs(r).max(axis=-2))


def advantage_combination(rewards: ArrayLike, weights: ArrayLike) -> Floats:
    """Standardises every criterion, then adds: the spread of a criterion has no say.

    Args:
        rewards: float [..., G, K] the scores, finite.
        weights: float [K] (or [..., K]) the base weights, >= 0.

    Returns:
        float [..., G]: the advantages.

    Raises:
        InputError: under the same conditions as in `reward_combination`.
    """
    r, b = _checked(rewards, weights)
    return _sum(_standardised(r), b)


def gdpo(rewards: ArrayLike, weights: ArrayLike, eps: float = GDPO_EPS) -> Floats:
    """Group-wise normalisation of every criterion, then of their sum over the whole batch.

    NVIDIA 2026 (arXiv 2601.05242) as its released code has it: deviations are unbiased, ``eps`` is added to them, and
    the sums of all groups together are whitened.

    Args:
        rewards: float [..., G, K] the scores, finite.
        weights: float [K] (or [..., K]) the base weights, >= 0.
        eps: the number added to every deviation, > 0.

    Returns:
        float [..., G]: mean 0 and standard deviation about 1 over the batch.

    Raises:
        InputError: under the same conditions as in `reward_combination`.
    """
    r, b = _checked(rewards, weights)
    if r.shape[-2] < 2:
        return np.zeros(r.shape[:-1], dtype=r.dtype)
    x = _centred(r)
    total = _sum(x / (_deviation(x, 1) + r.dtype.type(eps)), b)
    if total.size < 2:
        return total
    return np.asarray((total - total.mean()) / (total.std(ddof=1) + r.dtype.type(eps)))


def mo_grpo(rewards: ArrayLike, weights: ArrayLike) -> Floats:
    """Scales every criterion to variance 1, so that all say as much, then standardises the weighted sum.

    MO-GRPO (arXiv 2509.22047) weights by variance so that every reward contributes equally and the order is kept; its
    formula was not seen, this is the plain reading of that sentence. Within a group the order is that of
    `advantage_combination`.

    Args:
        rewards: float [..., G, K] the scores, finite.
        weights: float [K] (or [..., K]) the base weights, >= 0.

    Returns:
        float [..., G]: the advantages, standardised.

    Raises:
        InputError: under the same conditions as in `reward_combination`.
    """
    r, b = _checked(rewards, weights)
    z = _standardised(r)
    return _combined(z, b, np.abs(z).max(axis=-2))


def dvao(rewards: ArrayLike, weights: ArrayLike) -> Floats:
    """Dynamic variance-adaptive weights, as a named baseline. Warning: it does not suppress a noisy criterion.

    The dynamic weights cancel against the standardisation:

        sum_k v_k x_k / sigma_k  =  sum_k b_k x_k / sum_k b_k sigma_k,

    so within a group every sign and the whole order are those of `reward_combination`, only the step is smaller
    (``|dvao| <= |reward_combination|``, and the mean square is at most 1). A criterion of pure noise with ten times the
    spread takes nine tenths of the weight. Where noise is the worry, use `reliability_weighted`.

    Jiang et al. 2026 (arXiv 2605.25604); the identity is checked in tests/processes/test_criteria.py.

    Args:
        rewards: float [..., G, K] the scores, finite.
        weights: float [K] (or [..., K]) the base weights, >= 0.

    Returns:
        float [..., G]: the advantages.

    Raises:
        InputError: under the same conditions as in `reward_combination`.
    """
    r, b = _checked(rewards, weights)
    spread = b * _deviation(_centred(r))[..., 0, :]
    return _sum(_standardised(r), _divided(spread, spread.sum(axis=-1, keepdims=True)))


def reliability_weighted(rewards: ArrayLike, weights: ArrayLike, reliability: ArrayLike) -> Floats:
    """Standardises every criterion, then adds with weights times reliability: noise is what does not repeat.

    Args:
        rewards: float [..., G, K] the scores, finite.
        weights: float [K] (or [..., K]) the base weights, >= 0.
        reliability: float [K] (or [..., K]) the reliabilities within [0, 1], e.g. from `retest_reliability`.

    Returns:
        float [..., G]: the advantages; 0 where no criterion is reliable.

    Raises:
        InputError: under the same conditions as in `reward_combination`, or a reliability is outside [0, 1].
    """
    r, b = _checked(rewards, weights)
    rho = np.asarray(reliability, dtype=r.dtype)
    if rho.shape[-1:] != r.shape[-1:] or not ((rho >= 0) & (rho <= 1)).all():
        raise InputError(f"every one of the {r.shape[-1]} criteria needs a reliability between 0 and 1")
    return _sum(_standardised(r), b * rho)


def retest_reliability(first: ArrayLike, second: ArrayLike) -> Floats:
    """Reliability of every criterion: correlation of two measurements of the same slates or rollouts.

    Deviations from the group's mean are pooled over groups; a negative or undefined correlation is 0.

    Args:
        first: float [..., G, K] the scores of the first measurement.
        second: float [..., G, K] the scores of the same slates or rollouts, measured again.

    Returns:
        float [K]: the reliabilities within [0, 1].

    Raises:
        InputError: shapes differ or do not fit, or scores are not finite.
    """
    r, _ = _checked(first, np.ones(np.shape(first)[-1:]))
    s, _ = _checked(second, np.ones(np.shape(second)[-1:]))
    if r.shape != s.shape:
        raise InputError(f"the two measurements have shapes {r.shape} and {s.shape}; they must be of the same things")
    x, y = (_centred(each).reshape(-1, r.shape[-1]) for each in (r, s))
    correlation = _divided((x * y).sum(axis=0), np.sqrt((x * x).sum(axis=0) * (y * y).sum(axis=0)))
    return np.asarray(np.clip(correlation, 0.0, 1.0))


WEIGHTINGS: Mapping[str, Weighting] = {
    "reward-combination": reward_combination,
    "advantage-combination": advantage_combination,
    "gdpo": gdpo,
    "mo-grpo": mo_grpo,
    "dvao": dvao,
}
"""Weightings by name; `reliability_weighted` needs a third argument."""


def score_slates(criteria: ArrayLike, weights: ArrayLike, reliability: ArrayLike | None = None) -> Floats:
    """One score for each candidate slate out of several criteria; the highest is the best.

    Args:
        criteria: float [n_slates, K] the scores, higher is better; turn the sign of what should be low (a frontier d).
        weights: float [K] the base weights, >= 0.
        reliability: float [K] the reliabilities within [0, 1]; None: every criterion counts as fully reliable.

    Returns:
        float [n_slates]: the scores, with mean 0.

    Raises:
        InputError: under the same conditions as in `reliability_weighted`.
    """
    if np.ndim(criteria) != 2:
        raise InputError("criteria of slates are a table: a row a slate, a column a criterion")
    known = np.ones(np.shape(criteria)[-1]) if reliability is None else reliability
    return reliability_weighted(criteria, weights, known)


def _checked(rewards: ArrayLike, weights: ArrayLike) -> tuple[Floats, Floats]:
    r = np.asarray(rewards)
    if not np.issubdtype(r.dtype, np.floating):
        r = r.astype(np.float64)
    if r.ndim < 2 or not r.shape[-2] or not r.shape[-1]:
        raise InputError("scores need two axes at least, [..., rollouts or slates, criteria], and none of them empty")
    if not np.isfinite(r).all():
        raise InputError("a score is not a finite number; leave out what was not measured")
    b = np.asarray(weights, dtype=r.dtype)
    if b.shape[-1:] != r.shape[-1:] or not (b >= 0).all() or not (b.sum(axis=-1) > 0).all():
        raise InputError(f"every one of the {r.shape[-1]} criteria needs a weight, none negative and not all 0")
    return r, b


def _centred(r: Floats) -> Floats:
    """Deviations from the group's mean, exactly 0 where a criterion varies by no more than rounding."""
    # Shifted by a member of the group first, so that large scores with small differences keep them.
    x = r - r[..., :1, :]
    x = x - x.mean(axis=-2, keepdims=True)
    flat = (r.max(axis=-2) - r.min(axis=-2)) <= ROUNDINGS * np.finfo(r.dtype).eps * np.abs(r).max(axis=-2)
    return np.where(flat[..., None, :], r.dtype.type(0), x)


def _deviation(x: Floats, ddof: int = 0) -> Floats:
    """Standard deviation of centred scores, [..., 1, K]; scaled first, so that squares neither vanish nor overflow."""
    largest = np.abs(x).max(axis=-2, keepdims=True)
    scaled = _divided(x, largest)
    return np.asarray(largest * np.sqrt((scaled * scaled).sum(axis=-2, keepdims=True) / (x.shape[-2] - ddof)))


def _standardised(r: Floats) -> Floats:
    x = _centred(r)
    return _divided(x, _deviation(x))


def _sum(values: Floats, weights: Floats) -> Floats:
    return np.asarray((values * weights[..., None, :]).sum(axis=-1))


def _combined(x: Floats, b: Floats, largest: Floats) -> Floats:
    """The weighted sum, standardised; 0 where it is constant but for rounding."""
    total = _sum(x, b)
    spread = _deviation(total[..., None])[..., 0]
    noise = ROUNDINGS * np.finfo(x.dtype).eps * (b * largest).sum(axis=-1)[..., None]
    return _divided(np.where(spread <= noise, x.dtype.type(0), total), spread)


def _divided(a: Floats, b: Floats) -> Floats:
    """a / b, 0 where b is 0."""
    shape = np.broadcast_shapes(a.shape, b.shape)
    quotient: Floats = np.zeros(shape, dtype=a.dtype)
    np.divide(a, b, out=quotient, where=np.broadcast_to(b != 0, shape))
    return quotient
