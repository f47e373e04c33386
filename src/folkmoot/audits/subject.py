"""What is audited: a slate with its assignment, over a pool, and the ways to treat unknown answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..profile import FloatArray, IntArray, needs
from ..queries import ClosedPool
from ..queries.coalitions import largest_coalitions, possible


@dataclass(frozen=True, eq=False)
class Subject:
    """A slate to be audited.

    Args:
        pool: every candidate that counts (also those an organiser locked out), with masses.
        chosen: int64 [k], the pool numbers of the slate's statements, in order.
        assignment: int64 [n], the place in the slate of each agent's statement, -1 where unassigned.
        budget: the budget of the slate.
    """

    pool: ClosedPool
    chosen: IntArray
    assignment: IntArray
    budget: int

    @property
    def masses(self) -> IntArray:
        return self.pool.masses

    @cached_property
    def needs(self) -> IntArray:
        """int64 [m]: ceil(c(a) n / B) of every candidate, in mass."""
        return needs(self.pool.costs, self.pool.total_mass, self.budget)

    @cached_property
    def outside(self) -> IntArray:
        """Candidates that are not in the slate: what a coalition could ask for instead."""
        return np.setdiff1d(np.arange(self.pool.size), self.chosen)

    @cached_property
    def slate(self) -> FloatArray:
        """float64 [n, k]: utilities of the slate's statements."""
        return self.pool.utilities(self.pool.agents, self.chosen)

    @cached_property
    def own(self) -> FloatArray:
        """float64 [n]: utility of each agent's own statement, -inf when unassigned."""
        return own(self.slate, self.assignment)

    @cached_property
    def own_known(self) -> FloatArray:
        """The same where the person answered; inf elsewhere (nobody complains because of a prediction)."""
        known = self.pool.known(self.pool.agents, self.chosen)
        assigned = self.assignment >= 0
        answered = np.zeros(len(assigned), dtype=bool)
        answered[assigned] = known[np.flatnonzero(assigned), self.assignment[assigned]]
        return np.where(~assigned, -np.inf, np.where(answered, self.own, np.inf))

    @cached_property
    def best(self) -> FloatArray:
        """float64 [n]: utility of each agent's favourite statement of the slate."""
        return self.slate.max(axis=1) if len(self.chosen) else np.full(self.pool.n_agents, -np.inf)

    @property
    def violates_cbjr(self) -> bool:
        """Whether some coalition reaches the need of a statement outside the slate (exact, stops at the first)."""
        for part, block in self.offers(self.outside):
            for at in np.flatnonzero(possible(self.own, block, self.masses) >= self.needs[part]):
                mass, _ = largest_coalitions(self.own, block[:, at : at + 1], self.masses)
                if mass[0] >= self.needs[part[at]]:
                    return True
        return False

    def offers(self, candidates: IntArray) -> Iterator[tuple[IntArray, FloatArray]]:
        """Utilities of candidates, in blocks."""
        return self.pool.blocks(self.pool.agents, candidates)

    def offers_known(self, candidates: IntArray) -> Iterator[tuple[IntArray, FloatArray]]:
        """The same, -inf where the person did not answer."""
        for part, block in self.offers(candidates):
            yield part, np.where(self.pool.known(self.pool.agents, part), block, -np.inf)


def own(slate: FloatArray, assignment: IntArray) -> FloatArray:
    """float64 [n]: utility of the assigned statement, -inf when unassigned."""
    utilities = np.full(len(assignment), -np.inf)
    assigned = np.flatnonzero(assignment >= 0)
    utilities[assigned] = slate[assigned, assignment[assigned]]
    return utilities
