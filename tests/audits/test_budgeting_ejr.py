"""EJR for participatory budgeting, against its definition, approvals' EJR, and NG Lemma A.2."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from brute_force import coalitions
from folkmoot.audits import Subject, find
from folkmoot.audits.budgeting_ejr import budgeting_ejr
from folkmoot.processes import PROCESSES, Problem
from folkmoot.profile import InputError, WorkError
from folkmoot.testing.instances import Instance, instances, some_slate


def ratio_of(instance: Instance, chosen: list[int]) -> Fraction:
    """Largest mass(S) B / (c(T) n) over all S and T with (ii) of NG Definition A.1."""
    values = [[Fraction(float(v)) for v in row] for row in instance.values]
    has = [sum((row[a] for a in set(chosen)), Fraction(0)) for row in values]
    best = Fraction(0)
    for s in coalitions(instance.n):
        members = np.flatnonzero(s)
        mass = int(instance.masses[s].sum())
        most = max(has[i] for i in members)
        least = [min(values[i][a] for i in members) for a in range(instance.m)]
        for size in range(1, instance.m + 1):
            for t in itertools.combinations(range(instance.m), size):
                if sum((least[a] for a in t), Fraction(0)) > most:
                    cost = int(instance.costs[list(t)].sum())
                    best = max(best, Fraction(mass * instance.budget, cost * instance.total))
    return best


@pytest.mark.parametrize("weighted", [False, True])
def test_against_the_definition(weighted: bool) -> None:
    failed = 0
    for number, instance in instances(71, 200, n=5, m=4, kinds=("integer", "approval"), weighted=weighted, budget=8):
        chosen, assignment = some_slate(np.random.default_rng([71, number]), instance)
        subject = Subject(instance.pool(), chosen, assignment, instance.budget)
        found = budgeting_ejr(subject)
        assert found.ratio == ratio_of(instance, [int(a) for a in chosen]), number
        assert found.holds == (found.ratio < 1) == budgeting_ejr(subject, slack=False).holds, number
        failed += not found.holds
        if found.witness is not None:
            w = found.witness
            assert instance.values[np.ix_(w.members, list(w.candidates))].min(axis=0).sum() >= float(w.deserved) - 1e-9
            assert w.deserved > w.has
            assert (w.mass >= w.need) == (not found.holds)
    assert 20 < failed < 190


def test_with_approvals_it_is_ejr() -> None:
    for number, instance in instances(72, 200, n=6, m=5, kinds=("approval",), weighted=True, budget=6):
        chosen, assignment = some_slate(np.random.default_rng([72, number]), instance)
        subject = Subject(instance.pool(), chosen, assignment, instance.budget)
        assert budgeting_ejr(subject).ratio == find("ejr").check(subject, 1.0).ratio, number


def test_cbjr_implies_it_under_unions() -> None:
    """NG Lemma A.2. Statements are the unions of three projects with additive utilities.

    The audit also tries T that contain a project twice, for which the universe would need to hold its repetition: W
    is audited over the projects alone, against its worth as a set of unions.
    """
    kept = 0
    unions = [[p for p in range(3) if mask >> p & 1] for mask in range(1, 8)]
    single = [place for place, u in enumerate(unions) if len(u) == 1]
    for seed in range(120):
        rng = np.random.default_rng([73, seed])
        n, budget = int(rng.integers(1, 7)), int(rng.integers(1, 10))
        worth, costs = rng.integers(0, 6, (n, 3)), rng.integers(1, 4, 3)
        values = np.stack([worth[:, u].sum(axis=1) for u in unions], axis=1).astype(np.float64)
        instance = Instance(values, np.array([costs[u].sum() for u in unions]), rng.integers(1, 3, n), budget)
        selection = PROCESSES["democratic-fast"].run(Problem(instance.pool(), budget), rng)
        subject = Subject(instance.pool(), selection.candidates, selection.assignment, budget)
        assert find("cbjr").check(subject).holds, seed
        # The slate as one more project that is in, beside the three single ones.
        have = values[:, selection.candidates].sum(axis=1, keepdims=True)
        audited = Instance(
            np.concatenate([values[:, single], have], axis=1),
            np.append(instance.costs[single], 10**6),
            instance.masses,
            budget,
        )
        found = budgeting_ejr(Subject(audited.pool(), np.array([3]), np.zeros(n, dtype=np.int64), budget))
        assert found.holds, seed
        kept += bool(found.ratio)
    assert kept > 20


def test_too_large_is_refused() -> None:
    values = np.random.default_rng(74).integers(1, 6, (40, 25)).astype(np.float64)
    instance = Instance(values, np.ones(25, dtype=np.int64), np.ones(40, dtype=np.int64), 10)
    subject = Subject(instance.pool(), np.arange(3), np.zeros(40, dtype=np.int64), 10)
    with pytest.raises(WorkError, match="small instances"):
        budgeting_ejr(subject, nodes=300)


def test_utilities_below_nothing_are_refused() -> None:
    instance = Instance(np.array([[-1.0, 1.0]]), np.ones(2, dtype=np.int64), np.ones(1, dtype=np.int64), 1)
    with pytest.raises(InputError, match="at least 0"):
        budgeting_ejr(Subject(instance.pool(), np.array([0]), np.array([0]), 1))


def test_utilities_in_fractions() -> None:
    """Tenths are no exact floats; what is decided is decided on the floats as they are."""
    for number, instance in instances(75, 60, n=4, m=4, kinds=("integer",), weighted=True, budget=8):
        tenths = Instance(instance.values / 10, instance.costs, instance.masses, instance.budget)
        chosen, assignment = some_slate(np.random.default_rng([75, number]), tenths)
        found = budgeting_ejr(Subject(tenths.pool(), chosen, assignment, tenths.budget))
        assert found.ratio == ratio_of(tenths, [int(a) for a in chosen]), number
