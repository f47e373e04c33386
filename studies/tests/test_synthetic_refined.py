"""Refinement in the synthetic environment, and counting agents by opinion: what must hold on every instance."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from typing import Any

import numpy as np
import pytest

from folkmoot.processes.refine.standing import Task
from folkmoot.profile import needs
from folkmoot.queries import ClosedPool
from folkmoot_studies.synthetic import study as synthetic
from folkmoot_studies.synthetic.levels import frontier_of_levels
from folkmoot_studies.synthetic.settings import BUDGET, SETTINGS, Chosen, Instance, Paid, bill, plain_name, refined
from folkmoot_studies.synthetic.world import MANY, OPINIONS, SLACKS, THETAS, Crowd, Opinions, Universe

REFINED = [("fast", False), ("complex", False), ("complex", True)]
CASES = [(level, seed) for level in (0, 2, 3) for seed in range(3)]


@cache
def universe() -> Universe:
    return Universe.drawn(5)


def crowd(seed: int, agents: int = 60) -> Crowd:
    opinions = np.random.default_rng([199, seed]).integers(1, OPINIONS + 1, (agents, 5))
    return Crowd(Opinions(opinions, universe()), universe(), np.arange(len(universe().costs)), universe().costs)


@cache
def instance(level: int, seed: int, agents: int = 60) -> Instance:
    model = ("random", "worst")[seed % 2]
    return Instance(universe(), crowd(seed, agents), synthetic.accuracies()[level], model, seed)


def own(task: Task, statements: np.ndarray[Any, Any], chosen: Chosen) -> np.ndarray[Any, Any]:
    """Noisy utilities of the agents, nan where unassigned; each place of the slate stands for its own copy."""
    found = np.full(task.n, np.nan)
    for place, statement in enumerate(chosen.statements):
        column = int(np.flatnonzero(statements == statement)[0])
        mine = np.flatnonzero(chosen.assignment == place)
        found[mine] = task.values[mine, column]
    return found


@pytest.mark.parametrize(("level", "seed"), CASES)
@pytest.mark.parametrize(("name", "ask"), REFINED)
@pytest.mark.long
def test_a_refined_slate_keeps_what_it_must(name: str, ask: bool, level: int, seed: int) -> None:
    first, pool = instance(level, seed).first(name)
    paid, after = bill(first, pool, ask), refined(first, pool, ask)
    costs = universe().costs
    # Budget, and only statements that Gen returned in this run.
    assert costs[after.statements].sum() <= BUDGET
    assert set(after.statements.tolist()) <= set(pool.returned)
    assert after.questions == first.questions
    # Nobody represents more than its share, nobody is represented by what they were not asked about.
    load = np.bincount(after.assignment[after.assignment >= 0], minlength=len(after.statements))
    assert (load <= needs(costs, 60, BUDGET)[after.statements]).all()
    mine = own(paid.task, paid.statements, after)
    seated = after.assignment >= 0
    assert (mine[seated] >= 0).all()  # nan, what is not known, is not
    if not ask:
        assert pool.paid[after.statements[after.assignment[seated]], np.flatnonzero(seated)].all()
        assert after.pairs == first.pairs == np.count_nonzero(pool.paid)
    # Known complaints by the definition, coalition by coalition: no more of them than the run left.
    before = own(paid.task, paid.statements, first)
    assert complaining(paid.task, mine) <= complaining(paid.task, before)


def complaining(task: Task, mine: np.ndarray[Any, Any]) -> int:
    """Statements wanted again by as many as they need, of any that were paid for (a slate may hold one twice)."""
    has = np.where(np.isnan(mine), -np.inf, mine)
    count = 0
    for a in task.locked_out:
        offer = task.offers[:, a]
        sizes = [int(((offer >= theta) & (has < theta)).sum()) for theta in np.unique(offer[np.isfinite(offer)])]
        count += max(sizes, default=0) >= task.needs[a]
    return count


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("name", "ask"), REFINED)
def test_without_noise_refinement_gains_and_the_paid_for_pool_is_satisfied(name: str, ask: bool, seed: int) -> None:
    first, pool = instance(0, seed).first(name)
    paid, after = bill(first, pool, ask), refined(first, pool, ask)
    before, mine = (np.nan_to_num(own(paid.task, paid.statements, c)) for c in (first, after))
    assert complaining(paid.task, own(paid.task, paid.statements, after)) == 0
    assert mine.mean() >= before.mean()
    assert mine.min() >= before.min()
    # What is noisy is true here.
    truth = instance(0, seed).truth
    values = truth.utilities(truth.agents, after.statements)
    seated = np.flatnonzero(after.assignment >= 0)
    assert (values[seated, after.assignment[seated]] == mine[seated]).all()


def test_without_noise_something_is_gained() -> None:
    gains = []
    for seed in range(4):
        first, pool = instance(0, seed).first("complex")
        paid = bill(first, pool)
        before, after = (np.nan_to_num(own(paid.task, paid.statements, c)) for c in (first, refined(first, pool)))
        gains.append(after.mean() - before.mean())
    assert np.mean(gains) > 0.2


def test_a_bill_holds_what_was_asked_and_nothing_else() -> None:
    first, pool = instance(2, 1).first("complex")
    before = pool.paid.copy(), list(pool.returned)
    paid, asked = bill(first, pool), bill(first, pool, ask=True)
    assert (pool.paid == before[0]).all()
    assert pool.returned == before[1]
    assert paid.extra == 0 < asked.extra
    kept = paid.statements[list(paid.task.locked_out)]
    assert set(kept.tolist()) == set(pool.returned) | set(first.statements.tolist())
    noisy = ClosedPool.utilities(pool, pool.agents, paid.statements)
    known = np.isfinite(paid.task.values)
    assert (paid.task.values[known] == noisy[known]).all()
    assert (known == (pool.paid[paid.statements].T & (noisy >= 0))).all()
    assert np.array_equal(np.isfinite(asked.task.values), noisy >= 0)
    assert asked.extra + np.count_nonzero(pool.paid[kept]) == len(kept) * 60
    # Copies: one more than the slate holds, as far as the budget goes, and one that can only be asked for.
    held, copies = Counter(first.statements.tolist()), Counter(paid.statements.tolist())
    for a in kept.tolist():
        assert copies[a] == min(held[a] + 1, BUDGET // int(universe().costs[a])) + 1
    assert (paid.statements[paid.chosen] == first.statements).all()
    assert len(set(paid.chosen.tolist())) == len(paid.chosen)


def test_a_large_pool_is_cut_and_keeps_the_slate() -> None:
    first, pool = instance(1, 0, 600).first("fast")
    paid = bill(first, pool)
    kept = paid.statements[list(paid.task.locked_out)]
    assert len(kept) == 400 < len(set(pool.returned))
    assert set(first.statements.tolist()) <= set(kept.tolist()) <= set(pool.returned)
    counts = np.bincount(universe().costs[kept], minlength=6)[1:]
    of_all = np.bincount(universe().costs[sorted(set(pool.returned))], minlength=6)[1:]
    # As many of every cost as there are, up to one number.
    assert (counts >= np.minimum(of_all, counts.max() - len(first.statements) - 1)).all()


def test_what_a_run_pays_for_is_what_it_asks() -> None:
    pool = Paid(crowd(0), synthetic.accuracies()[1]).fresh()
    pool.support(np.array([3, 5]), np.array([7]), 1.0)
    pool.best_at_level(np.array([1, 2, 3]), 4.0, 3)
    assert np.argwhere(pool.paid).tolist() == [[7, 3], [7, 5]]
    assert len(pool.returned) == 1
    assert not pool.fresh().paid.any()


def test_paired_differences_by_hand() -> None:
    """Three instances, each run again by itself, and the difference taken here."""
    options: dict[str, Any] = {"instances": 3, "levels": 1, "model": "random", "seed": 8}
    result = synthetic.run(processes=("complex", "complex+refine"), **options)
    plain, better = result["cells"]
    assert "paired" not in plain
    alone = synthetic.run(processes=("complex+refine",), **options)["cells"][0]
    assert "paired" not in alone  # nothing to be compared with
    assert {key: value for key, value in better.items() if key != "paired"} == alone
    differences = []
    for number in range(3):
        opinions = np.random.default_rng([8, 1, 60, number]).integers(1, 6, (60, 5))
        drawn = Universe.drawn(8)
        truth = Crowd(Opinions(opinions, drawn), drawn, np.arange(len(drawn.costs)), drawn.costs)
        errors = int(np.random.SeedSequence([8, 2, 60, number, 0]).generate_state(1, np.uint64)[0])
        one = Instance(drawn, truth, synthetic.accuracies(1)[0], "random", errors)
        means = []
        for name in ("complex", "complex+refine"):
            chosen = SETTINGS[name](one)
            mine = truth.utilities(truth.agents, chosen.statements)[np.arange(60), chosen.assignment]
            means.append(float(np.where(chosen.assignment >= 0, mine, 0.0).mean()))
        differences.append(means[1] - means[0])
    paired = better["paired"]
    assert paired["to"] == "complex"
    assert paired["mean_utility"] == pytest.approx(sum(differences) / 3)
    spread = sum((d - sum(differences) / 3) ** 2 for d in differences) / 2
    assert paired["se"]["mean_utility"] == pytest.approx((spread / 3) ** 0.5)
    assert paired["violations"] == better["violations"] - plain["violations"]
    assert paired["frontier"][0] == pytest.approx(better["frontier"][0] - plain["frontier"][0])
    assert paired["questions"] == 0 == paired["se"]["questions"]


@pytest.mark.long
def test_json_schema_and_same_seed_same_result() -> None:
    options: dict[str, Any] = {"instances": 2, "levels": 2, "agents": 45, "seed": 4, "model": "worst"}
    names = ("fast", "fast+refine", "fast+ask+refine", "uniform-approx")
    one, two = (synthetic.run(processes=names, **options) for _ in range(2))
    assert json.dumps(one) == json.dumps(two)
    figures = {
        "mean_utility",
        "p10_utility",
        "violations",
        "statements",
        "unassigned",
        "questions",
        "pairs",
        "frontier",
    }
    assert len(one["cells"]) == 2 * len(names)
    for cell in one["cells"]:
        assert set(cell) - {"paired"} == figures | {"level", "accuracy", "model", "process", "instances", "se"}
        assert set(cell["se"]) == figures
        assert len(cell["frontier"]) == len(SLACKS) == len(cell["se"]["frontier"])
        assert ("paired" in cell) == bool(plain_name(cell["process"]))
        if "paired" in cell:
            assert set(cell["paired"]) == figures | {"to", "se"}
            assert (cell["paired"]["pairs"] > 0) == ("ask" in cell["process"])


def test_counting_by_opinion_is_counting() -> None:
    """Support at every level, and the frontier, against the agents one by one."""
    many = crowd(7, MANY + 20)
    whole = many.utilities(many.agents, np.arange(many.size))
    for seed, size in ((0, MANY + 20), (1, 40), (2, 1)):
        group = np.sort(np.random.default_rng(seed).choice(MANY + 20, size, replace=False))
        for level in (-11.0, -10.0, -3.0, 0.0, 2.5, 9.0, 10.0, 11.0):
            expected = (whole[group] >= level).sum(axis=0)
            assert (many.support(group, np.arange(many.size), level) == expected).all()
            assert (many.full.support(group, np.arange(many.full.size), level) == expected[universe().full]).all()
    shares = needs(universe().costs, MANY + 20, BUDGET)
    for seed in range(2):
        mine = np.random.default_rng(seed).integers(-4 * seed, 9, MANY + 20).astype(np.float64)
        expected = frontier_of_levels(mine, whole.astype(np.int8), shares, THETAS, SLACKS)
        assert many.frontier(mine, shares) == pytest.approx(expected, abs=1e-12)
