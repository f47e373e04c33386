"""The decisions of PROSE: which statement a pass nominates, and whom an accepted statement represents.

Pure functions of scores, for a live run and for the replay of a recorded one. Source: Boehmer, Fish, Procaccia 2025
(The Next Generation), Algorithm 1 and Appendix D, and the published runs: they follow the ``published`` selection.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from ...profile import BoolArray, FloatArray, InputError, IntArray, needs

Selection = Literal["published", "paper"]
SELECTIONS: tuple[Selection, ...] = get_args(Selection)


def next_smaller(steps: Sequence[int], step: int) -> int:
    """The largest cost step below ``step``, 0 below the smallest.

    >>> next_smaller([80, 40, 10], 40), next_smaller([80, 40, 10], 10)
    (10, 0)
    """
    return max((other for other in steps if other < step), default=0)


def may_run(step: int, left: int, unsatisfied: int, n: int, budget: int, *, long_enough: bool = True) -> bool:
    """Whether a pass at this cost step takes place.

    Args:
        step: the cost step b of the pass, in words.
        left: the part of the budget that is left.
        unsatisfied: the mass of the agents not yet represented.
        n: the mass of all agents.
        budget: the budget of the slate.
        long_enough: whether the step reaches the smallest length of a statement, or the level is the last one.
    """
    return long_enough and unsatisfied > 0 and left >= step and unsatisfied >= step * n // budget


def coverage(scores: FloatArray, level: float, masses: IntArray | None = None) -> IntArray:
    """int64 [m]: mass of those who approve each statement at the level; nan, not asked, does not.

    Args:
        scores: float64 [s, m] the utilities, one row for every unsatisfied agent.
        level: the approval level.
        masses: int64 [s] the agents' masses; None: 1 each.
    """
    approve = scores >= level
    return np.asarray(np.count_nonzero(approve, axis=0) if masses is None else masses @ approve, dtype=np.int64)


def eligible(costs: IntArray, step: int, smaller: int, selection: Selection = "published") -> BoolArray:
    """bool [m]: statements a pass may accept, by their length alone.

    ``published``: longer than the next smaller step, however long (shorter ones wait for their own step); ``paper``:
    at most as long as this step.

    Raises:
        InputError: there is no such selection.
    """
    if selection not in SELECTIONS:
        raise InputError(f"unknown selection {selection!r}; choose one of {', '.join(SELECTIONS)}")
    return np.asarray(costs > smaller if selection == "published" else costs <= step)


def nominate(
    scores: FloatArray,
    costs: IntArray,
    level: float,
    step: int,
    smaller: int,
    n: int,
    budget: int,
    *,
    selection: Selection = "published",
    free: BoolArray | None = None,
    masses: IntArray | None = None,
) -> int | None:
    """The statement that a pass accepts; None: it accepts none.

    ``published``: of the eligible statements that as many approve as they have to represent, the one that most
    approve. ``paper``: of the eligible statements the one that most approve, if they are as many as it has to
    represent. Ties: pool order.

    Args:
        scores: float64 [s, m] the unsatisfied agents' utilities, a column for each statement in pool order; nan: not
            asked.
        costs: int64 [m] the lengths in words.
        level: the approval level.
        step: the cost step b of the pass, in words.
        smaller: the next smaller step.
        n: the mass of all agents, represented or not.
        budget: the budget of the slate.
        selection: the rule of selection, ``published`` or ``paper``.
        free: bool [m] False for statements that are in the slate already (default: all are free).
        masses: int64 [s] the unsatisfied agents' masses; None: 1 each.
    """
    may = eligible(costs, step, smaller, selection)
    if free is not None:
        may = may & free
    covered, need = coverage(scores, level, masses), needs(costs, n, budget)
    if selection == "published":
        may = may & (need <= covered)
    if not may.any():
        return None
    best = int(np.argmax(np.where(may, covered, -1)))
    return best if need[best] <= covered[best] else None


def most_approved(
    scores: FloatArray, level: float, free: BoolArray | None = None, masses: IntArray | None = None
) -> int:
    """The statement that most approve whatever its length, first in pool order: what a refusing pass logs.

    The arguments are those of `nominate`; the pool is not empty.
    """
    covered = coverage(scores, level, masses)
    return int(np.argmax(covered if free is None else np.where(free, covered, -1)))


def cover(scores: FloatArray, need: int, masses: IntArray | None = None) -> IntArray:
    """int64: rows of the highest scorers, of equal ones the first; with masses the last may overshoot the need.

    Args:
        scores: float64 [s] the utilities of the accepted statement; nan, not asked, comes last.
        need: the mass that it represents.
        masses: int64 [s] the agents' masses; None: 1 each.
    """
    order = np.argsort(-np.nan_to_num(scores, nan=-np.inf), kind="stable").astype(np.int64)
    if masses is None:
        return order[:need]
    return order[: int(np.searchsorted(np.cumsum(masses[order]), need)) + 1] if need > 0 else order[:0]
