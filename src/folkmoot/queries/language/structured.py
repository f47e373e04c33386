"""Structured answers: what an endpoint without log-probabilities is asked for, in a form that it can be held to.

A rating is a list of `LISTED` ratings for each statement: whatever comes is a distribution, or it is no answer. The
form is sent along as a JSON schema (``response_format``); an endpoint that does not take one is asked without it, and
the prompt says the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import Any

from ...llm import Answer
from .readable_answers import between, json_object

# Ratings of a statement in one answer: as many as there are repeated answers without a structure.
LISTED = 10
# Tokens of a list, with room for blanks and the marks of JSON; and of what stands around all lists.
LIST_TOKENS, AROUND_TOKENS = 5 * LISTED, 20


def schema(name: str, entries: Mapping[str, object]) -> dict[str, Any]:
    """The ``response_format`` of an object that has these entries and no other, each required."""
    body = {"type": "object", "properties": dict(entries), "required": [*entries], "additionalProperties": False}
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": body}}


def lists(count: int, low: int, high: int) -> dict[str, Any]:
    """The form of an answer that rates ``count`` statements."""
    labels = {"type": "integer", "enum": [*range(low, high + 1)]}
    one = {"type": "array", "items": labels, "minItems": LISTED, "maxItems": LISTED}
    return schema("ratings", {str(number): one for number in range(1, count + 1)})


def opinion() -> dict[str, Any]:
    """The form of an answer that is one statement."""
    return schema("opinion", {"opinion": {"type": "string"}})


def summary(kinds: Sequence[str], most: int = 4) -> dict[str, Any]:
    """The form of a person's opinion as lists of short phrases; so few that whoever repeats itself comes to an end."""
    phrases = {"type": "array", "items": {"type": "string", "maxLength": 120}, "maxItems": most}
    return schema("opinions", {**dict.fromkeys(kinds, phrases), "summary": {"type": "string", "maxLength": 400}})


def marks(count: int, low: int, high: int) -> dict[str, Any]:
    """The form of an answer with one mark for each of ``count`` things, by number."""
    return schema(
        "marks", {str(number): {"type": "integer", "enum": [*range(low, high + 1)]} for number in range(1, count + 1)}
    )


def read_lists(count: int, low: int, high: int) -> Callable[[Answer], list[float | None] | None]:
    """Reads the mean rating of every statement; None for a statement without its whole list, or for all.

    >>> import json
    >>> answer = Answer(json.dumps({"1": [4] * 5 + [5] * 5, "2": [4, 9] * 5, "3": [1, 2]}))
    >>> read_lists(3, 1, 6)(answer)
    [4.5, None, None]
    """

    def read(answer: Answer) -> list[float | None] | None:
        found = json_object(answer.said) or {}
        if not set(found) <= {str(number) for number in range(1, count + 1)}:
            return None  # it may have counted from 0: nothing of it counts
        means = [_mean(found.get(str(number)), low, high) for number in range(1, count + 1)]
        return means if any(mean is not None for mean in means) else None

    return read


def _mean(value: object, low: int, high: int) -> float | None:
    """The mean of a whole list of labels; None where it is anything else."""
    if not isinstance(value, list) or len(value) != LISTED:
        return None
    whole = [one for one in value if isinstance(one, int) and not isinstance(one, bool) and low <= one <= high]
    return fmean(whole) if len(whole) == LISTED else None


def read_opinion(answer: Answer) -> str | None:
    """The statement in an answer, whitespace runs as one space; None where there is none."""
    text = (json_object(answer.said) or {}).get("opinion")
    plain = " ".join(text.split()) if isinstance(text, str) else ""
    return plain or between(answer.said, "opinion")
