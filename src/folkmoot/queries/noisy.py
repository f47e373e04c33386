"""Queries with stated error: beta-accurate Disc, (gamma, delta, mu)-accurate Gen, at random or at their worst.

Boehmer, Fish, Procaccia 2025 (The Next Generation), section 2 for the definitions, section 3.4 and Appendix C for the
two models. The order of queries does not matter: the error of Disc depends on (seed, agent, statement), the answer of
Gen on (seed, group, level, cost, how often that query was put before).
"""

from __future__ import annotations

import struct
from copy import copy
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from ..profile import BoolArray, FloatArray, InputError, IntArray
from .closed_pool import ClosedPool
from .protocol import Disc

Model = Literal["random", "worst"]
MODELS: tuple[str, ...] = get_args(Model)
Keys = NDArray[np.uint64]
# Errors drawn at a time, so that they fit into the processor's cache.
CHUNK = 1 << 15
_MASK = (1 << 64) - 1


@dataclass(frozen=True)
class Accuracy:
    """How accurate the queries are; the default is exact.

    Args:
        beta: Disc is within beta of the utility; a multiple of ``grain``.
        gamma: Gen's answer has at least this share of the largest support, 0 < gamma <= 1.
        delta: the answer's support is counted at a level lower by this much, >= 0.
        mu: the largest support is taken over candidates of at most this share of the cost (rounded up), 0 < mu <= 1.
        grain: errors of Disc are multiples of this (utilities that are whole numbers stay whole numbers).

    Raises:
        InputError: a number is out of its range.
    """

    beta: float = 0.0
    gamma: float = 1.0
    delta: float = 0.0
    mu: float = 1.0
    grain: float = 1.0

    def __post_init__(self) -> None:
        if self.beta < 0 or self.delta < 0 or not 0 < self.gamma <= 1 or not 0 < self.mu <= 1 or self.grain <= 0:
            raise InputError("beta and delta must be at least 0, gamma and mu above 0 and at most 1, grain above 0")
        if self.beta != self.grain * round(self.beta / self.grain):
            raise InputError(f"beta {self.beta:g} is not a multiple of the grain {self.grain:g} of the errors")

    @property
    def steps(self) -> int:
        """beta as a number of grains."""
        return round(self.beta / self.grain)

    def enough(self, most: int) -> int:
        """ceil(gamma M), in integers: gamma is the decimal number it is written as."""
        return ceil(Fraction(str(self.gamma)) * most)

    def compared(self, cost: int) -> int:
        """ceil(mu x)."""
        return ceil(Fraction(str(self.mu)) * cost)


class NoisyDisc:
    """A discriminative query that errs by at most beta, the same way every time it is asked.

    Args:
        disc: the exact query.
        accuracy: the accuracy, of which beta and grain are used.
        model: ``random``: the error is uniform on -beta, -beta + grain, ..., beta; ``worst``: it is -beta or beta.
        seed: the seed of all errors.

    Raises:
        InputError: the model is unknown.
    """

    def __init__(self, disc: Disc, accuracy: Accuracy, model: str = "random", seed: int = 0) -> None:
        if model not in MODELS:
            raise InputError(f"unknown model of errors {model!r}; choose one of {', '.join(MODELS)}")
        self.disc, self.accuracy, self.model = disc, accuracy, model
        self.n_agents, self.n_statements = disc.n_agents, disc.n_statements
        root = np.random.SeedSequence([seed, MODELS.index(model)]).generate_state(3, np.uint64)
        self._agents = _mixed(np.arange(self.n_agents, dtype=np.uint64) + root[0])
        self._statements = _mixed(np.arange(self.n_statements, dtype=np.uint64) + root[1])
        self.root = int(root[2])

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """float64 [len(agents), len(statements)]: exact utilities plus errors."""
        return self.disc.utilities(agents, statements) + self.errors(agents, statements)

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """See `Disc.known`; the same as for the exact query."""
        return self.disc.known(agents, statements)

    def errors(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """float64 [len(agents), len(statements)] within [-beta, beta]."""
        errors = np.zeros((len(agents), len(statements)))
        steps = self.accuracy.steps
        if not steps:
            return errors
        sides = 2 * steps + 1 if self.model == "random" else 2
        width = 1 if self.model == "random" else 2 * steps
        rows, columns = self._agents[agents], self._statements[statements]
        height = max(1, CHUNK // max(1, len(columns)))
        for start in range(0, len(rows), height):
            bits = _mixed(rows[start : start + height, None] + columns)
            bits >>= np.uint64(32)
            bits *= np.uint64(sides)
            bits >>= np.uint64(32)
            errors[start : start + height] = bits
        errors *= width * self.accuracy.grain
        errors -= steps * self.accuracy.grain
        return errors

    def group(self, agents: IntArray) -> int:
        """A number for a set of agents."""
        return int(np.bitwise_xor.reduce(self._agents[agents])) if len(agents) else 0


class NoisyPool(ClosedPool):
    """A closed pool whose queries err as stated; every process runs on it.

    ``utilities``, ``support``, ``reachable`` and what is built on them are the noisy Disc; `best_at_level` and
    `best_at_rank` are the noisy Gen, one answer without ties.

    Args:
        truth: the exact queries over the same candidates.
        accuracy: the values of beta, gamma, delta and mu.
        model: ``random``: Gen answers with any candidate that its accuracy allows, each as likely; ``worst``: with
            one of those that the fewest approve at the level lowered by delta. For Disc see `NoisyDisc`.
        seed: the seed of all errors.
        equal_cost: whether Gen answers with candidates of exactly the cost in the query, compared with those of
            exactly ceil(mu x), instead of all that cost at most as much (as in the paper's experiments, where every
            statement has one length).

    Raises:
        InputError: the model is unknown.
    """

    exact = False

    def __init__(
        self, truth: ClosedPool, accuracy: Accuracy, model: str = "random", seed: int = 0, equal_cost: bool = False
    ) -> None:
        self.truth, self.accuracy, self.model, self.equal_cost = truth, accuracy, model, equal_cost
        self._noise = NoisyDisc(truth.disc, accuracy, model, seed)
        self._order = np.argsort(truth.costs, kind="stable")
        self._sorted_costs = truth.costs[self._order]
        self._forget()
        super().__init__(self._noise, truth.statements, truth.costs, truth.masses)

    def fresh(self, equal_cost: bool = False) -> NoisyPool:
        """A pool with the same errors of Disc for another run, whose Gen starts without earlier queries."""
        other = copy(self)
        other.equal_cost = equal_cost
        other._forget()
        return other

    def best_at_level(
        self, agents: IntArray, level: float, max_cost: int, candidates: IntArray | None = None
    ) -> tuple[int, list[int]]:
        """A (gamma, delta, mu)-accurate answer: c(a*) <= x and sup(a*, S, l - delta) >= gamma M.

        M = max{sup(a, S, l): c(a) <= ceil(mu x)}; where it is 0 every candidate of cost at most x is as good. -1
        where none is accurate (none costs so little; with equal costs, none has enough support).
        """
        self.questions += 1
        self._begin_group(agents)
        if candidates is None:
            question = (level, max_cost)
            if question not in self._allowed:
                self._allowed[question] = self._order[self._accurate(agents, level, max_cost)]
            allowed = self._allowed[question]
        else:
            allowed = self._accurate_among(agents, level, max_cost, candidates)
        if not len(allowed):
            return -1, []
        return int(allowed[self._drawn(level, max_cost, len(allowed))]), []

    def best_at_rank(self, agents: IntArray, rank: int, candidates: IntArray | None = None) -> tuple[int, list[int]]:
        """`best_at_level` at the highest level that some candidate reaches with that mass, whatever the cost."""
        among = np.arange(self.size) if candidates is None else candidates
        reached = self.truth.reachable(agents, among, np.full(len(among), rank, dtype=np.int64))
        return self.best_at_level(agents, float(reached.max()), int(self.costs.max()), candidates)

    def _ask(self, agents: IntArray, candidates: IntArray) -> FloatArray:
        self.n_asked += len(agents) * len(candidates)
        return self.truth.utilities(agents, candidates) + self._noise.errors(agents, self.statements[candidates])

    def _forget(self) -> None:
        self.questions = 0
        self._agents = np.zeros(0, dtype=np.int64)
        self._group = 0
        self._tallies: dict[float, IntArray] = {}
        self._allowed: dict[tuple[float, int], IntArray] = {}
        self._times: dict[tuple[int, float, int], int] = {}

    def _begin_group(self, agents: IntArray) -> None:
        """Forgets what was computed for another group."""
        if not np.array_equal(agents, self._agents):
            self._agents = agents.copy()
            self._group = self._noise.group(agents)
            self._tallies, self._allowed = {}, {}

    def _tally(self, agents: IntArray, level: float) -> IntArray:
        """True support of every candidate at a level, cheapest candidates first."""
        if level not in self._tallies:
            self._tallies[level] = self.truth.support(agents, np.arange(self.size), level)[self._order]
        return self._tallies[level]

    def _between(self, cost: int) -> slice:
        first = int(np.searchsorted(self._sorted_costs, cost, "left")) if self.equal_cost else 0
        return slice(first, int(np.searchsorted(self._sorted_costs, cost, "right")))

    def _accurate(self, agents: IntArray, level: float, max_cost: int) -> IntArray:
        """Places, cheapest first, of the candidates with which an accurate Gen may answer."""
        most = int(self._tally(agents, level)[self._between(self.accuracy.compared(max_cost))].max(initial=0))
        place = self._between(max_cost)
        support = self._tally(agents, level - self.accuracy.delta)[place]
        return np.asarray(self._pick(support, most) + place.start)

    def _accurate_among(self, agents: IntArray, level: float, max_cost: int, candidates: IntArray) -> IntArray:
        """The same among some candidates, as pool numbers."""
        costs, other = self.costs[candidates], self.accuracy.compared(max_cost)
        compared = candidates[costs == other if self.equal_cost else costs <= other]
        most = int(self.truth.support(agents, compared, level).max(initial=0)) if len(compared) else 0
        affordable = candidates[costs == max_cost if self.equal_cost else costs <= max_cost]
        support = self.truth.support(agents, affordable, level - self.accuracy.delta)
        accurate: IntArray = affordable[self._pick(support, most)]
        return accurate

    def _pick(self, support: IntArray, most: int) -> IntArray:
        places = np.flatnonzero(support >= self.accuracy.enough(most))
        if self.model == "worst" and len(places):
            least = support[places]
            places = places[least == least.min()]
        return places

    def _drawn(self, level: float, max_cost: int, count: int) -> int:
        question = (self._group, level, max_cost)
        time = self._times.get(question, 0)
        self._times[question] = time + 1
        (bits,) = struct.unpack("<Q", struct.pack("<d", level))
        key = self._noise.root
        for part in (self._group, bits, max_cost, time):
            key = _mixed_one(key ^ part)
        return (key * count) >> 64


def _mixed(bits: Keys) -> Keys:
    """Splitmix64's finaliser, in place: every bit of the result depends on every bit of the input."""
    bits ^= bits >> np.uint64(30)
    bits *= np.uint64(0xBF58476D1CE4E5B9)
    bits ^= bits >> np.uint64(27)
    bits *= np.uint64(0x94D049BB133111EB)
    bits ^= bits >> np.uint64(31)
    return bits


def _mixed_one(bits: int) -> int:
    bits = (bits + 0x9E3779B97F4A7C15) & _MASK
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & _MASK
    return bits ^ (bits >> 31)
