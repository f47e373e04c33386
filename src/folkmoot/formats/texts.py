"""Tables of texts: one row a person (PROSE, sensemaking), or one row a comment (Talk to the City, kouchou-ai)."""

from __future__ import annotations

from collections.abc import Sequence

from ..profile import Agents, Answers, InputError, Profile, Statements
from .base import COLUMNS, FORMATS, Format, Head, Notes, ReadOptions, Signature, Source
from .columns import PERSON, QUESTION, ROW_ID, SPEAKER, SPEAKER_BY_ROW_ID, TEXT, free_text, personal, revealing
from .csv_write import write_texts
from .participants import Roles, Rows, agents_of, is_kept, named_columns, named_texts
from .table import Table, listed


def sniff_comments(head: Head) -> bool:
    """A table with one comment a row and a column that says whose it is?"""
    return len(head.table.header) > 1 and _speaker(head.table) is not None and bool(head.columns & set(TEXT))


def sniff_texts(head: Head) -> bool:
    """A table with an id and something written?"""
    table = head.table
    if len(table.header) < 2 or table.find(*PERSON, *ROW_ID) is None:
        return False
    return bool(head.columns & set(TEXT)) or bool(written(table, head.sample(), frozenset()))


def read_comments(source: Source, options: ReadOptions) -> Profile:
    """Reads a table with one comment a row: several rows of one speaker are several texts of one person.

    Args:
        source: the table to read.
        options: the reading options; ``id_column`` is who speaks, ``text_columns`` what they say.

    Raises:
        InputError: if a row is broken or a comment has no speaker.
    """
    table = source.head.open()
    if options.id_column is not None:
        speaker: int | None = table.column(options.id_column, "id_column")
    else:
        speaker = _speaker(table)
    if speaker is None:
        raise InputError("no column says who speaks; name it with `id_column`", file=source.file, row=1)
    # Names distinguish people, but the names themselves are not to be shown.
    hide = personal(table.header[speaker]) or table.names[speaker] in ("author", "interview", "extraquestion1")
    return _read(
        table, speaker, options, repeated=True, hide=hide and not is_kept(table, speaker, options), id="comments"
    )


def read_texts(source: Source, options: ReadOptions) -> Profile:
    """Reads a table with an id and what was written: one row a person.

    Args:
        source: the table to read.
        options: the reading options; ``id_column`` and ``text_columns`` are needed where they cannot be recognised.

    Raises:
        InputError: if a row is broken, an id occurs twice or there is no text column.
    """
    table = source.head.open()
    row_id = False
    if options.id_column is not None:
        person: int | None = table.column(options.id_column, "id_column")
    else:
        person = table.find(*PERSON)
        if person is None:
            person, row_id = table.find(*ROW_ID), True
    answers = table.find(*QUESTION) is not None and person is not None
    if person is not None and row_id:
        return _read(table, person, options, alone=True, id="texts")
    return _read(table, person, options, repeated=answers, id="texts")


def _read(
    table: Table,
    person: int | None,
    options: ReadOptions,
    *,
    repeated: bool = False,
    hide: bool = False,
    alone: bool = False,
    id: str,
) -> Profile:
    notes = Notes()
    rows = list(table.rows())
    named = named_columns(table, options)
    columns = named_texts(table, options)
    if not columns:
        columns = tuple(i for i, n in enumerate(table.names) if n in TEXT and i not in named and i != person)
    if not columns:
        columns = written(table, rows, named | {person} if person is not None else named, notes)
    if not columns:
        raise InputError("no column looks like something written; name one with `text_columns`", file=table.path, row=1)
    other = {table.find(*ROW_ID)} if repeated else set()
    roles = Roles(person, columns, repeated, hide_ids=hide, other=frozenset(i for i in other if i is not None))
    agents = agents_of(table, rows, roles, options, notes)
    if alone:
        notes.add(
            "seen", "no column says who wrote it: every row counts as one participant", table.path.name, len(rows)
        )
    return people_only(table, agents, columns, notes, id)


def people_only(
    table: Table, agents: Agents, columns: tuple[int, ...], notes: Notes, id: str, questions: Sequence[str] = ()
) -> Profile:
    """The profile of people who wrote and did not vote.

    Raises:
        InputError: if there are no people.
    """
    if not agents.ids:
        raise InputError("the table has a header and no rows", file=table.path)
    facts = {"files": [table.path.name], "text_columns": [table.header[i] for i in columns]}
    if questions:
        facts["questions"] = [questions[i] for i in columns]
    return Profile(agents, Statements((), ()), Answers.none(), notes.all(), source=id, facts=facts)


def written(
    table: Table, rows: Rows, without: frozenset[int], notes: Notes | None = None, questions: Sequence[str] = ()
) -> tuple[int, ...]:
    """The columns whose answers look written, without personal columns and those of ``without``.

    Args:
        table: the table whose columns are examined.
        rows: all or some of its rows.
        without: the columns that are known to be something else.
        notes: the notes that name the columns left out because of what stands in them.
        questions: the question of each column, where the header does not hold it.
    """
    text_columns: list[int] = []
    hidden: list[int] = []
    for i, name in enumerate(table.header):
        if i in without or personal(name) or (questions and personal(questions[i])):
            continue
        cells = [row[i] for _, row in rows]
        if free_text(cells):
            (hidden if revealing(cells) else text_columns).append(i)
    if notes is not None and hidden:
        what = "columns that look like names, addresses or e-mails, so not read as texts"
        notes.add("seen", f"{what}: {listed([table.header[i] for i in hidden])}", table.path.name, len(hidden))
    return tuple(text_columns)


def _speaker(table: Table) -> int | None:
    column = table.find(*SPEAKER)
    if column is None and table.find(*ROW_ID) is not None:
        column = table.find(*SPEAKER_BY_ROW_ID)
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
        uses=COLUMNS,
    ),
):
    FORMATS.register(_format)
