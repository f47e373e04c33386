"""How well the list serves the groups that the source declares, as tables of the page."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from ...audits.public_records import DeclaredColumn, Public
from ..declared import label_of
from .bars import bar
from .kinds.base import Kind


@dataclass(frozen=True)
class DeclaredRow:
    """A group: its label, how many people it has, and how well it is served, in words and as a bar."""

    label: str
    people: str
    figure: str
    bar: Markup


@dataclass(frozen=True)
class DeclaredTable:
    """A column of the source with its groups, the one that is served worst last."""

    column: str
    rows: tuple[DeclaredRow, ...]


def declared(public: Public, kind: Kind) -> tuple[DeclaredTable, ...]:
    """The tables, one for each column that may be published.

    Args:
        public: the figures.
        kind: the words for what people did.
    """
    return tuple(DeclaredTable(column.column, _rows(column, kind)) for column in public.declared)


def explained(kind: Kind) -> str:
    """What the figures are.

    Args:
        kind: the words for what people did.
    """
    if not kind.counts_people:
        return kind.words.gettext(
            "To how many of 100 other statements people of each group prefer the statement that stands for them, as "
            "far as that was asked, and else as it is estimated. Groups of fewer than 5 people are put together."
        )
    return kind.words.gettext(
        "How much people of each group agree with the statement that stands for them, from 0 (not at all) to 100 "
        "(fully): by their own answers, and where they gave none, as it is estimated. Groups of fewer than 5 people "
        "are put together."
    )


def _rows(column: DeclaredColumn, kind: Kind) -> tuple[DeclaredRow, ...]:
    w = kind.words
    order = sorted(range(len(column.labels)), key=lambda at: (-column.mean[at], at))
    return tuple(
        DeclaredRow(
            label_of(column.labels, column.others, at, w),
            w.ngettext("%(n)s person", "%(n)s people", column.people[at]),
            w.count(round(100 * column.mean[at])),
            bar([("g0", round(100 * column.mean[at])), ("o", 100 - round(100 * column.mean[at]))], 8),
        )
        for at in order
    )
