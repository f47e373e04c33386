"""What columns of preference data are called, and texts out of strings and lists of messages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ...profile import InputError
from ..columns import PERSON
from ..table import listed, plain
from .shapes import Record, Table

ANNOTATOR = (
    "annotator",
    "annotator-id",
    "annotator.id",
    "worker-id",
    "worker",
    "rater-id",
    "rater",
    "labeler-id",
    "labeler",
    "labeller-id",
    "labeller",
    "evaluator-id",
    "evaluator",
    "coder-id",
    "coder",
    "judge-id",
    "judge",
    "person",
    *PERSON[:-1],
)
"""The annotator's id, the clearest name first; ``id`` is the row's."""

PROMPT = (
    "prompt",
    "prompt-text",
    "user-prompt",
    "instruction",
    "question",
    "query",
    "input",
    "context",
    "conversation",
    "messages",
)
PROMPT_ID = ("prompt-id", "question-id", "conversation-id", "item-id")
CHOSEN = ("chosen", "chosen-response", "preferred", "preferred-response", "winner", "winner-text")
REJECTED = ("rejected", "rejected-response", "dispreferred", "other-response", "loser", "loser-text")
TIED = ("tie", "tied", "is-tie", "is-tied")
RESPONSE = ("response", "completion", "model-response", "answer", "output", "reply")
RATING = ("rating", "score", "helpfulness", "overall", "overall-rating", "stars", "likert")
RESPONSES = ("responses", "completions", "candidates", "answers", "outputs", "options")
RANKS = ("ranking", "ranks", "rank", "order")
SCORES = ("scores", "ratings")

_OWNER = ("annotator-", "rater-", "worker-", "user-", "participant-", "labeler-", "evaluator-", "annotator.")
_DECLARED = (
    "country",
    "region",
    "locale",
    "nationality",
    "gender",
    "sex",
    "age",
    "age-group",
    "race",
    "ethnicity",
    "religion",
    "language",
    "education",
    "education-level",
    "political",
    "politics",
    "party",
    "ideology",
    "income",
    "occupation",
    "group",
    "expertise",
)
"""What people declare of themselves, bare or with the annotator's name before it."""

MOST_LABELS = 20
"""The most labels of a column that is taken for a grouping without being named."""


def find(table: Table, aliases: Sequence[str], role: str) -> str | None:
    """The column with the first of these names, as it stands in the records; what is found is kept by its role."""
    for alias in aliases:
        if alias in table.names:
            table.columns[role] = table.names[alias]
            return table.names[alias]
    return None


def annotator_column(table: Table) -> str | None:
    """The annotator's column: the one the caller names, else by its name.

    Raises:
        InputError: if the caller names one that is not there.
    """
    if table.person is not None:
        if plain(table.person) not in table.names:
            known = listed(list(table.names.values()), 12)
            raise InputError(f"`id_column` names a column that is not there; there are {known}", file=table.path)
        table.columns["annotator"] = table.names[plain(table.person)]
        return table.columns["annotator"]
    return find(table, ANNOTATOR, "annotator")


def declared_columns(table: Table) -> dict[str, str]:
    """Columns with what annotators declare of themselves: those the caller names, else the usual names.

    Returns:
        The names as shown, with the columns.

    Raises:
        InputError: if the caller names one that is not there.
    """
    if table.group_columns:
        missing = [name for name in table.group_columns if plain(name) not in table.names]
        if missing:
            known = listed(list(table.names.values()), 12)
            raise InputError(
                f"`group_columns` names a column that is not there, {missing[0]!r}; there are {known}", file=table.path
            )
        return {name: table.names[plain(name)] for name in table.group_columns}
    found = {}
    for name, written in table.names.items():
        bare = next((name.removeprefix(owner) for owner in _OWNER if name.startswith(owner)), name)
        if bare in _DECLARED and written != table.columns.get("annotator"):
            found[written] = written
    return found


def labels(record: Record, columns: Mapping[str, str]) -> dict[str, str]:
    """The labels of one record by column; empty values are left out."""
    found = {}
    for shown, column in columns.items():
        value = record.get(column)
        if isinstance(value, str | int | float | bool) and str(value).strip():
            found[shown] = str(value).strip()
    return found


def text_of(value: Any) -> str:
    """A prompt or an answer as one text: a string as it stands, messages one below the other with who speaks.

    >>> text_of([{"role": "user", "content": "Hi"}])
    'Hi'
    >>> text_of([{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}])
    'user: Hi\\nassistant: Ho'
    """
    turns = messages(value)
    if turns is None:
        return "" if value is None else str(value).strip()
    if len(turns) == 1:
        return turns[0][1].strip()
    return "\n".join(f"{role}: {content}".strip() for role, content in turns)


def messages(value: Any) -> list[tuple[str, str]] | None:
    """Role and content of every message; None if it is no list of messages.

    >>> messages('[{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]')
    [('user', 'Hi')]
    """
    if isinstance(value, str) and value.lstrip().startswith("[{"):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    if isinstance(value, Mapping) and "content" in value:
        value = [value]
    if not isinstance(value, list) or not value or not all(isinstance(m, Mapping) for m in value):
        return None
    if not all("content" in m or "value" in m for m in value):
        return None
    return [(str(m.get("role", m.get("from", ""))), _content(m.get("content", m.get("value")))) for m in value]


def _content(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(str(part.get("text", "")) if isinstance(part, Mapping) else str(part) for part in value)
    return "" if value is None else str(value)


def split_prompt(chosen: Any, rejected: Any) -> tuple[str, str, str]:
    """The prompt that two whole conversations begin with, and the two answers; without one, an empty prompt.

    >>> split_prompt("\\n\\nHuman: Hi\\n\\nAssistant: Ho", "\\n\\nHuman: Hi\\n\\nAssistant: Hello")
    ('Human: Hi', 'Ho', 'Hello')
    """
    one, other = messages(chosen), messages(rejected)
    if one is not None and other is not None:
        same = 0
        while same < min(len(one), len(other)) - 1 and one[same] == other[same]:
            same += 1
        return tuple(  # type: ignore[return-value]
            "\n".join(f"{role}: {text}" if len(part) > 1 else text for role, text in part).strip()
            for part in (one[:same], one[same:], other[same:])
        )
    first, second = text_of(chosen), text_of(rejected)
    mark = "\n\nAssistant:"
    at = first.rfind(mark)
    while at >= 0:
        if second.startswith(first[: at + len(mark)]):
            start = at + len(mark)
            return first[:at].strip(), first[start:].strip(), second[start:].strip()
        at = first.rfind(mark, 0, at)
    return "", first, second


def truth(value: Any) -> bool:
    """Whether a cell says yes."""
    return value is True or str(value).strip().lower() in ("true", "t", "yes", "y", "1")


def number(value: Any) -> float | None:
    """A cell as a finite number; None if it is none."""
    if isinstance(value, bool):
        return float(value)
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if found - found == 0 else None
