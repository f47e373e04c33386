"""The Method of Equal Shares: approvals or utilities, committees or costs, three ways to use what is left over."""

from __future__ import annotations

import numpy as np

from ...profile import InputError
from ..problem import Problem, Selection
from ..registry import process
from .leftover import Completed, Completion, incremented
from .shares import Market, Measure
from .universes import MOST_COMMITTEES, choice, follow, outcomes

SOURCE = "Peters and Skowron 2020 (Proportionality and the Limits of Welfarism), Rule X; with costs and utilities "
SOURCE += "Peters, Pierczynski, Skowron 2021 (Proportional Participatory Budgeting with Additive Utilities)"
COMPLEXITY = "rounds x O(number of approvals), most of it skipped by lazy evaluation"


@process(
    id="equal-shares",
    approvals=True,
    name="Method of Equal Shares, then Phragmén",
    guarantee=("ejr_plus", "pjr_plus", "jr"),
    complexity=COMPLEXITY,
    source=SOURCE,
)
def equal_shares(problem: Problem, rng: np.random.Generator) -> Selection:
    """Everybody has an equal share of the budget; the approvers of what they buy pay equally.

    Next is the statement that costs its supporters least per unit of what they gain (with costs: per unit of its
    cost). Once nobody can afford anything, sequential Phragmén continues with what everybody has left. A locked-in
    candidate is paid for first, by its approvers as far as they can and then by all. Ties: pool order. The slate
    gets the best balanced assignment.

    Args:
        problem: the candidates, the budget and the approval level.
        rng: the random generator; not used, the process is deterministic.
    """
    return run(problem)


@process(
    id="equal-shares-without-completion",
    approvals=True,
    name="Method of Equal Shares, not completed",
    guarantee=("ejr_plus", "pjr_plus", "jr"),
    complexity=COMPLEXITY,
    source=SOURCE,
)
def equal_shares_without_completion(problem: Problem, rng: np.random.Generator) -> Selection:
    """`equal_shares` that leaves unspent what no group can afford."""
    return run(problem, completion="none")


@process(
    id="equal-shares-increment",
    approvals=True,
    name="Method of Equal Shares, more money for all",
    guarantee=("ejr_plus", "pjr_plus", "jr"),
    complexity="runs of equal-shares with growing budgets",
    source=SOURCE + ", section on completion",
)
def equal_shares_increment(problem: Problem, rng: np.random.Generator) -> Selection:
    """`equal_shares` with everybody's money raised until the slate is full, or would cost too much."""
    return run(problem, completion="increment")


@process(
    id="equal-shares-cardinal",
    name="Method of Equal Shares on utilities",
    guarantee=("ejr_up_to_one",),
    complexity=COMPLEXITY,
    source=SOURCE,
)
def equal_shares_cardinal(problem: Problem, rng: np.random.Generator) -> Selection:
    """`equal_shares` where everybody pays in proportion to their utility; utilities below 0 count as 0.

    Utilities are read as multiples of 2^-30 of the largest one.
    """
    return run(problem, measure="utility")


@process(
    id="equal-shares-cardinal-without-completion",
    name="Method of Equal Shares on utilities, not completed",
    guarantee=("ejr_up_to_one",),
    complexity=COMPLEXITY,
    source=SOURCE,
)
def equal_shares_cardinal_without_completion(problem: Problem, rng: np.random.Generator) -> Selection:
    """`equal_shares_cardinal` that leaves unspent what no group can afford."""
    return run(problem, completion="none", measure="utility")


def run(problem: Problem, completion: Completion = "seqphragmen", measure: Measure = "cost") -> Selection:
    """The method in every variant.

    Args:
        problem: the candidates, the budget and the approval level.
        completion: the use of money that buys nothing.
        measure: the measure of a supporter's gain from a statement.
    """
    if completion == "increment":
        course, ties = incremented(problem, measure)
    else:
        course = Completed(problem, completion, Market(problem, measure))
        ties = follow(course)
    selection = choice(problem, course.chosen, ties, course.approvals.mass)
    parameters = {**selection.parameters, "completion": completion, "measure": measure}
    return Selection(selection.rounds, selection.n_agents, parameters)


def committee(problem: Problem, completion: Completion = "seqphragmen", measure: Measure = "cost") -> list[int]:
    """The chosen candidates in order, without the assignment."""
    if completion == "increment":
        return incremented(problem, measure)[0].chosen
    course = Completed(problem, completion, Market(problem, measure))
    follow(course)
    return course.chosen


def committees(
    problem: Problem,
    limit: int = MOST_COMMITTEES,
    completion: Completion = "seqphragmen",
    measure: Measure = "cost",
) -> list[tuple[int, ...]]:
    """Every slate that the method can end with, however ties are broken.

    Raises:
        InputError: there are more slates than the limit, or ``increment`` is asked for, which is defined for one slate
            only.
    """
    if completion == "increment":
        raise InputError("raising the budget is defined for one committee only; choose another completion")
    return outcomes(Completed(problem, completion, Market(problem, measure)), limit)
