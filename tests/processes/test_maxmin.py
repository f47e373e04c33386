"""Lotteries: the linear programs against every lottery of a grid, the formulas by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from folkmoot.processes.maxmin import (
    group_means,
    max_min,
    min_max_regret,
    normalised,
    population_proportional,
    preferences,
    worst_group,
)
from folkmoot.profile import InputError

pytest.importorskip("scipy")

GRID = np.array([(a, b, 20 - a - b) for a in range(21) for b in range(21 - a)]) / 20
REWARDS = arrays(np.float64, st.tuples(st.integers(1, 4), st.just(3)), elements=st.integers(-5, 5).map(float))


@settings(max_examples=40, deadline=None)
@given(rewards=REWARDS)
def test_no_lottery_is_better_for_the_worst_off(rewards: np.ndarray) -> None:
    found = max_min(rewards)
    assert found.probability.sum() == pytest.approx(1.0)
    assert (found.probability >= 0).all()
    assert found.level == pytest.approx((rewards @ found.probability).min())
    assert found.level >= (rewards @ GRID.T).min(axis=0).max() - 1e-7
    regret = min_max_regret(rewards)
    best = rewards.max(axis=1, keepdims=True)
    assert regret.level <= (best - rewards @ GRID.T).max(axis=0).min() + 1e-7


def test_the_dilemma() -> None:
    apart = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert max_min(apart).level == pytest.approx(0.5)
    assert max_min(apart).probability == pytest.approx([0.5, 0.5])
    compromise = np.hstack([apart, [[0.7], [0.7]]])
    assert max_min(compromise).probability == pytest.approx([0.0, 0.0, 1.0])
    assert max_min(compromise).level == pytest.approx(0.7)
    assert min_max_regret(compromise).level == pytest.approx(0.3)


def test_regret_and_reward_part_where_one_group_can_hope_for_little() -> None:
    rewards = np.array([[1.0, 0.0], [0.0, 0.2]])
    assert max_min(rewards).probability[0] == pytest.approx(1 / 6)  # p = 0.2 (1 - p)
    assert min_max_regret(rewards).probability[0] == pytest.approx(5 / 6)  # 1 - p = 0.2 p


def test_population_proportional_by_hand() -> None:
    assert population_proportional(np.array([[0.5, 0.51], [0.49, 0.5]])) == pytest.approx([0.51, 0.49])
    three = np.array([[0.5, 0.6, 0.75], [0.4, 0.5, 0.9], [0.25, 0.1, 0.5]])
    assert population_proportional(three) == pytest.approx(np.array([0.6, 0.4, 0.1]) / 1.1)
    assert population_proportional(three, beta=200.0) == pytest.approx([1.0, 0.0, 0.0], abs=1e-9)
    assert population_proportional(np.array([[0.5]])) == pytest.approx([1.0])
    assert population_proportional(np.array([[0.5, 0.0], [0.0, 0.5]])) == pytest.approx([0.5, 0.5])
    with pytest.raises(InputError, match="beta"):
        population_proportional(three, beta=-1.0)


@given(
    arrays(np.float64, (6, 4), elements=st.integers(0, 3).map(float)),
    st.lists(st.integers(1, 3), min_size=6, max_size=6),
)
@settings(max_examples=30, deadline=None)
def test_shares_of_preference_count_people_with_their_masses(utilities: np.ndarray, masses: list[int]) -> None:
    found = preferences(utilities, np.array(masses))
    copies = preferences(np.repeat(utilities, masses, axis=0))
    np.testing.assert_allclose(found, copies)
    np.testing.assert_allclose(found + found.T, 1.0)


def test_the_worst_group_by_hand() -> None:
    member = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    own = np.array([1.0, 0.5, 0.2, 0.4])
    assert group_means(member, own[:, None])[:, 0] == pytest.approx([(1.0 + 0.5 + 0.2) / 2.5, (0.2 + 0.2) / 1.5])
    assert worst_group(member, own)[0] == pytest.approx(0.4 / 1.5)
    assert worst_group(member, own)[1] == 1
    assert worst_group(member, own, np.array([1, 1, 3, 2]))[0] == pytest.approx((0.6 + 0.4) / 4)
    slate = np.array([[0.0, 1.0], [0.5, 0.1], [0.2, 0.0], [0.4, 0.3]])
    assert worst_group(member, slate) == worst_group(member, own)
    assert worst_group(np.hstack([member, np.zeros((4, 1))]), own)[1] == 1  # nobody in the third
    with pytest.raises(InputError, match="nobody belongs"):
        worst_group(np.zeros((4, 2)), own)


def test_scales_of_groups_are_made_alike() -> None:
    found = normalised(np.array([[10.0, 30.0, 20.0], [0.1, 0.0, 0.2], [4.0, 4.0, 4.0]]))
    np.testing.assert_allclose(found, [[0.0, 1.0, 0.5], [0.5, 0.0, 1.0], [1.0, 1.0, 1.0]])


@pytest.mark.parametrize("rewards", [np.zeros((0, 3)), np.zeros((2, 0))])
def test_nothing_to_draw_from_is_refused(rewards: np.ndarray) -> None:
    with pytest.raises(InputError, match="at least one group and one candidate"):
        max_min(rewards)
