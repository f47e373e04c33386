"""Two answers a row beside each other (response_a, response_b), and a column that says which was preferred."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..table import short
from .plain import Common
from .roles import find, number, text_of
from .shapes import SHAPES, Shape, Table, Vote

PAIRS = tuple(
    (f"{stem}{dash}{one}", f"{stem}{dash}{other}")
    for stem in ("response", "completion", "answer", "output", "conversation", "message", "text", "option")
    for one, other in (("a", "b"), ("0", "1"), ("1", "2"))
    for dash in ("-", "")
)
WHICH = (
    "preference",
    "preferred",
    "preferred-response",
    "preferred-answer",
    "better-response-id",
    "winner",
    "choice",
    "label",
    "selected",
    "overall-pref",
)
_TIES = frozenset(["tie", "tied", "equal", "same", "both", "neither", "no-preference", "none", "0.5"])


def verdict(value: Any, zero_based: bool) -> float | None:
    """1 if the first answer is preferred, -1 if the second, 0 for a tie; None if the cell says nothing.

    Args:
        value: the cell.
        zero_based: whether answers are numbered from 0.

    >>> [verdict(v, False) for v in ("A", "response_b", "A-is-clearly-better", "Tie", 2, "", "tie (bothbad)")]
    [1.0, -1.0, 1.0, 0.0, -1.0, None, 0.0]
    """
    word = str("" if value is None else value).strip().lower().replace("_", "-").replace(" ", "-")
    if not word:
        return None
    if word in _TIES or word.startswith("tie"):
        return 0.0
    for mark in ("response-", "model-", "answer-", "completion-", "option-", "output-"):
        word = word.removeprefix(mark)
    first = word.split("-is-")[0]
    if first in ("a", "left", "first"):
        return 1.0
    if first in ("b", "right", "second"):
        return -1.0
    which = number(first)
    if which is None:
        return None
    places = (0.0, 1.0) if zero_based else (1.0, 2.0)
    return 1.0 if which == places[0] else -1.0 if which == places[1] else None


def _sides(names: frozenset[str]) -> tuple[str, str] | None:
    return next((pair for pair in PAIRS if names.issuperset(pair)), None)


def votes(table: Table) -> Iterator[Vote]:
    """One pair a row."""
    sides = _sides(frozenset(table.names))
    assert sides is not None
    left, right = table.names[sides[0]], table.names[sides[1]]
    table.columns |= {"answers": f"{left}, {right}"}
    which = find(table, WHICH, "preference")
    common = Common(table)
    zero = sides[0].endswith("0") or "better-response-id" in table.names
    for row, record in enumerate(table.records):
        said = verdict(record.get(which or ""), zero)
        one, other = text_of(record.get(left)), text_of(record.get(right))
        if said is None or not one or not other:
            what = "rows whose preference is not read, like " + short(str(record.get(which or "")))
            table.notes.add("dropped", what if one and other else "rows without two answers", table.place(row))
            continue
        yield Vote(row, options=(one, other), scores=(said, 0.0), **common.of(record))


SHAPES.register(
    Shape(
        "choices",
        "two answers beside each other, with a preference",
        lambda names: _sides(names) is not None and bool(names.intersection(WHICH)),
        votes,
    )
)
