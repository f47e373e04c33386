"""JR, cJR and EJR+ against their definitions over all groups."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from brute_force import ejr_plus_up_to_any_violated, ejr_plus_violated, jr_violated, outside, violators
from folkmoot.audits import Subject
from folkmoot.audits.approval import Justified, ejr_plus, jr
from folkmoot.audits.cbjr import violations
from folkmoot.processes import PROCESSES, Problem
from folkmoot.testing.instances import Instance, instances, some_slate

Axiom = Callable[..., Justified]


def subject_of(instance: Instance, seed: int) -> Subject:
    chosen, assignment = some_slate(np.random.default_rng(seed), instance)
    return Subject(instance.pool(), chosen, assignment, instance.budget)


def level_of(instance: Instance, number: int) -> float:
    """Some utility that occurs."""
    return float(np.random.default_rng([99, number]).choice(instance.values.ravel()))


def ask(axiom: Axiom, subject: Subject, level: float) -> Justified:
    return axiom(subject, subject.slate, subject.offers, level)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("unit_cost", [False, True])
def test_jr(weighted: bool, unit_cost: bool) -> None:
    failed = 0
    for number, instance in instances(11, 300, weighted=weighted, unit_cost=unit_cost):
        subject, level = subject_of(instance, number), level_of(instance, number)
        found = ask(jr, subject, level)
        assert found.holds == (not jr_violated(instance, subject.chosen, level)), number
        assert found.holds == (found.ratio < 1), number
        failed += not found.holds
        if found.witness is not None:
            w = found.witness
            assert w.candidate in outside(instance, subject.chosen)
            assert (instance.values[w.members, w.candidate] >= level).all()
            assert not (instance.values[np.ix_(w.members, subject.chosen)] >= level).any()
            assert w.violates == (not found.holds), number
    assert 40 < failed < 260


@pytest.mark.parametrize("weighted", [False, True])
def test_ejr_plus_for_unit_costs(weighted: bool) -> None:
    failed = 0
    for number, instance in instances(12, 300, weighted=weighted, unit_cost=True, budget=5):
        subject, level = subject_of(instance, number), level_of(instance, number)
        found = ask(ejr_plus, subject, level)
        assert found.holds == (not ejr_plus_violated(instance, subject.chosen, level)), number
        failed += not found.holds
    assert 40 < failed < 260


@pytest.mark.parametrize("weighted", [False, True])
def test_ejr_plus_up_to_any_for_costs(weighted: bool) -> None:
    failed = 0
    for number, instance in instances(13, 300, weighted=weighted):
        subject, level = subject_of(instance, number), level_of(instance, number)
        found = ask(ejr_plus, subject, level)
        assert found.holds == (not ejr_plus_up_to_any_violated(instance, subject.chosen, level)), number
        assert found.holds == (found.ratio < 1), number
        failed += not found.holds
        if found.witness is not None:
            w = found.witness
            has = (instance.values[:, subject.chosen] >= level) @ instance.costs[subject.chosen]
            assert (instance.values[w.members, w.candidate] >= level).all()
            assert has[w.members].max() == found.satisfaction, number
            assert w.mass == int(instance.masses[w.members].sum())
            deserved = Fraction((found.satisfaction + int(instance.costs[w.candidate])) * instance.total)
            assert found.ratio == pytest.approx(float(w.mass * instance.budget / deserved)), number
            assert w.violates == (not found.holds), number
    assert 40 < failed < 260


def test_the_ratio_is_the_slack_of_the_axiom() -> None:
    """Largest mass(S) B / ((c(A_i in W) + c(a)) n) over all groups and statements."""
    for number, instance in instances(14, 200, n=6, weighted=True):
        subject, level = subject_of(instance, number), level_of(instance, number)
        approve = instance.values >= level
        has = approve[:, subject.chosen] @ instance.costs[subject.chosen]
        best = Fraction(0)
        for mask in range(1, 2**instance.n):
            s = [i for i in range(instance.n) if mask >> i & 1]
            for a in outside(instance, subject.chosen):
                if approve[s, a].all():
                    pays = int(instance.masses[s].sum()) * instance.budget
                    best = max(best, Fraction(pays, (int(has[s].max()) + int(instance.costs[a])) * instance.total))
        assert ask(ejr_plus, subject, level).ratio == float(best), number


def test_ejr_plus_implies_jr() -> None:
    """Brill and Peters 2023: EJR+ implies EJR implies PJR implies JR."""
    strict = 0
    for number, instance in instances(15, 600, unit_cost=True, weighted=True, budget=5):
        subject, level = subject_of(instance, number), level_of(instance, number)
        strong, weak = ask(ejr_plus, subject, level), ask(jr, subject, level)
        assert weak.holds or not strong.holds, number
        assert strong.ratio >= weak.ratio, number
        strict += weak.holds and not strong.holds
    assert strict > 0


def test_cjr_is_jr_at_every_level() -> None:
    """(b, d)-cJR puts the best of the slate in place of the own statement: JR of the thresholded utilities."""
    for number, instance in instances(16, 200, n=6, m=4, weighted=True):
        subject = subject_of(instance, number)
        hits = {w.candidate for w in violations(subject, subject.best, subject.offers)}
        best = np.array([max((row[a] for a in subject.chosen), default=-np.inf) for row in instance.values])
        assert hits == set(violators(instance, best, outside(instance, subject.chosen))), number
        levels = [float(v) for v in np.unique(instance.values)]
        assert bool(hits) == any(jr_violated(instance, subject.chosen, level) for level in levels), number


def test_cbjr_implies_cjr() -> None:
    """Balance can only make it harder (NG 2.2)."""
    for number, instance in instances(17, 400, weighted=True):
        subject = subject_of(instance, number)
        if not violations(subject, subject.own, subject.offers):
            assert not violations(subject, subject.best, subject.offers), number


def test_cbjr_gives_the_extended_justified_representation_of_ng_lemma_a2() -> None:
    """Utilities additive, universe closed under union: no group S and set of projects T with |S| B >= c(T) n and
    sum over T of min_S u > utility of the whole slate for all of S.

    W is what Fast chooses. Statements are the unions of three projects; T ranges over all sets of disjoint ones (the
    union of others is not in the universe: it would count a project twice).
    """
    unions = [[p for p in range(3) if mask >> p & 1] for mask in range(1, 8)]
    every = np.array([[mask >> a & 1 for a in range(7)] for mask in range(1, 128)])
    sets = np.array([t for t in every if all(sum(t[a] for a in range(7) if p in unions[a]) <= 1 for p in range(3))])
    assert len(sets) == 14  # partitions of the non-empty subsets of three: 3 * 1 + 3 * 2 + 5
    for seed in range(150):
        rng = np.random.default_rng([18, seed])
        n, budget = int(rng.integers(1, 7)), int(rng.integers(1, 10))
        single, costs = rng.integers(0, 6, (n, 3)), rng.integers(1, 4, 3)
        values = np.stack([single[:, u].sum(axis=1) for u in unions], axis=1).astype(np.float64)
        instance = Instance(values, np.array([costs[u].sum() for u in unions]), np.ones(n, dtype=np.int64), budget)
        chosen = PROCESSES["democratic-fast"].run(Problem(instance.pool(), budget), rng).candidates
        have = values[:, chosen].sum(axis=1)
        for mask in range(1, 2**n):
            s = [i for i in range(n) if mask >> i & 1]
            paid = (sets @ instance.costs) * n <= len(s) * budget
            worth = sets @ values[s].min(axis=0)
            assert not (paid & (worth > have[s].max())).any(), (seed, s)


def best_committees(instance: Instance, score: Callable[[int], Fraction]) -> list[tuple[int, ...]]:
    """Committees of size k with the largest sum over agents of score(number of approved members)."""
    worth = {
        w: sum(
            (
                int(mass) * score(int(row[list(w)].sum()))
                for mass, row in zip(instance.masses, instance.values, strict=True)
            ),
            Fraction(0),
        )
        for w in itertools.combinations(range(instance.m), min(instance.budget, instance.m))
    }
    return [w for w in worth if worth[w] == max(worth.values())]


def harmonic(approved: int) -> Fraction:
    return sum((Fraction(1, j) for j in range(1, approved + 1)), Fraction(0))


@pytest.mark.parametrize("weighted", [False, True])
def test_every_pav_committee_satisfies_ejr_plus(weighted: bool) -> None:
    """Brill and Peters 2023; the committees are found by trying all of them."""
    for number, instance in instances(
        19, 150, n=8, m=6, kinds=("approval",), unit_cost=True, weighted=weighted, budget=4
    ):
        for w in best_committees(instance, harmonic):
            subject = Subject(instance.pool(), np.array(w), np.full(instance.n, -1), instance.budget)
            assert ask(ejr_plus, subject, 1.0).holds, (number, w)


def test_every_chamberlin_courant_committee_satisfies_jr_but_not_ejr_plus() -> None:
    """Aziz et al. 2017."""
    failed = 0
    for number, instance in instances(20, 150, n=8, m=6, kinds=("approval",), unit_cost=True, budget=4):
        for w in best_committees(instance, lambda approved: Fraction(min(approved, 1))):
            subject = Subject(instance.pool(), np.array(w), np.full(instance.n, -1), instance.budget)
            assert ask(jr, subject, 1.0).holds, (number, w)
            failed += not ask(ejr_plus, subject, 1.0).holds
    assert failed > 0
