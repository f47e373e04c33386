"""A slate as rows, and rows as a frame of whichever library is there."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal, Protocol

from .errors import InputError, MissingExtraError

Library = Literal["pandas", "polars"]
LIBRARIES: tuple[Library, ...] = ("pandas", "polars")

Row = dict[str, str | int | float | None]

# Names of the columns by the names of an audit's figures.
FIGURES = {
    "answered": "all_answered",
    "agree": "all_approve",
    "disagree": "all_reject",
    "people_answered": "answered",
    "people_agree": "approve",
}


class Statement(Protocol):
    """A statement of a slate, as far as a row needs it."""

    @property
    def id(self) -> str:
        """The id."""
        ...

    @property
    def text(self) -> str:
        """The text."""
        ...

    @property
    def cost(self) -> int | None:
        """The cost."""
        ...

    @property
    def agents(self) -> tuple[str, ...]:
        """The people it represents."""
        ...


def rows_of(
    statements: Sequence[Statement], numbers: Sequence[int], people: int, audit: Mapping[str, Any] | None
) -> list[Row]:
    """A row for each statement of a slate, in its order; people are counted and not named.

    Args:
        statements: the statements.
        numbers: the number of each, from 1.
        people: how many people there are.
        audit: the audit as a slate records it; without one its figures are None.
    """
    figures: Sequence[Mapping[str, Any]] = (audit or {}).get("per_statement", ())
    return [
        {
            "number": numbers[place],
            "id": each.id,
            "text": each.text,
            "cost": each.cost,
            "people": len(each.agents),
            "share": len(each.agents) / people if people else None,
            **{name: figures[place].get(figure) if place < len(figures) else None for name, figure in FIGURES.items()},
        }
        for place, each in enumerate(statements)
    ]


def frame_of(rows: Sequence[Row], library: Library | None = None) -> Any:
    """Rows as a frame.

    Args:
        rows: the rows, all with the same names.
        library: the library whose frame it becomes; None: the one that the program has loaded, else the one that is
            installed, and pandas before polars.

    Raises:
        MissingExtraError: if the library is not installed, or none is.
        InputError: if the library is another.
    """
    if library is None:
        installed = [name for name in LIBRARIES if sys.modules.get(name, ...) is not None and find_spec(name)]
        loaded = [name for name in installed if name in sys.modules]
        if not installed:
            raise MissingExtraError("a frame needs pandas or polars: pip install pandas; `slate.rows()` needs neither")
        library = (loaded or installed)[0]
    elif library not in LIBRARIES:
        raise InputError(
            f"the library of a frame must be {' or '.join(LIBRARIES)}, not {library!r}; `slate.rows()` needs no library"
        )
    try:
        return import_module(library).DataFrame(list(rows))
    except ImportError:
        raise MissingExtraError(
            f"a frame of {library} needs it: pip install {library}; `slate.rows()` needs no library"
        ) from None
