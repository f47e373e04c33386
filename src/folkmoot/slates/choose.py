"""The main job: from what people said to a slate with its audit; the call is `slate`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..audits import Subject
from ..engines import Task
from ..processes import Problem, Selection, assigned
from ..processes.refine.refine import refine_selection
from ..profile import LARGEST, InputError, Options, Profile, Progress, Slate, silent
from ..profile.records import to_json
from ..queries import ClosedPool
from ..queries.closed_pool import KEEP
from ..queries.texts.near import near_pairs
from .case import Case
from .eligible import nothing_chosen
from .figures import figures_of, view_of
from .record import process_record, slate_of
from .weighing import Given, weights_record

if TYPE_CHECKING:
    from ..llm import Model


def slate(
    profile: Profile,
    budget: int,
    *,
    unit: str = "words",
    seed: int = 0,
    model: Model | None = None,
    repeats: Given | None = None,
    report: Progress | None = None,
    **options: Any,
) -> Slate:
    """From what people said to a slate with its audit: the main job.

    Args:
        profile: what people said.
        budget: what the slate may cost, in ``unit``.
        unit: ``words``, ``statements`` or ``cost`` (as the source states it).
        seed: of every random choice; same seed, same bytes.
        model: for ``engine="llm"``: answers its queries, e.g. a `folkmoot.llm.Client`.
        repeats: answers that were asked for again, a table's file or `folkmoot.formats.repeats.repeats`: every answer
            counts for as much as it is an opinion, and what no opinion is formed of cannot be chosen.
        report: called with (stage, share done) as work goes on.
        options: see `folkmoot.Options`: ``process``, ``strict``, ``min_length``, ``locked_in``, ...

    Returns:
        The slate; its ``audit`` field holds the figures.

    Raises:
        InputError: an option that does not fit the profile.
    """
    progress = report or silent
    asked = _options(options)
    _whole_number("budget", budget, 1)
    _whole_number("seed", seed, 0)
    case = Case.begin(profile, Task(asked, budget, unit, seed, model, progress), unit=unit, repeats=repeats)
    progress("choosing statements", 0.0)
    chosen = choose(case)
    progress("choosing statements", 1.0)
    plain = _without_weights(case)
    made = slate_of(profile, case.prepared, chosen.subject, unit=unit, seed=seed, process=_record(case, chosen, plain))
    figures = figures_of(case, chosen.subject, plain=plain, draws=asked.draws)
    made = replace(made, audit=figures.as_dict())
    return replace(made, view=view_of(case, made, figures, chosen.subject))


@dataclass(frozen=True)
class Chosen:
    """A choice, settled.

    Args:
        selection: with the assignment that was taken.
        assignment: which one that is: ``process``, ``refinement`` or ``max-utility``.
        subject: the same over the pool.
    """

    selection: Selection
    assignment: str
    subject: Subject


def choose(case: Case) -> Chosen:
    """What the process chooses, refined where that is wanted, with the assignment that is wanted.

    Raises:
        InputError: nothing could be chosen.
    """
    problem, asked = case.problem, case.options
    selection = case.candidates.choose(problem, np.random.default_rng([case.task.seed, 3]))
    if not selection.rounds:
        raise InputError(nothing_chosen(problem))
    assignment = asked.assignment if case.engine.process.assigns else "max-utility"
    refined = False
    if asked.refine:
        case.task.progress("refining", 0.0)
        selection = refine_selection(problem, selection, _apart(case.prepared.profile, problem.pool))
        refined = "after" in selection.parameters["refinement"]
    if refined and assignment != "max-utility":
        assignment = "refinement"
    else:
        selection, assignment = _assigned(problem, selection, assignment)
    return Chosen(selection, assignment, _subject(problem, selection))


def _assigned(problem: Problem, selection: Selection, assignment: str) -> tuple[Selection, str]:
    """The selection with the assignment that was asked for, and which one it is."""
    if assignment == "process":
        return selection, "process"
    happiest = assigned(problem, [int(a) for a in selection.candidates])
    if assignment == "best" and _violates(problem, happiest) and not _violates(problem, selection):
        return selection, "process"
    rounds = tuple(replace(r, agents=h.agents) for r, h in zip(selection.rounds, happiest.rounds, strict=True))
    return replace(selection, rounds=rounds), "max-utility"


def _violates(problem: Problem, selection: Selection) -> bool:
    return _subject(problem, selection).violates_cbjr


def _subject(problem: Problem, selection: Selection) -> Subject:
    return Subject(problem.pool, selection.candidates, selection.assignment, problem.budget)


def _apart(profile: Profile, pool: ClosedPool) -> tuple[tuple[int, int], ...]:
    """Pairs of candidates that say nearly the same; none where the pool is too large to be refined."""
    if pool.n_agents * pool.size > KEEP:
        return ()
    return near_pairs([profile.statements.texts[int(column)] for column in pool.statements])


def _without_weights(case: Case) -> Subject | None:
    """The slate that the same process chooses with every answer counting in full; None: it does."""
    if case.unweighed is None:
        return None
    case.task.progress("choosing without weights", 0.0)
    return choose(case.unweighed).subject


def _record(case: Case, chosen: Chosen, plain: Subject | None) -> Mapping[str, Any]:
    """How the slate was chosen, as ``slate.json`` has it."""
    weighing, weights = case.prepared.weighing, None
    if weighing is not None and plain is not None:
        weights = weights_record(weighing, case.pool, plain)
    record: Mapping[str, Any] = to_json(
        process_record(
            case.prepared.profile,
            case.pool,
            chosen.selection,
            case.options,
            chosen.assignment,
            case.engine.process.source,
            weights,
        )
    )
    return record


def _options(given: Mapping[str, Any]) -> Options:
    try:
        return Options(**given)
    except TypeError:
        known = list(asdict(Options()))
        wrong = next((name for name in given if name not in known), None)
        raise InputError(f"unknown option {wrong!r}; choose from {', '.join(known)}") from None


def _whole_number(name: str, value: Any, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LARGEST:
        raise InputError(f"{name} must be a whole number from {least} to {LARGEST:,}, not {value!r}")
