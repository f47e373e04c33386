"""A table in a text file: the delimiter is recognised, rows come with their line, widths are checked."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..profile import InputError
from .notes import Notes

Records = Iterator[tuple[int, list[str]]]
"""The first line and the cells of every record."""

MAX_FIELD = 1_000_000
"""Longest cell in characters: a quote that is never closed would take in the rest of the file."""

MOST_LOOKED_AT = 200
"""How many records are read to recognise a table."""

DELIMITERS = (",", ";", "\t")


def plain(name: str) -> str:
    """A column name without case, spaces and the difference between ``_`` and ``-``.

    >>> plain(" Comment_ID ")
    'comment-id'
    """
    return re.sub(r"[\s_-]+", "-", name.strip().lower())


@dataclass(frozen=True)
class Table:
    """A table whose first row names the columns, however it is stored.

    Args:
        path: the path of the file.
        delimiter: the sign between columns of a text file: comma, semicolon or tab; empty for any other file.
        header: the column names as written, without outer spaces.
        records: the function that reads all records, from the header on.
        skipped: how many records after the header belong to it (Qualtrics has two).
        questions: the question of each column, where the file has them beside the names; empty if it has not.
        notes: the notes to which is added what was noticed about the file as such.
    """

    path: Path
    delimiter: str
    header: tuple[str, ...]
    records: Callable[[], Records]
    skipped: int = 0
    questions: tuple[str, ...] = ()
    notes: Notes = field(default_factory=Notes, repr=False, compare=False)
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(plain(name) for name in self.header))

    def find(self, *aliases: str) -> int | None:
        """The index of the first alias that names a column; None if none does.

        Raises:
            InputError: if the column occurs twice.
        """
        for alias in aliases:
            wanted = plain(alias)
            if self.names.count(wanted) > 1:
                raise InputError("two columns have this name; rename one", file=self.path, row=1, column=alias)
            if wanted in self.names:
                return self.names.index(wanted)
        return None

    def column(self, name: str, option: str) -> int:
        """The index of a column that the caller named.

        Raises:
            InputError: if there is no such column.
        """
        index = self.find(name)
        if index is None:
            known = ", ".join(repr(n) for n in self.header[:12]) + (", ..." if len(self.header) > 12 else "")
            raise InputError(f"`{option}` names a column that is not there; there are {known}", file=self.path, row=1)
        return index

    def rows(self, check: bool = True) -> Records:
        """The line and the cells of every record after the header, without blank lines.

        Args:
            check: whether records that are shorter or longer than the header are refused.

        Raises:
            InputError: if a record is cut or broken; the message names its line.
        """
        records = self.records()
        for _ in range(1 + self.skipped):
            next(records, None)
        width = len(self.header)
        for line, cells in records:
            if len(cells) != width:
                if not any(cell.strip() for cell in cells):
                    continue
                if check:
                    raise InputError(self.wrong_width(len(cells)), file=self.path, row=line)
            yield line, cells

    def wrong_width(self, n_cells: int) -> str:
        """The message for a record with more or fewer cells than the header."""
        width = len(self.header)
        if n_cells < width:
            return f"the row has {n_cells} of {width} columns; the file is cut, or the row has another delimiter"
        return (
            f"the row has {n_cells} columns where the header has {width}; put texts that hold a {self.sign} in quotes"
        )

    @property
    def sign(self) -> str:
        """The delimiter in words."""
        return {",": "comma", ";": "semicolon", "\t": "tab"}.get(self.delimiter, self.delimiter)


def one_column(header: str) -> str:
    """The message for a table of one column."""
    return f"the first row is one single column ({short(header)}); separate columns by comma, semicolon or tab"


def layout(start: str) -> tuple[str, tuple[str, ...]]:
    """The delimiter and the header of the table that begins with this text; without a table, an empty header."""
    _allow_long_fields()
    best: tuple[int, tuple[str, ...], str] = (0, (), ",")
    for delimiter in DELIMITERS:
        first = beginning_of(start, delimiter)
        if not first:
            continue
        width = len(first[0])
        # A delimiter that gives the same width in every record beats one that only gives a wide header.
        score = (width if width > 1 else 0) * (100 if all(len(r) == width for r in first[:10]) else 1)
        if score > best[0]:
            best = score, tuple(first[0]), delimiter
    header = best[1] or tuple(start.splitlines()[:1])
    return best[2], tuple(name.strip() for name in header)


def numbered(lines: Iterable[str], path: Path, delimiter: str = ",") -> Records:
    """The first line and the cells of every record of a delimited file, without blank records.

    Args:
        lines: the lines of the file.
        path: the path of the file, for messages.
        delimiter: the sign between columns.

    Raises:
        InputError: if a quote is not closed, text follows a closing quote or a cell is beyond the limit.
    """
    _allow_long_fields()
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(_broken(str(error)), file=path, row=line) from None
        if cells:
            yield line, cells
        line = reader.line_num + 1


def number(text: str, path: Path, line: int, column: str) -> float:
    """A cell as a finite number.

    Raises:
        InputError: if it is not a finite number.
    """
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if value - value != 0:  # nan and infinities
        raise InputError(f"{short(text)} is not a number", file=path, row=line, column=column)
    return value


def short(text: str) -> str:
    """A value as it is shown in a message."""
    return repr(text if len(text) <= 40 else text[:37] + "...")


def listed(names: Sequence[str], most: int = 8) -> str:
    """Names in one line; those beyond ``most`` are counted."""
    shown = ", ".join(repr(n) if n else "(no name)" for n in names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")


def beginning_of(start: str, delimiter: str) -> list[list[str]]:
    """The complete records in the beginning of a file, leniently read: only for recognising it."""
    try:
        rows = [r for r in csv.reader(io.StringIO(start, newline=""), delimiter=delimiter) if r]
    except csv.Error:
        return []
    # The last one may be cut where the sample ends.
    return rows[:-1][:MOST_LOOKED_AT] if len(rows) > 2 else rows[:2]


def _allow_long_fields() -> None:
    # The limit is one for the whole process: only ever raised, so that a caller's own higher limit stays.
    if csv.field_size_limit() < MAX_FIELD:
        csv.field_size_limit(MAX_FIELD)


def _broken(error: str) -> str:
    if "unexpected end" in error:
        return "a quote that opens in this row is never closed; the file is cut or the quote must be doubled"
    if "field larger" in error:
        return f"a cell is longer than {MAX_FIELD // 10**6} MB; a quote is probably not closed"
    if "expected after" in error:
        return "text follows a closing quote; double the quotes inside a text"
    return f"the row cannot be read ({error})"
