"""Counted notes on what reading changed, left out or noticed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ..profile import Note
from ..profile.sentences import noted

PLACES = 5
"""How many places a note of one kind names at most."""


@dataclass
class Notes:
    """Notes being collected: equal notes are counted together and keep their first places."""

    _counts: dict[tuple[str, str], tuple[int, list[str]]] = field(default_factory=dict)

    def add(
        self,
        kind: Literal["dropped", "changed", "unused", "seen"],
        what: str,
        where: str | Sequence[str] = (),
        count: int = 1,
    ) -> None:
        """Adds one (or ``count``) to the note of this kind and text; a ``count`` of 0 adds no note."""
        if count <= 0:
            return
        before, places = self._counts.setdefault((kind, what), (0, []))
        new = [where] if isinstance(where, str) else list(where)
        places.extend(new[: PLACES - len(places)])
        self._counts[kind, what] = (before + count, places)

    def put(
        self,
        kind: Literal["dropped", "changed", "unused", "seen"],
        what: str,
        where: str | Sequence[str] = (),
        count: int = 1,
    ) -> None:
        """As `add`, in place of what was counted before: for what is read several times."""
        self._counts.pop((kind, what), None)
        self.add(kind, what, where, count)

    def all(self) -> tuple[Note, ...]:
        """The notes, in the order of their first occurrence."""
        return tuple(
            Note(kind, what, count, tuple(places))  # type: ignore[arg-type]
            for (kind, what), (count, places) in self._counts.items()
        )


def place(path: Path, line: int) -> str:
    """A file and a row, as notes name them."""
    return noted(f"{path.name} row {line}")


_NOUNS = (
    "annotations annotators answers authors ballots candidates cells clauses columns comparisons costs ids lines names "
    "notes orders parameters participants passes presentations previews projects questions quotes ranks ratings "
    "re-votes replies rows settings statements states submissions tags tests texts times turns voters votes weights"
)
#: What notes count, at the beginning of their sentence.
_COUNTED = re.compile(rf"((?:empty|unfinished|personal|unquoted|decimal) )?({'|'.join([*_NOUNS.split(), 'commas'])})\b")
_ONE = {"re-votes": "re-vote", "replies": "reply", "passes": "pass"}
#: Verbs of what is counted, where it is one.
_VERBS = {"are": "is", "were": "was", "have": "has", "look": "looks", "hold": "holds", "skip": "skips", "name": "names"}
_VERB = re.compile(rf"\b(that|who|which) ({'|'.join(_VERBS)})\b")


def counting(note: Note) -> str:
    """The note as a clause with its count: before what it counts, in the singular if it is one; else behind it.

    >>> counting(Note("unused", "columns that are not used: 'columns that are mine'", 1))
    "1 column that is not used: 'columns that are mine'"
    >>> counting(Note("unused", "columns that are not used: 'a', 'b'", 2))
    "2 columns that are not used: 'a', 'b'"
    >>> counting(Note("seen", "no column says who is who", 4)), counting(Note("seen", "second header row", 1))
    ('no column says who is who (4)', 'second header row')
    """
    found = _COUNTED.match(note.what)
    if found is None:
        return note.what if note.count == 1 else f"{note.what} ({note.count})"
    if note.count != 1:
        return f"{note.count} {note.what}"
    several = found[2]
    one = (found[1] or "") + _ONE.get(several, several.removesuffix("s"))
    # Behind the first quote stand names of the source.
    head, quote, rest = note.what[found.end() :].partition("'")
    head = _VERB.sub(lambda match: f"{match[1]} {_VERBS[match[2]]}", head).replace("is no ratings", "is no rating")
    rest = re.sub(r"'; (read|name) them with (?=[-`])", r"'; \1 it with ", rest)
    return f"1 {one}{head}{quote}{rest}"
