"""What a process gets, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from ..profile import FloatArray, InputError, IntArray, need, needs
from ..queries import ClosedPool
from ..queries.beliefs import Beliefs

UNASSIGNED = -1


@dataclass(frozen=True)
class Problem:
    """A slate to choose.

    Args:
        pool: the candidates with their costs, the agents with their masses, and both queries.
        budget: the most that the slate may cost.
        locked_in: candidates that must be in, in this order, before anything is chosen.
        locked_out: candidates that must not be in.
        levels: approval levels, highest first; None: every distinct utility is a level.
        cost_step: the one cost that ``democratic-uniform`` considers.
        multiset: whether a candidate may be chosen again (the papers' setting for generated statements).
        approval: the utility from which an agent approves a candidate, for processes that look at approvals only.
        parameters: the values of further parameters by name; each process declares its own.
        beliefs: the beliefs about answers nobody gave; None: utilities are taken for what people would answer.
        kindred: pairs of candidates about the same subject, for processes that keep slates varied.
        groups: called for everybody's membership of the opinion groups, float64 [n, n_groups], rows adding up to 1;
            None: a process that wants groups finds them by the pool.

    Raises:
        InputError: there is no budget, locked-in candidates do not fit or occur twice, a candidate is locked both in
            and out, or levels are in another order.
    """

    pool: ClosedPool
    budget: int
    locked_in: tuple[int, ...] = ()
    locked_out: tuple[int, ...] = ()
    levels: tuple[float, ...] | None = None
    cost_step: int | None = None
    multiset: bool = False
    approval: float = 1.0
    parameters: Mapping[str, float] = field(default_factory=dict)
    beliefs: Beliefs | None = None
    kindred: tuple[tuple[int, int], ...] = ()
    groups: Callable[[], FloatArray] | None = None

    def __post_init__(self) -> None:
        if self.budget < 1:
            raise InputError(f"the budget is {self.budget}; it must be at least 1")
        both = set(self.locked_in) & set(self.locked_out)
        if both:
            raise InputError(f"candidate {min(both)} is locked in and locked out; choose one")
        if not self.multiset and len(set(self.locked_in)) < len(self.locked_in):
            twice = next(a for a in self.locked_in if self.locked_in.count(a) > 1)
            raise InputError(f"candidate {twice} is locked in twice; list it once")
        if self.levels and any(above <= below for above, below in pairwise(self.levels)):
            raise InputError("approval levels must stand highest first, each once")
        locked = int(self.pool.costs[list(self.locked_in)].sum()) if self.locked_in else 0
        if locked > self.budget:
            raise InputError(f"the locked-in statements cost {locked}, more than the budget of {self.budget}")

    def need(self, candidate: int) -> int:
        """Mass the candidate has to represent."""
        return need(int(self.pool.costs[candidate]), self.pool.total_mass, self.budget)

    def needs(self, candidates: IntArray) -> IntArray:
        """`need` for many candidates."""
        return needs(self.pool.costs[candidates], self.pool.total_mass, self.budget)


@dataclass(frozen=True)
class Round:
    """One statement that a process chose.

    Args:
        candidate: its number in the pool.
        agents: the rows of the agents it represents from now on.
        level: the approval level at which it was accepted, None for a locked-in statement.
        support: the mass of the remaining agents that approved it at that level.
        tied: the pool numbers of those it tied with; the first in pool order was taken.
        tied_agents: the agents at the cut who liked it exactly as much as the last one taken, and were not taken.
    """

    candidate: int
    agents: IntArray
    level: float | None
    support: int
    tied: tuple[int, ...] = ()
    tied_agents: int = 0


@dataclass(frozen=True)
class Selection:
    """What a process chose.

    Args:
        rounds: the chosen statements in order.
        n_agents: the number of agents in the problem.
        parameters: the values that the process settled by itself (levels, ...), JSON-ready.
    """

    rounds: tuple[Round, ...]
    n_agents: int
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def candidates(self) -> IntArray:
        """Pool numbers in the order of choice."""
        return np.array([r.candidate for r in self.rounds], dtype=np.int64)

    @property
    def assignment(self) -> IntArray:
        """int64 [n_agents]: place of the representing statement in the slate, -1 where unassigned."""
        places = np.full(self.n_agents, UNASSIGNED, dtype=np.int64)
        for place, chosen in enumerate(self.rounds):
            places[chosen.agents] = place
        return places


class Progress:
    """The choice as it grows: who is still unrepresented, what is left of the budget, what was chosen.

    Locked-in candidates come first, each for those who like it most: for its need, or (``even``, with unit costs) for
    an equal share of whoever is left.
    """

    def __init__(self, problem: Problem, even: bool = False) -> None:
        self.problem = problem
        self.pool = problem.pool
        self.remaining = self.pool.agents
        self.spent = 0
        self.rounds: list[Round] = []
        self.open = np.ones(self.pool.size, dtype=bool)
        self.open[list(problem.locked_out)] = False
        for candidate in problem.locked_in:
            agents = self.remaining
            places = problem.budget - len(self.rounds)
            wanted = -(-self.mass // places) if even else min(problem.need(candidate), self.mass)
            self.take(candidate, wanted, None, int(self.pool.masses[agents].sum()), [])

    @property
    def mass(self) -> int:
        """Mass of the agents that are still unrepresented."""
        return int(self.pool.masses[self.remaining].sum())

    @property
    def left(self) -> int:
        """What is left of the budget."""
        return self.problem.budget - self.spent

    @property
    def candidates(self) -> IntArray:
        """Candidates that may still be chosen, in pool order."""
        return np.flatnonzero(self.open)

    def take(self, candidate: int, mass: int, level: float | None, support: int, tied: list[int]) -> None:
        """Chooses a candidate and lets it represent the ``mass`` of remaining agents that like it most.

        Ties among agents: the source's order. With weights the last agent may overshoot the mass.
        """
        liked = self.pool.utilities(self.remaining, np.array([candidate]))[:, 0]
        order = np.argsort(-liked, kind="stable")
        heaped = np.cumsum(self.pool.masses[self.remaining[order]])
        count = min(int(np.searchsorted(heaped, mass)) + 1, len(order)) if mass > 0 else 0
        taken = order[:count]
        tied_agents = int((liked[order[count:]] == liked[order[count - 1]]).sum()) if count else 0
        self.rounds.append(Round(candidate, np.sort(self.remaining[taken]), level, support, tuple(tied), tied_agents))
        self.remaining = np.delete(self.remaining, taken)
        self.spent += int(self.pool.costs[candidate])
        if not self.problem.multiset:
            self.open[candidate] = False

    def selection(self, parameters: Mapping[str, Any] | None = None) -> Selection:
        return Selection(tuple(self.rounds), self.pool.n_agents, parameters or {})


def distinct_levels(pool: ClosedPool, most: int = 100) -> tuple[float, ...] | None:
    """Every distinct utility in the pool, highest first; None when there are more than ``most``."""
    seen: FloatArray = np.empty(0)
    for _, block in pool.blocks(pool.agents, np.arange(pool.size)):
        seen = np.union1d(seen, block)
        if len(seen) > most:
            return None
    return tuple(float(level) for level in seen[::-1])
