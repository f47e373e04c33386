"""How well the list serves groups: the worst-off opinion group, and the groups that the source declares."""

from __future__ import annotations

from collections.abc import Sequence

from ..audits.plural_records import Calibration, DeclaredFigures, Groups, Plural, Served, SpeechOfGroups
from .numbers import ENGLISH, figure, percent
from .tables import Table
from .translations import Words
from .words import plain


def label_of(labels: Sequence[str], others: int, at: int, w: Words = ENGLISH) -> str:
    """What a part of a column is called.

    Args:
        labels: the labels of its parts.
        others: the part that also holds people with too rare a label, or none; -1: there are none.
        at: the part.
        w: the language.
    """
    own = plain(labels[at])
    if at != others:
        return own
    return w.gettext("%(label)s, another or none", label=own) if own else w.gettext("another or none")


def lines(plural: Plural, w: Words = ENGLISH) -> list[str]:
    """The worst-off opinion group, and that of every column of the source, in sentences for the terminal.

    Args:
        plural: the audit's figures.
        w: the language.
    """
    found = []
    if isinstance(plural.served, Served) and plural.served.at is not None and len(plural.served.mean) > 1:
        found.append(
            w.gettext(
                "Opinion group %(n)s is served worst: its people's mean agreement with their own statement is "
                "%(worst)s, with their favourite one of the list %(best)s. [worst-group utility]",
                n=plural.served.at + 1,
                worst=figure(w, plural.served.worst),
                best=figure(w, plural.served.best[plural.served.at]),
            )
        )
    for column, one in plural.declared.items():
        at = one.served.at
        if at is not None:
            found.append(
                w.gettext(
                    "By the column %(column)s, “%(label)s” is served worst (%(people)s people): mean agreement "
                    "%(worst)s, with the favourite one of the list %(best)s. [worst-group utility]",
                    column=plain(column),
                    label=label_of(one.labels, one.others, at, w),
                    people=one.people[at],
                    worst=figure(w, one.served.worst),
                    best=figure(w, one.served.best[at]),
                )
            )
    return found


def tables(plural: Plural, w: Words = ENGLISH) -> list[Table]:
    """A table of the opinion groups and one for each column of the source.

    Args:
        plural: the audit's figures.
        w: the language.
    """
    found = []
    if isinstance(plural.served, Served) and isinstance(plural.groups, Groups) and len(plural.groups.people) > 1:
        rows = tuple(
            (w.gettext("Group %(n)s", n=at + 1), w.count(people), *_served(plural.served, at, w))
            for at, people in enumerate(plural.groups.people)
        )
        caption = w.gettext("How well the list serves the opinion groups")
        found.append(Table(caption, _head(w), rows, _note(w), _use(w)))
    return [*found, *(_declared(column, one, w) for column, one in plural.declared.items())]


def _declared(column: str, one: DeclaredFigures, w: Words) -> Table:
    head = (
        *_head(w),
        w.gettext("Share of people"),
        w.gettext("Share of the list"),
        w.gettext("May it speak?"),
    )
    shares = one.calibration.by["seats"].shares if isinstance(one.calibration, Calibration) else ()
    speaks = one.speech.groups if isinstance(one.speech, SpeechOfGroups) else ()
    rows = tuple(
        (
            label_of(one.labels, one.others, at, w),
            w.count(one.people[at]),
            *_served(one.served, at, w),
            percent(w, one.shares[at]),
            "–" if at >= len(shares) or (share := shares[at]) is None else percent(w, share),
            "–" if at >= len(speaks) else w.gettext("yes") if speaks[at].may_speak else w.gettext("no"),
        )
        for at in range(len(one.labels))
    )
    policies = one.exposure.slate.policies
    note = (
        _note(w)
        + " "
        + w.gettext(
            "The list belongs to the groups in the proportions in which those who approve its statements do. If "
            "everybody read the whole list, the group that agrees least would have a mean agreement of %(worst)s; with "
            "statements that bridge these groups, %(bridging)s. Labels of fewer than 5 people are put together.",
            worst=figure(w, policies["slate"].worst[0]),
            bridging=figure(w, policies["bridging"].worst[0]),
        )
    )
    caption = w.gettext("How well the list serves the groups of the column %(column)s", column=plain(column))
    return Table(caption, head, rows, note, _use(w))


def _head(w: Words) -> tuple[str, ...]:
    return (
        w.gettext("Group"),
        w.gettext("People"),
        w.gettext("Mean agreement with their own statement"),
        w.gettext("With their favourite one of the list"),
    )


def _served(served: Served, at: int, w: Words) -> tuple[str, str]:
    return figure(w, served.mean[at]), figure(w, served.best[at])


def _note(w: Words) -> str:
    return w.gettext("Agreement from 0 to 1, own answers and predictions; 0 for somebody for whom no statement stands.")


def _use(w: Words) -> str:
    return w.gettext(
        "To find the group that is served worst: if its people would agree much more with another statement of the "
        "list than with their own, too little room is theirs."
    )
