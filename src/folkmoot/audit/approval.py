"""Axioms on approvals: JR and EJR+, with how close the slate comes to failing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..profile import FloatArray, IntArray
from .cbjr import Offers, Witness
from .subject import Subject


@dataclass(frozen=True)
class Justified:
    """Result of an approval axiom.

    Args:
        holds: decided in integers.
        ratio: largest share of what it would deserve that a coalition reaches; below 1 the axiom holds, and it would
            hold even if a coalition of ``ratio`` times the size deserved as much (the slack of the axiom).
        witness: the coalition behind the ratio, None when there is none.
        satisfaction: for EJR+, cost of approved slate statements of the best-served member of the witness.
    """

    holds: bool
    ratio: float
    witness: Witness | None
    satisfaction: int = 0


def ejr_plus(subject: Subject, approved_slate: FloatArray, offers: Offers, level: float) -> Justified:
    """EJR+ up to any statement, for costs; with unit costs EJR+ itself.

    Violated by a statement a outside the slate and a group all of whom approve a, if the group's share of the budget
    pays for a on top of what any member already has: mass(S) B >= (c(A_i in W) + c(a)) n for every i in S
    (Brill and Peters 2023; Boehmer, Fish, Procaccia 2025, Appendix F). For each a only the groups of the
    approvers who have least need be looked at: one sort.

    Args:
        subject: slate and pool.
        approved_slate: float64 [n, k], utilities of the slate's statements (-inf where not to be counted).
        offers: utilities of candidates, in blocks.
        level: an agent approves what it values at least this much.
    """
    costs, budget, total = subject.pool.costs, subject.budget, subject.pool.total_mass
    has = (approved_slate >= level) @ costs[subject.chosen]
    order = np.argsort(has, kind="stable")
    return _sweep(subject, offers, level, order, has, budget, total)


def jr(subject: Subject, approved_slate: FloatArray, offers: Offers, level: float) -> Justified:
    """JR with costs: no ceil(c(a) n / B) people approve a and nothing in the slate (Aziz et al. 2017; cJR).

    Args: as `ejr_plus`.
    """
    nothing = ~(approved_slate >= level).any(axis=1)
    has = np.where(nothing, 0, np.iinfo(np.int64).max)
    order = np.flatnonzero(nothing)
    return _sweep(subject, offers, level, order, has, subject.budget, subject.pool.total_mass)


def _sweep(
    subject: Subject, offers: Offers, level: float, order: IntArray, has: IntArray, budget: int, total: int
) -> Justified:
    best, best_at, holds = (0, 1), (-1, -1), True
    ranked = has[order]
    # Groups end where satisfaction changes: a larger group at the same satisfaction is stronger.
    ends = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True)) if len(order) else np.zeros(0, dtype=np.int64)
    for part, block in offers(subject.outside):
        if not len(ends):
            break
        approve = block[order] >= level
        heaped = np.cumsum(approve * subject.masses[order][:, None], axis=0)[ends]
        deserved = (ranked[ends][:, None] + subject.pool.costs[part][None, :]) * total
        paid = heaped * budget
        if (paid >= deserved).any():
            holds = False
        ratio = paid / deserved
        row, column = np.unravel_index(int(np.argmax(ratio)), ratio.shape)
        if int(paid[row, column]) * best[1] > best[0] * int(deserved[row, column]):
            best = (int(paid[row, column]), int(deserved[row, column]))
            best_at = (int(part[column]), int(ranked[ends][row]))
    if best_at[0] < 0:
        return Justified(holds, 0.0, None)
    candidate, satisfaction = best_at
    (_, block), *_ = offers(np.array([candidate]))
    rows = np.sort(order[(block[order, 0] >= level) & (has[order] <= satisfaction)])
    mass = int(subject.masses[rows].sum())
    need = -(-(satisfaction + int(subject.pool.costs[candidate])) * total // budget)
    evidence = Witness(candidate, level, rows, mass, need, float("nan"))
    return Justified(holds, best[0] / best[1], evidence, satisfaction)
