"""Community Alignment: the best of up to four answers in every turn of a conversation."""

from __future__ import annotations

from collections.abc import Iterator

from .roles import annotator_column, declared_columns, labels, text_of
from .shapes import SHAPES, Shape, Table, Vote

TURNS = ("first", "second", "third", "fourth")
NEEDED = frozenset(["first-turn-prompt", "first-turn-response-a", "first-turn-preferred-response"])
#: What the models' answers end with in the published files.
END = "<|end_of_text|>"
#: What stands there for a text that is missing.
MISSING = "EMPTY STRING"


def votes(table: Table) -> Iterator[Vote]:
    """One choice a turn; nothing is said of the answers that were not chosen among themselves."""
    n = table.names
    who, declared = annotator_column(table), declared_columns(table)
    conversation = n.get("conversation-id")
    table.columns |= {"prompt": "..._turn_prompt", "chosen": "..._turn_preferred_response"}
    for row, record in enumerate(table.records):
        person = "" if who is None else str(record.get(who) or "").strip()
        for number, turn in enumerate(TURNS):
            best = str(record.get(n.get(f"{turn}-turn-preferred-response", "")) or "").strip().lower()[-1:]
            options = {
                letter: text_of(record.get(n.get(f"{turn}-turn-response-{letter}", ""))).replace(END, "").strip()
                for letter in "abcd"
            }
            options = {letter: text for letter, text in options.items() if text and text.upper() != MISSING}
            if not best or len(options) < 2:
                continue
            if best not in options:
                table.notes.add("dropped", "turns whose preferred answer is not among the answers", table.place(row))
                continue
            prompt = text_of(record.get(n.get(f"{turn}-turn-prompt", "")))
            # Later turns answer what was said before, so they belong to their conversation.
            key = "" if not number else f"{record.get(conversation) if conversation else row}/{number}"
            scores = tuple(float(letter == best) for letter in options)
            yield Vote(row, person, prompt, tuple(options.values()), scores, False, key, labels(record, declared))


SHAPES.register(
    Shape(
        "community-alignment",
        "Community Alignment conversations",
        lambda names: names >= NEEDED,
        votes,
        about="facebook/community-alignment-dataset on Hugging Face; CC-BY-4.0",
    )
)
