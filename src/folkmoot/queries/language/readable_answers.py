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
from ...llm.rating_lines import usable_lines
from ...llm.scoring import usable
from .unanswered import FEW, stop_without, unusable_reason

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
        declined: the number of first answers that decline to answer.
        sampled: the number of ratings that are means of repeated answers, as there are no log-probabilities.
        listed: the number of ratings that are means of a list in one structured answer.
        scored: the number of ratings from log-probabilities.
        mass: the sum of their label masses (`folkmoot.llm.Rating.mass`), in millionths: sums do not depend on order.
        tried: the number of different calls.
        usable: the number of calls that had a usable answer.
        stops: whether a run ends where the first answers of a kind cannot be used.
    """

    asked: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    declined: Counter[str] = field(default_factory=Counter)
    sampled: Counter[str] = field(default_factory=Counter)
    listed: Counter[str] = field(default_factory=Counter)
    scored: Counter[str] = field(default_factory=Counter)
    mass: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    usable: Counter[str] = field(default_factory=Counter)
    stops: bool = True

    @property
    def missing(self) -> int:
        """Number of answers that are missing."""
        return self.unreadable.total() + self.failed.total()

    def as_dict(self) -> dict[str, dict[str, float]]:
        """JSON-ready: the counts by name, and ``label_mass``, the mean probability of all labels of a rating."""
        names = ("asked", "again", "unreadable", "failed", "reasons", "declined", "sampled")
        counts: dict[str, dict[str, float]] = {name: dict(sorted(getattr(self, name).items())) for name in names}
        if self.listed:
            counts["listed"] = dict(sorted(self.listed.items()))
        return counts | {
            "label_mass": {name: round(self.mass[name] / n / 1e6, 4) for name, n in sorted(self.scored.items())}
        }

    def first(self, query: str, results: Sequence[Answer | Failed], readable: int, wanted: str, model: object) -> None:
        """Counts the results of calls of one kind; a model that keeps answers is told where the run ends.

        Raises:
            Unfinished: a few calls of this kind have brought nothing that can be used, and none has before.
        """
        self.usable[query] += readable
        if declined := sum(unusable_reason(one) is not None for one in results):
            self.declined[query] += declined
        if self.stops and not self.usable[query] and results and self.tried[query] >= FEW:
            tell: Callable[[str], None] | None = getattr(model, "in_vain", None)
            if tell is not None:
                tell(query)
            raise stop_without(query, self.tried[query], results, wanted)

    def rated(self, query: str, rating: Rating) -> None:
        """Counts how a rating was found."""
        if rating.mass is None:
            self.sampled[query] += 1
        else:
            self.scored[query] += 1
            self.mass[query] += round(rating.mass * 1e6)


def ask(
    model: Model,
    calls: Sequence[Call],
    read: Callable[[Answer], T | None],
    tally: Tally,
    again: int = AGAIN,
    lost: dict[int, Failed] | None = None,
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
        lost: gets the calls without an answer, by their place.

    Returns:
        One value for each call, None where there is no answer, or none that can be read.

    Raises:
        Unfinished: the first calls of this kind brought nothing that can be used.
    """
    values: list[T | None] = [None] * len(calls)
    waiting = list(enumerate(calls))
    tally.asked.update(call.query for call in calls)
    tally.tried.update(call.query for call in calls)
    for turn in range(again + 1):
        unread = []
        for start in range(0, len(waiting), BLOCK):
            block = waiting[start : start + BLOCK]
            answers = model.answers([replace(call, sample=call.sample + turn) for _, call in block])
            unusable: dict[str, list[Answer | Failed]] = {}
            readable: Counter[str] = Counter()
            for (place, call), answer in zip(block, answers, strict=True):
                if isinstance(answer, Failed):
                    tally.failed[call.query] += 1
                    tally.reasons[answer.reason] += 1
                    if lost is not None:
                        lost[place] = answer
                else:
                    values[place] = read(answer)
                    if values[place] is None:
                        unread.append((place, call))
                if values[place] is None:
                    unusable.setdefault(call.query, []).append(answer)
                else:
                    readable[call.query] += 1
            for query in dict.fromkeys(call.query for _, call in block):
                tally.first(query, unusable.get(query, []), readable[query], "what was asked for", model)
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
    _first(model, wanted, answers, low, high, tally)
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
    for one, entries in zip(wanted, rated, strict=True):
        for found in entries:
            if isinstance(found, Rating):
                tally.rated(one.call.query, found)
    return rated


def _first(
    model: Model, wanted: Sequence[RatingCall], answers: Sequence[Answer | Failed], low: int, high: int, tally: Tally
) -> None:
    """Looks whether any of the first answers is usable, before more is asked for its sake.

    Raises:
        Unfinished: none of them is, nor was any before.
    """
    unusable: dict[str, list[Answer | Failed]] = {}
    readable: Counter[str] = Counter()
    tally.tried.update(one.call.query for one in wanted)
    for one, answer in zip(wanted, answers, strict=True):
        query = one.call.query
        known = unusable.setdefault(query, [])
        if isinstance(answer, Failed) or not (
            usable(answer, low, high) if one.alone is None else usable_lines(answer, one.count, low, high)
        ):
            known.append(answer)
        else:
            readable[query] += 1
    for query, results in unusable.items():
        tally.first(query, results, readable[query], f"a rating from {low} to {high}", model)


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
    """The last JSON object in an answer, whatever stands around it; None where there is none."""
    decoder, found, at = json.JSONDecoder(), None, text.find("{")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            found = value
        at = text.find("{", end)
    return found


def between(text: str, tag: str) -> str | None:
    """The text between the last ``<tag>`` and ``</tag>``, whitespace runs as one space; None where there is none.

    Tags that are only spoken of ("between <opinion> and </opinion>") hold no text.
    """
    texts = re.findall(rf"<{tag}>((?:(?!<{tag}>).)*?)</{tag}>", text, re.DOTALL | re.IGNORECASE)
    used = [one for part in texts if (one := " ".join(part.split())) and one.lower().strip(".,;:…!? ") not in _AND]
    return used[-1] if used else None


# "<opinion> and </opinion>": what stands between tags that are named, not used.
_AND = {"", "and", "und", "et", "y", "e", "en", "og", "och", "i", "и", "ve", "or", "to", "text"}
