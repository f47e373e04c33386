"""Times as whole numbers, also where a spreadsheet has rounded them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}(?:\.0+)?")
_ROUNDED = re.compile(r"[0-9](?:[.,][0-9]{1,6})?[eE]\+?[0-9]{1,2}")


@dataclass(frozen=True)
class When:
    """A time as a number.

    Args:
        value: the number.
        rounded: whether digits are missing, so that equal times do not say what came first.
    """

    value: int
    rounded: bool = False


def when(text: str) -> When | None:
    """A cell as a whole-number time; None if it is none.

    Spreadsheets show long numbers as ``1.68969E+12``, or ``1,68969E+12`` where decimals have a comma, and save them so.

    >>> when("1689690000123"), when(" 1.68969E+12 "), when("noon")
    (When(value=1689690000123, rounded=False), When(value=1689690000000, rounded=True), None)
    """
    stripped = text.strip()
    if _WHOLE.fullmatch(stripped):
        return When(int(stripped.split(".")[0]))
    if _ROUNDED.fullmatch(stripped):
        mantissa, exponent = re.split("[eE]", stripped.replace(",", "."))
        whole, _, decimals = mantissa.partition(".")
        missing = int(exponent) - len(decimals)
        if missing >= 0 and int(exponent) < 18:
            return When(int(whole + decimals) * 10**missing, missing > 0)
    return None
