"""Numbers as people and their programs write them."""

from __future__ import annotations

import re

_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d{1,2}")


def to_number(text: str) -> float | None:
    """A cell as a finite number, with a point or a comma for decimals, perhaps a percentage; None if it is none.

    A comma before three digits may stand for thousands or decimals, so that such a cell is no number.

    >>> to_number("3,5"), to_number(" 4.0 "), to_number("1,200"), to_number("nan"), to_number("40 %")
    (3.5, 4.0, None, None, 40.0)
    """
    text = text.strip().removesuffix("%")
    if "," in text:
        if _DECIMAL_COMMA.fullmatch(text) is None:
            return None
        text = text.replace(",", ".")
    elif "_" in text:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value - value == 0 else None


def is_number(text: str) -> bool:
    """Is this a finite number?"""
    return to_number(text) is not None
