"""Inner products of people's vectors with statements': whole blocks, or at the pairs that are there."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..profile import FloatArray, IntArray
from ..profile.compiled import kernels

#: Share of filled cells from which whole blocks are cheaper than single pairs.
_FILLED = 0.2
#: Multiplications of a block: OpenBLAS uses one thread up to 262,144.
_BLOCK = 250_000
#: Least rows of a block that is read at single pairs.
_TILE = 64


def product(left: FloatArray, right: FloatArray) -> FloatArray:
    """left.T @ right of [k, n] and [k, m], float64 [n, m], in blocks that BLAS multiplies on one thread.

    The result is then the same with any number of threads, and threads that wait for a busy core cannot make it ten
    times slower.
    """
    n, m = left.shape[1], right.shape[1]
    out = np.empty((n, m))
    transposed = np.ascontiguousarray(left.T)
    height = _height(len(left), m)
    for first in range(0, n, height):
        np.matmul(transposed[first : first + height], right, out=out[first : first + height])
    return out


class Pairs:
    """Pairs of a row and a column, sorted by row, at which inner products are wanted again and again.

    Args:
        rows: int64 [n_pairs] the rows, ascending.
        columns: int64 [n_pairs] the columns.
        n: the number of rows there are.
        m: the number of columns there are.
    """

    def __init__(self, rows: IntArray, columns: IntArray, n: int, m: int) -> None:
        self.rows, self.columns, self.n, self.m = rows, columns, n, m
        self._last: tuple[int, list[int], NDArray[np.int32]] | None = None

    def products(self, left: FloatArray, right: FloatArray) -> FloatArray:
        """left[row] . right[column] of [n, k] and [m, k] at every pair, float64 [n_pairs].

        Well filled blocks are multiplied whole, thinly filled ones at the pairs alone.
        """
        left = np.ascontiguousarray(left)
        if len(self.rows) < _FILLED * self.n * self.m:
            return self._single(left, np.ascontiguousarray(right))
        out, right = np.empty(len(self.rows)), np.ascontiguousarray(right.T)
        # BLAS copies both sides of a product into an order of its own: tiles have less to copy than thin strips.
        inner = max(left.shape[1], 1)
        height = max(min(_TILE, _BLOCK // (8 * inner)), _height(inner, self.m))
        width = max(1, _BLOCK // (inner * height))
        width -= width % 8 if width > 8 else 0
        cuts, places = self._blocks(height)
        block = np.empty((height, self.m))
        for at, (start, stop) in enumerate(pairwise(cuts)):
            if stop > start:
                part = left[at * height : (at + 1) * height]
                for first in range(0, self.m, width):
                    tile = slice(first, first + width)
                    np.matmul(part, right[:, tile], out=block[: len(part), tile])
                # All places are in range; "clip" saves take a copy.
                block.take(places[start:stop], out=out[start:stop], mode="clip")
        return out

    def _single(self, left: FloatArray, right: FloatArray) -> FloatArray:
        """The products at the pairs alone; every fourth feature is added up by itself: a register holds four sums."""
        loops = kernels()
        if loops is not None:
            out = np.empty(len(self.rows))
            loops.inner_products(self.n, self.m, left.shape[1], *self._places, left, right, out)
            return out
        sums = np.zeros((4, len(self.rows)))
        for place, (a, b) in enumerate(zip(left.T.copy(), right.T.copy(), strict=True)):
            sums[place % 4] += a[self.rows] * b[self.columns]
        return np.asarray((sums[0] + sums[1]) + (sums[2] + sums[3]), dtype=np.float64)

    @cached_property
    def _places(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The rows and columns as the compiled loop takes them."""
        return self.rows.astype(np.int32), self.columns.astype(np.int32)

    def _blocks(self, height: int) -> tuple[list[int], NDArray[np.int32]]:
        """Where the pairs of each block of rows begin, and every pair's place in its block; remembered for one height.

        A fit asks for the same height in every sweep.
        """
        if self._last is None or self._last[0] != height:
            cuts = np.searchsorted(self.rows, np.arange(0, self.n + height, height))
            first = np.repeat(np.arange(len(cuts) - 1) * height, np.diff(cuts))
            self._last = height, cuts.tolist(), ((self.rows - first) * self.m + self.columns).astype(np.int32)
        return self._last[1:]


def _height(inner: int, columns: int) -> int:
    """Rows of a block small enough for BLAS to multiply it on one thread."""
    return max(1, _BLOCK // max(inner * columns, 1))
