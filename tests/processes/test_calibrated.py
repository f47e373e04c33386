"""Calibrated re-ranking against trying every choice, and the published sweep over lambda."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.processes import Problem, find
from folkmoot.processes.calibrated import rerank
from folkmoot.profile import InputError
from folkmoot.queries.calibration import divergence
from folkmoot.testing.instances import Instance


def objective(chosen: tuple[int, ...], s: np.ndarray, owners: np.ndarray, target: np.ndarray, weight: float) -> float:
    q = owners[list(chosen)].mean(axis=0) if chosen else np.zeros(len(target))
    return float((1 - weight) * s[list(chosen)].sum() - weight * divergence(target, q))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), costs=st.booleans(), weight=st.sampled_from([0.0, 0.3, 0.9, 1.0]))
def test_the_exact_choice_is_the_best_of_all_and_climbing_is_never_above(seed: int, costs: bool, weight: float) -> None:
    rng = np.random.default_rng(seed)
    m, budget = int(rng.integers(1, 8)), int(rng.integers(1, 6))
    s, owners, target = rng.random(m), rng.dirichlet(np.ones(3), m), rng.dirichlet(np.ones(3))
    prices = rng.integers(1, 4, m) if costs else np.ones(m, dtype=np.int64)
    every = [
        w
        for size in range(m + 1)
        for w in itertools.combinations(range(m), size)
        if prices[list(w)].sum() <= budget and ((prices > 1).any() or size == min(budget, m))
    ]
    best = max(objective(w, s, owners, target, weight) for w in every)
    found = rerank(s, owners, target, budget, weight=weight, costs=prices)
    assert found.exact
    assert found.value == pytest.approx(best, abs=1e-10)
    assert objective(found.chosen, s, owners, target, weight) == pytest.approx(best, abs=1e-10)
    greedy = rerank(s, owners, target, budget, weight=weight, costs=prices, few=0, swaps=False)
    climbed = rerank(s, owners, target, budget, weight=weight, costs=prices, few=0)
    assert greedy.value <= climbed.value <= found.value + 1e-10
    assert not climbed.exact
    assert prices[list(climbed.chosen)].sum() <= budget
    if (prices == 1).all():  # no single exchange improves what climbing ends with
        for out, into in itertools.product(climbed.chosen, set(range(m)) - set(climbed.chosen)):
            other = tuple((set(climbed.chosen) - {out}) | {into})
            assert objective(other, s, owners, target, weight) <= climbed.value + 1e-9


def test_the_published_sweep() -> None:
    """Spec, section 5: 70:30, relevant majority, ten places; divergence never rises with lambda."""
    rng = np.random.default_rng(0)
    minority = np.arange(100) >= 70
    s = np.where(minority, rng.uniform(0.3, 0.4, 100), rng.uniform(0.7, 0.8, 100))
    owners = np.column_stack([~minority, minority]).astype(float)
    found = [rerank(s, owners, np.array([0.7, 0.3]), 10, weight=w) for w in (0.0, 0.5, 0.9, 0.99)]
    assert [round(f.divergence, 3) for f in found] == [1.134, 0.149, 0.028, 0.0]
    assert [int(minority[list(f.chosen)].sum()) for f in found] == [0, 1, 2, 3]


def test_the_process_gives_groups_their_shares() -> None:
    """60 people like their ten, 40 theirs: approval takes ten of the larger group's, calibration six and four."""
    values = np.repeat(np.kron(np.eye(2), np.ones(10)), [60, 40], axis=0)
    instance = Instance(values, np.ones(20, dtype=np.int64), np.ones(100, dtype=np.int64), 10)
    problem, rng = Problem(instance.pool(), 10), np.random.default_rng(0)
    selection = find("calibrated").run(problem, rng)
    assert np.bincount(selection.candidates // 10).tolist() == [6, 4]
    facts = selection.parameters["calibration"]
    assert (facts["people"], facts["slate"], facts["divergence"]) == ([0.6, 0.4], [0.6, 0.4], 0.0)
    assert not facts["exact"]
    popular = find("calibrated:lambda=0").run(problem, rng)
    assert np.bincount(popular.candidates // 10).tolist() == [10]
    assert popular.parameters["calibration"]["divergence"] == popular.parameters["calibration"]["ceiling"]
    locked = find("calibrated").run(Problem(instance.pool(), 10, locked_in=(19, 3), locked_out=(0,)), rng)
    assert locked.candidates.tolist()[:2] == [19, 3]
    assert np.bincount(locked.candidates // 10).tolist() == [6, 4]
    few = find("calibrated").run(Problem(instance.pool(), 2), rng)
    assert few.parameters["calibration"]["exact"]


def test_what_cannot_be_is_refused() -> None:
    values = np.repeat(np.eye(2), [2, 1], axis=0)
    problem = Problem(Instance(values, np.ones(2, dtype=np.int64), np.ones(3, dtype=np.int64), 1).pool(), 1)
    for id in ("calibrated:lambda=1.5", "calibrated:groups=1.5", "calibrated:groups=0", "calibrated:smoothing=0"):
        with pytest.raises(InputError):
            find(id).run(problem, np.random.default_rng(0))
    with pytest.raises(InputError, match="categories"):
        rerank(np.ones(3), np.ones((2, 2)), np.ones(2), 1)
