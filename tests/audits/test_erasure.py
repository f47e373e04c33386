"""Majority erasure: against scipy's divergence and by counting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.audits import majority_erasure
from folkmoot.queries.calibration import divergence


def shares(seed: int, groups: int) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.ones(groups))


@given(st.integers(0, 500), st.integers(2, 6))
@settings(max_examples=50, deadline=None)
def test_divergence_is_scipys(seed: int, groups: int) -> None:
    from scipy.stats import entropy

    p, q = shares(seed, groups), shares(seed + 1000, groups)
    assert divergence(p, q) == pytest.approx(entropy(p, 0.99 * q + 0.01 * p), abs=1e-12)
    assert divergence(p, p) == pytest.approx(0.0, abs=1e-15)


def test_the_ceiling_of_the_specification() -> None:
    """Section 5: a minority mass m absent costs m ln(1/a) + (1-m) ln((1-m) / ((1-a) + a (1-m)))."""
    found = majority_erasure.erasure(np.array([0.7, 0.3]), np.array([1.0, 0.0]))
    m, a = 0.3, 0.01
    assert found.ceiling == pytest.approx(m * np.log(1 / a) + (1 - m) * np.log((1 - m) / ((1 - a) + a * (1 - m))))
    assert found.ceiling == pytest.approx(1.134, abs=5e-4)
    assert found[2:] == pytest.approx((1.0, 0.3, 0.0))


def test_a_slate_for_the_minority_alone_is_beyond_the_ceiling() -> None:
    assert majority_erasure.erasure(np.array([0.7, 0.3]), np.array([0.0, 1.0])).relative > 1


def test_whose_a_statement_is_by_counting() -> None:
    member = np.array([[1.0, 0.0], [1.0, 0.0], [0.25, 0.75]])
    approves = np.array([[1, 0, 0], [0, 0, 1], [1, 0, 1]], dtype=bool)
    masses = np.array([1, 2, 4])
    of = majority_erasure.classes(member, masses, approves)
    assert of[0].tolist() == pytest.approx([2 / 5, 3 / 5])
    assert np.isnan(of[1]).all()
    assert of[2].tolist() == pytest.approx([3 / 6, 3 / 6])
    assert majority_erasure.slate_shares(of, np.array([1, 9, 3])).tolist() == pytest.approx(
        [(0.4 + 1.5) / 4, (0.6 + 1.5) / 4]
    )
    assert np.isnan(majority_erasure.slate_shares(of, np.array([0, 5, 0]))).all()
    assert majority_erasure.shares(member, masses).tolist() == pytest.approx([4 / 7, 3 / 7])
