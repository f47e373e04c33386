"""What was not read of a table, by name and reason, answers before technical columns."""

from __future__ import annotations

from collections.abc import Sequence

from ..profile.sentences import noted
from .columns import personal
from .grids import stem
from .notes import Notes
from .roles import CONSTANT, Column
from .table import Table, listed

#: How the note on them begins.
RATED = "columns with ratings that were not read"


def note_left_out(
    table: Table, columns: Sequence[Column], used: set[int], questions: Sequence[str], notes: Notes
) -> None:
    """Adds a note on every kind of column that was not read.

    Args:
        table: the table.
        columns: every column with its role.
        used: the columns that were read, or that the caller named.
        questions: the question of each column, where the header does not hold it.
        notes: the notes.
    """
    left = [c for c in columns if c.index not in used]
    where = table.path.name

    def called(some: Sequence[Column]) -> str:
        asked = [questions[c.index] if questions else "" for c in some]
        named = [f"{c.name}: {q}" if q not in ("", c.name) else c.name for c, q in zip(some, asked, strict=True)]
        return listed(named, len(named))

    secret = [c for c in left if c.role == "personal" or (c.role == "system" and personal(c.name))]
    if secret:
        notes.add("unused", f"personal columns: {listed([c.name for c in secret], 20)}", where, len(secret))
    hidden = [c for c in left if c.role == "hidden"]
    if hidden:
        what = "columns that look like names, addresses or e-mails, so not read as texts"
        notes.add(
            "seen",
            f"{what}: {called(hidden)}; if they hold opinions, name them with `text_columns`",
            where,
            len(hidden),
        )
    rated = [c for c in left if c.role == "rating"]
    if rated:
        pattern = stem([c.name for c in rated])
        option = f"`rating_columns={[pattern] if pattern else [c.name for c in rated]!r}`"
        what = f"columns with ratings that were not read: {called(rated)}; read them with {option}"
        notes.add("unused", what, where, len(rated))
    written = [c for c in left if c.role == "text"]
    if written:
        what = f"columns with texts that were not read: {called(written)}; read them with `text_columns`"
        notes.add("unused", what, where, len(written))
    for role, kind in (
        ("choice", noted("columns with choices, no opinions")),
        ("ticks", noted("columns with ticked options, no opinions")),
    ):
        some = [c for c in left if c.role == role]
        if some:
            notes.add("unused", f"{kind}: {called(some)}", where, len(some))
    for why in dict.fromkeys(c.why for c in left if c.role == "quantity"):
        some = [c for c in left if c.role == "quantity" and c.why == why]
        remedy = "; if they are, name all that are with `rating_columns`" if why == CONSTANT else ""
        notes.add("unused", f"columns that are no ratings ({why}): {called(some)}{remedy}", where, len(some))
    rest = [c for c in left if c.role in ("system", "empty") and not personal(c.name)]
    if rest:
        notes.add("unused", f"columns that are not used: {listed([c.name for c in rest])}", where, len(rest))
