"""The likeness of the answers to two statements by people who answered both, in integers, one bit for each person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np
from numpy.typing import NDArray

from ...profile import Answers, IntArray

_PEOPLE = 1 << 13  # people held at once
_PAIRS = 1 << 12  # pairs compared at once
_STEPS = 10  # a finer scale is cut into so many steps

Words = NDArray[np.uint64]


@dataclass(frozen=True)
class Alike:
    """What co-voters answered to pairs of statements.

    Args:
        both: int64 [n_pairs] the number of people who answered both.
        apart: int64 [n_pairs] the steps between their two answers, summed over those people.
        chance: int64 [n_pairs] the same summed over every two of them, one's answer to the first and the other's to
            the second: ``both`` times what ``apart`` would be if the two answers had nothing to do with each other.
        shift: int64 [n_pairs] the steps by which the first statement is answered better than the second, summed.
        steps: the number of steps between the two ends of the scale: 2 for votes.
    """

    both: IntArray
    apart: IntArray
    chance: IntArray
    shift: IntArray
    steps: int

    def at_least(self, parts: int, of: int) -> NDArray[np.bool_]:
        """bool [n_pairs]: likeness of at least ``parts / of``, compared in whole numbers.

        Likeness is 1 minus the mean distance of the two answers as a share of the scale; where nobody answered both
        there is none.
        """
        full = self.steps * self.both
        return (self.both > 0) & ((full - self.apart) * of >= parts * full)

    def beyond_chance(self, hundredths: int) -> NDArray[np.bool_]:
        """bool [n_pairs]: whether answers differ by so many per cent less than by chance (weighted kappa, Cohen 1968).

        Two statements that nearly everybody agrees with are answered alike whatever they say; this tells whether the
        same people agree. Never where chance leaves no difference.
        """
        return (self.chance > 0) & (100 * (self.chance - self.both * self.apart) >= hundredths * self.chance)

    def even(self, hundredths: int) -> NDArray[np.bool_]:
        """bool [n_pairs]: neither statement is answered better than the other by more than this share of the scale."""
        return 100 * np.abs(self.shift) <= hundredths * self.steps * self.both


class CoVoters:
    """Likeness of answers to pairs of statements, from a bit for every person, statement and step of the scale.

    Memory is that of 8,192 people at a time: (steps + 9) x statements x 1 kB.

    Args:
        answers: the answers of all people, sorted by person.
        columns: int64 [m] the statements that are compared, each once.
    """

    def __init__(self, answers: Answers, columns: IntArray) -> None:
        scale = answers.scale
        whole = bool((answers.value == np.rint(answers.value)).all()) and float(scale.high - scale.low).is_integer()
        span = scale.high - scale.low
        self.steps = int(span) if whole and 1 <= span <= _STEPS else _STEPS
        place = np.full(int(max(answers.statement.max(initial=-1), columns.max(initial=-1))) + 1, -1, dtype=np.int64)
        place[columns] = np.arange(len(columns))
        inside = place[answers.statement] >= 0 if len(answers) else np.zeros(0, dtype=bool)
        self._person = answers.agent[inside]
        self._statement = place[answers.statement[inside]] if len(answers) else self._person
        share = (answers.value[inside] - scale.low) / (span or 1.0)
        self._level = np.rint(share * self.steps).astype(np.int64)
        self._size = len(columns)

    @cached_property
    def answered(self) -> IntArray:
        """int64 [m]: people who answered each statement."""
        return np.bincount(self._statement, minlength=self._size)

    def of(self, pairs: IntArray) -> Alike:
        """The likeness of the answers to these pairs.

        Args:
            pairs: int64 [n_pairs, 2] the places of statements in ``columns``.
        """
        both, apart = np.zeros(len(pairs), dtype=np.int64), np.zeros(len(pairs), dtype=np.int64)
        above = np.zeros((2, self.steps, len(pairs)), dtype=np.int64)
        for here, common, reached in self._answered_both(pairs):
            both[here] += _ones(common)
            for at, (one, other) in enumerate(reached):
                # A person's two answers are on different sides of as many steps as lie between them.
                apart[here] += _ones(one ^ other)
                above[0, at, here] += _ones(one)
                above[1, at, here] += _ones(other)
        first, second = above
        chance = (first * (both - second) + second * (both - first)).sum(axis=0)
        return Alike(both, apart, chance, (first - second).sum(axis=0), self.steps)

    def quantile(self, hundredths: int, least: int, most: int, few: int) -> tuple[int, int]:
        """Quantile of likeness over all pairs that enough people answered, as an exact fraction (parts, of).

        Args:
            hundredths: the quantile in per cent, e.g. 99: the smallest likeness that so many per cent do not exceed.
            least: the fewest people who answered both.
            most: the number of statements used: those with most answers (ties: the first ones). Half a million pairs of
                a thousand statements are enough to estimate the quantile.
            few: the number of pairs up to which the result is 1.
        """
        some = np.sort(np.argsort(-self.answered, kind="stable")[:most])
        one, other = np.triu_indices(len(some), 1)
        pairs = np.stack([some[one], some[other]], axis=1)
        both, apart = np.zeros(len(pairs), dtype=np.int64), np.zeros(len(pairs), dtype=np.int64)
        for here, common, reached in self._answered_both(pairs):
            both[here] += _ones(common)
            for first, second in reached:
                apart[here] += _ones(first ^ second)
        enough = both >= max(least, 1)
        if int(enough.sum()) <= few:
            return 1, 1
        full = self.steps * both[enough]
        parts = full - apart[enough]
        # Division is correctly rounded: equal fractions are equal numbers, and no two others of this size are.
        order = np.argsort(parts / full, kind="stable")
        at = order[ceil(hundredths * len(order) / 100) - 1]
        return int(parts[at]), int(full[at])

    def _answered_both(self, pairs: IntArray) -> Iterator[tuple[slice, Words, list[tuple[Words, ...]]]]:
        """Some pairs and some people at a time: who answered both, and who of them reached each step on either."""
        for known, reached in self._blocks():
            for start in range(0, len(pairs), _PAIRS):
                here = slice(start, start + _PAIRS)
                one, other = pairs[here].T
                common = known.take(one, axis=0) & known.take(other, axis=0)
                yield here, common, [tuple(step.take(of, axis=0) & common for of in (one, other)) for step in reached]

    def _blocks(self) -> Iterator[tuple[Words, list[Words]]]:
        last = int(self._person[-1]) + 1 if len(self._person) else 0
        for start in range(0, last, _PEOPLE):
            here = slice(*np.searchsorted(self._person, [start, start + _PEOPLE]).tolist())
            person, statement, level = self._person[here] - start, self._statement[here], self._level[here]
            width = -(-(min(start + _PEOPLE, last) - start) // 64)
            yield (
                _packed(person, statement, self._size, width),
                [
                    _packed(person[level >= step], statement[level >= step], self._size, width)
                    for step in range(1, self.steps + 1)
                ],
            )


def _packed(person: IntArray, statement: IntArray, size: int, width: int) -> Words:
    """uint64 [size, width]: a bit of row ``statement`` is set for every ``person``."""
    bits = np.zeros((size, width * 64), dtype=bool)
    bits.ravel()[statement * (width * 64) + person] = True
    return np.packbits(bits, axis=1).view(np.uint64)


def _ones(words: Words) -> IntArray:
    """int64 [n]: bits that are set in every row."""
    return np.asarray(np.einsum("nw->n", np.bitwise_count(words), dtype=np.int64))
