"""Writing so that nothing is ever half-written, and saying what a format cannot hold."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from ..profile import InputError, Note
from .base import Notes


class Lost:
    """What a format could not hold, counted."""

    def __init__(self) -> None:
        self._notes = Notes()

    def add(self, what: str, count: int) -> None:
        """This is not in the file."""
        self._notes.add("dropped", f"not written: {what}", count=count)

    def changed(self, what: str, count: int) -> None:
        """This is in the file, but not as it stood."""
        self._notes.add("changed", f"written otherwise: {what}", count=count)

    def notes(self) -> tuple[Note, ...]:
        """All of it."""
        return self._notes.all()


def in_file(target: Path, text: str) -> None:
    """Writes a text file, whole or not at all.

    Raises:
        InputError: the folder is not there or cannot be written.
    """
    in_files({target: text})


def in_files(texts: Mapping[Path, str]) -> None:
    """Writes files, first all beside their places, then each into its place.

    Raises:
        InputError: a folder is not there or cannot be written.
    """
    ready: list[tuple[str, Path]] = []
    try:
        for target, text in texts.items():
            if target.is_dir():
                raise InputError("is a folder; name the file to write", file=target)
            handle, name = tempfile.mkstemp(prefix=".folkmoot-", dir=target.parent)
            ready.append((name, target))
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
            Path(name).chmod(0o666 & ~_umask())
        while ready:
            name, target = ready[0]
            Path(name).replace(target)
            ready.pop(0)
    except UnicodeEncodeError:
        raise InputError("a text holds half a character, which UTF-8 cannot hold", file=target) from None
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror or error})", file=target) from None
    finally:
        for name, _ in ready:
            with suppress(OSError):
                Path(name).unlink()


def folder(target: Path) -> Path:
    """The folder to write files into, made where it is not there.

    Raises:
        InputError: it is a file, or cannot be made.
    """
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be made a folder ({error.strerror or error})", file=target) from None
    return target


def _umask() -> int:
    # The only way to ask for it is to set it.
    current = os.umask(0)
    os.umask(current)
    return current
