"""Answers that nobody gave, drawn from a model: in whatever blocks they are drawn, they are the same."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray
from ..profile.compiled import kernels
from .levels import UNKNOWN, Places

if TYPE_CHECKING:
    from ..preferences.protocol import Draw

# Agents x statements whose answers are drawn at once, so that intermediate results stay in the processor's cache.
CACHED = 80_000


class Uniforms:
    """The uniform numbers of a draw, one for each agent and statement.

    Args:
        seed: of the draws.
        number: of the draw.
        n_agents: how many agents there are.

    Raises:
        OverflowError: a seed or number outside of 64 bits.
    """

    def __init__(self, seed: int, number: int, n_agents: int) -> None:
        self.n_agents = n_agents
        self._key = np.array([seed, number], dtype=np.uint64)
        self.seed, self.number = self._key.tolist()

    def of(self, statements: IntArray) -> FloatArray:
        """float64 [n_statements, n_agents] in [0, 1): they do not depend on what else is asked for."""
        uniform = np.empty((len(statements), self.n_agents))
        if (compiled := kernels()) is not None:
            compiled.uniforms(self.seed, self.number, np.ascontiguousarray(statements, dtype=np.int64), uniform)
            return uniform
        bits, start = self._begun
        counter, rng = start["state"]["counter"], np.random.Generator(bits)
        for row, statement in zip(uniform, statements, strict=True):
            # Counter-based: a statement's numbers are generated without drawing those before it. Setting the counter
            # is quicker than a new generator, which asks the operating system for a seed first.
            counter[:] = (0, 0, 0, statement)
            bits.state = start
            rng.random(out=row)
        return uniform

    def at(self, statements: IntArray, places: IntArray) -> FloatArray:
        """float64 [n_statements, n_places]: `of`, at some places."""
        uniform = self.of(statements)
        if len(places) == self.n_agents and bool((places == np.arange(len(places))).all()):
            return uniform
        return uniform.take(places, axis=1)

    @cached_property
    def _begun(self) -> tuple[np.random.Philox, Any]:
        """The generator of this draw and the state that it begins in."""
        bits = np.random.Philox(key=self._key)
        return bits, bits.state


@runtime_checkable
class VoteOdds(Protocol):
    """A draw of a model that knows the odds of votes, as that of the low-rank model does; its answers are votes."""

    def vote_odds(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray] | None:
        """The odds to agree, and those not to take a side, float64 [n_statements, n_agents] each.

        None where odds are no numbers.
        """
        ...

    def answers(self, agents: IntArray, statements: IntArray, uniform: FloatArray) -> FloatArray:
        """See `Draw.answers`."""
        ...


def fill(
    utilities: FloatArray,
    missing: BoolArray,
    agents: IntArray,
    statements: IntArray,
    parameters: Draw,
    uniforms: Uniforms,
    places: IntArray,
) -> None:
    """Draws the answers that are missing; a statement's draws do not depend on what else is asked for.

    Args:
        utilities: float64 [n_statements, n_agents]: written where missing.
        missing: bool [n_statements, n_agents].
        agents: int64 [n_agents].
        statements: int64 [n_statements].
        parameters: the draw of the model's parameters.
        uniforms: the uniform numbers of this draw.
        places: int64 [n_agents] which of a statement's uniform numbers decides about an agent.
    """
    for part in _parts(len(statements), uniforms):
        sampled = parameters.answers(agents, statements[part], uniforms.at(statements[part], places).T)
        np.copyto(utilities[part], sampled.T, where=missing[part])


def fill_votes(
    votes: Places, agents: IntArray, statements: IntArray, parameters: VoteOdds, uniforms: Uniforms, places: IntArray
) -> None:
    """`fill` of votes, 0, 1 or 2 for the lowest, middle and highest utility.

    Where `kernels` are installed comparing odds with the uniform numbers is compiled.

    Args:
        votes: uint8 [n_statements, n_agents]: written where they are `UNKNOWN`.
        agents, statements, parameters, uniforms, places: as in `fill`.
    """
    places = np.ascontiguousarray(places, dtype=np.int64)
    compiled = kernels()
    for part in _parts(len(statements), uniforms):
        found = parameters.vote_odds(agents, statements[part]) if compiled is not None else None
        if compiled is not None and found is not None:
            columns, (agree, beyond) = np.ascontiguousarray(statements[part], dtype=np.int64), found
            compiled.votes(uniforms.seed, uniforms.number, columns, places, agree, beyond, votes[part])
            continue
        sampled = parameters.answers(agents, statements[part], uniforms.at(statements[part], places).T)
        np.copyto(votes[part], (2.0 * sampled.T).astype(np.uint8), where=votes[part] == UNKNOWN)


def _parts(count: int, uniforms: Uniforms) -> Iterator[slice]:
    """Some statements at a time."""
    step = max(1, CACHED // max(1, uniforms.n_agents))
    return (slice(start, start + step) for start in range(0, count, step))
