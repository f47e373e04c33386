"""Whom an output written now would serve worst."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..profile import FloatArray, IntArray
from .features import Feature
from .person import PersonValue
from .population import UNASKED
from .turns import Underserved

# Kinds of people of whom less is left are not told of.
_RARE = 0.02
# What a kind wants is told by so many values, if they say at least so much of it (nats, times how frequent they are).
_TOLD, _TELLING = 3, 0.05


def underserved(
    value: PersonValue, features: Sequence[Feature], answers: IntArray, asked: int | None
) -> Underserved | None:
    """The kind of people whom an output written now serves worst; None: one kind is left.

    Args:
        value: what guesses are worth to the person, with the kinds of people.
        features: what is open or answered.
        answers: int64 [m], what the person said.
        asked: the feature that is asked about; None: nothing is asked.
    """
    population = value.population
    belief = population.belief(answers[None])[0]
    here = np.flatnonzero(belief >= _RARE)
    if len(here) < 2:
        return None
    now = _served(value, answers)
    worst = int(here[now[here].argmin()])
    after = None
    if asked is not None:
        after = 0.0
        for code in range(len(features[asked].values)):
            later = answers.copy()
            later[asked] = code
            after += float(population.chance[worst, asked, code] * _served(value, later)[worst])
    telling = population.chance[worst] * np.log(
        population.chance[worst] / np.tensordot(population.weight, population.chance, axes=1)
    )
    order = np.argsort(-telling, axis=None, kind="stable")[:_TOLD]
    size = telling.shape[1]
    pairs = [(int(at) // size, int(at) % size) for at in order if telling.flat[at] > _TELLING]
    return Underserved(
        round(float(belief[worst]), 6),
        tuple((features[j].id, features[j].values[code]) for j, code in pairs),
        round(float(now[worst]), 6),
        None if after is None else round(after, 6),
    )


def _served(value: PersonValue, answers: IntArray) -> FloatArray:
    """float64 [K]: features right less the cost of questions, for every kind, if the output is written now."""
    population = value.population
    output = value.output(population.log_belief(answers[None]), answers[None])[0]
    open_ = answers == UNASKED
    right = population.chance[:, open_, output[open_]].sum(axis=1)
    return np.asarray(right + (~open_).sum() * (1.0 - value.cost))
