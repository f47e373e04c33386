"""Slates chosen from the answers that are shown: registered processes, and rules on chances to agree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from folkmoot.formats import read
from folkmoot.preferences import fit
from folkmoot.processes import Problem, Selection, assigned, find
from folkmoot.processes.robust.instance import SearchInstance
from folkmoot.processes.robust.starts import starts
from folkmoot.profile import Answers, FloatArray, InputError, IntArray, Options, Profile
from folkmoot.profile import costs as costs_of
from folkmoot.profile.streams import Stream, stream
from folkmoot.queries import ClosedPool, Completed
from folkmoot.queries.beliefs import Posterior
from folkmoot.queries.opinion_groups import opinion_groups
from folkmoot.slates.eligible import Eligible

from ..streams import numbers

# Share of the answers that are hidden, and first part of the seed of who hides what.
HIDDEN, SEED = 0.2, 77
#: Rules that are no processes: by what statements are ranked (see `processes.robust.starts`).
RULES = {"consensus": "consensus", "pav-predicted": "proportional", "coverage-predicted": "coverage"}


@dataclass(frozen=True, eq=False)
class Split:
    """A conversation with part of its answers hidden.

    Args:
        problem: to choose from, with what may be chosen as its pool.
        completed: the answers that were shown and the model fitted to them.
        shown: float64 [n, m] utilities that were shown of the pool's statements, nan where there was none.
        hidden: the same of those that were hidden.
        groups: int64 [n] opinion group of everybody, by all answers.
    """

    problem: Problem
    completed: Completed
    shown: FloatArray
    hidden: FloatArray
    groups: IntArray


def conversation(path: Path) -> tuple[Profile, IntArray]:
    """What people said, and int64 [n] their opinion groups by all of it.

    Raises:
        InputError: the folder holds nothing readable, or nobody answered.
    """
    profile = read(path)
    if not len(profile.answers):
        raise InputError("nobody answered anything, so nothing can be held out", file=path)
    completed = Completed(profile, fit(profile, stream(0, Stream.FIT)))
    columns = profile.pool(False)
    return profile, opinion_groups(ClosedPool(completed, columns, np.ones(len(columns), dtype=np.int64)))


def split(profile: Profile, groups: IntArray, number: int, unit: str, budget: int, seed: int) -> Split:
    """Hides a fifth of the answers and prepares a choice from the rest.

    Args:
        profile: the profile as read.
        groups: int64 [n] of everybody.
        number: of the split: answers are hidden by the numbers of seed 77 and this one.
        unit: of costs.
        budget: of the slate.
        seed: of the model and of the draws.
    """
    answers = profile.answers
    hide = numbers(SEED, number).random(len(answers)) < HIDDEN
    shown = replace(profile, answers=_some(answers, ~hide))
    completed = Completed(shown, fit(shown, stream(seed, Stream.FIT)))
    columns, kindred = _candidates(shown, completed, unit, budget)
    pool = ClosedPool(completed, columns, costs_of(shown, unit)[columns], shown.masses)
    approval = answers.scale.approval
    problem = Problem(pool, budget, approval=approval, beliefs=Posterior(completed, seed, approval), kindred=kindred)
    everybody = np.arange(profile.n_agents)
    known, unknown = shown, replace(profile, answers=_some(answers, hide))
    tables = [answers.scale.utility(one.dense(columns, everybody)) for one in (known, unknown)]
    return Split(problem, completed, tables[0], tables[1], groups)


def chosen(name: str, here: Split) -> Selection:
    """The slate of a process or a rule.

    Raises:
        InputError: there is neither of that name.
    """
    if name not in RULES:
        return find(name).run(here.problem, stream(0, Stream.PROCESS))
    instance = SearchInstance.of(here.problem, draws=1, most=here.problem.pool.size)
    ranked = starts(instance, here.problem)[RULES[name]]
    return assigned(here.problem, [int(a) for a in instance.candidates[ranked]])


def _some(answers: Answers, keep: np.ndarray) -> Answers:
    return Answers.of(answers.agent[keep], answers.statement[keep], answers.value[keep], answers.scale)


def _candidates(
    shown: Profile, completed: Completed, unit: str, budget: int
) -> tuple[IntArray, tuple[tuple[int, int], ...]]:
    """Columns of what `folkmoot slate` could choose on the answers shown, and which of them share a subject."""
    costs = costs_of(shown, unit)
    columns = shown.pool(False)
    columns = columns[costs[columns] > 0]
    here = Eligible(shown, ClosedPool(completed, columns, costs[columns], shown.masses), Options(), budget, unit)
    columns = columns[here.counted]
    place = {int(column): at for at, column in enumerate(columns)}
    pairs = here.verdicts.same_subject
    return columns, tuple((place[one], place[other]) for one, other in pairs if one in place and other in place)
