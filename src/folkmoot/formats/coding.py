"""How the cells of one column become numbers: numbers, numbers with a word, words of a language, or signs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from .numbers import is_number, to_number
from .words import Family, family_of, plain_words, says_nothing

_LABELLED = re.compile(r"^\(?(-?\d+)\)?\s*(?:[-–—=:.)\]]\s*|\s+)\(?([^\d\s(].*?)\)?$", re.DOTALL)
_LABELLED_AFTER = re.compile(r"^(\D*[^\d\s(])\s*[(\[=:–—-]\s*(-?\d+)\s*[)\]]?$", re.DOTALL)
_UP_TO = r"(?:up to|to|through|bis|jusqu'à|à|hasta|fino a|tot|do|até|до)"
_NUMBER_FIRST = re.compile(
    r"(?<![\d.])(-?\d+)\s*[=:(–—-]\s*([^\d\s=:;,/()\[\]][^\d=:;,/()\[\]]*?)\s*"
    rf"(?=[;,/()\[\]]|$|[-–—]\s*\d|\s{_UP_TO}\s+-?\d)"
)
_WORD_FIRST = re.compile(r"([^\d\s=:;,/()\[\]][^\d=:;,/()\[\]]*?)\s*[=:(]\s*(-?\d+)(?![\d.])")
_OUT_OF = re.compile(
    r"(\d+)\s*(?:stars?|sterne?|étoiles?|estrellas?|estrelas?|stell[ae]|sterren|ster|gwiazd\w*|yıldız|つ?星|별|점|点|分"
    r"|/\s?(?:5|7|10|100)|(?:out of|von|sur|de|su|van|z) (?:5|7|10|100))",
    re.IGNORECASE,
)
"""A number of stars or points, as form tools write them."""

_BEST_FIRST = re.compile(r"\b(?:schul|zeugnis)noten?\b|\brank(?:ing)?\b|\brang(?:folge)?\b", re.IGNORECASE)
"""Questions whose best answer is 1: school grades (German), ranks."""

_STARS = re.compile(r"^([★⭐🌟]+)[☆✩]*$")

MOST_LABELS = 11
"""The most points of a scale whose points are labelled."""


@dataclass(frozen=True)
class Coding:
    """How the answers of a column are written.

    Args:
        kind: ``numbers``, ``labels`` (a number and a word, stars) or ``words``.
        family: the words' family; None for numbers.
        meanings: what each label stands for (``labels``), or the place of each word (``words``).
        strays: answers that are neither numbers nor known as no answers, by how often they occur.
        turned: whether words say that the lowest number is the best; None: no words say which end is the best.
        nothing: numbers that stand for no answer, as the question says.
    """

    kind: Literal["numbers", "labels", "words"]
    family: Family | None = None
    meanings: Mapping[str, float] = field(default_factory=dict)
    strays: Mapping[str, int] = field(default_factory=dict)
    turned: bool | None = None
    nothing: frozenset[float] = frozenset()

    def value(self, cell: str) -> float | None:
        """The number of an answer; for words its place; None where it is not one of this kind."""
        if self.kind == "numbers":
            number = to_number(cell)
            return None if number in self.nothing else number
        return self.meanings.get(plain_words(cell))


def coding_of(cells: Iterable[str], missing: frozenset[str] = frozenset()) -> Coding | None:
    """How the answers of a column are written; None: they are neither numbers nor known words.

    Args:
        cells: all or some cells of a column.
        missing: further values that are no answers, as `plain_words` writes them.
    """
    answers: dict[str, int] = {}
    for cell, n in Counter(cells).items():
        if not is_missing(cell, missing):
            answers[cell.strip()] = answers.get(cell.strip(), 0) + n
    if not answers:
        return None
    numbers = sum(n for cell, n in answers.items() if is_number(cell))
    if 2 * numbers > sum(answers.values()):
        labels = _labels(answers) if numbers < sum(answers.values()) else None
        if labels is not None:
            return labels  # only the ends of the scale have words
        return Coding("numbers", strays={cell: n for cell, n in answers.items() if not is_number(cell)})
    return _labels(answers) or _words(answers)


def is_missing(cell: str, missing: frozenset[str]) -> bool:
    """Whether a cell is no answer, by itself or because the caller says so (``99`` is then also ``99.0``)."""
    return _is_missing(cell, missing) if len(cell) > LONG else _seen_missing(cell, missing)


def _is_missing(cell: str, missing: frozenset[str]) -> bool:
    if says_nothing(cell) or ((labelled := _LABELLED.match(cell.strip())) and says_nothing(labelled[2])):
        return True  # 6 - don't know
    if not missing:
        return False
    if plain_words(cell) in missing:
        return True
    value = to_number(cell)
    return value is not None and f"{value:g}" in missing


LONG = 40
"""Longer cells are texts, which hardly occur twice."""

_seen_missing = lru_cache(maxsize=1 << 16)(_is_missing)


def missing_values(values: Iterable[str]) -> frozenset[str]:
    """The values that a caller names as no answers, in the form that `is_missing` compares."""
    plain = {plain_words(value) for value in values}
    return frozenset(plain | {f"{n:g}" for value in values if (n := to_number(value)) is not None})


def _labels(answers: Mapping[str, int]) -> Coding | None:
    """Numbers with words (``1 - strongly disagree``) or stars, each word with one number."""
    meanings: dict[str, float] = {}
    words: dict[str, float] = {}
    for cell in answers:
        if (stars := _STARS.match(cell)) is not None:
            meanings[plain_words(cell)] = float(len(stars[1]))
            continue
        if (points := _OUT_OF.fullmatch(cell)) is not None:
            meanings[plain_words(cell)] = float(points[1])
            continue
        if is_number(cell):
            meanings[plain_words(cell)] = to_number(cell) or 0.0
            continue
        before, after = _LABELLED.match(cell), _LABELLED_AFTER.match(cell)
        if before is not None:
            number, word = before[1], before[2]
        elif after is not None:
            number, word = after[2], after[1]
        else:
            return None
        value = to_number(number)
        if value is None or words.setdefault(plain_words(word), value) != value:
            return None
        meanings[plain_words(cell)] = value
    if len(set(meanings.values())) > MOST_LABELS or len(set(words.values())) < len(words):
        return None
    if words and len(answers) == sum(answers.values()) and family_of(words) is None:
        return None  # every answer occurs once: texts that begin with a number, like addresses
    return Coding("labels", meanings=meanings, turned=_turned(words))


_LEGEND = re.compile(r"\s*[(\[][^()\[\]]*\d[^()\[\]]*[)\]]\s*$")


def without_legend(question: str) -> str:
    """A question without what it says at its end about its numbers, which is no part of what people judge.

    >>> without_legend("More trees (1 = strongly agree, 5 = strongly disagree)")
    'More trees'
    >>> without_legend("A pool (built in 2027)"), without_legend("(1 = gut, 6 = schlecht)")
    ('A pool (built in 2027)', '(1 = gut, 6 = schlecht)')
    """
    legend = _LEGEND.search(question)
    if legend is None or not question[: legend.start()].strip():
        return question
    return question if explained(Coding("numbers"), legend[0]).turned is None else question[: legend.start()].rstrip()


def explained(coding: Coding, question: str) -> Coding:
    """The coding of a column of numbers, with what its question says about them (``1 = strongly agree``).

    >>> explained(Coding("numbers"), "More trees? (1 = strongly agree, 5 = strongly disagree)").turned
    True
    >>> explained(Coding("numbers"), "From 1 (very bad) to 5 (very good)").turned
    False
    >>> explained(Coding("numbers"), "Note: 1 = sehr gut bis 6 = sehr schlecht").turned
    True
    """
    if coding.kind != "numbers":
        return coding
    for pattern, number, word in ((_NUMBER_FIRST, 1, 2), (_WORD_FIRST, 2, 1)):
        words = {plain_words(said[word].split(" - ")[-1]): float(said[number]) for said in pattern.finditer(question)}
        nothing = frozenset(number for word, number in words.items() if says_nothing(word))
        turned = _turned({word: number for word, number in words.items() if number not in nothing})
        if turned is not None or nothing:
            return replace(coding, turned=turned, nothing=nothing)
    return replace(coding, turned=True) if _BEST_FIRST.search(question) else coding


def _turned(words: Mapping[str, float]) -> bool | None:
    """Whether the words of the lower numbers are the better ones; None: they do not say."""
    family = family_of(words)
    if family is None or len(words) < 2:
        return None
    pairs = sorted((number, family.places[word]) for word, number in words.items())
    rising = sum(b > a for (_, a), (_, b) in pairwise(pairs))
    return 2 * rising < len(pairs) - 1


def _words(answers: Mapping[str, int]) -> Coding | None:
    family = family_of(answers)
    strays: dict[str, int] = {}
    if family is None:
        family, strays = _nearly(answers)
    if family is None:
        return None
    known = map(plain_words, answers.keys() - strays.keys())
    return Coding("words", family, {word: float(family.places[word]) for word in known}, strays)


def _nearly(answers: Mapping[str, int]) -> tuple[Family | None, dict[str, int]]:
    """The family to which nearly all answers belong, and the others, which have to be asked about."""
    known = {cell for cell in answers if family_of([cell]) is not None}
    strays = {cell: n for cell, n in answers.items() if cell not in known}
    family = family_of(known) if len(known) > 1 else None
    if family is None or family.yes_or_no or 5 * sum(strays.values()) > sum(answers.values()):
        return None, {}
    return family, strays
