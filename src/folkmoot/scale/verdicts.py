"""From counts over everybody to what an audit says: the largest coalitions, the frontier, approval axioms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..audits.approval import CACHED
from ..audits.cbjr import Complaint
from ..profile import IntArray
from .counts import Covered


@dataclass(frozen=True)
class Swept:
    """What `audits.cbjr.sweep` finds, from counts.

    Args:
        worst: the coalition nearest to (or furthest into) a violation; its threshold is a level. None: nobody prefers
            anything.
        violations: every statement's coalition that has what it needs, worst first.
    """

    worst: Complaint | None
    violations: tuple[Complaint, ...]

    @property
    def d(self) -> float:
        """The largest mass / need of a coalition."""
        return self.worst.ratio if self.worst else 0.0


def swept(covered: Covered, candidates: IntArray, needs: IntArray) -> Swept:
    """The largest coalition of every statement, and the worst of them.

    Args:
        covered: the counts; its ends are needed.
        candidates: int64 [m] their pool numbers.
        needs: int64 [m] the mass that each needs.
    """
    masses, levels = largest(covered)
    worst: Complaint | None = None
    violations = []
    for row in np.flatnonzero(masses).tolist():
        one = Complaint(int(candidates[row]), float(levels[row]), int(masses[row]), int(needs[row]))
        if one.violates:
            violations.append(one)
        if one.exceeds(worst):
            worst = one
    return Swept(worst, tuple(sorted(violations, key=lambda c: (-c.ratio, c.candidate))))


def largest(covered: Covered) -> tuple[IntArray, IntArray]:
    """For every statement the largest coalition and the lowest level at which it is found, both int64 [m]."""
    over = np.cumsum(covered.change, axis=1)
    masses = over.max(axis=1, initial=0)
    # As in memory, where only ends of intervals are looked at: the largest number is over one of them.
    reached = (over == masses[:, None]) & (covered.ends > 0)
    return masses, reached.argmax(axis=1).astype(np.int64)


def share(covered: Covered, needs: IntArray) -> float:
    """The largest mass / need over all statements (`d(b)` of one slack)."""
    if not len(needs):
        return 0.0
    masses = np.cumsum(covered.change, axis=1).max(axis=1, initial=0)
    return float((masses / needs).max())


@dataclass(frozen=True)
class Approval:
    """What `audits.approval` finds, from counts.

    Args:
        holds: whether the axiom holds, decided in integers.
        ratio: the largest share of what it would deserve that a group reaches.
        candidate: the pool number of the statement that it wants, -1 without a group.
        spent: what it costs at most that its members approve in the slate.
        need: the mass that would have deserved it.
    """

    holds: bool
    ratio: float
    candidate: int = -1
    spent: int = 0
    need: int = 0


def approval(kinds: Mapping[int, IntArray], candidates: IntArray, costs: IntArray, budget: int, total: int) -> Approval:
    """EJR+ up to any statement (or JR, where the only kind is 0), as `audits.approval` decides it.

    Args:
        kinds: by what somebody approves in the slate costs altogether, int64 [m] approvers of each statement.
        candidates: int64 [m] their pool numbers.
        costs: int64 [m] what they cost.
        budget: of the slate.
        total: the mass of everybody.
    """
    if not kinds or not len(candidates):
        return Approval(True, 0.0)
    ranked = np.array(sorted(kinds), dtype=np.int64)
    heaped = np.cumsum(np.stack([kinds[int(value)] for value in ranked], axis=1), axis=1)
    deserved = (costs[:, None] + ranked) * total
    paid = heaped * budget
    best, best_at = (0, 1), (-1, -1)
    # In the same parts as in memory, so that equal ratios are told apart in the same way.
    width = max(1, CACHED // max(1, total, len(ranked)))
    for start in range(0, len(candidates), width):
        ratio = paid[start : start + width] / deserved[start : start + width]
        at, row = np.unravel_index(int(np.argmax(ratio.T)), ratio.T.shape)
        row += start
        if int(paid[row, at]) * best[1] > best[0] * int(deserved[row, at]):
            best, best_at = (int(paid[row, at]), int(deserved[row, at])), (int(row), int(at))
    holds = not bool((paid >= deserved).any())
    if best_at[0] < 0:
        return Approval(holds, 0.0)
    spent = int(ranked[best_at[1]])
    need = -(-(spent + int(costs[best_at[0]])) * total // budget)
    return Approval(holds, best[0] / best[1], int(candidates[best_at[0]]), spent, need)
