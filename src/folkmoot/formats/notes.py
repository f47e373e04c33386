"""Counted notes on what reading changed, left out or noticed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ..profile import Note
from ..profile.sentences import noted

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
    return noted(f"{path.name} row {line}")
