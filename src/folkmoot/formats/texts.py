"""Tables of texts: one row a person (PROSE, sensemaking), or one row a comment (Talk to the City, kouchou-ai)."""

from __future__ import annotations

from ..profile import Answers, InputError, Profile, Statements
from .base import COLUMNS, FORMATS, Format, Head, ReadOptions, Signature, Source
from .columns import PERSON, ROW_ID, SPEAKER, SPEAKER_BY_ROW_ID, TEXT, personal
from .csv_write import write_texts
from .left_out import note_left_out
from .notes import Notes
from .participants import Roles, agents_of, is_kept, named_columns, named_texts, texts_in, told_apart, weights_at
from .roles import columns_of
from .survey_plan import holds, one_row_a_person
from .surveys import read_survey
from .table import Table, one_column

_NAMES = frozenset(["author", "interview", "speaker", "screen-name", "extraquestion1"])
"""Columns that hold names, though their own name does not say so."""


def sniff_comments(head: Head) -> bool:
    """A table with one comment a row and a column that says whose it is?"""
    if len(head.table.header) < 2 or _speaker(head.table) is None or not head.columns & set(TEXT):
        return False
    return holds(head) == "texts"


def sniff_texts(head: Head) -> bool:
    """A table with one row a person, and something written?"""
    table = head.table
    if head.is_list:
        rows = [table.header[0], *(cells[0] for _, cells in head.sample())]
        for sign in "|^~":
            if len({row.count(sign) for row in rows}) == 1 and sign in rows[0]:
                raise InputError(one_column(table.header[0]), file=head.path, row=1)
        return False  # `lists` reads what is one
    if len(table.header) < 2 or (table.find(*PERSON, *ROW_ID) is None and not one_row_a_person(head)):
        return False
    return holds(head) == "texts"


def read_comments(source: Source, options: ReadOptions) -> Profile:
    """Reads a table with one comment a row: several rows of one speaker are several texts of one person.

    Args:
        source: the table to read.
        options: the reading options; ``id_column`` is who speaks, ``text_columns`` what they say.

    Raises:
        InputError: if a row is broken, or if no column says who speaks or what.
    """
    notes = Notes()
    table = source.head.open()
    if options.id_column is not None:
        speaker: int | None = table.column(options.id_column, "id_column")
    else:
        speaker = _speaker(table)
    if speaker is None:
        raise InputError("no column says who speaks; name it with `id_column`", file=source.file, row=1)
    rows = list(table.rows())
    if not rows:
        raise InputError("the table has a header and no rows", file=source.file)
    weight = weights_at(table, rows, options, notes)
    taken = named_columns(table, options) | {speaker} | ({weight} if weight is not None else set())
    columns = columns_of(table, rows, options, taken)
    texts = named_texts(table, options) or tuple(
        c.index for c in columns if c.role == "text" and table.names[c.index] in TEXT
    )
    if not texts:
        raise InputError("no column holds comments; name one with `text_columns`", file=source.file, row=1)
    # Names distinguish people, but the names themselves are not to be shown.
    hide = personal(table.header[speaker]) or table.names[speaker] in _NAMES
    row_id = table.find(*ROW_ID)
    other = frozenset(range(len(table.header)))
    hide = hide and not is_kept(table, speaker, options)
    roles = Roles(speaker, texts, repeated=True, hide_ids=hide, anonymous=True, weight=weight, other=other)
    agents = agents_of(table, rows, roles, options, notes)
    used = {*texts, *taken, *({row_id} if row_id is not None else ())}
    note_left_out(table, columns, used, (), notes)
    facts = {
        "files": [table.path.name],
        "who": told_apart(table, speaker),
        "text_columns": [table.header[i] for i in texts],
        "opinions": texts_in(table, texts),
    }
    return Profile(agents, Statements((), ()), Answers.none(), notes.all(), source="comments", facts=facts)


def read_texts(source: Source, options: ReadOptions) -> Profile:
    """Reads a table with an id and what was written: one row a person.

    Args:
        source: the table to read.
        options: the reading options; ``id_column`` and ``text_columns`` are needed where they cannot be recognised.

    Raises:
        InputError: if a row is broken, an id occurs twice or there is no text column.
    """
    return read_survey(source, options, "texts", None if options.rating_columns else "texts")


def _speaker(table: Table) -> int | None:
    column = table.find(*SPEAKER)
    if column is None and table.find(*ROW_ID) is not None:
        column = table.find(*SPEAKER_BY_ROW_ID)
    if column is None and table.find(*PERSON[:-1]) is None:
        column = table.find("author", "screen-name", "user-name", "username", "name")
    return column


for _format in (
    Format(
        "comments",
        "comments CSV (Talk to the City)",
        sniff_comments,
        read_comments,
        signature=Signature.TEXT,
        uses=COLUMNS,
    ),
    Format(
        "texts",
        "texts CSV (user_id,data)",
        sniff_texts,
        read_texts,
        write_texts,
        signature=Signature.TEXT,
        uses=COLUMNS | {"rating_columns", "scale", "flip"},
    ),
):
    FORMATS.register(_format)
