"""The discriminative query over a profile: known answers count, the rest is predicted."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray, Profile
from ..profile.streams import Stream, stream
from .drawn import Uniforms, VoteOdds, fill, fill_votes
from .levels import UNKNOWN, Block, Levels, Numbers, Places
from .protocol import Disc

if TYPE_CHECKING:
    from ..preferences.protocol import Draw, PreferenceModel

# Predicted utilities are rounded to this grid: finer differences mean nothing, comparisons on the grid are exact in
# binary floating point, and the last bits in which machines differ cannot decide a threshold or a tie.
GRID = 1024
# Agents worked on at once, so that intermediate results stay in the processor's cache.
BLOCK = 4_096
#: The utilities of votes: to disagree, to pass, to agree.
VOTES = np.array([0.0, 0.5, 1.0])
# The known utilities of everybody and every statement, and what was worked out for everybody, are kept up to this many
# entries (64 MB).
KEPT = 8_000_000


def on_grid(utilities: FloatArray) -> FloatArray:
    """Utilities rounded to multiples of 1/1024."""
    return np.rint(utilities * GRID) / GRID


class Completed:
    """Utilities of a profile, completed by a preference model.

    Args:
        profile: the answers of people.
        model: the model that predicts missing answers; None leaves them nan (unless the scale determines them: what a
            complete ballot leaves out has the lowest utility).
    """

    def __init__(self, profile: Profile, model: PreferenceModel | None = None) -> None:
        self.profile = profile
        self.model = model
        self._found: dict[Hashable, tuple[IntArray, FloatArray]] = {}

    @property
    def n_agents(self) -> int:
        return self.profile.n_agents

    @property
    def n_statements(self) -> int:
        return self.profile.n_statements

    @property
    def said(self) -> Completed:
        """The utilities before answers are weighted by their reliability (`Weighed`); here the same object."""
        return self

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """See `Disc.known`."""
        if self.profile.answers.scale.complete:
            return np.ones((len(agents), len(statements)), dtype=bool)
        if self._everybody(agents, self.n_statements):
            return self._known.take(statements, axis=0).T
        return ~np.isnan(self.profile.dense(statements, agents))

    @cached_property
    def _known(self) -> BoolArray:
        """`known` of everybody, a row for every statement."""
        everybody, every = np.arange(self.n_agents), np.arange(self.n_statements)
        return np.ascontiguousarray(~np.isnan(self.profile.dense(every, everybody)).T)

    def _everybody(self, agents: IntArray, n_statements: int) -> bool:
        """Whether these are all people, few enough that something about them and so many statements is kept."""
        n = self.n_agents
        return len(agents) == n and n * n_statements <= KEPT and bool((agents == np.arange(n)).all())

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """See `Disc.utilities`."""
        return self.once("utilities", self._utilities, agents, statements)

    def once(
        self,
        name: Hashable,
        ask: Callable[[IntArray, IntArray], FloatArray],
        agents: IntArray,
        statements: IntArray,
    ) -> FloatArray:
        """What ``ask`` finds, float64 [n_agents, n_statements]; for everybody no statement is worked out twice.

        Only the largest set of statements is remembered: others are mostly some of them.

        Args:
            name: the name of what is asked for.
            ask: the function of agents and statements.
            agents: int64 [n_agents].
            statements: int64 [n_statements].
        """
        if not self._everybody(agents, len(statements)):
            return ask(agents, statements)
        found, values = self._found.get(name, (statements[:0], None))
        place = np.full(self.n_statements, -1, dtype=np.int64)
        place[found] = np.arange(len(found))
        if values is not None and (place[statements] >= 0).all():
            # In the order in memory that it was found in: sums may go along it.
            if values.flags.f_contiguous:
                return values.T.take(place[statements], axis=0).T
            return values.take(place[statements], axis=1)
        asked = ask(agents, statements)
        if len(statements) >= len(found):
            self._found[name] = statements.copy(), asked.copy(order="K")
        return asked

    def _utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        utilities = self._answered(agents, statements)
        if self.model is not None:
            for start in range(0, len(utilities), BLOCK):
                part = utilities[start : start + BLOCK]
                missing = np.isnan(part)
                if missing.any():
                    predicted = self.model.utilities(agents[start : start + BLOCK], statements)
                    np.copyto(part, on_grid(predicted), where=missing)
        return utilities

    def draw(self, seed: int, number: int) -> Disc:
        """Draw no. ``number`` of the unknown answers from their posterior; the known ones stay.

        Raises:
            ValueError: there is no model to draw from.
        """
        if self.model is None:
            raise ValueError("draws need a preference model")
        return Drawn(self, self.model.draw(stream(seed, Stream.POSTERIOR, number)), seed, number)

    def said_columns(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """float64 [n_statements, n_agents]: utilities of what was answered, nan where nothing is known."""
        if self.n_agents * self.n_statements > KEPT:
            return np.ascontiguousarray(self._answered(agents, statements).T)
        said = self._said[statements]
        return said if self._everybody(agents, self.n_statements) else said.take(agents, axis=1)

    def said_votes(self, agents: IntArray, statements: IntArray) -> Places | None:
        """uint8 [n_statements, n_agents]: votes, 0, 1, 2 or `UNKNOWN`; None where some answers are no votes."""
        if not self._votes_alone:
            return None
        if self.n_agents * self.n_statements > KEPT:
            return _votes(self.said_columns(agents, statements))
        said = self._said_votes[statements]
        return said if self._everybody(agents, self.n_statements) else said.take(agents, axis=1)

    @cached_property
    def _votes_alone(self) -> bool:
        answers = self.profile.answers
        return answers.scale.kind == "vote" and bool(np.isin(answers.value, (-1.0, 0.0, 1.0)).all())

    @cached_property
    def _said_votes(self) -> Places:
        """`said_votes` of everybody and every statement."""
        return _votes(self._said)

    @cached_property
    def _said(self) -> FloatArray:
        """`said_columns` of everybody and every statement: draws look answers up again and again."""
        everybody, every = np.arange(self.n_agents), np.arange(self.n_statements)
        return np.ascontiguousarray(self._answered(everybody, every).T)

    def _answered(self, agents: IntArray, statements: IntArray) -> FloatArray:
        scale = self.profile.answers.scale
        utilities = scale.utility(self.profile.dense(statements, agents))
        if scale.default_utility is not None:
            utilities[np.isnan(utilities)] = scale.default_utility
        return utilities


class Drawn:
    """One posterior draw of everybody's answers to all statements.

    The same agent and statement get the same answer however often and in whatever blocks they are asked for: the
    uniform numbers belong to (seed, draw, statement), one per agent.
    """

    def __init__(self, completed: Completed, parameters: Draw, seed: int, number: int) -> None:
        self._completed = completed
        self._parameters = parameters
        self._seed, self._number = seed, number
        self.n_agents = completed.n_agents
        self.n_statements = completed.n_statements

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """See `Disc.known`."""
        return self._completed.known(agents, statements)

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """See `Disc.utilities`."""
        return self.block(agents, statements).utilities

    def block(self, agents: IntArray, statements: IntArray) -> Block:
        """The utilities as a block."""
        uniforms = Uniforms(self._seed, self._number, self.n_agents)
        votes = self._completed.said_votes(agents, statements)
        if votes is not None and isinstance(self._parameters, VoteOdds):
            fill_votes(votes, agents, statements, self._parameters, uniforms, agents)
            return Levels(VOTES, votes)
        # Statement by statement in memory, as the uniform numbers are.
        utilities = self._completed.said_columns(agents, statements)
        missing = np.isnan(utilities)
        if missing.any():
            fill(utilities, missing, agents, statements, self._parameters, uniforms, agents)
        return Numbers(utilities.T)


def block_of(disc: Disc, agents: IntArray, statements: IntArray) -> Block:
    """Utilities as a block, as small as the query knows to make it."""
    return disc.block(agents, statements) if isinstance(disc, Drawn) else Numbers(disc.utilities(agents, statements))


def _votes(said: FloatArray) -> Places:
    """uint8: places of utilities among `VOTES`, `UNKNOWN` where they are nan."""
    return np.where(np.isnan(said), UNKNOWN, 2.0 * said).astype(np.uint8)
