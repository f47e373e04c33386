"""The Method of Equal Shares against its definition in fractions, in every variant."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from folkmoot.audits import Subject
from folkmoot.audits.approval import ejr_plus
from folkmoot.processes import PROCESSES, Problem
from folkmoot.processes.rules import equal_shares, shares
from folkmoot.processes.rules.leftover import Completion
from folkmoot.processes.rules.shares import Measure
from folkmoot.profile import InputError
from folkmoot.testing.instances import Instance, instances

MEASURES: tuple[Measure, ...] = ("cost", "count", "utility")


def run(instance: Instance, completion: Completion = "none", measure: Measure = "cost") -> list[int]:
    selection = equal_shares.run(Problem(instance.pool(), instance.budget), completion, measure)
    return [int(a) for a in selection.candidates]


def gain(instance: Instance, i: int, a: int, measure: Measure) -> Fraction:
    value = float(instance.values[i, a])
    if measure == "utility":
        return max(Fraction(value), Fraction(0))
    return Fraction(0) if value < 1 else Fraction(int(instance.costs[a])) if measure == "cost" else Fraction(1)


def price(money: list[Fraction], gains: list[Fraction], cost: int) -> Fraction | None:
    """Smallest r with sum of min(money_i, r gain_i) = cost: one of the supporters after the other becomes poor."""
    poor = [i for i, g in enumerate(gains) if g == 0]
    rich = [i for i, g in enumerate(gains) if g > 0]
    while rich:
        lacks = cost - sum((money[i] for i in poor if gains[i] > 0), Fraction(0))
        r = lacks / sum((gains[i] for i in rich), Fraction(0))
        new = [i for i in rich if money[i] < r * gains[i]]
        if not new:
            return r
        poor += new
        rich = [i for i in rich if i not in new]
    return None


def every(
    instance: Instance, measure: Measure, completion: Completion = "none", budget: int | None = None
) -> list[list[int]]:
    """All outcomes, pool order first; every agent as many times as its mass."""
    copied = instance.copied()
    gains = [[gain(copied, i, a, measure) for i in range(copied.n)] for a in range(instance.m)]
    approvers = [np.flatnonzero(copied.values[:, a] >= 1).tolist() for a in range(instance.m)]
    costs = [int(c) for c in instance.costs]
    seats = len(set(costs)) == 1
    found: list[list[int]] = []

    def fits(chosen: list[int], a: int) -> bool:
        return a not in chosen and costs[a] <= instance.budget - sum(costs[b] for b in chosen)

    def buy(chosen: list[int], money: list[Fraction]) -> None:
        prices = {a: price(money, gains[a], costs[a]) for a in range(instance.m) if a not in chosen}
        able = {a: p for a, p in prices.items() if p is not None and costs[a] <= instance.budget}
        if seats:
            able = {a: p for a, p in able.items() if fits(chosen, a)}
        if not able:
            complete(chosen, [-m for m in money])
        for a in [a for a in able if able[a] == min(able.values())]:
            after = [max(m - able[a] * g, Fraction(0)) for m, g in zip(money, gains[a], strict=True)]
            buy([*chosen, a], after)

    def complete(chosen: list[int], loads: list[Fraction]) -> None:
        left = [a for a in range(instance.m) if fits(chosen, a)]
        best: list[int] = []
        reach: dict[int, Fraction] = {}
        if completion == "approval":
            best = [a for a in left if len(approvers[a]) == max(len(approvers[b]) for b in left)]
        if completion == "seqphragmen":
            for a in left:
                if approvers[a]:
                    reach[a] = (costs[a] + sum((loads[i] for i in approvers[a]), Fraction(0))) / len(approvers[a])
            best = [a for a in reach if reach[a] == min(reach.values())]
            if not reach and seats:
                best = left
        if not best:
            found.append(chosen)
        for a in best:
            complete([*chosen, a], [reach[a] if a in reach and i in approvers[a] else x for i, x in enumerate(loads)])

    buy([], [Fraction(instance.budget if budget is None else budget, copied.n)] * copied.n)
    return found


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("unit_cost", [False, True])
@pytest.mark.parametrize("measure", MEASURES)
def test_it_is_the_definition(measure: Measure, unit_cost: bool, weighted: bool) -> None:
    kinds = ("approval", "integer", "sixteenths")
    for number, instance in instances(231, 30, n=7, m=5, unit_cost=unit_cost, weighted=weighted, kinds=kinds):
        expected = every(instance, measure)
        assert run(instance, "none", measure) == expected[0], number
        found = equal_shares.committees(Problem(instance.pool(), instance.budget), completion="none", measure=measure)
        assert found == sorted({tuple(sorted(w)) for w in expected}), number
        assert all(instance.costs[list(w)].sum() <= instance.budget for w in found)


@pytest.mark.parametrize("completion", ["seqphragmen", "approval"])
def test_completions(completion: Completion) -> None:
    longer = 0
    for number, instance in instances(232, 120, n=7, m=5, weighted=True, kinds=("approval", "integer")):
        expected = every(instance, "cost", completion)
        assert run(instance, completion) == expected[0], number
        found = equal_shares.committees(Problem(instance.pool(), instance.budget), completion=completion)
        assert found == sorted({tuple(sorted(w)) for w in expected}), number
        assert all(instance.costs[list(w)].sum() <= instance.budget for w in found)
        longer += len(expected[0]) > len(every(instance, "cost")[0])
    assert longer > 20


def test_the_budget_is_raised_until_the_slate_is_full() -> None:
    """The last run that fits; with one more step it would be too dear, or nothing supported is left that fits."""
    for number, instance in instances(233, 60, n=6, m=4, kinds=("approval",), budget=8):
        chosen = run(instance, "increment")
        cost = int(instance.costs[chosen].sum())
        assert cost <= instance.budget, number
        supported = (instance.values >= 1).sum(axis=0) > 0
        open_ = [a for a in range(instance.m) if a not in chosen and supported[a]]
        if any(cost + int(instance.costs[a]) <= instance.budget for a in open_) and len(set(instance.costs)) > 1:
            step, budget, last = -(-instance.budget // 100), instance.budget, [-1]
            while (now := every(instance, "cost", budget=budget)[0]) and instance.costs[now].sum() <= instance.budget:
                last, budget = now, budget + step
            assert chosen == last, number


def test_raising_has_one_outcome_only() -> None:
    instance = Instance(np.ones((2, 2)), np.ones(2, dtype=np.int64), np.ones(2, dtype=np.int64), 1)
    with pytest.raises(InputError, match="one committee only"):
        equal_shares.committees(Problem(instance.pool(), 1), completion="increment")


def test_a_heavy_agent_counts_as_many() -> None:
    for number, instance in instances(234, 80, weighted=True):
        for completion in ("seqphragmen", "increment"):
            assert run(instance, completion) == run(instance.copied(), completion), number
        assert run(instance, "none", "utility") == run(instance.copied(), "none", "utility"), number


def test_real_utilities_are_read_finely_enough() -> None:
    for number, instance in instances(235, 60, n=7, m=5, kinds=("real",)):
        assert run(instance, "none", "utility") == every(instance, "utility")[0], number


def test_example_of_peters_and_skowron() -> None:
    """abcvoting's documentation: 3 x {c, d}, 2 x {a, b}, 2 x {a, c}, {b, d}; k = 3.

    c for 1/5 each (leaving 7/40), a for 13/40; then nobody can pay and Phragmén takes d.
    """
    ballots = [(2, 3)] * 3 + [(0, 1)] * 2 + [(0, 2)] * 2 + [(1, 3)]
    values = np.array([[float(a in ballot) for a in range(4)] for ballot in ballots])
    instance = Instance(values, np.ones(4, dtype=np.int64), np.ones(8, dtype=np.int64), 3)
    assert run(instance) == [2, 0]
    assert run(instance, "seqphragmen") == [2, 0, 3]


def test_ejr_plus_holds_on_larger_instances_in_every_completion() -> None:
    """Also where the papers prove it: cost utilities, up to any statement."""
    for seed in range(12):
        rng = np.random.default_rng([236, seed])
        values = (rng.random((60, 25)) < rng.uniform(0.05, 0.5, 25)).astype(np.float64)
        costs = rng.integers(1, 9, 25) if seed % 2 else np.ones(25, dtype=np.int64)
        instance = Instance(values, costs, rng.integers(1, 5, 60), int(rng.integers(5, 30)))
        for id in ("equal-shares", "equal-shares-without-completion", "equal-shares-increment"):
            selection = PROCESSES[id].run(Problem(instance.pool(), instance.budget), rng)
            subject = Subject(instance.pool(), selection.candidates, selection.assignment, instance.budget)
            assert ejr_plus(subject, subject.slate, subject.offers, 1.0).holds, (id, seed)


def test_locked_in_statements_are_paid_first() -> None:
    """b has one approver of four, who can pay for a part of it: the others pay the rest equally.

    With a budget of 6 that leaves them 2/3 each, too little for a (cost 3); with 7 it leaves them 1 each.
    """
    values = np.array([[1, 0], [1, 0], [1, 0], [0, 1]], dtype=np.float64)
    instance = Instance(values, np.array([3, 4]), np.ones(4, dtype=np.int64), 6)
    assert run(instance) == [0]
    for budget, chosen in ((6, [1]), (7, [1, 0])):
        for measure in MEASURES:
            problem = Problem(instance.pool(), budget, locked_in=(1,))
            assert equal_shares.run(problem, "none", measure).candidates.tolist() == chosen


def test_ties_of_long_fractions_are_found() -> None:
    """Every statement twice: twins tie exactly although money has dozens of digits."""
    rng = np.random.default_rng(6)
    half = (rng.random((300, 20)) < 0.3).astype(np.float64)
    values = np.concatenate([half, half], axis=1)
    instance = Instance(values, np.ones(40, dtype=np.int64), np.ones(300, dtype=np.int64), 25)
    taken: set[int] = set()
    for r in equal_shares.run(Problem(instance.pool(), 25), "none").rounds:
        twin = (r.candidate + 20) % 40
        assert twin in taken or twin in r.tied
        taken.add(r.candidate)
    assert len(taken) > 10


@pytest.mark.parametrize("measure", MEASURES)
def test_finding_the_unaffordable_at_once_changes_nothing(measure: Measure, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(15):
        rng = np.random.default_rng([237, seed])
        liked = rng.random((50, 30)) < rng.uniform(0.03, 0.4, 30)
        values = np.where(liked, rng.integers(0, 5, (50, 30)), 0).astype(np.float64)
        costs = rng.integers(1, 30, 30) if seed % 3 else np.ones(30, dtype=np.int64)
        instance = Instance(values, costs, rng.integers(1, 5, 50), int(costs.sum()) // 4)
        found = []
        for lazy in (0, 5, 10**9):
            monkeypatch.setattr(shares, "LAZY", lazy)
            problem = Problem(instance.pool(), instance.budget)
            found.append(equal_shares.committee(problem, "none", measure))
        assert found[0] == found[1] == found[2]
