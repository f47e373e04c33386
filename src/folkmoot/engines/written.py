"""What the engine `llm` does: a language model writes the statements and judges how well they represent people.

Utilities are the model's estimates from what people written. What it was not asked, a population model fitted to its
answers predicts, so that everything downstream works as it does with votes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..llm import Model
from ..llm.account import Account
from ..processes import Problem, Selection, WrittenProcess, find_written
from ..processes.writing_task import Writing
from ..profile import Answers, InputError, Profile, Scale, Statements, Unfinished, WorkError
from ..profile.sentences import noted
from ..profile.streams import Stream, stream
from ..queries.completed import Completed
from ..queries.language.demo import WARNING, is_demo
from ..queries.language.disc import LanguageDisc
from ..queries.language.make import Manner, Queries
from ..queries.language.reliability import validated
from ..queries.within import Within
from .embedded import prepare
from .protocol import USUALLY_WRITTEN, Prepared, Task

# What a reader must know of such a slate, whatever came out.
ESTIMATES = noted(
    "A language model wrote these statements and estimated from what people wrote how well each represents them; "
    "nobody has voted on them."
)


@dataclass(frozen=True)
class Written:
    """Statements that a language model wrote and scored, and what the process chose while they were written.

    Args:
        source: the profile as read.
        profile: the same people with the written statements and, as answers, the model's scores of them.
        selection: by columns of ``profile``.
        queries: that asked.
        account: of what was asked.
        reliability: of the model's scores on held-out answers of the people, None where there are none.
        task: the task that they were written for.
    """

    source: Profile
    profile: Profile
    selection: Selection
    queries: Queries
    account: Account
    reliability: Mapping[str, Any] | None
    task: Task

    def prepare(self, profile: Profile) -> Prepared:
        """See `prepared`."""
        return prepared(self, profile)

    def choose(self, problem: Problem, rng: np.random.Generator) -> Selection:
        """What was chosen already: choosing and writing went hand in hand."""
        return self.selection


@dataclass(frozen=True)
class Language:
    """The engine over one run.

    Args:
        task: the purpose it serves.
        model: answers; for a slate that was made before, from the ledger of its run.
    """

    task: Task
    model: Model

    @property
    def process(self) -> WrittenProcess:
        """The process of the task, one that has statements written."""
        return find_written(self.task.options.process or USUALLY_WRITTEN)

    def candidates(self, profile: Profile) -> Written:
        """Runs the process."""
        return write(profile, self.task, self.model)


def write(profile: Profile, task: Task, model: Model) -> Written:
    """Has a slate written, and everybody asked about it.

    Args:
        profile: the profile as read.
        task: the task that it is written for.
        model: answers; an `Account` keeps its prices.

    Raises:
        InputError: an option or a unit that does not fit, or nothing that people wrote or answered.
        WorkError: no statement came of it.
    """
    options, tell, unit, seed = task.options, task.progress, task.unit, task.seed
    process = find_written(options.process or USUALLY_WRITTEN)
    profile = replace(profile, topic=options.topic or profile.topic)
    options.check_written()
    account = model if isinstance(model, Account) else Account(model)
    tell("asking the language model", 0.0)
    if unit not in process.units:
        raise InputError(
            f"process {process.id!r} writes within a number of {' or '.join(process.units)}: say so with `unit`"
        )
    structured = options.answers == "structured"
    queries = process.asks(account, profile, Manner(unit, seed, options.specificity, options.per_prompt, structured))
    writing = Writing(
        queries,
        task.budget,
        unit,
        profile.topic,
        levels=options.levels or None,
        minimum=options.min_length or 0,
        masses=profile.masses,
        scoring=options.scoring,
        seed=seed,
    )
    selection = process.run(writing)
    reliability: Mapping[str, Any] | None = None
    unfinished: str | None = selection.parameters.get("unfinished")
    if not selection.rounds:
        raise _nothing(queries, unfinished)
    if unfinished is None:
        try:
            # So that nobody's own statement is a prediction.
            queries.disc.utilities(np.arange(profile.n_agents), selection.candidates)
        except Unfinished as stop:
            unfinished = str(stop)
    if unfinished is None and options.validate and len(profile.answers):
        tell("checking the language model on held-out answers", 0.0)
        rng = stream(seed, Stream.JUDGE_RELIABILITY)
        try:
            reliability = validated(
                account,
                profile,
                rng,
                weight=options.specificity,
                per_prompt=options.per_prompt,
                people=options.validate,
                structured=structured,
            )
        except Unfinished as stop:
            unfinished = str(stop)
    tell("asking the language model", 1.0)
    first = profile.n_statements
    scored = _scored(profile, queries)
    ids = scored.statements.ids
    rounds = tuple(
        replace(r, candidate=r.candidate - first, tied=tuple(a - first for a in r.tied)) for r in selection.rounds
    )
    parameters = _named(selection.parameters, lambda number: ids[number - first])
    if unfinished is not None:
        parameters["unfinished"] = unfinished
    selection = Selection(rounds, selection.n_agents, parameters)
    return Written(profile, scored, selection, queries, account, reliability, task)


def prepared(written: Written, profile: Profile) -> Prepared:
    """The utilities of a written slate's pool: the model's scores, the rest predicted from them.

    Args:
        written: the run.
        profile: its profile, with statements that were added since, perhaps.
    """
    task = written.task
    fitted = prepare(profile, task.options.predict, seed=task.seed, progress=task.progress)
    completion = {"model": fitted.description["model"], "parameters": fitted.description.get("parameters", {})}
    if fitted.reliability is not None:
        completion["held_out"] = dict(fitted.reliability)
    people = profile.agents.ids
    endpoint = written.account.endpoint
    description = {
        "name": "llm",
        "model": "" if endpoint is None else endpoint.model,
        **written.queries.description,
        "quarantine": [
            {"agent": people[one.agent], "why": one.why, "excerpt": one.excerpt}
            for one in written.queries.people.suspicious
        ],
        "completion": completion,
    }
    notes = [ESTIMATES]
    if is_demo(endpoint):
        description["demo"] = WARNING
        notes = [WARNING]
    if written.source.n_statements:
        notes.append(
            noted(
                f"The source's own {written.source.n_statements:,} statements are not among the candidates: this "
                "engine writes its own."
            )
        )
    if written.reliability is None:
        notes.append(
            noted("Reliability is unvalidated: there are no answers of people to check the model's scores with.")
        )
    disc, queries = fitted.disc, written.queries
    if disc.model is not None and isinstance(queries.disc, LanguageDisc):
        low, high = queries.disc.bounds(np.arange(profile.n_agents), np.arange(queries.disc.n_statements))
        first = written.source.n_statements
        # Asked for and never readable is not bounded: it is as unknown as what was not asked.
        lost = high == -np.inf
        low, high = np.where(lost, -np.inf, low)[:, first:], np.where(lost, np.inf, high)[:, first:]
        disc = Completed(profile, Within(disc.model, low, high))
    return replace(
        fitted,
        disc=disc,
        description=description,
        reliability=written.reliability,
        notes=tuple(notes),
        source=written.source,
        ledger=written.account.as_dict(),
    )


def _scored(profile: Profile, queries: Queries) -> Profile:
    """The people with what was written, and as answers what the model said of it."""
    extended = queries.writer.extended(profile)
    first, s = profile.n_statements, extended.statements
    values = queries.disc.so_far[:, first:]
    rows, columns = np.nonzero(~np.isnan(values))
    low, high = queries.disc.range
    written = Statements(s.ids[first:], s.texts[first:], provenance=s.provenance[first:])
    answers = Answers.of(rows, columns, values[rows, columns], Scale("rating", low, high))
    return replace(profile, statements=written, answers=answers, notes=(*profile.notes, *queries.notes))


def _named(parameters: Mapping[str, Any], name: Callable[[int], str]) -> dict[str, Any]:
    """Parameters of a process with ids in place of numbers of statements."""
    named = dict(parameters)
    if "written" in named:
        named["written"] = [name(number) for number in named["written"]]
    if "passes" in named:
        named["passes"] = [
            {
                **one,
                "written": [name(number) for number in one["written"]],
                "accepted": None if one.get("accepted") is None else name(one["accepted"]),
            }
            for one in named["passes"]
        ]
    return named


def _nothing(queries: Queries, unfinished: str | None) -> WorkError:
    if unfinished is not None:
        return Unfinished(f"not finished, and no statement was chosen yet: {unfinished}")
    cut = queries.writer.description["cut"]
    reasons = ", ".join(f"{count:,} {why}" for why, count in cut.items()) or "none was cut"
    written = queries.writer.description["written"]
    known = queries.writer.tally.reasons + queries.disc.tally.reasons
    why = "; of what the endpoint did not answer: " + "; ".join(reason for reason, _ in known.most_common(2))
    return WorkError(
        f"no statement could be chosen: {written:,} were written, and of the answers {reasons}{why if known else ''}; "
        "look at the answers in the ledger, or try another model"
    )
