"""PJR, EJR, FJR and the core against their definitions over all groups and sets, and against each other."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from exact_definitions import Axioms

from folkmoot.audits import AUDITS, Finding, Group, Subject, find
from folkmoot.audits.blocking import core, fjr
from folkmoot.audits.cohesive import ejr, pjr
from folkmoot.processes import PROCESSES, Problem
from folkmoot.profile import InputError, WorkError
from folkmoot.testing.instances import Instance, instances, some_slate

CHECKED = ("jr", "pjr", "ejr", "fjr", "core")
# What implies what with unit costs (Brill and Peters 2023; Peters, Pierczynski, Skowron 2021).
LATTICE = [("core", "fjr"), ("fjr", "ejr"), ("ejr", "pjr"), ("pjr", "jr"), ("ejr-plus", "ejr")]


def subject_of(instance: Instance, seed: int) -> Subject:
    chosen, assignment = some_slate(np.random.default_rng([7, seed]), instance)
    return Subject(instance.pool(), chosen, assignment, instance.budget)


def ratio(found: Finding) -> Fraction:
    assert found.ratio is not None
    return found.ratio


def holds_up(instance: Instance, subject: Subject, found: Finding, level: float) -> None:
    """The witness is what it says."""
    w = found.witness
    if w is None:
        return
    if isinstance(w, Group):
        approve = instance.values >= level
        assert w.mass == int(instance.masses[w.members].sum())
        cost = int(instance.costs[list(w.candidates)].sum())
        assert w.need == -(-cost * instance.total // instance.budget)
        assert (w.mass >= w.need) == (not found.holds)
        assert approve[np.ix_(w.members, np.array(w.candidates))].sum(axis=1).min() >= w.deserved


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("unit_cost", [False, True])
def test_every_axiom_is_its_definition(unit_cost: bool, weighted: bool) -> None:
    failed = dict.fromkeys(CHECKED, 0)
    kinds = ("approval", "integer")
    options = {"n": 6, "m": 4, "kinds": kinds, "unit_cost": unit_cost, "weighted": weighted, "budget": 7}
    for number, instance in instances(31, 60, **options):  # type: ignore[arg-type, unused-ignore]
        subject, level = subject_of(instance, number), float([1, 2, 3][number % 3])
        truth = Axioms(instance, subject.chosen, level)
        for axiom in CHECKED:
            found = find(axiom).check(subject, level)
            assert ratio(found) == truth.ratio(axiom), (axiom, number)
            assert found.holds == (ratio(found) < 1), (axiom, number)
            holds_up(instance, subject, found, level)
            failed[axiom] += not found.holds
            if axiom != "jr":
                quick = find(axiom).check(subject, level, slack=False)
                assert quick.holds == found.holds, (axiom, number)
                holds_up(instance, subject, quick, level)
    assert min(failed.values()) > 5


@pytest.mark.parametrize("weighted", [False, True])
def test_the_integer_programs_agree_with_trying_every_set(weighted: bool) -> None:
    for number, instance in instances(32, 12, n=7, m=5, kinds=("approval",), weighted=weighted, budget=7):
        subject = subject_of(instance, number)
        for check in (core, fjr):
            assert check(subject, 1.0, every=0).ratio == check(subject, 1.0).ratio, (check, number)
            assert check(subject, 1.0, every=0, slack=False).holds == check(subject, 1.0).holds, (check, number)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.long
def test_the_lattice(weighted: bool) -> None:
    """Stronger axioms have larger ratios; priceability of a full slate gives PJR (Peters and Skowron 2020)."""
    strict = dict.fromkeys(LATTICE, 0)
    priced = 0
    for number, instance in instances(
        33, 700, n=9, m=6, kinds=("approval",), unit_cost=True, weighted=weighted, budget=4
    ):
        k = min(instance.budget, instance.m)
        rng = np.random.default_rng([8, number])
        chosen = rng.permutation(instance.m)[:k]
        subject = Subject(instance.pool(), chosen, np.full(instance.n, -1), instance.budget)
        found = {axiom: find(axiom).check(subject, 1.0) for axiom in {a for pair in LATTICE for a in pair}}
        for strong, weak in LATTICE:
            assert found[weak].holds or not found[strong].holds, (strong, weak, number)
            assert ratio(found[strong]) >= ratio(found[weak]), (strong, weak, number)
            strict[strong, weak] += found[weak].holds and not found[strong].holds
        if k == instance.budget and number % 2 == 0:
            price = find("priceability").check(subject, 1.0).holds
            assert found["pjr"].holds or not price, number
            priced += price
    assert priced > 50
    assert all(strict[pair] for pair in LATTICE if pair not in {("core", "fjr")}), strict


@pytest.mark.parametrize("weighted", [False, True])
def test_pav_committees_satisfy_ejr(weighted: bool) -> None:
    """Aziz et al. 2017, Theorem 10."""
    for number, instance in instances(
        34, 200, n=9, m=7, kinds=("approval",), unit_cost=True, weighted=weighted, budget=5
    ):
        selection = PROCESSES["pav"].run(Problem(instance.pool(), instance.budget), np.random.default_rng(0))
        subject = Subject(instance.pool(), selection.candidates, selection.assignment, instance.budget)
        assert ejr(subject, 1.0).holds, number


def test_pav_can_leave_the_core_and_have_no_prices() -> None:
    """Peters and Skowron 2020, Figure 1: three who agree on much get no more than three who agree on nothing."""
    sets = [{0, 1, 2, 3}, {0, 1, 2, 4}, {0, 1, 2, 5}, {6, 7, 8}, {9, 10, 11}, {12, 13, 14}]
    values = np.array([[a in s for a in range(15)] for s in sets], dtype=np.float64)
    instance = Instance(values, np.ones(15, dtype=np.int64), np.ones(6, dtype=np.int64), 12)
    chosen = PROCESSES["pav"].run(Problem(instance.pool(), 12), np.random.default_rng(0)).candidates
    assert sorted(chosen.tolist()) == [0, 1, 2, *range(6, 15)]
    found = core(Subject(instance.pool(), chosen, np.full(6, -1), 12), 1.0)
    assert not found.holds
    assert found.witness.candidates == (0, 1, 2, 3, 4, 5)
    assert found.witness.members.tolist() == [0, 1, 2]
    assert not find("priceability").check(Subject(instance.pool(), chosen, np.full(6, -1), 12), 1.0).holds
    laminar = np.array([0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 12, 13])
    assert core(Subject(instance.pool(), laminar, np.full(6, -1), 12), 1.0).holds
    assert find("priceability").check(Subject(instance.pool(), laminar, np.full(6, -1), 12), 1.0).holds


def test_pjr_without_ejr() -> None:
    """A group of everyone that approves all of {0, 1}: each member may have one of two others, and PJR is content."""
    values = np.array([[1, 1, 1, 0], [1, 1, 0, 1]], dtype=np.float64)
    instance = Instance(values, np.ones(4, dtype=np.int64), np.array([1, 1]), 2)
    subject = Subject(instance.pool(), np.array([2, 3]), np.array([0, 1]), 2)
    assert pjr(subject, 1.0).holds
    found = ejr(subject, 1.0)
    assert not found.holds
    assert found.ratio == 1
    assert found.witness.candidates == (0, 1)
    assert found.witness.members.tolist() == [0, 1]
    assert (found.witness.deserved, found.witness.has) == (2, 1)


def large(n: int, m: int) -> Subject:
    rng = np.random.default_rng(36)
    values = (rng.random((n, m)) < 0.4).astype(np.float64)
    instance = Instance(values, np.ones(m, dtype=np.int64), np.ones(n, dtype=np.int64), 10)
    return Subject(instance.pool(), np.arange(10), np.arange(n) % 10, 10)


def test_what_is_too_large_says_what_to_do_instead() -> None:
    with pytest.raises(WorkError, match=r"EJR: .*EJR\+ and its slack"):
        ejr(large(300, 60), 1.0, nodes=100)
    for check in (core, fjr):
        with pytest.raises(InputError, match=r"too many.*EJR\+ and its slack"):
            check(large(3000, 60), 1.0)
        with pytest.raises(WorkError, match=r"not proved within 0 seconds.*EJR\+ and its slack"):
            check(large(30, 20), 1.0, time_limit=0.0)
    with pytest.raises(InputError, match=r"priceability: .*EJR\+"):
        find("priceability").check(large(300, 60), 1.0)


def test_a_thousand_people() -> None:
    """A size at which exact checks elsewhere give up: eight clusters, about ten approvals each."""
    rng = np.random.default_rng(37)
    cluster = rng.choice(8, 1000, p=rng.dirichlet(np.ones(8)))
    values = (rng.random((1000, 100)) < np.where(rng.random((8, 100)) < 0.12, 0.6, 0.03)[cluster]).astype(np.float64)
    instance = Instance(values, np.ones(100, dtype=np.int64), np.ones(1000, dtype=np.int64), 10)
    subject = Subject(instance.pool(), np.arange(10), np.arange(1000) % 10, 10)
    ratios = [ratio(find(axiom).check(subject, 1.0)) for axiom in ("jr", "pjr", "ejr", "ejr-plus")]
    assert ratios == sorted(ratios)
    assert ratios[0] > 0


def test_nothing_to_ask_for() -> None:
    instance = Instance(np.zeros((3, 2)), np.ones(2, dtype=np.int64), np.ones(3, dtype=np.int64), 1)
    subject = Subject(instance.pool(), np.array([0]), np.zeros(3, dtype=np.int64), 1)
    for axiom in CHECKED:
        assert find(axiom).check(subject, 1.0) == Finding(True, Fraction(0), None)


def test_every_audit_declares_its_limit() -> None:
    for id, entry in AUDITS.items():
        assert entry.id == id
        assert entry.exactness
        assert entry.limit
        assert entry.source
    with pytest.raises(InputError, match=r"'love'.*ejr-plus"):
        find("love")
