"""Sequential Phragmén: for committees, and with costs."""

from __future__ import annotations

from collections.abc import Hashable
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ...profile import FloatArray, IntArray
from ...queries.approvals import Approvals
from ..problem import Problem, Selection
from ..registry import process
from .universes import MOST_COMMITTEES, Branching, choice, follow, outcomes

EPS = float(np.finfo(np.float64).eps)
# stop: the rule ends with the first candidate it cannot pay for; skip: it goes on among those it can.
Overshoot = Literal["stop", "skip"]


@process(
    id="seqphragmen",
    approvals=True,
    name="sequential Phragmén",
    guarantee=("jr", "pjr_plus"),
    complexity="rounds x O(number of approvals)",
    source="Phragmén 1894; Brill, Freeman, Janson, Lackner 2024 (Phragmén's Voting Methods and Justified "
    "Representation); with costs Los, Christoff, Grossi 2022 (Proportional Budget Allocations)",
)
def seqphragmen(problem: Problem, rng: np.random.Generator) -> Selection:
    """Everybody earns money at the same pace; a candidate is bought as soon as its approvers can pay for it.

    With costs the rule ends when the next candidate, or one it ties with, no longer fits into the budget. What nobody
    approves is never bought, except to fill the seats where all candidates cost the same. A locked-in candidate is
    bought first and leaves its approvers in debt. Ties: pool order. The slate gets the best balanced assignment.

    Args:
        problem: the candidates, the budget and the approval level.
        rng: the random generator; not used, the process is deterministic.
    """
    course = Loads(problem, Approvals(problem.pool, problem.approval))
    ties = follow(course)
    return choice(problem, course.chosen, ties, course.approvals.mass)


def committee(problem: Problem) -> list[int]:
    """The chosen candidates in order, without the assignment."""
    course = Loads(problem, Approvals(problem.pool, problem.approval))
    follow(course)
    return course.chosen


def committees(problem: Problem, limit: int = MOST_COMMITTEES) -> list[tuple[int, ...]]:
    """Every slate that sequential Phragmén can end with, however ties are broken.

    Raises:
        InputError: there are more slates than the limit.
    """
    return outcomes(Loads(problem, Approvals(problem.pool, problem.approval)), limit)


class Loads(Branching):
    """What every agent has spent so far: agents of one kind have spent the same, an exact fraction.

    Args:
        problem: the candidates and the budget.
        approvals: the approvers of every candidate.
        overshoot: the action taken when the next candidate does not fit.
        start: the kinds of the agents int64 [n], the numerator of what one agent of each kind has spent, the
            denominator.
        chosen: the candidates bought before (default: none, then the locked-in candidates are bought).
    """

    def __init__(
        self,
        problem: Problem,
        approvals: Approvals,
        overshoot: Overshoot = "stop",
        start: tuple[IntArray, NDArray[Any], int] | None = None,
        chosen: list[int] | None = None,
    ) -> None:
        self.approvals, self.overshoot = approvals, overshoot
        self.costs = problem.pool.costs
        self.seats = bool((self.costs == self.costs[0]).all()) if len(self.costs) else True
        self.open = self.costs <= problem.budget
        self.open[list(problem.locked_out)] = False
        self.kind, self.spent, self.denominator = start or (
            np.zeros(problem.pool.n_agents, dtype=np.int64),
            np.zeros(1, dtype=object),
            1,
        )
        self.rough = self._rough()
        self.left = problem.budget
        self.chosen: list[int] = []
        for candidate in chosen or ():
            self._note(candidate)
        if chosen is None:
            for candidate in problem.locked_in:
                self.take(candidate)

    def tied(self) -> list[int]:
        wanted = self.open & (self.approvals.mass > 0)
        if self.overshoot == "skip":
            wanted &= self.costs <= self.left
        candidates = np.flatnonzero(wanted)
        if len(candidates):
            best = self._first(candidates)
        elif self.seats:
            best = [int(a) for a in np.flatnonzero(self.open)]
        else:
            return []
        return best if all(self.costs[a] <= self.left for a in best) else []

    def _first(self, candidates: IntArray) -> list[int]:
        """Those that bring their approvers to the smallest spending: floats find them, integers decide."""
        spending, error = phragmen_query(self.approvals, self.rough[self.kind])
        low = spending[candidates] - error[candidates]
        near = candidates[low <= (spending + error)[candidates].min()]
        if len(near) == 1:
            return [int(near[0])]
        sums = [self._numerator(int(a)) for a in near]
        masses = [int(self.approvals.mass[a]) for a in near]
        best = 0
        for place in range(1, len(near)):
            if sums[place] * masses[best] < sums[best] * masses[place]:
                best = place
        return [int(a) for a, s, m in zip(near, sums, masses, strict=True) if s * masses[best] == sums[best] * m]

    def _numerator(self, candidate: int) -> int:
        """The cost plus what the approvers have spent, times the denominator."""
        rows = self.approvals.of(candidate)
        masses = None if self.approvals.pool.unit_mass else self.approvals.masses[rows]
        counts = np.bincount(self.kind[rows], masses, len(self.spent)).astype(np.int64)
        used = np.flatnonzero(counts)
        had = int((counts[used] * self.spent[used]).sum()) if len(used) else 0
        return int(self.costs[candidate]) * self.denominator + had

    def take(self, candidate: int) -> None:
        mass = int(self.approvals.mass[candidate])
        if mass:
            numerator = self._numerator(candidate)
            rows = self.approvals.of(candidate)
            kind = self.kind.copy()
            kind[rows] = len(self.spent)
            spent = np.append(self.spent * mass, [numerator])
            self.kind, self.spent, self.denominator = _tidy(kind, spent, self.denominator * mass)
            self.rough = self._rough()
        self._note(candidate)

    def _note(self, candidate: int) -> None:
        self.chosen.append(candidate)
        self.open[candidate] = False
        self.left -= int(self.costs[candidate])

    def _rough(self) -> FloatArray:
        return np.array([int(s) / self.denominator for s in self.spent])

    def key(self) -> Hashable:
        spent = [Fraction(int(s), self.denominator) for s in self.spent]
        return tuple(sorted(self.chosen)), tuple(spent[k] for k in self.kind)


def phragmen_query(approvals: Approvals, debts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The debt-aware generative query over a closed pool: (c(a) + sum of d_i over N_a) / |N_a|.

    Boehmer, Fish, Procaccia 2025, Appendix F.

    Args:
        approvals: the approvers N_a of every candidate a.
        debts: float64 [n] the debts d_i of one agent (a heavy agent owes it for each copy).

    Returns:
        float64 [m]: the value of every candidate, inf where nobody approves it; and a bound on its error if the debts
        are right to half a unit in the last place.
    """
    pool = approvals.pool
    owed = debts if pool.unit_mass else debts * pool.masses
    mass = np.where(approvals.mass > 0, approvals.mass, 1)
    value = np.where(approvals.mass > 0, (pool.costs + approvals.sums(owed)) / mass, np.inf)
    terms = np.diff(approvals.starts) + 8
    return value, terms * EPS * (pool.costs / mass + float(np.abs(debts).max(initial=0.0)))


def _tidy(kind: IntArray, spent: NDArray[Any], denominator: int) -> tuple[IntArray, NDArray[Any], int]:
    """The same without kinds to which nobody belongs any more, and in lower terms."""
    used = np.bincount(kind, minlength=len(spent)) > 0
    place = np.cumsum(used) - 1
    spent = spent[used]
    divisor = int(np.gcd.reduce(np.append(spent, [denominator])))
    return place[kind], spent // divisor, denominator // divisor
