"""Pairs of an agent and a statement, what is known of them, and how they are put into prompts; all as arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np

from ...profile import BoolArray, FloatArray, InputError, IntArray


@dataclass(frozen=True)
class Pairs:
    """Pairs (agents[k], statements[k]).

    Args:
        agents: int64 [n].
        statements: int64 [n].
    """

    agents: IntArray
    statements: IntArray

    def __len__(self) -> int:
        return len(self.agents)

    def __getitem__(self, which: BoolArray | IntArray | slice) -> Pairs:
        return Pairs(self.agents[which], self.statements[which])

    @classmethod
    def of(cls, agents: IntArray, statements: IntArray) -> Self:
        """Each once, by agent and then by statement.

        Raises:
            InputError: not as many agents as statements.
        """
        rows, columns = np.asarray(agents, dtype=np.int64), np.asarray(statements, dtype=np.int64)
        if rows.shape != columns.shape:
            raise InputError(f"pairs need as many agents ({len(rows)}) as statements ({len(columns)})")
        width = int(columns.max(initial=0)) + 1
        unique = np.unique(rows * width + columns)
        return cls(unique // width, unique % width)

    @classmethod
    def block(cls, agents: IntArray, statements: IntArray) -> Self:
        """Each agent with each statement, each pair once, by agent and then by statement."""
        rows, columns = np.unique(agents), np.unique(statements)
        return cls(np.repeat(rows, len(columns)), np.tile(columns, len(rows)))

    def without(self, which: Callable[[Pairs], BoolArray]) -> Pairs:
        """Those of which it is False."""
        return self[~which(self)]

    def as_tuples(self) -> list[tuple[int, int]]:
        """(agent, statement) each."""
        return list(zip(self.agents.tolist(), self.statements.tolist(), strict=True))


class Table:
    """A number for every agent and statement, nan until it is settled and where it stays unknown.

    Statements are added one by one; the arrays double, so that adding m of them copies each number a few times at most.

    Args:
        n_agents: people.
    """

    def __init__(self, n_agents: int) -> None:
        self.n_statements = 0
        # A statement is a row: new ones are appended.
        self._values: FloatArray = np.full((8, n_agents), np.nan)
        self._settled: BoolArray = np.zeros((8, n_agents), dtype=bool)

    @property
    def count(self) -> int:
        """Pairs that are settled."""
        return int(self._settled.sum())

    @property
    def unknown(self) -> int:
        """Pairs that are settled and have no number."""
        return int((self._settled & np.isnan(self._values)).sum())

    def add(self, settled: BoolArray) -> None:
        """A statement; bool [n_agents]: of whom it stays unknown."""
        if self.n_statements == len(self._values):
            self._values = np.concatenate([self._values, np.full_like(self._values, np.nan)])
            self._settled = np.concatenate([self._settled, np.zeros_like(self._settled)])
        self._settled[self.n_statements] = settled
        self.n_statements += 1

    def put(self, pairs: Pairs, values: FloatArray) -> None:
        """Settles pairs; nan: unknown for good."""
        self._values[: self.n_statements][pairs.statements, pairs.agents] = values
        self._settled[: self.n_statements][pairs.statements, pairs.agents] = True

    def get(self, pairs: Pairs) -> FloatArray:
        """float64 [n]."""
        return self._values[: self.n_statements][pairs.statements, pairs.agents]

    def settled(self, pairs: Pairs) -> BoolArray:
        """bool [n]."""
        return self._settled[: self.n_statements][pairs.statements, pairs.agents]

    def values(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """float64 [len(agents), len(statements)]."""
        return self._values[: self.n_statements][np.ix_(statements, agents)].T.copy()

    def settled_block(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """bool [len(agents), len(statements)]."""
        return self._settled[: self.n_statements][np.ix_(statements, agents)].T.copy()


def packs(pairs: Pairs, alone: BoolArray, size: int) -> list[Pairs]:
    """Pairs of one agent each, at most ``size`` together, in the order of the agents.

    Args:
        pairs: each once.
        alone: bool [n_statements]: statements that are never put together with others.
        size: at least 1.
    """
    if not len(pairs):
        return []
    order = np.lexsort((pairs.statements, alone[pairs.statements], pairs.agents))
    ordered, by_itself = pairs[order], alone[pairs.statements[order]]
    first = np.flatnonzero(np.diff(ordered.agents, prepend=-1))
    rank = np.arange(len(ordered)) - np.repeat(first, np.diff(first, append=len(ordered)))
    # Those that stand alone come last of an agent's, so that the others' ranks have no gaps.
    starts = np.flatnonzero(by_itself | (rank % size == 0))
    ends = np.append(starts[1:], len(ordered))
    return [ordered[begin:end] for begin, end in zip(starts.tolist(), ends.tolist(), strict=True)]
