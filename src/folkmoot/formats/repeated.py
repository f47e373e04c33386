"""Answers that somebody gave twice: which of them counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import numpy as np

from ..profile import InputError, IntArray
from ..profile.sentences import noted
from .base import ReadOptions
from .notes import Notes, place
from .numbers import to_number
from .survey_tools import TIMES
from .table import Table, short

_FORMS = (
    "%m/%d/%Y %I:%M:%S %p",
    "%Y/%m/%d %I:%M:%S %p",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%y %H:%M:%S",
    "%m/%d/%y %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%m/%d/%Y",
)

_TEXTS = "; or, if each row is a text of its own, say `format='comments'` and `id_column={!r}`"


def one_row_each(
    table: Table, rows: Sequence[tuple[int, list[str]]], person: int, options: ReadOptions, notes: Notes
) -> list[tuple[int, list[str]]]:
    """One row a person, where somebody sent the form again.

    Args:
        table: the table.
        rows: its rows.
        person: the column with the id.
        options: the reading options; ``repeated`` says which row counts.
        notes: the notes to which the rows are added that do not count.

    Raises:
        InputError: if somebody has two rows, and neither an option nor times say which of them counts.
    """
    first: dict[str, int] = {}
    of: list[int] = []
    for _, cells in rows:
        of.append(first.setdefault(cells[person].strip(), len(first)))
    if len(first) == len(rows):
        return list(rows)
    names = tuple(first)
    again = np.array([i for i, who in enumerate(of) if not names[who]], dtype=np.int64)
    if len(again):
        return list(rows)  # rows without an id are refused, or are people of their own
    lines = np.array([line for line, _ in rows], dtype=np.int64)
    keys = np.array(of, dtype=np.int64)
    chosen = chosen_of(keys, times_in(table, rows, options), options.repeated)
    if chosen is None:
        who, line, before = _example(keys, lines)
        several = 2 * int((np.bincount(keys) > 1).sum()) > len(first)
        raise InputError(
            f"participant {short(names[who])} occurs twice (first in row {before}); say which of the two counts with "
            "`repeated`: last or first" + (_TEXTS.format(table.header[person]) if several else ""),
            file=table.path,
            row=line,
            column=table.header[person],
        )
    kept = {int(i) for i in chosen}
    for i, (line, _) in enumerate(rows):
        if i not in kept:
            notes.add("seen", f"rows of people who answered again: {_rule(options)} counts", place(table.path, line))
    return [row for i, row in enumerate(rows) if i in kept]


def chosen_of(keys: IntArray, times: IntArray | None, repeated: str | None) -> IntArray | None:
    """The row that counts of those with equal keys, in the order of the rows; None: it is not decided which.

    Args:
        keys: what makes rows repeat each other, int64 [n].
        times: when each row was given, int64 [n]; None if that is not known.
        repeated: ``last``, ``first`` or ``refuse``; None: the last by time.
    """
    rows = np.arange(len(keys))
    if repeated == "refuse" or (repeated is None and times is None):
        return None
    order = np.lexsort((rows, times if times is not None else rows, keys))
    new = np.flatnonzero(np.r_[True, keys[order][1:] != keys[order][:-1]])
    ends = new if repeated == "first" else np.r_[new[1:], len(keys)] - 1
    return np.sort(order[ends])


def times_in(table: Table, rows: Sequence[tuple[int, list[str]]], options: ReadOptions) -> IntArray | None:
    """When each row was given; None if no column says so in a form that can be compared."""
    del options
    for name in TIMES:
        if table.names.count(name) == 1:
            column = table.names.index(name)
            times = moments([cells[column] for _, cells in rows])
            if times is not None:
                return times
    return None


def moments(cells: Sequence[str]) -> IntArray | None:
    """Times as numbers that can be compared; None if some cannot be read, or all are the same.

    >>> moments(["2024-01-01", "2024-01-02"]) is None, moments(["soon", "later"]) is None
    (False, True)
    """
    numbers = [to_number(cell) for cell in cells]
    if all(n is not None for n in numbers):
        if any("e" in cell.lower() for cell in cells):
            return None  # a spreadsheet rounded them
        found = np.array([int(n or 0) for n in numbers], dtype=np.int64)
        return found if len(np.unique(found)) > 1 else None
    plain = [re.sub(r"\s*(?:GMT|UTC|EST|CET|MEZ|OEZ)\s*(?:[+-]\d+(?::?\d\d)?)?$", "", cell.strip()) for cell in cells]
    try:
        dates = [datetime.fromisoformat(cell.replace("Z", "+00:00")) for cell in plain]
        return np.array([int(d.timestamp() * 1000) for d in dates], dtype=np.int64)
    except (ValueError, OverflowError):
        pass
    for form in _FORMS:
        try:
            dates = [datetime.strptime(cell, form) for cell in plain]
        except ValueError:
            continue
        return np.array([int(d.timestamp() * 1000) for d in dates], dtype=np.int64)
    return None


def _example(keys: IntArray, lines: IntArray) -> tuple[int, int, int]:
    order = np.lexsort((lines, keys))
    k = keys[order]
    twice = np.flatnonzero(k[1:] == k[:-1])
    later = order[twice + 1]
    at = int(np.argmin(lines[later]))
    return int(keys[later[at]]), int(lines[later[at]]), int(lines[order[twice[at]]])


def _rule(options: ReadOptions) -> str:
    if options.repeated:
        return noted("the first") if options.repeated == "first" else noted("the last")
    return noted("the last by time")
