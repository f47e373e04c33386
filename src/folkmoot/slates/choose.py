"""The Python calls of the house: `slate`, `audit`, `axioms`, `rerun`; `read` and `write` are the formats room's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..audits import Audit, Subject
from ..audits import audit as audit_subject
from ..engines.embedded import Engine, Report
from ..processes import Problem, Process, Selection, assigned, find
from ..processes.refine.refine import refine_selection
from ..profile import LARGEST, PENDING, InputError, Options, Profile, Slate, fingerprint
from ..queries import ClosedPool
from ..queries.closed_pool import KEEP
from ..queries.texts.near import near_pairs
from .axioms import SECONDS, audit_ids, axioms, run_audits
from .case import ENGINES, Case, find_engine, pool_of, silent
from .eligible import Eligible, answered, nothing_chosen
from .record import command_of, process_of, slate_of
from .weighing import Given, Weighing, check_given, named_as, recorded_plain, refuse_others, repeated

if TYPE_CHECKING:
    from ..llm import Model
    from .view import View

RANDOM_SLATES = 10
# A statement that fewer people answered stands on predictions more than on votes; the audit says so.
FEW_ANSWERS = 10

__all__ = ["ENGINES", "SECONDS", "Audited", "audit", "audited", "axioms", "compare", "rerun", "slate"]


def slate(
    profile: Profile,
    budget: int,
    *,
    unit: str = "words",
    seed: int = 0,
    model: Model | None = None,
    repeats: Given | None = None,
    report: Report | None = None,
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
        report: told (stage, share done) as work goes on.
        options: see `folkmoot.Options`: ``process``, ``strict``, ``min_length``, ``locked_in``, ...

    Returns:
        The slate; its ``audit`` field holds the figures.

    Raises:
        InputError: an option that does not fit the profile.
    """
    tell = report or silent
    asked = _options(options)
    _whole_number("budget", budget, 1)
    _whole_number("seed", seed, 0)
    if repeats is not None:
        refuse_others(asked.engine)
        repeats = repeated(profile, repeats)
    chosen_by = None if asked.engine == "llm" else find(asked.process)  # a slip is told before the work
    engine = find_engine(asked.engine, asked, model=model, budget=budget, unit=unit, seed=seed, report=report)
    prepared = engine.prepare(engine.candidates(profile), seed=seed, strict=asked.strict, report=report)
    weighing = None if repeats is None else Weighing.of(profile, prepared, repeats, seed, report)
    prepared = prepared if weighing is None else weighing.engine
    pool = pool_of(prepared, unit, asked.strict)
    eligible = Eligible(prepared.profile, pool, asked, None if weighing is None else weighing.unformed)
    problem = eligible.problem(budget)
    tell("choosing statements", 0.0)
    wrote = engine.wrote
    assignment = asked.assignment
    if chosen_by is not None:
        selection, reference = _chosen(chosen_by, problem, seed), chosen_by.source
    else:
        assert wrote is not None  # the engine that writes has run
        selection, reference = wrote.selection, wrote.process.source
        assignment = assignment if wrote.process.assigns else "max-utility"
    selection, used = _settled(problem, selection, asked, assignment, prepared.profile, tell)
    tell("choosing statements", 1.0)
    subject = Subject(pool, selection.candidates, selection.assignment, budget)
    process = process_of(prepared.profile, pool, selection, asked, used, reference)
    without: Subject | None = None
    if weighing is not None:
        tell("choosing without weights", 0.0)
        whole = replace(eligible, pool=weighing.pool(pool), unformed=None).problem(budget)
        other, _ = _settled(whole, _chosen(find(asked.process), whole, seed), asked, assignment, prepared.profile, tell)
        without = Subject(whole.pool, other.candidates, other.assignment, budget)
        process["weights"] = weighing.record(pool, without)
    found = slate_of(profile, prepared, subject, unit=unit, seed=seed, process=process)
    figures = _audit(prepared, subject, seed, asked.draws, eligible, unit, [], report)
    if weighing is not None:
        figures = _weighed(figures, weighing, subject, without, eligible, report)
    found = replace(found, audit=figures.as_dict())
    return replace(found, view=_view(prepared, found, subject))


@dataclass(frozen=True)
class Audited:
    """An audit with the slate it makes of the one that was audited: completed, with figures, ready for a report.

    Args:
        slate: with costs, people and provenance as the source has them, its audit and its view.
        audit: the figures.
        draws_differ: another number of posterior draws was asked for than the slate records.
        axioms: what `axioms` returns, of those that were asked for.
    """

    slate: Slate
    audit: Audit
    draws_differ: bool = False
    axioms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def audit(
    profile: Profile,
    slate: Slate,
    *,
    draws: int | None = None,
    model: Model | None = None,
    repeats: Given | None = None,
    report: Report | None = None,
) -> Audit:
    """The figures of any slate, also one written by hand; see `audited`."""
    return audited(profile, slate, draws=draws, model=model, repeats=repeats, report=report).audit


def audited(
    profile: Profile,
    slate: Slate,
    *,
    draws: int | None = None,
    axioms: Sequence[str] = (),
    level: float | None = None,
    seconds: float = SECONDS,
    model: Model | None = None,
    repeats: Given | None = None,
    report: Report | None = None,
) -> Audited:
    """Audits any slate over a profile, also one written by hand.

    Statements are found by id, else by text; one that is in neither place joins the pool as a statement nobody
    answered, and a note says so. Without recorded agents the slate gets the balanced assignment with the largest
    total utility. Budget and unit are taken from the slate; where it names no unit it is what the source states costs
    in, ``statements`` for an election, else ``words``; where it names no budget it is the source's, else what the slate
    itself costs.

    Args:
        profile: what people said.
        slate: of a run, or by hand.
        draws: posterior draws; None: as recorded in the slate.
        axioms: exact audits to run as well; this and the next two as in `axioms`.
        level: from which an agent approves.
        seconds: for each of them.
        model: for a slate that a language model wrote: answers as it did, e.g. `folkmoot.llm.Replay` of its ledger.
        repeats: for a slate that was chosen with weights, or one by hand: the repeated answers, as `slate` takes them.
        report: told (stage, share done).

    Raises:
        InputError: agents the profile does not have, an agent assigned twice, or a budget the slate exceeds.
    """
    wanted = audit_ids(axioms) if axioms else []
    case = Case.of(profile, slate, report, model, repeats)
    asked, prepared, subject, unit = case.asked, case.prepared, case.subject, case.unit
    count = asked.draws if draws is None else draws
    weighing = case.weighing
    eligible = Eligible(case.profile, subject.pool, asked, None if weighing is None else weighing.unformed)
    figures = _audit(prepared, subject, slate.seed, count, eligible, unit, case.notes, report)
    if weighing is not None:
        figures = _weighed(figures, weighing, subject, recorded_plain(weighing, slate, subject), eligible, report)
    found = slate_of(profile, prepared, subject, unit=unit, seed=slate.seed, process=slate.process)
    found = replace(found, audit=figures.as_dict())
    found = replace(found, view=_view(prepared, found, subject))
    exact = run_audits(case, wanted, level, seconds, report) if wanted else {}
    return Audited(found, figures, draws_differ=count != asked.draws, axioms=exact)


def rerun(
    profile: Profile,
    recorded: Slate,
    *,
    model: Model | None = None,
    repeats: Given | None = None,
    report: Report | None = None,
) -> Slate:
    """Chooses a slate again, from its source and its own record alone (and, where a language model wrote it, the
    ledger of its run, as ``model``, where it has weights, the repeated answers); without posterior draws.

    Raises:
        InputError: the slate records no process (it was written by hand).
    """
    if "id" not in recorded.process:
        raise InputError("this slate records no process, so it cannot be chosen again; it can only be audited")
    check_given(recorded, repeats)
    options = replace(Options.of(recorded), draws=0)
    return slate(
        profile,
        recorded.budget,
        unit=recorded.unit,
        seed=recorded.seed,
        model=model,
        repeats=None if repeats is None else named_as(recorded, repeated(profile, repeats)),
        report=report,
        **{name: getattr(options, name) for name in asdict(options)},
    )


def compare(profile: Profile, slate: Slate, found: Audited, again: Slate | None = None) -> dict[str, Any]:
    """Does what is found now bear out what the slate records?

    Args:
        profile: the source, as read.
        slate: with its record.
        found: of an audit made now.
        again: the slate chosen again (`rerun`), if it was.

    Returns:
        ``source`` (the profile is the one the slate was chosen from), ``slate`` (the same statements, people, process
        and ties came out again), ``figures`` (everything else recorded came out again, every digit), each None where
        there is nothing to compare; ``differs``: names of what did not come out again, or has no place in a record.
    """
    fresh = json.loads(found.slate.to_json())
    recorded = json.loads(slate.to_json())
    names = ["n_agents", "unassigned"] if slate.audit is not None or slate.unassigned else []
    names += [name for name in ("engine", "reliability") if recorded[name]]
    differs = [name for name in names if recorded[name] != fresh[name]]
    differs += _differing("source", recorded["source"], fresh["source"], skip="fingerprint")
    differs += [
        f"statements[{place}].{name}"
        for place, (one, other) in enumerate(zip(recorded["statements"], fresh["statements"], strict=True), start=1)
        for name in ("cost", "provenance")
        if slate.audit is not None and one[name] != other[name]
    ]
    if slate.audit is not None:
        skip = "certificate" if found.draws_differ else ""
        differs += _differing("audit", recorded["audit"], fresh["audit"], skip=skip)
    print_ = slate.source.get("fingerprint")
    checks: dict[str, Any] = {
        "source": None if slate.audit is None else print_ == fingerprint(profile) and _same_repeats(recorded, fresh),
        "slate": None,
        "figures": None if slate.audit is None else not differs,
        "differs": differs,
    }
    if again is not None:
        same = (again.statements, again.unassigned) == (slate.statements, slate.unassigned)
        process = json.loads(again.to_json())["process"]
        now = {**process, "options": {**process["options"], "draws": recorded["process"]["options"].get("draws")}}
        others = _differing("process", recorded["process"], now)
        checks["slate"] = same and not others
        checks["differs"] = [*differs, *others]
    return checks


def _same_repeats(recorded: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """The repeated answers are those the slate was chosen with."""
    one, other = ((each["audit"] or {}).get("answers") or {} for each in (recorded, now))
    return bool(one.get("fingerprint") == other.get("fingerprint"))


def _differing(name: str, recorded: Mapping[str, Any], now: Mapping[str, Any], skip: str = "") -> list[str]:
    """Names of entries that are not equal, or are in only one of the two."""
    keys = dict.fromkeys([*now, *recorded])
    return [f"{name}.{key}" for key in keys if key != skip and recorded.get(key) != now.get(key)]


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


def _chosen(process: Process, problem: Problem, seed: int) -> Selection:
    return process.run(problem, np.random.default_rng([seed, 3]))


def _settled(
    problem: Problem, selection: Selection, asked: Options, assignment: str, profile: Profile, tell: Report
) -> tuple[Selection, str]:
    """What was chosen, refined where that is wanted, with the assignment that was asked for, and which one it is."""
    if not selection.rounds:
        raise InputError(nothing_chosen(problem))
    refined = False
    if asked.refine:
        tell("refining", 0.0)
        selection = refine_selection(problem, selection, _apart(profile, problem.pool))
        refined = "after" in selection.parameters["refinement"]
    if refined and assignment != "max-utility":
        return selection, "refinement"
    return _assigned(problem, selection, assignment)


def _assigned(problem: Problem, selection: Selection, assignment: str) -> tuple[Selection, str]:
    """The selection with the assignment that was asked for, and which one it is."""
    if assignment == "process":
        return selection, "process"
    happiest = assigned(problem, [int(a) for a in selection.candidates])
    if assignment == "best" and _violates(problem, happiest) and not _violates(problem, selection):
        return selection, "process"
    rounds = tuple(replace(r, agents=h.agents) for r, h in zip(selection.rounds, happiest.rounds, strict=True))
    return replace(selection, rounds=rounds), "max-utility"


def _apart(profile: Profile, pool: ClosedPool) -> tuple[tuple[int, int], ...]:
    """Pairs of candidates that say nearly the same; none where the pool is too large to be refined."""
    if pool.n_agents * pool.size > KEEP:
        return ()
    return near_pairs([profile.statements.texts[int(column)] for column in pool.statements])


def _violates(problem: Problem, selection: Selection) -> bool:
    return Subject(problem.pool, selection.candidates, selection.assignment, problem.budget).violates_cbjr


def _audit(
    prepared: Engine,
    subject: Subject,
    seed: int,
    draws: int,
    eligible: Eligible,
    unit: str,
    notes: Sequence[str],
    report: Report | None,
) -> Audit:
    # Similarity of texts has no posterior to draw from: draws are for answers that people could have given.
    said = len(prepared.profile.answers) + len(prepared.profile.comparisons)
    count = draws if said and prepared.disc.model is not None else 0
    compared = _compared(Problem(subject.pool, subject.budget, locked_out=eligible.locked_out), seed) if count else []
    found = audit_subject(
        prepared.profile,
        prepared.disc,
        subject,
        seed=seed,
        draws=count,
        compared=compared,
        notes=(*prepared.notes, *notes, *_cautions(prepared.profile, subject, prepared.disc.model is not None)),
        report=report,
    )
    from ..audits.plural import plural_figures

    columns = subject.pool.statements
    groups, vectors = prepared.groups(columns), prepared.vectors(columns)
    plural = plural_figures(prepared.profile, subject, groups, np.random.default_rng([seed, 5]), vectors)
    return replace(found, excluded=eligible.excluded(unit), plural=plural)


def _weighed(
    figures: Audit,
    weighing: Weighing,
    subject: Subject,
    plain: Subject | None,
    eligible: Eligible,
    report: Report | None,
) -> Audit:
    (report or silent)("measuring what the weights changed", 0.0)
    barred = set(np.flatnonzero(weighing.unformed[subject.pool.statements]).tolist()) - set(eligible.locked_in)
    return replace(figures, answers=weighing.figures(subject, plain, sorted(barred)))


def _cautions(profile: Profile, subject: Subject, predicted: bool) -> list[str]:
    """What a reader should know about the statements that were chosen."""
    found = []
    columns = subject.pool.statements[subject.chosen]
    moderation = profile.statements.moderation
    if moderation is not None and (pending := int((moderation[columns] == PENDING).sum())):
        found.append(f"{_of(pending, len(columns))} never accepted by moderation; --strict leaves such statements out.")
    thin = int((answered(profile)[columns] < FEW_ANSWERS).sum())
    if len(profile.answers) and predicted and thin:
        found.append(
            f"{_of(thin, len(columns))} answered by fewer than {FEW_ANSWERS} people, the rest is predicted; "
            f"--min-answers {FEW_ANSWERS} leaves such statements out."
        )
    nobody = int(subject.masses[subject.assignment < 0].sum())
    if (subject.pool.costs == 1).all() and len(columns) < subject.budget and 20 * nobody > subject.pool.total_mass:
        found.append(
            f"{len(columns)} of {subject.budget} statements were enough for every group that is large enough, and "
            f"{nobody / subject.pool.total_mass:.0%} of the people are left over; --process bjr fills the slate and "
            "represents everybody."
        )
    return found


def _of(part: int, whole: int) -> str:
    return f"{part} of the {whole} statements {'was' if part == 1 else 'were'}"


def _compared(problem: Problem, seed: int) -> list[tuple[str, Subject]]:
    """The most popular slate and random ones of equal length, each with its best balanced assignment."""
    rng = np.random.default_rng([seed, 1])
    found = []
    for kind, count in (("popular", 1), ("random", RANDOM_SLATES)):
        for _ in range(count):
            selection = find(kind).run(problem, rng)
            subject = Subject(problem.pool, selection.candidates, selection.assignment, problem.budget)
            found.append((kind, subject))
    return found


def _view(prepared: Engine, found: Slate, subject: Subject) -> View:
    from ..formats.doctor import doctor
    from .conflicts import of_the_least
    from .view import View

    return View(
        profile=prepared.profile,
        slate=found,
        own=subject.own,
        positions=prepared.positions(subject.pool.statements),
        diagnosis=asdict(doctor(prepared.source or prepared.profile)),
        source="SOURCE",
        command=command_of(found),
        # A language model's scores are not people's own answers.
        conflicts=of_the_least(prepared.profile, subject, [entry["agent"] for entry in (found.audit or {})["least"]])
        if prepared.source is None
        else None,
    )
