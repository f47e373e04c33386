"""One statement drawn by lot, fairly for groups that want different things; the call is `lottery`.

The lotteries themselves are in `processes.maxmin`. Here they meet a source: what its statements are worth to its
people, and the groups that are to be treated fairly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal, get_args

import numpy as np

from ..audits.declared import LEAST, partition
from ..engines import Task
from ..processes.maxmin import group_means, max_min, min_max_regret, population_proportional, preferences
from ..profile import FloatArray, InputError, IntArray, Options, Profile, Progress, silent
from ..profile.declared import either
from ..profile.sentences import noted
from .case import Case
from .measured import Measured, asked_of
from .usual import settled

Rule = Literal["max-min", "regret", "proportional"]
RULES: tuple[Rule, ...] = get_args(Rule)
#: What names the opinion groups (where people compared, the kinds of people) instead of a column of the source.
KINDS = "kinds"
#: A slate of two is the better answer if the worst-off group gains this share of the scale by it.
GAIN = 0.1
#: A group that counts as much as the others although it has less than this share of the people.
SMALL = 0.1
#: Probabilities below this are none.
NOTHING = 5e-7
DIGITS = 6
# Candidates that a slate of two is made of: the best ones of every group, and those that can be drawn.
_BEST = 5


@dataclass(frozen=True)
class Chance:
    """A statement that can be drawn, and how likely it is."""

    id: str
    text: str
    probability: float


@dataclass(frozen=True)
class GroupChance:
    """What a group may expect.

    Args:
        label: the label of the group in its column; of opinion groups their number, of those that have too rare a
            label, or none, an empty one.
        people: how many people it has.
        share: its share of the people, by weight.
        expected: what its people may expect of the statement that is drawn, 0 to 1, on average: what was asked of them
            (`FairLottery.measured`) says what that is, an agreement or a preference to other statements.
        best: what they would have with the statement that is best for them.
        slate: what they would have with the slate of two, where each has the one they like better.
    """

    label: str
    people: int
    share: float
    expected: float
    best: float
    slate: float


@dataclass(frozen=True)
class FairLottery:
    """A lottery over statements, and what it means for groups.

    Args:
        rule: the rule.
        groups: ``kinds``, or the column.
        how: how the groups were found.
        measured: what people were asked, of which all figures of groups are means: with votes, of agreement; with
            comparisons, of the share of the other statements to which a statement would be preferred.
        statements: the statements that can be drawn, the likeliest first.
        by_group: what each group may expect, the largest first.
        worst: the place of the group that may expect least.
        level: what that group may expect.
        two: the ids of the two statements that are best for the worst-off group; empty: there is one statement.
        two_texts: their texts.
        two_level: what the worst-off group would have of these.
        warnings: what has to be known before this is used.
    """

    rule: Rule
    groups: str
    how: str
    measured: Measured
    statements: tuple[Chance, ...]
    by_group: tuple[GroupChance, ...]
    worst: int
    level: float
    two: tuple[str, ...]
    two_texts: tuple[str, ...]
    two_level: float
    warnings: tuple[str, ...]


def lottery(
    profile: Profile,
    rule: Rule = "max-min",
    groups: str = KINDS,
    *,
    seed: int = 0,
    strict: bool = False,
    predict: str = "auto",
    report: Progress | None = None,
) -> FairLottery:
    """Probabilities with which one statement is drawn, so that groups that want different things are treated fairly.

    ``max-min``: what the worst-off group may expect is as large as possible (MaxMin-RLHF, Chakraborty et al. 2024).
    ``regret``: the most that a group misses of what is best for it is as small as possible (Chidambaram et al. 2024).
    ``proportional``: every statement has about the share of people who prefer it to all others (Kim et al. 2025);
    it looks at no groups, which are only told what they may expect.

    Args:
        profile: what people said: votes, ratings, rankings or comparisons.
        rule: max-min, regret or proportional.
        groups: kinds (opinion groups; where people compared, the kinds of people), or a column of groups of the source.
        seed: the seed of the model that predicts what nobody answered.
        strict: whether statements that moderation has not accepted are left out.
        predict: the model of these predictions.
        report: called with (stage, share done).

    Returns:
        The lottery; groups that are smaller than five people are part of another one.

    Raises:
        InputError: nobody answered anything, or there is no such rule or column.
    """
    rule = rule_of(rule)
    if not len(profile.answers) + len(profile.comparisons):
        raise InputError("nobody voted or compared, so what a statement is worth to a group is not known; ask people")
    options = settled(Options(strict=strict, predict=predict), profile)
    case = Case.begin(profile, Task(options, seed=seed, progress=report or silent), unit="statements")
    pool, free = case.pool, np.setdiff1d(np.arange(case.pool.size), np.array(case.eligible.locked_out, dtype=np.int64))
    if not len(free):
        raise InputError("no statement may be chosen; relax `min_answers` where a slate is chosen, and see doctor")
    member, labels, how = _groups(case, groups)
    low, high = case.prepared.profile.answers.scale.utility_range
    values = (pool.utilities(pool.agents, free) - low) / ((high - low) or 1.0)
    rewards = group_means(member, values, pool.masses)
    probability = _probabilities(rule, rewards, values, pool.masses)
    expected = rewards @ probability
    worst = int(np.argmin(np.round(expected, DIGITS)))
    pair, together = _two(member, values, pool.masses, rewards, probability)
    share = np.einsum("ng,n->g", member, pool.masses.astype(np.float64)) / pool.total_mass
    people = np.bincount(member.argmax(axis=1), minlength=member.shape[1])
    by_group = tuple(
        GroupChance(
            label,
            int(people[at]),
            round(float(share[at]), DIGITS),
            round(float(expected[at]), DIGITS),
            round(float(rewards[at].max()), DIGITS),
            round(float(together[at]), DIGITS),
        )
        for at, label in enumerate(labels)
    )
    s = case.prepared.profile.statements
    columns = pool.statements[free]
    order = [at for at in np.argsort(-probability, kind="stable").tolist() if probability[at] > NOTHING]
    found = FairLottery(
        rule=rule,
        groups=groups,
        how=how,
        measured=asked_of(case.source),
        statements=tuple(
            Chance(s.ids[columns[at]], s.texts[columns[at]], round(float(probability[at]), DIGITS)) for at in order
        ),
        by_group=by_group,
        worst=worst,
        level=by_group[worst].expected,
        two=tuple(s.ids[columns[at]] for at in pair),
        two_texts=tuple(s.texts[columns[at]] for at in pair),
        two_level=round(float(together.min()), DIGITS),
        warnings=(),
    )
    return _warned(found, case)


def rule_of(name: str) -> Rule:
    """The rule of that name.

    Raises:
        InputError: there is none.
    """
    for rule in RULES:
        if rule == name:
            return rule
    raise InputError(f"rule {name!r} is no rule of lotteries; take {either(RULES)}")


def _groups(case: Case, groups: str) -> tuple[FloatArray, tuple[str, ...], str]:
    """Memberships, labels, and how they were found.

    Raises:
        InputError: the source has no such column, or it does not divide people.
    """
    if groups == KINDS:
        found = case.groups
        assert found is not None  # somebody said something
        return found[0], tuple(str(at + 1) for at in range(found[0].shape[1])), found[1]
    columns = case.source.agents.groups
    if groups not in columns:
        known = f"it has {', '.join(map(repr, columns))}" if columns else "it has none"
        raise InputError(
            f"the source has no column of groups {groups!r} ({known}); keep one with `group_columns`, or take {KINDS}"
        )
    parts = partition(groups, columns[groups])
    if parts is None:
        raise InputError(f"column {groups!r} does not divide people into two groups of at least {LEAST}; take another")
    return parts.member, parts.labels, noted(f"the column {groups!r} of the source")


def _probabilities(rule: Rule, rewards: FloatArray, values: FloatArray, masses: IntArray) -> FloatArray:
    if rule == "proportional":
        return population_proportional(preferences(values, masses))
    return (max_min if rule == "max-min" else min_max_regret)(rewards).probability


def _two(
    member: FloatArray, values: FloatArray, masses: IntArray, rewards: FloatArray, probability: FloatArray
) -> tuple[tuple[int, ...], FloatArray]:
    """The pair that is best for the worst-off group, each person having the better one, and what it is to all groups.

    Pairs are tried of the best candidates of every group and of those that can be drawn; ties: the larger mean.
    """
    tops = np.argsort(-rewards, axis=1, kind="stable")[:, :_BEST]
    drawn = np.argsort(-probability, kind="stable")[:_BEST]
    some = np.union1d(tops.ravel(), drawn[probability[drawn] > NOTHING])
    if len(some) < 2:
        return (), rewards[:, int(some[0])]

    def tried() -> Iterator[tuple[float, float, tuple[int, int], FloatArray]]:
        for one, other in combinations(some.tolist(), 2):
            own = np.maximum(values[:, one], values[:, other])[:, None]
            means = group_means(member, own, masses)[:, 0]
            yield round(float(means.min()), DIGITS), round(float(means.mean()), DIGITS), (-one, -other), means

    _, _, pair, means = max(tried(), key=lambda each: each[:3])
    return (-pair[0], -pair[1]), means


def _warned(found: FairLottery, case: Case) -> FairLottery:
    words, worst, two = [], found.by_group[found.worst], found.two
    if len(found.by_group) < 2:
        words.append(noted("There is one group alone, so there is nothing to be fair between: everybody counts in it."))
    if two and found.two_level >= found.level + GAIN:
        whom = _called(found, found.worst)
        words.append(
            noted(
                "One statement drawn by lot serves the worst-off group worse than two statements would: "
                f"{whom} may expect {worst.expected:.2f}. A slate of {two[0]} and {two[1]} gives every group "
                f"at least {found.two_level:.2f}: choose it with `budget=2`, `unit='statements'` and "
                f"`locked_in={[*two]!r}`."
            )
        )
    small = [at for at, one in enumerate(found.by_group) if one.share < SMALL]
    if small and found.rule != "proportional" and len(found.by_group) > 1:
        named = ", ".join(noted(f"{_called(found, at)} ({found.by_group[at].share:.0%} of the people)") for at in small)
        words.append(
            noted(
                f"Groups count the same whatever their size: {named} as much as the largest. Whoever splits a group in "
                "two gains by it; the rule proportional counts people."
            )
        )
    c = case.source.comparisons
    if len(c) and not len(case.source.answers):
        words += [note for note in case.prepared.notes if note.startswith("The comparisons fall into")]
    return replace(found, warnings=tuple(words))


def _called(found: FairLottery, at: int) -> str:
    label = found.by_group[at].label
    if found.groups == KINDS:
        return noted(f"group {label}")
    return f"{found.groups} {label!r}" if label else noted("all others")
