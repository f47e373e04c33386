"""Groups against brute force, and that what is drawn is drawn as announced."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.profile import InputError
from folkmoot.queries.language import groups

seeds = st.integers(0, 10_000)


@given(seeds, st.integers(2, 9), st.integers(1, 4))
def test_nearest_people_are_the_nearest(seed: int, n: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 4, (n, d)).astype(float)
    apart = groups.distances(points)
    for i in range(n):
        assert apart[i] == pytest.approx([np.linalg.norm(points[i] - q) for q in points], abs=1e-6)
        for size in range(1, n + 1):
            order = sorted(range(n), key=lambda j, i=i: (j != i, apart[i, j], j))  # type: ignore[misc]
            assert groups.nearest(apart, i, size).tolist() == sorted(order[:size])


@given(seeds, st.integers(2, 7))
def test_greedy_clusters_are_those_of_the_plain_loop(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    apart = groups.distances(rng.integers(0, 5, (n, 2)).astype(float))
    size = int(rng.integers(1, n + 1))
    clusters, totals = groups.greedy_clusters(apart, size)
    for start in range(n):
        chosen, total = [start], 0.0
        while len(chosen) < size:
            rest = [j for j in range(n) if j not in chosen]
            best = min(rest, key=lambda j: (round(sum(apart[j, i] for i in chosen), 9), j))
            total += sum(apart[best, i] for i in chosen)
            chosen.append(best)
        assert clusters[start].tolist() == chosen
        assert totals[start] == pytest.approx(total)


def test_closest_cluster_is_drawn_by_one_over_its_distance() -> None:
    points = np.array([[0.0], [1.0], [10.0], [13.0]])
    rng = np.random.default_rng(1)
    drawn = [tuple(groups.closest(points, 2, rng)) for _ in range(4_000)]
    # From 0 and 1: {0, 1}, distance 1 each; from 10 and 13: {2, 3}, distance 3 each.
    assert drawn.count((0, 1)) / 4_000 == pytest.approx(0.75, abs=0.03)
    assert drawn.count((2, 3)) / 4_000 == pytest.approx(0.25, abs=0.03)


def test_people_at_one_place_are_drawn_first_and_nothing_is_divided_by_zero() -> None:
    points = np.array([[0.0], [0.0], [5.0], [9.0]])
    rng = np.random.default_rng(1)
    assert {tuple(groups.closest(points, 2, rng)) for _ in range(50)} == {(0, 1)}
    assert {len(groups.closest(points, 1, rng)) for _ in range(20)} == {1}


@given(seeds, st.integers(2, 6))
@settings(max_examples=40, deadline=None)
def test_nobody_can_be_included_more_evenly(seed: int, n: int) -> None:
    """Against a fine search over all probabilities of up to three distinct clusters."""
    rng = np.random.default_rng(seed)
    clusters = [np.sort(rng.choice(n, int(rng.integers(1, n + 1)), replace=False)) for _ in range(3)]
    found = groups.inclusion(clusters, n)
    assert found.sum() == pytest.approx(1)
    assert (found >= groups.LEAST - 1e-5).all()
    contains = np.array([[i in set(c.tolist()) for c in clusters] for i in range(n)], dtype=float)
    steps = np.linspace(groups.LEAST, 1 - 2 * groups.LEAST, 80)
    p, q = np.meshgrid(steps, steps)
    inside = p + q <= 1 - groups.LEAST
    grid = np.stack([p[inside], q[inside], 1 - p[inside] - q[inside]])
    best = (contains @ grid).min(axis=0).max()
    assert (contains @ found).min() >= best - 1e-4


def test_the_lonely_are_included_as_often_as_can_be() -> None:
    # A crowd of five and one far away: nearest-2 clusters of the crowd, and one that holds the lonely one.
    points = np.array([[0.0], [0.1], [0.2], [0.3], [0.4], [9.0]])
    rng = np.random.default_rng(3)
    drawn = [groups.evenly_included(points, 2, rng) for _ in range(2_000)]
    share = np.mean([[i in set(rows.tolist()) for i in range(6)] for rows in drawn], axis=0)
    assert share.min() > 0.25


def test_a_random_centre_is_anybody() -> None:
    points = np.arange(6.0)[:, None]
    rng = np.random.default_rng(5)
    drawn = {tuple(groups.around_random(points, 1, rng)) for _ in range(200)}
    assert drawn == {(i,) for i in range(6)}


def test_reduced_points_keep_distances_of_what_varies() -> None:
    rng = np.random.default_rng(2)
    points = rng.normal(size=(12, 4))
    scaled = (points - points.mean(axis=0)) / points.std(axis=0)
    wide = np.hstack([points, np.full((12, 1), 7.0)])
    found = groups.reduced(wide, dimensions=4)
    assert groups.distances(found) == pytest.approx(groups.distances(scaled), abs=1e-4)
    assert groups.reduced(points).shape == (12, 4)
    assert groups.reduced(rng.normal(size=(12, 30))).shape == (12, 5)


@pytest.mark.parametrize("how", ["affinity", "k-means"])
def test_clusters_that_are_plain_are_found(how: str) -> None:
    rng = np.random.default_rng(4)
    points = np.vstack([rng.normal(size=(7, 2)) * 0.3 + centre for centre in ([0, 0], [9, 0], [0, 9])])
    found = groups.affinity_clusters(points) if how == "affinity" else groups.k_means(points, 3, rng)
    assert sorted(tuple(rows) for rows in found) == [tuple(range(a, a + 7)) for a in (0, 7, 14)]


@given(seeds, st.integers(1, 12))
@settings(max_examples=30, deadline=None)
def test_clusters_hold_everybody_once_whatever_the_order(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 3, (n, 2)).astype(float)
    for found in (groups.affinity_clusters(points), groups.k_means(points, 4, rng)):
        assert sorted(row for rows in found for row in rows.tolist()) == list(range(n))
        assert all(len(rows) for rows in found)


def test_k_means_of_few_people_is_as_good_as_any_partition() -> None:
    points = np.array([[0.0], [1.0], [8.0], [9.0], [20.0]])

    def cost(found: list[list[int]]) -> float:
        return sum(float(np.square(points[rows] - points[rows].mean()).sum()) for rows in found if rows)

    best = min(
        cost([list(order[:a]), list(order[a:b]), list(order[b:])])
        for order in permutations(range(5))
        for a in range(1, 4)
        for b in range(a + 1, 5)
    )
    found = min(
        (groups.k_means(points, 3, np.random.default_rng(seed)) for seed in range(5)),
        key=lambda rows: cost([r.tolist() for r in rows]),
    )
    assert cost([rows.tolist() for rows in found]) == pytest.approx(best)


def test_a_group_larger_than_everybody_is_refused() -> None:
    with pytest.raises(InputError, match="a group of 4 out of 3"):
        groups.closest(np.zeros((3, 1)), 4, np.random.default_rng(0))
