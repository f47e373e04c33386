"""Proportional Approval Voting, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..profile import BoolArray, IntArray
from ..profile.exact import SAFE, Program, grouped, sparse
from . import optimal
from .problem import Problem, Selection
from .registry import process


@process(
    id="pav",
    guarantee=("ejr_plus_unit",),
    complexity="NP-hard; all committees where they are few, else an integer program over distinct ballots",
    source="Thiele 1895; Aziz et al. 2017; EJR+: Brill and Peters 2023",
)
def pav(problem: Problem, rng: np.random.Generator) -> Selection:
    """The committee with the largest sum over agents of 1 + 1/2 + ... + 1/(number of approved members).

    With costs: the largest sum within the budget (no guarantee is known then). Ties: see `optimal.optimum`.
    """
    return optimal.select(problem, Harmonic(problem))


def committees(problem: Problem, limit: int = 1000, time_limit: float = optimal.TIME_LIMIT) -> list[list[int]]:
    """Every PAV committee; see `optimal.committees`."""
    return optimal.committees(problem, Harmonic(problem), limit, time_limit)


class Harmonic:
    """The PAV score over distinct ballots."""

    tight = True

    def __init__(self, problem: Problem) -> None:
        pool = problem.pool
        approve = np.concatenate(
            [block >= problem.approval for _, block in pool.blocks(pool.agents, np.arange(pool.size))]
            or [np.zeros((pool.n_agents, 0), dtype=bool)],
            axis=1,
        )
        self.ballots, self.masses, _ = grouped(approve, pool.masses)
        some = self.ballots.any(axis=1)
        self.ballots, self.masses = self.ballots[some], self.masses[some]
        cheapest = int(pool.costs.min()) if pool.size else 1
        self.most = min(pool.size, problem.budget // cheapest)
        self.denominator = lcm(*range(1, self.most + 1)) if self.most else 1
        steps = [self.denominator // j for j in range(1, self.most + 1)]
        worth: list[int] = [0]
        for step in steps:
            worth.append(worth[-1] + step)
        small = worth[-1] * max(int(self.masses.sum()), 1) < SAFE
        self.worth: NDArray[Any] = np.array(worth, dtype=np.int64 if small else object)

    def ceilings(self, members: BoolArray) -> Sequence[int]:
        found: NDArray[Any] = np.zeros(len(members), dtype=self.worth.dtype)
        inside = members.astype(np.float32)
        width = max(1, 10_000_000 // max(1, len(members)))
        for start in range(0, len(self.masses), width):
            ballots = self.ballots[start : start + width].astype(np.float32)
            approved = np.minimum(np.rint(inside @ ballots.T).astype(np.int64), self.most)
            found = found + self.worth[approved] @ self.masses[start : start + width]
        return [int(value) for value in found]

    def score(self, members: BoolArray) -> int:
        return self.ceilings(members[None, :])[0]

    def program(self) -> Program:
        groups, m = self.ballots.shape
        most = np.minimum(self.ballots.sum(axis=1), self.most)
        group: IntArray = np.repeat(np.arange(groups), most)
        place = np.concatenate([np.arange(1, count + 1) for count in most] or [np.zeros(0, dtype=np.int64)])
        # x[g, j] = 1 where group g approves at least j members; j in order because each is worth less than the last.
        row, column = np.nonzero(self.ballots)
        rows = sparse(
            np.concatenate([np.ones(len(group)), -np.ones(len(row))]),
            np.concatenate([group, row]),
            np.concatenate([m + np.arange(len(group)), column]),
            (groups, m + len(group)),
        )
        v = m + len(group)
        return Program(
            np.concatenate([np.zeros(m), self.masses[group] / place]),
            rows,
            np.full(groups, -np.inf),
            np.zeros(groups),
            np.zeros(v),
            np.ones(v),
            np.arange(v) < m,
        )
