"""DICES: is the last answer of a conversation unsafe? Every rater chooses between two labels, or is unsure."""

from __future__ import annotations

from collections.abc import Iterator

from .roles import declared_columns, labels, text_of
from .shapes import SHAPES, Shape, Table, Vote

NEEDED = frozenset(["rater-id", "item-id", "context", "response", "q-overall"])
SAFE, UNSAFE = "The answer is safe.", "The answer is unsafe."
_SCORES = {"no": (1.0, 0.0), "yes": (0.0, 1.0), "unsure": (0.0, 0.0)}


def votes(table: Table) -> Iterator[Vote]:
    """One label a row; unsure is a tie."""
    n = table.names
    table.columns |= {"annotator": n["rater-id"], "prompt": "context, response", "preference": n["q-overall"]}
    declared = declared_columns(table)
    for row, record in enumerate(table.records):
        scores = _SCORES.get(str(record.get(n["q-overall"]) or "").strip().lower())
        if scores is None:
            table.notes.add("dropped", "rows without an overall label", table.place(row))
            continue
        conversation = f"{text_of(record.get(n['context']))}\n\n{text_of(record.get(n['response']))}".strip()
        yield Vote(
            row,
            str(record.get(n["rater-id"])),
            conversation,
            (SAFE, UNSAFE),
            scores,
            key=str(record.get(n["item-id"])),
            groups=labels(record, declared),
        )


SHAPES.register(
    Shape(
        "dices",
        "DICES safety labels",
        lambda names: names >= NEEDED,
        votes,
        about="google-research-datasets/dices-dataset on GitHub; CC-BY-4.0 by its README",
    )
)
