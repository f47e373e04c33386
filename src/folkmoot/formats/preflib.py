"""PrefLib files: soc, soi, toc, toi, cat, with the header of 2022 (# keys) and the one before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..profile import (
    APPROVAL,
    VOTE,
    Agents,
    Answers,
    FloatArray,
    InputError,
    IntArray,
    Note,
    Profile,
    Scale,
    Statements,
)
from . import rankings
from .base import FORMATS, Format, Head, Notes, ReadOptions, Source
from .table import short
from .writing import Lost, in_file

ORDERS = ("soc", "soi", "toc", "toi")
VOTE_NAMES = ("agree", "pass", "disagree")

_KEY = re.compile(r"#\s*([A-Z][A-Z ]*?)(?:\s+(\d+))?\s*:(.*)", re.DOTALL)
_BODY = re.compile(r"\s*(\d{1,12})\s*[:,](.*)", re.DOTALL)
_GROUP = re.compile(r"\{([\d,\s]*)\}|(\d+)")


def sniff(head: Head) -> bool:
    """Header keys of PrefLib, or a number of alternatives followed by as many numbered names?"""
    first = head.text.lstrip().splitlines()[:400]
    if any(line.startswith(("# NUMBER ALTERNATIVES", "# ALTERNATIVE NAME")) for line in first):
        return True
    if not first or not re.fullmatch(r"\d{1,6}\s*", first[0]) or len(first) < 2:
        return False
    return (
        re.match(r"1\s*,", first[1]) is not None
        and re.match(r"2\s*,|\d+\s*,\s*\d+\s*,\s*\d+\s*$", first[2] if len(first) > 2 else "") is not None
    )


@dataclass
class _File:
    names: dict[str, str] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    ballots: list[tuple[int, int, str]] = field(default_factory=list)


def read(source: Source, options: ReadOptions) -> Profile:
    """Reads rankings, or categories: two are approvals, agree/pass/disagree are votes, others are ratings.

    A ballot that counts for several voters becomes that many participants, called by number. In an election of
    millions each participant stands for voters with equal ballots and has their number as its mass. Positions are one
    more than the number of alternatives ranked before; what an incomplete order leaves out is behind.

    Args:
        source: the file to read.
        options: the reading options, none of which is used.

    Raises:
        InputError: if the header or a ballot is broken or an alternative is not listed; the message names the line.
    """
    path = source.file
    notes = Notes()
    file = _parsed(source.head)
    column = {name: j for j, name in enumerate(file.names)}
    if not column:
        raise InputError("names no alternatives; the file is cut", file=path)
    kind = file.keys.get("DATA TYPE", "").lower()
    if kind and kind not in (*ORDERS, "cat"):
        raise InputError(f"PrefLib data of type {short(kind)} is not read; soc, soi, toc, toi and cat are", file=path)
    cat = kind == "cat" or bool(file.categories)
    n_cat = max(len(file.categories), _stated(file, "NUMBER CATEGORIES"), 1) if cat else 0
    if n_cat > 10_000:
        raise InputError(f"{n_cat} categories are not possible", file=path)
    agents: list[IntArray] = []
    statements: list[IntArray] = []
    values: list[FloatArray] = []
    voted = sum(count for _, count, _ in file.ballots)
    for key, counted in (("NUMBER ALTERNATIVES", len(column)), ("NUMBER VOTERS", voted)):
        if _stated(file, key) not in (0, counted):
            raise InputError(
                f"{key} says {_stated(file, key)}, the file has {counted}; it is cut or damaged", file=path
            )
    if voted > rankings.MOST_VOTERS:
        raise InputError(f"counts {voted:,} voters; the most that can be read are {rankings.MOST_VOTERS:,}", file=path)
    distinct = {_ballot(text) for _, _, text in file.ballots}
    for key in ("NUMBER UNIQUE ORDERS", "NUMBER UNIQUE PREFERENCES"):
        if _stated(file, key) not in (0, len(distinct), len(file.ballots)):
            what = f"{key} says {_stated(file, key)}, the file has {len(distinct)}"
            notes.add("seen", what, path.name)
    masses: list[IntArray] = []
    n, total, partial = 0, 0, 0
    # A line has a sign after every alternative it names.
    among = rankings.share(voted, sum(count * (text.count(",") + 1) for _, count, text in file.ballots))
    for line, voters, text in file.ballots:
        groups = _groups(text, column, path, line)
        if cat and len(groups) > n_cat:
            raise InputError(f"the ballot has {len(groups)} categories, the header {n_cat}", file=path, row=line)
        chosen = np.array([j for group in groups for j in group], dtype=np.int64)
        count = -(-voters // among)
        total += count * len(chosen)
        if total > rankings.MOST_READ:
            raise InputError(
                f"the ballots hold more than {rankings.MOST_READ:,} answers, which is the most that can be read; take "
                "a part of the ballots",
                file=path,
                row=line,
            )
        masses.append(rankings.divided(voters, count))
        sizes = [len(group) for group in groups]
        if cat:
            worth = np.repeat(np.arange(n_cat, n_cat - len(groups), -1), sizes)
        else:
            worth = np.repeat(np.cumsum([1, *sizes[:-1]]) if sizes else [], sizes)
        partial += voters * (len(chosen) < len(column))
        agents.append(np.repeat(np.arange(n, n + count), len(chosen)))
        statements.append(np.tile(chosen, count))
        values.append(np.tile(worth.astype(np.float64), count))
        n += count
    value = np.concatenate(values) if values else np.zeros(0)
    scale, value = _scale(file, cat, n_cat, value, len(column), path.name, notes)
    if not cat:
        notes.add("seen", "orders that leave alternatives out: these are ranked behind, equal", path.name, partial)
    notes.add("seen", "ballots are anonymous: voters are called by number", path.name, n)
    if among > 1:
        notes.add("changed", rankings.shared(among), path.name, voted)
    return Profile(
        Agents(tuple(map(str, range(1, n + 1))), masses=np.concatenate(masses) if among > 1 else None),
        Statements(tuple(file.names), tuple(file.names.values())),
        Answers.of(
            np.concatenate(agents) if agents else [], np.concatenate(statements) if statements else [], value, scale
        ),
        notes.all(),
        topic=file.keys.get("TITLE", ""),
        source="preflib",
        facts={"files": [path.name], "data_type": kind or "old header", "categories": list(file.categories.values())},
    )


def _scale(
    file: _File, cat: bool, n_cat: int, value: FloatArray, m: int, name: str, notes: Notes
) -> tuple[Scale, FloatArray]:
    if not cat:
        return Scale("ranking", 1.0, float(m), complete=True), value
    if n_cat == 1:
        return APPROVAL, value
    if n_cat == 2:
        notes.add("seen", "two categories: the first is read as approved, the second as not", name)
        return Scale("approval", 0.0, 1.0), value - 1
    if tuple(c.lower() for c in file.categories.values()) == VOTE_NAMES:
        return VOTE, value - 2
    notes.add("seen", f"{n_cat} categories: read as ratings from {n_cat} (the first) to 1 (the last)", name)
    return Scale("rating", 1.0, float(n_cat)), value


def _ballot(text: str) -> str:
    return "".join(text.split())


def _stated(file: _File, key: str) -> int:
    text = file.keys.get(key, "0")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _parsed(head: Head) -> _File:
    path = head.path
    numbered = ((n, text.rstrip("\r\n")) for n, text in enumerate(head.lines(), start=1))
    content = ((n, text) for n, text in numbered if text.strip())
    first = next(content, None)
    if first is None:
        raise InputError("holds no ballots", file=path)
    file = _File()
    if not first[1].lstrip().startswith("#"):
        _old_header(first, content, file, path)
        rest = content
    else:
        _key(first[1], file, path, first[0])
        rest = content
    for line, text in rest:
        if text.lstrip().startswith("#"):
            _key(text.lstrip(), file, path, line)
            continue
        match = _BODY.match(text)
        if not match:
            raise InputError(f"{short(text)} is not a ballot (count: 1,2,3)", file=path, row=line)
        file.ballots.append((line, int(match[1]), match[2]))
    return file


def _key(text: str, file: _File, path: Path, line: int) -> None:
    match = _KEY.match(text)
    if not match:
        return  # a comment
    key, index, value = match[1].strip(), match[2], match[3].strip()
    if key in ("ALTERNATIVE NAME", "CATEGORY NAME") and index is not None:
        names = file.names if key.startswith("ALT") else file.categories
        if index in names:
            raise InputError(f"{key} {index} occurs twice", file=path, row=line)
        names[index] = value
    else:
        file.keys[key] = value


def _old_header(first: tuple[int, str], content: Iterator[tuple[int, str]], file: _File, path: Path) -> None:
    text = first[1].strip()
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise InputError(f"{short(text)} is not a number of alternatives", file=path, row=first[0])
    for _ in range(int(text)):
        line, name = next(content, (first[0], ""))
        number, comma, label = name.partition(",")
        if not comma or not re.fullmatch(r"[0-9]{1,9}", number.strip()) or number.strip() in file.names:
            raise InputError(f"{short(name)} is not a numbered alternative (1,name)", file=path, row=line)
        file.names[number.strip()] = label.strip()
    line, sums = next(content, (first[0], ""))
    if not re.fullmatch(r"\s*\d+\s*,\s*\d+\s*,\s*\d+\s*", sums):
        raise InputError(f"{short(sums)} is not voters,sum,unique orders", file=path, row=line)
    file.keys["NUMBER VOTERS"] = sums.split(",")[0].strip()


def _groups(text: str, column: dict[str, int], path: Path, line: int) -> list[list[int]]:
    groups: list[list[int]] = []
    used: set[str] = set()
    rest = _GROUP.sub("", text)
    if rest.replace(",", "").strip():
        raise InputError(f"{short(text.strip())} is not an order or list of categories", file=path, row=line)
    for many, one in _GROUP.findall(text):
        names = [one] if one else [name for part in many.split(",") if (name := part.strip())]
        for name in names:
            if name not in column:
                raise InputError(f"alternative {short(name)} is not listed in the header", file=path, row=line)
            if name in used:
                raise InputError(f"alternative {short(name)} occurs twice in a ballot", file=path, row=line)
            used.add(name)
        groups.append([column[name] for name in names])
    return groups


def write(profile: Profile, target: Path) -> tuple[Note, ...]:
    """Writes rankings as orders, approvals, votes and whole ratings as categories.

    Args:
        profile: a profile with answers other than points, without weights.
        target: the file to write.

    Raises:
        InputError: if there are weights, points, or ratings that are not whole numbers.
    """
    a, s = profile.answers, profile.statements
    if not s.ids or not len(a):
        what = "statements to rank" if not s.ids else "answers to rank by"
        instead = "write texts instead (`format='texts'`)" if any(profile.agents.texts) else "there is nothing to write"
        raise InputError(f"the profile has no {what}; {instead}")
    if profile.agents.masses is not None:
        raise InputError("PrefLib cannot hold weights; write `format='ratings'` instead")
    kind, low, high = a.scale.kind, a.scale.low, a.scale.high
    whole = bool((a.value == np.rint(a.value)).all()) and low == int(low) and high == int(high) and high - low < 1000
    if kind == "points" or (kind == "rating" and not whole):
        raise InputError(
            f"PrefLib cannot hold these {kind}s; it holds rankings and categories: write `format='ratings'` instead"
        )
    lost = Lost()
    lost.add("ids of participants, who become numbers", sum(n != str(i) for i, n in enumerate(profile.agents.ids, 1)))
    lost.add("ids of statements, which become numbers", sum(n != str(j) for j, n in enumerate(s.ids, 1)))
    lost.add("texts of participants", sum(map(len, profile.agents.texts)))
    lost.add("groups of participants", len(profile.agents.groups))
    lost.add("moderation of statements", 0 if s.moderation is None else len(s.ids))
    lost.add("costs of statements", 0 if s.costs is None else len(s.ids))
    lost.add("provenance of statements", sum(p.kind != "listed" for p in s.provenance))
    lost.add("kinds of statements", sum(map(bool, s.kinds)))
    lost.changed("texts whose line breaks became spaces", sum(_line(text) != text for text in s.texts))
    names: tuple[str, ...] = ()
    if kind == "vote":
        names = VOTE_NAMES
    elif kind == "approval":
        names = ("approved",) if a.scale.complete else ("approved", "not approved")
    elif kind == "rating":
        names = tuple(str(v) for v in range(int(high), int(low) - 1, -1))
        if low != 1:
            lost.changed(f"ratings from {low:g} to {high:g}, which are read back from 1 to {len(names)}", len(a))
    ballots: list[str] = []
    ties = short_one = False
    for i in range(profile.n_agents):
        own = slice(int(profile.indptr[i]), int(profile.indptr[i + 1]))
        chosen, worth = a.statement[own] + 1, a.value[own]
        if kind == "ranking":
            groups = [chosen[worth == v].tolist() for v in np.unique(worth)]
            ties |= any(len(g) > 1 for g in groups)
            short_one |= len(chosen) < len(s.ids)
            ballots.append(",".join(_group(g) for g in groups))
        else:
            ballots.append(",".join(_group(chosen[worth == high - k].tolist()) for k in range(len(names))))
    # Equal neighbours share a line; the order of the voters stays.
    merged: list[tuple[str, int]] = []
    for ballot in ballots:
        if merged and merged[-1][0] == ballot:
            merged[-1] = (ballot, merged[-1][1] + 1)
        else:
            merged.append((ballot, 1))
    data = "cat" if names else ("t" if ties else "s") + "o" + ("i" if short_one else "c")
    head = [("FILE NAME", target.name), ("TITLE", _line(profile.topic)), ("DATA TYPE", data)]
    head += [("NUMBER ALTERNATIVES", str(len(s.ids))), ("NUMBER VOTERS", str(profile.n_agents))]
    unique = "NUMBER UNIQUE PREFERENCES" if names else "NUMBER UNIQUE ORDERS"
    head.append((unique, str(len(Counter(ballots)))))
    if names:
        head.append(("NUMBER CATEGORIES", str(len(names))))
        head += [(f"CATEGORY NAME {k}", name) for k, name in enumerate(names, start=1)]
    head += [(f"ALTERNATIVE NAME {j}", _line(text)) for j, text in enumerate(s.texts, start=1)]
    body = [f"# {key}: {value}\n" for key, value in head] + [f"{count}: {ballot}\n" for ballot, count in merged]
    in_file(target, "".join(body))
    return lost.notes()


def _group(members: list[int]) -> str:
    return str(members[0]) if len(members) == 1 else "{" + ",".join(map(str, members)) + "}"


def _line(text: str) -> str:
    return " ".join(text.split())


FORMATS.register(Format("preflib", "PrefLib", sniff, read, write))
