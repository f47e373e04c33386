"""What in a text may tell who somebody is, or leads away from the page: found by conservative rules, for staff to read.

Nothing is taken out of a text for it: whether a councillor may be named, only a reader can say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from ..profile.contacts import EMAIL, PHONE

Telling = Literal["email", "link", "phone", "handle", "name"]

_ENDS = "com|org|net|info|eu|io|gov|edu|de|at|ch|uk|fr|es|it|nl|be|ca|au|us"
_TITLES = "Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Frau|Herr|Herrn|Mme|Mlle|Monsieur|Madame|Señor|Señora|Sra|Sig|Signora"
#: After a title these name an office, or nobody.
_OFFICES = (
    "Mayor|President|Governor|Minister|Chancellor|Bürgermeister(?:in)?|Oberbürgermeister(?:in)?|Präsident(?:in)?|"
    "Minister(?:in)?|Kanzler(?:in)?|Doktor|Professor|Maire|Président|Alcalde|Speaker|Chair"
)
_RULES: dict[Telling, re.Pattern[str]] = {
    "link": re.compile(
        rf"\b(?:https?://|www\.)\S+|(?<![@\w.])[\w-]{{2,}}(?:\.[\w-]+)*\.(?:{_ENDS})(?:/\S*)?(?![\w@-])"
    ),
    "phone": PHONE,
    "handle": re.compile(r"(?<![\w@./])@[A-Za-z_]\w{2,}"),
    "name": re.compile(
        rf"\b(?:{_TITLES})\b\.?\s+(?:(?:{_TITLES})\b\.?\s+)*(?!(?:{_OFFICES})\b)[A-ZÀ-ÖØ-ÞŁŚŻČŠŽ][^\W\d_]+"
    ),
}


def telling(text: str) -> tuple[Telling, ...]:
    """What a text holds that may tell who somebody is, or where to reach them.

    >>> telling("Call 0151 23456789 or write to ann@town.example"), telling("Ask Dr. Weber and @annlee, see www.x.org")
    (('email', 'phone'), ('link', 'handle', 'name'))
    >>> telling("Spend 1.000.000 by 2030-12-31, Mr Mayor; 2,031 people voted, 9 of 10 agree. Eine Frau ist dabei.")
    ()

    Args:
        text: the text.
    """
    return tuple(_found(" ".join(text.split())))


def _found(text: str) -> Iterator[Telling]:
    # What stands in an address of e-mail is no link and no handle of its own. Where there can be none, none is looked
    # for: that takes long in a long word.
    rest = EMAIL.sub(" ", text) if "@" in text else text
    if rest != text:
        yield "email"
    yield from (kind for kind, rule in _RULES.items() if rule.search(rest))
