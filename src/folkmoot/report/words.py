"""How numbers and untrusted texts are written, the same in every report."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass

from ..profile import Profile, Slate
from ..slates.recorded import recorded

# Joiners shape letters in many scripts and emoji; every other format character can hide or reorder text.
_JOINERS = "\u200c\u200d"
_NONCHARACTERS = {code for plane in range(17) for code in (plane * 0x10000 + 0xFFFE, plane * 0x10000 + 0xFFFF)}


UNITS = {"words": "word", "characters": "character", "statements": "statement", "cost": "unit"}


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


def of(part: float, whole: float) -> str:
    """A part with its denominator and its share.

    >>> of(330, 339)
    '330 of 339 (97%)'
    """
    share = f" ({percent(part / whole)})" if whole else ""
    return f"{count(part)} of {count(whole)}{share}"


def figure(value: float | None) -> str:
    """A utility, two decimals; a dash where there is none.

    >>> figure(0.8058), figure(None)
    ('0.81', '–')
    """
    return "–" if value is None or not math.isfinite(value) else f"{value:.2f}"


def width(share: float) -> str:
    """A share as a CSS length."""
    return f"{max(0.0, min(1.0, share)) * 100:.2f}%"


@dataclass(frozen=True)
class Terms:
    """What answers and utilities are called on a scale.

    Args:
        votes: whether there are answers at all.
        complete: whether everybody answered everything.
        approve: the verb for an answer above the middle, in the past tense.
        reject: the verb for an answer below the middle.
        middle: the verb for an answer on the middle; empty where there is none.
        utility: what the numbers of utility mean, in words.
        low: the smallest utility.
        high: the largest utility.
    """

    votes: bool
    complete: bool
    approve: str
    reject: str
    middle: str
    utility: str
    low: float
    high: float


def terms(profile: Profile) -> Terms:
    """The words for this profile's answers."""
    scale = profile.answers.scale
    low, high = scale.utility_range
    votes = len(profile.answers) + len(profile.comparisons) > 0
    if not votes:
        approve = reject = middle = ""
        utility = (
            f"how close the statement comes to anything the person wrote: {high:g} = the same words, "
            f"{low:g} = nothing in common; it says nothing about being for or against"
        )
    elif scale.kind == "vote":
        approve, reject, middle = "agreed", "disagreed", "passed"
        utility = "1 = agrees, 0 = disagrees, 0.5 = passes; predictions lie in between"
    elif scale.kind == "approval":
        approve, reject, middle = "approved", "did not approve", ""
        utility = "1 = approves, 0 = does not approve"
    else:
        middle_value = scale.midpoint
        approve, reject = "are above the middle", "are below the middle"
        middle = f"are exactly in the middle ({middle_value:g})"
        noun = {
            "rating": "the rating",
            "points": "the points given",
            "ranking": "places above the last",
            "comparison": "the share of the other statements that it is preferred to",
        }[scale.kind]
        utility = f"{noun}, from {low:g} (lowest) to {high:g} (highest); predictions lie in between"
    return Terms(votes, scale.complete, approve, reject, middle, utility, low, high)


@dataclass(frozen=True)
class Voice:
    """Who gave the known utilities, and what they are called.

    Args:
        own: what the known utilities are, after "on".
        gave: the verb for having one, after a number of people.
        known: the word for one person's known utility.
        silent: the word for people without one.
        unknown: what the unknown utilities are, after "the".
        alike: what people who are near each other on the map do alike.
        completed: what completed utilities rest on, as a line of its own.
        others: what completes the known utilities, after "with".
        rest: what completes the known utilities, after "nor with".
        doubted: the utilities that the worst case turns against the slate, after "the".
        people: whether people themselves gave the utilities.
    """

    own: str
    gave: str
    known: str
    silent: str
    unknown: str
    alike: str
    completed: str
    others: str
    rest: str
    doubted: str
    people: bool = True

    @property
    def head(self) -> str:
        """`own` as the first words of a line."""
        return self.own[0].upper() + self.own[1:]


_REST = "predictions for the rest"
PEOPLE = Voice(
    "people's own answers",
    "answered",
    "their own answer",
    "did not answer",
    "unknown answers",
    "answer",
    "Own answers, the rest predicted",
    "predictions for the answers nobody gave",
    _REST,
    "unknown answers",
)
WEIGHED = Voice(
    "people's likely opinions",
    "answered",
    "their own answer, by its weight",
    "did not answer",
    "unknown answers",
    "answer",
    "Every answer by its weight; what was not answered is predicted",
    "every answer by its weight and predictions for those nobody gave",
    "every answer by its weight",
    "unknown answers and unlikely opinions",
)
_NOT_ASKED = "pairs that the language model was not asked about"
MODEL = Voice(
    "the language model's scores",
    "were asked about for",
    "scored by the language model",
    "not asked about",
    _NOT_ASKED,
    "are judged by the language model",
    "The language model's scores, the rest predicted",
    f"predictions for the {_NOT_ASKED}",
    _REST,
    _NOT_ASKED,
    people=False,
)


def voice(slate: Slate) -> Voice:
    """The voice of people, weighted where answers were weighted, or that of a language model that judged for them."""
    if recorded(slate).source.judged:
        return MODEL
    audit = recorded(slate).audit
    return PEOPLE if audit is None or audit.answers is None else WEIGHED
