"""PAV, Chamberlin-Courant and Monroe against trying every committee, and against abcvoting's published results."""

from __future__ import annotations

import itertools
import os
import sys
import tarfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from folkmoot.processes import PROCESSES, Problem
from folkmoot.processes.rules import cc, monroe, optimal, pav
from folkmoot.profile import InputError, MissingExtraError, WorkError
from folkmoot.testing.instances import Instance, instances

ROOT = Path(__file__).parents[2]
RULES = {"pav": pav, "cc": cc, "monroe": monroe}


def feasible(instance: Instance) -> list[list[int]]:
    """Committees of size min(B, m) with unit costs, else all within the budget."""
    every = [list(w) for size in range(instance.m + 1) for w in itertools.combinations(range(instance.m), size)]
    if (instance.costs == 1).all():
        return [w for w in every if len(w) == min(instance.budget, instance.m)]
    return [w for w in every if instance.costs[w].sum() <= instance.budget]


def harmonic(instance: Instance, w: list[int]) -> Fraction:
    counts = (instance.values[:, w] >= 1).sum(axis=1)
    return sum(
        (
            int(mass) * sum((Fraction(1, j) for j in range(1, int(count) + 1)), Fraction(0))
            for mass, count in zip(instance.masses, counts, strict=True)
        ),
        Fraction(0),
    )


def covered(instance: Instance, w: list[int]) -> Fraction:
    return Fraction(int(instance.masses[(instance.values[:, w] >= 1).any(axis=1)].sum()))


def favourite(instance: Instance, w: list[int]) -> Fraction:
    low = float(instance.values.min())
    best = [max([low, *row[w]]) for row in instance.values]
    total = sum((int(m) * Fraction(b) for m, b in zip(instance.masses, best, strict=True)), Fraction(0))
    return total - Fraction(low) * instance.total


def balanced(instance: Instance, w: list[int]) -> Fraction:
    """Best balanced assignment of everyone, mass w as w people, trying all; the unassigned have the lowest utility."""
    copies, low = instance.copied(), Fraction(float(instance.values.min()))
    best: dict[tuple[int, ...], Fraction] = {(0,) * len(w): Fraction(0)}
    rooms = [instance.need(a) for a in w]
    for row in copies.values:
        step: dict[tuple[int, ...], Fraction] = {}
        for loads, worth in best.items():
            for place in range(-1, len(w)):
                after = tuple(load + (at == place) for at, load in enumerate(loads))
                if place < 0 or after[place] <= rooms[place]:
                    value = worth + (Fraction(float(row[w[place]])) - low if place >= 0 else 0)
                    step[after] = max(step.get(after, value), value)
        best = step
    floors = [int(instance.costs[a]) * instance.total // instance.budget for a in w]
    return max(v for loads, v in best.items() if all(load >= low for load, low in zip(loads, floors, strict=True)))


SCORES = {"pav": harmonic, "cc": covered, "cc-utility": favourite, "monroe": balanced}


def first(instance: Instance, committees: list[list[int]]) -> list[int]:
    """The cheapest, then the one that has the first candidate on which two differ."""
    return min(committees, key=lambda w: (int(instance.costs[w].sum()), [a not in w for a in range(instance.m)]))


@pytest.mark.parametrize("solver", [False, True])
@pytest.mark.parametrize("rule", sorted(SCORES))
@pytest.mark.long
def test_against_trying_every_committee(rule: str, solver: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """All kinds of utilities, weights and costs; by scoring all committees, and by the integer program."""
    if solver:
        monkeypatch.setattr(optimal, "FEW", 0)
    kinds = ("approval", "integer", "sixteenths")
    count = 12 if solver else 45
    for weighted, unit_cost in itertools.product([False, True], repeat=2):
        for number, instance in instances(
            101, count, n=5, m=5, kinds=kinds, unit_cost=unit_cost, weighted=weighted, budget=6
        ):
            worth = {tuple(w): SCORES[rule](instance, w) for w in feasible(instance)}
            top = max(worth.values())
            best = [list(w) for w in worth if worth[w] == top]
            problem = Problem(instance.pool(), instance.budget)
            selection = PROCESSES[rule].run(problem, np.random.default_rng(0))
            assert Fraction(selection.parameters["score"]) == top, (number, weighted, unit_cost)
            assert sorted(selection.candidates.tolist()) == first(instance, best), (number, weighted, unit_cost)
            assert selection.parameters["optimal_committees"] == (None if solver else len(best))
            if rule in RULES:
                assert RULES[rule].committees(problem) == sorted(best), (number, weighted, unit_cost)


@pytest.mark.parametrize("solver", [False, True])
def test_real_utilities(solver: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Normal draws are no multiples of anything; ties there are (a third favourite that nobody needs)."""
    if solver:
        monkeypatch.setattr(optimal, "FEW", 0)
    for number, instance in instances(102, 25, n=5, m=5, kinds=("real",), unit_cost=True, budget=3):
        for rule in ("cc-utility", "monroe"):
            worth = {tuple(w): SCORES[rule](instance, w) for w in feasible(instance)}
            selection = PROCESSES[rule].run(Problem(instance.pool(), instance.budget), np.random.default_rng(0))
            best = [list(w) for w in worth if worth[w] == max(worth.values())]
            assert sorted(selection.candidates.tolist()) == first(instance, best), (number, rule)


@pytest.mark.parametrize("solver", [False, True])
def test_locks(solver: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if solver:
        monkeypatch.setattr(optimal, "FEW", 0)
    for number, instance in instances(
        103, 30 if solver else 100, n=5, m=6, kinds=("integer",), unit_cost=True, budget=4
    ):
        rng = np.random.default_rng([103, number])
        order = [int(a) for a in rng.permutation(instance.m)]
        inside, out = order[: min(1, instance.budget)], order[1:2]
        worth = {
            tuple(w): harmonic(instance, list(w))
            for w in itertools.combinations(range(instance.m), min(instance.budget, instance.m - len(out)))
            if set(inside) <= set(w) and not set(out) & set(w)
        }
        problem = Problem(instance.pool(), instance.budget, tuple(inside), tuple(out))
        assert pav.committees(problem) == sorted(list(w) for w in worth if worth[w] == max(worth.values())), number


def test_no_time_is_an_honest_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimal, "FEW", 0)
    _, instance = next(instances(104, 1, n=7, m=5))
    with pytest.raises(WorkError, match="not proved within 0 seconds"):
        pav.committees(Problem(instance.pool(), instance.budget), time_limit=0.0)


def test_small_pools_need_no_solver_and_large_ones_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    _, instance = next(instances(107, 1, n=7, m=5, unit_cost=True))
    problem = Problem(instance.pool(), 2)
    for name in [name for name in sys.modules if name.split(".")[0] == "scipy"]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("scipy", "scipy.optimize", "scipy.sparse"):
        monkeypatch.setitem(sys.modules, name, None)
    for rule in RULES.values():
        assert rule.committees(problem)
    monkeypatch.setattr(optimal, "FEW", 0)
    for rule in RULES.values():
        with pytest.raises(MissingExtraError, match=r"pip install 'folkmoot\[exact\]'"):
            rule.committees(problem)


@pytest.mark.parametrize("few", [0, 20_000])
def test_too_many_best_committees(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimal, "FEW", few)
    instance = Instance(np.ones((3, 6)), np.ones(6, dtype=np.int64), np.ones(3, dtype=np.int64), 3)
    with pytest.raises(InputError, match="more than 5 committees"):
        cc.committees(Problem(instance.pool(), 3), limit=5)


def test_scores_too_fine_for_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimal, "FEW", 0)
    instance = Instance(np.array([[0.1, 0.3, 0.7]]), np.ones(3, dtype=np.int64), np.ones(1, dtype=np.int64), 1)
    with pytest.raises(InputError, match="too fine"):
        cc.committees(Problem(instance.pool(), 1), approvals=False)


def test_identical_agents_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand people with eight ballots, through the solver."""
    monkeypatch.setattr(optimal, "FEW", 0)
    rng = np.random.default_rng(105)
    kinds = (rng.random((8, 20)) < 0.3).astype(np.float64)
    who = rng.integers(0, 8, 10_000)
    many = Instance(kinds[who], np.ones(20, dtype=np.int64), np.ones(10_000, dtype=np.int64), 5)
    few = Instance(kinds, many.costs, np.bincount(who, minlength=8), 5)
    for rule in ("pav", "cc"):
        one, other = (PROCESSES[rule].run(Problem(i.pool(), 5), rng).candidates.tolist() for i in (many, few))
        assert one == other


# -- abcvoting's instances (MIT, (c) 2019 Martin Lackner and contributors) --------------------------------------------


@pytest.fixture(scope="module")
def gold() -> list[tuple[str, Problem, dict[Any, Any]]]:
    """(name, problem, {(rule, resolute): committees}) of all files."""
    yaml = pytest.importorskip("yaml")
    return list(_instances(ROOT / "tests" / "data" / "abc_instances.tar.gz", yaml))


def _instances(archive: Path, yaml: Any) -> Iterator[tuple[str, Problem, dict[Any, Any]]]:
    with tarfile.open(archive) as files:
        for member in sorted(files.getmembers(), key=lambda m: m.name):
            content = files.extractfile(member) if member.name.endswith(".yaml") else None
            if content is None:
                continue
            # Most of each file is the results of other rules.
            head, *blocks = content.read().decode().split("- rule_id: ")
            wanted = [f"- rule_id: {block}" for block in blocks if block.split()[0] in RULES]
            text = head + "".join(wanted)
            body = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            values = np.array([[a in ballot for a in range(body["num_cand"])] for ballot in body["profile"]])
            ones = np.ones(body["num_cand"], dtype=np.int64)
            instance = Instance(values.astype(np.float64), ones, np.ones(len(values), dtype=np.int64), 1)
            known = {
                (c["rule_id"], c["resolute"]): sorted(sorted(w) for w in c["result"])
                for c in body["compute"]
                if c["result"]
            }
            yield member.name, Problem(instance.pool(), body["committeesize"]), known


@pytest.mark.parametrize("rule", sorted(RULES))
@pytest.mark.long
def test_all_published_results(rule: str, gold: list[tuple[str, Problem, dict[Any, Any]]]) -> None:
    """Irresolute sets are equal; the resolute choice is the first of them."""
    assert len(gold) == 320
    for place, (name, problem, known) in enumerate(gold):
        assert RULES[rule].committees(problem) == known[rule, False], name
        if rule != "monroe" or place % 8 == 0:
            selection = PROCESSES[rule].run(problem, np.random.default_rng(0))
            chosen = sorted(selection.candidates.tolist())
            assert chosen in known[rule, True], name
            assert chosen == known[rule, False][0], name
            assert selection.parameters["optimal_committees"] == len(known[rule, False])


@pytest.mark.parametrize("rule", sorted(RULES))
@pytest.mark.long
def test_published_results_through_the_solver(
    rule: str, gold: list[tuple[str, Problem, dict[Any, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A seeded sample of those with few best committees; all of them with FOLKMOOT_GOLD=all."""
    monkeypatch.setattr(optimal, "FEW", 0)
    sample = gold
    if os.environ.get("FOLKMOOT_GOLD") != "all":
        quick = [entry for entry in gold if len(entry[2][rule, False]) <= 4]
        sample = [quick[at] for at in np.random.default_rng(106).choice(len(quick), 12, replace=False)]
    for name, problem, known in sample:
        assert RULES[rule].committees(problem) == known[rule, False], name
        chosen = PROCESSES[rule].run(problem, np.random.default_rng(0)).candidates
        assert sorted(chosen.tolist()) == known[rule, False][0], name
