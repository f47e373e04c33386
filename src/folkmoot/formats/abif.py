"""ABIF (Aggregated Ballot Information Format): one line for all equal ballots, with orders, ratings or both."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..profile import APPROVAL, Agents, Answers, InputError, Profile, Scale, Statements
from . import rankings
from .base import FORMATS, Format, Head, Notes, ReadOptions, Signature, Source, place
from .rankings import Ballot, once, profile_of
from .table import short

_DECLARED = re.compile(r"=\s*(?P<id>\[[^\]]*\]|[^:\[\]]+?)\s*:\s*(?P<name>\[[^\]]*\]|[^\[\]]*?)\s*(?:#.*)?")
_VOTE = re.compile(r"(?P<count>\d{1,13})\s*[:*](?P<rest>.*)", re.DOTALL)
_PART = re.compile(
    r"\s*(?P<name>\[[^\]]*\]|\"[^\"]*\"|[^\s\[\]\"<>=,/#]+(?:[ \t]+[^\s\[\]\"<>=,/#]+)*)"
    r"\s*(?:/\s*(?P<rating>-?\d{1,9}(?:\.\d{1,6})?))?\s*(?P<sign>[>=,]|#.*$|$)"
)


def sniff(head: Head) -> bool:
    """Nothing but metadata in braces, declared candidates and counted ballots with orders or ratings?"""
    rows = [line.strip() for line in head.text.splitlines()[:200]]
    rows = [row for row in rows if row and not row.startswith("#")]
    if not rows or not all(re.match(r"\{.*\}$|=[^=].*:|\d+\s*[:*]", row) for row in rows):
        return False
    if any(row.startswith("=") for row in rows):
        return True
    votes = [row for row in rows if row[0].isdigit()]
    if any(re.match(r"\d+\s*[:*].*(?:[>=]|/-?\d)", vote) for vote in votes):
        return True
    # One candidate or none on every ballot: nothing that a sentence could be.
    return bool(votes) and all(re.match(r"\d+\s*:\s*(?:\[[^\]]*\]|[^\s\[\]:]*)\s*(?:#|$)", vote) for vote in votes)


@dataclass
class _Vote:
    line: int
    count: int
    names: list[str] = field(default_factory=list)
    ratings: list[float | None] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)


def read(source: Source, options: ReadOptions) -> Profile:
    """Reads ratings where every candidate that a ballot names has one, else the orders.

    Ratings of 0 and 1 alone are approvals. Voters who cast equal ballots become as many participants.

    Args:
        source: the file to read.
        options: the reading options, none of which is used.

    Raises:
        InputError: if a line is no ballot, or if a ballot gives neither an order nor ratings.
    """
    path, notes = source.file, Notes()
    meta: dict[str, Any] = {}
    names: dict[str, str] = {}
    votes: list[_Vote] = []
    for line, text in enumerate(source.head.lines(), start=1):
        row = text.strip()
        if not row or row.startswith("#"):
            continue
        if row.startswith("{"):
            meta |= _meta(row, path, line, notes)
        elif row.startswith("="):
            match = _DECLARED.fullmatch(row)
            if match is None:
                raise InputError(f"{short(row)} declares no candidate (=id:[name])", file=path, row=line)
            name = _bare(match["id"])
            if name in names:
                raise InputError(f"candidate {short(name)} is declared twice", file=path, row=line)
            names[name] = _bare(match["name"]) or name
        else:
            votes.append(_vote(row, path, line))
    for vote in votes:
        for name in vote.names:
            if name not in names:
                names[name] = name
    if not names or not votes:
        what = "names no candidates" if not names else "holds no ballots"
        raise InputError(f"{what}; the file is cut", file=path)
    voters = sum(vote.count for vote in votes)
    stated = meta.get("ballotcount", voters)
    if stated != voters:
        notes.add("seen", f"ballotcount says {stated}, the file has {voters} voters", path.name)
    column = {name: j for j, name in enumerate(names)}
    statements = Statements(tuple(names), tuple(names.values()))
    topic, facts = str(meta.get("title") or ""), {"description": str(meta.get("description") or "")}
    rated = [r is not None for vote in votes for r in vote.ratings]
    # Between commas there is no order: then who has no rating is not rated.
    unordered = any("," in vote.signs and any(r is not None for r in vote.ratings) for vote in votes)
    if rated and (all(rated) or unordered):
        return _rated(path, statements, column, votes, meta, topic, facts, notes)
    notes.add("unused", "ratings, which not every candidate has: the orders are read", path.name, sum(rated))
    ballots = []
    for vote in votes:
        ballot = Ballot(vote.line, list(_ranks(vote, column, path)), vote.count)
        once(ballot, path, notes)
        ballots.append(ballot)
    return profile_of(path, statements, ballots, notes, source="abif", topic=topic, facts=facts)


def _meta(row: str, path: Path, line: int, notes: Notes) -> dict[str, Any]:
    # Older files leave the quotes round a name out.
    for text in (row, re.sub(r"^\{\s*([A-Za-z_]\w*)\s*:", r'{"\1":', row)):
        try:
            body = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(body, dict):
            return body
    notes.add("unused", "metadata that are no JSON", place(path, line))
    return {}


def _vote(row: str, path: Path, line: int) -> _Vote:
    match = _VOTE.fullmatch(row)
    if match is None:
        raise InputError(f"{short(row)} is no ballot; one is written like 42:A>B=C or 42:A/5>B/3", file=path, row=line)
    vote, rest, at = _Vote(line, int(match["count"])), match["rest"], 0
    if not rest.split("#", 1)[0].strip():
        return vote
    while True:
        part = _PART.match(rest, at)
        if part is None:
            raise InputError(f"{short(rest[at:].strip() or rest)} is no candidate", file=path, row=line)
        vote.names.append(_bare(part["name"]))
        vote.ratings.append(None if part["rating"] is None else float(part["rating"]))
        at = part.end()
        if part["sign"][:1] in ("", "#"):
            return vote
        vote.signs.append(part["sign"])


def _bare(text: str) -> str:
    stripped = text.strip()
    inner = stripped[1:-1] if stripped[:1] in '["' and len(stripped) > 1 else stripped
    return inner.strip()


def _ranks(vote: _Vote, column: dict[str, int], path: Path) -> Iterator[list[int]]:
    if "," in vote.signs:
        raise InputError(
            "commas between candidates without ratings give no order; write > for better and = for equal",
            file=path,
            row=vote.line,
        )
    rank: list[int] = []
    for name, sign in zip(vote.names, [*vote.signs, ">"], strict=False):
        rank.append(column[name])
        if sign == ">":
            yield rank
            rank = []


def _rated(
    path: Path,
    statements: Statements,
    column: dict[str, int],
    votes: list[_Vote],
    meta: dict[str, Any],
    topic: str,
    facts: dict[str, Any],
    notes: Notes,
) -> Profile:
    values = [r for vote in votes for r in vote.ratings if r is not None]
    stated = [meta.get(key) for key in ("min_rating", "max_rating")]
    known = [float(v) for v in stated if isinstance(v, int | float) and not isinstance(v, bool)]
    low, high = min([0.0, *values, *known]), max([*values, *known])
    approvals = set(values) <= {0.0, 1.0} and high == 1
    agent, statement, value, masses = [], [], [], []
    voters = sum(vote.count for vote in votes)
    if voters > rankings.MOST_VOTERS:
        raise InputError(f"counts {voters:,} voters; the most that can be read are {rankings.MOST_VOTERS:,}", file=path)
    among = rankings.share(voters, sum(vote.count * len(vote.names) for vote in votes))
    n, total = 0, 0
    for vote in votes:
        first: dict[int, float] = {}
        for name, rating in zip(vote.names, vote.ratings, strict=True):
            if rating is None:
                what = "candidates without a rating on a ballot that rates others: not rated"
                notes.add("seen", what, place(path, vote.line), vote.count)
                continue
            if column[name] in first:
                what = "ballots that name a candidate twice: the first rating counts"
                notes.add("changed", what, place(path, vote.line), vote.count)
            first.setdefault(column[name], rating)
        order = [rating for rating, sign in zip(vote.ratings, [*vote.signs, ""], strict=False) if rating is not None]
        pairs = zip(order, order[1:], vote.signs, strict=False)
        if len(order) == len(vote.names) and any(
            (sign == ">" and a <= b) or (sign == "=" and a != b) for a, b, sign in pairs
        ):
            what = "ballots whose order is not that of their ratings: the ratings count"
            notes.add("seen", what, place(path, vote.line), vote.count)
        count = -(-vote.count // among)
        total += count * len(first)
        if total > rankings.MOST_READ:
            what = f"the ballots hold more than {rankings.MOST_READ:,} answers, which is the most that can be read"
            raise InputError(what + "; take a part of the ballots", file=path, row=vote.line)
        agent.append(np.repeat(np.arange(n, n + count), len(first)))
        statement.append(np.tile(np.array(list(first), dtype=np.int64), count))
        value.append(np.tile(np.array(list(first.values()), dtype=np.float64), count))
        masses.append(rankings.divided(vote.count, count))
        n += count
        notes.add("seen", "voters who rated nobody", place(path, vote.line), 0 if first else vote.count)
    if approvals:
        notes.add("seen", "ratings of 0 and 1 are approvals", path.name, total)
    else:
        notes.add("seen", f"ratings from {low:g}, the worst, to {high:g}, the best", path.name, total)
        notes.add("seen", "candidates that a ballot does not rate: nothing is assumed of them", path.name)
    notes.add("seen", "ballots are anonymous: voters are called by number", path.name, n)
    if among > 1:
        notes.add("changed", rankings.shared(among), path.name, voters)
    scale = APPROVAL if approvals else Scale("rating", low, high if high > low else low + 1)
    return Profile(
        Agents(tuple(map(str, range(1, n + 1))), masses=np.concatenate(masses) if among > 1 else None),
        statements,
        Answers.of(np.concatenate(agent), np.concatenate(statement), np.concatenate(value), scale),
        notes.all(),
        topic=topic,
        source="abif",
        facts={"files": [path.name], **facts},
    )


FORMATS.register(
    Format(
        "abif",
        "ABIF",
        sniff,
        read,
        signature=Signature.STRUCTURE,
    )
)
