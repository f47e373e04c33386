"""Sequential proportional approval voting."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Self

import numpy as np

from ..profile import IntArray
from ..queries.approvals import Approvals
from .problem import Problem, Selection
from .registry import process
from .universes import MOST_COMMITTEES, choice, follow, only_unit_costs, outcomes


@process(
    id="seqpav",
    guarantee=(),
    unit_cost=True,
    complexity="k rounds of O(number of approvals)",
    source="Thiele 1895; Lackner and Skowron 2023 (Multi-Winner Voting with Approval Preferences), section 2.2",
)
def seqpav(problem: Problem, rng: np.random.Generator) -> Selection:
    """k rounds: the candidate that adds most to the sum over agents of 1 + 1/2 + ... + 1/(approved so far).

    Ties: pool order. The slate gets the best balanced assignment.

    Args:
        problem: candidates that all cost 1; the budget is the number of statements k.
        rng: not used, the process is deterministic.

    Raises:
        InputError: candidates do not all cost 1.
    """
    course = _SeqPav(problem)
    ties = follow(course)
    return choice(problem, course.chosen, ties, course.approvals.mass)


def committee(problem: Problem) -> list[int]:
    """The chosen candidates in order, without the assignment."""
    course = _SeqPav(problem)
    follow(course)
    return course.chosen


def committees(problem: Problem, limit: int = MOST_COMMITTEES) -> list[tuple[int, ...]]:
    """Every committee that sequential PAV can end with, however ties are broken.

    Raises:
        InputError: candidates do not all cost 1, or there are more committees than the limit.
    """
    return outcomes(_SeqPav(problem), limit)


class _SeqPav:
    def __init__(self, problem: Problem) -> None:
        only_unit_costs(problem, "seqpav")
        self.approvals = Approvals(problem.pool, problem.approval)
        self.budget = problem.budget
        self.chosen: list[int] = []
        self.open = np.ones(problem.pool.size, dtype=bool)
        self.open[list(problem.locked_out)] = False
        self.has = np.zeros(problem.pool.n_agents, dtype=np.int64)
        for candidate in problem.locked_in:
            self.take(candidate)

    def tied(self) -> list[int]:
        candidates = np.flatnonzero(self.open)
        if len(self.chosen) >= self.budget or not len(candidates):
            return []
        most = int(self.has.max(initial=0)) + 1
        # Of what an agent approves she has at most ``most - 1``: every gain is a multiple of 1 / scale.
        scale = math.lcm(*range(1, most + 1))
        if scale * self.approvals.pool.total_mass < 2**63:
            gains = self.approvals.sums(scale // (self.has + 1) * self.approvals.masses)[candidates]
            return [int(a) for a in candidates[gains == gains.max()]]
        return self._tied_exactly(candidates, most)

    def _tied_exactly(self, candidates: IntArray, most: int) -> list[int]:
        """Where integers of 64 bits are too short: floats find the best, fractions decide among them."""
        rough = self.approvals.sums(self.approvals.masses / (self.has + 1.0))[candidates]
        margin = 4 * np.finfo(np.float64).eps * (len(self.has) + 2) * rough.max()
        near = candidates[rough >= rough.max() - margin]
        gains = []
        for candidate in near:
            rows = self.approvals.of(int(candidate))
            count = np.bincount(self.has[rows], self.approvals.masses[rows], most)
            gains.append(sum((Fraction(int(c), h + 1) for h, c in enumerate(count)), Fraction(0)))
        return [int(a) for a, gain in zip(near, gains, strict=True) if gain == max(gains)]

    def take(self, candidate: int) -> None:
        self.chosen.append(candidate)
        self.open[candidate] = False
        self.has[self.approvals.of(candidate)] += 1

    def copy(self) -> Self:
        other = object.__new__(type(self))
        other.__dict__ = dict(self.__dict__, chosen=self.chosen.copy(), open=self.open.copy(), has=self.has.copy())
        return other

    def key(self) -> frozenset[int]:
        return frozenset(self.chosen)
