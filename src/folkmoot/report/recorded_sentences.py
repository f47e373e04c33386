"""Says recorded English sentences in another language: found again by their words, with the figures and names in them.

A record (``slate.json``) keeps what reading noted, and what a reader of figures has to know, as English sentences. A
catalogue has them with placeholders; what stands in their places is taken over, whole numbers and shares as the
language writes them, and sentences within sentences are translated alike. What no catalogue has stays English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

#: Sentences that are longer are not looked at.
LONGEST = 4000
#: A pattern with fewer letters says little by itself: it is only taken where what it holds is recognised too, or is a
#: list of names or numbers, or a name in quotes.
LITTLE = 7
_PLACE = re.compile(r"%\((\w+)\)s")
_NAMES = re.compile(r"[\w.-]{1,40}(?:, [\w.-]{1,40})*|'[^']*'|\"[^\"]*\"")
_NUMBER = re.compile(r"(?P<whole>-?(?:\d{1,3}(?:,\d{3})+|\d+))(?P<rest>\.\d+)?(?P<percent>%)?", re.ASCII)

Numbers = Callable[[int, int, bool], str]


class Sentences:
    """The recorded sentences of a catalogue.

    Args:
        known: translations by English sentence, both with placeholders in the form ``%(name)s``.
        names: names of languages by their English ones.
        number: how the language writes a number: its digits as a whole number, how many of these are decimals, and
            whether it is a share in percent.
    """

    def __init__(self, known: Mapping[str, str], names: Mapping[str, str], number: Numbers) -> None:
        self._names = names
        self._whole = {one: said for one, said in known.items() if not _PLACE.search(one)}
        filled = [one for one in known if one not in self._whole]
        filled.sort(key=_letters, reverse=True)
        self._patterns = [(_pattern(one), known[one], _letters(one) < LITTLE) for one in filled]
        self._number = number
        self._say = lru_cache(maxsize=1024)(self._found)

    def in_words(self, sentence: str) -> str:
        """A sentence in this language, or as it is where the catalogue does not have it.

        Args:
            sentence: a recorded sentence, clause or list of clauses.
        """
        found = self._say(sentence)
        return sentence if found is None else found

    def _found(self, sentence: str) -> str | None:
        if sentence in self._whole:
            return self._whole[sentence]
        if len(sentence) > LONGEST:
            return None
        for pattern, said, little in self._patterns:
            match = pattern.fullmatch(sentence)
            if match is None:
                continue
            values = match.groupdict()
            if little and not (any(map(self._say, values.values())) or all(map(_NAMES.fullmatch, values.values()))):
                continue
            return said % {name: self._value(value) for name, value in values.items()}
        return None

    def _value(self, value: str) -> str:
        """What stands in a place, in this language."""
        number = _NUMBER.fullmatch(value)
        if number is not None:
            decimals = (number["rest"] or "")[1:]
            return self._number(
                int(number["whole"].replace(",", "") + decimals), len(decimals), bool(number["percent"])
            )
        if not any(c.isalpha() for c in value):
            return value
        return "; ".join(self._clause(clause) for clause in value.split("; "))

    def _clause(self, clause: str) -> str:
        """A clause, perhaps with a number after it."""
        if all(name in self._names for name in clause.split(", ")):
            return ", ".join(self._names[name] for name in clause.split(", "))
        head, colon, number = clause.rpartition(": ")
        if colon and _NUMBER.fullmatch(number):
            return f"{self.in_words(head)}{colon}{self._value(number)}"
        return self.in_words(clause)


def _letters(sentence: str) -> int:
    return sum(c.isalpha() for c in _PLACE.sub("", sentence))


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = _PLACE.split(sentence)
    return re.compile(
        "".join(
            f"(?P<{part}>.*?)" if place % 2 else re.escape(part.replace("%%", "%")) for place, part in enumerate(parts)
        ),
        re.DOTALL,
    )
