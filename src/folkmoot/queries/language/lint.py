"""Finds what may be made up in a generated statement; it is shown beside the statement, for people to judge."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ...profile.sentences import noted
from .people import addressed

INVENTED_NUMBER = noted("number that is not in the sources")
INVENTED_NAME = noted("name that is not in the sources")
INVENTED_QUOTE = noted("quotation that is not in the sources")
PARTICIPANT_ID = noted("names a participant by number or id")
ADDRESSES_MODEL = noted("addresses the model")
UNFOUNDED = noted("is agreed to by somebody who said nothing")
UNCHECKED = noted("has no answer to its control question")
NOT_CHECKED = noted("names not checked: the sources write many words with capitals")

# Above this share of words with capitals inside sentences (German nouns), a capital says nothing about a name; told
# from so many words.
MANY_CAPITALS = 0.2
ENOUGH_WORDS = 50

_FIGURE = re.compile(r"\d+(?:[.,:/]\d+)*")
_TOKEN = re.compile(r"\w+(?:[-_.:]\w+)*")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_OPENS = re.compile(r"(?:^|[.!?…:;\"“„«(\[•\n-])\s*$")
_QUOTED = re.compile(r"\"([^\"]+)\"|“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»|»([^«»]+)«")
_FIRST_PERSON = re.compile(r"I(?:['’]\w+)?")
_PARTICIPANT = re.compile(
    r"\b(?:user|participant|person|respondent|agent|speaker|commenter|teilnehmer(?:in)?|participante|utilisateur)"
    r"\s*(?:#|no\.?|nr\.?)?\s*\d+\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Finding:
    """A part of a statement for people to check.

    Args:
        kind: one of the kinds of this module.
        what: the words in question.
    """

    kind: str
    what: str = ""


def lint(text: str, sources: Sequence[str], ids: Collection[str] = ()) -> tuple[Finding, ...]:
    """Everything in a statement that is not in the texts it was written from.

    Figures, words with capitals inside a sentence, and quotations that no source has word for word; participants'
    numbers and ids, which the model is never shown; words meant for a model.

    Args:
        text: the statement.
        sources: the texts that the model was shown, the topic among them.
        ids: the ids of the participants; those without both letters and digits are too common to be looked for.

    >>> [f.what for f in lint("We need 12 buses to Smith Street.", ["More buses to Smith Street!"])]
    ['12']
    """
    figures = {_plain(figure) for source in sources for figure in _FIGURE.findall(source)}
    findings = [Finding(INVENTED_NUMBER, f) for f in _FIGURE.findall(text) if _plain(f) not in figures]
    findings += _names(text, sources)
    said = [_even(source) for source in sources]
    quotes = [next(filter(None, match.groups())) for match in _QUOTED.finditer(text)]
    findings += [Finding(INVENTED_QUOTE, one) for one in quotes if not any(_even(one) in source for source in said)]
    findings += [Finding(PARTICIPANT_ID, match.group()) for match in _PARTICIPANT.finditer(text)]
    findings += [Finding(PARTICIPANT_ID, token) for token in _TOKEN.findall(text) if _telling(token) and token in ids]
    if why := addressed(text):
        findings.append(Finding(ADDRESSES_MODEL, why[1]))
    return tuple(dict.fromkeys(findings))


def _names(text: str, sources: Sequence[str]) -> list[Finding]:
    names = [
        word for word, inside in _words(text) if inside and word[0].isupper() and not _FIRST_PERSON.fullmatch(word)
    ]
    if not names:
        return []
    inner = [word for source in sources for word, inside in _words(source) if inside and not word.isupper()]
    if len(inner) >= ENOUGH_WORDS and sum(word[0].isupper() for word in inner) > MANY_CAPITALS * len(inner):
        return [Finding(NOT_CHECKED)]
    known = {part for source in sources for word, _ in _words(source) for part in _parts(word)}
    return [Finding(INVENTED_NAME, name) for name in names if not _parts(name) <= known]


def _words(text: str) -> list[tuple[str, bool]]:
    """Words, and whether each stands inside a sentence."""
    return [(match.group(), not _OPENS.search(text[: match.start()][-8:])) for match in _WORD.finditer(text)]


def _parts(word: str) -> set[str]:
    return {part for part in re.split(r"-|['’]s?$", word.casefold()) if part}


def _even(text: str) -> str:
    """A text with its blanks as single spaces and without a mark at its end: what quoting it may change."""
    return " ".join(text.split()).rstrip(".,;:!? ")


def _plain(figure: str) -> str:
    digits = "".join(str(unicodedata.decimal(c, c)) for c in figure)
    return digits.replace(",", "")


def _telling(name: str) -> bool:
    return len(name) >= 4 and any(c.isalpha() for c in name) and any(c.isdigit() for c in name)
