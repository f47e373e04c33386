"""Polis conversations as JSON: votes and comments as the server's interface gives them, or as red-dwarf saves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..profile import VOTE, Agents, Answers, InputError, IntArray, Profile, Provenance, Statements
from .base import FORMATS, Format, Head, Notes, ReadOptions, Signature, Source, decoded
from .table import short

RAW = ("pid", "tid")
"""The interface's own names of person and statement; there -1 is agree."""

_VOTES = {"1": 1, "0": 0, "-1": -1, "1.0": 1, "0.0": 0, "-1.0": -1}

SAVED = ("participant_id", "statement_id")
"""red-dwarf's names, which it gives to votes whose sign it has turned: there 1 is agree."""


@dataclass
class _File:
    """The lists in a file."""

    head: Head
    votes: Sequence[Any] = ()
    comments: Sequence[Any] = ()


def _lists(head: Head) -> _File | None:
    """The votes and comments in a JSON file; None if it holds none."""
    value = head.value
    found = _File(head)
    lists = [value] if isinstance(value, list) else list(value.values()) if isinstance(value, Mapping) else []
    for each in lists:
        first = each[0] if isinstance(each, list) and each else None
        if not isinstance(first, Mapping):
            continue
        if "vote" in first and any(set(names) <= set(first) for names in (RAW, SAVED)):
            found.votes = each
        elif "txt" in first and {"tid", "statement_id"} & set(first):
            found.comments = each
    return found if found.votes or found.comments else None


def sniff(head: Head) -> bool:
    """JSON with votes (pid, tid, vote), or with comments (tid, txt)?"""
    return head.what == "JSON" and _lists(head) is not None


@dataclass
class _Votes:
    agent: list[int] = field(default_factory=list)
    statement: list[int] = field(default_factory=list)
    value: list[int] = field(default_factory=list)
    time: list[int] = field(default_factory=list)


def read(source: Source, options: ReadOptions) -> Profile:
    """Reads the votes, and the statements' texts from the comments in the same file or beside it.

    The last vote of a person on a statement by time counts.

    Args:
        source: the file or files to read.
        options: the reading options; ``flip`` turns every vote.

    Raises:
        InputError: if there are no votes, if a record is broken, or if votes contradict the comments' own sums.
    """
    for head in source.files:
        if head.value is None and head.trouble is not None:
            raise head.trouble
    files = [found for head in (*source.files, *source.beside) if (found := _lists(head)) is not None]
    files = list({found.head.path: found for found in files}.values())
    with_votes = [found for found in files if found.votes]
    with_comments = [found for found in files if found.comments]
    for several in (with_votes, with_comments):
        if len(several) > 1:
            names = " and ".join(found.head.path.name for found in several[:3])
            what = f"JSON of several conversations ({names}); put the files of one into a folder of its own"
            raise InputError(what, file=source.path)
    if not files:
        raise InputError("holds no JSON with votes (pid, tid, vote)", file=source.path)
    if not with_votes:
        raise InputError("JSON with comments and no votes (pid, tid, vote); save the votes beside it", file=source.path)
    notes = Notes()
    statements: dict[str, int] = {}
    comments: list[Mapping[str, Any]] = []
    for number, record in _records(with_comments[0].comments, with_comments[0].head.path) if with_comments else ():
        name = _id(record, ("tid", "statement_id"), with_comments[0].head.path, number)
        if name in statements:
            what = f"JSON record {number}: comment {short(name)} occurs twice"
            raise InputError(what, file=with_comments[0].head.path)
        statements[name] = len(statements)
        comments.append(record)
    path = with_votes[0].head.path
    listed = bool(comments)
    people: dict[str, int] = {}
    votes = _cast(with_votes[0], people, statements, listed, notes)
    raw = "pid" in with_votes[0].votes[0]
    sign = (-1 if raw else 1) * (-1 if options.flip else 1)
    value = np.array(votes.value, dtype=np.int64) * sign
    if raw:
        what = "votes turned: the interface of Polis writes -1 for agree; if it is not so here, say `flip`"
        notes.add("changed", what, path.name, len(value))
    if options.flip:
        notes.add("changed", "votes whose sign was turned, as asked for", path.name, len(value))
    _test(comments, value, options, notes, path)
    a, s = np.array(votes.agent, dtype=np.int64), np.array(votes.statement, dtype=np.int64)
    last = _last(a, s, np.array(votes.time, dtype=np.int64))
    notes.add(
        "changed", "re-votes: only the last vote of a person on a statement counts", path.name, len(a) - len(last)
    )
    authors = [_author(record) for record in comments]
    for author in authors:
        if author and author not in people:
            people[author] = len(people)
            notes.add("seen", "authors of statements who never voted", path.name)
    texts: list[list[str]] = [[] for _ in people]
    bodies = [
        decoded(str(record.get("txt") or ""), notes, f"comment {n}") for n, record in enumerate(comments, start=1)
    ]
    for author, body in zip(authors, bodies, strict=True):
        if author and body.strip():
            texts[people[author]].append(body)
    if not listed:
        what = "no comments beside the votes, so the statements' numbers stand for their texts"
        notes.add("seen", what, path.name, len(statements))
    moderation = np.array([_moderated(record) for record in comments] if listed else [0], dtype=np.int8)
    kinds = tuple("metadata" if record.get("is_meta") is True else "" for record in comments)
    return Profile(
        Agents(tuple(people), tuple(tuple(own) for own in texts) if any(texts) else ()),
        Statements(
            tuple(statements),
            tuple(bodies) if listed else tuple(statements),
            moderation if moderation.any() else None,
            provenance=tuple(Provenance("submitted", (own,)) if own else Provenance() for own in authors)
            if listed
            else (),
            kinds=kinds if any(kinds) else (),
        ),
        Answers.of(a[last], s[last], value[last].astype(np.float64), VOTE),
        notes.all(),
        source="polis-api",
        facts={"files": [found.head.path.name for found in files], "sign": "-1 is agree" if raw else "1 is agree"},
    )


def _cast(file: _File, people: dict[str, int], statements: dict[str, int], listed: bool, notes: Notes) -> _Votes:
    votes, path = _Votes(), file.head.path
    for number, record in _records(file.votes, path):
        value = _VOTES.get(str(record.get("vote")).strip())
        if value is None:
            shown = short(str(record.get("vote")))
            raise InputError(f"JSON record {number}: {shown} is not a vote; votes are 1, 0 and -1", file=path)
        what = _id(record, ("tid", "statement_id"), path, number)
        who = _id(record, ("pid", "participant_id"), path, number)
        if listed and what not in statements:
            notes.add("dropped", "votes on statements that the comments do not list", f"record {number}")
            continue
        votes.agent.append(people.setdefault(who, len(people)))
        votes.statement.append(statements.setdefault(what, len(statements)))
        votes.value.append(value)
        votes.time.append(_time(record.get("modified", record.get("created"))))
    return votes


def _records(values: Sequence[Any], path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, record in enumerate(values, start=1):
        if not isinstance(record, Mapping):
            raise InputError(f"JSON record {number} is no object with names", file=path)
        yield number, record


def _id(record: Mapping[str, Any], names: Sequence[str], path: Path, number: int) -> str:
    for name in names:
        value = record.get(name)
        if isinstance(value, int | str) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    raise InputError(f"JSON record {number} has no {' or '.join(names)}", file=path)


def _time(value: object) -> int:
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _author(record: Mapping[str, Any]) -> str:
    value = record.get("pid", record.get("participant_id"))
    return "" if value is None or isinstance(value, bool | list | Mapping) else str(value)


def _moderated(record: Mapping[str, Any]) -> int:
    value = record.get("mod", record.get("moderated"))
    return int(value) if value in (-1, 0, 1) and value is not None else 0


def _last(agent: IntArray, statement: IntArray, time: IntArray) -> IntArray:
    """The places of the last vote of each person on each statement."""
    order = np.lexsort((np.arange(len(agent)), time, statement, agent))
    a, s = agent[order], statement[order]
    last = np.ones(len(a), dtype=bool)
    if len(a):
        last[:-1] = (a[1:] != a[:-1]) | (s[1:] != s[:-1])
    return order[last]


def _test(
    comments: Sequence[Mapping[str, Any]], value: IntArray, options: ReadOptions, notes: Notes, path: Path
) -> None:
    """Compares the votes with the comments' own sums of agrees and disagrees, if they have them.

    Raises:
        InputError: if the votes are the other way round, and the caller does not say `flip`.
    """

    def total(name: str) -> int:
        return sum(v for record in comments if isinstance(v := record.get(name), int) and not isinstance(v, bool))

    agrees, disagrees = total("agree_count"), total("disagree_count")
    plus, minus = int((value == 1).sum()), int((value == -1).sum())
    right = abs(plus - agrees) + abs(minus - disagrees)
    wrong = abs(plus - disagrees) + abs(minus - agrees)
    if not agrees + disagrees or right == wrong:
        return
    if wrong < right and not options.flip:
        raise InputError(
            f"the votes are inverted: the comments count {agrees} agrees and {disagrees} disagrees, the votes {plus} "
            f"and {minus}; read them with `flip=True`",
            file=path,
        )
    if right < wrong:
        notes.add("seen", "the comments' sums of agrees and disagrees confirm the sign of the votes", path.name)


FORMATS.register(
    Format(
        "polis-api",
        "Polis votes and comments as JSON",
        sniff,
        read,
        signature=Signature.EXPORT,
        many=True,
        uses=frozenset(["flip", "encoding"]),
        example='[{"pid": 0, "tid": 0, "vote": -1, "modified": "1714782753431"},\n'
        '{"pid": 1, "tid": 0, "vote": 1, "modified": "1714782753432"},\n'
        '{"pid": 1, "tid": 1, "vote": 0, "modified": "1714782753433"}]\n',
    )
)
