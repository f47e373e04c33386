"""Equal Shares as cities vote with it: money is raised until the winners would cost too much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...profile import InputError, IntArray
from ...queries.approvals import Approvals
from ..problem import Problem, Selection
from ..registry import process
from .leftover import bought
from .shares import Market
from .universes import choice

SOURCE = (
    "Peters, Pierczynski, Skowron 2021; the variant of Wieliczka 2023, Świecie 2023 and Assen 2024 (Pabulib: rule "
    "equalshares/add1), with the comparison step of Wieliczka"
)


@process(
    id="equal-shares-cities",
    approvals=True,
    name="Method of Equal Shares as cities use it",
    guarantee=("ejr_plus", "pjr_plus", "jr"),
    complexity="runs of equal-shares with growing budgets",
    source=SOURCE,
    parameters={
        "step": "money by which everybody's share grows at a time; 0: a hundredth of the budget for all (default 0)",
        "floor": "percent of all people who have to approve a statement before it may be chosen (default 0)",
        "compare": "1: the most approved that fit are chosen instead if more people get more of them (default 0)",
    },
)
def equal_shares_cities(problem: Problem, rng: np.random.Generator) -> Selection:
    """`equal_shares` with everybody's money raised step by step while the winners cost no more than the budget.

    Unlike ``equal-shares-increment`` it does not stop when nothing else fits: a further raise may still exchange
    winners. The guarantees hold for the default parameters; a floor leaves statements out, and the comparison may
    replace the slate.

    Args:
        problem: the candidates, the budget and the approval level. Parameters: ``step``, ``floor``, ``compare``.
        rng: the random generator; not used, the process is deterministic.

    Raises:
        InputError: a parameter is out of range.
    """
    step, floor, compare = (float(problem.parameters.get(name, 0)) for name in ("step", "floor", "compare"))
    if step < 0 or step != int(step):
        raise InputError(f"step is {step:g}; it must be a whole number of at least 0")
    if not 0 <= floor <= 100 or compare not in (0, 1):
        raise InputError("floor must be between 0 and 100, and compare 0 or 1")
    pool = problem.pool
    support = Approvals(pool, problem.approval).mass
    low = np.flatnonzero(support * 100 < floor * pool.total_mass)
    barred = {*problem.locked_out, *(int(a) for a in low)} - set(problem.locked_in)
    allowed = replace(problem, locked_out=tuple(sorted(barred)))
    chosen, ties, money = _raised(allowed, int(step) * pool.total_mass or -(-problem.budget // 100))
    greedy = _most_approved(allowed, support)
    compared = bool(compare) and _preferred(allowed, greedy, chosen)
    if compared:
        chosen, ties = greedy, [()] * (len(greedy) - len(problem.locked_in))
    selection = choice(problem, chosen, ties, support)
    parameters = {**selection.parameters, "step": step, "floor": floor, "compare": compare, "money": money}
    return Selection(selection.rounds, selection.n_agents, {**parameters, "most_approved_instead": compared})


def _raised(problem: Problem, step: int) -> tuple[list[int], list[tuple[int, ...]], int]:
    """The last winners that the budget pays for, their ties, and the money in all with which they were bought."""
    pool = problem.pool
    market = Market(problem, "cost")
    wanted = market.supporters.mass > 0
    wanted[[*problem.locked_out, *problem.locked_in]] = False
    wanted &= pool.costs <= problem.budget
    most = len(problem.locked_in) + int(wanted.sum())
    money = problem.budget
    last: tuple[list[int], list[tuple[int, ...]], int] | None = None
    while True:
        course, ties = bought(problem, market, money)
        spent = int(pool.costs[course.chosen].sum()) if course.chosen else 0
        if last is not None and spent > problem.budget:
            return last
        last = list(course.chosen), ties, money
        if len(course.chosen) == most:
            return last
        money += step


def _most_approved(problem: Problem, support: IntArray) -> list[int]:
    """The most approved statements that still fit, after those that are locked in."""
    chosen, costs = list(problem.locked_in), problem.pool.costs
    left = problem.budget - (int(costs[chosen].sum()) if chosen else 0)
    for candidate in np.argsort(-support, kind="stable").tolist():
        if (
            candidate not in chosen
            and candidate not in problem.locked_out
            and support[candidate]
            and costs[candidate] <= left
        ):
            chosen.append(candidate)
            left -= int(costs[candidate])
    return chosen


def _preferred(problem: Problem, one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether more people approve more, by cost, of one slate than prefer the other."""
    pool = problem.pool
    spent = []
    for slate in (one, other):
        columns = np.array(slate, dtype=np.int64)
        spent.append((pool.utilities(pool.agents, columns) >= problem.approval) @ pool.costs[columns])
    gain = spent[0] - spent[1]
    return int(pool.masses[gain > 0].sum()) > int(pool.masses[gain < 0].sum())
