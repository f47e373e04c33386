"""P3: the democratic process under a budget, for any cost steps C and levels f, and its three published settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ...profile import BoolArray, InputError, IntArray
from ...queries import ClosedPool
from ..problem import Problem, Progress, Selection, distinct_levels
from ..registry import process

Ask = Callable[[int, tuple[float, ...]], tuple[float, ...]]
# Stale scores that are looked at together.
REFRESHED = 32
SOURCE = "Boehmer, Fish, Procaccia 2025 (The Next Generation), Algorithm 1"


@process(
    id="democratic-fast",
    name="cBJR at all levels; for full ballots",
    guarantee=("cbjr",),
    complexity="rounds x O(m n log n), most of it skipped by lazy evaluation",
    source=SOURCE + ", Theorem 3.1",
    overshoots=True,
)
def democratic_fast(problem: Problem, rng: np.random.Generator) -> Selection:
    """C = {floor(j B/n)}, f(l) = {l}; without given levels, exact: every distinct utility is a level."""
    if problem.levels is None and not problem.multiset:
        return _exact_levels(problem)
    n, budget = problem.pool.total_mass, problem.budget
    steps = {int(cost) * budget // n for cost in range(1, n + 1)} if n <= budget else set(range(budget + 1))
    return democratic(problem, sorted(steps - {0}, reverse=True), this_level)


@process(
    id="democratic-complex",
    name="cBJR with queries that confuse levels (P3)",
    guarantee=("cbjr-levels",),
    complexity="levels^2 x costs x O(m n)",
    source=SOURCE + ", Theorem 3.2",
    overshoots=True,
)
def democratic_complex(problem: Problem, rng: np.random.Generator) -> Selection:
    """C = [B], f(l) = every level from l up: robust to generative queries that confuse levels."""
    return democratic(problem, range(problem.budget, 0, -1), from_this_level_up)


@process(
    id="democratic-uniform",
    name="cBJR among statements of one cost (P4)",
    guarantee=(),
    complexity="levels x O(m n)",
    source=SOURCE + ", the uniform setting of section 3.4",
    overshoots=True,
)
def democratic_uniform(problem: Problem, rng: np.random.Generator) -> Selection:
    """C = {one cost}, f(l) = {l}: only candidates of exactly that cost (default: the dearest)."""
    costs = problem.pool.costs
    affordable = costs[costs <= problem.budget]
    step = problem.cost_step or (int(affordable.max()) if len(affordable) else 0)
    if not (costs == step).any():
        raise InputError(f"no candidate costs exactly {step}; choose another `cost_step`")
    return democratic(problem, [step], this_level, only=costs == step)


def _exact_levels(problem: Problem) -> Selection:
    """The next statement is the one whose need(a)-th highest utility among the unrepresented is largest.

    Ties: more supporters at that level, then pool order. A candidate's score can only fall as people leave, so
    scores of earlier rounds are upper bounds and only candidates at the top are looked at again.
    """
    state = Progress(problem)
    pool = state.pool
    needs = problem.needs(np.arange(pool.size))
    bound = np.full(pool.size, np.inf)
    while True:
        state.open &= (needs <= state.mass) & (pool.costs <= state.left)
        candidates = state.candidates
        if not len(candidates):
            return state.selection({"levels": "every distinct utility"})
        fresh = np.zeros(pool.size, dtype=bool)
        while True:
            top = bound[candidates].max()
            if fresh[candidates[bound[candidates] == top]].all():
                break
            # Some of the highest at once: a pool too large to keep answers many nearly as fast as one.
            old = candidates[~fresh[candidates]]
            many = max(int((bound[old] == top).sum()), REFRESHED)
            stale = np.sort(old[np.argsort(-bound[old], kind="stable")[:many]])
            bound[stale] = pool.reachable(state.remaining, stale, needs[stale])
            fresh[stale] = True
        best = candidates[bound[candidates] == top]
        support = pool.support(state.remaining, best, top)
        tied = best[support == support.max()]
        chosen = int(tied[0])
        state.take(chosen, int(needs[chosen]), float(top), int(support.max()), [int(a) for a in tied[1:]])


def this_level(place: int, levels: tuple[float, ...]) -> tuple[float, ...]:
    """f(l) = {l}."""
    return levels[place : place + 1]


def from_this_level_up(place: int, levels: tuple[float, ...]) -> tuple[float, ...]:
    """f(l) = every level from l up, l first."""
    return levels[place::-1]


def democratic(problem: Problem, steps: Sequence[int], ask: Ask, only: BoolArray | None = None) -> Selection:
    """DemocraticProcess_{C, f}: Algorithm 1 of Boehmer, Fish, Procaccia 2025, for any C and f.

    Levels from the highest to the lowest, and at each the cost steps in the order given. While a step x fits what is
    left of the budget, every level of f(l) is asked for the best candidate of cost at most x; the one among the
    answers that most of the unrepresented approve at l is accepted if they are as many as it has to represent, and
    its biggest fans are represented; refused, the next step begins. A step that no longer fits is skipped, not a stop.

    Args:
        problem: the problem; without levels every distinct utility is one, or 33 even ones where more than a hundred
            differ.
        steps: the cost steps C in the order in which they are tried; a step may occur several times (a pool that does
            not give the same answer every time is then asked several times).
        ask: the function f; it gets the place of the level l among the levels (highest first) and the levels, and
            returns those at which to ask.
        only: bool [m] the candidates that may be chosen (default: all).

    Returns:
        The slate, "levels" among its parameters. Ties between answers: pool order.
    """
    state = Progress(problem)
    pool = state.pool
    if only is not None:
        state.open &= only
    levels = levels_of(problem)
    within: dict[int, IntArray] = {}
    every = bool(state.open.all())
    for place, level in enumerate(levels):
        refused: IntArray | None = None
        for step in steps:
            while len(state.remaining) and state.left >= step:
                if step not in within:
                    within[step] = state.candidates[pool.costs[state.candidates] <= step]
                candidates = within[step]
                if not len(candidates):
                    break
                # Exact answers do not change with a step that leaves the same candidates.
                if pool.exact and refused is not None and np.array_equal(refused, candidates):
                    break
                open_ = None if every else candidates
                answers = [pool.best_at_level(state.remaining, lowest, step, open_) for lowest in ask(place, levels)]
                proposals = np.array(sorted({a for best, ties in answers for a in (best, *ties) if a >= 0}))
                if not len(proposals):
                    break
                support = pool.support(state.remaining, proposals, level)
                tied = proposals[support == support.max()]
                chosen, most = int(tied[0]), int(support.max())
                if most < problem.need(chosen):
                    refused = candidates
                    break
                state.take(chosen, problem.need(chosen), level, most, [int(a) for a in tied[1:]])
                refused = None
                if not problem.multiset:
                    within.clear()
                    every = False
    return state.selection({"levels": list(levels)})


def levels_of(problem: Problem) -> tuple[float, ...]:
    """The levels a process goes through, highest first: those given, else every distinct utility, else even ones."""
    return problem.levels or distinct_levels(problem.pool) or _even_levels(problem.pool)


def _even_levels(pool: ClosedPool, count: int = 33) -> tuple[float, ...]:
    """Evenly spaced levels over the pool's utilities, highest first, where distinct utilities are too many."""
    extremes = [(block.min(), block.max()) for _, block in pool.blocks(pool.agents, np.arange(pool.size))]
    low, high = min(e[0] for e in extremes), max(e[1] for e in extremes)
    return tuple(float(level) for level in np.linspace(high, low, count))
