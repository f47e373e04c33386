"""Half of the features somebody may be asked about: every set of questions, every history, every output.

Histories and outputs of all features are pairs of those of two halves, so that each half is gone through once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..profile import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Half:
    """Some of the features. A set of questions is a number with a bit for each feature; of histories and outputs the
    last feature varies fastest.

    Args:
        chances: for each feature float64 [K, values], the probability of every value in every class.
        askable: the features that may be asked about, as bits.
    """

    chances: Sequence[FloatArray]
    askable: int

    @cached_property
    def sets(self) -> tuple[int, ...]:
        """All sets of questions, the largest first."""
        every = [asked for asked in range(1 << len(self.chances)) if asked & ~self.askable == 0]
        return tuple(sorted(every, key=int.bit_count, reverse=True))

    @cached_property
    def levels(self) -> tuple[tuple[int, ...], ...]:
        """Sets of as many questions, the largest first."""
        sizes = range(self.askable.bit_count(), -1, -1)
        return tuple(tuple(asked for asked in self.sets if asked.bit_count() == size) for size in sizes)

    @cached_property
    def told(self) -> dict[int, FloatArray]:
        """By the set asked, float64 [histories, K]: the probability of every history in every class."""
        return {asked: told for asked, (told, _) in self._both.items()}

    @cached_property
    def right(self) -> dict[int, FloatArray]:
        """By the set asked, float64 [K, outputs, r]: the law of the number of right guesses of the other features."""
        return {asked: right for asked, (_, right) in self._both.items()}

    @cached_property
    def _both(self) -> dict[int, tuple[FloatArray, FloatArray]]:
        kinds = len(self.chances[0]) if self.chances else 1
        found = {0: (np.ones((1, kinds)), np.ones((kinds, 1, 1)))}
        for place, chance in enumerate(self.chances):
            before, found = found, {}
            for asked, (told, right) in before.items():
                more = np.zeros((kinds, right.shape[1], chance.shape[1], right.shape[2] + 1))
                more[..., 1:] = right[:, :, None] * chance[:, None, :, None]
                more[..., :-1] += right[:, :, None] * (1.0 - chance[:, None, :, None])
                found[asked] = told, more.reshape(kinds, -1, more.shape[3])
                if self.askable >> place & 1:
                    found[asked | 1 << place] = (told[:, None] * chance.T).reshape(-1, kinds), right
        return found

    @cached_property
    def rows(self) -> dict[int, slice]:
        """By the set asked, the rows of its histories in a table of all of them; `many` rows in all."""
        ends = np.cumsum([len(self.told[asked]) for asked in self.sets]).tolist()
        return {asked: slice(start, end) for asked, start, end in zip(self.sets, [0, *ends[:-1]], ends, strict=True)}

    @property
    def many(self) -> int:
        """The number of histories of all sets."""
        return len(self.table)

    @cached_property
    def table(self) -> FloatArray:
        """float64 [many, K]: the probability of every history of every set in every class."""
        return np.concatenate([self.told[asked] for asked in self.sets])

    def free(self, asked: int) -> list[int]:
        """The features that may still be asked about."""
        return [place for place in range(len(self.chances)) if (self.askable & ~asked) >> place & 1]

    def before(self, asked: int, place: int) -> int:
        """The number of histories of the features of a set that come before a feature."""
        return int(np.prod([self.chances[each].shape[1] for each in range(place) if asked >> each & 1], dtype=int))

    def parted(self, later: FloatArray, asked: int, place: int) -> list[FloatArray]:
        """A table [n, histories once a feature was asked, too] by its values, float64 [n, histories] each."""
        size = self.chances[place].shape[1]
        table = later.reshape(len(later), self.before(asked, place), size, -1)
        return [table[:, :, value].reshape(len(later), -1) for value in range(size)]

    @cached_property
    def following(self) -> tuple[IntArray, ...]:
        """For each level int64 [values, features, histories]: the rows that follow the histories of the level once one
        feature more was asked; `many`, where a feature has fewer values."""
        most = max((chance.shape[1] for chance in self.chances), default=1)
        found = []
        for level in self.levels:
            width = self.askable.bit_count() - level[0].bit_count()
            parts = []
            for asked in level:
                part = np.full((most, width, len(self.told[asked])), self.many)
                for at, place in enumerate(self.free(asked)):
                    rows, size = self.rows[asked | 1 << place], self.chances[place].shape[1]
                    numbers = np.arange(rows.start, rows.stop).reshape(self.before(asked, place), size, -1)
                    part[:size, at] = numbers.transpose(1, 0, 2).reshape(size, -1)
                parts.append(part)
            found.append(np.concatenate(parts, axis=2))
        return tuple(found)
