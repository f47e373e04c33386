"""Tags: short opinions drawn from what people wrote, and how well each fits everybody.

Boehmer, Fish, Procaccia 2025 (The Next Generation), section 4.1 and Appendix D. A tag comes from one person's text and
is shown with everybody's: it can change who is grouped with whom, never a utility. A phrase that addresses the model
is no tag.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...llm import Answer, Call, Model
from ...profile import FloatArray
from .people import People, addressed
from .prompts import Value, prompt
from .readable_answers import Tally, ask, json_object

TAGS = 50
# Tags rated in one answer, and words of the longest: with more of either, models lose count.
CHUNK = 25
WORDS = 25
LOW, NEUTRAL, HIGH = 1, 4, 7
_KINDS = ("aspects", "details", "background")


def tags(model: Model, people: People, rng: np.random.Generator, tally: Tally, count: int = TAGS) -> tuple[str, ...]:
    """At most ``count`` different short opinions of people drawn at random.

    Args:
        model: answers.
        people: at most ``count`` of them are asked about.
        rng: draws people and tags.
        tally: counts.
        count: of tags.
    """
    writers = [row for row, text in enumerate(people.texts) if text]
    drawn = sorted(int(row) for row in rng.choice(writers, min(count, len(writers)), replace=False)) if writers else []
    parameters = {"temperature": 0.0, "max_tokens": 1_000}
    calls = [prompt("summary").call({"person": people.texts[row]}, parameters, {"agent": row}) for row in drawn]
    found: dict[str, None] = {}
    for phrases in ask(model, calls, _phrases, tally):
        for phrase in phrases or ():
            # It would be shown with everybody's text; the person it is from is heard in their own questions.
            if addressed(phrase):
                tally.reasons["a phrase that addresses the model is no tag"] += 1
            else:
                found[phrase] = None
    phrases = list(found)
    if len(phrases) > count:
        phrases = [phrases[place] for place in sorted(rng.choice(len(phrases), count, replace=False))]
    return tuple(phrases)


def tag_ratings(model: Model, people: People, tags: tuple[str, ...], tally: Tally) -> FloatArray:
    """How well every tag fits everybody, float64 [n_agents, n_tags] in 1..7, nan where it is not known."""
    found = np.full((len(people), len(tags)), np.nan)
    parameters = {"temperature": 0.0, "max_tokens": 12 * CHUNK}
    calls: list[Call] = []
    places: list[tuple[int, int, int]] = []
    for row, text in enumerate(people.texts):
        for start in range(0, len(tags) if text else 0, CHUNK):
            shown = tags[start : start + CHUNK]
            values: dict[str, Value] = {"person": text, "tags": shown, "count": len(shown)}
            calls.append(prompt("tags").call(values, parameters, {"agent": row, "tags": start}))
            places.append((row, start, len(shown)))
    for (row, start, count), answer in zip(places, ask(model, calls, _ratings, tally), strict=True):
        for place in range(count if answer else 0):
            found[row, start + place] = (answer or {}).get(place + 1, np.nan)
    return found


def tag_points(ratings: FloatArray) -> FloatArray:
    """Ratings as points; what is not known counts as neutral, for distances only."""
    return np.where(np.isnan(ratings), float(NEUTRAL), ratings)


def _phrases(answer: Answer) -> list[str] | None:
    """The phrases of a summary, one line each; None where there is no summary."""
    found = json_object(answer.text)
    if found is None:
        return None
    lists = [found.get(kind, []) for kind in _KINDS]
    phrases = [" ".join(str(phrase).split()).rstrip(".") for entries in lists for phrase in _list(entries)]
    return [phrase for phrase in phrases if 0 < len(phrase.split()) <= WORDS]


def _list(entries: object) -> list[object]:
    return entries if isinstance(entries, list) else [entries]


def _ratings(answer: Answer) -> Mapping[int, float] | None:
    """Rating by number of the tag; None where there is none at all."""
    found = {}
    for key, value in (json_object(answer.text) or {}).items():
        if key.strip().isdecimal() and isinstance(value, int | float) and LOW <= value <= HIGH:
            found[int(key)] = float(value)
    return found or None
