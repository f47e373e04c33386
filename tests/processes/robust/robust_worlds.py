"""Small worlds of votes, some of them unknown, with beliefs about those."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from folkmoot.processes import Problem
from folkmoot.profile import BoolArray, FloatArray, IntArray
from folkmoot.queries import ClosedPool
from folkmoot.queries.levels import Numbers
from folkmoot.testing.instances import Matrix


@dataclass
class Guess:
    """Unknown votes are agreed with by chance, passed with a fifth of the rest, independently of one another."""

    chance: FloatArray
    said: BoolArray
    values: FloatArray
    seed: int = 0

    def chances(self, agents: IntArray, statements: IntArray) -> FloatArray:
        at = np.ix_(agents, statements)
        return np.where(self.said[at], self.values[at] > 0.5, self.chance[at])

    def draws(self, agents: IntArray, statements: IntArray, count: int) -> Iterator[Numbers]:
        at = np.ix_(agents, statements)
        for number in range(count):
            uniform = np.random.default_rng([self.seed, number]).random(self.chance.shape)[at]
            chance = self.chance[at]
            drawn = np.where(uniform < chance, 1.0, np.where(uniform < chance + 0.2 * (1 - chance), 0.5, 0.0))
            yield Numbers(np.where(self.said[at], self.values[at], drawn))


def world(
    seed: int, n: int = 60, m: int = 14, words: bool = True, budget: int = 0, weighted: bool = False, **options: Any
) -> Problem:
    """Two camps and what unites them; half of the votes are known."""
    rng = np.random.default_rng([11, seed])
    camp = rng.random(n) < 0.6
    lean = rng.random((2, m))
    chance = np.rint(1024 * np.where(camp[:, None], lean[0], lean[1])) / 1024
    said = rng.random((n, m)) < 0.5
    vote = np.where(rng.random((n, m)) < chance, 1.0, np.where(rng.random((n, m)) < 0.3, 0.5, 0.0))
    values = np.where(said, vote, np.rint(1024 * (chance + 0.1 * (1 - chance))) / 1024)
    costs = rng.integers(3, 12, m) if words else np.ones(m, dtype=np.int64)
    masses = rng.integers(1, 5, n) if weighted else np.ones(n, dtype=np.int64)
    pool = ClosedPool(Matrix(values, said), np.arange(m), costs, masses)
    beliefs = Guess(chance, said, values)
    return Problem(pool, budget or (30 if words else 4), approval=0.75, beliefs=beliefs, **options)
