"""Where a sentence of a participant's text begins and ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A list marker at the start of a line: "- ", "-Text", "* ", "•", "3. ", "3) ", "(a) ".
BULLET = re.compile(
    r"\s*(?:[-*+–—‐‑](?=\s)|[-*–—](?=[^\W\d])|(?:\d{1,3}[.)]|\(?(?:\d{1,3}|[a-zA-Z])\))(?=\s)|[•·‣▪◦●○■□➤►])\s*"
)

_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
# Full stops that need no space behind them, and those that do.
_STOP = re.compile(
    r"[。！？｡।॥۔؟]+[」』”’）)\]\"']*|(?<![.!?…])[.!?…]++[)\]\"'”’»]*+(?=\s)"
    # A blank was forgotten: "... too late.The park ..."
    r"|(?<=[^\W\d_]{2})(?<![.!?…])[.!?](?=[A-ZÀ-Þ][^\W\d_A-ZÀ-Þ]*(?:['’][^\W\d_]+)?[ ,])"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'“])(?:mr|mrs|ms|dr|prof|st|rev|sen|rep|gov|no|vs|etc|approx|e\.g|i\.e|z\.b|bzw|ca|inc|[^\W\d_]|"
    r"(?:[^\W\d_]\.)+[^\W\d_])\.$",
    re.IGNORECASE,
)


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every sentence, list marker and surrounding whitespace outside.

    A line break ends a sentence. A full stop does not where the next letter is small or the word is a common
    abbreviation ("Dr. Smith", "the U.S. economy").
    """
    for line in _LINE.finditer(text):
        start, end = line.span()
        while bullet := BULLET.match(text, start, end):
            start = bullet.end()
        for stop in _STOP.finditer(text, start, end):
            if _ends(text, start, stop):
                yield from trimmed(text, start, stop.end())
                start = stop.end()
        yield from trimmed(text, start, end)


def sentences(text: str) -> list[str]:
    """The sentences of a text, each as written.

    >>> sentences("- More buses. Fewer cars, e.g. on Main St. at noon!\\n2) 公園を増やす。安全な道も。")
    ['More buses.', 'Fewer cars, e.g. on Main St. at noon!', '公園を増やす。', '安全な道も。']
    """
    return [text[start:end] for start, end in sentence_spans(text)]


def trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span without surrounding whitespace; nothing where no letter or digit is left."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if any(character.isalnum() for character in text[start:end]):
        yield start, end


def _ends(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether this stop really ends the sentence that began at ``start``."""
    if stop.group()[0] != ".":
        return True
    rest = text[stop.end() : stop.end() + 40].lstrip()
    if rest and rest[0].islower():
        return False
    return stop.group() != "." or not _ABBREVIATION.search(text[max(start, stop.start() - 20) : stop.end()])
