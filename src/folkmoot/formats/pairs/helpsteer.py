"""HelpSteer2: every annotator's ratings (disagreements) or preference strengths; who they were is not published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .roles import number, text_of
from .shapes import SHAPES, Shape, Table, Vote

RATINGS = frozenset(["prompt", "response", "helpfulness", "correctness", "coherence"])
STRENGTHS = frozenset(["prompt", "response-1", "response-2", "all-preferences-unprocessed"])
ABOUT = "nvidia/HelpSteer2 on Hugging Face; CC-BY-4.0"
#: A strength that stands for "neither answer is valid".
NEITHER = -100


def ratings(table: Table) -> Iterator[Vote]:
    """Helpfulness of the answers to one prompt: the ratings at one place of the lists are taken to be one person's."""
    table.columns |= {"prompt": "prompt", "response": "response", "rating": "helpfulness"}
    n = table.names
    by_prompt: dict[str, list[tuple[int, str, list[Any]]]] = {}
    for row, record in enumerate(table.records):
        rated = record.get(n["helpfulness"])
        values = list(rated) if isinstance(rated, list) else [rated]
        by_prompt.setdefault(text_of(record.get(n["prompt"])), []).append(
            (row, text_of(record.get(n["response"])), values)
        )
    for prompt, answers in by_prompt.items():
        width = min(len(values) for _, _, values in answers)
        if len(answers) < 2:
            table.notes.add("dropped", "answers with nothing to compare with: one answer to its prompt", "", 1)
            continue
        if len({len(values) for _, _, values in answers}) > 1:
            what = "prompts whose answers have different numbers of ratings: the surplus is left out"
            table.notes.add("dropped", what, table.place(answers[0][0]))
        for at in range(width):
            found = [number(values[at]) for _, _, values in answers]
            if None not in found:
                scores = tuple(value for value in found if value is not None)
                yield Vote(answers[0][0], "", prompt, tuple(text for _, text, _ in answers), scores)
    what = "ratings at one place of the lists are taken to be one person's: the source does not say whose they are"
    table.notes.add("seen", what, table.path.name)


def strengths(table: Table) -> Iterator[Vote]:
    """Every preference strength, from -3 (the first answer is much better) to 3 (the second is)."""
    table.columns |= {"prompt": "prompt", "answers": "response_1, response_2", "preference": "strength"}
    n = table.names
    for row, record in enumerate(table.records):
        options = (text_of(record.get(n["response-1"])), text_of(record.get(n["response-2"])))
        for one in record.get(n["all-preferences-unprocessed"]) or ():
            value = number(one.get("strength")) if isinstance(one, Mapping) else None
            if value is None or value == NEITHER:
                table.notes.add(
                    "dropped", "annotations that found neither answer valid, or have none", table.place(row)
                )
                continue
            yield Vote(row, "", text_of(record.get(n["prompt"])), options, (-value, 0.0))


SHAPES.register(Shape("helpsteer2", "HelpSteer2 preferences", lambda n: n >= STRENGTHS, strengths, about=ABOUT))
SHAPES.register(
    Shape("helpsteer2-ratings", "HelpSteer2 disagreements", lambda names: names >= RATINGS, ratings, about=ABOUT)
)
