"""Counted notes on what reading changed, left out or noticed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ..profile import Note

PLACES = 5
"""How many places a note of one kind names at most."""


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

    def put(
        self,
        kind: Literal["dropped", "changed", "unused", "seen"],
        what: str,
        where: str | Sequence[str] = (),
        count: int = 1,
    ) -> None:
        """As `add`, in place of what was counted before: for what is read several times."""
        self._counts.pop((kind, what), None)
        self.add(kind, what, where, count)

    def all(self) -> tuple[Note, ...]:
        """The notes, in the order of their first occurrence."""
        return tuple(
            Note(kind, what, count, tuple(places))  # type: ignore[arg-type]
            for (kind, what), (count, places) in self._counts.items()
        )


def place(path: Path, line: int) -> str:
    """A file and a row, as notes name them."""
    return f"{path.name} row {line}"


def counting(note: Note) -> str:
    """The note as a clause that begins with its count; one column is a column.

    >>> counting(Note("unused", "columns that are not used: 'columns that are mine'", 1))
    "1 column that is not used: 'columns that are mine'"
    >>> counting(Note("unused", "columns that are not used: 'a', 'b'", 2))
    "2 columns that are not used: 'a', 'b'"
    """
    # Behind the first quote stand names of the source.
    head, quote, rest = note.what.partition("'")
    if note.count == 1 and head.startswith("columns "):
        head = head.replace("columns", "column", 1)
        for several, one in ((" that are no ratings", " that is no rating"), (" that are ", " that is ")):
            head = head.replace(several, one, 1)
        head = head.replace(" that were ", " that was ", 1)
    return f"{note.count} {head}{quote}{rest}"
