"""Which statements were compared with each other, directly or by way of others."""

from __future__ import annotations

import numpy as np

from .arrays import IntArray


def parts(winner: IntArray, loser: IntArray, size: int) -> IntArray:
    """The parts of comparisons, int64 [size]: the smallest statement of each one's part, -1 for one never shown.

    Two statements of one part were compared, or both with a third one, and so on; two of different parts never were,
    so comparisons cannot tell which of them people prefer.

    Args:
        winner: int64 [n] statements that were preferred.
        loser: int64 [n] statements that were not.
        size: the number of statements.

    >>> parts(np.array([0, 3]), np.array([1, 4]), 6).tolist()
    [0, 0, -1, 3, 3, -1]
    """
    label = np.arange(size)
    while True:
        before = label.copy()
        low = np.minimum(label[winner], label[loser])
        np.minimum.at(label, label[winner], low)
        np.minimum.at(label, label[loser], low)
        label = label[label]
        if np.array_equal(label, before):
            break
    shown = np.zeros(size, dtype=bool)
    shown[winner] = shown[loser] = True
    return np.where(shown, label, -1)


def count_parts(winner: IntArray, loser: IntArray, size: int) -> int:
    """The number of parts (`parts`); 0 without comparisons.

    >>> count_parts(np.array([0, 3]), np.array([1, 4]), 6)
    2
    """
    return len(np.unique(parts(winner, loser, size)[np.union1d(winner, loser).astype(np.int64)]))
