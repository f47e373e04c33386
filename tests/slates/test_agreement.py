"""Who agrees with their statement, and what divides people, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from folkmoot.audits import Subject
from folkmoot.audits.agreement import agreement, divisive, expected_by_statement
from folkmoot.profile import (
    VOTE,
    Scale,
)
from folkmoot.queries import ClosedPool


class Table:
    """Utilities and chances to agree that were written down by hand."""

    def __init__(self, utilities: list[list[float]], known: list[list[bool]], chances: list[list[float]]) -> None:
        self._utilities, self._known, self._chances = map(np.array, (utilities, known, chances))
        self.n_agents, self.n_statements = self._utilities.shape

    def utilities(self, agents: Any, statements: Any) -> Any:
        return self._utilities[np.ix_(agents, statements)].astype(np.float64)

    def known(self, agents: Any, statements: Any) -> Any:
        return self._known[np.ix_(agents, statements)]

    def chances(self, agents: Any, statements: Any) -> Any:
        return self._chances[np.ix_(agents, statements)].astype(np.float64)


def test_agreement_by_hand() -> None:
    """Five people of mass 1, 2, 3, 4, 5; the last has no statement."""
    table = Table(
        [[1, 0], [0, 0], [0.5, 1], [0, 0.9], [1, 1]],
        [[True, False], [True, True], [False, False], [True, False], [True, True]],
        [[1, 0.3], [0, 0], [0.4, 0.7], [0, 0.6], [1, 1]],
    )
    masses = np.array([1, 2, 3, 4, 5], dtype=np.int64)
    pool = ClosedPool(table, np.arange(2), np.ones(2, dtype=np.int64), masses)
    subject = Subject(pool, np.array([0, 1]), np.array([0, 0, 1, 1, -1]), 2)
    found = agreement(subject, table, 1.0)  # type: ignore[arg-type]
    # Known are the first two, who said yes (1) and no (2); expected besides: .7 of 3 and .6 of 4.
    assert (found.assigned, found.voted, found.agreed) == (10, 3, 1)
    assert found.expected == pytest.approx(1 + 0.7 * 3 + 0.6 * 4)
    assert expected_by_statement(subject, table, 1.0) == pytest.approx((1.0, 4.5))  # type: ignore[arg-type]
    # Without chances a utility is taken for an answer: the last of the four has .9, which is no agreement.
    assert agreement(subject, None, 1.0).expected == pytest.approx(1 + 3)


def test_divisive_by_hand() -> None:
    """Ten people all answered, and three are a group: six to four divides them, seven to three no more."""
    agree = {0: 10, 1: 2, 2: 3, 3: 6, 4: 7}
    values = [[1.0 if i < agree[j] else 0.0 for j in range(5)] for i in range(10)]
    table = Table(values, [[True] * 5] * 10, values)
    pool = ClosedPool(table, np.arange(5), np.ones(5, dtype=np.int64), np.ones(10, dtype=np.int64))
    subject = Subject(pool, np.array([0]), np.zeros(10, dtype=np.int64), 4)
    found = divisive(subject, table, VOTE, tuple("abcde"), tuple("ABCDE"))  # type: ignore[arg-type]
    assert (found.count, found.id, found.text, found.agree) == (1, "d", "D", 0.6)
    # Who does not approve something, or gives it no points, is not against it.
    for kind in ("approval", "points"):
        assert divisive(subject, table, Scale(kind, 0.0, 1.0), tuple("abcde"), tuple("ABCDE")).count == 0  # type: ignore[arg-type]
    inside = Subject(pool, np.array([2, 3]), np.zeros(10, dtype=np.int64), 4)
    assert divisive(inside, None, VOTE, tuple("abcde"), tuple("ABCDE")).count == 0
