"""Tags: short opinions drawn from people's texts, and ratings of how well each fits everybody.

Boehmer, Fish, Procaccia 2025 (The Next Generation), section 4.1 and Appendix D. A tag comes from one person's text and
is shown with everybody's: it can change who is grouped with whom, never a utility. A phrase that addresses the model
is no tag.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...llm import Answer, Call, Failed, Model
from ...profile import FloatArray
from .filtered import filtered
from .people import People, addressed
from .prompts import Value, prompt
from .readable_answers import Tally, ask, json_object
from .structured import marks, summary

TAGS = 50
# The most tags rated in one answer, and the most words of a tag: with more of either, models lose count.
CHUNK = 25
WORDS = 25
# The most tokens of a summary.
SUMMARY_TOKENS = 1_000
LOW, NEUTRAL, HIGH = 1, 4, 7
RANGE = (LOW, HIGH)
KINDS = ("aspects", "details", "background")


def tags(
    model: Model,
    people: People,
    rng: np.random.Generator,
    tally: Tally,
    count: int = TAGS,
    *,
    structured: bool = False,
) -> tuple[str, ...]:
    """At most ``count`` different short opinions of people drawn at random.

    Args:
        model: the model that answers.
        people: the texts of everybody; those of at most ``count`` people are summarised.
        rng: the generator that draws people and tags.
        tally: counts what becomes of the calls.
        count: the most tags.
        structured: whether the form of the answers is sent along as a schema.
    """
    form: dict[str, object] = {"response_format": summary(KINDS)} if structured else {}
    writers = [row for row, text in enumerate(people.texts) if text]
    drawn = sorted(int(row) for row in rng.choice(writers, min(count, len(writers)), replace=False)) if writers else []
    calls = [
        prompt("summary").call(
            {"person": people.texts[row]},
            {"temperature": 0.0, "max_tokens": _summary_tokens(people.texts[row]), **form},
            {"agent": row},
        )
        for row in drawn
    ]
    distinct: dict[str, None] = {}
    lost: dict[int, Failed] = {}
    summaries = ask(model, calls, _phrases, tally, lost=lost)
    people.filtered.update(drawn[place] for place, failed in lost.items() if filtered(failed))
    for phrases in summaries:
        for phrase in phrases or ():
            # A tag is shown with everybody's text; its author is still heard in questions about themselves.
            if addressed(phrase):
                tally.reasons["a phrase that addresses the model is no tag"] += 1
            else:
                distinct[phrase] = None
    phrases = list(distinct)
    if len(phrases) > count:
        phrases = [phrases[place] for place in sorted(rng.choice(len(phrases), count, replace=False))]
    return tuple(phrases)


def summarised(
    model: Model, people: People, rows: Sequence[int], tally: Tally, *, structured: bool = False
) -> list[str | None]:
    """What each of these people thinks, in two or three sentences; None where there is no readable answer.

    Asked in the same way as for tags, so that nothing is asked twice.
    """
    form: dict[str, object] = {"response_format": summary(KINDS)} if structured else {}

    def read(answer: Answer) -> str | None:
        found = (json_object(answer.said) or {}).get("summary")
        return " ".join(found.split()) or None if isinstance(found, str) else None

    def call(row: int) -> Call:
        text = people.texts[row]
        most = {"temperature": 0.0, "max_tokens": _summary_tokens(text), **form}
        return prompt("summary").call({"person": text}, most, {"agent": row})

    return ask(model, [call(row) for row in rows], read, tally)


def tag_ratings(
    model: Model, people: People, tags: tuple[str, ...], tally: Tally, *, structured: bool = False
) -> FloatArray:
    """How well every tag fits everybody, float64 [n_agents, n_tags] in 1..7, nan where it is not known."""
    ratings = np.full((len(people), len(tags)), np.nan)
    calls: list[Call] = []
    places: list[tuple[int, int, int]] = []
    for row, text in enumerate(people.texts):
        for start in range(0, len(tags) if text else 0, CHUNK):
            shown = tags[start : start + CHUNK]
            values: dict[str, Value] = {"person": text, "tags": shown, "count": len(shown)}
            parameters: dict[str, object] = {"temperature": 0.0, "max_tokens": 12 * len(shown)}
            if structured:
                parameters["response_format"] = marks(len(shown), LOW, HIGH)
            calls.append(prompt("tags").call(values, parameters, {"agent": row, "tags": start}))
            places.append((row, start, len(shown)))
    for (row, start, count), answer in zip(places, ask(model, calls, _ratings, tally), strict=True):
        for place in range(count if answer else 0):
            ratings[row, start + place] = (answer or {}).get(place + 1, np.nan)
    return ratings


def tag_points(ratings: FloatArray) -> FloatArray:
    """Ratings as points; what is not known counts as neutral, for distances only."""
    return np.where(np.isnan(ratings), float(NEUTRAL), ratings)


def _summary_tokens(text: str) -> int:
    """Most tokens of a summary: it says everything in phrases and once more in sentences, with the form around it."""
    return min(SUMMARY_TOKENS, 200 + len(text.encode("utf-8", "replace")) // 2)


def _phrases(answer: Answer) -> list[str] | None:
    """The phrases of a summary, one line each; None where there is no summary."""
    found = json_object(answer.said)
    if found is None:
        return None
    lists = [found.get(kind, []) for kind in KINDS]
    phrases = [" ".join(str(phrase).split()).rstrip(".") for entries in lists for phrase in _list(entries)]
    return [phrase for phrase in phrases if 0 < len(phrase.split()) <= WORDS]


def _list(entries: object) -> list[object]:
    return entries if isinstance(entries, list) else [entries]


def _ratings(answer: Answer) -> Mapping[int, float] | None:
    """Ratings by number of the tag; None where there is no rating at all."""
    ratings = {}
    for key, value in (json_object(answer.said) or {}).items():
        number = value if isinstance(value, int | float) and not isinstance(value, bool) else _whole(value)
        if key.strip().isdecimal() and number is not None and LOW <= number <= HIGH:
            ratings[int(key)] = float(number)
    return ratings or None


def _whole(value: object) -> int | None:
    """The number that a text is, as some models put numbers in quotes."""
    return int(value) if isinstance(value, str) and value.strip().isdecimal() and len(value) < 4 else None
