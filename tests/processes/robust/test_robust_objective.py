"""The objective, part by part, against its definition: every draw, threshold, pair and person by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from math import exp

import numpy as np
import pytest
from robust_worlds import world

from folkmoot.processes.robust.instance import SearchInstance
from folkmoot.processes.robust.objective import parts
from folkmoot.processes.robust.offered import lowest_quarter, offered
from folkmoot.processes.robust.samples import Samples
from folkmoot.processes.robust.seats import seat
from folkmoot.processes.robust.weights import FREE, Bounds, Weights, penalty, steepness
from folkmoot.queries.bits import Planes, packed, unpacked
from folkmoot.queries.levels import Numbers


def by_hand(
    scene: SearchInstance,
    weights: Weights,
    drawn: list[np.ndarray],
    chosen: list[int],
    place: list[int],
    bounds: Bounds = FREE,
) -> dict[str, float]:
    """Every part, person by person; ``drawn`` [n, m] utilities."""
    masses = [int(x) for x in scene.masses]
    total = sum(masses)
    own = [float(scene.worth[chosen[p], i]) if p >= 0 else 0.0 for i, p in enumerate(place)]
    chance = [[float(scene.chances[a, i]) for a in chosen] for i in range(scene.n)]
    cover = []
    for row in chance:
        pairs = list(combinations(row, 2))
        cover.append(1 - sum((1 - p) * (1 - q) for p, q in pairs) / len(pairs) if pairs else row[0])
    value = [u + weights.coverage * c for u, c in zip(own, cover, strict=True)]

    def least(values: list[float]) -> float:
        return min(
            sum(m * v for m, v, inside in zip(masses, values, group, strict=True) if inside)
            / sum(m for m, inside in zip(masses, group, strict=True) if inside)
            for group in scene.groups
        )

    # Each person once for every unit of mass, four times over, so that a quarter is a whole number.
    copies = sorted(sum(row) / len(row) for row, m in zip(chance, masses, strict=True) for _ in range(4 * m))
    quartile = sum(copies[:total]) / total
    worst = []
    for answers in drawn:
        largest = Fraction(0)
        for a in range(scene.m):
            if a in chosen:
                continue
            for theta in np.unique(answers):
                mass = sum(
                    masses[i]
                    for i in range(scene.n)
                    if answers[i, a] >= theta and (place[i] < 0 or answers[i, chosen[place[i]]] < theta)
                    if theta > answers.min()
                )
                largest = max(largest, Fraction(mass, -(-int(scene.costs[a]) * total // scene.budget)))
        worst.append(float(largest))
    cost = sum(1 / (1 + exp(-(d - 1) / 0.08)) + 0.3 * max(0.0, d - 0.8) for d in worst) / len(worst)
    left = sum(m for m, p in zip(masses, place, strict=True) if p < 0)
    voted = sum(m for i, (m, p) in enumerate(zip(masses, place, strict=True)) if p >= 0 and scene.voted[chosen[p], i])

    def mean(values: list[float]) -> float:
        return sum(m * v for m, v in zip(masses, values, strict=True)) / total

    short = max(0.0, bounds.coverage - mean(cover)) + max(0.0, bounds.worst_group - least(cover))
    softened = sum(1 / (1 + exp(-(d - 1) / 0.08)) for d in worst) / len(worst)
    excess = max(0.0, softened - bounds.violated)
    return {
        "utility": mean(own),
        "coverage": mean(cover),
        "worst_group": least(value),
        "quartile": quartile,
        "complaint": cost,
        "violated": sum(d >= 1 for d in worst) / len(worst),
        "crowded": 0,
        "short": short,
        "excess": excess,
        "left": left,
        "voted": voted,
        "value": mean(value)
        + weights.worst * least(value)
        + weights.quartile * quartile
        - weights.complaint * cost
        - weights.short * short
        - weights.excess * excess
        + (weights.voted * voted - weights.left * left) / total,
    }


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("words", [False, True])
def test_every_part_is_what_it_is_defined_to_be(weighted: bool, words: bool) -> None:
    weights = Weights()
    for seed in range(6):
        problem = world(seed, n=23, m=7, words=words, weighted=weighted)
        scene = SearchInstance.of(problem, draws=5)
        assert problem.beliefs is not None
        blocks = problem.beliefs.draws(scene.rows, problem.pool.statements[scene.candidates], 5)
        drawn = [block.utilities for block in blocks]
        rng = np.random.default_rng([12, seed])
        chosen = np.sort(rng.choice(scene.m, int(rng.integers(1, 4)), replace=False))
        place = rng.integers(-1, len(chosen), scene.n)
        for bounds in (FREE, Bounds(0.9, 0.8, 0.1)):
            found = parts(scene, weights, chosen, place, bounds).as_dict()
            expected = by_hand(scene, weights, drawn, chosen.tolist(), place.tolist(), bounds)
            assert found == pytest.approx(expected, abs=2e-6), seed


def test_weights_count_as_copies() -> None:
    for seed in range(5):
        problem = world(seed, n=19, m=6, weighted=True)
        scene = SearchInstance.of(problem, draws=3)
        chosen = np.array([0, 2, 5])
        place = np.random.default_rng(seed).integers(-1, 3, scene.n)
        one = parts(scene, Weights(), chosen, place)
        times = scene.masses
        assert problem.beliefs is not None
        blocks = problem.beliefs.draws(scene.rows, problem.pool.statements[scene.candidates], 3)
        drawn = [block.utilities for block in blocks]
        copies = SearchInstance(
            candidates=scene.candidates,
            eligible=scene.eligible,
            rows=np.arange(scene.total),
            masses=np.ones(scene.total, dtype=np.int64),
            costs=scene.costs,
            budget=scene.budget,
            locked=(),
            worth=np.repeat(scene.worth, times, axis=1),
            chances=np.repeat(scene.chances, times, axis=1),
            voted=np.repeat(scene.voted, times, axis=1),
            groups=np.repeat(scene.groups, times, axis=1),
            samples=Samples(
                [Numbers(np.repeat(answers, times, axis=0)) for answers in drawn],
                np.ones(scene.total, dtype=np.int64),
                scene.samples.needs,
            ),
            total=scene.total,
        )
        other = parts(copies, Weights(), chosen, np.repeat(place, times))
        assert one.as_dict() == pytest.approx(other.as_dict(), abs=2e-6)


def test_sets_of_people_are_counted_by_mass() -> None:
    rng = np.random.default_rng(3)
    for n in (1, 63, 64, 65, 200):
        members = rng.random((4, n)) < 0.4
        masses = rng.integers(0, 4000, n)
        words = packed(members)
        assert (unpacked(words, n) == members).all()
        assert Planes(masses).mass(words.T.copy(), -2).tolist() == (members @ masses).tolist()
        assert Planes(np.ones(n, dtype=np.int64)).mass(words.T.copy(), -2).tolist() == members.sum(axis=1).tolist()


def test_masses_of_many_digits_lose_only_their_last() -> None:
    masses = np.array([10**9, 3 * 10**9, 7])
    found = int(Planes(masses).mass(packed(np.ones((1, 3), dtype=bool)).T.copy(), -2)[0])
    assert abs(found - int(masses.sum())) / int(masses.sum()) < 3 / 2**11


def test_the_lowest_quarter_is_a_quarter() -> None:
    scene = SearchInstance.of(world(0, n=10, m=5), draws=1)
    values = np.arange(10.0)[::-1]
    assert lowest_quarter(values, scene).tolist() == pytest.approx([0] * 7 + [0.2, 0.4, 0.4])


@pytest.mark.parametrize("n", [1, 2, 3, 4, 9, 61])
def test_of_people_alike_the_first_are_in_the_lowest_quarter(n: int) -> None:
    scene = SearchInstance.of(world(0, n=n, m=5), draws=1)
    # Twice the mass each is the same quarter; masses other than 1 are ranked one by one.
    twice = replace(scene, masses=2 * scene.masses, total=2 * scene.total)
    for seed in range(5):
        values = np.random.default_rng(seed).integers(0, 4, n) / 4
        found = lowest_quarter(values, scene)
        assert found.tolist() == lowest_quarter(values, twice).tolist()
        inside = np.argsort(values, kind="stable")[: -(-n // 4)]
        assert sorted(inside) == np.flatnonzero(found).tolist()


@pytest.mark.parametrize("weighted", [False, True])
def test_complainers_are_the_largest_coalition(weighted: bool) -> None:
    scene = SearchInstance.of(world(3, weighted=weighted), draws=4)
    samples, chosen = scene.samples, np.array([2, 5])
    place = np.random.default_rng(0).integers(-1, 2, scene.n)
    content = samples.content(chosen, place)
    draws, candidates = np.array([0, 3, 3]), np.array([1, 7, 2])
    reached = unpacked(np.moveaxis(samples.reach, -1, 2), scene.n)
    has = unpacked(content, scene.n)
    for row, draw, candidate in zip(samples.complainers(content, draws, candidates), draws, candidates, strict=True):
        each = reached[draw, :, candidate] & ~has[draw]
        assert row.tolist() == each[np.argmax(each @ scene.masses)].tolist()


def test_one_statement_covers_who_agrees_with_it() -> None:
    scene = SearchInstance.of(world(1, n=10, m=5), draws=1)
    assert offered(scene, np.array([3])).covered == pytest.approx(scene.chances[3])
    assert offered(scene, np.array([], dtype=np.int64)).covered.tolist() == [0.0] * 10


def test_the_penalty_is_a_step_with_a_slope() -> None:
    assert penalty(np.array([0.0, 1.0, 3.0])) == pytest.approx([0.0, 0.5 + 0.06, 1.0 + 0.66], abs=1e-3)
    at = np.array([0.5, 0.9, 1.0, 1.3])
    assert steepness(at) == pytest.approx((penalty(at + 1e-6) - penalty(at - 1e-6)) / 2e-6, rel=1e-3)


@pytest.mark.parametrize("weighted", [False, True])
def test_quick_seats_are_nearly_the_best_ones(weighted: bool) -> None:
    from folkmoot.processes import balanced_assignment, capacities

    for seed in range(20):
        rng = np.random.default_rng([13, seed])
        n, k = 80, 5
        wish = np.rint(1024 * rng.random((k, n))) / 1024 + 1e-3 * rng.random((k, n))
        masses = rng.integers(1, 4, n) if weighted else np.ones(n, dtype=np.int64)
        costs = rng.integers(2, 9, k)
        lower, upper = capacities(costs, int(masses.sum()), int(costs.sum()))
        place, _ = seat(wish, lower, upper, masses if weighted else None, np.zeros(k), np.arange(k), 8)
        load = np.bincount(place[place >= 0], masses[place >= 0], minlength=k)
        assert (load <= upper).all()
        best = balanced_assignment(wish.T, lower, upper, masses)
        seated = [np.where(where >= 0, wish[np.maximum(where, 0), np.arange(n)], 0) for where in (place, best)]
        worth, most = (float((masses * values).sum()) for values in seated)
        assert worth >= (0.93 if weighted else 0.985) * most, seed
