"""Trees of questions about ten sushi, learned from samples of users, and the guesses made at their nodes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from folkmoot.profile import BoolArray, FloatArray, IntArray

from .data import N

JOINT, PER_ITEM, GAIN = "joint mode", "per-item modes", "joint, gain over ten"
READINGS = {
    JOINT: "the unrevealed items as in the most frequent pair of the node",
    PER_ITEM: "every unrevealed item by its own most frequent value in the node",
    GAIN: "as joint mode; every question is the one that tells most about the ten items, summed",
}


def pairs(n: int) -> IntArray:
    """int64 [n (n - 1) / 2, n]: the pairs as features, in the order (0, 1), (0, 2), ..., (n - 2, n - 1).

    >>> pairs(3).tolist()
    [[1, 1, 0], [1, 0, 1], [0, 1, 1]]
    """
    a, b = np.triu_indices(n, 1)
    items = np.arange(n)
    return np.asarray((items == a[:, None]) | (items == b[:, None]), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Trees:
    """Trees of questions, one per sample, as the path of every pair; P pairs of n items.

    Args:
        users: int64 [s, P], the users that the trees were learned from.
        node: bool [s, n + 1, P, P], the pairs by which somebody of a pair is judged after k answers: those that agree
            with all of them. An answer that nobody gave in the sample is set down and narrows nothing.
        answered: bool [s, n + 1, P, n], the items they have answered by then.
        ties: the number of nodes where several items had the largest entropy, over the samples; the lowest item was
            asked.
    """

    users: IntArray
    node: BoolArray
    answered: BoolArray
    ties: int

    @property
    def mass(self) -> IntArray:
        """int64 [s, n + 1, P, P]: users of each pair at the node of each pair."""
        return self.node * self.users[:, None, None, :]


def grow(users: IntArray, n: int = N, reading: str = JOINT) -> Trees:
    """Grows the trees of samples of users.

    The next question is about the item whose own entropy is largest, which is what its answer tells about the pair
    (compared by |2 ones - users|, in integers); with `GAIN` the one whose answer tells most about the ten items, summed
    over them. Everybody is asked k questions, including those who are known before.

    Args:
        users: int64 [s, P], at least one user each.
        n: the number of items.
        reading: one of `READINGS`.
    """
    features = pairs(n)
    samples, size = users.shape
    node = np.ones((samples, n + 1, size, size), dtype=bool)
    answered = np.zeros((samples, n + 1, size, n), dtype=bool)
    ties = 0
    for k in range(n):
        mass = node[:, k] * users[:, None, :]
        total = mass.sum(axis=-1)
        if reading == GAIN:
            lean = np.where(answered[:, k], np.inf, _left(mass, features))
            total = np.where((mass > 0).sum(axis=-1) > 1, np.inf, 0.0)
        else:
            lean = np.where(answered[:, k], total[..., None] + 1, np.abs(2 * (mass @ features) - total[..., None]))
        item = lean.argmin(axis=-1)
        least = lean.min(axis=-1)
        tied = ((lean == least[..., None]).sum(axis=-1) > 1) & (least < total)
        ties += int((tied & _leads(node[:, k], users)).sum())
        answered[:, k + 1] = answered[:, k] | (item[..., None] == np.arange(n))
        same = node[:, k] & (features.T[item] == features[np.arange(size), item][..., None])
        heard = (same & (users > 0)[:, None, :]).any(axis=-1, keepdims=True)
        node[:, k + 1] = np.where(heard, same, node[:, k])
    return Trees(users, node, answered, ties)


def _left(mass: IntArray, features: IntArray) -> FloatArray:
    """float64 [s, P, n]: what is left to know about the items, nats summed over items and users, once one is told."""
    n = features.shape[1]
    ones = mass @ features
    both = (mass @ (features[:, :, None] * features[:, None, :]).reshape(len(features), -1)).reshape(*ones.shape, n)
    total = mass.sum(axis=-1)[..., None, None]
    told = _doubt(both, ones[..., None]) + _doubt(ones[..., None, :] - both, total - ones[..., None])
    # Sums in another order differ in their last digits.
    left: FloatArray = np.round(told.sum(axis=-1), 9)
    return left


def _doubt(ones: IntArray, total: IntArray) -> FloatArray:
    """Entropy, nats, of a value that so many of a total have, times the total."""

    def part(count: IntArray) -> FloatArray:
        share = np.divide(count, total, out=np.ones(np.broadcast(count, total).shape), where=count > 0)
        return np.asarray(-count * np.log(share))

    return part(ones) + part(total - ones)


def _leads(node: BoolArray, users: IntArray) -> BoolArray:
    """bool [s, ..., P]: the first pair with users of each node, so that nodes are counted once."""
    held = (users > 0).reshape(len(users), *[1] * (node.ndim - 3), 1, -1)
    return np.asarray((node & held).argmax(axis=-1) == np.arange(users.shape[1]))


def wrong(trees: Trees, reading: str) -> IntArray:
    """int64 [s, n + 1, P]: wrong guesses for each pair after k answers.

    Ties: of equally frequent pairs the first, of equally frequent values 0 (see `guess_ties`).
    """
    features = pairs(trees.answered.shape[-1])
    mass = trees.mass
    if reading != PER_ITEM:
        guess = features[mass.argmax(axis=-1)]
    else:
        guess = (2 * (mass @ features) > mass.sum(axis=-1)[..., None]).astype(np.int64)
    return np.asarray(((guess != features) & ~trees.answered).sum(axis=-1))


def guess_ties(trees: Trees, reading: str) -> int:
    """Nodes whose guess is one of several that are equally frequent, over the samples."""
    mass = trees.mass
    if reading != PER_ITEM:
        tied = (mass == mass.max(axis=-1, keepdims=True)).sum(axis=-1) > 1
    else:
        ones = mass @ pairs(trees.answered.shape[-1])
        tied = ((2 * ones == mass.sum(axis=-1)[..., None]) & ~trees.answered).any(axis=-1)
    return int((tied & _leads(trees.node, trees.users)).sum())
