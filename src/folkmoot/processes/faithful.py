"""How well each of several rewards tells what people value, and the weights that follow.

Milli, Pierson and Garg 2023 (arXiv 2305.17428) ask three things of a signal: is it faithful to what people value, is it
noisy, can it be gamed? A reward that repeats perfectly may still say nothing of value, the length of an answer, say, so
reliability alone does not choose weights. Here people's choices are what they value: of two answers they chose one.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..profile import FloatArray, InputError, IntArray

#: Resamples of people, and what is added to variances so that rewards that are the same can be told apart.
SAMPLES, RIDGE = 1_000, 1e-6


@dataclass(frozen=True, eq=False)
class Faithful:
    """What rewards tell of people's choices, K of them.

    Args:
        value: float64 [K] the share of pairs whose chosen answer has the higher reward, less the share in which the
            other one has it: 1 always right, 0 no better than a coin, below 0 it tells the opposite.
        low: float64 [K] the lower ends of 95 % intervals over people.
        high: float64 [K] the upper ends.
        weights: float64 [K] the weights that foretell choices best together (Fisher's discriminant), none negative,
            with mean 1; noise counts against a reward by itself, since it adds variance and no value.
        people: the number of people who chose.
    """

    value: FloatArray
    low: FloatArray
    high: FloatArray
    weights: FloatArray
    people: int


def value_faithfulness(
    chosen: ArrayLike,
    rejected: ArrayLike,
    people: Sequence[Hashable] | IntArray,
    rng: np.random.Generator,
) -> Faithful:
    """Holds rewards against what people chose.

    The weights are for rewards that are standardised among the answers to a prompt, as all rules of
    `folkmoot.integrations.advantages` but ``sum`` and ``dvao`` have them.

    Args:
        chosen: float [n, K] the rewards of the answers that were chosen.
        rejected: float [n, K] those of the answers that were not.
        people: [n] who chose; intervals draw whole people again.
        rng: the generator of the resamples.

    Raises:
        InputError: shapes do not fit, rewards are not finite, or fewer than two people chose.
    """
    one, other = np.asarray(chosen, dtype=np.float64), np.asarray(rejected, dtype=np.float64)
    if one.ndim != 2 or one.shape != other.shape or len(one) != len(people) or not one.shape[1]:
        raise InputError(
            f"rewards of shapes {one.shape} and {other.shape} for {len(people)} choices; both need a row a choice"
        )
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        raise InputError("a reward is missing or infinite; leave out choices between answers without all rewards")
    number: dict[Hashable, int] = {}
    listed = people.tolist() if isinstance(people, np.ndarray) else people
    row = np.array([number.setdefault(who, len(number)) for who in listed], dtype=np.int64)
    n = len(number)
    if n < 2:
        raise InputError("choices of one person alone have no interval; give those of two people or more")
    apart = one - other
    sums = np.stack([np.bincount(row, column, n) for column in np.sign(apart).T], axis=1)
    times = np.vstack([np.ones((1, n)), rng.multinomial(n, np.full(n, 1.0 / n), size=SAMPLES)])
    shares = np.einsum("bn,nk->bk", times, sums) / np.einsum("bn,n->b", times, np.bincount(row) * 1.0)[:, None]
    low, high = np.quantile(shares[1:], [0.025, 0.975], axis=0)
    return Faithful(shares[0], low, high, _weights(apart), n)


def _weights(apart: FloatArray) -> FloatArray:
    """The discriminant's weights of standardised differences; rewards that would count against are left out in turn."""
    k = apart.shape[1]
    spread = np.sqrt(np.mean(apart**2, axis=0))
    z = apart / np.where(spread > 0, spread, 1.0)
    mean = z.mean(axis=0)
    # about the mean: what is left once value is taken off is noise
    noise = np.einsum("nk,nl->kl", z - mean, z - mean) / len(z) + RIDGE * np.eye(k)
    kept = np.flatnonzero((spread > 0) & (mean > 0))
    found = np.zeros(k)
    while len(kept):
        tried = np.linalg.solve(noise[np.ix_(kept, kept)], mean[kept])
        if (tried >= 0).all():
            found[kept] = tried
            break
        kept = np.delete(kept, int(tried.argmin()))
    total = found.sum()
    return np.asarray(found * (k / total) if total > 0 else found, dtype=np.float64)
