"""Statements that begin with a number of their own, which a list that numbers them would print beside its own.

Nothing that may be content is left out: "2030 is too late", "5G masts", "3.5 % are enough", "1. Mai soll Feiertag
bleiben", "3. Startbahn verhindern" and "A9: Tempolimit" stay as they are. The downloads keep every text to the letter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from ...queries.texts.languages import LANGUAGES
from ...queries.texts.languages.base import split

_OPENS = r"(?=[\"'«„“”‘’「『¿¡(]*[^\W\d_])"
#: Marks that nobody writes before content: (b), (12), (iv), 3), b), 12.), 2.1), Q4:, ③, 3、.
_ALWAYS = re.compile(
    r"(?:"
    r"[(\[（]\s?(?:\d{1,3}|[a-z]|[ivx]{2,4})\s?[)\]）][.:]?(?:\s+|(?<=）))"
    r"|\d{1,3}(?:\.\d{1,2})*\.?[)）](?:\s+|(?<=）))"
    r"|[A-Za-z]\)\s+"
    r"|[Qq]\s?\d{1,3}\s?[:.)]\s+"
    r"|[\u2460-\u249b]\s*"
    r"|\d{1,3}[、．]\s*"
    rf"){_OPENS}"
)
_DOTTED = re.compile(rf"\d{{1,3}}(?:\.\d{{1,2}})*\.\s+{_OPENS}")
#: What counts as a number where most of a list begins so: its marks are the same, the number another each time.
_SHAPED = re.compile(
    r"(?P<before>#\s?|(?:no\.|nr\.?|nº|n°)\s?|(?:question|frage|statement|aussage|these|punkt|point|item|idea|idee)\s)?"
    rf"(?P<number>\d{{1,3}})(?P<behind>[.:)]+\s+|\s[-–—]\s+|\s+){_OPENS}",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
#: Languages that write an ordinal without a dot behind the number; one that is not known may be another.
_CARDINAL = frozenset({"en", "fr", "es", "it", "pt", "nl"})
_MONTHS = split(
    """january february march april may june july august september october november december jan feb mar apr jun jul aug
    sep sept oct nov dec januar jänner februar feber märz mai juni juli oktober dezember jän mär okt dez janvier février
    mars avril juin juillet août septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto
    septiembre octubre noviembre diciembre gennaio febbraio aprile maggio giugno luglio settembre ottobre novembre
    dicembre janeiro fevereiro março maio junho julho setembro outubro novembro dezembro januari februari maart mei
    augustus marts maj augusti"""
)
#: So many statements, and half of the list, have to be numbered alike to tell that the numbers are the list's.
LEAST = 3


class Numbering:
    """What a list of statements brings of numbers of its own.

    Args:
        texts: the texts of the list, as they were written.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        written = [" ".join(text.split()) for text in texts]
        found: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for text in written:
            if (one := _SHAPED.match(text)) is not None:
                found.setdefault(_shape(one), []).append((one["number"], _word(text, one.end())))
        enough = {False: max(LEAST, (len(texts) + 1) // 2), True: max(LEAST, len(texts))}
        self._shapes = frozenset(
            shape
            for shape, each in found.items()
            # "12 buses" is a number of buses, and "1. Bezirk", "2. Bezirk" are districts: they have their word alike.
            # "1. Klasse", "2. Stammstrecke", "3. Startbahn" are ordinals: with a dot all of a list has to be numbered.
            if shape != ("", "") and len(each) >= enough[shape == ("", ".")] and _most(n for n, _ in each) == 1
            if 2 * _most(word for _, word in each) <= len(each)
        )

    def without(self, text: str, language: str = "") -> str:
        """A text without its own number; the text itself where the number may belong to what it says.

        Args:
            text: the text, without blanks around it.
            language: the code of its language; empty: not known.

        >>> [Numbering(()).without(text, "en") for text in ("22. More buses.", "3) More buses.", "2030 is too late.")]
        ['More buses.', 'More buses.', '2030 is too late.']
        >>> Numbering(()).without("3. Startbahn verhindern", "de"), Numbering(()).without("3. Wir brauchen Busse", "de")
        ('3. Startbahn verhindern', 'Wir brauchen Busse')
        """
        if (found := _ALWAYS.match(text)) is not None:
            return text[found.end() :]
        found = _SHAPED.match(text)
        if found is not None and _shape(found) in self._shapes and _word(text, found.end()) not in _MONTHS:
            return text[found.end() :]
        found = _DOTTED.match(text)
        return text[found.end() :] if found is not None and _begins(text, found.end(), language) else text


def _shape(found: re.Match[str]) -> tuple[str, str]:
    """A number's marks, whatever the number."""
    return " ".join((found["before"] or "").casefold().split()), found["behind"].strip()


def _word(text: str, at: int) -> str:
    found = _WORD.search(text, at)
    return "" if found is None else found[0].casefold()


def _most(values: Iterable[str]) -> int:
    return max(Counter(values).values())


def _begins(text: str, at: int, language: str) -> bool:
    """Whether a sentence begins after "3. ", so that this is no ordinal and no date.

    Sure in languages whose ordinals have no dot. In others an ordinal is followed by a noun or an adjective, or by
    "and" in lower case: never by a function word with a capital.
    """
    found = _WORD.search(text, at)
    if found is None or found[0].casefold() in _MONTHS:
        return False
    if language in _CARDINAL:
        return True
    words = LANGUAGES[language].words if language in LANGUAGES else frozenset()
    return found[0][0].isupper() and found[0].casefold() in words
