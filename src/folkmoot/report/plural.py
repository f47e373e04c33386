"""The audit's figures on who sees what and on minorities, in tables and in lines for the terminal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from ..audits.plural_records import (
    Calibration,
    Comparison,
    Ends,
    Exposure,
    Groups,
    MeaningDiversity,
    NotApplicable,
    Plural,
    PolicyFigures,
    SpeechFigures,
    SpeechOfGroups,
    TextDiversity,
    VoteDiversity,
)
from .facts import Facts
from .words import PEOPLE, count, figure, percent, some, voice

POLICIES = {
    "aggregate": "The most popular statements, the same for all",
    "bridging": "Those that every group agrees with most, the same for all",
    "personal": "To each their own favourites",
    "slate": "This slate, the same for all",
    "assigned": "To each the statement that represents them",
}
WEIGHTS = {"cost": "by length or cost", "seats": "by statement", "represented": "by people represented"}
TEXTS = {
    "distinct_1": ("Distinct words", "more"),
    "distinct_2": ("Distinct pairs of words", "more"),
    "distinct_3": ("Distinct triples of words", "more"),
    "ead": ("Distinct n-grams beside what chance would give (EAD)", "more"),
    "ngram_diversity": ("N-gram diversity, n = 1 to 4", "more"),
    "self_repetition_4": ("Four words in a row that another statement has too", "less"),
    "compression_ratio": ("Compression ratio (bzip2)", "less"),
}
NAMES = {
    "groups": "Opinion groups",
    "exposure": "Who would see what",
    "speech": "May a group speak for its people?",
    "calibration": "Majority erasure",
    "votes": "Different by votes",
    "texts": "Different as texts",
    "meanings": "Different in meaning",
}


@dataclass(frozen=True)
class Table:
    """A table ready to print.

    Args:
        caption: what the table shows.
        head: the heads of the columns.
        rows: the cells of each row; the first is the row's name.
        note: how to read the table.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str


def content(facts: Facts) -> dict[str, Any]:
    """The content of the page's section."""
    plural = None if facts.audit is None else facts.audit.plural
    if plural is None:
        return {"groups": "", "tables": [], "sentences": _whose(facts), "missing": []}
    return {
        "groups": groups(plural, facts.recorded.process.id),
        "tables": tables(plural, facts.weighted),
        "sentences": [*_whose(facts), *sentences(plural)],
        "missing": missing(plural),
    }


def _whose(facts: Facts) -> list[str]:
    """What the answers of this section are, where they are not simply people's own."""
    says = voice(facts.slate)
    return [] if says is PEOPLE else [f"Where this section speaks of answers and votes, it uses {says.own}."]


def tables(plural: Plural, weighted: bool = False) -> list[Table]:
    """The tables of the page; empty where nothing applies.

    Args:
        plural: the audit's figures.
        weighted: whether people have weights, so that shares are shares of weight.
    """
    parts: list[Table] = []
    if isinstance(plural.exposure, Exposure):
        parts += [_exposure(plural.exposure.slate, "slate"), _exposure(plural.exposure.assigned, "assigned")]
    if isinstance(plural.calibration, Calibration) and isinstance(plural.groups, Groups):
        parts.append(_calibration(plural.calibration, plural.groups, weighted))
    if isinstance(plural.speech, SpeechOfGroups):
        parts.append(_speech(plural.speech))
    if isinstance(plural.texts, TextDiversity):
        parts.append(_texts(plural.texts))
    return parts


#: Processes that find opinion groups themselves, and choose by them.
OWN = ("robust", "calibrated")
NOT = "Groups were drawn to look at the slate, not to choose it."
LOOKING = "They were drawn to look at the slate; the process that chose it finds and weighs opinion groups of its own."


def groups(plural: Plural, process: str = "") -> str:
    """What the opinion groups are, in sentences.

    Args:
        plural: the figures.
        process: the id of the process that chose the slate.
    """
    entry = plural.groups
    if isinstance(entry, NotApplicable):
        return ""
    sizes = [f"{count(n)} ({percent(share)})" for n, share in zip(entry.people, entry.shares, strict=True)]
    listed = sizes[0] if len(sizes) == 1 else f"{', '.join(sizes[:-1])} and {sizes[-1]}"
    use = LOOKING if process in OWN else NOT
    return f"{some(len(sizes), 'opinion group')} of {listed} people, from {entry.how}. {use}"


def sentences(plural: Plural) -> list[str]:
    """What the indices say, in full sentences."""
    words_by_part = []
    if isinstance(plural.exposure, Exposure):
        entry = plural.exposure.assigned
        for ends, words in (
            (
                entry.sycophancy,
                "Sycophancy index of showing everyone the statement that represents them: {}. 0: people agree with it "
                "as they do with the one most popular statement; 1: as with their own favourite.",
            ),
            (
                entry.echo,
                "Echo index: {}. 0: all groups see the same; 1: they see as different things as if everyone saw their "
                "own favourite.",
            ),
            (
                entry.echo_beyond_chance,
                "The same beyond chance, that is, beyond what groups drawn by lot would see: {}. Above 1: groups are "
                "further apart than their own favourites would set them.",
            ),
        ):
            words_by_part.append(words.format(_interval(ends)) if ends[0] is not None else "")
        policies = plural.exposure.slate.policies
        words_by_part.append(
            "The group that agrees least with what it sees has a mean agreement of "
            f"{figure(policies['slate'].worst[0])} with this slate, {figure(policies['bridging'].worst[0])} with the "
            "statements that bridge best."
        )
    if isinstance(plural.votes, VoteDiversity):
        votes = plural.votes
        classes = len(set(votes.classes))
        words_by_part.append(
            f"By the votes, the {some(len(votes.classes), 'statement')} make {some(classes, 'class', 'classes')} "
            f"that people answer alike; {_share(votes.valid)} of them have at least half of all people, or of some "
            f"group, behind them. Two statements drawn at random are both such and of different classes with a "
            f"probability of {_share(votes.div_pair)}."
        )
    if isinstance(plural.meanings, MeaningDiversity):
        meanings = plural.meanings
        words_by_part.append(
            f"In meaning (cosines of sentence vectors) the slate amounts to {figure(meanings.vendi)} different "
            f"statements (Vendi score); mean distance of pairs {figure(meanings.semantic)}."
        )
    return [words for words in words_by_part if words]


def missing(plural: Plural) -> list[tuple[str, str]]:
    """What does not apply, and why."""
    parts = [(name, getattr(plural, key)) for key, name in NAMES.items()]
    return [(name, part.why) for name, part in parts if isinstance(part, NotApplicable)]


def lines(plural: Plural | None) -> list[str]:
    """About ten lines for the terminal; none where nothing is recorded."""
    if plural is None:
        return []
    rows = ["Beside the certificate: who sees what"]
    if isinstance(plural.groups, Groups):
        people = ", ".join(count(n) for n in plural.groups.people)
        rows.append(f"  {'opinion groups':<29} {people} people ({plural.groups.how})")
    if isinstance(plural.exposure, Exposure):
        rows += _exposure_lines(plural.exposure)
    if isinstance(plural.speech, SpeechOfGroups):
        groups_speak = "; ".join(f"group {n} {_speaks(one)}" for n, one in enumerate(plural.speech.groups, start=1))
        rows.append(f"  {'may a group speak?':<29} {groups_speak}")
    if isinstance(plural.calibration, Calibration):
        by = plural.calibration.by
        figures_by_weight = "; ".join(f"{figure(one.smallest)} {WEIGHTS[name]}" for name, one in by.items())
        rows.append(f"  {'smallest group, share / due':<29} {figures_by_weight}")
        figures_by_weight = "; ".join(f"{_share(one.relative)} {WEIGHTS[name]}" for name, one in by.items())
        rows.append(f"  {'erasure (100%: majority only)':<29} {figures_by_weight}")
    if isinstance(plural.votes, VoteDiversity):
        votes = plural.votes
        rows.append(
            f"  {'different by votes':<29} {some(len(set(votes.classes)), 'class', 'classes')} of "
            f"{some(len(votes.classes), 'statement')}; {_share(votes.valid)} valid, Div_pair "
            f"{figure(votes.div_pair)}, Div_fixed {figure(votes.div_fixed)}"
        )
    if isinstance(plural.texts, TextDiversity):
        texts = plural.texts
        title = f"texts, cut to {some(texts.length, 'word')} each"
        rows.append(f"  {title:<29} this slate  random sets")
        for name in TEXTS:
            rows.append(f"    {name:<27} {figure(texts.slate[name]):>10}  {figure(texts.random[name]):>11}")
    if isinstance(plural.meanings, MeaningDiversity):
        meanings = plural.meanings
        rows.append(f"  {'different in meaning':<29} {figure(meanings.semantic)}, Vendi {figure(meanings.vendi)}")
    rows += [f"  {name}: not applicable: {why}" for name, why in missing(plural)]
    return rows


def _exposure_lines(entry: Exposure) -> list[str]:
    rows = []
    for comparison, title in ((entry.slate, "all statements to all"), (entry.assigned, "one statement each")):
        rows.append(f"  {title:<29} agree  reject  their group rejects  apart  worst group")
        for policy, p in comparison.policies.items():
            rows.append(
                f"    {policy:<27} {figure(p.own[0]):>5}  {_share(p.counter[0]):>6}  {_share(p.cross[0]):>19}"
                f"  {figure(p.fragmentation[0]):>5}  {figure(p.worst[0]):>11}"
            )
    assigned = entry.assigned
    rows.append(f"  {'sycophancy index, one each':<29} {_interval(assigned.sycophancy)}")
    beyond = figure(assigned.echo_beyond_chance[0])
    rows.append(f"  {'echo index, one each':<29} {_interval(assigned.echo)}; beyond chance {beyond}")
    return rows


def _exposure(entry: Comparison, own: str) -> Table:
    length = entry.length
    caption = (
        f"If everyone read {some(length, 'statement')}: what they would agree with"
        if own == "slate"
        else "If everyone read a single statement: what they would agree with"
    )
    rows = [
        (
            POLICIES[policy],
            _interval(p.own),
            _share(p.counter[0]),
            _share(p.cross[0]),
            _apart(p),
            _interval(p.worst),
        )
        for policy, p in entry.policies.items()
    ]
    head = (
        "What is shown",
        "Mean agreement",
        "Rejected by the reader",
        "Rejected by the reader's group",
        "How different groups' reading is",
        "Mean agreement of the worst-off group",
    )
    note = (
        "Agreement from 0 (rejects) to 1 (agrees), own answers and predictions; in brackets the 95% interval if "
        "other people of the same kind had taken part. How different: 0, groups read the same; 1, they have nothing in "
        "common; by chance: what it would be if the groups had been drawn by lot."
    )
    return Table(caption, head, tuple(rows), note)


def _apart(figures: PolicyFigures) -> str:
    by_chance = f" (by chance {figure(figures.chance)})" if figures.chance else ""
    return f"{figure(figures.fragmentation[0])}{by_chance}"


def _calibration(entry: Calibration, groups: Groups, weighted: bool) -> Table:
    by = entry.by
    rows = [
        (f"Group {g + 1}", percent(share), *(_share(one.shares[g]) for one in by.values()))
        for g, share in enumerate(groups.shares)
    ]
    rows.append(("Smallest group: share over its due", "", *(figure(one.smallest) for one in by.values())))
    rows.append(("Would have to change hands", "", *(_share(one.variation) for one in by.values())))
    rows.append(("Erasure (100%: all for the largest group)", "", *(_share(one.relative) for one in by.values())))
    note = (
        "A statement belongs to the groups in the proportions in which those who approve it do. Erasure is the "
        "divergence of the people's shares from the slate's (Kullback-Leibler, 1% smoothing) over that of a slate that "
        "is all for the largest group."
    )
    if nobodys := entry.approved_by_nobody:
        note += f" {some(nobodys, 'statement')} that nobody approves {'is' if nobodys == 1 else 'are'} left out."
    head = (
        "Group",
        "Share of the weight" if weighted else "Share of people",
        *(f"Of the slate, {WEIGHTS[n]}" for n in by),
    )
    return Table("Is the slate divided as the people are?", head, tuple(rows), note)


def _speech(entry: SpeechOfGroups) -> Table:
    rows = [
        (
            name,
            count(one.people),
            _share(one.accuracy[0]),
            _share(one.none[0]),
            _points(one.gain),
            "yes" if one.may_speak else "no",
        )
        for name, one in [
            ("Everybody", entry.all),
            *((f"Group {n}", one) for n, one in enumerate(entry.groups, start=1)),
        ]
        if one.gain[0] is not None
    ]
    note = (
        f"Half of everyone's answers say which group they are nearest to; the other half is predicted with that "
        f"group's rates, without their own answers ({count(entry.answers)} answers that take a side). A group "
        "may speak for its people if that is better than the rates of everybody by more than chance explains. The "
        "groups were drawn with all answers in view, so the gain is, if anything, too large."
    )
    head = ("", "People", "Predicted right by the group", "By everybody", "Gain, points", "May it speak?")
    return Table("May a group speak for its people?", head, tuple(rows), note)


def _texts(entry: TextDiversity) -> Table:
    rows = [
        (
            f"{words} ({'higher' if better == 'more' else 'lower'} is more varied)",
            figure(entry.slate[name]),
            figure(entry.random[name]),
        )
        for name, (words, better) in TEXTS.items()
    ]
    left = f"{some(entry.short, 'statement')} with fewer words left out, " if entry.short else ""
    note = (
        f"All texts are cut to {some(entry.length, 'word')}, since every one of these figures depends on length "
        f"({left}{some(entry.cut, 'word')} cut). Beside: the median of {entry.sets} random sets of as many of "
        f"the {some(entry.pool, 'statement')} of the pool that are long enough, cut alike."
    )
    return Table("How different the texts are", ("", "This slate", "Random statements"), tuple(rows), note)


def _speaks(one: SpeechFigures) -> str:
    if one.gain[0] is None:
        return "cannot be judged"
    return f"{'yes' if one.may_speak else 'no'} ({_points(one.gain)} points)"


def _points(gain: Ends) -> str:
    value, low, high = (math.nan if x is None else 100 * x for x in gain)
    return f"{value:+.1f} ({low:+.1f} to {high:+.1f})"


def _share(value: float | None) -> str:
    return "–" if value is None else percent(value)


def _interval(values: Ends) -> str:
    """A figure with its interval, where the two differ."""
    value, low, high = values
    if value is None or low is None or high is None or low == high:
        return figure(value)
    return f"{value:.2f} ({low:.2f} to {high:.2f})"
