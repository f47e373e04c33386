"""What one row of a table is: a person, or one answer of a person, by how the values of its columns repeat."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from .roles import Column, Rows

_CALLED_ID = re.compile(r"(?:^|-)(?:id|nr\.?|no|nummer|numero|número|numéro|code|key|token|uuid|guid)$|^#$")

FEWEST = 6
"""From how many rows on it can be told that two columns are crossed."""


def own_id(names: Sequence[str], rows: Rows, columns: Sequence[Column]) -> int | None:
    """The column that tells rows apart like an id, where none has the name of one; None: there is none.

    Args:
        names: the normalised names of the columns.
        rows: the rows of people.
        columns: every column with its role.
    """
    called = [c for c in columns if c.role in ("choice", "quantity") and _CALLED_ID.search(names[c.index])]
    first = [c for c in columns[:1] if c.role == "choice" or c.why in ("a running number", "ids or times")]
    for column in (*called, *first):
        cells = [cells[column.index].strip() for _, cells in rows]
        if len(set(cells)) == len(cells) > 1 and all(cells):
            return column.index
    return None


def crossed(rows: Rows, person: int, others: Iterable[int]) -> int | None:
    """The column that says which answer of the same person a row holds; None: a row is no single answer.

    Most people have several rows, no two of them with the same value of this column, and its values return with other
    people: ``question`` of a table that was melted.

    Args:
        rows: all or some rows.
        person: the column that tells people apart.
        others: the columns that are considered.
    """
    people = Counter(cells[person].strip() for _, cells in rows)
    if len(rows) < FEWEST or 2 * sum(n > 1 for n in people.values()) <= len(people):
        return None
    for other in others:
        pairs = {(cells[person].strip(), cells[other].strip()) for _, cells in rows}
        values = Counter(cells[other].strip() for _, cells in rows)
        if len(pairs) == len(rows) and "" not in values and 2 * sum(n > 1 for n in values.values()) > len(values) > 1:
            return other
    return None
