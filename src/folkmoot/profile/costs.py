"""The cost of a statement, and how many agents it has to represent. Integers only."""

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
    """The number of words: maximal runs of non-whitespace (Boehmer, Fish, Procaccia 2025, 2).

    >>> words("More  buses, fewer cars.")
    4
    """
    return len(text.split())


def costs(profile: Profile, unit: str, minimum: int = 0) -> IntArray:
    """The cost of every statement, int64 [n_statements].

    Args:
        profile: the profile with the statements.
        unit: the unit of the costs: ``words`` (counted), ``statements`` (1 each) or ``cost`` (as the source states it,
            e.g. Pabulib).
        minimum: the lowest cost that a statement can have.

    Raises:
        InputError: if the unit is unknown, or if it is ``cost`` and the source states no costs.
    """
    if unit == "words":
        values = np.array([words(text) for text in profile.statements.texts], dtype=np.int64)
    elif unit == "statements":
        values = np.ones(profile.n_statements, dtype=np.int64)
    elif unit == "cost":
        if profile.statements.costs is None:
            raise InputError("the source states no costs; take `unit='words'` or `unit='statements'`")
        values = profile.statements.costs.copy()
    else:
        raise InputError(f"unknown unit {unit!r}; choose one of {', '.join(UNITS)}")
    return np.maximum(values, minimum)


def need(cost: int, total: int, budget: int) -> int:
    """The mass of agents that a statement of this cost has to represent: ceil(cost * total / budget), in integers."""
    return -(-int(cost) * int(total) // int(budget))


def needs(cost: IntArray | Sequence[int], total: int, budget: int) -> IntArray:
    """`need` for many costs at once."""
    array = np.asarray(cost, dtype=np.int64)
    return -(-array * int(total) // int(budget))


def floors(cost: IntArray | Sequence[int], total: int, budget: int) -> IntArray:
    """floor(cost * total / budget): the smaller of the two balanced shares."""
    return np.asarray(cost, dtype=np.int64) * int(total) // int(budget)
