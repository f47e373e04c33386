"""The maximum-total-utility balanced assignment of agents to a given slate, exact, with capacities."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ..profile import FloatArray, InputError, IntArray, MissingExtraError, floors, needs

UNASSIGNED = -1
# Prices are first found on every 16th agent when there are more than this many agents.
LARGE = 20_000
SAMPLE = 16
# Utilities are rounded to a grain that is divided by this from one round to the next.
FINER = 8
# Units per statement that may be out of place when the utilities are no longer rounded.
FEW = 4
# Shares of the linear program below this are zero.
NOISE = 1e-7


def capacities(costs: IntArray, total_mass: int, budget: int) -> tuple[IntArray, IntArray]:
    """Smallest and largest balanced share of every statement: floor and ceil of c(a) n / B."""
    return floors(costs, total_mass, budget), needs(costs, total_mass, budget)


def balanced_assignment(
    utilities: FloatArray, lower: IntArray, upper: IntArray, masses: IntArray | None = None
) -> IntArray:
    """Assigns agents to statements within capacities so that the total utility is as large as possible.

    As many agents are assigned as the upper capacities hold; among those assignments, as much of the lower
    capacities is met as possible; among those, the total utility is maximal. Monroe's objective (Fish et al.
    2024, section 5.4). Ties: an agent starts at the first of its favourites in slate order; where agents would
    lose the same by moving, the first in the source's order move, to the first statement in slate order.

    Args:
        utilities: float64 [n, k], finite.
        lower: int64 [k] smallest share.
        upper: int64 [k] largest share.
        masses: int64 [n]; with unequal masses the optimum of the divisible problem is rounded: at most k
            agents are split there, and shares hold up to the heaviest agent (needs the ``exact`` extra).

    Returns:
        int64 [n]: place of the statement in the slate, -1 where the capacities leave no room.

    Raises:
        InputError: capacities that contradict each other, or utilities that are not finite.
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
    unequal = masses is not None and bool((masses != masses[0]).any())
    if masses is not None and not unequal:
        lower, upper = lower // masses[0], -(-upper // masses[0])
    total = int(masses.sum()) if masses is not None and unequal else n
    if int(lower.sum()) > total:
        # The shortfall is smallest exactly where no share exceeds its lower bound.
        lower, upper = np.zeros_like(lower), lower
    idle = total - int(upper.sum())
    if idle > 0:
        # Being unassigned is one more statement that everybody likes equally, for as many as must be.
        utilities = np.concatenate([utilities, np.full((n, 1), worst)], axis=1)
        lower, upper = np.append(lower, idle), np.append(upper, idle)
    if masses is not None and unequal:
        place = _weighted(utilities, lower, upper, masses)
    else:
        grain = 2.0 ** np.ceil(np.log2(spread)) if spread > 0 else 0.0
        place = _seated(utilities, lower, upper, grain).place
    return np.where(place == k, UNASSIGNED, place)


def _seated(utilities: FloatArray, lower: IntArray, upper: IntArray, grain: float) -> _Seats:
    """Solves rounded problems, each from the prices of the one before, until the true one is nearly solved.

    Rounding makes agents alike, and alike agents move together: the number of moves hardly depends on n.
    """
    n, k = utilities.shape
    seats = _Seats(utilities, lower, upper)
    if n > LARGE:
        part = utilities[::SAMPLE]
        seats.price = _seated(part, lower // SAMPLE, -(-upper // SAMPLE), grain).price
        grain *= 2.0 ** -(len(part).bit_length() // 2)  # prices from m agents are right to about 1 / sqrt(m)
    while seats.take_places(utilities) > FEW * k and grain / FINER > seats.tolerance:
        grain /= FINER
        rounded = utilities / grain
        np.rint(rounded, out=rounded)
        rounded *= grain
        seats.take_places(rounded)
        seats.balance()
        if seats.is_optimal(utilities):
            return seats
    seats.balance()
    return seats


class _Seats:
    """Agents at statements under prices: an exact minimum-cost flow on the small graph of statements.

    Invariant: every agent sits where utility minus price is largest. Such an assignment is optimal for the
    loads it has (complementary slackness), and stays so when agents move along a cheapest path; an arc s -> t
    costs the least loss of utility of moving an agent from s to t. A statement needs ``lower`` agents; whoever
    it has beyond that flows on, free of charge, to the pool (the last node) that takes what the lower bounds
    leave over; at most upper - lower flow on from a statement. Paths lead from nodes with excess to nodes
    with a deficit, so total excess falls with every move and the loop ends whatever the rounding.
    """

    def __init__(self, utilities: FloatArray, lower: IntArray, upper: IntArray) -> None:
        n, self.pool = utilities.shape
        self.lower, self.room = lower, upper - lower
        self.tolerance = 4 * np.finfo(np.float64).eps * float(np.abs(utilities).max())
        self.place = np.zeros(n, dtype=np.int64)
        self.flow = np.zeros_like(lower)
        self.price = np.zeros(self.pool + 1)
        self.arcs = np.full((self.pool + 1, self.pool + 1), np.inf)

    def take_places(self, utilities: FloatArray) -> int:
        """Restores the invariant for other utilities; returns how many units are then in excess."""
        self.utilities = utilities
        price, free = self.price[:-1], self.price[-1]
        net = utilities - price
        best, rows = np.argmax(net, axis=1), np.arange(len(net))
        stays = net[rows, self.place] >= net[rows, best] - self.tolerance
        self.place = np.where(stays, self.place, best)
        beyond = np.bincount(self.place, minlength=self.pool) - self.lower
        self.flow = np.clip(beyond, np.where(price > free, self.room, 0), np.where(price < free, 0, self.room))
        left = len(net) - int(self.lower.sum())
        self.excess = np.append(beyond - self.flow, self.flow.sum() - left)
        return int(np.abs(self.excess).sum()) // 2

    def balance(self) -> None:
        """Moves agents until nothing is in excess."""
        self._find_arcs()
        while (self.excess > 0).any():
            path = self._cheapest_path()
            self._move(path)
            for node in path:
                self._find_arcs_from(node)

    def is_optimal(self, utilities: FloatArray) -> bool:
        """Whether no cycle of moves gains: then a balanced assignment is optimal for these utilities too."""
        self.utilities = utilities
        self._find_arcs()
        distance = np.zeros(self.pool + 1)
        for _ in distance:
            shorter = np.minimum(distance, (distance[:, None] + self.arcs).min(axis=0))
            if (shorter >= distance - self.tolerance).all():
                return True
            distance = shorter
        return False

    def _find_arcs(self) -> None:
        for node in range(self.pool + 1):
            self._find_arcs_from(node)

    def _find_arcs_from(self, node: int) -> None:
        self.arcs[:-1, -1] = np.where(self.flow < self.room, 0.0, np.inf)
        self.arcs[-1, :-1] = np.where(self.flow > 0, 0.0, np.inf)
        if node != self.pool:
            loss = self.utilities.take(np.flatnonzero(self.place == node), axis=0)
            np.subtract(loss[:, [node]], loss, out=loss)
            self.arcs[node, :-1] = loss.min(axis=0, initial=np.inf)

    def _cheapest_path(self) -> list[int]:
        """Bellman-Ford over the arcs' prices-adjusted lengths; the prices follow, so that the path is free."""
        length = np.maximum(self.arcs - self.price[:, None] + self.price, 0.0)
        distance = np.where(self.excess > 0, 0.0, np.inf)
        before = np.full(len(distance), -1)
        while True:
            through = distance[:, None] + length
            step = np.argmin(through, axis=0)
            shorter = through[step, np.arange(len(step))]
            better = shorter < distance
            if not better.any():
                break
            distance, before = np.where(better, shorter, distance), np.where(better, step, before)
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
                loss = self.utilities[here, s] - self.utilities[here, t]
                alike = here[loss <= self.arcs[s, t] + self.tolerance]
                amount = min(amount, len(alike))
            moves.append((s, t, alike))
        for s, t, alike in moves:
            if s == self.pool:
                self.flow[t] -= amount
            elif t == self.pool:
                self.flow[s] += amount
            else:
                self.place[alike[:amount]] = t
        self.excess[path[0]] -= amount
        self.excess[path[-1]] += amount


def _weighted(utilities: FloatArray, lower: IntArray, upper: IntArray, masses: IntArray) -> IntArray:
    try:
        from scipy.optimize import linprog
        from scipy.sparse import csr_array, vstack
    except ImportError:
        raise MissingExtraError(
            "assigning people with unequal weights needs scipy; pip install 'folkmoot[exact]'"
        ) from None
    n, k = utilities.shape
    rows, cells = np.repeat(np.arange(n), k), np.arange(n * k)
    per_agent = csr_array((np.ones(n * k), (rows, cells)), shape=(n, n * k))
    share = csr_array((masses[rows].astype(np.float64), (cells % k, cells)), shape=(k, n * k))
    solved = linprog(
        -(utilities * masses[:, None]).ravel(),
        A_ub=vstack([share, -share]),
        b_ub=np.concatenate([upper, -lower]),
        A_eq=per_agent,
        b_eq=np.ones(n),
        bounds=(0, 1),
        method="highs-ds",
    )
    if solved.status != 0:
        raise InputError(f"no balanced assignment within these capacities ({solved.message})")
    return _unsplit(solved.x.reshape(n, k), masses)


def _unsplit(shares: FloatArray, masses: IntArray) -> IntArray:
    """Seats whole agents so that no load moves by more than the heaviest agent.

    The split agents of a vertex link the statements to a forest. From each root on, a statement that has lost
    mass so far takes the next agent it shares, and otherwise leaves it to the other statement of the two.
    """
    place: IntArray = np.argmax(shares, axis=1)
    split = {int(i): np.flatnonzero(shares[i] > NOISE) for i in np.flatnonzero(shares.max(axis=1) < 1 - NOISE)}
    drift = np.zeros(shares.shape[1])
    waiting = list(range(len(drift)))[::-1]
    while waiting:
        node = waiting.pop()
        for agent in [i for i, parts in split.items() if node in parts]:
            parts = split.pop(agent)
            others = [int(s) for s in parts if s != node]
            place[agent] = node if drift[node] < 0 else max(others, key=lambda s: float(shares[agent, s]))
            drift[parts] -= masses[agent] * shares[agent, parts]
            drift[place[agent]] += masses[agent]
            waiting.extend(others)
    return place
