"""Priceability: price systems are what they say, Phragmen's committees have one, and HiGHS agrees."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog

from folkmoot.audits import Subject, find
from folkmoot.audits.priceability import Prices, maximum
from folkmoot.audits.registry import ballots
from folkmoot.profile import IntArray
from folkmoot.testing.instances import Instance, instances, some_slate


def subject_of(instance: Instance, chosen: IntArray) -> Subject:
    return Subject(instance.pool(), chosen, np.full(instance.n, -1), instance.budget)


def is_price_system(instance: Instance, chosen: IntArray, level: float, prices: Prices) -> bool:
    """Every condition of the definition, in fractions."""
    seen = ballots(subject_of(instance, chosen), level)
    paid = prices.payments
    left = [prices.money * int(mass) - sum(row, Fraction(0)) for mass, row in zip(seen.masses, paid, strict=True)]
    return (
        all(x >= 0 for x in paid.ravel())
        and all(x >= 0 for x in left)
        and all(not paid[g, j] or seen.approve[g, a] for g in range(len(paid)) for j, a in enumerate(prices.statements))
        and all(sum(paid[:, j]) == int(instance.costs[a]) for j, a in enumerate(prices.statements))
        and all(
            sum((left[g] for g in range(len(paid)) if seen.approve[g, a]), Fraction(0)) <= int(instance.costs[a])
            for a in range(instance.m)
            if a not in prices.statements
        )
    )


def slack_of_prices(instance: Instance, chosen: IntArray, level: float) -> float:
    """0 where a price system exists: the least total shortfall, by HiGHS, on agents rather than approval sets."""
    approve = instance.values >= level
    inside = sorted({int(a) for a in chosen})
    n, k = instance.n, len(inside)
    cells = n * k
    # b, payments, then the shortfall of each statement
    c = np.concatenate([[0.0], np.zeros(cells), np.ones(k)])
    upper, right = [], []
    for i in range(n):
        row = np.zeros(len(c))
        row[0] = -instance.masses[i]
        row[1 + i * k : 1 + (i + 1) * k] = 1
        upper.append(row)
        right.append(0.0)
    for a in range(instance.m):
        if a not in inside:
            row = np.zeros(len(c))
            for i in np.flatnonzero(approve[:, a]).tolist():
                row[0] += instance.masses[i]
                row[1 + i * k : 1 + (i + 1) * k] -= 1
            upper.append(row)
            right.append(float(instance.costs[a]))
    equal, exact = [], []
    for j, a in enumerate(inside):
        row = np.zeros(len(c))
        row[1 + j : 1 + cells : k] = 1
        row[1 + cells + j] = 1
        equal.append(row)
        exact.append(float(instance.costs[a]))
    bounds = [(0, None)] + [(0, None if approve[i, a] else 0) for i in range(n) for a in inside] + [(0, None)] * k
    solved = linprog(c, upper, right, equal or None, exact or None, bounds=bounds)
    assert solved.status == 0
    return float(solved.fun)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("unit_cost", [False, True])
def test_against_a_linear_program(unit_cost: bool, weighted: bool) -> None:
    priced = 0
    for number, instance in instances(
        41, 120, n=6, m=5, kinds=("approval",), unit_cost=unit_cost, weighted=weighted, budget=5
    ):
        chosen, _ = some_slate(np.random.default_rng([9, number]), instance)
        found = find("priceability").check(subject_of(instance, chosen), 1.0)
        assert found.holds == (slack_of_prices(instance, chosen, 1.0) < 1e-7), number
        if found.holds:
            assert is_price_system(instance, chosen, 1.0, found.witness), number
        priced += found.holds
    assert 20 < priced < 110


def phragmen(instance: Instance, k: int) -> list[int]:
    """Sequential Phragmen in fractions; stops where nobody supports anything else."""
    approve = instance.values >= 1
    load = [Fraction(0)] * instance.n
    chosen: list[int] = []
    while len(chosen) < k:
        loads = {}
        for a in range(instance.m):
            supporters = np.flatnonzero(approve[:, a])
            mass = int(instance.masses[supporters].sum())
            if a not in chosen and mass:
                loads[a] = (1 + sum((load[i] * int(instance.masses[i]) for i in supporters), Fraction(0))) / mass
        if not loads:
            break
        best = min(loads, key=lambda a: (loads[a], a))
        for i in np.flatnonzero(approve[:, best]):
            load[i] = loads[best]
        chosen.append(best)
    return chosen


@pytest.mark.parametrize("weighted", [False, True])
def test_phragmens_committees_are_priceable(weighted: bool) -> None:
    """Peters and Skowron 2020; so they satisfy PJR where they are full (Brill et al. 2017)."""
    for number, instance in instances(
        42, 150, n=8, m=7, kinds=("approval",), unit_cost=True, weighted=weighted, budget=5
    ):
        chosen = np.array(phragmen(instance, instance.budget), dtype=np.int64)
        subject = subject_of(instance, chosen)
        found = find("priceability").check(subject, 1.0)
        assert found.holds, number
        assert is_price_system(instance, chosen, 1.0, found.witness), number
        assert find("pjr").check(subject, 1.0).holds, number


def test_the_simplex_method_against_highs() -> None:
    for seed in range(150):
        rng = np.random.default_rng([43, seed])
        m, n = int(rng.integers(1, 7)), int(rng.integers(1, 7))
        rows, right, gain = rng.integers(-3, 6, (m, n)), rng.integers(0, 9, m), rng.integers(-3, 6, n)
        rows, right = np.vstack([rows, np.ones(n, dtype=np.int64)]), np.append(right, 20)
        best, x = maximum(rows, right, gain)
        solved = linprog(-gain, rows, right)
        assert float(best) == pytest.approx(-solved.fun, abs=1e-7), seed
        assert all(v >= 0 for v in x)
        assert all(
            sum(int(r) * v for r, v in zip(row, x, strict=True)) <= b for row, b in zip(rows, right, strict=True)
        )
        assert sum(int(g) * v for g, v in zip(gain, x, strict=True)) == best


def test_nobody_pays_for_what_nobody_approves() -> None:
    instance = Instance(np.zeros((2, 2)), np.ones(2, dtype=np.int64), np.ones(2, dtype=np.int64), 1)
    assert not find("priceability").check(subject_of(instance, np.array([0])), 1.0).holds
    assert find("priceability").check(subject_of(instance, np.array([], dtype=np.int64)), 1.0).holds
