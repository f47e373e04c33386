"""The rating that a free answer means, or none.

A scale that is repeated ("from 1 to 6", "4 of 6") is no rating; what is left has to be one number of the scale, or
there is none: not of a sentence with several numbers, not of words, not of an answer that declines.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .thinking import answer_span

_NUMBER = re.compile(r"(?<![^\W_])(?:(?<!\w)[-−])?[0-9]+(?:[.,][0-9]+)*(?![^\W_])")
# "to" and "of" between the two ends of a scale, in the languages that answers come in.
_TO = (
    r"-|–|—|−|~|\.{2,3}|…|to|through|thru|till?|until|bis|à|au?|al|hasta|até|ad?|do|до|по|tot|ile|から|～|〜|到|至|에서"
)
_OF = r"/|out\s+of|of|von|aus|sur|de|di|su|af|av|van|ud\s+af|z|ze|из|на|üzerinden|/\s*"
_SCALE = r"scale|skala|échelle|escala|scala|schaal|шкал\w*|skali"
_DECLINES = re.compile(
    r"\b(?:i|we)\s*(?:can(?:no|['’])?t|can not|won['’]t|will not|am unable|am not able|['’]m (?:unable|not able)"
    r"|must decline|decline|refuse|do not feel|don['’]t feel)\b|\bunable to\b|\bas an ai\b|\bi['’]m sorry\b|\bsorry\b"
    r"|\bich (?:kann|darf|möchte|werde)\b[^.!?]{0,40}\b(?:nicht|kein\w*)\b|\bleider (?:kann|ist|darf)\b"
    r"|\bje ne (?:peux|suis|veux)\b|\bdésolée?\b|\bno puedo\b|\blo siento\b|\bnão posso\b|\bdesculpe\b|\bnon posso\b"
    r"|\bmi dispiace\b|\bik kan\b[^.!?]{0,40}\b(?:niet|geen)\b|\bnie mogę\b|\bprzykro mi\b|\bне могу\b|\bизвините\b"
    r"|\bjeg kan ikke\b|\bjag kan inte\b|できません|无法|不能|할 수 없|لا أستطيع|yapamam|\büzgünüm\b",
    re.IGNORECASE,
)


@lru_cache(64)
def _of_scale(low: int, high: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    note = r"(?:\s*\([^()\n]{0,80}\))?"
    both = [rf"(?<!\d){a}{note}\s*(?:{_TO})\s*{b}(?![^\W_])(?!\s*[.,]\d)" for a, b in ((low, high), (high, low))]
    of = rf"(?<=\d)(?P<of>\s*(?:{_OF})\s*{high})(?![^\W_])|(?:{_SCALE})\s+(?:{_OF})\s+{high}(?![^\W_])"
    return re.compile("|".join(both), re.IGNORECASE), re.compile(of, re.IGNORECASE)


def said_rating(text: str, low: int, high: int) -> tuple[int, int] | None:
    """The rating that an answer means and where it stands in the text; None where no single one is meant.

    >>> said_rating("On a scale from 1 to 6 I would say 4.", 1, 6), said_rating("**5 of 6**", 1, 6)
    ((4, 35), (5, 2))
    >>> said_rating("4 or 5", 1, 6), said_rating("four", 1, 6), said_rating("I cannot rate it, 1 to 6.", 1, 6)
    (None, None, None)
    """
    span = answer_span(text)
    if span is None:
        return None
    begin, end = span
    shown = text[begin:end]
    if declines(shown):
        return None
    for pattern in _of_scale(low, high):
        # As many blanks, so that places stay.
        shown = pattern.sub(lambda found: " " * len(found[0]), shown)
    numbers = {match[0].rstrip("0").rstrip(".,") if "." in match[0] else match[0] for match in _NUMBER.finditer(shown)}
    if len(numbers) != 1:
        return None
    (number,) = numbers
    first = _NUMBER.search(shown)
    if first is None or not number.isascii() or not number.isdigit() or len(number) > 6:
        return None
    # "04" is a date, a clock or a code rather than a rating.
    meant = number == str(int(number)) and low <= int(number) <= high
    return (int(number), begin + first.start()) if meant else None


def declines(text: str) -> bool:
    """Whether a free answer says that it will not answer, in a language that is read."""
    return _DECLINES.search(text) is not None
