"""Condorcet Election Format (.cvotes): parameters, and one line for all ballots that are equal."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

from ..profile import InputError, Note, Profile, Statements
from .base import FORMATS, Format, Head, Notes, ReadOptions, Signature, Source, place
from .rankings import Ballot, once, profile_of
from .table import listed, short
from .writing import Lost, in_file

_PARAMETER = re.compile(r"#/\s*([^:]+?)\s*:(.*)", re.DOTALL)
_VOTE = re.compile(
    r"(?:(?P<tags>.*?)\|\|)?(?P<ranking>[^*^]*?)\s*(?:\^\s*(?P<weight>\d{1,9})\s*)?(?:\*\s*(?P<count>\d{1,12})\s*)?"
)
_RESERVED = ">=;,#/*^|"
EMPTY = "/EMPTY/"
NOBODY = (EMPTY, "/EMPTY_RANKING/")


def sniff(head: Head) -> bool:
    """A parameter of the format, or lines of candidates with > between them and no other sign of a table?"""
    rows = [line.strip() for line in head.text.splitlines()[:400] if line.strip()]
    if any(
        re.match(r"#/\s*(candidates|implicit ranking|weight allowed|number of seats?)\s*:", row, re.I) for row in rows
    ):
        return True
    votes = [row.split("#", 1)[0].strip() for row in rows if not row.startswith("#")]
    return (
        len(votes) > 0
        and all(re.fullmatch(r"[^,;:\t\"{}\[\]<|]+", vote) for vote in votes)
        and sum(" > " in vote for vote in votes) * 2 > len(votes)
    )


def read(source: Source, options: ReadOptions) -> Profile:
    """Reads rankings with ties; what a vote leaves out is ranked behind, unless the file turns that off.

    Tags, which may say who voted, are not read.

    Args:
        source: the file to read.
        options: the reading options, none of which is used.

    Raises:
        InputError: if a line is no vote.
    """
    path, notes = source.file, Notes()
    parameters: dict[str, str] = {}
    votes: list[tuple[int, str, re.Match[str]]] = []
    title = ""
    for line, text in enumerate(source.head.lines(), start=1):
        row = text.strip()
        if parameter := _PARAMETER.match(row):
            parameters[parameter[1].lower()] = parameter[2].strip()
            continue
        if row.startswith("#") and not title and not votes and not parameters:
            title = row.lstrip("# ").strip()
        vote = " ".join(row.split("#", 1)[0].split())
        if not vote:
            continue
        match = _VOTE.fullmatch(vote)
        if match is None or not match["ranking"].strip():
            raise InputError(
                f"{short(vote)} is no vote; one is written like A > B = C * 42, with ^7 for a weight before the number",
                file=path,
                row=line,
            )
        votes.append((line, match["ranking"].strip(), match))
    named = [name.strip() for name in parameters.get("candidates", "").split(";") if name.strip()]
    if len(set(named)) < len(named):
        raise InputError("lists a candidate twice", file=path, column="Candidates")
    index = {name: j for j, name in enumerate(named)}
    weighs = _truth(parameters.get("weight allowed", "false"), "Weight Allowed", path)
    ballots: list[Ballot] = []
    for line, ranking, match in votes:
        count, weight = int(match["count"] or 1), int(match["weight"] or 1)
        if not count or not weight:
            raise InputError("a vote counts once or more", file=path, row=line)
        if match["tags"] is not None:
            notes.add("unused", "tags of votes, which may tell who voted", place(path, line), count)
        if match["weight"] is not None and not weighs:
            notes.add("unused", "weights, which the file does not allow (Weight Allowed)", place(path, line), count)
            weight = 1
        ranks: list[list[int]] = []
        for part in ranking.split(">") if ranking.upper() not in NOBODY else ():
            names = [name.strip() for name in part.split("=")]
            odd = next((name for name in names if not name or set(name) & set(_RESERVED + "<")), None)
            if odd is not None:
                what = f"{short(odd)} is no candidate" if odd else "a rank without a candidate"
                raise InputError(f"{what}; candidates stand between > and =", file=path, row=line)
            ranks.append([])
            for name in names:
                if named and name not in index:
                    notes.add("dropped", "candidates of votes that the file does not list", place(path, line), count)
                else:
                    ranks[-1].append(index.setdefault(name, len(index)))
        ballot = Ballot(line, ranks, count, Fraction(weight))
        once(ballot, path, notes)
        ballots.append(ballot)
    if not index:
        raise InputError("names no candidates; the file is cut", file=path)
    seats = parameters.get("number of seats", parameters.get("number of seat", ""))
    known = {"candidates", "weight allowed", "implicit ranking", "number of seats", "number of seat"}
    unused = sorted(set(parameters) - known)
    notes.add("unused", f"parameters that are not used: {listed(unused)}", path.name, len(unused))
    return profile_of(
        path,
        Statements(tuple(index), tuple(index)),
        ballots,
        notes,
        source="cvotes",
        topic=title,
        complete=_truth(parameters.get("implicit ranking", "true"), "Implicit Ranking", path),
        facts={"committeesize": int(seats)} if re.fullmatch(r"\d{1,6}", seats) else None,
    )


def _truth(text: str, name: str, path: Path) -> bool:
    if text.strip().lower() not in ("true", "false"):
        raise InputError(f"must be true or false, not {short(text)}", file=path, column=name)
    return text.strip().lower() == "true"


def write(profile: Profile, target: Path) -> tuple[Note, ...]:
    """Writes rankings, with ties and weights.

    Args:
        profile: a profile with rankings, whose statements have texts without the format's own signs.
        target: the file to write.

    Raises:
        InputError: if the answers are no rankings, or if a text cannot be a candidate's name.
    """
    a, s = profile.answers, profile.statements
    if a.scale.kind != "ranking" or not s.ids:
        what = f"{a.scale.kind}s" if s.ids else "a profile without candidates"
        raise InputError(f"a Condorcet election cannot hold {what}, only rankings; write `format='ratings'` instead")
    names = [" ".join(text.split()) for text in s.texts]
    bad = next((n for n in names if not n or set(n) & set(_RESERVED + "<") or names.count(n) > 1), None)
    if bad is not None:
        raise InputError(f"{short(bad)} cannot be a candidate's name here; write `format='blt'` instead")
    lost = Lost()
    lost.add("ids of participants", sum(n != str(i) for i, n in enumerate(profile.agents.ids, 1)))
    lost.add("ids of candidates", sum(i != n for i, n in zip(s.ids, names, strict=True)))
    lost.add("texts of participants", sum(map(len, profile.agents.texts)))
    lost.add("groups of participants", len(profile.agents.groups))
    lost.add("moderation of statements", 0 if s.moderation is None else len(s.ids))
    lost.add("costs of statements", 0 if s.costs is None else len(s.ids))
    lost.add("kinds of statements", sum(map(bool, s.kinds)))
    lost.add("provenance of statements", sum(p.kind != "listed" for p in s.provenance))
    title = " ".join(profile.topic.split()).lstrip("/# ")
    rows = [f"# {title}"] if title else []
    rows.append(f"#/Candidates: {' ; '.join(names)}")
    seats = profile.facts.get("committeesize")
    if isinstance(seats, int):
        rows.append(f"#/Number of Seats: {seats}")
    rows += [f"#/Implicit Ranking: {str(a.scale.complete).lower()}", "#/Weight Allowed: true", ""]
    for i, mass in enumerate(profile.masses.tolist()):
        own = slice(int(profile.indptr[i]), int(profile.indptr[i + 1]))
        chosen, worth = a.statement[own].tolist(), a.value[own].tolist()
        ranks = [
            " = ".join(names[j] for j, v in zip(chosen, worth, strict=True) if v == rank) for rank in sorted(set(worth))
        ]
        rows.append((" > ".join(ranks) or EMPTY) + (f" ^{mass}" if profile.agents.masses is not None else ""))
    in_file(target, "\n".join(rows) + "\n")
    return lost.notes()


FORMATS.register(
    Format(
        "cvotes",
        "Condorcet Election Format (.cvotes)",
        sniff,
        read,
        write,
        signature=Signature.MARK,
    )
)
