"""What is believed about answers that nobody gave: chances of agreement, and draws of everybody's answers."""

from __future__ import annotations

from collections.abc import Iterator
from math import comb
from typing import Protocol

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray
from ..profile.streams import Stream, stream
from .completed import VOTES, Completed, block_of, on_grid
from .drawn import Uniforms, VoteOdds, fill, fill_votes
from .levels import Block, Levels, Numbers
from .protocol import Disc

# The draws a slate is chosen on begin here, those it is audited on at 0: no slate is judged by what it was fitted to.
FIRST = 1_000_000
#: Somebody who did not answer counts as approving from this chance on.
LIKELY = 0.5


class Beliefs(Protocol):
    """Beliefs about unknown answers, for processes that weigh how sure a utility is."""

    def chances(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """Chance that an agent approves a statement, float64 [n_agents, n_statements] in [0, 1].

        0 or 1 where the agent answered, if answers decide approval.
        """
        ...

    def draws(self, agents: IntArray, statements: IntArray, count: int) -> Iterator[Block]:
        """Draws of all unknown answers together, known answers as they are: the same whenever asked for."""
        ...


class Chances:
    """Chances of approval in the place of utilities, as a `Disc`: for rules that look only at who approves what.

    Whoever answered has chance 0 or 1, so with complete answers approval at `LIKELY` is approval as it was stated.

    Args:
        beliefs: the beliefs about answers nobody gave.
        disc: the query whose utilities they take the place of.
    """

    def __init__(self, beliefs: Beliefs, disc: Disc) -> None:
        self.beliefs, self.disc = beliefs, disc
        self.n_agents, self.n_statements = disc.n_agents, disc.n_statements

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """See `Disc.utilities`: float64 in [0, 1]."""
        return self.beliefs.chances(agents, statements)

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """See `Disc.known`."""
        return self.disc.known(agents, statements)


class Posterior:
    """Beliefs of a completed profile: its preference model's.

    Args:
        completed: known answers and the model.
        seed: of the draws; they are others than those of `Completed.draw` with small numbers.
        approval: utility from which an agent approves a statement.
    """

    def __init__(self, completed: Completed, seed: int, approval: float) -> None:
        self.completed, self.seed, self.approval = completed, seed, approval

    def chances(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """See `Beliefs.chances`: on the grid of 1/1024, so that machines agree.

        A model that knows no chances of answers counts with its expected utility as a share of the scale's range.
        """
        return self.completed.once(("chances", self.approval), self._chances, agents, statements)

    def _chances(self, agents: IntArray, statements: IntArray) -> FloatArray:
        completed, scale = self.completed, self.completed.profile.answers.scale
        known = completed.known(agents, statements)
        parts = getattr(completed.model, "parts", None)
        if parts is None:
            low, high = scale.utility_range
            utilities = completed.utilities(agents, statements)
            believed = np.clip((utilities - low) / (high - low), 0.0, 1.0) if high > low else np.ones_like(utilities)
        else:
            # Utilities decide only where they are known, so that nothing is predicted for them.
            plain = type(completed) is Completed
            utilities = (
                np.ascontiguousarray(completed.said_columns(agents, statements).T)
                if plain
                else completed.utilities(agents, statements)
            )
            side, agree = parts(agents, statements)
            steps = int(getattr(completed.model, "trials", 1))
            believed = side * agree if scale.kind == "vote" else self._reaching(agree, steps)
        return np.where(known, (utilities >= self.approval).astype(np.float64), on_grid(believed))

    def draws(self, agents: IntArray, statements: IntArray, count: int) -> Iterator[Block]:
        """See `Beliefs.draws`. A statement's draws do not depend on what else is asked for."""
        completed = self.completed
        if type(completed) is not Completed or completed.model is None:
            for number in range(FIRST, FIRST + count):
                yield block_of(completed.draw(self.seed, number), agents, statements)
            return
        # What `Completed.draw` does, with what does not change from draw to draw looked up once, and some agents at a
        # time, so that intermediate results stay in the processor's cache.
        votes, said = completed.said_votes(agents, statements), completed.said_columns(agents, statements)
        places, missing = np.arange(len(agents)), np.isnan(said)
        for number in range(FIRST, FIRST + count):
            parameters = completed.model.draw(stream(self.seed, Stream.POSTERIOR, number))
            uniforms = Uniforms(self.seed, number, len(agents))
            if votes is not None and isinstance(parameters, VoteOdds):
                made = votes.copy()
                fill_votes(made, agents, statements, parameters, uniforms, places)
                yield Levels(VOTES, made)
                continue
            drawn = said.copy()
            fill(drawn, missing, agents, statements, parameters, uniforms, places)
            yield Numbers(drawn.T)

    def _reaching(self, agree: FloatArray, steps: int) -> FloatArray:
        """Chance that a binomial answer with so many steps is approval."""
        low, high = self.completed.profile.answers.scale.utility_range
        chance = np.zeros_like(agree)
        for k in range(steps + 1):
            if low + (high - low) * k / steps >= self.approval:
                chance += comb(steps, k) * agree**k * (1.0 - agree) ** (steps - k)
        return np.clip(chance, 0.0, 1.0)
