"""Tables with people in them: who, what they wrote, weights, groups; the rest is dropped and named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from ..profile import Agents, InputError
from .base import PLACES, Notes, ReadOptions, decoded, place
from .columns import WEIGHT, personal
from .table import Table, listed, plain, short
from .weights import masses_in, weight

Rows = Sequence[tuple[int, list[str]]]


@dataclass
class Roles:
    """What each column of a table is for.

    Args:
        person: the column of the id; None: every row is one person, whose id is the row's number.
        texts: the columns with what people wrote.
        repeated: whether the same person may have several rows.
        optional: whether people were not expected to write, so that empty texts need no note.
        hide_ids: whether the id is a name, so that people are identified by number instead.
        other: the columns that the format itself uses or knows to be of no use.
    """

    person: int | None
    texts: tuple[int, ...]
    repeated: bool = False
    optional: bool = False
    hide_ids: bool = False
    other: frozenset[int] = field(default_factory=frozenset)


def named_columns(table: Table, options: ReadOptions) -> frozenset[int]:
    """The columns that the caller named, and the weights: none of them is guessed to hold texts or ratings."""
    named = {"group_columns": options.group_columns, "keep": options.keep}
    if options.weight_column:
        named["weight_column"] = (options.weight_column,)
    columns = {table.column(name, option) for option, names in named.items() for name in names}
    recognised = table.find(*WEIGHT) if options.weight_column is None else None
    return frozenset(columns | ({recognised} if recognised is not None else set()))


class People:
    """The people of a table that is being read: pass every row to `row`, then call `agents`."""

    def __init__(self, table: Table, roles: Roles, options: ReadOptions, notes: Notes) -> None:
        self.table, self.roles, self.notes = table, roles, notes
        self.groups = {c: table.column(c, "group_columns") for c in options.group_columns}
        self.keep = {c: table.column(c, "keep") for c in options.keep}
        weight_column = options.weight_column
        self.heavy = table.column(weight_column, "weight_column") if weight_column is not None else table.find(*WEIGHT)
        self.index: dict[str, int] = {}
        self._lines: list[int] = []
        self._texts: list[list[str]] = []
        self._weights: list[str] = []
        self._masses: list[float] = []
        self._labels: dict[str, list[str]] = {c: [] for c in (*self.groups, *self.keep)}
        self._rows = 0

    def row(self, line: int, cells: list[str]) -> int:
        """The number of the person to whom this row belongs.

        Raises:
            InputError: if there is no id, if an id occurs twice where a row is a person, or if a weight is not a
                positive number or differs from the person's earlier one.
        """
        roles, index = self.roles, self.index
        self._rows += 1
        who = str(self._rows) if roles.person is None else cells[roles.person].strip()
        me = index.get(who)
        if me is None:
            me = self._new(who, line, cells)
        elif not roles.repeated:
            self._refuse(
                f"participant {short(who)} occurs twice (first in row {self._lines[me]}); ids must be unique",
                line,
                roles.person,
            )
        elif self.heavy is not None and cells[self.heavy].strip() != self._weights[me]:
            self._refuse(f"participant {short(who)} has two weights", line, self.heavy)
        for at in roles.texts:
            if cells[at].strip():
                self._texts[me].append(decoded(cells[at], self.notes, place(self.table.path, line)))
            elif not roles.optional:
                column = self.table.header[at]
                self.notes.add("dropped", f"empty texts in column {column!r}", place(self.table.path, line))
        return me

    def agents(self) -> Agents:
        """The people, with notes on everything about them that was changed or left out."""
        notes, roles, name, n = self.notes, self.roles, self.table.path.name, len(self.index)
        if roles.texts and not roles.optional:
            silent = [line for line, texts in zip(self._lines, self._texts, strict=True) if not texts]
            where = [place(self.table.path, line) for line in silent[:PLACES]]
            notes.add("seen", "participants who wrote nothing", where, len(silent))
        if roles.texts:
            columns = ("column " if len(roles.texts) == 1 else "columns ") + listed(
                [self.table.header[i] for i in roles.texts]
            )
            notes.add("seen", f"texts read from {columns}", name, sum(map(len, self._texts)))
        if self.heavy is not None:
            notes.add("seen", f"weights read from column {self.table.header[self.heavy]!r}", name, n)
        if roles.person is None:
            notes.add("seen", "no column says who is who: every row is one participant, called by its number", name, n)
        elif roles.hide_ids:
            notes.add("changed", f"names in column {self.table.header[roles.person]!r} replaced by numbers", name, n)
        used = {*roles.texts, *self.groups.values(), *self.keep.values(), *roles.other, roles.person, self.heavy}
        _note_unused(self.table, used, notes)
        return Agents(
            tuple(map(str, range(1, n + 1))) if roles.hide_ids else tuple(self.index),
            tuple(tuple(t) for t in self._texts) if any(self._texts) else (),
            masses_in(self._masses) if self._masses else None,
            {c: tuple(self._labels[c]) for c in self.groups},
            {c: tuple(self._labels[c]) for c in self.keep},
        )

    def _new(self, who: str, line: int, cells: list[str]) -> int:
        if not who:
            self._refuse("the participant has no id", line, self.roles.person)
        me = self.index[who] = len(self.index)
        self._lines.append(line)
        self._texts.append([])
        for column, at in (*self.groups.items(), *self.keep.items()):
            self._labels[column].append(cells[at].strip())
        if self.heavy is not None:
            self._weights.append(cells[self.heavy].strip())
            self._masses.append(weight(cells[self.heavy], self.table.path, line, self.table.header[self.heavy]))
        return me

    def _refuse(self, what: str, line: int, column: int | None) -> NoReturn:
        raise InputError(what, file=self.table.path, row=line, column=self.table.header[column or 0])


def agents_of(table: Table, rows: Rows, roles: Roles, options: ReadOptions, notes: Notes) -> Agents:
    """The people of a table whose rows have been read already.

    Raises:
        InputError: for the same reasons as `People.row`.
    """
    people = People(table, roles, options, notes)
    for line, cells in rows:
        people.row(line, cells)
    return people.agents()


def _note_unused(table: Table, used: set[int | None], notes: Notes) -> None:
    unused = [i for i in range(len(table.header)) if i not in used]
    secret = [table.header[i] for i in unused if personal(table.header[i])]
    rest = [table.header[i] for i in unused if not personal(table.header[i])]
    where = table.path.name
    if secret:
        notes.add("unused", f"personal columns: {listed(secret)}", where, len(secret))
    if rest:
        notes.add("unused", f"columns that are not used: {listed(rest)}", where, len(rest))


def named_texts(table: Table, options: ReadOptions) -> tuple[int, ...]:
    """The columns that the caller named as texts."""
    return tuple(table.column(name, "text_columns") for name in options.text_columns)


def is_kept(table: Table, column: int, options: ReadOptions) -> bool:
    """Whether the caller named this column, as the id or to be kept."""
    wanted = {plain(n) for n in (*options.keep, *([options.id_column] if options.id_column else []))}
    return table.names[column] in wanted
