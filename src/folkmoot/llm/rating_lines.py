"""Several ratings in one answer, a line each: ``NUMBER: RATING``.

A rating is read by its number, never by its place among the lines. What is not certain is no rating: a number on two
lines, a number that was not requested (then nothing of the answer counts, for it may have counted from 0), two ratings
on a line, and tokens that do not add up to the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .calls import Answer, Call, Failed, Model
from .places import located
from .scoring import Rating, at_token, check, distributed, mean_of, warm
from .thinking import answer_span

# Several on one line, as in "1: 4, 2: 3" or in JSON.
_BREAK = re.compile(r"[,;|](?=\s*[\"'*_`(\[]*\d+[\"'*_`)\]]*\s*[:：])", re.ASCII)
_LINE = re.compile(
    r"^[^\d\n:：]*(\d+)[\"'*_`)\]. \t]*[:：][\"'*_`(\[ \t]*(\d)(?!\w|[ \t]*[:：]|[ \t]*[.,;–—~-]?[ \t]*\d)",
    re.ASCII | re.MULTILINE,
)
Line = tuple[int, int]


def read_lines(text: str, count: int) -> dict[int, Line]:
    """The rating written after every number from 1 to ``count`` in the text's answer, and its place in the text.

    >>> read_lines("Here they are: \\n2: 6\\n**1**: 4 (mostly)\\n3: 4-5", 3)
    {2: (6, 19), 1: (4, 28)}
    >>> read_lines("1: 4\\n1: 5\\n2: 3", 2), read_lines("0: 4\\n1: 5", 2)
    ({2: (3, 13)}, {})
    """
    ratings: dict[int, Line] = {}
    twice = set()
    span = answer_span(text)
    if span is None:
        return {}
    for match in _LINE.finditer(_BREAK.sub("\n", text[span[0] : span[1]])):
        number = int(match[1]) if len(match[1]) < 10 else 0
        if not 1 <= number <= count:
            return {}
        if number in ratings:
            twice.add(number)
        ratings[number] = int(match[2]), span[0] + match.start(2)
    return {number: line for number, line in ratings.items() if number not in twice}


def expected_lines(answer: Answer, count: int, low: int, high: int) -> list[Rating | None]:
    """For every number the probability-weighted mean over the token its rating stands in (see `expected`).

    Where a token holds more than the rating and blanks or marks around it, a candidate counts if it differs from the
    token in the rating alone. None where there is no such line, no log-probabilities of its token, or too little
    probability on labels (`FLOOR`).
    """
    ratings: list[Rating | None] = [None] * count
    if answer.tokens is None or low < 0 or high > 9:
        return ratings
    written = read_lines(answer.text, count)
    places = located([token for token, _ in answer.tokens], answer.text, [at for _, at in written.values()])
    for number, place in zip(written, places, strict=True):
        if place is not None:
            index, offset = place
            ratings[number - 1] = at_token(*answer.tokens[index], offset, low, high)
    return ratings


def usable_lines(answer: Answer, count: int, low: int, high: int) -> bool:
    """Whether an answer holds at least one rating: by its log-probabilities, or where it has none, by its text."""
    if answer.tokens is None or low < 0 or high > 9 or not distributed(answer):
        return any(low <= value <= high for value, _ in read_lines(answer.text, count).values())
    return any(one is not None for one in expected_lines(answer, count, low, high))


def line_ratings(
    model: Model,
    calls: Sequence[Call],
    counts: Sequence[int],
    low: int,
    high: int,
    *,
    retries: int = 2,
    samples: int = 10,
    first: Sequence[Answer | Failed] | None = None,
) -> list[list[Rating | Failed | None]]:
    """The ratings of every call's statements.

    An answer with log-probabilities is scored by `expected_lines`. Where an answer has none, the call is asked
    ``samples`` times as in `ratings`, and as often again, up to ``retries`` times, as its worst statement lacks.

    Args:
        model: the model that answers.
        calls: the calls, each asking for one line for every statement and nothing else.
        counts: the number of statements of each call.
        low: the lowest label.
        high: the highest label.
        retries: how often missing samples are asked for again without log-probabilities, at least 0.
        samples: the number of samples without log-probabilities, at least 2.
        first: the answers to the calls, where they are known already.

    Returns:
        The ratings of each call: None for one that could not be read, `Failed` where there was no answer.

    Raises:
        InputError: if an argument is out of its range.
    """
    check(low, high, retries, samples)
    results: list[list[Rating | Failed | None]] = []
    sampled = []
    for place, answer in enumerate((model.answers(calls) if calls else []) if first is None else first):
        if isinstance(answer, Failed):
            results.append([answer] * counts[place])
        elif answer.tokens is None or low < 0 or high > 9 or not distributed(answer):
            sampled.append(place)
            results.append([])
        else:
            results.append([*expected_lines(answer, counts[place], low, high)])
    for place, ratings in zip(
        sampled, _sampled(model, calls, counts, sampled, low, high, retries, samples), strict=True
    ):
        results[place] = ratings
    return results


def _sampled(
    model: Model,
    calls: Sequence[Call],
    counts: Sequence[int],
    places: Sequence[int],
    low: int,
    high: int,
    retries: int,
    samples: int,
) -> list[list[Rating | Failed | None]]:
    values: dict[int, list[list[int]]] = {place: [[] for _ in range(counts[place])] for place in places}
    failed: dict[int, Failed] = {}
    following = dict.fromkeys(places, 0)
    for _ in range(retries + 1):
        wanted = []
        for place in places:
            lacks = 0 if place in failed else samples - min(map(len, values[place]))
            wanted += [(place, following[place] + number) for number in range(lacks)]
            following[place] += max(lacks, 0)
        requests = [warm(calls[place], number) for place, number in wanted]
        for (place, _), answer in zip(wanted, model.answers(requests) if requests else [], strict=True):
            if isinstance(answer, Failed):
                failed[place] = answer
                continue
            for number, (value, _) in read_lines(answer.text, counts[place]).items():
                if low <= value <= high:
                    values[place][number - 1].append(value)
    return [
        [failed[place] if place in failed else mean_of(few) if len(few) >= samples else None for few in values[place]]
        for place in places
    ]
