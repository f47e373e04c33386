"""The result of an exact audit of a slate, with the evidence behind it in ids of the source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..profile.records import OMITTED, from_json, to_json


@dataclass(frozen=True)
class QuotaFigures:
    """The mass per unit of cost for which an axiom holds.

    Args:
        limit: the axiom holds for every quota above this one and fails at it.
        hare: the Hare quota, which the axiom asks for.
        droop: whether the axiom holds just above n / (B + 1), the Droop quota.
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
        statements: the statements that the group would want.
        people: the number of people in the group.
        mass: the mass of the group.
        need: the mass that the group would have to have.
        agents: the ids of the group's members.
        deserved: what each member would have of the statements; None, as the next two, where the axiom has no such
            figure.
        threshold: every member's utility for the statement is at least this.
        has: what the best-served member has of the slate.
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
    """The result for one axiom.

    Args:
        name: the name of the axiom.
        level: the utility from which an agent approves a statement; None where the audit looks at utilities.
        holds: whether the axiom holds; None where nothing settles it.
        ratio: the largest share of the mass it would need that a group reaches; None where there is no such figure.
        quota: the smallest quota, for audits on approvals.
        witness: the group behind the ratio, the assignment, or the prices.
        refused: why the audit itself could not decide; None where it did.
        because: the id of the audit that settles the axiom in that case.
    """

    name: str
    level: float | None
    holds: bool | None = None
    ratio: float | None = None
    quota: QuotaFigures | None = None
    witness: Evidence | None = None
    refused: str | None = None
    because: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The result as ``folkmoot audit --json`` has it under "axioms"."""
        record: dict[str, Any] = to_json(self)
        return record

    @classmethod
    def read(cls, recorded: Mapping[str, Any]) -> AxiomResult:
        """The result from what `as_dict` made.

        Args:
            recorded: the result as JSON has it.

        Raises:
            InputError: it is no result of an audit.
        """
        return from_json(cls, recorded, "axiom")
