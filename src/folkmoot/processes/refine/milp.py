"""The refinement as an integer program; cuts for coalitions that would complain are added as they turn up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...profile import BoolArray, FloatArray, IntArray, MissingExtraError
from ..assignment import UNASSIGNED
from .local_search import AssignedSlate
from .standing import Task


@dataclass(frozen=True)
class Limits:
    """When the solver stops.

    Args:
        gap: the relative gap at which a solution counts as optimal.
        nodes: the most branch-and-bound nodes in one solve; the same on every machine.
        seconds: the time of one solve; None: no clock is looked at. With one the result may differ between machines.
        rounds: the most times that cuts are added.
    """

    gap: float = 1e-4
    nodes: int = 2000
    seconds: float | None = None
    rounds: int = 60


@dataclass(frozen=True, eq=False)
class Solved:
    """What came out of one or more rounds.

    Args:
        slate: the slate, None when there is none or none was reached.
        bound: an upper bound on what any slate of the program gives; inf where the solver did not say.
        infeasible: whether there is provably no slate.
    """

    slate: AssignedSlate | None
    bound: float
    infeasible: bool = False


@dataclass(frozen=True)
class Cut:
    """A cut: unless the statement is in, fewer than it needs of those to whom it is worth ``theta`` may have less."""

    candidate: int
    theta: float


@dataclass
class Program:
    """max sum_ia m_i u_ia x_ia over the candidates and seats that are left.

    y_a: candidate a is in; x_ga: agents of group g (alike in every utility and in mass) at a; s_g: without statement.
    sum c_a y_a <= B; sum_a x_ga + s_g = |g|; x_ga <= |g| y_a; lower_a y_a <= sum m_g x_ga <= upper_a y_a;
    sum m_g s_g <= idle; floors; pairs apart; cuts.

    HiGHS through scipy.optimize.milp with its fixed seed, on one thread: same input, same solution, unless a limit of
    seconds strikes.

    Args:
        task: the pool and what a slate has to keep to.
        columns: the candidates that are left.
        seats: bool [n, m] the seats that are left.
        limits: when the solver stops.
        exempt: the candidates whose complaints are put up with.
        cuts: the cuts added so far; shared between programs over the same task.
    """

    task: Task
    columns: IntArray
    seats: BoolArray
    limits: Limits
    exempt: frozenset[int] = frozenset()
    cuts: dict[tuple[int, float], Cut] = field(default_factory=dict)
    rounds: int = 0
    solves: int = 0

    def __post_init__(self) -> None:
        task = self.task
        rows = np.concatenate([task.offers, self.seats, task.masses[:, None]], axis=1)
        _, first, back = np.unique(rows, axis=0, return_index=True, return_inverse=True)
        order = np.argsort(first, kind="stable")
        self.first: IntArray = first[order]
        number = np.empty(len(order), dtype=np.int64)
        number[order] = np.arange(len(order))
        self.group: IntArray = number[back.ravel()]
        self.size: IntArray = np.bincount(self.group, minlength=len(order)).astype(np.int64)
        usable = self.seats[np.ix_(self.first, self.columns)]
        self.row, self.column = np.nonzero(usable)
        self.mass: IntArray = task.masses[self.first]
        self.worth: FloatArray = task.worth[self.first[self.row], self.columns[self.column]]
        self.offer: FloatArray = task.offers[self.first[self.row], self.columns[self.column]]

    @property
    def cells(self) -> int:
        """How many seats the program decides about."""
        return len(self.row)

    def best(self, idle: int) -> Solved:
        """The best slate that leaves no more than ``idle`` mass out."""
        return self._with_cuts(idle, fewest=False)

    def fewest_left_out(self) -> Solved:
        """A slate that leaves as little mass out as possible."""
        return self._with_cuts(self.task.total_mass, fewest=True)

    def _with_cuts(self, idle: int, *, fewest: bool) -> Solved:
        solved = Solved(None, np.inf)
        for _ in range(self.limits.rounds):
            solved = self._solve(idle, fewest)
            if solved.slate is None:
                return solved
            chosen, place = solved.slate.chosen, solved.slate.place
            hits, theta = self.task.complaints(chosen, self.task.own(chosen, place))
            new = [
                Cut(int(a), float(t))
                for a, t in zip(hits, theta, strict=True)
                if int(a) not in self.exempt and (int(a), float(t)) not in self.cuts
            ]
            if not new:
                return solved
            self.rounds += 1
            self.cuts |= {(cut.candidate, cut.theta): cut for cut in new}
        return Solved(None, solved.bound)

    def _solve(self, idle: int, fewest: bool) -> Solved:
        try:
            from scipy.optimize import Bounds, LinearConstraint, milp
        except ImportError:
            raise MissingExtraError(
                "refining a slate with an integer program needs scipy; pip install 'folkmoot[exact]'"
            ) from None
        task, k, cells, groups = self.task, len(self.columns), self.cells, len(self.first)
        gain = np.concatenate([np.zeros(k), self.worth * self.mass[self.row], np.zeros(groups)])
        if fewest:
            gain = np.concatenate([np.zeros(k + cells), -self.mass.astype(np.float64)])
        low = np.concatenate([np.isin(self.columns, task.locked_in), np.zeros(cells + groups)]).astype(np.float64)
        high = np.concatenate([np.ones(k), self.size[self.row], self.size]).astype(np.float64)
        matrix, least, most = self._constraints(idle)
        options: dict[str, Any] = {"mip_rel_gap": self.limits.gap, "node_limit": self.limits.nodes}
        if self.limits.seconds is not None:
            options["time_limit"] = self.limits.seconds
        self.solves += 1
        answer = milp(
            -gain,
            integrality=np.ones(len(gain)),
            bounds=Bounds(low, high),
            constraints=LinearConstraint(matrix, least, most),
            options=options,
        )
        bound = np.inf if answer.get("mip_dual_bound") is None else -float(answer.mip_dual_bound)
        if answer.x is None:
            return Solved(None, bound, infeasible=answer.status == 2)
        values = np.rint(answer.x).astype(np.int64)
        chosen = self.columns[np.flatnonzero(values[:k])]
        seats = values[k : k + cells]
        return Solved(self._assigned(chosen, seats), bound)

    def _assigned(self, chosen: IntArray, seats: IntArray) -> AssignedSlate:
        """Agents of a group take its seats in the source's order, statements in pool order."""
        place = np.full(self.task.n, UNASSIGNED, dtype=np.int64)
        taken = np.zeros(len(self.first), dtype=np.int64)
        members = np.argsort(self.group, kind="stable")
        starts = np.cumsum(self.size) - self.size
        where = {int(a): at for at, a in enumerate(chosen)}
        for cell in np.flatnonzero(seats):
            g, count = int(self.row[cell]), int(seats[cell])
            begin = int(starts[g] + taken[g])
            place[members[begin : begin + count]] = where[int(self.columns[self.column[cell]])]
            taken[g] += count
        return AssignedSlate(chosen, place, self.task.standing(chosen, place))

    def _constraints(self, idle: int) -> tuple[Any, FloatArray, FloatArray]:
        from scipy.sparse import coo_array

        task, k, cells, groups = self.task, len(self.columns), self.cells, len(self.first)
        x, s = k + np.arange(cells), k + cells + np.arange(groups)
        rows: list[IntArray] = []
        columns: list[IntArray] = []
        values: list[FloatArray] = []
        least: list[FloatArray] = []
        most: list[FloatArray] = []
        height = 0

        def add(
            count: int, entries: list[tuple[IntArray, IntArray, IntArray | FloatArray]], low: Any, high: Any
        ) -> None:
            nonlocal height
            for row, column, value in entries:
                rows.append(np.asarray(row, dtype=np.int64) + height)
                columns.append(np.asarray(column, dtype=np.int64))
                values.append(np.broadcast_to(np.asarray(value, dtype=np.float64), np.shape(column)))
            least.append(np.broadcast_to(np.asarray(low, dtype=np.float64), (count,)))
            most.append(np.broadcast_to(np.asarray(high, dtype=np.float64), (count,)))
            height += count

        one = np.zeros(k, dtype=np.int64)
        add(1, [(one, np.arange(k), task.costs[self.columns])], -np.inf, task.budget)
        add(groups, [(self.row, x, np.ones(cells)), (np.arange(groups), s, np.ones(groups))], self.size, self.size)
        add(
            cells,
            [(np.arange(cells), x, np.ones(cells)), (np.arange(cells), self.column, -self.size[self.row])],
            -np.inf,
            0.0,
        )
        share = (self.column, x, self.mass[self.row])
        add(k, [share, (np.arange(k), np.arange(k), -task.upper[self.columns])], -np.inf, 0.0)
        if task.balance:
            add(k, [share, (np.arange(k), np.arange(k), -task.lower[self.columns])], 0.0, np.inf)
        add(1, [(np.zeros(groups, dtype=np.int64), s, self.mass)], -np.inf, idle)
        for floor in task.floors:
            below = np.flatnonzero(self.offer < floor.level)
            zeros = np.zeros(len(below), dtype=np.int64)
            spared = (np.zeros(groups, dtype=np.int64), s, self.mass)
            add(1, [(zeros, x[below], self.mass[self.row[below]]), spared], -np.inf, floor.mass)
        at = {int(a): place for place, a in enumerate(self.columns)}
        for a, b in task.apart:
            if a in at and b in at:
                add(1, [(np.zeros(2, dtype=np.int64), np.array([at[a], at[b]]), np.ones(2))], -np.inf, 1.0)
        for cut in self.cuts.values():
            if cut.candidate in self.exempt:
                continue
            wants = task.offers[self.first, cut.candidate] >= cut.theta
            lacking = np.flatnonzero(wants[self.row] & (self.offer < cut.theta))
            out = np.flatnonzero(wants)
            need = int(task.needs[cut.candidate])
            entries: list[tuple[IntArray, IntArray, IntArray | FloatArray]] = [
                (np.zeros(len(lacking), dtype=np.int64), x[lacking], self.mass[self.row[lacking]]),
                (np.zeros(len(out), dtype=np.int64), s[out], self.mass[out]),
            ]
            if cut.candidate in at:
                beyond = int((self.mass * self.size)[wants].sum()) - need + 1
                entries.append((np.zeros(1, dtype=np.int64), np.array([at[cut.candidate]]), np.array([-beyond])))
            add(1, entries, -np.inf, need - 1)
        matrix = coo_array(
            (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))),
            shape=(height, k + cells + groups),
        )
        return matrix.tocsr(), np.concatenate(least), np.concatenate(most)
