"""One slate for each of several budgets, and what a larger budget buys; the call is `sweep`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..audits import Subject
from ..audits.agreement import agreement
from ..audits.certificate import over_draws
from ..profile import InputError, IntArray, Options, Profile, Progress, silent
from ..profile.costs import Unit
from ..profile.options import Goal
from ..profile.sentences import noted
from .case import Case
from .choose import begun, choose
from .usual import settled

#: A range is stepped through so that there are at most this many budgets.
ROWS = 10
DIGITS = 6
# An opinion group has at least this many people, and at least one in this many of all.
FEWEST, ONE_IN = 5, 20


@dataclass(frozen=True)
class BudgetFigures:
    """What a budget buys; shares are of mass where people have masses.

    Args:
        budget: the budget.
        spent: what the slate costs.
        statements: how many statements it has.
        agree: of the people who voted on the statement they are assigned to, the share that agrees; None: nobody did.
        expected: of all people, the share that agrees with its statement by its own vote or is expected to; None:
            nobody voted on anything.
        worst_group: the same in the opinion group where it is lowest.
        violated: the share of draws of the unknown answers in which a large enough group prefers a statement that was
            left out; None: there are no draws.
        left_over: how many people no statement represents.
    """

    budget: int
    spent: int
    statements: int
    agree: float | None
    expected: float | None
    worst_group: float | None
    violated: float | None
    left_over: int


def steps(low: int, high: int, rows: int = ROWS) -> tuple[int, ...]:
    """Budgets from the lowest to the highest in equal steps, both included; the last step may be shorter.

    >>> steps(6, 24), steps(3, 5)
    ((6, 8, 10, 12, 14, 16, 18, 20, 22, 24), (3, 4, 5))

    Args:
        low: the lowest budget.
        high: the highest budget.
        rows: the most budgets.

    Raises:
        InputError: the range is empty or begins below 1.
    """
    if not 1 <= low <= high:
        raise InputError(f"`budget` cannot be the range {low}..{high}; it begins at 1 or more and rises, as in 6..24")
    found = list(range(low, high + 1, max(1, -(-(high - low) // (rows - 1)))))
    return tuple(found if found[-1] == high else [*found, high])


def sweep(
    profile: Profile,
    budgets: Sequence[int],
    *,
    unit: Unit = "words",
    seed: int = 0,
    options: Options | None = None,
    report: Progress | None = None,
) -> tuple[BudgetFigures, ...]:
    """Chooses a slate for each budget and says how well it does; answers are predicted once.

    Args:
        profile: what people said.
        budgets: the budgets, counted in ``unit``.
        unit: what the budgets count: words, characters, statements, or cost as the source states it.
        seed: seed of every random choice, as for `slate`: the slates are those that it chooses.
        options: the other options of `slate`; none: the usual ones.
        report: called with (stage, share done).

    Returns:
        Figures for each budget, in the order given.

    Raises:
        InputError: there are no budgets, an option does not fit the profile, nothing fits a budget, or a language model
            is to write the statements.
    """
    progress, options = report or silent, settled(options or Options(), profile)
    if not budgets:
        raise InputError("name at least one budget")
    if options.engine == "llm":
        raise InputError("a language model writes every slate anew: take `folkmoot.slates.written_sweep.written_sweep`")
    case, _ = begun(profile, Goal(budgets[0], unit, seed), options, progress=progress)
    _refuse_too_small(case, min(budgets))
    groups, found = _groups(case), []
    for number, budget in enumerate(budgets):
        progress(noted("comparing budgets"), number / len(budgets))
        goal = Goal(budget, unit, seed)
        found.append(_figures(replace(case, task=replace(case.task, budget=budget)), goal, groups))
    return tuple(found)


def _figures(case: Case, goal: Goal, groups: IntArray) -> BudgetFigures:
    subject = choose(case).subject
    held = case.held(subject)
    prepared, profile = case.prepared, case.prepared.profile
    voted = len(profile.answers) > 0
    own = agreement(held, case.beliefs, profile.answers.scale.approval)
    masses = case.pool.masses
    worst = min(_expected(case, held, groups == label) for label in np.unique(groups[groups >= 0]))
    drawn = None
    if case.options.draws and prepared.disc.model is not None and voted:
        spreads = over_draws([("slate", held)], prepared.disc, goal.seed, case.options.draws)
        drawn = spreads["slate"].violated
    return BudgetFigures(
        budget=case.task.budget,
        spent=int(case.pool.costs[subject.chosen].sum()),
        statements=len(subject.chosen),
        agree=round(own.agreed / own.voted, DIGITS) if own.voted and voted else None,
        expected=round(own.expected / int(masses.sum()), DIGITS) if voted else None,
        worst_group=round(worst, DIGITS) if voted else None,
        violated=drawn,
        left_over=int((subject.assignment < 0).sum()),
    )


def _expected(case: Case, held: Subject, inside: np.ndarray) -> float:
    """Of the people inside the share that is expected to agree with its statement; who has none does not."""
    alone = replace(held, assignment=np.where(inside, held.assignment, -1))
    agrees = agreement(alone, case.beliefs, case.prepared.profile.answers.scale.approval)
    return agrees.expected / int(case.pool.masses[inside].sum())


def _groups(case: Case) -> IntArray:
    """int64 [n_agents]: everybody's opinion group, -1 in a group that is too small; all 0 where there is one group."""
    pool, found = case.pool, case.groups
    label = np.zeros(pool.n_agents, dtype=np.int64) if found is None else found[0].argmax(axis=1)
    for group in np.unique(label):
        if (label == group).sum() < max(FEWEST, pool.n_agents / ONE_IN):
            label = np.where(label == group, -1, label)
    return label if (label >= 0).any() else np.zeros_like(label)


def _refuse_too_small(case: Case, least: int) -> None:
    """Refuses budgets that no statement fits.

    Raises:
        InputError: the smallest budget is below what the cheapest statement costs that may be chosen.
    """
    free = np.setdiff1d(np.arange(case.pool.size), np.array(case.eligible.locked_out, dtype=np.int64))
    if len(free) and int(case.pool.costs[free].min()) > least:
        words = (
            " (a range of numbers of statements: `unit='statements'`)" if case.unit in ("words", "characters") else ""
        )
        cheapest = int(case.pool.costs[free].min())
        raise InputError(
            f"the cheapest statement that may be chosen costs {cheapest} {case.unit}, more than the smallest `budget`, "
            f"{least}; begin higher{words}"
        )
