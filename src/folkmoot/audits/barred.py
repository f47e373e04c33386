"""What may not be chosen: does it speak up on people's own answers, and what would be worth asking about?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray, Profile
from ..queries import Completed
from ..queries.coalitions import largest_coalitions
from . import cbjr
from .records import Coalition
from .subject import Subject, own

#: So many statements to ask about are listed, the most wanted first.
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
    """

    id: str
    text: str
    answers: int
    expected: float
    low: float
    high: float


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
        ask: those of them that are most worth asking about, most wanted first.
    """

    statements: tuple[BarredStatement, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    violations: tuple[Coalition, ...] = ()
    d: float = 0.0
    large: int = 0
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
) -> tuple[int, tuple[WorthAsking, ...]]:
    """Which statements with too few answers might have a large enough group behind them, as far as predictions go.

    Args:
        profile: the profile whose ids are reported.
        completed: known answers and the model that the unknown ones are drawn from.
        subject: the slate over its own statements and the barred ones.
        answers: int64 [n_statements] how many people answered each statement of the profile.
        seed: the seed of the draws.
        draws: the number of draws; 0: nothing is known.
        askable: bool [n_statements] statements that lack nothing but answers; the others are not worth a question.

    Returns:
        How many there are, and the list of those that are most wanted.
    """
    outside = subject.outside
    if not draws or not len(outside):
        return 0, ()
    ratios = np.stack([_ratios(completed, subject, seed, number) for number in range(draws)])
    columns, s = subject.pool.statements[outside], profile.statements
    wanted = np.flatnonzero((100 * (ratios >= 1.0).sum(axis=0) >= SHARE * draws) & askable[columns])
    expected = ratios.mean(axis=0)
    order = sorted(wanted.tolist(), key=lambda at: (-round(float(expected[at]), 9), at))
    listed = tuple(
        WorthAsking(
            s.ids[int(columns[at])],
            s.texts[int(columns[at])],
            int(answers[columns[at]]),
            round(float(expected[at]), 6),
            round(float(np.quantile(ratios[:, at], 0.05)), 6),
            round(float(np.quantile(ratios[:, at], 0.95)), 6),
        )
        for at in order[:LISTED]
    )
    return len(wanted), listed


def _ratios(completed: Completed, subject: Subject, seed: int, number: int) -> FloatArray:
    """float64 [outside]: mass / need of the largest coalition for every barred statement, in one draw."""
    drawn, pool, outside = completed.draw(seed, number), subject.pool, subject.outside
    mine = own(drawn.utilities(pool.agents, pool.statements[subject.chosen]), subject.assignment)
    offers = drawn.utilities(pool.agents, pool.statements[outside])
    mass, _ = largest_coalitions(mine, offers, pool.masses)
    return np.asarray(mass / subject.needs[outside])


def listed(entries: Sequence[BarredStatement], reason: str) -> list[BarredStatement]:
    """The barred statements of one reason."""
    return [entry for entry in entries if entry.reason == reason]
