"""First and second moments of many Gaussian vectors side by side, and which of them a sum over entries needs.

A person's extended vector is (1, a, u), a statement's (b, 1, v): their product is the logit, and the inner product of
their second moments is the logit's expected square.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from ..profile import FloatArray, IntArray


def moments(mean: FloatArray, cov: FloatArray) -> FloatArray:
    """1, the means and the second moments, upper triangle row by row, float64 [n, 1 + d + d * (d + 1) / 2].

    Args:
        mean: float64 [n, d] the means, bias first.
        cov: float64 [n, d, d] the covariances.
    """
    n, d = mean.shape
    first, second = upper(d)
    out = np.empty((n, 1 + d + len(first)))
    out[:, 0] = 1.0
    out[:, 1 : 1 + d] = mean
    square = mean.take(first, axis=1)
    square *= mean.take(second, axis=1)
    square += cov.reshape(n, d * d).take(first * d + second, axis=1)
    out[:, 1 + d :] = square
    return out


@cache
def extended(d: int, which: int) -> IntArray:
    """Where `moments` has the second moments of extended vectors, upper triangle row by row; 0: people, 1: statements.

    >>> extended(2, 0).tolist(), extended(2, 1).tolist()
    ([0, 1, 2, 3, 4, 5], [3, 1, 4, 0, 2, 5])
    """
    # The moments of (1, bias, loadings) are their own upper triangle; statements have the first two the other way.
    place = square(d + 1)
    order = np.arange(d + 1)
    if which == 1:
        order[:2] = 1, 0
    first, second = upper(d + 1)
    return _fixed(place[order[first], order[second]])


@cache
def given(d: int) -> IntArray:
    """Where `moments` has what the other side's posterior rests on: the products of x = (1, loadings), upper triangle
    row by row, and then bias times x.

    >>> given(2).tolist()
    [0, 2, 5, 1, 4]
    """
    place = square(d + 1)
    x = np.array([0, *range(2, d + 1)])
    first, second = upper(d)
    return _fixed(np.concatenate([place[x[first], x[second]], place[1, x]]))


@cache
def loadings(d: int) -> IntArray:
    """Where `moments` has x = (1, loadings)."""
    return _fixed(np.array([0, *range(2, d + 1)]))


@cache
def square(d: int) -> IntArray:
    """int64 [d, d]: where the upper triangle, row by row, has each place of a symmetric matrix.

    >>> square(2).tolist()
    [[0, 1], [1, 2]]
    """
    first, second = upper(d)
    out = np.empty((d, d), dtype=np.int64)
    out[first, second] = out[second, first] = np.arange(len(first))
    return _fixed(out)


@cache
def doubling(d: int) -> FloatArray:
    """Two off the diagonal, one on it: the inner product of two symmetric matrices from their upper triangles."""
    first, second = upper(d)
    out = np.where(first == second, 1.0, 2.0)
    out.flags.writeable = False
    return out


@cache
def upper(d: int) -> tuple[IntArray, IntArray]:
    """Rows and columns of the upper triangle; on small data finding them takes as long as a sum over all answers."""
    first, second = np.triu_indices(d)
    return _fixed(first), _fixed(second)


def _fixed(places: IntArray) -> IntArray:
    """The same array, which nobody can change."""
    places.flags.writeable = False
    return places
