"""What every format shares: the registry's entry, the reading options, the counted notes."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

from ..profile import InputError, Note, Profile, Registry
from ..profile.declared import Option, check
from ..profile.options import READING
from .lines import head, lines
from .notes import PLACES as PLACES
from .notes import Notes as Notes
from .notes import place as place
from .table import Records, Table, beginning_of, layout, numbered, one_column, plain


@dataclass(frozen=True)
class ReadOptions:
    """The options that a caller may pass to any reader; `Format.uses` says which of them a format uses."""

    id_column: Annotated[
        str | None,
        Option(
            "Column with the participant's id, where it cannot be recognised.",
            READING,
            needs="column with ids to choose",
        ),
    ] = None
    text_columns: Annotated[
        tuple[str, ...],
        Option(
            "Columns with what participants wrote, where they cannot be recognised.",
            READING,
            flag="--text-column",
            needs="column with texts to choose",
        ),
    ] = ()
    weight_column: Annotated[
        str | None,
        Option(
            "Column with the participant's weight; a column called weight needs no naming.",
            READING,
            needs="column with weights; give them in a file with `weights`",
        ),
    ] = None
    group_columns: Annotated[
        tuple[str, ...],
        Option(
            "Columns kept as groups, for reporting only.",
            READING,
            flag="--group-column",
            needs="column with groups to choose",
        ),
    ] = ()
    keep: Annotated[
        tuple[str, ...],
        Option("Personal or otherwise unused columns to keep, by name.", READING, needs="other column to keep"),
    ] = ()
    flip: Annotated[
        bool,
        Option(
            "Turn the sign of every vote (an export whose -1 means agree).",
            READING,
            flag="--flip-votes",
            needs="votes",
        ),
    ] = False
    scale: Annotated[
        tuple[float, float] | None,
        Option(
            "Worst and best possible rating, where they cannot be recognised; 5..1 reads 5 as the worst.",
            READING,
            metavar="WORST..BEST",
            needs="ratings whose scale is in question",
        ),
    ] = None
    rating_columns: Annotated[
        tuple[str, ...],
        Option(
            "Columns with ratings, by name or by a pattern like q*; several are separated by commas.",
            READING,
            needs="column with ratings to choose",
        ),
    ] = ()
    missing: Annotated[
        tuple[str, ...],
        Option(
            "Values that are no answers, like 99 or Don't know; several are separated by commas.",
            READING,
            separated=True,
            needs="answers of which some could be missing",
        ),
    ] = ()
    repeated: Annotated[
        Literal["last", "first", "refuse"] | None,
        Option(
            "Which answer counts if somebody answers twice; without it the last by time, and without times none.",
            READING,
            needs="answers that could be repeated",
        ),
    ] = None
    encoding: Annotated[
        str | None,
        Option("Encoding of the text, like cp1252 or shift_jis, where it is not recognised rightly.", READING),
    ] = None
    importance: Annotated[
        bool,
        Option("Count votes double that people marked as important.", READING, needs="votes marked as important"),
    ] = False

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Reading(ReadOptions):
    """All that `folkmoot.read` takes besides the source, including what no reader has to know."""

    format: Annotated[str | None, Option("Id of a format, instead of recognising it.", READING)] = None
    weights: Annotated[
        str | os.PathLike[str] | None,
        Option("CSV file with a participant and a weight column, for any format.", READING),
    ] = None


COLUMNS = frozenset(
    ["id_column", "text_columns", "weight_column", "group_columns", "keep", "missing", "repeated", "encoding"]
)
"""The options that reading a table takes."""


@dataclass(frozen=True)
class Head:
    """One file, however it is stored: its beginning, for recognising it, and the whole, for reading it.

    Args:
        path: the path of the file.
        text: the beginning of its text.
        person: the column that the caller names as the participant's id, whatever it is called.
        encoding: the encoding of the text; None: UTF-8.
        content: the bytes of the file, where it lies in an archive.
        notes: what was noticed about the file as such; `formats.read` adds it to the profile's notes.
    """

    path: Path
    text: str
    person: str | None = None
    encoding: str | None = None
    content: bytes | None = field(default=None, repr=False)
    notes: Notes = field(default_factory=Notes, repr=False, compare=False)

    def lines(self) -> Iterator[str]:
        """Every line with its line ending, decoded.

        Raises:
            InputError: for the same reasons as `formats.lines.lines`.
        """
        return lines(self.path, self.encoding, self.content)

    def open(self, skipped: int = 0) -> Table:
        """The whole file as a table.

        Args:
            skipped: how many records after the header belong to it.

        Raises:
            InputError: if the first row has only one column.
        """
        table = self._table
        if len(table.header) < 2:
            for _ in islice(self.lines(), 20):  # may say what is wrong with the lines themselves
                pass
            raise InputError(one_column("".join(table.header)), file=self.path, row=1)
        return replace(table, skipped=skipped)

    def sample(self) -> list[tuple[int, list[str]]]:
        """The complete records in the beginning, after the header: line and cells."""
        table = self._table
        rows = beginning_of(self.text, table.delimiter)[1:]
        return [(line, row) for line, row in enumerate(rows, start=2) if len(row) == len(table.header)]

    @cached_property
    def _table(self) -> Table:
        delimiter, header = layout(self.text)

        def records() -> Records:
            return numbered(self.lines(), self.path, delimiter)

        return Table(self.path, delimiter, header, records, notes=self.notes)

    @cached_property
    def table(self) -> Table:
        """The file as a table, for recognising it: the column that the caller names as the id is called so."""
        table = self._table
        if self.person is None or plain(self.person) not in table.names or "participant" in table.names:
            return table
        wanted = plain(self.person)
        header = ("participant" if plain(name) == wanted else name for name in table.header)
        return replace(table, header=tuple(header))

    @cached_property
    def columns(self) -> frozenset[str]:
        """The normalised column names in the first row."""
        return frozenset(self.table.names)


@dataclass(frozen=True)
class Source:
    """What is to be read: the file that was recognised, or the files of a folder.

    Args:
        path: the path as the caller passed it.
        files: the files that were recognised.
        heads: all files there are, where they are no folder's; empty: those of the folder.
    """

    path: Path
    files: tuple[Head, ...]
    heads: tuple[Head, ...] = ()

    @property
    def head(self) -> Head:
        """The one file of a format that has one, to be read."""
        return self.files[0]

    @cached_property
    def beside(self) -> tuple[Head, ...]:
        """All files that lie together with those that were recognised, these included."""
        return self.heads or tuple(siblings(self.path, self.files[0].encoding))

    def notes(self) -> tuple[Note, ...]:
        """What was noticed about the files as such, while they were read."""
        beside = () if self.heads or "beside" not in vars(self) else self.beside
        return tuple(note for head in (*(self.heads or self.files), *beside) for note in head.notes.all())

    @property
    def file(self) -> Path:
        """The path of the one file of a format that has one."""
        return self.files[0].path


class Signature(IntEnum):
    """How much recognition says: formats that say more are tried first, and of equals the one registered first."""

    FOLDER = 0
    """Several files that belong together."""
    MARK = 1
    """The file begins with what no other file begins with."""
    STRUCTURE = 2
    """A structure that few other files have."""
    EXPORT = 3
    """The columns of one tool, or of one design."""
    ROLES = 4
    """Columns whose names leave no doubt what each is for."""
    COLUMNS = 5
    """Columns under the names that many people give them."""
    TEXT = 6
    """Hardly more than that there is a column of text."""


@dataclass(frozen=True)
class Format:
    """One format, as the registry holds it.

    Args:
        id: the short name that ``format=`` takes.
        title: the name that people see.
        sniff: the function that decides, from its content, whether a file belongs to the format.
        read: the function that reads a source into a Profile.
        write: the function that writes a Profile to a file or folder and returns notes on what is lost; None: the
            format can only be read.
        signature: how much ``sniff`` says, which decides the order of recognition.
        many: whether several files together make one source (a Polis folder).
        uses: the fields of `ReadOptions` that reading uses; all others are refused.
        compares: whether what is written holds pairwise comparisons.
        example: a small valid file, for the conformance suite; empty: the suite is passed one.
    """

    id: str
    title: str
    sniff: Callable[[Head], bool]
    read: Callable[[Source, ReadOptions], Profile]
    write: Callable[[Profile, Path], tuple[Note, ...]] | None = None
    signature: Signature = Signature.MARK
    many: bool = False
    uses: frozenset[str] = frozenset()
    compares: bool = False
    example: str = ""

    @property
    def about(self) -> str:
        """The description in listings, one line."""
        return self.title


FORMATS: Registry[Format] = Registry("format", order=lambda format: format.signature)


def head_of(path: Path, encoding: str | None = None, person: str | None = None) -> Head:
    """A file with its beginning.

    Args:
        path: the file.
        encoding: the encoding of its text, as the caller says.
        person: the column that the caller names as the participant's id.

    Raises:
        InputError: if it cannot be read; the message says what it is.
    """
    return Head(path, head(path, encoding), person, encoding)


def beginning(path: Path, encoding: str | None = None, person: str | None = None) -> Head | None:
    """As `head_of`; None if it cannot be read (then it belongs to no format)."""
    try:
        return head_of(path, encoding, person)
    except InputError:
        return None


def siblings(path: Path, encoding: str | None = None, person: str | None = None) -> list[Head]:
    """The files in the same folder that can be read, without hidden ones, in order of name."""
    folder = path if path.is_dir() else path.parent
    files = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    return [start for p in files if (start := beginning(p, encoding, person)) is not None]


_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def decoded(text: str, notes: Notes, where: str) -> str:
    """A text with its HTML entities decoded, which some exports leave in (``I&#039;ve``)."""
    if "&" not in text or _ENTITY.search(text) is None:
        return text
    plain_text = html.unescape(text)
    if plain_text != text:
        notes.add("changed", "HTML entities in texts were decoded", where)
    return plain_text
