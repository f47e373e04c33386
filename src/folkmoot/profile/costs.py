"""What a statement costs, and how many people it has to stand for. Integers only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from .arrays import IntArray
from .errors import InputError
from .profile import Profile

Unit = Literal["words", "statements", "cost"]
UNITS: tuple[str, ...] = get_args(Unit)


def words(text: str) -> int:
    """Number of words: maximal runs of non-whitespace (Boehmer, Fish, Procaccia 2025, 2).

    >>> words("More  buses, fewer cars.")
    4
    """
    return len(text.split())


def costs(profile: Profile, unit: str, minimum: int = 0) -> IntArray:
    """Cost of every statement, int64 [n_statements].

    Args:
        profile: the statements.
        unit: ``words`` (counted), ``statements`` (1 each) or ``cost`` (as the source states it, e.g. Pabulib).
        minimum: no statement is charged less than this.

    Raises:
        InputError: unknown unit, or ``cost`` where the source states none.
    """
    if unit == "words":
        found = np.array([words(text) for text in profile.statements.texts], dtype=np.int64)
    elif unit == "statements":
        found = np.ones(profile.n_statements, dtype=np.int64)
    elif unit == "cost":
        if profile.statements.costs is None:
            raise InputError("the source states no costs; take `unit='words'` or `unit='statements'`")
        found = profile.statements.costs.copy()
    else:
        raise InputError(f"unknown unit {unit!r}; choose one of {', '.join(UNITS)}")
    return np.maximum(found, minimum)


def need(cost: int, total: int, budget: int) -> int:
    """Mass of agents a statement of this cost has to represent: ceil(cost * total / budget), in integers."""
    return -(-int(cost) * int(total) // int(budget))


def needs(cost: IntArray | Sequence[int], total: int, budget: int) -> IntArray:
    """`need` for many costs at once."""
    array = np.asarray(cost, dtype=np.int64)
    return -(-array * int(total) // int(budget))


def floors(cost: IntArray | Sequence[int], total: int, budget: int) -> IntArray:
    """floor(cost * total / budget): the smaller of the two balanced shares."""
    return np.asarray(cost, dtype=np.int64) * int(total) // int(budget)
