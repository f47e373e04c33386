"""Repeated answers counted by pattern: all that the models of answers under conditions need to know.

What a person answered to a statement over its presentations comes down to how often which condition occurred, and to
three counts: agreeing answers, answers on the cue's side, answers on the side offered first. People with the same
counts are one cell with a number, so the cost of a model does not grow with the number of people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...profile import BoolArray, FloatArray, IntArray, Repeats

#: The nine conditions: (cue, order) of each column of `Cells.design`.
CUES = np.repeat(np.array([-1, 0, 1]), 3)
ORDERS = np.tile(np.array([-1, 0, 1]), 3)


@dataclass(frozen=True, eq=False)
class Cells:
    """Patterns of answers, sorted by statement.

    Args:
        statement: int64 [u] the column of the statement.
        design: int64 [u, 9] the number of presentations under each condition (see `CUES`, `ORDERS`).
        agree: int64 [u] the number of agreeing answers.
        on_cue: int64 [u] the number of answers on the cue's side, of the presentations with a cue.
        on_first: int64 [u] the number of answers on the side offered first, of those where it is known.
        count: int64 [u] the number of pairs of person and statement with this pattern.
        pair_agent: int64 [p] the person of every pair of person and statement.
        pair_statement: int64 [p] the statement of the pair.
        pair_cell: int64 [p] the cell of the pair.
        n_agents: the number of people.
        n_statements: the number of statements.
        sideless: the number of presentations left out because the answer took no side.
    """

    statement: IntArray
    design: IntArray
    agree: IntArray
    on_cue: IntArray
    on_first: IntArray
    count: IntArray
    pair_agent: IntArray
    pair_statement: IntArray
    pair_cell: IntArray
    n_agents: int
    n_statements: int
    sideless: int

    @classmethod
    def of(cls, repeats: Repeats) -> Cells:
        """Counts the answers that take a side; the others are left out and counted."""
        sided = repeats.side != 0
        side, cue, order = (each[sided].astype(np.int64) for each in (repeats.side, repeats.cue, repeats.order))
        key = repeats.agent[sided] * repeats.n_statements + repeats.statement[sided]
        pairs, pair = np.unique(key, return_inverse=True)
        design = np.zeros((len(pairs), 9), dtype=np.int64)
        np.add.at(design, (pair, (cue + 1) * 3 + order + 1), 1)
        counts = [np.bincount(pair[hit], minlength=len(pairs)) for hit in (side > 0, side * cue > 0, side * order > 0)]
        rows = np.column_stack([pairs % max(repeats.n_statements, 1), design, *counts])
        cells, cell, number = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
        return cls(
            statement=cells[:, 0],
            design=cells[:, 1:10],
            agree=cells[:, 10],
            on_cue=cells[:, 11],
            on_first=cells[:, 12],
            count=number,
            pair_agent=pairs // max(repeats.n_statements, 1),
            pair_statement=rows[:, 0],
            pair_cell=cell.ravel(),
            n_agents=repeats.n_agents,
            n_statements=repeats.n_statements,
            sideless=int((~sided).sum()),
        )

    @property
    def n(self) -> IntArray:
        """int64 [u]: the number of presentations."""
        return np.asarray(self.design.sum(axis=1))

    @property
    def cued(self) -> IntArray:
        """int64 [u]: the number of presentations whose wording has a cue."""
        return self._under(CUES != 0)

    @property
    def ordered(self) -> IntArray:
        """int64 [u]: the number of presentations where it is known which side came first."""
        return self._under(ORDERS != 0)

    @property
    def both_cues(self) -> BoolArray:
        """bool [u]: whether it was worded both ways."""
        return np.asarray((self._under(CUES == 1) > 0) & (self._under(CUES == -1) > 0))

    @property
    def both_orders(self) -> BoolArray:
        """bool [u]: whether either side was offered first at some time."""
        return np.asarray((self._under(ORDERS == 1) > 0) & (self._under(ORDERS == -1) > 0))

    @property
    def tied(self) -> BoolArray:
        """bool [u]: cue and order always moved together (or always apart), so their effects cannot be separated."""
        return np.asarray((self._under(CUES * ORDERS == 1) == 0) | (self._under(CUES * ORDERS == -1) == 0))

    def weighted(self, people: FloatArray) -> FloatArray:
        """float64 [s, u]: cells counted with a weight for each person, for many weightings at once.

        Args:
            people: float64 [s, n_agents] the weights.
        """
        counts = np.zeros((len(people), len(self.count)))
        for row, weight in zip(counts, people, strict=True):
            row[:] = np.bincount(self.pair_cell, weight[self.pair_agent], len(row))
        return counts

    def _under(self, conditions: BoolArray) -> IntArray:
        return np.asarray(self.design[:, conditions].sum(axis=1))
