"""Reading a table with one row a person: what people wrote, or how they rated, whatever tool it comes from."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ..profile import Answers, FloatArray, InputError, IntArray, Profile, Scale, Statements
from .base import COLUMNS, FORMATS, Format, Head, ReadOptions, Signature, Source
from .beside import texts_beside
from .coding import Coding, coding_of, explained, is_missing, missing_values
from .columns import QUESTION, ROW_ID, STATEMENT, TEXT
from .grids import items
from .left_out import note_left_out
from .notes import Notes, place
from .numbers import is_number, to_number
from .participants import People, Roles, agents_of, named_columns, named_texts, texts_in, told_apart, weights_at
from .repeated import one_row_each
from .roles import Column, Rows, columns_of, named_ratings, unknown_language
from .scales import Scaled, alike, buckets, refuse_codes, refuse_codes_of_some, refuse_ranks, scaled
from .survey_tools import GOOGLE, TOOLS, Survey, Tool, survey_of, tool_of
from .table import Table, listed, short
from .units import crossed, own_id
from .words import languages

What = Literal["texts", "ratings"]


@dataclass(frozen=True)
class Plan:
    """What is going to be read from a survey.

    Args:
        texts: the columns with what people wrote.
        rated: the columns with ratings.
        columns: every column with its role.
    """

    texts: tuple[int, ...]
    rated: tuple[int, ...]
    columns: tuple[Column, ...]


def holds(head: Head) -> What | None:
    """Whether the beginning of a table holds what people wrote, or ratings; None: neither, or in doubt."""
    columns = _sampled(head)[1]
    if any(c.role == "text" for c in columns):
        return "texts"
    return "ratings" if any(c.role == "rating" for c in columns) else None


def one_row_a_person(head: Head) -> bool:
    """Whether every row of a table without an id is likely a person: it holds opinions, and nothing like statements."""
    names = head.table.names
    # Beside others it may hold anything: the rounds of a run, the figures of a report.
    if not head.alone or {*STATEMENT} & {*names} or not all(names[1:]):
        return False
    rows, columns = _sampled(head)
    if len(rows) < 2:
        return False
    kinds = Counter(_kind(c) for c in columns if c.role == "rating")
    if not any(c.role == "text" for c in columns) and max(kinds.values(), default=0) < 2:
        return False
    choices = [c.index for c in columns if c.role == "choice"]
    return all(crossed(rows, person, [c for c in choices if c != person]) is None for person in choices)


def _sampled(head: Head) -> tuple[Rows, tuple[Column, ...]]:
    """The rows in the beginning of a table, and its columns with their roles."""
    survey = survey_of(head, Notes(), rows=False)
    table = survey.table
    rows = head.sample()[table.skipped :]
    who = head.table.find("participant") if head.person is not None else survey.person
    taken = frozenset({who} if who is not None else ())
    return rows, columns_of(table, rows, ReadOptions(), taken, survey.system, survey.questions)


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
    plan = _plan(survey, columns, options, wanted)
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
    agent, column, read = _ratings(rows, people, plan, options, survey, notes)
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
            "opinions": [*texts_in(table, plan.texts), *(f"column {_described(plan.columns[i])}" for i in plan.rated)],
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
            "with letters in a row above it",
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


def _plan(survey: Survey, columns: tuple[Column, ...], options: ReadOptions, wanted: What | None) -> Plan:
    table = survey.table
    texts = named_texts(table, options)
    if options.rating_columns:
        rated = tuple(i for i in named_ratings(table, options, survey.questions) if i not in texts)
        return Plan(texts, rated, columns)
    if texts:
        return Plan(texts, (), columns)
    written = [c for c in columns if c.role == "text" or (len(columns) == 1 and c.role == "choice")]
    if written and wanted != "ratings":
        called = tuple(c.index for c in written if table.names[c.index] in TEXT) if not survey.id else ()
        if not called and unknown_language(table, written):
            raise InputError(
                f"several columns hold texts ({listed([c.name for c in written])}), and some may be personal; name "
                "those with opinions with `text_columns`",
                file=table.path,
                row=1,
            )
        return Plan(called or tuple(c.index for c in written), (), columns)
    if wanted == "texts":
        raise InputError(f"no column looks like something written{_seen(columns)}", file=table.path, row=1)
    rated = _common([c for c in columns if c.role == "rating"], options, survey)
    if not rated:
        nothing = "holds ratings" if wanted == "ratings" else "holds opinions"
        raise InputError(f"no column {nothing}{_seen(columns)}", file=table.path, row=1)
    comments = tuple(c.index for c in columns if c.role == "text" and table.names[c.index] in TEXT)
    return Plan(comments, rated, columns)


def taken_for(head: Head) -> str:
    """Every column of a table with what it is taken for, for a message; only its name if a row is broken."""
    try:
        columns = _sampled(head)[1]
    except InputError:
        return listed(head.table.header, 12)
    shown = []
    for column in columns:
        role = _ROLES.get(column.role, "") if not column.why else column.why
        shown.append(repr(column.name) + (f" ({role})" if role else ""))
    return ", ".join(shown[:12]) + (f" and {len(shown) - 12} more" if len(shown) > 12 else "")


_ROLES = {
    "text": "texts",
    "rating": "ratings",
    "ticks": "ticked options",
    "choice": "choices",
    "personal": "personal",
    "system": "of the tool",
    "empty": "empty",
    "named": "the id",
}


def _seen(columns: Sequence[Column]) -> str:
    """The columns that could be meant, in a message, with the options that name them."""
    free = [c.name for c in columns if c.role not in ("system", "named", "empty")]
    if not free:
        return "; it needs a column with what people wrote or one column a statement with their ratings"
    return (
        f"; there is {listed(free, 12)}: name one with what people wrote with `text_columns`, or those with ratings "
        "with `rating_columns`"
    )


def _common(rated: Sequence[Column], options: ReadOptions, survey: Survey) -> tuple[int, ...]:
    """The columns that share a scale.

    Raises:
        InputError: if the columns of numbers do not share one.
    """
    families = {_kind(c) for c in rated}
    if len(families) > 1:
        most = max(families, key=lambda kind: (sum(_kind(c) == kind for c in rated), kind[:8] == "agreemen", kind))
        rated = [c for c in rated if _kind(c) == most]
    numbers = [c for c in rated if c.coding is not None and c.coding.kind != "words"]
    if options.scale is None:
        refuse_codes({value for c in numbers for value in c.distinct}, survey.table.path)
    if options.scale is None and len(numbers) > 1 and not alike([(c.low, c.high) for c in numbers]):
        usual = buckets([(c.low, c.high) for c in numbers])
        most_usual = max(usual, key=usual.count)
        same = [c.name for c, one in zip(numbers, usual, strict=True) if one == most_usual]
        raise InputError(
            f"the columns of numbers do not share a scale: {'; '.join(map(_described, numbers[:12]))}; name those with "
            f"ratings, e.g. `rating_columns={same[:6]!r}`; or, if all are on one scale, state it with `scale`, "
            "and name values that are no answers with `missing`",
            file=survey.table.path,
            row=1,
        )
    return tuple(c.index for c in rated)


def _kind(column: Column) -> str:
    coding = column.coding
    return coding.family.name if coding is not None and coding.kind == "words" and coding.family else "numbers"


def _described(column: Column) -> str:
    if column.coding is not None and column.coding.kind == "words":
        return f"{column.name!r} (in words)"
    return f"{column.name!r} ({column.low:g} to {column.high:g})"


def _ratings(
    rows: Rows, people: People, plan: Plan, options: ReadOptions, survey: Survey, notes: Notes
) -> tuple[IntArray, IntArray, Scaled]:
    """Who rated which column how: agent and column of every answer, and the answers on their common scale."""
    table, missing = survey.table, missing_values(options.missing)
    codings = _codings(rows, plan.rated, survey, missing)
    agent, column, line_of, values = array("q"), array("q"), array("q"), array("d")
    columns = [(j, at, dict[str, float | None]()) for j, at in enumerate(plan.rated)]
    for line, cells in rows:
        i = people.row(line, cells)
        for j, at, known in columns:
            raw = cells[at]
            value = known.get(raw)
            if value is None and raw not in known:
                value = known[raw] = None if is_missing(raw, missing) else codings[j].value(raw)
            if value is not None:
                agent.append(i)
                column.append(j)
                line_of.append(line)
                values.append(value)
            elif not raw or raw.isspace():
                continue
            elif is_missing(raw, missing) or to_number(raw) in codings[j].nothing:
                notes.add("seen", f"cells that are no answers: {short(raw.strip())}", place(table.path, line))
            else:
                what = "number" if codings[j].kind == "numbers" else "known answer"
                raise InputError(
                    f"{short(raw.strip())} is not a {what}; if it is no answer, name it with `missing`",
                    file=table.path,
                    row=line,
                    column=table.header[at],
                )
    a, s = np.array(agent, dtype=np.int64), np.array(column, dtype=np.int64)
    v, lines = np.array(values, dtype=np.float64), np.array(line_of, dtype=np.int64)
    return a, s, _on_one_scale(a, s, v, lines, codings, plan, options, survey, notes)


def _codings(rows: Rows, rated: Sequence[int], survey: Survey, missing: frozenset[str]) -> list[Coding]:
    """How each column is written, or all together where one alone does not say."""
    codings = []
    counts = [Counter([cells[at] for _, cells in rows]) for at in rated]
    pooled = coding_of(sum(counts, Counter()).elements(), missing)
    for at, count in zip(rated, counts, strict=True):
        own = coding_of(count.elements(), missing)
        same = own is None or pooled is None or (own.kind == pooled.kind and own.kind != "numbers")
        coding = pooled if same and pooled is not None else own
        if coding is None:
            answers = [cells[at] for _, cells in rows if not is_missing(cells[at], missing)]
            some = listed(list(dict.fromkeys(answers)), 6) if answers else "nothing"
            raise InputError(
                f"the answers are no ratings: {some}; write them as numbers, the best as the highest, or in the usual "
                f"words of agreement, satisfaction and the like ({', '.join(languages())})",
                file=survey.table.path,
                row=1,
                column=survey.table.header[at],
            )
        asked = survey.questions[at] if survey.questions else survey.table.header[at]
        codings.append(explained(coding, asked))
    return codings


def _on_one_scale(
    agent: IntArray,
    column: IntArray,
    values: FloatArray,
    lines: IntArray,
    codings: Sequence[Coding],
    plan: Plan,
    options: ReadOptions,
    survey: Survey,
    notes: Notes,
) -> Scaled:
    path = survey.table.path
    if options.scale is not None:
        codings = [replace(coding, turned=None) for coding in codings]
    else:
        codings = _one_direction(codings, plan, survey)
    kinds = {(coding.kind, coding.family.name if coding.family else "", coding.turned) for coding in codings}
    ranges = [
        (float(v.min()), float(v.max()))
        for j in range(len(codings))
        if len(v := values[column == j]) and len(kinds) == 1
    ]
    if options.scale is None and all(c.kind == "numbers" and c.turned is None for c in codings):
        refuse_codes_of_some([values[column == j] for j in range(len(codings))], path)
        refuse_ranks(_complete(agent, column, values, len(codings)), path)
    shared = len(kinds) == 1 and (
        codings[0].kind == "words" or options.scale is not None or len(ranges) < 2 or alike(ranges)
    )
    if shared:
        return scaled(values, "", options, path, notes, lines, codings[0])
    # Columns on scales of their own: each from 0 (its worst) to 1 (its best).
    out = np.empty(len(values))
    said, directions = [], []
    for j, coding in enumerate(codings):
        here = column == j
        if not here.any():
            continue
        own = scaled(values[here], "", options, path, Notes(), lines[here], coding)
        out[here] = (own.values - own.scale.low) / (own.scale.high - own.scale.low)
        said.append(f"{survey.table.header[plan.rated[j]]!r} {own.scale.low:g} to {own.scale.high:g}")
        directions.append(own.direction.split("; shown")[0])
    notes.add(
        "changed", f"columns on scales of their own, each read from 0 to 1: {'; '.join(said)}", path.name, len(values)
    )
    direction = f"1 is the best of every column: {'; '.join(dict.fromkeys(directions))}"
    return Scaled(out, Scale("rating", 0.0, 1.0), direction)


def _one_direction(codings: Sequence[Coding], plan: Plan, survey: Survey) -> list[Coding]:
    """The codings, where the questions of some columns say which end of the numbers is the best and others do not.

    Raises:
        InputError: if the lowest number is said to be the best, which need not be true of the other columns.
    """
    numbers = {coding.turned: j for j, coding in enumerate(codings) if coding.kind == "numbers"}
    if True in numbers and None in numbers:
        turned, silent = (survey.table.header[plan.rated[numbers[said]]] for said in (True, None))
        raise InputError(
            f"the lowest number is the best of column {turned!r}, and nothing says so of {silent!r}; name columns of "
            f"one direction, e.g. `rating_columns={[turned]!r}`, or state the scale of all, as in `scale=(5, 1)`",
            file=survey.table.path,
            row=1,
        )
    if False in numbers and None in numbers:
        return [replace(c, turned=False) if c.kind == "numbers" else c for c in codings]
    return list(codings)


def _complete(agent: IntArray, column: IntArray, values: FloatArray, n_columns: int) -> FloatArray:
    """The answers of those who answered everything, float64 [people, columns]."""
    table = np.full((int(agent.max(initial=-1)) + 1, n_columns), np.nan)
    table[agent, column] = values
    complete: FloatArray = table[~np.isnan(table).any(axis=1)]
    return complete


def _statements(source: Source, survey: Survey, plan: Plan, notes: Notes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    table = survey.table
    names = tuple(table.header[at] for at in plan.rated)
    if len(set(names)) < len(names):
        twice = next(n for n in names if names.count(n) > 1)
        raise InputError("two columns have this name; rename one", file=table.path, row=1, column=twice)
    questions = [survey.questions[at].strip() or table.header[at] for at in plan.rated] if survey.questions else []
    if questions:
        return names, tuple(items(questions))
    stated = items(names)
    if stated != list(names):
        return names, tuple(stated)
    if survey.id:
        return names, names
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
