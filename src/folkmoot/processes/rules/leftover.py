"""What becomes of money that buys nothing in the Method of Equal Shares."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Literal

import numpy as np

from ...queries.approvals import Approvals
from ..problem import Problem
from .seqphragmen import Loads
from .shares import Market, Measure, Shares
from .universes import Branching, follow

# none: what is left stays unspent. seqphragmen: Phragmén continues with the leftover budgets. approval: most approved
# first. increment: everybody gets more money until the slate is full.
Completion = Literal["none", "seqphragmen", "approval", "increment"]


class Completed(Branching):
    """Equal Shares, then the completion."""

    changed = ("now",)

    def __init__(self, problem: Problem, completion: Completion, market: Market, budget: int | None = None) -> None:
        self.problem, self.completion, self.approvals = problem, completion, market.level
        self.now: Shares | Loads | MostApproved = Shares(market, problem.budget if budget is None else budget)
        self.buying = True

    @property
    def chosen(self) -> list[int]:
        return self.now.chosen

    def tied(self) -> list[int]:
        best = self.now.tied()
        if best or not self.buying:
            return best
        self.buying = False
        if isinstance(self.now, Shares) and self.completion == "seqphragmen":
            owed = self.now.kind, -self.now.money, self.now.denominator
            self.now = Loads(self.problem, self.approvals, "skip", owed, self.now.chosen)
            return self.now.tied()
        if self.completion == "approval":
            self.now = MostApproved(self.problem, self.approvals, self.now.chosen)
            return self.now.tied()
        return []

    def take(self, candidate: int) -> None:
        self.now.take(candidate)

    def key(self) -> Hashable:
        return self.buying, self.now.key()


class MostApproved(Branching):
    """The most approved candidates that fit."""

    def __init__(self, problem: Problem, approvals: Approvals, chosen: list[int]) -> None:
        self.chosen, self.costs, self.mass = list(chosen), problem.pool.costs, approvals.mass
        self.left = problem.budget - int(self.costs[self.chosen].sum())
        self.open = np.ones(problem.pool.size, dtype=bool)
        self.open[[*problem.locked_out, *chosen]] = False

    def tied(self) -> list[int]:
        candidates = np.flatnonzero(self.open & (self.costs <= self.left))
        if not len(candidates):
            return []
        mass = self.mass[candidates]
        return [int(a) for a in candidates[mass == mass.max()]]

    def take(self, candidate: int) -> None:
        self.chosen.append(candidate)
        self.open[candidate] = False
        self.left -= int(self.costs[candidate])

    def key(self) -> Hashable:
        return frozenset(self.chosen)


def incremented(problem: Problem, measure: Measure) -> tuple[Completed, list[tuple[int, ...]]]:
    """Runs with more and more money until nothing that somebody supports fits any more, or the slate costs too much.

    Where all candidates cost the same, money grows by one seat at a time and the slate stops at its last seat
    (as abcvoting does); with costs by 1 % of the budget, and what costs too much is not taken (as pabutools does).
    With fewer supported candidates than seats, the most approved fill the rest.
    """
    market = Market(problem, measure)
    pool = problem.pool
    equal = bool((pool.costs == pool.costs[0]).all()) if pool.size else True
    step = int(pool.costs[0]) if equal and pool.size else -(-problem.budget // 100)
    supported = market.supporters.mass > 0
    supported[[*problem.locked_out, *problem.locked_in]] = False
    # With this much money every supporter alone pays for everything.
    most = (int(pool.costs[supported].sum()) + problem.budget) * pool.total_mass + step
    locked = int(pool.costs[list(problem.locked_in)].sum()) if problem.locked_in else 0
    if equal and int(pool.costs[supported].sum()) < problem.budget - locked:
        course = Completed(problem, "approval", market)
        course.now, course.buying = MostApproved(problem, market.level, list(problem.locked_in)), False
        return course, follow(course)
    last: tuple[Completed, list[tuple[int, ...]]] | None = None
    for budget in range(problem.budget, most + step, step):
        course = Completed(problem, "none", market, budget)
        ties = follow(course)
        spent = int(pool.costs[course.chosen].sum()) if course.chosen else 0
        if last is not None and spent > problem.budget:
            return last
        last = course, ties
        open_ = supported.copy()
        open_[course.chosen] = False
        if not (open_ & (pool.costs <= problem.budget - spent)).any():
            break
    if last is None:
        raise AssertionError("the first run is always made")
    return last


def bought(problem: Problem, market: Market, budget: int) -> tuple[Completed, list[tuple[int, ...]]]:
    """What is bought with this much money in all, even if it costs more than the problem's budget; with its ties."""
    course = Completed(problem, "none", market, budget)
    assert isinstance(course.now, Shares)
    course.now.capped = False
    return course, follow(course)
