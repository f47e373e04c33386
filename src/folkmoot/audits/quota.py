"""The smallest quota for which a property holds: how far a slate is from keeping, or from losing, a guarantee."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..profile import InputError
from .registry import Finding, find
from .subject import Subject


@dataclass(frozen=True)
class Quota:
    """How much mass per unit of cost a group needs before the property is lost.

    Args:
        limit: the property holds for every quota above it and fails at it; 0: it holds for every quota.
        hare: n / B, the quota of the axioms.
        budget: the budget of the slate.
        finding: the finding behind it, with the group that is largest relative to what it would need.
    """

    limit: Fraction
    hare: Fraction
    budget: int
    finding: Finding

    def holds_at(self, quota: Fraction | int) -> bool:
        """Does the property hold when groups of ``quota`` mass deserve one unit of cost?"""
        return quota > self.limit

    @property
    def at_droop(self) -> bool:
        """Does it hold for the Droop quota: just more than n / (B + 1)?"""
        return self.limit <= self.hare * self.budget / (self.budget + 1)


def smallest_quota(subject: Subject, axiom: str, level: float) -> Quota:
    """The quota at which an approval axiom begins to hold (abcvoting's issue 94).

    Args:
        subject: the slate with its pool.
        axiom: the id of the axiom: ``jr``, ``ejr-plus`` (any size), ``pjr``, ``ejr``, ``fjr``, ``core`` (within their
            limits).
        level: the approval level.

    Raises:
        InputError: the axiom has no quota, or the instance is too large.
        WorkError: nothing was proved within the limits.
    """
    entry = find(axiom)
    finding = entry.check(subject, level) if entry.approvals else None
    if finding is None or finding.ratio is None:
        raise InputError(f"{axiom} has no quota; choose one of jr, ejr-plus, pjr, ejr, fjr, core")
    hare = Fraction(subject.pool.total_mass, subject.budget)
    return Quota(finding.ratio * hare, hare, subject.budget, finding)
