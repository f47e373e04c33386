"""The Python calls of the house: `slate`, `audit`, `axioms`, `rerun`; `read` and `write` are the formats room's."""

from __future__ import annotations

import inspect
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from .audit import AUDITS, Audit, Entry, Finding, Subject, implied
from .audit import audit as audit_subject
from .audit import find as find_audit
from .processes import Problem, Selection, assigned, balanced_assignment, capacities, find
from .processes.refine import refine_selection
from .profile import (
    LARGEST,
    PENDING,
    BoolArray,
    FolkmootError,
    InputError,
    IntArray,
    Profile,
    Slate,
    WorkError,
    fingerprint,
)
from .profile import costs as costs_of
from .queries import ClosedPool
from .queries.closed_pool import KEEP
from .queries.embedded import Embedded, Engine
from .queries.near import near_pairs
from .record import (
    Options,
    command_of,
    finding_of,
    locate,
    process_of,
    recorded_assignment,
    slate_of,
)

if TYPE_CHECKING:
    from .report import View

Report = Callable[[str, float], None]
ENGINES = {engine.name: engine for engine in (Embedded(),)}
RANDOM_SLATES = 10
# A statement that fewer people answered stands on predictions more than on votes; the audit says so.
FEW_ANSWERS = 10
# Exact at any size: what can be said where an exact audit refuses.
SOUND = ("jr", "ejr-plus")
SECONDS = 60.0


def slate(
    profile: Profile, budget: int, *, unit: str = "words", seed: int = 0, report: Report | None = None, **options: Any
) -> Slate:
    """From what people said to a slate with its audit: the main job.

    Args:
        profile: what people said.
        budget: what the slate may cost, in ``unit``.
        unit: ``words``, ``statements`` or ``cost`` (as the source states it).
        seed: of every random choice; same seed, same bytes.
        report: told (stage, share done) as work goes on.
        options: see `folkmoot.record.Options`: ``process``, ``strict``, ``min_length``, ``locked_in``, ...

    Returns:
        The slate; its ``audit`` field holds the figures.

    Raises:
        InputError: an option that does not fit the profile.
    """
    tell = report or _silent
    asked = _options(options)
    _whole_number("budget", budget, 1)
    _whole_number("seed", seed, 0)
    engine = _engine(asked.engine)
    prepared = engine.prepare(engine.candidates(profile), seed=seed, strict=asked.strict, report=report)
    pool = _pool(prepared, unit, asked.strict)
    eligible = _Eligible(prepared.profile, pool, asked)
    problem = Problem(
        pool,
        budget,
        locked_in=eligible.locked_in,
        locked_out=eligible.locked_out,
        levels=asked.levels or None,
        cost_step=asked.cost_step or None,
        approval=profile.answers.scale.approval,
    )
    tell("choosing statements", 0.0)
    selection = find(asked.process).run(problem, np.random.default_rng([seed, 3]))
    if not selection.rounds:
        raise InputError(_nothing_chosen(problem))
    refined = False
    if asked.refine:
        tell("refining", 0.0)
        selection = refine_selection(problem, selection, _apart(prepared.profile, pool))
        refined = "after" in selection.parameters["refinement"]
    if refined and asked.assignment != "max-utility":
        used = "refinement"
    else:
        selection, used = _assigned(problem, selection, asked.assignment)
    tell("choosing statements", 1.0)
    subject = Subject(pool, selection.candidates, selection.assignment, budget)
    process = process_of(prepared.profile, pool, selection, asked, used)
    found = slate_of(profile, prepared, subject, unit=unit, seed=seed, process=process)
    figures = _audit(prepared, subject, seed, asked.draws, eligible.excluded(unit), eligible.locked_out, [], report)
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


def audit(profile: Profile, slate: Slate, *, draws: int | None = None, report: Report | None = None) -> Audit:
    """The figures of any slate, also one written by hand; see `audited`."""
    return audited(profile, slate, draws=draws, report=report).audit


def audited(
    profile: Profile,
    slate: Slate,
    *,
    draws: int | None = None,
    axioms: Sequence[str] = (),
    level: float | None = None,
    seconds: float = SECONDS,
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
        report: told (stage, share done).

    Raises:
        InputError: agents the profile does not have, an agent assigned twice, or a budget the slate exceeds.
    """
    wanted = _wanted(axioms) if axioms else []
    case = _Case.of(profile, slate, report)
    asked, prepared, subject, unit = case.asked, case.prepared, case.subject, case.unit
    count = asked.draws if draws is None else draws
    eligible = _Eligible(case.profile, subject.pool, asked)
    excluded, barred = eligible.excluded(unit), eligible.locked_out
    figures = _audit(prepared, subject, slate.seed, count, excluded, barred, case.notes, report)
    found = slate_of(profile, prepared, subject, unit=unit, seed=slate.seed, process=slate.process)
    found = replace(found, audit=figures.as_dict())
    found = replace(found, view=_view(prepared, found, subject))
    exact = _exact(case, wanted, level, seconds, report) if wanted else {}
    return Audited(found, figures, draws_differ=count != asked.draws, axioms=exact)


def axioms(
    profile: Profile,
    slate: Slate,
    names: Sequence[str] = ("all",),
    *,
    level: float | None = None,
    seconds: float = SECONDS,
    report: Report | None = None,
) -> dict[str, dict[str, Any]]:
    """Exact audits of any slate, also one written by hand (found as `audited` finds it).

    >>> import folkmoot as fm
    >>> p = fm.read("election.toi")                      # doctest: +SKIP
    >>> s = fm.Slate.from_json('["1", "4", "7"]')        # doctest: +SKIP
    >>> fm.axioms(p, s, ["core"])["core"]["holds"]       # doctest: +SKIP

    Args:
        profile: what people said.
        slate: of a run, or by hand.
        names: ids in `folkmoot.audit.AUDITS`, or ``all``.
        level: utility from which an agent approves a statement; None: as the scale of the answers has it.
        seconds: for each audit, about.
        report: told (stage, share done).

    Returns:
        By id, in the order asked for: ``name``, ``level`` (None: the audit looks at utilities), what
        `record.finding_of` says, ``refused`` (why the audit itself could not decide, else None) and ``because`` (the
        audit that settles it then: one that implies it and holds, or one it implies and that fails). ``holds`` is None
        where nothing settles it. Where one was refused, ``jr`` and ``ejr-plus``, which never are, are there as well.

    Raises:
        InputError: an unknown audit, a level that is no number, or as `audited`.
    """
    wanted = _wanted(names)
    return _exact(_Case.of(profile, slate, report), wanted, level, seconds, report)


def _wanted(names: Sequence[str]) -> list[str]:
    """Ids of audits, each once, in order."""
    if isinstance(names, str):
        raise InputError(f"axioms must be a list, not the text {names!r}")
    # Those that always have an answer come first.
    every = sorted(AUDITS, key=lambda id: bool(AUDITS[id].instead))
    return list(dict.fromkeys(id for name in names for id in (every if name == "all" else [find_audit(name).id])))


def _exact(
    case: _Case, wanted: Sequence[str], level: float | None, seconds: float, report: Report | None
) -> dict[str, dict[str, Any]]:
    tell, subject = report or _silent, case.subject
    at = case.profile.answers.scale.approval if level is None else float(level)
    if not isfinite(at) or not seconds > 0:
        raise InputError("the level must be a number, and the seconds a number above 0")
    found: dict[str, dict[str, Any]] = {}

    def look(id: str) -> None:
        tell(f"checking {id}", 0.0)
        entry = find_audit(id)
        seen = at if entry.approvals else None
        found[id] = {"name": entry.name, "level": seen}
        try:
            finding, why = _decided(entry, subject, seen, seconds), None
        except FolkmootError as error:
            finding, why = None, str(error)
        nothing = {"holds": None, "ratio": None, "quota": None, "witness": None}
        told = nothing if finding is None else finding_of(case.profile, subject, finding, seen)
        found[id] |= {**told, "refused": why, "because": None}

    for id in wanted:
        look(id)
    if any(result["refused"] for result in found.values()):
        for id in SOUND:
            if id not in found:
                look(id)
    _settle(found, equal_costs=len(np.unique(subject.pool.costs)) == 1)
    return found


def _decided(entry: Entry, subject: Subject, level: float | None, seconds: float) -> Finding:
    """The answer, and its ratio as well where there is time for it."""
    end = time.monotonic() + seconds
    if not entry.slack:
        return _within(entry, subject, level, end, {})
    finding = _within(entry, subject, level, end, {"slack": False})
    try:
        return _within(entry, subject, level, end, {"slack": True})
    except WorkError:
        # A violation shows a group, but not the largest.
        return replace(finding, ratio=None)


def _within(entry: Entry, subject: Subject, level: float | None, end: float, options: Mapping[str, Any]) -> Finding:
    """One check until about that time.

    A search that counts its steps and not the seconds is begun anew with as many more as there seems to be time for.
    """
    given = () if level is None else (level,)
    takes = inspect.signature(entry.check).parameters
    if "time_limit" in takes:
        return entry.check(subject, *given, **options, time_limit=max(0.0, end - time.monotonic()))
    if "nodes" not in takes:
        return entry.check(subject, *given, **options)
    steps, most = 8, int(takes["nodes"].default)
    while True:
        begin = time.monotonic()
        try:
            return entry.check(subject, *given, **options, nodes=steps)
        except WorkError:
            now = time.monotonic()
            more = min(16, int((end - now) / max(now - begin, 1e-3)))
            if steps >= most or more < 2:
                raise
            steps = min(most, steps * more)


def _settle(found: Mapping[str, dict[str, Any]], *, equal_costs: bool) -> None:
    """What was refused follows, where it does, from what implies it or from what it implies."""
    decided = {id: result["holds"] for id, result in found.items() if not result["refused"]}
    for id, result in found.items():
        if result["refused"]:
            below = implied(id, equal_costs=equal_costs)
            broken = [other for other, holds in decided.items() if holds is False and other in below]
            kept = [
                other for other, holds in decided.items() if holds and id in implied(other, equal_costs=equal_costs)
            ]
            if broken or kept:
                result["holds"], result["because"] = not broken, (broken or kept)[0]


@dataclass(frozen=True)
class _Case:
    """A slate found in its source, ready to be audited."""

    asked: Options
    prepared: Engine
    profile: Profile
    subject: Subject
    unit: str
    notes: tuple[str, ...]

    @classmethod
    def of(cls, profile: Profile, slate: Slate, report: Report | None) -> _Case:
        asked = Options.of(slate)
        engine = _engine(str(slate.engine.get("name", asked.engine)))
        extended, columns, new = locate(engine.candidates(profile), slate)
        prepared = engine.prepare(extended, seed=slate.seed, strict=asked.strict, report=report)
        notes = _notes_on_new(new)
        extra = np.setdiff1d(columns, extended.pool(asked.strict))
        if len(extra):
            notes.append(
                f"{len(extra)} statement(s) of the slate were rejected by moderation, and are audited all the same."
            )
        unit = slate.unit or _usual_unit(profile)
        pool = _pool(prepared, unit, asked.strict, extra)
        place_of = {int(column): place for place, column in enumerate(pool.statements)}
        chosen = np.array([place_of[int(column)] for column in columns], dtype=np.int64)
        spent = int(pool.costs[chosen].sum())
        budget = slate.budget
        if not budget:
            stated = profile.facts.get("budget") if unit == "cost" else None
            whole = isinstance(stated, int | float) and stated == int(stated) and spent <= stated <= LARGEST
            budget = int(stated) if whole and stated is not None else spent
            whose = f"the source's, {budget:,}," if whole else f"its own cost, {budget} {unit},"
            notes.append(f"The slate names no budget; {whose} is taken as the budget.")
        if spent > budget:
            raise InputError(f"the slate costs {spent} {unit}, more than its budget of {budget}; correct one of them")
        assignment = recorded_assignment(extended, slate)
        if assignment is None:
            notes.append(
                "The slate names no agents; it is given the balanced assignment with the largest total utility."
            )
            lower, upper = capacities(pool.costs[chosen], pool.total_mass, budget)
            assignment = balanced_assignment(pool.utilities(pool.agents, chosen), lower, upper, pool.masses)
        return cls(asked, prepared, extended, Subject(pool, chosen, assignment, budget), unit, tuple(notes))


def _usual_unit(profile: Profile) -> str:
    """What a slate is counted in that does not say: names of candidates are not to be counted in words."""
    if profile.statements.costs is not None:
        return "cost"
    return "statements" if profile.answers.scale.complete else "words"


def rerun(profile: Profile, recorded: Slate, *, report: Report | None = None) -> Slate:
    """Chooses a slate again, from its source and its own record alone; without posterior draws.

    Raises:
        InputError: the slate records no process (it was written by hand).
    """
    if "id" not in recorded.process:
        raise InputError("this slate records no process, so it cannot be chosen again; it can only be audited")
    options = replace(Options.of(recorded), draws=0)
    return slate(
        profile,
        recorded.budget,
        unit=recorded.unit,
        seed=recorded.seed,
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
        "source": None if slate.audit is None else print_ == fingerprint(profile),
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


def _differing(name: str, recorded: Mapping[str, Any], now: Mapping[str, Any], skip: str = "") -> list[str]:
    """Names of entries that are not equal, or are in only one of the two."""
    keys = dict.fromkeys([*now, *recorded])
    return [f"{name}.{key}" for key in keys if key != skip and recorded.get(key) != now.get(key)]


@dataclass(frozen=True)
class _Eligible:
    """Which candidates may be chosen, and why the others may not."""

    profile: Profile
    pool: ClosedPool
    options: Options

    def __post_init__(self) -> None:
        names = self.options.locked_in
        for name in names:
            if name in self.options.locked_out:
                raise InputError(f"statement {name!r} is locked in and locked out; choose one")
            if names.count(name) > 1:
                raise InputError(f"statement {name!r} is locked in twice; name it once")

    @property
    def locked_in(self) -> tuple[int, ...]:
        return tuple(self._place(name) for name in self.options.locked_in)

    @property
    def locked_out(self) -> tuple[int, ...]:
        """By name, or by length and number of answers; what is locked in by name stays in."""
        barred = np.logical_or.reduce([*self._barred().values()])
        rejected = set(self.profile.statements.ids) - {self.profile.statements.ids[a] for a in self.pool.statements}
        named = {self._place(name) for name in self.options.locked_out if name not in rejected}
        return tuple(sorted({int(a) for a in np.flatnonzero(barred)} - set(self.locked_in) | named))

    def excluded(self, unit: str) -> dict[str, int]:
        """How many were left out for what reason."""
        columns = self.profile.pool(self.options.strict)
        return {
            "without_words": int((costs_of(self.profile, unit)[columns] < 1).sum()),
            "locked_out": len(set(self.options.locked_out)),
            **{name: int(np.delete(barred, self.locked_in).sum()) for name, barred in self._barred().items()},
        }

    def _barred(self) -> dict[str, BoolArray]:
        lengths = costs_of(self.profile, "words")[self.pool.statements]
        longest = self.options.max_length or int(lengths.max())
        return {
            "too_short": lengths < self.options.min_length,
            "too_long": lengths > longest,
            "too_few_answers": _answered(self.profile)[self.pool.statements] < self.options.min_answers,
        }

    def _place(self, name: str) -> int:
        column = self.profile.statement_index.get(name)
        if column is None:
            raise InputError(f"the source has no statement {name!r}; lock statements by the ids of the source")
        found = np.flatnonzero(self.pool.statements == column)
        if not len(found):
            raise InputError(f"statement {name!r} was rejected by moderation and is not in the pool")
        return int(found[0])


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


def _engine(name: str) -> Embedded:
    if name not in ENGINES:
        raise InputError(f"unknown engine {name!r}; choose one of {', '.join(ENGINES)}")
    return ENGINES[name]


def _pool(prepared: Engine, unit: str, strict: bool, extra: IntArray | None = None) -> ClosedPool:
    profile = prepared.profile
    costs = costs_of(profile, unit)
    columns = profile.pool(strict)
    # A statement without a word says nothing and would cost nothing.
    columns = columns[costs[columns] > 0]
    if extra is not None and len(extra):
        columns = np.union1d(columns, extra)
    if (costs[columns] < 1).any():
        empty = profile.statements.ids[int(columns[costs[columns] < 1][0])]
        raise InputError(f"statement {empty!r} has no words, so it cannot stand in a slate counted in words")
    largest = max(LARGEST, int(costs[columns].sum()) if len(columns) else 0)
    if profile.total_mass * largest >= 2**63:
        raise InputError(
            "weights and costs are too large to be multiplied exactly; divide the weights by a power of ten"
        )
    if not len(columns):
        raise InputError("no statement is left to choose from; check the moderation states (or drop --strict)")
    return ClosedPool(prepared.disc, columns, costs[columns], profile.masses)


def _nothing_chosen(problem: Problem) -> str:
    eligible = np.setdiff1d(np.arange(problem.pool.size), problem.locked_out)
    if not len(eligible):
        return "no statement is eligible; relax --min-length, --max-length, --min-answers or --lock-out"
    cheapest = int(problem.pool.costs[eligible].min())
    if cheapest > problem.budget:
        return f"the cheapest eligible statement costs {cheapest}, more than the budget of {problem.budget}; raise it"
    return "no statement could be chosen with these options; try --process democratic-fast without --levels"


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
    excluded: Mapping[str, int],
    barred: tuple[int, ...],
    notes: Sequence[str],
    report: Report | None,
) -> Audit:
    # Similarity of texts has no posterior to draw from: draws are for answers that people could have given.
    count = draws if len(prepared.profile.answers) and prepared.disc.model is not None else 0
    compared = _compared(Problem(subject.pool, subject.budget, locked_out=barred), seed) if count else []
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
    return replace(found, excluded=dict(excluded))


def _cautions(profile: Profile, subject: Subject, predicted: bool) -> list[str]:
    """What a reader should know about the statements that were chosen."""
    found = []
    columns = subject.pool.statements[subject.chosen]
    moderation = profile.statements.moderation
    if moderation is not None and (pending := int((moderation[columns] == PENDING).sum())):
        found.append(f"{_of(pending, len(columns))} never accepted by moderation; --strict leaves such statements out.")
    thin = int((_answered(profile)[columns] < FEW_ANSWERS).sum())
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


def _answered(profile: Profile) -> IntArray:
    """int64 [n_statements]: how many people answered each statement (everybody, on complete ballots)."""
    if profile.answers.scale.complete:
        return np.full(profile.n_statements, profile.n_agents, dtype=np.int64)
    return np.bincount(profile.answers.statement, minlength=profile.n_statements).astype(np.int64)


def _notes_on_new(new: int) -> list[str]:
    if not new:
        return []
    return [
        f"{new} statement(s) of the slate are not in the source: nobody answered them, their utilities rest on the "
        "model alone."
    ]


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
    from .formats.doctor import doctor
    from .report.view import View

    return View(
        profile=prepared.profile,
        slate=found,
        own=subject.own,
        positions=prepared.positions(subject.pool.statements),
        diagnosis=asdict(doctor(prepared.profile)),
        source="SOURCE",
        command=command_of(found),
    )


def _silent(stage: str, share: float) -> None:
    """Tells nobody."""
