"""Every way to ask and every output at once, where a person has few features left: the best of them all.

With up to about ten features everything that may be answered and everything that may be handed over can be gone
through. After some answers the best output is the best of all outputs, and the value of a question is that of asking it
and going on in the best way, by dynamic programming over all answers: nothing is searched, sampled, or looked at one
step ahead.
"""

from __future__ import annotations

from functools import cached_property
from math import prod

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray
from .population import UNASKED, Population, normalised

# Answers so far (one of the values, or none) times kinds of people up to which everything is gone through: ten features
# with three values and 47 kinds of people, half a second.
MOST = 50_000_000
# How it goes on after a question.
BEST, STOP, ONE_STEP = "best", "stop", "one step"
# A value that is less likely than that, in every class, is none (see `kinds.NOT_THERE`).
_NEVER = 1e-11
# Relative: outputs, and ways to go on, that differ by less are equal, and the first one is taken.
_EQUAL = 1e-12


def few(population: Population, answers: IntArray) -> bool:
    """Whether everything that a person with the answers int64 [m] may still say can be gone through."""
    if len(answers) > 64 or not np.array_equal(population.credit, np.eye(population.n_answers)):
        return False
    sizes = _values(population)
    return prod(len(sizes[j]) + 1 for j in np.flatnonzero(answers == UNASKED)) * len(population.weight) <= MOST


def _values(population: Population) -> list[IntArray]:
    """The values that every feature has."""
    return [np.flatnonzero(row > _NEVER) for row in population.chance.max(axis=0)]


class Whole:
    """The best decisions and outputs for one person, from some answers on, whatever else they answer.

    Args:
        population: the classes of people; guesses are right or wrong (`few`).
        logs: float64 [K], the log of the belief about the person.
        answers: int64 [m], what is known already.
        allowed: bool [m], the features that may be asked about; the others are guessed.
        gamma: the inequality aversion, finite.
        cost: the cost of a question.
        shift: the constant that is added to every utility.
    """

    def __init__(
        self,
        population: Population,
        logs: FloatArray,
        answers: IntArray,
        allowed: BoolArray,
        *,
        gamma: float,
        cost: float,
        shift: float,
    ) -> None:
        self._population, self._power, self._cost, self._shift = population, 1.0 - gamma, cost, shift
        self._from = answers.copy()
        self._open = np.flatnonzero(answers == UNASKED)
        self._askable = sum(1 << place for place in np.flatnonzero(allowed[self._open]).tolist())
        self._values = _values(population)
        self._belief = normalised(logs)
        self._base = float((answers != UNASKED).sum() * (1.0 - cost))
        # By the set of questions asked, as bits: the worth of stopping, and the output, after every history.
        self._stop: dict[int, FloatArray] = {}
        self._output: dict[int, IntArray] = {}
        self._through()
        self._order = sorted(self._stop, key=int.bit_count, reverse=True)
        self._best: dict[int, FloatArray] = {}
        for asked in self._order:
            best = self._stop[asked]
            for place in self._places(self._askable & ~asked):
                best = np.maximum(best, self._then(asked, place, self._best))
            self._best[asked] = best

    # --- what a person may be told

    def has(self, logs: FloatArray, answers: IntArray, allowed: BoolArray | None = None) -> bool:
        """Whether these answers, and this belief, follow from what this begins with.

        Args:
            logs: float64 [K], the log of the belief.
            answers: int64 [m].
            allowed: bool [m], the questions that may still be put; None: any.
        """
        before = self._from != UNASKED
        told = np.flatnonzero(~before & (answers != UNASKED))
        may = self._open[self._places(self._askable)]
        if not (np.array_equal(answers[before], self._from[before]) and np.isin(told, may).all()):
            return False
        left = may[answers[may] == UNASKED]
        if allowed is not None and not np.array_equal(np.flatnonzero(allowed & (answers == UNASKED)), left):
            return False
        belief = self._belief * self._population.chance[:, told, answers[told]].prod(axis=1)
        return bool(
            all(answers[j] in self._values[j] for j in told)
            and np.allclose(belief / belief.sum(), normalised(logs), rtol=0.0, atol=1e-9)
        )

    def stop(self, answers: IntArray) -> float:
        """Certainty equivalent of asking nothing more."""
        asked, at = self._state(answers)
        return self._equivalent(float(self._stop[asked][at]), answers)

    def questions(self, answers: IntArray, then: str = BEST) -> FloatArray:
        """float64 [m]: certainty equivalent of asking a question, and then on; -inf where there is none.

        Args:
            answers: int64 [m], which follow those that this begins with.
            then: how it goes on: `BEST`, `STOP` (at once), or `ONE_STEP` (while one question more and then stopping is
                better than stopping).
        """
        asked, at = self._state(answers)
        worths = {BEST: self._best, STOP: self._stop}.get(then) or self._one_step
        found = np.full(len(answers), -np.inf)
        for place in self._places(self._askable & ~asked):
            worth = self._then(asked, place, worths)[at]
            found[self._open[place]] = self._equivalent(float(worth), answers)
        return found

    def output(self, answers: IntArray) -> IntArray:
        """int64 [m]: what was answered, and the best guesses for the rest."""
        asked, at = self._state(answers)
        found, number = answers.copy(), int(self._output[asked][at])
        for column in self._open[answers[self._open] == UNASKED][::-1]:
            number, place = divmod(number, len(self._values[column]))
            found[column] = self._values[column][place]
        return found

    # --- going through everything

    def _through(self) -> None:
        """What stopping is worth, and the best output, after every history of every set of questions."""
        few, total = len(self._open) // 2, self._population.n_statements + self._shift
        low, high = self._half(0, few), self._half(few, len(self._open))
        for first, (told, right) in low.items():
            for second, (then, more) in high.items():
                asked = first | second << few
                certain = self._base + asked.bit_count() * (1.0 - self._cost) + self._shift
                many = np.arange(right.shape[2])[:, None] + np.arange(more.shape[2])
                utility = np.log((certain + many) / total)
                worth = utility if self._power == 0.0 else np.expm1(self._power * utility) / self._power
                # [K, outputs] and [histories, K]
                outputs = (right @ worth @ more.transpose(0, 2, 1)).reshape(len(self._belief), -1)
                histories = (told[:, None] * then * self._belief).reshape(-1, len(self._belief))
                table = histories @ outputs
                best = table.max(axis=1)
                near = table >= (best - _EQUAL * np.abs(best))[:, None]
                self._stop[asked], self._output[asked] = best, near.argmax(axis=1).astype(np.int32)

    def _half(self, start: int, stop: int) -> dict[int, tuple[FloatArray, FloatArray]]:
        """Of some of the open features, by the set of those asked: what the answers tell, float64 [histories, K], and
        the law of the number of right guesses of the others, float64 [K, outputs, r]; the last varies fastest."""
        found = {0: (np.ones((1, len(self._belief))), np.ones((len(self._belief), 1, 1)))}
        for place in range(start, stop):
            bit = 1 << place - start
            chance = self._population.chance[:, self._open[place], self._values[self._open[place]]]
            before, found = found, {}
            for asked, (told, right) in before.items():
                kinds, outputs, many = right.shape
                more = np.zeros((kinds, outputs, chance.shape[1], many + 1))
                more[..., 1:] = right[:, :, None] * chance[:, None, :, None]
                more[..., :-1] += right[:, :, None] * (1.0 - chance[:, None, :, None])
                found[asked] = told, more.reshape(kinds, -1, many + 1)
                if self._askable >> place & 1:
                    found[asked | bit] = (told[:, None] * chance.T).reshape(-1, kinds), right
        return found

    @cached_property
    def _one_step(self) -> dict[int, FloatArray]:
        """What it is worth to ask while one question more and then stopping is better than stopping."""
        found: dict[int, FloatArray] = {}
        for asked in self._order:
            best = found[asked] = self._stop[asked]
            best = best + _EQUAL * np.abs(best)
            for place in self._places(self._askable & ~asked):
                worth = self._then(asked, place, self._stop)
                found[asked] = np.where(worth > best, self._then(asked, place, found), found[asked])
                best = np.maximum(worth, best)
        return found

    def _then(self, asked: int, place: int, worth: dict[int, FloatArray]) -> FloatArray:
        """float64 [histories]: the worth of asking one question more, on average over its answers."""
        sizes = [len(self._values[self._open[each]]) for each in self._places(asked)]
        before = prod(sizes[: (asked & ((1 << place) - 1)).bit_count()])
        table = worth[asked | 1 << place].reshape(before, len(self._values[self._open[place]]), -1)
        return np.asarray(table.sum(axis=1).reshape(-1))

    def _places(self, some: int) -> list[int]:
        return [place for place in range(len(self._open)) if some >> place & 1]

    def _state(self, answers: IntArray) -> tuple[int, int]:
        """The questions asked, and the number of the history."""
        asked, at = 0, 0
        for place, column in enumerate(self._open):
            if answers[column] != UNASKED:
                asked |= 1 << place
                values = self._values[column]
                at = at * len(values) + int(np.searchsorted(values, answers[column]))
        return asked, at

    def _equivalent(self, worth: float, answers: IntArray) -> float:
        """Certainty equivalent of worth times the probability of the answers."""
        told = self._open[answers[self._open] != UNASKED]
        probability = float(self._population.chance[:, told, answers[told]].prod(axis=1) @ self._belief)
        mean = worth / probability
        log_ce = mean if self._power == 0.0 else np.log1p(self._power * mean) / self._power
        return float(np.exp(log_ce) * (self._population.n_statements + self._shift) - self._shift)
