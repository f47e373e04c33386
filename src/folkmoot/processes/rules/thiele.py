"""Thiele's rules: the largest sum of f(number of approved members), for any tail f of `tails`; one engine for all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...profile import BoolArray, IntArray
from ...profile.exact import SAFE, Program, grouped, sparse
from ...queries.approvals import Approvals
from ..problem import Problem, Selection
from . import optimal
from .tails import Tail
from .universes import Branching, choice, follow, only_unit_costs


class Score:
    """The score over distinct ballots, in whole numbers (`optimal.Rule`)."""

    tight = True

    def __init__(self, problem: Problem, tail: Tail) -> None:
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
        self.steps = tail.increments(self.most)
        self.denominator, whole = _in_whole_numbers(self.steps)
        worth: list[int] = [0]
        for step in whole:
            worth.append(worth[-1] + step)
        small = worth[-1] * max(int(self.masses.sum()), 1) < SAFE
        self.worth: NDArray[Any] = np.array(worth, dtype=np.int64 if small else object)

    def ceilings(self, members: BoolArray) -> Sequence[int]:
        scores: NDArray[Any] = np.zeros(len(members), dtype=self.worth.dtype)
        inside = members.astype(np.float32)
        width = max(1, 10_000_000 // max(1, len(members)))
        for start in range(0, len(self.masses), width):
            ballots = self.ballots[start : start + width].astype(np.float32)
            approved = np.minimum(np.rint(inside @ ballots.T).astype(np.int64), self.most)
            scores = scores + self.worth[approved] @ self.masses[start : start + width]
        return [int(value) for value in scores]

    def score(self, members: BoolArray) -> int:
        return self.ceilings(members[None, :])[0]

    def program(self) -> Program:
        groups, m = self.ballots.shape
        # Members beyond the last that is worth anything need no variable.
        worth = np.array([float(step) for step in self.steps if step])
        most = np.minimum(self.ballots.sum(axis=1), len(worth))
        group: IntArray = np.repeat(np.arange(groups), most)
        place = np.concatenate([np.arange(count) for count in most] or [np.zeros(0, dtype=np.int64)])
        # x[g, j] = 1 where group g approves more than j members; j in order because none is worth more than the last.
        row, column = np.nonzero(self.ballots)
        rows = sparse(
            np.concatenate([np.ones(len(group)), -np.ones(len(row))]),
            np.concatenate([group, row]),
            np.concatenate([m + np.arange(len(group)), column]),
            (groups, m + len(group)),
        )
        v = m + len(group)
        return Program(
            np.concatenate([np.zeros(m), self.masses[group] * worth[place]]),
            rows,
            np.full(groups, -np.inf),
            np.zeros(groups),
            np.zeros(v),
            np.ones(v),
            np.arange(v) < m,
        )


class Course(Branching):
    """The sequential form on its way (`universes.Course`): the candidate that adds most, ties decided exactly."""

    changed = ("chosen", "open", "has")

    def __init__(self, problem: Problem, tail: Tail, process: str) -> None:
        only_unit_costs(problem, process)
        self.approvals = Approvals(problem.pool, problem.approval)
        self.budget = problem.budget
        self.steps = tail.increments(min(problem.budget, problem.pool.size + len(problem.locked_in)) + 1)
        self.chosen: list[int] = []
        self.open = np.ones(problem.pool.size, dtype=bool)
        self.open[list(problem.locked_out)] = False
        self.has = np.zeros(problem.pool.n_agents, dtype=np.int64)
        for candidate in problem.locked_in:
            self.take(candidate)

    def tied(self) -> list[int]:
        candidates = np.flatnonzero(self.open)
        if len(self.chosen) >= self.budget or not len(candidates):
            return []
        most = int(self.has.max(initial=0)) + 1
        # No agent has more than ``most - 1`` approved members: only the first increments need a common denominator.
        _, whole = _in_whole_numbers(self.steps[:most])
        if max(whole) * self.approvals.pool.total_mass < 2**63:
            worth = np.array(whole, dtype=np.int64)
            gains = self.approvals.sums(worth.take(self.has) * self.approvals.masses)[candidates]
            return [int(a) for a in candidates[gains == gains.max()]]
        return self.tied_exactly(candidates, most)

    def tied_exactly(self, candidates: IntArray, most: int) -> list[int]:
        """The same where integers of 64 bits are too short: floats find the best, fractions decide among them."""
        worth = np.array([float(step) for step in self.steps[:most]])
        rough = self.approvals.sums(self.approvals.masses * worth.take(self.has))[candidates]
        margin = 4 * np.finfo(np.float64).eps * (len(self.has) + 2) * rough.max()
        near = candidates[rough >= rough.max() - margin]
        gains = []
        for candidate in near:
            rows = self.approvals.of(int(candidate))
            count = np.bincount(self.has[rows], self.approvals.masses[rows], most)
            gains.append(sum((int(c) * step for c, step in zip(count, self.steps, strict=False)), Fraction(0)))
        return [int(a) for a, gain in zip(near, gains, strict=True) if gain == max(gains)]

    def take(self, candidate: int) -> None:
        self.chosen.append(candidate)
        self.open[candidate] = False
        self.has[self.approvals.of(candidate)] += 1

    def key(self) -> frozenset[int]:
        return frozenset(self.chosen)


def _in_whole_numbers(steps: Sequence[Fraction]) -> tuple[int, list[int]]:
    """A common denominator, and the numerators over it."""
    denominator = math.lcm(*(step.denominator for step in steps))
    return denominator, [step.numerator * (denominator // step.denominator) for step in steps]


def exactly(problem: Problem, tail: Tail) -> Selection:
    """The committee with the largest score, by `optimal`."""
    return optimal.select(problem, Score(problem, tail))


def one_by_one(problem: Problem, tail: Tail, process: str) -> Selection:
    """The sequential form, with the best balanced assignment; ties: pool order."""
    course = Course(problem, tail, process)
    ties = follow(course)
    return choice(problem, course.chosen, ties, course.approvals.mass)
