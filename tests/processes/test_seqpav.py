"""Sequential PAV against its definition in fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from folkmoot.processes import PROCESSES, Problem, Selection
from folkmoot.processes.rules import seqpav
from folkmoot.processes.rules.tails import harmonic
from folkmoot.processes.rules.thiele import Course
from folkmoot.profile import InputError
from folkmoot.testing.instances import Instance, instances


def run(instance: Instance) -> Selection:
    return PROCESSES["seqpav"].run(Problem(instance.pool(), instance.budget), np.random.default_rng(0))


def score(instance: Instance, chosen: list[int]) -> Fraction:
    """Sum over agents of 1 + 1/2 + ... + 1/approved."""
    total = Fraction(0)
    for i in range(instance.n):
        approved = sum(instance.values[i, a] >= 1 for a in chosen)
        total += int(instance.masses[i]) * sum((Fraction(1, j) for j in range(1, approved + 1)), Fraction(0))
    return total


def naive(instance: Instance) -> tuple[list[int], list[tuple[int, ...]]]:
    """Committee in order, and what tied in every round."""
    chosen: list[int] = []
    ties = []
    while len(chosen) < min(instance.budget, instance.m):
        gains = {a: score(instance, [*chosen, a]) for a in range(instance.m) if a not in chosen}
        best = [a for a in gains if gains[a] == max(gains.values())]
        chosen.append(best[0])
        ties.append(tuple(best[1:]))
    return chosen, ties


def every(instance: Instance, chosen: tuple[int, ...] = ()) -> set[tuple[int, ...]]:
    if len(chosen) == min(instance.budget, instance.m):
        return {tuple(sorted(chosen))}
    gains = {a: score(instance, [*chosen, a]) for a in range(instance.m) if a not in chosen}
    return {w for a in gains if gains[a] == max(gains.values()) for w in every(instance, (*chosen, a))}


@pytest.mark.parametrize("weighted", [False, True])
def test_it_is_the_definition(weighted: bool) -> None:
    for number, instance in instances(201, 120, n=9, m=6, unit_cost=True, weighted=weighted, budget=6):
        selection = run(instance)
        chosen, ties = naive(instance)
        assert selection.candidates.tolist() == chosen, number
        assert [r.tied for r in selection.rounds] == ties, number
        for r in selection.rounds:
            assert r.support == int(instance.masses[instance.values[:, r.candidate] >= 1].sum())


def test_all_committees() -> None:
    for number, instance in instances(202, 80, n=6, m=5, unit_cost=True, weighted=True, budget=4):
        found = seqpav.committees(Problem(instance.pool(), instance.budget))
        assert found == sorted(every(instance)), number


def test_where_integers_are_too_short_fractions_decide() -> None:
    """The same answer without the integers of 64 bits."""
    for number, instance in instances(203, 150, n=9, m=6, unit_cost=True, weighted=True, budget=6):
        course = Course(Problem(instance.pool(), instance.budget), harmonic(), "seqpav")
        while best := course.tied():
            exactly = course.tied_exactly(np.flatnonzero(course.open), int(course.has.max(initial=0)) + 1)
            assert exactly == best, number
            course.take(best[0])


def test_a_heavy_agent_counts_as_many() -> None:
    for number, instance in instances(204, 50, unit_cost=True, weighted=True):
        assert run(instance).candidates.tolist() == run(instance.copied()).candidates.tolist(), number


def test_a_party_list_is_divided_by_dhondt() -> None:
    """Thiele 1895: with disjoint parties sequential PAV gives the seats of D'Hondt, here 53:24:23 for 7 seats."""
    votes, k = (53, 24, 23), 7
    values = np.zeros((3, 3 * k))
    for party in range(3):
        values[party, party * k : (party + 1) * k] = 1
    instance = Instance(values, np.ones(3 * k, dtype=np.int64), np.array(votes), k)
    seats = [0, 0, 0]
    for _ in range(k):
        seats[max(range(3), key=lambda p: Fraction(votes[p], seats[p] + 1))] += 1
    assert np.bincount(run(instance).candidates // k).tolist() == seats == [4, 2, 1]


def test_costs_are_refused_and_so_are_too_many_committees() -> None:
    instance = Instance(np.ones((2, 8)), np.array([2] + [1] * 7), np.ones(2, dtype=np.int64), 4)
    with pytest.raises(InputError, match="seqpav"):
        run(instance)
    tied = Instance(np.ones((2, 8)), np.ones(8, dtype=np.int64), np.ones(2, dtype=np.int64), 4)
    with pytest.raises(InputError, match="more than 5 committees"):
        seqpav.committees(Problem(tied.pool(), 4), limit=5)
    assert len(seqpav.committees(Problem(tied.pool(), 4))) == 70
