"""Participants' weights: from a file of their own, with any format."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

from ..profile import InputError, IntArray, Note, Profile, masses_of
from .base import Head
from .columns import PERSON, WEIGHT
from .table import Table, listed, short

MOST = 2**62 / 10**6
"""Largest sum of weights: masses are whole numbers of 64 bits, weights are read to six decimals."""


def masses_in(weights: list[float]) -> IntArray:
    """Weights as integer masses.

    Raises:
        InputError: if a weight is not positive, or if the sum is beyond what integers hold.
    """
    if math.fsum(min(w, MOST) for w in weights) >= MOST:
        raise InputError("the weights are too large together; divide them all by the same number")
    return masses_of(weights)


def weight(table: Table, text: str, line: int, at: int) -> float:
    """A cell as a weight.

    Args:
        table: the table in which it stands.
        text: the cell.
        line: its row.
        at: the index of its column.

    Raises:
        InputError: if it is not a positive number.
    """
    value = table.number(text, line, at)
    if value < 1e-6:
        raise InputError(
            f"weight {short(text)} is not positive (or below 0.000001); leave out people who do not count",
            file=table.path,
            row=line,
            column=table.header[at],
        )
    return value


def weights_in(head: Head) -> dict[str, float]:
    """The weight of each participant, from a table with a participant and a weight column.

    Raises:
        InputError: if the columns are missing, a participant occurs twice or a weight is not a positive number.
    """
    table, path = head.open(), head.path
    person, column = table.find(*PERSON), table.find(*WEIGHT)
    if person is None or column is None:
        what = f"weights need two columns, participant and weight; there is {listed(table.header)}"
        raise InputError(what, file=path, row=1)
    weights: dict[str, float] = {}
    for line, cells in table.rows():
        name = cells[person].strip()
        if name in weights:
            raise InputError(
                f"participant {short(name)} has two weights", file=path, row=line, column=table.header[person]
            )
        weights[name] = weight(table, cells[column], line, column)
    return weights


def apply_weights(profile: Profile, weights: dict[str, float], path: Path) -> Profile:
    """The profile with these weights in place of its own.

    Raises:
        InputError: if a participant has no weight.
    """
    missing = [name for name in profile.agents.ids if name not in weights]
    if missing:
        raise InputError(
            f"no weight for participant {short(missing[0])}"
            + (f" and {len(missing) - 1} others" if len(missing) > 1 else "")
            + "; give every participant one",
            file=path,
        )
    notes = list(profile.notes)
    unmatched = len(weights) - profile.n_agents
    if unmatched:
        notes.append(Note("dropped", "weights of people who are not in the data", unmatched, (path.name,)))
    if profile.agents.masses is not None:
        notes.append(Note("changed", f"weights of the data replaced by those of {path.name}", profile.n_agents))
    notes.append(Note("seen", f"weights read from {path.name}", profile.n_agents, (path.name,)))
    masses = masses_in([weights[name] for name in profile.agents.ids])
    return replace(profile, agents=replace(profile.agents, masses=masses), notes=tuple(notes))
