"""Asking a language model until the answer can be read: nothing unreadable becomes a number, everything is counted."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from ..llm import Answer, Call, Failed, Model, Rating, ratings

T = TypeVar("T")

# Calls handed over at once.
BLOCK = 4_096
# How often an answer that cannot be read is asked for again.
AGAIN = 2


@dataclass
class Tally:
    """What became of the calls, by query (name and version).

    Args:
        asked: answers wanted.
        again: calls repeated because the answer could not be read.
        unreadable: answers that could not be read after all repetitions.
        failed: answers that did not come.
        reasons: of both, counted, as far as they are known.
    """

    asked: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def missing(self) -> int:
        """Answers that are not there."""
        return self.unreadable.total() + self.failed.total()

    def as_dict(self) -> dict[str, dict[str, int]]:
        """JSON-ready."""
        return {name: dict(sorted(counts.items())) for name, counts in vars(self).items()}


def ask(
    model: Model, calls: Sequence[Call], read: Callable[[Answer], T | None], tally: Tally, again: int = AGAIN
) -> list[T | None]:
    """What was read from the answers, in the order of the calls.

    An answer that cannot be read is asked for again, as the next sample of the same call. A call that failed has been
    repeated by the model behind the protocol and is not repeated here.

    Args:
        model: answers.
        calls: any number.
        read: None where the answer cannot be read.
        tally: counts.
        again: how often to ask again.

    Returns:
        None where there is no answer, or none that can be read.
    """
    found: list[T | None] = [None] * len(calls)
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
                found[place] = read(answer)
                if found[place] is None:
                    unread.append((place, call))
        if not unread or turn == again:
            tally.unreadable.update(call.query for _, call in unread)
            break
        tally.again.update(call.query for _, call in unread)
        waiting = unread
    return found


def rate(
    model: Model, calls: Sequence[Call], low: int, high: int, tally: Tally, again: int = AGAIN
) -> list[float | None]:
    """Ratings from ``low`` to ``high`` (see `folkmoot.llm.ratings`), in the order of the calls.

    Returns:
        None where there is no answer, or none that can be read.
    """
    counted = _Counted(model)
    found = [entry for block in _blocks(calls) for entry in ratings(counted, block, low, high, retries=again)]
    wanted = Counter(call.query for call in calls)
    missing = [(call, entry) for call, entry in zip(calls, found, strict=True) if isinstance(entry, Failed)]
    lost = Counter(call.query for call, _ in missing)
    failed = lost & counted.failed
    tally.asked += wanted
    tally.again += counted.sent - wanted
    tally.failed += failed
    tally.unreadable += lost - failed
    tally.reasons.update(entry.reason for _, entry in missing)
    return [entry.value if isinstance(entry, Rating) else None for entry in found]


class _Counted:
    """A model that counts what goes through it, by query."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.sent: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        found = self.model.answers(calls)
        self.sent.update(call.query for call in calls)
        pairs = zip(calls, found, strict=True)
        self.failed.update(call.query for call, answer in pairs if isinstance(answer, Failed))
        return found


def json_object(text: str) -> Mapping[str, Any] | None:
    """The JSON object in an answer, whatever stands around it; None where there is none."""
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        found = json.loads(text[start : end + 1])
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def between(text: str, tag: str) -> str | None:
    """What stands between ``<tag>`` and ``</tag>``, whitespace runs as one space; None where nothing does."""
    match = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL | re.IGNORECASE)
    return " ".join(match[1].split()) or None if match else None


def _blocks(calls: Sequence[Call]) -> Iterator[Sequence[Call]]:
    for start in range(0, len(calls), BLOCK):
        yield calls[start : start + BLOCK]
