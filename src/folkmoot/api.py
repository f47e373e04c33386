"""The Python calls of the house: `slate` and `audit` (`read` and `write` come from the formats room)."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from ._version import __version__
from .audit import Audit, Subject
from .audit import audit as audit_subject
from .formats.doctor import doctor
from .processes import Problem, Selection, assigned, balanced_assignment, capacities, find
from .profile import InputError, IntArray, Profile, Provenance, Slate, SlateStatement
from .profile import costs as costs_of
from .queries import ClosedPool
from .queries.embedded import Embedded, Engine
from .report import View

Report = Callable[[str, float], None]
ENGINES = {engine.name: engine for engine in (Embedded(),)}
RANDOM_SLATES = 10
DRAWS = 100


def slate(
    profile: Profile,
    budget: int,
    *,
    unit: str = "words",
    process: str = "democratic-fast",
    engine: str = "embedded",
    seed: int = 0,
    strict: bool = False,
    min_length: int = 0,
    max_length: int | None = None,
    locked_in: Sequence[str] = (),
    locked_out: Sequence[str] = (),
    levels: Sequence[float] | None = None,
    cost_step: int | None = None,
    assignment: str = "best",
    draws: int = DRAWS,
    report: Report | None = None,
) -> Slate:
    """From what people said to a slate with its audit: the main job.

    Args:
        profile: what people said.
        budget: what the slate may cost, in ``unit``.
        unit: ``words``, ``statements`` or ``cost`` (as the source states it).
        process: registry id, e.g. ``democratic-fast`` or ``bjr``.
        engine: what answers the queries.
        seed: of every random choice; same seed, same bytes.
        strict: leave statements out that moderation has not accepted yet.
        min_length: statements with fewer words cannot be chosen; the audit still holds the slate against them.
        max_length: the same for statements with more words.
        locked_in: ids of statements that must be in.
        locked_out: ids of statements that must not be in; the audit still holds the slate against them.
        levels: approval levels, highest first; None: every distinct utility.
        cost_step: the one cost of ``democratic-uniform``.
        assignment: ``process`` (who was removed in which round), ``max-utility`` (the balanced assignment with the
            largest total utility, whatever the audit says of it), or ``best``: max-utility unless it breaks cBJR
            where the process's own keeps it.
        draws: posterior draws of the unknown answers for the certificate; 0 leaves them out.
        report: told (stage, share done) as work goes on.

    Returns:
        The slate; its ``audit`` field holds the figures.

    Raises:
        InputError: an option that does not fit the profile.
    """
    source = _engine(engine)
    prepared = source.prepare(source.candidates(profile), seed=seed, strict=strict, report=report)
    pool = _pool(prepared, unit, strict)
    lengths = costs_of(prepared.profile, "words")[pool.statements]
    barred = lengths < min_length
    if max_length is not None:
        barred |= lengths > max_length
    inside = {prepared.profile.statements.ids[column]: place for place, column in enumerate(pool.statements)}
    chosen_in = tuple(_place(prepared.profile, inside, name) for name in locked_in)
    named_out = [_place(prepared.profile, inside, name) for name in locked_out]
    out = {int(a) for a in np.flatnonzero(barred)} - set(chosen_in) | set(named_out)
    problem = Problem(
        pool,
        budget,
        locked_in=chosen_in,
        locked_out=tuple(sorted(out)),
        levels=tuple(levels) if levels else None,
        cost_step=cost_step,
    )
    if report is not None:
        report("choosing statements", 0.0)
    selection = find(process).run(problem, np.random.default_rng([seed, 3]))
    selection, used = _assigned(problem, selection, assignment)
    if report is not None:
        report("choosing statements", 1.0)
    parameters: dict[str, Any] = {
        "strict": strict,
        "min_length": min_length,
        "max_length": max_length,
        "locked_in": list(locked_in),
        "locked_out": list(locked_out),
        "assignment": used,
        "cost_step": cost_step,
        "draws": draws,
    }
    found = _slate(prepared, problem, selection, unit, process, seed, parameters)
    excluded = {
        "without_words": _without_words(prepared.profile, unit, strict),
        "locked_out": len(set(named_out)),
        "too_short": int((lengths < min_length).sum()),
        "too_long": int((lengths > max_length).sum()) if max_length is not None else 0,
    }
    subject = Subject(pool, selection.candidates, selection.assignment, budget)
    figures = _audit(prepared, subject, seed, draws, excluded, [], report)
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
    recorded = slate.process
    strict = bool(recorded.get("strict", False))
    notes: list[str] = []
    engine = _engine(str(slate.engine.get("name", "embedded")))
    profile, columns = _locate(engine.candidates(profile), slate, notes)
    prepared = engine.prepare(profile, seed=slate.seed, strict=strict, report=report)
    unit = slate.unit or "words"
    extra = np.setdiff1d(columns, prepared.profile.pool(strict))
    if len(extra):
        notes.append(f"{len(extra)} statement(s) of the slate are not in the pool (moderated out, or new).")
    pool = _pool(prepared, unit, strict, extra)
    place_of = {int(column): place for place, column in enumerate(pool.statements)}
    chosen = np.array([place_of[int(column)] for column in columns], dtype=np.int64)
    spent = int(pool.costs[chosen].sum())
    budget = slate.budget or spent
    if not slate.budget:
        notes.append(f"The slate names no budget; its own length, {spent} {unit}, is taken as the budget.")
    if spent > budget:
        raise InputError(f"the slate costs {spent} {unit}, more than its budget of {budget}; correct one of them")
    assignment = _recorded_assignment(prepared.profile, slate)
    if assignment is None:
        notes.append("The slate names no agents; it is given the balanced assignment with the largest total utility.")
        lower, upper = capacities(pool.costs[chosen], pool.total_mass, budget)
        assignment = balanced_assignment(pool.utilities(pool.agents, chosen), lower, upper, pool.masses)
    subject = Subject(pool, chosen, assignment, budget)
    count = int(recorded.get("draws", DRAWS)) if draws is None else draws
    excluded = (slate.audit or {}).get("excluded", {})
    return _audit(prepared, subject, slate.seed, count, excluded, notes, report)


def _assigned(problem: Problem, selection: Selection, assignment: str) -> tuple[Selection, str]:
    """The selection with the assignment that was asked for, and which one it is."""
    if assignment not in ("best", "process", "max-utility"):
        raise InputError(f"unknown assignment {assignment!r}; choose best, process or max-utility")
    if assignment == "process":
        return selection, "process"
    happiest = assigned(problem, [int(a) for a in selection.candidates])
    if assignment == "best" and _violates(problem, happiest) and not _violates(problem, selection):
        return selection, "process"
    rounds = tuple(replace(r, agents=h.agents) for r, h in zip(selection.rounds, happiest.rounds, strict=True))
    return replace(selection, rounds=rounds), "max-utility"


def _violates(problem: Problem, selection: Selection) -> bool:
    subject = Subject(problem.pool, selection.candidates, selection.assignment, problem.budget)
    return subject.violates_cbjr


def _view(prepared: Engine, found: Slate, subject: Subject) -> View:
    return View(
        profile=prepared.profile,
        slate=found,
        own=subject.own,
        positions=prepared.positions(subject.pool.statements),
        diagnosis=asdict(doctor(prepared.profile)),
        source="SOURCE",
        command=_command(found),
    )


def rerun(profile: Profile, recorded: Slate, *, report: Report | None = None) -> Slate:
    """Chooses a slate again, from its source and its own record alone; without posterior draws.

    Raises:
        InputError: the slate records no process (it was written by hand).
    """
    options = recorded.process
    if "id" not in options:
        raise InputError("this slate records no process, so it cannot be chosen again; it can only be audited")
    levels = options.get("levels")
    return slate(
        profile,
        recorded.budget,
        unit=recorded.unit,
        process=str(options["id"]),
        engine=str(recorded.engine.get("name", "embedded")),
        seed=recorded.seed,
        strict=bool(options.get("strict", False)),
        min_length=int(options.get("min_length", 0)),
        max_length=options.get("max_length"),
        locked_in=options.get("locked_in", ()),
        locked_out=options.get("locked_out", ()),
        levels=levels if isinstance(levels, list) else None,
        cost_step=options.get("cost_step"),
        assignment=str(options.get("assignment", "best")),
        draws=0,
        report=report,
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
    return {
        "source": None if source is None else source == fingerprint(profile),
        "slate": None
        if again is None
        else (again.statements, again.unassigned) == (slate.statements, slate.unassigned),
        "figures": None if recorded is None else not differs,
        "differs": differs,
    }


def _command(found: Slate) -> str:
    """The command that makes the slate again, from its record (the command line knows the words it was given)."""
    options = found.process
    words = ["folkmoot", "slate", "SOURCE", "--budget", str(found.budget), "--unit", found.unit]
    words += ["--process", str(options["id"]), "--seed", str(found.seed), "--draws", str(options["draws"])]
    words += ["--assignment", str(options["assignment"])]
    words += ["--strict"] if options["strict"] else []
    for name in ("min_length", "max_length", "cost_step"):
        if options[name]:
            words += [f"--{name.replace('_', '-')}", str(options[name])]
    for name, option in (("locked_in", "--lock-in"), ("locked_out", "--lock-out")):
        for statement in options[name]:
            words += [option, statement]
    if isinstance(options.get("levels"), list):
        words += ["--levels", ",".join(f"{level:g}" for level in options["levels"])]
    return shlex.join(words)


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


def _without_words(profile: Profile, unit: str, strict: bool) -> int:
    """Statements left out of the pool because nothing stands in them."""
    return int((costs_of(profile, unit)[profile.pool(strict)] < 1).sum())


def _place(profile: Profile, inside: Mapping[str, int], name: str) -> int:
    if name in inside:
        return inside[name]
    if name in profile.statement_index:
        raise InputError(f"statement {name!r} was rejected by moderation and is not in the pool")
    raise InputError(f"the source has no statement {name!r}; `folkmoot doctor` lists what was read")


def _slate(
    prepared: Engine, problem: Problem, selection: Selection, unit: str, process: str, seed: int, parameters: Any
) -> Slate:
    profile, pool = prepared.profile, problem.pool
    ids, texts = profile.agents.ids, profile.statements.texts
    provenance = profile.statements.provenance
    statements = []
    rounds = []
    for chosen in selection.rounds:
        column = int(pool.statements[chosen.candidate])
        statements.append(
            SlateStatement(
                id=profile.statements.ids[column],
                text=texts[column],
                cost=int(pool.costs[chosen.candidate]),
                agents=tuple(ids[row] for row in chosen.agents),
                provenance=provenance[column] if provenance else Provenance(),
            )
        )
        rounds.append(
            {
                "statement": profile.statements.ids[column],
                "level": chosen.level,
                "support": chosen.support,
                "tied": [profile.statements.ids[int(pool.statements[a])] for a in chosen.tied],
                "tied_agents": chosen.tied_agents,
            }
        )
    return Slate(
        statements=tuple(statements),
        unassigned=tuple(ids[row] for row in np.flatnonzero(selection.assignment < 0)),
        budget=problem.budget,
        unit=unit,
        n_agents=profile.n_agents,
        process={
            "id": process,
            "source": find(process).source,
            **parameters,
            **selection.parameters,
            "rounds": rounds,
            "ties": sum(1 for r in rounds if r["tied"] or r["tied_agents"]),
        },
        engine=dict(prepared.description),
        seed=seed,
        reliability=prepared.reliability,
        ledger={"calls": 0, "input_tokens": 0, "output_tokens": 0, "cached": 0},
        source=_source(profile, pool),
        version=__version__,
    )


def _source(profile: Profile, pool: ClosedPool) -> dict[str, Any]:
    """What was read, so that a report can say how complete it is and a re-run can tell that the source changed."""
    return {
        "format": profile.source,
        "topic": profile.topic,
        "participants": profile.n_agents,
        "statements": profile.n_statements,
        "pool": pool.size,
        "answers": len(profile.answers),
        "weighted": profile.agents.masses is not None,
        "fingerprint": fingerprint(profile),
        "notes": [{"kind": n.kind, "what": n.what, "count": n.count, "where": list(n.where)} for n in profile.notes],
    }


def fingerprint(profile: Profile) -> str:
    """SHA-256 of everything that selection depends on: ids, texts, moderation, costs, weights, answers."""
    digest = hashlib.sha256()
    s = profile.statements
    words: tuple[Iterable[str], ...] = (profile.agents.ids, s.ids, s.texts, *profile.agents.texts)
    for part in words:
        for item in part:
            digest.update(item.encode("utf-8", "surrogatepass") + b"\0")
        digest.update(b"\1")
    a = profile.answers
    for array in (profile.masses, a.agent, a.statement, a.value, s.moderation, s.costs):
        if array is not None:
            digest.update(array.astype(array.dtype.newbyteorder("<")).tobytes() + b"\1")
    return digest.hexdigest()


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
        notes=(*prepared.notes, *notes),
        report=report,
    )
    return replace(found, excluded=dict(excluded))


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


def _locate(profile: Profile, slate: Slate, notes: list[str]) -> tuple[Profile, IntArray]:
    """Columns of the slate's statements; unknown ones join the profile as statements nobody answered."""
    by_text: dict[str, int] = {}
    for column, text in enumerate(profile.statements.texts):
        by_text.setdefault(" ".join(text.split()).casefold(), column)
    columns: list[int] = []
    new: list[SlateStatement] = []
    for place, statement in enumerate(slate.statements, start=1):
        key = " ".join(statement.text.split()).casefold()
        if statement.id in profile.statement_index:
            column = profile.statement_index[statement.id]
            listed = " ".join(profile.statements.texts[column].split()).casefold()
            if key and key != listed:
                raise InputError(
                    f"statement {place} has id {statement.id!r} but not the text the source has for it; "
                    "correct the text or leave the id out"
                )
        elif key in by_text:
            column = by_text[key]
        elif key:
            column = profile.n_statements + len(new)
            new.append(statement)
        else:
            raise InputError(f"statement {place}: the source has no statement {statement.id!r}, and no text is given")
        if column in columns:
            raise InputError(f"statement {place} is in the slate twice; list it once")
        columns.append(column)
    if new:
        names = [f"new-{number}" for number in range(1, len(new) + 1)]
        origins = [Provenance("by hand") for _ in new]
        profile = profile.with_statements(names, [s.text for s in new], origins)
        notes.append(
            f"{len(new)} statement(s) of the slate are not in the source: nobody answered them, their utilities rest "
            "on the model alone."
        )
    return profile, np.array(columns, dtype=np.int64)


def _recorded_assignment(profile: Profile, slate: Slate) -> IntArray | None:
    if not any(s.agents for s in slate.statements):
        return None
    found = np.full(profile.n_agents, -1, dtype=np.int64)
    for place, statement in enumerate(slate.statements):
        for name in statement.agents:
            row = profile.agent_index.get(name)
            if row is None:
                raise InputError(f"statement {place + 1} represents {name!r}, who is not in the source")
            if found[row] >= 0:
                raise InputError(f"participant {name!r} is represented by two statements; a person has one")
            found[row] = place
    return found
