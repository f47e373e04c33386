"""The Python calls of the house: `slate`, `audit`, `rerun` (`read` and `write` come from the formats room)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from .audit import Audit, Subject
from .audit import audit as audit_subject
from .processes import Problem, Selection, assigned, balanced_assignment, capacities, find
from .profile import PENDING, BoolArray, InputError, IntArray, Profile, Slate
from .profile import costs as costs_of
from .queries import ClosedPool
from .queries.embedded import Embedded, Engine
from .record import Options, command_of, fingerprint, locate, recorded_assignment, slate_of

if TYPE_CHECKING:
    from .report import View

Report = Callable[[str, float], None]
ENGINES = {engine.name: engine for engine in (Embedded(),)}
RANDOM_SLATES = 10
# A statement that fewer people answered stands on predictions more than on votes; the audit says so.
FEW_ANSWERS = 10


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
    selection, used = _assigned(problem, selection, asked.assignment)
    tell("choosing statements", 1.0)
    found = slate_of(profile, prepared, problem, selection, unit=unit, seed=seed, options=asked, assignment=used)
    subject = Subject(pool, selection.candidates, selection.assignment, budget)
    figures = _audit(prepared, subject, seed, asked.draws, eligible.excluded(unit), [], report)
    found = replace(found, audit=figures.as_dict())
    return replace(found, view=_view(prepared, found, subject))


def audit(profile: Profile, slate: Slate, *, draws: int | None = None, report: Report | None = None) -> Audit:
    """Audits any slate over a profile, also one written by hand.

    Statements are found by id, else by text; one that is in neither place joins the pool as a statement nobody
    answered, and a note says so. Without recorded agents the slate gets the balanced assignment with the largest
    total utility. Budget and unit are taken from the slate; without them the slate's own length in words is used.

    Args:
        profile: what people said.
        slate: of a run, or by hand.
        draws: posterior draws; None: as recorded in the slate.
        report: told (stage, share done).

    Raises:
        InputError: agents the profile does not have, an agent assigned twice, or a budget the slate exceeds.
    """
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
    unit = slate.unit or "words"
    pool = _pool(prepared, unit, asked.strict, extra)
    place_of = {int(column): place for place, column in enumerate(pool.statements)}
    chosen = np.array([place_of[int(column)] for column in columns], dtype=np.int64)
    spent = int(pool.costs[chosen].sum())
    budget = slate.budget or spent
    if not slate.budget:
        notes.append(f"The slate names no budget; its own length, {spent} {unit}, is taken as the budget.")
    if spent > budget:
        raise InputError(f"the slate costs {spent} {unit}, more than its budget of {budget}; correct one of them")
    assignment = recorded_assignment(extended, slate)
    if assignment is None:
        notes.append("The slate names no agents; it is given the balanced assignment with the largest total utility.")
        lower, upper = capacities(pool.costs[chosen], pool.total_mass, budget)
        assignment = balanced_assignment(pool.utilities(pool.agents, chosen), lower, upper, pool.masses)
    subject = Subject(pool, chosen, assignment, budget)
    excluded = (slate.audit or {}).get("excluded", {})
    return _audit(prepared, subject, slate.seed, asked.draws if draws is None else draws, excluded, notes, report)


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


def compare(profile: Profile, slate: Slate, audit: Audit, again: Slate | None = None) -> dict[str, Any]:
    """Does what is found now bear out what the slate records?

    Args:
        profile: the source, as read.
        slate: with its record.
        audit: made now.
        again: the slate chosen again (`rerun`), if it was.

    Returns:
        ``source`` (the profile is the one the slate was chosen from), ``slate`` (the same statements and people came
        out again), ``figures`` (the recorded audit came out again, every digit), each None where there is nothing
        to compare; ``differs``: names of figures that did not come out again.
    """
    recorded = slate.audit
    source = slate.source.get("fingerprint")
    now = json.loads(json.dumps(audit.as_dict()))
    differs = [] if recorded is None else [key for key, value in now.items() if recorded.get(key) != value]
    same = again is not None and (again.statements, again.unassigned) == (slate.statements, slate.unassigned)
    return {
        "source": None if source is None else source == fingerprint(profile),
        "slate": None if again is None else same,
        "figures": None if recorded is None else not differs,
        "differs": differs,
    }


@dataclass(frozen=True)
class _Eligible:
    """Which candidates may be chosen, and why the others may not."""

    profile: Profile
    pool: ClosedPool
    options: Options

    @property
    def locked_in(self) -> tuple[int, ...]:
        return tuple(self._place(name) for name in self.options.locked_in)

    @property
    def locked_out(self) -> tuple[int, ...]:
        """By name, or by length and number of answers; what is locked in by name stays in."""
        barred = np.logical_or.reduce([*self._barred().values()])
        named = {self._place(name) for name in self.options.locked_out}
        return tuple(sorted({int(a) for a in np.flatnonzero(barred)} - set(self.locked_in) | named))

    def excluded(self, unit: str) -> dict[str, int]:
        """How many were left out for what reason."""
        columns = self.profile.pool(self.options.strict)
        return {
            "without_words": int((costs_of(self.profile, unit)[columns] < 1).sum()),
            "locked_out": len(set(self.options.locked_out)),
            **{name: int(barred.sum()) for name, barred in self._barred().items()},
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
    if not len(columns):
        raise InputError("no statement is left to choose from; check the moderation states (or drop --strict)")
    return ClosedPool(prepared.disc, columns, costs[columns], profile.masses)


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
    return Subject(problem.pool, selection.candidates, selection.assignment, problem.budget).violates_cbjr


def _audit(
    prepared: Engine,
    subject: Subject,
    seed: int,
    draws: int,
    excluded: Mapping[str, int],
    notes: Sequence[str],
    report: Report | None,
) -> Audit:
    # Similarity of texts has no posterior to draw from: draws are for answers that people could have given.
    count = draws if len(prepared.profile.answers) and prepared.disc.model is not None else 0
    compared = _compared(Problem(subject.pool, subject.budget), seed) if count else []
    found = audit_subject(
        prepared.profile,
        prepared.disc,
        subject,
        seed=seed,
        draws=count,
        compared=compared,
        notes=(*prepared.notes, *notes, *_cautions(prepared.profile, subject)),
        report=report,
    )
    return replace(found, excluded=dict(excluded))


def _cautions(profile: Profile, subject: Subject) -> list[str]:
    """What a reader should know about the statements that were chosen."""
    found = []
    columns = subject.pool.statements[subject.chosen]
    moderation = profile.statements.moderation
    if moderation is not None and (pending := int((moderation[columns] == PENDING).sum())):
        found.append(
            f"{pending} of the {len(columns)} statements were never accepted by moderation; --strict leaves such "
            "statements out."
        )
    if len(profile.answers) and (thin := int((_answered(profile)[columns] < FEW_ANSWERS).sum())):
        found.append(
            f"{thin} of the {len(columns)} statements were answered by fewer than {FEW_ANSWERS} people and stand on "
            f"predictions; --min-answers {FEW_ANSWERS} leaves such statements out."
        )
    return found


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
