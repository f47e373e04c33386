"""Which scale a table's numbers are on, told by the column's name and the numbers that occur."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..profile import VOTE, FloatArray, InputError, IntArray, Scale
from .base import Notes, ReadOptions

APPROVAL_ASKED = Scale("approval", 0.0, 1.0)
"""Yes or no to what was shown; what was not shown was not said."""


def scale_of(
    values: FloatArray, name: str, options: ReadOptions, path: Path, notes: Notes, lines: IntArray | None = None
) -> Scale:
    """The scale, with a note that states it wherever it is a guess.

    Args:
        values: every answer.
        name: plain name of the column, ``vote`` and ``approval`` say the scale.
        options: ``scale`` says it.
        path: for messages.
        notes: gets the guess.
        lines: the row of every answer, for messages.

    Raises:
        InputError: an answer outside the scale that was given or named, or nothing to guess from.
    """
    if not len(values):
        raise InputError("the table holds no ratings", file=path)
    seen = {float(v) for v in np.unique(values)}

    def row(strange: float) -> int | None:
        return None if lines is None else int(lines[np.flatnonzero(values == strange)[0]])

    if options.scale is not None:
        low, high = map(float, options.scale)
        if not low < high:
            raise InputError(f"scale {low:g}..{high:g} has no room; give the lowest, then the highest rating")
        if min(seen) < low or max(seen) > high:
            strange = min(seen) if min(seen) < low else max(seen)
            raise InputError(f"{strange:g} lies outside the scale {low:g}..{high:g}", file=path, row=row(strange))
        return Scale("rating", low, high)
    if name == "approval" or (seen == {0.0, 1.0} and name != "vote"):
        if not seen <= {0.0, 1.0}:
            strange = max(seen - {0.0, 1.0})
            raise InputError(f"approvals must be 0 or 1, not {strange:g}", file=path, row=row(strange), column=name)
        notes.add("seen", "scale taken to be 0 (no) and 1 (yes)", path.name, len(values))
        return APPROVAL_ASKED
    if name == "vote" or (-1.0 in seen and seen <= {-1.0, 0.0, 1.0}):
        if not seen <= {-1.0, 0.0, 1.0}:
            strange = min(seen - {-1.0, 0.0, 1.0})
            raise InputError(
                f"{strange:g} is not a vote; votes are 1 (agree), -1 (disagree) and 0 (pass)",
                file=path,
                row=row(strange),
                column=name,
            )
        return VOTE
    if min(seen) < 0:
        raise InputError(f"ratings from {min(seen):g} to {max(seen):g}: say the scale, e.g. `scale=(-2, 2)`", file=path)
    low = 0.0 if min(seen) < 1 else 1.0
    if max(seen) <= low:
        raise InputError(
            f"every rating is {max(seen):g}, so the scale cannot be told; say it, e.g. `scale=(0, 4)`", file=path
        )
    notes.add(
        "seen",
        f"ratings taken to be on a scale of {low:g} to {max(seen):g}, from what occurs; say --scale if it is another",
        path.name,
        len(values),
    )
    return Scale("rating", low, max(seen))
