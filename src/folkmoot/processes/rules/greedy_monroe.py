"""Greedy Monroe: one candidate after the other represents its share of approvers."""

from __future__ import annotations

import numpy as np

from ...profile import IntArray
from ...queries.approvals import Approvals
from ..assignment import UNASSIGNED, balanced_assignment
from ..problem import Problem, Round, Selection
from ..registry import process
from .universes import MOST_COMMITTEES, Branching, follow, only_unit_costs, outcomes


@process(
    id="greedy-monroe",
    approvals=True,
    name="Greedy Monroe",
    guarantee=("jr",),
    unit_cost=True,
    complexity="k rounds of O(number of approvals)",
    source="Skowron, Faliszewski, Slinko 2015 (Achieving Fully Proportional Representation), Algorithm A; "
    "JR: its k groups of approvers would otherwise use up everybody",
)
def greedy_monroe(problem: Problem, rng: np.random.Generator) -> Selection:
    """k rounds: the candidate that most of those left approve represents ceil or floor of n/k of them.

    The first n mod k groups have ceil(n/k) members. Ties: pool order among candidates, the source's order among
    agents. Who is left at the end fills the groups that are not full, with the largest total utility.

    Args:
        problem: the candidates, which all cost 1; the budget is the number of statements k.
        rng: the random generator; not used, the process is deterministic.

    Raises:
        InputError: the candidates do not all cost 1.
    """
    course = _GreedyMonroe(problem)
    locked = len(course.chosen)
    ties = [()] * locked + follow(course)
    place = course.filled()
    rounds = [
        Round(a, np.flatnonzero(place == t), None if t < locked else problem.approval, course.support[t], ties[t])
        for t, a in enumerate(course.chosen)
    ]
    return Selection(tuple(rounds), problem.pool.n_agents, {"approval": problem.approval})


def committee(problem: Problem) -> list[int]:
    """The chosen candidates in order, without the assignment."""
    course = _GreedyMonroe(problem)
    follow(course)
    return course.chosen


def committees(problem: Problem, limit: int = MOST_COMMITTEES) -> list[tuple[int, ...]]:
    """Every committee that greedy Monroe can end with, however ties among candidates are broken.

    Raises:
        InputError: the candidates do not all cost 1, or there are more committees than the limit.
    """
    return outcomes(_GreedyMonroe(problem), limit)


class _GreedyMonroe(Branching):
    changed = ("chosen", "support", "open", "left", "place", "most")

    def __init__(self, problem: Problem) -> None:
        only_unit_costs(problem, "greedy-monroe")
        self.problem = problem
        self.approvals = Approvals(problem.pool, problem.approval)
        self.chosen: list[int] = []
        self.support: list[int] = []
        self.open = np.ones(problem.pool.size, dtype=bool)
        self.open[list(problem.locked_out)] = False
        self.left = problem.pool.masses.copy()
        # A heavy agent counts as many; it is seated where most of its mass went.
        self.place = np.full(problem.pool.n_agents, UNASSIGNED, dtype=np.int64)
        self.most = np.zeros(problem.pool.n_agents, dtype=np.int64)
        for candidate in problem.locked_in:
            self.take(candidate)

    def share(self, place: int) -> int:
        smaller, larger_ones = divmod(self.problem.pool.total_mass, self.problem.budget)
        return smaller + (place < larger_ones)

    def tied(self) -> list[int]:
        candidates = np.flatnonzero(self.open)
        if len(self.chosen) >= self.problem.budget or not len(candidates):
            return []
        support = self.approvals.sums(self.left)[candidates]
        return [int(a) for a in candidates[support == support.max()]]

    def take(self, candidate: int) -> None:
        place = len(self.chosen)
        rows = self.approvals.of(candidate)
        left = self.left[rows]
        before = np.cumsum(left) - left
        taken = np.clip(self.share(place) - before, 0, left)
        self.support.append(int(left.sum()))
        self.left[rows] -= taken
        more = taken > self.most[rows]
        self.most[rows[more]] = taken[more]
        self.place[rows[more]] = place
        self.chosen.append(candidate)
        self.open[candidate] = False

    def filled(self) -> IntArray:
        """int64 [n]: everybody's place after those whom nobody represents yet have filled the groups."""
        pool, k = self.problem.pool, len(self.chosen)
        rest = np.flatnonzero(self.place == UNASSIGNED)
        place = self.place.copy()
        if not len(rest) or not k:
            return place
        seated = place >= 0
        load = np.bincount(place[seated], pool.masses[seated], k).astype(np.int64)
        room = np.maximum(np.array([self.share(t) for t in range(k)]) - load, 0)
        liked = pool.utilities(rest, np.array(self.chosen))
        place[rest] = balanced_assignment(liked, room, room, pool.masses[rest])
        if not pool.unit_mass and k == self.problem.budget:
            # Whole heavy agents may overfill a group; those it then lacks room for go where there is most.
            for agent in np.flatnonzero(place == UNASSIGNED):
                load = np.bincount(place[place >= 0], pool.masses[place >= 0], k)
                place[agent] = int(np.argmax([self.share(t) - load[t] for t in range(k)]))
        return place

    def key(self) -> tuple[frozenset[int], int, bytes]:
        return frozenset(self.chosen), len(self.chosen), self.left.tobytes()
