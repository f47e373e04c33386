"""The synthetic environment itself: its statements, its agents, and exact answers about both at any number of agents.

An agent is an opinion in 1..OPINIONS on each of ISSUES issues, a statement the same with 0 where it is silent.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from folkmoot.profile import BoolArray, FloatArray, IntArray
from folkmoot.queries import ClosedPool
from folkmoot.queries.closed_pool import WIDE

from ..streams import numbers
from .levels import frontier_of_levels

ISSUES, OPINIONS = 5, 5
# Most and least utility of a statement, 2 an issue; an array over all utilities starts at -MOST.
MOST = ISSUES * (OPINIONS // 2)
THETAS, SLACKS = tuple(range(-MOST, MOST + 1)), tuple(range(MOST + 1))
# From so many agents on they are counted by opinion: one count is the same work for any number of them.
MANY = 300


class Opinions:
    """The Disc query of one instance.

    Args:
        opinions: int64 [n, ISSUES], the agents' opinions, 1..OPINIONS.
        universe: the statements.
    """

    def __init__(self, opinions: IntArray, universe: Universe) -> None:
        self.n_agents, self.n_statements = len(opinions), len(universe.opinions)
        self.opinions = opinions
        worth = [OPINIONS // 2 - np.abs(opinions - said) for said in range(1, OPINIONS + 1)]
        self._worth = np.concatenate(worth, axis=1).astype(np.float32)
        self._universe = universe.indicators

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """float64 [len(agents), len(statements)]; sums of small whole numbers, exact in any order."""
        said = self._universe[:, statements]
        # Whichever leaves less to gather.
        few = len(statements) < len(said)
        return np.asarray((self._worth @ said)[agents] if few else self._worth[agents] @ said, dtype=np.float64)

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """See `Disc.known`; everything is known."""
        return np.ones((len(agents), len(statements)), dtype=bool)


@dataclass(frozen=True, eq=False)
class Universe:
    """All statements, in an order drawn once for each seed (where the order breaks a tie, it favours nothing).

    Args:
        opinions: int64 [m, ISSUES], the statements' opinions.
    """

    opinions: IntArray

    @classmethod
    def drawn(cls, seed: int) -> Universe:
        every = np.array([o for o in itertools.product(range(OPINIONS + 1), repeat=ISSUES) if any(o)])
        return cls(numbers(seed, 0).permutation(every))

    @cached_property
    def costs(self) -> IntArray:
        """Issues covered."""
        return np.array((self.opinions > 0).sum(axis=1), dtype=np.int64)

    @cached_property
    def full(self) -> IntArray:
        """Statements on every issue."""
        return np.flatnonzero(self.costs == ISSUES)

    @cached_property
    def indicators(self) -> NDArray[np.float32]:
        """float32 [OPINIONS * ISSUES, m]: 1 where the statement holds that opinion on that issue."""
        return np.concatenate([(self.opinions == said).T for said in range(1, OPINIONS + 1)]).astype(np.float32)

    def tails(self, opinions: IntArray) -> NDArray[np.float32]:
        """float32 [m, 2 MOST + 1]: agents with utility >= l, for every statement and every l from -MOST to MOST.

        Agents alike in their opinions are counted together, and the issues are gone through one after the other
        (the utility is a sum over issues): the work does not depend on the number of agents. Exact below 2^24 agents.

        Args:
            opinions: int64 [s, ISSUES], the opinions of the agents to count.
        """
        alike = (opinions - 1) @ (OPINIONS ** np.arange(ISSUES - 1, -1, -1))
        counts = np.bincount(alike, minlength=OPINIONS**ISSUES).astype(np.float32)
        for issue, step in enumerate(self._steps):
            # Rows: opinions on the issues to come, then what is said on those done; columns: this opinion and utility.
            width = 2 * (OPINIONS // 2) * issue + 1
            rows = np.moveaxis(counts.reshape(OPINIONS, -1, width), 0, 1).reshape(-1, OPINIONS * width)
            counts = rows @ step
        counts = counts.reshape((OPINIONS + 1) ** ISSUES, -1)[self._place]
        return np.ascontiguousarray(np.cumsum(counts[:, ::-1], axis=1)[:, ::-1])

    @cached_property
    def _steps(self) -> list[NDArray[np.float32]]:
        """For each issue float32 [opinion and utility before, what is said and utility after]: 1 where they follow."""
        steps, reach = [], OPINIONS // 2
        for issue in range(ISSUES):
            width = 2 * reach * issue + 1
            step = np.zeros((OPINIONS, width, OPINIONS + 1, width + 2 * reach), dtype=np.float32)
            for opinion, said in itertools.product(range(OPINIONS), range(OPINIONS + 1)):
                gain = reach - abs(opinion + 1 - said) if said else 0
                step[opinion, np.arange(width), said, np.arange(width) + reach + gain] = 1
            steps.append(step.reshape(OPINIONS * width, -1))
        return steps

    @cached_property
    def _place(self) -> IntArray:
        return np.asarray(self.opinions @ ((OPINIONS + 1) ** np.arange(ISSUES - 1, -1, -1)), dtype=np.int64)


class Crowd(ClosedPool):
    """Exact queries over statements of the universe; a crowd of `MANY` and more is counted by opinion.

    Args:
        disc: the Disc query of the instance.
        universe: the statements.
        statements: int64 [m], the numbers of the candidates.
        costs: int64 [m], the costs of the candidates.
    """

    def __init__(self, disc: Opinions, universe: Universe, statements: IntArray, costs: IntArray) -> None:
        self.crowd, self.universe = disc, universe
        self._last: tuple[IntArray, NDArray[np.float32]] | None = None
        super().__init__(disc, statements, costs)

    def support(self, agents: IntArray, candidates: IntArray, level: float | FloatArray) -> IntArray:
        """See `ClosedPool.support`."""
        if self.n_agents < MANY or np.ndim(level) or len(candidates) * WIDE < self.size:
            return super().support(agents, candidates, level)
        if self._last is None or not np.array_equal(agents, self._last[0]):
            self._last = agents.copy(), self.universe.tails(self.crowd.opinions[agents])
        at = int(np.ceil(level)) + MOST
        if at > 2 * MOST:
            return np.zeros(len(candidates), dtype=np.int64)
        tail = self._last[1][:, max(at, 0)]
        return np.asarray(tail[self.statements[candidates]], dtype=np.int64)

    @cached_property
    def full(self) -> Crowd:
        """The same with the statements on every issue only, each costing 1."""
        full = self.universe.full
        return Crowd(self.crowd, self.universe, full, np.ones(len(full), dtype=np.int64))

    def frontier(self, own: FloatArray, needs: IntArray) -> FloatArray:
        """float64 [len(SLACKS)]: d(c) for c = 0, 1, ..., over the thresholds `THETAS` and all candidates.

        See `folkmoot_studies.synthetic.levels.frontier_of_levels`, which this is for few agents.

        Args:
            own: float64 [n], the utility each agent has, whole numbers.
            needs: int64 [m], the mass each candidate has to represent.
        """
        if self.n_agents < MANY:
            assert self.counts is not None
            return frontier_of_levels(own, self.counts.values, needs, THETAS, SLACKS)
        frontier = np.zeros(len(SLACKS))
        below = np.zeros((self.size, len(THETAS)), dtype=np.float32)
        # Agents are added from the worst off up; (theta, c) is read off when all below theta - c are in.
        for worst in np.unique(own):
            below += self.universe.tails(self.crowd.opinions[own == worst])[self.statements]
            ratio = _largest(below, needs)
            following = own[own > worst].min(initial=np.inf)
            for place, slack in enumerate(SLACKS):
                for at, theta in enumerate(THETAS):
                    if worst < theta - slack <= following:
                        frontier[place] = max(frontier[place], ratio[at])
        return frontier


def _largest(masses: NDArray[np.float32], needs: IntArray) -> Sequence[float]:
    """Largest mass / need of every column."""
    kinds = np.unique(needs)
    largest = np.stack([masses[needs == kind].max(axis=0) for kind in kinds]).astype(np.float64)
    return [float(ratio) for ratio in (largest / kinds[:, None]).max(axis=0)]
