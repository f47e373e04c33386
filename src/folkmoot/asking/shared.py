"""What is the same for everybody who answered nothing yet: gone through once in a process, for the last requests."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from .whole import Whole

# A table of ten features with three values has a million numbers.
_KEPT = 4

_TABLES: OrderedDict[tuple[object, ...], Whole] = OrderedDict()
_LOCK = Lock()


def known(options: tuple[object, ...]) -> tuple[Whole, ...]:
    """The table for these options, if it is kept.

    Args:
        options: everything that the table depends on.
    """
    with _LOCK:
        table = _TABLES.get(options)
        if table is not None:
            _TABLES.move_to_end(options)
    return (table,) if table is not None else ()


def keep(options: tuple[object, ...], table: Whole) -> None:
    """Keeps a table, and forgets the one that was not used for longest."""
    with _LOCK:
        _TABLES[options] = table
        while len(_TABLES) > _KEPT:
            _TABLES.popitem(last=False)
