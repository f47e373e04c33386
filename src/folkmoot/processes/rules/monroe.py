"""Monroe's rule, exactly: the slate and the balanced assignment with the largest total utility."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...profile import BoolArray, IntArray, MissingExtraError, WorkError
from ...profile.exact import Program, grouped, in_integers, sparse, stacked
from ..assignment import balanced_assignment, capacities
from ..problem import Problem, Selection
from ..registry import process
from . import optimal
from .cc import Favourite, above_lowest


@process(
    id="monroe",
    extra="exact",
    name="Monroe on utilities",
    guarantee=(),
    complexity="NP-hard; all slates where they are few, else an integer program over distinct rows of utilities",
    source="Monroe 1995; Procaccia, Rosenschein, Zohar 2008; as objective Fish et al. 2024, section 5.4",
)
def monroe(problem: Problem, rng: np.random.Generator) -> Selection:
    """The slate whose best balanced assignment has the largest total utility.

    Every statement represents floor or ceil of c(a) n / B; whom the shares leave no room for counts with the lowest
    utility that occurs. With weights an agent of mass w counts as w agents, who may be represented apart when slates
    are compared; the slate's own assignment keeps them together. Ties: see `optimal.optimum`.
    """
    return optimal.select(problem, Balanced(problem))


def committees(problem: Problem, limit: int = 1000, time_limit: float = optimal.TIME_LIMIT) -> list[list[int]]:
    """Every Monroe committee; see `optimal.committees`."""
    return optimal.committees(problem, Balanced(problem), limit, time_limit)


class Balanced:
    """Total utility of the best balanced assignment, counted from the lowest utility that occurs."""

    tight = False

    def __init__(self, problem: Problem) -> None:
        self.problem, self.pool = problem, problem.pool
        self.values = above_lowest(problem)
        whole, self.denominator = in_integers(self.values)
        self.worth: NDArray[Any] = whole - (whole.min() if whole.size else 0)
        self.lower, self.upper = capacities(self.pool.costs, self.pool.total_mass, problem.budget)
        self.rows, self.masses, _ = grouped(self.worth, self.pool.masses)
        self.free = Favourite(problem, approvals=False)

    def ceilings(self, members: BoolArray) -> Sequence[int]:
        # Without balance nobody has less.
        return self.free.ceilings(members)

    def score(self, members: BoolArray) -> int:
        inside = np.flatnonzero(members)
        if not len(inside):
            return 0
        if self.pool.unit_mass:
            place = balanced_assignment(self.values[:, inside], self.lower[inside], self.upper[inside])
            rows = np.flatnonzero(place >= 0)
            return int(self.worth[rows, inside[place[rows]]].sum())
        return self._divided(inside)

    def _divided(self, inside: IntArray) -> int:
        """The same where masses may be divided in whole units: a transportation problem, whose vertices are whole."""
        try:
            from scipy.optimize import linprog
        except ImportError:
            raise MissingExtraError("Monroe with unequal weights needs scipy; pip install 'folkmoot[exact]'") from None
        groups, k = len(self.rows), len(inside)
        group, place = np.repeat(np.arange(groups), k), np.tile(np.arange(k), groups)
        cells = np.arange(groups * k)
        worth = self.rows[:, inside]
        share = sparse(np.ones(len(cells)), place, cells, (k, len(cells)))
        whole = sparse(np.ones(len(cells)), group, cells, (groups, len(cells)))
        solved = linprog(
            -np.array(worth / self.denominator, dtype=np.float64).ravel(),
            A_ub=stacked(share, -share, whole),
            b_ub=np.concatenate([self.upper[inside], -self.lower[inside], self.masses]),
            method="highs-ds",
        )
        if solved.status != 0:
            raise WorkError(f"no balanced assignment was found ({solved.message})")
        units = np.rint(solved.x).astype(np.int64).reshape(groups, k)
        loads = units.sum(axis=0)
        if (
            (units.sum(axis=1) > self.masses).any()
            or (loads > self.upper[inside]).any()
            or (loads < self.lower[inside]).any()
        ):
            raise WorkError("the solver's assignment is not whole; its tolerance is too coarse for these numbers")
        return int((units.astype(worth.dtype) * worth).sum())

    def program(self) -> Program:
        groups, m = self.rows.shape
        worth = np.array(self.rows / self.denominator, dtype=np.float64)
        group, candidate = np.repeat(np.arange(groups), m), np.tile(np.arange(m), groups)
        cells = np.arange(groups * m)
        v = m + len(cells)
        ones, every = np.ones(len(cells)), np.arange(m)
        upper, lower = self.upper.astype(np.float64), self.lower.astype(np.float64)
        rows = stacked(
            sparse(ones, group, m + cells, (groups, v)),
            # At most ceil and at least floor of its share for a statement of the slate, nothing for another.
            sparse(np.append(ones, -upper), np.append(candidate, every), np.append(m + cells, every), (m, v)),
            sparse(np.append(-ones, lower), np.append(candidate, every), np.append(m + cells, every), (m, v)),
            # A group has no more there than its mass; implied, but a tighter relaxation.
            sparse(
                np.append(ones, -np.minimum(self.masses[group], upper[candidate])),
                np.append(cells, cells),
                np.append(m + cells, candidate),
                (len(cells), v),
            ),
        )
        high = np.concatenate([self.masses.astype(np.float64), np.zeros(2 * m + len(cells))])
        return Program(
            np.append(np.zeros(m), worth.ravel()),
            rows,
            np.full(len(high), -np.inf),
            high,
            np.zeros(v),
            np.append(np.ones(m), self.masses[group].astype(np.float64)),
            np.arange(v) < m,
        )
