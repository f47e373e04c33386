"""Pairs of an agent and a statement as arrays: their utilities, and how they are packed into prompts."""

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
        """The pairs, each once, by agent and then by statement.

        Raises:
            InputError: there are not as many agents as statements.
        """
        rows, columns = np.asarray(agents, dtype=np.int64), np.asarray(statements, dtype=np.int64)
        if rows.shape != columns.shape:
            raise InputError(f"pairs need as many agents ({len(rows)}) as statements ({len(columns)})")
        width = int(columns.max(initial=0)) + 1
        unique = np.unique(rows * width + columns)
        return cls(unique // width, unique % width)

    @classmethod
    def block(cls, agents: IntArray, statements: IntArray) -> Self:
        """All pairs of an agent and a statement, each once, by agent and then by statement."""
        rows, columns = np.unique(agents), np.unique(statements)
        return cls(np.repeat(rows, len(columns)), np.tile(columns, len(rows)))

    def without(self, which: Callable[[Pairs], BoolArray]) -> Pairs:
        """The pairs for which ``which`` is False."""
        return self[~which(self)]

    def as_tuples(self) -> list[tuple[int, int]]:
        """A list of (agent, statement)."""
        return list(zip(self.agents.tolist(), self.statements.tolist(), strict=True))


class Table:
    """A number for every agent and statement, nan until it is settled and where it stays unknown.

    Statements are added one by one; the arrays double, so that adding m of them copies each number a few times at most.

    Args:
        n_agents: the number of agents.
    """

    def __init__(self, n_agents: int) -> None:
        self.n_statements = 0
        # A statement is a row: new ones are appended.
        self._values: FloatArray = np.full((8, n_agents), np.nan)
        self._settled: BoolArray = np.zeros((8, n_agents), dtype=bool)

    @property
    def count(self) -> int:
        """Number of settled pairs."""
        return int(self._settled.sum())

    @property
    def unknown(self) -> int:
        """Number of settled pairs without a value."""
        return int((self._settled & np.isnan(self._values)).sum())

    def add(self, settled: BoolArray) -> None:
        """Adds a statement; ``settled``, bool [n_agents], is True for agents for whom it stays unknown."""
        if self.n_statements == len(self._values):
            self._values = np.concatenate([self._values, np.full_like(self._values, np.nan)])
            self._settled = np.concatenate([self._settled, np.zeros_like(self._settled)])
        self._settled[self.n_statements] = settled
        self.n_statements += 1

    def put(self, pairs: Pairs, values: FloatArray) -> None:
        """Settles pairs; nan means that the value stays unknown."""
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
        pairs: the pairs, each once.
        alone: bool [n_statements]: statements that are never put together with others.
        size: the most pairs in one pack, at least 1.
    """
    if not len(pairs):
        return []
    order = np.lexsort((pairs.statements, alone[pairs.statements], pairs.agents))
    ordered, by_itself = pairs[order], alone[pairs.statements[order]]
    first = np.flatnonzero(np.diff(ordered.agents, prepend=-1))
    rank = np.arange(len(ordered)) - np.repeat(first, np.diff(first, append=len(ordered)))
    # The pairs that stand alone are an agent's last, so that the others' ranks have no gaps.
    starts = np.flatnonzero(by_itself | (rank % size == 0))
    ends = np.append(starts[1:], len(ordered))
    return [ordered[begin:end] for begin, end in zip(starts.tolist(), ends.tolist(), strict=True)]
