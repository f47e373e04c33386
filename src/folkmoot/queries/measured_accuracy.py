"""The accuracy of queries, measured where the truth is known: beta of Disc; gamma, delta and mu of Gen.

The definitions are those of Boehmer, Fish, Procaccia 2025, section 2. For a Gen the three numbers trade off against
each other: each function takes two of them and gives the best value of the third that fits every recorded answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..profile import IntArray
from .closed_pool import ClosedPool
from .protocol import Disc, Gen


@dataclass(frozen=True)
class Answer:
    """One generative query and its answer.

    Args:
        agents: the group S.
        level: l.
        max_cost: x.
        candidate: the pool number of the answer, -1 where there was none.
    """

    agents: IntArray
    level: float
    max_cost: int
    candidate: int


def ask(gen: Gen, truth: ClosedPool, rng: np.random.Generator, count: int, levels: Sequence[float]) -> list[Answer]:
    """Puts ``count`` generative queries about random groups, levels and costs.

    Args:
        gen: the query that is measured.
        truth: the pool that has the number of agents and the costs.
        rng: the generator that draws the queries.
        count: the number of queries.
        levels: the approval levels among which to draw.
    """
    costs = np.unique(truth.costs)
    answers = []
    for _ in range(count):
        size = int(rng.integers(1, truth.n_agents + 1))
        agents = np.sort(rng.choice(truth.n_agents, size, replace=False))
        level, cost = float(rng.choice(np.asarray(levels))), int(rng.choice(costs))
        answers.append(Answer(agents, level, cost, gen.best_at_level(agents, level, cost)[0]))
    return answers


def beta(disc: Disc, truth: Disc, agents: IntArray, statements: IntArray) -> float:
    """Largest error of the discriminative query over these agents and statements (where both know an answer)."""
    error = np.abs(disc.utilities(agents, statements) - truth.utilities(agents, statements))
    return float(np.nanmax(error, initial=0.0)) if error.size else 0.0


def affordable(answers: Sequence[Answer], truth: ClosedPool) -> bool:
    """Whether no answer costs more than was allowed; otherwise no gamma, delta and mu fit."""
    return all(a.candidate < 0 or int(truth.costs[a.candidate]) <= a.max_cost for a in answers)


def gamma(answers: Sequence[Answer], truth: ClosedPool, delta: float = 0.0, mu: float = 1.0) -> Fraction:
    """Largest gamma <= 1 with which every answer is (gamma, delta, mu)-accurate; 0 where one has no support at all."""
    largest = Fraction(1)
    for answer in answers:
        most = _most(answer, truth, -(-Fraction(str(mu)) * answer.max_cost // 1))
        if most:
            largest = min(largest, Fraction(_support(answer, truth, answer.level - delta), most))
    return largest


def delta(answers: Sequence[Answer], truth: ClosedPool, gamma: float = 1.0, mu: float = 1.0) -> float:
    """Smallest delta >= 0 with which every answer is (gamma, delta, mu)-accurate; inf where none is enough."""
    smallest = 0.0
    for answer in answers:
        most = _most(answer, truth, -(-Fraction(str(mu)) * answer.max_cost // 1))
        wanted = int(-(-Fraction(str(gamma)) * most // 1))
        if not wanted:
            continue
        if answer.candidate < 0:
            return float("inf")
        reached = truth.reachable(answer.agents, np.array([answer.candidate]), np.array([wanted]))[0]
        smallest = max(smallest, answer.level - float(reached))
    return smallest


def mu(answers: Sequence[Answer], truth: ClosedPool, gamma: float = 1.0, delta: float = 0.0) -> Fraction:
    """Largest mu <= 1 with which every answer is (gamma, delta, mu)-accurate; 0 where even the cheapest do better."""
    largest = Fraction(1)
    for answer in answers:
        support = _support(answer, truth, answer.level - delta)
        cap = answer.max_cost
        while cap > 0 and Fraction(str(gamma)) * _most(answer, truth, cap) > support:
            cap -= 1
        # ceil(mu x) <= cap exactly when mu <= cap / x.
        largest = min(largest, Fraction(cap, answer.max_cost))
    return largest


def _support(answer: Answer, truth: ClosedPool, level: float) -> int:
    if answer.candidate < 0:
        return 0
    return int(truth.support(answer.agents, np.array([answer.candidate]), level)[0])


def _most(answer: Answer, truth: ClosedPool, max_cost: int | Fraction) -> int:
    """M: the largest support at the level among candidates of at most that cost."""
    among = np.flatnonzero(truth.costs <= int(max_cost))
    return int(truth.support(answer.agents, among, answer.level).max()) if len(among) else 0
