"""Where a place of an answer's text is among its tokens, which may hold more than the text, or other blanks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from .thinking import answer_span

BLANKS = str.maketrans("▁ĠĊ", "  \n")  # how some tokenisers write them
_END = "<0x0A>"  # how some write the end of a line


def located(tokens: Sequence[str], text: str, wanted: Sequence[int]) -> list[tuple[int, int] | None]:
    """For every place of the text's answer (`answer_span`) the number of its token and the place in that token.

    None where that is not certain.
    """
    if not tokens:
        return [None] * len(wanted)
    written = [token if token != _END else "\n" for token in tokens]
    joined = "".join(written).translate(BLANKS)
    ends = list(accumulate(map(len, written)))
    found: list[tuple[int, int] | None] = []
    for place in _places(joined, text, wanted):
        if place is None:
            found.append(None)
            continue
        index = bisect_right(ends, place)
        found.append((index, place - (ends[index] - len(written[index]))))
    return found


def _places(joined: str, text: str, wanted: Sequence[int]) -> list[int | None]:
    if joined.rstrip() == text.rstrip():
        return list(wanted)
    nowhere: list[int | None] = [None] * len(wanted)
    span = answer_span(text)
    if span is None:
        return nowhere
    shown = "".join(text[span[0] : span[1]].split())
    ranks = [len("".join(text[span[0] : at].split())) for at in wanted]
    # First among all tokens; where it is there more than once, among those after what the model thought.
    for begin, end in ((0, len(joined)), answer_span(joined) or (0, 0)):
        places = [place for place in range(begin, end) if not joined[place].isspace()]
        visible = "".join(joined[place] for place in places)
        start = visible.find(shown)
        if start >= 0 and visible.find(shown, start + 1) >= 0:
            continue  # there twice
        if start < 0 and not (visible and shown.startswith(visible)):
            continue
        start = max(start, 0)
        return [places[start + rank] if start + rank < len(places) else None for rank in ranks]
    return nowhere
