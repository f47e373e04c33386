"""The reliability of a language model's utilities, tested on answers that people gave and the model is not shown.

The protocol of Boehmer, Fish, Procaccia 2025 (The Next Generation), Appendix D.5 (held-out upvotes against held-out
downvotes, person by person), the same at equal popularity, and for ratings ranks and calibration. A person is shown to
the model in the same way as by the process, without the answers in question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...llm import Answer, Call, Failed, Model
from ...preferences.entries import share
from ...preferences.held_out import (
    auc,
    authored,
    balanced,
    calibration,
    child,
    match,
    others,
    pair_test,
    pair_wins,
    spearman,
)
from ...profile import (
    Agents,
    Answers,
    BoolArray,
    FloatArray,
    InputError,
    IntArray,
    Profile,
    Progress,
    Statements,
    silent,
)
from . import people as language_people
from .disc import HIGH, LOW, PER_PROMPT, LanguageDisc

# Answers of one person that are held out: upvotes and downvotes at random, or ratings at random; and pairs of an up and
# a down that are about as popular.
SIDE, RATED, PAIRS = 5, 10, 2
# People who are asked about: at most 25 x (10 + 2 x 2) = 350 questions, 700 calls with specificity.
PEOPLE = 25
# Largest difference in popularity within a pair.
BOUND = 0.05
# The fewest held-out ratings for a rank correlation.
RANKED = 5
SAMPLES = 1_000
BINS = 5
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class HeldOut:
    """The held-out answers, the people who gave them, and what the model is shown of these.

    Args:
        people: int64 [k] the rows of the people in the profile.
        drawn: int64 [n] the positions of the answers held out at random.
        pairs: int64 [n_pairs, 2] the positions of an up and a down about as popular; popularity is right in about half.
        up: int64 [n_answers] 1 above, -1 below the middle (of votes 0, else of the person's own answers), 0 neither.
        shown: the texts of these people, in this order, without anything held out.
        by_votes: whether people are shown by their other answers.
    """

    people: IntArray
    drawn: IntArray
    pairs: IntArray
    up: IntArray
    shown: language_people.People
    by_votes: bool

    @property
    def places(self) -> IntArray:
        """int64: all held-out positions, ascending."""
        return np.unique(np.concatenate([self.drawn, self.pairs.ravel()]))


def validated(
    model: Model,
    profile: Profile,
    rng: np.random.Generator,
    *,
    weight: float = 1.0,
    per_prompt: int = PER_PROMPT,
    people: int = PEOPLE,
    votes: bool | None = None,
    structured: bool = False,
    report: Progress | None = None,
) -> dict[str, Any] | None:
    """Asks a process's discriminative query for answers that people gave and the model is not shown.

    Args:
        model: the model that answers at most 14 questions about each person, or twice that with specificity: 700 by
            default.
        profile: the votes or ratings, and the texts.
        rng: the generator that draws people and held-out answers.
        weight: the weight of specificity, the same as in the process; 0: agreement alone.
        per_prompt: the most statements in one question, the same as in the process.
        people: the most people to ask about; those with the most to hold out come first.
        votes: whether people are shown by their other answers, see `language_people.people`.
        structured: whether ratings are asked for in structured answers, as in the process.
        report: the function that is called with (stage, share done).

    Returns:
        JSON-ready, or None where nobody has an up and a down to hold out. ``people``: share of people whose held-out
        ups score higher than their held-out downs on average; ``pairs``: share of pairs of an up and a down of one
        person; ``auc``: of all ups and downs together; each with its 95 % interval (people drawn again) and all of it
        for the ``popularity`` of statements among the others. ``matched``: share of pairs about as popular, where
        popularity scores 1/2. ``spearman`` (mean over people) and ``calibration`` (of agreement, rescaled to 0..1)
        for ratings. ``n_people``, ``n_answers`` behind them; ``asked``, ``missing``, ``calls``. ``validated`` is
        False where no answer could be read.

    Raises:
        InputError: ``people`` is below 1, or the weight is negative.
    """
    if people < 1:
        raise InputError(f"{people} people to ask about; at least 1 is needed")
    tell = report or silent
    held = hold_out(profile, rng, people, votes)
    if held is None:
        return None
    a, places = profile.answers, held.places
    columns, column = np.unique(a.statement[places], return_inverse=True)
    row = np.searchsorted(held.people, a.agent[places])
    once = _Once(model)
    texts = [profile.statements.texts[int(at)] for at in columns]
    disc = LanguageDisc(once, held.shown, texts, weight=weight, per_prompt=per_prompt, structured=structured)
    disc.tally.stops = False  # what is checked is there already; that nothing checks it is a finding
    scores = np.full(len(a), np.nan)
    tell("asking for held-out answers", 0.0)
    scores[places] = _scores(disc, row, column)
    popular = others(profile)
    popular = np.where(np.isnan(popular), np.nanmean(popular) if np.isfinite(popular).any() else 0.5, popular)
    answered = np.isfinite(scores[places])
    record: dict[str, Any] = {
        "validated": bool(answered.any()),
        "query": disc.name,
        "weight": weight,
        "shown": "votes" if held.by_votes else "texts",
        "asked": len(places),
        "missing": int((~answered).sum()),
    }
    seed = child(rng)
    record |= _sided(profile, held, scores, popular, seed)
    record["matched"] = _matched(profile, held, scores, popular, seed)
    record["spearman"] = record["calibration"] = None
    if a.scale.kind != "vote":
        record["spearman"] = _ranked(profile, held, scores, seed)
    if a.scale.kind == "rating":
        agreement = np.full(len(a), np.nan)
        plain = (
            disc
            if not weight
            else LanguageDisc(once, held.shown, texts, weight=0.0, per_prompt=per_prompt, structured=structured)
        )
        agreement[places] = _scores(plain, row, column)
        record["calibration"] = _calibrated(profile, held, agreement)
    return {**record, "calls": once.sent}


def hold_out(
    profile: Profile, rng: np.random.Generator, people: int = PEOPLE, votes: bool | None = None
) -> HeldOut | None:
    """Chooses people and answers; None where nobody has an up and a down to hold out.

    Answers to a person's own statements, and to statements that occur in the person's text, are never held out, because
    the model would read them. People who are shown by votes keep half of their ups and of their downs. Where a
    statement is held out, answers to others with the same words are not shown either.
    """
    a, own_texts = profile.answers, profile.agents.texts
    texts = ["\n".join(parts) for parts in own_texts] or [""] * profile.n_agents
    by_votes = bool(votes or (votes is None and not any(text.strip() for text in texts)))
    up, popular = _sides(profile), others(profile)
    usable = ~authored(profile)
    plain = [_plain(text) for text in profile.statements.texts]
    _, same = np.unique(np.array(plain, dtype=object).astype(str), return_inverse=True)
    chosen: list[int] = []
    drawn, pairs = [np.zeros(0, dtype=np.int64)], [np.zeros((0, 2), dtype=np.int64)]
    for person in _most_first(profile, up, usable, rng):
        if len(chosen) == people:
            break
        written = f" {_plain(texts[person])} "
        places = np.arange(profile.indptr[person], profile.indptr[person + 1])
        read = [bool(text := plain[int(column)]) and f" {text} " in written for column in a.statement[places]]
        places = rng.permutation(places[usable[places] & ~np.array(read, dtype=np.bool_)])
        ups, downs, rest = (places[up[places] == side] for side in (1, -1, 0))
        if by_votes:
            ups, downs, rest = (part[: len(part) // 2] for part in (ups, downs, rest))
        if not len(ups) or not len(downs) or not (by_votes or texts[person].strip()):
            continue
        chosen.append(person)
        if a.scale.kind == "vote":
            drawn += [ups[:SIDE], downs[:SIDE]]
        else:
            # Whatever the side: a choice by outcome would not be calibrated.
            drawn.append(rng.permutation(np.concatenate([ups, downs, rest]))[:RATED])
        matches = match(popular[ups], popular[downs], PAIRS, BOUND)
        pairs.append(np.column_stack([ups[matches[:, 0]], downs[matches[:, 1]]]))
    if not chosen:
        return None
    paired = np.concatenate(pairs)
    paired = paired[balanced(popular[paired[:, 0]] - popular[paired[:, 1]], rng)]
    held = np.concatenate([*drawn, paired.ravel()])
    key = a.agent * (profile.n_statements + 1) + same[a.statement]
    rows = np.array(sorted(chosen), dtype=np.int64)
    keep = np.isin(a.agent, rows) & ~np.isin(key, key[held])
    shown = language_people.people(_of(profile, rows, keep), by_votes)
    return HeldOut(rows, np.concatenate(drawn), paired, up, shown, by_votes)


def _most_first(profile: Profile, up: IntArray, usable: BoolArray, rng: np.random.Generator) -> list[int]:
    """People with an up and a down, those with more of both (as far as they can be held out) first, else at random."""
    agent, n = profile.answers.agent, profile.n_agents
    sides = [np.bincount(agent[usable & (up == side)], minlength=n) for side in (1, -1)]
    fewer = np.minimum(np.minimum(*sides), SIDE)
    order = rng.permutation(n)
    order = order[np.argsort(-fewer[order], kind="stable")]
    return [int(person) for person in order[fewer[order] > 0]]


def _sides(profile: Profile) -> IntArray:
    """Which side of the middle every answer is on; ratings: of the middle between the person's lowest and highest."""
    a = profile.answers
    if a.scale.kind == "vote":
        return np.sign(a.value).astype(np.int64)
    value = share(profile)
    least, most = np.full(profile.n_agents, np.inf), np.full(profile.n_agents, -np.inf)
    np.minimum.at(least, a.agent, value)
    np.maximum.at(most, a.agent, value)
    side: IntArray = np.sign(2 * value - least[a.agent] - most[a.agent]).astype(np.int64)
    return side


def _of(profile: Profile, rows: IntArray, keep: BoolArray) -> Profile:
    """The profile of these people, with the answers that are kept."""
    a, texts = profile.answers, profile.agents.texts
    agents = Agents(
        tuple(profile.agents.ids[int(i)] for i in rows), tuple(texts[int(i)] for i in rows) if texts else ()
    )
    statements = Statements(profile.statements.ids, profile.statements.texts)
    place = np.searchsorted(rows, a.agent[keep])
    return Profile(agents, statements, Answers.of(place, a.statement[keep], a.value[keep], a.scale))


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


class _Once:
    """A model that passes on equal calls once and counts the calls."""

    def __init__(self, model: Model) -> None:
        self.model, self.sent = model, 0
        self._answers: dict[str, Answer | Failed] = {}

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        new = list({call.key: call for call in calls if call.key not in self._answers}.values())
        self.sent += len(new)
        self._answers |= zip((call.key for call in new), self.model.answers(new) if new else [], strict=True)
        return [self._answers[call.key] for call in calls]


def _scores(disc: LanguageDisc, row: IntArray, column: IntArray) -> FloatArray:
    """float64 [n_places]: utilities of the pairs, nan where there is no answer; all are requested at once."""
    disc.ask(row, column, "agreement")
    disc.ask(row, column, "specificity")
    utilities: FloatArray = disc.so_far[row, column]
    return utilities


def interval(
    n: int, statistic: Callable[[FloatArray], float], rng: np.random.Generator, what: str = "share"
) -> dict[str, float]:
    """A statistic of n people with its 95 % bootstrap interval; ``statistic`` takes how often each person is drawn."""
    drawn = rng.multinomial(n, np.full(n, 1.0 / n), size=SAMPLES).astype(np.float64)
    low, high = np.nanquantile([statistic(counts) for counts in drawn], [0.025, 0.975])
    return {
        what: round(statistic(np.ones(n)), 6),
        "low": round(float(low), 6),
        "high": round(float(high), 6),
    }


def _sided(
    profile: Profile, held: HeldOut, scores: FloatArray, popular: FloatArray, rng: np.random.Generator
) -> dict[str, Any]:
    """The pair test, pairs and AUC, of the model and of popularity on the same answers."""
    places = held.drawn[np.isfinite(scores[held.drawn]) & (held.up[held.drawn] != 0)]
    agent, up = profile.answers.agent[places], held.up[places] > 0
    both = np.intersect1d(agent[up], agent[~up])
    keep = np.isin(agent, both)
    places, up = places[keep], up[keep]
    row = np.searchsorted(both, agent[keep])
    counts = {"n_people": len(both), "n_answers": len(places)}
    if not len(both):
        return {**counts, "n_pairs": 0, "people": None, "pairs": None, "auc": None, "popularity": None}
    sizes = np.bincount(row[up]) * np.bincount(row[~up])
    seed = int(rng.integers(2**63))

    def figures(values: FloatArray) -> dict[str, Any]:
        # The same people are drawn again for both.
        rng = np.random.default_rng(seed)
        wins = pair_test(values, row, up).wins
        each = np.array([auc(values[row == person], up[row == person]) for person in range(len(both))])
        return {
            "people": interval(len(both), lambda c: float((c * wins).sum() / c.sum()), rng),
            "pairs": interval(len(both), lambda c: float((c * sizes * each).sum() / (c * sizes).sum()), rng),
            "auc": interval(len(both), lambda c: auc(values, up, c[row]), rng),
        }

    return {**counts, "n_pairs": int(sizes.sum()), **figures(scores[places]), "popularity": figures(popular[places])}


def _matched(
    profile: Profile, held: HeldOut, scores: FloatArray, popular: FloatArray, rng: np.random.Generator
) -> dict[str, Any] | None:
    """Share of pairs about as popular that are ordered rightly; None where no pair has both utilities."""
    pairs = held.pairs[np.isfinite(scores[held.pairs]).all(axis=1)]
    if not len(pairs):
        return None
    who = profile.answers.agent[pairs[:, 0]]
    won, guess = pair_wins(scores[pairs], who), pair_wins(popular[pairs], who)
    return {
        "bound": BOUND,
        "n_pairs": len(pairs),
        "n_people": len(won),
        **interval(len(won), lambda c: float((c @ won[:, 0]) / (c @ won[:, 1])), rng),
        "popularity": round(float(guess[:, 0].sum() / guess[:, 1].sum()), 6),
    }


def _ranked(profile: Profile, held: HeldOut, scores: FloatArray, rng: np.random.Generator) -> dict[str, Any] | None:
    """Mean rank correlation over people who have enough ratings that are not all the same."""
    value, correlations = share(profile), []
    places = held.drawn[np.isfinite(scores[held.drawn])]
    for person in held.people:
        own = places[profile.answers.agent[places] == person]
        if len(own) >= RANKED and np.ptp(value[own]) > 0:
            correlations.append(spearman(scores[own], value[own], np.ones(len(own))))
    each = np.array(correlations)
    if not correlations:
        return None
    return {"n_people": len(each), **interval(len(each), lambda c: float((c @ each) / c.sum()), rng, "mean")}


def _calibrated(profile: Profile, held: HeldOut, agreement: FloatArray) -> dict[str, Any] | None:
    """Calibration of agreement 1..6, as a share of its range, against the rating as a share of its scale."""
    places = held.drawn[np.isfinite(agreement[held.drawn])]
    if not len(places):
        return None
    predicted, rated = (agreement[places] - LOW) / (HIGH - LOW), share(profile)[places]
    calibrated = calibration(predicted, rated, BINS)
    return {
        "n_answers": len(places),
        "error": round(calibrated.error, 6),
        "mean_absolute_error": round(float(np.abs(predicted - rated).mean()), 6),
        "too_high_by": round(float((predicted - rated).mean()), 6),
        "predicted": calibrated.predicted.round(6).tolist(),
        "observed": calibrated.observed.round(6).tolist(),
        "sizes": calibrated.sizes.tolist(),
    }
