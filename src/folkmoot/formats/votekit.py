"""Profiles of rankings as VoteKit writes them: a table below a few rows about the candidates."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

from ..profile import InputError, Profile, Statements
from .base import FORMATS, Format, Head, Notes, ReadOptions, Signature, Source, place
from .rankings import Ballot, once, profile_of
from .ranks import names_in
from .table import numbered, short

_FIRST = re.compile(r"\s*\"?VoteKit (?:Rank|Score|Preference)Profile\b")
_CANDIDATE = re.compile(r"\((.*?):([^:()]*)\)(?=,\s*\(|,*\s*$)")
_WEIGHT = re.compile(r"\d{1,12}(?:\.\d{1,9})?")


def sniff(head: Head) -> bool:
    """A first row that names VoteKit?"""
    return _FIRST.match(head.text) is not None


def read(source: Source, options: ReadOptions) -> Profile:
    """Reads candidates, ballots and weights; who the voters are is not read.

    Args:
        source: the file to read.
        options: the reading options, none of which is used.

    Raises:
        InputError: if it holds scores, a part is missing, or a ballot names a candidate that is not there.
    """
    path, notes = source.file, Notes()
    rows = [(line, cells) for line, cells in numbered(source.head.lines(), path) if any(map(str.strip, cells))]
    if not rows or not rows[0][1][0].strip().endswith("RankProfile"):
        raise InputError(
            "holds no rankings; scores of VoteKit are not read, write them as a table with a column for each candidate",
            file=path,
            row=1,
        )
    below = {cells[0].strip(): ",".join(after) for (_, cells), (_, after) in pairwise(rows[:10])}
    listed = _CANDIDATE.findall(below.get("Candidates", "").strip().rstrip(","))
    if not listed or len({short_name for _, short_name in listed}) < len(listed):
        raise InputError("lists no candidates, like (Ada:A),(Bo:B), each once", file=path)
    index = {short_name.strip(): j for j, (_, short_name) in enumerate(listed)}
    start = next((at for at, (_, cells) in enumerate(rows) if cells[0].strip() == "Ranking_1"), None)
    if start is None or "&" not in [cell.strip() for cell in rows[start][1]]:
        raise InputError("has no row Ranking_1, Ranking_2, ..., &, Weight, &; the file is cut", file=path)
    header = [cell.strip() for cell in rows[start][1]]
    ranks = header.index("&")
    ballots: list[Ballot] = []
    for line, cells in rows[start + 1 :]:
        weight = cells[ranks + 1].strip() if len(cells) > ranks + 1 else ""
        if _WEIGHT.fullmatch(weight) is None or float(weight) <= 0:
            raise InputError(f"{short(weight)} is no weight; the row is cut", file=path, row=line)
        given = Fraction(weight)
        whole = given.denominator == 1
        ballot = Ballot(line, [], int(given) if whole else 1, Fraction(1) if whole else given)
        gap = False
        for cell in cells[:ranks]:
            names = names_in(cell) if cell.strip() not in ("{}", "set()") else []
            strange = next((name for name in names if name not in index), None)
            if strange is not None:
                raise InputError(f"candidate {short(strange)} is not listed", file=path, row=line)
            if names and gap:
                what = "ballots that skip a rank: the ranks after it move up"
                notes.add("seen", what, place(path, line), ballot.voters)
            gap = not names
            ballot.ranks.append([index[name] for name in names])
        once(ballot, path, notes)
        ballots.append(ballot)
        if any(cell.strip() for cell in cells[ranks + 3 :]):
            notes.add("unused", "names of voters", place(path, line))
    names_of = tuple(name.strip() for name, _ in listed)
    return profile_of(path, Statements(tuple(index), names_of), ballots, notes, source="votekit")


FORMATS.register(Format("votekit", "VoteKit RankProfile (CSV)", sniff, read, signature=Signature.MARK))
