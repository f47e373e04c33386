"""MultiPref: two answers a row, judged by two usual workers and two experts each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .choices import verdict
from .roles import text_of
from .shapes import SHAPES, Shape, Table, Vote

JUDGED = {"normal-worker-annotations": "normal", "expert-worker-annotations": "expert"}
NEEDED = frozenset(["text", "completion-a", "completion-b"])


def votes(table: Table) -> Iterator[Vote]:
    """One overall preference an annotation."""
    n = table.names
    table.columns |= {"prompt": n["text"], "answers": "completion_a, completion_b", "annotator": "evaluator"}
    for row, record in enumerate(table.records):
        options = (text_of(record.get(n["completion-a"])), text_of(record.get(n["completion-b"])))
        for column, kind in JUDGED.items():
            for one in record.get(n.get(column, "")) or ():
                if not isinstance(one, Mapping):
                    continue
                said = verdict(one.get("overall_pref"), False)
                if said is None or not all(options):
                    table.notes.add("dropped", "annotations without an overall preference", table.place(row))
                    continue
                person = f"{kind}-{one.get('evaluator')}"
                yield Vote(
                    row, person, text_of(record.get(n["text"])), options, (said, 0.0), groups={"expertise": kind}
                )


SHAPES.register(
    Shape(
        "multipref",
        "MultiPref comparisons",
        lambda names: names >= NEEDED and bool(names.intersection(JUDGED)),
        votes,
        about="allenai/multipref on Hugging Face; its page says under which licence",
    )
)
