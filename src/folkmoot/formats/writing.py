"""Writing so that nothing is ever half-written, and saying what a format cannot hold."""

from __future__ import annotations

import csv
import errno
import io
import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from ..profile import InputError, Note, WorkError
from .base import Notes


class Lost:
    """What a format could not hold, counted."""

    def __init__(self) -> None:
        self._notes = Notes()

    def add(self, what: str, count: int) -> None:
        """Counts something that is not in the file."""
        self._notes.add("dropped", f"not written: {what}", count=count)

    def changed(self, what: str, count: int) -> None:
        """Counts something that is in the file, but not as it stood in the profile."""
        self._notes.add("changed", f"written otherwise: {what}", count=count)

    def notes(self) -> tuple[Note, ...]:
        """The notes on everything that was counted."""
        return self._notes.all()


def csv_text(rows: Iterable[Sequence[object]], delimiter: str = ",") -> str:
    """Rows as delimited text that reads back cell by cell."""
    cells = [[str(cell) for cell in row] for row in rows]
    # A lone carriage return ends a row for the reader, but some versions of the writer do not quote it.
    odd = any("\r" in cell for row in cells for cell in row)
    out = io.StringIO()
    table = csv.writer(
        out, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL if odd else csv.QUOTE_MINIMAL
    )
    table.writerows(cells)
    return out.getvalue()


def in_file(target: Path, text: str) -> None:
    """Writes a text file, whole or not at all.

    Raises:
        InputError, WorkError: for the same reasons as `in_files`.
    """
    in_files({target: text})


def in_files(texts: Mapping[Path, str]) -> None:
    """Writes files: all of them first under temporary names, then each is renamed; links are followed.

    Raises:
        InputError: if no file can hold a text, a target is not a regular file, or a folder does not exist or cannot
            be written.
        WorkError: if writing fails on the way (a full disk).
    """
    target = next(iter(texts), Path())
    ready: list[tuple[Path, Path]] = []
    try:
        for target, text in texts.items():
            if "\0" in text:
                raise InputError("a text holds a NUL character, which no table can hold", file=target)
            place = _place(target)
            beside = place.with_name(f".folkmoot-{secrets.token_hex(8)}.part")
            ready.append((beside, place))
            with beside.open("x", encoding="utf-8", newline="") as stream:
                stream.write(text)
        while ready:
            beside, target = ready[0]
            beside.replace(target)
            ready.pop(0)
    except UnicodeEncodeError:
        raise InputError("a text holds half a character, which UTF-8 cannot hold", file=target) from None
    except OSError as error:
        raise _failed(error, target) from None
    finally:
        for beside, _ in ready:
            with suppress(OSError):
                beside.unlink()


def folder(target: Path) -> Path:
    """The folder to write files into, created if it does not exist.

    Raises:
        InputError: if it is a file, or cannot be created.
        WorkError: if creating it fails (a full disk).
    """
    try:
        target.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise InputError("cannot be made a folder (a file is there); name a folder", file=target) from None
    except OSError as error:
        raise _failed(error, target) from None
    return target


def writable(target: Path) -> None:
    """Makes sure, before long work, that files can be written into a folder; creates it if it does not exist.

    Raises:
        InputError: if it is a file, or cannot be created or written.
    """
    probe = target / f".folkmoot-{secrets.token_hex(8)}.part"
    try:
        folder(target)
        with probe.open("xb") as stream:
            stream.write(b"0")
    except WorkError as error:
        raise InputError(str(error)) from None
    except OSError as error:
        raise InputError(_sentence(error), file=target) from None
    finally:
        with suppress(OSError):
            probe.unlink()


def _place(target: Path) -> Path:
    """The path that is really written, with links resolved.

    Raises:
        InputError: if there is something other than a regular file.
    """
    try:
        place = target.resolve()
    except (OSError, RuntimeError):  # links in a circle
        raise InputError("is a link in a circle; name a regular file", file=target) from None
    if place.is_dir():
        raise InputError("is a folder; name the file to write", file=target)
    if target.is_symlink() and not place.exists():
        raise InputError("is a link to nothing; name a regular file", file=target)
    if place.exists() and not place.is_file():
        raise InputError("is a device or pipe, which cannot be replaced; name a regular file", file=target)
    return place


_FAULTS = frozenset(
    [
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.ENOENT,
        errno.ENOTDIR,
        errno.EISDIR,
        errno.ENAMETOOLONG,
        errno.EINVAL,
        errno.ELOOP,
    ]
)
"""Errors that choosing another target would avoid; all others are failures of the machine."""


def _failed(error: OSError, target: Path) -> InputError | WorkError:
    if error.errno in _FAULTS:
        return InputError(_sentence(error), file=target)
    return WorkError(f"{target}: {_sentence(error)}")


def _sentence(error: OSError) -> str:
    return f"cannot be written ({error.strerror or error})"
