"""Conformance: whatever stands in the registry keeps what it declares, on instances it has never seen.

A new process is tested here without another line. The guarantees themselves are held to a second implementation.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from brute_force import (
    coalitions,
    ejr_plus_up_to_any_violated,
    jr_violated,
    outside,
    own_utilities,
    veto_excess,
    violators,
)
from folkmoot.processes import GUARANTEES, PROCESSES, Problem, Round, Selection, find
from folkmoot.profile import InputError
from folkmoot.testing import Case, check_process
from folkmoot.testing.instances import Instance, instances, some_slate
from folkmoot.testing.processes import chosen, problems


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
    return not ejr_plus_up_to_any_violated(instance, selection.candidates, Problem.approval)


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


# The definitions again, written by another hand. With costs that are all 1 cBJR is BJR.
AGAIN: dict[str, Callable[[Instance, Selection], bool]] = {
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
    "veto_core": lambda instance, selection: veto_excess(instance, selection.candidates) <= 0,
}


# Searches take seconds where rules take milliseconds.
SEARCHES = ("robust", "refine")
QUICK = [process for id, process in PROCESSES.items() if id not in SEARCHES]


@pytest.mark.long
@pytest.mark.parametrize("case", check_process.cases(*(PROCESSES[id] for id in SEARCHES)), ids=str)
def test_a_search_is_as_it_declares(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("folkmoot.testing.processes.TIMES", 3)
    case()


@pytest.mark.parametrize("case", check_process.cases(*QUICK), ids=str)
def test_every_process_is_as_it_declares(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("folkmoot.testing.processes.TIMES", 0.3)
    case()


@pytest.mark.long
@pytest.mark.parametrize("case", check_process.cases(*QUICK), ids=str)
def test_every_process_is_as_it_declares_on_more_instances(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("folkmoot.testing.processes.TIMES", 4)
    case()


@pytest.mark.long
@pytest.mark.parametrize("axiom", sorted(GUARANTEES))
def test_a_guarantee_is_what_its_definition_says(axiom: str) -> None:
    """On any slates, some of which keep it and some of which do not."""
    verdicts = set()
    for number, instance in instances(95, 200, n=6, m=4, weighted=True, unit_cost=axiom.endswith("_unit"), budget=6):
        candidates, assignment = some_slate(np.random.default_rng([95, number]), instance)
        rounds = tuple(
            Round(int(a), np.flatnonzero(assignment == place), None, 0) for place, a in enumerate(candidates)
        )
        selection = Selection(rounds, instance.n, {"levels": [2.0, 1.0, 0.5]})
        found = GUARANTEES[axiom].holds(Problem(instance.pool(), instance.budget), selection)
        assert found == AGAIN[axiom](instance, selection), number
        verdicts.add(found)
    assert verdicts == {True, False}


def test_every_guarantee_is_promised_by_a_process_and_explained() -> None:
    promised = {id for process in PROCESSES.values() for id in process.guarantee}
    assert promised <= set(GUARANTEES)
    assert set(AGAIN) == set(GUARANTEES)
    assert all(" " in guarantee.meaning for guarantee in GUARANTEES.values())


@pytest.mark.long
def test_processes_that_declare_nothing_can_fail_cbjr() -> None:
    """What they do not declare they do not have: otherwise they should."""
    for process in PROCESSES.values():
        if not process.guarantee:
            kept = [cbjr(instance, chosen(process, instance, 1)) for _, instance in problems(process, 81, 60)]
            assert not all(kept), process.id


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
