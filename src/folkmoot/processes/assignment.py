"""The maximum-total-utility balanced assignment of agents to a given slate, exact, with capacities."""

from __future__ import annotations

import heapq
from itertools import pairwise

import numpy as np

from ..profile import BoolArray, FloatArray, InputError, IntArray, MissingExtraError, floors, needs

UNASSIGNED = -1
# Sums of losses round in the last bits; a path must be shorter than this to count as shorter.
ROUNDING = 1e-12


def capacities(costs: IntArray, total_mass: int, budget: int) -> tuple[IntArray, IntArray]:
    """Smallest and largest balanced share of every statement: floor and ceil of c(a) n / B."""
    return floors(costs, total_mass, budget), needs(costs, total_mass, budget)


def balanced_assignment(
    utilities: FloatArray, lower: IntArray, upper: IntArray, masses: IntArray | None = None
) -> IntArray:
    """Assigns agents to statements within capacities so that the total utility is as large as possible.

    As many agents are assigned as the upper capacities hold; among those assignments, as much of the lower
    capacities is met as possible; among those, the total utility is maximal. Ties: a documented order (agents in
    the source's order, statements in slate order). Monroe's objective (Fish et al. 2024, section 5.4).

    Args:
        utilities: float64 [n, k], finite.
        lower: int64 [k] smallest share.
        upper: int64 [k] largest share.
        masses: int64 [n]; with unequal masses the optimum of the divisible problem is rounded: at most k - 1
            agents are split there, so shares hold up to the heaviest agent (needs the ``exact`` extra).

    Returns:
        int64 [n]: place of the statement in the slate, -1 where the capacities leave no room.

    Raises:
        InputError: capacities that contradict each other.
    """
    n, k = utilities.shape
    if len(lower) != k or len(upper) != k or (lower > upper).any() or (lower < 0).any():
        raise InputError("capacities must give every statement a lower bound between 0 and its upper bound")
    if k == 0 or n == 0:
        return np.full(n, UNASSIGNED, dtype=np.int64)
    if masses is not None and (masses != masses[0]).any():
        return _weighted(utilities, lower, upper, masses)
    unit = int(masses[0]) if masses is not None else 1
    return _Transport(utilities, lower // unit, -(-upper // unit)).solve()


class _Transport:
    """Successive shortest paths on the k-node graph of statements.

    Every agent starts at its favourite: the optimum without capacities. Then one unit after another moves along
    the cheapest path from an overfull node to one with room; an arc s -> t costs the least loss of utility of
    moving an agent from s to t. Each step keeps the assignment optimal for the loads it has, so the last one is
    optimal for the capacities. Node k stands for "unassigned".
    """

    def __init__(self, utilities: FloatArray, lower: IntArray, upper: IntArray) -> None:
        n, k = utilities.shape
        self.k = k
        seats = int(upper.sum())
        # Being unassigned is a statement of its own that everybody likes equally: only as many as must be.
        self.utilities = np.concatenate([utilities, np.zeros((n, 1))], axis=1)
        idle = max(0, n - seats)
        self.upper = np.append(upper, idle)
        self.lower = np.append(lower, idle)
        start = np.argmax(utilities, axis=1)
        self.place = start.astype(np.int64)
        self.load = np.bincount(self.place, minlength=k + 1)
        self._build_arcs()

    def _build_arcs(self) -> None:
        nodes = self.k + 1
        self.queue: list[list[tuple[FloatArray, IntArray]]] = []
        self.cursor = np.zeros((nodes, nodes), dtype=np.int64)
        self.extra: list[list[list[tuple[float, int]]]] = [[[] for _ in range(nodes)] for _ in range(nodes)]
        self.arc = np.full((nodes, nodes), np.inf)
        self.mover = np.full((nodes, nodes), -1, dtype=np.int64)
        for s in range(nodes):
            here = np.flatnonzero(self.place == s)
            row = []
            for t in range(nodes):
                loss = self.utilities[here, s] - self.utilities[here, t]
                order = np.argsort(loss, kind="stable")
                row.append((loss[order], here[order]))
            self.queue.append(row)
        for s in range(nodes):
            for t in range(nodes):
                self._refresh(s, t)

    def _refresh(self, s: int, t: int) -> None:
        """Finds the agent at s that loses least by moving to t; entries of agents that left s are skipped."""
        if s == t:
            return
        losses, agents = self.queue[s][t]
        at = self.cursor[s, t]
        while at < len(agents) and self.place[agents[at]] != s:
            at += 1
        self.cursor[s, t] = at
        best = (float(losses[at]), int(agents[at])) if at < len(agents) else (np.inf, -1)
        heap = self.extra[s][t]
        while heap and self.place[heap[0][1]] != s:
            heapq.heappop(heap)
        if heap and heap[0] < best:
            best = heap[0]
        self.arc[s, t], self.mover[s, t] = best

    def solve(self) -> IntArray:
        while True:
            source = self.load > self.upper
            if source.any():
                goal = self.load < self.upper
            else:
                # Upper bounds hold; units that only fill lower bounds move last, again by cheapest paths.
                source, goal = self.load > self.lower, self.load < self.lower
            if not source.any() or not goal.any() or not self._move(source, goal):
                break
        return np.where(self.place == self.k, UNASSIGNED, self.place)

    def _move(self, source: BoolArray, goal: BoolArray) -> bool:
        nodes = self.k + 1
        distance = np.where(source, 0.0, np.inf)
        before = np.full(nodes, -1)
        for _ in range(nodes):
            through = distance[:, None] + self.arc
            step = np.argmin(through, axis=0)
            reach = through[step, np.arange(nodes)]
            better = reach < distance - ROUNDING
            if not better.any():
                break
            distance = np.where(better, reach, distance)
            before = np.where(better, step, before)
        reachable = np.where(goal, distance, np.inf)
        end = int(np.argmin(reachable))
        if not np.isfinite(reachable[end]):
            return False
        path = [end]
        while before[path[-1]] >= 0 and len(path) <= nodes:
            path.append(int(before[path[-1]]))
        path.reverse()
        moves = [(int(self.mover[s, t]), s, t) for s, t in pairwise(path)]
        for agent, _, t in moves:
            self.place[agent] = t
            own = self.utilities[agent, t]
            for other in range(nodes):
                if other != t:
                    heapq.heappush(self.extra[t][other], (float(own - self.utilities[agent, other]), agent))
        self.load[path[0]] -= 1
        self.load[end] += 1
        for node in path:
            for other in range(nodes):
                self._refresh(node, other)
        return True


def _weighted(utilities: FloatArray, lower: IntArray, upper: IntArray, masses: IntArray) -> IntArray:
    try:
        from scipy.optimize import linprog
        from scipy.sparse import csr_array, vstack
    except ImportError:
        raise MissingExtraError(
            "assigning people with unequal weights needs scipy; pip install 'folkmoot[exact]'"
        ) from None
    n, k = utilities.shape
    total = int(masses.sum())
    idle = max(0, total - int(upper.sum()))
    gain = np.concatenate([utilities, np.full((n, 1), utilities.min())], axis=1)
    low, high = np.append(np.zeros(k), idle), np.append(upper, idle)
    rows = np.repeat(np.arange(n), k + 1)
    cells = np.arange(n * (k + 1))
    per_agent = csr_array((np.ones(len(cells)), (rows, cells)), shape=(n, n * (k + 1)))
    share = csr_array((masses[rows].astype(float), (cells % (k + 1), cells)), shape=(k + 1, n * (k + 1)))
    # Lower bounds are only as hard as the mass allows.
    low[:k] = lower if int(lower.sum()) + idle <= total else 0
    solved = linprog(
        -(gain * masses[:, None]).ravel(),
        A_ub=vstack([share, -share]),
        b_ub=np.concatenate([high, -low]),
        A_eq=per_agent,
        b_eq=np.ones(n),
        bounds=(0, 1),
        method="highs-ds",
    )
    if solved.status != 0:
        raise InputError(f"no balanced assignment within these capacities ({solved.message})")
    place = np.argmax(np.round(solved.x.reshape(n, k + 1), 9), axis=1)
    return np.where(place == k, UNASSIGNED, place)
