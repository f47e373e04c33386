"""What the figures on who sees what and on minorities say, in sentences; the tables are those of `plural`."""

from __future__ import annotations

from typing import Any

from ..audits.plural_records import (
    Exposure,
    MeaningDiversity,
    NotApplicable,
    Plural,
    VoteDiversity,
)
from ..slates.recorded import ProcessRecord
from .compared import agreement_means
from .facts import Facts
from .numbers import ENGLISH, figure, percent
from .plural import interval, share_of, tables
from .terms import voice
from .translations import Words


def _names(w: Words) -> dict[str, str]:
    return {
        "groups": w.gettext("Opinion groups"),
        "exposure": w.gettext("Who would see what"),
        "speech": w.gettext("May a group speak for its people?"),
        "calibration": w.gettext("Majority erasure"),
        "served": w.gettext("Worst-off group"),
        "votes": w.gettext("Different by votes"),
        "texts": w.gettext("Different as texts"),
        "meanings": w.gettext("Different in meaning"),
    }


def content(facts: Facts) -> dict[str, Any]:
    """The content of the page's section.

    Args:
        facts: the view with its look-ups.
    """
    plural = None if facts.audit is None else facts.audit.plural
    if plural is None:
        return {"groups": "", "tables": [], "sentences": _whose(facts), "missing": []}
    return {
        "groups": groups(plural, chosen_by(facts.recorded.process), facts.w),
        "tables": tables(plural, facts.weighted, facts.w),
        "sentences": [*_whose(facts), *sentences(plural, facts.w)],
        "missing": missing(plural, facts.w),
    }


def _whose(facts: Facts) -> list[str]:
    """What the answers of this section are, where they are not simply people's own."""
    if facts.measured == "comparisons":
        return [agreement_means(facts.w)]
    says = voice(facts.slate, facts.w)
    if says.people and not says.weighed:
        return []
    return [facts.w.gettext("Where this section speaks of answers and votes, it goes by %(own)s.", own=says.own)]


#: Processes that choose by opinion groups, and what of their ids says that these are others than the audit's.
BY_GROUPS, OTHERS = ("robust", "calibrated"), ("groups=", "column")


def chosen_by(record: ProcessRecord) -> str:
    """The process, and that it looked at a column of the source, where it did.

    Args:
        record: how the slate was chosen.
    """
    return f"{record.id}:column" if record.options.calibrate_to else record.id


def groups(plural: Plural, process: str = "", w: Words = ENGLISH) -> str:
    """What the opinion groups are, in sentences.

    Args:
        plural: the figures.
        process: the id of the process that chose the slate.
        w: the language.
    """
    entry = plural.groups
    if isinstance(entry, NotApplicable):
        return ""
    sizes = [f"{w.count(n)} ({percent(w, share)})" for n, share in zip(entry.people, entry.shares, strict=True)]
    found = w.ngettext(
        "%(n)s opinion group of %(sizes)s people, from %(how)s.",
        "%(n)s opinion groups of %(sizes)s people, from %(how)s.",
        len(sizes),
        sizes=w.listed(sizes),
        how=w.recorded(entry.how),
    )
    return f"{found} {looking(process, w)}"


def looking(process: str, w: Words = ENGLISH) -> str:
    """Whether the process knew of groups."""
    name, _, settings = process.partition(":")
    if name in BY_GROUPS and any(other in settings for other in OTHERS):
        return w.gettext("They were drawn to look at the list; the process that chose it weighs other groups.")
    if name in BY_GROUPS:
        return w.gettext("The process that chose the list weighs them, too.")
    return w.gettext("Groups were drawn to look at the list, not to choose it.")


def sentences(plural: Plural, w: Words = ENGLISH) -> list[str]:
    """What the indices say, in full sentences.

    Args:
        plural: the figures.
        w: the language.
    """
    found = []
    if isinstance(plural.exposure, Exposure):
        found += _indices(plural.exposure, w)
    if isinstance(plural.votes, VoteDiversity):
        votes = plural.votes
        found.append(
            w.gettext(
                "By the votes, the %(statements)s statements make %(classes)s classes that people answer alike; "
                "%(valid)s of them have at least half of all people, or of some group, behind them. Two statements "
                "drawn at random are both such and of different classes with a probability of %(pair)s.",
                statements=len(votes.classes),
                classes=len(set(votes.classes)),
                valid=share_of(w, votes.valid),
                pair=share_of(w, votes.div_pair),
            )
        )
    if isinstance(plural.meanings, MeaningDiversity):
        meanings = plural.meanings
        found.append(
            w.gettext(
                "In meaning (cosines of sentence vectors) the list amounts to %(vendi)s different statements (Vendi "
                "score); mean distance of pairs %(distance)s.",
                vendi=figure(w, meanings.vendi),
                distance=figure(w, meanings.semantic),
            )
        )
    return found


def _indices(entry: Exposure, w: Words) -> list[str]:
    assigned, found = entry.assigned, []
    if assigned.sycophancy[0] is not None:
        found.append(
            w.gettext(
                "Sycophancy index of showing everyone the statement they are assigned to: %(index)s. 0: people agree "
                "with it as they do with the one most popular statement; 1: as with their own favourite.",
                index=interval(w, assigned.sycophancy),
            )
        )
    if assigned.echo[0] is not None:
        found.append(
            w.gettext(
                "Echo index: %(index)s. 0: all groups see the same; 1: they see as different things as if everyone saw "
                "their own favourite.",
                index=interval(w, assigned.echo),
            )
        )
    if assigned.echo_beyond_chance[0] is not None:
        found.append(
            w.gettext(
                "The same beyond chance, that is, beyond what groups drawn by lot would see: %(index)s. Above 1: "
                "groups are further apart than their own favourites would set them.",
                index=interval(w, assigned.echo_beyond_chance),
            )
        )
    figures = entry.slate.policies
    found.append(
        w.gettext(
            "The group that agrees least with what it sees has a mean agreement of %(slate)s with this list, "
            "%(bridging)s with the statements that bridge best.",
            slate=figure(w, figures["slate"].worst[0]),
            bridging=figure(w, figures["bridging"].worst[0]),
        )
    )
    missed = max(entry.slate.missed or 0, assigned.missed or 0)
    if missed:
        found.append(
            w.ngettext(
                "In %(n)s of %(samples)s resamples of people behind the intervals a group has nobody; it says nothing "
                "of that group.",
                "In %(n)s of %(samples)s resamples of people behind the intervals a group has nobody; they say nothing "
                "of that group.",
                missed,
                samples=entry.samples,
            )
        )
    return found


def missing(plural: Plural, w: Words = ENGLISH) -> list[tuple[str, str]]:
    """What does not apply, and why.

    Args:
        plural: the figures.
        w: the language.
    """
    parts = [(name, getattr(plural, key, None)) for key, name in _names(w).items()]
    return [(name, w.recorded(part.why)) for name, part in parts if isinstance(part, NotApplicable)]
