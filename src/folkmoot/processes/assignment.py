"""The maximum-total-utility balanced assignment of agents to a given slate, exact, with capacities."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np

from ..profile import FloatArray, InputError, IntArray, floors, needs
from ..profile.compiled import kernels
from .whole_agents import whole

UNASSIGNED = -1
# With more agents than this, prices are first found on every 16th; as many agents are then looked at again.
LARGE = 20_000
SAMPLE = 16
# Agents are looked at in blocks of this many, which stay in the processor's cache.
BLOCK = 4_096
# Utilities are rounded to a grain that is divided by this from one round to the next.
FINER = 8
# Agents per statement that may be out of place when the utilities are no longer rounded.
FEW = 4


class UtilityRows(Protocol):
    """Utilities that are made when rows are asked for, where the whole matrix would be too large."""

    @property
    def shape(self) -> tuple[int, int]: ...

    def __getitem__(self, rows: Any) -> FloatArray: ...

    def min(self) -> float: ...

    def max(self) -> float: ...

    def beside(self, worth: float) -> UtilityRows:
        """With one more column, in which everybody has the same utility."""
        ...


def capacities(costs: IntArray, total_mass: int, budget: int) -> tuple[IntArray, IntArray]:
    """Smallest and largest balanced share of every statement: floor and ceil of c(a) n / B."""
    return floors(costs, total_mass, budget), needs(costs, total_mass, budget)


def balanced_assignment(
    utilities: FloatArray | UtilityRows, lower: IntArray, upper: IntArray, masses: IntArray | None = None
) -> IntArray:
    """Assigns agents to statements within capacities so that the total utility is as large as possible.

    As many agents are assigned as the upper capacities hold; among those assignments, as much of the lower
    capacities is met as possible; among those, the total utility is maximal. Monroe's objective (Fish et al.
    2024, section 5.4). Ties: an agent starts at the first of its favourites in slate order; where agents would
    lose the same by moving, the first in the source's order move, to the first statement in slate order.

    Args:
        utilities: float64 [n, k] the agents' utilities for the statements; finite. Of more than `LARGE` agents they may
            be rows that are made when asked for.
        lower: int64 [k] the smallest share of every statement.
        upper: int64 [k] the largest share of every statement.
        masses: int64 [n] the agents' masses; with unequal masses the optimum of the divisible problem is rounded: at
            most k agents are split there, and shares hold up to the heaviest agent.

    Returns:
        int64 [n]: place of the statement in the slate, -1 where the capacities leave no room.

    Raises:
        InputError: the capacities contradict each other, or utilities are not finite.
    """
    n, k = utilities.shape
    if len(lower) != k or len(upper) != k or (lower > upper).any() or (lower < 0).any():
        raise InputError("capacities must give every statement a lower bound between 0 and its upper bound")
    if k == 0 or n == 0:
        return np.full(n, UNASSIGNED, dtype=np.int64)
    worst = float(utilities.min())
    spread = float(utilities.max()) - worst
    if not np.isfinite(spread):
        raise InputError("utilities must be finite numbers: fill in or leave out what is unknown first")
    if masses is None or bool((masses == masses[0]).all()):
        unit = 1 if masses is None else int(masses[0])
        masses, lower, upper = np.ones(n, dtype=np.int64), lower // unit, -(-upper // unit)
    total = int(masses.sum())
    if int(lower.sum()) > total:
        # The shortfall is smallest exactly where no share exceeds its lower bound.
        lower, upper = np.zeros_like(lower), lower
    idle = total - int(upper.sum())
    if idle > 0:
        # Being unassigned is one more statement that everybody likes equally, for as many as must be.
        if isinstance(utilities, np.ndarray):
            utilities = np.concatenate([utilities, np.full((n, 1), worst)], axis=1)
        else:
            utilities = utilities.beside(worst)
        lower, upper = np.append(lower, idle), np.append(upper, idle)
    grain = 2.0 ** np.ceil(np.log2(spread)) if spread > 0 else 0.0
    rows, places, parts, _ = _seated(utilities, masses, lower, upper, grain)
    place = whole(rows, places, parts, utilities.shape)
    return np.where(place == k, UNASSIGNED, place)


class _Seating(NamedTuple):
    """A seating of agents in parcels: an agent with a mass above 1 may be split into several.

    Args:
        rows: int64 [p] the agent of every parcel; every agent has at least one.
        places: int64 [p] the statement of every parcel.
        masses: int64 [p] the mass of every parcel, positive.
        price: float64 [k + 1] the prices that prove the seating optimal.
    """

    rows: IntArray
    places: IntArray
    masses: IntArray
    price: FloatArray


def _seated(
    utilities: FloatArray | UtilityRows, masses: IntArray, lower: IntArray, upper: IntArray, grain: float
) -> _Seating:
    """The divisible optimum; of many agents only those are looked at that the prices of a sample leave in doubt.

    Whoever likes one statement clearly best at those prices sits there. At the prices that come out in the end it must
    still be the best, which proves the whole seating optimal; otherwise more agents are in doubt.
    """
    n, k = utilities.shape
    if n <= LARGE:
        return _settled(utilities[:], masses, lower, upper, np.zeros(k + 1), grain)
    part, some = utilities[::SAMPLE].copy(), masses[::SAMPLE]
    price = _seated(part, some, *_scaled(lower, upper, int(some.sum()), int(masses.sum())), grain).price
    grain *= 2.0 ** -(len(part).bit_length() // 2)  # prices from m agents are right to about 1 / sqrt(m)
    best, lead = _favourites(utilities, price[:-1])
    doubtful = len(part)
    while True:
        unsure = lead <= np.partition(lead, doubtful - 1)[doubtful - 1]
        sure, rest = np.flatnonzero(~unsure), np.flatnonzero(unsure)
        taken = _loads(best[sure], masses[sure], k)
        if (taken <= upper).all() and np.maximum(lower - taken, 0).sum() <= masses[rest].sum():
            rows, places, parts, price = _settled(
                utilities[rest], masses[rest], lower - taken, upper - taken, price, grain
            )
            favourite, lead = _favourites(utilities, price[:-1])
            if (favourite[sure] == best[sure]).all():
                return _Seating(
                    np.append(sure, rest[rows]), np.append(best[sure], places), np.append(masses[sure], parts), price
                )
            best = favourite
        doubtful = min(4 * doubtful, n)


def _scaled(lower: IntArray, upper: IntArray, mass: int, total: int) -> tuple[IntArray, IntArray]:
    """Capacities for a sample of this mass: rounded away from each other, so that there is room for all of it."""
    # Python's integers: products of masses may exceed 64 bits.
    smaller = [int(share) * mass // total for share in lower]
    larger = [-(-int(share) * mass // total) for share in upper]
    return np.array(smaller, dtype=np.int64), np.array(larger, dtype=np.int64)


def _favourites(utilities: FloatArray | UtilityRows, price: FloatArray) -> tuple[IntArray, FloatArray]:
    """The statement where utility minus price is largest, and by how much it leads the second."""
    n = utilities.shape[0]
    best, lead = np.empty(n, dtype=np.int64), np.empty(n)
    for start in range(0, n, BLOCK):
        net = utilities[start : start + BLOCK] - price
        first, rows = np.argmax(net, axis=1), np.arange(len(net))
        top = net[rows, first]
        net[rows, first] = -np.inf
        best[start : start + BLOCK] = first
        lead[start : start + BLOCK] = top - net.max(axis=1)
    return best, lead


def _loads(places: IntArray, masses: IntArray, k: int) -> IntArray:
    """Mass at every statement."""
    return np.bincount(places, masses, k).astype(np.int64)


def _settled(
    utilities: FloatArray, masses: IntArray, lower: IntArray, upper: IntArray, price: FloatArray, grain: float
) -> _Seating:
    """The divisible optimum, found from these prices on: compiled where `kernels` are installed."""
    compiled = kernels()
    if compiled is None:
        return _Seats(utilities, masses, lower, upper, price).settled(grain)
    price = price.copy()
    tolerance, few = _tolerance(utilities), _few(utilities, int(masses.sum()))
    # What is compiled reads bytes: of another type they would be other numbers.
    whole = np.ascontiguousarray(utilities, dtype=np.float64)
    some, least, most = (np.ascontiguousarray(each, dtype=np.int64) for each in (masses, lower, upper))
    parts = compiled.settled(whole, some, least, most, price, tolerance, grain, few, float(FINER))
    rows, places, parcels = (np.frombuffer(part, dtype=np.int64) for part in parts)
    return _Seating(rows, places, parcels, price)


def _tolerance(utilities: FloatArray) -> float:
    """Smaller differences of utilities are rounding."""
    return float(4 * np.finfo(np.float64).eps * max(float(utilities.max()), -float(utilities.min())))


def _few(utilities: FloatArray, total: int) -> int:
    """Mass out of place from which on utilities are rounded."""
    n, k = utilities.shape
    return int(FEW * k * total // n)


class _Seats:
    """Agents at statements under prices: an exact minimum-cost flow on the small graph of statements.

    Invariant: every agent sits where utility minus price is largest. Such an assignment is optimal for the
    loads it has (complementary slackness), and stays so when agents move along a cheapest path; an arc s -> t
    costs the least loss of utility of moving a unit of mass from s to t. A statement needs ``lower`` units; whatever
    it has beyond that flows on, free of charge, to the pool (the last node) that takes what the lower bounds
    leave over; at most upper - lower flow on from a statement. Paths lead from nodes with excess to nodes
    with a deficit, so total excess falls with every move and the loop ends whatever the rounding.
    """

    def __init__(
        self, utilities: FloatArray, masses: IntArray, lower: IntArray, upper: IntArray, price: FloatArray
    ) -> None:
        n, self.pool = utilities.shape
        # Agents are looked up again and again, a row at a time.
        self.utilities = self.true = np.ascontiguousarray(utilities)
        self.lower, self.room = lower, upper - lower
        self.tolerance = _tolerance(utilities)
        self.row, self.place, self.mass = np.arange(n), np.zeros(n, dtype=np.int64), masses
        self.total = int(masses.sum())
        self.flow = np.zeros_like(lower)
        self.price = price.copy()
        self.arcs = np.full((self.pool + 1, self.pool + 1), np.inf)

    def settled(self, grain: float) -> _Seating:
        """Solves rounded problems, each from the prices of the one before, until the true one is nearly solved.

        Rounding makes agents alike, and alike agents move together: the number of moves hardly depends on n.
        """
        few = _few(self.true, self.total)
        while self._take_places(self.true) > few and grain / FINER > self.tolerance:
            grain /= FINER
            rounded = self.true / grain
            np.rint(rounded, out=rounded)
            rounded *= grain
            self._take_places(rounded)
            self._balance()
            if self._is_optimal(self.true):
                break
        else:
            self._balance()
        return _Seating(self.row, self.place, self.mass, self.price)

    def _take_places(self, utilities: FloatArray) -> int:
        """Restores the invariant for other utilities; returns how many units are then in excess."""
        self.utilities = utilities
        price, free = self.price[:-1], self.price[-1]
        net = utilities - price
        best = np.argmax(net, axis=1)
        top = net[np.arange(len(net)), best]
        stays = net[self.row, self.place] >= top[self.row] - self.tolerance
        self.place = np.where(stays, self.place, best[self.row])
        beyond = _loads(self.place, self.mass, self.pool) - self.lower
        self.flow = np.clip(beyond, np.where(price > free, self.room, 0), np.where(price < free, 0, self.room))
        left = self.total - int(self.lower.sum())
        self.excess = np.append(beyond - self.flow, self.flow.sum() - left)
        return int(np.abs(self.excess).sum()) // 2

    def _balance(self) -> None:
        """Moves agents until nothing is in excess."""
        self._find_arcs()
        while (self.excess > 0).any():
            path = self._cheapest_path()
            self._move(path)
            for node in path:
                self._find_arcs_from(node)

    def _is_optimal(self, utilities: FloatArray) -> bool:
        """Whether no cycle of moves gains: then a balanced assignment is optimal for these utilities too.

        The prices become those that prove it.
        """
        self.utilities = utilities
        self._find_arcs()
        distance = -self.price
        for _ in distance:
            shorter = np.minimum(distance, (distance[:, None] + self.arcs).min(axis=0))
            if (shorter >= distance - self.tolerance).all():
                self.price = -distance
                return True
            distance = shorter
        return False

    def _find_arcs(self) -> None:
        for node in range(self.pool + 1):
            self._find_arcs_from(node)

    def _find_arcs_from(self, node: int) -> None:
        """The arcs from a statement to the others; of the pool, those in both directions."""
        if node == self.pool:
            self.arcs[:-1, -1] = np.where(self.flow < self.room, 0.0, np.inf)
            self.arcs[-1, :-1] = np.where(self.flow > 0, 0.0, np.inf)
            return
        loss = self.utilities.take(self.row[self.place == node], axis=0)
        np.subtract(loss[:, node, None].copy(), loss, out=loss)
        np.min(loss, axis=0, initial=np.inf, out=self.arcs[node, :-1])

    def _cheapest_path(self) -> list[int]:
        """Bellman-Ford over the arcs' prices-adjusted lengths; the prices follow, so that the path is free."""
        length = np.maximum(self.arcs - self.price[:, None] + self.price, 0.0)
        distance = np.where(self.excess > 0, 0.0, np.inf)
        before = np.full(len(distance), -1)
        while True:
            through = distance[:, None] + length
            shorter = through.min(axis=0)
            better = (shorter < distance).nonzero()[0]
            if not len(better):
                break
            distance[better] = shorter[better]
            before[better] = through[:, better].argmin(axis=0)
        end = int(np.argmin(np.where(self.excess < 0, distance, np.inf)))
        self.price -= np.minimum(distance, distance[end])
        path = [end]
        while before[path[-1]] >= 0:
            path.append(int(before[path[-1]]))
        return path[::-1]

    def _move(self, path: list[int]) -> None:
        """Moves as many units along the path as are in excess, wanted, and lose no more than the first."""
        amount = min(int(self.excess[path[0]]), -int(self.excess[path[-1]]))
        moves: list[tuple[int, int, IntArray]] = []
        for s, t in pairwise(path):
            alike = np.zeros(0, dtype=np.int64)
            if self.pool in (s, t):
                amount = min(amount, int(self.flow[t] if s == self.pool else self.room[s] - self.flow[s]))
            else:
                here = np.flatnonzero(self.place == s)
                rows = self.row[here]
                loss = self.utilities[rows, s] - self.utilities[rows, t]
                alike = here[loss <= self.arcs[s, t] + self.tolerance]
                amount = min(amount, int(self.mass[alike].sum()))
            moves.append((s, t, alike))
        for s, t, alike in moves:
            if s == self.pool:
                self.flow[t] -= amount
            elif t == self.pool:
                self.flow[s] += amount
            else:
                self._reseat(alike, s, t, amount)
        self.excess[path[0]] -= amount
        self.excess[path[-1]] += amount

    def _reseat(self, parcels: IntArray, s: int, t: int, amount: int) -> None:
        """Moves the first of the parcels, as much as the amount; what is too much of the last one stays behind."""
        heaped = np.cumsum(self.mass[parcels])
        last = int(np.searchsorted(heaped, amount))
        self.place[parcels[: last + 1]] = t
        stays = int(heaped[last]) - amount
        if stays:
            parcel = parcels[last]
            self.mass = np.append(self.mass, stays)
            self.mass[parcel] -= stays
            self.row, self.place = np.append(self.row, self.row[parcel]), np.append(self.place, s)
