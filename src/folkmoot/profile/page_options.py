"""What a page for the public is told besides its figures, each option declared once."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date as Date
from pathlib import Path
from typing import Annotated

from .declared import Option, check
from .errors import InputError
from .options import PAGE


@dataclass(frozen=True)
class PageOptions:
    """What the page says of itself, and what its publisher decided about it.

    Raises:
        InputError: if the date is none, or if what says the same names fewer than two statements.
    """

    title: Annotated[str, Option("Title of the page; empty: the topic of the source.", PAGE)] = ""
    question: Annotated[str, Option("The question that people were asked; empty: as the source has it.", PAGE)] = ""
    publisher: Annotated[str, Option("Who publishes the page, as it stands at its top.", PAGE)] = ""
    date: Annotated[
        str, Option("The day of publication, like 2026-11-29; empty: today.", PAGE, metavar="YYYY-MM-DD")
    ] = ""
    logo: Annotated[
        Path | None, Option("Picture for the top of the page (PNG, JPEG, GIF, WebP or SVG); it is put into it.", PAGE)
    ] = None
    lang: Annotated[
        str,
        Option(
            "Language of the page, like de; empty: the language of the source if there is a translation, else English.",
            PAGE,
        ),
    ] = ""
    contact: Annotated[str, Option("Whom to ask about the page: an address or a name.", PAGE)] = ""
    licence: Annotated[str, Option("The licence under which the page may be shared.", PAGE)] = ""
    hidden: Annotated[
        tuple[str, ...],
        Option(
            "Ids of statements whose text the page leaves out; it says how many there are.",
            PAGE,
            flag="--hide",
            separated=True,
            metavar="ID,ID",
        ),
    ] = ()
    same: Annotated[
        tuple[str, ...],
        Option(
            "Ids of statements that say the same, as you have checked, like 10,47: the page shows them as one thing "
            "said twice, not as similar ones.",
            PAGE,
            metavar="ID,ID",
        ),
    ] = ()

    def __post_init__(self) -> None:
        check(self)
        _ = self.day
        for group in self.groups:
            if len(group) < 2:
                raise InputError(f"`same` needs at least two ids with a comma between them, not {','.join(group)!r}")

    @property
    def day(self) -> Date | None:
        """The day of publication; None: none is given.

        Raises:
            InputError: if the date is none.
        """
        if not self.date:
            return None
        try:
            return Date.fromisoformat(self.date)
        except ValueError:
            raise InputError(f"`date` must be a day like 2026-11-29, not {self.date!r}") from None

    @property
    def groups(self) -> tuple[frozenset[str], ...]:
        """Ids of statements that say the same."""
        rows = csv.reader(self.same, skipinitialspace=True)
        return tuple(frozenset(part.strip() for part in row if part.strip()) for row in rows)

    def confirmed(self, one: str, other: str) -> bool:
        """Whether somebody has checked that two statements say the same."""
        return any(one in group and other in group for group in self.groups)
