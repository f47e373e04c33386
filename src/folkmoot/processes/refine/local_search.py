"""Slates one exchange apart: the best one can be found without a solver, at any size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...profile import FloatArray, IntArray
from .bound import Bound, top_gains
from .standing import STEP, Standing, Task

# Most slates that are looked at for every one that may be assigned.
LOOKS = 25
# Rounds of prices for a slate, and the share of the distance to the goal that a round has to make up for one more.
SWEEPS = 4
ENOUGH = 0.1


@dataclass(frozen=True, eq=False)
class AssignedSlate:
    """A slate with its assignment.

    Args:
        chosen: int64 [k] the candidates.
        place: int64 [n] the place of each agent's representing statement, -1 where unassigned.
        standing: the value of the slate.
    """

    chosen: IntArray
    place: IntArray
    standing: Standing


@dataclass
class LocalSearch:
    """Exchanges one statement for another, adds one or drops one, as long as that makes the slate better.

    Slates of the Lagrangian relaxation are tried first. An exchange is looked at only if its upper bound (the lesser
    of two: prices of the relaxation, prices of the present assignment) is above the present total; those of the
    highest bound first, the first improvement is taken. Before a slate is assigned, prices of its own seats are
    sought that prove it no better (`_ceiling`): that takes a tenth of an assignment's time, and few slates are left. A
    slate counts with its balanced assignment of the largest total, and only if that leaves no more violations, floors
    broken or mass unassigned than before. Ties between bounds: the statement that leaves, then the one that enters, in
    pool order. No randomness, and no clock: the same input gives the same slate.

    Args:
        task: the pool and what a slate has to keep to.
        evaluations: the most slates that are assigned.
    """

    task: Task
    evaluations: int = 2000
    done: int = 0
    looks: int = 0
    exchanges: int = 0
    exhausted: bool = False

    def run(self, start: AssignedSlate, bound: Bound) -> AssignedSlate:
        """Improves the start as far as it can."""
        best = start
        best = self._tried(best, start.chosen)
        # Slates of the highest bound first; on ties those that the relaxation reached last.
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

    def _step(self, best: AssignedSlate, bound: Bound) -> AssignedSlate | None:
        """The first improvement one exchange away."""
        seat = dict(zip(best.chosen.tolist(), self._seats(best).tolist(), strict=True))
        for out, into in self._moves(best, bound):
            chosen = best.chosen if out < 0 else np.delete(best.chosen, out)
            chosen = chosen if into < 0 else np.append(chosen, into)
            better = self._tried(best, chosen, seat)
            if better is not best:
                return better
            if self.exhausted:
                return None
        return None

    def _tried(self, best: AssignedSlate, chosen: IntArray, seat: Mapping[int, float] | None = None) -> AssignedSlate:
        task = self.task
        if not len(chosen) or not task.fits(chosen):
            return best
        if self.done >= self.evaluations or self.looks >= LOOKS * self.evaluations:
            self.exhausted = True
            return best
        if not _faulty(best):
            self.looks += 1
            if self._ceiling(chosen, seat or {}, best.standing.total) <= best.standing.total + STEP / 2:
                return best
        self.done += 1
        place = task.assigned(chosen)
        if not task.may_beat(chosen, place, best.standing):
            return best
        standing = task.standing(chosen, place)
        return AssignedSlate(chosen, place, standing) if standing.beats(best.standing) else best

    def _ceiling(self, chosen: IntArray, seat: Mapping[int, float], goal: float) -> float:
        """An upper bound on balanced assignments that leave nobody out, by prices of the seats (any prices bound them).

        Coordinate descent of the assignment's dual: statement by statement, the price is set at which it is sought by
        as many as it may hold. Ends once the bound is not above ``goal``, or hardly falls.
        """
        task = self.task
        lower, upper = task.lower[chosen], task.upper[chosen]
        if not int(lower.sum()) <= task.total_mass <= int(upper.sum()):
            return -np.inf
        net = np.where(task.seats[:, chosen], task.worth[:, chosen], -np.inf).T
        price = np.array([seat.get(int(a), 0.0) for a in chosen])
        net -= price[:, None]
        # New statements first: the prices of the others are about right.
        order = sorted(range(len(chosen)), key=lambda s: int(chosen[s]) in seat)
        last = np.inf
        for _ in range(SWEEPS):
            for s in order:
                here = net[s].copy()
                net[s] = -np.inf
                with np.errstate(invalid="ignore"):
                    keen = np.nan_to_num(here - net.max(axis=0), nan=-np.inf, posinf=np.inf, neginf=-np.inf)
                net[s] = here
                # Towards 0, but not so low that too many seek it, nor so high that too few do.
                low, high = self._prices_between(keen, int(lower[s]), int(upper[s]))
                change = min(max(-price[s], low), high)
                if np.isfinite(change):
                    price[s] += change
                    net[s] -= change
            ceiling = float(task.masses @ net.max(axis=0)) + float(np.maximum(price * lower, price * upper).sum())
            if ceiling <= goal or ceiling > last - ENOUGH * (last - goal):
                return min(ceiling, last)
            last = ceiling
        return last

    def _prices_between(self, keen: FloatArray, lower: int, upper: int) -> tuple[float, float]:
        """The range of prices at which at most ``upper`` mass is keener, and ``lower`` or more at least as keen."""
        if self.task.slack:
            order = np.argsort(-keen)
            ranked, heaped = keen[order], np.cumsum(self.task.masses[order])
            last, beyond = int(np.searchsorted(heaped, lower)), int(np.searchsorted(heaped, upper, side="right"))
        else:
            last, beyond = lower - 1, upper
            ranked = -np.partition(-keen, np.array([max(last, 0), min(beyond, len(keen) - 1)]))
        low = float(ranked[beyond]) if beyond < len(keen) else -np.inf
        return low, float(ranked[last]) if lower else np.inf

    def _moves(self, best: AssignedSlate, bound: Bound) -> list[tuple[int, int]]:
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
        own = self._gains(prices, best.chosen)
        moves: list[tuple[float, int, int]] = []
        for out in range(-1, len(best.chosen)):
            if out >= 0 and int(best.chosen[out]) in task.locked_in:
                continue
            stay = best.chosen if out < 0 else np.delete(best.chosen, out)
            room = left + (int(task.costs[best.chosen[out]]) if out >= 0 else 0)
            fits = np.flatnonzero(task.costs[entering] <= room)
            lost = float(own[out]) if out >= 0 else 0.0
            upper = np.minimum(total - lost + gain[fits], bound.of(stay) + bound.gain[entering[fits]])
            for at in np.flatnonzero(upper > total + STEP / 2) if not mending else range(len(fits)):
                moves.append((float(upper[at]), out, int(entering[fits[at]])))
            if out >= 0:
                moves.append((total - lost, out, -1))
        moves.sort(key=lambda move: (-move[0], move[1], move[2]))
        return [(out, into) for _, out, into in moves]

    def _prices(self, best: AssignedSlate) -> FloatArray:
        """What each agent costs where it is: its utility less the price of a seat at its statement.

        Any prices give valid bounds.
        """
        task = self.task
        if not len(best.chosen):
            return np.zeros(task.n)
        rows, seat = np.arange(task.n), self._seats(best)
        worth = task.worth[rows, best.chosen[best.place]] - seat[best.place]
        return np.where(best.place >= 0, worth, 0.0)

    def _seats(self, best: AssignedSlate) -> FloatArray:
        """float64 [k]: prices of the seats, such that nobody gains by moving (the duals of the assignment).

        From a few rounds of Bellman and Ford over the statements.
        """
        task, k = self.task, len(best.chosen)
        seat = np.zeros(k + 1)
        worth = np.where(task.seats[:, best.chosen], task.worth[:, best.chosen], -np.inf)
        load = np.bincount(best.place[best.place >= 0], weights=task.masses[best.place >= 0], minlength=k)
        loss = np.full((k + 1, k + 1), np.inf)
        for s in range(k):
            here = worth[best.place == s]
            with np.errstate(invalid="ignore"):
                loss[s, :k] = np.nan_to_num(here[:, [s]] - here, nan=np.inf, posinf=np.inf).min(axis=0, initial=np.inf)
        loss[:k, k] = np.where(load < task.upper[best.chosen], 0.0, np.inf)
        loss[k, :k] = np.where(load > task.lower[best.chosen], 0.0, np.inf)
        for _ in range(k + 1):
            seat = np.minimum(seat, (loss + seat[None, :]).min(axis=1))
        return np.asarray(np.nan_to_num(seat[:k] - seat[k], posinf=0.0, neginf=0.0))

    def _gains(self, prices: FloatArray, candidates: IntArray) -> FloatArray:
        """What each candidate gains at these prices from the agents it gains most from."""
        task = self.task
        masses = task.masses if task.slack else None
        gains = np.zeros(len(candidates))
        for at, a in enumerate(candidates if task.n else []):
            gain = np.where(task.seats[:, a], task.worth[:, a] - prices, 0.0)
            gains[at] = top_gains(gain[None, :], int(task.upper[a]), masses)[0][0]
        return gains


def _faulty(slate: AssignedSlate) -> bool:
    """Whether something that comes before the total is not as it should be."""
    standing = slate.standing
    return standing.violations + standing.broken + standing.unassigned > 0 or not standing.balanced
