"""The sweep of the audit against all coalitions, statements and thresholds."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from brute_force import complaints, largest, outside, own_utilities, violators, worst_ratio
from folkmoot.audits import Subject
from folkmoot.audits.cbjr import Witness, frontier, sweep, violations, worst
from folkmoot.profile import FloatArray
from folkmoot.queries.coalitions import largest_coalitions, members, possible
from folkmoot.testing.instances import Instance, instances, some_slate

# Differences of these are exact, so own < theta - b and own + b < theta say the same.
EXACT = ("approval", "integer", "sixteenths")
SLACKS = (0.0, 0.0625, 0.5, 1.0, 2.0)


def subject_of(instance: Instance, seed: int) -> Subject:
    chosen, assignment = some_slate(np.random.default_rng(seed), instance)
    return Subject(instance.pool(), chosen, assignment, instance.budget)


def own_of(instance: Instance, subject: Subject) -> FloatArray:
    return own_utilities(instance.values, subject.chosen, subject.assignment)


def is_coalition(instance: Instance, own: FloatArray, w: Witness, slack: float) -> None:
    """Definition 2.1 (ii) and (iii) for every member, and the figures beside it."""
    assert len(w.members)
    assert (instance.values[w.members, w.candidate] >= w.theta).all()
    assert (own[w.members] < w.theta - slack).all()
    assert w.mass == sum(int(instance.masses[i]) for i in set(w.members.tolist()))
    assert w.need == instance.need(w.candidate)
    assert w.violates == (w.mass >= instance.need(w.candidate))
    gaps = [instance.values[i, w.candidate] - own[i] for i in w.members if own[i] > -np.inf]
    assert w.gap == pytest.approx(float(np.mean(gaps))) if gaps else np.isnan(w.gap)


def as_complaint(w: Witness | None) -> dict[str, float] | None:
    return {name: getattr(w, name) for name in ("candidate", "theta", "mass", "need")} if w else None


@pytest.mark.parametrize("weighted", [False, True])
def test_the_largest_coalition_is_the_largest_of_all(weighted: bool) -> None:
    for number, instance in instances(1, 500, weighted=weighted):
        own = own_of(instance, subject_of(instance, number))
        mass, theta = largest_coalitions(own, instance.values, instance.masses)
        expected = largest(instance, own, range(instance.m))
        assert mass.tolist() == [expected[a] for a in range(instance.m)], number
        assert np.isnan(theta).tolist() == [expected[a] == 0 for a in range(instance.m)], number
        for a in np.flatnonzero(mass):
            rows = members(own, instance.values[:, a], float(theta[a]))
            assert int(instance.masses[rows].sum()) == expected[int(a)], number
        everyone = possible(own, instance.values, instance.masses)
        assert (everyone >= mass).all(), number


@pytest.mark.parametrize("slack", SLACKS[1:])
def test_slack_asks_for_a_gap(slack: float) -> None:
    for number, instance in instances(2, 200, kinds=EXACT, weighted=True):
        own = own_of(instance, subject_of(instance, number))
        mass, _ = largest_coalitions(own, instance.values, instance.masses, slack)
        expected = largest(instance, own, range(instance.m), slack)
        assert mass.tolist() == [expected[a] for a in range(instance.m)], number


def test_infinite_utilities_switch_people_off() -> None:
    """inf: cannot complain; -inf for an offer: cannot be counted on. The rest is as if they were not there."""
    for number, instance in instances(3, 200, weighted=True):
        rng = np.random.default_rng([3, number])
        own = own_of(instance, subject_of(instance, number))
        silent, absent = rng.random(instance.n) < 0.3, rng.random(instance.values.shape) < 0.3
        mass, _ = largest_coalitions(
            np.where(silent, np.inf, own), np.where(absent, -np.inf, instance.values), instance.masses
        )
        for a in range(instance.m):
            here = ~silent & ~absent[:, a]
            if not here.any():
                assert mass[a] == 0
                continue
            left = Instance(instance.values[here], instance.costs, instance.masses[here], instance.budget)
            assert mass[a] == largest(left, own[here], [a])[a], number


@pytest.mark.parametrize("slack", [0.0, 0.5])
def test_violations_are_all_of_them_and_each_has_a_witness(slack: float) -> None:
    seen = 0
    for number, instance in instances(4, 300, kinds=EXACT, weighted=True):
        subject = subject_of(instance, number)
        own, others = own_of(instance, subject), outside(instance, subject.chosen)
        hits = violations(subject, subject.own, subject.offers, slack)
        assert sorted(w.candidate for w in hits) == violators(instance, own, others, slack), number
        ratios = [Fraction(w.mass, w.need) for w in hits]
        assert ratios == sorted(ratios, reverse=True), number
        for w in hits:
            is_coalition(instance, own, w, slack)
            assert w.violates
        assert subject.violates_cbjr == bool(violators(instance, own, others)), number
        seen += len(hits)
    assert seen > 100


def test_the_definition_read_literally_has_the_same_violations() -> None:
    """With every (S, a, theta) listed, sizes and thresholds compared one by one."""
    for number, instance in instances(5, 150, n=5, m=4, kinds=EXACT, weighted=True):
        subject = subject_of(instance, number)
        own = own_of(instance, subject)
        listed = [
            c
            for c in complaints(instance, own, outside(instance, subject.chosen))
            if c.mass >= instance.need(c.statement)
        ]
        hits = violations(subject, subject.own, subject.offers)
        assert {w.candidate for w in hits} == {c.statement for c in listed}, number
        for w in hits:
            same = {(c.members, c.theta) for c in listed if c.statement == w.candidate}
            assert (tuple(w.members.tolist()), w.theta) in same, number


def test_worst_is_the_largest_ratio_even_where_nothing_is_violated() -> None:
    for number, instance in instances(6, 300, weighted=True):
        subject = subject_of(instance, number)
        own, others = own_of(instance, subject), outside(instance, subject.chosen)
        expected = worst_ratio(instance, own, others)
        found = worst(subject, subject.own, subject.offers)
        if found is None:
            assert expected == 0, number
            continue
        assert Fraction(found.mass, found.need) == expected, number
        is_coalition(instance, own, found, 0.0)
        masses = largest(instance, own, others)
        first = next(a for a in sorted(others) if Fraction(masses[a], instance.need(a)) == expected)
        assert found.candidate == first, number


def test_frontier_is_d_of_b() -> None:
    for number, instance in instances(7, 250, m=5, kinds=EXACT, weighted=True):
        subject = subject_of(instance, number)
        own, others = own_of(instance, subject), outside(instance, subject.chosen)
        line = frontier(subject, subject.own, subject.offers, np.array(SLACKS))
        assert line.tolist() == [float(worst_ratio(instance, own, others, b)) for b in SLACKS], number
        assert (np.diff(line) <= 0).all(), number


def test_one_sweep_finds_what_many_do() -> None:
    for number, instance in instances(11, 200, m=6, kinds=EXACT, weighted=True):
        subject = subject_of(instance, number)
        found = sweep(subject, subject.own, subject.offers, np.array(SLACKS), every=True)
        apart = [worst(subject, subject.own, subject.offers, b) for b in SLACKS]
        assert [vars(c) if c else None for c in found.worst] == [as_complaint(w) for w in apart], number
        hits = violations(subject, subject.own, subject.offers)
        assert [vars(c) for c in found.violations] == [as_complaint(w) for w in hits], number


def test_frontier_of_a_pool_in_which_most_statements_are_passed_over() -> None:
    """Here there are 60, which the search takes by how promising they look."""
    for seed in range(40):
        rng = np.random.default_rng([8, seed])
        values = rng.integers(0, 17, (7, 60)) / 16
        instance = Instance(values, rng.integers(1, 6, 60), rng.integers(1, 4, 7), 12)
        subject = subject_of(instance, seed)
        own, others = own_of(instance, subject), outside(instance, subject.chosen)
        slacks = np.array([0.0, 0.125, 0.5])
        line = frontier(subject, subject.own, subject.offers, slacks)
        assert line.tolist() == [float(worst_ratio(instance, own, others, float(b))) for b in slacks], seed


def test_an_agent_of_mass_three_is_three_agents() -> None:
    for number, instance in instances(9, 150, n=5, m=4, kinds=EXACT, weighted=True):
        subject = subject_of(instance, number)
        copied = instance.copied()
        twin = Subject(copied.pool(), subject.chosen, np.repeat(subject.assignment, instance.masses), instance.budget)
        slacks = np.array(SLACKS)
        assert (
            frontier(subject, subject.own, subject.offers, slacks).tolist()
            == frontier(twin, twin.own, twin.offers, slacks).tolist()
        ), number
        for one, other in zip(
            violations(subject, subject.own, subject.offers), violations(twin, twin.own, twin.offers), strict=True
        ):
            assert (one.candidate, one.theta, one.mass, one.need) == (
                other.candidate,
                other.theta,
                other.mass,
                other.need,
            ), number


def test_the_checker_itself_takes_masses_for_copies() -> None:
    for number, instance in instances(10, 150, n=3, m=3, kinds=EXACT, weighted=True):
        chosen, assignment = some_slate(np.random.default_rng(number), instance)
        copied, others = instance.copied(), outside(instance, chosen)
        own = own_utilities(instance.values, chosen, assignment)
        again = own_utilities(copied.values, chosen, np.repeat(assignment, instance.masses))
        assert largest(instance, own, others) == largest(copied, again, others), number
        assert violators(instance, own, others) == violators(copied, again, others), number


def test_the_need_is_a_ceiling_in_integers() -> None:
    """0.1 + 0.2 has no place here: 3 of 10 agents, cost 3 of a budget of 10, is exactly enough; 2 of 10 is not."""
    values = np.zeros((10, 2))
    values[:3, 1] = 1.0
    for size, violated in ((3, True), (2, False)):
        held = values.copy()
        held[size:, 1] = 0.0
        instance = Instance(held, np.array([1, 3]), np.ones(10, dtype=np.int64), 10)
        subject = Subject(instance.pool(), np.array([0]), np.zeros(10, dtype=np.int64), 10)
        assert subject.needs.tolist() == [1, 3]
        assert bool(violations(subject, subject.own, subject.offers)) == violated


def test_nothing_in_the_slate_is_held_against_it() -> None:
    """Agents whose own statement is not their favourite of the slate are no violation (GSC, footnote 5)."""
    instance = Instance(np.array([[0.0, 1.0], [0.0, 1.0]]), np.ones(2, dtype=np.int64), np.ones(2, dtype=np.int64), 2)
    subject = Subject(instance.pool(), np.array([0, 1]), np.array([0, 0]), 2)
    assert violations(subject, subject.own, subject.offers) == []
    assert worst(subject, subject.own, subject.offers) is None
