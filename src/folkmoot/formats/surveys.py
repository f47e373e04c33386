"""Reading a table with one row a person: what people wrote, or how they rated, whatever tool it comes from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..profile import Answers, FloatArray, InputError, Profile, Scale, Statements
from ..profile.sentences import noted
from .base import COLUMNS, FORMATS, Format, Head, ReadOptions, Signature, Source
from .beside import texts_beside
from .coding import without_legend
from .columns import QUESTION, ROW_ID
from .grids import items
from .left_out import note_left_out
from .notes import Notes
from .numbers import is_number
from .participants import People, Roles, agents_of, named_columns, texts_in, told_apart, weights_at
from .repeated import one_row_each
from .roles import Column, Rows, columns_of
from .survey_plan import Plan, What, described, plan_of
from .survey_ratings import rated_answers
from .survey_tools import GOOGLE, TOOLS, Survey, Tool, survey_of, tool_of
from .table import Table, listed
from .units import crossed, own_id


def read_survey(source: Source, options: ReadOptions, id: str, wanted: What | None = None) -> Profile:
    """Reads a table with one row a person.

    What people wrote is read if they wrote anything, else their ratings; the columns that are named are read in any
    case, and the others are counted and named.

    Args:
        source: the table to read.
        options: the reading options.
        id: the id of the format, for the profile.
        wanted: what is to be read, if that is not to be found out.

    Raises:
        InputError: if a row is broken, if nothing holds opinions, or if what is to be read is in doubt.
    """
    notes = Notes()
    survey = survey_of(source.head, notes, options.id_column)
    table = survey.table
    person, alone = survey.person, False
    if person is None and not survey.id:
        person = table.find(*ROW_ID)
        alone = person is not None
    several = person is not None and not survey.id and wanted != "ratings" and table.find(*QUESTION) is not None
    rows = list(survey.rows)
    if not rows:
        raise InputError("the table has a header and no rows", file=table.path)
    weight = weights_at(table, rows, options, notes)
    named = named_columns(table, options) | ({weight} if weight is not None else set())
    if person is None and not survey.id:
        person = own_id(table.names, rows, columns_of(table, rows, options, named, survey.system, survey.questions))
        _refuse_answers_as_names(table, rows, person)
    taken = named | ({person} if person is not None else set())
    columns = columns_of(table, rows, options, taken, survey.system, survey.questions)
    if person is not None and not several:
        _refuse_answers_in_rows(table, rows, person, columns)
        rows = one_row_each(table, rows, person, options, notes)
    plan = plan_of(survey, columns, options, wanted)
    if len(table.header) == 1 and plan.texts:
        notes.add("seen", "one column only: every row is what one participant wrote", table.path.name, len(rows))
    roles = Roles(
        person,
        plan.texts,
        repeated=several,
        optional=bool(plan.rated),
        weight=weight,
        other=frozenset(range(len(table.header))),
    )
    if not plan.rated:
        _refuse_without_ratings(id, options, source)
        agents = agents_of(table, rows, roles, options, notes)
        if alone:
            notes.add(
                "seen", "no column says who wrote it: every row counts as one participant", table.path.name, len(rows)
            )
        note_left_out(table, plan.columns, {*plan.texts, *taken}, survey.questions, notes)
        facts: dict[str, object] = {
            "files": [table.path.name],
            "who": told_apart(table, person),
            "text_columns": [table.header[i] for i in plan.texts],
            "opinions": texts_in(table, plan.texts),
        }
        if survey.questions:
            facts["questions"] = [survey.questions[i] for i in plan.texts]
        return Profile(agents, Statements((), ()), Answers.none(), notes.all(), source=id, facts=facts)
    people = People(table, roles, options, notes)
    agent, column, read = rated_answers(rows, people, plan, options, survey, notes)
    if options.flip:
        read = replace(read, values=flipped(read.values, read.scale, notes, table.path))
    names, texts = _statements(source, survey, plan, notes)
    agents = people.agents()
    note_left_out(table, plan.columns, {*plan.texts, *plan.rated, *taken}, survey.questions, notes)
    return Profile(
        agents,
        Statements(names, texts),
        Answers.of(agent, column, read.values, read.scale),
        notes.all(),
        source=id,
        facts={
            "files": [table.path.name],
            "who": told_apart(table, person),
            "text_columns": [table.header[i] for i in plan.texts],
            "opinions": [
                *texts_in(table, plan.texts),
                *(noted(f"column {described(plan.columns[i])}") for i in plan.rated),
            ],
            "scale": [read.scale.low, read.scale.high],
            "direction": read.direction,
        },
    )


def _refuse_answers_in_rows(table: Table, rows: Rows, person: int, columns: Sequence[Column]) -> None:
    """Refuses a table with one answer a row, of which one row a person would keep one answer each.

    Raises:
        InputError: if a column says which answer of the same person a row holds.
    """
    which = crossed(rows, person, [c.index for c in columns if c.role in ("choice", "quantity")])
    if which is None:
        return
    value = next((c.index for c in columns if c.role == "rating"), None)
    if value is not None:
        remedy = f"call column {table.header[which]!r} statement_id and column {table.header[value]!r} rating"
    else:
        remedy = "bring the answers of a participant into one row, a column a question"
    raise InputError(
        f"each row is one answer: participants of column {table.header[person]!r} have one for every "
        f"{table.header[which]!r}; {remedy}",
        file=table.path,
        row=1,
    )


def flipped(values: FloatArray, scale: Scale, notes: Notes, path: object) -> FloatArray:
    """Votes with the other sign, as asked for.

    Raises:
        InputError: if there are no votes.
    """
    if scale.kind != "vote":
        raise InputError(f"`flip` has no use here: the table has {scale.kind}s and no votes", file=path)
    notes.add("changed", "answers whose sign was turned, as asked for", count=len(values))
    return scale.low + scale.high - values


def _refuse_answers_as_names(table: Table, rows: Rows, person: int | None) -> None:
    """Refuses a table without a header, whose first row is somebody's answers.

    Args:
        table: the table.
        rows: its rows.
        person: the column that holds ids by its structure; None: there is none.

    Raises:
        InputError: if the name of that column, else of the first, is written like the ids below it, or if all names
            are numbers.
    """
    names, at = table.written, person or 0
    shape, cells = _shape(names[at]), [cells[at].strip() for _, cells in rows]
    distinct = len({names[at], *cells}) == len(cells) + 1
    alike = "9" in shape and distinct and all(_shape(cell) == shape for cell in cells)
    if person is None:
        alike = len(names) > 1 and (alike or all(map(is_number, names)))
    if alike:
        raise InputError(
            f"the first row looks like answers and not like the names of the columns ({listed(names, 4)}); write names "
            "with letters in a row above it; those of a frame are given by frame.add_prefix('statement ')",
            file=table.path,
            row=1,
        )


def _shape(text: str) -> str:
    """How a text is written: letters and digits as such, however many, other signs as they are."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", text.strip()))


def _refuse_without_ratings(id: str, options: ReadOptions, source: Source) -> None:
    for name, used in (("scale", options.scale is not None), ("flip", options.flip)):
        if used:
            raise InputError(
                f"`{name}` has no use here: {FORMATS[id].title} has no ratings that are read; name their columns with "
                "`rating_columns`",
                file=source.path,
            )


def _statements(source: Source, survey: Survey, plan: Plan, notes: Notes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    table = survey.table
    names = tuple(table.header[at] for at in plan.rated)
    if len(set(names)) < len(names):
        twice = next(n for n in names if names.count(n) > 1)
        raise InputError("two columns have this name; rename one", file=table.path, row=1, column=twice)
    asked = [survey.questions[at].strip() or table.header[at] for at in plan.rated] if survey.questions else [*names]
    questions = [without_legend(question) for question in asked]
    legends = sum(one != other for one, other in zip(questions, asked, strict=True))
    notes.add("changed", "questions without what they say about the numbers of the scale", table.path.name, legends)
    stated = items(questions)
    if survey.questions or survey.id or stated != list(names):
        return names, tuple(stated)
    return names, texts_beside(source, names, notes)


def _registered(tool: Tool) -> Format:
    def sniff(head: Head) -> bool:
        return tool_of(head) is tool

    def read(source: Source, options: ReadOptions) -> Profile:
        return read_survey(source, options, tool.id)

    uses = COLUMNS | {"rating_columns", "flip", "scale"}
    return Format(tool.id, f"{tool.title} export", sniff, read, signature=Signature.EXPORT, uses=uses)


for _tool in (*TOOLS, GOOGLE):
    FORMATS.register(_registered(_tool))
