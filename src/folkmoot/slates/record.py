"""Between a choice and its record: what ``slate.json`` holds, and how it is found again in a source."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from .._version import __version__
from ..audits import Subject
from ..engines.embedded import Engine
from ..processes import Selection
from ..profile import Options, Profile, Provenance, Slate, SlateStatement, fingerprint
from ..queries import ClosedPool


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
