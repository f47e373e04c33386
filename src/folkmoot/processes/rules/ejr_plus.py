"""EJR+ up to any statement by its generative query."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from ...profile import IntArray
from ...queries.approvals import Approvals
from ..problem import Problem, Selection
from ..registry import process
from .universes import MOST_COMMITTEES, Branching, choice, follow, outcomes


@process(
    id="ejr-plus",
    approvals=True,
    name="greedy justified candidates (EJR+)",
    guarantee=("ejr_plus", "pjr_plus", "jr"),
    complexity="rounds x O(number of approvals + m x number of distinct satisfactions)",
    source="Boehmer, Fish, Procaccia 2025 (The Next Generation), Appendix F; Brill and Peters 2023 (Robust and "
    "Verifiable Proportionality Axioms), Definition 16 and the Greedy Justified Candidate Rule",
)
def ejr_plus(problem: Problem, rng: np.random.Generator) -> Selection:
    """The largest group that deserves a statement on top of what each member has, until no group does.

    For each satisfaction l the query asks, among S = {i: c(A_i in W) <= l}, for the statement a with
    (l + c(a)) / |N_a in S| <= x and the largest |N_a in S|; x is B/n, one agent's share of the budget. If the group
    pays for it equally nobody pays more than B/n, so the budget suffices. When nothing qualifies any more, x rises to
    the smallest value at which a statement that still fits does, so that the budget gets used.
    Ties: pool order. The slate gets the best balanced assignment.

    Args:
        problem: the candidates, the budget and the approval level.
        rng: the random generator; not used, the process is deterministic.
    """
    course = _Deserving(problem)
    ties = follow(course)
    return choice(problem, course.chosen, ties, course.approvals.mass)


def committee(problem: Problem) -> list[int]:
    """The chosen candidates in order, without the assignment."""
    course = _Deserving(problem)
    follow(course)
    return course.chosen


def committees(problem: Problem, limit: int = MOST_COMMITTEES) -> list[tuple[int, ...]]:
    """Every slate it can end with, however ties are broken.

    Raises:
        InputError: there are more slates than the limit.
    """
    return outcomes(_Deserving(problem), limit)


class _Deserving(Branching):
    changed = ("chosen", "open", "has")

    def __init__(self, problem: Problem) -> None:
        self.approvals = Approvals(problem.pool, problem.approval)
        self.costs, self.budget, self.left = problem.pool.costs, problem.budget, problem.budget
        self.chosen: list[int] = []
        self.open = self.approvals.mass > 0
        self.open[list(problem.locked_out)] = False
        self.has = np.zeros(problem.pool.n_agents, dtype=np.int64)
        for candidate in problem.locked_in:
            self.take(candidate)

    def tied(self) -> list[int]:
        self.open &= self.costs <= self.left
        candidates = np.flatnonzero(self.open)
        if not len(candidates):
            return []
        satisfactions, kind = np.unique(self.has, return_inverse=True)
        mass = np.cumsum(self.approvals.counts(kind, len(satisfactions))[candidates], axis=1)
        price = satisfactions[None, :] + self.costs[candidates][:, None]
        largest = np.where(price * self.approvals.pool.total_mass <= mass * self.budget, mass, 0).max(axis=1)
        if largest.max() > 0:
            return [int(a) for a in candidates[largest == largest.max()]]
        return _smallest_ratio(candidates, price, mass)

    def take(self, candidate: int) -> None:
        self.has[self.approvals.of(candidate)] += self.costs[candidate]
        self.chosen.append(candidate)
        self.open[candidate] = False
        self.left -= int(self.costs[candidate])

    def key(self) -> Hashable:
        return frozenset(self.chosen)


def _smallest_ratio(candidates: IntArray, price: IntArray, mass: IntArray) -> list[int]:
    """Candidates with the smallest price / mass in their row; floats find them, integers decide."""

    ratio = np.where(mass > 0, price / np.maximum(mass, 1), np.inf)
    rows, columns = np.nonzero(ratio <= ratio.min() * (1 + 1e-12))
    pairs = [(int(candidates[r]), int(price[r, c]), int(mass[r, c])) for r, c in zip(rows, columns, strict=True)]
    _, least, most = pairs[0]
    for _, p, m in pairs:
        if p * most < least * m:
            least, most = p, m
    return sorted({a for a, p, m in pairs if p * most == least * m})
