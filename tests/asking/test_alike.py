"""Chances of statements that do not differ within a class are learned together; others are left alone."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.asking.alike import pooled
from folkmoot.asking.population import Population


def learned(chances: list[float], people: int, seed: int = 0) -> Population:
    """Two classes of equal size; the second one is the first one's opposite."""
    rng = np.random.default_rng(seed)
    first = rng.binomial(people // 2, chances) / (people // 2)
    second = 1.0 - rng.binomial(people // 2, chances) / (people // 2)
    ones = np.clip([first, second], 1e-3, 1.0 - 1e-3)
    return Population(np.array([0.5, 0.5]), np.stack([1 - ones, ones], axis=2), np.array([0.0, 1.0]), np.eye(2))


def test_statements_that_differ_by_chance_alone_become_one() -> None:
    counts = np.full(25, 600)
    for seed in range(5):
        before = learned([0.1] * 25, 600, seed)
        found = pooled(before, counts)
        assert np.ptp(found.chance[0, :, 1]) == pytest.approx(0.0)
        assert found.chance[0, 0, 1] == pytest.approx(before.chance[0, :, 1].mean())
        assert found.chance.sum(axis=2) == pytest.approx(1.0)


def test_statements_that_differ_stay_as_they_are() -> None:
    before = learned([0.1] * 20 + [0.3] * 5, 600)
    assert np.array_equal(pooled(before, np.full(25, 600)).chance, before.chance)


def test_the_same_differences_are_chance_among_few_people() -> None:
    before = learned([0.1] * 20 + [0.3] * 5, 600)
    assert np.ptp(pooled(before, np.full(25, 10)).chance[0, :, 1]) == pytest.approx(0.0)
    assert pooled(before, np.zeros(25, dtype=np.int64)) is before
