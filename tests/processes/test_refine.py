"""P6 against every slate and every assignment of tiny problems."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from brute_force import outside, own_utilities, violators
from folkmoot.processes import PROCESSES, Problem
from folkmoot.processes.refine.bound import lagrangian_bound
from folkmoot.processes.refine.local_search import AssignedSlate, LocalSearch
from folkmoot.processes.refine.milp import Limits
from folkmoot.processes.refine.refine import Refinement, reach, refine, refine_local
from folkmoot.processes.refine.standing import STEP, Floor, Standing, Task
from folkmoot.profile import FloatArray, InputError, IntArray
from folkmoot.testing.instances import Instance, instances

EXACT = Limits(gap=0.0)


def task_of(instance: Instance, **options: Any) -> Task:
    return Task(instance.values, instance.costs, instance.masses, instance.budget, **options)


def on_sixteenths(instance: Instance) -> Instance:
    """Utilities whose sums are exact, so that the best total is one number."""
    return replace(instance, values=np.rint(instance.values * 16) / 16)


def slates(instance: Instance) -> Iterator[tuple[int, ...]]:
    for k in range(instance.m + 1):
        for chosen in itertools.combinations(range(instance.m), k):
            if int(instance.costs[list(chosen)].sum()) <= instance.budget:
                yield chosen


def best_by_brute_force(instance: Instance, task: Task) -> tuple[int, bool, float]:
    """(mass left out, unbalanced, -total) of the best slate and assignment without a violation."""
    slack = int(instance.masses.max()) - 1
    every: list[tuple[int, bool, float, tuple[int, ...], FloatArray]] = []
    for chosen in slates(instance):
        low = [max(int(instance.costs[a]) * instance.total // instance.budget - slack, 0) for a in chosen]
        high = [instance.need(a) + slack for a in chosen]
        for assignment in itertools.product(range(-1, len(chosen)), repeat=instance.n):
            place = np.array(assignment, dtype=np.int64)
            load = [int(instance.masses[place == s].sum()) for s in range(len(chosen))]
            if any(have > most for have, most in zip(load, high, strict=True)):
                continue
            own = own_utilities(instance.values, chosen, place)
            if (np.isnan(own)).any():
                continue
            left = int(instance.masses[place < 0].sum())
            total = float(sum(m * u for m, u in zip(instance.masses, own, strict=True) if np.isfinite(u)))
            unbalanced = task.balance and any(have < least for have, least in zip(load, low, strict=True))
            every.append((left, unbalanced, -total, chosen, own))
    every.sort(key=lambda entry: entry[:3])
    asked = replace(instance, values=np.where(np.isnan(instance.values), -np.inf, instance.values))
    levels = [float(v) for v in np.unique(instance.values) if np.isfinite(v)]
    return next(
        entry[:3] for entry in every if not violators(asked, entry[4], outside(instance, entry[3]), thetas=levels)
    )


def key(standing: Standing) -> tuple[int, bool, float]:
    return standing.unassigned, not standing.balanced, -standing.total


def start_of(instance: Instance) -> tuple[IntArray, IntArray]:
    """A start without violations, where every utility is known."""
    first = PROCESSES["democratic-fast"].run(Problem(instance.pool(), instance.budget), np.random.default_rng(0))
    return first.candidates, first.assignment


def refined(instance: Instance, task: Task, **options: Any) -> Refinement:
    return refine(task, *start_of(instance), limits=EXACT, **options)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("balance", [True, False])
def test_the_best_of_every_slate_and_assignment(weighted: bool, balance: bool) -> None:
    improved = 0
    for number, drawn in instances(601 + weighted, 40, n=4, m=4, weighted=weighted, budget=9):
        instance = on_sixteenths(drawn)
        task = task_of(instance, balance=balance)
        result = refined(instance, task)
        standing = result.slate.standing
        assert standing.violations == 0, number
        assert key(standing) == best_by_brute_force(instance, task), (number, result.report)
        assert result.report.proven, (number, result.report)
        improved += result.report.improved
    assert improved > 5


def test_unknown_utilities_seat_nobody_and_complain_for_nobody() -> None:
    for number, drawn in instances(611, 40, n=4, m=4, kinds=("integer", "sixteenths"), budget=9):
        rng = np.random.default_rng([611, number])
        values = np.where(rng.random(drawn.values.shape) < 0.3, np.nan, drawn.values)
        instance = replace(drawn, values=values)
        task = task_of(instance)
        nothing = np.zeros(0, dtype=np.int64), np.full(instance.n, -1, dtype=np.int64)
        result = refine(task, *nothing, limits=EXACT)
        if result.slate.standing.violations:
            assert result.report.exempt or not result.report.improved
            continue
        assert key(result.slate.standing) == best_by_brute_force(instance, task), (number, result.report)
        seated = np.flatnonzero(result.slate.place >= 0)
        assert np.isfinite(values[seated, result.slate.chosen[result.slate.place[seated]]]).all()


@pytest.mark.long
@pytest.mark.parametrize("weighted", [False, True])
def test_never_worse_than_its_start_and_within_its_bounds(weighted: bool) -> None:
    better = 0
    for number, instance in instances(621 + weighted, 60, n=12, m=9, weighted=weighted, budget=20):
        task, (chosen, place) = task_of(instance), start_of(instance)
        before = task.standing(chosen, place)
        local = refine_local(task, chosen, place)
        exact = refine(task, chosen, place, limits=EXACT)
        for result in (local, exact):
            after = result.slate.standing
            assert not before.beats(after), number
            assert after.violations == 0
            assert task.standing(result.slate.chosen, result.slate.place) == after
            assert int(task.costs[result.slate.chosen].sum()) <= instance.budget
            own = own_utilities(instance.values, result.slate.chosen, result.slate.place)
            assert not violators(instance, own, outside(instance, result.slate.chosen))
            if after.unassigned <= before.unassigned:
                assert result.report.bound is not None
                assert after.total <= result.report.bound + 1e-6, (number, result.report)
        # The bound of the local search holds for the best slate there is.
        if exact.report.proven and exact.slate.standing.unassigned <= before.unassigned:
            assert local.report.bound is not None
            assert exact.slate.standing.total <= local.report.bound + 1e-6, number
        better += exact.slate.standing.beats(before)
    assert better > 10


def test_bound_holds_whatever_the_target_and_the_steps() -> None:
    for number, drawn in instances(631, 30, n=4, m=4, budget=9):
        instance = on_sixteenths(drawn)
        task = task_of(instance, balance=False)
        best = {
            left: -min(entry for entry in _totals(instance, left))
            for left in (0, 1)
            if any(True for _ in _totals(instance, left))
        }
        for target, idle, steps in itertools.product((-5.0, 0.0, 50.0), best, (1, 40)):
            bound = lagrangian_bound(task, target, idle, steps)
            assert bound.total >= best[idle] - 1e-6, (number, target, idle, steps)


def _totals(instance: Instance, most_left: int) -> Iterator[float]:
    for chosen in slates(instance):
        for assignment in itertools.product(range(-1, len(chosen)), repeat=instance.n):
            place = np.array(assignment, dtype=np.int64)
            load = [int((place == s).sum()) for s in range(len(chosen))]
            if int((place < 0).sum()) <= most_left and all(
                have <= instance.need(a) for have, a in zip(load, chosen, strict=True)
            ):
                yield -sum(float(instance.values[i, chosen[s]]) for i, s in enumerate(place) if s >= 0)


def instance_of(values: list[list[float]], costs: list[int], budget: int) -> Instance:
    table: FloatArray = np.array(values, dtype=np.float64)
    return Instance(table, np.array(costs, dtype=np.int64), np.ones(len(table), dtype=np.int64), budget)


def test_lower_bounds_are_dropped_only_where_nothing_else_is_left_and_it_says_so() -> None:
    # Two statements must represent two people each; what only three of the four were asked about cannot be filled.
    nan = np.nan
    task = task_of(instance_of([[4, nan], [4, nan], [4, nan], [nan, 2]], [3, 3], 6))
    task = replace(task, costs=np.array([4, 3]), budget=7)  # shares 2..3 and 1..2
    result = refine(task, np.array([0, 1]), np.array([0, 0, 0, 1]), limits=EXACT)
    assert result.report.balance == "kept"
    # Shares 2 and 1..2, of four people three of whom take part in the first alone: one is left out or both bounds kept.
    task = task_of(instance_of([[4, nan], [4, nan], [nan, 2]], [2, 4], 6))  # shares 1 and 2
    result = refine(task, np.array([0, 1]), np.array([0, -1, 1]), limits=EXACT)
    assert result.slate.standing.unassigned == 1
    assert result.report.balance.startswith("lower bounds dropped")


def test_floors_are_kept() -> None:
    kept = 0
    for number, instance in instances(641, 40, n=9, m=7, kinds=("sixteenths", "real"), budget=16):
        chosen, place = start_of(instance)
        plain = task_of(instance)
        task = plain.kept(chosen, place)
        own = plain.own(chosen, place)
        result = refine(task, chosen, place, limits=EXACT)
        now = plain.own(result.slate.chosen, result.slate.place)
        assert result.slate.standing.broken == 0, number
        if np.isfinite(own).all():
            assert now.min() >= own.min()
            assert np.quantile(now, 0.25) >= np.quantile(own, 0.25) - 1e-12
            kept += result.report.improved
    assert kept > 3


def test_a_floor_and_pairs_apart() -> None:
    instance = instance_of([[5, 4, 4], [5, 4, 4], [1, 2, 2], [1, 2, 2]], [1, 1, 1], 2)
    start = np.array([1]), np.array([0, 0, -1, -1])
    free = refine(task_of(instance), *start, limits=EXACT)
    assert free.slate.standing.total == 14.0
    apart = refine(task_of(instance, apart=((0, 1), (0, 2))), *start, limits=EXACT)
    assert sorted(apart.slate.chosen.tolist()) == [1, 2]
    floor = refine(task_of(instance, floors=(Floor(2.0, 0),)), *start, limits=EXACT)
    assert floor.slate.standing.total == 14.0
    with pytest.raises(InputError, match="start from one that fits"):
        refine(task_of(instance, locked_in=(0,)), *start)


def test_locks_hold_and_complaints_no_slate_can_meet_are_named() -> None:
    instance = instance_of([[5, 1], [5, 1]], [1, 1], 2)
    task = task_of(instance, locked_out=(0,))
    result = refine(task, np.array([1]), np.array([0, -1]), limits=EXACT)
    assert result.slate.chosen.tolist() == [1]
    assert result.report.exempt == (0,)
    assert result.slate.standing.violations == 1


def test_the_same_twice_and_as_a_selection() -> None:
    for number, instance in instances(651, 10, n=12, m=9, weighted=True, budget=20):
        task, (chosen, place) = task_of(instance), start_of(instance)
        one, other = (refine(task, chosen, place) for _ in range(2))
        assert one.report == other.report
        selection = one.selection(task)
        assert selection.candidates.tolist() == other.selection(task).candidates.tolist()
        assert sorted(selection.candidates.tolist()) == sorted(one.slate.chosen.tolist()), number
        own = own_utilities(instance.values, selection.candidates, selection.assignment)
        assert own.tolist() == task.own(one.slate.chosen, one.slate.place).tolist()


def test_a_search_that_runs_out_says_so() -> None:
    values = np.random.default_rng(661).normal(size=(40, 30))
    instance = Instance(values, np.ones(30, dtype=np.int64), np.ones(40, dtype=np.int64), 5)
    task, (chosen, place) = task_of(instance), start_of(instance)
    result = refine_local(task, chosen, place, evaluations=1)
    assert result.report.evaluations_used_up
    assert result.report.evaluations == 1
    assert result.report.method == "local search"
    assert not result.report.proven


def test_a_standing_beats_another_in_the_documented_order() -> None:
    best = Standing(0, 0, 0, True, 1.0)
    for other in (
        Standing(1, 0, 0, True, 9.0),
        Standing(0, 0, 1, True, 9.0),
        Standing(0, 1, 0, True, 9.0),
        Standing(0, 0, 0, False, 9.0),
        Standing(0, 0, 0, True, 0.5),
    ):
        assert best.beats(other)
        assert not other.beats(best)
    assert not best.beats(best)
    assert AssignedSlate(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), best).standing is best


def test_a_goal_is_reached_or_proven_out_of_reach() -> None:
    reached = 0
    for number, drawn in instances(671, 20, n=4, m=4, budget=9):
        instance = on_sixteenths(drawn)
        task = task_of(instance)
        left, unbalanced, total = best_by_brute_force(instance, task)
        best = -total if not left and not unbalanced else None
        for goal in (0.0, 6.0, 12.0) if best is None else (best - 1.0, best, best + STEP):
            answer = reach(task, goal, limits=EXACT)
            if best is None or goal > best:
                assert answer.slate is None, number
                assert answer.impossible, number
            else:
                assert answer.slate is not None
                assert answer.slate.standing == Standing(0, 0, 0, True, best), number
                assert best <= answer.bound + 1e-6
                reached += 1
    assert reached > 10


def test_at_least_sets_minimum_and_quartile() -> None:
    values = np.random.default_rng(681).normal(size=(8, 1))
    task = Task(values, np.ones(1, dtype=np.int64), np.ones(8, dtype=np.int64), 1)
    chosen, place = np.array([0]), np.zeros(8, dtype=np.int64)
    quartile, least = float(np.quantile(values, 0.25)), float(values.min())
    assert task.at_least(least, quartile, surely=False).standing(chosen, place).broken == 0
    assert task.at_least(least, float(np.sort(values.ravel())[1]), surely=True).standing(chosen, place).broken == 0
    assert task.at_least(least, quartile, surely=True).standing(chosen, place).broken == 1
    assert task.at_least(least + 1e-9, -9.0).standing(chosen, place).broken == 1


def test_the_ceiling_of_a_slate_is_no_less_than_its_balanced_assignment() -> None:
    tight = 0
    for number, instance in instances(691, 25, n=12, m=6, budget=12):
        task = task_of(instance)
        for chosen in (np.array(slate, dtype=np.int64) for slate in slates(instance) if slate):
            standing = task.standing(chosen, task.assigned(chosen))
            ceiling = LocalSearch(task)._ceiling(chosen, {}, -np.inf)
            if not standing.unassigned and standing.balanced:
                assert ceiling >= standing.total - 1e-6, number
                tight += ceiling <= standing.total + 0.5
    assert tight > 10
