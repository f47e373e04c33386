"""EJR+ by its generative query, against the query asked in plain words."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from brute_force import ejr_plus_up_to_any_violated
from folkmoot.processes import PROCESSES, Problem
from folkmoot.processes.rules import ejr_plus
from folkmoot.testing.instances import Instance, instances


def run(instance: Instance) -> list[int]:
    problem = Problem(instance.pool(), instance.budget)
    return [int(a) for a in PROCESSES["ejr-plus"].run(problem, np.random.default_rng(0)).candidates]


def offers(instance: Instance, chosen: list[int]) -> list[tuple[int, int, Fraction]]:
    """(statement that fits, mass of its approvers of satisfaction at most l, (l + cost) / mass), for every l."""
    approve = instance.values >= 1
    has = [sum(int(instance.costs[a]) for a in chosen if approve[i, a]) for i in range(instance.n)]
    left = instance.budget - sum(int(instance.costs[a]) for a in chosen)
    found = []
    for a in range(instance.m):
        for ell in sorted(set(has)):
            mass = sum(int(instance.masses[i]) for i in range(instance.n) if approve[i, a] and has[i] <= ell)
            if a not in chosen and instance.costs[a] <= left and mass:
                found.append((a, mass, Fraction(ell + int(instance.costs[a]), mass)))
    return found


def every(instance: Instance, chosen: list[int]) -> list[list[int]]:
    able = offers(instance, chosen)
    if not able:
        return [chosen]
    share = Fraction(instance.budget, instance.total)
    due = [(a, mass) for a, mass, x in able if x <= share]
    if due:
        best = sorted({a for a, mass in due if mass == max(mass for _, mass in due)})
    else:
        best = sorted({a for a, _, x in able if x == min(x for _, _, x in able)})
    return [w for a in best for w in every(instance, [*chosen, a])]


@pytest.mark.parametrize("unit_cost", [False, True])
def test_it_is_the_query_again_and_again(unit_cost: bool) -> None:
    for number, instance in instances(241, 150, n=8, m=5, unit_cost=unit_cost, weighted=not unit_cost):
        expected = every(instance, [])
        assert run(instance) == expected[0], number
        found = ejr_plus.committees(Problem(instance.pool(), instance.budget))
        assert found == sorted({tuple(sorted(w)) for w in expected}), number


def test_what_is_due_always_fits_and_is_enough() -> None:
    """The statements taken while somebody deserves one satisfy EJR+ by themselves, and never need more than B."""
    for number, instance in instances(242, 250, weighted=True):
        chosen: list[int] = []
        share = Fraction(instance.budget, instance.total)
        for a in run(instance):
            if not any(x <= share for _, _, x in offers(instance, chosen)):
                break
            chosen.append(a)
        assert not ejr_plus_up_to_any_violated(instance, chosen, 1.0), number
        assert instance.costs[chosen].sum() <= instance.budget


def test_a_heavy_agent_counts_as_many() -> None:
    for number, instance in instances(243, 80, weighted=True):
        assert run(instance) == run(instance.copied()), number


def test_nobody_gets_what_nobody_wants() -> None:
    instance = Instance(np.zeros((3, 2)), np.ones(2, dtype=np.int64), np.ones(3, dtype=np.int64), 2)
    assert run(instance) == []
