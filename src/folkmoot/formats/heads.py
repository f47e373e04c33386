"""One file, however it is stored: its beginning, for recognising it, and the whole, for reading it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import Any

from ..profile import FolkmootError, InputError, Note
from . import archive, encodings
from .json_tables import JSON, parsed
from .layout import Layout, Row, first_records, layout
from .lines import beginning_of, lines, opened, raw_lines, refuse_what_is_not_text
from .notes import Notes
from .parquet import PARQUET
from .statistics_files import SPSS_FILE, STATA_FILE
from .stored import Grid, Kind
from .table import Records, Table, listed, numbered, plain
from .workbook import OLD_WORKBOOK, WORKBOOK, is_workbook

KINDS = (OLD_WORKBOOK, SPSS_FILE, STATA_FILE, PARQUET, JSON)
"""The kinds of file that are recognised by how they begin."""


@dataclass(frozen=True)
class Head:
    """One file, however it is stored: its beginning, for recognising it, and the whole, for reading it.

    Args:
        path: the path of the file.
        text: the beginning of its text; empty if it is no text (a workbook).
        person: the column that the caller names as the participant's id, whatever it is called.
        encoding: the encoding of the text, as the caller names it.
        content: the bytes of the file, where it lies in an archive.
        kind: what the file is, where it is no text of lines; None: it is one.
        alone: whether it is the only file that can be meant, so that little is needed to recognise it.
        bare: the names of the columns, where the first row is no header; empty: it is one.
        notes: what was noticed about the file as such; `formats.read` adds it to the profile's notes.
    """

    path: Path
    text: str
    person: str | None = None
    encoding: str | None = None
    content: bytes | None = field(default=None, repr=False)
    kind: Kind | None = None
    alone: bool = False
    bare: tuple[str, ...] = ()
    notes: Notes = field(default_factory=Notes, repr=False, compare=False)
    _grids: list[Grid] = field(default_factory=list, repr=False, compare=False)

    @property
    def what(self) -> str:
        """What the file is, for messages: ``text``, ``workbook``, ``JSON``, ..."""
        return "text" if self.kind is None else self.kind.what

    def lines(self) -> Iterator[str]:
        """Every line with its line ending, decoded.

        Raises:
            InputError: for the same reasons as `formats.lines.lines`.
        """
        return lines(self.path, self._codec, self.content)

    @cached_property
    def value(self) -> Any:
        """The value of a JSON text; None if it is none, or damaged."""
        if self.kind is not JSON:
            return None
        with opened(self.path, self.content) as stream:
            raw = stream.read()
        try:
            return parsed(raw, self.path)
        except InputError:
            return None

    @cached_property
    def trouble(self) -> InputError | None:
        """Why there is no table in a file of this kind; None if there is one."""
        try:
            _ = self.kind is None or self._grid
        except InputError as error:
            return error
        return None

    def open(self, skipped: int = 0) -> Table:
        """The whole file as a table.

        Args:
            skipped: how many records after the header belong to it.

        Raises:
            InputError: if there is no table in the file.
        """
        if self.trouble is not None:
            raise self.trouble
        table = self._table
        if not table.header:
            for _ in islice(self.lines() if self.kind is None else (), 20):  # may say what is wrong with the lines
                pass
            raise InputError("holds no table", file=self.path)
        if self._layout.titles:
            what = f"rows above the header, which is taken to be row {self._layout.line}: a title"
            self.notes.put("seen", what, self.path.name, self._layout.titles)
        numbered_names = [new for new, old in zip(table.header, table.written, strict=True) if old and new != old]
        if numbered_names:
            what = f"columns with the name of another, numbered: {', '.join(map(repr, numbered_names[:8]))}"
            self.notes.put("changed", what, self.path.name, len(numbered_names))
        if self.kind is not None:
            for what, count in self._grid.changed:
                self.notes.put("changed", what, self.path.name, count)
            for what, count in self._grid.seen:
                self.notes.put("seen", what, self.path.name, count)
        return replace(table, skipped=skipped)

    def sample(self) -> list[Row]:
        """The complete records in the beginning, after the header: line and cells, without empty rows."""
        if self.kind is not None:
            first = self._grid.records[1:201] if self._table.header else []
        else:
            first = first_records(self.text, self._layout.delimiter)[self._layout.above + (not self.bare) :]
        width = len(self._table.header)
        return [(line, cells) for line, cells in first if len(cells) == width and any(map(str.strip, cells))]

    @property
    def is_list(self) -> bool:
        """Has the table one column only?"""
        return len(self._table.header) == 1

    def without_header(self, *names: str) -> Head:
        """The same file, whose columns have these names and whose first row is a record."""
        return replace(self, bare=names)

    @cached_property
    def table(self) -> Table:
        """The file as a table, for recognising it: the column that the caller names as the id is called so."""
        table = self._table
        if self.person is None or plain(self.person) not in table.names or "participant" in table.names:
            return table
        wanted = plain(self.person)
        return replace(table, written=tuple("participant" if plain(n) == wanted else n for n in table.written))

    @property
    def open_names(self) -> tuple[str, ...]:
        """The normalised column names as they stand in the file, whatever the caller names as the id."""
        return self._table.names

    @cached_property
    def columns(self) -> frozenset[str]:
        """The normalised column names in the first row."""
        return frozenset(self.table.names)

    @cached_property
    def _layout(self) -> Layout:
        if self.kind is None:
            found = layout(self.text)
            return replace(found, header=self.bare, above=0, titles=0) if self.bare else found
        # What begins like JSON may be something else that a format knows by its text.
        if self.kind.text and self.trouble is not None:
            return Layout("", ())
        records = self._grid.records
        titles = self._grid.titles
        return Layout("", tuple(records[0][1]), 0, records[0][0], titles) if records else Layout("", ())

    @property
    def _grid(self) -> Grid:
        if not self._grids:
            assert self.kind is not None
            with opened(self.path, self.content) as stream:
                raw = stream.read()
            self._grids.append(self.kind.read(raw, self.path))
        return self._grids[0]

    @cached_property
    def _table(self) -> Table:
        laid = self._layout
        if self.kind is not None:
            if not laid.header:
                return Table(self.path, "", (), lambda: iter(()), notes=self.notes)
            grid = self._grid
            header, questions = tuple(name.strip() for name in laid.header), grid.questions
            return Table(
                self.path,
                "",
                header,
                lambda: iter(grid.records),
                questions=questions,
                labels=grid.labels,
                notes=self.notes,
            )

        def records() -> Records:
            every = numbered(self.lines(), self.path, laid.delimiter)
            for _ in range(laid.above):
                next(every, None)
            return chain([(0, list(self.bare))], every) if self.bare else every

        return Table(self.path, laid.delimiter, laid.header, records, notes=self.notes)

    @cached_property
    def _codec(self) -> str:
        """The encoding of the whole text.

        Raises:
            InputError: if it is not clear.
        """
        with opened(self.path, self.content) as stream:
            start = encodings.started(stream.read(4096), self.encoding)
            stream.seek(0)
            if start.sure or encodings.is_utf8(stream):
                return start.encoding
        found = encodings.decided(raw_lines(self.path, self.content))
        if isinstance(found, encodings.Doubt):
            raise found.error(self.path)
        if found != "utf-8":
            what = f"text read as {found}, because it is not UTF-8; say `encoding` if letters look wrong"
            self.notes.put("seen", what, self.path.name, 1)
        return found


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


def head_of(path: Path, encoding: str | None = None, person: str | None = None, content: bytes | None = None) -> Head:
    """A file with its beginning.

    Args:
        path: the file.
        encoding: the encoding of its text, as the caller names it.
        person: the column that the caller names as the participant's id.
        content: the bytes of the file, where it lies in an archive.

    Raises:
        InputError: if it cannot be read; the message says what it is.
        MissingExtraError: if an optional package is needed that is not installed.
    """
    named = encodings.checked(encoding)
    raw = beginning_of(path, content)
    if raw.startswith(archive.MAGIC):
        names = archive.members(path, content)
        if not is_workbook(names):
            raise InputError(_no_workbook(names), file=path)
        kind: Kind | None = WORKBOOK
    else:
        kind = next((kind for kind in KINDS if kind.fits(raw)), None)
    if kind is not None and not kind.text:
        head = Head(path, "", person, encoding, content, kind)
        _ = head.table  # says what is wrong with it
        return head
    refuse_what_is_not_text(raw, path)
    return Head(path, _text(raw, named, path), person, encoding, content, kind)


def heads_of(path: Path, encoding: str | None = None, person: str | None = None) -> list[Head]:
    """The file at a path, the files in a folder or those in a zip archive.

    Raises:
        InputError: if a file cannot be read, or if an archive is damaged or too large.
        MissingExtraError: if an optional package is needed that is not installed.
    """
    if path.is_dir():
        return siblings(path, encoding, person)
    if not beginning_of(path).startswith(archive.MAGIC) or is_workbook(archive.members(path)):
        return [head_of(path, encoding, person)]
    names = archive.members(path)
    if _is_document(names):
        raise InputError(_no_workbook(names), file=path)
    files = archive.unpacked(path)
    heads = [_quietly(path / name, encoding, person, content) for name, content in sorted(files.items())]
    found = [head for head in heads if head is not None]
    if not found:
        raise InputError(_no_workbook(tuple(files)), file=path)
    return found


def _is_document(names: tuple[str, ...]) -> bool:
    return any(name.startswith(("word/", "ppt/")) for name in names)


def _no_workbook(names: tuple[str, ...]) -> str:
    if _is_document(names):
        return "is a document, not a table; save the table in it as CSV"
    if not names:
        return "the zip archive holds no files"
    return (
        f"is a zip archive of {listed(names, 4)}, and no workbook; pass it by itself, or unpack it and pass the folder "
        "with what belongs together"
    )


def _text(raw: bytes, named: str | None, path: Path) -> str:
    """The beginning of a text, leniently decoded: only for recognising it, never for reading."""
    start = encodings.started(raw, named)
    raw = raw[start.skip :]
    codec = start.encoding
    if encodings.by_line(codec) and b"\0" in raw:
        raise InputError("holds NUL bytes, so it is not a text file; a table saved as CSV is needed", file=path)
    if not start.sure:
        found = encodings.decided(raw[: raw.rfind(b"\n") + 1 or len(raw)].splitlines(keepends=True))
        codec = found if isinstance(found, str) else codec
    return raw.decode(codec, errors="replace")


def beginning(path: Path, encoding: str | None = None, person: str | None = None) -> Head | None:
    """As `head_of`; None if it cannot be read (then it belongs to no format)."""
    encodings.checked(encoding)
    return _quietly(path, encoding, person)


def _quietly(path: Path, encoding: str | None, person: str | None, content: bytes | None = None) -> Head | None:
    try:
        head = head_of(path, encoding, person, content)
        if head.kind is not None:
            _ = head.table  # what holds no table belongs to no format
    except FolkmootError:
        return None
    return head


def siblings(path: Path, encoding: str | None = None, person: str | None = None) -> list[Head]:
    """The files in the same folder that can be read, without hidden ones, in order of name."""
    encodings.checked(encoding)
    folder = path if path.is_dir() else path.parent
    files = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    return [start for p in files if (start := beginning(p, encoding, person)) is not None]
