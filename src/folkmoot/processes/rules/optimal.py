"""Committees that are best by a score: every committee is looked at where there are few, else an integer program."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Protocol, TypeAlias

import numpy as np

from ...profile import BoolArray, FloatArray, InputError, IntArray, WorkError
from ...profile.exact import Clock, Program, maximise
from ..baselines import assigned
from ..problem import Problem, Selection

# Up to this many committees are all scored in integers; more go to the solver.
FEW = 20_000
TIME_LIMIT = 60.0
# A solver's objective is believed to this relative precision.
BELIEF = 1e-6
# The search for ties is given up after so many committees that are almost, not exactly, as good as the best.
TRIES = 50

# Coefficients, low, high.
Row: TypeAlias = tuple[FloatArray, float, float]


class Rule(Protocol):
    """A score of committees, larger is better.

    Attributes:
        denominator: the number by which scores, which are whole, have to be divided.
        tight: whether `ceilings` are the scores themselves.
    """

    denominator: int
    tight: bool

    def ceilings(self, members: BoolArray) -> Sequence[int]:
        """Bounds from above on the scores of committees, bool [c, m], times the denominator."""

    def score(self, members: BoolArray) -> int:
        """Score of one committee, bool [m], times the denominator."""

    def program(self) -> Program:
        """The score as a program whose first m variables say who is in, without the budget; in scores."""


@dataclass(frozen=True)
class Optimum:
    """The best committee.

    Args:
        members: bool [m] who is in the committee.
        score: the exact score.
        tied: the number of other committees with the same score; None where they were not counted.
        gap: an upper bound on how much a better one could exceed it by; 0 proves it the best.
    """

    members: BoolArray
    score: Fraction
    tied: int | None
    gap: float = 0.0


def select(problem: Problem, rule: Rule, time_limit: float = TIME_LIMIT) -> Selection:
    """The best committee with its maximum-utility balanced assignment, locked-in statements first."""
    best = optimum(problem, rule, time_limit)
    free = [int(a) for a in np.flatnonzero(best.members) if int(a) not in problem.locked_in]
    selection = assigned(problem, [*problem.locked_in, *free])
    facts: dict[str, Any] = {
        "score": str(best.score),
        "optimal_committees": None if best.tied is None else best.tied + 1,
    }
    if best.gap:
        facts["gap"] = best.gap
    return replace(selection, parameters=facts)


def optimum(problem: Problem, rule: Rule, time_limit: float = TIME_LIMIT) -> Optimum:
    """The best committee within the budget; with costs that are all 1 one of exactly that size.

    Ties: the cheapest; among those the lexicographically first in pool order (the one that has the first candidate on
    which two differ).

    Raises:
        WorkError: the committee is not proved best within the time.
        MissingExtraError: there are many committees and scipy is not installed.
    """
    if _count(problem) <= FEW:
        members = _every(problem)
        best, score = _best(rule, members)
        costs = members[best].astype(np.int64) @ problem.pool.costs
        cheapest = best[costs == costs.min()]
        return Optimum(members[cheapest[0]], Fraction(score, rule.denominator), len(best) - 1)
    return _Search(problem, rule, time_limit).first()


def committees(problem: Problem, rule: Rule, limit: int = 1000, time_limit: float = TIME_LIMIT) -> list[list[int]]:
    """Every best committee, each in pool order, in lexicographic order.

    Args:
        problem: the problem; locked-in and locked-out candidates are respected.
        rule: the score of committees.
        limit: the most committees there may be.
        time_limit: the time in seconds, used where there are too many committees to score them all.

    Raises:
        InputError: more than ``limit`` committees are best.
        WorkError: the committees are not proved best within the time.
    """
    if _count(problem) <= FEW:
        members = _every(problem)
        best = [members[at] for at in _best(rule, members)[0]]
    else:
        best = _Search(problem, rule, time_limit).all(limit)
    if len(best) > limit:
        raise InputError(f"more than {limit} committees are best; raise the limit or break ties")
    return sorted(np.flatnonzero(w).tolist() for w in best)


def _free(problem: Problem) -> IntArray:
    """Candidates neither locked in nor out that fit beside the locked-in ones."""
    free = np.ones(problem.pool.size, dtype=bool)
    free[[*problem.locked_in, *problem.locked_out]] = False
    return np.flatnonzero(free & (problem.pool.costs <= _left(problem)))


def _left(problem: Problem) -> int:
    return problem.budget - int(problem.pool.costs[list(problem.locked_in)].sum())


def _size(problem: Problem) -> int | None:
    """How many free candidates a committee has; None where costs differ."""
    if (problem.pool.costs != 1).any():
        return None
    return min(_left(problem), len(_free(problem)))


def _count(problem: Problem) -> int:
    return how_many(len(_free(problem)), _size(problem))


def _every(problem: Problem) -> BoolArray:
    """bool [c, m]: every committee, the lexicographically first one first."""
    pool = problem.pool
    return members_of(pool.size, _free(problem), _size(problem), pool.costs, _left(problem), problem.locked_in)


def how_many(free: int, size: int | None) -> int:
    """Committees of a size out of so many free candidates; with size None at most so many within a budget."""
    return math.comb(free, size) if size is not None else 2 ** min(free, 64)


def members_of(
    m: int, free: IntArray, size: int | None, costs: IntArray, left: int, locked_in: Sequence[int]
) -> BoolArray:
    """bool [c, m]: every committee of ``size`` free candidates, or that costs at most ``left``, with the locked-in."""
    if size is not None:
        places = np.array(list(itertools.combinations(free.tolist(), size)), dtype=np.int64)
        members = np.zeros((len(places), m), dtype=bool)
        members[np.arange(len(places))[:, None], places] = True
    else:
        inside = np.array(list(itertools.product((True, False), repeat=len(free))), dtype=bool)
        inside = inside[inside @ costs[free] <= left]
        members = np.zeros((len(inside), m), dtype=bool)
        members[:, free] = inside
    members[:, list(locked_in)] = True
    return members


def _best(rule: Rule, members: BoolArray) -> tuple[IntArray, int]:
    """The places of the best committees, and their score."""
    ceilings = rule.ceilings(members)
    if rule.tight:
        top = int(max(ceilings))
        return np.array([at for at, value in enumerate(ceilings) if value == top]), top
    best, places = -1, list[int]()
    for at in sorted(range(len(members)), key=lambda at: -ceilings[at]):
        if ceilings[at] < best:
            break
        score = rule.score(members[at])
        if score > best:
            best, places = score, []
        if score == best:
            places.append(at)
    return np.array(sorted(places)), best


class _Search:
    """The integer program, solved again and again; scores are recomputed in integers."""

    def __init__(self, problem: Problem, rule: Rule, time_limit: float) -> None:
        self.problem, self.rule, self.clock = problem, rule, Clock(time_limit)
        self.program = rule.program()
        m, v = problem.pool.size, len(self.program.objective)
        self.m, self.v = m, v
        fits = np.zeros(m, dtype=bool)
        fits[_free(problem)] = True
        fits[list(problem.locked_in)] = True
        self.least, self.most = np.zeros(m), fits.astype(np.float64)
        self.least[list(problem.locked_in)] = 1.0
        self.size = _size(problem)
        # Scores in steps of 1 where that keeps the numbers moderate: then half a step separates better from equal.
        self.step = rule.denominator if rule.denominator <= 10**6 else 1
        self.whole = self.step == rule.denominator

    def first(self) -> Optimum:
        members, score, gap = self._solve([])
        reached = score / self.rule.denominator
        within = 0.5 / self.step if self.whole else BELIEF * max(1.0, reached)
        keep = [(self.program.objective, reached - within, np.inf)]
        if self.size is None:
            cheapest = self._tied(keep, -self._row(self.problem.pool.costs), score)
            members = members if cheapest is None else cheapest
            keep.append((self._row(self.problem.pool.costs), -np.inf, float(self.problem.pool.costs[members].sum())))
        members = self._lexicographic(members, score, keep)
        return Optimum(members, Fraction(score, self.rule.denominator), None, gap)

    def all(self, limit: int) -> list[BoolArray]:
        if not self.whole:
            raise InputError(
                "the scores are too fine for the solver to tell equal committees from almost equal ones; "
                f"round the utilities, or take a pool with at most {FEW} committees"
            )
        best: list[BoolArray] = []
        top: int | None = None
        while len(best) <= limit:
            cuts = [self._without(w) for w in best]
            solved = self._solve(cuts) if top is None else self._attempt(cuts, top)
            if solved is None or (top is not None and solved[1] < top):
                break
            top = solved[1]
            best.append(solved[0])
        return best

    def _row(self, values: IntArray) -> FloatArray:
        return np.append(np.asarray(values, dtype=np.float64), np.zeros(self.v - self.m))

    def _budget(self) -> Row:
        if self.size is not None:
            size = float(self.size + len(self.problem.locked_in))
            return self._row(np.ones(self.m, dtype=np.int64)), size, size
        return self._row(self.problem.pool.costs), 0.0, float(self.problem.budget)

    def _ask(self, rows: list[Row], objective: FloatArray) -> tuple[BoolArray, float] | None:
        program = self.program.with_rows([self._budget(), *rows])
        program.objective = objective
        program.least = np.append(self.least, program.least[self.m :])
        program.most = np.append(self.most, program.most[self.m :])
        solved = maximise(program, self.clock, "the best committee")
        return None if solved is None else (solved.x[: self.m] > 0.5, solved.bound)

    def _attempt(self, rows: list[Row], top: int) -> tuple[BoolArray, int, float] | None:
        least = (self.program.objective, top / self.rule.denominator - 0.5 / self.step, np.inf)
        return self._solved(self._ask([*rows, least], self.program.objective * self.step))

    def _solve(self, rows: list[Row]) -> tuple[BoolArray, int, float]:
        solved = self._solved(self._ask(rows, self.program.objective * self.step))
        assert solved is not None, "the empty or the first committee is feasible"
        return solved

    def _solved(self, answer: tuple[BoolArray, float] | None) -> tuple[BoolArray, int, float] | None:
        """The committee with its exact score, and by how much a better one could exceed it."""
        if answer is None:
            return None
        members, bound = answer
        if int(self.problem.pool.costs[members].sum()) > self.problem.budget:
            raise WorkError("the solver's committee exceeds the budget; its tolerance is too coarse for these numbers")
        score = self.rule.score(members)
        reached = score / self.rule.denominator * self.step
        gap = max(bound - reached, 0.0)
        if self.whole and gap < 0.5:
            return members, score, 0.0
        if self.whole or gap > BELIEF * max(1.0, abs(bound)):
            raise WorkError(
                f"the solver proved {bound:g} but its committee scores {reached:g}; "
                "its tolerance is too coarse for these numbers"
            )
        return members, score, gap / self.step

    def _tied(self, keep: list[Row], objective: FloatArray, score: int) -> BoolArray | None:
        """A committee of exactly that score; those that only the solver's tolerance takes for one are cut off."""
        cuts: list[Row] = []
        while len(cuts) < TRIES:
            answer = self._ask([*keep, *cuts], objective)
            if answer is None or self.rule.score(answer[0]) == score:
                return None if answer is None else answer[0]
            cuts.append(self._without(answer[0]))
        raise WorkError("many committees are almost equally good; round the utilities, so that ties can be recognised")

    def _without(self, members: BoolArray) -> Row:
        return self._row(np.where(members, 1, -1)), -np.inf, float(members.sum()) - 1

    def _lexicographic(self, members: BoolArray, score: int, keep: list[Row]) -> BoolArray:
        """Candidate by candidate in pool order: in, if some best committee has it beside those settled before."""
        for a in _free(self.problem).tolist():
            if self.size is not None and self.least.sum() >= self.size + len(self.problem.locked_in):
                break
            self.least[a] = self.most[a] = 1.0
            if not members[a]:
                other = self._tied(keep, np.zeros(self.v), score)
                if other is not None:
                    members = other
                else:
                    self.least[a] = self.most[a] = 0.0
        return members
