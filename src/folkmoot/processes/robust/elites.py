"""The exact evaluation of the best slates: with an optimal balanced assignment, and on everybody."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...profile import FloatArray, IntArray
from ..assignment import UNASSIGNED, balanced_assignment, capacities
from ..problem import Problem
from .check import Verdict, on_answers, on_means
from .evaluator import Evaluated, Evaluator
from .exchange import exchanged, pressure
from .objective import Parts, parts, without_complaints

# Utility that another assignment may cost, and the pulls towards those who complain that are tried.
GIVEN_UP, PULLS, ROUNDS = 0.01, (0.1, 0.3, 1.0), 2
# What an own vote counts for in an assignment, and most that one person is pulled by.
OWN, MOST = 0.02, 5.0
# Exchanges that are evaluated exactly where people are left over.
MENDED = 80
# Two slates are about equal when their objectives differ by no more than this: then more own votes decide.
ABOUT = 0.003


@dataclass(frozen=True, eq=False)
class ExactlyEvaluated:
    """A slate with an assignment of everybody.

    Args:
        chosen: int64 [k] places in the instance's candidates.
        place: int64 [n_agents] place of everybody's statement.
        parts: of the objective.
        left: mass without a statement.
        exact: what has evaluated it.
    """

    chosen: IntArray
    place: IntArray
    parts: Parts
    left: int
    exact: ExactEvaluator

    @cached_property
    def means(self) -> Verdict:
        """Whether coalitions have what they need; of most slates nobody asks."""
        return on_means(*self._asked)

    @cached_property
    def answers(self) -> Verdict:
        """The same on people's own answers alone."""
        return on_answers(*self._asked)

    @property
    def faults(self) -> tuple[bool, int]:
        """What comes before the objective: a violation, then people left over."""
        return self.means.violated, self.left

    @property
    def _asked(self) -> tuple[Problem, IntArray, IntArray, IntArray]:
        instance = self.exact.instance
        return self.exact.problem, instance.eligible, instance.candidates[self.chosen], self.place


class ExactEvaluator:
    """Evaluates slates with exact assignments of everybody.

    Args:
        problem: the pool with everybody.
        evaluator: of the search.
    """

    def __init__(self, problem: Problem, evaluator: Evaluator) -> None:
        self.problem, self.evaluator, self.instance = problem, evaluator, evaluator.instance
        self.done = 0

    def evaluate(self, chosen: IntArray) -> ExactlyEvaluated:
        """Evaluates a slate with its balanced assignment of the largest utility."""
        return self.with_assignment(chosen, self._seated(chosen, None))

    def with_assignment(self, chosen: IntArray, place: IntArray) -> ExactlyEvaluated:
        """Evaluates a slate with a given assignment."""
        instance = self.instance
        result = parts(instance, self.evaluator.weights, chosen, place[instance.rows], self.evaluator.bounds)
        left = int(self.problem.pool.masses[place == UNASSIGNED].sum())
        return ExactlyEvaluated(chosen, place, result, left, self)

    def _seated(self, chosen: IntArray, pull: FloatArray | None) -> IntArray:
        """The balanced assignment of the largest utility plus ``pull`` (float64 [k, n_agents])."""
        pool, numbers = self.problem.pool, self.instance.candidates[chosen]
        lower, upper = capacities(pool.costs[numbers], pool.total_mass, self.problem.budget)
        wish = pool.utilities(pool.agents, numbers)
        self.done += 1
        return balanced_assignment(wish if pull is None else wish + pull.T, lower, upper, pool.masses)

    def best_of(self, slates: list[IntArray]) -> tuple[ExactlyEvaluated, int]:
        """The best slate, and how many were about as good.

        No violation first, then fewest people left over, then the objective; of those about equal in it the one in
        which most people agreed with their statement; then pool order.
        """
        result = [self.evaluate(chosen) for chosen in slates]
        first = _first(result)
        best = self._reseated(first)
        result = [best, *(one for one in result if one is not first)]
        if _avoidable(best):
            result.insert(0, self._mended(best))
            best = _first(result)
        close = [one for one in result if one.parts.value >= best.parts.value - ABOUT and one.faults == best.faults]
        return min(close, key=lambda one: (-one.parts.voted, *_rank(one))), len(close) - 1

    def _reseated(self, best: ExactlyEvaluated) -> ExactlyEvaluated:
        """Other balanced assignments: first towards own votes, then towards what complainers would agree with."""
        instance = self.instance
        if len(instance.rows) != self.problem.pool.n_agents:
            return best
        start = best.parts.utility
        voted, chances = OWN * instance.voted[best.chosen], instance.chances[best.chosen]
        span = self._span()
        persons, _ = pressure(self.evaluator, self._slate(best.chosen, best.place))
        for strength in (0.0, *PULLS):
            weight = np.minimum(persons / max(float(persons.mean()), 1e-12), MOST)
            if strength and not persons.any():
                break
            for _ in range(ROUNDS):
                # On the grid of utilities, so that machines agree about ties.
                pull = np.rint(1024 * (strength * weight * chances + voted)) / 1024
                place = self._seated(best.chosen, pull * span)
                result = parts(instance, self.evaluator.weights, best.chosen, place, self.evaluator.bounds)
                if result.value > best.parts.value and result.utility >= start - GIVEN_UP:
                    checked = self.with_assignment(best.chosen, place)
                    best = checked if checked.faults <= best.faults else best
                if not strength:
                    break
                again, _ = pressure(self.evaluator, self._slate(best.chosen, place))
                weight = np.minimum(0.5 * (weight + again / max(float(again.mean()), 1e-12)), MOST)
        return best

    def _slate(self, chosen: IntArray, place: IntArray) -> Evaluated:
        instance = self.instance
        terms = without_complaints(instance, self.evaluator.weights, chosen, place, self.evaluator.bounds)
        content = instance.samples.content(chosen, place)
        ratios = instance.samples.ratios(content, chosen)
        return Evaluated(chosen, place, np.zeros(len(chosen)), terms, content, ratios, terms.value)

    def _span(self) -> float:
        """The range of the pool's utilities; 1 where there are none."""
        values = self.problem.pool.utilities(self.instance.rows, self.instance.candidates)
        return float(values.max() - values.min()) if values.size else 1.0

    def _mended(self, best: ExactlyEvaluated) -> ExactlyEvaluated:
        """Exchanges that seat more people or end a violation, the dearer ones first."""
        instance, tried = self.instance, 0
        for _ in range(3):
            here = best
            spent = int(instance.costs[here.chosen].sum())
            outside = np.setdiff1d(np.arange(instance.m), here.chosen)
            moves = []
            for out in [-1, *np.setdiff1d(here.chosen, instance.locked).tolist()]:
                room = instance.budget - spent + (0 if out < 0 else int(instance.costs[out]))
                for into in outside[instance.costs[outside] <= room].tolist():
                    more = int(instance.costs[into]) - (0 if out < 0 else int(instance.costs[out]))
                    if more > 0 or here.means.violated:
                        value = instance.mean_chance[into] - (0.0 if out < 0 else instance.mean_chance[out])
                        moves.append((-more, -round(float(value), 9), out, into))
            for _, _, out, into in sorted(moves):
                if tried >= MENDED:
                    return best
                tried += 1
                result = self.evaluate(np.sort(exchanged(here.chosen, out, into)))
                if _rank(result) < _rank(best):
                    best = result
            if best is here or not _avoidable(best):
                return best
        return best


def _rank(one: ExactlyEvaluated) -> tuple[bool, int, float, tuple[int, ...]]:
    return *one.faults, -one.parts.value, tuple(one.chosen.tolist())


def _first(slates: list[ExactlyEvaluated]) -> ExactlyEvaluated:
    """The one of the least `_rank`; whether coalitions have what they need is asked of as few as possible."""
    ordered = sorted(slates, key=lambda one: (one.left, -one.parts.value, tuple(one.chosen.tolist())))
    return next((one for one in ordered if not one.means.violated), ordered[0])


def _avoidable(one: ExactlyEvaluated) -> bool:
    return one.means.violated or one.left > 0
