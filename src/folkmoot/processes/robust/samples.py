"""Draws of everybody's answers, packed into bits, and the largest complaint against a slate in each."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np

from ...profile import BoolArray, FloatArray, IntArray
from ...profile.compiled import kernels
from ...queries.bits import Planes, Words, packed, unpacked
from ...queries.levels import Block, distinct

# Thresholds of utility a coalition may form at; of more values than these, evenly spaced ones are taken.
THRESHOLDS = 6
# Words that are worked on at once, so that they stay in the processor's cache.
CACHED = 40_000


class Samples:
    """Common draws on which all slates are evaluated.

    Args:
        draws: the utilities of everybody and every candidate, one block a draw.
        masses: int64 [n].
        needs: int64 [m] mass each candidate has to represent.
    """

    def __init__(self, draws: Iterable[Block], masses: IntArray, needs: IntArray) -> None:
        self.n, self.needs, self.planes = len(masses), needs, Planes(masses)
        thresholds: FloatArray | None = None
        rows: list[list[Words]] = []
        for block in draws:
            if thresholds is None:
                thresholds = _thresholds(distinct(block.utilities))
            rows.append([np.ascontiguousarray(packed(block.reaching(theta)).T) for theta in thresholds])
        #: uint64 [s, t, ceil(n / 64), m]: who has at least threshold t for a candidate, in draw s.
        self.reach: Words = np.array(rows, dtype=np.uint64)
        self.thresholds = np.zeros(0) if thresholds is None else thresholds
        self.count = len(rows)

    def content(self, chosen: IntArray, place: IntArray) -> Words:
        """uint64 [s, t, ceil(n / 64)]: who has at least threshold t with the assigned statement; -1: nobody's."""
        draws, thresholds, words, _ = self.reach.shape
        result = np.zeros((draws * thresholds, words), dtype=np.uint64)
        if len(chosen):
            seats = packed(place[None, :] == np.arange(len(chosen))[:, None])
            if (compiled := kernels()) is not None:
                compiled.content(self._by_candidate, chosen, seats, words, result)
            else:
                for candidate, seat in zip(chosen, seats, strict=True):
                    result |= self._by_candidate[candidate] & seat
        return result.reshape(draws, thresholds, words)

    @cached_property
    def _by_candidate(self) -> Words:
        """uint64 [m, s * t, ceil(n / 64)]: `reach`, candidate by candidate."""
        draws, thresholds, words, candidates = self.reach.shape
        pieces = self.reach.reshape(-1, candidates).T
        return np.ascontiguousarray(pieces).reshape(candidates, draws * thresholds, words)

    def ratios(
        self, content: Words, chosen: IntArray, among: Words | None = None, which: IntArray | None = None
    ) -> FloatArray:
        """float64 [s, m]: mass of the largest coalition for each candidate over its need, 0 for chosen ones.

        Args:
            content: of the slate.
            chosen: int64 [k].
            among: `reach` of some candidates only.
            which: int64, those candidates.
        """
        reach = self.reach if among is None else among
        needs = self.needs if which is None else self.needs[which]
        shares = self._largest(reach, content) / needs
        inside = np.zeros(len(self.needs), dtype=bool)
        inside[chosen] = True
        shares[:, inside if which is None else inside[which]] = 0.0
        return shares

    def _largest(self, reach: Words, content: Words) -> IntArray:
        """int64 [s, c]: mass of the largest coalition for each candidate of ``reach``, in every draw."""
        result = np.zeros((self.count, reach.shape[-1]), dtype=np.int64)
        if self.planes.unit and (compiled := kernels()) is not None:
            draws, thresholds, words, candidates = reach.shape
            compiled.largest_sets(reach, content, draws, thresholds, words, candidates, result)
            return result
        lacking = ~content
        step = max(1, CACHED // max(1, reach.shape[2] * reach.shape[3]))
        for t in range(reach.shape[1]):
            for start in range(0, self.count, step):
                part = slice(start, start + step)
                inside = reach[part, t] & lacking[part, t, :, None]
                np.maximum(result[part], self.planes.mass(inside, -2), out=result[part])
        return result

    def complainers(self, content: Words, draws: IntArray, candidates: IntArray) -> BoolArray:
        """bool [c, n]: the members of the largest coalition for one candidate in one draw, for c of them.

        Args:
            content: of the slate.
            draws: int64 [c].
            candidates: int64 [c].
        """
        sets = self.reach[draws, :, :, candidates] & ~content[draws]
        largest = np.argmax(self.planes.mass(sets, -1), axis=1)
        return unpacked(sets[np.arange(len(sets)), largest], self.n)


def _thresholds(values: FloatArray) -> FloatArray:
    """Utilities above the lowest that an answer has; evenly spaced ones where they are many."""
    distinct = values[1:]
    if len(distinct) > THRESHOLDS:
        distinct = distinct[np.linspace(0, len(distinct) - 1, THRESHOLDS).round().astype(np.int64)]
    return distinct if len(distinct) else np.array([np.inf])
