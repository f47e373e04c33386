"""GSC Proposition 3 and Theorem 5 (Fish et al. 2024) as printed: generative queries for few agents at a time.

Both overshadow: for every set of agents that may be asked for there is an "unpopular" statement that serves it at least
as well as any popular one, so a query may always return that one. Utilities are 0 or 1, every statement costs 1, and a
slate may hold a statement several times.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from folkmoot.profile import InputError
from folkmoot.queries import ClosedPool

from .adversary import Agents, Chosen, Run, Truth, fans, report, settled

# Colourings of the agents that are tried before the adversary gives in.
TRIES = 2000
Popular = tuple[frozenset[int], ...]


@dataclass
class Overshadowed:
    """The oracle of both constructions.

    Args:
        n: the number of agents.
        k: the size of the slate.
        limit: t, the most agents that a generative query may be for.
        size: how many agents approve an unpopular statement; None: exactly those it was generated for.
    """

    n: int
    k: int
    limit: int
    size: int | None = None
    levels: Sequence[float] = (1.0,)
    supporters: list[frozenset[int]] = field(default_factory=list)
    queries: list[tuple[Agents, int]] = field(default_factory=list)

    @property
    def budget(self) -> int:
        return self.k

    def gen(self, agents: Agents, level: float, cost: int) -> int:
        """t-Gen(S, r), its ``level`` being the rank r: always an unpopular statement."""
        if len(agents) > self.limit:
            raise InputError(f"a query for {len(agents)} agents; the theorem allows {self.limit}")
        self.queries.append((agents, int(level)))
        self.supporters.append(frozenset(agents if self.size is None else self._canonical(agents, self.size)))
        return len(self.supporters) - 1

    def _canonical(self, agents: Agents, size: int) -> Agents:
        """The first of S, and where S is smaller than that, the first of the others."""
        others = [i for i in range(self.n) if i not in agents]
        return (*agents, *others)[:size] if len(agents) < size else agents[:size]

    def disc(self, agent: int, statement: int) -> float:
        return float(agent in self.supporters[statement])

    def cost(self, statement: int) -> int:
        return 1

    def best_answers(self, popular: Popular) -> bool:
        """Every answer given has the largest r-th highest utility of the universe, checked query by query."""
        for place, (agents, rank) in enumerate(self.queries):
            asked = set(agents)
            reached = len(self.supporters[place] & asked) >= rank
            unpopular = min(len(agents), self.size if self.size is not None else self.limit)
            possible = max(unpopular, *(len(one & asked) for one in popular)) >= rank
            if possible and not reached:
                return False
        return True

    def pool(self, chosen: Chosen, popular: Popular) -> ClosedPool:
        """The slate's statements and the popular ones."""
        sets = [*(self.supporters[a] for a in chosen.statements), *popular]
        values = np.array([[float(i in s) for s in sets] for i in range(self.n)])
        return ClosedPool(Truth(values), np.arange(len(sets)), np.ones(len(sets), dtype=np.int64))


def proposition_3(k: int = 4, multiple: int = 1, run: Run | None = None, seed: int = 0) -> dict[str, Any]:
    """GSC Proposition 3: queries for n/k (1 - 1/k) agents, however many, do not give BJR, nor JR.

    One statement that everybody approves, and for every set of at most t agents one that exactly they approve: k of
    the latter serve at most k t = n - n/k agents.

    Args:
        k: the size of the slate.
        multiple: n in multiples of k^2.
        run: the process, by default Process 1 asking for t agents at a time.
        seed: of what the default process draws.
    """
    n = multiple * k * k
    t = n // k - n // (k * k)
    oracle = Overshadowed(n, k, limit=t)
    rng = np.random.default_rng(seed)
    chosen = (run or (lambda o: fans(o, t, rng)))(oracle)
    popular = (frozenset(range(n)),)
    return report(
        "GSC Proposition 3",
        "With generative queries for n/k (1 - 1/k) agents no process guarantees BJR, however many it makes.",
        "",
        {"n": n, "k": k, "query_size": t, "queries": len(oracle.queries)},
        oracle.best_answers(popular),
        oracle.pool(chosen, popular),
        chosen,
        k,
    )


def theorem_5(n: int = 480, k: int = 8, run: Run | None = None, seed: int = 0) -> dict[str, Any]:
    """GSC Theorem 5: queries for n/8 agents do not give BJR, nor JR, with fewer than (2/k) e^(n/(12k)) of them.

    Every set of n/(2k) agents has unpopular statements; every agent has one of k/2 colours at random, and all of one
    colour approve its popular statement. As long as no query is for more than n/(2k) agents of one colour, the answers
    are unpopular; k of them cover at most half of all, and some colour has n/k of the others.

    Args:
        n: the number of agents, a multiple of 8 and of 2 k.
        k: the size of the slate, even.
        run: the process, by default Process 1 asking for n/8 agents at a time.
        seed: of the colours and of what the default process draws.

    Raises:
        InputError: n or k does not divide so.
        WorkError: no colouring fits the answers.
    """
    if k % 2 or n % (2 * k) or n % 8:
        raise InputError("k must be even, and n a multiple of 8 and of 2 k")
    oracle = Overshadowed(n, k, limit=n // 8, size=n // (2 * k))
    rng = np.random.default_rng(seed)
    chosen = (run or (lambda o: fans(o, n // 8, rng)))(oracle)
    popular = settled(_coloured(oracle, rng))
    return report(
        "GSC Theorem 5",
        "With generative queries for n/8 agents no process guarantees BJR with fewer than (2/k) e^(n/12k) of them.",
        "",
        {
            "n": n,
            "k": k,
            "query_size": n // 8,
            "queries": len(oracle.queries),
            "bound": 2 / k * math.exp(n / (12 * k)),
        },
        oracle.best_answers(popular),
        oracle.pool(chosen, popular),
        chosen,
        k,
    )


def _coloured(oracle: Overshadowed, rng: np.random.Generator) -> Popular | None:
    """A random colouring in which no query gives a colour away, as the groups of the colours."""
    colours = oracle.k // 2
    for _ in range(TRIES):
        colour = rng.integers(colours, size=oracle.n)
        counts = [np.bincount(colour[list(agents)], minlength=colours).max() for agents, _ in oracle.queries]
        if max(counts, default=0) <= oracle.n // (2 * oracle.k):
            return tuple(frozenset(np.flatnonzero(colour == c).tolist()) for c in range(colours))
    return None
