"""Slates one exchange apart: the best one can be found without a solver, at any size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..profile import FloatArray, IntArray
from .bound import Bound
from .standing import STEP, Standing, Task


@dataclass(frozen=True, eq=False)
class Found:
    """A slate with its assignment.

    Args:
        chosen: int64 [k] candidates.
        place: int64 [n] place of the representing statement, -1 unassigned.
        standing: what it is worth.
    """

    chosen: IntArray
    place: IntArray
    standing: Standing


@dataclass
class LocalSearch:
    """Exchanges one statement for another, adds one or drops one, as long as that makes the slate better.

    Slates of the Lagrangian relaxation are tried first. An exchange is looked at only if its upper bound (the least of
    three: prices of the relaxation, prices of the present assignment, everybody's favourite) is above the present
    total; those of the highest bound first, the first improvement is taken. A slate counts with its balanced
    assignment of the largest total, and only if that leaves no more violations, floors broken or mass unassigned
    than before. Ties between bounds: the statement that leaves, then the one that enters, in pool order. No
    randomness, and no clock: the same input gives the same slate.

    Args:
        task: the pool.
        evaluations: most slates to assign.
    """

    task: Task
    evaluations: int = 2000
    done: int = 0
    exchanges: int = 0
    exhausted: bool = False

    def run(self, start: Found, bound: Bound) -> Found:
        """Improves the start as far as it can."""
        best = start
        best = self._tried(best, start.chosen)
        # Those of the highest bound first; on ties those the relaxation came to last.
        ranked = sorted(range(len(bound.slates)), key=lambda at: (-bound.of(bound.slates[at]), -at))
        for chosen in (bound.slates[at] for at in ranked):
            if _faulty(best) or bound.of(chosen) > best.standing.total + STEP / 2:
                best = self._tried(best, chosen)
        while True:
            better = self._step(best, bound)
            if better is None:
                return best
            self.exchanges += 1
            best = better

    def _step(self, best: Found, bound: Bound) -> Found | None:
        """The first improvement one exchange away."""
        task = self.task
        moves = self._moves(best, bound)
        for out, into in moves:
            if self.done >= self.evaluations:
                self.exhausted = True
                return None
            chosen = best.chosen if out < 0 else np.delete(best.chosen, out)
            chosen = chosen if into < 0 else np.append(chosen, into)
            if not len(chosen) or not task.fits(chosen):
                continue
            better = self._tried(best, chosen)
            if better is not best:
                return better
        return None

    def _tried(self, best: Found, chosen: IntArray) -> Found:
        task = self.task
        if not len(chosen) or not task.fits(chosen) or self.done >= self.evaluations:
            return best
        self.done += 1
        place = task.assigned(chosen)
        if not task.may_beat(chosen, place, best.standing):
            return best
        standing = task.standing(chosen, place)
        return Found(chosen, place, standing) if standing.beats(best.standing) else best

    def _moves(self, best: Found, bound: Bound) -> list[tuple[int, int]]:
        """(place that leaves or -1, candidate that enters or -1), those with the highest upper bound first."""
        task, total = self.task, best.standing.total
        inside = set(best.chosen.tolist())
        mending = _faulty(best)
        entering = np.array([a for a in task.open.tolist() if a not in inside], dtype=np.int64)
        if not mending:
            entering = entering[bound.with_candidate[entering] > total]
        left = task.budget - int(task.costs[best.chosen].sum())
        prices = self._prices(best)
        gain = self._gains(prices, entering)
        values = np.where(task.seats, task.worth, -np.inf)
        lowest = float(task.worth.min()) if task.worth.size else 0.0
        found: list[tuple[float, int, int]] = []
        for out in range(-1, len(best.chosen)):
            if out >= 0 and int(best.chosen[out]) in task.locked_in:
                continue
            stay = best.chosen if out < 0 else np.delete(best.chosen, out)
            room = left + (int(task.costs[best.chosen[out]]) if out >= 0 else 0)
            fits = np.flatnonzero(task.costs[entering] <= room)
            favourite = values[:, stay].max(axis=1, initial=-np.inf)
            ceiling = np.array(
                [task.masses @ np.maximum(np.maximum(favourite, values[:, a]), lowest) for a in entering[fits]]
            ).reshape(len(fits))
            lost = self._gains(prices, best.chosen[[out]])[0] if out >= 0 else 0.0
            upper = np.minimum(ceiling, total - lost + gain[fits])
            upper = np.minimum(upper, bound.of(stay) + bound.gain[entering[fits]])
            for at in np.flatnonzero(upper > total + STEP / 2) if not mending else range(len(fits)):
                found.append((float(upper[at]), out, int(entering[fits[at]])))
            if out >= 0 and (mending or task.masses @ np.maximum(favourite, lowest) > total):
                found.append((total - float(lost), out, -1))
        found.sort(key=lambda move: (-move[0], move[1], move[2]))
        return [(out, into) for _, out, into in found]

    def _prices(self, best: Found) -> FloatArray:
        """What each agent costs where it is: its utility less the price of a seat at its statement.

        Prices of seats are such that nobody gains by moving (the duals of the assignment), from a few rounds of
        Bellman and Ford over the statements; any prices give valid bounds.
        """
        task, k = self.task, len(best.chosen)
        seat = np.zeros(k + 1)
        worth = np.where(task.seats[:, best.chosen], task.worth[:, best.chosen], -np.inf)
        load = np.bincount(best.place[best.place >= 0], weights=task.masses[best.place >= 0], minlength=k)
        loss = np.full((k + 1, k + 1), np.inf)
        for s in range(k):
            here = worth[best.place == s]
            with np.errstate(invalid="ignore"):
                loss[s, :k] = np.nan_to_num(here[:, [s]] - here, nan=np.inf).min(axis=0, initial=np.inf)
        loss[:k, k] = np.where(load < task.upper[best.chosen], 0.0, np.inf)
        loss[k, :k] = np.where(load > task.lower[best.chosen], 0.0, np.inf)
        for _ in range(k + 1):
            seat = np.minimum(seat, (loss + seat[None, :]).min(axis=1))
        seat -= seat[k]
        own = np.where(best.place >= 0, worth[np.arange(task.n), best.place] - seat[:k][best.place], 0.0) if k else 0.0
        return np.where(np.isfinite(own), own, 0.0)

    def _gains(self, prices: FloatArray, candidates: IntArray) -> FloatArray:
        """What each candidate gains at these prices from the agents it gains most from."""
        task = self.task
        found = np.zeros(len(candidates))
        for at, a in enumerate(candidates):
            gain = np.where(task.seats[:, a], task.worth[:, a] - prices, 0.0)
            order = np.argsort(-gain, kind="stable")
            before = np.cumsum(task.masses[order]) - task.masses[order]
            taken = np.clip(int(task.upper[a]) - before, 0, task.masses[order])
            found[at] = float(np.maximum(gain[order], 0.0) @ taken)
        return found


def _faulty(found: Found) -> bool:
    """Something comes before the total."""
    standing = found.standing
    return standing.violations + standing.broken + standing.unassigned > 0 or not standing.balanced
