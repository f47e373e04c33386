"""Groups of people who think alike, for whom statements are written.

Boehmer, Fish, Procaccia 2025 (The Next Generation), section 4.1 and Appendix D; the pilot's of Fish et al. 2024
(Generative Social Choice), section 4. All work on points, float64 [n, d], one a person, and return ascending rows.
"""

from __future__ import annotations

import numpy as np

from ...profile import FloatArray, InputError, IntArray, MissingExtraError, WorkError

DIMENSIONS = 5
# Points and distances are rounded to multiples of this, so that the last bits in which machines differ decide nothing.
GRAIN = 2.0**-20
# Least probability of a cluster in `inclusion` (as published), where there are few enough of them.
LEAST = 5e-3
# Affinity propagation: damping, most rounds, and rounds without a change that end it.
DAMPING, ROUNDS, STEADY = 0.5, 200, 15


def reduced(points: FloatArray, dimensions: int = DIMENSIONS) -> FloatArray:
    """Points standardised (columns of mean 0 and variance 1) and projected onto their first principal components.

    Args:
        points: float64 [n, d], one row for each person.
        dimensions: the largest number of columns in the result.

    Returns:
        float64 [n, min(dimensions, n, d)].
    """
    centred = points - points.mean(axis=0)
    spread = centred.std(axis=0)
    # A column that is constant up to rounding has no information.
    scaled = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 1e-12)
    left, values, _ = np.linalg.svd(scaled, full_matrices=False)
    projected: FloatArray = np.rint((left * values)[:, :dimensions] / GRAIN) * GRAIN
    return projected


def distances(points: FloatArray) -> FloatArray:
    """Euclidean distances, float64 [n, n], symmetric, 0 on the diagonal."""
    squares = np.zeros((len(points), len(points)))
    for column in points.T:
        squares += np.square(np.subtract.outer(column, column))
    apart: FloatArray = np.rint(np.sqrt(squares) / GRAIN) * GRAIN
    return apart


def nearest(apart: FloatArray, centre: int, size: int) -> IntArray:
    """The ``size`` people nearest to a person, who is the first of them; ties: the first in order.

    >>> nearest(distances(np.array([[0.0], [5.0], [1.0], [9.0]])), 1, 2).tolist()
    [1, 2]
    """
    key = apart[centre].copy()
    key[centre] = -1.0
    return np.sort(np.argsort(key, kind="stable")[:size])


def around_random(points: FloatArray, size: int, rng: np.random.Generator) -> IntArray:
    """TagNN: a random person and the nearest others, ``size`` in all."""
    _check(points, size)
    apart = distances(points)
    return nearest(apart, int(rng.integers(len(points))), size)


def evenly_included(points: FloatArray, size: int, rng: np.random.Generator) -> IntArray:
    """WeightedNN: one of everybody's clusters of nearest people, drawn so that nobody is left out; see `inclusion`."""
    _check(points, size)
    apart = distances(points)
    clusters = [nearest(apart, centre, size) for centre in range(len(points))]
    return clusters[_drawn(inclusion(clusters, len(points)), rng)]


def inclusion(clusters: list[IntArray], n: int) -> FloatArray:
    """Probabilities of clusters that make the smallest probability of a person to be included as large as possible.

    Args:
        clusters: the rows of each cluster.
        n: the number of people.

    Returns:
        float64 [n_clusters], adding up to 1, none below 0.005 (or half an equal share where that is less).

    Raises:
        MissingExtraError: scipy is not installed.
    """
    try:
        from scipy.optimize import linprog
    except ImportError:
        raise MissingExtraError("groups of people need scipy; pip install 'folkmoot[exact]'") from None
    count = len(clusters)
    contains = np.zeros((n, count))
    for place, rows in enumerate(clusters):
        contains[rows, place] = 1.0
    # Variables: the probabilities, and the least inclusion t. Maximise t with t <= sum of p over clusters with i.
    solved = linprog(
        np.concatenate([np.zeros(count), [-1.0]]),
        A_ub=np.hstack([-contains, np.ones((n, 1))]),
        b_ub=np.zeros(n),
        A_eq=np.concatenate([np.ones(count), [0.0]])[None, :],
        b_eq=np.ones(1),
        bounds=[(min(LEAST, 0.5 / count), 1.0)] * count + [(0.0, 1.0)],
        method="highs",
    )
    if not solved.success:
        raise WorkError(f"the linear program for groups has no solution ({solved.message}); report this")
    probabilities: FloatArray = np.rint(np.maximum(solved.x[:count], 0.0) / GRAIN) * GRAIN
    probabilities /= probabilities.sum()
    return probabilities


def closest(points: FloatArray, size: int, rng: np.random.Generator) -> IntArray:
    """ClosestCluster: of everybody's `greedy_clusters` one, with probability proportional to 1 / total distance.

    Where some total is 0, one of those without any distance is drawn, each as likely.
    """
    _check(points, size)
    clusters, totals = greedy_clusters(distances(points), size)
    weights = np.where(totals == 0, 1.0, 0.0) if (totals == 0).any() else 1.0 / totals
    return np.sort(clusters[_drawn(weights / weights.sum(), rng)])


def greedy_clusters(apart: FloatArray, size: int) -> tuple[IntArray, FloatArray]:
    """From every person a cluster that grows by whoever adds the least summed distance to those in it.

    Args:
        apart: float64 [n, n] the distances.
        size: the size of a cluster, 1..n.

    Returns:
        int64 [n, size] rows in the order of joining (ties: the first in order), and float64 [n] summed distances
        within each.
    """
    n = len(apart)
    starts = np.arange(n)
    clusters = np.empty((n, size), dtype=np.int64)
    clusters[:, 0] = starts
    totals = np.zeros(n)
    added = apart.copy()
    outside = ~np.eye(n, dtype=bool)
    for place in range(1, size):
        chosen = np.where(outside, added, np.inf).argmin(axis=1)
        clusters[:, place] = chosen
        totals += added[starts, chosen]
        outside[starts, chosen] = False
        added += apart[chosen]
    return clusters, totals


def k_means(points: FloatArray, k: int, rng: np.random.Generator, rounds: int = 100) -> list[IntArray]:
    """At most ``k`` clusters, none empty (Lloyd's algorithm from k different people chosen far apart at random)."""
    n = len(points)
    _check(points, 1)
    centres = points[[int(rng.integers(n))]]
    while len(centres) < min(k, n):
        gap = np.square(points[:, None] - centres).sum(axis=2).min(axis=1)
        if not gap.any():
            break
        centres = np.vstack([centres, points[_drawn(gap / gap.sum(), rng)]])
    labels = np.full(n, -1)
    for _ in range(rounds):
        new = np.square(points[:, None] - centres).sum(axis=2).argmin(axis=1)
        if (new == labels).all():
            break
        labels = new
        centres = np.array(
            [points[labels == j].mean(axis=0) if (labels == j).any() else centres[j] for j in range(len(centres))]
        )
    return [np.flatnonzero(labels == j) for j in range(len(centres)) if (labels == j).any()]


def affinity_clusters(points: FloatArray) -> list[IntArray]:
    """Clusters by affinity propagation (Frey and Dueck 2007), preference the median similarity; how many is found.

    Similarity is the negative squared distance; damping 0.5, at most 200 rounds, as the clustering baseline has it.
    Where no exemplar emerges everybody is one cluster. Equal points count as one, so that ties cannot oscillate.
    """
    _check(points, 1)
    once, back = np.unique(points, axis=0, return_inverse=True)
    back = back.ravel()
    n = len(once)
    if n == 1:
        return [np.arange(len(points))]
    similar = -np.square(once[:, None] - once).sum(axis=2)
    # The smallest differences break what ties are left, by order.
    similar -= np.arange(n) * 1e-9 * (1.0 + np.abs(similar).max())
    similar[np.diag_indices(n)] = np.median(similar[~np.eye(n, dtype=bool)])
    responsible, available = np.zeros((n, n)), np.zeros((n, n))
    rows, steady, before = np.arange(n), 0, np.zeros(n, dtype=bool)
    for _ in range(ROUNDS):
        both = available + similar
        first = both.argmax(axis=1)
        best = both[rows, first]
        both[rows, first] = -np.inf
        new = similar - best[:, None]
        new[rows, first] = similar[rows, first] - both.max(axis=1)
        responsible = DAMPING * responsible + (1 - DAMPING) * new
        positive = np.maximum(responsible, 0.0)
        own = responsible[rows, rows]
        positive[rows, rows] = own
        sums = positive.sum(axis=0)
        new = np.minimum(sums[None, :] - positive, 0.0)
        new[rows, rows] = sums - own
        available = DAMPING * available + (1 - DAMPING) * new
        exemplars = available[rows, rows] + responsible[rows, rows] > 0
        steady = steady + 1 if (exemplars == before).all() else 0
        before = exemplars
        if steady >= STEADY and exemplars.any():
            break
    chosen = np.flatnonzero(before)
    if not len(chosen):
        return [np.arange(len(points))]
    labels = similar[:, chosen].argmax(axis=1)
    labels[chosen] = np.arange(len(chosen))
    return [np.flatnonzero(labels[back] == j) for j in range(len(chosen))]


def _drawn(probabilities: FloatArray, rng: np.random.Generator) -> int:
    """A place, with these probabilities."""
    heaped = np.cumsum(probabilities)
    return min(int(np.searchsorted(heaped, rng.random() * heaped[-1], side="right")), len(heaped) - 1)


def _check(points: FloatArray, size: int) -> None:
    if not 1 <= size <= len(points):
        raise InputError(f"a group of {size} out of {len(points)} people cannot be formed")
