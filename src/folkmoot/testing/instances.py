"""Small random problems for tests: each has a number, and the same number is the same problem everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray
from ..queries import ClosedPool


class Matrix:
    """A discriminative query over a matrix of utilities; ``answered`` marks real answers (default: all)."""

    def __init__(self, values: FloatArray, answered: BoolArray | None = None) -> None:
        self.values = np.asarray(values, dtype=np.float64)
        self.answered = np.ones(self.values.shape, dtype=bool) if answered is None else answered
        self.n_agents, self.n_statements = self.values.shape

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        return self.values[np.ix_(agents, statements)]

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        return self.answered[np.ix_(agents, statements)]


@dataclass(frozen=True)
class Instance:
    """A small problem: utilities [n, m], cost of every statement, mass of every agent, budget."""

    values: FloatArray
    costs: IntArray
    masses: IntArray
    budget: int

    @property
    def n(self) -> int:
        return len(self.values)

    @property
    def m(self) -> int:
        return len(self.costs)

    @property
    def total(self) -> int:
        return int(self.masses.sum())

    def pool(self, answered: BoolArray | None = None) -> ClosedPool:
        return ClosedPool(Matrix(self.values, answered), np.arange(self.m), self.costs, self.masses)

    def need(self, a: int) -> int:
        """ceil(c(a) n / B)."""
        share = Fraction(int(self.costs[a]) * self.total, self.budget)
        return -((-share.numerator) // share.denominator)

    def copied(self) -> Instance:
        """The instance with as many copies of every agent as its mass."""
        return Instance(
            np.repeat(self.values, self.masses, axis=0),
            self.costs,
            np.ones(self.total, dtype=np.int64),
            self.budget,
        )


KINDS = ("approval", "integer", "sixteenths", "real")


def utilities(rng: np.random.Generator, n: int, m: int, kind: str) -> FloatArray:
    """Random utilities; all kinds but ``real`` have many ties."""
    if kind == "approval":
        return rng.integers(0, 2, (n, m)).astype(np.float64)
    if kind == "integer":
        return rng.integers(0, 5, (n, m)).astype(np.float64)
    if kind == "sixteenths":
        return rng.integers(-8, 24, (n, m)) / 16
    return rng.normal(size=(n, m))


def instances(
    seed: int,
    count: int,
    *,
    n: int = 7,
    m: int = 5,
    kinds: Sequence[str] = KINDS,
    unit_cost: bool = False,
    weighted: bool = False,
    budget: int = 12,
) -> Iterator[tuple[int, Instance]]:
    """Pairs (number, instance) of at most n agents and m statements; the kinds of utilities alternate."""
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        agents, statements = int(rng.integers(1, n + 1)), int(rng.integers(1, m + 1))
        values = utilities(rng, agents, statements, kinds[number % len(kinds)])
        costs = np.ones(statements, dtype=np.int64) if unit_cost else rng.integers(1, 6, statements)
        masses = rng.integers(1, 4, agents) if weighted else np.ones(agents, dtype=np.int64)
        yield number, Instance(values, costs, masses, int(rng.integers(1, budget + 1)))


def some_slate(rng: np.random.Generator, instance: Instance) -> tuple[IntArray, IntArray]:
    """A random set of statements with a random assignment to it; some agents are unassigned."""
    k = int(rng.integers(0, instance.m + 1))
    chosen = rng.permutation(instance.m)[:k]
    assignment = rng.integers(-1, k, instance.n) if k else np.full(instance.n, -1)
    return chosen, assignment
