"""Sequential Phragmén and its debt-aware query against the definition in fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from folkmoot.processes import PROCESSES, Problem
from folkmoot.processes.rules import phragmen_debt, seqphragmen
from folkmoot.profile import InputError
from folkmoot.queries.approvals import Approvals
from folkmoot.testing.instances import Instance, instances


def run(instance: Instance, id: str = "seqphragmen") -> list[int]:
    chosen = PROCESSES[id].run(Problem(instance.pool(), instance.budget), np.random.default_rng(0)).candidates
    return [int(a) for a in chosen]


def every(instance: Instance, stop: bool) -> list[list[int]]:
    """All outcomes in order of depth first, pool order first: agents' loads are fractions, copies are agents."""
    copied = instance.copied()
    approvers = [np.flatnonzero(copied.values[:, a] >= 1).tolist() for a in range(instance.m)]
    costs = [int(c) for c in instance.costs]
    seats = len(set(costs)) == 1
    found: list[list[int]] = []

    def go(chosen: list[int], loads: list[Fraction]) -> None:
        left = instance.budget - sum(costs[a] for a in chosen)
        able = [a for a in range(instance.m) if a not in chosen and costs[a] <= instance.budget]
        if not stop:
            able = [a for a in able if costs[a] <= left]
        reach = {
            a: Fraction(costs[a] + sum((loads[i] for i in approvers[a]), Fraction(0))) / len(approvers[a])
            for a in able
            if approvers[a]
        }
        best = [a for a in reach if reach[a] == min(reach.values())]
        if not reach and seats:
            best = able
        if not best or any(costs[a] > left for a in best):
            found.append(chosen)
            return
        for a in best:
            go([*chosen, a], [reach[a] if i in approvers[a] else load for i, load in enumerate(loads)])

    go([], [Fraction(0)] * copied.n)
    return found


@pytest.mark.parametrize("unit_cost", [False, True])
@pytest.mark.parametrize(("id", "stop"), [("seqphragmen", True), ("phragmen-debt", False)])
def test_it_is_the_definition(id: str, stop: bool, unit_cost: bool) -> None:
    module = seqphragmen if stop else phragmen_debt
    shorter = 0
    for number, instance in instances(221, 150, n=8, m=5, unit_cost=unit_cost, weighted=not unit_cost):
        expected = every(instance, stop)
        assert run(instance, id) == expected[0], number
        found = module.committees(Problem(instance.pool(), instance.budget))
        assert found == sorted({tuple(sorted(w)) for w in expected}), number
        assert all(instance.costs[list(w)].sum() <= instance.budget for w in found)
        shorter += len(expected[0]) < instance.m
    assert shorter > 20


def test_a_heavy_agent_counts_as_many() -> None:
    for number, instance in instances(222, 80, weighted=True):
        for id in ("seqphragmen", "phragmen-debt"):
            assert run(instance, id) == run(instance.copied(), id), number


def test_with_equal_costs_both_are_the_same() -> None:
    for number, instance in instances(223, 100, unit_cost=True):
        assert run(instance) == run(instance, "phragmen-debt"), number


def test_phragmens_own_example() -> None:
    """Phragmén 1899 (Brill et al. 2024): 1034 ABC, 519 PQR, 90 ABQ, 47 APQ; three seats.

    A at 1/1171; then Q at (1 + 137/1171)/656 = 0.00170 before B at 0.00174 and P at 0.00184; then B at 0.00181 before C
    at 0.00182.
    """
    ballots = ([0, 1, 2], [3, 4, 5], [0, 1, 4], [0, 3, 4])
    values = np.zeros((4, 6))
    for i, ballot in enumerate(ballots):
        values[i, ballot] = 1
    instance = Instance(values, np.ones(6, dtype=np.int64), np.array([1034, 519, 90, 47]), 3)
    assert run(instance) == [0, 4, 1]


def test_a_party_list_is_divided_by_dhondt() -> None:
    votes, k = (53, 24, 23), 7
    values = np.repeat(np.eye(3), k, axis=1)
    instance = Instance(values, np.ones(3 * k, dtype=np.int64), np.array(votes), k)
    assert np.bincount(np.array(run(instance)) // k).tolist() == [4, 2, 1]


def test_the_query_is_right_to_its_error() -> None:
    for number, instance in instances(224, 150, weighted=True):
        rng = np.random.default_rng([224, number])
        debts = [Fraction(int(d), 7) for d in rng.integers(0, 50, instance.n)]
        approvals = Approvals(instance.pool(), 1.0)
        value, error = seqphragmen.phragmen_query(approvals, np.array([float(d) for d in debts]))
        for a in range(instance.m):
            rows = np.flatnonzero(instance.values[:, a] >= 1)
            if not len(rows):
                assert value[a] == np.inf
                continue
            masses = [int(instance.masses[i]) for i in rows]
            owed = sum((m * debts[i] for m, i in zip(masses, rows, strict=True)), Fraction(int(instance.costs[a])))
            assert abs(Fraction(float(value[a])) - owed / sum(masses)) <= Fraction(float(error[a])), (number, a)
            assert error[a] < 1e-11


def test_ties_of_long_fractions_are_found() -> None:
    """Every statement twice: after many rounds loads have dozens of digits, and twins still tie exactly."""
    rng = np.random.default_rng(5)
    half = (rng.random((300, 20)) < 0.2).astype(np.float64)
    values = np.concatenate([half, half], axis=1)
    instance = Instance(values, np.ones(40, dtype=np.int64), np.ones(300, dtype=np.int64), 25)
    problem = Problem(instance.pool(), 25)
    rounds = PROCESSES["seqphragmen"].run(problem, rng).rounds
    taken: set[int] = set()
    for r in rounds:
        twin = (r.candidate + 20) % 40
        assert twin in taken or twin in r.tied
        taken.add(r.candidate)


def test_the_first_too_dear_ends_it_and_the_query_goes_on() -> None:
    """Three want a (cost 3), two want b (cost 3), one wants c (cost 1): budget 4."""
    values = np.array([[1, 0, 0]] * 4 + [[0, 1, 0]] * 3 + [[0, 0, 1]])
    instance = Instance(values.astype(np.float64), np.array([3, 2, 1]), np.ones(8, dtype=np.int64), 4)
    # b is bought at 2/3, a would be at 3/4 and no longer fits; c at 1 still does.
    assert run(instance) == [1]
    assert run(instance, "phragmen-debt") == [1, 2]


def test_too_many_committees() -> None:
    tied = Instance(np.ones((2, 8)), np.ones(8, dtype=np.int64), np.ones(2, dtype=np.int64), 4)
    with pytest.raises(InputError, match="more than 5 committees"):
        seqphragmen.committees(Problem(tied.pool(), 4), limit=5)
