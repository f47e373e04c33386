"""Is there any balanced assignment that meets cBJR? Against trying all of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest

from brute_force import largest, outside, own_utilities
from folkmoot.audits import Subject
from folkmoot.audits.balance import is_balanced
from folkmoot.audits.existence import exists
from folkmoot.profile import InputError, IntArray
from folkmoot.testing.instances import Instance, instances


def balanced(instance: Instance, chosen: IntArray) -> Iterator[IntArray]:
    """Every assignment with balanced shares that leaves out no more than the shares have no room for."""
    over = int(instance.masses.max()) - 1
    rooms = [instance.need(int(a)) for a in chosen]
    floors = [int(instance.costs[a]) * instance.total // instance.budget for a in chosen]
    idle = max(instance.total - sum(rooms), 0)
    for places in itertools.product(range(-1, len(chosen)), repeat=instance.n):
        loads = [
            sum(int(w) for w, p in zip(instance.masses, places, strict=True) if p == at) for at in range(len(chosen))
        ]
        out = instance.total - sum(loads)
        if out <= (idle + over if idle else 0) and all(
            low - over <= load <= high + over for low, load, high in zip(floors, loads, rooms, strict=True)
        ):
            yield np.array(places, dtype=np.int64)


def meets(instance: Instance, chosen: IntArray, assignment: IntArray, slack: float, factor: Fraction) -> bool:
    own = own_utilities(instance.values, chosen, assignment)
    sizes = largest(instance, own, outside(instance, chosen), slack)
    return all(sizes[a] < factor * instance.need(a) for a in sizes)


@pytest.mark.long
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("unit_cost", [False, True])
def test_against_every_assignment(unit_cost: bool, weighted: bool) -> None:
    answers = [0, 0]
    for number, instance in instances(51, 60, n=5, m=5, unit_cost=unit_cost, weighted=weighted, budget=8):
        rng = np.random.default_rng([51, number])
        order, chosen, left = rng.permutation(instance.m), list[int](), instance.budget
        for a in order:
            if instance.costs[a] <= left and len(chosen) < 3:
                chosen.append(int(a))
                left -= int(instance.costs[a])
        slate = np.array(chosen, dtype=np.int64)
        slack, factor = [(0.0, Fraction(1)), (1.0, Fraction(1)), (0.0, Fraction(3, 2))][number % 3]
        subject = Subject(instance.pool(), slate, np.full(instance.n, -1), instance.budget)
        found = exists(subject, slack=slack, factor=factor)
        truth = any(meets(instance, slate, w, slack, factor) for w in balanced(instance, slate))
        assert found.holds == truth, number
        answers[truth] += 1
        if found.holds:
            assert meets(instance, slate, found.witness, slack, factor), number
            assert is_balanced(Subject(instance.pool(), slate, found.witness, instance.budget)), number
    assert min(answers) > 2


def test_gsc_table_2() -> None:
    """Fish et al. 2024, n = k = 2: only {alpha1, alpha2} has an assignment that meets BJR."""
    # Utilities for alpha1, alpha2, beta: agent 1 prefers alpha1, agent 2 alpha2; beta is second for both.
    values = np.array([[2.0, 0.0, 1.0], [0.0, 2.0, 1.0]])
    instance = Instance(values, np.ones(3, dtype=np.int64), np.ones(2, dtype=np.int64), 2)
    kept = [
        slate
        for slate in itertools.combinations(range(3), 2)
        if exists(Subject(instance.pool(), np.array(slate), np.full(2, -1), 2)).holds
    ]
    assert kept == [(0, 1)]


def test_six_hundred_people() -> None:
    """A slate of twelve over forty candidates; the witness is checked by the auditor."""
    rng = np.random.default_rng(52)
    values = rng.integers(0, 5, (600, 40)).astype(np.float64)[rng.integers(0, 40, 600)]
    instance = Instance(values, np.ones(40, dtype=np.int64), np.ones(600, dtype=np.int64), 12)
    from folkmoot.processes import PROCESSES, Problem

    chosen = PROCESSES["democratic-fast"].run(Problem(instance.pool(), 12), rng).candidates
    found = exists(Subject(instance.pool(), chosen, np.full(600, -1), 12))
    assert found.holds
    assert not Subject(instance.pool(), chosen, found.witness, 12).violates_cbjr


def test_too_large_is_refused() -> None:
    values = np.random.default_rng(53).normal(size=(20_000, 12))
    instance = Instance(values, np.ones(12, dtype=np.int64), np.ones(20_000, dtype=np.int64), 12)
    with pytest.raises(InputError, match="too many"):
        exists(Subject(instance.pool(), np.arange(12), np.full(20_000, -1), 12))
