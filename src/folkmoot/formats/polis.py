"""Polis export folders, all generations: statements, last votes, sign tests, reconciliation."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..profile import VOTE, Agents, Answers, InputError, IntArray, Profile, Provenance, Statements
from .base import Notes, ReadOptions, Source, place, siblings
from .polis_files import VOTES, Comment, Files, comments, events, files_of, summary, vote
from .table import Table, open_table
from .weights import apply_weights, weights_in

FEWEST_OWN = 10
"""Own-statement votes that are needed before they decide about the sign."""


@dataclass
class _Matrix:
    """The participants' table: people and their final votes."""

    ids: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    xids: list[str] | None = None
    kept: dict[str, list[str]] = field(default_factory=dict)
    agrees: list[int | None] = field(default_factory=list)
    agent: list[int] = field(default_factory=list)
    statement: list[int] = field(default_factory=list)
    value: list[int] = field(default_factory=list)


def read(source: Source, options: ReadOptions) -> Profile:
    """Reads a conversation from its folder, or from one of its files and those beside it.

    The final vote of each pair is the last by time in the event log; what only the matrix knows is added.

    Args:
        source: the folder or one of its files.
        options: ``flip`` turns every vote, ``keep`` may name ``xid``.

    Raises:
        InputError: a file is missing or broken, or the votes' sign is inverted.
    """
    notes = Notes()
    files = files_of(source, siblings(source.path))
    assert files.comments is not None
    rows, unquoted = comments(files.comments, notes)
    if not rows:
        raise InputError("has no statements; the file is cut or empty", file=files.comments)
    column = {c.id: j for j, c in enumerate(rows)}
    matrix = _matrix(files.matrix, column, options, notes) if files.matrix else _Matrix()
    people = {name: i for i, name in enumerate(matrix.ids)}
    facts: dict[str, Any] = {"unquoted_comment_bodies": unquoted}
    log = _log(files.votes, column, people, notes, facts) if files.votes else None
    for c in rows:
        if c.author and c.author not in people:
            people[c.author] = len(people)
            notes.add("seen", "authors of statements who never voted", place(files.comments, c.line))
    agent, statement, value = _votes(files, rows, matrix, log, people, options, notes, facts)
    ids = tuple(people)
    group = (matrix.groups + [""] * (len(ids) - len(matrix.groups))) if any(matrix.groups) else []
    texts: list[list[str]] = [[] for _ in ids]
    for c in rows:
        if c.author and c.body.strip():
            texts[people[c.author]].append(c.body)
    extra = {name: (*cells, *[""] * (len(ids) - len(cells))) for name, cells in matrix.kept.items()}
    extra |= _xids(files.xids, people, options, notes)
    notes.add("seen", "statements that are marked as metadata", count=sum(c.meta for c in rows))
    words = summary(files.summary) if files.summary else {}
    facts["description"] = words.get("conversation-description", "")
    facts["files"] = [p.name for p in (files.comments, files.votes, files.matrix, files.summary) if p is not None]
    moderation = np.array([c.moderated for c in rows], dtype=np.int8)
    profile = Profile(
        agents=Agents(
            ids,
            tuple(tuple(t) for t in texts) if any(texts) else (),
            groups={"group": tuple(group)} if group else {},
            extra=extra,
        ),
        statements=Statements(
            tuple(c.id for c in rows),
            tuple(c.body for c in rows),
            moderation if moderation.any() else None,
            provenance=tuple(_provenance(c) for c in rows),
        ),
        answers=Answers.of(agent, statement, value.astype(np.float64), VOTE),
        notes=notes.all(),
        topic=words.get("topic", ""),
        source="polis",
        facts=facts,
    )
    return apply_weights(profile, weights_in(files.weights), files.weights) if files.weights else profile


def _provenance(c: Comment) -> Provenance:
    detail = ", ".join(word for word, true in (("seed", c.seed), ("metadata", c.meta)) if true)
    return Provenance("submitted", (c.author,), detail) if c.author else Provenance(detail=detail)


def _matrix(path: Path, column: dict[str, int], options: ReadOptions, notes: Notes) -> _Matrix:
    table = open_table(path)
    person, group, n_agree = table.column("participant", "the reader"), table.find("group-id"), table.find("n-agree")
    kept = _kept(table, options, notes)
    fixed = {i for i, name in enumerate(table.names) if _is_fixed(name)}
    cells_of: list[tuple[int, int]] = []
    unknown: list[int] = []
    used: set[str] = set()
    for i, name in enumerate(table.header):
        if i in fixed:
            continue
        if name in used:
            raise InputError(f"comment-id {name!r} has two columns", file=path, row=1, column=name)
        used.add(name)
        if name in column:
            cells_of.append((i, column[name]))
        else:
            unknown.append(i)
    found = _Matrix(kept={name: [] for name in kept})
    target = dict(cells_of)
    first = min(target, default=0)
    lost = 0
    for line, cells in table.rows():
        name = cells[person].strip()
        if not name:
            raise InputError("the participant has no id", file=path, row=line, column="participant")
        found.ids.append(name)
        me = len(found.ids) - 1
        found.groups.append(cells[group].strip() if group is not None else "")
        for wanted, at in kept.items():
            found.kept[wanted].append(cells[at])
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
            ones += known == 1
            found.agent.append(me)
            found.statement.append(j)
            found.value.append(known)
        lost += sum(1 for i in unknown if cells[i].strip())
        if n_agree is not None and cells[n_agree].strip():
            stated = cells[n_agree].strip()
            found.agrees.append(int(stated) if stated.isdigit() and len(stated) < 10 else None)
            if stated != str(ones):
                notes.add(
                    "seen", "participants whose n-agree is not the number of their agreeing votes", place(path, line)
                )
    _unique(found.ids, table)
    notes.add("dropped", "votes in the matrix on statements that the comments file does not list", path.name, lost)
    return found


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
            notes.add("dropped", f"column {table.header[i]!r}, which may tell who a participant is", table.path.name)
    return kept


def _unique(ids: list[str], table: Table) -> None:
    if len(set(ids)) == len(ids):
        return
    seen: set[str] = set()
    for name, (line, _) in zip(ids, table.rows(), strict=True):
        if name in seen:
            raise InputError(f"participant {name!r} occurs twice", file=table.path, row=line, column="participant")
        seen.add(name)


@dataclass(frozen=True)
class _Log:
    """The event log: sums over all events, and the last vote of each pair."""

    agrees: int
    disagrees: int
    agent: IntArray
    statement: IntArray
    value: IntArray


def _log(path: Path, column: dict[str, int], people: dict[str, int], notes: Notes, facts: dict[str, Any]) -> _Log:
    times: list[int] = []
    agent: list[int] = []
    statement: list[int] = []
    value: list[int] = []
    strange: set[str] = set()
    lost = 0
    before = len(people)
    for event in events(path):
        j = column.get(event.comment)
        if j is None:
            strange.add(event.comment)
            lost += 1
            continue
        agent.append(people.setdefault(event.voter, len(people)))
        times.append(event.time)
        statement.append(j)
        value.append(event.vote)
    notes.add("dropped", "votes in the event log on statements that the comments file does not list", path.name, lost)
    if before:
        notes.add("seen", "voters who are in the event log only", path.name, len(people) - before)
    a, s, v = (np.array(x, dtype=np.int64) for x in (agent, statement, value))
    order = np.lexsort((np.arange(len(v)), np.array(times, dtype=np.int64), s, a))
    a, s, v = a[order], s[order], v[order]
    last = np.ones(len(v), dtype=bool)
    if len(v):
        last[:-1] = (a[1:] != a[:-1]) | (s[1:] != s[:-1])
    revotes = int(len(v) - last.sum())
    notes.add("changed", "re-votes: only the last vote of a person on a statement counts", path.name, revotes)
    facts |= {"events": len(v), "revotes": revotes, "revote_policy": "the last vote by time counts"}
    return _Log(int((v == 1).sum()), int((v == -1).sum()), a[last], s[last], v[last])


def _votes(
    files: Files,
    rows: list[Comment],
    matrix: _Matrix,
    log: _Log | None,
    people: dict[str, int],
    options: ReadOptions,
    notes: Notes,
    facts: dict[str, Any],
) -> tuple[IntArray, IntArray, IntArray]:
    """Final votes: the log's where it has the pair, else the matrix's, once the signs are settled."""
    m = len(rows)
    flip = -1 if options.flip else 1
    if options.flip:
        notes.add(
            "changed", "votes whose sign was turned, as asked for", count=log.agent.size if log else len(matrix.value)
        )
    ma, ms, mv = (np.array(x, dtype=np.int64) for x in (matrix.agent, matrix.statement, matrix.value))
    if log is None:
        mv = mv * flip
        plus, minus = int((mv == 1).sum()), int((mv == -1).sum())
        _sign_test(files, rows, people, (plus, minus), (ma, ms, mv), False, options, notes, facts)
        return ma, ms, mv
    lv = log.value * flip
    plus, minus = (log.agrees, log.disagrees)[::flip]
    _sign_test(files, rows, people, (plus, minus), (log.agent, log.statement, lv), True, options, notes, facts)
    if files.matrix is None:
        return log.agent, log.statement, lv
    log_key, matrix_key = log.agent * m + log.statement, ma * m + ms
    _, at_log, at_matrix = np.intersect1d(log_key, matrix_key, assume_unique=True, return_indices=True)
    product = lv[at_log] * mv[at_matrix]
    if int((product < 0).sum()) > int((product > 0).sum()):
        mv = -mv
        if not options.flip:
            notes.add("changed", "matrix votes turned to the sign of the event log", count=len(mv))
    name = files.matrix.name
    differ = int((lv[at_log] != mv[at_matrix]).sum())
    only = np.setdiff1d(np.arange(len(mv)), at_matrix)
    notes.add("changed", "votes that differ between matrix and event log: the event log counts", name, differ)
    notes.add("seen", "votes that are in the matrix only: kept", name, len(only))
    notes.add("seen", "votes that are in the event log only: kept", name, len(lv) - len(at_log))
    facts |= {"matrix_votes": len(mv), "matrix_differs": differ, "matrix_only": len(only)}
    return (
        np.concatenate([log.agent, ma[only]]),
        np.concatenate([log.statement, ms[only]]),
        np.concatenate([lv, mv[only]]),
    )


def _sign_test(
    files: Files,
    rows: list[Comment],
    people: dict[str, int],
    cast: tuple[int, int],
    final: tuple[IntArray, IntArray, IntArray],
    exact: bool,
    options: ReadOptions,
    notes: Notes,
    facts: dict[str, Any],
) -> None:
    """Two tests of the sign: the comments file's own sums, and what authors vote on what they wrote.

    The second one finds what the first cannot: an export that turned the sums with the votes (October 2024).
    """
    agrees, disagrees = sum(c.agrees for c in rows), sum(c.disagrees for c in rows)
    plus, minus = cast
    own_yes, own_no = _own(rows, people, final)
    own = own_yes + own_no
    own_inverted = own >= FEWEST_OWN and own_no >= 0.9 * own
    own_right = own >= FEWEST_OWN and own_yes >= 0.9 * own
    to_agrees, to_disagrees = (abs(plus - a) + abs(minus - b) for a, b in ((agrees, disagrees), (disagrees, agrees)))
    if agrees == disagrees:
        result = "undecided: as many agrees as disagrees"
    elif plus == agrees:
        result = "right: votes of +1 are exactly the agrees"
    elif plus == disagrees:
        result = "inverted: votes of +1 are exactly the disagrees"
    elif exact:
        result = "undecided: votes of +1 are neither the agrees nor the disagrees"
    elif to_agrees < to_disagrees:
        result = "right: votes of +1 are closer to the agrees (no event log to count exactly)"
    else:
        result = "inverted: votes of +1 are closer to the disagrees (no event log to count exactly)"
    facts["sign_test"] = {
        "result": result,
        "plus_votes": plus,
        "minus_votes": minus,
        "agrees": agrees,
        "disagrees": disagrees,
        "own_agrees": own_yes,
        "own_disagrees": own_no,
        "flipped": options.flip,
    }
    votes = files.votes if exact else files.matrix
    if options.flip:
        return
    if result.startswith("inverted: votes of +1 are exactly") and own_right:
        raise InputError(
            f"agrees and disagrees are exchanged: {plus} votes are +1 and the disagrees add up to {disagrees}, yet "
            "authors agree with their own statements; exchange these two columns",
            file=files.comments,
            column="agrees",
        )
    # Without an event log re-votes blur the sums: then inverted means five times as close to the disagrees.
    by_sums = result.startswith("inverted") and (to_disagrees == 0 or plus == disagrees or 5 * to_disagrees < to_agrees)
    if by_sums or own_inverted:
        why = (
            f"{plus} votes are +1, which fits the sum of the disagrees ({disagrees}), not of the agrees ({agrees})"
            if by_sums
            else f"authors vote -1 on {own_no} of {own} statements of their own"
        )
        raise InputError(
            f"the votes are inverted: {why}; read them with --flip-votes (flip=True)", file=votes, column="vote"
        )
    if not result.startswith("right"):
        notes.add("seen", f"sign of the votes not confirmed ({result}); if -1 means agree here, use --flip-votes")
    if facts["unquoted_comment_bodies"] and not own_right:
        notes.add("seen", "texts without quotes, as in the export of October 2024, whose votes were inverted: check")


def _own(rows: list[Comment], people: dict[str, int], final: tuple[IntArray, IntArray, IntArray]) -> tuple[int, int]:
    agent, statement, value = final
    author = np.array([people[c.author] if c.author else -1 for c in rows], dtype=np.int64)
    own = value[author[statement] == agent] if len(value) else value
    return int((own == 1).sum()), int((own == -1).sum())


def _xids(path: Path | None, people: dict[str, int], options: ReadOptions, notes: Notes) -> dict[str, tuple[str, ...]]:
    if path is None:
        return {}
    table = open_table(path)
    rows = list(table.rows())
    if "xid" not in options.keep:
        notes.add("dropped", f"{path.name}: ids that link participants to another survey", path.name, len(rows))
        return {}
    person, xid = table.column("participant", "the reader"), table.column("xid", "the reader")
    known = {cells[person].strip(): cells[xid] for _, cells in rows}
    return {"xid": tuple(known.get(name, "") for name in people)}
