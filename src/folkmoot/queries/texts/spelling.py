"""Spelling slips: words that hardly anybody writes and that are one letter away from a word that many write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

#: Letters of a word from which one slip, and from which two slips, are looked for.
SHORT, LONG = 2, 11
#: How many times as often the right word is written; of words of fewer than so many letters more often, as one letter
#: makes another word of them: less so where two letters have changed places.
RATIO, FEW_LETTERS, RATIO_SWAPPED, RATIO_SHORT = 4, 5, 20, 100
#: Longer words written at most so often are slips of any word near them that is written as often.
RARE = 2
#: Negations of fewer letters than this are one letter away from other words ("not", "note").
PLAIN = 6


class Spelling:
    """What every word of a collection is taken for.

    From the most frequent word on, a word is taken for the most frequent earlier one that it may be a slip of; what is
    taken for another word is nobody's right word, so there are no chains.

    Args:
        counts: how often each word is written, in lower case.
        fixed: words that are never a slip nor what a slip is taken for, if they are short (negations).
    """

    def __init__(self, counts: Mapping[str, int], fixed: Collection[str] = ()) -> None:
        self._counts, self._fixed = Counter(counts), frozenset(word for word in fixed if len(word) < PLAIN)
        self._right: dict[str, str] = {}
        self._near: dict[str, list[str]] = {}
        for word in sorted(self._counts, key=lambda each: (-self._counts[each], each)):
            self._learn(word)

    def of(self, word: str) -> str:
        """What a word is taken for, also one that is new; itself, if it is no slip."""
        return self._right[word] if word in self._right else self._found(word)

    def _learn(self, word: str) -> None:
        right = self._right[word] = self._found(word)
        if right == word and self._may(word):
            for less in _shortened(word, 2 if len(word) >= LONG else 1):
                self._near.setdefault(less, []).append(word)

    def _may(self, word: str) -> bool:
        return len(word) >= SHORT and word.isalpha() and word not in self._fixed

    def _found(self, word: str) -> str:
        if not self._may(word):
            return word
        slips = 2 if len(word) >= LONG else 1
        others = {other for less in _shortened(word, slips) for other in self._near.get(less, ())}
        fitting = [other for other in others if self._slip(word, other, slips)]
        return min(fitting, key=lambda other: (-self._counts[other], other), default=word)

    def _slip(self, word: str, other: str, slips: int) -> bool:
        often, right = max(self._counts[word], 1), self._counts[other]
        if min(len(word), len(other)) < FEW_LETTERS:
            enough = right >= (RATIO_SWAPPED if sorted(word) == sorted(other) else RATIO_SHORT) * often
        else:
            enough = right >= RATIO * often or often <= RARE
        return enough and distance(word, other) <= slips


def _shortened(word: str, slips: int) -> Iterator[str]:
    """The word, and what is left of it without one or two letters: words that share one of these are near."""
    yield word
    seen = {word}
    level = [word]
    for _ in range(slips):
        level = [less for each in level for at in range(len(each)) if (less := each[:at] + each[at + 1 :]) not in seen]
        level = list(dict.fromkeys(level))
        seen.update(level)
        yield from level


def distance(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with their neighbour to get from one word to another.

    >>> distance("roundabuots", "roundabouts"), distance("parc", "parks"), distance("bus", "bus")
    (1, 2, 0)
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, letter_of in enumerate(other, start=1):
            best = min(row[j - 1] + 1, last[j] + 1, last[j - 1] + (letter != letter_of))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == letter_of:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]
