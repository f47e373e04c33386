"""The market of the Method of Equal Shares: what supporters gain, what they have left, and what they pay."""

from __future__ import annotations

from collections.abc import Hashable
from fractions import Fraction
from functools import cached_property
from math import gcd
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ...profile import BoolArray, FloatArray, IntArray
from ...queries.approvals import Approvals
from ..problem import Problem
from .seqphragmen import EPS
from .universes import Branching

# What a supporter gains: the cost of the statement, 1, or its utility.
Measure = Literal["cost", "count", "utility"]
# Utilities are read as multiples of this share of the largest one (a power of two).
FINEST = 2.0**-30
# So many candidates are priced one by one; then those that nobody can afford any more are found all at once.
LAZY = 16


class Market:
    """The supporters of every candidate, and what they gain from it.

    Args:
        approvals: the supporters of every candidate (for utilities: all with a positive one).
        gains: the gain of each supporter, an integer per candidate or, for utilities, one per entry of ``approvals``.
    """

    def __init__(self, problem: Problem, measure: Measure) -> None:
        pool = problem.pool
        self.problem, self.costs = problem, pool.costs
        self.single = measure == "utility"
        if measure == "utility":
            self.supporters = Approvals(pool, 0.0, above=True, values=True)
            self.gains: IntArray = _integers(self.supporters.values)
        else:
            self.supporters = Approvals(pool, problem.approval)
            self.gains = pool.costs if measure == "cost" else np.ones(pool.size, dtype=np.int64)
        if self.single:
            starts = self.supporters.starts
            entries = np.asarray(self.gains * pool.masses[self.supporters.rows], dtype=np.float64)
            totals = np.concatenate([[0.0], np.cumsum(entries)])
            # Differences of sums are only right to the rounding of the whole.
            unsure = EPS * len(entries) * float(totals[-1])
            self.worth = np.asarray(totals[starts[1:]] - totals[starts[:-1]] + unsure, dtype=np.float64)
        else:
            self.worth = np.asarray(self.supporters.mass * self.gains, dtype=np.float64)

    @cached_property
    def level(self) -> Approvals:
        """The approvers of every candidate, for completions and for the report."""
        return Approvals(self.problem.pool, self.problem.approval) if self.single else self.supporters

    def gains_of(self, candidate: int) -> IntArray:
        """What each supporter gains."""
        if not self.single:
            return np.full(len(self.supporters.of(candidate)), self.gains[candidate])
        return self.gains[self.supporters.starts[candidate] : self.supporters.starts[candidate + 1]]


def _integers(values: FloatArray) -> IntArray:
    """Utilities in units small enough for the precision asked for; exact for small dyadic numbers."""
    top = float(values.max(initial=0.0))
    unit = 2.0 ** np.floor(np.log2(top)) * FINEST if top > 0 else 1.0
    return np.asarray(np.maximum(np.rint(values / unit), 1), dtype=np.int64)


class Shares(Branching):
    """Money of every agent: agents of one kind have the same, an exact fraction. Kinds split as agents pay.

    Kind 0 has nothing left: most agents end there.

    Args:
        market: the supporters and what they gain.
        budget: the money that all agents together start with.
    """

    changed = ("chosen", "open", "bound", "money")

    def __init__(self, market: Market, budget: int) -> None:
        problem = market.problem
        self.market, self.problem, self.costs = market, problem, market.costs
        self.masses = problem.pool.masses
        self.kind = np.ones(problem.pool.n_agents, dtype=np.int64)
        self.money: NDArray[Any] = np.array([0, budget], dtype=object)
        self.denominator = problem.pool.total_mass
        self.rough: FloatArray = np.array([0.0, budget / self.denominator])
        # Prices of this round, with the bound on their error.
        self.offers: dict[int, tuple[float, float]] = {}
        self.chosen: list[int] = []
        self.left = problem.budget
        self.open = (market.supporters.mass > 0) & (market.costs <= problem.budget)
        self.open[list(problem.locked_out)] = False
        self.capped = bool((market.costs == market.costs[0]).all()) if len(market.costs) else True
        # The price per unit of gain only ever rises: earlier prices are bounds.
        self.bound = np.full(len(market.costs), np.inf)
        some = market.worth > 0
        self.bound[some] = market.costs[some] / market.worth[some] * (1 - 1e-12)
        for candidate in problem.locked_in:
            self._lock(candidate)

    def tied(self) -> list[int]:
        """Candidates with the lowest price per unit of gain that their supporters can pay together."""
        if self.capped:
            self.open &= self.costs <= self.left
        candidates = np.flatnonzero(self.open)
        best = np.inf
        fresh: list[tuple[int, float, float]] = []
        for looked_at, candidate in enumerate(candidates[np.argsort(self.bound[candidates], kind="stable")]):
            if self.bound[candidate] > best:
                break
            if looked_at == LAZY:
                self.open &= ~self._too_dear()
            if not self.open[candidate]:
                continue
            priced = self._price(int(candidate))
            if priced is None:
                self.open[candidate] = False
                continue
            price, error = priced
            self.bound[candidate] = price - error
            best = min(best, price + error)
            fresh.append((int(candidate), price, error))
        self.offers = {candidate: (price, error) for candidate, price, error in fresh}
        near = [offer for offer in fresh if offer[1] - offer[2] <= best]
        if len(near) <= 1:
            return [offer[0] for offer in near]
        exact = [(offer[0], *self._exact_price(*offer)) for offer in near]
        _, least, most = exact[0]
        for _, numerator, denominator in exact:
            if numerator * most < least * denominator:
                least, most = numerator, denominator
        return sorted(a for a, numerator, denominator in exact if numerator * most == least * denominator)

    def _too_dear(self) -> BoolArray:
        """[m]: whether all supporters together surely have less than the cost."""
        wealth = self.market.supporters.sums(self.rough[self.kind] * self.masses)
        unsure = 4 * (np.diff(self.market.supporters.starts) + 8) * EPS * np.maximum(wealth, self.costs)
        return np.asarray(wealth + unsure < self.costs)

    def _groups(self, candidate: int) -> tuple[IntArray, IntArray, IntArray]:
        """Kinds of the supporters who have something left, mass, and gain of one; with utilities a kind may recur."""
        rows = self.market.supporters.of(candidate)
        kinds = self.kind[rows]
        if self.market.single:
            some = np.flatnonzero(kinds)
            return kinds[some], self.masses[rows[some]], self.market.gains_of(candidate)[some]
        masses = None if self.problem.pool.unit_mass else self.masses[rows]
        counts = np.bincount(kinds, masses, len(self.money)).astype(np.int64)
        counts[0] = 0
        used = np.flatnonzero(counts)
        return used, counts[used], np.full(len(used), self.market.gains[candidate])

    def _price(self, candidate: int) -> tuple[float, float] | None:
        """Smallest r with sum of min(money_i, r gain_i) = cost, and a bound on its error; None: they cannot pay."""
        kinds, masses, gains = self._groups(candidate)
        cost = float(self.costs[candidate])
        money = self.rough[kinds]
        has = money * masses
        margin = (len(kinds) + 8) * 4 * EPS * cost
        if abs(has.sum() - cost) <= margin:
            if int((masses * self.money[kinds]).sum()) < int(self.costs[candidate]) * self.denominator:
                return None
        elif has.sum() < cost:
            return None
        reach = money / gains
        order = np.argsort(reach, kind="stable")
        worth = (masses * gains)[order].astype(np.float64)
        spent = np.cumsum(has[order])
        price = (cost - np.append(0.0, spent[:-1])) / np.cumsum(worth[::-1])[::-1]
        fits = np.flatnonzero(price <= reach[order])
        least = float(price[fits[0]]) if len(fits) else float(reach.max())
        # What is collected is right to the margin, and grows by at least the smallest gain per unit of price.
        return least, margin / float(gains.min()) + 4 * EPS * least

    def _exact_price(self, candidate: int, price: float, error: float) -> tuple[int, int]:
        """The price as a fraction of which the denominator lacks the factor that all prices share."""
        kinds, masses, gains = self._groups(candidate)
        reach = self.rough[kinds] / gains
        poor = reach < price - 2 * error - 8 * EPS * price
        unclear = ~poor & (reach <= price + 2 * error + 8 * EPS * price)
        left, worth = self.money[kinds], (masses.astype(object) * gains)
        while True:
            numerator = int(self.costs[candidate]) * self.denominator - int((masses[poor] * left[poor]).sum())
            denominator = int(worth[~poor].sum())
            new = np.flatnonzero(unclear)
            if len(new) and denominator:
                new = new[(left[new] * denominator < gains[new].astype(object) * numerator).astype(bool)]
            if not len(new) or not denominator:
                return numerator, denominator
            poor[new], unclear[new] = True, False

    def take(self, candidate: int) -> None:
        numerator, denominator = self._exact_price(candidate, *self.offers[candidate])
        self._charge(self.market.supporters.of(candidate), self.market.gains_of(candidate), numerator, denominator)
        self._note(candidate)

    def _note(self, candidate: int) -> None:
        self.chosen.append(candidate)
        self.open[candidate] = False
        self.left -= int(self.costs[candidate])

    def _charge(self, rows: NDArray[Any], gains: IntArray, numerator: int, denominator: int) -> None:
        """Agents in ``rows`` pay gain x numerator / (denominator x our denominator), or all they have."""
        by_gain, gain = np.unique(gains, return_inverse=True) if self.market.single else (gains[:1], 0)
        numerator *= (common := int(np.gcd.reduce(by_gain)))
        shared = gcd(numerator, denominator)
        numerator, denominator = numerator // shared, denominator // shared
        # Those who had the same and gain the same become a kind of their own.
        payers, payer = np.unique(self.kind[rows] * len(by_gain) + gain, return_inverse=True)
        price = (by_gain[payers % len(by_gain)] // common).astype(object) * numerator
        money = self.money * denominator
        after = money[payers // len(by_gain)] - price
        some = (after > 0).astype(bool)
        new = np.where(some, len(money) + np.cumsum(some) - 1, 0)
        kind = self.kind.copy()
        kind[rows] = new[payer]
        used = np.bincount(kind, minlength=len(money) + int(some.sum())) > 0
        used[0] = True
        self.kind, self.denominator = (np.cumsum(used) - 1)[kind], self.denominator * denominator
        self.money = np.append(money, after[some])[used]
        self.rough = np.append(self.rough, _rough(after[some], self.denominator))[used]

    def _lock(self, candidate: int) -> None:
        """Supporters pay equally as far as they can, then everybody pays what lacks."""
        cost = Fraction(int(self.costs[candidate]))
        for rows in (self.market.supporters.of(candidate), self.problem.pool.agents):
            if not len(rows) or not cost:
                continue
            masses = None if self.problem.pool.unit_mass else self.masses[rows]
            counts = np.bincount(self.kind[rows], masses, len(self.money)).astype(np.int64)
            kinds = np.flatnonzero(counts)
            price, paid = _level(self.money[kinds], counts[kinds], cost * self.denominator)
            cost -= paid / self.denominator
            self._charge(rows, np.ones(len(rows), dtype=np.int64), price.numerator, price.denominator)
        self._note(candidate)

    def key(self) -> Hashable:
        money = [Fraction(int(x), self.denominator) for x in self.money]
        return tuple(sorted(self.chosen)), tuple(money[k] for k in self.kind)


def _level(money: NDArray[Any], masses: IntArray, amount: Fraction) -> tuple[Fraction, Fraction]:
    """Equal price with which agents pay the amount, or all they have; and what they pay."""
    order = np.argsort(money, kind="stable")
    left, mass = amount, int(masses.sum())
    for place in order:
        if Fraction(int(money[place])) * mass >= left:
            return left / mass, amount
        left -= int(money[place]) * int(masses[place])
        mass -= int(masses[place])
    return Fraction(int(money.max())), amount - left


def _rough(money: NDArray[Any], denominator: int) -> FloatArray:
    return np.asarray(money / denominator, dtype=np.float64)
