"""Conformance: whatever stands in the registry keeps what it declares, on instances it has never seen.

A new process is tested here without another line, unless it declares a guarantee nobody has checked yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from brute_force import Instance, coalitions, instances, jr_violated, outside, own_utilities, violators
from folkmoot.audits import Subject, approval
from folkmoot.processes import PROCESSES, Problem, Selection, find
from folkmoot.profile import InputError

EVERY = sorted(PROCESSES)


def cbjr(instance: Instance, selection: Selection) -> bool:
    own = own_utilities(instance.values, selection.candidates, selection.assignment)
    return not violators(instance, own, outside(instance, selection.candidates))


def cbjr_levels(instance: Instance, selection: Selection) -> bool:
    own = own_utilities(instance.values, selection.candidates, selection.assignment)
    levels = selection.parameters["levels"]
    return not violators(instance, own, outside(instance, selection.candidates), thetas=levels)


def cjr(instance: Instance, selection: Selection) -> bool:
    best = np.array([max((row[a] for a in selection.candidates), default=-np.inf) for row in instance.values])
    return not violators(instance, best, outside(instance, selection.candidates))


def jr(instance: Instance, selection: Selection) -> bool:
    return not jr_violated(instance, selection.candidates, Problem.approval)


def ejr_plus(instance: Instance, selection: Selection) -> bool:
    """By the auditor, which test_approval.py holds to the definition."""
    subject = Subject(instance.pool(), selection.candidates, selection.assignment, instance.budget)
    return approval.ejr_plus(subject, subject.slate, subject.offers, Problem.approval).holds


def pjr_plus(instance: Instance, selection: Selection) -> bool:
    """PJR+ up to any statement: no group could pay for a on top of all that its members approve in the slate."""
    approve = instance.values >= Problem.approval
    chosen = [int(a) for a in selection.candidates]
    every = coalitions(instance.n)
    has = ((every.astype(np.int64) @ approve[:, chosen]) > 0) @ instance.costs[chosen]
    wanted = every.astype(np.int64) @ ~approve == 0
    paid = ((every @ instance.masses) * instance.budget)[:, None] >= (has[:, None] + instance.costs) * instance.total
    return not (wanted & paid)[:, outside(instance, chosen)].any()


def ejr_up_to_one(instance: Instance, selection: Selection) -> bool:
    """Peters, Pierczynski, Skowron 2021, Definition 4: a group S that could pay for statements T has a member who
    gets as much from the slate as from T by S's lowest utilities, or would get more with one statement of T."""
    gain = np.maximum(instance.values, 0.0)
    chosen = [int(a) for a in selection.candidates]
    every = coalitions(instance.n)
    shares = (every @ instance.masses) * instance.budget
    have = gain[:, chosen].sum(axis=1)
    lowest = np.array([gain[s].min(axis=0) for s in every])
    for t in coalitions(instance.m):
        more = have + np.where(t & ~np.isin(np.arange(instance.m), chosen), gain, 0.0).max(axis=1)
        worth = lowest[:, t].sum(axis=1)[:, None]
        content = ((have >= worth - 1e-6) | (more > worth - 1e-6)) & every
        if ((int(instance.costs[t].sum()) * instance.total <= shares) & ~content.any(axis=1)).any():
            return False
    return True


# What a declared guarantee means. With costs that are all 1 cBJR is BJR.
AXIOMS: dict[str, Callable[[Instance, Selection], bool]] = {
    "bjr": cbjr,
    "cbjr": cbjr,
    "cbjr-levels": cbjr_levels,
    "cjr": cjr,
    "jr": jr,
    "jr_unit": lambda instance, selection: bool((instance.costs > 1).any()) or jr(instance, selection),
    "ejr_plus_unit": lambda instance, selection: bool((instance.costs > 1).any()) or ejr_plus(instance, selection),
    "ejr_plus": ejr_plus,
    "pjr_plus": pjr_plus,
    "ejr_up_to_one": ejr_up_to_one,
}


def settings(process: str, seed: int, count: int, **options: Any) -> Iterator[tuple[int, Instance]]:
    """Random instances the process accepts, with and without weights."""
    for weighted in (False, True):
        for number, instance in instances(
            seed + weighted, count, unit_cost=PROCESSES[process].unit_cost, weighted=weighted, **options
        ):
            if (instance.costs <= instance.budget).any():
                yield number, instance


def same(one: Selection, other: Selection) -> bool:
    return one.parameters == other.parameters and [
        (r.candidate, r.agents.tolist(), r.level, r.support, r.tied, r.tied_agents) for r in one.rounds
    ] == [(r.candidate, r.agents.tolist(), r.level, r.support, r.tied, r.tied_agents) for r in other.rounds]


@pytest.mark.parametrize("process", [name for name in EVERY if PROCESSES[name].guarantee])
def test_every_declared_guarantee_holds(process: str) -> None:
    entry = PROCESSES[process]
    assert set(entry.guarantee) <= AXIOMS.keys(), "a guarantee without a check: add it to AXIOMS"
    for number, instance in settings(process, 81, 250, n=7, m=6):
        selection = entry.run(Problem(instance.pool(), instance.budget), np.random.default_rng(number))
        for axiom in entry.guarantee:
            assert AXIOMS[axiom](instance, selection), (axiom, number)


@pytest.mark.long
def test_processes_that_declare_nothing_can_fail_cbjr() -> None:
    """What they do not declare they do not have: otherwise they should."""
    for process in EVERY:
        if not PROCESSES[process].guarantee:
            kept = [
                cbjr(instance, find(process).run(Problem(instance.pool(), instance.budget), np.random.default_rng(1)))
                for _, instance in settings(process, 81, 60)
            ]
            assert not all(kept), process


@pytest.mark.parametrize("multiset", [False, True])
@pytest.mark.parametrize("process", EVERY)
def test_budget_and_assignment(process: str, multiset: bool) -> None:
    for number, instance in settings(process, 83, 80):
        problem = Problem(instance.pool(), instance.budget, multiset=multiset)
        selection = PROCESSES[process].run(problem, np.random.default_rng(number))
        chosen = selection.candidates
        assert int(instance.costs[chosen].sum()) <= instance.budget, number
        assert ((chosen >= 0) & (chosen < instance.m)).all()
        if not multiset:
            assert len(set(chosen.tolist())) == len(chosen), number
        represented = [int(i) for r in selection.rounds for i in r.agents]
        assert len(set(represented)) == len(represented), f"an agent in two rounds ({number})"
        assert len(selection.assignment) == selection.n_agents == instance.n
        for place, r in enumerate(selection.rounds):
            assert np.flatnonzero(selection.assignment == place).tolist() == r.agents.tolist(), number
            assert r.candidate not in r.tied
        assert sorted(represented) == np.flatnonzero(selection.assignment >= 0).tolist()


@pytest.mark.parametrize("process", EVERY)
def test_locked_in_comes_first_and_locked_out_never(process: str) -> None:
    locks = 0
    for number, instance in settings(process, 85, 80, m=6):
        rng = np.random.default_rng([85, number])
        order = [int(a) for a in rng.permutation(instance.m)]
        locked_in: list[int] = []
        for a in order[: int(rng.integers(0, 3))]:
            if instance.costs[[*locked_in, a]].sum() <= instance.budget:
                locked_in.append(a)
        locked_out = [a for a in order if a not in locked_in][: int(rng.integers(0, 3))]
        problem = Problem(instance.pool(), instance.budget, tuple(locked_in), tuple(locked_out))
        selection = PROCESSES[process].run(problem, np.random.default_rng(number))
        chosen = selection.candidates.tolist()
        assert chosen[: len(locked_in)] == locked_in, number
        assert not set(chosen) & set(locked_out), number
        assert len(set(chosen)) == len(chosen), number
        assert int(instance.costs[chosen].sum()) <= instance.budget, number
        locks += len(locked_in) + len(locked_out)
    assert locks > 100


@pytest.mark.parametrize("process", EVERY)
def test_everything_may_be_locked_out(process: str) -> None:
    for number, instance in settings(process, 87, 20):
        problem = Problem(instance.pool(), instance.budget, locked_out=tuple(range(instance.m)))
        selection = PROCESSES[process].run(problem, np.random.default_rng(number))
        assert not selection.rounds
        assert (selection.assignment == -1).all()


@pytest.mark.parametrize("process", EVERY)
def test_same_seed_same_slate(process: str) -> None:
    for number, instance in settings(process, 89, 30):
        problem = Problem(instance.pool(), instance.budget)
        runs = [PROCESSES[process].run(problem, np.random.default_rng(number)) for _ in range(2)]
        fresh = PROCESSES[process].run(Problem(instance.pool(), instance.budget), np.random.default_rng(number))
        assert same(runs[0], runs[1]), number
        assert same(runs[0], fresh), number


@pytest.mark.parametrize("process", [name for name in EVERY if name != "random"])
def test_only_random_looks_at_the_seed(process: str) -> None:
    for _, instance in settings(process, 91, 30):
        runs = [
            PROCESSES[process].run(Problem(instance.pool(), instance.budget), np.random.default_rng(seed))
            for seed in (1, 2)
        ]
        assert same(runs[0], runs[1])


def test_random_takes_every_statement_first_about_as_often() -> None:
    """Chi-squared at 0.1 % on 400 first choices among five."""
    from scipy.stats import chisquare

    instance = Instance(np.zeros((4, 5)), np.ones(5, dtype=np.int64), np.ones(4, dtype=np.int64), 2)
    problem = Problem(instance.pool(), 2)
    first = [int(find("random").run(problem, np.random.default_rng(s)).candidates[0]) for s in range(400)]
    assert chisquare(np.bincount(first, minlength=5)).pvalue > 0.001


def test_popular_goes_by_mean_utility() -> None:
    """The best mean first, then whatever still fits (weights count)."""
    for number, instance in instances(93, 300, weighted=True, kinds=("integer",)):
        chosen = find("popular").run(Problem(instance.pool(), instance.budget), np.random.default_rng(0)).candidates
        totals = [int((instance.masses * instance.values[:, a]).sum()) for a in range(instance.m)]
        left, expected = instance.budget, []
        for a in sorted(range(instance.m), key=lambda a: (-totals[a], a)):
            if instance.costs[a] <= left:
                expected.append(a)
                left -= int(instance.costs[a])
        assert chosen.tolist() == expected, number


def test_an_unknown_process_is_named_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"'monarchy'.*democratic-fast"):
        find("monarchy")
