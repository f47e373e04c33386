"""Answers in words: which words stand for which answer, one file a language; a new language is one file.

A file lists families of answers (agreement, satisfaction, ...), each with the place of every word between the worst and
the best answer: below 0 against, 0 in the middle, above 0 for; families without a middle count from 1. Lines under
``[missing]`` are words for no answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_MISSING = "missing"
_NOTHING = frozenset(
    [
        "",
        "na",
        "n/a",
        "#n/a",
        "null",
        "nan",
        "nil",
        "none",
        "(blank)",
        "(empty)",
        "missing",
        "undefined",
        "#null",
        "<na>",
    ]
)
"""What programs write where nothing was answered; signs alone (-, --, ., ?) are as empty as these."""

_ORDERED = ("agreement", "support", "yes and no", "truth")
"""The families whose bare words (disagree, pass, agree) are votes."""


@dataclass(frozen=True)
class Family:
    """Words that answer the same kind of question.

    Args:
        name: the kind of question, e.g. ``agreement``.
        language: the language of the words, by its file; several: joined by ``+``.
        places: the place of each word between worst and best, by the normalised word.
    """

    name: str
    language: str
    places: Mapping[str, int]

    @property
    def votes(self) -> bool:
        """Whether its bare words (no degrees) are votes."""
        return self.name in _ORDERED

    @property
    def yes_or_no(self) -> bool:
        """Whether two bare words are all there is: yes and no, true and false."""
        return self.name in ("yes and no", "truth")

    def levels(self, places: Iterable[int]) -> tuple[int, ...]:
        """The places of the scale of which these were used: an unused degree is there if its opposite was used.

        A scale of which one side has hardly a degree (not at all, slightly, moderately, very) has no opposites.

        >>> family_of(["Very poor", "Poor", "Fair", "Good", "Excellent"]).levels([-3, -2, 0, 2, 4])
        (-3, -2, 0, 2, 4)
        """
        used = set(places)
        below, above = sum(p < 0 for p in used), sum(p > 0 for p in used)
        if min(self.places.values()) > 0 or abs(below - above) > 2:
            return tuple(sorted(used))
        opposites = {-p for p in used if abs(p) <= 3}
        return tuple(sorted(used | (opposites - {3} if 4 in used else opposites)))


def plain_words(text: str) -> str:
    """A text as words are compared: without case, marks at its ends, signs for skin and kinds of apostrophes.

    >>> plain_words(" Don’t  know. "), plain_words("👍🏽"), plain_words("strongly_agree")
    ("don't know", '👍', 'strongly agree')
    """
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("`", "'").replace("_", " ")
    text = text.replace("ı", "i").replace("i\u0307", "i")  # Turkish has two letters i, which capitals confuse
    text = re.sub("[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f]", "", text)
    return " ".join(text.split()).strip(' .!,;:"')


def says_nothing(text: str) -> bool:
    """Whether a cell is no answer: empty, a program's word for nothing, or the words of a language for it.

    >>> [says_nothing(each) for each in ("", "N/A", " - ", "Don't know", "weiß nicht", "no", "5")]
    [True, True, True, True, True, False, False]
    """
    plain = plain_words(text)
    return plain in _NOTHING or plain in _missing() or not any(ch.isalnum() or ord(ch) > 0x2190 for ch in plain)


def family_of(cells: Iterable[str]) -> Family | None:
    """The family to which all these words belong, of one language or (mixed surveys) of several; None: there is none.

    Args:
        cells: the answers of a column or of a grid, without those that say nothing.
    """
    used = {plain_words(cell) for cell in cells}
    for family in _families():
        if used <= family.places.keys() and any(family.places[word] for word in used):
            return family
    return None


def languages() -> tuple[str, ...]:
    """The languages of which words are known, as they call themselves.

    >>> languages()[:4]
    ('English', 'العربية', 'Dansk', 'Deutsch')
    """
    titles = ((files(__package__) / f"{name}.txt").read_text("utf-8").splitlines()[0] for name, _ in _languages())
    return tuple(title.removeprefix("# ") for title in titles if "," not in title)


@cache
def _missing() -> frozenset[str]:
    return frozenset(word for _, sections in _languages() for words in sections.get(_MISSING, {}) for word in [words])


@cache
def _families() -> tuple[Family, ...]:
    """Every family of every language, then each family of all languages together."""
    single = [
        Family(name, language, places)
        for language, sections in _languages()
        for name, places in sections.items()
        if name != _MISSING
    ]
    joined = []
    for name in dict.fromkeys(family.name for family in single):
        same = [family for family in single if family.name == name]
        places: dict[str, int] = {}
        for family in same:
            for word, place in family.places.items():
                places.setdefault(word, place)
        joined.append(Family(name, "+".join(family.language for family in same), places))
    return (*single, *joined)


@cache
def _languages() -> tuple[tuple[str, dict[str, dict[str, int]]], ...]:
    here = sorted((each for each in files(__package__).iterdir() if each.name.endswith(".txt")), key=_english_first)
    return tuple((each.name.removesuffix(".txt"), _sections(each.read_text("utf-8"))) for each in here)


def _english_first(file: object) -> tuple[bool, str]:
    name = getattr(file, "name", "")
    return name != "en.txt", name


def _sections(text: str) -> dict[str, dict[str, int]]:
    sections: dict[str, dict[str, int]] = {}
    section = ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[] ")
            sections[section] = {}
        elif line and not line.startswith("#"):
            place, words = ("0", line) if section == _MISSING else line.split(":", 1)
            sections[section] |= {plain_words(word): int(place) for word in words.split("|")}
    return sections
