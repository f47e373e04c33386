"""Calls to a language model until the answer can be read; what cannot be read stays unknown and is counted."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, TypeVar

from ...llm import Answer, Call, Failed, Model, Rating, line_ratings, ratings

T = TypeVar("T")

# Calls handed over at once.
BLOCK = 4_096
# How often an answer that cannot be read is requested again.
AGAIN = 2


@dataclass
class Tally:
    """Counts of calls by their outcome, by query (name and version).

    Args:
        asked: the number of answers requested; of ratings, where a call requests several.
        again: the number of calls repeated because the answer could not be read or samples of it are averaged; and of
            ratings of a call for several that are requested one by one, because they could not be read.
        unreadable: the number of answers (ratings) that could not be read after all repetitions.
        failed: the number of answers (ratings) that did not come.
        reasons: the number of times each reason for either occurred, as far as the reasons are known.
    """

    asked: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def missing(self) -> int:
        """Number of answers that are missing."""
        return self.unreadable.total() + self.failed.total()

    def as_dict(self) -> dict[str, dict[str, int]]:
        """JSON-ready."""
        return {name: dict(sorted(counts.items())) for name, counts in vars(self).items()}


def ask(
    model: Model, calls: Sequence[Call], read: Callable[[Answer], T | None], tally: Tally, again: int = AGAIN
) -> list[T | None]:
    """The values read from the answers, in the order of the calls.

    An answer that cannot be read is asked for again, as the next sample of the same call. A call that failed has been
    repeated by the model behind the protocol and is not repeated here.

    Args:
        model: the model that answers.
        calls: any number of calls.
        read: reads a value from an answer; returns None where the answer cannot be read.
        tally: counts what becomes of the calls.
        again: the number of times an unreadable answer is requested again.

    Returns:
        One value for each call, None where there is no answer, or none that can be read.
    """
    values: list[T | None] = [None] * len(calls)
    waiting = list(enumerate(calls))
    tally.asked.update(call.query for call in calls)
    for turn in range(again + 1):
        unread = []
        for start in range(0, len(waiting), BLOCK):
            block = waiting[start : start + BLOCK]
            answers = model.answers([replace(call, sample=call.sample + turn) for _, call in block])
            for (place, call), answer in zip(block, answers, strict=True):
                if isinstance(answer, Failed):
                    tally.failed[call.query] += 1
                    tally.reasons[answer.reason] += 1
                    continue
                values[place] = read(answer)
                if values[place] is None:
                    unread.append((place, call))
        if not unread or turn == again:
            tally.unreadable.update(call.query for _, call in unread)
            break
        tally.again.update(call.query for _, call in unread)
        waiting = unread
    return values


def rate(
    model: Model, calls: Sequence[Call], low: int, high: int, tally: Tally, again: int = AGAIN
) -> list[float | None]:
    """Ratings from ``low`` to ``high`` (see `folkmoot.llm.ratings`), in the order of the calls.

    Returns:
        One rating for each call, None where there is no answer, or none that can be read.
    """
    return [value for (value,) in rate_all(model, [RatingCall(call) for call in calls], low, high, tally, again)]


@dataclass(frozen=True)
class RatingCall:
    """A call for one rating or several.

    Args:
        call: the call, which requests one number, or a line for every statement.
        count: the number of ratings requested.
        alone: makes the call for the k-th rating by itself; None: the call requests one number.
    """

    call: Call
    count: int = 1
    alone: Callable[[int], Call] | None = None


def rate_all(
    model: Model, wanted: Iterable[RatingCall], low: int, high: int, tally: Tally, again: int = AGAIN
) -> list[list[float | None]]:
    """Ratings from ``low`` to ``high`` for every call, handed over at once as far as memory allows (`BLOCK`).

    A call for one number is repeated as in `rate`. Of a call for several, ratings that cannot be read are requested
    once more, each by itself.

    Returns:
        The ratings of each call, None where there is no answer, or none that can be read.
    """
    values: list[list[float | None]] = []
    following = iter(wanted)
    while block := list(islice(following, BLOCK)):
        rated = _rated(model, block, low, high, tally, again)
        values += [[entry.value if isinstance(entry, Rating) else None for entry in entries] for entries in rated]
    return values


def _rated(
    model: Model, wanted: Sequence[RatingCall], low: int, high: int, tally: Tally, again: int
) -> list[list[Rating | Failed | None]]:
    counted = _Counted(model)
    calls = [one.call for one in wanted]
    answers = counted.answers(calls)
    ones = [place for place, one in enumerate(wanted) if one.alone is None]
    several = [place for place, one in enumerate(wanted) if one.alone is not None]
    rated: list[list[Rating | Failed | None]] = [[] for _ in wanted]
    first = [answers[place] for place in ones]
    single = ratings(counted, [calls[place] for place in ones], low, high, retries=again, first=first)
    for place, entry in zip(ones, single, strict=True):
        rated[place] = [entry]
    counts, first = [wanted[place].count for place in several], [answers[place] for place in several]
    lists = line_ratings(counted, [calls[place] for place in several], counts, low, high, retries=again, first=first)
    for place, entries in zip(several, lists, strict=True):
        rated[place] = entries
    unread = [(place, k) for place in several for k, entry in enumerate(rated[place]) if entry is None]
    alone = [make(k) for place, k in unread if (make := wanted[place].alone) is not None]
    for (place, k), entry in zip(unread, ratings(counted, alone, low, high, retries=0), strict=True):
        rated[place][k] = entry

    by_itself = [(calls[place], rated[place][0]) for place in ones]
    by_itself += [(call, rated[place][k]) for call, (place, k) in zip(alone, unread, strict=True)]
    lost = Counter(call.query for call, entry in by_itself if isinstance(entry, Failed))
    failed = lost & counted.failed
    once = set(unread)
    for place in several:
        gone = [k for k, entry in enumerate(rated[place]) if isinstance(entry, Failed) and (place, k) not in once]
        failed[calls[place].query] += len(gone)
    for one in wanted:
        tally.asked[one.call.query] += one.count
    tally.asked.update(call.query for call in alone)
    tally.again += counted.sent - Counter(call.query for call in [*calls, *alone])
    tally.again.update(calls[place].query for place, _ in unread)
    tally.failed += failed
    tally.unreadable += lost - failed
    tally.reasons.update(entry.reason for entries in rated for entry in entries if isinstance(entry, Failed))
    return rated


class _Counted:
    """A model that counts the calls it passes on and the failures, by query."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.sent: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        answers = self.model.answers(calls)
        self.sent.update(call.query for call in calls)
        pairs = zip(calls, answers, strict=True)
        self.failed.update(call.query for call, answer in pairs if isinstance(answer, Failed))
        return answers


def json_object(text: str) -> Mapping[str, Any] | None:
    """The JSON object in an answer, whatever stands around it; None where there is none."""
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        value = json.loads(text[start : end + 1])
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def between(text: str, tag: str) -> str | None:
    """The text between ``<tag>`` and ``</tag>``, whitespace runs as one space; None where there is none."""
    match = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL | re.IGNORECASE)
    return " ".join(match[1].split()) or None if match else None
