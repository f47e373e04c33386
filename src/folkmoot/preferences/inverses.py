"""Inverses and determinants of very many small symmetric positive definite matrices, all at once."""

from __future__ import annotations

import numpy as np

from ..profile import FloatArray
from ..profile.compiled import kernels
from .moments import upper

#: Matrices swept together: enough that steps are long, few enough that they stay in the cache.
_TOGETHER = 2048


def inverses(packed: FloatArray, d: int) -> tuple[FloatArray, FloatArray]:
    """The inverses, float64 [n, d, d], and the logarithms of the matrices' determinants, float64 [n].

    Gauss and Jordan's sweeps on the upper triangle (Goodnight 1979, "A tutorial on the sweep operator"), which need no
    pivoting where matrices are positive definite. Each step is one operation on the same place of all matrices, so that
    it takes a third of what a factorisation of one matrix after the other takes, and rounds alike on every machine.

    Args:
        packed: float64 [n, d * (d + 1) / 2] the upper triangles, row by row.
        d: the number of rows of a matrix.

    >>> inverse, log = inverses(np.array([[2.0, 1.0, 1.0]]), 2)
    >>> inverse.tolist(), log.tolist()
    ([[[1.0, -1.0], [-1.0, 2.0]]], [0.0])
    """
    n = len(packed)
    out, pivots, logs = np.empty((n, d, d)), np.empty((d, n)), np.zeros(n)
    loops = kernels()
    if loops is None:
        _sweep(packed, out, pivots)
    else:
        loops.inverses(n, d, np.ascontiguousarray(packed), out, pivots)
    for pivot in pivots:
        logs += np.log(pivot)
    return out, logs


def _sweep(packed: FloatArray, out: FloatArray, pivots: FloatArray) -> None:
    """Writes the inverses and what was divided by in each step."""
    n, d = out.shape[:2]
    places = upper(d)
    for first in range(0, n, _TOGETHER):
        part = packed[first : first + _TOGETHER]
        m = np.empty((d, d, len(part)))
        m[places] = part.T
        column, row, step = np.empty((3, d, len(part)))
        for i in range(d):
            column[:i], column[i:] = m[:i, i], m[i, i:]
            pivots[i, first : first + _TOGETHER] = column[i]
            inverse = 1.0 / column[i]
            np.multiply(column, inverse, out=row)
            for j in range(d):
                np.multiply(row[j:], column[j], out=step[j:])
                m[j, j:] -= step[j:]
            m[:i, i], m[i, i:] = row[:i], row[i:]
            np.negative(inverse, out=m[i, i])
        for i in range(d):
            np.negative(m[i, i:], out=m[i, i:])
            m[i + 1 :, i] = m[i, i + 1 :]
        out[first : first + _TOGETHER] = m.transpose(2, 0, 1)
