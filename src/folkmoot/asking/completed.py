"""The completed preference vector: what a person said, and the best guesses for the rest with their probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..profile import FloatArray, IntArray
from .person import PersonValue
from .population import UNASKED


@dataclass(frozen=True)
class Completed:
    """One statement or feature of the output (Park, Donahue, Raghavan 2026, Definition 4).

    Args:
        statement: the id.
        value: what the person said, or the best guess: on the scale of the source.
        probability: the probability that it is right; 1 where the person said so.
        said: whether the person said so.
    """

    statement: str
    value: float
    probability: float
    said: bool


def completed(value: PersonValue, answers: IntArray) -> tuple[IntArray, FloatArray]:
    """The output int64 [m] for one person with the answers int64 [m], and the probability that each part is right.

    Under inequality aversion guesses hedge between kinds of people: a guess may then be less probable than another.
    """
    belief = value.population.log_belief(answers[None])
    output = value.output(belief, answers[None])[0]
    chance = value.population.predicted(value.population.belief(answers[None]))[0, np.arange(len(output)), output]
    return output, np.where(answers == UNASKED, chance, 1.0)
