"""Tables of ratings or votes: long (a row an answer) and wide (a row a person, a column a statement)."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

import numpy as np

from ..profile import Answers, FloatArray, InputError, IntArray, Profile, Statements
from ..profile.sentences import noted
from .base import COLUMNS, FORMATS, Format, Head, ReadOptions, Signature, Source, decoded
from .beside import texts_beside
from .coding import Coding, coding_of, is_missing, missing_values
from .columns import EXPLANATION, PERSON, STATEMENT
from .csv_write import write_answers
from .direction import confirmed
from .notes import Notes, place
from .numbers import to_number
from .participants import People, Roles, named_texts, told_apart, weights_at
from .repeated import chosen_of, moments
from .scales import scaled
from .survey_plan import holds, one_row_a_person
from .survey_tools import TIMES
from .surveys import flipped, read_survey
from .table import Table, short
from .units import crossed

CLEAR = ("rating", "ratings", "vote", "approval")
VALUE = (*CLEAR, "score", "stars", "agreement", "agree", "value", "answer", "response")
ITEM = (*STATEMENT, "question-id", "question", "variable")
BODY = ("statement-text", "statement", "question-text", "question", "item-text", "proposal-text")


def sniff_long(head: Head) -> bool:
    """Columns for a person, a statement and a number or a word for one?"""
    table = head.table
    person, value = table.find(*PERSON), table.find(*VALUE)
    statement = _item(head, person, value)
    if value is None or person is None or statement is None or len({person, statement, value}) < 3:
        return False
    return table.names[value] in CLEAR or coding_of(cells[value] for _, cells in head.sample()) is not None


def sniff_wide(head: Head) -> bool:
    """One row a person, and columns of ratings or votes, with nothing that people wrote?"""
    table = head.table
    if len(table.header) < 2 or (table.find(*PERSON) is None and not one_row_a_person(head)):
        return False
    return holds(head) == "ratings"


def read_long(source: Source, options: ReadOptions) -> Profile:
    """Reads a table with one answer a row; the statements' texts come from it or from a table beside it.

    Args:
        source: the table to read.
        options: the reading options; ``scale`` is needed where the ratings do not show it.

    Raises:
        InputError: if a row is broken, a value is no answer that is known, or a pair is rated twice and nothing says
            which answer counts.
    """
    path = source.file
    table = source.head.open()
    notes = Notes()
    person = table.column(options.id_column, "id_column") if options.id_column is not None else table.find(*PERSON)
    value = table.find(*VALUE)
    statement = _item(source.head, person, value)
    if person is None or statement is None or value is None or len({person, statement, value}) < 3:
        raise InputError("ratings need columns participant, statement_id and rating", file=path, row=1)
    taken = {person, statement, value}
    body = next((i for i in map(table.find, BODY) if i is not None and i not in taken), None)
    explanations = named_texts(table, options) or _others(table, EXPLANATION, {*taken, body})
    when = next((table.names.index(name) for name in TIMES if table.names.count(name) == 1), None)
    other = frozenset({statement, value, *(i for i in (body, when) if i is not None)})
    weight = weights_at(table, source.head.sample(), options, notes)
    roles = Roles(person, explanations, repeated=True, optional=True, weight=weight, other=other)
    people = People(table, roles, options, notes)
    missing = missing_values(options.missing)
    statements: dict[str, int] = {}
    bodies: list[str] = []
    agent, column, line_of, values = array("q"), array("q"), array("q"), array("d")
    in_words: dict[int, str] = {}
    known: dict[str, float] = {}
    times: list[str] = []
    for line, cells in table.rows():
        what, raw = cells[statement].strip(), cells[value].strip()
        i = people.row(line, cells)
        j = statements.get(what)
        if j is None:
            if not what:
                raise InputError("the statement has no id", file=path, row=line, column=table.header[statement])
            j = statements[what] = len(statements)
            bodies.append(decoded(cells[body], notes, place(path, line)) if body is not None else "")
        number = known.get(raw)
        if number is None:
            number = known[raw] = _number(raw, missing)
        if number is _NOTHING:
            left = "rows without a rating" if not raw else f"rows whose rating is no answer: {short(raw)}"
            notes.add("seen", left, place(path, line))
            continue
        if number != number:
            in_words[len(values)] = raw
        agent.append(i)
        column.append(j)
        line_of.append(line)
        values.append(number)
        if when is not None:
            times.append(cells[when])
    ratings = np.array(values, dtype=np.float64)
    a, s = np.array(agent, dtype=np.int64), np.array(column, dtype=np.int64)
    at_line = np.array(line_of, dtype=np.int64)
    coding = _read_words(ratings, in_words, at_line, table, value)
    ids = tuple(statements)
    chosen = _counted(a, s, at_line, times, table, people, ids, options, notes)
    a, s, at_line, ratings = a[chosen], s[chosen], at_line[chosen], ratings[chosen]
    on_scale = scaled(ratings, table.names[value], options, path, notes, at_line, coding)
    ratings, scale, direction = on_scale.values, on_scale.scale, on_scale.direction
    if options.flip:
        ratings = flipped(ratings, scale, notes, path)
        direction = noted("votes turned, as asked for: -1 in the file is read as agree")
    elif scale.kind == "vote" and coding is None:
        direction = confirmed(source, ids, tuple(people.index), a, s, ratings, direction)
    texts = tuple(bodies) if body is not None else texts_beside(source, ids, notes)
    return Profile(
        people.agents(),
        Statements(ids, texts),
        Answers.of(a, s, ratings, scale),
        notes.all(),
        source="ratings",
        facts={
            "files": [path.name],
            "who": told_apart(table, person),
            "text_columns": [table.header[i] for i in explanations],
            "opinions": [
                noted(
                    f"column {table.header[value]!r} ({_range(ratings, coding)}), one row an answer to what "
                    f"{table.header[statement]!r} names"
                )
            ],
            "scale": [scale.low, scale.high],
            "direction": direction,
        },
    )


def read_wide(source: Source, options: ReadOptions) -> Profile:
    """Reads a table with one row a person and one column a statement; a blank cell is no answer.

    Args:
        source: the table to read.
        options: the reading options; ``scale`` is needed where the ratings do not show it.

    Raises:
        InputError: if a row is broken, an id occurs twice or a cell of a rating column is no answer that is known.
    """
    return read_survey(source, options, "ratings-wide", "ratings")


def _range(ratings: FloatArray, coding: Coding | None) -> str:
    words = coding is not None and coding.kind != "numbers"
    return noted("in words") if words else noted(f"{ratings.min():g} to {ratings.max():g}")


def _item(head: Head, person: int | None, value: int | None) -> int | None:
    """The column that says which statement is answered: by its name, or because everybody has every value of it."""
    named = head.table.find(*ITEM)
    if named is not None or person is None or value is None:
        return named
    return crossed(head.sample(), person, [i for i in range(len(head.table.header)) if i not in (person, value)])


def without_person(head: Head) -> str:
    """What is missing of a table with a statement and an answer in each row that does not say whose; else empty."""
    table = head.table
    value, statement = table.find(*VALUE), table.find(*ITEM)
    if table.find(*PERSON) is not None or value is None or statement is None or value == statement:
        return ""
    if table.names[value] not in CLEAR and coding_of(cells[value] for _, cells in head.sample()) is None:
        return ""
    return (
        f"each row has a statement ({table.header[statement]!r}) and an answer ({table.header[value]!r}), but no "
        "column says by its name who answered: name that column with `id_column`"
    )


_NOTHING = float("inf")
"""What `_number` returns for a cell that is no answer."""


def _number(raw: str, missing: frozenset[str]) -> float:
    """The number in a cell; infinite if it is no answer, NaN if it is something else (a word)."""
    if is_missing(raw, missing):
        return _NOTHING
    value = to_number(raw)
    return np.nan if value is None else value


def _read_words(
    ratings: FloatArray, cells: Mapping[int, str], lines: IntArray, table: Table, value: int
) -> Coding | None:
    """How the answers are written; fills in the numbers of those in words.

    Raises:
        InputError: if an answer is neither a number nor a word that is known.
    """
    if not cells:
        return None
    coding = coding_of(cells.values()) if len(cells) == len(ratings) else None
    if coding is None or coding.kind == "numbers":
        at = min(cells)
        what = "is no answer that is known" if len(cells) == len(ratings) else "is not a number"
        raise InputError(
            f"{short(cells[at])} {what}; if it is no answer, name it with `missing`",
            file=table.path,
            row=int(lines[at]),
            column=table.header[value],
        )
    ratings[:] = [coding.value(cells[i]) for i in range(len(ratings))]
    return coding


def _others(table: Table, names: tuple[str, ...], taken: set[int | None]) -> tuple[int, ...]:
    columns = (table.find(name) for name in names)
    return tuple(i for i in columns if i is not None and i not in taken)


def _counted(
    agent: IntArray,
    statement: IntArray,
    line: IntArray,
    times: Sequence[str],
    table: Table,
    people: People,
    ids: tuple[str, ...],
    options: ReadOptions,
    notes: Notes,
) -> IntArray:
    """The rows that count: one for each person and statement.

    Raises:
        InputError: if a pair is rated twice, and neither an option nor times say which answer counts.
    """
    keys = agent * len(ids) + statement
    ordered = np.sort(keys)
    if not (ordered[1:] == ordered[:-1]).any():
        return np.arange(len(keys))
    when = moments(times) if times else None
    chosen = chosen_of(keys, when, options.repeated)
    if chosen is None:
        order = np.lexsort((line, keys))
        k = keys[order]
        twice = np.flatnonzero(k[1:] == k[:-1])
        later = order[twice + 1]
        at = int(np.argmin(line[later]))
        second, first = int(later[at]), int(order[twice[at]])
        who = tuple(people.index)[agent[second]]
        raise InputError(
            f"participant {short(who)} rates {short(ids[statement[second]])} twice (first in row {line[first]}); say "
            "which answer counts with `repeated`: last or first",
            file=table.path,
            row=int(line[second]),
        )
    rule = f"the {options.repeated}" if options.repeated else "the last by time"
    what = f"answers of people who answered the same again: {rule} counts"
    notes.add("changed", what, table.path.name, len(keys) - len(chosen))
    return chosen


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
        uses=COLUMNS | {"flip", "scale", "rating_columns"},
    ),
):
    FORMATS.register(_format)
