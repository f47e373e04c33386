"""Between a choice and its record: what ``slate.json`` holds, and how it is found again in a source."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from itertools import count, islice
from math import inf, isfinite
from typing import Any

import numpy as np

from .._version import __version__
from ..audits import Finding, Group, Quota, Subject
from ..audits.cbjr import Witness
from ..audits.priceability import Prices
from ..engines.embedded import Engine
from ..processes import Selection
from ..profile import LARGEST, InputError, IntArray, Profile, Provenance, Slate, SlateStatement, fingerprint
from ..queries import ClosedPool

# The process an engine takes where none is named.
USUAL = {"embedded": "democratic-fast", "llm": "prose"}
_OPTION_NAMES = {"locked_in": "lock-in", "locked_out": "lock-out"}


@dataclass(frozen=True)
class Options:
    """Everything a slate is chosen with besides its source, budget, unit and seed.

    Args:
        process: registry id, e.g. ``democratic-fast`` or ``bjr``; empty: the engine's usual one.
        engine: what answers the queries.
        strict: leave statements out that moderation has not accepted yet.
        min_length: statements with fewer words cannot be chosen; the audit still holds the slate against them.
        max_length: the same for statements with more words; 0: no limit.
        min_answers: the same for statements that fewer people answered.
        locked_in: ids of statements that must be in.
        locked_out: ids of statements that must not be in; the audit still holds the slate against them.
        levels: approval levels, highest first; empty: as the process sees fit (every distinct utility).
        cost_step: the one cost of ``democratic-uniform``; 0: the dearest.
        assignment: ``process`` (who was removed in which round), ``max-utility`` (the balanced assignment with the
            largest total utility, whatever the audit says of it), or ``best``: max-utility unless it breaks cBJR
            where the process's own keeps it.
        draws: posterior draws of the unknown answers for the certificate; 0 leaves them out.
        refine: look for a better slate from the one that was chosen (`processes.refine.refine_selection`); its own
            assignment stands unless ``max-utility`` is asked for.
        predict: preference model that predicts what people did not answer (or a language model was not asked), by its
            name in `preferences.MODELS`; ``auto``: the one that does best on held-out answers.
        topic: what the conversation is about, for a language model; empty: as the source has it.
        scoring: what a language model is asked, ``full`` (everything), ``exact`` (what decides, with the same slate),
            ``sparing`` (that, and nothing in passes without hope) or ``screened`` (less: slates may differ).
        specificity: weight of specificity beside agreement, where a language model is asked; at least 0.
        per_prompt: most statements that a language model is asked about in one question; 1: as published.
        validate: people whose held-out answers a language model's scores are checked with; 0 leaves the check out.
    """

    process: str = ""
    engine: str = "embedded"
    strict: bool = False
    min_length: int = 0
    max_length: int = 0
    min_answers: int = 0
    locked_in: tuple[str, ...] = ()
    locked_out: tuple[str, ...] = ()
    levels: tuple[float, ...] = ()
    cost_step: int = 0
    assignment: str = "best"
    draws: int = 100
    refine: bool = False
    predict: str = "auto"
    topic: str = ""
    scoring: str = "sparing"
    specificity: float = 1.0
    per_prompt: int = 8
    validate: int = 25

    def __post_init__(self) -> None:
        if not self.process:
            object.__setattr__(self, "process", USUAL.get(self.engine, USUAL["embedded"]))
        if self.assignment not in ("best", "process", "max-utility"):
            raise InputError(f"unknown assignment {self.assignment!r}; choose best, process or max-utility")
        if self.scoring not in ("full", "exact", "sparing", "screened"):
            raise InputError(f"unknown scoring {self.scoring!r}; choose full, exact, sparing or screened")
        for name in ("locked_in", "locked_out", "levels"):
            value = getattr(self, name)
            if isinstance(value, str):
                raise InputError(f"{name} must be a list, not the text {value!r}")
            object.__setattr__(self, name, tuple(value))
        if not isinstance(self.refine, bool):
            raise InputError(f"refine must be True or False, not {self.refine!r}")
        for name in ("min_length", "max_length", "min_answers", "cost_step", "draws", "validate", "per_prompt"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
                raise InputError(f"{name} must be a whole number of at least 0, not {value!r}")
        if not all(isinstance(level, int | float) and isfinite(level) for level in self.levels):
            raise InputError("levels must be numbers")
        if not isinstance(self.specificity, int | float) or not 0 <= self.specificity < inf:
            raise InputError(f"specificity must be a number of at least 0, not {self.specificity!r}")

    @property
    def given(self) -> dict[str, Any]:
        """By name, as `api.slate` takes them."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def check_written(self) -> None:
        """Whether these options go with an engine that writes statements.

        Raises:
            InputError: an option that chooses among given statements.
        """
        usual = Options(engine=self.engine)
        for name in ("strict", "max_length", "min_answers", "locked_in", "locked_out", "cost_step"):
            if getattr(self, name) != getattr(usual, name):
                option = _OPTION_NAMES.get(name, name).replace("_", "-")
                raise InputError(f"--{option} chooses among given statements, but this engine writes its own: leave it")

    @classmethod
    def of(cls, slate: Slate) -> Options:
        """The options a slate records.

        Raises:
            InputError: an option has a value it cannot have.
        """
        recorded = slate.process.get("options", {})
        if not isinstance(recorded, Mapping):
            raise InputError("process.options must be an object")
        known = {field.name: type(field.default) for field in fields(cls)}
        given = {name: value for name, value in recorded.items() if name in known}
        for name, value in given.items():
            wanted = {tuple: list, float: float | int}.get(known[name], known[name])
            if not isinstance(value, wanted | tuple):
                raise InputError(f"process.options: {name} cannot be {value!r}")
        return cls(**given)

    def words(self) -> list[str]:
        """The options that are not as usual, as words of a command."""
        usual = Options(engine=self.engine)
        found: list[str] = []
        for field in fields(self):
            value = getattr(self, field.name)
            if value == (field.default if field.name == "engine" else getattr(usual, field.name)):
                continue
            option = "--" + _OPTION_NAMES.get(field.name, field.name).replace("_", "-")
            if field.name == "levels":
                found += [option, ",".join(f"{level!r}" for level in value)]
            elif isinstance(value, tuple):
                for part in value:
                    found += [option, str(part)]
            else:
                found += [option] if value is True else [option, str(value)]
        return found


def process_of(
    profile: Profile, pool: ClosedPool, selection: Selection, options: Options, assignment: str, reference: str
) -> dict[str, Any]:
    """The record of how a slate was chosen.

    Args:
        profile: the engine's view of the source.
        pool: the candidates.
        selection: what the process chose.
        options: that were asked for.
        assignment: the one that was used, ``process``, ``refinement`` or ``max-utility``.
        reference: where the process is from.
    """
    ids = profile.statements.ids
    settled = dict(selection.parameters)
    if "exempt" in settled.get("refinement", ()):
        exempt = [ids[int(pool.statements[a])] for a in settled["refinement"]["exempt"]]
        settled["refinement"] = {**settled["refinement"], "exempt": exempt}
    rounds = [
        {
            "statement": ids[int(pool.statements[chosen.candidate])],
            "level": chosen.level,
            "support": chosen.support,
            "tied": [ids[int(pool.statements[a])] for a in chosen.tied],
            "tied_agents": chosen.tied_agents,
        }
        for chosen in selection.rounds
    ]
    return {
        "id": options.process,
        "source": reference,
        "options": asdict(options),
        **settled,
        "assignment": assignment,
        "rounds": rounds,
        "ties": sum(1 for r in rounds if r["tied"] or r["tied_agents"]),
    }


def slate_of(
    source: Profile, prepared: Engine, subject: Subject, *, unit: str, seed: int, process: Mapping[str, Any]
) -> Slate:
    """A slate with everything the source says about it, before its audit.

    Args:
        source: as it was read.
        prepared: the engine's view of it (with extracted statements, perhaps).
        subject: statements and assignment.
        unit: of the budget.
        seed: of every random choice.
        process: how it was chosen (`process_of`, or as recorded).
    """
    profile, pool = prepared.profile, subject.pool
    people, s = profile.agents.ids, profile.statements
    statements = []
    for place, candidate in enumerate(subject.chosen):
        column = int(pool.statements[candidate])
        agents = np.flatnonzero(subject.assignment == place)
        statements.append(
            SlateStatement(
                id=s.ids[column],
                text=s.texts[column],
                cost=int(pool.costs[candidate]),
                agents=tuple(people[row] for row in agents),
                provenance=s.provenance[column] if s.provenance else Provenance(),
            )
        )
    notes = [{"kind": n.kind, "what": n.what, "count": n.count, "where": list(n.where)} for n in profile.notes]
    return Slate(
        statements=tuple(statements),
        unassigned=tuple(people[row] for row in np.flatnonzero(subject.assignment < 0)),
        budget=subject.budget,
        unit=unit,
        n_agents=profile.n_agents,
        process=process,
        engine=dict(prepared.description),
        seed=seed,
        reliability=prepared.reliability,
        ledger=dict(prepared.ledger),
        source={
            "format": profile.source,
            "topic": profile.topic,
            "participants": profile.n_agents,
            "statements": profile.n_statements,
            "pool": pool.size,
            "answers": len(profile.answers),
            "weighted": profile.agents.masses is not None,
            "fingerprint": fingerprint(source),
            "notes": notes,
            **({} if prepared.source is None else {"judged": True, "own": _own(prepared.source)}),
        },
        version=__version__,
    )


def _own(source: Profile) -> dict[str, int]:
    """What the source holds beside what a language model wrote and scored."""
    return {"statements": source.n_statements, "answers": len(source.answers)}


def command_of(slate: Slate) -> str:
    """The command that makes the slate again (where the source is, only the caller knows)."""
    words = ["folkmoot", "slate", "SOURCE", "--budget", str(slate.budget), "--unit", slate.unit]
    weights = slate.process.get("weights")
    again = ["--repeats", str(weights["repeats"] or "REPEATS")] if weights else []
    return shlex.join([*words, "--seed", str(slate.seed), *Options.of(slate).words(), *again])


def locate(profile: Profile, slate: Slate) -> tuple[Profile, IntArray, int]:
    """Finds a slate's statements in a profile, by id, else by text, else by a text that is an id.

    Returns:
        The profile, int64 columns of the statements, and how many of them the profile did not have: they join it at
        its end as statements nobody answered.

    Raises:
        InputError: a statement that is nowhere and has no text, one with another text than the source's, one that is
            listed twice.
    """
    by_text: dict[str, int] = {}
    # Of equal texts the first that moderation let through is meant.
    for column in [*profile.pool(), *range(profile.n_statements)]:
        by_text.setdefault(_key(profile.statements.texts[column]), int(column))
    columns: list[int] = []
    new: list[SlateStatement] = []
    for place, statement in enumerate(slate.statements, start=1):
        key = _key(statement.text)
        if statement.id in profile.statement_index:
            column = profile.statement_index[statement.id]
            if key and key != _key(profile.statements.texts[column]):
                raise InputError(
                    f"statement {place} has id {statement.id!r} but not the text the source has for it; "
                    "correct the text or leave the id out"
                )
        elif key in by_text:
            column = by_text[key]
        elif not statement.id and statement.text in profile.statement_index:
            # Written by hand as a list of ids.
            column = profile.statement_index[statement.text]
        elif key:
            column = profile.n_statements + len(new)
            by_text[key] = column
            new.append(statement)
        else:
            raise InputError(f"statement {place}: the source has no statement {statement.id!r}, and no text is given")
        if column in columns:
            raise InputError(f"statement {place} is in the slate twice; list it once")
        columns.append(column)
    if new and profile.answers.scale.complete:
        raise InputError(
            f"the source has no statement {new[0].text!r}, and its ballots are complete: nothing can be said of a "
            "statement that was not on them"
        )
    if new:
        free = (name for number in count(1) if (name := f"new-{number}") not in profile.statement_index)
        names = list(islice(free, len(new)))
        origins = [Provenance("by hand") for _ in new]
        profile = profile.with_statements(names, [s.text for s in new], origins)
    return profile, np.array(columns, dtype=np.int64), len(new)


def recorded_assignment(profile: Profile, slate: Slate) -> IntArray | None:
    """int64 [n_agents] place of each agent's statement, -1 unassigned; None where the slate names no agents.

    Raises:
        InputError: an agent the profile does not have, or one in two places.
    """
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


def finding_of(profile: Profile, subject: Subject, finding: Finding, level: float | None) -> dict[str, Any]:
    """What an exact audit found, JSON-ready.

    Args:
        profile: whose ids are reported.
        subject: that was audited.
        finding: of it.
        level: from which an agent approves; None where the audit looks at utilities.

    Returns:
        ``holds``; ``ratio``, the largest share of the mass it would need that a group reaches (None where there is no
        such figure); for audits on approvals ``quota`` with ``limit``, the mass per unit of cost above which the axiom
        holds and at which it fails, ``hare``, the one that the axiom asks for, and ``droop``: does it hold just above
        n / (B + 1); ``witness``, the group behind the ratio, the assignment, or the prices.
    """
    quota = None
    if finding.ratio is not None and level is not None:
        hare = Fraction(subject.pool.total_mass, subject.budget)
        found = Quota(finding.ratio * hare, hare, subject.budget, finding)
        quota = {"limit": float(found.limit), "hare": float(hare), "droop": found.at_droop}
    return {
        "holds": finding.holds,
        "ratio": None if finding.ratio is None else float(finding.ratio),
        "quota": quota,
        "witness": _evidence(profile, subject, finding.witness, level),
    }


def _evidence(profile: Profile, subject: Subject, witness: Any, level: float | None) -> dict[str, Any] | None:
    people, ids = profile.agents.ids, profile.statements.ids
    columns = subject.pool.statements
    if witness is None:
        return None
    if isinstance(witness, Prices):
        names = [ids[int(columns[a])] for a in witness.statements]
        groups = [np.flatnonzero(witness.group == g) for g in range(len(witness.payments))]
        return {
            "money": str(witness.money),
            "payments": [
                {"agents": [people[row] for row in rows], "all_pay": {n: str(x) for n, x in paid.items()}}
                for rows, pays in zip(groups, witness.payments, strict=True)
                if (paid := {name: x for name, x in zip(names, pays, strict=True) if x})
            ],
        }
    if isinstance(witness, np.ndarray) and witness.shape == (profile.n_agents,):
        return {
            "assignment": {
                ids[int(columns[a])]: [people[row] for row in np.flatnonzero(witness == place)]
                for place, a in enumerate(subject.chosen)
            },
            "unassigned": [people[row] for row in np.flatnonzero(witness < 0)],
        }
    if not isinstance(witness, Group | Witness):
        return {"told": str(witness)}
    candidates = witness.candidates if isinstance(witness, Group) else (witness.candidate,)
    found = {
        "statements": [
            {
                "id": ids[int(columns[a])],
                "text": profile.statements.texts[int(columns[a])],
                "cost": int(subject.pool.costs[a]),
            }
            for a in candidates
        ],
        "people": len(witness.members),
        "mass": witness.mass,
        "need": witness.need,
        "agents": [people[row] for row in witness.members],
    }
    if isinstance(witness, Group):
        return {**found, "deserved": float(witness.deserved), "has": float(witness.has)}
    if level is None:
        return {**found, "threshold": witness.theta}
    # What of the slate the best-served of them approves, in cost.
    has = (subject.slate[witness.members] >= level) @ subject.pool.costs[subject.chosen]
    return {**found, "has": int(has.max(initial=0))}


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()
