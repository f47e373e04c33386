"""Approvals counted in bytes: the integer path of a closed pool whose utilities are small whole numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from ..profile import BoolArray, FloatArray, IntArray

Bytes = NDArray[np.int8]
Tally = NDArray[np.int32]
Blocks = Callable[[IntArray, IntArray], Iterator[tuple[IntArray, FloatArray]]]
# Rows whose approvals fit into one byte.
ROWS = 127
# Levels whose counts are remembered.
MOST = 64


def small_integers(blocks: Blocks, n_agents: int, size: int) -> Bytes | None:
    """int8 [n_agents, size] of utilities that are all whole numbers within -127..127; None where one is not.

    Args:
        blocks: the utilities of agents and candidates, in blocks of candidates.
        n_agents: the number of agents.
        size: the number of candidates.
    """
    agents = np.arange(n_agents)
    # Most pools that do not qualify are recognised by their first row.
    if not n_agents or not size or any(_bytes(block) is None for _, block in blocks(agents[:1], np.arange(size))):
        return None
    integers = np.empty((n_agents, size), dtype=np.int8)
    for part, block in blocks(agents, np.arange(size)):
        small = _bytes(block)
        if small is None:
            return None
        integers[:, part[0] : part[-1] + 1] = small
    return integers


def _bytes(block: FloatArray) -> Bytes | None:
    if not (np.abs(block) <= 127).all():
        return None
    small = block.astype(np.int8)
    return small if (small == block).all() else None


def approvals(values: Bytes, threshold: int) -> Tally:
    """int32 [m]: rows of ``values`` [s, m] with a value >= threshold, for every column."""
    tally = np.zeros(values.shape[1], dtype=np.int32)
    for start in range(0, len(values), ROWS):
        tally += np.add.reduce((values[start : start + ROWS] >= threshold).view(np.int8), axis=0, dtype=np.int8)
    return tally


class Counts:
    """Number of members of a group that approve each candidate at a level, kept up to date as the group shrinks.

    A process asks about the same group at many levels, then about the group without those it has represented:
    counts of a level are remembered and only those who left are subtracted.

    Args:
        values: int8 [n, m] utilities within -127..127, one contiguous row per agent.
    """

    def __init__(self, values: Bytes) -> None:
        self.values = values
        self._agents: IntArray = np.zeros(0, dtype=np.int64)
        self._inside: BoolArray = np.zeros(len(values), dtype=bool)
        self._known: dict[int, tuple[BoolArray, Tally]] = {}

    def support(self, agents: IntArray, level: float) -> Tally:
        """int32 [m], not to be written to: agents with utility >= level, for every candidate.

        Args:
            agents: the rows of the agents; a row that is repeated counts as often.
            level: the approval level, any number.
        """
        if level > 127:
            return np.zeros(self.values.shape[1], dtype=np.int32)
        threshold = math.ceil(max(level, -128.0))
        inside = self._group(agents)
        if inside is None:
            return approvals(self.values[agents], threshold)
        if threshold in self._known:
            before, count = self._known[threshold]
            if before is inside:
                return count
            left = np.flatnonzero(before & ~inside)
            if len(left) < len(agents) and not (inside & ~before).any():
                count = count - approvals(self.values[left], threshold)
                self._known[threshold] = inside, count
                return count
        elif len(self._known) >= MOST:
            self._known.clear()
        count = approvals(self.values if len(agents) == len(self.values) else self.values[agents], threshold)
        self._known[threshold] = inside, count
        return count

    def _group(self, agents: IntArray) -> BoolArray | None:
        """Membership of the group, the same object as long as the group is the same; None where rows repeat."""
        if not np.array_equal(agents, self._agents):
            inside = np.zeros(len(self.values), dtype=bool)
            inside[agents] = True
            if np.count_nonzero(inside) != len(agents):
                return None
            self._inside, self._agents = inside, agents.copy()
        return self._inside
