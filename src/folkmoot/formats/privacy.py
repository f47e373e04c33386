"""What stands in a column may tell who somebody is, whatever the column is called and in whatever language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w+")
_PHONE = re.compile(r"\+?(?:[\s()./-]*\d){7,15}\s*")
_ACCOUNT = re.compile(r"[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?")
_STREET = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|square|way|rue|chemin|place|calle|avenida"
    r"|plaza|via|viale|piazza|ulica|ul|aleja|rua|travessa|sokak|sk|caddesi|cad|mahallesi|mah"
    r"|\w*(?:strasse|straße|str|weg|platz|gasse|allee|straat|laan|plein|gatan|gata|vej|vagen|katu))"
)
_ADDRESS = re.compile(
    rf"\d+\s?\w?,?\s+(?:[^\W\d]+\.?\s+){{0,3}}{_STREET}\b|(?:[^\W\d]+\s+){{0,3}}{_STREET}\.?\s+(?:[^\W\d]+\.?\s+){{0,3}}\d+\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_]{2,}(?:[.\s-]+[^\W\d_]+)?[.\s-]+[^\W\d_]{2,}\d{0,3}")
"""A name and a surname, as people write them (``Ann Lee``) or as accounts are called (``ann.lee7``)."""
_PARTICLES = frozenset(["van", "von", "der", "den", "de", "da", "di", "del", "la", "le", "zu", "y", "e", "bin", "al"])
_SENTENCE = re.compile(r"[.!?…。！？؟]\s*$")


def revealing(cells: Iterable[str]) -> bool:
    """Do these cells look like names, addresses, e-mails or phone numbers, whatever the column is called?

    >>> revealing(["12 Mill Lane, Leeds", "Hauptstraße 7, 10115 Berlin"]), revealing(["Anna Maria Weber", "Jo Ann Lee"])
    (True, True)
    >>> revealing(["More trees in Mill Lane, please.", "Close the road to cars"])
    False
    """
    answers = [c for cell in cells if (c := cell.strip())]
    return reachable(answers) or (bool(answers) and 2 * sum(map(_like_a_name, answers)) > len(answers))


def reachable(cells: Iterable[str]) -> bool:
    """Do these cells hold e-mails, addresses, or numbers of phones or bank accounts?

    >>> reachable(["(555) 010-1234", "a@b.org"]), reachable(["DE89 3704 0044 0532 0130 00"]), reachable(["Bus 7"])
    (True, True, False)
    """
    answers = [c for cell in cells if (c := cell.strip())]
    contact = sum(len(c.split()) <= 12 and _contact(c) for c in answers)
    return bool(answers) and 10 * contact >= 3 * len(answers)


def numbered_places(cells: Iterable[str]) -> bool:
    """Do these cells look like addresses in any language: short, all different, nearly all with a number, no sentences?

    >>> numbered_places(["Lale Sokak 7 Kadıköy", "Gül Caddesi No 12"]), numbered_places(["2 more buses.", "Yes"])
    (True, False)
    """
    answers = [c for cell in cells if (c := cell.strip())]
    with_number = sum(any(ch.isdigit() for ch in cell) for cell in answers)
    short = all(len(cell) <= 60 and not _SENTENCE.search(cell) for cell in answers)
    return len(answers) > 1 and short and len(set(answers)) == len(answers) and 10 * with_number >= 8 * len(answers)


def short_beside(cells: Iterable[str], others: Iterable[str]) -> bool:
    """Are these short, all different and no sentences, beside a column of texts that are longer?

    Such are names in every script. A column of brief opinions can look alike, so that it has to be named to be read.

    Args:
        cells: the cells of the column.
        others: the cells of the longest column of texts.
    """
    answers = [c for cell in cells if (c := cell.strip())]
    texts = [c for cell in others if (c := cell.strip())]
    if len(answers) < 2 or not texts or len(set(answers)) < len(answers):
        return False
    brief = all(len(cell.split()) <= 4 and len(cell) <= 40 and not _SENTENCE.search(cell) for cell in answers)
    return brief and 5 * _typical(answers) < 4 * _typical(texts)


def contacts(ids: Sequence[str]) -> bool:
    """Are some of these ids e-mail addresses or phone numbers with a plus, or most of them written like names?"""
    if any(_EMAIL.fullmatch(each.strip()) or (each.strip().startswith("+") and _PHONE.fullmatch(each)) for each in ids):
        return True
    names = sum(bool(_NAME.fullmatch(each.strip())) for each in ids)
    return len(ids) > 1 and 2 * names > len(ids)


def latin(text: str) -> bool:
    """Whether the letters of a text are Latin ones, so that the words known here could have matched it."""
    letters = [ch for ch in text if ch.isalpha()]
    return all("LATIN" in unicodedata.name(ch, "") for ch in letters)


def _typical(cells: Sequence[str]) -> int:
    return sorted(map(len, cells))[len(cells) // 2]


def _contact(cell: str) -> bool:
    if _EMAIL.search(cell) or _PHONE.fullmatch(cell) or _ACCOUNT.fullmatch(cell):
        return True
    return _ADDRESS.match(cell) is not None and not _SENTENCE.search(cell)


def _like_a_name(cell: str) -> bool:
    words = [w for w in cell.split() if w not in _PARTICLES]
    return 1 <= len(words) <= 3 and not re.search(r"[.!?:;]$|\d", cell) and all(w[0].isupper() for w in words)
