"""NG Theorems 3.3 and 3.4 (Boehmer, Fish, Procaccia 2025): approximate queries leave a coalition that complains.

The constructions of the paper's Appendix B. Where costs are rounded up as in its definition of accuracy, the one of
Theorem 3.4 has to be changed, and its bound is reached only in the limit (see `Scarce`).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from folkmoot.profile import InputError
from folkmoot.queries import ClosedPool

from .adversary import Agents, Chosen, Run, Truth, democratic, report, settled


@dataclass
class Unclear:
    """NG Theorem 3.3: unit costs; utilities are never seen more exactly than +-beta, levels not than delta.

    n = 2 B agents, X of n/B = 2 of them. Statements: for X, and for every set of others, one worth 2 beta + delta + 1
    to exactly those and copies worth 2 beta + 1; 1 to everyone else. Gen answers with a copy for the larger of S ∩ X
    and S without X, Disc with 1 + beta always.
    """

    budget: int
    beta: int
    delta: int
    queries: list[Agents] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.budget < 8:
            raise InputError("the construction needs a budget of at least 8")

    @property
    def n(self) -> int:
        return 2 * self.budget

    @property
    def levels(self) -> Sequence[float]:
        return [float(v) for v in range(2 * self.beta + self.delta + 1, 0, -1)]

    def gen(self, agents: Agents, level: float, cost: int) -> int:
        if agents not in self.queries:
            self.queries.append(agents)
        return self.queries.index(agents)

    def disc(self, agent: int, statement: int) -> float:
        return 1.0 + self.beta

    def cost(self, statement: int) -> int:
        return 1

    def settle(self, chosen: Chosen) -> frozenset[int] | None:
        """X: no statement of the slate was generated for a set half of which is more than half X."""
        made = [set(self.queries[a]) for a in chosen.statements]
        for one in range(self.n):
            for other in range(one + 1, self.n):
                x = frozenset({one, other})
                if all(2 * len(x & agents) <= len(agents) for agents in made):
                    return x
        return None

    def _for(self, agents: Agents, x: Collection[int]) -> frozenset[int]:
        """Those to whom the answer for S = ``agents`` is worth 2 beta + 1."""
        inside = set(x).intersection(agents)
        return frozenset(x) if 2 * len(inside) > len(agents) else frozenset(agents) - inside

    def accurate(self, x: Collection[int]) -> bool:
        """Gen is (1, delta, 1)-accurate and Disc beta-accurate, checked answer by answer at every level."""
        high = 2 * self.beta + 1
        for agents in self.queries:
            liked = self._for(agents, x)
            for level in self.levels:
                supported = len(liked.intersection(agents)) if level - self.delta > 1 else len(agents)
                inside = len(set(x).intersection(agents))
                most = len(agents) if level <= 1 else max(inside, len(agents) - inside)
                if level - self.delta > high or supported < most:
                    return False
        return all(abs(1 + self.beta - true) <= self.beta for true in (1, high))

    def pool(self, chosen: Chosen, x: Collection[int]) -> ClosedPool:
        top, high = 2 * self.beta + self.delta + 1, 2 * self.beta + 1
        made = [self._for(self.queries[a], x) for a in chosen.statements]
        rows = [[*(high if i in s else 1 for s in made), top if i in x else 1] for i in range(self.n)]
        return ClosedPool(
            Truth(np.array(rows, dtype=np.float64)), np.arange(len(made) + 1), np.ones(len(made) + 1, dtype=np.int64)
        )


@dataclass
class Scarce:
    """NG Theorem 3.4: exact Disc, and a Gen that finds gamma of the support and misjudges costs by mu.

    gamma = s/t, mu = a/b. With q = ``scale``: B = t b q, n = (s + 1) B, k = t, g = n / (k gamma + 1) = B. For every
    set of at most g agents there are two statements that exactly they approve (utility p + 2, else 1), one for
    b q and one for about a q; and one for 1 that nobody approves. Gen for less than b q finds only the last; otherwise
    the dear one of gamma g agents of S.

    The definition of accuracy rounds mu x up. Then a statement for a q would have to be found with x = b q - 1, so it
    costs one more here (``rounded``), and the bound is reached in the limit of large ``scale``. Without rounding (the
    proof's reading) it is reached exactly.
    """

    gamma: Fraction
    mu: Fraction
    scale: int
    rounded: bool
    levels: Sequence[float]
    supporters: list[frozenset[int]] = field(default_factory=lambda: [frozenset()])
    queries: list[tuple[Agents, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not (0 < self.gamma < 1 and 0 < self.mu < 1):
            raise InputError("gamma and mu must be between 0 and 1")
        if self.scale < 1:
            raise InputError("the scale must be at least 1")

    @property
    def dear(self) -> int:
        return self.mu.denominator * self.scale

    @property
    def cheap(self) -> int:
        return self.mu.numerator * self.scale + self.rounded

    @property
    def budget(self) -> int:
        return self.gamma.denominator * self.dear

    @property
    def n(self) -> int:
        return (self.gamma.numerator + 1) * self.budget

    @property
    def group(self) -> int:
        """g: agents who together complain."""
        return self.budget

    def gen(self, agents: Agents, level: float, cost: int) -> int:
        supporters = frozenset() if cost < self.dear else frozenset(agents[: int(self.gamma * self.group)])
        if supporters not in self.supporters:
            self.supporters.append(supporters)
        at = self.supporters.index(supporters)
        self.queries.append((agents, cost, at))
        return at

    def disc(self, agent: int, statement: int) -> float:
        return self.levels[0] if agent in self.supporters[statement] else 1.0

    def cost(self, statement: int) -> int:
        return self.dear if statement else 1

    def settle(self, chosen: Chosen) -> frozenset[int] | None:
        served = set().union(*(self.supporters[a] for a in chosen.statements)) if chosen.statements else set()
        free = [i for i in range(self.n) if i not in served]
        return frozenset(free[: self.group]) if len(free) >= self.group else None

    def accurate(self) -> bool:
        """Gen is (gamma, 0, mu)-accurate, checked answer by answer above level 1 (where all approve everything)."""
        for agents, cost, at in self.queries:
            reach = self.mu * cost
            within = math.ceil(reach) if self.rounded else reach
            most = min(len(agents), self.group) if min(self.cheap, self.dear) <= within else 0
            if self.cost(at) > cost or len(self.supporters[at].intersection(agents)) < self.gamma * most:
                return False
        return True

    def pool(self, chosen: Chosen, x: Collection[int]) -> ClosedPool:
        sets = [*(self.supporters[a] for a in chosen.statements), frozenset(x)]
        values = np.array([[self.levels[0] if i in s else 1.0 for s in sets] for i in range(self.n)])
        costs = np.array([*(self.cost(a) for a in chosen.statements), self.cheap], dtype=np.int64)
        return ClosedPool(Truth(values), np.arange(len(sets)), costs)


def theorem_3_3(
    beta: int = 1, delta: int = 1, epsilon: float = 0.5, budget: int = 8, run: Run | None = None
) -> dict[str, Any]:
    """NG Theorem 3.3: no (2 beta + delta - epsilon, 1)-cBJR from beta- and (1, delta, 1)-accurate queries."""
    oracle = Unclear(budget, beta, delta)
    chosen = (run or democratic)(oracle)
    x = settled(oracle.settle(chosen))
    return report(
        "NG Theorem 3.3",
        "No process with beta-accurate Disc and (1, delta, 1)-accurate Gen guarantees "
        "(2 beta + delta - epsilon, 1)-cBJR, even with unit costs.",
        "",
        {"n": oracle.n, "B": budget, "beta": beta, "delta": delta, "queries": len(oracle.queries)},
        oracle.accurate(x),
        oracle.pool(chosen, x),
        chosen,
        budget,
        slack=2 * beta + delta - epsilon,
    )


def theorem_3_4(
    gamma: Fraction = Fraction(1, 2),
    mu: Fraction = Fraction(1, 2),
    p: int = 3,
    scale: int = 1,
    *,
    rounded: bool = False,
    run: Run | None = None,
) -> dict[str, Any]:
    """NG Theorem 3.4: no (p, k / (mu (k gamma + 1)))-cBJR from exact Disc and (gamma, 0, mu)-accurate Gen.

    See `Scarce` for ``scale`` and ``rounded``.
    """
    oracle = Scarce(gamma, mu, scale, rounded, (float(p + 2), 1.0))
    chosen = (run or democratic)(oracle)
    x = settled(oracle.settle(chosen))
    k = oracle.gamma.denominator
    claimed = k / (mu * (k * gamma + 1))
    return report(
        "NG Theorem 3.4",
        "No process with exact Disc and (gamma, 0, mu)-accurate Gen guarantees (p, d)-cBJR for "
        "d = k / (mu (k gamma + 1)).",
        "costs rounded up as in the definition of accuracy: reached in the limit only" if rounded else "",
        {
            "n": oracle.n,
            "B": oracle.budget,
            "gamma": str(gamma),
            "mu": str(mu),
            "p": p,
            "costs_rounded_up": rounded,
            "queries": len(oracle.queries),
            "d_of_the_theorem": str(claimed),
        },
        oracle.accurate(),
        oracle.pool(chosen, x),
        chosen,
        oracle.budget,
        slack=float(p),
    )
