"""What the source decides where nothing is given: the process, and how large a slate should be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from ..engines import find as find_engine
from ..processes import Selection
from ..profile import LARGEST, InputError, Options, Profile
from ..profile.options import Goal
from ..profile.sentences import noted

#: A slate without a budget has this many statements at most and at least, if enough can be chosen.
MOST, LEAST = 15, 10
#: The budget of statements that a language model writes: of Boehmer, Fish, Procaccia 2025, and of Fish et al. 2024.
WRITTEN = {"words": 160, "statements": 5}
#: Each statement then stands for at least this many people.
PEOPLE = 30
#: Fewer statements are taken where a large enough group would complain in more than this share of the draws.
OFTEN = 0.1


def settled(options: Options, profile: Profile) -> Options:
    """The options with the process that is usual for this source where none is named.

    Args:
        options: the options as they were given.
        profile: what people said.

    Raises:
        InputError: there is no such engine.
    """
    if options.process:
        return options
    return replace(options, process=find_engine(options.engine).usual(profile))


def usual_size(people: int, eligible: int) -> int:
    """How many statements a slate has at most for which no budget was given.

    As many as 15, as long as each stands for 30 people or more; at least 10. Never more than can be chosen. Where
    large enough groups would complain about a slate of that size, fewer are taken (`calmest`).

    >>> usual_size(2031, 500), usual_size(360, 100), usual_size(40, 100), usual_size(2031, 8)
    (15, 12, 10, 8)

    Args:
        people: how many people took part.
        eligible: how many statements may be chosen.
    """
    return min(eligible, max(LEAST, min(MOST, people // PEOPLE)))


def calmest(most: int, least: int, violated: Callable[[int], float]) -> tuple[int, dict[int, float]]:
    """The largest number of statements with which large enough groups complain in at most a tenth of the draws.

    Where there is none, the number with which they complain in the fewest; ties: the larger one.

    >>> calmest(15, 10, {15: 0.75, 14: 0.42, 13: 0.03, 12: 0.01}.__getitem__)
    (13, {15: 0.75, 14: 0.42, 13: 0.03})

    Args:
        most: the number that is tried first.
        least: the smallest number that is tried.
        violated: the share of draws of the unknown answers in which a large enough group prefers a statement that the
            slate of so many statements leaves out.

    Returns:
        The number, and the share for every number that was tried.
    """
    found = {}
    for size in range(most, min(least, most) - 1, -1):
        found[size] = violated(size)
        if found[size] <= OFTEN:
            return size, found
    return min(found, key=lambda size: (found[size], -size)), found


def violated_draws(selection: Selection) -> float | None:
    """The share of the draws that a slate was chosen on in which some coalition has what it needs.

    Args:
        selection: of a process; None is returned where that process looks at no draws.
    """
    objective = selection.parameters.get("objective")
    slate = objective.get("slate") if isinstance(objective, Mapping) else None
    return float(slate["violated"]) if isinstance(slate, Mapping) and "violated" in slate else None


def why_calmest(size: int, found: Mapping[int, float]) -> str:
    """The sentence on a budget that is smaller than usual.

    Args:
        size: how many statements the slate may have.
        found: what `calmest` tried, with the share of draws.
    """
    most, least = max(found), min(found)
    if found[size] <= OFTEN:
        return noted(
            f"No budget was given; the slate may have {size} statements, the largest number up to {most} with which "
            f"a large enough group prefers a statement that was left out in at most {OFTEN:.0%} of the draws that the "
            f"slate was chosen on (with {size + 1}: {found[size + 1]:.1%})."
        )
    return noted(
        f"No budget was given; the slate may have {size} statements: of {least} to {most} the number with which a "
        "large enough group prefers a statement that was left out in the fewest of the draws that the slate was chosen "
        f"on, {found[size]:.1%}."
    )


def written_goal(goal: Goal) -> tuple[Goal, str]:
    """The goal with a budget for statements that are written, and why it was taken; empty if one was given.

    Args:
        goal: the goal of the run.

    Raises:
        InputError: the goal has no budget and counts neither words nor statements.
    """
    if goal.budget is not None:
        return goal, ""
    usual = WRITTEN.get(goal.unit)
    if usual is None:
        raise InputError("a language model writes statements until the budget is spent: give `budget`")
    why = noted(
        f"No budget was given; {usual:,} words are taken, as in the published runs."
        if goal.unit == "words"
        else f"No budget was given; {usual:,} statements are taken, as in the published runs."
    )
    return replace(goal, budget=usual), why


def given_budget(goal: Goal) -> int:
    """The budget of a run for which statements are written: the one given, else the usual one.

    Args:
        goal: the goal of the run.

    Raises:
        InputError: for the same reason as `written_goal`.
    """
    return written_goal(goal)[0].budget or 0


def stated_budget(goal: Goal, profile: Profile) -> Goal | None:
    """The goal with the budget of an election: what it may spend in all, or how many it elects; None: it states none.

    Args:
        goal: a goal without a budget. In statements only the number of seats counts, in cost only the money.
        profile: what people said.

    Raises:
        InputError: the budget is to be counted in cost, and the source states none.
    """
    money, seats = _whole(profile.facts.get("budget")), _whole(profile.facts.get("committeesize"))
    if goal.unit != "statements" and profile.statements.costs is not None and money:
        return replace(goal, budget=money, unit="cost")
    if goal.unit == "cost":
        raise InputError("the source states no budget; give `budget`, or take `unit='statements'`")
    if profile.answers.scale.complete and 0 < seats <= profile.n_statements:
        return replace(goal, budget=seats, unit="statements")
    return None


def why_stated(goal: Goal) -> str:
    """The sentence on a budget that the source states.

    Args:
        goal: with that budget.
    """
    if goal.unit == "cost":
        return noted(f"No budget was given; the one that the source states is taken, {goal.budget:,} in cost.")
    return noted(f"No budget was given; the one that the source states is taken, {goal.budget:,} statements.")


def why_usual(size: int, people: int, eligible: int) -> str:
    """The sentence on a budget that nobody stated.

    Args:
        size: how many statements the slate may have.
        people: how many people took part.
        eligible: how many statements may be chosen.
    """
    if size > usual_size(people, eligible):
        why = noted("those that are locked in")
    elif size == eligible:
        why = noted("all that can be chosen")
    elif size == MOST:
        why = noted(f"the most that are taken, and each stands for at least {PEOPLE} people")
    elif people // PEOPLE < LEAST:
        why = noted(f"the fewest that are taken, although each stands for fewer than {PEOPLE} people")
    else:
        why = noted(f"one for every {PEOPLE} people")
    if size == 1:
        return noted(f"No budget was given; the slate may have 1 statement, {why}.")
    return noted(f"No budget was given; the slate may have {size} statements, {why}.")


def _whole(value: object) -> int:
    """A budget that a source states, 0 where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return int(value) if 1 <= value <= LARGEST and value % 1 == 0 else 0
