"""What the counter-examples share: the process's side, its oracle, and the coalition that is left in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol, TypeVar

import numpy as np

from folkmoot.audits import Subject, cbjr
from folkmoot.profile import BoolArray, FloatArray, IntArray, WorkError
from folkmoot.queries import ClosedPool

Agents = tuple[int, ...]
Group = TypeVar("Group")


@dataclass(frozen=True)
class Chosen:
    """A process's result: statements, and int64 [n] the place of everybody's statement, -1 for none."""

    statements: Sequence[int]
    assignment: IntArray


class Oracle(Protocol):
    """Both queries over a universe that nobody sees; statements are numbers in the order in which they came up."""

    @property
    def n(self) -> int:
        """How many agents there are."""

    @property
    def budget(self) -> int:
        """What a slate may cost."""

    @property
    def levels(self) -> Sequence[float]:
        """Approval levels, highest first."""

    def gen(self, agents: Agents, level: float, cost: int) -> int:
        """A statement that costs at most ``cost`` and many of the agents approve at the level."""

    def disc(self, agent: int, statement: int) -> float:
        """The agent's utility for a statement that came up."""

    def cost(self, statement: int) -> int:
        """What a statement that came up costs."""


Run = Callable[[Oracle], Chosen]


def democratic(oracle: Oracle, size: int | None = None, rng: np.random.Generator | None = None) -> Chosen:
    """Algorithm 1 of NG with C = [B] and f(l) = every level from l up, asking for at most ``size`` agents at a time."""
    left, spent = list(range(oracle.n)), 0
    statements: list[int] = []
    assignment = np.full(oracle.n, -1, dtype=np.int64)
    for place, level in enumerate(oracle.levels):
        step = oracle.budget
        while step and left:
            if spent + step > oracle.budget:
                step -= 1
                continue
            group = tuple(left)
            if size is not None and len(left) > size:
                drawn = left[:size] if rng is None else rng.choice(left, size, replace=False).tolist()
                group = tuple(sorted(drawn))
            offers = [oracle.gen(group, above, step) for above in oracle.levels[: place + 1]]
            support = {a: [i for i in left if oracle.disc(i, a) >= level] for a in offers}
            best = max(offers, key=lambda a: len(support[a]))
            need = -(-oracle.cost(best) * oracle.n // oracle.budget)
            if best in statements or len(support[best]) < need:
                step -= 1
                continue
            taken = sorted(support[best], key=lambda i: -oracle.disc(i, best))[:need]
            assignment[taken] = len(statements)
            statements.append(best)
            spent += oracle.cost(best)
            left = [i for i in left if i not in taken]
    return Chosen(statements, assignment)


def fans(oracle: Oracle, size: int, rng: np.random.Generator | None = None) -> Chosen:
    """Process 1 of GSC, asking for at most ``size`` agents at a time."""
    n, k = oracle.n, oracle.budget
    left = list(range(n))
    statements: list[int] = []
    assignment = np.full(n, -1, dtype=np.int64)
    for j in range(k):
        if len(left) <= size:
            group = tuple(left)
        else:
            group = tuple(sorted(left[:size] if rng is None else rng.choice(left, size, replace=False).tolist()))
        best = oracle.gen(group, min(-(-n // k), len(group)), 1)
        share = -(-n // k) if j < n - k * (n // k) else n // k
        taken = sorted(left, key=lambda i: -oracle.disc(i, best))[:share]
        assignment[taken] = len(statements)
        statements.append(best)
        left = [i for i in left if i not in taken]
    return Chosen(statements, assignment)


class Truth:
    """Disc over the utilities that the adversary settled on."""

    def __init__(self, values: FloatArray) -> None:
        self.values = values
        self.n_agents, self.n_statements = values.shape

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        return self.values[np.ix_(agents, statements)]

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        return np.ones((len(agents), len(statements)), dtype=bool)


def settled(x: Group | None) -> Group:
    """What an adversary settled on.

    Raises:
        WorkError: it could not: the process asked for too much.
    """
    if x is None:
        raise WorkError("the process gave the hidden group away: it made more queries than the theorem allows")
    return x


def report(
    theorem: str,
    statement: str,
    note: str,
    instance: dict[str, Any],
    within: bool,
    pool: ClosedPool,
    chosen: Chosen,
    budget: int,
    slack: float = 0.0,
) -> dict[str, Any]:
    """What is left to complain about, JSON-ready: see `counterexamples.run`."""
    places = np.arange(len(chosen.statements))
    subject = Subject(pool, places, np.asarray(chosen.assignment, dtype=np.int64), budget)
    worst = cbjr.worst(subject, subject.own, subject.offers, slack)
    # The same without balance: everyone counts with their favourite of the slate.
    unbalanced = cbjr.worst(subject, subject.best, subject.offers, slack)
    return {
        "theorem": theorem,
        "statement": statement,
        "note": note,
        "instance": instance,
        "answers_within_accuracy": within,
        "slate": [{"cost": int(pool.costs[at]), "assigned": int((chosen.assignment == at).sum())} for at in places],
        "slack": slack,
        "d": str(Fraction(worst.mass, worst.need)) if worst else "0",
        "violated": worst is not None and worst.violates,
        "violated_without_balance": unbalanced is not None and unbalanced.violates,
        "witness": worst
        and {
            "agents": worst.members.tolist(),
            "threshold": worst.theta,
            "mass": worst.mass,
            "need": worst.need,
            "cost": int(pool.costs[worst.candidate]),
            "utility_for_it": sorted({float(v) for v in _column(pool, worst.candidate)[worst.members]}),
            "utility_now": sorted({float(v) for v in _finite(subject.own[worst.members])}),
        },
    }


def _column(pool: ClosedPool, candidate: int) -> FloatArray:
    return pool.utilities(pool.agents, np.array([candidate]))[:, 0]


def _finite(values: FloatArray) -> Iterator[float]:
    return (float(v) for v in values if np.isfinite(v))
