"""The participants' table of a Polis export: people, and their final votes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import compress
from operator import itemgetter

from ...profile import InputError
from ..base import Head, Notes, ReadOptions, place
from ..table import Table
from .files import VOTES, mostly_listed, vote


@dataclass
class Matrix:
    """People, and votes row by row: how many each person cast, and the statement and value of each vote."""

    ids: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    kept: dict[str, list[str]] = field(default_factory=dict)
    cast: list[int] = field(default_factory=list)
    statement: list[int] = field(default_factory=list)
    value: list[int] = field(default_factory=list)


def read_matrix(head: Head, column: dict[str, int], agree: int, options: ReadOptions, notes: Notes) -> Matrix:
    """Reads people, their groups and their votes; empty is not seen, 0 is a pass.

    Args:
        head: the file to read.
        column: the number of each statement, by its id.
        agree: the value of a vote that agrees, 1 or -1, as far as it is known.
        options: the reading options; ``keep`` may name ``xid``.
        notes: the notes to which is added what is dropped, and where ``n-agree`` does not fit.

    Raises:
        InputError: if a row is broken, a participant or a statement occurs twice or a cell is not a vote.
    """
    table, path = head.open(), head.path
    person, group, n_agree = table.column("participant", "the reader"), table.find("group-id"), table.find("n-agree")
    kept = _kept(table, options, notes)
    fixed = {i for i, name in enumerate(table.names) if _is_fixed(name)}
    cells_of: list[tuple[int, int]] = []
    unknown: list[int] = []
    used: set[str] = set()
    for i, name in enumerate(table.written):
        if i in fixed:
            continue
        if name in used:
            raise InputError(f"comment-id {name!r} has two columns", file=path, row=1, column=name)
        used.add(name)
        if name in column:
            cells_of.append((i, column[name]))
        else:
            unknown.append(i)
    matrix = Matrix(kept={name: [] for name in kept})
    places, targets = [i for i, _ in cells_of], [j for _, j in cells_of]
    lost, votes_of = 0, _picking(places)
    for line, cells in table.rows():
        name = cells[person].strip()
        if not name:
            raise InputError("the participant has no id", file=path, row=line, column="participant")
        matrix.ids.append(name)
        matrix.groups.append(cells[group].strip() if group is not None else "")
        for wanted, at in kept.items():
            matrix.kept[wanted].append(cells[at])
        # Most cells are empty: Python's own loops find those that are not, and what they say.
        row = votes_of(cells)
        written = list(compress(range(len(places)), row))
        try:
            values = list(map(VOTES.__getitem__, map(row.__getitem__, written)))
        except KeyError:  # with spaces, or no vote at all
            written = [at for at in written if row[at].strip()]
            values = [vote(row[at], path, line, table.header[places[at]]) for at in written]
        ones = values.count(agree)
        matrix.cast.append(len(values))
        matrix.statement.extend(map(targets.__getitem__, written))
        matrix.value.extend(values)
        lost += sum(1 for i in unknown if cells[i].strip())
        if n_agree is not None and cells[n_agree].strip():
            stated = cells[n_agree].strip()
            if stated.removesuffix(".0") != str(ones):
                notes.add(
                    "seen", "participants whose n-agree is not the number of their agreeing votes", place(path, line)
                )
    _unique(matrix.ids, table)
    mostly_listed(len(matrix.value), lost, path)
    notes.add("dropped", "votes in the matrix on statements that the comments file does not list", path.name, lost)
    return matrix


def _picking(places: Sequence[int]) -> Callable[[list[str]], Sequence[str]]:
    """What takes the cells at these places, in ascending order, out of a row."""
    first = min(places, default=0)
    if list(places) == list(range(first, first + len(places))):
        return itemgetter(slice(first, first + len(places)))
    return itemgetter(*places)


def _is_fixed(name: str) -> bool:
    # Statement columns are numbers; everything else describes the participant.
    return not name.isdigit()


def _kept(table: Table, options: ReadOptions, notes: Notes) -> dict[str, int]:
    known = {"participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"}
    kept: dict[str, int] = {}
    wanted = {name.lower().replace("_", "-") for name in options.keep}
    for i, name in enumerate(table.names):
        if not _is_fixed(name) or name in known:
            continue
        if name in wanted:
            kept[table.header[i]] = i
        else:
            notes.add("unused", f"column {table.header[i]!r}, which may tell who a participant is", table.path.name)
    return kept


def _unique(ids: list[str], table: Table) -> None:
    if len(set(ids)) == len(ids):
        return
    seen: set[str] = set()
    for name, (line, _) in zip(ids, table.rows(), strict=True):
        if name in seen:
            raise InputError(f"participant {name!r} occurs twice", file=table.path, row=line, column="participant")
        seen.add(name)
