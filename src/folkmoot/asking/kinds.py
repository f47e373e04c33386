"""Kinds of people who want different things: latent classes of answers in words, with gaps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..profile import BoolArray, FloatArray, InputError, IntArray
from .population import UNASKED, Population, normalised

#: Numbers of kinds tried, in this order; a larger one has to lower the held-out log-loss.
KINDS = (1, 2, 3, 4, 6, 9, 13, 19, 28, 40)
#: Answers' worth of everybody's shares in every kind: what keeps many kinds honest where there are few people.
STRENGTH = 3.0
# What stands for a value that a feature does not have.
NOT_THERE = 1e-12
_STARTS, _ROUNDS, _SPLITS, _WORTHWHILE = 4, 60, 3, 1e-3
# People among whom the number of kinds is chosen.
_CHOOSERS = 1500
# A kind has to have so many people on average.
_EACH = 8
# Numbers in a row that do not lower the log-loss, after which no more are tried.
_PATIENCE = 2


def kinds(codes: IntArray, sizes: Sequence[int], rng: np.random.Generator, classes: int | None = None) -> Population:
    """Latent classes of people by EM for the posterior mode, every class drawn towards everybody's shares.

    Args:
        codes: int64 [n, m] numbers of values, `UNASKED` where somebody did not say.
        sizes: how many values every feature has.
        rng: draws starting points and held-out answers.
        classes: the number of kinds; None: chosen by held-out log-loss.

    Returns:
        The population; features with fewer values than others have the rest with a probability of nothing.

    Raises:
        InputError: nobody said anything.
    """
    known = codes != UNASKED
    if not known.any():
        raise InputError("nobody of the population said anything about these features; give other answers")
    if classes is None:
        classes = _number(codes[rng.permutation(len(codes))[:_CHOOSERS]], sizes, rng)
    weight, chance = _fitted(codes, known, sizes, classes, rng, _STARTS)
    most = max(sizes)
    return Population(weight, chance, np.linspace(0.0, 1.0, most), np.eye(most))


def _number(codes: IntArray, sizes: Sequence[int], rng: np.random.Generator) -> int:
    """The number of kinds with the lowest held-out log-loss, the smaller one where it makes next to no difference."""
    known = codes != UNASKED
    splits = [known & (rng.random(codes.shape) < 0.2) for _ in range(_SPLITS)]
    chosen, best, worse = KINDS[0], np.inf, 0
    for number in KINDS:
        if number > 1 and len(codes) < number * _EACH:
            break
        loss = float(np.mean([_loss(codes, held, sizes, number, rng) for held in splits]))
        if loss < best - _WORTHWHILE:
            chosen, best, worse = number, loss, 0
        else:
            worse += 1
            if worse == _PATIENCE:
                break
    return chosen


def _fitted(
    codes: IntArray, known: BoolArray, sizes: Sequence[int], classes: int, rng: np.random.Generator, starts: int
) -> tuple[FloatArray, FloatArray]:
    n, m = codes.shape
    most = max(sizes)
    possible = np.arange(most) < np.array(sizes)[:, None]
    said = (codes[..., None] == np.arange(most)) & known[..., None]
    flat = said.reshape(n, -1) * 1.0
    total = said.sum(axis=0) + np.where(possible, 0.5, 0.0)
    share = np.where(possible, total / total.sum(axis=1, keepdims=True), NOT_THERE)
    best: tuple[float, FloatArray, FloatArray] | None = None
    for _ in range(starts if classes > 1 else 1):
        weight = np.full(classes, 1.0 / classes)
        chance = _normal(share * np.exp(0.8 * rng.standard_normal((classes, m, most))), possible)
        bound = -np.inf
        for _ in range(_ROUNDS):
            logs = flat @ np.log(chance).reshape(classes, -1).T + np.log(weight)
            penalty = STRENGTH * float((np.where(possible, share, 0.0) * np.log(chance)).sum())
            now = float(np.logaddexp.reduce(logs, axis=1).sum()) + penalty
            member = normalised(logs)
            counts = (member.T @ flat).reshape(classes, m, most) + STRENGTH * np.where(possible, share, 0.0)
            weight, chance = (member.sum(axis=0) + 1.0) / (n + classes), _normal(counts, possible)
            if now - bound < 1e-5 * max(1, known.sum()):
                break
            bound = now
        if best is None or bound > best[0]:
            best = (bound, weight, chance)
    assert best is not None
    order = np.argsort(-best[1], kind="stable")
    return best[1][order], best[2][order]


def _normal(chance: FloatArray, possible: BoolArray) -> FloatArray:
    chance = np.where(possible, chance, 0.0)
    return np.asarray(np.maximum(chance / chance.sum(axis=-1, keepdims=True), NOT_THERE))


def _loss(codes: IntArray, held: BoolArray, sizes: Sequence[int], classes: int, rng: np.random.Generator) -> float:
    """Log-loss, nats, of held-out answers."""
    known = (codes != UNASKED) & ~held
    weight, chance = _fitted(codes, known, sizes, classes, rng, 1)
    rest = np.where(known, codes, UNASKED)
    population = Population(weight, chance, np.linspace(0.0, 1.0, max(sizes)), np.eye(max(sizes)))
    predicted = population.predicted(population.belief(rest))
    i, j = np.nonzero(held)
    return float(-np.log(predicted[i, j, codes[i, j]]).mean()) if len(i) else 0.0
