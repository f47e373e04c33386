"""The CSV files in which counts of Scottish council elections are published, as VoteKit reads them."""

from __future__ import annotations

import re

from ..profile import InputError, Profile, Statements
from .base import FORMATS, Format, Head, Notes, ReadOptions, Signature, Source
from .rankings import Ballot, once, profile_of
from .table import numbered, short

_NUMBERS = re.compile(r"\s*\d{1,9}(?:\s*,\s*\d{1,6})*[\s,]*")
_CANDIDATE = re.compile(r"\s*\"?Candidate\s+(\d{1,6})\"?\s*,", re.IGNORECASE)


def sniff(head: Head) -> bool:
    """Two numbers, then rows of numbers, then a row that begins with Candidate 1?"""
    rows = [row for row in head.text.splitlines() if row.strip(", ")]
    if not rows or re.fullmatch(r"\s*\d{1,6}\s*,\s*\d{1,6}[\s,]*", rows[0]) is None:
        return False
    other = next((row for row in rows if _NUMBERS.fullmatch(row) is None), None)
    return other is not None and len(rows) > 2 and _CANDIDATE.match(other) is not None


def read(source: Source, options: ReadOptions) -> Profile:
    """Reads ballots with how many voters cast each, and candidates with their parties.

    Args:
        source: the file to read.
        options: the reading options, none of which is used.

    Raises:
        InputError: if a row is broken, or if a ballot names a candidate that is not there.
    """
    path, notes = source.file, Notes()
    rows = [
        (line, [cell.strip() for cell in cells])
        for line, cells in numbered(source.head.lines(), path)
        if any(cell.strip() for cell in cells)
    ]
    counts = [cell for cell in rows[0][1] if cell] if rows else []
    if len(counts) != 2 or not all(re.fullmatch(r"[0-9]{1,6}", cell) for cell in counts):
        raise InputError("must begin with two numbers, the candidates and the seats", file=path, row=1)
    m, seats = map(int, counts)
    ballots: list[Ballot] = []
    names: list[str] = []
    ward = ""
    for line, cells in rows[1:]:
        found = re.fullmatch(r"candidate\s+(\d{1,6})", cells[0], re.IGNORECASE)
        filled = [cell for cell in cells if cell]
        if found is not None:
            if int(found[1]) != len(names) + 1 or len(filled) < 2:
                raise InputError(
                    f"{short(cells[0])} is not candidate {len(names) + 1} with a name", file=path, row=line
                )
            names.append(filled[1] + (f" ({filled[2]})" if len(filled) > 2 else ""))
        elif names:
            ward = ward or filled[0]
        elif not all(re.fullmatch(r"[0-9]{1,9}", cell) for cell in filled) or int(filled[0]) < 1:
            raise InputError("a ballot is a row of numbers: how many voters cast it, and for whom", file=path, row=line)
        else:
            chosen = [int(cell) for cell in filled[1:]]
            strange = next((number for number in chosen if not 1 <= number <= m), None)
            if strange is not None:
                raise InputError(f"candidate {strange} is not there; there are {m}", file=path, row=line)
            ballots.append(Ballot(line, [[number - 1] for number in chosen], int(filled[0])))
    if len(names) != m or not m:
        raise InputError(f"names {len(names)} of {m} candidates; the file is cut, or that number is wrong", file=path)
    for ballot in ballots:
        once(ballot, path, notes)
    return profile_of(
        path,
        Statements(tuple(map(str, range(1, m + 1))), tuple(names)),
        ballots,
        notes,
        source="scottish",
        topic=ward,
        facts={"committeesize": seats},
    )


FORMATS.register(
    Format("scottish", "Scottish council elections (CSV)", sniff, read, signature=Signature.STRUCTURE),
)
