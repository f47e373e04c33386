"""What people marked as important: flags beside votes, never votes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...profile import VOTE, Answers, FloatArray, InputError, IntArray, Scale
from ..base import Head, Notes, ReadOptions
from .files import Files, important

DOUBLE = Scale("rating", -2.0, 2.0)
"""Votes of which the important ones count double: -2 is an important disagree, 2 an important agree."""


def answers(
    final: tuple[IntArray, IntArray, IntArray],
    logged: tuple[IntArray, IntArray] | None,
    files: Files,
    column: Mapping[str, int],
    people: Mapping[str, int],
    counted: int,
    options: ReadOptions,
    notes: Notes,
    facts: dict[str, Any],
) -> Answers:
    """The final votes; with ``importance`` those that people marked count double.

    Args:
        final: the person, statement and value of the final votes.
        logged: the key (person times number of statements plus statement) and flag of votes in the event log, if it
            has flags.
        files: the files of the conversation.
        column: the number of each statement, by its id.
        people: the number of each participant, by id.
        counted: how many votes the comments file counts as important.
        options: the reading options.
        notes: the notes to which is added what is known of importance, and what became of it.
        facts: the facts to which ``importance`` is added.

    Raises:
        InputError: if ``importance`` is asked for and no file says which votes are important.
    """
    agent, statement, value = final
    m = len(column)
    flag = np.full(len(value), -1, dtype=np.int64)
    key = agent * m + statement
    where = []
    if logged is not None and files.votes is not None:
        _put(flag, key, *logged)
        where.append(files.votes.path.name)
    if files.importance is not None:
        if options.importance or logged is None:
            other = np.full(len(value), -1, dtype=np.int64)
            _put(other, key, *_table(files.importance, column, people))
            differ = int(((flag >= 0) & (other >= 0) & (flag != other)).sum())
            what = "votes of which two files say different things about importance: the event log counts"
            notes.add("seen", what, files.importance.path.name, differ)
            flag = np.where(flag < 0, other, flag)
        where.append(files.importance.path.name)
    known, marked = int((flag >= 0).sum()), flag == 1
    if options.importance and not known:
        raise InputError(
            "`importance` has no use here: no file says which votes are important (votes.csv with a column important, "
            "or participant-importance.csv)"
        )
    if known:
        facts["importance"] = {"known": known, "marked": int(marked.sum()), "counts_double": options.importance}
    if not options.importance:
        what = f"votes marked as important (of {known:,} votes): not used, `importance` counts them double"
        notes.add("seen", what, where, int(marked.sum()))
        if not known and counted:
            which = "votes are counted as important, but no file says which"
            notes.add("seen", which, files.comments.path.name if files.comments else "", counted)
        return Answers.of(agent, statement, value.astype(np.float64), VOTE)
    double: FloatArray = value * (1.0 + marked)
    what = "votes marked as important count double, as asked for: from -2 (disagree) to 2 (agree)"
    notes.add("changed", what, where, int((marked & (value != 0)).sum()))
    notes.add("seen", "passes marked as important: they stay 0", where, int((marked & (value == 0)).sum()))
    return Answers.of(agent, statement, double, DOUBLE)


def _put(flag: IntArray, key: IntArray, keys: IntArray, flags: IntArray) -> None:
    order = np.argsort(keys, kind="stable")
    keys, flags = keys[order], flags[order]
    if not len(keys):
        return
    at = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
    found = keys[at] == key
    flag[found] = flags[at][found]


def _table(head: Head, column: Mapping[str, int], people: Mapping[str, int]) -> tuple[IntArray, IntArray]:
    """Key and flag of every cell of the table that says something about a vote."""
    table = head.open()
    person = table.column("participant", "the reader")
    at = [(i, column[name]) for i, name in enumerate(table.header) if name in column]
    keys: list[int] = []
    flags: list[int] = []
    for line, cells in table.rows():
        who = people.get(cells[person].strip())
        if who is None:
            continue
        for i, j in at:
            if cells[i].strip():
                keys.append(who * len(column) + j)
                flags.append(important(cells[i], head.path, line, table.header[i]))
    return np.array(keys, dtype=np.int64), np.array(flags, dtype=np.int64)
