"""What an audit records, figure by figure, as it stands in ``slate.json`` under "audit"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..profile.records import OMITTED
from .certificate import Spread

#: A point of the frontier: (b, d(b)).
Point = tuple[float, float]


@dataclass(frozen=True)
class Coalition:
    """A group of people and the statement they would want: the evidence behind a figure.

    Args:
        statement: its id.
        text: its text.
        cost: what it would cost.
        threshold: everybody in the group values it at least this much.
        mass: of the group.
        need: mass that the statement would have to represent.
        ratio: of the two, or of the axiom itself; 1 or more is a violation.
        gap: by how much its members prefer it on average; None: none of them has a statement.
        agents: ids of the members; None: not listed.
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
        violated: some coalition is large enough.
        violations: one for each statement, worst first.
        frontier: a violation of (b, d)-cBJR exists iff d <= d(b).
        pool_size: statements the slate was held against (its own are not held against it).
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
        holds: decided in integers.
        ratio: largest share of what it would need that a coalition reaches.
        satisfaction: on approvals, cost of what the best-served of the coalition approves in the slate.
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
        mean: of the utility of people's own statements, weighted by mass, as the others.
        q1: first quartile.
        median: of the same.
        q3: third quartile.
        min: the lowest.
        gini: of utility above the scale's lowest.
        ce_1: certainty equivalent of CRRA welfare at inequality aversion 1, on the scale; the next two at 2 and 5.
        ce_2: see ``ce_1``.
        ce_5: see ``ce_1``.
        nash: the same as ``ce_1``.
        own_is_favourite: share of mass whose own statement is their favourite of the slate.
        represented: share of mass.
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
        violations: of cBJR, worst first.
        d: largest mass / need of a coalition.
        worst: that coalition.
        answered: share of all pairs of a person and a statement that are known.
        own_statement_answered: people who answered the very statement that represents them.
        own_statement_approved: of them, those who approve it.
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
    """Four looks at the slate.

    Args:
        known: on people's own answers only.
        completed: with predictions for the rest.
        draws: over posterior draws of the unknown answers, by kind of slate; None: none were made.
        worst_case: with everything unknown against it.
    """

    known: KnownAnswers
    completed: CompletedAnswers
    draws: Mapping[str, Spread] | None
    worst_case: WorstCase


@dataclass(frozen=True)
class StatementFigures:
    """How many a statement of the slate represents, how well, and what everybody answered to it.

    Args:
        mass: it represents.
        people: it represents.
        mean: of their utility for it, None where there is nobody.
        min: of the same.
        answered: of them answered it.
        approve: of them answered that they approve it.
        all_answered: of everybody answered it.
        all_approve: of everybody approve it, by their own answer.
        all_reject: of everybody reject it, by their own answer.
        all_predicted_approve: of everybody approve it, by their answer or the prediction of it.
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
        agent: id.
        utility: of their statement, None without one.
        statement: id of it.
        best_in_slate: utility of their favourite of the slate, None where it is empty.
    """

    agent: str
    utility: float | None
    statement: str | None
    best_in_slate: float | None
