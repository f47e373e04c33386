"""The scale of a table's numbers, recognised by the column's name and the numbers that occur."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..profile import VOTE, FloatArray, InputError, IntArray, Scale
from .base import Notes, ReadOptions

APPROVAL_ASKED = Scale("approval", 0.0, 1.0)
"""Yes or no to what was shown; about what was not shown nothing is known."""


def scale_of(
    values: FloatArray, name: str, options: ReadOptions, path: Path, notes: Notes, lines: IntArray | None = None
) -> Scale:
    """The scale, with a note that states it wherever it is a guess.

    Args:
        values: all answers.
        name: the normalised name of the column; ``vote`` and ``approval`` decide the scale.
        options: the reading options; ``scale`` decides the scale.
        path: the file, for messages.
        notes: the notes to which a guess is added.
        lines: the row of every answer, for messages.

    Raises:
        InputError: if an answer lies outside the stated scale, or if there is nothing to guess from.
    """
    if not len(values):
        raise InputError("the table holds no ratings", file=path)
    seen = {float(v) for v in np.unique(values)}

    def row(outside: float) -> int | None:
        return None if lines is None else int(lines[np.flatnonzero(values == outside)[0]])

    if options.scale is not None:
        low, high = map(float, options.scale)
        if not low < high:
            raise InputError(f"scale {low:g}..{high:g} is empty; give the lowest, then the highest rating")
        if min(seen) < low or max(seen) > high:
            outside = min(seen) if min(seen) < low else max(seen)
            raise InputError(f"{outside:g} lies outside the scale {low:g}..{high:g}", file=path, row=row(outside))
        return Scale("rating", low, high)
    if name == "approval" or (seen == {0.0, 1.0} and name != "vote"):
        if not seen <= {0.0, 1.0}:
            outside = max(seen - {0.0, 1.0})
            raise InputError(f"approvals must be 0 or 1, not {outside:g}", file=path, row=row(outside), column=name)
        notes.add("seen", "scale taken to be 0 (no) and 1 (yes)", path.name, len(values))
        return APPROVAL_ASKED
    if name == "vote" or (-1.0 in seen and seen <= {-1.0, 0.0, 1.0}):
        if not seen <= {-1.0, 0.0, 1.0}:
            outside = min(seen - {-1.0, 0.0, 1.0})
            raise InputError(
                f"{outside:g} is not a vote; votes are 1 (agree), -1 (disagree) and 0 (pass)",
                file=path,
                row=row(outside),
                column=name,
            )
        return VOTE
    if min(seen) < 0:
        raise InputError(f"ratings from {min(seen):g} to {max(seen):g}: say the scale, e.g. `scale=(-2, 2)`", file=path)
    low = 0.0 if min(seen) < 1 else 1.0
    if max(seen) <= low:
        raise InputError(
            f"every rating is {max(seen):g}, so the scale cannot be recognised; state it, e.g. `scale=(0, 4)`",
            file=path,
        )
    notes.add(
        "seen",
        f"ratings taken to be on a scale of {low:g} to {max(seen):g}, from what occurs; say --scale if it is another",
        path.name,
        len(values),
    )
    return Scale("rating", low, max(seen))
