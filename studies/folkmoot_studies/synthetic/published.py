"""The published experiment draw by draw: Tables 2 and 3 on the populations and with the luck of the paper itself.

The paper's instances are seeds 0 to 99 of Python's own generator (`random.Random`). To see the same figures, the same
numbers have to be drawn in the same order, which this module does over the arrays of `world`:

* opinions: one draw an agent and issue, agent by agent;
* Gen: one draw among the statements that qualify, in the order of their length, then of the issues they cover, then of
  their opinions. Where nothing reaches the level, a support of 0 is enough and every statement qualifies;
* Disc: one draw for an agent and a statement when that value is first needed, and never again. A draw of an error of 0
  is a draw as well.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence
from functools import cache

import numpy as np

from folkmoot.profile import FloatArray, IntArray, needs
from folkmoot.queries import Accuracy
from folkmoot.queries.counts import Bytes, Tally, approvals

from .levels import frontier_of_levels
from .settings import BUDGET, Chosen
from .world import ISSUES, MOST, OPINIONS, SLACKS, THETAS

AGENTS, INSTANCES = 60, 100
# What the published program asks for: of every process (statements' lengths in order of asking, levels asked at).
STEPS: dict[str, Sequence[int]] = {
    "uniform": (ISSUES,),
    "fast": tuple(j * BUDGET // AGENTS for j in range(ISSUES * AGENTS // BUDGET, AGENTS // BUDGET - 1, -1)),
    "complex": tuple(range(ISSUES, 0, -1)),
}


@cache
def statements() -> IntArray:
    """int64 [m, ISSUES], 0 where a statement is silent: by length, then by the issues covered, then by opinions."""
    rows = []
    for length in range(1, ISSUES + 1):
        for issues in itertools.combinations(range(ISSUES), length):
            for said in itertools.product(range(1, OPINIONS + 1), repeat=length):
                row = [0] * ISSUES
                for issue, opinion in zip(issues, said, strict=True):
                    row[issue] = opinion
                rows.append(row)
    return np.array(rows, dtype=np.int64)


@cache
def costs() -> IntArray:
    """int64 [m], issues covered."""
    return np.asarray((statements() > 0).sum(axis=1), dtype=np.int64)


@cache
def ends() -> IntArray:
    """int64 [ISSUES + 1]: before this place stand the statements of at most so many issues."""
    return np.searchsorted(costs(), np.arange(ISSUES + 1), "right").astype(np.int64)


class Population:
    """The agents of one seed, and the generator that goes on after they are drawn.

    Args:
        seed: the seed, 0 to 99 in the paper.
    """

    def __init__(self, seed: int) -> None:
        # Python's own generator, as the paper's program has it; nothing here is a secret.
        draws = random.Random(seed)  # noqa: S311
        choices = list(range(1, OPINIONS + 1))
        opinions = np.array([[draws.choice(choices) for _ in range(ISSUES)] for _ in range(AGENTS)])
        self._state = draws.getstate()
        said = statements()[None]
        worth = OPINIONS // 2 - np.abs(opinions[:, None, :] - said)
        # int8 [n, m], true utilities.
        self.values: Bytes = np.where(said > 0, worth, 0).sum(axis=2).astype(np.int8)
        self._counts: dict[tuple[bytes, int], Tally] = {}

    def draws(self) -> random.Random:
        """The generator as it stands when the agents have been drawn."""
        fresh = random.Random()  # noqa: S311
        fresh.setstate(self._state)
        return fresh

    def support(self, left: IntArray, level: int) -> Tally:
        """int32 [m]: how many of the agents value each statement at the level or more."""
        # All processes and accuracies begin with the same groups.
        everybody = len(left) == AGENTS
        key = (left.tobytes() if not everybody else b"", level)
        if key not in self._counts:
            if not everybody:
                return approvals(self.values[left], level)
            self._counts[key] = approvals(self.values, level)
        return self._counts[key]


class Run:
    """One run of the published program.

    Args:
        population: the agents.
        accuracy: the accuracy of the queries.
        worst: errors at their worst, not at random.
        process: ``uniform``, ``fast`` or ``complex``.
    """

    def __init__(self, population: Population, accuracy: Accuracy, worst: bool, process: str) -> None:
        self._population, self._accuracy, self._worst, self._process = population, accuracy, worst, process
        self._draws = population.draws()
        self._errors: dict[int, dict[int, int]] = {}
        self._supports: dict[int, Tally] = {}
        self._left = np.arange(AGENTS)
        self._questions = self._pairs = 0

    def choose(self) -> Chosen:
        """The slate, statements by their place in `statements`."""
        assignment = np.full(AGENTS, -1, dtype=np.int64)
        chosen: list[int] = []
        steps, level = STEPS[self._process], MOST
        while level >= 0 and len(self._left):
            at = 0
            while at < len(steps) and len(self._left):
                best = self._asked(steps[at], level)
                taken = None if best is None else self._taken(best, level)
                if best is None or taken is None:
                    at += 1
                    continue
                assignment[taken] = len(chosen)
                chosen.append(best)
                self._left = self._left[~np.isin(self._left, taken)]
                self._supports = {}
            level -= 1
        return Chosen(np.array(chosen, dtype=np.int64), assignment, self._questions, self._pairs)

    def _asked(self, cost: int, level: int) -> int | None:
        """What is offered: Gen's answer, or the best supported of its answers at this level and those above."""
        if self._process != "complex":
            return self._generated(cost, level)
        offers = [a for above in range(level, MOST + 1) if (a := self._generated(cost, above)) is not None]
        if not offers:
            return None
        # The first of the best, each evaluated once and in this order.
        return max(offers, key=lambda a: int((self._heard(a) >= level).sum()))

    def _generated(self, cost: int, level: int) -> int | None:
        self._questions += 1
        accuracy, until = self._accuracy, ends()
        least = until[cost - 1] if self._process == "uniform" else 0
        reach = math.ceil(accuracy.mu * cost)
        begin = until[reach - 1] if self._process == "uniform" else 0
        most = int(self._support(level)[begin : until[reach]].max(initial=0))
        support = self._support(level - int(accuracy.delta))[least : until[cost]]
        qualify = np.flatnonzero(support >= math.ceil(accuracy.gamma * most))
        if self._worst and len(qualify):
            qualify = qualify[support[qualify] == support[qualify].min()]
        if not len(qualify):
            return None
        return int(least + qualify[self._draws.choice(range(len(qualify)))])

    def _support(self, level: int) -> Tally:
        if level not in self._supports:
            self._supports[level] = self._population.support(self._left, level)
        return self._supports[level]

    def _heard(self, statement: int) -> IntArray:
        """int64 [len(left)]: Disc's values, drawn for whoever has none yet."""
        errors = self._errors.setdefault(statement, {})
        beta = int(self._accuracy.beta)
        for agent in self._left.tolist():
            if agent not in errors:
                self._pairs += 1
                errors[agent] = self._draws.choice((-1, 1)) * beta if self._worst else self._draws.randint(-beta, beta)
        erring = np.array([errors[agent] for agent in self._left.tolist()], dtype=np.int64)
        return np.asarray(self._population.values[self._left, statement] + erring, dtype=np.int64)

    def _taken(self, statement: int, level: int) -> IntArray | None:
        """Who is represented by it: the supporters who like it best, the first of equals; None if they are too few."""
        heard = self._heard(statement)
        supporters = np.flatnonzero(heard >= level)
        need = -(-int(costs()[statement]) * AGENTS // BUDGET)
        if len(supporters) < need:
            return None
        return np.asarray(self._left[supporters[np.argsort(-heard[supporters], kind="stable")[:need]]])


def figures(population: Population, chosen: Chosen) -> tuple[FloatArray, FloatArray]:
    """The true utilities float64 [n] of the agents' own statements (0 for those left over), and d(0), ..., d(10)."""
    own = np.zeros(AGENTS)
    for place, statement in enumerate(chosen.statements):
        mine = np.flatnonzero(chosen.assignment == place)
        own[mine] = population.values[mine, statement]
    shares = needs(costs(), AGENTS, BUDGET)
    return own, frontier_of_levels(own, population.values, shares, THETAS, SLACKS)
