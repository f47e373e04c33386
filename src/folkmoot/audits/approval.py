"""Axioms on approvals: JR and EJR+, with how close the slate comes to failing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray
from ..queries.approvals import approvers
from .cbjr import Offers, Witness
from .subject import Subject

# Utilities are looked at in parts of about this many entries.
CACHED = 200_000


@dataclass(frozen=True)
class Justified:
    """Result of an approval axiom.

    Args:
        holds: whether the axiom holds, decided in integers.
        ratio: the largest share of what it would deserve that a coalition reaches; below 1 the axiom holds, and it
            would hold even if a coalition of ``ratio`` times the size deserved as much (the slack of the axiom).
        witness: the coalition behind the ratio, None when there is none.
        satisfaction: for EJR+, the cost of the slate's statements that the best-served member of the witness approves.
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
        subject: the slate with its pool.
        approved_slate: float64 [n, k], utilities of the slate's statements (-inf where not to be counted).
        offers: gives the utilities of candidates, in blocks.
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
    # Agents with the same satisfaction are one kind; agents that are not in ``order`` belong to no group.
    ranked = np.unique(has[order])
    kind = np.full(len(has), len(ranked), dtype=np.int64)
    kind[order] = np.searchsorted(ranked, has[order])
    for part in _parts(subject.outside, len(has), len(ranked)):
        if not len(ranked):
            break
        for candidates, block in offers(part):
            heaped = _heaped(block >= level, kind, len(ranked), None if subject.pool.unit_mass else subject.masses)
            deserved = (subject.pool.costs[candidates][:, None] + ranked) * total
            paid = heaped * budget
            if (paid >= deserved).any():
                holds = False
            ratio = paid / deserved
            # The smallest satisfaction, then the first candidate, of those with the largest ratio.
            row, column = np.unravel_index(int(np.argmax(ratio.T)), ratio.T.shape)
            if int(paid[column, row]) * best[1] > best[0] * int(deserved[column, row]):
                best = (int(paid[column, row]), int(deserved[column, row]))
                best_at = (int(candidates[column]), int(ranked[row]))
    if best_at[0] < 0:
        return Justified(holds, 0.0, None)
    candidate, satisfaction = best_at
    (_, block), *_ = offers(np.array([candidate]))
    rows = np.sort(order[(block[order, 0] >= level) & (has[order] <= satisfaction)])
    mass = int(subject.masses[rows].sum())
    need = -(-(satisfaction + int(subject.pool.costs[candidate])) * total // budget)
    evidence = Witness(candidate, level, mass, need, rows, float("nan"))
    return Justified(holds, best[0] / best[1], evidence, satisfaction)


def _parts(candidates: IntArray, n: int, kinds: int) -> Iterator[IntArray]:
    """Candidates in parts whose utilities and counts stay in the processor's cache."""
    width = max(1, CACHED // max(1, n, kinds))
    for start in range(0, len(candidates), width):
        yield candidates[start : start + width]


def _heaped(approve: BoolArray, kind: IntArray, kinds: int, masses: IntArray | None) -> IntArray:
    """int64 [m, kinds]: mass of the approvers of every column whose kind is at most this one."""
    rows, counts = approvers(approve)
    cell = np.repeat(np.arange(approve.shape[1]) * (kinds + 1), counts) + kind.take(rows)
    weights = None if masses is None else masses.take(rows)
    masses_by_kind = np.bincount(cell, weights, approve.shape[1] * (kinds + 1)).reshape(-1, kinds + 1)[:, :kinds]
    return np.cumsum(np.rint(masses_by_kind).astype(np.int64), axis=1)
