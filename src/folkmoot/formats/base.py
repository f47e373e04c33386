"""What every format shares: the registry's entry, the reading options, the counted notes."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from ..profile import InputError, Note, Profile, Registry
from ..profile.declared import Option, check
from ..profile.options import READING
from .lines import head
from .table import Table, plain, table_of

PLACES = 5
"""How many places a note of one kind names at most."""


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
    """The beginning of one file, for recognising it.

    Args:
        path: the path of the file.
        text: the beginning of its text.
        person: the column that the caller names as the participant's id, whatever it is called.
    """

    path: Path
    text: str
    person: str | None = None

    @cached_property
    def table(self) -> Table:
        """The beginning read as a table."""
        table = table_of(self.path, self.text)
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
        files: the beginnings of the files that were recognised.
    """

    path: Path
    files: tuple[Head, ...]

    @property
    def file(self) -> Path:
        """The one file of a format that has one."""
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


@dataclass
class Notes:
    """Notes being collected: equal notes are counted together and keep their first places."""

    _counts: dict[tuple[str, str], tuple[int, list[str]]] = field(default_factory=dict)

    def add(
        self,
        kind: Literal["dropped", "changed", "unused", "seen"],
        what: str,
        where: str | Sequence[str] = (),
        count: int = 1,
    ) -> None:
        """Adds one (or ``count``) to the note of this kind and text; a ``count`` of 0 adds no note."""
        if count <= 0:
            return
        before, places = self._counts.setdefault((kind, what), (0, []))
        new = [where] if isinstance(where, str) else list(where)
        places.extend(new[: PLACES - len(places)])
        self._counts[kind, what] = (before + count, places)

    def all(self) -> tuple[Note, ...]:
        """The notes, in the order of their first occurrence."""
        return tuple(
            Note(kind, what, count, tuple(places))  # type: ignore[arg-type]
            for (kind, what), (count, places) in self._counts.items()
        )


def beginning(path: Path) -> Head | None:
    """The beginning of a file; None if it is not text (then it belongs to no format)."""
    try:
        return Head(path, head(path))
    except InputError:
        return None


def siblings(path: Path) -> list[Head]:
    """The beginnings of the text files in the same folder, without hidden files, in order of name."""
    folder = path if path.is_dir() else path.parent
    files = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    return [start for p in files if (start := beginning(p)) is not None]


_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def decoded(text: str, notes: Notes, where: str) -> str:
    """A text with its HTML entities decoded, which some exports leave in (``I&#039;ve``)."""
    if "&" not in text or _ENTITY.search(text) is None:
        return text
    plain_text = html.unescape(text)
    if plain_text != text:
        notes.add("changed", "HTML entities in texts were decoded", where)
    return plain_text


def place(path: Path, line: int) -> str:
    """A file and a row, as notes name them."""
    return f"{path.name} row {line}"
