"""A made-up survey in which it is known whose answers are opinions, and of what kind the others are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.asking import RepeatDesign
from folkmoot.profile import Agents, Answers, BoolArray, FloatArray, IntArray, Profile, Repeats, Statements

#: Slip rates of opinions and of answers that follow a cue or the order.
SLIP, CUE_SLIP = 0.08, 0.15


@dataclass(frozen=True, eq=False)
class AnswerWorld:
    """People whose kind of answer to every statement is known.

    Args:
        kind: int64 [n, m], the kind of every answer: 0 genuine, 1 constructed, 2 non-attitude, 3 artefact.
        opinion: bool [n, m], whether a genuine holder agrees.
        guess: float64 [m], how often a non-attitude agrees.
        slip: the probability that a genuine answer is given the wrong way.
    """

    kind: IntArray
    opinion: BoolArray
    guess: FloatArray
    slip: float = SLIP

    @classmethod
    def of(
        cls,
        rng: np.random.Generator,
        shares: Sequence[float] | FloatArray,
        rate: FloatArray,
        *,
        n: int,
        climate: bool,
        slip: float = SLIP,
    ) -> AnswerWorld:
        """Draws a world of n people.

        Args:
            rng: the generator that draws it.
            shares: float64 [k], [m, k] or [n, m, k], the shares of the kinds.
            rate: float64 [m], the share of genuine holders that agrees.
            n: the number of people.
            climate: whether non-attitudes agree as often as genuine holders do; if False, they toss a coin.
            slip: the probability that a genuine answer is given the wrong way.
        """
        m = len(rate)
        table = np.cumsum(np.broadcast_to(np.asarray(shares, dtype=np.float64), (n, m, np.shape(shares)[-1])), axis=2)
        kind = np.minimum((rng.random((n, m, 1)) >= table).sum(axis=2), table.shape[2] - 1)
        return cls(kind, rng.random((n, m)) < rate, rate if climate else np.full(m, 0.5), slip)

    @property
    def truth(self) -> FloatArray:
        """float64 [m]: agreement among genuine holders."""
        held = self.kind == 0
        return np.asarray((held & self.opinion).sum(axis=0) / np.maximum(held.sum(axis=0), 1))

    def answers(
        self,
        agent: IntArray,
        statement: IntArray,
        cue: NDArray[np.int8],
        order: NDArray[np.int8],
        rng: np.random.Generator,
    ) -> BoolArray:
        """People's answers under conditions: True agrees. A cue of 0 leaves a constructed answer to a coin."""
        kind, held = self.kind[agent, statement], self.opinion[agent, statement]
        slips, coin = rng.random(len(agent)), rng.random(len(agent))
        shown = np.where(kind == 1, cue, order)
        follows = np.where(shown == 0, coin < 0.5, (shown > 0) ^ (slips < CUE_SLIP))
        guesses = coin < self.guess[statement]
        return np.where(kind == 0, held ^ (slips < self.slip), np.where(kind == 2, guesses, follows))

    def under_all(self, conditions: int, rng: np.random.Generator) -> Repeats:
        """Asks everybody everything under so many conditions, wordings in turn, either side first at random."""
        n, m = self.kind.shape
        agent, statement, wave = (each.ravel() for each in np.indices((n, m, conditions)))
        cue = 1 - 2 * ((wave + rng.integers(2, size=(n, m, 1)).repeat(conditions, axis=2).ravel()) % 2)
        order = 1 - 2 * rng.integers(2, size=len(cue))
        agrees = self.answers(agent, statement, cue.astype(np.int8), order.astype(np.int8), rng)
        return Repeats.of(agent, statement, np.where(agrees, 1.0, -1.0), cue, order, wave, n_agents=n, n_statements=m)

    def surveyed(self, design: RepeatDesign, rng: np.random.Generator) -> tuple[Profile, Repeats]:
        """The result of a survey of that design: everybody's first answers, and the repeated ones beside them."""
        n, m = self.kind.shape
        _, again, conditions = design.cue.shape
        agent = np.repeat(np.arange(n), again * conditions)
        statement = np.repeat(design.items.ravel(), conditions)
        cue, order = design.cue.ravel(), design.order.ravel()
        wave = np.tile(np.arange(conditions), n * again)
        values = np.where(self.answers(agent, statement, cue, order, rng), 1.0, -1.0)
        repeats = Repeats.of(agent, statement, values, cue, order, wave, n_agents=n, n_statements=m)
        one = np.repeat(np.arange(n), m - again)
        others = design.others.ravel()
        plain = self.answers(one, others, np.zeros(len(one), dtype=np.int8), design.other_order.ravel(), rng)
        first = repeats.first
        answers = Answers.of(
            np.concatenate([repeats.agent[first], one]),
            np.concatenate([repeats.statement[first], others]),
            np.concatenate([repeats.value[first], np.where(plain, 1.0, -1.0)]),
        )
        names = tuple(f"s{j}" for j in range(m))
        return Profile(Agents(tuple(f"p{i}" for i in range(n))), Statements(names, names), answers), repeats
