"""The files of a Polis export, recognised by their header sets (three generations), and their rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ...profile import InputError
from ..base import Head, Notes, decoded, place
from ..table import numbered, plain, short
from .convention import KEY, is_sidecar

PARTICIPANT = ("participant", "participant-id", "voter-id")
STATEMENT = ("comment-id", "tid", "statement-id")
BODY = ("comment-body", "comment", "body")
SUMMARY_KEYS = frozenset(
    [
        "topic",
        "url",
        "views",
        "voters",
        "voters-in-conv",
        "commenters",
        "comments",
        "groups",
        "conversation-description",
        KEY,
    ]
)
_ALIASES = {"aggrees": "agrees", "author": "author-id", "metadata": "is-meta", "seed": "is-seed"}


@dataclass
class Files:
    """The files of one conversation; None for each kind of file that is missing."""

    comments: Head | None = None
    votes: Head | None = None
    matrix: Head | None = None
    summary: Head | None = None
    xids: Head | None = None
    weights: Head | None = None
    importance: Head | None = None
    sidecar: Head | None = None
    unused: list[str] = field(default_factory=list)


def kind(head: Head) -> str | None:
    """Which file of a Polis export this is: a field of `Files`, ``extra`` for one that is not needed, else None."""
    if is_sidecar(head):
        return "sidecar"
    names = frozenset(_ALIASES.get(name, name) for name in head.columns)
    if {"comment-id", "agrees", "disagrees"} <= names and names & set(BODY) and "author-id" in names:
        return "comments"
    if {"comment-id", "voter-id", "vote"} <= names:
        return "votes"
    if {"participant", "n-important"} <= names and "n-agree" not in names:
        return "importance"  # laid out like the votes, but it holds flags
    if "participant" in names and "n-votes" in names and names & {"group-id", "n-agree"}:
        return "matrix"
    if names == {"participant", "xid"}:
        return "xids"
    if names == {"participant", "weight"}:
        return "weights"
    if {"comment-id", "total-votes", "total-agrees"} <= names or {"n-votes", "n-comments", "n-visitors"} <= names:
        return "extra"
    first = head.table.names[:1]
    if first and first[0] in SUMMARY_KEYS and len(SUMMARY_KEYS & _first_cells(head.text)) >= 2:
        return "summary"
    return None


def sniff(head: Head) -> bool:
    """Whether this is one of the files without which a Polis conversation cannot be read, or looks like one."""
    return kind(head) in ("comments", "votes", "matrix", "importance")


@dataclass(frozen=True)
class Comment:
    """One row of comments.csv."""

    line: int
    id: str
    author: str
    agrees: int
    disagrees: int
    moderated: int
    meta: bool
    seed: bool
    body: str
    important: int = 0
    time: int = 0


def comments(head: Head, notes: Notes) -> tuple[list[Comment], bool]:
    """The statements, and whether their texts stood without quotes (the export of October 2024).

    Raises:
        InputError: if a row is broken or a cell is not a number; the message names line and column.
    """
    table, path = head.open(), head.path
    names = [_ALIASES.get(name, name) for name in table.names]

    def at(*aliases: str) -> int | None:
        for alias in aliases:
            if names.count(alias) > 1:
                raise InputError("two columns have this name; rename one", file=path, row=1, column=alias)
            if alias in names:
                return names.index(alias)
        return None

    tid, author, body = _there(at(*STATEMENT)), at("author-id"), _there(at(*BODY))
    agrees, disagrees = _there(at("agrees")), _there(at("disagrees"))
    moderated, meta, seed, important = at("moderated"), at("is-meta"), at("is-seed"), at("importance")
    stamp = at("timestamp")
    unquoted = False
    try:
        rows = list(table.rows())
    except InputError:
        joined = _unquoted(head, notes) if body == len(names) - 1 else None
        if joined is None:
            raise
        rows, unquoted = joined, True
    statements: list[Comment] = []
    seen: dict[str, int] = {}
    for line, cells in rows:
        name = statement_id(cells[tid], path, line)
        if name in seen:
            raise InputError(
                f"comment-id {name!r} occurs twice (first in row {seen[name]})",
                file=path,
                row=line,
                column="comment-id",
            )
        seen[name] = line
        state = _moderation(cells[moderated], path, line, notes) if moderated is not None else 0
        if not cells[body].strip():
            notes.add("seen", "statements without a text", place(path, line))
        statements.append(
            Comment(
                line,
                name,
                cells[author].strip() if author is not None else "",
                _whole(cells[agrees], path, line, "agrees"),
                _whole(cells[disagrees], path, line, "disagrees"),
                state,
                meta is not None and truth(cells[meta]),
                seed is not None and truth(cells[seed]),
                decoded(cells[body], notes, place(path, line)),
                _whole(cells[important], path, line, "importance") if important is not None else 0,
                milliseconds(cells[stamp]) if stamp is not None else 0,
            )
        )
    return statements, unquoted


_STATES = {
    "accepted": 1,
    "accept": 1,
    "approved": 1,
    "approve": 1,
    "ok": 1,
    "rejected": -1,
    "reject": -1,
    "declined": -1,
    "hidden": -1,
    "pending": 0,
    "unmoderated": 0,
    "waiting": 0,
}
_NOTHING = ("", "null", "none", "nan", "na", "n/a", "undefined")


def _moderation(text: str, path: Path, line: int, notes: Notes) -> int:
    """The state of moderation: -1 rejected, 0 pending, 1 accepted."""
    word = text.strip().lower()
    if word in _NOTHING:
        notes.add("seen", "statements without a state of moderation, read as pending", place(path, line))
        return 0
    if word in _STATES:
        notes.add("seen", "states of moderation in words", place(path, line))
        return _STATES[word]
    state = _whole(word, path, line, "moderated") if re.fullmatch(r"[+-]?[0-9.]+", word) else 2
    if state not in (-1, 0, 1):
        raise InputError(
            f"must be -1, 0 or 1 (rejected, pending, accepted), not {short(text)}",
            file=path,
            row=line,
            column="moderated",
        )
    return state


def _unquoted(head: Head, notes: Notes) -> list[tuple[int, list[str]]] | None:
    # The export of October 2024 wrote comment-body, its last column, without quotes: what is beyond the last
    # delimiter is text, and so is a line that does not start like a row. None: the damage is another.
    table = head.open()
    width, sign = len(table.header), table.delimiter
    stamp = table.names[0] in ("timestamp", "comment-id")
    rows: list[tuple[int, list[str]]] = []
    for line, text in enumerate(head.lines(), start=1):
        if line == 1 or not text.strip():
            continue
        cells = text.rstrip("\r\n").split(sign, width - 1)
        starts = len(cells) == width and (not stamp or not cells[0].strip() or cells[0].strip().isdigit())
        if starts:
            rows.append((line, cells))
        elif rows and not cells[0].strip().isdigit():
            rows[-1][1][-1] += "\n" + text.rstrip("\r\n")
            notes.add("changed", "lines of an unquoted text joined to the row before", place(table.path, line))
        else:
            return None
    joined: list[tuple[int, list[str]]] = []
    for line, cells in rows:
        body = cells[-1]
        if body.startswith('"') and body.count('"') % 2:
            return None
        if re.fullmatch(r'"(?:[^"]|"")*"', body):
            cells[-1] = body[1:-1].replace('""', '"')
        elif sign in body or '"' in body:
            where = place(table.path, line)
            notes.add("changed", "unquoted texts that hold a delimiter or a quote, put together again", where)
        joined.append((line, cells))
    return joined


class Event(NamedTuple):
    """One row of votes.csv."""

    time: int
    comment: str
    voter: str
    vote: int
    important: int = -1
    rounded: bool = False


VOTES = {"1": 1, "0": 0, "-1": -1, "1.0": 1, "0.0": 0, "-1.0": -1, "+1": 1}


def vote(text: str, path: Path, line: int, column: str) -> int:
    """A vote cell as -1, 0 or 1.

    Raises:
        InputError: if it is any other value.
    """
    value = VOTES.get(text.strip())
    if value is None:
        raise InputError(
            f"{short(text)} is not a vote; votes are 1 (agree), -1 (disagree) and 0 (pass)",
            file=path,
            row=line,
            column=column,
        )
    return value


def milliseconds(text: str) -> int:
    """A time in milliseconds since 1970: 13 digits are milliseconds, 10 are seconds; 0 where it is none.

    >>> milliseconds("1518501496"), milliseconds("1518501496471"), milliseconds("13 Feb")
    (1518501496000, 1518501496471, 0)
    """
    stamp = text.strip()
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) in (10, 13)):
        return 0
    return int(stamp) * (1000 if len(stamp) == 10 else 1)


def events(head: Head) -> Iterator[Event]:
    """Every vote that was cast, re-votes included, in the order of the file.

    Raises:
        InputError: if a row is broken, a vote is unknown or an id is empty; the message names line and column.
    """
    table, path = head.open(), head.path
    tid, voter, value = _there(table.find(*STATEMENT)), _there(table.find("voter-id")), _there(table.find("vote"))
    time, mark = table.find("timestamp"), table.find("important")
    flags: dict[str, int] = {}
    for line, cells in table.rows():
        stamp = cells[time].strip() if time is not None else ""
        plainly = stamp.isascii() and stamp.isdigit()
        when = int(stamp) if plainly and len(stamp) < 19 else _time(stamp, path, line)
        flag = -1
        if mark is not None:
            known = flags.get(cells[mark])
            flag = flags[cells[mark]] = important(cells[mark], path, line, "important") if known is None else known
        if not cells[voter].strip():
            raise InputError("the voter has no id", file=path, row=line, column="voter-id")
        yield Event(
            # 13 digits are milliseconds, 10 are seconds; brought to one unit so that a file may mix them.
            when if when > 10**11 else when * 1000,
            statement_id(cells[tid], path, line),
            cells[voter].strip(),
            vote(cells[value], path, line, "vote"),
            flag,
            not plainly and "E" in stamp.upper(),
        )


# What a spreadsheet makes of a time: 1.68969E+12, with a decimal comma where that is usual.
_ROUNDED = re.compile(r"[0-9](?:[.,][0-9]{1,15})?[eE]\+?[0-9]{1,2}")


def _time(text: str, path: Path, line: int) -> int:
    if _ROUNDED.fullmatch(text):
        return int(float(text.replace(",", ".")))
    return _whole(text, path, line, "timestamp")


def important(text: str, path: Path, line: int, column: str) -> int:
    """Whether a vote is marked as important, as 1 or 0.

    Raises:
        InputError: if the cell says neither.
    """
    if truth(text):
        return 1
    if text.strip().lower() in ("0", "0.0", "false", "f", "no", ""):
        return 0
    raise InputError(
        f"{short(text)} does not say whether a vote is important; 1 says yes and 0 no",
        file=path,
        row=line,
        column=column,
    )


def summary(head: Head) -> dict[str, str]:
    """The keys and values of summary.csv; values may hold newlines."""
    return {plain(cells[0]): cells[1] for _, cells in numbered(head.lines(), head.path) if len(cells) > 1}


def statement_id(text: str, path: Path, line: int) -> str:
    """A comment id.

    Raises:
        InputError: if it is empty.
    """
    name = text.strip()
    if not name:
        raise InputError("the comment has no id", file=path, row=line, column="comment-id")
    return name


def _whole(text: str, path: Path, line: int, column: str) -> int:
    stripped = text.strip()
    if not stripped:
        return 0
    if not re.fullmatch(r"[+-]?[0-9]{1,18}(\.0+)?", stripped):
        raise InputError(f"{short(text)} is not a whole number", file=path, row=line, column=column)
    return int(stripped.split(".")[0])


def truth(text: str) -> bool:
    """Does a cell say yes?"""
    return text.strip().lower() in ("true", "t", "1", "yes")


def _there(column: int | None) -> int:
    assert column is not None  # `kind` has seen it
    return column


def _first_cells(text: str) -> frozenset[str]:
    try:
        return frozenset(plain(record[0]) for record in csv.reader(io.StringIO(text, newline="")) if record)
    except csv.Error:
        return frozenset()


def mostly_listed(kept: int, lost: int, path: Path) -> None:
    """Refuses votes that are mostly on statements the comments file does not have.

    Raises:
        InputError: if the comments file is cut, or belongs to another conversation.
    """
    if lost > kept:
        raise InputError(
            f"{lost:,} of {kept + lost:,} votes are on statements that the comments file does not list; that file is "
            "cut or belongs to another conversation, export it again",
            file=path,
        )
