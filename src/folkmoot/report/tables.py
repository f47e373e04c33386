"""A table of the review page, ready to print."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A table ready to print.

    Args:
        caption: what the table shows.
        head: the heads of the columns.
        rows: the cells of each row; the first is the row's name.
        note: how to read the table.
        use: what to do with it, in one sentence.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str
    use: str = ""
