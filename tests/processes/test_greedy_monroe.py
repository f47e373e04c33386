"""Greedy Monroe against its definition on copies of agents."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.processes import PROCESSES, Problem, Selection
from folkmoot.processes.rules import greedy_monroe
from folkmoot.profile import InputError
from folkmoot.testing.instances import Instance, instances


def run(instance: Instance) -> Selection:
    return PROCESSES["greedy-monroe"].run(Problem(instance.pool(), instance.budget), np.random.default_rng(0))


def naive(instance: Instance) -> list[tuple[int, list[int]]]:
    """(candidate, approvers it represents) with every agent as many times as its mass."""
    copied = instance.copied()
    approve, k, left = copied.values >= 1, instance.budget, list(range(copied.n))
    rounds: list[tuple[int, list[int]]] = []
    for j in range(min(k, instance.m)):
        taken = [a for a, _ in rounds]
        best = max((a for a in range(instance.m) if a not in taken), key=lambda a: (approve[left, a].sum(), -a))
        share = copied.n // k + (j < copied.n % k)
        group = [i for i in left if approve[i, best]][:share]
        left = [i for i in left if i not in group]
        rounds.append((best, group))
    return rounds


@pytest.mark.parametrize("weighted", [False, True])
def test_it_is_the_definition(weighted: bool) -> None:
    for number, instance in instances(211, 250, n=9, m=6, unit_cost=True, weighted=weighted, budget=7):
        selection, expected = run(instance), naive(instance)
        assert selection.candidates.tolist() == [a for a, _ in expected], number
        if not weighted:
            for r, (_, group) in zip(selection.rounds, expected, strict=True):
                assert set(group) <= set(r.agents.tolist()), number


def test_groups_are_balanced_and_everybody_is_in_one() -> None:
    for number, instance in instances(212, 200, n=9, m=7, unit_cost=True, budget=4):
        if instance.m < instance.budget:
            continue
        selection = run(instance)
        n, k = instance.n, instance.budget
        shares = [n // k + (j < n % k) for j in range(k)]
        assert [len(r.agents) for r in selection.rounds] == shares, number
        assert (selection.assignment >= 0).all()


def test_heavy_agents_are_all_seated() -> None:
    for number, instance in instances(213, 200, n=9, m=7, unit_cost=True, weighted=True, budget=4):
        if instance.m >= instance.budget:
            assert (run(instance).assignment >= 0).all(), number


def test_who_is_left_fills_the_groups_with_most_utility() -> None:
    """1 to 3 approve a, 4 approves b; 5 and 6 approve nothing, 5 likes b and 6 likes a better."""
    values = np.array([[1, 0], [1, 0], [1, 0], [0, 1], [0.1, 0.6], [0.6, 0.1]])
    instance = Instance(values, np.ones(2, dtype=np.int64), np.ones(6, dtype=np.int64), 2)
    assert [r.agents.tolist() for r in run(instance).rounds] == [[0, 1, 2], [3, 4, 5]]


def test_the_committee_is_among_all() -> None:
    more = 0
    for number, instance in instances(214, 60, unit_cost=True, weighted=True, budget=4):
        found = greedy_monroe.committees(Problem(instance.pool(), instance.budget))
        assert tuple(sorted(run(instance).candidates.tolist())) in found, number
        more += len(found) > 1
    assert more > 10


def test_costs_are_refused() -> None:
    instance = Instance(np.ones((2, 2)), np.array([2, 1]), np.ones(2, dtype=np.int64), 2)
    with pytest.raises(InputError, match="greedy-monroe"):
        run(instance)
