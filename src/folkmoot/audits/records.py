"""The records of an audit's figures, as they stand in ``slate.json`` under "audit"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..profile.records import OMITTED
from .certificate import Spread
from .turning import Turning

#: A point of the frontier: (b, d(b)).
Point = tuple[float, float]


@dataclass(frozen=True)
class Coalition:
    """A group of people and the statement they would want: the evidence behind a figure.

    Args:
        statement: the statement's id.
        text: the statement's text.
        cost: what the statement would cost.
        threshold: everybody in the group values the statement at least this much.
        mass: the mass of the group.
        need: the mass that the statement would have to represent.
        ratio: the ratio of the two, or that of the axiom itself; 1 or more is a violation.
        gap: by how much its members prefer the statement on average; None where none of them has a statement.
        agents: the ids of the members; None where they are not listed.
    """

    statement: str
    text: str
    cost: int
    threshold: float
    mass: int
    need: int
    ratio: float
    gap: float | None
    agents: tuple[str, ...] | None = field(default=None, metadata=OMITTED)


@dataclass(frozen=True)
class Cbjr:
    """Balanced justified representation with costs, on completed utilities.

    Args:
        violated: whether some coalition is large enough.
        violations: one coalition for each violating statement, worst first.
        frontier: the pairs (b, d(b)); a violation of (b, d)-cBJR exists iff d <= d(b).
        pool_size: the number of statements that the slate was compared with (its own are not among them).
        worst: the coalition closest to (or furthest into) a violation.
    """

    violated: bool
    violations: tuple[Coalition, ...]
    frontier: tuple[Point, ...]
    pool_size: int
    worst: Coalition | None


@dataclass(frozen=True)
class Axiom:
    """An axiom without balance.

    Args:
        holds: whether the axiom holds, decided in integers.
        ratio: the largest share of what it would need that a coalition reaches.
        satisfaction: on approvals, the cost of what the best-served member of the coalition approves in the slate.
        witness: the coalition behind the ratio, None when there is none.
    """

    holds: bool
    ratio: float
    satisfaction: int | None = field(default=None, metadata=OMITTED)
    witness: Coalition | None = None


@dataclass(frozen=True)
class Welfare:
    """What people get out of the slate; None where nobody is represented.

    Args:
        mean: the mean utility of people's own statements, weighted by mass as all these figures are.
        q1: the first quartile of these utilities.
        median: the median of these utilities.
        q3: the third quartile of these utilities.
        min: the lowest of these utilities.
        gini: the Gini coefficient of utility above the scale's lowest.
        ce_1: the certainty equivalent of CRRA welfare at inequality aversion 1, on the scale.
        ce_2: the certainty equivalent at inequality aversion 2.
        ce_5: the certainty equivalent at inequality aversion 5.
        nash: the same as ``ce_1``.
        own_is_favourite: the share of the mass whose own statement is their favourite of the slate.
        represented: the share of the mass that some statement represents.
    """

    mean: float | None
    q1: float | None
    median: float | None
    q3: float | None
    min: float | None
    gini: float | None
    ce_1: float | None
    ce_2: float | None
    ce_5: float | None
    nash: float | None
    own_is_favourite: float | None
    represented: float


@dataclass(frozen=True)
class KnownAnswers:
    """The certificate on people's own answers only.

    Args:
        violations: the violations of cBJR, worst first.
        d: the largest mass / need of a coalition.
        worst: the coalition with that ratio.
        answered: the share of all pairs of a person and a statement whose answer is known.
        own_statement_answered: the number of people who answered the very statement that represents them.
        own_statement_approved: the number of them who approve it.
        jr: justified representation.
        ejr_plus: EJR+ up to any statement.
    """

    violations: tuple[Coalition, ...]
    d: float
    worst: Coalition | None
    answered: float
    own_statement_answered: int
    own_statement_approved: int
    jr: Axiom
    ejr_plus: Axiom


@dataclass(frozen=True)
class CompletedAnswers:
    """The certificate on completed utilities: how many violations, and the largest mass / need."""

    violations: int
    d: float


@dataclass(frozen=True)
class WorstCase:
    """The largest mass / need if every unknown answer went against the slate."""

    d: float


@dataclass(frozen=True)
class CertificateRecord:
    """The certificate: the slate audited in four ways.

    Args:
        known: the audit on people's own answers only.
        completed: the audit with predictions for the unknown answers.
        draws: the audit over posterior draws of the unknown answers, by kind of slate; None where there were no draws.
        worst_case: the audit with every unknown answer against the slate.
        turning: how far unknown answers would have to differ from their predictions for the verdict to turn; None
            where nothing is predicted of what people answer.
    """

    known: KnownAnswers
    completed: CompletedAnswers
    draws: Mapping[str, Spread] | None
    worst_case: WorstCase
    turning: Turning | None = field(default=None, metadata=OMITTED)


@dataclass(frozen=True)
class StatementFigures:
    """How many a statement of the slate represents, how well, and what everybody answered to it.

    Args:
        mass: the mass that it represents.
        people: the number of people whom it represents.
        mean: the mean of their utility for it; None where it represents nobody.
        min: the lowest of their utilities for it.
        answered: the number of them who answered it.
        approve: the number of them who answered that they approve it.
        all_answered: the number of all people who answered it.
        all_approve: the number of all people who approve it by their own answer.
        all_reject: the number of all people who reject it by their own answer.
        all_predicted_approve: the number of all people who approve it by their answer or by its prediction.
        expected: the mass assigned to it that agrees by its own answer or, weighted by its chance, as the model
            expects.
    """

    mass: int
    people: int
    mean: float | None
    min: float | None
    answered: int
    approve: int
    all_answered: int
    all_approve: int
    all_reject: int
    all_predicted_approve: int
    expected: float | None = field(default=None, metadata=OMITTED)


@dataclass(frozen=True)
class LeastRepresented:
    """One of the least well represented people.

    Args:
        agent: the person's id.
        utility: the utility of the statement that represents them; None without one.
        statement: the id of that statement.
        best_in_slate: the utility of their favourite of the slate; None where the slate is empty.
    """

    agent: str
    utility: float | None
    statement: str | None
    best_in_slate: float | None
