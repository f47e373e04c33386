"""Tables of ratings or votes: long (a row an answer) and wide (a row a person, a column a statement)."""

from __future__ import annotations

from array import array
from pathlib import Path

import numpy as np

from ..profile import Answers, FloatArray, InputError, IntArray, Profile, Scale, Statements
from .base import COLUMNS, FORMATS, Format, Head, Notes, ReadOptions, Signature, Source, decoded, place
from .columns import EXPLANATION, GROUPS, PERSON, ROW_ID, STATEMENT, STATEMENT_TEXT, TEXT, WEIGHT, numeric, personal
from .csv_write import write_answers
from .participants import People, Roles, Rows, named_columns, named_texts
from .scales import scale_of
from .survey_tools import LIMESURVEY, QUALTRICS, TIMESTAMP, export
from .table import Table, listed, number, short

CLEAR = ("rating", "ratings", "vote", "approval")
VALUE = (*CLEAR, "score", "value")


def sniff_long(head: Head) -> bool:
    """Columns for a person, a statement and a number?"""
    table = head.table
    person, statement, value = table.find(*PERSON), table.find(*STATEMENT), table.find(*VALUE)
    if value is None or len({person, statement, value} - {None}) < 3:
        return False
    return table.names[value] in CLEAR or numeric([r[value] for _, r in head.sample()])


def sniff_wide(head: Head) -> bool:
    """An id, and otherwise mostly numbers, with no column that is called a text?"""
    table = head.table
    if len(table.header) < 2 or table.find(*PERSON) is None or head.columns & set(TEXT):
        return False
    return bool(_rated(table, head.sample(), frozenset()))


def read_long(source: Source, options: ReadOptions) -> Profile:
    """Reads a table with one answer a row; the statements' texts come from it or from a table beside it.

    Args:
        source: the table to read.
        options: the reading options; ``scale`` is needed where the ratings do not show it.

    Raises:
        InputError: if a row is broken, a value is not a number or a pair is rated twice.
    """
    path = source.file
    table = source.head.open()
    notes = Notes()
    person = table.column(options.id_column, "id_column") if options.id_column is not None else table.find(*PERSON)
    statement, value = table.find(*STATEMENT), table.find(*VALUE)
    if person is None or statement is None or value is None or len({person, statement, value}) < 3:
        raise InputError("ratings need columns participant, statement_id and rating", file=path, row=1)
    taken = {person, statement, value}
    body = next((i for i in map(table.find, ("statement-text", "statement")) if i is not None and i not in taken), None)
    explanations = named_texts(table, options) or _others(table, EXPLANATION, {*taken, body})
    other = frozenset({statement, value} | ({body} if body is not None else set()))
    people = People(table, Roles(person, explanations, repeated=True, optional=True, other=other), options, notes)
    statements: dict[str, int] = {}
    bodies: list[str] = []
    agent, column, line_of, values = array("q"), array("q"), array("q"), array("d")
    for line, cells in table.rows():
        what, raw = cells[statement].strip(), cells[value].strip()
        i = people.row(line, cells)
        j = statements.get(what)
        if j is None:
            if not what:
                raise InputError("the statement has no id", file=path, row=line, column=table.header[statement])
            j = statements[what] = len(statements)
            bodies.append(decoded(cells[body], notes, place(path, line)) if body is not None else "")
        if not raw:
            notes.add("dropped", "rows without a rating", place(path, line))
            continue
        agent.append(i)
        column.append(j)
        line_of.append(line)
        values.append(number(raw, path, line, table.header[value]))
    ratings = np.array(values, dtype=np.float64)
    a, s = np.array(agent, dtype=np.int64), np.array(column, dtype=np.int64)
    at_line = np.array(line_of, dtype=np.int64)
    _refuse_pairs(a, s, at_line, table, people, tuple(statements))
    scale = scale_of(ratings, table.names[value], options, path, notes, at_line)
    if options.flip:
        ratings = _flipped(ratings, scale, notes, path)
    ids = tuple(statements)
    texts = tuple(bodies) if body is not None else texts_beside(source, ids, notes)
    return Profile(
        people.agents(),
        Statements(ids, texts),
        Answers.of(a, s, ratings, scale),
        notes.all(),
        source="ratings",
        facts={
            "files": [path.name],
            "text_columns": [table.header[i] for i in explanations],
            "scale": [scale.low, scale.high],
        },
    )


def read_wide(source: Source, options: ReadOptions) -> Profile:
    """Reads a table with one row a person and one column a statement; a blank cell is no answer.

    Args:
        source: the table to read.
        options: the reading options; ``scale`` is needed where the ratings do not show it.

    Raises:
        InputError: if a row is broken, an id occurs twice or a cell of a rating column is not a number.
    """
    path = source.file
    notes = Notes()
    survey = export(source.files[0], notes)
    table = survey.table if survey is not None else source.head.open()
    rows = survey.rows if survey is not None else list(table.rows())
    system = survey.system if survey is not None else frozenset[int]()
    questions = survey.questions if survey is not None else ()
    wanted = options.id_column or (survey.person if survey is not None else None)
    person = table.column(wanted, "id_column") if wanted is not None else table.find(*PERSON)
    if person is None and survey is None:
        raise InputError("no column says who is who; name it with `id_column`", file=path, row=1)
    texts = named_texts(table, options) or _others(table, TEXT, {person, *system})
    without = named_columns(table, options) | system | {*texts} | ({person} if person is not None else set())
    columns = tuple(i for i in _rated(table, rows, without) if not (questions and personal(questions[i])))
    if not columns:
        raise InputError("no column holds ratings; there must be one column of numbers a statement", file=path, row=1)
    people = People(table, Roles(person, texts, optional=True, other=frozenset(columns)), options, notes)
    agent, column, values = array("q"), array("q"), array("d")
    for line, cells in rows:
        i = people.row(line, cells)
        for j, at in enumerate(columns):
            raw = cells[at]
            if raw and not raw.isspace():
                agent.append(i)
                column.append(j)
                values.append(number(raw, path, line, table.header[at]))
    ratings = np.array(values, dtype=np.float64)
    scale = scale_of(ratings, "", options, path, notes)
    if options.flip:
        ratings = _flipped(ratings, scale, notes, path)
    names = tuple(table.header[at] for at in columns)
    if len(set(names)) < len(names):
        twice = next(n for n in names if names.count(n) > 1)
        raise InputError("two columns have this name; rename one", file=path, row=1, column=twice)
    wordings = tuple(questions[at].strip() or table.header[at] for at in columns) if questions else ()
    return Profile(
        people.agents(),
        Statements(names, wordings or texts_beside(source, names, notes)),
        Answers.of(np.array(agent, dtype=np.int64), np.array(column, dtype=np.int64), ratings, scale),
        notes.all(),
        source="ratings-wide",
        facts={
            "files": [path.name],
            "text_columns": [table.header[i] for i in texts],
            "scale": [scale.low, scale.high],
        },
    )


def _others(table: Table, names: tuple[str, ...], taken: set[int | None]) -> tuple[int, ...]:
    columns = (table.find(name) for name in names)
    return tuple(i for i in columns if i is not None and i not in taken)


def _rated(table: Table, rows: Rows, without: frozenset[int]) -> tuple[int, ...]:
    """The columns of numbers that can be ratings: not an id, not an age, not a place."""
    skip = {*PERSON, *WEIGHT, *ROW_ID, *GROUPS, *QUALTRICS, *LIMESURVEY, *TIMESTAMP, ""}
    return tuple(
        i
        for i, name in enumerate(table.names)
        if i not in without and name not in skip and not personal(name) and numeric([cells[i] for _, cells in rows])
    )


def _flipped(values: FloatArray, scale: Scale, notes: Notes, path: Path) -> FloatArray:
    if scale.kind != "vote":
        raise InputError(f"`flip` has no use here: the table has {scale.kind}s and no votes", file=path)
    notes.add("changed", "answers whose sign was turned, as asked for", count=len(values))
    return scale.low + scale.high - values


def _refuse_pairs(
    agent: IntArray, statement: IntArray, line: IntArray, table: Table, people: People, ids: tuple[str, ...]
) -> None:
    order = np.lexsort((line, statement, agent))
    a, s = agent[order], statement[order]
    twice = np.flatnonzero((a[1:] == a[:-1]) & (s[1:] == s[:-1]))
    if not len(twice):
        return
    later = order[twice + 1]
    at = int(np.argmin(line[later]))
    second, first = int(later[at]), int(order[twice[at]])
    who = tuple(people.index)[agent[second]]
    raise InputError(
        f"participant {short(who)} rates {short(ids[statement[second]])} twice (first in row {line[first]})",
        file=table.path,
        row=int(line[second]),
    )


def texts_beside(source: Source, ids: tuple[str, ...], notes: Notes) -> tuple[str, ...]:
    """The texts of the statements, from a table in the same folder that lists them all."""
    path = source.file
    for head in source.beside:
        if head.path.name == path.name:
            continue
        listing = head.columns & set(STATEMENT[:5]) and head.columns & set(STATEMENT_TEXT)
        if not listing or head.columns & set(PERSON[:-1]):
            continue
        table = head.open()
        key, body = table.find(*STATEMENT[:5]), table.find(*STATEMENT_TEXT)
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


for _format in (
    Format(
        "ratings",
        "ratings CSV (participant,statement_id,rating)",
        sniff_long,
        read_long,
        write_answers,
        signature=Signature.COLUMNS,
        uses=COLUMNS | {"flip", "scale"},
    ),
    Format(
        "ratings-wide",
        "ratings CSV (a column a statement)",
        sniff_wide,
        read_wide,
        signature=Signature.COLUMNS,
        uses=COLUMNS | {"flip", "scale"},
    ),
):
    FORMATS.register(_format)
