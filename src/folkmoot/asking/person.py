"""The value of a question to the person who is asked: better guesses of all other answers, less the cost of asking.

The utility of a person is the credit earned over all statements (1 for what they answered, what guessing earns for
the rest) less the cost of the questions: u of `Situation` with K classes, any probabilities and any kind of answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..profile import BoolArray, FloatArray, InputError, IntArray
from . import inequality
from .model import gamma_of
from .population import UNASKED, Population, normalised, unasked
from .responses import PLAIN

# Nodes of the normal law that stands for the sum of many guesses within a class.
_NODES, _SHARES = np.polynomial.hermite_e.hermegauss(5)
_SHARES = _SHARES / _SHARES.sum()
# Rounds in which the guesses are improved for gamma > 0.
_ROUNDS = 8
# Entries of people x candidates x answers worked on at once.
_BLOCK = 4_000_000


@dataclass(frozen=True)
class PersonValue:
    """The value of questions to the people who are asked.

    Args:
        population: the classes of people.
        gamma: the inequality aversion, finite.
        cost: the cost of a question, in statements guessed right; at most 1.
        shift: the constant that is added to every utility.

    Raises:
        InputError: a parameter is out of its range.
    """

    population: Population
    gamma: float = 0.0
    cost: float = 0.1
    shift: float = 1.0

    def __post_init__(self) -> None:
        if np.isinf(gamma_of(self.gamma)):
            raise InputError("gamma must be finite here; 50 is leximin for all practical purposes")
        # Beyond it phi leaves the range of a float.
        most = 1 + PLAIN / max(np.log((self.population.n_statements + self.shift) / max(self.shift, 1e-9)), 1e-9)
        if self.gamma > most:
            raise InputError(f"gamma {self.gamma:g} is too large for so many statements; give at most {most:.0f}")
        if not 0 <= self.cost <= 1:
            raise InputError(f"the cost of a question is {self.cost:g}; give one from 0 to 1 statement guessed right")

    def stop(self, log_belief: FloatArray, answers: IntArray) -> FloatArray:
        """float64 [n]: certainty equivalent of asking nothing more.

        Args:
            log_belief: float64 [n, K], see `Population.log_belief`.
            answers: int64 [n, m].
        """
        return self._settled(normalised(log_belief), unasked(answers), (answers != UNASKED).sum(axis=1))

    def one_step(self, log_belief: FloatArray, answers: IntArray, candidates: IntArray) -> FloatArray:
        """float64 [n, c]: certainty equivalent of asking one of the candidates int64 [n, c], then nothing more.

        -inf where the candidate was already answered.
        """
        p = self.population
        n, c = candidates.shape
        values = np.empty((n, c))
        width = c * p.n_answers * p.n_statements * len(p.weight)
        for start in range(0, n, max(1, _BLOCK // width)):
            rows = slice(start, start + max(1, _BLOCK // width))
            values[rows] = self._one_step(log_belief[rows], answers[rows], candidates[rows])
        return np.where(np.take_along_axis(answers, candidates, axis=1) == UNASKED, values, -np.inf)

    def _one_step(self, log_belief: FloatArray, answers: IntArray, candidates: IntArray) -> FloatArray:
        p = self.population
        (n, c), size = candidates.shape, p.n_answers
        # [n, c, C, K]: class probabilities after every answer to every candidate
        later = log_belief[:, None, None, :] + np.moveaxis(p.logs[:, candidates, :size], 0, -1)
        share = normalised(log_belief)[:, None, None, :] * np.moveaxis(p.chance[:, candidates], 0, -1)
        open_ = np.repeat(unasked(answers)[:, None], c, axis=1)
        np.put_along_axis(open_, candidates[..., None], False, axis=2)
        count = (answers != UNASKED).sum(axis=1) + 1
        worth = self._settled(
            normalised(later).reshape(-1, len(p.weight)),
            np.repeat(open_.reshape(n * c, -1), size, axis=0),
            np.repeat(count, c * size),
        ).reshape(n, c, size)
        return self._equivalent(worth, share.sum(axis=3))

    def rollout(
        self,
        log_belief: FloatArray,
        answers: IntArray,
        orders: IntArray,
        lengths: tuple[int, ...] = (1, 2, 4, 8),
        samples: int = 32,
        rng: np.random.Generator | None = None,
    ) -> FloatArray:
        """float64 [n, len(lengths)]: certainty equivalents of asking the next j of an order, then nothing more.

        Args:
            log_belief: float64 [n, K].
            answers: int64 [n, m].
            orders: int64 [n, J] statements to ask; what was answered is passed over, and so is -1, which fills up rows.
            lengths: the numbers of questions j.
            samples: the number of people drawn from the belief, for the answers to come.
            rng: the generator that draws the samples.
        """
        p = self.population
        rng = rng or np.random.default_rng(0)
        n, width = len(answers), orders.shape[1]
        belief = normalised(log_belief)
        edge = np.cumsum(belief, axis=1)
        edge[:, -1] = 1.0
        # Stratified: every class is drawn about as often as its probability says.
        point = (np.arange(samples) + rng.random((n, samples))) / samples
        label = (edge[:, None, :] <= point[..., None]).sum(axis=2)
        columns = np.maximum(orders, 0)
        fresh = (orders >= 0) & (np.take_along_axis(answers, columns, axis=1) == UNASKED)
        chance = p.chance[label[..., None], columns[:, None, :]]
        drawn = (np.cumsum(chance, axis=3) <= rng.random((n, samples, width))[..., None]).sum(axis=3)
        drawn = np.minimum(drawn, p.n_answers - 1)
        drawn = np.where(fresh[:, None, :], drawn, UNASKED)
        logs = np.moveaxis(p.logs[:, columns[:, None, :], drawn], 0, -1)
        total = log_belief[:, None, None, :] + np.cumsum(logs, axis=2)
        # One more column takes what is passed over.
        open_ = np.pad(unasked(answers), ((0, 0), (0, 1)))
        count = (answers != UNASKED).sum(axis=1)
        values = np.empty((n, len(lengths)))
        for place, j in enumerate(lengths):
            left = open_.copy()
            np.put_along_axis(left, np.where(fresh, orders, answers.shape[1])[:, :j], False, axis=1)
            worth = self._settled(
                normalised(total[:, :, min(j, width) - 1]).reshape(n * samples, -1),
                np.repeat(left[:, :-1], samples, axis=0),
                np.repeat(count + fresh[:, :j].sum(axis=1), samples),
            ).reshape(n, samples)
            values[:, place] = self._equivalent(worth, np.full((n, samples), 1.0 / samples))
        return values

    def _settled(self, belief: FloatArray, open_: BoolArray, count: IntArray) -> FloatArray:
        """float64 [b]: certainty equivalents with the best guesses for what is open."""
        p = self.population
        base = np.asarray(count * (1.0 - self.cost), dtype=np.float64)
        if self.gamma == 0:
            expected = (belief @ p.earned.reshape(len(p.weight), -1)).reshape(len(belief), *p.earned.shape[1:])
            return np.asarray((expected.max(axis=2) * open_).sum(axis=1) + base)
        best, tilt = np.full(len(belief), -np.inf), belief
        for number in range(1, _ROUNDS + 1):
            expected = (tilt @ p.earned.reshape(len(p.weight), -1)).reshape(len(belief), *p.earned.shape[1:])
            value, slope = self._judged(belief, expected.argmax(axis=2), open_, base)
            best = np.maximum(best, value)
            # Credit counts more in classes that have less. Guesses all for them would only change who has less, so the
            # weights move by steps that shrink, and guesses for everybody are met on the way.
            wanted = belief * slope
            wanted = wanted / wanted.sum(axis=1, keepdims=True)
            if np.abs(wanted - tilt).max(initial=0.0) < 1e-12:
                break
            tilt = tilt + (wanted - tilt) / (number + 1)
        return best

    def _judged(
        self, belief: FloatArray, guess: IntArray, open_: BoolArray, base: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Certainty equivalents [b] of the guesses [b, m], and phi' in every class [b, K] up to a factor."""
        p = self.population
        # One row of ones and zeros a person: sums over the open guesses are then products of two matrices.
        guessed = ((guess[..., None] == np.arange(p.n_answers)) & open_[..., None]).reshape(len(guess), -1) * 1.0
        earned = p.earned.reshape(len(p.weight), -1)
        mean = guessed @ earned.T
        spread = guessed @ (p.earned_twice.reshape(len(p.weight), -1) - earned**2).T
        v = base[:, None] + mean + self.shift
        top = p.n_statements + self.shift
        least = (base + self.shift)[:, None, None]
        points = v[..., None] + np.sqrt(np.maximum(spread, 0.0))[..., None] * _NODES
        points = np.clip(points, np.maximum(least, 1e-9), top)
        phi = inequality.phi(points.reshape(-1), np.array([self.gamma]), top).reshape(points.shape)
        expected = (belief * (phi @ _SHARES)).sum(axis=1)
        ce = np.exp(inequality.log_equivalent(expected[:, None], np.array([self.gamma]))[:, 0]) * top - self.shift
        slope = ((points / top) ** -self.gamma) @ _SHARES
        return ce, slope / slope.max(axis=1, keepdims=True)

    def _equivalent(self, worth: FloatArray, share: FloatArray) -> FloatArray:
        """Certainty equivalents over the last axis of certainty equivalents with their probabilities."""
        if self.gamma == 0:
            return np.asarray((worth * share).sum(axis=-1))
        top = self.population.n_statements + self.shift
        flat = np.maximum(worth + self.shift, 1e-9).reshape(-1)
        phi = inequality.phi(flat, np.array([self.gamma]), top).reshape(worth.shape)
        expected = (phi * share).sum(axis=-1)
        log = inequality.log_equivalent(expected[..., None], np.array([self.gamma]))[..., 0]
        return np.asarray(np.exp(log) * top - self.shift)
