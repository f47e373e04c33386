"""Polis export folders, all generations: statements, last votes, sign tests, reconciliation."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from ...profile import Agents, InputError, IntArray, Profile, Provenance, Statements
from ...profile.sentences import noted
from ..base import Head, Notes, ReadOptions, Source, place
from ..weights import apply_weights, weights_in
from .convention import Convention, declared
from .files import Comment, Files, comments, events, mostly_listed, summary
from .folder import files_of
from .importance import answers
from .matrix import Matrix, read_matrix
from .signs import sign_test


def read(source: Source, options: ReadOptions) -> Profile:
    """Reads a conversation from its folder, or from one of its files and those beside it.

    The final vote of each pair is the last by time in the event log; what only the matrix knows is added.

    Args:
        source: the folder or one of its files.
        options: the reading options; ``flip`` turns every vote, ``importance`` makes important ones count double and
            ``keep`` may name ``xid``.

    Raises:
        InputError: if a file is missing or broken, or if the votes' sign is inverted or not as declared.
    """
    notes = Notes()
    files = files_of(source, notes)
    assert files.comments is not None
    rows, unquoted = comments(files.comments, notes)
    if not rows:
        raise InputError("has no statements; the file is cut or empty", file=files.comments.path)
    column = {c.id: j for j, c in enumerate(rows)}
    words = summary(files.summary) if files.summary else {}
    convention = declared(words, files.summary, files.sidecar, notes)
    turned = options.flip or (convention is not None and convention.agree < 0)
    matrix = read_matrix(files.matrix, column, -1 if turned else 1, options, notes) if files.matrix else Matrix()
    people = {name: i for i, name in enumerate(matrix.ids)}
    facts: dict[str, Any] = {"unquoted_comment_bodies": unquoted}
    strangers: set[str] = set()
    log = _log(files.votes, column, people, notes, facts) if files.votes else None
    # A log with all the votes that the comments file counts is as Polis wrote it: nobody was left out.
    whole = log is not None and log.agrees + log.disagrees == sum(c.agrees + c.disagrees for c in rows)
    for c in rows:
        if not c.author or c.author in people:
            continue
        where = place(files.comments.path, c.line)
        if files.matrix is None or whole:
            people[c.author] = len(people)
            notes.add("seen", "authors of statements who never voted", where)
        elif c.author not in strangers:
            # Whoever made that table has left them out, as cleaned exports do.
            strangers.add(c.author)
            what = f"authors whom {files.matrix.path.name} does not list: no participants, their statements stay"
            notes.add("dropped", what, where)
    final = _votes(files, rows, matrix, log, people, convention, options, notes, facts)
    ids = tuple(people)
    group = (matrix.groups + [""] * (len(ids) - len(matrix.groups))) if any(matrix.groups) else []
    texts: list[list[str]] = [[] for _ in ids]
    for c in rows:
        if c.author in people and c.body.strip():
            texts[people[c.author]].append(c.body)
    extra = {name: (*cells, *[""] * (len(ids) - len(cells))) for name, cells in matrix.kept.items()}
    extra |= _xids(files.xids, people, options, notes)
    notes.add("seen", "statements that are marked as metadata", count=sum(c.meta for c in rows))
    facts["description"] = words.get("conversation-description", "")
    facts |= _days([c.time for c in rows] + ([] if log is None else [log.first, log.last]))
    used = (files.comments, files.votes, files.matrix, files.importance, files.summary, files.sidecar)
    facts["files"] = [head.path.name for head in used if head is not None]
    logged = None
    if log is not None and log.important is not None:
        logged = log.agent * len(rows) + log.statement, log.important
    counted = sum(c.important for c in rows)
    given = answers(final, logged, files, column, people, counted, options, notes, facts)
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
            provenance=tuple(_provenance(c, people) for c in rows),
            kinds=tuple("metadata" if c.meta else "" for c in rows) if any(c.meta for c in rows) else (),
        ),
        answers=given,
        notes=notes.all(),
        topic=words.get("topic", ""),
        source="polis",
        facts=facts,
    )
    return apply_weights(profile, weights_in(files.weights), files.weights.path) if files.weights else profile


def _days(times: list[int]) -> dict[str, Any]:
    """The first and the last day, in UTC, on which somebody said something; nothing where no time is known."""
    known = [time for time in times if time > 0]
    if not known:
        return {}
    ends = (datetime.fromtimestamp(time / 1000, UTC).date().isoformat() for time in (min(known), max(known)))
    return {"days": tuple(ends)}


def _provenance(c: Comment, people: dict[str, int]) -> Provenance:
    detail = ", ".join(word for word, true in (("seed", c.seed), ("metadata", c.meta)) if true)
    author = (c.author,) if c.author in people else ()
    return Provenance("submitted", author, detail) if c.author else Provenance(detail=detail)


@dataclass(frozen=True)
class _Log:
    """The event log: sums over all events, and the last vote of each pair."""

    agrees: int
    disagrees: int
    agent: IntArray
    statement: IntArray
    value: IntArray
    important: IntArray | None
    first: int = 0
    last: int = 0


def _log(head: Head, column: dict[str, int], people: dict[str, int], notes: Notes, facts: dict[str, Any]) -> _Log:
    # Not lists: a number in a list takes up to 36 bytes, here 8 or 1.
    times, agent, statement = array("q"), array("q"), array("q")
    value, marks = array("b"), array("b")
    strange: set[str] = set()
    lost, rounded = 0, 0
    before, name = len(people), head.path.name
    for event in events(head):
        j = column.get(event.comment)
        if j is None:
            strange.add(event.comment)
            lost += 1
            continue
        agent.append(people.setdefault(event.voter, len(people)))
        times.append(event.time)
        statement.append(j)
        value.append(event.vote)
        marks.append(event.important)
        rounded += event.rounded
    mostly_listed(len(value), lost, head.path)
    notes.add("dropped", "votes in the event log on statements that the comments file does not list", name, lost)
    if before:
        notes.add("seen", "voters who are in the event log only", name, len(people) - before)
    a, s, v = (np.array(x, dtype=np.int64) for x in (agent, statement, value))
    t, important = np.array(times, dtype=np.int64), np.array(marks, dtype=np.int64)
    order = np.lexsort((np.arange(len(v)), t, s, a))
    a, s, v, t, important = a[order], s[order], v[order], t[order], important[order]
    last = np.ones(len(v), dtype=bool)
    if len(v):
        last[:-1] = (a[1:] != a[:-1]) | (s[1:] != s[:-1])
    revotes = int(len(v) - last.sum())
    if rounded:
        again = (a[1:] == a[:-1]) & (s[1:] == s[:-1])
        undecided = again & (t[1:] == t[:-1]) & (v[1:] != v[:-1]) & last[1:]
        if undecided.any():
            raise InputError(
                f"a spreadsheet (such as Excel) has rounded the times, as in 1.68969E+12: of {undecided.sum():,} "
                "votes that were changed nobody can say which is the later one; export the file again and do not save "
                "it from a spreadsheet",
                file=head.path,
                column="timestamp",
            )
        enough = "nobody voted twice" if not revotes else "they still tell which vote is the last"
        notes.add("seen", f"times that a spreadsheet has rounded: {enough}", name, rounded)
    notes.add("changed", "re-votes: only the last vote of a person on a statement counts", name, revotes)
    facts |= {"events": len(v), "revotes": revotes, "revote_policy": noted("the last vote by time counts")}
    known = important[last] if len(important) and (important >= 0).any() else None
    plausible = t[(t >= 10**12) & (t < 10**13)]
    ends = (int(plausible.min()), int(plausible.max())) if len(plausible) else (0, 0)
    return _Log(int((v == 1).sum()), int((v == -1).sum()), a[last], s[last], v[last], known, *ends)


def _votes(
    files: Files,
    rows: list[Comment],
    matrix: Matrix,
    log: _Log | None,
    people: dict[str, int],
    convention: Convention | None,
    options: ReadOptions,
    notes: Notes,
    facts: dict[str, Any],
) -> tuple[IntArray, IntArray, IntArray]:
    """The final votes: from the log where it has the pair, else from the matrix, after the sign test."""
    m = len(rows)
    flip = -1 if options.flip or (convention is not None and convention.agree < 0) else 1
    if flip < 0:
        why = "as asked for" if options.flip else f"{convention}"
        if options.flip and convention is not None and convention.agree > 0:
            why += f", though {convention}"
        count = log.agent.size if log else len(matrix.value)
        notes.add("changed", f"votes whose sign was turned: {why}", count=count)
    ma = np.repeat(np.arange(len(matrix.cast)), np.array(matrix.cast, dtype=np.int64))
    ms, mv = (np.array(x, dtype=np.int64) for x in (matrix.statement, matrix.value))
    if log is None:
        mv = mv * flip
        plus, minus = int((mv == 1).sum()), int((mv == -1).sum())
        sign_test(files, rows, people, (plus, minus), (ma, ms, mv), False, convention, options, notes, facts)
        return ma, ms, mv
    lv = log.value * flip
    plus, minus = (log.agrees, log.disagrees)[::flip]
    final = log.agent, log.statement, lv
    sign_test(files, rows, people, (plus, minus), final, True, convention, options, notes, facts)
    if files.matrix is None:
        return log.agent, log.statement, lv
    log_key, matrix_key = log.agent * m + log.statement, ma * m + ms
    _, at_log, at_matrix = np.intersect1d(log_key, matrix_key, assume_unique=True, return_indices=True)
    product = lv[at_log] * mv[at_matrix]
    if int((product < 0).sum()) > int((product > 0).sum()):
        mv = -mv
        if flip > 0:
            notes.add("changed", "matrix votes turned to the sign of the event log", count=len(mv))
    name = files.matrix.path.name
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


def _xids(head: Head | None, people: dict[str, int], options: ReadOptions, notes: Notes) -> dict[str, tuple[str, ...]]:
    if head is None:
        return {}
    table, name = head.open(), head.path.name
    rows = list(table.rows())
    if "xid" not in options.keep:
        notes.add("unused", f"{name}: ids that link participants to another survey", name, len(rows))
        return {}
    person, xid = table.column("participant", "the reader"), table.column("xid", "the reader")
    known = {cells[person].strip(): cells[xid] for _, cells in rows}
    return {"xid": tuple(known.get(who, "") for who in people)}
