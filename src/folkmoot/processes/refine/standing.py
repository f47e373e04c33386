"""What a refinement may choose from, and what a slate is worth to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from ...profile import BoolArray, FloatArray, InputError, IntArray, floors, needs
from ...queries.coalitions import largest_coalitions, possible
from ...queries.completed import GRID, on_grid
from ..assignment import UNASSIGNED, balanced_assignment


@dataclass(frozen=True)
class Floor:
    """A condition on utilities: at most ``mass`` of the agents may have less than ``level``."""

    level: float
    mass: int


@dataclass(frozen=True, eq=False)
class Task:
    """A pool with its utilities, partly unknown, and what a slate of it has to keep to.

    Args:
        values: float64 [n, m] the utilities; nan where not known: nobody is assigned there, and nobody complains.
        costs: int64 [m] the candidates' costs, >= 1.
        masses: int64 [n] the agents' masses, >= 1.
        budget: the budget of the slate.
        locked_in: the candidates that must be in, in this order.
        locked_out: the candidates that must not be in; agents may still ask for them.
        floors: the conditions that the distribution of utilities has to keep (see `kept`).
        apart: the pairs of candidates of which a slate may hold one only.
        balance: whether statements have a smallest load besides the largest.

    Raises:
        InputError: lengths differ, utilities are infinite, or the budget is below 1.
    """

    values: FloatArray
    costs: IntArray
    masses: IntArray
    budget: int
    locked_in: tuple[int, ...] = ()
    locked_out: tuple[int, ...] = ()
    floors: tuple[Floor, ...] = ()
    apart: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    balance: bool = True

    def __post_init__(self) -> None:
        n, m = self.values.shape
        if len(self.costs) != m or len(self.masses) != n:
            raise InputError(
                f"{n} agents and {m} candidates, but {len(self.masses)} masses and {len(self.costs)} costs"
            )
        if np.isinf(self.values).any():
            raise InputError("utilities must be finite; write nan where nothing is known")
        if self.budget < 1:
            raise InputError(f"the budget is {self.budget}; it must be at least 1")

    @property
    def n(self) -> int:
        return len(self.masses)

    @property
    def m(self) -> int:
        return len(self.costs)

    @cached_property
    def total_mass(self) -> int:
        return int(self.masses.sum())

    @cached_property
    def slack(self) -> int:
        """What loads may miss their bounds by: one less than the heaviest agent's mass (0 with equal masses 1)."""
        return int(self.masses.max()) - 1 if self.n else 0

    @cached_property
    def needs(self) -> IntArray:
        return needs(self.costs, self.total_mass, self.budget)

    @cached_property
    def lower(self) -> IntArray:
        """Smallest load, floor(c n / B) without the slack (0 without balance)."""
        return np.maximum(self.shares - self.slack, 0)

    @cached_property
    def shares(self) -> IntArray:
        """int64 [m]: floor(c n / B), 0 without balance."""
        return floors(self.costs, self.total_mass, self.budget) * int(self.balance)

    @cached_property
    def upper(self) -> IntArray:
        """Largest balanced load, ceil(c n / B) and the slack."""
        return self.needs + self.slack

    @cached_property
    def offers(self) -> FloatArray:
        """Utilities with -inf where nothing is known: nobody counts as wanting what they were not asked about."""
        return np.asfortranarray(np.where(np.isnan(self.values), -np.inf, self.values))

    @cached_property
    def least(self) -> float:
        """Nobody may be assigned a statement of less utility than this."""
        return max((floor.level for floor in self.floors if floor.mass == 0), default=-np.inf)

    @cached_property
    def seats(self) -> BoolArray:
        """bool [n, m]: who may be assigned to what: utilities are known and no lower than `least`."""
        return np.isfinite(self.offers) & (self.offers >= self.least)

    @cached_property
    def worth(self) -> FloatArray:
        """Utilities on the grid of 1/1024 (sums are exact there), 0 where nothing is known."""
        return np.asfortranarray(np.where(np.isfinite(self.offers), on_grid(np.nan_to_num(self.values)), 0.0))

    @cached_property
    def open(self) -> IntArray:
        """Candidates that may be in the slate."""
        fits = self.costs <= self.budget
        fits[list(self.locked_out)] = False
        fits[list(self.locked_in)] = True
        return np.flatnonzero(fits)

    @cached_property
    def rivals(self) -> dict[int, frozenset[int]]:
        """For every candidate, those that must not stand in the slate with it."""
        rivals: dict[int, set[int]] = {}
        for a, b in self.apart:
            rivals.setdefault(a, set()).add(b)
            rivals.setdefault(b, set()).add(a)
        return {a: frozenset(others) for a, others in rivals.items()}

    def fits(self, chosen: IntArray) -> bool:
        """Whether the slate keeps to the budget, the locks and the pairs that must stand apart."""
        inside = {int(a) for a in chosen}
        return (
            int(self.costs[chosen].sum()) <= self.budget
            and inside.issuperset(self.locked_in)
            and inside.isdisjoint(self.locked_out)
            and not any(inside & self.rivals.get(a, frozenset()) for a in inside)
        )

    def own(self, chosen: IntArray, place: IntArray) -> FloatArray:
        """float64 [n]: utility of the assigned statement, -inf when unassigned."""
        utility = np.full(self.n, -np.inf)
        seated = np.flatnonzero(place >= 0)
        utility[seated] = self.offers[seated, chosen[place[seated]]]
        return utility

    def complaints(self, chosen: IntArray, own: FloatArray) -> tuple[IntArray, FloatArray]:
        """Statements outside the slate that violate cBJR, with the threshold of their largest coalition."""
        outside = np.setdiff1d(np.arange(self.m), chosen)
        hopeful = outside[possible(own, self.offers[:, outside], self.masses) >= self.needs[outside]]
        mass, theta = largest_coalitions(own, self.offers[:, hopeful], self.masses)
        hit = mass >= self.needs[hopeful]
        return hopeful[hit], theta[hit]

    def standing(self, chosen: IntArray, place: IntArray) -> Standing:
        """What a slate with an assignment is worth."""
        own = self.own(chosen, place)
        seated = np.flatnonzero(place >= 0)
        load = np.bincount(place[seated], weights=self.masses[seated], minlength=len(chosen)).astype(np.int64)
        gains = self.worth[seated, chosen[place[seated]]]
        return Standing(
            violations=len(self.complaints(chosen, own)[0]),
            unassigned=self.total_mass - int(self.masses[seated].sum()),
            broken=sum(int(self.masses[(own < floor.level)].sum()) > floor.mass for floor in self.floors),
            balanced=bool(((load >= self.lower[chosen]) & (load <= self.upper[chosen])).all()),
            total=float(gains @ self.masses[seated]),
        )

    def may_beat(self, chosen: IntArray, place: IntArray, other: Standing) -> bool:
        """Whether it is worth while to look for the violations (they take longest to find)."""
        seated = np.flatnonzero(place >= 0)
        unassigned = self.total_mass - int(self.masses[seated].sum())
        total = float(self.worth[seated, chosen[place[seated]]] @ self.masses[seated])
        faults = other.violations + other.broken + (not other.balanced)
        return faults > 0 or (unassigned, -total) < (other.unassigned, -other.total)

    def assigned(self, chosen: IntArray) -> IntArray:
        """The balanced assignment of the largest total worth; what an agent may not be assigned counts as nothing.

        As few agents as possible are left without a statement (`balanced_assignment` for what comes after that).
        """
        worth = self.worth[:, chosen]
        low, high = (float(worth.min()), float(worth.max())) if worth.size else (0.0, 0.0)
        barred = ~self.seats[:, chosen]
        # A seat that does not count must lose more than any exchange of the others can gain.
        penalty = (high - low + 1.0) * (len(chosen) + 2)
        values = np.where(barred, low - penalty, worth)
        masses = self.masses if self.slack else None
        place = balanced_assignment(values, self.shares[chosen], self.needs[chosen], masses)
        seated = np.flatnonzero(place >= 0)
        place[seated[barred[seated, place[seated]]]] = UNASSIGNED
        return place

    def kept(self, chosen: IntArray, place: IntArray) -> Task:
        """The same task where nobody may be worse off than the worst here, and no quartile lower.

        Minimum and first quartile (linear interpolation) cannot fall: no more mass than now may lie below either of
        the two values that the quartile lies between.
        """
        own = self.own(chosen, place)
        order = np.argsort(own, kind="stable")
        heaped = np.cumsum(self.masses[order])
        levels = {own[order[int(np.searchsorted(heaped, rank, side="right"))]] for rank in (0, *self._quartile)}
        added = [Floor(float(level), int(self.masses[own < level].sum())) for level in sorted(levels)]
        return replace(self, floors=(*self.floors, *(floor for floor in added if np.isfinite(floor.level))))

    def at_least(self, minimum: float, quartile: float, *, surely: bool = True) -> Task:
        """The same task where nobody may have less than ``minimum``, and the first quartile no less than ``quartile``.

        The quartile (linear interpolation) may lie between two agents' utilities. ``surely``: both of them have to be
        at least ``quartile``, which is enough; else the upper one has to be, which no slate with that quartile can do
        without: what cannot be reached then cannot be reached at all.
        """
        below = self._quartile[0 if surely else 1]
        return replace(self, floors=(*self.floors, Floor(minimum, 0), Floor(quartile, below)))

    @property
    def _quartile(self) -> tuple[int, int]:
        """Mass below either of the two utilities that the first quartile lies between."""
        at = 0.25 * (self.total_mass - 1)
        return int(np.floor(at)), int(np.ceil(at))


@dataclass(frozen=True)
class Standing:
    """What a slate is worth.

    Args:
        violations: the number of statements of the pool that violate cBJR on known utilities.
        unassigned: the mass without a statement.
        broken: the number of floors that are not kept.
        balanced: whether every load is the floor or the ceiling of c n / B, up to the heaviest agent's mass (without
            `Task.balance`: at most the ceiling).
        total: the sum of mass times utility of the assigned statements, utilities rounded to 1/1024.
    """

    violations: int
    unassigned: int
    broken: int
    balanced: bool
    total: float

    def beats(self, other: Standing) -> bool:
        """Whether it is strictly better: first by violations, then broken floors, mass unassigned, balance, utility."""
        return self._key < other._key

    @property
    def _key(self) -> tuple[int, int, int, bool, float]:
        return self.violations, self.broken, self.unassigned, not self.balanced, -self.total


STEP = 1 / GRID
