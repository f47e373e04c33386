"""alpha of JR for utilities: against every coalition, and beside cJR and JR."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from brute_force import alpha_of
from folkmoot.audits import AUDITS, Subject, cbjr
from folkmoot.testing.instances import Instance, instances, some_slate


def test_alpha_is_the_definition() -> None:
    seen = set()
    for number, instance in instances(301, 60, n=6, m=5, weighted=True, budget=6):
        slate, assignment = some_slate(np.random.default_rng([301, number]), instance)
        subject = Subject(instance.pool(), slate, assignment, instance.budget)
        found = AUDITS["alpha-jr"].check(subject)
        assert found.ratio == alpha_of(instance, slate)
        # A need of whole agents is reached by the same groups, so the verdict is that of cJR.
        assert found.holds == (not cbjr.violations(subject, subject.best, subject.offers))
        seen.add(found.holds)
    assert seen == {True, False}


def test_alpha_is_not_rounded_where_the_need_is() -> None:
    """Three people, two seats: one of them is 2/3 of a share, though half of the two that it takes."""
    values = np.array([[1, 0, 0], [1, 0, 0], [0, 0, 1]], dtype=np.float64)
    instance = Instance(values, np.ones(3, dtype=np.int64), np.ones(3, dtype=np.int64), 2)
    subject = Subject(instance.pool(), np.array([0, 1]), np.array([0, 0, 1]), 2)
    found = AUDITS["alpha-jr"].check(subject)
    assert (found.holds, found.ratio) == (True, Fraction(2, 3))
    assert found.witness.members.tolist() == [2]
    assert cbjr.frontier(subject, subject.best, subject.offers, np.array([0.0])).tolist() == [0.5]
