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
            agents: rows of the profile.
            statements: columns of the profile.
            uniform: uniform numbers in [0, 1), same shape as the result; equal numbers give equal answers
                (the answer is the inverse of the predictive distribution function at that number).
        """
        ...


class PreferenceModel(Protocol):
    """A model of who agrees with what, fitted to the answers of one profile."""

    @property
    def id(self) -> str:
        """Registry name, e.g. ``low-rank``."""
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
