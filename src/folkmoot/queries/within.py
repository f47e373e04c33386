"""A preference model whose predictions respect known bounds of the utilities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..preferences import Draw, PreferenceModel
from ..profile import FloatArray, IntArray


class Within:
    """Predictions cut to bounds (a `PreferenceModel`).

    Where only the agreement of a person is known, and not how specific a statement is for them, the utility is known to
    lie in an interval (`Staged.bounds`): the prediction for the pair is moved into it.

    Args:
        model: the model that predicts.
        low: float64 [n_agents, m], the lower bound of each utility; -inf: nothing is known.
        high: float64 [n_agents, m], the upper bound of each utility; inf: nothing is known. Statements from m on
            have no bounds.
    """

    def __init__(self, model: PreferenceModel, low: FloatArray, high: FloatArray) -> None:
        self.model, self.low, self.high = model, low, high

    @property
    def id(self) -> str:
        """The id of the model."""
        return self.model.id

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters of the model."""
        return self.model.parameters

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """See `PreferenceModel.utilities`."""
        return self.kept(self.model.utilities(agents, statements), agents, statements)

    def draw(self, rng: np.random.Generator) -> Draw:
        """See `PreferenceModel.draw`."""
        return _Drawn(self, self.model.draw(rng))

    def kept(self, values: FloatArray, agents: IntArray, statements: IntArray) -> FloatArray:
        """float64 [n_agents, n_statements]: the values, moved into their bounds."""
        rows, columns = np.asarray(agents), np.asarray(statements)
        bounded = columns < self.low.shape[1]
        place = np.ix_(rows, columns[bounded])
        moved = values.copy()
        moved[:, bounded] = np.clip(moved[:, bounded], self.low[place], self.high[place])
        return moved


class _Drawn:
    def __init__(self, within: Within, drawn: Draw) -> None:
        self._within, self._drawn = within, drawn

    def answers(self, agents: IntArray, statements: IntArray, uniform: FloatArray) -> FloatArray:
        """See `Draw.answers`."""
        return self._within.kept(self._drawn.answers(agents, statements, uniform), agents, statements)
