"""What each column of a survey is for: opinions in words, ratings, ticks, quantities, personal data, the tool's own."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal

import numpy as np

from ..profile import FloatArray, InputError
from ..profile.sentences import noted
from .base import ReadOptions
from .coding import Coding, coding_of, is_missing, missing_values
from .columns import GROUPS, PERSON, ROW_ID, TEXT, WEIGHT, free_text, personal
from .privacy import latin, numbered_places, reachable, revealing, short_beside
from .quantities import FEW, called_a_quantity, held_a_quantity
from .table import Table, listed, plain

Rows = Sequence[tuple[int, list[str]]]
Role = Literal["text", "rating", "ticks", "choice", "quantity", "personal", "hidden", "system", "empty", "named"]

_DATE = re.compile(
    r"(?:(?:19|20)\d\d[-./年]\s?\d{1,2}[-./月]\s?\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)?\d\d"
    r"|[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4})"
    r"(?=$|[^\d./-])"
)
_TICKS = re.compile(r"\s*[;|\n]\s*|,\s+")


CONSTANT = noted("the same for everybody")
"""Why a column of numbers in which nobody differs is not taken for ratings."""

MOST_NUMBERS = 40
"""How many different numbers of a column are kept, to see which stand apart."""


@dataclass(frozen=True)
class Column:
    """One column, and what it is taken for.

    Args:
        index: its place in the table.
        name: its name in the header.
        role: what it holds; ``hidden`` looks personal by its cells, ``named`` is what the caller named for something
            else (an id, a weight, a group).
        why: what was taken for what, in a few words; empty where the role says it.
        coding: how its answers are written, if they are ratings.
        low: the lowest number that occurs.
        high: the highest number that occurs.
        answers: how many cells hold an answer.
        distinct: the numbers that occur, if they are few.
    """

    index: int
    name: str
    role: Role
    why: str = ""
    coding: Coding | None = None
    low: float = 0.0
    high: float = 0.0
    answers: int = 0
    distinct: frozenset[float] = frozenset()


def columns_of(
    table: Table,
    rows: Rows,
    options: ReadOptions,
    taken: frozenset[int] = frozenset(),
    system: frozenset[int] = frozenset(),
    questions: Sequence[str] = (),
) -> tuple[Column, ...]:
    """Every column with its role.

    Args:
        table: the table.
        rows: all or some of its rows.
        options: the reading options.
        taken: the columns that are known to be something else: the id, weights, groups.
        system: the columns that the survey's tool adds.
        questions: the question of each column, where the header does not hold it.
    """
    missing = missing_values(options.missing)
    columns = [
        Column(i, table.header[i], "named" if i in taken else "system")
        if i in taken or i in system
        else _column(i, table, [row[i] for _, row in rows], missing, questions[i] if questions else "")
        for i in range(len(table.header))
    ]
    longest = max((c for c in columns if c.role == "text"), key=lambda c: _length(rows, c.index), default=None)
    for i, column in enumerate(columns):
        if column.role == "text" and longest is not None and column.index != longest.index:
            cells = [row[i] for _, row in rows]
            if table.names[i] not in TEXT and short_beside(cells, [row[longest.index] for _, row in rows]):
                columns[i] = replace(column, role="hidden", why="short and all different, like names")
    varied = [c for c in columns if c.role == "rating" and c.low < c.high]
    for i, column in enumerate(columns):
        numbers = column.coding is not None and column.coding.kind == "numbers"
        if column.role == "rating" and numbers and varied and column.low == column.high and column.answers >= FEW:
            columns[i] = replace(column, role="quantity", why=CONSTANT)
    return tuple(columns)


def named_ratings(table: Table, options: ReadOptions, questions: Sequence[str] = ()) -> tuple[int, ...]:
    """The columns that the caller names as ratings, by name or pattern, in the order of the table.

    Raises:
        InputError: if a name or pattern fits no column.
    """
    chosen: set[int] = set()
    for wanted in options.rating_columns:
        fitting = _fitting(table, wanted, questions)
        for part in [wanted] if fitting else next(csv.reader([wanted], skipinitialspace=True), []):
            one = _fitting(table, part, questions)
            if not one:
                raise InputError(
                    f"`rating_columns` names a column that is not there, {part!r}; there is {listed(table.header, 12)}",
                    file=table.path,
                    row=1,
                )
            chosen |= one
    return tuple(sorted(chosen))


def numbers_of(cells: Sequence[str], coding: Coding, missing: frozenset[str]) -> FloatArray:
    """The answers of a column as numbers, without those that are none."""
    known = {cell: coding.value(cell) for cell in set(cells) if not is_missing(cell, missing)}
    return np.array([v for v in map(known.get, cells) if v is not None], dtype=np.float64)


def _fitting(table: Table, wanted: str, questions: Sequence[str]) -> set[int]:
    exact = {i for i, name in enumerate(table.names) if name == plain(wanted)}
    if exact:
        return exact
    pattern = re.sub(r"\[", "[[]", plain(wanted))
    asked = [plain(question) for question in questions] or [""] * len(table.names)
    return {i for i, name in enumerate(table.names) if fnmatchcase(name, pattern) or fnmatchcase(asked[i], pattern)}


def _column(i: int, table: Table, cells: Sequence[str], missing: frozenset[str], question: str) -> Column:
    name, plain_name = table.header[i], table.names[i]
    if personal(name) or (question and personal(question)):
        return Column(i, name, "personal")
    if plain_name in GROUPS:
        return Column(i, name, "quantity", "about the person")
    nothing = {cell for cell in set(cells) if is_missing(cell, missing)}
    answers = [cell for cell in cells if cell not in nothing]
    if not answers:
        return Column(i, name, "empty")
    coding = coding_of(answers)
    if coding is not None:
        values = numbers_of(answers, coding, missing)
        low, high = float(values.min()), float(values.max())
        why = _no_rating(i, table, question, coding, values)
        if not why and coding.kind == "words" and _option_of(name, table):
            return Column(i, name, "ticks")
        role: Role = "quantity" if why else "rating"
        numbers = np.unique(values)
        few = frozenset(map(float, numbers)) if len(numbers) <= MOST_NUMBERS else frozenset()
        return Column(i, name, role, why, coding, low, high, len(answers), few)
    if plain_name in TEXT:
        return Column(i, name, "text", answers=len(answers))
    if sum(_DATE.match(cell.strip()) is not None for cell in answers) > 0.8 * len(answers):
        return Column(i, name, "quantity", "dates and times", answers=len(answers))
    if _ticked(answers):
        return Column(i, name, "ticks")
    written = free_text(answers)
    if reachable(answers) or (written and (revealing(answers) or numbered_places(answers))):
        return Column(i, name, "hidden", "looks like names, addresses or e-mails")
    return Column(i, name, "text" if written else "choice", answers=len(answers))


def _no_rating(i: int, table: Table, question: str, coding: Coding, values: FloatArray) -> str:
    name, plain_name = table.header[i], table.names[i]
    if coding.kind != "numbers":
        return ""
    if plain_name in {*PERSON, *ROW_ID} or not table.written[i].strip():
        return "an id"
    if plain_name in WEIGHT:
        return "a weight"
    if called_a_quantity(name) or called_a_quantity(question):
        return "about the person or the form"
    return held_a_quantity(values)


def _option_of(name: str, table: Table) -> bool:
    """Whether a column is one option of another column's question (``What do you use? (Bus)``)."""
    stem = re.match(r"^(.*\S)\s*\([^()]+\)$", name)
    return stem is not None and stem[1] in table.header


def _ticked(answers: Sequence[str]) -> bool:
    """Whether the cells are combinations of few options."""
    pieces = [[part for part in _TICKS.split(cell.strip().strip(";,")) if part] for cell in answers]
    options = Counter(part for parts in pieces for part in parts)
    several = sum(len(parts) > 1 for parts in pieces)
    total = sum(options.values())
    repeated = sum(n for n in options.values() if n > 1)
    return several > 0 and total >= 4 and 10 * repeated >= 7 * total and len(options) <= 0.6 * total


def _length(rows: Rows, index: int) -> int:
    return sum(len(row[index]) for _, row in rows)


def unknown_language(table: Table, texts: Sequence[Column]) -> bool:
    """Whether several columns of texts are named in a script whose words for personal data are not known."""
    return len(texts) > 1 and not all(latin(table.header[c.index]) for c in texts)
