"""Every way to ask and every output at once, where a person has few features left: the best of them all.

With up to about ten features everything that may be answered and everything that may be handed over can be gone
through. After some answers the best output is the best of all outputs, and the value of a question is that of asking it
and going on in the best way, by dynamic programming over all answers: nothing is searched, sampled, or looked at one
step ahead. Outputs are left out only where a bound says that going on is better than any of them.
"""

from __future__ import annotations

from functools import cached_property, reduce
from math import prod

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray
from .halves import Half
from .population import UNASKED, Population, normalised

# Answers so far (one of the values, or none) up to which everything is gone through, ten features with three values or
# thirteen with two; and the same times kinds of people. Most take a tenth of a second.
HISTORIES, MOST = 2_000_000, 50_000_000
# How it goes on after a question.
BEST, STOP, ONE_STEP = "best", "stop", "one step"
# A value that is less likely than that, in every class, is none (see `kinds.NOT_THERE`).
_NEVER = 1e-11
# Relative: outputs that differ by less are equal, and the first one is taken.
_EQUAL = 1e-12
# Outputs of the last so many sets of questions are kept.
_KEPT = 8
# Relative: what is larger beyond rounding.
_CLEARLY = 1e-9


def few(population: Population, answers: IntArray) -> bool:
    """Whether everything that a person with the answers int64 [m] may still say can be gone through."""
    if len(answers) > 64 or not np.array_equal(population.credit, np.eye(population.n_answers)):
        return False
    sizes = _values(population)
    histories = prod(len(sizes[j]) + 1 for j in np.flatnonzero(answers == UNASKED))
    return histories <= min(HISTORIES, MOST // len(population.weight))


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
        # Histories and outputs are pairs: of the first open features, and of the others.
        self._few = len(self._open) // 2
        chances = [population.chance[:, column, self._values[column]] for column in self._open]
        self._low = Half(chances[: self._few], self._askable & ((1 << self._few) - 1))
        self._high = Half(chances[self._few :], self._askable >> self._few)
        self._offers: dict[int, FloatArray] = {}
        self._best = self._through()

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
        joint = self._joint(answers)
        return self._equivalent(float((joint @ self._outputs(self._asked(answers))).max()), joint)

    def questions(self, answers: IntArray, then: str = BEST) -> FloatArray:
        """float64 [m]: certainty equivalents of asking a question, and then on; -inf where there is none.

        Args:
            answers: int64 [m], which follow those that this begins with.
            then: how it goes on: `BEST`, `STOP` (at once), or `ONE_STEP` (while one question more and then stopping is
                better than stopping).
        """
        worths = self._best if then == BEST else self._stop if then == STOP else self._one_step
        joint, asked = self._joint(answers), self._asked(answers)
        found = np.full(len(answers), -np.inf)
        for place in self._places(self._askable & ~asked):
            column, later, worth = self._open[place], answers.copy(), 0.0
            for value in self._values[column]:
                later[column] = value
                worth += self._worth(later, worths)
            found[column] = self._equivalent(worth, joint)
        return found

    def output(self, answers: IntArray) -> IntArray:
        """int64 [m]: what was answered, and the best guesses for the rest."""
        worth = self._joint(answers) @ self._outputs(self._asked(answers))
        best = worth.max()
        found, number = answers.copy(), int((worth >= best - _EQUAL * np.abs(best)).argmax())
        for column in self._open[answers[self._open] == UNASKED][::-1]:
            number, place = divmod(number, len(self._values[column]))
            found[column] = self._values[column][place]
        return found

    # --- going through everything

    def _through(self) -> dict[int, FloatArray]:
        """By the set of the first features asked, float64 [histories of the others, histories of these]: the worth of
        going on in the best way, times the probability of the history."""
        low, high = self._low, self._high
        found: dict[int, FloatArray] = {}
        mass = {first: self._mass(first) for first in low.sets}
        for first in low.sets:
            # Before, and of the best guesses of all features not asked: probabilities with that of the history.
            worth, right = np.full(mass[first].shape, -np.inf), self._unaskable(first)
            for place in low.free(first):
                later = first | 1 << place
                np.maximum(worth, reduce(np.add, low.parted(found[later], first, place)), out=worth)
                right += reduce(np.maximum, low.parted(mass[later], first, place))
            worth[-1] = 0.0  # stands for values that a feature does not have
            for level, following in zip(high.levels, high.following, strict=True):
                rows = slice(high.rows[level[0]].start, high.rows[level[-1]].stop)
                if following.shape[1]:
                    ahead = reduce(np.add, (worth[each] for each in following))
                    np.maximum(worth[rows], ahead.max(axis=0), out=worth[rows])
                    right[rows] += reduce(np.maximum, (mass[first][each] for each in following)).sum(axis=0)
                self._or_stop(worth[rows], mass[first][rows], right[rows], first, level)
            found[first] = worth
        return found

    def _mass(self, first: int, chance: FloatArray | None = None) -> FloatArray:
        """float64 [histories of the last features + 1, histories of the first]: their probabilities, and 0 in the last
        row.

        Args:
            first: the set of the first features asked.
            chance: float64 [K], the probability of something more; None: of nothing.
        """
        weight = self._belief if chance is None else self._belief * chance
        told = (self._high.table * weight) @ (self._low.told[first] + np.zeros(len(weight))).T
        return np.concatenate([told, np.zeros((1, told.shape[1]))])

    def _unaskable(self, first: int) -> FloatArray:
        """Of the features that are guessed whatever is answered, see `_through`: the best guesses, added up."""
        total = np.zeros((self._high.many + 1, len(self._low.told[first])))
        for place, column in enumerate(self._open):
            if not self._askable >> place & 1:
                chances = self._population.chance[:, column, self._values[column]].T
                total += reduce(np.maximum, (self._mass(first, chance) for chance in chances))
        return total

    def _or_stop(
        self, worth: FloatArray, mass: FloatArray, right: FloatArray, first: int, level: tuple[int, ...]
    ) -> None:
        """Raises what going on is worth to what stopping is worth, where that is more.

        No output is worth more than the best average number of right guesses would be if it were sure (Jensen), and
        without inequality aversion the best one is worth that.

        Args:
            worth: what going on is worth, to be changed, [histories of the last features, histories of the first].
            mass: the probabilities of the histories.
            right: the best average number of right guesses, times the probability.
            first: the set of the first features asked.
            level: the sets of the last ones, all as large.
        """
        certain = self._certain(first.bit_count() + level[0].bit_count())
        bound = mass * self._utility(certain + right / mass)
        if self._power == 1.0:
            np.maximum(worth, bound, out=worth)
            return
        need: BoolArray = np.asarray(worth <= bound + _CLEARLY * np.abs(bound))
        some, start = np.asarray(need.any(axis=1)), self._high.rows[level[0]].start
        for second in level:
            rows = slice(self._high.rows[second].start - start, self._high.rows[second].stop - start)
            if some[rows].any():
                here, told = worth[rows].reshape(-1), self._high.told[second] * self._belief
                at = np.flatnonzero(need[rows])
                row, column = np.divmod(at, worth.shape[1])
                joint = told[row] * self._low.told[first][column]
                here[at] = np.maximum(here[at], _largest(joint, self._made(first | second << self._few)))

    @cached_property
    def _stop(self) -> dict[int, FloatArray]:
        """As `_through`: the worth of stopping at once."""
        found = {}
        for first, told in self._low.told.items():
            found[first] = np.zeros((self._high.many + 1, len(told)))
            for second, rows in self._high.rows.items():
                joint = (self._high.told[second] * self._belief)[:, None] * told
                best = _largest(joint.reshape(-1, joint.shape[2]), self._made(first | second << self._few))
                found[first][rows] = best.reshape(-1, len(told))
        return found

    @cached_property
    def _one_step(self) -> dict[int, FloatArray]:
        """As `_through`: while one question more and then stopping is better than stopping."""
        low, high = self._low, self._high
        found: dict[int, FloatArray] = {}
        for first in low.sets:
            stop = self._stop[first]
            worth, best = stop.copy(), stop + _EQUAL * np.abs(stop)
            for place in low.free(first):
                tables = (self._stop[first | 1 << place], found[first | 1 << place])
                once, on = (reduce(np.add, low.parted(table, first, place)) for table in tables)
                worth, best = np.where(once > best, on, worth), np.maximum(once, best)
            for level, following in zip(high.levels, high.following, strict=True):
                rows = slice(high.rows[level[0]].start, high.rows[level[-1]].stop)
                for at in range(following.shape[1]):
                    once, on = (reduce(np.add, (table[each[at]] for each in following)) for table in (stop, worth))
                    worth[rows] = np.where(once > best[rows], on, worth[rows])
                    best[rows] = np.maximum(once, best[rows])
            found[first] = worth
        return found

    def _made(self, asked: int) -> FloatArray:
        """float64 [K, outputs]: what every output is worth in every class after a set of questions."""
        first, second = asked & ((1 << self._few) - 1), asked >> self._few
        right, more = self._low.right[first], self._high.right[second]
        many = np.add.outer(np.arange(right.shape[2]), np.arange(more.shape[2]))
        worth = self._rising[asked.bit_count()][many]
        return np.asarray((right @ worth @ more.transpose(0, 2, 1)).reshape(len(self._belief), -1))

    @cached_property
    def _rising(self) -> list[FloatArray]:
        """By the number of questions asked, what 0, 1, ... right guesses are worth."""
        right = np.arange(len(self._open) + 1.0)
        return [self._utility(self._certain(asked) + right) for asked in range(len(self._open) + 1)]

    def _outputs(self, asked: int) -> FloatArray:
        """`_made`, kept for a while."""
        if asked not in self._offers:
            while len(self._offers) >= _KEPT:
                del self._offers[next(iter(self._offers))]
            self._offers[asked] = self._made(asked)
        return self._offers[asked]

    def _certain(self, asked: int) -> float:
        return self._base + asked * (1.0 - self._cost) + self._shift

    def _utility(self, v: FloatArray) -> FloatArray:
        logs = np.log(v / (self._population.n_statements + self._shift))
        return np.asarray(logs if self._power == 0.0 else np.expm1(self._power * logs) / self._power)

    # --- where answers stand

    def _places(self, some: int) -> list[int]:
        return [place for place in range(len(self._open)) if some >> place & 1]

    def _asked(self, answers: IntArray) -> int:
        """The questions asked, as bits."""
        return sum(1 << place for place, column in enumerate(self._open) if answers[column] != UNASKED)

    def _joint(self, answers: IntArray) -> FloatArray:
        """float64 [K]: the probability of the answers and of every class."""
        told = self._open[answers[self._open] != UNASKED]
        return np.asarray(self._population.chance[:, told, answers[told]].prod(axis=1) * self._belief)

    def _worth(self, answers: IntArray, worths: dict[int, FloatArray]) -> float:
        """What a table of all histories says, times the probability of the answers."""
        asked, numbers = self._asked(answers), [0, 0]
        for place in self._places(asked):
            values = self._values[self._open[place]]
            number = int(np.searchsorted(values, answers[self._open[place]]))
            numbers[place >= self._few] = numbers[place >= self._few] * len(values) + number
        rows = self._high.rows[asked >> self._few]
        return float(worths[asked & ((1 << self._few) - 1)][rows.start + numbers[1], numbers[0]])

    def _equivalent(self, worth: float, joint: FloatArray) -> float:
        """Certainty equivalent of worth times the probability of the answers, joint with the classes."""
        mean = worth / float(joint.sum())
        log_ce = mean if self._power == 0.0 else np.log1p(self._power * mean) / self._power
        return float(np.exp(log_ce) * (self._population.n_statements + self._shift) - self._shift)


def _largest(joint: FloatArray, outputs: FloatArray) -> FloatArray:
    """float64 [h]: for histories [h, K] the worth of the best of the outputs [K, o]."""
    if len(joint) < outputs.shape[1]:
        return np.asarray((joint @ outputs).max(axis=1))
    return np.asarray((outputs.T @ joint.T).max(axis=0))  # the quicker one of the two
