"""Pabulib .pb files: META, PROJECTS, VOTES; approval, choose-1, scoring, cumulative and ordinal ballots."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..profile import APPROVAL, Agents, Answers, InputError, IntArray, Note, Profile, Scale, Statements
from .base import FORMATS, Format, Head, Notes, ReadOptions, Source, place
from .columns import personal
from .money import Amounts
from .table import Records, listed, number, numbered, plain, short
from .writing import Lost, csv_text, in_file

SECTIONS = ("META", "PROJECTS", "VOTES")
POINTS = ("scoring", "cumulative")
_WORDS = """
description country unit subunit instance district subdistrict num_projects num_votes budget vote_type rule date_begin
date_end language edition min_length max_length min_points max_points min_sum_points max_sum_points min_sum_cost
max_sum_cost default_score scoring_fn comment currency experimental
"""
KEYS = frozenset(_WORDS.split())
"""What an entry of META can be called; one of them in the place of its header is an entry."""

MOST_LINES = 1000
"""How many lines a text in quotes may have."""


def sniff(head: Head) -> bool:
    """A first line that says META, and PROJECTS further down?"""
    first = head.text.lstrip().splitlines()[:1]
    return bool(first) and first[0].strip().strip(";").upper() == "META" and "PROJECTS" in head.text.upper()


@dataclass
class _Section:
    line: int
    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)

    def at(self, *names: str) -> int | None:
        return next((self.header.index(n) for n in names if n in self.header), None)


def read(source: Source, options: ReadOptions) -> Profile:
    """Reads a participatory budgeting instance; costs and names of projects are kept.

    Args:
        source: the file to read.
        options: the reading options; ``group_columns`` may name ``age``, ``sex`` and other columns of VOTES.

    Raises:
        InputError: if a section, column or number is missing or broken, or if a ballot names an unknown project.
    """
    path = source.file
    notes = Notes()
    sections = _sections(source.head, notes)
    meta = {plain(cells[0]).replace("-", "_"): cells[1].strip() for _, cells in sections["META"].rows if len(cells) > 1}
    kind = meta.get("vote_type", "approval").lower()
    amounts = _amounts(meta, sections["PROJECTS"])
    statements, column = _projects(path, sections["PROJECTS"], amounts, notes)
    votes = sections["VOTES"]
    who, ballot, points = votes.at("voter_id"), votes.at("vote"), votes.at("points")
    if who is None or ballot is None:
        raise InputError("the VOTES section needs columns voter_id and vote", file=path, row=votes.line)
    if kind in POINTS and points is None:
        raise InputError(f"{kind} votes need a column points", file=path, row=votes.line)
    if kind not in ("approval", "choose-1", "ordinal", *POINTS):
        raise InputError(
            f"vote_type {short(kind)} is not known", file=path, row=sections["META"].line, column="vote_type"
        )
    index: dict[str, int] = {}
    agent: list[int] = []
    statement: list[int] = []
    value: list[float] = []
    cast = Counter[str]()
    for line, cells in votes.rows:
        name = cells[who].strip()
        if not name or name in index:
            what = f"voter {short(name)} occurs twice" if name else "the voter has no id"
            raise InputError(what, file=path, row=line, column="voter_id")
        me = index[name] = len(index)
        chosen = [c for part in cells[ballot].split(",") if (c := part.strip())]
        if not chosen:
            notes.add("seen", "voters who chose nothing", place(path, line))
        cast.update(chosen)
        if kind == "choose-1" and len(set(chosen)) > 1:
            raise InputError("a choose-1 ballot names more than one project", file=path, row=line, column="vote")
        values = _utilities(kind, chosen, cells[points] if points is not None else "", path, line)
        if len(set(chosen)) < len(chosen):
            chosen, values = _once(kind, chosen, values, notes, path, line)
        for project, worth in zip(chosen, values, strict=True):
            if project not in column:
                raise InputError(f"project {short(project)} is not listed", file=path, row=line, column="vote")
            agent.append(me)
            statement.append(column[project])
            value.append(worth)
    scale = _scale(kind, meta, value, len(column), path)
    groups = {}
    for wanted in options.group_columns:
        at = votes.at(wanted)
        if at is None:
            raise InputError(
                f"`group_columns`: VOTES has no column {wanted!r}, only {listed(votes.header)}",
                file=path,
                row=votes.line,
            )
        groups[wanted] = tuple(cells[at].strip() for _, cells in votes.rows)
    keep = {
        w: tuple(c[at].strip() for _, c in votes.rows)
        for w in options.keep
        if (at := votes.at(plain(w).replace("-", "_"))) is not None
    }
    unused = [n for n in votes.header if n not in ("voter_id", "vote", "points", *groups, *keep)]
    secret, rest = [n for n in unused if personal(n)], [n for n in unused if not personal(n)]
    notes.add("unused", f"personal columns of VOTES: {listed(secret)}", path.name, len(secret))
    notes.add("unused", f"columns that are not used of VOTES: {listed(rest)}", path.name, len(rest))
    for key, n in (("num_projects", len(column)), ("num_votes", len(index))):
        if meta.get(key, str(n)) != str(n):
            notes.add("seen", f"{key} says {meta[key]}, the file has {n}", path.name)
    _check_votes(sections["PROJECTS"], column, cast, np.bincount(statement, minlength=len(column)), path, notes)
    facts: dict[str, Any] = {"files": [path.name], "meta": meta, "vote_type": kind}
    if meta.get("currency", "").strip():
        facts["currency"] = meta["currency"].strip()
    if "budget" in meta:
        line = next(n for n, cells in sections["META"].rows if plain(cells[0]) == "budget")
        facts["budget"] = amounts.value(meta["budget"], path, line, "budget")
    return Profile(
        Agents(tuple(index), groups=groups, extra=keep),
        statements,
        Answers.of(agent, statement, value, scale),
        notes.all(),
        topic=meta.get("description", ""),
        source="pabulib",
        facts=facts,
    )


def _utilities(kind: str, chosen: list[str], points: str, path: Path, line: int) -> list[float]:
    if kind == "ordinal":
        return [float(place) for place in range(1, len(chosen) + 1)]
    if kind not in POINTS:
        return [1.0] * len(chosen)
    values = [number(part, path, line, "points") for part in points.split(",") if part.strip()]
    if len(values) != len(chosen):
        raise InputError(
            f"the ballot names {len(chosen)} projects and gives {len(values)} numbers of points",
            file=path,
            row=line,
            column="points",
        )
    return values


def _scale(kind: str, meta: dict[str, str], values: list[float], n_projects: int, path: Path) -> Scale:
    if kind in ("approval", "choose-1"):
        return APPROVAL
    if kind == "ordinal":
        # A voter ranks a few favourites: what is not named is behind them.
        return Scale("ranking", 1.0, float(max(n_projects, 1)), complete=True)

    def stated(*keys: str) -> float | None:
        text = next((meta[k] for k in keys if meta.get(k)), None)
        return None if text is None else Amounts([text]).value(text, path, 1, keys[0])

    default = stated("default_score") or 0.0
    low = min([stated("min_points") or 0.0, default, *values])
    high = max([stated("max_points", "max_sum_points") or 0.0, *values])
    # What a ballot leaves out is the default score; only where that is the lowest can the scale say so.
    return Scale("points", low, high if high > low else low + 1, complete=default == low)


def _once(
    kind: str, chosen: list[str], values: list[float], notes: Notes, path: Path, line: int
) -> tuple[list[str], list[float]]:
    """A ballot that names a project more than once, which counts once: where it comes first."""
    first = {project: at for at, project in reversed(list(enumerate(chosen)))}
    kept = sorted(first.values())
    differ = kind in POINTS and any(values[first[p]] != worth for p, worth in zip(chosen, values, strict=True))
    what = "ballots that name a project twice, which counts once"
    notes.add("changed", what + (": the first of its points count" if differ else ""), place(path, line))
    projects = [chosen[at] for at in kept]
    worths = _utilities(kind, projects, "", path, line) if kind == "ordinal" else [values[at] for at in kept]
    return projects, worths


def _check_votes(
    section: _Section, column: dict[str, int], cast: Counter[str], counted: IntArray, path: Path, notes: Notes
) -> None:
    """Compares the votes that PROJECTS states with the ballots; Pabulib counts a project twice that is named twice."""
    key, votes = section.at("project_id"), section.at("votes")
    assert key is not None
    for line, cells in section.rows if votes is not None else ():
        stated, project = cells[votes].strip() if votes is not None else "", cells[key].strip()
        own = (str(counted[column[project]]), str(cast[project]))
        if stated and stated.removesuffix(".0") not in own:
            notes.add("seen", "projects whose votes are not the ballots that name them", place(path, line))


def _amounts(meta: dict[str, str], section: _Section) -> Amounts:
    cost = section.at("cost")
    return Amounts([*(cells[cost] for _, cells in section.rows if cost is not None), meta.get("budget", "")])


def _projects(path: Path, section: _Section, amounts: Amounts, notes: Notes) -> tuple[Statements, dict[str, int]]:
    key, cost, name = section.at("project_id"), section.at("cost"), section.at("name")
    if key is None or cost is None:
        raise InputError("the PROJECTS section needs columns project_id and cost", file=path, row=section.line)
    column: dict[str, int] = {}
    costs: list[int] = []
    texts: list[str] = []
    for line, cells in section.rows:
        project = cells[key].strip()
        if not project or project in column:
            what = f"project {short(project)} occurs twice" if project else "the project has no id"
            raise InputError(what, file=path, row=line, column="project_id")
        column[project] = len(column)
        price = amounts.value(cells[cost], path, line, "cost")
        if price < 0 or price > 1e15:
            raise InputError(f"a cost of {price:g} is not possible", file=path, row=line, column="cost")
        if price != int(price):
            notes.add("changed", "costs rounded up to whole units", place(path, line))
        costs.append(int(-(-price // 1)))
        texts.append(cells[name] if name is not None and cells[name].strip() else project)
    extra = [n for n in section.header if n not in ("project_id", "cost", "name", "votes")]
    notes.add("unused", f"columns of PROJECTS that are not used: {listed(extra)}", path.name, len(extra))
    return Statements(tuple(column), tuple(texts), costs=np.array(costs, dtype=np.int64)), column


def _sections(head: Head, notes: Notes) -> dict[str, _Section]:
    path = head.path
    sections: dict[str, _Section] = {}
    current: _Section | None = None
    for line, cells in _records(head, notes):
        first = cells[0].strip()
        if first.upper() in SECTIONS and not any(cell.strip() for cell in cells[1:]):
            if first.upper() in sections:
                raise InputError(f"has a second section {first.upper()}", file=path, row=line)
            current = sections[first.upper()] = _Section(line)
        elif current is None:
            raise InputError("does not begin with META", file=path, row=line)
        elif current is sections.get("META") and not current.header:
            current.header = ["key", "value"]
            if plain(first) == "key":
                continue
            if plain(first).replace("-", "_") not in KEYS:
                raise InputError(
                    f"META begins with {short(first)}, not with its row key;value; put that row in, so that no entry "
                    "is taken for it",
                    file=path,
                    row=line,
                )
            notes.add("seen", "META has no row key;value: its first row is read as an entry", place(path, line))
            current.rows.append((line, cells))
        elif not current.header:
            current.header = [plain(cell).replace("-", "_") for cell in cells]
        else:
            if current is not sections.get("META") and len(cells) != len(current.header):
                raise InputError(
                    f"the row has {len(cells)} of {len(current.header)} columns; the file is cut, or a text holds a ; "
                    "and needs quotes",
                    file=path,
                    row=line,
                )
            current.rows.append((line, cells))
    for name in SECTIONS:
        if name not in sections or not sections[name].header:
            raise InputError(f"has no section {name}; the file is cut", file=path)
    return sections


def _records(head: Head, notes: Notes) -> Records:
    """The first line and the cells of every record; quotes inside a text need not be doubled."""
    lines, ahead = enumerate(head.lines(), start=1), deque[tuple[int, str]]()
    while True:
        line, text = ahead.popleft() if ahead else next(lines, (0, ""))
        if not text:
            return
        cells = text.rstrip("\r\n").split(";")
        if '"' in text:
            cells, more = _quoted(line, text, lines, ahead, head.path, notes)
            ahead = more
        if any(cell.strip() for cell in cells):
            yield line, cells


def _quoted(
    line: int,
    text: str,
    lines: Iterator[tuple[int, str]],
    ahead: deque[tuple[int, str]],
    path: Path,
    notes: Notes,
) -> tuple[list[str], deque[tuple[int, str]]]:
    """The cells of a record with quotes, which may go on over lines, and the lines that were read too far."""
    taken: list[tuple[int, str]] = []
    joined = text
    while True:
        try:
            records = list(numbered([joined], path, ";"))
        except InputError as error:
            closed = "never closed" not in str(error)
        else:
            return (records[0][1] if records else [""]), ahead
        following = None if closed else ahead.popleft() if ahead else next(lines, None)
        # A section cannot lie inside a text: then the quote was none.
        section = following is not None and following[1].strip().strip(";").upper() in SECTIONS
        if following is not None:
            taken.append(following)
            joined += following[1]
        if following is None or section or len(taken) > MOST_LINES:
            break
    notes.add("seen", "quotes inside texts that are not doubled, taken as they stand", place(path, line))
    return _as_it_stands(text.rstrip("\r\n")), deque([*taken, *ahead])


def _as_it_stands(text: str) -> list[str]:
    """Cells of one line: a quote opens a cell only if one before the next delimiter closes it."""
    cells: list[str] = []
    rest: str | None = text
    while rest is not None:
        match = re.match(r'\s*"((?:[^"]|"")*)"\s*(?:;|$)', rest)
        if match is not None:
            cells.append(match[1].replace('""', '"'))
            rest = rest[match.end() :] if match[0].endswith(";") else None
        else:
            cell, sign, after = rest.partition(";")
            cells.append(cell)
            rest = after if sign else None
    return cells


def write(profile: Profile, target: Path) -> tuple[Note, ...]:
    """Writes a .pb file.

    Args:
        profile: a profile with approvals, points or rankings.
        target: the file to write.

    Raises:
        InputError: if there are votes, ratings or weights, or if an id holds the file's own signs.
    """
    a, s = profile.answers, profile.statements
    kinds = {"approval": "approval", "points": "scoring", "ranking": "ordinal"}
    if a.scale.kind not in kinds:
        raise InputError(
            f"Pabulib cannot hold {a.scale.kind}s; it holds approvals, points and rankings: "
            "write `format='ratings'` or `format='polis'` instead"
        )
    if profile.agents.masses is not None:
        raise InputError("Pabulib cannot hold weights; write `format='ratings'` instead")
    for name in (*s.ids, *profile.agents.ids):
        if (
            not name.strip()
            or name.upper() in SECTIONS
            or any(sign in name for sign in ';,\n\r"')
            or name != name.strip()
        ):
            raise InputError(f"id {short(name)} cannot stand in a Pabulib file; write `format='ratings'` instead")
    vote_type = kinds[a.scale.kind]
    lost = Lost()
    lost.add("texts of participants", sum(map(len, profile.agents.texts)))
    lost.add("moderation of statements", 0 if s.moderation is None else len(s.ids))
    lost.add("provenance of statements", sum(p.kind != "listed" for p in s.provenance))
    lost.add("kinds of statements", sum(map(bool, s.kinds)))
    costs: IntArray = s.costs if s.costs is not None else np.ones(len(s.ids), dtype=np.int64)
    if s.costs is None:
        lost.changed("statements without a cost, written with a cost of 1", len(s.ids))
    lost.changed("empty names, which become ids", sum(not text.strip() for text in s.texts))
    groups = profile.agents.groups
    stated = profile.facts.get("meta")
    meta = dict(stated) if isinstance(stated, dict) else {}
    budget = profile.facts.get("budget", int(costs.sum()))
    meta |= {
        "description": " ".join(profile.topic.split()),
        "num_projects": str(len(s.ids)),
        "num_votes": str(profile.n_agents),
        "budget": f"{budget:.15g}",
        "vote_type": vote_type,
    }
    if vote_type == "scoring":
        meta |= {"min_points": f"{a.scale.low:g}", "max_points": f"{a.scale.high:g}"}
        if not a.scale.complete:
            raise InputError(
                "Pabulib cannot tell what a ballot leaves out from the lowest score; write `format='ratings'` instead"
            )
        meta["default_score"] = f"{a.scale.low:g}"
    if vote_type != "scoring" and not a.scale.complete:
        lost.changed("what was not answered, which a Pabulib ballot cannot tell from no support", profile.n_agents)
    ballots: list[list[str]] = []
    for i, name in enumerate(profile.agents.ids):
        own = slice(int(profile.indptr[i]), int(profile.indptr[i + 1]))
        chosen, worth = a.statement[own], a.value[own]
        if vote_type == "approval":
            chosen, worth = chosen[worth > 0], worth[worth > 0]
        elif vote_type == "ordinal":
            order = np.argsort(worth, kind="stable")
            chosen, worth = chosen[order], worth[order]
            if not np.array_equal(worth, np.arange(1, len(worth) + 1)):
                raise InputError(f"participant {short(name)} ranks with ties or gaps, which Pabulib cannot hold")
        row = [name, *(labels[i] for labels in groups.values()), ",".join(s.ids[j] for j in chosen)]
        ballots.append([*row, ",".join(f"{v:.17g}" for v in worth)] if vote_type == "scoring" else row)
    columns = ["voter_id", *groups, "vote", *(["points"] if vote_type == "scoring" else [])]
    projects = zip(s.ids, costs.tolist(), s.texts, strict=True)
    parts = (
        ("META", [("key", "value"), *meta.items()]),
        ("PROJECTS", [("project_id", "cost", "name"), *projects]),
        ("VOTES", [columns, *ballots]),
    )
    in_file(target, "".join(f"{title}\n{csv_text(rows, ';')}" for title, rows in parts))
    return lost.notes()


FORMATS.register(
    Format("pabulib", "Pabulib .pb", sniff, read, write, uses=frozenset(["group_columns", "keep"])),
)
