"""What an exact audit of a slate comes to, with the evidence behind it in ids of the source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..profile.records import OMITTED


@dataclass(frozen=True)
class QuotaFigures:
    """The mass per unit of cost for which an axiom holds.

    Args:
        limit: above it the axiom holds, at it it fails.
        hare: the one that the axiom asks for.
        droop: it holds just above n / (B + 1).
    """

    limit: float
    hare: float
    droop: bool


@dataclass(frozen=True)
class WantedStatement:
    """A statement that a group would want."""

    id: str
    text: str
    cost: int


@dataclass(frozen=True)
class GroupEvidence:
    """A group that could do better, or comes closest to it.

    Args:
        statements: that it would want.
        people: in it.
        mass: of it.
        need: mass that it would have to have.
        agents: ids of its members.
        deserved: what each of them would have of the statements; where the axiom looks at that, as the next two.
        threshold: utility from which each of them values the statement.
        has: what the best-served of them has of the slate.
    """

    statements: tuple[WantedStatement, ...]
    people: int
    mass: int
    need: int
    agents: tuple[str, ...]
    deserved: float | None = field(default=None, metadata=OMITTED)
    threshold: float | None = field(default=None, metadata=OMITTED)
    has: float | None = field(default=None, metadata=OMITTED)


@dataclass(frozen=True)
class Payments:
    """What all of these people pay together, by statement, as exact fractions."""

    agents: tuple[str, ...]
    all_pay: Mapping[str, str]


@dataclass(frozen=True)
class PriceEvidence:
    """A price system: money for each unit of mass, and who pays what of it."""

    money: str
    payments: tuple[Payments, ...]


@dataclass(frozen=True)
class AssignmentEvidence:
    """An assignment: the people of each statement, and those without one."""

    assignment: Mapping[str, tuple[str, ...]]
    unassigned: tuple[str, ...]


@dataclass(frozen=True)
class OtherEvidence:
    """Evidence of an audit of another package, in its own words."""

    told: str


Evidence = GroupEvidence | PriceEvidence | AssignmentEvidence | OtherEvidence


@dataclass(frozen=True)
class AxiomResult:
    """What can be said of one axiom.

    Args:
        name: of the axiom.
        level: utility from which an agent approves a statement; None: the audit looks at utilities.
        holds: None: nothing settles it.
        ratio: largest share of the mass it would need that a group reaches; None: there is no such figure.
        quota: for audits on approvals.
        witness: the group behind the ratio, the assignment, or the prices.
        refused: why the audit itself could not decide; None: it did.
        because: id of the audit that settles it then.
    """

    name: str
    level: float | None
    holds: bool | None = None
    ratio: float | None = None
    quota: QuotaFigures | None = None
    witness: Evidence | None = None
    refused: str | None = None
    because: str | None = None
