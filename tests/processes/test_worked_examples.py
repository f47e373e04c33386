"""The worked examples of both papers, with the utilities as printed.

What the paper states of them is verified by brute force over all slates and all balanced assignments, and the audits
and processes are held against it. The two instances of GSC's Appendix A: test_gsc_appendix_a.py.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection

import numpy as np
import pytest

from brute_force import (
    balanced_assignments,
    jr_violated,
    meets_bjr,
    outside,
    own_utilities,
    violators,
)
from folkmoot.audits import Subject
from folkmoot.audits.approval import jr
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


def multisets_with(instance: Instance) -> set[Slate]:
    """All slates that meet BJR where a statement may be chosen again and asked for again."""
    every = itertools.combinations_with_replacement(range(instance.m), instance.budget)
    return {s for s in every if meets_bjr(instance, s, range(instance.m))}


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

# GSC Table 1: alpha, alpha', beta, beta'.
TABLE_1 = unit([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1]], k=3)
ALPHA, ALPHA_AGAIN, BETA, BETA_AGAIN = range(4)


def test_gsc_table_1_jr_is_met_and_bjr_fails() -> None:
    """k = n = 3: {alpha, beta, beta'} meets JR and fails BJR.

    Two thirds of the agents want alpha, yet two thirds of the slate speak for the other third. One of the two is
    assigned beta or beta', whatever the balanced assignment.
    """
    slate = (ALPHA, BETA, BETA_AGAIN)
    assert meets_jr(TABLE_1, slate)
    assert not meets_bjr(TABLE_1, slate)
    assert not by_audit(TABLE_1, slate)
    # Every slate that meets BJR gives the two agents two statements.
    expected = {(ALPHA, ALPHA_AGAIN, BETA), (ALPHA, ALPHA_AGAIN, BETA_AGAIN)}
    assert slates_with(TABLE_1, meets_bjr) == slates_with(TABLE_1, by_audit) == expected
    assert slates_with(TABLE_1, meets_jr) > expected
    # As multisets, with every statement of the universe to ask for (Definition 1): alpha twice does as well.
    pairs = {(0, 0), (0, 1), (1, 1)}
    assert multisets_with(TABLE_1) == {(*pair, b) for pair in pairs for b in (BETA, BETA_AGAIN)}


def test_gsc_table_1_in_the_audit_room() -> None:
    subject = Subject(TABLE_1.pool(), np.array([ALPHA, BETA, BETA_AGAIN]), np.array([0, 1, 2]), 3)
    assert jr(subject, subject.slate, subject.offers, 1.0).holds
    assert violations(subject, subject.best, subject.offers) == []
    (hit,) = violations(subject, subject.own, subject.offers)
    assert (hit.candidate, hit.theta, hit.members.tolist(), hit.mass, hit.need) == (ALPHA_AGAIN, 1.0, [1], 1, 1)


@pytest.mark.parametrize("process", BJR_PROCESSES)
def test_gsc_table_1_what_the_processes_choose(process: str) -> None:
    assert tuple(sorted(chosen_by(process, TABLE_1).candidates.tolist())) in slates_with(TABLE_1, meets_bjr)


# GSC Table 2: alpha1, alpha2, beta, beta'.
TABLE_2 = unit([[3, 0, 2, 2], [0, 3, 2, 2]], k=2)


def test_gsc_table_2_only_the_two_favourites_meet_bjr() -> None:
    """k = n = 2: only {alpha1, alpha2} meets BJR, and EJR and FJR rule it out."""
    assert slates_with(TABLE_2, meets_bjr) == slates_with(TABLE_2, by_audit) == {(0, 1)}
    assert multisets_with(TABLE_2) == {(0, 1)}
    # Both agents together may pay for both betas, and each would have 4 of them; the slate gives each 3. With every
    # beta worth 2 to each, the same coalition is one of EJR (unanimous values) and of FJR (values of the set).
    together = TABLE_2.values[:, [2, 3]].sum(axis=1)
    assert together.tolist() == [4, 4]
    assert (TABLE_2.values[:, [0, 1]].sum(axis=1) < together).all()


@pytest.mark.parametrize("process", BJR_PROCESSES)
def test_gsc_table_2_what_the_processes_choose(process: str) -> None:
    selection = chosen_by(process, TABLE_2)
    assert sorted(selection.candidates.tolist()) == [0, 1]
    own = own_utilities(TABLE_2.values, selection.candidates, selection.assignment)
    assert own.tolist() == [3.0, 3.0]


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
