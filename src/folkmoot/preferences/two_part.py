"""What all models share: side and agreement of a pair, turned into utilities and into sampled answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from math import comb
from typing import Any

import numpy as np

from ..profile import FloatArray, InputError, IntArray, Profile, Scale
from .entries import completed, sided_entries, steps
from .protocol import Draw, PreferenceModel


class TwoPart(ABC):
    """A model of P(takes a side) and P(agrees | takes a side); a pass is worth half, and is not a disagreement.

    On scales without a pass the first is 1 and the second the expected utility rescaled to [0, 1].
    """

    id: str = ""

    def __init__(self, profile: Profile, parameters: Mapping[str, Any]) -> None:
        self.scale = profile.answers.scale
        self.trials = steps(profile)
        self.parameters: Mapping[str, Any] = dict(parameters)
        self._n_statements = profile.n_statements

    @abstractmethod
    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        """P(side) and P(agree | side) of a block, two float64 [n_agents, n_statements]."""

    @abstractmethod
    def at(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        """P(side) and P(agree | side) at single pairs, two float64 [n_pairs]."""

    @abstractmethod
    def draw(self, rng: np.random.Generator) -> Draw:
        """Parameters drawn from their (approximate) posterior."""

    def meet(self, profile: Profile) -> TwoPart:
        """The same model with other people: statements as fitted, everyone known by their own answers alone.

        People without answers get the population's prediction.

        Args:
            profile: the people and their answers to the same statements on the same scale.

        Raises:
            InputError: the statements or the scale differ, or the model cannot meet people and has to be fitted again.
        """
        raise InputError(f"{self.id} cannot meet new people; fit it again with their answers")

    def met(self, profile: Profile) -> Profile:
        """The profile, completed, if this model can meet its people.

        Raises:
            InputError: the statements or the scale differ.
        """
        profile = completed(profile)
        if profile.n_statements != self._n_statements or profile.answers.scale != self.scale:
            raise InputError(
                f"new people must answer the same {self._n_statements} statements on the same scale; fit again"
            )
        return profile

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """Expected utility on the scale's utility range, float64 [n_agents, n_statements], never nan."""
        return expected(*self.parts(np.asarray(agents), np.asarray(statements)), self.scale)


class SampledParts(ABC):
    """A draw that knows P(side) and P(agree | side) of every pair."""

    def __init__(self, scale: Scale, trials: int) -> None:
        self.scale, self.trials = scale, trials

    @abstractmethod
    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        """P(side) and P(agree | side) of a block under the drawn parameters."""

    def answers(self, agents: IntArray, statements: IntArray, uniform: FloatArray) -> FloatArray:
        """Utilities of sampled answers, float64 [n_agents, n_statements]; see `protocol.Draw`."""
        side, agree = self.parts(np.asarray(agents), np.asarray(statements))
        return sampled(side, agree, uniform, self.scale, self.trials)


class PartsFixed(SampledParts):
    """The draw of a model without parameter uncertainty: the model itself."""

    def __init__(self, model: TwoPart) -> None:
        super().__init__(model.scale, model.trials)
        self._model = model

    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        return self._model.parts(agents, statements)


class UtilitiesAlone(TwoPart):
    """Any model that predicts utilities, with the two parts that are not its own worked out.

    How often a statement is passed on is taken from the answers to it (votes; one more side and one more pass are added
    to them). P(agrees | takes a side) is then what gives the model's expected utility, as far as there is one.

    Args:
        model: the model; its utilities and its draws stay its own.
        profile: the profile that it was fitted to.
    """

    def __init__(self, model: PreferenceModel, profile: Profile) -> None:
        super().__init__(profile, model.parameters)
        self.id, self._model = model.id, model
        self._sides = np.ones(profile.n_statements)
        if self.scale.kind == "vote":
            count = np.bincount(profile.answers.statement, minlength=profile.n_statements)
            sided = np.bincount(sided_entries(profile).column, minlength=profile.n_statements)
            self._sides = (sided + 1.0) / (count + 2.0)

    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        return self._split(self._model.utilities(agents, statements), self._sides[statements])

    def at(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        utilities = np.empty(len(agents))
        for statement in np.unique(statements):
            places = np.flatnonzero(statements == statement)
            utilities[places] = self._model.utilities(agents[places], np.array([statement]))[:, 0]
        return self._split(utilities, self._sides[statements])

    def _split(self, utilities: FloatArray, side: FloatArray) -> tuple[FloatArray, FloatArray]:
        low, high = self.scale.utility_range
        share = (utilities - low) / (high - low)
        side = np.broadcast_to(side, share.shape)
        return side, np.clip((share - 0.5 * (1.0 - side)) / side, 0.0, 1.0)

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        return self._model.utilities(agents, statements)

    def draw(self, rng: np.random.Generator) -> Draw:
        return self._model.draw(rng)


def drawn_from(model: PreferenceModel, profile: Profile) -> Draw:
    """The draw of a model without uncertainty about its parameters: answers that scatter around its utilities.

    Args:
        model: the model that predicts utilities.
        profile: the profile that it was fitted to.
    """
    return PartsFixed(UtilitiesAlone(model, profile))


def expected(side: FloatArray, agree: FloatArray, scale: Scale) -> FloatArray:
    """Expected utility: agreement counts 1, a pass 1/2, disagreement 0, stretched to the scale's range."""
    low, high = scale.utility_range
    return low + (high - low) * (side * agree + 0.5 * (1.0 - side))


def sampled(side: FloatArray, agree: FloatArray, uniform: FloatArray, scale: Scale, trials: int) -> FloatArray:
    """Answers at the given quantiles of their distribution, as utilities.

    Votes are ordered disagree, pass, agree; other scales are binomial with ``trials`` steps.

    >>> from ..profile import VOTE
    >>> p = np.array([0.5]), np.array([0.6])
    >>> [sampled(*p, np.array([u]), VOTE, 1).item() for u in (0.1, 0.3, 0.6, 0.8)]
    [0.0, 0.5, 0.5, 1.0]
    """
    low, high = scale.utility_range
    if scale.kind == "vote":
        # In place: this is done for every unknown answer of every draw.
        beyond = 1.0 - agree
        beyond *= side
        votes = (uniform >= beyond).astype(np.float64)
        beyond += 1.0 - side
        votes += uniform >= beyond
        votes *= (high - low) * 0.5
        votes += low
        return votes
    p = np.clip(agree, 0.0, 1.0)
    passed = np.zeros_like(p)
    below = np.zeros_like(p)
    for k in range(trials):
        below += comb(trials, k) * p**k * (1.0 - p) ** (trials - k)
        passed += uniform >= below
    return low + (high - low) * passed / trials
