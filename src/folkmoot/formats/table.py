"""A table in a text file: the delimiter is recognised, rows come with their line, widths are checked."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..profile import InputError
from ..profile.sentences import noted
from .layout import LINES, MAX_FIELD, Row, allow_long_fields, named
from .notes import Notes, place

Records = Iterator[Row]
"""The first line and the cells of every record."""


def plain(name: str) -> str:
    """A column name without case, spaces and the difference between ``_`` and ``-``.

    >>> plain(" Comment_ID ")
    'comment-id'
    """
    return re.sub(r"[\s_-]+", "-", name.strip().lower())


@dataclass(frozen=True)
class Table:
    """A table whose first row names the columns, however it is stored.

    ``header`` has a name for each column that no other has: those without one are called by their place, and those with
    the name of another are numbered. ``names`` are the written ones, as `plain` has them.

    Args:
        path: the path of the file.
        delimiter: the sign between columns of a text file: comma, semicolon or tab; empty for any other file.
        written: the column names as written, without outer spaces.
        records: the function that reads all records, from the header on.
        skipped: how many records after the header belong to it (Qualtrics has two).
        questions: the question of each column, where the file has them beside the names; empty if it has not.
        labels: the names of the values of each column in the order of their codes; empty if the file has none.
        notes: the notes to which is added what was noticed about the file as such.
    """

    path: Path
    delimiter: str
    written: tuple[str, ...]
    records: Callable[[], Records]
    skipped: int = 0
    questions: tuple[str, ...] = ()
    labels: tuple[tuple[str, ...], ...] = ()
    notes: Notes = field(default_factory=Notes, repr=False, compare=False)
    header: tuple[str, ...] = field(init=False)
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(plain(name) for name in self.written))
        object.__setattr__(self, "header", named(self.written)[0])

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
        if name in self.header:
            return self.header.index(name)
        index = self.find(name)
        if index is None:
            known = listed(self.header, 12)
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
        empty, where = 0, list[str]()
        for line, cells in records:
            # Spreadsheets write rows of nothing but delimiters below a table.
            if (not cells[0] or cells[0].isspace()) and not any(map(str.strip, cells)):
                empty += 1
                where.append(place(self.path, line))
                continue
            if check and len(cells) != width:
                raise InputError(self.wrong_width(len(cells)), file=self.path, row=line)
            yield line, cells
        self.notes.put("dropped", "empty rows", where, empty)

    def number(self, text: str, line: int, at: int) -> float:
        """A cell as a finite number; with a decimal comma where all numbers of its column have one.

        Args:
            text: the cell.
            line: its row.
            at: the index of its column.

        Raises:
            InputError: if it is not a finite number, or if it can be read in two ways.
        """
        value = as_number(text)
        return self._with_comma(text, line, at) if value is None else value

    def _with_comma(self, text: str, line: int, at: int) -> float:
        stripped = text.strip()
        what = f"{short(text)} is not a number"
        if COMMA.fullmatch(stripped):
            said = self._commas(at)
            if said is None:
                return float(stripped.replace(",", "."))
            what = said.replace("{}", short(text))
        raise InputError(what, file=self.path, row=line, column=self.header[at])

    def _commas(self, at: int) -> str | None:
        """Why the commas in a column are no decimal commas; None if they are."""
        if self.delimiter == ",":
            return "{} is not a number; write decimals with a point"
        cells = [cells[at].strip() for _, cells in self.rows(check=False) if at < len(cells)]
        commas = [cell for cell in cells if "," in cell]
        if any("." in cell and as_number(cell) is not None for cell in cells) or not all(map(COMMA.fullmatch, commas)):
            return "{} has a comma, other numbers of the column a point or another sign; write decimals with a point"
        if all(THOUSANDS.fullmatch(cell) for cell in commas):
            digits = commas[0].replace(",", "")
            return (
                f"{short(commas[0])} can be {digits} or {commas[0].replace(',', '.', 1)}; write decimals with a point, "
                "and thousands without a sign"
            )
        self.notes.put("changed", f"decimal commas in column {self.header[at]!r} read as points", (), len(commas))
        return None

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
    if re.search(r"\w[|^~:]\w", header):
        return f"the first row is one single column ({short(header)}); separate columns by comma, semicolon or tab"
    return (
        f"has one column ({short(header)}), which is not recognised as a list of comments; if every row is what one "
        "person wrote, say `format='list'`"
    )


def numbered(lines: Iterable[str], path: Path, delimiter: str = ",") -> Records:
    """The first line and the cells of every record of a delimited file, without blank records.

    Args:
        lines: the lines of the file.
        path: the path of the file, for messages.
        delimiter: the sign between columns.

    Raises:
        InputError: if a quote is not closed, text follows a closing quote or a cell is beyond the limit.
    """
    allow_long_fields()
    if delimiter == LINES:
        yield from ((line, [text.strip()]) for line, text in enumerate(lines, start=1) if text.strip())
        return
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(_broken(str(error)), file=path, row=line) from None


COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+")


def as_number(text: str) -> float | None:
    """A cell as a finite number with a decimal point; None if it is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value - value == 0 and "_" not in text else None  # Python reads 1_000 as a number


def number(text: str, path: Path, line: int, column: str) -> float:
    """A cell as a finite number with a decimal point.

    Raises:
        InputError: if it is not a finite number.
    """
    value = as_number(text)
    if value is None:
        raise InputError(f"{short(text)} is not a number", file=path, row=line, column=column)
    return value


def short(text: str) -> str:
    """A value as it is shown in a message."""
    return repr(text if len(text) <= 40 else text[:37] + "...")


def listed(names: Sequence[str], most: int = 8) -> str:
    """Names in one line; those beyond ``most`` are counted."""
    shown = ", ".join(repr(n) if n else "(no name)" for n in names[:most])
    more = len(names) - most
    return noted(f"{shown} and {more} more") if more > 0 else shown


def _broken(error: str) -> str:
    if "unexpected end" in error:
        return "a quote that opens in this row is never closed; the file is cut or the quote must be doubled"
    if "field larger" in error:
        return f"a cell is longer than {MAX_FIELD // 10**6} MB; a quote is probably not closed"
    if "expected after" in error:
        return "text follows a closing quote; double the quotes inside a text"
    return f"the row cannot be read ({error})"
