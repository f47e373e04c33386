"""Texts that say the same in another spelling: found among hundreds of thousands before any is shown or paid for.

Nothing is compared in pairs: every text gets a key, and texts with the same key are looked at together.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ...profile import IntArray
from .languages import LANGUAGES
from .recognise import languages_of
from .spelling import Spelling
from .words import amounts, plain, stems, tokens

#: Texts by which the languages are recognised; of more, evenly spaced ones.
RECOGNISED = 2_000
#: Letters of an ending that a word may have in one of two texts and not in the other, and those of a short word.
ENDING, SHORT = 2, 3
#: What stands in the place of the stem of a word that is none of content.
SMALL, TURNED = "\0", "\1"
# Marks over and under Latin, Greek and Cyrillic letters, Arabic and Hebrew vowels: many write without them.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0655\u0670]")
_OTHER_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
# Ends of clauses, also where a script has signs of its own. A point or comma inside a number ends none.
_CLAUSE = re.compile(
    r"[.,:](?!\d)|[;!?\n\u2026\u3001\u3002\uff01\uff0c\uff1b\uff1f\u061f\u060c\u0964]|\s[-\u2013\u2014]\s"
)


class _Word(NamedTuple):
    """A content word or a negation: its stem, itself in its right spelling, and the small words before it."""

    stem: str
    word: str
    before: tuple[str, ...]


_Clause = tuple[_Word, ...]


@dataclass(frozen=True)
class _Said:
    """A text as it is compared.

    Args:
        clauses: its words clause by clause, each clause closed by a word without letters that has what is left of the
            small words before it.
        turned: its negations, with how often.
        numbers: the numbers in it.
    """

    clauses: tuple[_Clause, ...]
    turned: frozenset[tuple[str, int]]
    numbers: frozenset[str]

    @property
    def keys(self) -> Iterator[tuple[object, ...]]:
        """Texts with one of these in common say the same, as far as stems, negations and numbers go.

        A text without content words has none: it says the same only as what is written like it.
        """
        if any(len(clause) > 1 for clause in self.clauses):
            common = (self.turned, self.numbers)
            yield (tuple(each.stem for each in self._joined), *common)
            # The same clauses in another order; words in another order ("cars, not buses") may say the opposite.
            yield (tuple(each.stem for each in self._sorted), "clauses", *common)

    @property
    def fullness(self) -> tuple[int, int]:
        """Less for a text with more words and more clauses."""
        words = sum(len(clause) + sum(len(each.before) for each in clause) for clause in self.clauses)
        return len(self.clauses) - words, -len(self.clauses)

    @cached_property
    def _joined(self) -> list[_Word]:
        """The words in order, as if it were one clause."""
        found = list[_Word]()
        before: tuple[str, ...] = ()
        for clause in self.clauses:
            for stem, word, small in clause:
                before = (*before, *small)
                if word:
                    found.append(_Word(stem, word, before))
                    before = ()
        return [*found, _Word("", "", before)]

    @cached_property
    def _sorted(self) -> list[_Word]:
        """The words with clauses in an order of their own, those without content left out."""
        clauses = sorted(clause for clause in self.clauses if len(clause) > 1)
        return [word for clause in clauses for word in clause]

    def says(self, other: _Said) -> bool:
        """Whether texts with a common key say the same.

        At every place small words may be added or left out, not put in the place of others: "on" instead of "off" says
        something else. Content words may have another ending, not another word's: "improve" and "improved", not
        "community" and "communist".
        """
        here, there = self._joined, other._joined
        if [each.stem for each in here] != [each.stem for each in there]:
            here, there = self._sorted, other._sorted
        return all(
            _ending(one.word, another.word) and _left_out(one.before, another.before)
            for one, another in zip(here, there, strict=True)
        )


def _left_out(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether all words of one are among those of the other."""
    if one == other or not one or not other:
        return True
    first, second = Counter(one), Counter(other)
    return first <= second or second <= first


def _ending(one: str, other: str) -> bool:
    """Whether two words are equal but for an ending of one of them."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and ((len(long) - len(short) <= ENDING and len(short) > SHORT) or long == short + "s")


class _Leaders(NamedTuple):
    """What texts are compared with: the fullest texts of every group.

    Args:
        places: by every key the places below of the texts that have it.
        said: these texts.
        group: the number of each one's group.
    """

    places: dict[object, list[int]]
    said: list[_Said]
    group: list[int]

    def of(self, text: _Said) -> int:
        """The place of the text that says the same; -1: none does."""
        for key in text.keys:
            for place in self.places.get(key, ()):
                if self.said[place].says(text):
                    return place
        return -1

    def add(self, text: _Said, group: int) -> None:
        """Has texts be compared with this one, too."""
        for key in dict.fromkeys(text.keys):
            self.places.setdefault(key, []).append(len(self.said))
        self.said.append(text)
        self.group.append(group)


@dataclass(frozen=True)
class SameTexts:
    """Texts in groups that say the same, each spoken for by its first text.

    Args:
        group: int64 [n_texts] the number of every text's group, numbered by their first texts.
        first: int64 [n_groups] the first text of every group.
    """

    group: IntArray
    first: IntArray
    _rank: IntArray = field(repr=False, compare=False)
    _reader: _Reader = field(repr=False, compare=False)
    _leaders: _Leaders = field(repr=False, compare=False)
    _exact: dict[str, int] = field(repr=False, compare=False)

    @property
    def speaker(self) -> IntArray:
        """int64 [n_texts]: the first text of every text's group."""
        return self.first[self.group]

    def find(self, text: str) -> int:
        """The number of the group that another text says the same as; -1: none, it is new. Nothing is added.

        >>> same_texts(["More buses in the evening", "Fewer cars"]).find("MORE BUSES IN EVENING!")
        0
        """
        if (known := self._exact.get(bare(text))) is not None:
            return known
        place = self._leaders.of(self._reader.read(text))
        return place if place < 0 else int(self._rank[self._leaders.group[place]])


def same_texts(texts: Sequence[str]) -> SameTexts:
    """Groups texts that say the same in another spelling.

    Two texts say the same if they differ in nothing but case, accents, width, punctuation, blanks and the Unicode form
    of their letters; or if the stems of their content words are the same in the same order (or clause by clause in
    another order), as are their negations and numbers, with small words left out of one of them, and with spelling
    slips (`Spelling`). This is the rule for near-duplicates that nobody answered (`near_duplicates`: the same stems,
    negations and numbers), made strict enough to speak for an author: what says nearly the same in other words stays
    apart. Every text is compared with the
    fullest text of a group, so there are no chains.

    Args:
        texts: what people wrote, in any languages; the first of a group speaks for it.

    Returns:
        The groups. The same texts in the same order give the same groups.

    >>> found = same_texts(["We need more buses!", "we NEED more buses", "We need no buses", "Ｎeed  more buses"])
    >>> found.group.tolist()
    [0, 0, 1, 0]
    """
    exact: dict[str, int] = {}
    place = np.array([exact.setdefault(bare(text), len(exact)) for text in texts], dtype=np.int64)
    # Spellings are numbered in the order of their first texts.
    _, begin = np.unique(place, return_index=True)
    distinct = [texts[at] for at in begin.tolist()]
    reader = _Reader(distinct)
    said = [reader.read(text) for text in distinct]
    copies = np.bincount(place, minlength=len(distinct))
    leaders = _Leaders({}, [], [])
    joined = np.empty(len(distinct), dtype=np.int64)
    # The fullest texts lead: where words and signs were left out, they were left out of these.
    for number, at in enumerate(sorted(range(len(said)), key=lambda at: (*said[at].fullness, -int(copies[at]), at))):
        place_of = leaders.of(said[at])
        joined[at] = number if place_of < 0 else leaders.group[place_of]
        # A text that lacks nothing of its leader, in another order or spelling, leads as well: no chain comes of it.
        if place_of < 0 or said[at].fullness[0] == leaders.said[place_of].fullness[0]:
            leaders.add(said[at], int(joined[at]))
    # Groups are numbered by their first texts.
    _, first = np.unique(joined, return_index=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(distinct), dtype=np.int64)
    rank[joined[first[order]]] = np.arange(len(order))
    group = rank[joined]
    known = {key: int(group[at]) for key, at in exact.items()}
    return SameTexts(group[place], begin[first[order]], rank, reader, leaders, known)


def bare(text: str) -> str:
    """A text without case, accents, width, punctuation and needless blanks.

    What has no letter and no digit at all stays as it is, in lower case and single blanks.

    >>> bare("  ÉCOLE — gratuite !"), bare("Straße"), bare(":-)")
    ('ecole gratuite', 'strasse', ':-)')
    """
    even = _even(text)
    words = re.sub(r"[^\w%€$£]|_", " ", re.sub(r"(?<=\w)'(?=\w)", "", re.sub(r"(?<!\d)[.,:]|[.,:](?!\d)", " ", even)))
    return " ".join(words.split()) or even


def _even(text: str) -> str:
    """Lower case in one Unicode form, without marks over letters and without characters that nobody sees."""
    if text.isascii():
        return plain(text)
    seen = plain("".join(c for c in text if unicodedata.category(c) != "Cf"))
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", seen))).translate(_OTHER_LETTERS)


class _Reader:
    """How texts of one collection are read: their languages' small words and negations, and their spelling."""

    def __init__(self, texts: Sequence[str]) -> None:
        some = texts[:: max(1, -(-len(texts) // RECOGNISED))]
        used = [LANGUAGES[code] for code in dict.fromkeys(languages_of(some)) if code is not None]
        self._negations = frozenset(_even(word) for language in used for word in language.negations)
        self._small = frozenset(_even(word) for language in used for word in language.words) - self._negations
        counts = Counter(word for text in texts for word in tokens(_even(text)))
        self._spelling = Spelling(counts, self._negations)
        self._known: dict[str, tuple[str, str]] = {}

    def read(self, text: str) -> _Said:
        """A text as it is compared."""
        even = _clauses(text)
        turned = Counter[str]()
        clauses = []
        for clause in even:
            content, small = list[_Word](), list[str]()
            for word in tokens(clause):
                kind, right = self._word(word)
                if kind == SMALL:
                    small.append(right)
                else:
                    # A negation keeps its place among the words.
                    turned[right] += kind == TURNED
                    content.append(_Word(kind, right, tuple(small)))
                    small = []
            # Scripts without blanks have no words: what is between signs, as a whole.
            if not clause.isascii():
                runs = [run for run in re.findall(r"[^\W\d_]+", clause) if not tokens(run)]
                content += [_Word(run, run, ()) for run in runs]
            clauses.append((*content, _Word("", "", tuple(small))))
        return _Said(tuple(clauses), frozenset((+turned).items()), amounts(" ".join(even)))

    def _word(self, word: str) -> tuple[str, str]:
        """The stem of a word, or what it is instead, and the word in its right spelling."""
        if (known := self._known.get(word)) is None:
            right = word if word in self._negations else self._spelling.of(word)
            stem = (
                TURNED
                if right in self._negations
                else SMALL
                if right in self._small
                else next(iter(stems(right)), right)
            )
            known = self._known[word] = stem, right
        return known


def _clauses(text: str) -> list[str]:
    """The clauses of a text in one spelling; the whole text where it has no end of a clause."""
    whole = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return [part for clause in _CLAUSE.split(whole) if (part := _even(clause))]
