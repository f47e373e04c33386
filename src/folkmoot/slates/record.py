"""Between a choice and its record: what ``slate.json`` holds of it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import numpy as np

from .._version import __version__
from ..audits import Subject
from ..audits.answer_records import Counted, WeightsRecord
from ..engines import Prepared
from ..processes import Selection
from ..profile import Options, Profile, Provenance, Slate, SlateStatement, fingerprint
from ..profile.compared import count_parts
from ..profile.options import Goal
from ..profile.records import to_json
from ..queries import ClosedPool
from .recorded import OwnEntries, ProcessRecord, RoundRecord, SourceRecord, recorded


def process_record(
    profile: Profile,
    pool: ClosedPool,
    selection: Selection,
    options: Options,
    assignment: str,
    reference: str,
    weights: WeightsRecord | None = None,
    usual_budget: str | None = None,
    edits: Mapping[str, str] | None = None,
) -> ProcessRecord:
    """The record of how a slate was chosen.

    Args:
        profile: the engine's view of the source.
        pool: the candidates.
        selection: what the process chose.
        options: the options of the run.
        assignment: the assignment that was used, ``process``, ``refinement`` or ``max-utility``.
        reference: the paper that the process is from.
        weights: what is recorded of a choice with repeated answers.
        usual_budget: which budget was taken and why; None: one was given.
        edits: the organiser's wordings that were given.
    """
    ids = profile.statements.ids

    def name(candidate: int) -> str:
        return ids[int(pool.statements[candidate])]

    # In the order in which the process settled it, refinement included: the same slate is the same bytes.
    settled = dict(selection.parameters)
    refinement = settled.get("refinement", {})
    if "exempt" in refinement:
        settled["refinement"] = {**refinement, "exempt": [name(a) for a in refinement["exempt"]]}
    rounds = tuple(
        RoundRecord(
            statement=name(chosen.candidate),
            level=chosen.level,
            support=chosen.support,
            tied=tuple(name(a) for a in chosen.tied),
            tied_agents=chosen.tied_agents,
        )
        for chosen in selection.rounds
    )
    return ProcessRecord(
        id=options.process,
        source=reference,
        options=options,
        parameters=settled,
        assignment=assignment,
        rounds=rounds,
        ties=sum(1 for r in rounds if r.tied or r.tied_agents),
        weights=weights,
        usual_budget=usual_budget,
        edits=edits or None,
    )


def slate_of(
    source: Profile, prepared: Prepared, subject: Subject, *, unit: str, seed: int, process: Mapping[str, Any]
) -> Slate:
    """A slate with everything the source says about it, before its audit.

    Args:
        source: the source as it was read.
        prepared: the engine's view of the source (with extracted statements, perhaps).
        subject: the statements and the assignment.
        unit: the unit of the budget.
        seed: the seed of every random choice.
        process: how the slate was chosen (`process_record` as JSON, or as recorded).
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
        source=to_json(_source(source, prepared, pool)),
        version=__version__,
    )


def _source(source: Profile, prepared: Prepared, pool: ClosedPool) -> SourceRecord:
    profile, own = prepared.profile, prepared.source
    c = profile.comparisons
    return SourceRecord(
        format=profile.source,
        topic=profile.topic,
        participants=profile.n_agents,
        statements=profile.n_statements,
        pool=pool.size,
        answers=len(profile.answers),
        comparisons=len(c) or None,
        parts=count_parts(c.winner, c.loser, profile.n_statements) if len(c) else None,
        weighted=profile.agents.masses is not None,
        fingerprint=fingerprint(source),
        notes=tuple(Counted(n.kind, n.what, n.count, tuple(n.where)) for n in profile.notes),
        told_apart=profile.facts.get("who"),
        opinions=tuple(profile.facts["opinions"]) if "opinions" in profile.facts else None,
        direction=profile.facts.get("direction"),
        judged=None if own is None else True,
        own=None if own is None else OwnEntries(own.n_statements, len(own.answers)),
    )


def command_of(slate: Slate) -> str:
    """The command that makes the slate again (where the source is, only the caller knows)."""
    words = ["folkmoot", "slate", "SOURCE", *Goal.of(slate).words()]
    weights = recorded(slate).weights
    again = ["--repeats", weights.repeats or "REPEATS"] if weights else []
    edits = ["--edit", "EDITS"] if slate.process.get("edits") else []
    return shlex.join([*words, *Options.of(slate).words(), *again, *edits])
