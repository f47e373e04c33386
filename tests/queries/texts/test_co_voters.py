"""How alike co-voters answered, against counting one by one."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.profile import VOTE, Answers, Scale
from folkmoot.queries.texts import co_voters
from folkmoot.queries.texts.co_voters import CoVoters

SCALES = [VOTE, Scale("rating", 0.0, 4.0), Scale("rating", 1.0, 6.0), Scale("rating", 0.0, 100.0)]


@st.composite
def blocks(draw: st.DrawFn) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], Scale]:
    """Answers of up to 90 people to up to 5 statements, nan where there is none."""
    scale = draw(st.sampled_from(SCALES))
    n, m, seed = draw(st.integers(1, 90)), draw(st.integers(1, 5)), draw(st.integers(0, 2**16))
    rng = np.random.default_rng(seed)
    values = rng.integers(int(scale.low), int(scale.high) + 1, (n, m)).astype(float)
    values[rng.random((n, m)) < draw(st.sampled_from([0.0, 0.5, 0.9]))] = np.nan
    return values, scale


def answers_of(values: np.ndarray[tuple[int, int], np.dtype[np.float64]], scale: Scale) -> Answers:
    agent, statement = np.nonzero(~np.isnan(values))
    return Answers.of(agent, statement, values[agent, statement], scale)


@given(blocks())
def test_against_counting_by_hand(given_: tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], Scale]) -> None:
    values, scale = given_
    m = values.shape[1]
    columns = np.arange(m)[::-1].copy()
    voters = CoVoters(answers_of(values, scale), columns)
    steps = voters.steps
    assert steps == min(int(scale.high - scale.low), 10)
    levels = np.rint((values - scale.low) / (scale.high - scale.low) * steps)[:, columns]
    pairs = np.array(list(combinations(range(m), 2)), dtype=np.int64).reshape(-1, 2)
    found = voters.of(pairs)
    for at, (one, other) in enumerate(pairs.tolist()):
        both = ~np.isnan(levels[:, one]) & ~np.isnan(levels[:, other])
        a, b = levels[both, one].astype(int), levels[both, other].astype(int)
        apart, chance = int(np.abs(a - b).sum()), int(np.abs(a[:, None] - b).sum())
        assert (found.both[at], found.apart[at], found.shift[at]) == (both.sum(), apart, (a - b).sum())
        assert found.chance[at] == chance
        if len(a):
            alike = 1 - Fraction(apart, steps * len(a))
            assert found.at_least(80, 100)[at] == (alike >= Fraction(4, 5))
            assert found.even(10)[at] == (abs(Fraction(int((a - b).sum()), steps * len(a))) <= Fraction(1, 10))
        if chance:
            assert found.beyond_chance(50)[at] == (1 - Fraction(apart * len(a), chance) >= Fraction(1, 2))
        else:
            assert not found.beyond_chance(1)[at]
    assert voters.answered.tolist() == (~np.isnan(levels)).sum(axis=0).tolist()


@given(blocks(), st.integers(0, 12))
def test_quantile(given_: tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], Scale], least: int) -> None:
    values, scale = given_
    m = values.shape[1]
    voters = CoVoters(answers_of(values, scale), np.arange(m))
    pairs = np.array(list(combinations(range(m), 2)), dtype=np.int64).reshape(-1, 2)
    alike = voters.of(pairs)
    shares = sorted(
        1 - Fraction(int(apart), voters.steps * int(both))
        for apart, both in zip(alike.apart, alike.both, strict=True)
        if both >= max(least, 1)
    )
    parts, of = voters.quantile(99, least, 100, 0)
    assert Fraction(parts, of) == (shares[math.ceil(0.99 * len(shares)) - 1] if shares else 1)
    assert voters.quantile(99, least, 100, 10) == (1, 1)


def test_blocks_of_people_and_pairs_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    values = rng.integers(-1, 2, (700, 12)).astype(float)
    values[rng.random(values.shape) < 0.4] = np.nan
    pairs = np.array(list(combinations(range(12), 2)), dtype=np.int64)
    whole = CoVoters(answers_of(values, VOTE), np.arange(12)).of(pairs)
    monkeypatch.setattr(co_voters, "_PEOPLE", 64)
    monkeypatch.setattr(co_voters, "_PAIRS", 5)
    parts = CoVoters(answers_of(values, VOTE), np.arange(12)).of(pairs)
    for name in ("both", "apart", "chance", "shift"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name))


def test_nobody_answered() -> None:
    voters = CoVoters(Answers.none(), np.arange(3))
    alike = voters.of(np.array([[0, 1]]))
    assert alike.both.tolist() == [0]
    assert not (alike.at_least(0, 1) | alike.beyond_chance(0)).any()
    assert voters.quantile(99, 30, 1000, 50) == (1, 1)


def test_statements_that_are_not_compared_do_not_count() -> None:
    answers = Answers.of([0, 0, 0, 1, 1], [0, 1, 2, 1, 2], [1, 1, -1, 1, 0])
    alike = CoVoters(answers, np.array([2, 1])).of(np.array([[0, 1]]))
    assert (alike.both.tolist(), alike.apart.tolist(), alike.shift.tolist()) == ([2], [3], [-3])
