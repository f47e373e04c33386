"""Figures beside the certificate: who would be shown what, how minorities fare, how different the statements are.

One function collects the figures, each with whether it applies to this source and, if not, why.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from ..profile import FloatArray, IntArray, Profile
from ..profile.sentences import noted
from . import diversity, majority_erasure
from .declared import DeclaredGroups, declared_groups
from .exposure import SAMPLES, Audience, Landscape, compare, landscapes
from .plural_records import (
    Calibration,
    Comparison,
    DeclaredFigures,
    Exposure,
    Groups,
    MeaningDiversity,
    NotApplicable,
    Plural,
    PolicyFigures,
    Served,
    ShareFigures,
    SpeechFigures,
    SpeechOfGroups,
    TextDiversity,
    VoteDiversity,
)
from .shown import Shown
from .subject import Subject
from .swap import Votes, speech

#: Digits that are kept: the last bits in which machines differ are no figures.
DIGITS = 6
#: The number of random sets of statements with which the slate's texts are compared.
RANDOM_SETS = 20
#: Statements that people answer this much alike are of one class, and one is valid if this share of someone's group,
#: or of all, approves it.
ALIKE = 0.7
VALID = 0.5

NOBODY_VOTED = noted("nobody voted: similarity of texts says nothing about agreement")
ONE_GROUP = noted("no opinion groups were found: everybody is in one")


def plural_figures(
    profile: Profile,
    subject: Subject,
    groups: tuple[FloatArray, str] | None,
    rng: np.random.Generator,
    vectors: FloatArray | None = None,
) -> Plural:
    """Computes the figures about one slate.

    Args:
        profile: what people wrote and answered.
        subject: the slate with its pool.
        groups: memberships float64 [n, n_groups], rows adding up to 1, and how they were found; None without groups.
        rng: the generator of bootstrap samples of people, halves of answers, and random sets of statements.
        vectors: float64 [pool size, d], vectors of the pool's texts where the caller has them already.
    """
    streams = rng.spawn(3)
    nobody = NotApplicable(False, NOBODY_VOTED)
    texts = _texts(profile, subject, streams[2])
    figures = Plural(nobody, nobody, nobody, nobody, nobody, texts, _meanings(subject, vectors), nobody)
    if len(profile.answers) + len(profile.comparisons) and groups is not None and len(subject.chosen):
        member, how = groups
        people = majority_erasure.shares(member, subject.masses)
        several, one = member.shape[1] > 1, NotApplicable(False, ONE_GROUP)
        sizes = np.bincount(member.argmax(axis=1), minlength=member.shape[1])
        declared = declared_groups(profile)
        seen, *seen_by_declared = _landscapes(profile, subject, [member, *(one.member for one in declared)])
        figures = replace(
            figures,
            groups=Groups(True, how, tuple(sizes.tolist()), tuple(people.tolist())),
            exposure=_exposure(profile, subject, member, seen, streams[0]),
            speech=_speech(profile, subject, member, streams[1]) if several else one,
            calibration=_calibration(profile, subject, member, people) if several else one,
            votes=_votes(profile, subject, member),
            served=_served(profile, subject, member),
            declared=_declared(profile, subject, declared, seen_by_declared, rng),
        )
    rounded: Plural = _rounded(figures)
    return rounded


def _declared(
    profile: Profile,
    subject: Subject,
    columns: Sequence[DeclaredGroups],
    landscapes: Sequence[Landscape],
    rng: np.random.Generator,
) -> dict[str, DeclaredFigures]:
    """Every column of the source by name; each has random numbers of its own."""
    found = {}
    for one, seen in zip(columns, landscapes, strict=True):
        member, streams = one.member, rng.spawn(2)
        people = majority_erasure.shares(member, subject.masses)
        found[one.column] = DeclaredFigures(
            labels=one.labels,
            others=one.others,
            people=one.people,
            shares=tuple(people.tolist()),
            served=_served(profile, subject, member),
            exposure=_exposure(profile, subject, member, seen, streams[0]),
            speech=_speech(profile, subject, member, streams[1]),
            calibration=_calibration(profile, subject, member, people),
        )
    return found


def _served(profile: Profile, subject: Subject, member: FloatArray) -> Served:
    low, high = profile.answers.scale.utility_range
    span = (high - low) or 1.0
    own = np.where(subject.assignment >= 0, (subject.own - low) / span, 0.0)
    values = np.stack([own, (subject.best - low) / span], axis=1)
    weight = member * subject.masses[:, None]
    total = weight.sum(axis=0)
    sums = np.einsum("ng,nk->kg", weight, values)
    mean, best = np.divide(sums, total, out=np.full(sums.shape, np.nan), where=total > 0)
    known = np.isfinite(mean).any()
    return Served(
        applies=True,
        mean=tuple(mean.tolist()),
        best=tuple(best.tolist()),
        worst=float(np.nanmin(mean)) if known else None,
        at=int(np.nanargmin(mean)) if known else None,
    )


def _agreement(profile: Profile, utilities: FloatArray) -> FloatArray:
    """Utilities as shares of the scale, 0 to 1."""
    low, high = profile.answers.scale.utility_range
    return (utilities - low) / ((high - low) or 1.0)


def _landscapes(profile: Profile, subject: Subject, members: Sequence[FloatArray]) -> list[Landscape]:
    pool = subject.pool
    offers = pool.blocks(pool.agents, np.arange(pool.size))
    blocks = ((part, _agreement(profile, block)) for part, block in offers)
    return landscapes(blocks, members, subject.masses, pool.size, len(subject.chosen))


def _exposure(
    profile: Profile, subject: Subject, member: FloatArray, seen: Landscape, rng: np.random.Generator
) -> Exposure:
    pool, k = subject.pool, len(subject.chosen)
    audience = Audience(member, subject.masses, seen.groups < 0.5, rng, SAMPLES)

    def to_all(statements: IntArray) -> Shown:
        return Shown.to_all(statements, _agreement(profile, pool.utilities(pool.agents, statements)))

    def beside(length: int, name: str, shown: Shown) -> Comparison:
        favourites = Shown(seen.favourites.statement[:, :length], seen.favourites.agreement[:, :length])
        policies = {
            "aggregate": to_all(seen.aggregate(length)),
            "bridging": to_all(seen.bridging(length)),
            "personal": favourites,
            name: shown,
        }
        compared = compare(policies, audience, (name,), rng)
        return Comparison(
            length=length,
            policies={policy: PolicyFigures(**figures) for policy, figures in compared["policies"].items()},
            sycophancy=compared["sycophancy"][name],
            echo=compared["echo"][name],
            echo_beyond_chance=compared["echo_beyond_chance"][name],
            missed=compared["missed"][name] or None,
        )

    place = subject.assignment
    represented = place >= 0
    own = Shown(
        np.where(represented, subject.chosen[place], -1)[:, None],
        np.where(represented, _agreement(profile, subject.own), 0.0)[:, None],
    )
    return Exposure(
        applies=True,
        samples=SAMPLES,
        slate=beside(k, "slate", to_all(subject.chosen)),
        assigned=beside(1, "assigned", own),
        not_shown=int(subject.masses[~represented].sum()),
    )


def _speech(
    profile: Profile, subject: Subject, member: FloatArray, rng: np.random.Generator
) -> SpeechOfGroups | NotApplicable:
    a = profile.answers
    pool_number = np.full(profile.n_statements, -1, dtype=np.int64)
    pool_number[subject.pool.statements] = np.arange(subject.pool.size)
    if not len(a):
        return _speech_of_comparisons(profile, subject, pool_number, member, rng)
    utility = a.scale.utility(a.value)
    kept = (utility != a.scale.midpoint) & (pool_number[a.statement] >= 0)
    if not kept.any():
        return NotApplicable(False, noted("nobody took a side"))
    votes = Votes(a.agent[kept], pool_number[a.statement[kept]], utility[kept] > a.scale.midpoint)
    return _spoken(votes, subject, member, subject.pool.size, rng)


def _speech_of_comparisons(
    profile: Profile, subject: Subject, pool_number: IntArray, member: FloatArray, rng: np.random.Generator
) -> SpeechOfGroups | NotApplicable:
    """The same where people compared: what stands for a statement is a pair, and what for a side one of the two."""
    c = profile.comparisons
    winner, loser = pool_number[c.winner], pool_number[c.loser]
    kept = (winner >= 0) & (loser >= 0)
    if not kept.any():
        return NotApplicable(False, "nobody compared two statements that could be chosen")
    first, second = np.minimum(winner, loser)[kept], np.maximum(winner, loser)[kept]
    pairs, column = np.unique(first * subject.pool.size + second, return_inverse=True)
    votes = Votes(c.agent[kept], column.reshape(-1), winner[kept] == first)
    return _spoken(votes, subject, member, len(pairs), rng)


def _spoken(votes: Votes, subject: Subject, member: FloatArray, size: int, rng: np.random.Generator) -> SpeechOfGroups:
    every = speech(votes, member, subject.masses, size, rng)
    first, *groups = (SpeechFigures(**one._asdict(), may_speak=one.may_speak) for one in every)
    return SpeechOfGroups(True, len(votes.row), first, tuple(groups))


def _calibration(
    profile: Profile, subject: Subject, member: FloatArray, people: FloatArray
) -> Calibration | NotApplicable:
    approves = subject.slate >= profile.answers.scale.approval
    of = majority_erasure.classes(member, subject.masses, approves)
    represents = np.bincount(
        subject.assignment[subject.assignment >= 0],
        subject.masses[subject.assignment >= 0],
        len(subject.chosen),
    )
    costs = subject.pool.costs[subject.chosen]
    by_weight = {}
    for name, weight in (("cost", costs), ("seats", np.ones(len(costs))), ("represented", represents)):
        slate = majority_erasure.slate_shares(of, weight)
        if np.isfinite(slate).all():
            by_weight[name] = ShareFigures(tuple(slate.tolist()), **majority_erasure.erasure(people, slate)._asdict())
    nobodys = int((~np.isfinite(of).all(axis=1)).sum())
    if not by_weight:
        return NotApplicable(False, noted("nobody approves any statement of the slate"))
    return Calibration(True, tuple(tuple(row) for row in of.tolist()), nobodys, by_weight)


def _votes(profile: Profile, subject: Subject, member: FloatArray) -> VoteDiversity | NotApplicable:
    """Effective semantic diversity: a statement is valid if half of all, or of some group, approve it."""
    k = len(subject.chosen)
    if k < 2:
        return NotApplicable(False, noted("the slate has a single statement"))
    approves = (subject.slate >= profile.answers.scale.approval) * 1.0
    weight = member * subject.masses[:, None]
    rate = np.einsum("ng,nk->gk", weight, approves) / np.maximum(weight.sum(axis=0), 1e-300)[:, None]
    everywhere = np.einsum("n,nk->k", subject.masses.astype(np.float64), approves) / subject.pool.total_mass
    valid = np.maximum(rate.max(axis=0), everywhere) >= VALID
    label = diversity.vote_patterns(subject.slate, subject.masses, ALIKE)
    diverse = diversity.effective(label, valid)
    return VoteDiversity(True, ALIKE, VALID, tuple(label.tolist()), diverse.pairs, diverse.classes, diverse.valid)


def _texts(profile: Profile, subject: Subject, rng: np.random.Generator) -> TextDiversity | NotApplicable:
    texts = profile.statements.texts
    every = [diversity.tokens(texts[int(column)]) for column in subject.pool.statements]
    mine = [every[a] for a in subject.chosen]
    slate = diversity.matched(mine, at_least=diversity.LONGEST)
    k = len(slate.texts)
    if k < 2:
        return NotApplicable(False, noted("fewer than two statements of the slate have words"))
    others = diversity.matched(every, at=slate.length).texts
    drawn = [rng.choice(len(others), k, replace=False) for _ in range(RANDOM_SETS)]
    rows = [_text_figures([others[at] for at in chosen]) for chosen in drawn]
    typical = {
        name: float(np.median(values)) if (values := [row[name] for row in rows if row[name] == row[name]]) else None
        for name in rows[0]
    }
    return TextDiversity(
        applies=True,
        length=slate.length,
        cut=slate.cut,
        short=slate.short,
        pool=len(others),
        sets=RANDOM_SETS,
        slate=_text_figures(slate.texts),
        random=typical,
    )


def _text_figures(texts: Sequence[diversity.Tokens]) -> dict[str, float]:
    """Each of `diversity`'s figures for texts of one length."""
    return {
        **{f"distinct_{n}": diversity.distinct(texts, n) for n in (1, 2, 3)},
        "ead": diversity.adjusted(texts),
        "ngram_diversity": diversity.ngram_diversity(texts),
        "self_repetition_4": diversity.self_repetition(texts),
        "compression_ratio": diversity.compression_ratio(texts, "bzip2"),
    }


def _meanings(subject: Subject, vectors: FloatArray | None) -> MeaningDiversity | NotApplicable:
    if vectors is None:
        return NotApplicable(
            False, noted("the engine compares no texts, and an embedding is not loaded for this alone")
        )
    if len(subject.chosen) < 2:
        return NotApplicable(False, noted("the slate has a single statement"))
    chosen = vectors[subject.chosen]
    return MeaningDiversity(True, diversity.semantic(chosen), diversity.vendi(chosen))


def _rounded(value: Any) -> Any:
    """The same record with numbers rounded to `DIGITS` digits; nan becomes None."""
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{entry.name: _rounded(getattr(value, entry.name)) for entry in fields(value)})
    if isinstance(value, Mapping):
        return {name: _rounded(entry) for name, entry in value.items()}
    if isinstance(value, tuple):
        return tuple(_rounded(entry) for entry in value)
    if isinstance(value, float | np.floating):
        return round(float(value), DIGITS) if math.isfinite(value) else None
    if isinstance(value, np.integer):
        return int(value)
    return value
