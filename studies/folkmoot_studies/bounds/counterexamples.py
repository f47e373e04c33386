"""Why no process can do better: the lower bounds of both papers as adversaries that any process can be run against.

An adversary answers every query within the accuracy that the theorem allows, waits until the process has chosen, and
only then settles on a universe of statements that fits all its answers and in which some coalition complains.

* GSC Proposition 3 and Theorem 5 (Fish et al. 2024): generative queries for few agents at a time. Reconstructed: the
  universes are made here, and so is the bound on the number of queries, which need not be the printed one.
* NG Theorems 3.3 and 3.4 (Boehmer, Fish, Procaccia 2025): approximate queries. As in the paper's Appendix B; where
  costs are rounded up as in its definition of accuracy, Theorem 3.4 is reached only in the limit (see `scarce`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

import numpy as np

from folkmoot.audits import Subject, cbjr
from folkmoot.profile import BoolArray, FloatArray, InputError, IntArray, WorkError
from folkmoot.queries import ClosedPool

Agents = tuple[int, ...]


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


@dataclass
class Hidden:
    """GSC: binary utilities, every statement costs 1, and one of them is never shown.

    For every set T of at most ``cap`` agents there is a statement that exactly T approves; for one set X of n/k agents
    there is another that exactly X approves. Gen(S, r) (its ``level`` is the rank r) answers with the statement of
    min(|S|, cap) agents of S. That is a best answer unless r > cap and |S ∩ X| >= r, so it never gives X away
    while no set asked for has more than ``cap`` agents of X.
    """

    n: int
    k: int
    cap: int
    limit: int
    levels: Sequence[float] = (1.0,)
    supporters: list[frozenset[int]] = field(default_factory=list)
    queries: list[tuple[Agents, int]] = field(default_factory=list)

    @property
    def budget(self) -> int:
        return self.k

    def gen(self, agents: Agents, level: float, cost: int) -> int:
        if len(agents) > self.limit:
            raise InputError(f"a query for {len(agents)} agents; the theorem allows {self.limit}")
        self.queries.append((agents, int(level)))
        self.supporters.append(frozenset(agents[: self.cap]))
        return len(self.supporters) - 1

    def disc(self, agent: int, statement: int) -> float:
        return float(agent in self.supporters[statement])

    def cost(self, statement: int) -> int:
        return 1

    def settle(self, chosen: Chosen, rng: np.random.Generator) -> frozenset[int] | None:
        """X: agents whom no statement of the slate serves, none of whose answers it contradicts."""
        served = set().union(*(self.supporters[a] for a in chosen.statements)) if chosen.statements else set()
        # GSC 3 needs only those whose own statement does not serve them.
        own = {i for i, at in enumerate(chosen.assignment) if at >= 0 and self.disc(i, chosen.statements[at])}
        for out in (served, own):
            free = [i for i in range(self.n) if i not in out]
            if len(free) < self.n // self.k:
                continue
            for _ in range(2000):
                x = frozenset(rng.choice(free, self.n // self.k, replace=False).tolist())
                if all(len(x.intersection(agents)) <= self.cap for agents, _ in self.queries):
                    return x
        return None

    def best_answers(self, x: Collection[int]) -> bool:
        """Every answer given has the largest r-th highest utility of the universe, checked query by query."""
        for place, (agents, rank) in enumerate(self.queries):
            reached = len(self.supporters[place].intersection(agents)) >= rank
            possible = max(min(len(agents), self.cap), len(set(x).intersection(agents))) >= rank
            if possible and not reached:
                return False
        return True

    def pool(self, chosen: Chosen, x: Collection[int]) -> ClosedPool:
        sets = [*(self.supporters[a] for a in chosen.statements), frozenset(x)]
        values = np.array([[float(i in s) for s in sets] for i in range(self.n)])
        return ClosedPool(Truth(values), np.arange(len(sets)), np.ones(len(sets), dtype=np.int64))


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


class Truth:
    """Disc over the utilities that the adversary settled on."""

    def __init__(self, values: FloatArray) -> None:
        self.values = values
        self.n_agents, self.n_statements = values.shape

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        return self.values[np.ix_(agents, statements)]

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        return np.ones((len(agents), len(statements)), dtype=bool)


def proposition_3(k: int = 4, run: Run | None = None, seed: int = 0) -> dict[str, Any]:
    """GSC Proposition 3: queries for fewer than n/k agents, however many, do not give BJR. n = k^2."""
    n = k * k
    oracle = Hidden(n, k, cap=n // k - 1, limit=n // k - 1)
    rng = np.random.default_rng(seed)
    chosen = (run or (lambda o: fans(o, n // k - 1, rng)))(oracle)
    x = _settled(oracle.settle(chosen, rng))
    return _report(
        "GSC Proposition 3",
        "With generative queries for fewer than n/k agents no process guarantees BJR, however many it makes.",
        True,
        {"n": n, "k": k, "query_size": n // k - 1, "queries": len(oracle.queries)},
        oracle.best_answers(x),
        oracle.pool(chosen, x),
        chosen,
        k,
    )


def theorem_5(n: int = 480, k: int = 8, run: Run | None = None, seed: int = 0) -> dict[str, Any]:
    """GSC Theorem 5: queries for n/8 agents do not give BJR unless exponentially many (in n/k) are made.

    With statements for up to n/(2k) agents a slate serves at most half of all; a random X among the others has n/(4k)
    expected members in a query, and more than n/(2k) with probability at most e^(-n/(12k)).
    """
    if n % (2 * k) or n % 8:
        raise InputError("n must be a multiple of 8 and of 2 k")
    oracle = Hidden(n, k, cap=n // (2 * k), limit=n // 8)
    rng = np.random.default_rng(seed)
    chosen = (run or (lambda o: fans(o, n // 8, rng)))(oracle)
    x = _settled(oracle.settle(chosen, rng))
    return _report(
        "GSC Theorem 5",
        "With generative queries for n/8 agents no process guarantees BJR with fewer than about e^(n/12k) of them.",
        True,
        {"n": n, "k": k, "query_size": n // 8, "queries": len(oracle.queries), "bound": math.exp(n / (12 * k))},
        oracle.best_answers(x),
        oracle.pool(chosen, x),
        chosen,
        k,
    )


def theorem_3_3(
    beta: int = 1, delta: int = 1, epsilon: float = 0.5, budget: int = 8, run: Run | None = None
) -> dict[str, Any]:
    """NG Theorem 3.3: no (2 beta + delta - epsilon, 1)-cBJR from beta- and (1, delta, 1)-accurate queries."""
    oracle = Unclear(budget, beta, delta)
    chosen = (run or democratic)(oracle)
    x = _settled(oracle.settle(chosen))
    return _report(
        "NG Theorem 3.3",
        "No process with beta-accurate Disc and (1, delta, 1)-accurate Gen guarantees "
        "(2 beta + delta - epsilon, 1)-cBJR, even with unit costs.",
        False,
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
    x = _settled(oracle.settle(chosen))
    k = oracle.gamma.denominator
    claimed = k / (mu * (k * gamma + 1))
    return _report(
        "NG Theorem 3.4",
        "No process with exact Disc and (gamma, 0, mu)-accurate Gen guarantees (p, d)-cBJR for "
        "d = k / (mu (k gamma + 1)).",
        rounded,
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


def run(only: str | None = None) -> dict[str, Any]:
    """Every counter-example, JSON-ready: ``counterexamples``, one object each (see `EXAMPLES` for the names).

    Each has ``theorem``, ``statement``, ``reconstructed``, ``instance``, ``answers_within_accuracy``, ``slate``
    (who approves what), ``slack`` (b), ``d`` (mass over need, exact), ``violated`` and the ``witness``.
    """
    if only is not None and only not in EXAMPLES:
        raise InputError(f"unknown counter-example {only!r}; choose one of {', '.join(EXAMPLES)}")
    return {"counterexamples": [make() for name, make in EXAMPLES.items() if only in (None, name)]}


def table(result: dict[str, Any]) -> str:
    """The examples as plain text: theorem, what it says, the coalition that shows it."""
    lines = []
    for example in result["counterexamples"]:
        mark = " (reconstructed: the paper's own instance is not at hand)" if example["reconstructed"] else ""
        lines += [f"{example['theorem']}{mark}", f"  {example['statement']}"]
        lines.append(f"  answers within their stated accuracy: {'yes' if example['answers_within_accuracy'] else 'NO'}")
        w = example["witness"]
        lines.append(
            f"  violated at b = {example['slack']:g}: d = {example['d']}; {w['mass']} agents ({w['need']} needed) "
            f"value a statement of cost {w['cost']} at {w['threshold']:g} or more that is not in the slate"
        )
    return "\n".join(lines)


EXAMPLES: dict[str, Callable[[], dict[str, Any]]] = {
    "gsc-proposition-3": proposition_3,
    "gsc-theorem-5": theorem_5,
    "ng-theorem-3.3": theorem_3_3,
    "ng-theorem-3.4": theorem_3_4,
    "ng-theorem-3.4-rounded": lambda: theorem_3_4(scale=10, rounded=True),
}


def _settled(x: frozenset[int] | None) -> frozenset[int]:
    if x is None:
        raise WorkError("the process gave the hidden group away: it made more queries than the theorem allows")
    return x


def _report(
    theorem: str,
    statement: str,
    reconstructed: bool,
    instance: dict[str, Any],
    within: bool,
    pool: ClosedPool,
    chosen: Chosen,
    budget: int,
    slack: float = 0.0,
) -> dict[str, Any]:
    places = np.arange(len(chosen.statements))
    subject = Subject(pool, places, np.asarray(chosen.assignment, dtype=np.int64), budget)
    worst = cbjr.worst(subject, subject.own, subject.offers, slack)
    # The same without balance: everyone counts with their favourite of the slate.
    unbalanced = cbjr.worst(subject, subject.best, subject.offers, slack)
    return {
        "theorem": theorem,
        "statement": statement,
        "reconstructed": reconstructed,
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
