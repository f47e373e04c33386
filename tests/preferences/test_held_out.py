"""Splits and scores against examples worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.preferences.entries import sided_entries, with_answers
from folkmoot.preferences.held_out import (
    accuracy,
    auc,
    authored,
    balanced,
    binary_losses,
    calibration,
    hold,
    holds,
    match,
    others,
    pair_test,
    pair_wins,
    vote_losses,
)
from folkmoot.profile import Provenance
from folkmoot.testing.planted import low_rank, profile_of, voted


def test_losses_by_hand() -> None:
    np.testing.assert_allclose(binary_losses(np.array([0.8, 0.8]), np.array([1.0, 0.0])), -np.log([0.8, 0.2]))
    votes = vote_losses(np.array([0.9, 0.9, 0.9]), np.array([0.7, 0.7, 0.7]), np.array([1.0, 0.0, -1.0]))
    np.testing.assert_allclose(votes, -np.log([0.63, 0.1, 0.27]))
    assert np.isfinite(binary_losses(np.array([0.0, 1.0]), np.array([1.0, 0.0]))).all()


def test_calibration_by_hand() -> None:
    p = np.array([0.05, 0.15, 0.25, 0.35, 0.85, 0.95])
    y = np.array([0.0, 0.0, 1.0, 0.0, 1.0, 1.0])
    found = calibration(p, y, bins=3)
    np.testing.assert_allclose(found.predicted, [0.1, 0.3, 0.9])
    np.testing.assert_allclose(found.observed, [0.0, 0.5, 1.0])
    assert found.sizes.tolist() == [2, 2, 2]
    assert found.error == pytest.approx((0.1 + 0.2 + 0.1) / 3)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60), st.integers(1, 20))
def test_calibration_error_is_bounded_and_counts_everything(rows: list[tuple[float, bool]], bins: int) -> None:
    p, y = np.array([r[0] for r in rows]), np.array([float(r[1]) for r in rows])
    found = calibration(p, y, bins)
    assert found.sizes.sum() == len(rows)
    assert 0.0 <= found.error <= 1.0
    assert found.error >= abs(p.mean() - y.mean()) - 1e-9  # splitting into bins can only raise it


def test_accuracy_and_pair_test_by_hand() -> None:
    assert accuracy(np.array([0.6, 0.4, 0.4]), np.array([1.0, 1.0, 0.0])) == pytest.approx(2 / 3)
    scores = np.array([0.9, 0.5, 0.2, 0.4, 0.4, 0.1])
    people = np.array([3, 3, 3, 5, 5, 9])
    up = np.array([True, False, False, True, False, True])
    found = pair_test(scores, people, up)
    assert found.wins.tolist() == [1.0, 0.5]  # person 9 has no downvote
    assert found.share == 0.75


def test_splits_are_seeded_and_leave_small_profiles_alone() -> None:
    rng = np.random.default_rng(0)
    profile = voted(*low_rank(60, 20, 1, rng), 0.5, rng)
    first, second = (hold(profile, np.random.default_rng(4), 0.2) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert 0.12 < first.mean() < 0.28
    held = hold(profile, np.random.default_rng(4), 0.5, fewest=11)
    given_answers = np.diff(profile.indptr)
    assert not held[given_answers[profile.answers.agent] < 11].any()
    assert len(holds(profile, rng)) == 5
    small = profile_of(np.arange(10), np.zeros(10, dtype=int), np.ones(10), 10, 1)
    assert holds(small, rng) == []
    rest = with_answers(profile, ~first)
    assert len(rest.answers) + first.sum() == len(profile.answers)
    assert len(sided_entries(rest)) == (rest.answers.value != 0).sum()


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.integers(0, 3)), max_size=12))
def test_auc_counts_pairs(rows: list[tuple[int, bool, int]]) -> None:
    ups = [score for score, up, times in rows if up for _ in range(times)]
    downs = [score for score, up, times in rows if not up for _ in range(times)]
    won = [1.0 if u > d else 0.5 if u == d else 0.0 for u in ups for d in downs]
    found = auc(
        np.array([r[0] for r in rows], dtype=float), np.array([r[1] for r in rows], dtype=bool),
        np.array([r[2] for r in rows], dtype=float),
    )  # fmt: skip
    assert (np.isnan(found) and not won) or found == pytest.approx(np.mean(won))


def test_popularity_leaves_the_own_answer_out() -> None:
    profile = profile_of(np.array([0, 1, 2, 3, 0]), np.array([0, 0, 0, 0, 1]), np.array([1, 1, -1, 0, 1]), 4, 2)
    found = others(profile)
    # By person, then statement: of three who took a side two agree; nobody else answered the second statement.
    np.testing.assert_allclose(found, [0.5, np.nan, 0.5, 1.0, 2 / 3])


def test_pairs_at_equal_popularity_by_hand() -> None:
    up, down = np.array([0.5, 0.6, np.nan]), np.array([0.59, 0.52, 0.9])
    assert match(up, down, 5, 0.05).tolist() == [[1, 0], [0, 1]]
    assert match(up, down, 1, 0.05).tolist() == [[1, 0]]
    assert match(up, down, 5, 0.001).tolist() == []
    lead = np.array([0.1, 0.2, 0.3, -0.1, 0.0])
    kept = balanced(lead, np.random.default_rng(0))
    assert len(kept) == 3
    assert {3, 4} < set(kept.tolist())
    wins = pair_wins(np.array([[0.9, 0.1], [0.2, 0.2], [0.1, 0.3]]), np.array([4, 4, 7]))
    assert wins.tolist() == [[1.5, 2.0], [0.0, 1.0]]


def test_own_statements() -> None:
    profile = profile_of(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.ones(4), 2, 2)
    assert not authored(profile).any()
    submitted = (Provenance("submitted", ("p1",)), Provenance("submitted", ("p0", "somebody else")))
    named = replace(profile, statements=replace(profile.statements, provenance=submitted))
    assert authored(named).tolist() == [False, True, True, False]
