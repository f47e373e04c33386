"""A block of answers is the same whichever way it is filled: from an index of statements, or from all answers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.profile import Agents, Answers, Profile, Statements
from folkmoot.profile import profile as module


def profile(people: int, statements: int, seed: int) -> Profile:
    """A third of the pairs are answered."""
    rng = np.random.default_rng(seed)
    row, column = np.nonzero(rng.random((people, statements)) < 0.3)
    ids = tuple(map(str, range(statements)))
    answers = Answers.of(row, column, rng.integers(-1, 2, len(row)).astype(np.float64))
    return Profile(Agents(tuple(map(str, range(people)))), Statements(ids, ids), answers)


@given(st.data())
def test_an_index_changes_no_block(data: st.DataObject) -> None:
    people, statements = data.draw(st.integers(1, 9)), data.draw(st.integers(1, 24))
    one = profile(people, statements, data.draw(st.integers(0, 99)))
    columns = np.array(data.draw(st.lists(st.integers(0, statements - 1), max_size=8)), dtype=np.int64)
    rows = np.array(data.draw(st.lists(st.integers(0, people - 1), max_size=12)), dtype=np.int64)
    for agents in (None, np.arange(people), np.unique(rows), rows):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "FEW", 10**9)
            plain = one.dense(columns, agents)
        assert np.array_equal(one.dense(columns, agents), plain, equal_nan=True)


def test_a_few_of_many_statements_are_found_by_the_index() -> None:
    one = profile(50, 40, 1)
    one.dense(np.array([3]))
    assert "_by_statement" in vars(one)
