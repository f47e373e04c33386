"""The worked examples of both papers.

Where the printed utilities were not at hand, the instance was reconstructed to have exactly the property that the
paper states, and the property is verified by brute force over all slates and all balanced assignments.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection

import numpy as np
import pytest

from brute_force import (
    balanced_assignments,
    ejr_plus_violated,
    jr_violated,
    meets_bjr,
    outside,
    own_utilities,
    violators,
)
from folkmoot.audits import Subject
from folkmoot.audits.approval import ejr_plus, jr
from folkmoot.audits.cbjr import violations
from folkmoot.processes import PROCESSES, Problem, Selection
from folkmoot.testing.instances import Instance

Slate = tuple[int, ...]


def unit(rows: list[list[float]], k: int) -> Instance:
    values = np.array(rows, dtype=np.float64)
    return Instance(values, np.ones(values.shape[1], dtype=np.int64), np.ones(values.shape[0], dtype=np.int64), k)


def slates_with(instance: Instance, holds: Callable[[Instance, Slate], bool]) -> set[Slate]:
    """All slates of k different statements that have a property."""
    return {s for s in itertools.combinations(range(instance.m), instance.budget) if holds(instance, s)}


def by_audit(instance: Instance, slate: Slate) -> bool:
    """BJR as the audit room decides it: some balanced assignment without a violation."""
    pool = instance.pool()
    for assignment in balanced_assignments(instance.n, len(slate)):
        subject = Subject(pool, np.array(slate), assignment, instance.budget)
        if not violations(subject, subject.own, subject.offers):
            return True
    return False


def meets_jr(instance: Instance, slate: Slate) -> bool:
    """JR at every threshold at once (utilities in place of approvals)."""
    return not any(jr_violated(instance, slate, float(level)) for level in np.unique(instance.values))


def chosen_by(process: str, instance: Instance) -> Selection:
    return PROCESSES[process].run(Problem(instance.pool(), instance.budget), np.random.default_rng(0))


BJR_PROCESSES = ("bjr", "democratic-fast", "democratic-complex")

# alpha, alpha', beta, beta'. Two of the three agents care for alpha (alpha' says the same again), one for beta.
TABLE_1 = unit([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1]], k=3)
ALPHA, ALPHA_AGAIN, BETA, BETA_AGAIN = range(4)


def test_gsc_table_1_jr_is_met_and_bjr_fails() -> None:
    """k = n = 3: {alpha, beta, beta'} meets JR and fails BJR.

    Reconstructed to have the property the paper states: two thirds of the agents want alpha, yet two thirds of the
    slate speak for the other third. One of the two is assigned beta or beta', whatever the balanced assignment.
    """
    slate = (ALPHA, BETA, BETA_AGAIN)
    assert meets_jr(TABLE_1, slate)
    assert not meets_bjr(TABLE_1, slate)
    assert not by_audit(TABLE_1, slate)
    # Every slate that meets BJR gives the two agents two statements.
    expected = {(ALPHA, ALPHA_AGAIN, BETA), (ALPHA, ALPHA_AGAIN, BETA_AGAIN)}
    assert slates_with(TABLE_1, meets_bjr) == slates_with(TABLE_1, by_audit) == expected
    assert slates_with(TABLE_1, meets_jr) > expected


def test_gsc_table_1_in_the_audit_room() -> None:
    subject = Subject(TABLE_1.pool(), np.array([ALPHA, BETA, BETA_AGAIN]), np.array([0, 1, 2]), 3)
    assert jr(subject, subject.slate, subject.offers, 1.0).holds
    assert violations(subject, subject.best, subject.offers) == []
    (hit,) = violations(subject, subject.own, subject.offers)
    assert (hit.candidate, hit.theta, hit.members.tolist(), hit.mass, hit.need) == (ALPHA_AGAIN, 1.0, [1], 1, 1)


@pytest.mark.parametrize("process", BJR_PROCESSES)
def test_gsc_table_1_what_the_processes_choose(process: str) -> None:
    assert tuple(sorted(chosen_by(process, TABLE_1).candidates.tolist())) in slates_with(TABLE_1, meets_bjr)


# alpha1, alpha2: one agent's favourite each, worthless to the other. beta1, beta2: almost as good for both.
TABLE_2 = unit([[10, 0, 9, 9], [0, 10, 9, 9]], k=2)


def test_gsc_table_2_only_the_two_favourites_meet_bjr() -> None:
    """k = n = 2: only {alpha1, alpha2} meets BJR.

    Reconstructed to have the property the paper states. Each agent is a coalition of n/k and may insist on its
    favourite, so no slate of compromises does, good as it is for everyone.
    """
    assert slates_with(TABLE_2, meets_bjr) == slates_with(TABLE_2, by_audit) == {(0, 1)}


@pytest.mark.parametrize("process", BJR_PROCESSES)
def test_gsc_table_2_what_the_processes_choose(process: str) -> None:
    selection = chosen_by(process, TABLE_2)
    assert sorted(selection.candidates.tolist()) == [0, 1]
    own = own_utilities(TABLE_2.values, selection.candidates, selection.assignment)
    assert own.tolist() == [10.0, 10.0]


def test_gsc_appendix_a_bjr_does_not_imply_ejr_plus() -> None:
    """Incomparability, one way: a slate meets BJR and fails the axiom for larger groups.

    Reconstructed to have the property the paper states, for EJR+ (the strongest axiom on approvals this room
    checks). n = k = 2: both approve a, b and c, d one each. {c, d}: each has one approved statement and is content as
    far as BJR goes; together they are two agents who agree on a and may ask for two.
    """
    instance = unit([[1, 1, 1, 0], [1, 1, 0, 1]], k=2)
    slate = (2, 3)
    assert meets_bjr(instance, slate)
    assert by_audit(instance, slate)
    assert ejr_plus_violated(instance, slate, 1.0)
    subject = Subject(instance.pool(), np.array(slate), np.array([0, 1]), 2)
    found = ejr_plus(subject, subject.slate, subject.offers, 1.0)
    assert not found.holds
    assert found.satisfaction == 1
    assert found.witness is not None
    assert found.witness.members.tolist() == [0, 1]


def test_gsc_appendix_a_ejr_plus_does_not_imply_bjr() -> None:
    """Incomparability, the other way: a slate meets EJR+ at every threshold and fails BJR.

    Reconstructed to have the property the paper states. n = k = 2: a is for both, b for nobody, c and d for one
    each. {a, b}: everybody approves something, nobody else shares c or d; but a can represent only one of the two.
    """
    instance = unit([[1, 0, 1, 0], [1, 0, 0, 1]], k=2)
    slate = (0, 1)
    assert not meets_bjr(instance, slate)
    assert not by_audit(instance, slate)
    for level in (0.0, 1.0):
        assert not ejr_plus_violated(instance, slate, level)
        subject = Subject(instance.pool(), np.array(slate), np.array([0, 1]), 2)
        assert ejr_plus(subject, subject.slate, subject.offers, level).holds
    # BJR asks for c or d beside a (or for both of them).
    assert slates_with(instance, meets_bjr) == {(0, 2), (0, 3), (2, 3)}


def test_ng_nine_against_one() -> None:
    """NG 2.2: nine agents hold X, one the opposite; each statement costs B/10.

    {alpha_X, alpha_not_X} satisfies cJR and "can be seen as highly misleading"; cBJR requires that the statements
    for X have a total length of 9B/10.
    """
    values = np.zeros((10, 10))
    values[:9, :9] = 1.0  # nine statements that say X
    values[9, 9] = 1.0
    instance = Instance(values, np.full(10, 2), np.ones(10, dtype=np.int64), 20)

    def subject_of(slate: list[int], assignment: Collection[int]) -> Subject:
        return Subject(instance.pool(), np.array(slate), np.array(list(assignment)), 20)

    subject = subject_of([0, 9], [0, *[-1] * 8, 1])
    assert violations(subject, subject.best, subject.offers) == []
    assert {w.candidate for w in violations(subject, subject.own, subject.offers)} == set(range(1, 9))
    for size in range(1, 10):
        # The balanced assignments of a slate with so many statements for X differ only in names.
        slate = [*range(size), 9]
        assignment = np.array([*range(size), *[-1] * (9 - size), size])
        own = own_utilities(values, slate, assignment)
        assert bool(violators(instance, own, outside(instance, slate))) == (size < 9)
    for process in ("democratic-fast", "democratic-complex"):
        selection = chosen_by(process, instance)
        assert sorted(selection.candidates.tolist()) == list(range(10))
        assert own_utilities(values, selection.candidates, selection.assignment).tolist() == [1.0] * 10
