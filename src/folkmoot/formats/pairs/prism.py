"""PRISM's utterances: up to four replies to a prompt, each rated from 1 to 100 by the person who had asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...profile import InputError
from ..json_tables import parsed, records_of
from ..lines import opened
from .roles import number
from .shapes import SHAPES, Shape, Table, Vote

NEEDED = frozenset(["utterance-id", "interaction-id", "user-id", "user-prompt", "model-response", "score"])
SURVEY = "survey.jsonl"
#: Columns of the survey, and where a record within holds the label.
DECLARED = (
    ("age", ""),
    ("gender", ""),
    ("education", ""),
    ("religion", "simplified"),
    ("ethnicity", "simplified"),
    ("location", "reside_region"),
)


def votes(table: Table) -> Iterator[Vote]:
    """What one person rated in one turn of a conversation is compared."""
    n = table.names
    who, when, asked, said, rated = (
        n[name] for name in ("user-id", "interaction-id", "user-prompt", "model-response", "score")
    )
    table.columns |= {"annotator": who, "prompt": asked, "response": said, "rating": rated}
    declared = _survey(table)
    turns: dict[tuple[str, str], list[tuple[int, str, str, float]]] = {}
    for row, record in enumerate(table.records):
        score = number(record.get(rated))
        if score is None:
            table.notes.add("dropped", "replies without a score", table.place(row))
            continue
        at = (str(record.get(who)), str(record.get(when)))
        turns.setdefault(at, []).append((row, str(record.get(asked) or ""), str(record.get(said) or ""), score))
    for (person, turn), replies in turns.items():
        if len(replies) < 2:
            table.notes.add("dropped", "ratings with nothing to compare with: one reply to its prompt", "", 1)
            continue
        row, prompt = replies[0][:2]
        # What was asked later in a conversation means something else in another one.
        yield Vote(
            row,
            person,
            prompt,
            tuple(reply[2] for reply in replies),
            tuple(reply[3] for reply in replies),
            key=turn,
            groups=declared.get(person, {}),
        )


def _survey(table: Table) -> Mapping[str, Mapping[str, str]]:
    """What people declared, from the survey beside, by person."""
    beside = table.path.parent / SURVEY
    try:
        if not beside.is_file():
            return {}
        with opened(beside) as stream:
            people = records_of(parsed(stream.read(), beside), beside)
    except (InputError, OSError):
        table.notes.add("seen", f"{SURVEY} lies beside and cannot be read; no groups are known", beside.name)
        return {}
    table.columns["groups"] = SURVEY
    return {str(person.get("user_id")): _labels(person) for person in people if isinstance(person, Mapping)}


def _labels(person: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for column, inner in DECLARED:
        value = person.get(column)
        value = value.get(inner) if inner and isinstance(value, Mapping) else value
        if isinstance(value, str) and value.strip():
            found[column] = value.strip()
    return found


SHAPES.register(
    Shape(
        "prism",
        "PRISM utterances",
        lambda names: names >= NEEDED,
        votes,
        about="HannahRoseKirk/prism-alignment on Hugging Face; texts of people CC-BY-4.0, replies of models "
        "CC-BY-NC-4.0 and their makers' terms",
    )
)
