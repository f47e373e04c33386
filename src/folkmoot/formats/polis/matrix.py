"""The participants' table of a Polis export: people, and their final votes."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...profile import InputError
from ..base import Head, Notes, ReadOptions, place
from ..table import Table
from .files import VOTES, mostly_listed, vote


@dataclass
class Matrix:
    """People and votes, as parallel lists: person, statement, value of each vote."""

    ids: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    kept: dict[str, list[str]] = field(default_factory=dict)
    agent: list[int] = field(default_factory=list)
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
    target = dict(cells_of)
    first = min(target, default=0)
    lost = 0
    for line, cells in table.rows():
        name = cells[person].strip()
        if not name:
            raise InputError("the participant has no id", file=path, row=line, column="participant")
        matrix.ids.append(name)
        me = len(matrix.ids) - 1
        matrix.groups.append(cells[group].strip() if group is not None else "")
        for wanted, at in kept.items():
            matrix.kept[wanted].append(cells[at])
        ones = 0
        for i, cell in enumerate(cells[first:], start=first):
            if not cell:
                continue
            j = target.get(i)
            if j is None:
                continue
            known = VOTES.get(cell)
            if known is None:
                if not cell.strip():
                    continue
                known = vote(cell, path, line, table.header[i])
            ones += known == agree
            matrix.agent.append(me)
            matrix.statement.append(j)
            matrix.value.append(known)
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
