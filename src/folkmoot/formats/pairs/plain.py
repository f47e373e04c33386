"""Shapes that many people have: chosen and rejected; answers with ratings; lists of answers with ranks or scores."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ...profile import InputError
from .roles import (
    CHOSEN,
    PROMPT,
    PROMPT_ID,
    RANKS,
    RATING,
    REJECTED,
    RESPONSE,
    RESPONSES,
    SCORES,
    TIED,
    annotator_column,
    declared_columns,
    find,
    labels,
    number,
    split_prompt,
    text_of,
    truth,
)
from .shapes import SHAPES, Shape, Table, Vote


class Common:
    """The annotator, the prompt and the groups, which all of these shapes have in the same columns.

    Args:
        table: the records.
    """

    def __init__(self, table: Table) -> None:
        self.who = annotator_column(table)
        self.prompt = find(table, PROMPT, "prompt")
        self.key = find(table, PROMPT_ID, "prompt id") if self.prompt is None else None
        self.declared = declared_columns(table)

    def of(self, record: Any) -> dict[str, Any]:
        """What a vote says of its record besides the answers."""
        named = "" if self.who is None else str(record.get(self.who) if record.get(self.who) is not None else "")
        return {
            "annotator": named.strip(),
            "prompt": text_of(record.get(self.prompt)) if self.prompt is not None else "",
            "key": str(record.get(self.key) or "") if self.key is not None else "",
            "groups": labels(record, self.declared),
        }


def chosen_rejected(table: Table) -> Iterator[Vote]:
    """One pair a row; a row that says it is a tie is one."""
    better, worse = find(table, CHOSEN, "chosen"), find(table, REJECTED, "rejected")
    tied = find(table, TIED, "tie")
    common = Common(table)
    for row, record in enumerate(table.records):
        one, other = record.get(better or ""), record.get(worse or "")
        rest = common.of(record)
        if common.prompt is None:
            rest["prompt"], first, second = split_prompt(one, other)
        else:
            first, second = text_of(one), text_of(other)
        if not first or not second:
            table.notes.add("dropped", "rows without a chosen and a rejected answer", table.place(row))
            continue
        level = tied is not None and truth(record.get(tied))
        yield Vote(row, options=(first, second), scores=(0.0, 0.0) if level else (1.0, 0.0), **rest)


def ratings(table: Table) -> Iterator[Vote]:
    """One answer a row with its rating: what one annotator rated for one prompt is compared."""
    answer, rating = find(table, RESPONSE, "response"), find(table, RATING, "rating")
    common = Common(table)
    if common.who is None:
        raise InputError(
            "ratings are compared within what one annotator said, and no column says who that was; name it with "
            "`id_column`",
            file=table.path,
        )
    sets: dict[tuple[str, str, str], list[tuple[int, str, float, dict[str, Any]]]] = {}
    for row, record in enumerate(table.records):
        rest, value = common.of(record), number(record.get(rating or ""))
        body = text_of(record.get(answer or ""))
        if value is None or not body:
            table.notes.add("dropped", "rows without an answer and a rating", table.place(row))
            continue
        sets.setdefault((rest["annotator"], rest["prompt"], rest["key"]), []).append((row, body, value, rest))
    for each in sets.values():
        if len(each) < 2:
            table.notes.add("dropped", "ratings with nothing to compare with: one answer to its prompt", "", len(each))
            continue
        yield Vote(each[0][0], options=tuple(e[1] for e in each), scores=tuple(e[2] for e in each), **each[0][3])


def lists(table: Table) -> Iterator[Vote]:
    """A list of answers a row, with a list of ranks (1 is best) or of scores (the highest is best)."""
    answers = find(table, RESPONSES, "responses")
    ranks, scores = find(table, RANKS, "ranks"), find(table, SCORES, "scores")
    common = Common(table)
    for row, record in enumerate(table.records):
        bodies, values = _list(record.get(answers or "")), _list(record.get(ranks or scores or ""))
        found = [number(value) for value in values]
        if not bodies or len(bodies) != len(found) or None in found:
            raise InputError(
                f"the row has {len(bodies)} answers and {sum(v is not None for v in found)} numbers for them; each "
                "answer needs one",
                file=table.path,
                row=table.line(row),
            )
        sign = -1.0 if ranks is not None else 1.0
        yield Vote(
            row,
            options=tuple(map(text_of, bodies)),
            scores=tuple(sign * value for value in found if value is not None),
            **common.of(record),
        )


def _list(value: Any) -> list[Any]:
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    return list(value) if isinstance(value, list | tuple) else []


def _has(names: frozenset[str], *roles: tuple[str, ...]) -> bool:
    return all(names.intersection(role) for role in roles)


SHAPES.register(
    Shape(
        "pairs",
        "preference pairs (chosen, rejected)",
        lambda names: _has(names, CHOSEN, REJECTED),
        chosen_rejected,
    )
)
SHAPES.register(
    Shape(
        "rankings",
        "lists of answers with ranks or scores",
        lambda names: _has(names, RESPONSES) and (_has(names, RANKS) or _has(names, SCORES)),
        lists,
    )
)
SHAPES.register(
    Shape(
        "ratings",
        "answers with ratings, one a row",
        lambda names: _has(names, RESPONSE, RATING) and _has(names, PROMPT),
        ratings,
        sure=False,
    )
)
