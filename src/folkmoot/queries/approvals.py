"""The approvers of every statement at one level, column by column: the input of approval-based rules."""

from __future__ import annotations

from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ..profile import BoolArray, FloatArray, IntArray
from .closed_pool import ClosedPool

N = TypeVar("N", np.int64, np.float64)

# Utilities are processed in blocks of about this many entries, so that they stay in the processor's cache.
BLOCK = 100_000


class Approvals:
    """The approvers of every candidate of a pool.

    Args:
        pool: the candidates and the agents.
        level: the approval level: an agent approves what it values at least this much.
        above: whether an agent approves only what it values more than the level.
        values: whether to keep the utilities of what is approved, too.
    """

    def __init__(self, pool: ClosedPool, level: float, *, above: bool = False, values: bool = False) -> None:
        self.pool = pool
        self.masses = pool.masses
        rows, kept, counts = [], [], []
        width = max(1, BLOCK // max(1, pool.n_agents))
        for start in range(0, pool.size, width):
            block = _columns(pool, start, min(start + width, pool.size))
            approve = block > level if above else block >= level
            approving, number = approvers(approve)
            rows.append(approving)
            counts.append(number)
            if values:
                kept.append(block.T[approve.T])
        empty = np.zeros(0, dtype=np.int64)
        self.rows: IntArray = np.concatenate([empty, *rows])
        self.values: FloatArray = np.concatenate([np.zeros(0), *kept])
        self.starts = np.concatenate([[0], np.cumsum(np.concatenate([empty, *counts]))]).astype(np.int64)
        self._approved = np.flatnonzero(np.diff(self.starts))
        self.mass: IntArray = np.diff(self.starts) if pool.unit_mass else self.sums(self.masses)

    def of(self, candidate: int) -> IntArray:
        """Rows of the candidate's approvers, ascending."""
        return self.rows[self.starts[candidate] : self.starts[candidate + 1]]

    def values_of(self, candidate: int) -> FloatArray:
        """Utilities of the candidate's approvers, in the order of `of`."""
        return self.values[self.starts[candidate] : self.starts[candidate + 1]]

    @cached_property
    def _column(self) -> IntArray:
        return np.repeat(np.arange(self.pool.size), np.diff(self.starts))

    def sums(self, values: NDArray[N]) -> NDArray[N]:
        """[m]: sum of the agents' values over the approvers of every candidate (exact for integers)."""
        sums: NDArray[N] = np.zeros(self.pool.size, dtype=values.dtype)
        if len(self._approved):
            sums[self._approved] = np.add.reduceat(values.take(self.rows), self.starts[self._approved])
        return sums

    def counts(self, kind: IntArray, kinds: int) -> IntArray:
        """int64 [m, kinds]: mass of every candidate's approvers of each kind (kind: int64 [n])."""
        cell = self._column * kinds + kind.take(self.rows)
        weights = None if self.pool.unit_mass else self.masses.take(self.rows)
        return np.rint(np.bincount(cell, weights, self.pool.size * kinds)).astype(np.int64).reshape(-1, kinds)


def approvers(approve: BoolArray) -> tuple[IntArray, IntArray]:
    """Rows of the True entries column by column (best for columns that are contiguous), and how many per column."""
    n, m = approve.shape
    flat = np.flatnonzero(approve.T)
    counts = np.diff(np.searchsorted(flat, np.arange(m + 1) * n))
    return flat - np.repeat(np.arange(m) * n, counts), counts.astype(np.int64)


def _columns(pool: ClosedPool, start: int, stop: int) -> FloatArray:
    """Utilities of neighbouring candidates, without a copy where the pool keeps them itself."""
    if type(pool) is ClosedPool and pool._whole is not None:
        return pool._whole[:, start:stop]
    return pool.utilities(pool.agents, np.arange(start, stop))
