"""Splits and scores against examples worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import low_rank, profile_of, voted

from folkmoot.preferences.entries import sided_entries, with_answers
from folkmoot.preferences.held_out import (
    accuracy,
    binary_losses,
    calibration,
    hold,
    holds,
    pair_test,
    vote_losses,
)


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
