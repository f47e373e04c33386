"""Chamberlin-Courant, exactly: everyone counts with the member of the committee they like best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...profile import BoolArray, FloatArray
from ...profile.exact import SAFE, Program, grouped, in_integers, sparse
from ..problem import Problem, Selection
from ..registry import process
from . import optimal

SOURCE = "Chamberlin and Courant 1983; Procaccia, Rosenschein, Zohar 2008"
COMPLEXITY = "NP-hard; all committees where they are few, else an integer program over distinct rows of utilities"


@process(
    id="cc",
    extra="exact",
    approvals=True,
    name="Chamberlin-Courant on approvals",
    guarantee=("jr_unit",),
    complexity=COMPLEXITY,
    source=SOURCE + "; JR: Aziz et al. 2017",
)
def cc(problem: Problem, rng: np.random.Generator) -> Selection:
    """The committee of which as much mass as possible approves a member. Ties: see `optimal.optimum`."""
    return optimal.select(problem, Favourite(problem, approvals=True))


@process(
    id="cc-utility",
    extra="exact",
    name="Chamberlin-Courant on utilities",
    guarantee=(),
    complexity=COMPLEXITY,
    source=SOURCE,
)
def cc_utility(problem: Problem, rng: np.random.Generator) -> Selection:
    """The committee with the largest sum of everyone's utility for their favourite member.

    With nobody in the slate everyone has the lowest utility that occurs. Ties: see `optimal.optimum`.
    """
    return optimal.select(problem, Favourite(problem, approvals=False))


def committees(
    problem: Problem, limit: int = 1000, time_limit: float = optimal.TIME_LIMIT, *, approvals: bool = True
) -> list[list[int]]:
    """Every Chamberlin-Courant committee; see `optimal.committees`."""
    return optimal.committees(problem, Favourite(problem, approvals), limit, time_limit)


def above_lowest(problem: Problem) -> FloatArray:
    """float64 [n, m]: the pool's utilities (whole matrix)."""
    pool = problem.pool
    return pool.utilities(pool.agents, np.arange(pool.size))


class Favourite:
    """The Chamberlin-Courant score over distinct rows, counted from the lowest utility that occurs."""

    tight = True

    def __init__(self, problem: Problem, approvals: bool) -> None:
        values = above_lowest(problem)
        if approvals:
            values = (values >= problem.approval).astype(np.float64)
        rows, self.masses, _ = grouped(values, problem.pool.masses)
        whole, self.denominator = in_integers(rows)
        low = (0 if approvals else whole.min()) if whole.size else 0
        self.worth: NDArray[Any] = whole - low
        top = int(self.worth.max()) if self.worth.size else 0
        if top * max(int(self.masses.sum()), 1) >= SAFE:
            self.worth = self.worth.astype(object)

    def ceilings(self, members: BoolArray) -> Sequence[int]:
        scores = []
        for inside in members:
            best = self.worth[:, inside].max(axis=1) if inside.any() else np.zeros(len(self.worth), dtype=np.int64)
            scores.append(int(best @ self.masses))
        return scores

    def score(self, members: BoolArray) -> int:
        return self.ceilings(members[None, :])[0]

    def program(self) -> Program:
        groups, m = self.worth.shape
        worth = np.array(self.worth / self.denominator, dtype=np.float64)
        group, candidate = np.nonzero(worth > 0)
        x = m + np.arange(len(group))
        v = m + len(group)
        # One representative each (rows of groups), and only members represent (rows of pairs).
        pairs = groups + np.arange(len(group))
        rows = sparse(
            np.concatenate([np.ones(2 * len(group)), -np.ones(len(group))]),
            np.concatenate([group, pairs, pairs]),
            np.concatenate([x, x, candidate]),
            (groups + len(group), v),
        )
        return Program(
            np.concatenate([np.zeros(m), self.masses[group] * worth[group, candidate]]),
            rows,
            np.full(groups + len(group), -np.inf),
            np.concatenate([np.ones(groups), np.zeros(len(group))]),
            np.zeros(v),
            np.ones(v),
            np.arange(v) < m,
        )
