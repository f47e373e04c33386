"""The audit's figures on who sees what and on minorities, in tables and in lines for the terminal."""

from __future__ import annotations

import math

from ..audits.plural_records import (
    Calibration,
    Comparison,
    Ends,
    Exposure,
    Groups,
    Plural,
    PolicyFigures,
    SpeechOfGroups,
    TextDiversity,
)
from . import declared
from .numbers import ENGLISH, figure, percent
from .tables import Table
from .translations import Words


def policies(w: Words = ENGLISH) -> dict[str, str]:
    """The policies of showing statements by the names they are recorded under."""
    return {
        "aggregate": w.gettext("The most popular statements, the same for all"),
        "bridging": w.gettext("Those that every group agrees with most, the same for all"),
        "personal": w.gettext("To each their own favourites"),
        "slate": w.gettext("This list, the same for all"),
        "assigned": w.gettext("To each the statement they are assigned to"),
    }


def weights(w: Words = ENGLISH) -> dict[str, str]:
    """The ways in which the shares of groups of a slate are counted."""
    return {
        "cost": w.gettext("by length or cost"),
        "seats": w.gettext("by statement"),
        "represented": w.gettext("by people assigned"),
    }


def texts(w: Words = ENGLISH) -> dict[str, tuple[str, bool]]:
    """The figures on texts by their names: what they are, and whether more of it is more varied."""
    return {
        "distinct_1": (w.gettext("Distinct words"), True),
        "distinct_2": (w.gettext("Distinct pairs of words"), True),
        "distinct_3": (w.gettext("Distinct triples of words"), True),
        "ead": (w.gettext("Distinct n-grams beside what chance would give (EAD)"), True),
        "ngram_diversity": (w.gettext("N-gram diversity, n = 1 to 4"), True),
        "self_repetition_4": (w.gettext("Four words in a row that another statement has too"), False),
        "compression_ratio": (w.gettext("Compression ratio (bzip2)"), False),
    }


def tables(plural: Plural, weighted: bool = False, w: Words = ENGLISH) -> list[Table]:
    """The tables of the page; empty where nothing applies.

    Args:
        plural: the audit's figures.
        weighted: whether people have weights, so that shares are shares of weight.
        w: the language.
    """
    parts: list[Table] = []
    if isinstance(plural.exposure, Exposure):
        parts += [exposure(plural.exposure.slate, w, single=False), exposure(plural.exposure.assigned, w, single=True)]
    parts += declared.tables(plural, w)
    if isinstance(plural.calibration, Calibration) and isinstance(plural.groups, Groups):
        parts.append(calibration(plural.calibration, plural.groups, w, weighted=weighted))
    if isinstance(plural.speech, SpeechOfGroups):
        parts.append(speech(plural.speech, w))
    if isinstance(plural.texts, TextDiversity):
        parts.append(varied(plural.texts, w))
    return parts


def exposure(entry: Comparison, w: Words, *, single: bool) -> Table:
    """What people would agree with if they read so many statements.

    Args:
        entry: the policies that are compared.
        w: the language.
        single: whether everybody reads the one statement they are assigned to.
    """
    caption = (
        w.gettext("If everyone read a single statement: what they would agree with")
        if single
        else w.ngettext(
            "If everyone read %(n)s statement: what they would agree with",
            "If everyone read %(n)s statements: what they would agree with",
            entry.length,
        )
    )
    names = policies(w)
    rows = [
        (
            names[policy],
            interval(w, p.own),
            share_of(w, p.counter[0]),
            share_of(w, p.cross[0]),
            _apart(w, p),
            interval(w, p.worst),
        )
        for policy, p in entry.policies.items()
    ]
    head = (
        w.gettext("What is shown"),
        w.gettext("Mean agreement"),
        w.gettext("Rejected by the reader"),
        w.gettext("Rejected by the reader's group"),
        w.gettext("How different groups' reading is"),
        w.gettext("Mean agreement of the worst-off group"),
    )
    note = w.gettext(
        "Agreement from 0 (rejects) to 1 (agrees), own answers and predictions; in brackets the interval that would "
        "hold 95 of 100 such figures if other people of the same kind had taken part. How different: 0, groups read "
        "the same; 1, they have nothing in common; by chance: what it would be if the groups had been drawn by lot."
    )
    use = (
        w.gettext(
            "To decide whether to send people their own statement only: if many would reject what they read, or groups "
            "would read very different things, show everyone the whole list."
        )
        if single
        else w.gettext(
            "To decide what to show: if the worst-off group agrees much less with this list than with statements that "
            "bridge, name what all groups agree with beside it."
        )
    )
    return Table(caption, head, tuple(rows), note, use)


def _apart(w: Words, figures: PolicyFigures) -> str:
    if not figures.chance:
        return figure(w, figures.fragmentation[0])
    return w.gettext(
        "%(apart)s (by chance %(chance)s)",
        apart=figure(w, figures.fragmentation[0]),
        chance=figure(w, figures.chance),
    )


def calibration(entry: Calibration, found: Groups, w: Words, *, weighted: bool) -> Table:
    """Whether the slate is divided as the people are.

    Args:
        entry: the shares of the groups in the slate.
        found: the groups.
        w: the language.
        weighted: whether people have weights.
    """
    by, names = entry.by, weights(w)
    rows = [
        (w.gettext("Group %(n)s", n=g + 1), percent(w, share), *(share_of(w, one.shares[g]) for one in by.values()))
        for g, share in enumerate(found.shares)
    ]
    smallest = [figure(w, one.smallest) for one in by.values()]
    rows.append((w.gettext("Smallest group: share over its due"), "", *smallest))
    rows.append((w.gettext("Would have to change hands"), "", *(share_of(w, one.variation) for one in by.values())))
    erased = [share_of(w, one.relative) for one in by.values()]
    rows.append((w.gettext("Erasure (all for the largest group: 1)"), "", *erased))
    note = w.gettext(
        "A statement belongs to the groups in the proportions in which those who approve it do. Erasure is the "
        "divergence of the people's shares from the list's (Kullback-Leibler, smoothed) over that of a list that is "
        "all for the largest group."
    )
    if nobodys := entry.approved_by_nobody:
        note += " " + w.ngettext(
            "%(n)s statement that nobody approves is left out.",
            "%(n)s statements that nobody approves are left out.",
            nobodys,
        )
    head = (
        w.gettext("Group"),
        w.gettext("Share of the weight") if weighted else w.gettext("Share of people"),
        *(w.gettext("Of the list, %(how)s", how=names[name]) for name in by),
    )
    use = w.gettext(
        "To see whether a small group vanished: where its share over its due is far below 1, read what it agrees with "
        "and consider `--lock-in` for one of its statements."
    )
    return Table(w.gettext("Is the list divided as the people are?"), head, tuple(rows), note, use)


def speech(entry: SpeechOfGroups, w: Words) -> Table:
    """Whether a group may speak for its people.

    Args:
        entry: how well each group foresees the answers of its people.
        w: the language.
    """
    named = [
        (w.gettext("Everybody"), entry.all),
        *((w.gettext("Group %(n)s", n=n), one) for n, one in enumerate(entry.groups, start=1)),
    ]
    rows = [
        (
            name,
            w.count(one.people),
            share_of(w, one.accuracy[0]),
            share_of(w, one.none[0]),
            _points(w, one.gain),
            w.gettext("yes") if one.may_speak else w.gettext("no"),
        )
        for name, one in named
        if one.gain[0] is not None
    ]
    note = w.gettext(
        "Half of everyone's answers say which group they are nearest to; the other half is predicted with that group's "
        "rates, without their own answers (%(answers)s answers that take a side). A group may speak for its people if "
        "that is better than the rates of everybody by more than chance explains. The groups were drawn with all "
        "answers in view, so the gain is, if anything, too large.",
        answers=entry.answers,
    )
    head = (
        "",
        w.gettext("People"),
        w.gettext("Predicted right by the group"),
        w.gettext("By everybody"),
        w.gettext("Gain, points"),
        w.gettext("May it speak?"),
    )
    use = w.gettext(
        "Where the last column says no, do not write that this group thinks something: its people differ too much."
    )
    return Table(w.gettext("May a group speak for its people?"), head, tuple(rows), note, use)


def varied(entry: TextDiversity, w: Words) -> Table:
    """How different the texts are.

    Args:
        entry: the figures of the texts.
        w: the language.
    """
    rows = [
        (
            w.gettext("%(what)s (higher is more varied)", what=what)
            if more
            else w.gettext("%(what)s (lower is more varied)", what=what),
            figure(w, entry.slate[name]),
            figure(w, entry.random[name]),
        )
        for name, (what, more) in texts(w).items()
    ]
    note = w.gettext(
        "All texts are cut to %(length)s words, since every one of these figures depends on length (%(short)s with "
        "fewer words left out, %(cut)s words cut). Beside: the median of %(sets)s random sets of as many of the "
        "%(pool)s statements of the pool that are long enough, cut alike.",
        length=entry.length,
        short=entry.short,
        cut=entry.cut,
        sets=entry.sets,
        pool=entry.pool,
    )
    head = ("", w.gettext("This list"), w.gettext("Random statements"))
    use = w.gettext(
        "To notice repetition: where this list is much less varied than random statements, read it for sentences that "
        "say the same."
    )
    return Table(w.gettext("How different the texts are"), head, tuple(rows), note, use)


def _points(w: Words, gain: Ends) -> str:
    value, low, high = (math.nan if x is None else 100 * x for x in gain)
    return w.gettext("%(gain)s (%(low)s to %(high)s)", gain=signed(w, value), low=signed(w, low), high=signed(w, high))


def signed(w: Words, value: float) -> str:
    """A number of points with its sign."""
    return f"{'−' if value < 0 else '+'}{figure(w, abs(value), 1)}"


def share_of(w: Words, value: float | None) -> str:
    return "–" if value is None else percent(w, value)


def interval(w: Words, values: Ends) -> str:
    """A figure with its interval, where the two differ."""
    value, low, high = values
    if value is None or low is None or high is None or low == high:
        return figure(w, value)
    return w.gettext(
        "%(value)s (%(low)s to %(high)s)", value=figure(w, value), low=figure(w, low), high=figure(w, high)
    )
