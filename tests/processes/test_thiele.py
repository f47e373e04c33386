"""Thiele's engine: tails against numerical integration, committees and counts against trying all of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from math import comb, gamma

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from folkmoot.processes import PROCESSES, Problem, find
from folkmoot.processes.rules import optimal
from folkmoot.processes.rules.tails import Tail, approval, bounded, coverage, exponential, harmonic, pareto
from folkmoot.processes.rules.thiele import Course, Score
from folkmoot.processes.rules.universes import follow
from folkmoot.profile import InputError
from folkmoot.testing.instances import Instance, instances
from folkmoot_studies.plural.type_counts import proportions, type_counts

Law = Callable[[float], float]
LAWS: dict[str, tuple[Callable[[float], Tail], Law]] = {
    "exponential": (exponential, lambda u: -np.log1p(-u)),
    "uniform": (lambda k: bounded(1, k), lambda u: u),
    "bounded 3": (lambda k: bounded(3, k), lambda u: 1 - (1 - u) ** (1 / 3)),
    "bounded 0.5": (lambda k: bounded(0.5, k), lambda u: 1 - (1 - u) ** 2),
    "pareto 3": (lambda k: pareto(3, k), lambda u: (1 - u) ** (-1 / 3)),
    "pareto 2.5": (lambda k: pareto(2.5, k), lambda u: (1 - u) ** (-1 / 2.5)),
}


@pytest.mark.parametrize("law", sorted(LAWS))
def test_tails_are_expected_sums_of_the_best_k(law: str) -> None:
    """Densities of order statistics, integrated numerically."""
    tail, quantile = LAWS[law]

    def largest(r: int, a: int) -> float:
        front = gamma(a + 1) / (gamma(r) * gamma(a - r + 1))
        return float(quad(lambda u: quantile(u) * front * u ** (a - r) * (1 - u) ** (r - 1), 0, 1, limit=200)[0])

    for k in (1, 2, 4):
        sums = list(itertools.accumulate(tail(k).increments(6)))
        for a in (1, 2, 3, 6):
            expected = sum(largest(r, a) for r in range(1, min(k, a) + 1))
            assert float(sums[a - 1]) == pytest.approx(expected, rel=1e-6), (k, a)


def test_coverage_is_the_expected_number_of_hits_that_are_read() -> None:
    for q, k in itertools.product((0.2, 0.5, 1), (1, 3)):
        sums = list(itertools.accumulate(coverage(q, k).increments(7)))
        for a in range(1, 8):
            hits = sum(comb(a, h) * q**h * (1 - q) ** (a - h) * min(h, k) for h in range(a + 1))
            assert float(sums[a - 1]) == pytest.approx(hits, rel=1e-12)
    ratios = [b / a for a, b in itertools.pairwise(coverage(0.3).increments(5))]
    assert set(ratios) == {Fraction(7, 10)}


def test_one_of_exponential_values_is_pav_exactly() -> None:
    assert exponential(1).increments(60) == harmonic().increments(60) == [Fraction(1, j) for j in range(1, 61)]
    assert all(tail(60).increments(60) == [tail(1).increments(1)[0]] * 60 for tail, _ in LAWS.values())  # all is read


def test_what_is_no_tail_is_refused() -> None:
    for wrong in (
        lambda: coverage(0),
        lambda: coverage(1.5),
        lambda: coverage(0.5, 0),
        lambda: exponential(1.5),
        lambda: bounded(-1),
        lambda: pareto(1),
        lambda: pareto(float("inf")),
        lambda: Tail("rising", lambda n: [Fraction(j) for j in range(n)]).increments(3),
        lambda: Tail("falling", lambda n: [Fraction(1 - 2 * j) for j in range(n)]).increments(3),
        lambda: type_counts([], 3, harmonic()),
    ):
        with pytest.raises(InputError):
            wrong()


@st.composite
def concave(draw: st.DrawFn) -> Tail:
    """Any increments that never rise, as fractions."""
    parts = draw(st.lists(st.fractions(0, 2, max_denominator=30), min_size=8, max_size=8))
    steps = sorted(parts, reverse=True)
    return Tail("drawn", lambda n: (steps + [Fraction(0)] * n)[:n])


def worth(instance: Instance, committee: tuple[int, ...], steps: list[Fraction]) -> Fraction:
    counts = (instance.values[:, committee] >= 1).sum(axis=1)
    return sum(
        (int(m) * sum(steps[:c], Fraction(0)) for m, c in zip(instance.masses, counts, strict=True)), Fraction(0)
    )


@settings(max_examples=40, deadline=None)
@given(tail=concave(), seed=st.integers(0, 10**6), solver=st.booleans(), costs=st.booleans())
def test_the_exact_form_is_the_best_of_all_committees(tail: Tail, seed: int, solver: bool, costs: bool) -> None:
    ((_, instance),) = instances(seed, 1, n=6, m=5, kinds=("approval",), weighted=True, unit_cost=not costs, budget=6)
    problem = Problem(instance.pool(), instance.budget)
    steps = tail.increments(8)
    few = optimal.FEW
    optimal.FEW = 0 if solver else few
    try:
        found = optimal.optimum(problem, Score(problem, tail))
    finally:
        optimal.FEW = few
    every = [
        w
        for size in range(instance.m + 1)
        for w in itertools.combinations(range(instance.m), size)
        if (instance.costs[list(w)].sum() <= instance.budget if costs else size == min(instance.budget, instance.m))
    ]
    assert found.score == max(worth(instance, w, steps) for w in every)
    assert worth(instance, tuple(np.flatnonzero(found.members)), steps) == found.score


@settings(max_examples=40, deadline=None)
@given(tail=concave(), seed=st.integers(0, 10**6))
def test_the_sequential_form_is_its_definition(tail: Tail, seed: int) -> None:
    ((_, instance),) = instances(seed, 1, n=8, m=6, kinds=("approval",), weighted=True, unit_cost=True, budget=6)
    course = Course(Problem(instance.pool(), instance.budget), tail, "drawn")
    ties = follow(course)
    steps = tail.increments(8)
    chosen: list[int] = []
    for place in range(min(instance.budget, instance.m)):
        gains = {a: worth(instance, (*chosen, a), steps) for a in range(instance.m) if a not in chosen}
        best = [a for a in gains if gains[a] == max(gains.values())]
        assert (course.chosen[place], ties[place]) == (best[0], tuple(best[1:]))
        chosen.append(best[0])


def test_named_rules_at_the_ends_of_the_tail() -> None:
    """Exponential values of which one is read are PAV, sure hits Chamberlin-Courant, a large k approval voting."""
    for number, instance in instances(401, 40, n=7, m=6, kinds=("approval",), weighted=True):
        if not (instance.costs <= instance.budget).any():
            continue
        problem, rng = Problem(instance.pool(), instance.budget), np.random.default_rng(0)
        for id, same in (
            ("thiele-exponential:k=1", "pav"),
            ("thiele-coverage:q=1", "cc"),
            ("thiele-exponential:k=50", "thiele-approval"),
        ):
            one, other = find(id).run(problem, rng), PROCESSES[same].run(problem, rng)
            assert one.candidates.tolist() == other.candidates.tolist(), (id, number)
            assert one.parameters["score"] == other.parameters["score"]
        if (instance.costs == 1).all():
            one = find("seqthiele-exponential:k=1").run(problem, rng)
            assert one.candidates.tolist() == PROCESSES["seqpav"].run(problem, rng).candidates.tolist()


@pytest.mark.parametrize("form", ["thiele", "seqthiele"])
def test_a_hundred_voters_in_three_camps(form: str) -> None:
    """60, 30 and 10 voters with ten statements each, ten places: the published division (spec, section 8)."""
    values = np.repeat(np.kron(np.eye(3), np.ones(10)), [60, 30, 10], axis=0)
    instance = Instance(values, np.ones(30, dtype=np.int64), np.ones(100, dtype=np.int64), 10)
    wanted = {"exponential:k=1": [6, 3, 1], "uniform": [5, 3, 2], "coverage": [5, 3, 2]}
    for tail, seats in wanted.items():
        chosen = find(f"{form}-{tail}").run(Problem(instance.pool(), 10), np.random.default_rng(0)).candidates
        # Eighty million committees: the exact form goes through the solver.
        assert np.bincount(chosen // 10, minlength=3).tolist() == seats, tail
    chosen = find("thiele-approval").run(Problem(instance.pool(), 10), np.random.default_rng(0)).candidates
    assert np.bincount(chosen // 10, minlength=3).tolist() == [10, 0, 0]


def test_counts_are_the_best_of_all_counts() -> None:
    rng = np.random.default_rng(5)
    for tail in (approval(), harmonic(), coverage(0.4), bounded(1, 2), pareto(2)):
        for _ in range(12):
            shares, n = rng.integers(0, 12, 3).tolist(), int(rng.integers(1, 9))
            sums = [Fraction(0), *itertools.accumulate(tail.increments(n))]

            def total(counts: tuple[int, ...], shares: list[int] = shares, sums: list[Fraction] = sums) -> Fraction:
                return sum((p * sums[a] for p, a in zip(shares, counts, strict=True)), Fraction(0))

            found = type_counts(shares, n, tail)
            assert found.sum() == n
            assert total(tuple(found.tolist())) == max(
                total((a, b, n - a - b)) for a in range(n + 1) for b in range(n + 1 - a)
            )


@pytest.mark.parametrize(
    ("tail", "within"),
    [(exponential(), 0.01), (bounded(), 0.01), (bounded(2), 0.01), (pareto(3), 0.01), (coverage(0.3), 0.02)],
)
def test_proportions_follow_the_power_law(tail: Tail, within: float) -> None:
    shares = np.array([6, 3, 1])
    assert tail.gamma is not None
    found = type_counts(shares, 300, tail) / 300
    assert np.abs(found - proportions(shares / 10, tail.gamma)).max() < within


def test_the_heavier_the_tail_the_more_the_largest_type_gets() -> None:
    tails = [coverage(0.3), bounded(1), bounded(3), exponential(), pareto(4), pareto(2), approval()]
    gammas = [tail.gamma for tail in tails]
    firsts = [int(type_counts([6, 3, 1], 300, tail)[0]) for tail in tails]
    assert gammas == sorted(gammas, key=lambda g: -1.0 if g is None else g)
    assert firsts == sorted(firsts)
    assert len(set(firsts)) == len(firsts)


def test_a_process_is_told_its_parameters_by_name() -> None:
    values = np.repeat(np.kron(np.eye(2), np.ones(4)), [3, 1], axis=0)
    instance = Instance(values, np.ones(8, dtype=np.int64), np.ones(4, dtype=np.int64), 4)
    problem, rng = Problem(instance.pool(), 4), np.random.default_rng(0)
    told = find("thiele-pareto:alpha=1.1,k=1")
    assert told.id == "thiele-pareto:alpha=1.1,k=1"
    assert told.run(problem, rng).parameters["tail"] == {"law": "pareto", "alpha": 1.1, "k": 1.0}
    assert [int(a) // 4 for a in told.run(problem, rng).candidates] == [0, 0, 0, 0]
    assert [int(a) // 4 for a in find("thiele-coverage:q=0.9").run(problem, rng).candidates] == [0, 0, 1, 1]
    for id, said in (
        ("thiele-pareto:q=1", "has no parameter 'q'; its parameters: alpha, k"),
        ("pav:k=1", "has no parameter 'k'; its parameters: none"),
        ("thiele-pareto:alpha=much", "must be a number"),
        ("thiele-pareto:alpha", "must be a number"),
        ("thiele-pareto:alpha=nan", "must be a number"),
        ("thiele-pareto:", "has no parameter ''"),
    ):
        with pytest.raises(InputError, match=said):
            find(id)
    with pytest.raises(InputError, match="alpha is 1"):
        find("thiele-pareto:alpha=1").run(problem, rng)
