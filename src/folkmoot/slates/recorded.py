"""What a slate records, typed: of its process, engine, source, ledger, reliability and audit.

A `Slate` carries these as ``slate.json`` has them, whoever wrote it; here they become the dataclasses they were written
from. `recorded` reads each part when it is first asked for, also of a slate that came from a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..audits import Audit
from ..audits.answer_records import Counted, KindsOfAnswers, WeightsRecord
from ..processes.refine.outcome import NotRefined, Refined
from ..profile import Options, Slate
from ..profile.records import OMITTED, REST, from_json


@dataclass(frozen=True)
class RoundRecord:
    """One statement as it was chosen.

    Args:
        statement: the id of the statement.
        level: the approval level that it was chosen at; None where the process has none.
        support: the mass of those who supported it then.
        tied: the ids of other statements that came out exactly equal.
        tied_agents: the number of people who valued it exactly as much as the last one it represents.
    """

    statement: str
    level: float | None = None
    support: int = 0
    tied: tuple[str, ...] = ()
    tied_agents: int = 0


@dataclass(frozen=True)
class ProcessRecord:
    """How a slate was chosen (``slate.json`` "process"); empty of a slate by hand.

    Args:
        id: the id of the process; empty: the slate records none.
        source: the paper and the number of the process in it.
        options: the options that the slate was chosen with.
        parameters: the parameters that the process itself settled, by name.
        refinement: what refining did; None: the slate was not to be refined.
        unfinished: why the run was stopped before its end; None: it was not.
        assignment: the assignment that was used, ``process``, ``refinement`` or ``max-utility``.
        rounds: the statements in the order of choice.
        ties: the number of rounds with a tie; None: not recorded.
        weights: what is recorded of a choice with repeated answers.
        usual_budget: which budget was taken and why, in one sentence; None: one was given.
        edits: the organiser's wordings that were given, by id of the statement, used or not; None: there were none.
    """

    id: str = ""
    source: str = ""
    options: Options = field(default_factory=Options)
    parameters: Mapping[str, Any] = field(default_factory=dict, metadata=REST)
    refinement: Refined | NotRefined | None = field(default=None, metadata=OMITTED)
    unfinished: str | None = field(default=None, metadata=OMITTED)
    assignment: str = ""
    rounds: tuple[RoundRecord, ...] = ()
    ties: int | None = field(default=None, metadata=OMITTED)
    weights: WeightsRecord | None = field(default=None, metadata=OMITTED)
    usual_budget: str | None = field(default=None, metadata=OMITTED)
    edits: Mapping[str, str] | None = field(default=None, metadata=OMITTED)


@dataclass(frozen=True)
class OwnEntries:
    """What the source holds beside what a language model wrote and scored."""

    statements: int
    answers: int


@dataclass(frozen=True)
class SourceRecord:
    """What was read, counted (``slate.json`` "source"); entries that a file does not have are None or empty.

    Args:
        format: the format that the source was read as.
        topic: the topic of the conversation.
        participants: the number of people.
        statements: the number of statements in all.
        pool: the number of statements that could be chosen as far as moderation goes.
        answers: the number of answers to statements.
        comparisons: the number of comparisons of two statements, where people made some.
        parts: the number of parts that these fall into: statements of different parts were never compared.
        weighted: whether people have weights.
        fingerprint: the fingerprint of what was read.
        notes: what the reader dropped, changed or noticed.
        told_apart: how participants were told apart.
        opinions: the columns in which opinions were seen, with the lowest and highest rating of each.
        direction: the end of the scale that was read as the best, and how that is known.
        judged: whether the statements and their scores are a language model's.
        own: the entries of the source itself in that case.
    """

    format: str = ""
    topic: str = ""
    participants: int | None = field(default=None, metadata=OMITTED)
    statements: int | None = field(default=None, metadata=OMITTED)
    pool: int | None = field(default=None, metadata=OMITTED)
    answers: int | None = field(default=None, metadata=OMITTED)
    comparisons: int | None = field(default=None, metadata=OMITTED)
    parts: int | None = field(default=None, metadata=OMITTED)
    weighted: bool = False
    fingerprint: str = ""
    notes: tuple[Counted, ...] = ()
    told_apart: str | None = field(default=None, metadata=OMITTED)
    opinions: tuple[str, ...] | None = field(default=None, metadata=OMITTED)
    direction: str | None = field(default=None, metadata=OMITTED)
    judged: bool | None = field(default=None, metadata=OMITTED)
    own: OwnEntries | None = field(default=None, metadata=OMITTED)


@dataclass(frozen=True)
class QueryCounts:
    """What one query of a language model took; tokens of prompts that the endpoint had cached are in ``cached``."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached: int = 0
    failed: int = 0


@dataclass(frozen=True)
class LedgerRecord(QueryCounts):
    """The same in all and by query, with its ``cost``, a decimal number as text (None: prices unknown)."""

    cost: str | None = None
    queries: Mapping[str, QueryCounts] = field(default_factory=dict)


@dataclass(frozen=True)
class Suspicious:
    """A text that looks as if it was meant for the model; it was used all the same."""

    agent: str
    why: str
    excerpt: str


@dataclass(frozen=True)
class CallCounts:
    """Calls by query that had to be made again, could never be read, or got no answer, and the reasons.

    Args:
        again: how many had to be made again.
        unreadable: how many could never be read.
        failed: how many got no answer.
        reasons: how often each reason occurred.
        declined: how many first answers decline to answer.
        sampled: how many ratings are means of repeated answers, as there were no log-probabilities.
        label_mass: the mean probability that a rating's token is one of the scale, where there were.
        more: what else is recorded.
    """

    again: Mapping[str, int] = field(default_factory=dict)
    unreadable: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    declined: Mapping[str, int] = field(default_factory=dict)
    sampled: Mapping[str, int] = field(default_factory=dict)
    label_mass: Mapping[str, float] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict, metadata=REST)


@dataclass(frozen=True)
class QueriesRecord:
    """What became of the calls of one kind of query; ``unknown`` pairs have no score after all attempts."""

    calls: CallCounts = field(default_factory=CallCounts)
    unknown: int = 0
    more: Mapping[str, Any] = field(default_factory=dict, metadata=REST)


@dataclass(frozen=True)
class WrittenStatements:
    """What became of the statements that were written.

    Args:
        calls: the calls for the statements.
        written: how many of the statements are in the pool.
        cut: how many were left out, by reason.
        findings: the findings about them, counted.
        near_duplicates: the number of statements that say nearly the same as another one.
        more: what else is recorded of them.
    """

    calls: CallCounts = field(default_factory=CallCounts)
    written: int = 0
    cut: Mapping[str, int] = field(default_factory=dict)
    findings: Mapping[str, int] = field(default_factory=dict)
    near_duplicates: int = 0
    more: Mapping[str, Any] = field(default_factory=dict, metadata=REST)


@dataclass(frozen=True)
class EngineRecord:
    """What answered the queries (``slate.json`` "engine").

    Args:
        name: the registry id of the engine.
        model: the model of preferences, or the language model; ``none``: every utility is a person's own answer.
        parameters: the parameters of the model.
        weights: the mixture that weighed the answers; None: they count in full.
        questions: the questions to a language model about statements; this and the next four only where there is one.
        statements: the statements that it wrote.
        tags: the questions for the tags that groups rest on.
        quarantine: the texts that look as if they were meant for it.
        more: what else is recorded.
    """

    name: str = ""
    model: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    weights: KindsOfAnswers | None = field(default=None, metadata=OMITTED)
    questions: QueriesRecord = field(default_factory=QueriesRecord)
    statements: WrittenStatements = field(default_factory=WrittenStatements)
    tags: QueriesRecord = field(default_factory=QueriesRecord)
    quarantine: tuple[Suspicious, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict, metadata=REST)


@dataclass(frozen=True)
class Scores:
    """Scores of predictions on held-out answers; None: not measured."""

    log_loss: float | None = field(default=None, metadata=OMITTED)
    accuracy: float | None = field(default=None, metadata=OMITTED)
    calibration_error: float | None = field(default=None, metadata=OMITTED)
    vote_log_loss: float | None = field(default=None, metadata=OMITTED)


@dataclass(frozen=True)
class HeldOutRecord(Scores):
    """How the fitted model did on answers that were held back (`folkmoot.preferences.measure`).

    Args:
        validated: whether the model was tried.
        model: the model that was tried.
        n_held_out: the number of answers that were held back.
        n_sided: the number of them that take a side.
        statement_mean: the scores of predicting each statement's mean for everyone.
    """

    validated: bool = True
    model: str = ""
    n_held_out: int | None = field(default=None, metadata=OMITTED)
    n_sided: int | None = field(default=None, metadata=OMITTED)
    statement_mean: Scores | None = field(default=None, metadata=OMITTED)


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval."""

    share: float
    low: float
    high: float


@dataclass(frozen=True)
class OrderShares:
    """Shares of people, of pairs of one person's answers, and of all, that come out in the right order."""

    people: Share
    pairs: Share
    more: Mapping[str, Any] = field(default_factory=dict, metadata=REST)


@dataclass(frozen=True)
class Mean:
    """A mean over people."""

    mean: float
    more: Mapping[str, Any] = field(default_factory=dict, metadata=REST)


@dataclass(frozen=True)
class ModelCheck:
    """How a language model's scores did on answers of people that it was not shown (`queries.language.reliability`).

    Args:
        query: the query that was checked.
        asked: the number of answers that the model should have predicted.
        validated: whether at least one of its answers could be read.
        missing: the number of answers that the model did not give.
        n_people: the number of people with answers on both sides.
        people: the share of people whose answers come out in the right order; None, as the next, where none can.
        pairs: the same for pairs of answers.
        popularity: the same by mere popularity of the statements.
        matched: the share of pairs whose statements are about as popular.
        spearman: the rank correlation with a person's ratings.
        more: what else is recorded.
    """

    query: str
    asked: int
    validated: bool = True
    missing: int = 0
    n_people: int = 0
    people: Share | None = None
    pairs: Share | None = None
    popularity: OrderShares | None = None
    matched: Share | None = None
    spearman: Mean | None = None
    more: Mapping[str, Any] = field(default_factory=dict, metadata=REST)


class Recorded:
    """The records of one slate.

    Args:
        slate: the slate of a run, one by hand, or one read from a file.

    Raises:
        InputError: from the part that is asked for, where it is not as it should be.
    """

    def __init__(self, slate: Slate) -> None:
        self._slate = slate

    @cached_property
    def process(self) -> ProcessRecord:
        """How it was chosen."""
        return from_json(ProcessRecord, self._slate.process, "process")

    @cached_property
    def weights(self) -> WeightsRecord | None:
        """Of a choice with repeated answers; read alone, so that what else is wrong with a process does not matter."""
        weights = self._slate.process.get("weights")
        return None if weights is None else from_json(WeightsRecord, weights, "process.weights")

    @cached_property
    def engine(self) -> EngineRecord:
        """What answered the queries."""
        return from_json(EngineRecord, self._slate.engine, "engine")

    @cached_property
    def source(self) -> SourceRecord:
        """What was read."""
        return from_json(SourceRecord, self._slate.source, "source")

    @cached_property
    def ledger(self) -> LedgerRecord:
        """The queries to a language model."""
        return from_json(LedgerRecord, self._slate.ledger, "ledger")

    @cached_property
    def reliability(self) -> ModelCheck | HeldOutRecord | None:
        """How predictions did; None: not measured."""
        if self._slate.reliability is None:
            return None
        if "query" in self._slate.reliability:
            return from_json(ModelCheck, self._slate.reliability, "reliability")
        return from_json(HeldOutRecord, self._slate.reliability, "reliability")

    @cached_property
    def audit(self) -> Audit | None:
        """Its figures; None: it was not audited."""
        return None if self._slate.audit is None else Audit.read(self._slate.audit)


def recorded(slate: Slate) -> Recorded:
    """The records of a slate, read once."""
    found: Recorded = slate.derived.setdefault("recorded", Recorded(slate))
    return found
