"""Keys in what an endpoint says: found in whatever encoding it repeats them, and put out of sight."""

from __future__ import annotations

import base64
import re
from functools import lru_cache

MASK = "[key]"
# So many characters from the beginning of a key are a key that is shown in part.
_PART = 8


def masked(text: str, key: str | None) -> str:
    """The text with the key, or a longer part from its beginning, replaced by ``[key]``.

    Found as it is, percent-encoded (also twice), as in HTML, JSON and source code, in any mixture of these, in base64
    and in hexadecimal digits.

    >>> masked("Bearer%20sk-1%2F2345678 and sk-1&#47;2345&#x36;78", "sk-1/2345678")
    'Bearer%20[key] and [key]'
    """
    if not key:
        return text
    for whole in _elsewhere(key):
        text = re.sub(re.escape(whole), MASK, text, flags=re.IGNORECASE)
    beginning, rest = _patterns(key)
    shown, at = [], 0
    while found := beginning.search(text, at):
        end = found.end()
        for pattern in rest:
            if more := pattern.match(text, end):
                end = more.end()
            else:
                break
        shown += [text[at : found.start()], MASK]
        at = end
    return "".join([*shown, text[at:]])


@lru_cache(8)
def _patterns(key: str) -> tuple[re.Pattern[str], tuple[re.Pattern[str], ...]]:
    forms = [_forms(character) for character in key]
    return re.compile("".join(forms[:_PART])), tuple(map(re.compile, forms[_PART:]))


def _forms(character: str) -> str:
    number = ord(character)
    any_case = "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in f"{number:02x}")
    named = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}.get(character)
    forms = [
        rf"\\{{0,4}}{re.escape(character)}",  # as it is, or after backslashes
        rf"%(?:25){{0,3}}{any_case}",
        rf"&#0*{number};",
        rf"&#[xX]0*{any_case};",
        rf"\\+u00{any_case}",
        rf"\\+x{any_case}",
    ]
    return f"(?:{'|'.join(forms if named is None else [re.escape(named), *forms])})"


@lru_cache(8)
def _elsewhere(key: str) -> tuple[str, ...]:
    """The key in base64, wherever it begins among three bytes, without the ends that depend on what is beside it."""
    found = {key.encode().hex()}
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + key.encode()).decode()
        inner = whole[-(-before * 8 // 6) : len(whole) - (4 if whole.endswith("=") else 0)]
        if len(inner) >= _PART:
            found |= {inner, inner.translate(str.maketrans("+/", "-_"))}
    return tuple(sorted(found, key=len, reverse=True))
