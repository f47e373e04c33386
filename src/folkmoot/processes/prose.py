"""P5 PROSE, and P1, over statements that are written while they run: they take any Disc and anything that `Writes`.

Nothing here knows of a network. The pool's order is that in which statements were asked for, whatever came back first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..profile import FloatArray, InputError, IntArray, need, needs
from ..queries.language_protocol import Wanted, Writes
from ..queries.protocol import Disc
from . import prose_rules as rules
from .problem import Round, Selection

# Boehmer, Fish, Procaccia 2025 (The Next Generation), Appendix D: of utilities in [0, 6].
LEVELS = (5.5, 5.0, 4.5, 4.0, 3.5, 3.0, 2.0, 1.0, 0.0)
# Shortest statement that is written for before the last level, in words: 8 and 10 in the published runs.
MINIMUM = 8
# From this group size down every size has its step.
EVERY = 9


def prose(
    disc: Disc,
    gen: Writes,
    budget: int,
    *,
    levels: Sequence[float] = LEVELS,
    steps: Sequence[int] | None = None,
    minimum: int = MINIMUM,
    selection: rules.Selection = "published",
    start: Sequence[int] = (),
) -> Selection:
    """The democratic process with a language model's queries.

    Levels from the highest to the lowest, at each the cost steps b from the largest. While b fits what is left and at
    least floor(b n/B) people are unrepresented (and b is at least the minimum, before the last level): statements are
    written for groups of floor(b n/B), scored for the unrepresented, and one of the whole pool is nominated
    (`prose_rules.nominate`). Accepted, it represents its highest scorers, as many as it costs; else the next step.
    Boehmer, Fish, Procaccia 2025 (The Next Generation), section 4.1 and Appendix D; see spec P5.

    Args:
        disc: utilities; nan is unknown and approves nothing.
        gen: writes statements, numbered as in ``disc``.
        budget: B, in the unit of ``gen.cost``.
        levels: highest first.
        steps: largest first; None: `cost_steps`.
        minimum: see above; 1 where costs are not words.
        selection: ``published``: from the pool, what is longer than the next step and has the people it needs;
            ``paper``: what costs at most b, if it has them.
        start: statements that are in the pool from the beginning.

    Returns:
        Rounds with statements as numbered in ``disc``; people nobody speaks for are unassigned. Parameters hold
        levels, steps, and every pass.

    Raises:
        InputError: no budget, levels or steps in another order, or nobody.
    """
    n = disc.n_agents
    steps = cost_steps(n, budget) if steps is None else list(steps)
    _check(n, budget, levels, steps)
    pool = _Pool(disc, gen)
    pool.add(start)
    rounds: list[Round] = []
    passes: list[dict[str, Any]] = []
    left = budget
    for level in levels:
        for step in steps:
            long_enough = level == levels[-1] or step >= minimum
            while rules.may_run(step, left, len(pool.unmet), n, budget, long_enough=long_enough):
                unmet = pool.unmet
                size = max(1, step * n // budget)
                wanted = Wanted(unmet, min(size, len(unmet)), step, level, pool.approvers(level), len(passes))
                new = pool.add(gen.propose(wanted))
                scores, free = pool.scores[unmet], pool.free
                smaller = rules.next_smaller(steps, step)
                chosen = rules.nominate(
                    scores, pool.costs, level, step, smaller, n, budget, selection=selection, free=free
                )
                told = {"level": level, "step": step, "unrepresented": len(unmet), "written": new}
                passes.append({**told, "accepted": None if chosen is None else pool.numbers[chosen]})
                if chosen is None:
                    break
                cost = int(pool.costs[chosen])
                found = rules.coverage(scores, level)
                alike = free & rules.eligible(pool.costs, step, smaller, selection) & (found == found[chosen])
                tied = np.flatnonzero(alike & (needs(pool.costs, n, budget) <= found))
                ties = tuple(pool.numbers[int(a)] for a in tied if a != chosen)
                rows = rules.cover(scores[:, chosen], need(cost, n, budget))
                rounds.append(pool.take(chosen, rows, level, int(found[chosen]), ties))
                left -= cost
    parameters = {"levels": list(levels), "steps": list(steps), "minimum": minimum, "selection": selection}
    return Selection(tuple(rounds), n, {**parameters, "passes": passes})


def bjr_written(disc: Disc, gen: Writes, k: int, *, cost: int = 1, start: Sequence[int] = ()) -> Selection:
    """P1 with statements that are written: k rounds, the statement whose r-th biggest fan is happiest.

    r is ceil(n/k), or everybody left where they are fewer; the pool is kept from round to round. Fish et al. 2024
    (Generative Social Choice), Process 1.

    Args:
        disc: utilities; nan is unknown and below every other.
        gen: writes statements, numbered as in ``disc``; every one counts as 1.
        k: statements of the slate.
        cost: what a statement may cost, handed on to ``gen``.
        start: statements that are in the pool from the beginning.

    Returns:
        As `prose`. A round in which nothing is known of r people's utility of any statement ends the slate.

    Raises:
        InputError: k is below 1, or nobody.
    """
    n = disc.n_agents
    _check(n, k, LEVELS, (1,))
    pool = _Pool(disc, gen)
    pool.add(start)
    rounds: list[Round] = []
    for turn in range(k):
        unmet = pool.unmet
        if not len(unmet):
            break
        rank = min(-(-n // k), len(unmet))
        level = rounds[-1].level if rounds else None
        approvers = unmet if level is None else pool.approvers(level)
        pool.add(gen.propose(Wanted(unmet, rank, cost, None, approvers, turn)))
        scores = np.nan_to_num(pool.scores[unmet], nan=-np.inf)
        if not pool.free.any():
            break
        ranked = np.where(pool.free, np.sort(scores, axis=0)[len(unmet) - rank], -np.inf)
        chosen = int(ranked.argmax())
        best = float(ranked[chosen])
        if not np.isfinite(best):
            break
        # n - k floor(n/k) times the larger share, then the smaller.
        share = min(rank, -(-len(unmet) // (k - turn)))
        ties = tuple(pool.numbers[int(a)] for a in np.flatnonzero(ranked == best) if a != chosen)
        rows = rules.cover(scores[:, chosen], share)
        rounds.append(pool.take(chosen, rows, best, int((scores[:, chosen] >= best).sum()), ties))
    return Selection(tuple(rounds), n, {"written": [int(a) for a in pool.numbers]})


def cost_steps(n: int, budget: int) -> list[int]:
    """Costs of statements that speak for half of the people, three eighths, a quarter, ever less, and 9, 8, ..., 1.

    floor(j B/n) for those numbers j of people, largest first, each once; below a quarter every number is four fifths
    of the one before it. The published runs' steps, for the same n and B, are these (41 people) or twice as dense.

    >>> cost_steps(41, 164)
    [80, 60, 40, 36, 32, 28, 24, 20, 16, 12, 8, 4]
    """
    sizes = {n // 2, 3 * n // 8, size := n // 4} | set(range(1, EVERY + 1))
    while size > EVERY + 1:
        size = 4 * size // 5
        sizes.add(size)
    costs = {size * budget // n for size in sizes if size <= n}
    return sorted(costs - {0}, reverse=True) or [budget]


class _Pool:
    """Statements that were written, with what is known of their utilities to those who were still unrepresented."""

    def __init__(self, disc: Disc, gen: Writes) -> None:
        self.disc, self.gen = disc, gen
        self.numbers: list[int] = []
        self.scores: FloatArray = np.empty((disc.n_agents, 0))
        self.costs: IntArray = np.empty(0, dtype=np.int64)
        self.free = np.empty(0, dtype=bool)
        self.unmet: IntArray = np.arange(disc.n_agents)

    def add(self, numbers: Sequence[int]) -> list[int]:
        """Scores new statements for the unrepresented; returns their numbers."""
        new = [int(a) for a in dict.fromkeys(numbers) if a not in self.numbers]
        block = np.full((self.disc.n_agents, len(new)), np.nan)
        if new:
            block[self.unmet] = self.disc.utilities(self.unmet, np.array(new, dtype=np.int64))
        self.numbers += new
        self.scores = np.hstack([self.scores, block])
        self.costs = np.append(self.costs, [self.gen.cost(a) for a in new]).astype(np.int64)
        self.free = np.append(self.free, np.ones(len(new), dtype=bool))
        return new

    def approvers(self, level: float) -> IntArray:
        """The unrepresented who approve the statement that most of them approve; all of them where nobody does."""
        if not self.free.any():
            return self.unmet
        best = rules.most_approved(self.scores[self.unmet], level, self.free)
        found = self.unmet[self.scores[self.unmet, best] >= level]
        return found if len(found) else self.unmet

    def take(self, chosen: int, rows: IntArray, level: float, support: int, ties: tuple[int, ...]) -> Round:
        """The statement represents these rows of the unrepresented, and leaves the pool."""
        liked = self.scores[self.unmet, chosen]
        cut = int((np.delete(liked, rows) == liked[rows[-1]]).sum()) if len(rows) else 0
        agents = np.sort(self.unmet[rows])
        self.unmet = np.delete(self.unmet, rows)
        self.free[chosen] = False
        return Round(self.numbers[chosen], agents, level, support, ties, cut)


def _check(n: int, budget: int, levels: Sequence[float], steps: Sequence[int]) -> None:
    if n < 1:
        raise InputError("the source has no participants; nobody can be represented")
    if budget < 1:
        raise InputError(f"the budget is {budget}; it must be at least 1")
    if not levels or sorted(set(levels), reverse=True) != list(levels):
        raise InputError("approval levels must stand highest first, each once")
    if not steps or sorted(set(steps), reverse=True) != list(steps) or min(steps) < 1:
        raise InputError("cost steps must be at least 1 and stand largest first, each once")
