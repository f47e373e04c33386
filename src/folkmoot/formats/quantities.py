"""Numbers that are no opinions: ages, times, counts, ids, running numbers, by what a column is called and holds."""

from __future__ import annotations

import re
import unicodedata

import numpy as np

from ..profile import FloatArray
from .columns import names_in

_QUESTIONS = re.compile(
    r"\b(?:how (?:old|many|long|tall|often|far)|what is your (?:age|height|weight|income)"
    r"|wie (?:alt|viele|lange|gross|oft|weit|schwer)"
    r"|quel (?:est votre )?age|combien|depuis combien|cuant[oa]s?|que edad|quant[iaeo]s?"
    r"|qual e (?:a sua|la tua|la sua) (?:idade|eta)"
    r"|hoe (?:oud|veel|lang|groot|vaak)|ile (?:masz|pan|pani|lat|osob|razy)|kac(?:\s|$)"
    r"|number of|anzahl|nombre d[e ]|numero d[eio]"
    r"|liczba|aantal|sayisi|quantidade|cantidad)\b"
)
_LABELS = names_in(
    """age alter age edad eta idade leeftijd wiek yas years jahre year jahr annee ano anno jaar rok yil birth
    geburtsjahr duration dauer duree duracion durata duur czas sure seconds second sec secs minutes minute min
    minuten sekunden time times zeit temps tiempo tempo tijd elapsed started ended start end submitted completed
    created updated timestamp date epoch height groesse grosse taille altura altezza lengte wzrost boy weight
    gewicht poids peso waga kilo kg cm household haushalt haushaltsgroesse haushaltsgrosse foyer menage hogar
    famiglia gezin gospodarstwo hane children kinder enfants hijos figli kinderen dzieci cocuk siblings
    geschwister income einkommen revenu ingresos reddito renda inkomen dochod gelir salary gehalt count counts
    total totals sum number size index idx row rownum rownumber no nr num sequence order page pages step lat lon
    lng latitude longitude zip plz postcode postal ip seed token version progress lastpage approvals rejections
    attention check score points visits clicks likes shares views replies retweet retweets
    favorite favorites favourites reactions followers hours stunden heures horas ore uren people persons wave batch
    block weightkg duration_sec collector respondent unnamed sex gender geschlecht region country education
    groesse"""
)
_FILLERS = names_in(
    """in of the a an your ihr ihre votre tu su il la le de des du at on total your my id s ms h m sec seconds per
    taken at size level code group gruppe participant user response survey person"""
)

FEW = 5
"""From how many answers on a column can be told to be constant, or to hold weights."""

ROWS = 8
"""From how many answers on a column can be told to be a running number or an id."""

MOST_POINTS = 21
"""The most different whole numbers of a scale that is not from 0 to 100."""


def called_a_quantity(name: str) -> bool:
    """Whether a column is called an age, a time, a count, a size, an index: a number, but no opinion.

    >>> [called_a_quantity(each) for each in ("How old are you?", "duration_sec", "Household size", "Unnamed: 0")]
    [True, True, True, True]
    >>> [called_a_quantity(each) for each in ("More time for the library", "How important are trees?", "q1", "Music")]
    [False, False, False, False]
    """
    folded = _folded(name)
    if _QUESTIONS.search(folded):
        return True
    words = [bare for word in folded.split() if (bare := word.rstrip("0123456789"))]
    content = [word for word in words if word not in _FILLERS]
    return bool(words) and len(words) <= 4 and bool(content) and all(word in _LABELS for word in content)


def held_a_quantity(values: FloatArray) -> str:
    """Why the numbers of a column are no ratings; empty if they can be.

    Args:
        values: the numbers of one column, in the order of the rows.
    """
    n = len(values)
    if not n:
        return "no numbers"
    distinct = np.unique(values)
    whole = bool((values == np.round(values)).all())
    low, high = float(distinct[0]), float(distinct[-1])
    if whole and n >= ROWS and len(distinct) == n and (np.diff(values) == values[1] - values[0]).all():
        return "a running number"
    if whole and low >= 1e8:
        return "ids or times"
    if whole and low >= 1800 and high <= 2200:
        return "years"
    if whole and len(distinct) > MOST_POINTS and (low < 0 or high > 100):
        return "ids, times or counts"
    if whole and n >= ROWS and len(distinct) == n and high > 100:
        return "ids, times or counts"
    if n >= FEW and 2 * int((np.abs(values * 20 - np.round(values * 20)) > 1e-9).sum()) > n:
        return "numbers with decimals, like weights or places"
    return ""


_SIGNS = str.maketrans("ıłø", "ilo", "")


def _folded(name: str) -> str:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    name = name.casefold().translate(_SIGNS)
    bare = "".join(ch for ch in unicodedata.normalize("NFKD", name) if not unicodedata.combining(ch))
    return " ".join(re.findall(r"[^\W_]+", bare))
