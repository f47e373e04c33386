"""Weights of answers: how much of each is opinion, and what that means for sums over people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...profile import FloatArray, InputError, IntArray


@dataclass(frozen=True, eq=False)
class AnswerWeights:
    """A weight for every answer of a Profile, in the Profile's order. No person and no answer is ever left out.

    Args:
        agent: int64 [n_answers] the row of the person.
        statement: int64 [n_answers] the column of the statement.
        weight: float64 [n_answers] the weight, within [0, 1].
        utility: float64 [n_answers] the answer's value on the scale's utility range.
        utility_range: the lowest and highest utility.
        unmatched: the number of repeated pairs that are not answers of the profile, so that no weight went to them.

    Raises:
        InputError: a weight lies outside [0, 1].
    """

    agent: IntArray
    statement: IntArray
    weight: FloatArray
    utility: FloatArray
    utility_range: tuple[float, float]
    unmatched: int = 0

    def __post_init__(self) -> None:
        if not ((self.weight >= 0) & (self.weight <= 1)).all():
            raise InputError("weights of answers must lie between 0 and 1")

    def means(self, n_statements: int) -> FloatArray:
        """float64 [n_statements]: weighted mean utility; the middle of the range where no weight is.

        One answer's worth of the middle of the range is added, so that a statement with hardly any weight stays there.
        """
        middle = sum(self.utility_range) / 2
        weight = np.bincount(self.statement, self.weight, n_statements) + 1.0
        total = np.bincount(self.statement, self.weight * self.utility, n_statements) + middle
        return np.asarray(total / weight)

    @cached_property
    def _indptr(self) -> IntArray:
        n = int(self.agent[-1]) + 1 if len(self.agent) else 0
        return np.searchsorted(self.agent, np.arange(n + 1)).astype(np.int64)

    def block(self, agents: IntArray, statements: IntArray, utility: bool = False) -> FloatArray:
        """float64 [len(agents), len(statements)]: weights (or utilities), nan where the person did not answer."""
        values = self.utility if utility else self.weight
        block = np.full((len(agents), len(statements)), np.nan)
        if not len(self.agent) or not block.size:
            return block
        m = int(max(self.statement.max(), statements.max())) + 1
        column = np.full(m, -1, dtype=np.int64)
        column[statements] = np.arange(len(statements))
        inside = agents < len(self._indptr) - 1
        at = np.where(inside, agents, 0)
        start = self._indptr[at]
        lengths = np.where(inside, self._indptr[at + 1] - start, 0)
        rows = np.repeat(np.arange(len(agents)), lengths)
        picked = np.repeat(start, lengths) + np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        columns = column[self.statement[picked]]
        hit = columns >= 0
        block[rows[hit], columns[hit]] = values[picked][hit]
        return block

    def coverage(self, n_agents: int) -> FloatArray:
        """float64 [n_agents]: mean weight of each person's answers; nan where there is none."""
        return coverage(self.agent, self.weight, n_agents)

    def group_coverage(self, n_agents: int, labels: Sequence[str]) -> dict[str, float]:
        """Mean of people's coverage by group, and of everybody's under ``""``; see `group_coverage`."""
        return group_coverage(self.coverage(n_agents), labels)


def averages(at: IntArray, values: FloatArray, weights: FloatArray, size: int) -> FloatArray:
    """Weighted means of values by place, float64 [size]; nan where there is no weight."""
    total = np.bincount(at, weights, size)
    means = np.full(size, np.nan)
    np.divide(np.bincount(at, weights * values, size), total, out=means, where=total > 0)
    return means


def coverage(agent: IntArray, weight: FloatArray, n_agents: int) -> FloatArray:
    """float64 [n_agents]: mean weight of each person's answers, sum_j w / J; nan where there is none."""
    return averages(agent, weight, np.ones(len(weight)), n_agents)


def group_coverage(person: FloatArray, labels: Sequence[str]) -> dict[str, float]:
    """Mean of people's `coverage` by group, and of everybody's under ``""``; nan where nobody answered.

    A group whose coverage is lower has less say in every weighted sum; leaving the unstable out would hide that.

    Args:
        person: float64 [n_agents] the coverage of every person.
        labels: the group of every person; people with an empty label count under ``""`` alone, with everybody.

    Raises:
        InputError: there is not one label for each person.
    """
    if len(labels) != len(person):
        raise InputError(f"{len(labels)} group labels for {len(person)} people; there must be one each")
    names, group = np.unique(np.asarray(labels), return_inverse=True)
    answered = np.flatnonzero(~np.isnan(person))
    mean = averages(group[answered], person[answered], np.ones(len(answered)), len(names))
    everybody = float(person[answered].mean()) if len(answered) else float("nan")
    means = {str(name): float(value) for name, value in zip(names, mean, strict=True)}
    return {**means, "": everybody}
