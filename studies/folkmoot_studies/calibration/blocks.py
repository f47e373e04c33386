"""Dense blocks of a conversation: people who answered all of some statements, most of these answers hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from folkmoot.preferences import fit
from folkmoot.processes import Problem
from folkmoot.profile import Answers, BoolArray, FloatArray, IntArray, Profile
from folkmoot.profile import costs as costs_of
from folkmoot.profile.streams import Stream, stream
from folkmoot.queries import ClosedPool, Completed, Disc
from folkmoot.queries.beliefs import Posterior
from folkmoot.queries.levels import Numbers

from ..streams import numbers

#: First part of the seed of who hides what, and of what one person's answers have in common.
SEED, SHARED = 78, 79
#: A block with fewer people says nothing.
FEWEST = 30


@dataclass(frozen=True, eq=False)
class Block:
    """A dense block with part of its answers hidden, ready to choose a slate from.

    Args:
        problem: the people and statements of the block, with what is known of them before the reveal.
        truth: float64 [n, m] the utilities that people really stated, all of them.
        completed: the answers of the whole conversation that were shown, and the model fitted to them.
        rows: int64 [n] the people of the block in the conversation.
        columns: int64 [m] the statements of the block in the conversation.
        seed: the seed of the draws.
    """

    problem: Problem
    truth: FloatArray
    completed: Completed
    rows: IntArray
    columns: IntArray
    seed: int

    @property
    def hidden(self) -> BoolArray:
        """bool [n, m]: the answers that are hidden."""
        return ~self.completed.known(self.rows, self.columns)

    def draws(self, count: int, together: float) -> Iterator[FloatArray]:
        """Draws of all answers of the block, float64 [n, m]; those that were shown are as they are.

        Args:
            count: the number of draws.
            together: what one person's unknown answers have in common beyond the prediction: the correlation of the
                normal scores behind them. 0 is what the certificate draws.
        """
        known = ~self.hidden
        for number in range(count):
            drawn = self.completed.draw(self.seed, number)
            if not together:
                yield drawn.utilities(self.rows, self.columns)
                continue
            assert self.completed.model is not None
            parameters = self.completed.model.draw(stream(self.seed, Stream.POSTERIOR, number))
            rng = numbers(SHARED, self.seed, number)
            own, each = rng.standard_normal((len(self.rows), 1)), rng.standard_normal(self.truth.shape)
            uniform = _cumulative(np.sqrt(together) * own + np.sqrt(1.0 - together) * each)
            yield np.where(known, self.truth, parameters.answers(self.rows, self.columns, uniform))


class Among:
    """A query about some of the people, by their place among these."""

    def __init__(self, disc: Disc, rows: IntArray) -> None:
        self.disc, self.rows = disc, rows
        self.n_agents, self.n_statements = len(rows), disc.n_statements

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """See `Disc.utilities`."""
        return self.disc.utilities(self.rows[agents], statements)

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """See `Disc.known`."""
        return self.disc.known(self.rows[agents], statements)


class BeliefsAmong:
    """Beliefs about some of the people, by their place among these."""

    def __init__(self, beliefs: Posterior, rows: IntArray) -> None:
        self.beliefs, self.rows = beliefs, rows

    def chances(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """See `Beliefs.chances`."""
        return self.beliefs.chances(self.rows[agents], statements)

    def draws(self, agents: IntArray, statements: IntArray, count: int) -> Iterator[Numbers]:
        """See `Beliefs.draws`."""
        everybody = np.arange(self.beliefs.completed.n_agents)
        for drawn in self.beliefs.draws(everybody, statements, count):
            yield Numbers(drawn.utilities[self.rows[agents]])


def dense(profile: Profile, size: int) -> tuple[IntArray, IntArray]:
    """The people who answered every one of the statements that most people answered, and these statements.

    Args:
        profile: what people said.
        size: how many statements.
    """
    columns = profile.pool(False)
    known = ~np.isnan(profile.dense(columns))
    most = np.sort(np.argsort(-known.sum(axis=0), kind="stable")[:size])
    return np.flatnonzero(known[:, most].all(axis=1)), columns[most]


def blocks(profile: Profile, sizes: tuple[int, ...], hidden: float, number: int, seed: int) -> Iterator[Block]:
    """Dense blocks of several sizes with a share of their answers hidden; the model is fitted to all that is shown.

    Args:
        profile: what people said.
        sizes: how many statements a block has.
        hidden: the share of the block's answers that is hidden.
        number: the number of the split.
        seed: the seed of the model and of the draws.
    """
    answers, scale = profile.answers, profile.answers.scale
    for size in sizes:
        rows, columns = dense(profile, size)
        if len(rows) < FEWEST or len(columns) < size:
            continue
        inside = np.isin(answers.agent, rows) & np.isin(answers.statement, columns)
        hide = inside & (numbers(SEED, number, size, round(100 * hidden)).random(len(answers)) < hidden)
        keep = ~hide
        shown = replace(
            profile,
            answers=Answers.of(answers.agent[keep], answers.statement[keep], answers.value[keep], scale),
        )
        completed = Completed(shown, fit(shown, stream(seed, Stream.FIT)))
        truth = scale.utility(profile.dense(columns, rows))
        pool = ClosedPool(Among(completed, rows), columns, costs_of(profile, "statements")[columns])
        beliefs = BeliefsAmong(Posterior(completed, seed, scale.approval), rows)
        problem = Problem(pool, size, approval=scale.approval, beliefs=beliefs)
        yield Block(problem, truth, completed, rows, columns, seed)


def budgeted(block: Block, profile: Profile, unit: str, share: int) -> Block:
    """The same block with costs in a unit, and a budget for about one in so many of its statements.

    Args:
        block: the block.
        profile: what people said.
        unit: words or statements.
        share: one in so many statements, by cost.
    """
    costs = costs_of(profile, unit)[block.columns]
    old = block.problem.pool
    pool = ClosedPool(old.disc, old.statements, costs)
    return replace(block, problem=replace(block.problem, pool=pool, budget=max(1, int(costs.sum()) // share)))


_NORMAL = NormalDist()


def _cumulative(values: FloatArray) -> FloatArray:
    """The standard normal distribution function, interpolated finely enough for draws."""
    grid = np.linspace(-6.0, 6.0, 4001)
    return np.asarray(np.interp(values, grid, np.array([_NORMAL.cdf(float(x)) for x in grid])))
