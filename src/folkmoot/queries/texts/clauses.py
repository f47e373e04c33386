"""The clauses of a text: its sentences, over-long ones cut where they can be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...preferences.sentences import sentence_spans, trimmed
from ...profile import InputError, words

# Where an over-long sentence may be cut, strongest boundary first. Each pattern matches what lies between two
# clauses. Only "and" and "but" count as conjunctions (to cut at "if", "unless" or "or" would turn the sense round), in
# languages where the word means nothing else in another one.
_BOUNDARIES = (
    # Not the one that closes an HTML entity, which recorded texts are full of.
    re.compile(r"(?<!&#39)(?<!&#039)(?<!&amp)(?<!&quot)(?<!&rsquo)(?<!&lt)(?<!&gt)(?<!&nbsp);\s+|[；؛]\s*"),
    re.compile(r":\s+|：\s*|—\s*|(?<!\s)\s++[-–—]+\s+"),
    re.compile(r",\s+|[，、،]\s*"),
    re.compile(r"(?<!\s)\s++(?=(?:and|but|und|aber|et|mais|y|pero|maar|och|og)\s)", re.IGNORECASE),
)
# Letters of scripts that put no spaces between words.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def clauses(text: str, max_words: int) -> list[str]:
    """The parts of a text that can stand as statements: its sentences, with over-long ones cut into clauses.

    A sentence of at most ``max_words`` words stays whole. A longer one is cut at ``;``, then ``:`` and dashes, then
    ``,``, then before "and" and "but" (and their like in other languages), and what fits together stays together.
    What is too long and has no such boundary is left out: half a clause may say the opposite of the whole one.

    Every clause is a contiguous part of the text as written, without surrounding whitespace, list markers and the
    separator it was cut at. Nothing is added, joined or reworded.

    Args:
        text: a text in any language.
        max_words: the most words of a clause, at least 1, counted as `profile.words` does.

    Raises:
        InputError: ``max_words`` is below 1.

    >>> clauses("- We need faster internet service; buses are late, crowded, and far too expensive.", 6)
    ['We need faster internet service', 'buses are late, crowded', 'and far too expensive.']
    """
    return [text[start:end] for start, end, fits in clause_spans(text, max_words) if fits]


def clause_spans(text: str, max_words: int) -> Iterator[tuple[int, int, bool]]:
    """Start and end of every clause, and whether it is short enough."""
    if max_words < 1:
        raise InputError(f"max_words is {max_words}; a statement has at least 1 word")
    for start, end in sentence_spans(text):
        yield from _cut(text, start, end, max_words, 0)


def _cut(text: str, start: int, end: int, max_words: int, strength: int) -> Iterator[tuple[int, int, bool]]:
    """The span whole where it fits, else cut at the boundaries of this strength and then the weaker ones."""
    if words(text[start:end]) <= max_words:
        yield start, end, True
        return
    if strength == len(_BOUNDARIES):
        yield start, end, False
        return
    kept: tuple[int, int] | None = None
    for piece in _pieces(text, start, end, _BOUNDARIES[strength]):
        if kept and words(text[kept[0] : piece[1]]) <= max_words:
            kept = kept[0], piece[1]
            continue
        if kept:
            yield from _cut(text, *kept, max_words, strength + 1)
        kept = piece
    if kept:
        yield from _cut(text, *kept, max_words, strength + 1)


def _pieces(text: str, start: int, end: int, boundary: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for match in boundary.finditer(text, start, end):
        yield from trimmed(text, start, match.start())
        start = match.end()
    yield from trimmed(text, start, end)
