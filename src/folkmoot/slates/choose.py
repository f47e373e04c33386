"""The main job: from what people said to a slate with its audit; the call is `slate`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..audits import Subject
from ..engines import Task
from ..processes import Problem, Selection, assigned
from ..profile import LARGEST, InputError, Options, Profile, Progress, Slate, silent
from ..profile.costs import Length, Unit
from ..profile.declared import made
from ..profile.options import AnswerForm, Assignment, Goal, PoolKind, Scoring
from ..profile.records import to_json
from ..profile.sentences import noted
from ..profile.streams import Stream, stream
from ..queries import ClosedPool
from ..queries.beliefs import LIKELY, Chances
from ..queries.closed_pool import KEEP
from ..queries.texts.near import near_pairs
from .case import Case
from .edits import edited, edits_of, notes_on
from .eligible import nothing_chosen
from .entry import expect_profile
from .figures import figures_of, view_of
from .fill import filled
from .record import process_record, slate_of
from .recorded import recorded
from .usual import (
    LEAST,
    calmest,
    settled,
    stated_budget,
    usual_size,
    violated_draws,
    why_calmest,
    why_stated,
    why_usual,
    written_goal,
)
from .weighing import Given, weights_record

if TYPE_CHECKING:
    from ..llm import Model


def slate(
    profile: Profile,
    budget: int | None = None,
    *,
    unit: Unit = "words",
    seed: int = 0,
    length: Length | None = None,
    process: str = "",
    engine: str = "embedded",
    strict: bool = False,
    min_length: int | None = None,
    max_length: int = 0,
    min_answers: int | None = None,
    keep_self_descriptions: bool = False,
    keep_metadata: bool = False,
    keep_duplicates: bool = False,
    all_eligible: bool = False,
    locked_in: Sequence[str] = (),
    locked_out: Sequence[str] = (),
    consensus: float = 1.0,
    calibrate_to: str = "",
    fill: bool = False,
    no_fill: bool = False,
    levels: Sequence[float] = (),
    cost_step: int = 0,
    assignment: Assignment = "best",
    draws: int = 100,
    refine: bool = False,
    predict: str = "auto",
    topic: str = "",
    scoring: Scoring = "sparing",
    specificity: float = 1.0,
    per_prompt: int = 8,
    pool: PoolKind = "written",
    answers: AnswerForm = "plain",
    validate: int = 25,
    model: Model | None = None,
    repeats: Given | None = None,
    edits: Mapping[str, str] | None = None,
    report: Progress | None = None,
) -> Slate:
    """From what people said to a slate with its audit: the main job.

    Args:
        profile: what people said.
        budget: what the slate may cost, counted in ``unit``; none: 10 to 15 statements, or the budget that an election
            states; with ``engine="llm"`` 160 words or 5 statements.
        unit: what the budget counts: words, characters, statements, or cost as the source states it.
        seed: seed of every random choice; the same seed gives the same bytes.
        length: what a budget of text counts: words (where a script puts no spaces between them, by its letters) or
            characters without spaces.
        process: id of the process; empty: robust on real conversations, democratic-fast where ballots are complete or
            nobody voted, with ``engine="llm"`` prose. The command folkmoot processes lists them.
        engine: what answers the queries: embedded (a model of people's answers) or llm (a language model, which also
            writes the statements).
        strict: leave out statements that moderation has not accepted yet.
        min_length: fewest words, and different words, of a statement that may be chosen; none: 4, where statements are
            sentences. A language model that writes within a number of words begins with this length, none: 8, up to
            the last approval level.
        max_length: most words of a statement that may be chosen, 0 for no limit; the audit still holds the slate
            against longer ones.
        min_answers: fewest answers to a statement that may be chosen; none: 10, fewer where too few statements would
            remain.
        keep_self_descriptions: let statements be chosen that say something about their author.
        keep_metadata: let statements be chosen that the source marks as questions about participants.
        keep_duplicates: let statements be chosen that say nearly the same as another one.
        all_eligible: let every statement be chosen that moderation did not reject: no rule about answers, words,
            authors or duplicates.
        locked_in: ids of statements that must be in.
        locked_out: ids of statements that must not be in; the audit still holds the slate against them.
        consensus: weight of what many agree with beside everybody's own statement (process robust); 0: large divided
            groups get statements of their own.
        calibrate_to: column of groups whose shares the slate is to have (process calibrated), one that
            ``group_columns`` keeps; empty: opinion groups.
        fill: spend the whole budget and leave nobody without a statement, where the process itself would stop before;
            usual unless ballots are complete.
        no_fill: stop where the process itself stops, whatever is left.
        levels: approval levels, highest first; none: as the process sees fit, usually every distinct utility.
        cost_step: the one cost of the statements that democratic-uniform chooses; 0: that of the dearest.
        assignment: who stands behind which statement: process (who was removed in which round), max-utility (the
            balanced assignment with the largest total utility, whatever the audit says of it), or best (max-utility,
            unless it breaks cBJR where the assignment of the process keeps it).
        draws: posterior draws of the unknown answers for the certificate; 0 leaves them out.
        refine: look for a better slate from the one that was chosen; its own assignment stands unless
            ``assignment="max-utility"`` is given.
        predict: model that predicts what people did not answer (or a language model was not asked); auto: the one that
            does best on held-out answers. The command folkmoot models lists them.
        topic: what the conversation is about; empty: as the source has it.
        scoring: what the model is asked: full (everything), exact (what decides, with the same slate), sparing (that,
            and nothing in passes without hope) or screened (less: slates may differ).
        specificity: weight of specificity beside agreement.
        per_prompt: most statements that the model is asked about in one question; 1: as published.
        pool: what is chosen from: written (what the model writes) or both (first the source's own statements, on
            people's votes and what these predict; the model is asked only about what it writes).
        answers: how the model answers: plain, or structured (JSON by a schema, with a list of ten ratings in place of
            log-probabilities), for endpoints that give none; plain: as the endpoint's file has it.
        validate: people whose held-out answers the model's scores are checked with; 0 leaves the check out.
        model: what answers the queries of ``engine="llm"``, e.g. a `folkmoot.llm.Client`.
        repeats: answers that people gave again, a table's file or `folkmoot.formats.repeats.repeats`: every answer
            counts for as much as it is an opinion, and what no opinion is formed of cannot be chosen.
        edits: the organiser's wordings by id of the statement; the slate keeps what people answered beside them.
        report: called with (stage, share done) as work goes on.

    Returns:
        The slate; its ``audit`` field holds the figures.

    Raises:
        InputError: an option that does not fit the profile.
    """
    given = locals()
    expect_profile(profile)
    goal, options = made(Goal, given), made(Options, given)
    return choose_slate(profile, goal, options, model=model, repeats=repeats, edits=edits, report=report)


def choose_slate(
    profile: Profile,
    goal: Goal,
    options: Options,
    *,
    model: Model | None = None,
    repeats: Given | None = None,
    edits: Mapping[str, str] | None = None,
    report: Progress | None = None,
) -> Slate:
    """What `slate` does, with its options in two records.

    Args:
        profile: what people said.
        goal: budget, unit and seed.
        options: the other options.
        model: the model, as `slate` takes it, like the next three.
        repeats: answers that people gave again.
        edits: the organiser's wordings by id of the statement.
        report: called with (stage, share done).

    Raises:
        InputError: an option that does not fit the profile.
    """
    found = decide(profile, goal, options, model=model, repeats=repeats, edits=edits, report=report)
    case, subject = found.case, found.chosen.subject
    figures = figures_of(case, subject, plain=found.plain, draws=case.options.draws, notes=found.notes)
    chosen_slate = replace(found.slate, audit=figures.as_dict())
    viewed = replace(chosen_slate, view=view_of(case, chosen_slate, figures, subject))
    viewed.derived["recorded"] = recorded(chosen_slate)  # the same records: they are read once for all pages
    return viewed


@dataclass(frozen=True)
class Decided:
    """A slate that was chosen, before its audit.

    Args:
        case: the case that it was chosen from.
        chosen: the choice.
        plain: the slate that is chosen without weights; None: there are none.
        slate: with its record.
        notes: what a reader of its figures must know.
    """

    case: Case
    chosen: Chosen
    plain: Subject | None
    slate: Slate
    notes: tuple[str, ...]


def decide(
    profile: Profile,
    goal: Goal,
    options: Options,
    *,
    model: Model | None = None,
    repeats: Given | None = None,
    edits: Mapping[str, str] | None = None,
    report: Progress | None = None,
) -> Decided:
    """`choose_slate` without the audit; the arguments are the same.

    Raises:
        InputError: an option that does not fit the profile.
    """
    progress = report or silent
    options = settled(options, profile)
    from .needs import require_extras

    require_extras(options, profile)
    if edits and options.engine == "llm":
        raise InputError("`edits` are of statements of the source, but this engine writes its own: leave it")
    if edits and profile.n_statements:
        edits_of(profile, edits)  # a slip is said before the work
    case, why = begun(profile, goal, options, model=model, repeats=repeats, progress=progress)
    wordings = edits_of(case.prepared.profile, edits or {})
    progress(noted("choosing statements"), 0.0)
    chosen = choose(case)
    if goal.budget is None and options.engine != "llm" and stated_budget(goal, profile) is None:
        case, chosen, why = _calmed(case, chosen, why)
    progress(noted("choosing statements"), 1.0)
    plain = _without_weights(case)
    process = _record(case, chosen, plain, why, edits)
    chosen_slate = slate_of(profile, case.prepared, chosen.subject, unit=case.unit, seed=goal.seed, process=process)
    chosen_slate = edited(chosen_slate, wordings)
    return Decided(case, chosen, plain, chosen_slate, (*([why] if why else []), *notes_on(chosen_slate, wordings)))


def begun(
    profile: Profile,
    goal: Goal,
    options: Options,
    *,
    model: Model | None = None,
    repeats: Given | None = None,
    progress: Progress = silent,
) -> tuple[Case, str]:
    """What a choice begins with, its budget settled.

    Args:
        profile: what people said.
        goal: budget, unit and seed.
        options: the other options, after `usual.settled`.
        model: the model, as `slate` takes it, like the next one.
        repeats: answers that people gave again.
        progress: called with (stage, share done).

    Returns:
        The case, and which budget was taken and why; empty if one was given.
    """
    stated: Goal | None = goal if goal.budget is not None else None
    why = ""
    if stated is None and options.engine == "llm":
        stated, why = written_goal(goal)
    elif stated is None and (stated := stated_budget(goal, profile)) is not None:
        why = why_stated(stated)
    # Until it is known what can be chosen.
    wanted = stated or Goal(max(usual_size(profile.n_agents, LARGEST), len(options.locked_in)), "statements", goal.seed)
    task = Task(options, wanted.budget or 0, wanted.unit, wanted.seed, model, progress)
    case = Case.begin(profile, task, unit=wanted.unit, repeats=repeats)
    if stated is not None:
        return case, why
    free = case.pool.size - len(case.eligible.locked_out)
    size = max(1, min(case.task.budget, free))
    if size < case.task.budget:
        case = replace(case, task=replace(case.task, budget=size))
    return case, why_usual(size, profile.n_agents, free)


def _calmed(case: Case, chosen: Chosen, why: str) -> tuple[Case, Chosen, str]:
    """Fewer statements where nobody said how many and large enough groups would complain about so many."""
    most = case.task.budget
    cases = {most: case}
    slates = {most: chosen}

    def violated(size: int) -> float:
        if size not in slates:
            cases[size] = replace(case, task=replace(case.task, budget=size))
            slates[size] = choose(cases[size])
        return violated_draws(slates[size].selection) or 0.0

    size, found = calmest(most, max(LEAST, len(case.options.locked_in)), violated)
    return cases[size], slates[size], why if size == most else why_calmest(size, found)


@dataclass(frozen=True)
class Chosen:
    """A choice, settled.

    Args:
        selection: the selection with the assignment that was taken.
        assignment: the kind of that assignment: ``process``, ``refinement`` or ``max-utility``.
        subject: the same slate over the pool.
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
    selection = _run(case, problem)
    if not selection.rounds:
        raise InputError(nothing_chosen(problem, asked.process, bool(asked.levels)))
    process = case.engine.process
    assignment: str = asked.assignment if process.assigns else "max-utility"
    if assignment == "best" and process.keeps_assignment:
        assignment = "process"
    if case.fills:
        fuller = filled(problem, selection)
        if len(fuller.rounds) > len(selection.rounds) or _left_over(selection):
            selection, assignment = fuller, "max-utility"
    refined = False
    if asked.refine:
        case.task.progress(noted("refining"), 0.0)
        from ..processes.refine.refine import refine_selection

        selection = refine_selection(problem, selection, _apart(case.prepared.profile, problem.pool))
        refined = "after" in selection.parameters["refinement"]
    if refined and assignment != "max-utility":
        assignment = "refinement"
    else:
        selection, assignment = _assigned(case, selection, assignment)
    return Chosen(selection, assignment, _subject(problem, selection))


def _run(case: Case, problem: Problem) -> Selection:
    """What the process chooses; one that looks at approvals only is given chances where answers are missing."""
    rng, beliefs, pool = stream(case.task.seed, Stream.PROCESS), problem.beliefs, problem.pool
    if beliefs is None or not case.engine.process.approvals:
        return case.candidates.choose(problem, rng)
    likely = ClosedPool(Chances(beliefs, pool.disc), pool.statements, pool.costs, pool.masses)
    selection = case.candidates.choose(replace(problem, pool=likely, approval=LIKELY, beliefs=None), rng)
    return replace(selection, parameters={**selection.parameters, "approves": "chance"})


def _left_over(selection: Selection) -> bool:
    """Somebody has no statement."""
    return bool((selection.assignment < 0).any())


def _assigned(case: Case, selection: Selection, assignment: str) -> tuple[Selection, str]:
    """The selection with the assignment that is wanted, and which one it is."""
    problem = case.problem
    if assignment == "process":
        return selection, "process"
    happiest = assigned(problem, [int(a) for a in selection.candidates])
    if assignment == "best" and _violates(case, happiest) and not _violates(case, selection):
        return selection, "process"
    rounds = tuple(replace(r, agents=h.agents) for r, h in zip(selection.rounds, happiest.rounds, strict=True))
    return replace(selection, rounds=rounds), "max-utility"


def _violates(case: Case, selection: Selection) -> bool:
    """Some large enough group prefers a statement that could have been chosen."""
    return case.held(_subject(case.problem, selection)).violates_cbjr


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
    case.task.progress(noted("choosing without weights"), 0.0)
    return choose(case.unweighed).subject


def _record(
    case: Case, chosen: Chosen, plain: Subject | None, why: str, edits: Mapping[str, str] | None
) -> Mapping[str, Any]:
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
            why or None,
            edits,
        )
    )
    return record
