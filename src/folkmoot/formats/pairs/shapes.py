"""Shapes in which sources hold judgements: what every shape declares, and the judgements it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...profile import Registry
from ..notes import Notes

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Vote:
    """What one annotator said about some answers to one prompt.

    Args:
        row: the record of the source, from 0.
        annotator: the id of the annotator; empty: the source does not say.
        prompt: the text of the prompt; empty: the source does not say.
        options: the texts of the answers.
        scores: how good each was found, higher is better.
        level: whether equal scores say that the answers are equally good; else nothing was said of the two.
        key: what tells the prompt from others, where that is not its text.
        groups: the labels of the annotator by declared column.
    """

    row: int
    annotator: str
    prompt: str
    options: tuple[str, ...]
    scores: tuple[float, ...]
    level: bool = True
    key: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Table:
    """The records of a source on the way to votes.

    Args:
        records: the records, each with its own names.
        names: all names, as `plain` has them, with the name as it stands.
        path: the path of the file, for messages.
        notes: the notes that count what is left out.
        person: the column that the caller names as the annotator's id.
        group_columns: the columns that the caller names as groups.
        lines: the line of every record, where the source has lines.
    """

    records: Sequence[Record]
    names: Mapping[str, str]
    path: Path
    notes: Notes
    person: str | None = None
    group_columns: tuple[str, ...] = ()
    lines: Sequence[int] = ()
    columns: dict[str, str] = field(default_factory=dict)

    def line(self, row: int) -> int:
        """The line of a record, from 1."""
        return self.lines[row] if self.lines else row + 1

    def place(self, row: int) -> str:
        """A record, as notes name it."""
        return f"{self.path.name} row {self.line(row)}"


@dataclass(frozen=True)
class Shape:
    """One shape, as the registry holds it.

    Args:
        id: the short name.
        title: the name that people see.
        fits: the function that decides from the names of the columns, as `plain` has them.
        votes: the function that finds the judgements.
        sure: whether the columns leave no doubt, so that `folkmoot doctor` may take the file for preference data.
        about: where data of this shape come from and under which licence, one sentence; empty: many people's.
    """

    id: str
    title: str
    fits: Callable[[frozenset[str]], bool]
    votes: Callable[[Table], Iterator[Vote]]
    sure: bool = True
    about: str = ""


SHAPES: Registry[Shape] = Registry("shape of preference data", order=lambda shape: not shape.about)
"""Public data sets, whose columns say most, are asked before what many people have."""
