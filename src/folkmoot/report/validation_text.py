"""How well a slate represents fresh people, in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten

from ..slates.validation import FEW, Represented, Validation
from .words import count, percent, some

WIDTH = 72


def validation_summary(found: Validation, order: Sequence[int] = ()) -> str:
    """The figures, a line each; no verdict.

    Args:
        found: the figures.
        order: the places of the statements, from 0, in the order in which people read them; empty: that of the slate.
    """
    all_of = found.everybody
    lines = [
        f"{some(all_of.people, 'person', 'people')} rated all {count(len(found.statements))} statements.",
        *([f"Left out, as they rated only some: {count(found.partly)}."] if found.partly else []),
        *([f"Not fresh: {count(found.known)} of them are among those the slate was made from."] if found.known else []),
        *([_few(found)] if found.few else []),
        "Each is assigned to one statement so that every statement has its share of the people and the ratings add up "
        f"to as much as possible: {found.total:g}, where everybody's favourites would make {found.favourites:g}.",
        "",
        "How people rate the statement that they are assigned to:",
        *(f"  {name:<18} {of(number, all_of.people)}" for name, number in all_of.ratings.items()),
        "",
        f"With one of the two highest ratings: {_well(all_of)}.",
        f"Would rather have another statement of the slate: {of(all_of.prefer_another, all_of.people)}.",
        "",
        "By statement (people assigned, with one of the two highest ratings; mean rating by all; wanted by others):",
    ]
    for number, place in enumerate(order or range(len(found.statements)), start=1):
        one = found.statements[place]
        here = one.represented
        text = shorten(" ".join(one.text.split()), WIDTH, placeholder="…")
        lines.append(f"  {number}. {here.people}, {here.well}; {one.mean:.2f}; {one.wanted_by}   {text or one.id}")
    for name, labels in found.groups.items():
        lines += ["", f"By {name} (people; with one of the two highest ratings; would rather have another):"]
        for label, group in labels.items():
            who = f"{label or 'no label'}: {some(group.people, 'person', 'people')}"
            lines.append(f"  {who}; {_well(group)}; {count(group.prefer_another)}")
    return "\n".join(lines)


def _few(found: Validation) -> str:
    number = FEW * len(found.statements)
    return (
        f"Warning: that is fewer than {FEW} people per statement ({count(number)} would be), so each of them moves the "
        "figures much; ask more people."
    )


def _well(group: Represented) -> str:
    return of(group.well, group.people)


def of(part: int, whole: int) -> str:
    """A part with its denominator and its share.

    >>> of(330, 339)
    '330 of 339 (97%)'
    """
    share = f" ({percent(part / whole)})" if whole else ""
    return f"{count(part)} of {count(whole)}{share}"
