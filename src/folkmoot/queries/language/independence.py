"""Whether two ways of asking a language model both tell what people voted, and whether they err on different people.

Appendix D.5 of Boehmer, Fish, Procaccia 2025 (The Next Generation): from what people wrote, both the query that PROSE
selects with and the evaluator score statements that people voted for and against, five of each. Share of people whose
ups score higher than their downs on average, for each; Pearson's correlation r of the differences, person by person;
and Cohen's kappa of whether they come out right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from ...llm import Model
from ...profile import BoolArray, FloatArray, InputError, IntArray, Profile
from .disc import PER_PROMPT, LanguageDisc
from .evaluator import Evaluator
from .people import People
from .reliability import PEOPLE, SIDE, HeldOut, hold_out, interval


@dataclass(frozen=True)
class Independence:
    """What both queries make of the same votes.

    Args:
        people: people with held-out ups and downs that both queries scored.
        answers: their held-out answers.
        lost: people left out, as one of the queries gave no score of an up or of a down.
        share: by query, the share of people whose ups score higher on average, with its 95 % interval (``low``,
            ``high``, people drawn again); equal means count as not higher.
        both_right: people for whom both are right.
        both_wrong: people for whom both are wrong.
        r: Pearson's correlation of the differences; None where one of the queries has the same for everybody.
        kappa: Cohen's kappa of being right; None where chance agreement is complete.
    """

    people: int
    answers: int
    lost: int
    share: Mapping[str, Mapping[str, float]]
    both_right: int
    both_wrong: int
    r: float | None
    kappa: float | None


def independence(
    model: Model,
    profile: Profile,
    rng: np.random.Generator,
    *,
    people: int = PEOPLE,
    weight: float = 1.0,
    per_prompt: int = PER_PROMPT,
    structured: bool = False,
) -> Independence:
    """Asks both queries about votes that people gave and neither is shown.

    Args:
        model: the model that answers, with up to 10 calls of the evaluator for each person, and fewer of the other.
        profile: the votes or ratings, and what people wrote.
        rng: the generator that draws people and held-out answers.
        people: the most people to ask about.
        weight: the weight of specificity in the query that selects.
        per_prompt: the most statements in one of its questions.
        structured: whether that query asks for structured answers.

    Raises:
        InputError: nobody wrote and has both an up and a down.
    """
    if people < 1:
        raise InputError(f"{people} people to ask about; at least 1 is needed")
    held = hold_out(profile, rng, people, votes=False)
    if held is None:
        raise InputError(
            "nobody here wrote something and voted for and against statements of others, which this check needs; take "
            "a source with both"
        )
    places = _sides_of(held)
    columns, column = np.unique(profile.answers.statement[places], return_inverse=True)
    row = np.searchsorted(held.people, profile.answers.agent[places])
    texts = [profile.statements.texts[int(at)] for at in columns]
    up = held.up[places] > 0
    scores = _asked(model, held.shown, texts, row, column, weight, per_prompt, structured)
    apart = {name: _differences(values, row, up, len(held.people)) for name, values in scores.items()}
    known = np.isfinite(np.array(list(apart.values()))).all(axis=0)
    if not known.any():
        raise InputError("no answer of the model could be read for anybody; `folkmoot llm check` says what it can do")
    first, second = (values[known] for values in apart.values())
    one, other = first > 0, second > 0
    n = int(known.sum())
    seed = int(rng.integers(2**63))
    share = {
        name: interval(n, partial(_share, won), np.random.default_rng(seed))
        for name, won in zip(apart, (one, other), strict=True)
    }
    return Independence(
        n,
        int(np.isin(row, np.flatnonzero(known)).sum()),
        len(held.people) - n,
        share,
        int((one & other).sum()),
        int((~one & ~other).sum()),
        _pearson(first, second),
        kappa(one, other),
    )


def _share(won: BoolArray, counts: FloatArray) -> float:
    """The share of people, each drawn so many times, who are right."""
    return float(counts @ won / counts.sum())


def kappa(one: BoolArray, other: BoolArray) -> float | None:
    """Cohen's kappa of two yes-no judgements of the same people; None where chance alone would make them agree.

    >>> right = np.array([True] * 39 + [True] * 4 + [False] * 4 + [False] * 4)
    >>> too = np.array([True] * 39 + [False] * 4 + [True] * 4 + [False] * 4)
    >>> round(kappa(right, too), 2)
    0.41
    """
    a, b = float(np.mean(one)), float(np.mean(other))
    chance = a * b + (1 - a) * (1 - b)
    return None if chance >= 1 else float((np.mean(one == other) - chance) / (1 - chance))


def _pearson(one: FloatArray, other: FloatArray) -> float | None:
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(np.corrcoef(one, other)[0, 1])


def _sides_of(held: HeldOut) -> IntArray:
    """Positions of the held-out answers that are on a side, at most `SIDE` of each side and person."""
    return np.unique(held.drawn[held.up[held.drawn] != 0])


def _asked(
    model: Model,
    shown: People,
    texts: list[str],
    row: IntArray,
    column: IntArray,
    weight: float,
    per_prompt: int,
    structured: bool,
) -> dict[str, FloatArray]:
    """The scores of the pairs by query, nan where there is none."""
    disc = LanguageDisc(model, shown, texts, weight=weight, per_prompt=per_prompt, structured=structured)
    disc.ask(row, column, "agreement")
    disc.ask(row, column, "specificity")
    judge = Evaluator(model, shown, texts)
    judge.score(row, column)
    return {"selection": disc.so_far[row, column], "evaluation": judge.so_far[row, column]}


def _differences(values: FloatArray, row: IntArray, up: BoolArray, n: int) -> FloatArray:
    """Mean score of a person's ups less that of their downs, float64 [n]; nan where either is unknown."""
    known = np.isfinite(values)
    found = np.full(n, np.nan)
    for person in range(n):
        sides = [values[known & (row == person) & (up == side)] for side in (True, False)]
        if all(map(len, sides)):
            found[person] = sides[0].mean() - sides[1].mean()
    return found


__all__ = ["SIDE", "Independence", "independence", "kappa"]
