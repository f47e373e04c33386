"""Whose profile may stand in for a person's: planted worlds, and rates by brute force."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.audits.swap import QUANTILES, Votes, _others, _rates, speech, swap_curve


def low_rank_world(seed: int, n: int = 120, m: int = 60) -> tuple[np.ndarray, np.ndarray, np.ndarray, Votes]:
    rng = np.random.default_rng(seed)
    people, statements, bias = rng.standard_normal((n, 2)), 2 * rng.standard_normal((m, 2)), rng.standard_normal(m)
    p = 1 / (1 + np.exp(-(bias + people @ statements.T)))
    row, column = np.nonzero(rng.random((n, m)) < 0.4)
    return people, statements, bias, Votes(row, column, rng.random(len(row)) < p[row, column])


def test_the_curve_falls_with_dissimilarity_and_the_own_profile_is_best() -> None:
    people, statements, bias, votes = low_rank_world(0)
    label = (people[:, 0] > 0).astype(np.int64)
    found = swap_curve(people, statements, bias, votes, label, np.random.default_rng(1), samples=200)
    values = [found.accuracy[name].value for name in ("self", "0", "0.25", "0.5", "0.75", "0.98")]
    assert values == sorted(values, reverse=True)
    assert not found.u_shaped
    assert found.u_index.high < 0
    assert found.group_may_speak
    assert found.accuracy["none"].value < found.accuracy["group"].value < found.accuracy["self"].value
    assert found.accuracy["self"].low < found.accuracy["self"].value < found.accuracy["self"].high
    assert found.people == 120


def test_a_u_shape_is_flagged_where_there_is_one() -> None:
    """The nearest other of everybody votes the other way; far ones vote alike."""
    people = np.concatenate([np.full(20, 1.0), np.full(20, 1.1), np.full(40, 3.0)])[:, None]
    statements, bias = np.ones((1, 1)), np.zeros(1)
    rows = np.arange(20)
    # With the profiles of the 1.0s, 1 of 2 agrees is predicted worse than with the far ones' where all agree.
    votes = Votes(rows, np.zeros(20, dtype=np.int64), np.ones(20, dtype=bool))
    found = swap_curve(people, statements, bias, votes, np.zeros(80, dtype=np.int64), np.random.default_rng(0))
    assert found.u_shaped


def test_others_are_those_of_a_plain_sort() -> None:
    people, statements, _, _ = low_rank_world(3, n=25)
    found = _others(people, statements, np.arange(25), QUANTILES)
    logits = people @ statements.T
    for row in range(25):
        away = ((logits - logits[row]) ** 2).mean(axis=1)
        order = [int(i) for i in np.argsort(away, kind="stable") if i != row]
        assert [int(other[row]) for other in found] == [order[round(q * 23)] for q in QUANTILES]


def test_rates_leave_the_own_answer_out() -> None:
    rng = np.random.default_rng(4)
    n, m = 12, 5
    row, column = np.nonzero(rng.random((n, m)) < 0.7)
    agree = rng.random(len(row)) < 0.5
    y = agree.astype(np.float64)
    member = rng.dirichlet(np.ones(2), n)
    rate, none = _rates(Votes(row, column, agree), member, y, m)
    for at in range(len(row)):
        others = [k for k in range(len(row)) if column[k] == column[at] and row[k] != row[at]]
        up = sum(int(agree[k]) for k in others)
        everybody = (up + 1) / (len(others) + 2)
        assert none[at] == pytest.approx(everybody)
        for g in range(2):
            weight = sum(member[row[k], g] for k in others)
            up_g = sum(member[row[k], g] * agree[k] for k in others)
            assert rate[at, g] == pytest.approx((up_g + 2 * everybody) / (weight + 2))


def camps(seed: int, apart: float) -> tuple[Votes, np.ndarray]:
    rng = np.random.default_rng(seed)
    n, m = 150, 40
    camp = np.arange(n) % 3 == 0
    p = np.where((np.arange(m) % 2 == 0) == camp[:, None], 0.5 + apart, 0.5 - apart)
    row, column = np.nonzero(rng.random((n, m)) < 0.5)
    return Votes(row, column, rng.random(len(row)) < p[row, column]), np.eye(2)[camp.astype(int)]


def test_a_group_speaks_where_groups_differ_and_not_where_they_are_drawn_by_lot() -> None:
    masses = np.ones(150, dtype=np.int64)
    votes, member = camps(0, 0.35)
    every = speech(votes, member, masses, 40, np.random.default_rng(1))
    assert len(every) == 3
    assert all(one.may_speak for one in every)
    assert every[0].accuracy.value == pytest.approx(0.85, abs=0.03)
    assert every[0].people == sum(one.people for one in every[1:])
    lot = member[np.random.default_rng(2).permutation(150)]
    none, _ = camps(0, 0.0)
    assert not speech(none, lot, masses, 40, np.random.default_rng(1))[0].may_speak
