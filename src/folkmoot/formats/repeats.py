"""Tables of repeated answers: a row a presentation of a statement to a person, with wording cue, order and wave.

The table is a source of its own (a Profile with everybody's first answers), or lies beside another source of the same
people and statements. `repeats` reads the presentations either way; a Profile has no place for a second answer.
"""

from __future__ import annotations

import os
from array import array
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..profile import Answers, FloatArray, InputError, IntArray, Profile, Repeats, Scale, Statements
from .base import COLUMNS, FORMATS, Format, Head, Notes, ReadOptions, Signature, Source, decoded, head_of, place
from .beside import texts_beside
from .columns import PERSON, STATEMENT
from .participants import People, Roles, named_texts, weights_at
from .scales import scale_of
from .table import Table, number, short

WHO = ("agent", *PERSON)
ANSWER = ("answer", "vote", "rating", "approval", "value")
CONDITIONS = ("cue", "order", "wave")


def sniff(head: Head) -> bool:
    """Columns for a person, a statement, an answer, the wording's cue and the wave?"""
    table = head.table
    columns = [table.find(*names) for names in (WHO, STATEMENT, ANSWER, ("cue",), ("wave",))]
    return None not in columns and len(set(columns)) == len(columns)


def read(source: Source, options: ReadOptions) -> Profile:
    """Reads everybody's first answer to each statement; `repeats` reads the others.

    Args:
        source: the table to read.
        options: the reading options; ``scale`` is needed where the answers do not show it.

    Raises:
        InputError: if a row is broken, or if an answer or condition has no possible value.
    """
    notes = Notes()
    rows = _parsed(source.head, options, notes)
    table, statements = rows.table, tuple(rows.statements)
    texts = tuple(rows.bodies) if rows.body is not None else texts_beside(source, statements, notes)
    agents = rows.people.agents()
    every = rows.repeats(notes, rows.scale(options, notes), len(agents.ids))
    first = every.first
    again = int((~first).sum())
    notes.add("seen", "answers asked for again, not in the profile; `formats.repeats` reads them", count=again)
    answers = Answers.of(every.agent[first], every.statement[first], every.value[first], every.scale)
    return Profile(
        agents,
        Statements(statements, texts),
        answers,
        notes.all(),
        source="repeats",
        facts={
            "files": [source.file.name],
            "text_columns": [table.header[i] for i in rows.text_columns],
            "scale": [every.scale.low, every.scale.high],
            "asked_again": again,
        },
    )


def repeats(source: str | os.PathLike[str], profile: Profile, *, id_column: str | None = None) -> Repeats:
    """The presentations in a table of repeated answers, people and statements numbered as in a Profile.

    Args:
        source: the table to read.
        profile: the profile read from the same table, or from another source of the same people and statements; its
            scale is the scale of the answers.
        id_column: the column with the participant's id, where it cannot be recognised.

    Raises:
        InputError: if a row is broken, or if the profile does not have a person or statement or excludes an answer.
    """
    path = Path(source)
    if not path.is_file():
        raise InputError("there is no such file", file=path)
    notes = Notes()
    rows = _parsed(head_of(path), ReadOptions(id_column=id_column), notes)
    agents = _numbers(rows.people.index, profile.agent_index, "participant", path)
    statements = _numbers(rows.statements, profile.statement_index, "statement", path)
    return rows.repeats(notes, profile.answers.scale, profile.n_agents, profile.n_statements, agents, statements)


@dataclass
class _Rows:
    """A table that is being read."""

    table: Table
    people: People
    body: int | None
    text_columns: tuple[int, ...]
    statements: dict[str, int] = field(default_factory=dict)
    bodies: list[str] = field(default_factory=list)
    agent: array[int] = field(default_factory=lambda: array("q"))
    column: array[int] = field(default_factory=lambda: array("q"))
    line: array[int] = field(default_factory=lambda: array("q"))
    value: array[float] = field(default_factory=lambda: array("d"))
    conditions: dict[str, array[int]] = field(default_factory=lambda: {name: array("q") for name in CONDITIONS})

    @property
    def values(self) -> FloatArray:
        return np.array(self.value, dtype=np.float64)

    def scale(self, options: ReadOptions, notes: Notes) -> Scale:
        name = self.table.names[self.table.find(*ANSWER) or 0]
        lines = np.array(self.line, dtype=np.int64)
        return scale_of(self.values, name, options, self.table.path, notes, lines)

    def repeats(
        self,
        notes: Notes,
        scale: Scale,
        n_agents: int,
        n_statements: int | None = None,
        agents: IntArray | None = None,
        statements: IntArray | None = None,
    ) -> Repeats:
        agent, column, values = np.array(self.agent), np.array(self.column), self.values
        for strange in np.flatnonzero((values < scale.low) | (values > scale.high))[:1]:
            raise InputError(
                f"{values[strange]:g} lies outside the scale {scale.low:g}..{scale.high:g}",
                file=self.table.path,
                row=self.line[strange],
            )
        return Repeats.of(
            agent if agents is None else agents[agent],
            column if statements is None else statements[column],
            values,
            **{name: np.array(self.conditions[name]) for name in CONDITIONS},
            n_agents=n_agents,
            n_statements=len(self.statements) if n_statements is None else n_statements,
            scale=scale,
            notes=notes.all(),
            name=self.table.path.name,
        )


def _parsed(head: Head, options: ReadOptions, notes: Notes) -> _Rows:
    table, path = head.open(), head.path
    person = table.column(options.id_column, "id_column") if options.id_column is not None else table.find(*WHO)
    statement, value = table.find(*STATEMENT), table.find(*ANSWER)
    places = {name: table.find(name) for name in CONDITIONS}
    cue, wave = places["cue"], places["wave"]
    needed = (person, statement, value, cue, wave)
    if person is None or statement is None or value is None or cue is None or wave is None or len(set(needed)) < 5:
        raise InputError("repeated answers need columns agent, statement, answer, cue and wave", file=path, row=1)
    body = table.find("statement-text")
    body = None if body in needed else body
    text_columns = named_texts(table, options)
    used = frozenset(i for i in (statement, value, body, *places.values()) if i is not None)
    weight = weights_at(table, head.sample(), options, notes)
    roles = Roles(person, text_columns, True, True, weight=weight, other=used)
    rows = _Rows(table, People(table, roles, options, notes), body, text_columns)
    if places["order"] is None:
        notes.add("seen", "no column says which side was offered first: effects of order cannot be told", path.name)
    for line, cells in table.rows():
        what, raw = cells[statement].strip(), cells[value].strip()
        who = rows.people.row(line, cells)
        if what not in rows.statements:
            if not what:
                raise InputError("the statement has no id", file=path, row=line, column=table.header[statement])
            rows.statements[what] = len(rows.statements)
            rows.bodies.append(decoded(cells[body], notes, place(path, line)) if body is not None else "")
        if not raw:
            notes.add("dropped", "presentations without an answer", place(path, line))
            continue
        rows.agent.append(who)
        rows.column.append(rows.statements[what])
        rows.line.append(line)
        rows.value.append(number(raw, path, line, table.header[value]))
        for name, at in places.items():
            rows.conditions[name].append(0 if at is None else _condition(name, cells[at], table, line, at))
    return rows


def _condition(name: str, cell: str, table: Table, line: int, at: int) -> int:
    """A condition as a whole number: any for a wave; -1, 0 or 1 for a cue or an order, where blank means 0."""
    text, column = cell.strip(), table.header[at]
    if not text and name != "wave":
        return 0
    value = number(text, table.path, line, column)
    if value != int(value) or abs(value) > (2**31 if name == "wave" else 1):
        expected = "a whole number" if name == "wave" else "1 (agreeing), -1 (disagreeing) or blank (neither)"
        raise InputError(f"{short(text)} is no {name}; it must be {expected}", file=table.path, row=line, column=column)
    return int(value)


def _numbers(here: dict[str, int], there: dict[str, int], what: str, path: Path) -> IntArray:
    unknown = [name for name in here if name not in there]
    if unknown:
        raise InputError(
            f"{what} {short(unknown[0])} is not in the profile ({len(unknown)} of {len(here)} are not); "
            "read the source that these repeated answers belong to",
            file=path,
        )
    return np.array([there[name] for name in here], dtype=np.int64)


FORMATS.register(
    Format("repeats", "repeated answers CSV", sniff, read, signature=Signature.EXPORT, uses=COLUMNS | {"scale"})
)
