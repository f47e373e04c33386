"""An upper bound on what any slate can give, and which candidates can still be part of a better one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ...profile import BoolArray, FloatArray, IntArray
from .standing import STEP, Task

# Multiples of the Polyak step; it is halved after this many steps without a better bound.
PACE = 1.0
PATIENCE = 6
# Prices are whole multiples of 1/FINE: identical agents have identical prices, on any machine.
FINE = 2.0**20
# More than the rounding of any sum here.
ROUNDING = 1e-6


@dataclass(frozen=True)
class Bound:
    """An upper bound on the total utility of slates.

    Args:
        total: no slate within the budget and the upper capacities gives more, if it leaves no more mass unassigned
            than was allowed.
        with_candidate: float64 [m]: nor does any slate with this candidate in it give more than this; -inf for those
            that may not be chosen.
        prices: float64 [n]: what representing each agent is worth (Lagrange multipliers).
        gain: float64 [m]: what every candidate gains at these prices; -inf for those that may not be chosen.
        base: the sum of the prices and the mass left out: a slate gives at most this and its gains.
        cut: float64 [m]: what the last agent that each candidate would take is worth to it above its price, >= 0.
        slates: the distinct slates that the relaxation chose on its way, best relaxations last.
        steps: the number of subgradient steps taken.
    """

    total: float
    with_candidate: FloatArray
    prices: FloatArray
    gain: FloatArray
    base: float
    cut: FloatArray
    slates: tuple[IntArray, ...]
    steps: int

    def of(self, chosen: IntArray) -> float:
        """An upper bound on what any assignment of this slate gives."""
        return self.base + float(self.gain[chosen].sum())

    def candidates(self, task: Task, total: float) -> IntArray:
        """Which candidates may be in a slate that gives at least ``total``."""
        return task.open[self.with_candidate[task.open] >= total - ROUNDING]

    def seats(self, task: Task, total: float) -> BoolArray:
        """bool [n, m]: which agents may be at which candidates in a slate that gives at least ``total``."""
        short = np.maximum(self.cut - (task.worth - self.prices[:, None]), 0.0) * task.masses[:, None]
        return np.asarray(task.seats & (self.with_candidate - short >= total - ROUNDING), dtype=np.bool_)


def lagrangian_bound(
    task: Task, target: float, idle: int = 0, steps: int = 300, prices: FloatArray | None = None
) -> Bound:
    """Relaxes "everybody has exactly one statement" and prices it instead.

    At given prices every candidate serves the agents it gains most from, up to its capacity, and the budget goes to
    the candidates that gain most a unit (fractional knapsack); the bound is at least as good as the linear program's
    with x_ia <= y_a. Lower capacities, cuts and floors other than `Task.least` are left out, so it holds without them
    too. Subgradient steps of Polyak length towards ``target``; deterministic.

    Args:
        task: the pool and what a slate has to keep to.
        target: the total utility of a slate that is known.
        idle: the mass that may be left without a statement (worth 0 to the total).
        steps: the most subgradient steps.
        prices: float64 [n] the prices to start from, as those of a bound; None: a little below everybody's favourite.
    """
    relaxed = _Relaxed(task, idle)
    best = relaxed.values.max(axis=0, initial=-np.inf)
    # Agents whom no candidate can represent cost nothing and gain nothing.
    lost = ~np.isfinite(best)
    if prices is None:
        # A little below everybody's favourite, at least the best candidates gain something.
        prices = np.where(lost, 0.0, best - 0.1 * (float(np.ptp(task.worth)) if task.worth.size else 0.0))
        prices = np.rint(prices * FINE) / FINE
    solution = relaxed.at(prices)
    top, top_prices, pace, stale = solution, prices, PACE, 0
    slates: dict[tuple[int, ...], None] = {}
    done = 0
    for _ in range(steps):
        done += 1
        slates.pop(solution.slate, None)
        slates[solution.slate] = None
        slope = np.where(lost, 0.0, 1.0 - solution.served)
        norm = float(slope @ slope)
        if norm == 0.0 or top.total <= target + STEP / 2:
            break
        length = pace * (solution.total - target) / float((task.masses * slope) @ slope)
        prices = np.rint((prices - length * slope) * FINE) / FINE
        solution = relaxed.at(prices)
        if solution.total < top.total - 1e-9:
            top, top_prices, stale = solution, prices, 0
        else:
            stale += 1
            if stale >= PATIENCE:
                pace, stale = pace / 2, 0
                prices, solution = top_prices, top
    inside, gain, cut = np.full(task.m, -np.inf), np.full(task.m, -np.inf), np.zeros(task.m)
    inside[relaxed.open] = top.total - top.lost
    gain[relaxed.open] = top.gain
    cut[relaxed.open] = top.cut
    chosen = tuple(np.array(slate, dtype=np.int64) for slate in slates if slate)
    return Bound(top.total, inside, top_prices, gain, top.base, cut, chosen, done)


def top_gains(gains: FloatArray, upper: int, masses: IntArray | None) -> tuple[FloatArray, FloatArray]:
    """What every candidate gains from the agents it gains most from, and the least gain among them; both >= 0.

    Args:
        gains: float64 [candidates, n] what every candidate gains from every agent, n >= 1; overwritten.
        upper: the most mass that a candidate takes, >= 1.
        masses: int64 [n] the agents' masses; None: all 1.
    """
    if masses is None:
        first = max(gains.shape[1] - upper, 0)
        gains.partition(first, axis=1)
        top = np.maximum(gains[:, first:], 0.0)
        return top.sum(axis=1), top[:, 0]
    order = np.argsort(-gains, axis=1, kind="stable")
    ranked = np.maximum(np.take_along_axis(gains, order, axis=1), 0.0)
    mass = masses[order]
    taken = np.clip(upper - (np.cumsum(mass, axis=1) - mass), 0, mass)
    last = (taken > 0).sum(axis=1) - 1
    return (ranked * taken).sum(axis=1), ranked[np.arange(len(last)), last]


@dataclass(frozen=True)
class _Point:
    """The relaxation at some prices."""

    total: float
    served: FloatArray
    slate: tuple[int, ...]
    lost: FloatArray
    gain: FloatArray
    base: float
    cut: FloatArray


class _Relaxed:
    """The relaxation; candidates in the order of their capacities, one row of utilities each."""

    def __init__(self, task: Task, idle: int) -> None:
        self.task, self.idle = task, idle
        self.open = task.open[np.argsort(task.upper[task.open], kind="stable")]
        self.costs = task.costs[self.open].astype(np.float64)
        self.upper = task.upper[self.open]
        self.masses = None if (task.masses == 1).all() else task.masses
        self.locked = np.isin(self.open, list(task.locked_in))
        self.values = np.where(task.seats.T[self.open], task.worth.T[self.open], -np.inf)
        starts = np.flatnonzero(np.diff(self.upper, prepend=-1))
        self.alike = [slice(a, b) for a, b in pairwise([*starts.tolist(), len(self.open)])]

    def at(self, prices: FloatArray) -> _Point:
        task = self.task
        worth, cut = self._worth(prices)
        order = np.lexsort((self.open, -worth / self.costs))
        order = np.concatenate([order[self.locked[order]], order[~self.locked[order]]])
        left = task.budget - np.cumsum(self.costs[order])
        share = np.clip(1.0 + left / self.costs[order], 0.0, 1.0)
        share[(worth[order] <= 0) & ~self.locked[order]] = 0.0
        fraction = np.zeros(len(order))
        fraction[order] = share
        # The first candidate that does not fit whole sets the price of the budget.
        partly = order[(share < 1.0) & ~self.locked[order] & (worth[order] > 0)]
        unit_price = float(worth[partly[0]] / self.costs[partly[0]]) if len(partly) else 0.0
        used = np.flatnonzero(fraction > 0)
        served = fraction[used] @ self._takes(self.values[used] - prices, cut[used], self.upper[used])
        base = float(prices @ task.masses)
        if self.idle:
            order = np.argsort(prices, kind="stable")
            heaped = np.cumsum(task.masses[order])
            spared = np.clip(self.idle - (heaped - task.masses[order]), 0, task.masses[order]) * (prices[order] < 0)
            base -= float(prices[order] @ spared)
            served[order] += spared / task.masses[order]
        total = base + float(worth @ fraction)
        slate = tuple(sorted(int(a) for a in self.open[fraction >= 1.0]))
        lost = np.maximum(unit_price * self.costs - worth, 0.0)
        lost[self.locked] = 0.0
        return _Point(total, served, slate, lost, worth, base, np.maximum(cut, 0.0))

    def _worth(self, prices: FloatArray) -> tuple[FloatArray, FloatArray]:
        """What every candidate gains from the agents it gains most from, and the least gain among them."""
        worth, cut = np.zeros(len(self.open)), np.zeros(len(self.open))
        for rows in self.alike if len(prices) else []:
            worth[rows], cut[rows] = top_gains(self.values[rows] - prices, int(self.upper[rows.start]), self.masses)
        return worth, cut

    def _takes(self, gains: FloatArray, cut: FloatArray, upper: IntArray) -> FloatArray:
        """float64 [candidates, n]: share of every agent's mass that each candidate takes."""
        masses = self.task.masses.astype(np.float64)
        above = gains > np.maximum(cut, 0.0)[:, None]
        level = (gains == cut[:, None]) & (cut > 0)[:, None]
        left = np.maximum(upper - above @ masses, 0.0)
        even = level @ masses
        part = np.minimum(np.divide(left, even, out=np.zeros(len(left)), where=even > 0), 1.0)
        return np.asarray(above + level * part[:, None])
