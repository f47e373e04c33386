"""What some questions in a row may bring: every history of answers, and when to stop on the way."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..profile import FloatArray, IntArray
from .population import Population


def log_joint(log_belief: FloatArray) -> FloatArray:
    """float64 [K]: the log of a belief, normalised."""
    return np.asarray(log_belief - np.logaddexp.reduce(log_belief))


def every_history(population: Population, logs: FloatArray, asked: IntArray) -> FloatArray:
    """float64 [C ** len(asked), K]: probabilities of all answers to some statements and of the class, the last question
    varying fastest.

    Args:
        population: the classes of people.
        logs: float64 [K], the log of the belief.
        asked: the statements.
    """
    for statement in asked:
        logs = logs[..., None, :] + population.logs[:, statement, : population.n_answers].T
    return np.asarray(np.exp(logs.reshape(-1, logs.shape[-1])))


def histories(
    population: Population, logs: FloatArray, asked: IntArray, samples: int, rng: np.random.Generator
) -> FloatArray:
    """float64 [h, K]: `every_history` where these are at most twice the samples, else answers of people drawn from the
    belief, with the classes as they are believed afterwards.

    Args:
        population: the classes of people.
        logs: float64 [K], the log of the belief.
        asked: the statements.
        samples: the number of people drawn.
        rng: draws them.
    """
    if population.n_answers ** len(asked) <= 2 * samples:
        return every_history(population, logs, asked)
    edge = np.cumsum(np.exp(logs))
    edge[-1] = np.inf
    # Stratified: every class is drawn about as often as its probability says.
    label = np.searchsorted(edge, (np.arange(samples) + rng.random(samples)) / samples, side="right")
    upto = np.cumsum(population.chance[label][:, asked], axis=2)
    drawn = np.minimum((upto <= rng.random((samples, len(asked)))[..., None]).sum(axis=2), population.n_answers - 1)
    later = logs + population.logs[:, asked, drawn].sum(axis=2).T
    later = np.exp(later - later.max(axis=1, keepdims=True))
    return np.asarray(later / later.sum(axis=1, keepdims=True) / samples)


def depth(population: Population, most: int) -> int:
    """The largest number of questions with at most so many histories; at least 1."""
    found = 1
    while population.n_answers ** (found + 1) <= most:
        found += 1
    return found


def stopping(
    population: Population, logs: FloatArray, order: IntArray, worth: Callable[[FloatArray, IntArray], FloatArray]
) -> float:
    """Worth of asking the first question of an order and going on with it for as long as that is best.

    After every answer it is known whether to stop: the value of the best rule that stops, among those that ask in this
    order, by dynamic programming over all histories.

    Args:
        population: the classes of people.
        logs: float64 [K], the log of the belief.
        order: the statements, not empty.
        worth: from the joint probabilities [h, K] of histories and classes and the statements asked to the worth of
            stopping after each history, times its probability, [h].
    """
    value = worth(every_history(population, logs, order), order)
    for upto in range(len(order) - 1, 0, -1):
        on = value.reshape(-1, population.n_answers).sum(axis=1)
        value = np.maximum(on, worth(every_history(population, logs, order[:upto]), order[:upto]))
    return float(value.sum())
