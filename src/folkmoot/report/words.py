"""How numbers and untrusted texts are written, the same in every report."""

from __future__ import annotations

import math
import unicodedata

# Joiners shape letters in many scripts and emoji; every other format character can hide or reorder text.
_JOINERS = "\u200c\u200d"
_NONCHARACTERS = {code for plane in range(17) for code in (plane * 0x10000 + 0xFFFE, plane * 0x10000 + 0xFFFF)}


def clean(text: str) -> str:
    """Text that HTML and UTF-8 can hold: line ends become newlines, characters neither can hold become U+FFFD.

    >>> clean("a\\r\\nb\\0c")
    'a\\nb\ufffdc'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c in "\n\t" or not _unwritable(c) else "\ufffd" for c in text)


def _unwritable(c: str) -> bool:
    code = ord(c)
    return (
        code < 0x20
        or 0x7F <= code < 0xA0
        or 0xD800 <= code < 0xE000
        or 0xFDD0 <= code < 0xFDF0
        or code in _NONCHARACTERS
    )


def plain(text: str) -> str:
    """One line that is safe to print on a terminal.

    >>> print(plain("red \\x1b[31m and \\u202e back\\nnext"))
    red \\x1b[31m and \\u202e back next
    """
    return spelt(" ".join(text.split()))


def spelt(text: str) -> str:
    """Text with control, bidi and other format characters spelt out, as ``\\x1b``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if _printable(c) else c.encode("unicode_escape").decode("ascii") for c in text)


def _printable(c: str) -> bool:
    return c in _JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def shorten(text: str, most: int) -> str:
    """At most so many characters, cut at a word where there is one.

    >>> shorten("more buses, fewer cars", 12)
    'more buses,…'
    """
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > most // 2 else cut) + "…"


def ended(text: str) -> bool:
    """Whether a text ends as a sentence does, so that no sign belongs behind it.

    >>> ended("Consensus on Brexit?"), ended("Our town in 2050"), ended("「你好嗎？」")
    (True, False, True)
    """
    return text.rstrip(" \"'”’»«“」』)").endswith((".", "?", "!", "…", "。", "？", "！", "؟", "۔", "।"))


def count(n: float) -> str:
    """A count with thousands separated.

    >>> count(2031)
    '2,031'
    """
    return f"{int(n):,}"


def some(n: float, one: str, many: str = "") -> str:
    """A count with its noun.

    >>> some(1, "person", "people"), some(2031, "vote")
    ('1 person', '2,031 votes')
    """
    return f"{count(n)} {one if n == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """A share as whole percent; what is close to none or to all is never rounded to it.

    >>> percent(0.274), percent(0.001), percent(0.999), percent(1.0), percent(2.617)
    ('27%', 'under 1%', 'over 99%', '100%', '262%')
    """
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 <= share < 1:
        return "over 99%"
    return f"{math.floor(share * 100 + 0.5):,}%"


def width(share: float) -> str:
    """A share as a CSS length."""
    return f"{max(0.0, min(1.0, share)) * 100:.2f}%"
