"""Likelihoods of comparisons and rankings: against sums over all orders, and derivatives against differences."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.preferences.models.likelihoods import Compared, Evidence, Judged, Ranked
from folkmoot.preferences.models.mixture import _preferred
from folkmoot.preferences.models.slopes import Slope
from folkmoot.profile import InputError


def orders(m: int) -> np.ndarray:
    return np.array(list(permutations(range(m))))


def everyone(order: np.ndarray, items: int) -> Ranked:
    n, length = order.shape
    return Ranked(n, np.arange(n), order, np.tile(np.arange(length), (n, 1)), items)


def test_probabilities_of_all_rankings_add_up_to_one() -> None:
    theta = np.array([1.3, -0.4, 0.2, 0.0])
    chance = np.exp(everyone(orders(4), 4).per_person(theta))
    assert chance.sum() == pytest.approx(1.0)
    # and who comes first is chosen in proportion to exp(theta)
    first = np.bincount(orders(4)[:, 0], chance)
    np.testing.assert_allclose(first, np.exp(theta) / np.exp(theta).sum())


def test_a_comparison_is_a_ranking_of_two() -> None:
    rng = np.random.default_rng(0)
    pairs = np.array([rng.permutation(5)[:2] for _ in range(30)])
    person, theta, weight = np.arange(30) % 7, rng.normal(size=5), rng.random(7)
    place = np.tile(np.arange(2), (30, 1))
    for phi in (None, rng.normal(size=(5, 3))):
        t = theta if phi is None else theta[:3]
        short, long = Compared(7, person, pairs[:, 0], pairs[:, 1], 5, phi), Ranked(7, person, pairs, place, 5, phi)
        np.testing.assert_allclose(short.per_person(t), long.per_person(t))
        one, two = short.slope(t, weight), long.slope(t, weight)
        np.testing.assert_allclose(one.gradient, two.gradient, atol=1e-12)
        np.testing.assert_allclose(one.matrix(), two.matrix(), atol=1e-12)


def test_a_short_ranking_is_the_sum_over_where_the_rest_may_stand() -> None:
    """What was not ranked says nothing: 2 before 0, whatever becomes of 1 and 3."""
    theta = np.array([0.3, -1.0, 0.8, 0.5])
    short = Ranked(1, np.array([0]), np.array([[2, 0, -1, -1]]), np.array([[0, 1, 0, 0]]), 4)
    every = orders(4)
    spot = np.argsort(every, axis=1)
    chance = np.exp(everyone(every, 4).per_person(theta))
    assert np.exp(short.per_person(theta)[0]) == pytest.approx(chance[spot[:, 2] < spot[:, 0]].sum())


def test_ties_are_each_chosen_from_all_that_is_no_better() -> None:
    theta = np.array([0.3, -1.0, 0.8])
    tied = Ranked(1, np.array([0]), np.array([[0, 1, 2]]), np.array([[1, 1, 2]]), 3)
    by_hand = theta[0] + theta[1] - 2 * np.log(np.exp(theta).sum())
    assert tied.per_person(theta)[0] == pytest.approx(by_hand)
    # everything in one place chooses nothing
    all_tied = Ranked(1, np.array([0]), np.array([[0, 1, 2]]), np.array([[1, 1, 1]]), 3)
    assert all_tied.per_person(theta)[0] == 0.0
    assert not all_tied.slope(theta, np.ones(1)).gradient.any()


def test_expected_places_are_sums_of_pairwise_probabilities() -> None:
    theta = np.array([1.3, -0.4, 0.2, 0.0])
    every = orders(4)
    chance = np.exp(everyone(every, 4).per_person(theta))
    below = 3 - np.argsort(every, axis=1)  # how many statements are ranked lower
    np.testing.assert_allclose(_preferred(theta[None])[0] * 3, chance @ below)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), kind=st.sampled_from(["judged", "compared", "ranked"]), linear=st.booleans())
def test_derivatives_are_those_of_the_likelihood(seed: int, kind: str, linear: bool) -> None:
    rng = np.random.default_rng(seed)
    n, m = 4, 5
    phi = rng.normal(size=(m, 3)) if linear else None
    person = rng.integers(0, n, 12)
    evidence: Evidence
    if kind == "judged":
        evidence = Judged(n, person, rng.integers(0, m, 12), rng.integers(0, 4, 12) / 3, 3, m, phi)
    elif kind == "compared":
        pairs = np.array([rng.permutation(m)[:2] for _ in range(12)])
        evidence = Compared(n, person, pairs[:, 0], pairs[:, 1], m, phi)
    else:
        order = np.array([rng.permutation(m) for _ in range(12)])
        cut = rng.integers(0, m + 1, (12, 1))
        order = np.where(np.arange(m) < cut, order, -1)
        evidence = Ranked(n, person, order, np.sort(rng.integers(0, 3, (12, m)), axis=1), m, phi)
    theta, weight, step = rng.normal(size=evidence.size), rng.random(n), 1e-5
    weighed = evidence.weighed(weight)
    assert weighed.value(theta) == pytest.approx(float((weight * evidence.per_person(theta)).sum()))
    slope = weighed.slope(theta)
    eye = step * np.eye(evidence.size)
    gradient = [(weighed.value(theta + e) - weighed.value(theta - e)) / (2 * step) for e in eye]
    np.testing.assert_allclose(slope.gradient, gradient, atol=1e-6)
    curve = [(weighed.slope(theta - e).gradient - weighed.slope(theta + e).gradient) / (2 * step) for e in eye]
    found = slope.matrix()
    np.testing.assert_allclose(found, curve, atol=1e-6)
    assert np.linalg.eigvalsh(found).min() > -1e-9


def test_systems_of_pairs_are_solved_without_a_matrix() -> None:
    """Conjugate gradients find what elimination finds, with and without a dense part, and draws have that precision."""
    rng = np.random.default_rng(3)
    m = 12
    pairs = np.array([rng.permutation(m)[:2] for _ in range(40)])
    compared = Compared(4, rng.integers(0, 4, 40), pairs[:, 0], pairs[:, 1], m, None, rng.random(40))
    prior = Slope(rng.normal(size=m), np.full(m, 0.3), None)
    root = rng.normal(size=(m, 3))
    sparse = prior + compared.slope(rng.normal(size=m), rng.random(4))
    for slope in (sparse, sparse + Slope(np.zeros(m), np.zeros(m), root @ root.T)):
        np.testing.assert_allclose(
            slope.solved(slope.gradient), np.linalg.solve(slope.matrix(), slope.gradient), rtol=1e-6, atol=1e-9
        )
        drawn = np.array([slope.drawn(rng) for _ in range(1500)])
        np.testing.assert_allclose(np.cov(drawn.T), np.linalg.inv(slope.matrix()), atol=0.35)


def test_a_comparison_counts_as_often_as_it_says() -> None:
    """A weight of two is the comparison twice, and half a comparison each way is a tie: flat at equal utilities."""
    person, a, b = np.array([0, 0]), np.array([0, 1]), np.array([1, 2])
    once = Compared(1, np.repeat(person, 2), np.repeat(a, 2), np.repeat(b, 2), 3)
    twice = Compared(1, person, a, b, 3, None, np.full(2, 2.0))
    theta = np.array([0.4, -1.0, 0.2])
    np.testing.assert_allclose(once.per_person(theta), twice.per_person(theta))
    np.testing.assert_allclose(once.slope(theta, np.ones(1)).matrix(), twice.slope(theta, np.ones(1)).matrix())
    tie = Compared(1, np.array([0, 0]), np.array([0, 1]), np.array([1, 0]), 2, None, np.full(2, 0.5))
    assert not tie.slope(np.zeros(2), np.ones(1)).gradient.any()


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match="one person each"):
        Ranked(2, np.array([0]), np.zeros((2, 2), dtype=int), np.zeros((2, 2), dtype=int), 3)
