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
from ..profile import Answers, InputError, Profile, Provenance, Scale, Statements, Unfinished, WorkError
from ..profile.sentences import noted
from ..profile.streams import Stream, stream
from ..queries.completed import Completed
from ..queries.language.demo import WARNING, is_demo
from ..queries.language.disc import HIGH, LOW, LanguageDisc
from ..queries.language.make import Carried, Manner, Queries
from ..queries.language.reliability import validated
from ..queries.within import Within
from .embedded import prepare
from .protocol import USUALLY_WRITTEN, Prepared, Task

# What a reader must know of such a slate, whatever came out.
ESTIMATES = noted(
    "A language model wrote these statements and estimated from what people wrote how well each represents them; "
    "nobody has voted on them."
)
BOTH = noted(
    "People's own statements are among the candidates, on their votes and on what these predict of the others; the "
    "rest a language model wrote, and estimated from what people wrote how well each represents them: nobody has voted "
    "on those."
)
CHANCE = noted(
    "Held-out answers of people cannot tell the language model's scores from chance: nothing that rests on these "
    "scores, the certificate included, says what people think."
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
    tell(noted("asking the language model"), 0.0)
    if unit not in process.units:
        raise InputError(
            f"process {process.id!r} writes within a number of {' or '.join(process.units)}: say so with `unit`"
        )
    if options.min_length is not None and not (process.assigns and unit == "words"):
        raise InputError(
            "`min_length` has no use here: only the process prose, with a budget of words, writes statements of a "
            "length that it chooses; leave it"
        )
    structured = options.answers == "structured"
    carried = _carried(profile, task) if options.pool == "both" else None
    embedding = "" if account.endpoint is None else account.endpoint.embedding_model
    manner = Manner(unit, seed, options.specificity, options.per_prompt, structured, carried, embedding)
    queries = process.asks(account, profile, manner)
    writing = Writing(
        queries,
        task.budget,
        unit,
        profile.topic,
        levels=options.levels or None,
        minimum=options.min_length,
        masses=profile.masses,
        scoring=options.scoring,
        seed=seed,
        start=() if carried is None else tuple(int(column) for column in profile.pool(strict=options.strict)),
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
    tell(noted("asking the language model"), 1.0)
    first = _first(profile, task)
    scored = _scored(profile, queries, first)
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
        **({"embedding": endpoint.embedding_model} if endpoint is not None and endpoint.embedding_model else {}),
        "quarantine": [
            {"agent": people[one.agent], "why": one.why, "excerpt": one.excerpt}
            for one in written.queries.people.suspicious
        ],
        "completion": completion,
    }
    both = task.options.pool == "both"
    notes = [BOTH if both else ESTIMATES]
    if is_demo(endpoint):
        description["demo"] = WARNING
        notes = [WARNING, *([BOTH] if both else [])]
    if written.source.n_statements and not both:
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
    elif _like_chance(written.reliability):
        notes.append(CHANCE)
    disc, queries = fitted.disc, written.queries
    if disc.model is not None and isinstance(queries.disc, LanguageDisc):
        low, high = queries.disc.bounds(np.arange(profile.n_agents), np.arange(queries.disc.n_statements))
        first = _first(written.source, task)
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


def _like_chance(reliability: Mapping[str, Any]) -> bool:
    """Whether scores that order people's answers by lot would do as well, as far as the held-out answers tell."""
    people = reliability.get("people")
    return not people or people["low"] <= 0.5


def _first(profile: Profile, task: Task) -> int:
    """The number in Disc of the first statement that is a candidate: all are, or only those that were written."""
    return 0 if task.options.pool == "both" else profile.n_statements


def _carried(profile: Profile, task: Task) -> Carried:
    """What people answered to the source's statements, and what is predicted of the rest, on the model's scale.

    Raises:
        InputError: nobody answered anything.
    """
    if not len(profile.answers):
        raise InputError("nobody voted here, so the source's own statements have no votes to stand on; leave `pool`")
    fitted = prepare(profile, task.options.predict, seed=task.seed, progress=task.progress)
    everybody, columns = np.arange(profile.n_agents), np.arange(profile.n_statements)
    low, high = profile.answers.scale.utility_range
    shares = (fitted.disc.utilities(everybody, columns) - low) / ((high - low) or 1.0)
    return LOW + (HIGH - LOW) * np.clip(shares, 0.0, 1.0), fitted.disc.known(everybody, columns)


def _scored(profile: Profile, queries: Queries, first: int) -> Profile:
    """The people with the candidates, and as answers what they or the model said of these."""
    extended = queries.writer.extended(profile)
    s, n = extended.statements, profile.n_statements
    values = queries.disc.so_far[:, first:].copy()
    if not first:
        # What was only predicted is no answer.
        own = queries.disc.known(np.arange(profile.n_agents), np.arange(n))
        values[:, :n][~own] = np.nan
    rows, columns = np.nonzero(~np.isnan(values))
    low, high = queries.disc.range
    provenance = s.provenance or tuple(Provenance() for _ in s.ids)
    written = Statements(s.ids[first:], s.texts[first:], provenance=provenance[first:])
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
    room = "give a larger `budget`, " if "over budget" in cut else ""
    return WorkError(
        f"no statement could be chosen: {written:,} were written, and of the answers {reasons}{why if known else ''}; "
        f"{room}look at the answers in the ledger, or try another model"
    )
