"""JR for general utilities: how large a share of what it would need a group reaches that the slate leaves out."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ..queries.coalitions import largest_coalitions, possible
from .cbjr import Complaint, witness
from .registry import Finding, exact_audit
from .subject import Subject


@exact_audit(
    id="alpha-jr",
    short="no group wants a statement at a level that nothing in the slate has for any of it",
    name="JR for utilities",
    says="No group of mass c(a) n / B or more may all value a statement outside the slate at some level at which none "
    "of them values any statement of the slate; alpha is the largest share of that mass that a group reaches.",
    exactness="integers",
    limit="none: polynomial",
    complexity="O(m n log n)",
    implies=("jr",),
    source="De, Gelauff, Goel, Milli, Procaccia, Siu 2025 (Question the Questions), alpha-JR; without alpha cJR of "
    "Boehmer, Fish, Procaccia 2025, Definition 2.1",
    approvals=False,
)
def alpha_jr(subject: Subject) -> Finding:
    """Justified representation at every threshold at once; the ratio is alpha.

    A slate satisfies alpha-JR for every alpha above the ratio: no group of alpha c(a) n / B agents is left out. The
    need is not rounded up, so that alpha compares slates of different sizes and populations. One sweep a statement
    (see `queries.coalitions`).

    Args:
        subject: the slate with its pool; the assignment does not matter.

    Returns:
        A finding with alpha as ratio, and the largest group (a `cbjr.Witness`) as witness where there is one.
    """
    best: tuple[Fraction, Complaint] | None = None
    total, costs = subject.pool.total_mass, subject.pool.costs
    for part, block in subject.offers(subject.outside):
        ceilings = possible(subject.best, block, subject.masses)
        for at in np.argsort(-ceilings / costs[part], kind="stable"):
            candidate = int(part[at])
            if (
                best is not None
                and Fraction(int(ceilings[at]) * subject.budget, int(costs[candidate]) * total) < best[0]
            ):
                break
            mass, theta = largest_coalitions(subject.best, block[:, at : at + 1], subject.masses)
            alpha = Fraction(int(mass[0]) * subject.budget, int(costs[candidate]) * total)
            if not mass[0]:
                continue
            if best is None or alpha > best[0] or (alpha == best[0] and candidate < best[1].candidate):
                best = alpha, Complaint(candidate, float(theta[0]), int(mass[0]), int(subject.needs[candidate]))
    if best is None:
        return Finding(True, Fraction(0))
    alpha, complaint = best
    return Finding(alpha < 1, alpha, witness(subject, subject.best, subject.offers, complaint))
