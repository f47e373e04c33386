"""The cost of a statement, and how many agents it has to represent. Integers only.

A length in words is the number of maximal runs of non-whitespace (Boehmer, Fish, Procaccia 2025, 2), in every script
that puts spaces between words. Scripts that put none are counted by their letters, at so many letters a word that equal
content costs about the same in every language (measured on parallel sentences, `tests/profile/test_costs.py`):

    Chinese characters (also in Japanese)        1.6
    Japanese kana                                3
    Thai, Lao, and others of their family        3.5
    Khmer                                        3
    Burmese                                      2.5

Signs above, below and beside a letter are part of it. What stands between such letters in another script, digits among
them, counts one for each run, punctuation nothing. The sum over a text is rounded to the nearest word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal, get_args

import numpy as np

from .arrays import IntArray, frozen
from .errors import InputError
from .profile import Profile
from .sentences import noted

Unit = Literal["words", "characters", "statements", "cost"]
UNITS: tuple[str, ...] = get_args(Unit)
Length = Literal["words", "characters"]

_WORD = 840
"""Parts of a word in which letters are counted, so that every sum is whole."""

_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua48c\uf900-\ufaff"
_HAN += "\U00020000-\U0003ffff"
_KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\uff66-\uff9d"
_THAI = "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u0edc-\u0edf"
# Tibetan, Tai Le, New Tai Lue, Tai Tham, Tai Viet.
_THAI += "\u0f40-\u0f6c\u0f88-\u0f8c\u1950-\u19ab\u19b0-\u19c9\u1a20-\u1a54\uaa80-\uaaaf\uaab1\uaab5\uaab6\uaab9-\uaabd"
_KHMER = "\u1780-\u17b3\u17d7\u17dc"
_BURMESE = "\u1000-\u102a\u103f\u1050-\u1055\u105a-\u105d\u1061\u1065\u1066\u106e-\u1070\u1075-\u1081\u108e"
_BURMESE += "\ua9e0-\ua9e4\ua9e6-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa76\uaa7a\uaa7e\uaa7f"
# Letters of each script, and what one counts: _WORD over the letters of a word.
_SCRIPTS = (
    ("Chinese characters", re.compile(f"[{_HAN}]"), 525),
    ("kana", re.compile(f"[{_KANA}]"), 280),
    ("Thai or Lao", re.compile(f"[{_THAI}]"), 240),
    ("Khmer", re.compile(f"[{_KHMER}]"), 280),
    ("Burmese", re.compile(f"[{_BURMESE}]"), 336),
)
_UNSPACED = re.compile(f"[{_HAN}{_KANA}{_THAI}{_KHMER}{_BURMESE}]")
_RUN = re.compile(r"[^\W_]+")


def words(text: str) -> int:
    """The number of words: maximal runs of non-whitespace; letters of scripts without spaces are counted together.

    >>> words("More  buses, fewer cars."), words("公园应该整夜开放"), words("バスを増やして")
    (4, 5, 3)
    """
    if text.isascii() or _UNSPACED.search(text) is None:
        return len(text.split())
    parts = sum(worth * len(letter.findall(text)) for _, letter, worth in _SCRIPTS)
    around = 0
    for token in unicodedata.normalize("NFC", text).split():
        mixed = _UNSPACED.search(token) is not None
        around += len(_RUN.findall(_UNSPACED.sub(" ", token))) if mixed else 1
    return max(1, around + (2 * parts + _WORD) // (2 * _WORD))


def characters(text: str) -> int:
    """The number of characters as people count them, without spaces: an accent or a sign belongs to its letter.

    >>> characters("More buses"), characters("ที่นี่"), characters("e\\u0301")
    (9, 2, 1)
    """
    if text.isascii():
        return len("".join(text.split()))
    count, joined, flag = 0, False, False
    for sign in unicodedata.normalize("NFC", text):
        tone = "\U0001f3fb" <= sign <= "\U0001f3ff"  # of an emoji's skin
        part = tone or unicodedata.category(sign) in ("Mn", "Me", "Mc", "Cf", "Cc")
        half = "\U0001f1e6" <= sign <= "\U0001f1ff"  # two of them are a flag
        if not (part or sign.isspace() or joined or (half and flag)):
            count += 1
        flag = half and not flag
        joined = sign == "\u200d" or (joined and part)
    return count


def length(text: str, unit: str = "words") -> int:
    """The length of a text in words or characters.

    Raises:
        InputError: if the unit is neither.
    """
    if unit not in get_args(Length):
        raise InputError(f"a length is counted in words or characters, not in {unit}")
    return words(text) if unit == "words" else characters(text)


def measure(texts: Iterable[str]) -> str:
    """How the words of these texts are counted, where some are of scripts without spaces; empty: by spaces alone.

    >>> measure(["More buses", "公园应该整夜开放"])
    'in words, of 1 text by its letters (Chinese characters); or in characters'
    """
    found = [text for text in texts if not text.isascii() and _UNSPACED.search(text)]
    if not found:
        return ""
    scripts = ", ".join(name for name, letter, _ in _SCRIPTS if any(letter.search(text) for text in found))
    if len(found) == 1:
        return noted(f"in words, of 1 text by its letters ({scripts}); or in characters")
    return noted(f"in words, of {len(found):,} texts by their letters ({scripts}); or in characters")


def costs(profile: Profile, unit: str, minimum: int = 0) -> IntArray:
    """The cost of every statement, int64 [n_statements].

    Args:
        profile: the profile with the statements.
        unit: the unit of the costs: ``words`` or ``characters`` (counted), ``statements`` (1 each) or ``cost`` (as the
            source states it, e.g. Pabulib).
        minimum: the lowest cost that a statement can have.

    Raises:
        InputError: if the unit is unknown, or if it is ``cost`` and the source states no costs.
    """
    if unit in get_args(Length):
        values = _lengths(profile, unit)
    elif unit == "statements":
        values = np.ones(profile.n_statements, dtype=np.int64)
    elif unit == "cost":
        if profile.statements.costs is None:
            raise InputError("the source states no costs; take `unit='words'` or `unit='statements'`")
        values = profile.statements.costs.copy()
    else:
        raise InputError(f"unknown unit {unit!r}; choose one of {', '.join(UNITS)}")
    return np.maximum(values, minimum)


def _lengths(profile: Profile, unit: str) -> IntArray:
    name = f"lengths in {unit}"
    if name not in profile.derived:
        counted = np.array([length(text, unit) for text in profile.statements.texts], dtype=np.int64)
        profile.derived[name] = frozen(counted)
    lengths: IntArray = profile.derived[name]
    return lengths


def need(cost: int, total: int, budget: int) -> int:
    """The mass of agents that a statement of this cost has to represent: ceil(cost * total / budget), in integers."""
    return -(-int(cost) * int(total) // int(budget))


def needs(cost: IntArray | Sequence[int], total: int, budget: int) -> IntArray:
    """`need` for many costs at once."""
    array = np.asarray(cost, dtype=np.int64)
    return -(-array * int(total) // int(budget))


def floors(cost: IntArray | Sequence[int], total: int, budget: int) -> IntArray:
    """floor(cost * total / budget): the smaller of the two balanced shares."""
    return np.asarray(cost, dtype=np.int64) * int(total) // int(budget)
