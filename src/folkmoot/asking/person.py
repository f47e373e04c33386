"""The value of a question to the person who is asked: better guesses of all other answers, less the cost of asking.

The utility of a person is the credit earned over all statements (1 for what they answered, what guessing earns for
the rest) less the cost of the questions: u of `Situation` with K classes, any probabilities and any kind of answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce

import numpy as np

from ..profile import BoolArray, FloatArray, InputError, IntArray
from . import shared
from .credit import Law
from .hedging import Outlook
from .lookahead import every_history, histories, log_joint, stopping
from .model import gamma_of
from .population import UNASKED, Population, normalised, unasked
from .responses import PLAIN
from .whole import Whole, few

# Entries of people x candidates x answers worked on at once.
_BLOCK = 4_000_000


# The interviews of a survey have it in common.
_law = lru_cache(maxsize=4)(Law)


@dataclass(frozen=True)
class PersonValue:
    """The value of questions to the people who are asked.

    Args:
        population: the classes of people.
        gamma: the inequality aversion, finite. Above 0 outputs hedge between classes, see `hedging`.
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

    def stop(self, log_belief: FloatArray, answers: IntArray, outlooks: Sequence[Outlook] | None = None) -> FloatArray:
        """float64 [n]: certainty equivalent of asking nothing more.

        Args:
            log_belief: float64 [n, K], see `Population.log_belief`.
            answers: int64 [n, m].
            outlooks: what everybody can be offered, where plans were compared before (`plans`): stopping must have the
                same outputs to choose from as asking, or asking looks better than it is. Without inequality aversion
                there is nothing to look for.
        """
        if self.gamma > 0:
            known = outlooks or [self.outlook(row) for row in answers]
            rows = zip(self._rows(log_belief, answers), known, strict=True)
            return np.array([self.law.equivalent(np.array(self._best(*row, outlook)[1])) for row, outlook in rows])
        return self._settled(normalised(log_belief), unasked(answers), (answers != UNASKED).sum(axis=1))

    def output(self, log_belief: FloatArray, answers: IntArray) -> IntArray:
        """int64 [n, m]: the output: what was answered, and the best guesses for the rest (Definition 4).

        Args:
            log_belief: float64 [n, K].
            answers: int64 [n, m].
        """
        if self.gamma == 0:
            expected = np.tensordot(normalised(log_belief), self.population.earned, axes=1)
            return np.where(answers == UNASKED, expected.argmax(axis=2), answers)
        found = answers.copy()
        for at, row in enumerate(self._rows(log_belief, answers)):
            tables = (*self._tables, *shared.known(self._options))
            known = next((table for table in tables if table.has(*row)), None)
            known = known or self.whole(*row, np.zeros(len(row[1]), dtype=np.bool_))
            if known:
                found[at] = known.output(row[1])
            else:
                found[at, row[1] == UNASKED] = self._best(*row, self.outlook(row[1]))[0]
        return found

    def bound(self, log_belief: FloatArray, answers: IntArray) -> FloatArray:
        """float64 [n]: a certainty equivalent that no output exceeds, see `hedging.Outlook.least`; `stop` is below it.

        Args:
            log_belief: float64 [n, K].
            answers: int64 [n, m].
        """
        if self.gamma == 0:
            return self.stop(log_belief, answers)
        bounds = []
        for row in self._rows(log_belief, answers):
            outlook = self.outlook(row[1])
            outlook.seek(np.exp(row[0])[None])
            bounds.append(self.law.equivalent(np.array(outlook.least(np.exp(row[0])))))
        return np.array(bounds)

    def whole(self, logs: FloatArray, answers: IntArray, allowed: BoolArray) -> Whole | None:
        """The best decisions and outputs for one person, from some answers on; None: too much is open.

        What was computed for earlier answers is used again.

        Args:
            logs: float64 [K], the log of the belief about the person.
            answers: int64 [m].
            allowed: bool [m], the questions that may be put.
        """
        for table in (*self._tables, *shared.known(self._options)):
            if table.has(logs, answers, allowed):
                return table
        if not few(self.population, answers):
            return None
        self._tables.insert(0, Whole(self.population, logs, answers, allowed, **self._numbers))
        del self._tables[2:]
        return self._tables[0]

    def prepare(self) -> None:
        """Goes through everything once for all people who answered nothing yet, where that is not too much.

        Whoever is asked afterwards, in this process and with the same options, is asked without waiting.
        """
        nothing = np.full(self.population.n_statements, UNASKED)
        if few(self.population, nothing) and not shared.known(self._options):
            logs, everything = np.log(self.population.weight), np.ones(len(nothing), dtype=np.bool_)
            shared.keep(self._options, Whole(self.population, logs, nothing, everything, **self._numbers))

    @property
    def _numbers(self) -> dict[str, float]:
        return {"gamma": self.gamma, "cost": self.cost, "shift": self.shift}

    @cached_property
    def _options(self) -> tuple[object, ...]:
        """What tells apart values that are not the same for everybody."""
        p = self.population
        arrays = (each.tobytes() for each in (p.weight, p.chance, p.credit))
        return (p.chance.shape, *arrays, *self._numbers.values())

    @cached_property
    def _tables(self) -> list[Whole]:
        return []

    @cached_property
    def law(self) -> Law:
        """What guesses are worth under inequality aversion."""
        return _law(self.population, self.gamma, self.shift)

    def outlook(self, answers: IntArray) -> Outlook:
        """What one person with the answers int64 [m] can be offered; for gamma > 0."""
        return Outlook(self.law, unasked(answers), float((answers != UNASKED).sum() * (1.0 - self.cost)))

    def _rows(self, log_belief: FloatArray, answers: IntArray) -> list[tuple[FloatArray, IntArray]]:
        return [(log_joint(logs), row) for logs, row in zip(log_belief, answers, strict=True)]

    def _best(self, logs: FloatArray, answers: IntArray, outlook: Outlook) -> tuple[IntArray, float]:
        outlook.seek(np.exp(logs)[None])
        return outlook.best(np.exp(logs))

    def one_step(self, log_belief: FloatArray, answers: IntArray, candidates: IntArray) -> FloatArray:
        """float64 [n, c]: certainty equivalent of asking one of the candidates int64 [n, c], then nothing more.

        -inf where the candidate was already answered.
        """
        if self.gamma > 0:
            pairs = zip(self._rows(log_belief, answers), candidates, strict=True)
            return np.array([self.alone(logs, row, asked, None) for (logs, row), asked in pairs])
        p = self.population
        n, c = candidates.shape
        values = np.empty((n, c))
        width = c * p.n_answers * p.n_statements * len(p.weight)
        for start in range(0, n, max(1, _BLOCK // width)):
            rows = slice(start, start + max(1, _BLOCK // width))
            values[rows] = self._one_step(log_belief[rows], answers[rows], candidates[rows])
        return np.where(np.take_along_axis(answers, candidates, axis=1) == UNASKED, values, -np.inf)

    def alone(self, logs: FloatArray, answers: IntArray, asked: IntArray, outlook: Outlook | None) -> FloatArray:
        """float64 [c]: `one_step` for one person with belief float64 [K], answers [m] and candidates [c]; gamma > 0."""
        values = np.full(len(asked), -np.inf)
        fresh = np.flatnonzero((asked >= 0) & (answers[asked] == UNASKED))
        joints = [every_history(self.population, logs, asked[[at]]) for at in fresh]
        if joints:
            outlook = outlook or self.outlook(answers)
            outlook.seek(np.concatenate([np.exp(logs)[None], *joints]))
        for at, joint in zip(fresh, joints, strict=True):
            assert outlook is not None
            if outlook.small:
                outlook.seek(joint, asked[[at]], self.cost)
            values[at] = self.law.equivalent(np.array(outlook.after(joint, asked[[at]], self.cost)))
        return values

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
        return np.asarray((worth * share.sum(axis=3)).sum(axis=2))

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
        if self.gamma > 0:
            pairs = zip(self._rows(log_belief, answers), orders, strict=True)
            return np.array([self.ahead(*row, order, lengths, samples, rng, None) for row, order in pairs])
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
            values[:, place] = worth.mean(axis=1)
        return values

    def ahead(
        self,
        logs: FloatArray,
        answers: IntArray,
        order: IntArray,
        lengths: tuple[int, ...],
        samples: int,
        rng: np.random.Generator,
        outlook: Outlook | None,
    ) -> FloatArray:
        """float64 [len(lengths)]: `rollout` for one person with belief float64 [K]; gamma > 0."""
        asked = [order[:j][(order[:j] >= 0) & (answers[order[:j]] == UNASKED)] for j in lengths]
        joints = [histories(self.population, logs, each, samples, rng) for each in asked]
        outlook = outlook or self.outlook(answers)
        outlook.seek(np.concatenate([np.exp(logs)[None], *joints]))
        lacking = [outlook.after(joint, each, self.cost) for joint, each in zip(joints, asked, strict=True)]
        return self.law.equivalent(np.array(lacking))

    def tree(self, logs: FloatArray, answers: IntArray, order: IntArray, outlook: Outlook | None = None) -> float:
        """Certainty equivalent of asking the first of an order, then on in that order for as long as it is best.

        Args:
            logs: float64 [K], the log of the belief about one person.
            answers: int64 [m] what that person answered.
            order: the statements, none answered; see `lookahead.stopping`, which grows with answers ** len(order).
            outlook: what the person can be offered, if it has been looked into already; for gamma > 0.
        """
        if self.gamma == 0:
            return stopping(self.population, logs, order, lambda joint, asked: self._sums(joint, answers, asked))
        found = outlook or self.outlook(answers)
        parts = [every_history(self.population, logs, order[: upto + 1]) for upto in range(len(order))]
        found.seek(np.concatenate([np.exp(logs)[None], *parts]))
        cost = self.cost
        value = stopping(self.population, logs, order, lambda joint, asked: -found.each_after(joint, asked, cost))
        return float(self.law.equivalent(np.array(-value)))

    def _sums(self, joint: FloatArray, answers: IntArray, asked: IntArray) -> FloatArray:
        """float64 [h]: expected utility after each history times its probability; without inequality aversion."""
        p = self.population
        left = unasked(answers)
        base = ((~left).sum() + len(asked)) * (1.0 - self.cost)
        left[asked] = False
        # The best guess depends on the posterior alone, and the rest adds up.
        best = reduce(np.maximum, (joint @ each for each in np.moveaxis(p.earned[:, left], 2, 0)))
        return np.asarray(best.sum(axis=1) + base * joint.sum(axis=1))

    def _settled(self, belief: FloatArray, open_: BoolArray, count: IntArray) -> FloatArray:
        """float64 [b]: expected utility with the best guesses for what is open; without inequality aversion."""
        p = self.population
        base = np.asarray(count * (1.0 - self.cost), dtype=np.float64)
        best = reduce(np.maximum, (belief @ each for each in np.moveaxis(p.earned, 2, 0)))
        return np.asarray((best * open_).sum(axis=1) + base)
