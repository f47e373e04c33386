"""What every format shares: the registry's entry, the reading options, the counted notes."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Literal

from ..profile import Note, Profile, Registry
from ..profile.declared import Option, check
from ..profile.options import READING
from .encodings import broken
from .heads import Head as Head
from .heads import Source as Source
from .heads import beginning as beginning
from .heads import head_of as head_of
from .heads import heads_of as heads_of
from .heads import siblings as siblings
from .markup import without_markup
from .notes import PLACES as PLACES
from .notes import Notes as Notes
from .notes import place as place


@dataclass(frozen=True)
class ReadOptions:
    """The options that a caller may pass to any reader; `Format.uses` says which of them a format uses."""

    id_column: Annotated[
        str | None,
        Option(
            "Column with the participant's id, where it cannot be recognised.",
            READING,
            needs="column with ids to choose",
        ),
    ] = None
    text_columns: Annotated[
        tuple[str, ...],
        Option(
            "Columns with what participants wrote, where they cannot be recognised.",
            READING,
            flag="--text-column",
            needs="column with texts to choose",
        ),
    ] = ()
    weight_column: Annotated[
        str | None,
        Option(
            "Column with the participant's weight; a column called weight needs no naming.",
            READING,
            needs="column with weights; give them in a file with `weights`",
        ),
    ] = None
    group_columns: Annotated[
        tuple[str, ...],
        Option(
            "Columns kept as groups, for reporting only.",
            READING,
            flag="--group-column",
            needs="column with groups to choose",
        ),
    ] = ()
    keep: Annotated[
        tuple[str, ...],
        Option("Personal or otherwise unused columns to keep, by name.", READING, needs="other column to keep"),
    ] = ()
    flip: Annotated[
        bool,
        Option(
            "Turn the sign of every vote (an export whose -1 means agree).",
            READING,
            flag="--flip-votes",
            needs="votes",
        ),
    ] = False
    scale: Annotated[
        tuple[float, float] | None,
        Option(
            "Worst and best possible rating, where they cannot be recognised; the higher number can be the worst.",
            READING,
            metavar="WORST..BEST",
            needs="ratings whose scale is in question",
        ),
    ] = None
    rating_columns: Annotated[
        tuple[str, ...],
        Option(
            "Columns with ratings, by name or by a pattern like q*.",
            READING,
            needs="column with ratings to choose",
        ),
    ] = ()
    missing: Annotated[
        tuple[str, ...],
        Option(
            "Values that are no answers, like 99 or Don't know.",
            READING,
            separated=True,
            needs="answers of which some could be missing",
        ),
    ] = ()
    repeated: Annotated[
        Literal["last", "first", "refuse"] | None,
        Option(
            "Which answer counts if somebody answers twice; without it the last by time, and without times none.",
            READING,
            needs="answers that could be repeated",
        ),
    ] = None
    encoding: Annotated[
        str | None,
        Option("Encoding of the text, where it is not recognised rightly.", READING),
    ] = None
    importance: Annotated[
        bool,
        Option("Count votes double that people marked as important.", READING, needs="votes marked as important"),
    ] = False

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Reading(ReadOptions):
    """All that `folkmoot.read` takes besides the source, including what no reader has to know."""

    format: Annotated[str | None, Option("Id of a format, instead of recognising it.", READING)] = None
    weights: Annotated[
        str | os.PathLike[str] | None,
        Option("CSV file with a participant and a weight column, for any format.", READING),
    ] = None
    follows: Annotated[
        str | os.PathLike[str] | None,
        Option(
            "CSV file with a follower and a followed column: who follows whom, by participants' ids "
            '(`predict="social-poisson"`).',
            READING,
        ),
    ] = None
    sample: Annotated[
        int | None,
        Option(
            "Read only so many people, drawn at random; the same number draws the same people. None: everybody.",
            READING,
            minimum=1,
            metavar="N",
        ),
    ] = None


COLUMNS = frozenset(
    ["id_column", "text_columns", "weight_column", "group_columns", "keep", "missing", "repeated", "encoding"]
)
"""The options that reading a table takes."""


class Signature(IntEnum):
    """How much recognition says: formats that say more are tried first, and of equals the one registered first."""

    FOLDER = 0
    """Several files that belong together."""
    MARK = 1
    """The file begins with what no other file begins with."""
    STRUCTURE = 2
    """A structure that few other files have."""
    EXPORT = 3
    """The columns of one tool, or of one design."""
    ROLES = 4
    """Columns whose names leave no doubt what each is for."""
    COLUMNS = 5
    """Columns under the names that many people give them."""
    TEXT = 6
    """Hardly more than that there is a column of text."""


@dataclass(frozen=True)
class Format:
    """One format, as the registry holds it.

    Args:
        id: the short name that ``format=`` takes.
        title: the name that people see.
        sniff: the function that decides, from its content, whether a file belongs to the format.
        read: the function that reads a source into a Profile.
        write: the function that writes a Profile to a file or folder and returns notes on what is lost; None: the
            format can only be read.
        signature: how much ``sniff`` says, which decides the order of recognition.
        many: whether several files together make one source (a Polis folder).
        uses: the fields of `ReadOptions` that reading uses; all others are refused.
        compares: whether what is written holds pairwise comparisons.
        example: a small valid file, for the conformance suite; empty: the suite is passed one.
    """

    id: str
    title: str
    sniff: Callable[[Head], bool]
    read: Callable[[Source, ReadOptions], Profile]
    write: Callable[[Profile, Path], tuple[Note, ...]] | None = None
    signature: Signature = Signature.MARK
    many: bool = False
    uses: frozenset[str] = frozenset()
    compares: bool = False
    example: str = ""

    @property
    def about(self) -> str:
        """The description in listings, one line."""
        return self.title


FORMATS: Registry[Format] = Registry("format", order=lambda format: format.signature)


def decoded(text: str, notes: Notes, where: str) -> str:
    """A text without the HTML that some exports leave in (``<p>I&#039;ve</p>``), and with a note if it looks broken."""
    if "&" in text or "<" in text:
        plain_text, tags = without_markup(text)
        if tags:
            notes.add("changed", "texts out of which HTML tags were taken", where)
        elif plain_text != text:
            notes.add("changed", "HTML entities in texts were decoded", where)
        text = plain_text
    if (piece := broken(text)) is not None:
        notes.add("seen", "texts that look broken, as if decoded wrongly before they came here", f"{where}: {piece!r}")
    return text
