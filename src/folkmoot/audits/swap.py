"""Whose profile may stand in for a person's: the most similar person's, a stranger's, their group's, or nobody's.

The profile-swap test of PRIME (Zhang, Beauchamp, Wang 2025) without a language model: a person's held-out answers are
predicted with another profile, from the most similar other to the least. A group may speak for its people only where
its profile predicts them better than no profile at all does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray
from .exposure import interval

#: Places among all others, by similarity: the nearest, the quarters, and nearly the farthest.
QUANTILES = (0.0, 0.25, 0.5, 0.75, 0.98)
#: The number of answers that everybody's rate counts for in the rate of a group.
STRENGTH = 2.0
_TINY = 1e-6
_CHUNK = 512


class Interval(NamedTuple):
    """A figure with its 95 % percentile interval over resampled people."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Votes:
    """Answers that take a side.

    Args:
        row: int64 [n_answers], the person who answered.
        column: int64 [n_answers], the statement that was answered.
        agree: bool [n_answers], whether the person agrees.
    """

    row: IntArray
    column: IntArray
    agree: BoolArray


@dataclass(frozen=True)
class Curve:
    """How well each kind of profile predicts held-out answers.

    Args:
        accuracy: the accuracy by profile (``self``, ``0`` to ``0.98``, ``group``, ``none``).
        loss: the log-loss in nats an answer, by profile.
        u_index: the loss with the nearest other's profile less the smaller of those at 75 and 98 %: above 0 a similar
            person is worse than a stranger (the U shape).
        group_gain: the accuracy with the group's profile less that without one.
        nearest_gain: the accuracy with the most similar other's profile less that without one.
        own_gain: the accuracy with one's own profile less that without one.
        people: the number of people with held-out answers.
    """

    accuracy: Mapping[str, Interval]
    loss: Mapping[str, Interval]
    u_index: Interval
    group_gain: Interval
    nearest_gain: Interval
    own_gain: Interval
    people: int

    @property
    def u_shaped(self) -> bool:
        """Whether the lower end of the index's interval is above 0."""
        return self.u_index.low > 0

    @property
    def group_may_speak(self) -> bool:
        """Whether the lower end of the interval of the group's gain is above 0."""
        return self.group_gain.low > 0


def swap_curve(
    people: FloatArray,
    statements: FloatArray,
    bias: FloatArray,
    held: Votes,
    label: IntArray,
    rng: np.random.Generator,
    *,
    quantiles: Sequence[float] = QUANTILES,
    samples: int = 1_000,
) -> Curve:
    """Predicts everybody's held-out answers with other people's profiles; ``P(agree) = sigma(b_j + u_q . v_j)``.

    Args:
        people: float64 [n, d], profiles u, fitted without the held-out answers.
        statements: float64 [m, d], loadings v.
        bias: float64 [m], b; alone, it is the prediction without a profile.
        held: the held-out answers.
        label: int64 [n], the group of every person, formed without the held-out answers.
        rng: the generator that resamples people.
        quantiles: which others, as shares of all others from the most similar on. Similar means that the mean squared
            difference of predicted logits over all statements is small.
        samples: the number of bootstrap samples of whole people.
    """
    rows = np.unique(held.row)
    at = np.searchsorted(rows, held.row)
    others = _others(people, statements, rows, quantiles)
    centre = _mean_without(people, label, rows)
    profiles: dict[str, FloatArray] = {"self": people[rows]}
    profiles |= {f"{q:g}": people[other] for q, other in zip(quantiles, others, strict=True)}
    profiles |= {"group": centre, "none": np.zeros_like(centre)}
    sizes = np.bincount(at, minlength=len(rows)) * 1.0
    figures = [sizes]
    for profile in profiles.values():
        logit = bias[held.column] + (profile[at] * statements[held.column]).sum(axis=1)
        right, loss = _scores(0.5 * (1.0 + np.tanh(0.5 * logit)), held.agree)
        figures += [_summed(at, right, len(rows)), _summed(at, loss, len(rows))]
    sums = _resampled(np.stack(figures, axis=1), rng, samples)
    rates = sums[:, 1:] / sums[:, :1]
    accuracy = dict(zip(profiles, rates[:, 0::2].T, strict=True))
    losses = dict(zip(profiles, rates[:, 1::2].T, strict=True))
    nearest, far = f"{quantiles[0]:g}", [f"{q:g}" for q in quantiles if q >= 0.75]
    u_index = losses[nearest] - np.min([losses[name] for name in far], axis=0)
    return Curve(
        accuracy={name: Interval(*interval(values)) for name, values in accuracy.items()},
        loss={name: Interval(*interval(values)) for name, values in losses.items()},
        u_index=Interval(*interval(u_index)),
        group_gain=Interval(*interval(accuracy["group"] - accuracy["none"])),
        nearest_gain=Interval(*interval(accuracy[nearest] - accuracy["none"])),
        own_gain=Interval(*interval(accuracy["self"] - accuracy["none"])),
        people=len(rows),
    )


def _others(people: FloatArray, statements: FloatArray, rows: IntArray, quantiles: Sequence[float]) -> list[IntArray]:
    """For each quantile the other person at that place, int64 [len(rows)]; ties go to the earlier person."""
    metric = np.einsum("ji,jk->ik", statements, statements) / max(len(statements), 1)
    values, axes = np.linalg.eigh(metric)
    points = np.einsum("ni,ik->nk", people, axes * np.sqrt(np.maximum(values, 0.0)))
    places = [round(q * (len(people) - 2)) for q in quantiles]
    others = np.empty((len(quantiles), len(rows)), dtype=np.int64)
    for start in range(0, len(rows), _CHUNK):
        part = rows[start : start + _CHUNK]
        away = ((points[part, None, :] - points[None, :, :]) ** 2).sum(axis=2)
        away[np.arange(len(part)), part] = -1.0  # oneself comes first and is passed over
        order = np.argsort(away, axis=1, kind="stable")[:, 1:]
        others[:, start : start + _CHUNK] = order[:, places].T
    return list(others)


def _mean_without(people: FloatArray, label: IntArray, rows: IntArray) -> FloatArray:
    """float64 [len(rows), d]: mean profile of everybody's group without themselves; zero for those alone in it."""
    size = np.bincount(label)
    total = np.stack([np.bincount(label, column, len(size)) for column in people.T], axis=1)
    mine = label[rows]
    return np.asarray((total[mine] - people[rows]) / np.maximum(size[mine] - 1, 1)[:, None])


class Speech(NamedTuple):
    """Whether a group may speak for its people.

    Args:
        accuracy: the accuracy of the group's rates on its people's answers.
        none: the accuracy of everybody's rates on the same answers.
        gain: ``accuracy`` less ``none``.
        loss_gain: the log-loss with everybody's rates less that with the group's, in nats an answer.
        people: the number of people with answers to predict.
    """

    accuracy: Interval
    none: Interval
    gain: Interval
    loss_gain: Interval
    people: int

    @property
    def may_speak(self) -> bool:
        """Whether the lower end of the gain's interval is above 0."""
        return self.gain.low > 0


def speech(
    votes: Votes, member: FloatArray, masses: IntArray, size: int, rng: np.random.Generator, samples: int = 200
) -> list[Speech]:
    """Predicts people's answers with their group's rates, and with everybody's; no model is fitted.

    One half of a person's answers, drawn at random, says which group they are nearest to; the other half is predicted,
    and then the other way round. The person's own answers count in no rate. The groups themselves were drawn with all
    answers in view, so the gain is, if anything, too large.

    Args:
        votes: the answers that take a side.
        member: float64 [n, n_groups], memberships, rows adding up to 1.
        masses: int64 [n], the mass of every person, for the means; rates count answers.
        size: m, the number of statements.
        rng: the generator of the halves and of the resamples of whole people.
        samples: the number of bootstrap samples.

    Returns:
        The figures of all people first, then those of each group (people belong to the group their membership is
        largest in).
    """
    groups = member.shape[1]
    y = votes.agree.astype(np.float64)
    rate, none = _rates(votes, member, y, size)
    half = rng.random(len(y)) < 0.5
    right, loss = np.zeros(len(y)), np.zeros(len(y))
    prior = np.log(np.maximum(member.mean(axis=0), _TINY))
    chance = np.log(np.where(votes.agree, rate.T, 1.0 - rate.T))
    for known in (half, ~half):
        row = votes.row[known]
        score = np.stack([np.bincount(row, of_group[known], len(member)) for of_group in chance], axis=1)
        nearest = (score + prior).argmax(axis=1)
        unknown = np.flatnonzero(~known)
        right[unknown], loss[unknown] = _scores(rate[unknown, nearest[votes.row[unknown]]], votes.agree[unknown])
    right_none, loss_none = _scores(none, votes.agree)
    sums = [np.bincount(votes.row, one, len(member)) for one in (np.ones(len(y)), right, right_none, loss_none - loss)]
    table = np.stack(sums, axis=1) * masses[:, None]
    belongs = member.argmax(axis=1)
    kept = [np.ones(len(member), dtype=bool), *(belongs == g for g in range(groups))]
    whole = np.hstack([table * one[:, None] for one in kept])
    drawn = _resampled(whole, rng, samples).reshape(samples + 1, len(kept), 4)
    return [_speech(drawn[:, place], int((one & (sums[0] > 0)).sum())) for place, one in enumerate(kept)]


def _speech(sums: FloatArray, people: int) -> Speech:
    with np.errstate(invalid="ignore", divide="ignore"):
        accuracy, none, loss_gain = (sums[:, 1:] / sums[:, :1]).T
    return Speech(
        Interval(*interval(accuracy)),
        Interval(*interval(none)),
        Interval(*interval(accuracy - none)),
        Interval(*interval(loss_gain)),
        people,
    )


def _rates(votes: Votes, member: FloatArray, y: FloatArray, size: int) -> tuple[FloatArray, FloatArray]:
    """Rates of agreement at every answer without the person's own: [n_answers, n_groups] and [n_answers]."""
    total = np.bincount(votes.column, minlength=size)[votes.column] - 1.0
    up = np.bincount(votes.column, y, size)[votes.column] - y
    none = (up + 1.0) / (total + 2.0)
    rate = np.empty((len(y), member.shape[1]))
    for g, mine in enumerate(member.T[:, votes.row]):
        total = np.bincount(votes.column, mine, size)[votes.column] - mine
        up = np.bincount(votes.column, mine * y, size)[votes.column] - mine * y
        rate[:, g] = (up + STRENGTH * none) / (total + STRENGTH)
    return np.clip(rate, _TINY, 1.0 - _TINY), np.clip(none, _TINY, 1.0 - _TINY)


def _scores(p: FloatArray, agree: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Right or wrong (exactly 1/2 counts half) and log-loss of every answer."""
    kept = np.clip(p, _TINY, 1.0 - _TINY)
    right = np.where(p == 0.5, 0.5, ((p > 0.5) == agree) * 1.0)
    return right, -np.log(np.where(agree, kept, 1.0 - kept))


def _resampled(table: FloatArray, rng: np.random.Generator, samples: int) -> FloatArray:
    """float64 [1 + samples, c]: column sums over all rows, then over resampled rows."""
    n = len(table)
    times = np.vstack([np.ones((1, n)), rng.multinomial(n, np.full(n, 1.0 / n), size=samples)])
    return np.asarray(np.einsum("bn,cn->bc", times, np.ascontiguousarray(table.T)))


def _summed(at: IntArray, values: FloatArray, size: int) -> FloatArray:
    return np.bincount(at, values, size).astype(np.float64)
