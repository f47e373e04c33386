"""What the examination of preference data is told, each option declared once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from .declared import Option, check
from .errors import InputError
from .options import BASICS, EXPERT, READING

Weighing = Literal["kinds", "annotators", "none"]
"""What the weights of judgements make equal."""


@dataclass(frozen=True)
class PrefsOptions:
    """How preference data are read and examined.

    Raises:
        InputError: if an option cannot have its value, or two exclude each other.
    """

    features: Annotated[
        Path | None,
        Option(
            "Features of the answers (.npy): a row an answer in the order of their first occurrence, or rows x 2 x d "
            "for the chosen and the rejected answer of every row.",
            BASICS,
            metavar="FILE.npy",
        ),
    ] = None
    embed: Annotated[
        bool, Option("Take features from the texts of the answers, offline, where answers are not shared.", BASICS)
    ] = False
    weigh: Annotated[
        Weighing,
        Option("What weights make equal: kinds of annotators, annotators, or none (every judgement).", BASICS),
    ] = "kinds"
    seed: Annotated[
        int, Option("Seed of every random choice; the same seed gives the same bytes.", BASICS, minimum=0)
    ] = 0
    id_column: Annotated[
        str | None, Option("Column with the annotator's id, where it cannot be recognised.", READING)
    ] = None
    group_columns: Annotated[
        tuple[str, ...],
        Option(
            "Columns kept as groups; without it those with usual names, like country.", READING, flag="--group-column"
        ),
    ] = ()
    shape: Annotated[
        str | None, Option("How the file holds judgements, like ratings, instead of recognising it.", READING)
    ] = None
    encoding: Annotated[str | None, Option("Encoding of the text, where it is not recognised rightly.", READING)] = None
    kinds: Annotated[
        int | None,
        Option(
            "Number of kinds of annotators; without it the one that foresees people left out best.", EXPERT, minimum=1
        ),
    ] = None

    def __post_init__(self) -> None:
        check(self)
        if self.features is not None and self.embed:
            raise InputError("`features` and `embed` are two sources of one thing; choose one of them")
