"""People as bits: sets of people in 64-bit words, counted by mass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..profile import BoolArray, IntArray

Words = NDArray[np.uint64]
# Masses are counted in at most this many binary digits; of larger ones the last digits are dropped while searching.
DIGITS = 12


def packed(members: BoolArray) -> Words:
    """uint64 [..., ceil(n / 64)]: sets of people, the last axis packed; what is beyond n is no member."""
    width = 8 * -(-members.shape[-1] // 64)
    padded = np.zeros((*members.shape[:-1], width), dtype=np.uint8)
    bytes_ = np.packbits(members, axis=-1, bitorder="little")
    padded[..., : bytes_.shape[-1]] = bytes_
    return padded.view(np.uint64)


def unpacked(words: Words, n: int) -> BoolArray:
    """bool [..., n]: the inverse of `packed`."""
    return np.unpackbits(np.ascontiguousarray(words).view(np.uint8), axis=-1, count=n, bitorder="little").astype(bool)


class Planes:
    """Masses in binary: the mass of a set is a sum of counts, in integers.

    Args:
        masses: int64 [n], >= 0.
    """

    def __init__(self, masses: IntArray) -> None:
        digits = int(masses.max(initial=1)).bit_length()
        self.shift = max(0, digits - DIGITS)
        kept = masses >> self.shift
        self.unit = bool((masses == 1).all())
        self.planes = [packed((kept >> digit) & 1 == 1) for digit in range(min(digits, DIGITS))]
        self.dtype = np.dtype(np.uint16 if len(masses) < 2**16 else np.uint32)

    def mass(self, words: Words, axis: int) -> IntArray:
        """int64: mass of sets whose words lie along ``axis`` (counted from the end, e.g. -2)."""
        if self.unit:
            counted: IntArray = np.bitwise_count(words).sum(axis=axis, dtype=self.dtype)
            return counted
        total: IntArray = np.zeros(1, dtype=np.int64)
        for digit, plane in enumerate(self.planes):
            shaped = plane.reshape(-1, *([1] * (-axis - 1)))
            total = total + (np.bitwise_count(words & shaped).sum(axis=axis, dtype=np.int64) << digit)
        return total << self.shift
