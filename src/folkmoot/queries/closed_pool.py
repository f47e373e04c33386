"""Exact queries over a closed pool: the candidates are listed, so both queries are answered by looking them up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..profile import BoolArray, FloatArray, InputError, IntArray
from .counts import Counts, small_integers
from .protocol import Disc

# The whole matrix is kept when it is no larger than this many entries (256 MB); above, it is asked for in blocks.
KEEP = 32_000_000
BLOCK = 4_000_000
# Whole numbers are also kept as bytes, up to this many entries; counting approvals for fewer than one candidate in
# WIDE is done on the spot.
KEEP_BYTES = 8 * KEEP
WIDE = 8


class ClosedPool:
    """Candidate statements with their costs, and the agents with their masses.

    Candidates are numbered 0..m-1 in pool order, which is also the tie order. Implements `Gen`.

    Args:
        disc: the query that answers u_i(a).
        statements: int64 [m] the columns of ``disc`` that are candidates.
        costs: int64 [m] the cost of every candidate, >= 1.
        masses: int64 [n] the mass of every agent; None: 1 each.

    Raises:
        InputError: a candidate costs less than 1, or the lengths differ.
    """

    # The same query has the same answer every time, and the cost limit matters only for the candidates it rules out.
    exact = True

    def __init__(self, disc: Disc, statements: IntArray, costs: IntArray, masses: IntArray | None = None) -> None:
        if len(costs) != len(statements):
            raise InputError(f"{len(statements)} candidates but {len(costs)} costs")
        if len(costs) and int(costs.min()) < 1:
            raise InputError(f"candidate {int(np.argmin(costs))} costs less than 1; every candidate needs a cost")
        self.disc = disc
        self.statements = np.asarray(statements, dtype=np.int64)
        self.costs = np.asarray(costs, dtype=np.int64)
        self.masses = np.ones(disc.n_agents, dtype=np.int64) if masses is None else masses
        self.agents = np.arange(disc.n_agents)
        self.total_mass = int(self.masses.sum())
        self.unit_mass = bool((self.masses == 1).all())
        # The number of utilities asked for so far.
        self.n_asked = 0
        self._whole: FloatArray | None = None
        self._counts: Counts | None = None
        self._countable = self.unit_mass
        if self.n_agents * self.size <= KEEP:
            # Column-major: everything downstream walks along one statement's column.
            self._whole = np.asfortranarray(self._ask(self.agents, np.arange(self.size)))

    @property
    def size(self) -> int:
        return len(self.statements)

    @property
    def n_agents(self) -> int:
        return self.disc.n_agents

    def utilities(self, agents: IntArray, candidates: IntArray) -> FloatArray:
        """float64 [len(agents), len(candidates)], columns contiguous."""
        if self._whole is None:
            if self._counts is not None:
                return np.asfortranarray(self._counts.values[np.ix_(agents, candidates)].astype(np.float64))
            return np.asfortranarray(self._ask(agents, candidates))
        if np.array_equal(agents, self.agents):
            return self._whole[:, candidates]
        return np.asfortranarray(self._whole[np.ix_(agents, candidates)])

    def known(self, agents: IntArray, candidates: IntArray) -> BoolArray:
        """bool, same shape as `utilities`: True where the utility rests on the person's own answer."""
        return self.disc.known(agents, self.statements[candidates])

    def blocks(self, agents: IntArray, candidates: IntArray) -> Iterator[tuple[IntArray, FloatArray]]:
        """(candidates, utilities) in blocks of bounded size, in order."""
        width = max(1, BLOCK // max(1, len(agents)))
        for start in range(0, len(candidates), width):
            part = candidates[start : start + width]
            yield part, self.utilities(agents, part)

    def reachable(self, agents: IntArray, candidates: IntArray, wanted: IntArray) -> FloatArray:
        """For each candidate the highest level that at least ``wanted`` mass of the agents approve it at.

        Args:
            agents: int64, the rows of the agents.
            candidates: int64 [c] the candidates.
            wanted: int64 [c] the mass that has to approve; it must not exceed the mass of ``agents``.

        Returns:
            float64 [c]: the largest t with mass{i: u_i(a) >= t} >= wanted.
        """
        levels = np.empty(len(candidates))
        done = 0
        for part, block in self.blocks(agents, candidates):
            mass = wanted[done : done + len(part)]
            # One sort per column instead of partitions: columns differ in how deep they look.
            if self.unit_mass:
                ascending = np.sort(block, axis=0)
                levels[done : done + len(part)] = ascending[len(agents) - mass, np.arange(len(part))]
            else:
                order = np.argsort(-block, axis=0, kind="stable")
                heaped = np.cumsum(self.masses[agents][order], axis=0)
                depth = (heaped < mass).sum(axis=0)
                row = order[depth, np.arange(len(part))]
                levels[done : done + len(part)] = block[row, np.arange(len(part))]
            done += len(part)
        return levels

    def support(self, agents: IntArray, candidates: IntArray, level: float | FloatArray) -> IntArray:
        """int64 [len(candidates)]: mass of the agents that approve each candidate at the level (one, or one each)."""
        if np.ndim(level) == 0 and len(candidates) * WIDE >= self.size and self.counts is not None:
            return self.counts.support(agents, float(level))[candidates].astype(np.int64)
        support = np.empty(len(candidates), dtype=np.int64)
        levels = np.broadcast_to(np.asarray(level, dtype=np.float64), (len(candidates),))
        masses = self.masses[agents]
        done = 0
        for part, block in self.blocks(agents, candidates):
            approve = block >= levels[done : done + len(part)]
            support[done : done + len(part)] = approve.sum(axis=0) if self.unit_mass else masses @ approve
            done += len(part)
        return support

    @property
    def counts(self) -> Counts | None:
        """Approvals counted in bytes; None unless all utilities are small whole numbers and all masses 1."""
        if self._counts is None and self._countable:
            self._countable = self.n_agents * self.size <= KEEP_BYTES
            bytes_ = small_integers(self.blocks, self.n_agents, self.size) if self._countable else None
            self._counts = None if bytes_ is None else Counts(bytes_)
            self._countable = self._counts is not None
        return self._counts

    def best_at_rank(self, agents: IntArray, rank: int, candidates: IntArray | None = None) -> tuple[int, list[int]]:
        """See `Gen.best_at_rank`; the rank is a mass when agents have weights. Ties: pool order."""
        candidates = np.arange(self.size) if candidates is None else candidates
        scores = self.reachable(agents, candidates, np.full(len(candidates), rank, dtype=np.int64))
        return _first_best(scores, candidates)

    def best_at_level(
        self, agents: IntArray, level: float, max_cost: int, candidates: IntArray | None = None
    ) -> tuple[int, list[int]]:
        """See `Gen.best_at_level`. Ties: pool order."""
        candidates = np.arange(self.size) if candidates is None else candidates
        affordable = candidates[self.costs[candidates] <= max_cost]
        if not len(affordable):
            return -1, []
        return _first_best(self.support(agents, affordable, level), affordable)

    def _ask(self, agents: IntArray, candidates: IntArray) -> FloatArray:
        self.n_asked += len(agents) * len(candidates)
        utilities = self.disc.utilities(agents, self.statements[candidates])
        if np.isnan(utilities).any():
            row, column = np.argwhere(np.isnan(utilities))[0]
            agent, statement = int(agents[row]), int(self.statements[candidates[column]])
            raise InputError(
                f"nothing is known of agent {agent} and statement {statement}; "
                "complete the profile with a preference model first"
            )
        return utilities


def _first_best(scores: FloatArray | IntArray, candidates: IntArray) -> tuple[int, list[int]]:
    best = np.flatnonzero(scores == scores.max())
    return int(candidates[best[0]]), candidates[best[1:]].tolist()
