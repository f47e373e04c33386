"""Groups of people who value the same statements; neither the order of people nor repeated rows change them."""

from __future__ import annotations

import numpy as np

from ..profile import FloatArray, InputError, IntArray
from ..profile.exact import grouped
from .closed_pool import ClosedPool
from .language.groups import GRAIN

#: Numbers of groups that are tried by default, as Polis does.
TRIED = (2, 3, 4, 5)
_ROUNDS = 100
# Utilities that are worked on at once: they stay in the processor's cache, and one thread multiplies them.
_CACHED = 16_384


def opinion_groups(pool: ClosedPool, count: int | None = None) -> IntArray:
    """Everybody's group by k-means on the whole matrix of utilities, numbered by first appearance.

    There is no randomness: the first centre is the row that is farthest from the mean (mass times squared distance),
    each further one is the row farthest from the centres so far (ties: the first row). Equal rows count as one with
    their mass. The number of groups, if None, is the one in `TRIED` with the largest mean silhouette, measured at
    the centres (Hruschka, de Castro and Campello 2004).

    Args:
        pool: the candidates and the agents.
        count: the largest number of groups; None: it is chosen.

    Returns:
        int64 [n], from 0; a single group where everybody is the same.

    Raises:
        InputError: ``count`` is below 1.
    """
    if count is not None and count < 1:
        raise InputError(f"{count} groups cannot be formed; ask for at least 1")
    values = pool.utilities(pool.agents, np.arange(pool.size))
    rows, masses, back = grouped(np.ascontiguousarray(values), pool.masses)
    if len(rows) < 2 or count == 1:
        return np.zeros(pool.n_agents, dtype=np.int64)
    best, label = -np.inf, np.zeros(len(rows), dtype=np.int64)
    for k in TRIED if count is None else (count,):
        if k > len(rows):
            break
        tried, apart = _clustered(rows, masses, k)
        value = _silhouette(tried, apart, masses)
        if value > best:
            best, label = value, tried
    if count is not None and count > len(rows):
        label = np.arange(len(rows))
    _, first, inverse = np.unique(label[back], return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[inverse.reshape(-1)].astype(np.int64)


def _clustered(rows: FloatArray, masses: IntArray, k: int) -> tuple[IntArray, FloatArray]:
    """Labels, and squared distances to the centres [rows, k]."""
    mean = _mean(rows, masses)
    apart = _squared(rows, mean[None])
    centres = np.zeros((0, rows.shape[1]))
    for _ in range(k):
        centres = np.vstack([centres, rows[np.argmax(masses * apart.min(axis=1))]])
        apart = _squared(rows, centres)
    label = apart.argmin(axis=1)
    for _ in range(_ROUNDS):
        centres = np.array(
            [_mean(rows[label == j], masses[label == j]) if (label == j).any() else centres[j] for j in range(k)]
        )
        apart = _squared(rows, centres)
        new = apart.argmin(axis=1)
        if (new == label).all():
            break
        label = new
    return label, apart


def _mean(rows: FloatArray, masses: IntArray) -> FloatArray:
    mean: FloatArray = np.einsum("nm,n->m", rows, masses.astype(np.float64)) / masses.sum()
    return mean


def _squared(rows: FloatArray, centres: FloatArray) -> FloatArray:
    """Squared distances, rounded so that the last bits, in which machines differ, decide nothing."""
    squares = np.empty((len(rows), len(centres)))
    lengths = np.square(centres).sum(axis=1)
    step = max(1, _CACHED // max(1, rows.shape[1]))
    for start in range(0, len(rows), step):
        block = rows[start : start + step]
        own = np.einsum("nm,nm->n", block, block)
        squares[start : start + step] = own[:, None] - 2.0 * (block @ centres.T) + lengths
    squares = np.maximum(squares, 0.0)
    return np.asarray(np.rint(squares / GRAIN) * GRAIN, dtype=np.float64)


def _silhouette(label: IntArray, apart: FloatArray, masses: IntArray) -> float:
    distance = np.sqrt(apart)
    own = np.take_along_axis(distance, label[:, None], axis=1)[:, 0]
    np.put_along_axis(distance, label[:, None], np.inf, axis=1)
    other = distance.min(axis=1)
    wider = np.maximum(own, other)
    value = np.divide(other - own, wider, out=np.zeros_like(own), where=wider > 0)
    return float((masses * value).sum() / masses.sum())
