"""What people skipped may be unlike what they answered: a model whose predictions are moved by so much in log-odds.

Every model takes for granted that answers are missing at random, given the others of the same person. If whoever agrees
is more likely to answer, the log-odds of what nobody answered are lower than predicted by a constant: for votes by
``log a (1 - d) / d (1 - a)`` where a and d are the chances to answer for those who agree and disagree, and for a rating
whose log-odds to be given rise by b a step, by b. Such a shift is a sensitivity analysis: answers do not tell it.
"""

from __future__ import annotations

import numpy as np

from ..profile import FloatArray, InputError, IntArray
from .protocol import Draw
from .two_part import SampledParts, TwoPart


def moved(chance: FloatArray, shift: float) -> FloatArray:
    """Probabilities with their log-odds shifted; 0 and 1 stay.

    >>> moved(np.array([0.0, 0.5, 1.0]), np.log(3.0)).round(6).tolist()
    [0.0, 0.75, 1.0]
    """
    ratio = float(np.exp(shift))
    return np.asarray(chance * ratio / (1.0 - chance + chance * ratio), dtype=np.float64)


class Shifted(TwoPart):
    """A fitted model whose chances to agree are shifted; known answers are put in elsewhere and stay as they are.

    Args:
        model: the fitted model.
        shift: the shift of the log-odds of agreement, negative where people answer what they like.
    """

    def __init__(self, model: TwoPart, shift: float) -> None:
        if not np.isfinite(shift):
            raise InputError("a shift of log-odds has to be a finite number")
        self.scale, self.trials, self.id = model.scale, model.trials, model.id
        self.parameters = {**model.parameters, "shift": shift}
        self._n_statements = model._n_statements
        self._model, self.shift = model, shift

    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        side, agree = self._model.parts(agents, statements)
        return side, moved(agree, self.shift)

    def at(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        side, agree = self._model.at(agents, statements)
        return side, moved(agree, self.shift)

    def draw(self, rng: np.random.Generator) -> Draw:
        """See `TwoPart.draw`.

        Raises:
            InputError: the model draws answers without chances that could be shifted.
        """
        drawn = self._model.draw(rng)
        if not isinstance(drawn, SampledParts):
            raise InputError(f"draws of {self.id} have no chances of their own; take another model")
        return _ShiftedDraw(drawn, self.shift)


class _ShiftedDraw(SampledParts):
    def __init__(self, drawn: SampledParts, shift: float) -> None:
        super().__init__(drawn.scale, drawn.trials)
        self._drawn, self._shift = drawn, shift

    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        side, agree = self._drawn.parts(agents, statements)
        return side, moved(agree, self._shift)
