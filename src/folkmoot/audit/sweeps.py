"""JR, EJR+ and cBJR among the exact audits: one sweep each, at any size."""

from __future__ import annotations

from fractions import Fraction

from . import approval, cbjr
from .registry import Finding, exact_audit
from .subject import Subject

ANY = "none: polynomial"


@exact_audit(id="jr", exactness="integers", limit=ANY, source="Aziz et al. 2017")
def jr(subject: Subject, level: float) -> Finding:
    """See `approval.jr`."""
    return _exact(subject, approval.jr(subject, subject.slate, subject.offers, level))


@exact_audit(id="ejr-plus", exactness="integers", limit=ANY, source="Brill and Peters 2023")
def ejr_plus(subject: Subject, level: float) -> Finding:
    """See `approval.ejr_plus`."""
    return _exact(subject, approval.ejr_plus(subject, subject.slate, subject.offers, level))


@exact_audit(
    id="cbjr",
    exactness="integers",
    limit=ANY,
    source="Boehmer, Fish, Procaccia 2025, Definition 2.1; with unit costs BJR, Fish et al. 2024, Definition 1",
    approvals=False,
)
def costed(subject: Subject) -> Finding:
    """cBJR of the slate with its own assignment; see `cbjr.violations`."""
    worst = cbjr.worst(subject, subject.own, subject.offers)
    if worst is None:
        return Finding(True, Fraction(0))
    return Finding(not worst.violates, Fraction(worst.mass, worst.need), worst)


def _exact(subject: Subject, found: approval.Justified) -> Finding:
    w = found.witness
    if w is None:
        return Finding(found.holds, Fraction(0))
    deserves = (found.satisfaction + int(subject.pool.costs[w.candidate])) * subject.pool.total_mass
    return Finding(found.holds, Fraction(w.mass * subject.budget, deserves), w)
