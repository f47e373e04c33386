"""Tables with people in them: who, what they wrote, weights, groups; the rest is dropped and named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from ..profile import Agents, InputError
from ..profile.contacts import without_contacts
from ..profile.sentences import noted
from .base import PLACES, Notes, ReadOptions, decoded, place
from .coding import is_missing, missing_values
from .columns import WEIGHT, personal
from .numbers import to_number
from .privacy import contacts
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
        anonymous: whether a row without an id is a person of its own, instead of being refused.
        weight: the column with weights; None: there are none.
        other: the columns that the format itself uses or knows to be of no use.
    """

    person: int | None
    texts: tuple[int, ...]
    repeated: bool = False
    optional: bool = False
    hide_ids: bool = False
    anonymous: bool = False
    weight: int | None = None
    other: frozenset[int] = field(default_factory=frozenset)


def named_columns(table: Table, options: ReadOptions) -> frozenset[int]:
    """The columns that the caller named, and the weights: none of them is guessed to hold texts or ratings."""
    named = {"group_columns": options.group_columns, "keep": options.keep}
    if options.weight_column:
        named["weight_column"] = (options.weight_column,)
    return frozenset(table.column(name, option) for option, names in named.items() for name in names)


def weights_at(table: Table, rows: Rows, options: ReadOptions, notes: Notes) -> int | None:
    """The column with the weights: the one that the caller names, or one that is called so and holds no body weights.

    Args:
        table: the table.
        rows: all or some of its rows.
        options: the reading options.
        notes: the notes to which a column is added that is called weight and holds something else.
    """
    if options.weight_column is not None:
        return table.column(options.weight_column, "weight_column")
    column = table.find(*WEIGHT)
    if column is None:
        return None
    values = [value for _, cells in rows if (value := to_number(cells[column])) is not None]
    if len(values) > 1 and BODIES[0] <= min(values) and max(values) <= BODIES[1]:
        held = f"{min(values):g} to {max(values):g}"
        notes.add(
            "seen",
            f"column {table.header[column]!r} holds {held} and is not taken for survey weights; if it holds them, say "
            f"`weight_column={table.header[column]!r}`",
            table.path.name,
        )
        return None
    return column


BODIES = (20.0, 250.0)
"""The weights of people's bodies, in kilograms or pounds: numbers of which survey weights are not made up alone."""


class People:
    """The people of a table that is being read: pass every row to `row`, then call `agents`."""

    def __init__(self, table: Table, roles: Roles, options: ReadOptions, notes: Notes) -> None:
        self.table, self.roles, self.options, self.notes = table, roles, options, notes
        self.groups = {c: table.column(c, "group_columns") for c in options.group_columns}
        self.keep = {c: table.column(c, "keep") for c in options.keep}
        self.heavy = roles.weight
        self.missing = missing_values(options.missing)
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
        if not who and roles.anonymous:
            who = f"row {line}"
            self.notes.add("seen", "rows without a name: each is a person of its own", place(self.table.path, line))
        me = index.get(who)
        if me is None:
            me = self._new(who, line, cells)
        elif not roles.repeated:
            self._refuse(
                f"participant {short(who)} occurs twice (first in row {self._lines[me]}); say which counts with "
                "`repeated`: last or first",
                line,
                roles.person,
            )
        elif self.heavy is not None and cells[self.heavy].strip() != self._weights[me]:
            self._refuse(f"participant {short(who)} has two weights", line, self.heavy)
        for at in roles.texts:
            cell = cells[at]
            if not is_missing(cell, self.missing):
                text = decoded(cell, self.notes, place(self.table.path, line))
                public = without_contacts(text)
                if public != text:
                    what = "texts without the e-mail addresses and phone numbers that people wrote into them"
                    self.notes.add("changed", what, place(self.table.path, line))
                self._texts[me].append(public)
            elif cell.strip():
                what = f"answers in column {self.table.header[at]!r} that say nothing ({short(cell.strip())})"
                self.notes.add("seen", what, place(self.table.path, line))
            elif not roles.optional:
                column = self.table.header[at]
                self.notes.add("seen", f"cells of column {column!r} left empty", place(self.table.path, line))
        return me

    def agents(self) -> Agents:
        """The people, with notes on everything about them that was changed or left out."""
        notes, roles, name, n = self.notes, self.roles, self.table.path.name, len(self.index)
        hidden = roles.hide_ids or (
            roles.person is not None
            and not is_kept(self.table, roles.person, self.options)
            and contacts(list(self.index))
        )
        if roles.texts and not roles.optional:
            silent = [line for line, texts in zip(self._lines, self._texts, strict=True) if not texts]
            where = [place(self.table.path, line) for line in silent[:PLACES]]
            notes.add("seen", "participants who wrote nothing", where, len(silent))
        if roles.texts:
            columns, several = listed([self.table.header[i] for i in roles.texts]), len(roles.texts) > 1
            read_from = f"texts read from columns {columns}" if several else f"texts read from column {columns}"
            notes.add("seen", read_from, name, sum(map(len, self._texts)))
        if self.heavy is not None:
            notes.add("seen", f"weights read from column {self.table.header[self.heavy]!r}", name, n)
        if roles.person is None:
            notes.add("seen", "no column says who is who: every row is one participant, called by its number", name, n)
        elif hidden:
            column = self.table.header[roles.person]
            what = (
                f"names or addresses in column {column!r} replaced by numbers, in the order in which they first occur"
            )
            notes.add("changed", what, name, n)
        used = {*roles.texts, *self.groups.values(), *self.keep.values(), *roles.other, roles.person, self.heavy}
        _note_unused(self.table, used, notes)
        return Agents(
            tuple(map(str, range(1, n + 1))) if hidden else tuple(self.index),
            tuple(tuple(t) for t in self._texts) if any(self._texts) else (),
            masses_in(self._masses) if self._masses else None,
            {c: tuple(self._labels[c]) for c in self.groups},
            {c: tuple(self._labels[c]) for c in self.keep},
        )

    def _new(self, who: str, line: int, cells: list[str]) -> int:
        if not who:
            self._refuse(
                "the participant has no id; leave the row out, or name another column with `id_column`",
                line,
                self.roles.person,
            )
        me = self.index[who] = len(self.index)
        self._lines.append(line)
        self._texts.append([])
        for column, at in (*self.groups.items(), *self.keep.items()):
            self._labels[column].append(cells[at].strip())
        if self.heavy is not None:
            self._weights.append(cells[self.heavy].strip())
            self._masses.append(weight(self.table, cells[self.heavy], line, self.heavy))
        return me

    def _refuse(self, what: str, line: int, column: int | None) -> NoReturn:
        raise InputError(what, file=self.table.path, row=line, column=self.table.header[column or 0])


def told_apart(table: Table, person: int | None) -> str:
    """How participants are told apart, in a few words."""
    return noted("one each row") if person is None else noted(f"told apart by column {table.header[person]!r}")


def texts_in(table: Table, columns: Sequence[int]) -> list[str]:
    """The columns in which people wrote, as they are named to a reader."""
    return [noted(f"column {table.header[i]!r} (texts)") for i in columns]


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
    """Whether the caller wants this column to be kept as it is."""
    return table.names[column] in {plain(n) for n in options.keep}
