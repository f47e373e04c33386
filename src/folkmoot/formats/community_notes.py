"""Community Notes: who found which note how helpful, in the platform's public tables (a row a rating)."""

from __future__ import annotations

import numpy as np

from ..profile import VOTE, Agents, Answers, InputError, Profile, Statements
from ..profile.sentences import noted
from .base import FORMATS, Format, ReadOptions, Signature, decoded
from .heads import Head, Source
from .notes import Notes, place
from .repeated import chosen_of

_RATER = ("raterparticipantid", "participantid")
_LEVELS = {"HELPFUL": 1.0, "SOMEWHAT_HELPFUL": 0.0, "NOT_HELPFUL": -1.0}
"""How helpful a note was found, as agree, pass and disagree."""


def sniff(head: Head) -> bool:
    """The columns of the platform's table of ratings?"""
    return {"noteid", "helpfulnesslevel"} <= head.columns and bool(head.columns & set(_RATER))


def read(source: Source, options: ReadOptions) -> Profile:
    """Reads the ratings of notes: helpful is agree, somewhat helpful is pass, not helpful is disagree.

    Raters are numbered in the order in which they first occur, because their ids lead to their other ratings. The texts
    come from the table of notes, if it lies beside.

    Args:
        source: the table of ratings.
        options: the reading options; ``repeated`` says which of two ratings of the same note counts.

    Raises:
        InputError: if a row is broken, or if there are no ratings.
    """
    head, notes = source.head, Notes()
    table = head.open()
    note, rater, level = table.find("noteid"), table.find(*_RATER), table.find("helpfulnesslevel")
    when = table.find("createdatmillis")
    if note is None or rater is None or level is None:
        raise InputError(
            "ratings of notes need columns noteId, raterParticipantId and helpfulnessLevel", file=head.path
        )
    people: dict[str, int] = {}
    statements: dict[str, int] = {}
    rows: list[tuple[int, int, float, int]] = []
    for line, cells in table.rows():
        value = _LEVELS.get(cells[level].strip().upper())
        if value is None:
            notes.add("seen", "ratings of the old form, without how helpful the note is", place(head.path, line))
            continue
        i = people.setdefault(cells[rater].strip(), len(people))
        j = statements.setdefault(cells[note].strip(), len(statements))
        stamp = cells[when].strip() if when is not None else ""
        rows.append((i, j, value, int(stamp) if stamp.isdigit() and len(stamp) < 19 else line))
    if not rows:
        raise InputError("the table holds no ratings of notes", file=head.path)
    agent, statement, time = (np.array([row[k] for row in rows], dtype=np.int64) for k in (0, 1, 3))
    values = np.array([row[2] for row in rows])
    chosen = chosen_of(agent * len(statements) + statement, time, options.repeated)
    if chosen is None:
        raise InputError("somebody rated a note twice; say which rating counts with `repeated`", file=head.path)
    notes.add(
        "changed",
        "ratings of a note by the same person again: only one counts",
        head.path.name,
        len(rows) - len(chosen),
    )
    notes.add("changed", "ids of raters replaced by numbers, in the order in which they first occur", count=len(people))
    ids = tuple(statements)
    return Profile(
        Agents(tuple(map(str, range(1, len(people) + 1)))),
        Statements(ids, _texts(source, ids, notes)),
        Answers.of(agent[chosen], statement[chosen], values[chosen], VOTE),
        notes.all(),
        source="community-notes",
        facts={
            "files": [head.path.name],
            "opinions": [noted(f"column {table.header[level]!r} (in words)")],
            "direction": noted("helpful is read as agree, somewhat helpful as pass, not helpful as disagree"),
        },
    )


def _texts(source: Source, ids: tuple[str, ...], notes: Notes) -> tuple[str, ...]:
    for head in source.beside:
        if {"noteid", "summary"} <= head.columns:
            table = head.open()
            note, summary = table.find("noteid"), table.find("summary")
            assert note is not None
            assert summary is not None
            known = {cells[note].strip(): (line, cells[summary]) for line, cells in table.rows()}
            without = sum(each not in known for each in ids)
            notes.add("seen", f"notes whose text is not in {head.path.name}: their ids stand for them", count=without)
            lines = (known.get(each, (0, each)) for each in ids)
            return tuple(decoded(text, notes, place(head.path, line)) for line, text in lines)
    notes.add("seen", "no table of notes beside, so their ids stand for them", count=len(ids))
    return ids


FORMATS.register(
    Format(
        "community-notes",
        "Community Notes ratings (TSV)",
        sniff,
        read,
        signature=Signature.EXPORT,
        uses=frozenset(["repeated", "encoding"]),
        example=(
            "noteId\traterParticipantId\tcreatedAtMillis\thelpfulnessLevel\n"
            "11\tAA\t1600000000000\tHELPFUL\n11\tBB\t1600000000001\tNOT_HELPFUL\n12\tAA\t1600000000002\tSOMEWHAT_HELPFUL\n"
        ),
    )
)
