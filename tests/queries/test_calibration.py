"""Calibration figures and opinion groups: published numbers, invariances, planted groups."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy

from folkmoot.profile import InputError
from folkmoot.queries import ClosedPool
from folkmoot.queries.calibration import calibration, categories, ceiling, divergence
from folkmoot.queries.opinion_groups import opinion_groups
from folkmoot.testing.instances import Instance, Matrix

shares = st.lists(st.integers(0, 20), min_size=3, max_size=3).filter(any).map(lambda x: np.array(x, dtype=float))


@given(target=shares, slate=shares)
def test_divergence_is_kullback_and_leiblers_from_the_smoothed_shares(target: np.ndarray, slate: np.ndarray) -> None:
    p, q = target / target.sum(), slate / slate.sum()
    assert float(divergence(target, q)) == pytest.approx(float(entropy(p, 0.99 * q + 0.01 * p)), abs=1e-12)
    assert float(divergence(target, p)) == pytest.approx(0.0, abs=1e-12)
    both = np.stack([divergence(target, q), divergence(target, p)])
    np.testing.assert_array_equal(divergence(target, np.stack([q, p])), both)


def test_the_published_ceiling() -> None:
    """Spec, section 5: shares .7 and .3, the minority absent: 1.134 nats; the formula for every minority."""
    assert ceiling(np.array([0.7, 0.3])) == pytest.approx(1.134, abs=5e-4)
    for m in (0.01, 0.2, 0.45):
        by_hand = m * np.log(100) + (1 - m) * np.log((1 - m) / (0.99 + 0.01 * (1 - m)))
        assert ceiling(np.array([m, 1 - m])) == pytest.approx(by_hand)


def test_a_statement_belongs_to_those_who_approve_it() -> None:
    approve = np.array([[1, 1, 0, 0], [1, 0, 0, 0], [1, 0, 1, 0]], dtype=bool)
    masses, group = np.array([1, 1, 2]), np.array([0, 0, 1])
    found = categories(approve, masses, group, 2)
    np.testing.assert_allclose(found, np.array([[0.5, 0.5], [1, 0], [0, 1], [0.5, 0.5]]))
    np.testing.assert_array_equal(categories(approve, masses, np.eye(2)[group], 2), found)
    audit = calibration(approve, masses, group, 2, np.array([1, 2]))
    np.testing.assert_allclose(np.stack([audit.target, audit.slate]), 0.5)
    assert audit.divergence == 0.0
    assert calibration(approve, masses, group, 2, np.array([1])).divergence == pytest.approx(audit.ceiling)
    for wrong in (
        lambda: calibration(approve, masses, group, 2, np.array([], dtype=np.int64)),
        lambda: divergence(np.zeros(2), np.ones(2) / 2),
        lambda: divergence(np.ones(2), np.ones(2) / 2, 0.0),
    ):
        with pytest.raises(InputError):
            wrong()


def camps(sizes: list[int], seed: int, noise: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    label = np.repeat(np.arange(len(sizes)), sizes)
    likes = np.kron(np.eye(len(sizes)), np.ones(6))[label]
    return np.where(rng.random(likes.shape) < noise, 1 - likes, likes), label


@pytest.mark.parametrize("sizes", [[30, 10], [20, 15, 8], [12, 12, 12, 12]])
def test_planted_groups_and_their_number_are_found(sizes: list[int]) -> None:
    values, label = camps(sizes, 3)
    pool = ClosedPool(Matrix(values), np.arange(values.shape[1]), np.ones(values.shape[1], dtype=np.int64))
    for found in (opinion_groups(pool), opinion_groups(pool, len(sizes))):
        assert sorted(zip(found.tolist(), label.tolist(), strict=True)) == sorted(
            (group, own) for own in range(len(sizes)) for group in {found[label == own][0]} for _ in range(sizes[own])
        )
        assert np.bincount(found).tolist() == sorted(sizes, reverse=True)
    assert (opinion_groups(pool, 1) == 0).all()
    with pytest.raises(InputError):
        opinion_groups(pool, 0)


def test_groups_do_not_depend_on_how_often_or_in_what_order_people_come() -> None:
    values, _ = camps([9, 6], 5, 0.2)
    masses = np.random.default_rng(1).integers(1, 4, len(values))
    costs = np.ones(values.shape[1], dtype=np.int64)
    instance = Instance(values, costs, masses, 3)
    label = opinion_groups(instance.pool())
    np.testing.assert_array_equal(opinion_groups(instance.copied().pool()), np.repeat(label, masses))
    order = np.random.default_rng(2).permutation(len(values))
    mixed = opinion_groups(Instance(values[order], costs, masses[order], 3).pool())
    back = np.empty_like(mixed)
    back[order] = mixed
    assert (back == back[0]).tolist() == (label == label[0]).tolist()
    assert opinion_groups(Instance(values[:1], costs, masses[:1], 3).pool(), 4).tolist() == [0]
