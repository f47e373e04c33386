"""From a large source to an audited slate: chosen among some of the people, assigned and audited over everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ..audits import Audit, Subject
from ..audits.agreement import DIVIDED, NOBODY_AGAINST, Divisive
from ..audits.audit import FRONTIER_STEPS
from ..audits.public_records import Other
from ..preferences.two_part import TwoPart
from ..processes import Selection
from ..profile import Agents, InputError, IntArray, Options, Profile, Progress, Slate, SlateStatement, silent
from ..profile.executors import Executor
from ..profile.options import Goal
from ..profile.records import to_json
from ..profile.sentences import noted
from ..profile.streams import Stream, stream
from ..queries import ClosedPool, Completed
from ..queries.completed import GRID
from ..slates.choose import Decided, decide
from ..slates.figures import _popular, _same_pool, figures_of
from ..slates.public.figures import Figures
from ..slates.public.said import FOR
from .audit import Everybody, audited
from .blocks import Frame, Placing
from .choice import AMONG_ALL, chosen_among_all, redecided
from .counts import Plan
from .events import LargeSource
from .public import public
from .whole import Whole, answers_per_statement, fingerprint_of

#: People to whom the model is fitted and among whom the slate is chosen, of a population of more.
FITTED = 10_000


def large_slate(
    source: LargeSource,
    goal: Goal,
    options: Options,
    folder: Path,
    executor: Executor,
    *,
    people: int = FITTED,
    progress: Progress = silent,
) -> Slate:
    """Chooses a slate for people in shards, with its audit.

    Args:
        source: statements, and answers in shards.
        goal: budget, unit and seed.
        options: the other options.
        folder: where files on the way are written: two bytes a person and statement.
        executor: runs the work on shards; the slate is the same bytes whichever it is.
        people: how many people the model is fitted to, drawn at random; as many as there are, or more: everybody.
        progress: called with (stage, share done).

    Raises:
        InputError: an option that does not fit the source or this route.
    """
    _refuse(options)
    some, rows = _some(source, people, goal.seed)
    decided = decide(some, goal, options, report=progress)
    case, pool = decided.case, decided.case.pool
    if case.options.assignment == "process" and case.options.process not in AMONG_ALL:
        raise InputError(
            f"process {case.options.process!r} chooses among some of the people of a large source, so it assigns only "
            "these; take `assignment='max-utility'`, or leave it"
        )
    model = case.prepared.disc.model
    if not isinstance(model, TwoPart):
        raise InputError("nothing is predicted here; read such a source into memory (`large='no'`)")
    decided = _meeting(decided, model)
    case, pool = decided.case, decided.case.pool
    held = case.held(decided.chosen.subject)
    behind = Figures(case, held)
    placing = _placing(behind)
    frame = Frame(
        replace(some, agents=Agents(()), answers=type(some.answers).none(some.answers.scale), facts={}),
        model,
        pool.statements,
        placing,
        goal.seed,
    )
    whole = Whole.of(frame, source.shards, folder, executor, progress)
    chosen = decided.chosen.subject.chosen
    among_all = case.options.process in AMONG_ALL
    # Whose chances will be needed is not known before everybody was asked; meeting people again would cost more.
    kept = np.arange(pool.size) if among_all else chosen
    expected = whole.predicted(kept)
    selection = chosen_among_all(decided, whole) if among_all else None
    if selection is not None:
        chosen = selection.candidates
        held = case.held(Subject(pool, chosen, np.full(some.n_agents, -1), case.task.budget))
        behind = Figures(case, held)
    outside = np.setdiff1d(np.flatnonzero(np.isin(pool.statements, held.pool.statements)), chosen)
    slacks = frame.top * np.arange(FRONTIER_STEPS + 1) // FRONTIER_STEPS
    plan = Plan(chosen, outside, pool.costs, slacks, behind.published)
    kinds = 0 if placing is None else len(placing.centres)
    everybody, assignment = _assigned(whole, plan, decided, selection, kinds, behind.grouped[0].least)
    if selection is not None:
        decided = redecided(decided, selection, assignment, everybody.place, rows)
    progress(noted("auditing those fitted"), 0.0)
    figures = figures_of(
        case,
        decided.chosen.subject,
        plain=None,
        draws=options.draws,
        notes=(*decided.notes, *_told(some, source, goal, case.options.process)),
    )
    popular = _other(whole, decided, figures, held)
    figures = audited(figures, everybody)
    assert figures.public is not None
    unread = sum(note.count for note in source.frame.notes if note.kind == "dropped")
    figures = replace(
        figures,
        divisive=_divisive(everybody, expected),
        public=public(
            figures.public,
            everybody,
            unread=unread,
            popular=popular,
            published=behind.published,
            languages=behind.languages,
        ),
    )
    return _slate(source, decided, everybody, figures, some, assignment)


def _assigned(
    whole: Whole, plan: Plan, decided: Decided, selection: Selection | None, groups: int, least: int
) -> tuple[Everybody, str]:
    """Everybody with their places: the largest total utility, or the process's own where only that keeps cBJR."""
    budget = decided.case.task.budget
    seen = whole.seen(plan.chosen)

    def with_places(place: IntArray) -> Everybody:
        whole.placed(place)
        counts = whole.counted(plan, groups, max(1, least))
        return Everybody(
            whole.frame,
            plan,
            counts,
            seen.levels,
            seen.kinds,
            whole.own_chances(place, np.arange(len(plan.chosen)) if selection is None else plan.chosen),
            place,
            budget,
            whole.asker(plan),
            whole.names,
        )

    happiest = with_places(whole.seat(seen.levels, plan.costs[plan.chosen], budget))
    if selection is None or decided.case.options.assignment == "max-utility":
        return happiest, "max-utility"
    if decided.case.options.assignment == "best" and not happiest.violated:
        return happiest, "max-utility"
    own = with_places(selection.assignment)
    if decided.case.options.assignment == "best" and own.violated:
        return with_places(happiest.place), "max-utility"
    return own, "process"


def _refuse(options: Options) -> None:
    """Says what this route cannot do.

    Raises:
        InputError: the options ask for it.
    """
    if options.engine != "embedded":
        raise InputError("a language model judges people one by one; read the source into memory (`large='no'`)")


def _some(source: LargeSource, people: int, seed: int) -> tuple[Profile, IntArray]:
    """Some of the people, drawn at random, as a profile, and their numbers; everybody where there are no more."""
    shards, frame = source.shards, source.frame
    n = shards.n_agents
    if not n:
        raise InputError("the source has no participants; nobody can be represented")
    rows = np.arange(n)
    if people < n:
        rows = np.sort(stream(seed, Stream.FITTED).permutation(n)[:people])
    ids, answers = shards.people(rows)
    texts = tuple(source.texts.get(name, ()) for name in ids) if source.texts else ()
    answered = answers_per_statement(shards, frame.n_statements)
    facts = {**frame.facts, "answers_per_statement": tuple(answered.tolist())}
    agents = Agents(tuple(ids), texts if any(texts) else ())
    return replace(frame, agents=agents, answers=answers, facts=facts), rows


def _meeting(decided: Decided, model: TwoPart) -> Decided:
    """The same choice with the utilities of people whom the model meets, which is how it knows everybody else."""
    case = decided.case
    disc = Completed(case.prepared.profile, model.meet(case.prepared.profile))
    pool = ClosedPool(disc, case.pool.statements, case.pool.costs, case.pool.masses)
    case = replace(case, prepared=replace(case.prepared, disc=disc), pool=pool)
    subject = replace(decided.chosen.subject, pool=pool)
    return replace(decided, case=case, chosen=replace(decided.chosen, subject=subject))


def _placing(behind: Figures) -> Placing | None:
    """How others are placed in the groups of opinion that were found among some."""
    case = behind.case
    found = case.groups
    if found is None or not behind.grouped[0].groups:
        return None
    utilities = case.pool.utilities(case.pool.agents, case.eligible.counted)
    return Placing.of(case.eligible.counted, utilities, found[0].argmax(axis=1))


def _other(whole: Whole, decided: Decided, some: Audit, held: Any) -> Other | None:
    """What the statements with the most support would have made, for everybody."""
    if some.public is None or some.public.popular is None:
        return None
    case = decided.case
    popular = _popular(_same_pool(case, held), case.task.seed)
    places = np.searchsorted(case.pool.statements, popular.pool.statements[popular.chosen])
    seen = whole.seen(places)
    place = whole.seat(seen.levels, case.pool.costs[places], held.budget)
    rows = np.flatnonzero(place >= 0)
    agree = int((seen.kinds[rows, place[rows]] == FOR).sum())
    return Other(agree, len(place) - len(rows), some.public.popular.same)


def _divisive(e: Everybody, expected: IntArray) -> Divisive:
    """Statements outside that divide people although a large enough group wants them, over everybody."""
    if e.frame.profile.answers.scale.kind in NOBODY_AGAINST:
        return Divisive(0)
    outside, columns = e.plan.outside, e.frame.columns[e.plan.outside]
    against, _, for_it = e.counts.answers[0][columns].T
    answered = e.counts.answers[0][columns].sum(axis=1)
    agree = expected[outside] / GRID
    divided = (DIVIDED * for_it >= answered) & (DIVIDED * against >= answered) & (answered > 0)
    divided &= agree >= e.needs(outside)
    if not divided.any():
        return Divisive(0)
    at = int(np.flatnonzero(divided)[np.argmax(agree[divided])])
    s = e.frame.profile.statements
    return Divisive(int(divided.sum()), s.ids[int(columns[at])], s.texts[int(columns[at])], round(agree[at] / e.n, 6))


def _told(some: Profile, source: LargeSource, goal: Goal, process: str) -> Sequence[str]:
    """What a reader has to know of a slate that was chosen among some."""
    people, fitted = source.shards.n_agents, some.n_agents
    if fitted == people:
        return ()
    seed = goal.seed
    return (
        noted(
            f"A large source: the model was fitted to {fitted:,} of {people:,} participants, drawn at random (seed "
            f"{seed})."
        ),
        noted("The statements were chosen among everybody.")
        if process in AMONG_ALL
        else noted("The statements were chosen among those to whom the model was fitted."),
        noted(
            "Who stands behind which statement, justified representation, welfare and every count of answers are over "
            "everybody; draws, turning points, plural figures and what may not be chosen are about those to whom the "
            "model was fitted."
        ),
    )


def _slate(
    source: LargeSource, decided: Decided, e: Everybody, figures: Audit, some: Profile, assignment: str
) -> Slate:
    """The slate with everybody in it."""
    one, n = decided.slate, e.n
    order = np.argsort(e.place, kind="stable")
    cuts = np.searchsorted(e.place[order], np.arange(-1, len(one.statements) + 1))
    every: list[str] = []
    for number in range(source.shards.count):
        every += source.shards.ids(number)

    def people(place: int) -> tuple[str, ...]:
        return tuple(every[row] for row in order[cuts[place + 1] : cuts[place + 2]].tolist())

    statements = tuple(
        SlateStatement(each.id, each.text, each.cost, people(place), each.provenance, each.original)
        for place, each in enumerate(one.statements)
    )
    fitted = {} if some.n_agents == n else {"fitted_to": some.n_agents}
    return replace(
        one,
        statements=statements,
        unassigned=people(-1),
        n_agents=n,
        process={**one.process, "assignment": assignment},
        engine={**one.engine, **fitted},
        audit=to_json(figures),
        source={
            **one.source,
            "participants": n,
            "answers": source.shards.meta.answers,
            "fingerprint": fingerprint_of(source.frame, source.shards, dict(source.texts)),
        },
    )
