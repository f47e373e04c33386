"""Utilities in which every answer is weighted by the probability that it is a genuine opinion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray
from .completed import Completed, on_grid
from .protocol import Disc

if TYPE_CHECKING:
    from ..preferences.repeated.answer_weights import AnswerWeights


class Reliable:
    """Another query's utilities, with each answer shrunk towards its statement's mean as far as it is unreliable.

    ``u'(i, a) = mean(a) + w(i, a) (u(i, a) - mean(a))`` where i answered a: w is the probability that the answer is a
    genuine opinion, mean(a) the weighted mean of all answers to a. What a person would think, had they an opinion, is
    best guessed from those who have one. Nobody is left out: with w = 0 everywhere a person counts as average. What a
    person did not answer is a prediction and stays as it is. Utilities lie on the grid of `Completed`, so comparisons
    are exact.

    Args:
        disc: the utilities as answered and predicted.
        weights: the weights of the answers.
        sure: the smallest weight at which an answer still counts as the person's own (`known`).
    """

    def __init__(self, disc: Disc, weights: AnswerWeights, sure: float = 0.5) -> None:
        self.disc, self.weights, self.sure = disc, weights, sure
        self.n_agents, self.n_statements = disc.n_agents, disc.n_statements
        self.means = weights.means(disc.n_statements)

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """See `Disc.utilities`."""
        utilities = self.disc.utilities(agents, statements)
        weight = self.weights.block(agents, statements)
        answered = ~np.isnan(weight)
        # An answer to a repeated question is its mean over the conditions, so it is not taken from the other query.
        own = self.weights.block(agents, statements, utility=True)
        means = np.broadcast_to(self.means[statements], utilities.shape)
        shrunk = on_grid(means + weight * (own - means))
        return np.where(answered, shrunk, utilities)

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """See `Disc.known`: answered, and more likely an opinion than not (a weight of ``sure`` or more)."""
        weight = self.weights.block(agents, statements)
        return np.asarray(self.disc.known(agents, statements) & ~(weight < self.sure))


class Weighed(Completed):
    """`Completed` utilities with weights, for engines whose answers were collected repeatedly.

    Args:
        completed: the utilities as answered and predicted.
        weights: the weights of the answers.
    """

    def __init__(self, completed: Completed, weights: AnswerWeights) -> None:
        super().__init__(completed.profile, completed.model)
        self._unweighted = completed
        self.reliable = Reliable(completed, weights)

    @property
    def said(self) -> Completed:
        """See `Completed.said`."""
        return self._unweighted

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """See `Disc.utilities`."""
        return self.reliable.utilities(agents, statements)

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """See `Reliable.known`."""
        return self.reliable.known(agents, statements)

    def draw(self, seed: int, number: int) -> Disc:
        """See `Completed.draw`: what was answered keeps its weighted utility, whatever is drawn for the rest."""
        return Reliable(self._unweighted.draw(seed, number), self.reliable.weights)
