"""JR, EJR+ and cBJR among the exact audits: one sweep each, at any size."""

from __future__ import annotations

from fractions import Fraction

from . import approval, cbjr
from .registry import Finding, exact_audit
from .subject import Subject

ANY = "none: polynomial"


@exact_audit(
    id="jr",
    short="no group that agrees is left with nothing",
    name="JR",
    says="No group that pays for a statement it all approves, mass(S) B >= c(a) n, may approve nothing in the slate.",
    exactness="integers",
    limit=ANY,
    complexity="O(number of approvals)",
    source="Aziz et al. 2017",
)
def jr(subject: Subject, level: float) -> Finding:
    """See `approval.jr`."""
    return _exact(subject, approval.jr(subject, subject.slate, subject.offers, level))


@exact_audit(
    id="ejr-plus",
    short="nobody in a group that agrees on one statement lacks it",
    name="EJR+",
    says="No group may all approve a statement outside the slate and pay for it on top of what each of them already "
    "approves in the slate, mass(S) B >= (c(A_i in W) + c(a)) n for every i in S (with unequal costs: EJR+ up to any "
    "statement).",
    exactness="integers",
    limit=ANY,
    complexity="O(number of approvals + n log n + m x number of distinct satisfactions)",
    implies=("jr",),
    implies_equal=("ejr",),
    source="Brill and Peters 2023; with costs Boehmer, Fish, Procaccia 2025, Appendix F",
)
def ejr_plus(subject: Subject, level: float) -> Finding:
    """See `approval.ejr_plus`."""
    return _exact(subject, approval.ejr_plus(subject, subject.slate, subject.offers, level))


@exact_audit(
    id="cbjr",
    short="no group wants a statement at a level that none of it has",
    name="cBJR",
    says="No group of mass ceil(c(a) n / B) or more may all value a statement outside the slate at some level at which "
    "none of them values the statement that represents them.",
    exactness="integers",
    limit=ANY,
    complexity="O(m n log n)",
    implies=("alpha-jr",),
    source="Boehmer, Fish, Procaccia 2025, Definition 2.1; with unit costs BJR, Fish et al. 2024, Definition 1",
    approvals=False,
)
def costed(subject: Subject) -> Finding:
    """cBJR of the slate with its own assignment; see `cbjr.violations`."""
    worst = cbjr.worst(subject, subject.own, subject.offers)
    if worst is None:
        return Finding(True, Fraction(0))
    return Finding(not worst.violates, Fraction(worst.mass, worst.need), worst)


def _exact(subject: Subject, result: approval.Justified) -> Finding:
    w = result.witness
    if w is None:
        return Finding(result.holds, Fraction(0))
    deserves = (result.satisfaction + int(subject.pool.costs[w.candidate])) * subject.pool.total_mass
    return Finding(result.holds, Fraction(w.mass * subject.budget, deserves), w)
