"""What every preference model offers: predicted utilities, and draws of what people might have answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from ..profile import FloatArray, IntArray


class Draw(Protocol):
    """One draw of the model's parameters from their posterior."""

    def answers(self, agents: IntArray, statements: IntArray, uniform: FloatArray) -> FloatArray:
        """Utilities of sampled answers, float64 [n_agents, n_statements].

        Args:
            agents: the rows of the profile.
            statements: the columns of the profile.
            uniform: the uniform numbers in [0, 1), same shape as the result; equal numbers give equal answers
                (the answer is the inverse of the predictive distribution function at that number).
        """
        ...


class PreferenceModel(Protocol):
    """A model of who agrees with what, fitted to the answers of one profile.

    What every model promises, and `folkmoot.testing.check_model` holds every entry of `registry.MODELS` to:

    * *Missing answers* are left out of the likelihood; predictions are never nan and lie within the scale's range.
    * *People without answers* all get the same prediction, the population's.
    * *Masses* are ratios, not numbers of people: together they are worth as many people as there are, so that scaling
      them all changes nothing. Where people are added up (what statements are like, how people are spread) each counts
      by weight, as so many copies would; what is known about a person rests on their own answers, however much they
      weigh. A model that cannot (`registry.Model.weighs` is False) says why where it is registered.
    * *Uncertainty*: draws are calibrated on answers held out: totals of a person's or a statement's held-out answers
      lie in the draws' 90 % interval about that often.
    * The same seed gives the same bytes, and the order in which answers are handed in does not matter.

    A model may also meet people after the fit (`two_part.TwoPart.meet`).
    """

    @property
    def id(self) -> str:
        """The model's name in the registry, e.g. ``low-rank``."""
        ...

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What was chosen (rank, number of classes, ridge, ...), JSON-ready."""
        ...

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """Expected utility on the scale's utility range, float64 [n_agents, n_statements], never nan."""
        ...

    def draw(self, rng: np.random.Generator) -> Draw:
        """Parameters drawn from their (approximate) posterior."""
        ...
