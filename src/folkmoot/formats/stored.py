"""Files that hold a table and are no text of lines: what a kind of file declares, and the table taken out of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .layout import Row, header_at


@dataclass(frozen=True)
class Grid:
    """A table that was taken out of a file.

    Args:
        records: all rows with their numbers, from the header on; every row as wide as the header.
        titles: how many rows that say something stood above the header.
        questions: the question of each column, where the file has them beside the names.
        labels: the names of the values of each column in the order of their codes, where the file has them.
        changed: what was changed in it, and how often.
        seen: what was noticed about it, and how often.
    """

    records: list[Row]
    titles: int = 0
    questions: tuple[str, ...] = ()
    labels: tuple[tuple[str, ...], ...] = ()
    changed: tuple[tuple[str, int], ...] = ()
    seen: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Kind:
    """A kind of file that holds a table.

    Args:
        what: what such a file is called in messages.
        fits: the function that says whether a file begins like one.
        read: the function that takes the table out of the bytes of a file.
        text: whether it is a text, which other formats may know better.
    """

    what: str
    fits: Callable[[bytes], bool]
    read: Callable[[bytes, Path], Grid]
    text: bool = False


def grid_of(rows: Sequence[Row], seen: tuple[tuple[str, int], ...] = ()) -> Grid:
    """The table in rows that may have a title above it, and columns without anything at the right."""
    filled = [(line, cells) for line, cells in rows if any(cell.strip() for cell in cells)]
    width = max((_width(cells) for _, cells in filled), default=0)
    even = [(line, [*cells[:width], *[""] * (width - len(cells))]) for line, cells in filled]
    above = header_at([cells for _, cells in even[:100]])
    return Grid(even[above:], above, seen=seen)


def _width(cells: Sequence[str]) -> int:
    return max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)
