"""Opinion groups: the one definition that processes, audits, pages and questions use.

Groups are clusters (k-means) of people by what every statement is worth to them. Neither the order of people or
statements nor repeated people change them, and no group is smaller than five people or one in a hundred: where a
cluster would be, its people belong to the nearest other one. Where people only compared statements, the groups are the
kinds of the mixture that was fitted to the comparisons.
"""

from __future__ import annotations

from hashlib import blake2b
from threading import Lock

import numpy as np

from ..profile import FloatArray, InputError, IntArray, Profile
from ..profile.sentences import noted
from .models.mixture import MixtureModel
from .opinion_map import Utilities

#: Numbers of groups that are tried by default, as Polis does.
TRIED = (2, 3, 4, 5)
#: The smallest group: so many people, and one in so many of all.
LEAST, ONE_IN = 5, 100
#: Squared distances are rounded to multiples of this, so that the last bits in which machines differ decide nothing.
GRAIN = 2.0**-20
#: Utilities by which groups are formed; of more people than give so many an even sample, and the others join after.
LARGEST = 8_000_000
_ROUNDS = 100
#: Groups of so many tables are remembered: choosing a slate again for its audit forms them once more.
KEPT = 4
_KEPT: dict[bytes, IntArray] = {}
_LOCK = Lock()
# Utilities that are worked on at once: they stay in the processor's cache, and one thread multiplies them.
_CACHED = 16_384
# Decimals to which sums decide the order of statements.
_DECIMALS = 9

KINDS = noted("the kinds of people that were fitted to the comparisons")
CLUSTERS = noted("k-means on people's utilities")


def memberships(
    completed: Utilities, model: object, profile: Profile, pool: IntArray | None = None
) -> tuple[FloatArray, str]:
    """Everybody's opinion groups, float64 [n_agents, n_groups] with rows that add up to 1, and how they were found.

    Args:
        completed: utilities, own answers before predictions.
        model: the model that predicts; None where nothing is predicted.
        profile: the people.
        pool: int64 the columns of the statements that count; None: all that are not rejected.
    """
    if isinstance(model, MixtureModel) and not len(profile.answers):
        return _large(model.member, profile.masses), KINDS
    pool = profile.pool() if pool is None else pool
    if not len(pool) or not profile.n_agents:
        return np.ones((profile.n_agents, 1)), CLUSTERS
    most = max(1, LARGEST // len(pool))
    rows = np.arange(profile.n_agents)
    some = rows if len(rows) <= most else np.unique(np.linspace(0, len(rows) - 1, most).astype(np.int64))
    values = completed.utilities(some, pool)
    label = opinion_groups(values, profile.masses[some])
    if len(some) < len(rows):
        label = _joined(completed, pool, values, label, profile.masses[some], len(rows))
    return np.eye(int(label.max(initial=0)) + 1)[label], CLUSTERS


def opinion_groups(values: FloatArray, masses: IntArray | None = None, count: int | None = None) -> IntArray:
    """Everybody's group by k-means on what every statement is worth to them, the largest group first.

    There is no randomness: the first centre is the row that is farthest from the mean (mass times squared distance),
    each further one is the row farthest from the centres so far. Equal rows count as one with their mass. A group that
    is too small (`least`) loses its centre, and its people join the nearest other one. The number of groups, if None,
    is the one in `TRIED` with the largest mean silhouette, measured at the centres (Hruschka, de Castro and Campello
    2004). Rows and columns are put into an order of their own first, so theirs decides nothing, not even a tie.

    Args:
        values: float64 [n, m] what every statement is worth to everybody.
        masses: int64 [n] how many people each row stands for; None: one.
        count: the largest number of groups; None: it is chosen.

    Returns:
        int64 [n], from 0; a single group where everybody is the same, or nobody differs from enough others.

    Raises:
        InputError: ``count`` is below 1.
    """
    if count is not None and count < 1:
        raise InputError(f"{count} groups cannot be formed; ask for at least 1")
    masses = np.ones(len(values), dtype=np.int64) if masses is None else masses
    if len(values) < 2 or count == 1:
        return np.zeros(len(values), dtype=np.int64)
    key = _digest(values, masses, count)
    found = _KEPT.get(key)
    if found is None:
        found = _formed(values, masses, count)
        with _LOCK:
            _KEPT[key] = found
            while len(_KEPT) > KEPT:
                _KEPT.pop(next(iter(_KEPT)))
    return found.copy()


def _digest(values: FloatArray, masses: IntArray, count: int | None) -> bytes:
    """What the groups depend on."""
    whole = blake2b(repr((values.shape, count)).encode(), digest_size=32)
    for each in (values, masses):
        whole.update(np.ascontiguousarray(each).data)
    return whole.digest()


def _formed(values: FloatArray, masses: IntArray, count: int | None) -> IntArray:
    """`opinion_groups` of two people or more."""
    rows, heaped, back = _ordered(values, masses)
    enough = least(int(masses.sum()))
    best, label = -np.inf, np.zeros(len(rows), dtype=np.int64)
    numbers = [k for k in TRIED if k <= len(rows)] if count is None else [min(count, len(rows))]
    centres, far = _farthest(rows, heaped, max(numbers, default=0))
    for k in numbers:
        tried, apart = _clustered(rows, heaped, centres[:k], far[:, :k], enough)
        value = _silhouette(tried, apart, heaped) if apart.shape[1] > 1 else -np.inf
        if value > best:
            best, label = value, tried
    size = np.bincount(label, heaped)
    _, first = np.unique(label, return_index=True)
    # Groups of equal size: the one with the first row in the order of rows.
    by_size = np.lexsort((first, -size))
    rank = np.empty(len(size), dtype=np.int64)
    rank[by_size] = np.arange(len(size))
    return rank[label][back]


def least(people: int) -> int:
    """The smallest group among so many people: five, or one in a hundred where that is more.

    >>> least(120), least(2031)
    (5, 21)
    """
    return max(LEAST, -(-people // ONE_IN))


def _ordered(values: FloatArray, masses: IntArray) -> tuple[FloatArray, IntArray, IntArray]:
    """Distinct rows in an order that does not depend on that of rows or columns, their masses, everybody's row."""
    weight = masses.astype(np.float64)
    square = values * values
    powers = (values, square, square * values)
    moments = [np.round(np.einsum("nm,n->m", power, weight), _DECIMALS) for power in powers]
    columns = np.lexsort(moments)
    # Distinct rows come in the order of their first columns.
    rows, back = np.unique(values[:, columns], axis=0, return_inverse=True)
    back = back.reshape(-1)
    heaped = np.zeros(len(rows), dtype=np.int64)
    np.add.at(heaped, back, masses)
    return np.ascontiguousarray(rows), heaped, back


def _farthest(rows: FloatArray, masses: IntArray, k: int) -> tuple[FloatArray, FloatArray]:
    """The first centres float64 [k, m], and squared distances to them [rows, k]; fewer are the first of these."""
    centres, apart = np.empty((k, rows.shape[1])), np.empty((len(rows), k))
    lengths, nearest = _lengths(rows), _squared(rows, _mean(rows, masses)[None])[:, 0]
    for j in range(k):
        centres[j] = rows[np.argmax(masses * nearest)]
        apart[:, j] = _squared(rows, centres[j : j + 1], lengths)[:, 0]
        nearest = apart[:, : j + 1].min(axis=1)
    return centres, apart


def _clustered(
    rows: FloatArray, masses: IntArray, centres: FloatArray, apart: FloatArray, enough: int
) -> tuple[IntArray, FloatArray]:
    """Labels, and squared distances to the centres [rows, at most k], each group with enough mass."""
    lengths = _lengths(rows)
    while True:
        label, apart, centres = _settled(rows, masses, lengths, apart, centres)
        size = np.bincount(label, masses, len(centres))
        if len(centres) == 1 or size.min() >= enough:
            return label, apart
        kept = np.delete(np.arange(len(centres)), int(size.argmin()))
        centres, apart = centres[kept], apart[:, kept]


def _settled(
    rows: FloatArray, masses: IntArray, lengths: FloatArray, apart: FloatArray, centres: FloatArray
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Lloyd's iterations from these centres: labels, squared distances, and the centres they end with."""
    label, apart, centres = apart.argmin(axis=1), apart.copy(), centres.copy()
    moved = np.arange(len(centres))
    for _ in range(_ROUNDS):
        # The other groups have the people that they had. One that nobody is nearest to stays where it is.
        own = np.where(label == moved[:, None], masses, 0).astype(np.float64)
        moved = moved[own.any(axis=1)]
        own = own[own.any(axis=1)]
        centres[moved] = _sums(rows, own) / own.sum(axis=1, keepdims=True)
        apart[:, moved] = _squared(rows, centres[moved], lengths)
        new = apart.argmin(axis=1)
        changed = new != label
        if not changed.any():
            break
        moved = np.unique([new[changed], label[changed]])
        label = new
    return label, apart, centres


def _sums(rows: FloatArray, weights: FloatArray) -> FloatArray:
    """float64 [g, m]: sums of the rows by weights, float64 [g, n]; `_squared` rounds what comes of their last bits."""
    sums = np.zeros((len(weights), rows.shape[1]))
    step = max(1, _CACHED // max(1, rows.shape[1]))
    for start in range(0, len(rows), step):
        part = slice(start, start + step)
        sums += weights[:, part] @ rows[part]
    return sums


def _mean(rows: FloatArray, masses: IntArray) -> FloatArray:
    mean: FloatArray = np.einsum("nm,n->m", rows, masses.astype(np.float64)) / masses.sum()
    return mean


def _lengths(rows: FloatArray) -> FloatArray:
    """float64 [n]: squared lengths of the rows."""
    return np.asarray(np.einsum("nm,nm->n", rows, rows))


def _squared(rows: FloatArray, centres: FloatArray, of_rows: FloatArray | None = None) -> FloatArray:
    """Squared distances, rounded so that the last bits, in which machines differ, decide nothing.

    ``of_rows`` are the rows' `_lengths`, where they are known.
    """
    squares = np.empty((len(rows), len(centres)))
    lengths, own = np.square(centres).sum(axis=1), _lengths(rows) if of_rows is None else of_rows
    step = max(1, _CACHED // max(1, rows.shape[1]))
    for start in range(0, len(rows), step):
        part = slice(start, start + step)
        squares[part] = own[part, None] - 2.0 * (rows[part] @ centres.T) + lengths
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


def _joined(
    completed: Utilities, pool: IntArray, values: FloatArray, label: IntArray, masses: IntArray, n: int
) -> IntArray:
    """Everybody's nearest group, where the groups were formed of some people."""
    of = [label == group for group in range(int(label.max()) + 1)]
    centres = np.array([_mean(values[mine], masses[mine]) for mine in of])
    every = np.empty(n, dtype=np.int64)
    step = max(1, LARGEST // (8 * len(pool)))
    for start in range(0, n, step):
        rows = np.arange(start, min(n, start + step))
        every[rows] = _squared(completed.utilities(rows, pool), centres).argmin(axis=1)
    return every


def _large(member: FloatArray, masses: IntArray) -> FloatArray:
    """Memberships of the kinds that are large enough, the largest first; whoever is of none counts for the largest.

    A kind is large enough if enough people belong to it more than to any other.
    """
    size = np.einsum("nk,n->k", member, masses.astype(np.float64))
    kept = np.argsort(-size, kind="stable")
    while len(kept) > 1:
        heads = np.bincount(member[:, kept].argmax(axis=1), masses, len(kept))
        if heads.min() >= least(int(masses.sum())):
            break
        kept = np.delete(kept, len(kept) - 1 - int(heads[::-1].argmin()))
    own = member[:, kept]
    total = own.sum(axis=1, keepdims=True)
    first = np.eye(len(kept))[:1]
    return np.asarray(np.where(total > 1e-9, own / np.maximum(total, 1e-300), first), dtype=np.float64)
