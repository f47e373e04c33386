"""Answers asked for more than once: the same person, the same statement, another wording, order or wave.

A Profile holds one answer for each person and statement. The others stand here, beside it, for the model that needs
them (`folkmoot.preferences.genuine`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .arrays import BoolArray, FloatArray, IntArray, frozen
from .content import Note
from .errors import InputError
from .scale import VOTE, Scale


@dataclass(frozen=True, eq=False)
class Repeats:
    """Every presentation of a statement to a person, sorted by person, statement, wave; within a wave as given.

    Args:
        agent: the row of the person in the Profile, int64 [n].
        statement: the column of the statement, int64 [n].
        value: the answer on ``scale``, float64 [n].
        cue: the side to which the wording leans, int8 [n]: 1 agreeing, -1 disagreeing, 0 neither.
        order: the side that was offered first, int8 [n]: 1 agreeing, -1 disagreeing, 0 unknown or not varied.
        wave: the wave of the presentation, int64 [n]: those of one wave lie close together, waves are apart.
        n_agents: the number of people in the Profile.
        n_statements: the number of statements in the Profile.
        scale: the scale, which says what the values mean.
        notes: the notes that count what reading changed or dropped.
        name: the name of the file that was read.
    """

    agent: IntArray
    statement: IntArray
    value: FloatArray
    cue: NDArray[np.int8]
    order: NDArray[np.int8]
    wave: IntArray
    n_agents: int
    n_statements: int
    scale: Scale = VOTE
    notes: tuple[Note, ...] = ()
    name: str = ""

    @classmethod
    def of(
        cls,
        agent: Sequence[int] | IntArray,
        statement: Sequence[int] | IntArray,
        value: Sequence[float] | FloatArray,
        cue: Sequence[int] | IntArray | NDArray[np.int8],
        order: Sequence[int] | IntArray | NDArray[np.int8],
        wave: Sequence[int] | IntArray,
        *,
        n_agents: int,
        n_statements: int,
        scale: Scale = VOTE,
        notes: tuple[Note, ...] = (),
        name: str = "",
    ) -> Repeats:
        """Presentations in any order, sorted, checked and frozen.

        Raises:
            InputError: if lengths differ, people, statements or answers are out of range, or a cue or order is not -1,
                0 or 1.
        """
        rows, columns, when = (np.asarray(each, dtype=np.int64).ravel() for each in (agent, statement, wave))
        values = np.asarray(value, dtype=np.float64).ravel()
        sides = {"cue": np.asarray(cue).ravel(), "order": np.asarray(order).ravel()}
        if len({len(each) for each in (rows, columns, when, values, *sides.values())}) > 1:
            raise InputError("every repeated answer needs a person, a statement, an answer, a cue, an order and a wave")
        for which, side in sides.items():
            if not np.isin(side, (-1, 0, 1)).all():
                raise InputError(f"the {which} of a repeated answer is 1 (agreeing), -1 (disagreeing) or 0 (neither)")
        for what, index, n in (("participant", rows, n_agents), ("statement", columns, n_statements)):
            if len(index) and (index.min() < 0 or index.max() >= n):
                raise InputError(f"a repeated answer belongs to a {what} that is not in the profile")
        if not ((values >= scale.low) & (values <= scale.high)).all():
            raise InputError(f"repeated answers must lie between {scale.low:g} and {scale.high:g}")
        by = np.lexsort((when, columns, rows))
        return cls(
            frozen(rows[by]),
            frozen(columns[by]),
            frozen(values[by]),
            frozen(sides["cue"][by].astype(np.int8)),
            frozen(sides["order"][by].astype(np.int8)),
            frozen(when[by]),
            n_agents,
            n_statements,
            scale,
            notes,
            name,
        )

    def __len__(self) -> int:
        return len(self.value)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of everything on which a weight depends."""
        digest = hashlib.sha256(repr((self.n_agents, self.n_statements, self.scale)).encode())
        for array in (self.agent, self.statement, self.value, self.cue, self.order, self.wave):
            digest.update(array.astype(array.dtype.newbyteorder("<")).tobytes() + b"\1")
        return digest.hexdigest()

    @cached_property
    def side(self) -> NDArray[np.int8]:
        """int8 [n]: 1 above the middle of the scale, -1 below, 0 in the middle (a pass takes no side)."""
        return frozen(np.sign(self.scale.utility(self.value) - self.scale.midpoint).astype(np.int8))

    @cached_property
    def first(self) -> BoolArray:
        """bool [n]: the first presentation of its statement to its person."""
        first = np.ones(len(self), dtype=bool)
        first[1:] = (np.diff(self.agent) != 0) | (np.diff(self.statement) != 0)
        return frozen(first)
