"""The closed pool of a whole population: what a process asks is counted from levels on disk, shard by shard.

`processes.democratic` asks how many people value a statement how much, and everybody's utilities of single statements.
The former are histograms of levels, which add up over shards; the latter are one column of the levels.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..profile import BoolArray, FloatArray, IntArray
from ..queries import ClosedPool
from ..queries.completed import GRID
from .blocks import Levels, known_in
from .whole import Where, Whole

#: Histograms of at most so many statements are made at once.
COLUMNS = 512


class Leveled:
    """The discriminative query over levels on disk; statements are columns of the profile.

    Args:
        whole: everybody, predicted (`Whole.predicted`).
    """

    def __init__(self, whole: Whole) -> None:
        self.whole = whole
        self.n_agents, self.n_statements = whole.shards.n_agents, whole.frame.profile.n_statements
        self._place = np.full(self.n_statements, -1, dtype=np.int64)
        self._place[whole.frame.columns] = np.arange(len(whole.frame.columns))

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """See `Disc.utilities`; the people in ascending order."""
        shards, found = self.whole.shards, np.empty((len(agents), len(statements)), order="F")
        for number in range(shards.count):
            first, stop = shards.bounds(number)
            low, high = np.searchsorted(agents, (first, stop))
            if low == high:
                continue
            levels: Levels = np.load(shards.path(number, "levels.npy"), mmap_mode="r")
            rows = agents[low:high] - first
            for column, place in enumerate(self._place[statements].tolist()):
                found[low:high, column] = levels[place][rows]
        found /= GRID
        found += self.whole.frame.profile.answers.scale.utility_range[0]
        return found

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """See `Disc.known`; the people in ascending order."""
        shards, found = self.whole.shards, np.empty((len(agents), len(statements)), dtype=bool)
        for number in range(shards.count):
            first, stop = shards.bounds(number)
            low, high = np.searchsorted(agents, (first, stop))
            if low < high:
                known = known_in(self.whole.frame, shards, number, self._place[statements])
                found[low:high] = known[:, agents[low:high] - first].T
        return found


class WholePool(ClosedPool):
    """A closed pool whose counting is done by shards; everybody has mass 1.

    Args:
        whole: everybody, predicted.
        costs: int64 [m] of the columns of its frame.
    """

    def __init__(self, whole: Whole, costs: IntArray) -> None:
        # Nothing is kept in memory: what `ClosedPool` would do for a small pool is left out.
        self.disc = Leveled(whole)
        self.statements, self.costs = whole.frame.columns, costs
        self.masses = np.ones(whole.shards.n_agents, dtype=np.int64)
        self.agents = np.arange(whole.shards.n_agents)
        self.total_mass, self.unit_mass = whole.shards.n_agents, True
        self.n_asked = 0
        self._whole, self._counts, self._countable = None, None, False
        self.everybody = whole

    def reachable(self, agents: IntArray, candidates: IntArray, wanted: IntArray) -> FloatArray:
        """See `ClosedPool.reachable`: from histograms of levels, exactly."""
        counts = self._histograms(agents, candidates)
        above = np.cumsum(counts[:, ::-1], axis=1)[:, ::-1]
        # Of falling numbers of people, the highest level at which enough are left.
        level = (above >= wanted[:, None]).sum(axis=1) - 1
        return self.everybody.frame.utility(level)

    def support(self, agents: IntArray, candidates: IntArray, level: float | FloatArray) -> IntArray:
        """See `ClosedPool.support`."""
        low = self.everybody.frame.profile.answers.scale.utility_range[0]
        levels = np.broadcast_to(np.asarray(level, dtype=np.float64), (len(candidates),))
        least = np.clip(np.ceil((levels - low) * GRID), 0, self.everybody.frame.top + 1).astype(np.int64)
        counts = self._histograms(agents, candidates)
        above = np.cumsum(counts[:, ::-1], axis=1)[:, ::-1]
        padded = np.concatenate([above, np.zeros((len(above), 1), dtype=np.int64)], axis=1)
        return np.asarray(padded[np.arange(len(candidates)), least], dtype=np.int64)

    def _histograms(self, agents: IntArray, candidates: IntArray) -> IntArray:
        """int64 [c, top + 1]: how many of the people have which level."""
        whole, among = self.everybody, np.zeros(self.n_agents, dtype=bool)
        among[agents] = True
        self.n_asked += len(agents) * len(candidates)
        found = np.zeros((len(candidates), whole.frame.top + 1), dtype=np.int64)
        tasks = []
        for number in range(whole.shards.count):
            first, stop = whole.shards.bounds(number)
            inside = among[first:stop]
            if inside.any():
                tasks.append((whole.where, number, np.packbits(inside), candidates))
        for one in whole.executor.map(_histogram, tasks):
            found += one
        return found


def _histogram(task: tuple[Where, int, NDArray[np.uint8], IntArray]) -> NDArray[np.integer[Any]]:
    where, number, inside, candidates = task
    frame, shards = where.open()
    first, stop = shards.bounds(number)
    among = np.unpackbits(inside, count=stop - first).astype(bool)
    rows = None if among.all() else np.flatnonzero(among)
    levels: Levels = np.load(shards.path(number, "levels.npy"), mmap_mode="r")
    found = np.zeros((len(candidates), frame.top + 1), dtype=np.int64)
    for at, candidate in enumerate(candidates.tolist()):
        column = levels[candidate] if rows is None else levels[candidate][rows]
        found[at] = np.bincount(column, minlength=frame.top + 1)
    return found
