"""P4 against Proposition 3.5, under exact queries and under both models of errors."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

import numpy as np
import pytest

from brute_force import outside, own_utilities, shared_thresholds, violators, worst_ratio
from folkmoot.processes import PROCESSES, Problem, Selection
from folkmoot.profile import FloatArray, InputError
from folkmoot.queries import Accuracy, NoisyPool
from folkmoot.queries.noisy import MODELS
from folkmoot.testing.instances import Instance, instances

RATES = (1.0, 0.85, 0.7, 0.55, 0.3)


def run(problem: Problem) -> Selection:
    return PROCESSES["uniform-approx"].run(problem, np.random.default_rng(0))


def largest_share(instance: Instance, own: FloatArray, slack: float) -> Fraction:
    """d(slack) in shares of n / B: the largest coalition of any statement and threshold is everyone who fits."""
    sizes = [
        int(((instance.values[:, a] >= t) & (own < t - slack)).sum())
        for a in range(instance.m)
        for t in np.unique(instance.values[:, a])
    ]
    return Fraction(max(sizes) * instance.budget, instance.n)


@pytest.mark.parametrize("weighted", [False, True])
def test_exact_queries_give_cbjr_and_more(weighted: bool) -> None:
    """gamma = 1: no coalition of more than B / (B + 1) shares; a full share is more."""
    for number, instance in instances(181, 250, n=8, m=6, unit_cost=True, weighted=weighted, budget=4):
        levels = shared_thresholds(instance.values.ravel())
        selection = run(Problem(instance.pool(), instance.budget, levels=levels))
        own = own_utilities(instance.values, selection.candidates, selection.assignment)
        rest = outside(instance, selection.candidates)
        assert violators(instance, own, rest) == [], number
        budget = instance.budget
        assert not rest or worst_ratio(instance, own, rest) <= Fraction(budget, budget + 1), number


def crowds(seed: int, count: int) -> Iterator[tuple[int, Instance]]:
    """Four groups with tastes of their own and forty statements: much to get wrong."""
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        n, m = int(rng.integers(12, 40)), 40
        values = np.clip(rng.integers(0, 5, (4, m))[rng.integers(0, 4, n)] + rng.integers(-1, 2, (n, m)), 0, 4)
        ones = np.ones(m, dtype=np.int64)
        yield number, Instance(values * 1.0, ones, np.ones(n, dtype=np.int64), int(rng.integers(2, 7)))


@pytest.mark.long
@pytest.mark.parametrize("model", MODELS)
def test_proposition_3_5_under_errors(model: str) -> None:
    """No coalition of more than B / (B gamma + 1) shares, all better off by more than 2 beta + delta."""
    without_slack = 0
    for number, instance in crowds(182, 100):
        rng = np.random.default_rng([182, number])
        accuracy = Accuracy(int(rng.integers(0, 2)), float(rng.choice(RATES)), float(rng.integers(0, 2)))
        pool = NoisyPool(instance.pool(), accuracy, model, number)
        levels = tuple(float(level) for level in range(6, -8, -1))
        problem = Problem(pool, instance.budget, levels=levels, multiset=True, parameters={"gamma": accuracy.gamma})
        selection = run(problem)
        own = own_utilities(instance.values, selection.candidates, selection.assignment)
        gamma = Fraction(str(accuracy.gamma))
        bound = instance.budget / (instance.budget * gamma + 1)
        share = largest_share(instance, own, 2 * accuracy.beta + accuracy.delta)
        assert share <= bound, (number, accuracy)
        without_slack += largest_share(instance, own, 0) > bound
    assert without_slack > 3


def test_no_process_goes_below_the_bound() -> None:
    """One statement for two people with nothing in common: one of them, half a share, is left out whatever is chosen.

    B / (B gamma + 1) = 1/2 with B = gamma = 1, so d = 1/2 - eps cannot be promised; every d above 1/2 is kept.
    """
    instance = Instance(np.eye(2) * 10, np.ones(2, dtype=np.int64), np.ones(2, dtype=np.int64), 1)
    selection = run(Problem(instance.pool(), 1))
    own = own_utilities(instance.values, selection.candidates, selection.assignment)
    assert worst_ratio(instance, own, range(2)) == Fraction(1, 2)


def test_the_share_and_who_gets_it() -> None:
    """Each statement is approved by ceil(n gamma / (B gamma + 1)) of those still unrepresented, as Disc sees it."""
    for number, instance in instances(183, 150, n=12, m=6, kinds=("integer",), unit_cost=True, budget=4):
        gamma = RATES[number % len(RATES)]
        fraction = Fraction(str(gamma))
        levels = shared_thresholds(instance.values.ravel())
        problem = Problem(instance.pool(), instance.budget, levels=levels, parameters={"gamma": gamma})
        selection = run(problem)
        share = ceil(instance.n * fraction / (instance.budget * fraction + 1))
        assert selection.parameters["share"] == share
        for chosen in selection.rounds:
            assert chosen.level is not None
            assert chosen.support >= share, number
            assert int((instance.values[chosen.agents, chosen.candidate] >= chosen.level).sum()) >= share
            assert len(chosen.agents) <= -(-instance.n // instance.budget), number


@pytest.mark.parametrize("gamma", [0.0, -1.0, 1.5])
def test_a_gamma_that_is_none_is_refused(gamma: float) -> None:
    instance = Instance(np.eye(2), np.ones(2, dtype=np.int64), np.ones(2, dtype=np.int64), 1)
    with pytest.raises(InputError, match="gamma"):
        run(Problem(instance.pool(), 1, parameters={"gamma": gamma}))


def test_costs_other_than_one_are_refused() -> None:
    instance = Instance(np.zeros((2, 2)), np.array([1, 2]), np.ones(2, dtype=np.int64), 2)
    with pytest.raises(InputError, match="take `unit='statements'`"):
        run(Problem(instance.pool(), 2))
