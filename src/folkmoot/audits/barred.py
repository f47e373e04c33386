"""What may not be chosen: does it speak up on people's own answers, and what would be worth asking about?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray, Profile
from ..profile.records import OMITTED
from ..queries import Completed
from ..queries.coalitions import largest_coalitions
from . import cbjr
from .records import Coalition
from .subject import Subject, own

#: So many statements to ask about are listed, those where an answer is worth most first.
LISTED = 20
#: A statement is worth asking about if in so many draws of a hundred a group would have what it needs.
SHARE = 5


@dataclass(frozen=True)
class BarredStatement:
    """A statement that may not be chosen.

    Args:
        id: the id of the statement.
        text: the statement as it was written.
        reason: why it may not be chosen, an id of the rules.
        answers: how many people answered it.
        said_by: the id of the statement that speaks for it; empty if the reason is another one.
    """

    id: str
    text: str
    reason: str
    answers: int
    said_by: str = ""


@dataclass(frozen=True)
class WorthAsking:
    """A statement that too few people answered to know whether a large enough group wants it.

    Args:
        id: the id of the statement.
        text: the statement as it was written.
        answers: how many people answered it.
        expected: the mean over draws of the mass of the largest coalition, as a share of what it needs.
        low: the 5th percentile of the same.
        high: the 95th percentile of the same.
        chance: the share of draws in which that coalition is large enough.
        value: what one answer may be worth, by which these statements are ordered: the expected mass in a large enough
            coalition (0 where it is not), times the share of the statement's words that statements which may be chosen
            use too, divided by the answers that it lacks. Little is known of a single vote, so that much might be
            behind it; but many answers are missing until one knows, and it may be no statement at all.
    """

    id: str
    text: str
    answers: int
    expected: float
    low: float
    high: float
    chance: float | None = field(default=None, metadata=OMITTED)
    value: float | None = field(default=None, metadata=OMITTED)


@dataclass(frozen=True)
class Barred:
    """The audit of what may not be chosen: exact on own answers, no verdict on predictions.

    Args:
        statements: every statement that may not be chosen, by reason, those with most answers first.
        counts: how many statements may not be chosen, by reason.
        notes: what was lowered or not applied.
        violations: cBJR on people's own answers alone, over what is barred; worst first.
        d: the largest mass / need of a coalition on own answers; below 1 there is no violation.
        large: how many statements that lack only answers might have a large enough group behind them, as far as
            predictions go.
        waiting: how many of them moderation has not accepted where it accepted others: people do not see these.
        ask: those of the rest that are most worth asking about, in the order of what one answer is worth.
    """

    statements: tuple[BarredStatement, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    violations: tuple[Coalition, ...] = ()
    d: float = 0.0
    large: int = 0
    waiting: int = field(default=0, metadata=OMITTED)
    ask: tuple[WorthAsking, ...] = ()


def known(profile: Profile, subject: Subject) -> tuple[tuple[Coalition, ...], float]:
    """cBJR over the barred statements on people's own answers alone: it can only speak up with evidence.

    Args:
        profile: the profile whose ids are reported.
        subject: the slate over its own statements and the barred ones.

    Returns:
        The violations, worst first, and the largest mass / need.
    """
    swept = cbjr.sweep(subject, subject.own_known, subject.offers_known, np.zeros(1), every=True)
    coalitions = []
    for complaint in swept.violations:
        column = int(subject.pool.statements[complaint.candidate])
        coalitions.append(
            Coalition(
                statement=profile.statements.ids[column],
                text=profile.statements.texts[column],
                cost=int(subject.pool.costs[complaint.candidate]),
                threshold=complaint.theta,
                mass=complaint.mass,
                need=complaint.need,
                ratio=complaint.ratio,
                gap=None,
            )
        )
    return tuple(coalitions), float(swept.frontier[0])


def worth_asking(
    profile: Profile,
    completed: Completed,
    subject: Subject,
    answers: IntArray,
    seed: int,
    draws: int,
    *,
    askable: BoolArray,
    waiting: BoolArray,
    enough: int,
    sense: FloatArray,
) -> tuple[int, int, tuple[WorthAsking, ...]]:
    """Which statements with too few answers might have a large enough group behind them, as far as predictions go.

    Args:
        profile: the profile whose ids are reported.
        completed: known answers and the model that the unknown ones are drawn from.
        subject: the slate over its own statements and the barred ones.
        answers: int64 [n_statements] how many people answered each statement of the profile.
        seed: the seed of the draws.
        draws: the number of draws; 0: nothing is known.
        askable: bool [n_statements] statements that lack nothing but answers; the others are not worth a question.
        waiting: bool [n_statements] statements that people do not see before moderation accepts them.
        enough: how many answers a statement has to have to be chosen.
        sense: float64 [n_statements] in [0, 1] how likely a statement is about what others speak of.

    Returns:
        How many there are, how many of them wait for moderation, and the list of those of the others where one answer
        is worth most; ties stand in pool order.
    """
    outside = subject.outside[askable[subject.pool.statements[subject.outside]]]
    if not draws or not len(outside):
        return 0, 0, ()
    masses = np.stack([_masses(completed, subject, outside, seed, number) for number in range(draws)])
    columns, s = subject.pool.statements[outside], profile.statements
    large, ratios = masses >= subject.needs[outside], masses / subject.needs[outside]
    wanted = np.flatnonzero(100 * large.sum(axis=0) >= SHARE * draws)
    expected, chance = ratios.mean(axis=0), large.mean(axis=0)
    lacking = np.maximum(1, enough - answers[columns])
    value = np.round((masses * large).mean(axis=0) * sense[columns] / lacking, 6)
    seen = wanted[~waiting[columns[wanted]]]
    order = sorted(seen.tolist(), key=lambda at: (-float(value[at]), at))
    listed = tuple(
        WorthAsking(
            s.ids[int(columns[at])],
            s.texts[int(columns[at])],
            int(answers[columns[at]]),
            round(float(expected[at]), 6),
            round(float(np.quantile(ratios[:, at], 0.05)), 6),
            round(float(np.quantile(ratios[:, at], 0.95)), 6),
            round(float(chance[at]), 6),
            float(value[at]),
        )
        for at in order[:LISTED]
    )
    return len(wanted), len(wanted) - len(seen), listed


def _masses(completed: Completed, subject: Subject, outside: IntArray, seed: int, number: int) -> IntArray:
    """int64 [c]: mass of the largest coalition for each of c barred statements, in one draw."""
    drawn, pool = completed.draw(seed, number), subject.pool
    mine = own(drawn.utilities(pool.agents, pool.statements[subject.chosen]), subject.assignment)
    # People who have the highest possible utility join no coalition and need not be drawn further.
    rows = np.flatnonzero(mine < completed.profile.answers.scale.utility_range[1])
    offers = drawn.utilities(rows, pool.statements[outside])
    mass, _ = largest_coalitions(mine[rows], offers, pool.masses[rows])
    return mass


def listed(entries: Sequence[BarredStatement], reason: str) -> list[BarredStatement]:
    """The barred statements of one reason."""
    return [entry for entry in entries if entry.reason == reason]
