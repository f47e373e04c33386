"""The smallest quota: the axiom holds just above it and fails at it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from exact_definitions import Axioms

from folkmoot.audits import Subject, smallest_quota
from folkmoot.profile import InputError
from folkmoot.testing.instances import instances, some_slate


@pytest.mark.parametrize("axiom", ["jr", "pjr", "ejr", "fjr", "core"])
def test_against_the_definitions(axiom: str) -> None:
    for number, instance in instances(61, 100, n=6, m=4, kinds=("approval",), weighted=True, budget=6):
        chosen, assignment = some_slate(np.random.default_rng([61, number]), instance)
        subject = Subject(instance.pool(), chosen, assignment, instance.budget)
        found = smallest_quota(subject, axiom, 1.0)
        worst = max(Axioms(instance, chosen, 1.0).complaints(axiom), default=Fraction(0))
        assert found.limit == worst, number
        assert found.hare == Fraction(instance.total, instance.budget)
        assert found.holds_at(found.hare) == found.finding.holds, number
        assert not found.holds_at(worst)
        assert found.holds_at(worst + Fraction(1, 1000))
        assert found.at_droop == (worst <= Fraction(instance.total, instance.budget + 1)), number


def test_ejr_plus() -> None:
    """A candidate outside and a group: mass over (what the best-served has + the candidate), largest."""
    for number, instance in instances(62, 200, n=6, m=4, kinds=("approval",), weighted=True, unit_cost=True, budget=4):
        chosen, assignment = some_slate(np.random.default_rng([62, number]), instance)
        found = smallest_quota(Subject(instance.pool(), chosen, assignment, instance.budget), "ejr-plus", 1.0)
        approve = instance.values >= 1
        has = approve[:, chosen].sum(axis=1)
        worst = Fraction(0)
        for a in set(range(instance.m)) - {int(c) for c in chosen}:
            for least in range(instance.m + 1):
                mass = int(instance.masses[approve[:, a] & (has <= least)].sum())
                worst = max(worst, Fraction(mass, least + 1))
        assert found.limit == worst, number


def test_what_has_no_quota() -> None:
    _, instance = next(instances(63, 1))
    subject = Subject(instance.pool(), np.array([0]), np.zeros(instance.n, dtype=np.int64), instance.budget)
    for axiom in ("cbjr", "priceability"):
        with pytest.raises(InputError, match="no quota"):
            smallest_quota(subject, axiom, 1.0)
