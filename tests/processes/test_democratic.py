"""P3 against Theorems 3.1 and 3.2 and Observation B.1 of The Next Generation, and against naive references."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from brute_force import outside, own_utilities, shared_thresholds, violators
from folkmoot.processes import PROCESSES, Problem, Round, Selection
from folkmoot.testing.instances import Instance, instances

Step = tuple[int, list[int], float, int, list[int]]


def run(process: str, instance: Instance, **options: Any) -> Selection:
    return PROCESSES[process].run(Problem(instance.pool(), instance.budget, **options), np.random.default_rng(0))


def complaints_of(instance: Instance, selection: Selection, thetas: Sequence[float] | None = None) -> list[int]:
    own = own_utilities(instance.values, selection.candidates, selection.assignment)
    return violators(instance, own, outside(instance, selection.candidates), thetas=thetas)


def observation_b1(instance: Instance, rounds: Sequence[Round]) -> None:
    """B - c(W) >= |S| B / n in every round, and each statement gets what it needs (up to the last one taken)."""
    spent, gone = 0, 0
    for chosen in rounds:
        mass = instance.masses[chosen.agents]
        assert mass.sum() >= instance.need(chosen.candidate)
        assert mass.sum() - mass.min() < instance.need(chosen.candidate) + instance.masses.max()
        spent += int(instance.costs[chosen.candidate])
        gone += int(mass.sum())
        assert instance.budget - spent >= Fraction((instance.total - gone) * instance.budget, instance.total)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.long
def test_theorem_3_1_exact_levels_hold_at_every_threshold(weighted: bool) -> None:
    outsiders = 0
    for number, instance in instances(71, 1000, n=8, m=6, weighted=weighted):
        selection = run("democratic-fast", instance)
        assert complaints_of(instance, selection) == [], number
        observation_b1(instance, selection.rounds)
        outsiders += instance.m - len(selection.rounds)
    assert outsiders > 800


@pytest.mark.parametrize("process", ["democratic-fast", "democratic-complex"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.long
def test_theorems_3_1_and_3_2_at_every_threshold_when_all_utilities_are_levels(process: str, weighted: bool) -> None:
    for number, instance in instances(72, 250, n=7, m=5, weighted=weighted):
        levels = shared_thresholds(instance.values.ravel())
        selection = run(process, instance, levels=levels)
        assert complaints_of(instance, selection) == [], number
        observation_b1(instance, selection.rounds)


@pytest.mark.parametrize("process", ["democratic-fast", "democratic-complex"])
@pytest.mark.parametrize("weighted", [False, True])
def test_coarse_levels_hold_at_those_levels(process: str, weighted: bool) -> None:
    between = 0
    for number, instance in instances(73, 250, n=7, m=5, weighted=weighted):
        rng = np.random.default_rng([73, number])
        levels = shared_thresholds(rng.choice(instance.values.ravel(), 3))
        selection = run(process, instance, levels=levels)
        assert complaints_of(instance, selection, levels) == [], number
        between += bool(complaints_of(instance, selection))
    assert between > 25  # "coarse levels leave violations between them"


@pytest.mark.parametrize("process", ["democratic-fast", "democratic-complex"])
def test_lemma_b2_nobody_is_left_over(process: str) -> None:
    """With a statement of cost floor(B/n) and the lowest level reached by everyone, S is empty at the end.

    In the papers a statement can be chosen again, so there is always one.
    """
    for number, instance in instances(74, 150, n=6, m=5, kinds=("integer",), budget=30):
        n, cheap = instance.n, instance.budget // instance.n
        if cheap < 1:
            continue
        costs = instance.costs.copy()
        costs[0] = cheap
        held = Instance(instance.values, costs, instance.masses, instance.budget)
        levels = (*shared_thresholds(instance.values.ravel()), -1.0)
        selection = run(process, held, levels=levels, multiset=True)
        assert (selection.assignment >= 0).all(), number
        for r in selection.rounds:
            share = Fraction(int(costs[r.candidate]) * n, instance.budget)
            assert share <= len(r.agents) < share + 1, number


def naive_take(instance: Instance, left: list[int], a: int) -> tuple[list[int], list[int]]:
    """(taken, left): those who like it most, in the source's order, until their mass is what it needs."""
    fans, taken = sorted(left, key=lambda i: (-instance.values[i, a], i)), list[int]()
    while sum(int(instance.masses[i]) for i in taken) < instance.need(a):
        taken.append(fans.pop(0))
    return sorted(taken), sorted(fans)


def naive_support(instance: Instance, left: Sequence[int], a: int, level: float) -> int:
    return sum(int(instance.masses[i]) for i in left if instance.values[i, a] >= level)


def naive_exact_levels(instance: Instance) -> list[Step]:
    """No bounds, no laziness: every score of every candidate in every round."""
    left, steps, used = list(range(instance.n)), list[Step](), set[int]()
    while True:
        mass = sum(int(instance.masses[i]) for i in left)
        open_ = [a for a in range(instance.m) if a not in used and instance.need(a) <= mass]
        if not open_:
            return steps
        scores = {}
        for a in open_:
            enough = [t for t in instance.values[left, a] if naive_support(instance, left, a, t) >= instance.need(a)]
            scores[a] = (float(max(enough)), naive_support(instance, left, a, max(enough)))
        best = [a for a in open_ if scores[a] == max(scores.values())]
        taken, left = naive_take(instance, left, best[0])
        used.add(best[0])
        steps.append((best[0], taken, *scores[best[0]], best[1:]))


def naive_algorithm_1(
    instance: Instance,
    levels: Sequence[float],
    costs: Sequence[int],
    upwards: bool,
    multiset: bool,
) -> list[Step]:
    """Algorithm 1, cost steps descending, a step that does not fit skipped; all answers of Gen that tie proposed.

    ``upwards``: f(l) = every level from l up, else {l}.
    """
    left, steps, used, spent = list(range(instance.n)), list[Step](), set[int](), 0
    for place, level in enumerate(levels):
        for x in costs:
            while left and instance.budget - spent >= x:
                open_ = [a for a in range(instance.m) if a not in used and instance.costs[a] <= x]
                if not open_:
                    break
                proposed: set[int] = set()
                for asked in levels[: place + 1] if upwards else [level]:
                    most = max(naive_support(instance, left, a, asked) for a in open_)
                    proposed |= {a for a in open_ if naive_support(instance, left, a, asked) == most}
                support = {a: naive_support(instance, left, a, level) for a in sorted(proposed)}
                best = [a for a in support if support[a] == max(support.values())]
                if support[best[0]] < instance.need(best[0]):
                    break
                taken, left = naive_take(instance, left, best[0])
                spent += int(instance.costs[best[0]])
                if not multiset:
                    used.add(best[0])
                steps.append((best[0], taken, level, support[best[0]], best[1:]))
    return steps


def listed(selection: Selection) -> list[Step]:
    found = []
    for r in selection.rounds:
        assert r.level is not None
        found.append((r.candidate, r.agents.tolist(), r.level, r.support, list(r.tied)))
    return found


@pytest.mark.parametrize("weighted", [False, True])
def test_lazy_evaluation_chooses_what_computing_everything_anew_chooses(weighted: bool) -> None:
    ties = 0
    for number, instance in instances(75, 300, n=8, m=7, weighted=weighted, budget=20):
        steps = naive_exact_levels(instance)
        assert listed(run("democratic-fast", instance)) == steps, number
        ties += sum(bool(step[-1]) for step in steps)
    assert ties > 50


@pytest.mark.parametrize("multiset", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("process", ["democratic-fast", "democratic-complex", "democratic-uniform"])
def test_algorithm_1_as_printed(process: str, weighted: bool, multiset: bool) -> None:
    rounds = 0
    for number, instance in instances(76, 100, n=6, m=5, kinds=("approval", "integer"), weighted=weighted):
        levels = shared_thresholds(instance.values.ravel())
        n, budget, universe = instance.total, instance.budget, instance
        if process == "democratic-fast":
            costs = sorted({j * budget // n for j in range(1, n + 1)} - {0}, reverse=True)
        elif process == "democratic-complex":
            costs = list(range(budget, 0, -1))
        else:
            affordable = [int(c) for c in instance.costs if c <= budget]
            if not affordable:
                continue
            costs = [max(affordable)]
            same = instance.costs == costs[0]
            # Statements of another cost do not exist for it: here they cost more than the budget.
            universe = Instance(instance.values, np.where(same, instance.costs, budget + 1), instance.masses, budget)
        selection = run(process, instance, levels=levels, multiset=multiset)
        upwards = process == "democratic-complex"
        assert listed(selection) == naive_algorithm_1(universe, levels, costs, upwards, multiset), number
        rounds += len(selection.rounds)
    assert rounds > 50


def test_with_exact_queries_complex_has_nothing_to_add() -> None:
    """Where there are at least as many people as budget, Fast tries every cost too, and a statement that Gen names
    at a higher level is approved by no more people at this level than the one it names at this level."""
    for number, instance in instances(79, 150, n=8, m=6, weighted=True):
        if instance.total < instance.budget:
            continue
        levels = shared_thresholds(instance.values.ravel())
        fast, complex_ = (run(f"democratic-{kind}", instance, levels=levels) for kind in ("fast", "complex"))
        assert listed(fast) == listed(complex_), number


def test_uniform_takes_statements_of_one_cost_only() -> None:
    for number, instance in instances(77, 150, weighted=True):
        affordable = instance.costs[instance.costs <= instance.budget]
        if not len(affordable):
            continue
        step = int(np.random.default_rng(number).choice(affordable))
        selection = run("democratic-uniform", instance, cost_step=step)
        assert set(instance.costs[selection.candidates].tolist()) <= {step}, number
        default = run("democratic-uniform", instance)
        assert set(instance.costs[default.candidates].tolist()) <= {int(affordable.max())}, number


def test_many_distinct_utilities_are_cut_to_even_levels_and_said_so() -> None:
    """More than a hundred distinct utilities: Algorithm 1 asks at the 33 levels it reports, and holds at those."""
    for seed in range(20):
        rng = np.random.default_rng([78, seed])
        instance = Instance(rng.normal(size=(8, 20)), rng.integers(1, 4, 20), np.ones(8, dtype=np.int64), 8)
        selection = run("democratic-complex", instance)
        levels = selection.parameters["levels"]
        assert len(levels) == 33
        assert levels == sorted(levels, reverse=True)
        assert (levels[0], levels[-1]) == (instance.values.max(), instance.values.min())
        assert complaints_of(instance, selection, levels) == []
        assert {r.level for r in selection.rounds} <= set(levels)
