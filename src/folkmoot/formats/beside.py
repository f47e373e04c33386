"""The texts of statements, from a table that lies beside the one with the answers."""

from __future__ import annotations

from ..profile import InputError
from .base import Source, decoded
from .columns import PERSON, STATEMENT, STATEMENT_TEXT
from .notes import Notes, place
from .table import listed, short


def texts_beside(source: Source, ids: tuple[str, ...], notes: Notes) -> tuple[str, ...]:
    """The texts of the statements, from a table in the same folder that lists them all."""
    path = source.file
    for head in source.beside:
        if head.path.name == path.name:
            continue
        listing = head.columns & set(STATEMENT[:6]) and head.columns & set(STATEMENT_TEXT)
        # Remesh names who first said a thought beside its text; elsewhere a table with people holds their own answers.
        if not listing or (head.columns & set(PERSON[:-1]) and "thought-id" not in head.columns):
            continue
        table = head.open()
        key, body = table.find(*STATEMENT[:6]), table.find(*STATEMENT_TEXT)
        assert key is not None
        assert body is not None
        texts: dict[str, str] = {}
        for line, cells in table.rows():
            if cells[key].strip() in texts:
                raise InputError(
                    f"statement {short(cells[key].strip())} occurs twice",
                    file=head.path,
                    row=line,
                    column=table.header[key],
                )
            texts[cells[key].strip()] = decoded(cells[body], notes, place(head.path, line))
        if set(ids) <= set(texts):
            notes.add("seen", f"texts of the statements read from {head.path.name}", head.path.name, len(ids))
            left = [name for name in texts if name not in set(ids)]
            notes.add("unused", f"statements that nobody answers here: {listed(left)}", head.path.name, len(left))
            return tuple(texts[name] for name in ids)
    notes.add("seen", "no table beside gives the statements' texts, so their ids stand for them", path.name, len(ids))
    return ids
