"""Numbers as sentences of a page or a summary hold them, in the language of the reader."""

from __future__ import annotations

import math

from .translations import Words, words

#: The language of the sources, where no other is asked for.
ENGLISH = words("en")
_FINE = 10**9
#: Rows of a table whose name begins with this are parts of the row above them.
PART = "· "


def percent(w: Words, share: float) -> str:
    """A share in whole percent; what is not none or all is never rounded to it.

    >>> percent(ENGLISH, 0.274), percent(ENGLISH, 0.001), percent(ENGLISH, 0.999), percent(ENGLISH, 2.617)
    ('27%', 'under 1%', 'over 99%', '262%')
    """
    fine = round(share * _FINE)
    if share > 0:
        fine = max(fine, 1)
    if share < 1:
        fine = min(fine, _FINE - 1)
    return w.percent(fine, _FINE)


def of(w: Words, part: float, whole: float) -> str:
    """A part with its whole and its share.

    >>> of(ENGLISH, 330, 339)
    '330 of 339 (97%)'
    """
    if not whole:
        return w.gettext("%(part)s of %(whole)s", part=int(part), whole=int(whole))
    return w.gettext(
        "%(part)s of %(whole)s (%(share)s)", part=int(part), whole=int(whole), share=percent(w, part / whole)
    )


def figure(w: Words, value: float | None, digits: int = 2) -> str:
    """A number with two decimals; a dash where there is none.

    >>> figure(ENGLISH, 0.8058), figure(ENGLISH, None)
    ('0.81', '–')
    """
    return "–" if value is None or not math.isfinite(value) else w.decimal(value, digits)


def count(w: Words, n: float) -> str:
    """A whole number with its thousands separated.

    >>> count(ENGLISH, 2031.0)
    '2,031'
    """
    return w.count(int(n))


def sentences(*parts: str) -> str:
    """Sentences after one another, without the empty ones.

    >>> sentences("One.", "", "Two.")
    'One. Two.'
    """
    return " ".join(filter(None, parts))
