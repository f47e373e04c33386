"""The last word: the best slates with their exact assignment, judged on everybody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...profile import FloatArray, IntArray
from ...queries.closed_pool import KEEP
from ..assignment import balanced_assignment, capacities
from ..problem import Problem
from .check import Verdict, verdict
from .exchange import exchanged, pressure
from .look import Looking, Slate
from .objective import Parts, looked, parts

# Utility that another assignment may cost, and the pulls towards those who complain that are tried.
GIVEN_UP, PULLS, ROUNDS = 0.01, (0.1, 0.3, 1.0), 2
# What an own vote counts for in an assignment, and most that one person is pulled by.
OWN, MOST = 0.02, 5.0
# The slates for which other assignments are tried, and exchanges that are judged exactly where people are left over.
TRIED, MENDED = 1, 80
# Two slates are about equal when their objectives differ by no more than this: then more own votes decide.
ABOUT = 0.003


@dataclass(frozen=True, eq=False)
class Judged:
    """A slate with an assignment of everybody.

    Args:
        chosen: int64 [k] places in the scene's candidates.
        place: int64 [n_agents] place of everybody's statement.
        parts: of the objective.
        verdict: on the hard conditions.
    """

    chosen: IntArray
    place: IntArray
    parts: Parts
    verdict: Verdict

    @property
    def faults(self) -> tuple[bool, int]:
        """What comes before the objective: a violation, then people left over."""
        return self.verdict.violated, self.verdict.left


class Jury:
    """Judges slates exactly.

    Args:
        problem: the pool with everybody.
        looking: of the search.
    """

    def __init__(self, problem: Problem, looking: Looking) -> None:
        self.problem, self.looking, self.scene = problem, looking, looking.scene
        self.done = 0
        pool = problem.pool
        small = pool.n_agents * pool.size <= KEEP
        self._known = pool.known(pool.agents, np.arange(pool.size)) if small else None

    def judged(self, chosen: IntArray) -> Judged:
        """A slate with its balanced assignment of the largest utility."""
        return self.placed(chosen, self._seated(chosen, None))

    def placed(self, chosen: IntArray, place: IntArray) -> Judged:
        """A slate with an assignment."""
        scene = self.scene
        found = parts(scene, self.looking.weights, chosen, place[scene.rows])
        return Judged(chosen, place, found, self._verdict(chosen, place))

    def _verdict(self, chosen: IntArray, place: IntArray) -> Verdict:
        candidates = self.scene.candidates
        return verdict(self.problem, candidates, candidates[chosen], place, self._known)

    def _seated(self, chosen: IntArray, pull: FloatArray | None) -> IntArray:
        """The balanced assignment of the largest utility plus ``pull`` (float64 [k, n_agents])."""
        pool, numbers = self.problem.pool, self.scene.candidates[chosen]
        lower, upper = capacities(pool.costs[numbers], pool.total_mass, self.problem.budget)
        wish = pool.utilities(pool.agents, numbers)
        self.done += 1
        return balanced_assignment(wish if pull is None else wish + pull.T, lower, upper, pool.masses)

    def winner(self, slates: list[IntArray]) -> tuple[Judged, int]:
        """The best slate, and how many were about as good.

        No violation first, then fewest people left over, then the objective; of those about equal in it the one in
        which most people agreed with their statement; then pool order.
        """
        found = [self.judged(chosen) for chosen in slates]
        found.sort(key=_rank)
        for at in range(min(TRIED, len(found))):
            found[at] = self._reseated(found[at])
        found.sort(key=_rank)
        if self._avoidable(found[0]):
            found = [self._mended(found[0]), *found]
            found.sort(key=_rank)
        best = found[0]
        close = [one for one in found if one.faults == best.faults and one.parts.value >= best.parts.value - ABOUT]
        close.sort(key=lambda one: (-one.parts.voted, *_rank(one)))
        return close[0], len(close) - 1

    def _avoidable(self, one: Judged) -> bool:
        return one.verdict.violated or one.verdict.left > 0

    def _reseated(self, best: Judged) -> Judged:
        """Other balanced assignments: first towards own votes, then towards what complainers would agree with."""
        scene = self.scene
        if len(scene.rows) != self.problem.pool.n_agents:
            return best
        start = best.parts.utility
        voted, chances = OWN * scene.voted[best.chosen], scene.chances[best.chosen]
        span = self._span()
        persons, _ = pressure(self.looking, self._slate(best.chosen, best.place))
        for strength in (0.0, *PULLS):
            weight = np.minimum(persons / max(float(persons.mean()), 1e-12), MOST)
            if strength and not persons.any():
                break
            for _ in range(ROUNDS):
                # On the grid of utilities, so that machines agree about ties.
                pull = np.rint(1024 * (strength * weight * chances + voted)) / 1024
                place = self._seated(best.chosen, pull * span)
                found = parts(scene, self.looking.weights, best.chosen, place)
                if found.value > best.parts.value and found.utility >= start - GIVEN_UP:
                    checked = self.placed(best.chosen, place)
                    best = checked if checked.faults <= best.faults else best
                if not strength:
                    break
                again, _ = pressure(self.looking, self._slate(best.chosen, place))
                weight = np.minimum(0.5 * (weight + again / max(float(again.mean()), 1e-12)), MOST)
        return best

    def _slate(self, chosen: IntArray, place: IntArray) -> Slate:
        scene = self.scene
        seen = looked(scene, self.looking.weights, chosen, place)
        content = scene.samples.content(chosen, place)
        ratios = scene.samples.ratios(content, chosen)
        return Slate(chosen, place, np.zeros(len(chosen)), seen, content, ratios, seen.value)

    def _span(self) -> float:
        """One on the scale of the pool's utilities."""
        values = self.problem.pool.utilities(self.scene.rows, self.scene.candidates)
        return float(values.max() - values.min()) if values.size else 1.0

    def _mended(self, best: Judged) -> Judged:
        """Exchanges that seat more people or end a violation, the dearer ones first."""
        scene, tried = self.scene, 0
        for _ in range(3):
            here = best
            spent = int(scene.costs[here.chosen].sum())
            outside = np.setdiff1d(np.arange(scene.m), here.chosen)
            moves = []
            for out in [-1, *np.setdiff1d(here.chosen, scene.locked).tolist()]:
                room = scene.budget - spent + (0 if out < 0 else int(scene.costs[out]))
                for into in outside[scene.costs[outside] <= room].tolist():
                    more = int(scene.costs[into]) - (0 if out < 0 else int(scene.costs[out]))
                    if more > 0 or here.verdict.violated:
                        value = scene.mean_chance[into] - (0.0 if out < 0 else scene.mean_chance[out])
                        moves.append((-more, -round(float(value), 9), out, into))
            for _, _, out, into in sorted(moves):
                if tried >= MENDED:
                    return best
                tried += 1
                found = self.judged(np.sort(exchanged(here.chosen, out, into)))
                if _rank(found) < _rank(best):
                    best = found
            if best is here or not self._avoidable(best):
                return best
        return best


def _rank(one: Judged) -> tuple[bool, int, float, tuple[int, ...]]:
    return *one.faults, -one.parts.value, tuple(one.chosen.tolist())
