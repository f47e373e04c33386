"""A format: minutes of a town hall meeting.

The first line is ``# minutes``, then a motion on each line that begins with ``*``, and below it who was for and who
against it::

    # minutes
    * More trees in the high street
    for: Ada, Bo
    against: Cy
"""

from __future__ import annotations

from folkmoot.formats import FORMATS, Format, Head, Notes, ReadOptions, Signature, Source
from folkmoot.profile import Agents, Answers, InputError, Profile, Statements

MARK = "# minutes"
VOTES = {"for": 1.0, "against": -1.0}


def sniff(head: Head) -> bool:
    """Does it begin with the mark?"""
    return head.text.startswith(MARK)


def read(source: Source, options: ReadOptions) -> Profile:
    """Motions are statements, everybody who voted on one is a participant; the last vote of a person counts.

    Raises:
        InputError: a vote before the first motion, or a line that is neither a motion nor votes.
    """
    notes, motions = Notes(), list[str]()
    people: dict[str, int] = {}
    votes: dict[tuple[int, int], float] = {}
    for row, line in enumerate(source.head.lines(), start=1):
        text = line.strip()
        if row == 1 or not text:
            continue
        side, colon, names = text.partition(":")
        if text.startswith("*"):
            motions.append(text.removeprefix("*").strip())
        elif not colon or side.strip() not in VOTES:
            raise InputError("is neither a motion ('* ...') nor votes ('for: ...')", file=source.file, row=row)
        elif not motions:
            raise InputError("has votes before the first motion ('* ...')", file=source.file, row=row)
        else:
            for name in filter(None, (name.strip() for name in names.split(","))):
                pair = people.setdefault(name, len(people)), len(motions) - 1
                if pair in votes:
                    notes.add("changed", "votes that a later one replaced", f"{source.file.name} row {row}")
                votes[pair] = VOTES[side.strip()]
    return Profile(
        Agents(tuple(people)),
        Statements(tuple(str(number) for number in range(1, len(motions) + 1)), tuple(motions)),
        Answers.of([agent for agent, _ in votes], [motion for _, motion in votes], list(votes.values())),
        notes.all(),
        source="minutes",
    )


FORMATS.register(
    Format(
        "minutes",
        "minutes of a town hall meeting",
        sniff,
        read,
        signature=Signature.MARK,
        example="# minutes\n* More trees\nfor: Ada, Bo\nagainst: Cy\n\n* A bus on Sundays\nfor: Cy, Dee\n",
    )
)
