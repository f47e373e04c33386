"""The hard conditions, on everybody and in integers: no coalition has what it needs, and who is left over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...profile import FloatArray, IntArray, needs
from ...queries.closed_pool import ClosedPool
from ...queries.coalitions import largest_coalitions, possible
from ..assignment import UNASSIGNED
from ..problem import Problem


@dataclass(frozen=True)
class Verdict:
    """Whether a slate keeps cBJR over the candidates that may be chosen.

    Args:
        largest: largest mass / need of a coalition.
        violated: some coalition reaches what it needs, decided in integers.
    """

    largest: float
    violated: bool


def on_means(problem: Problem, candidates: IntArray, chosen: IntArray, place: IntArray) -> Verdict:
    """Checks a slate with its assignment on utilities, predicted where nobody answered.

    Args:
        problem: the pool.
        candidates: int64, pool numbers of what may be chosen.
        chosen: int64 [k] pool numbers of the slate.
        place: int64 [n] place of everybody's statement, -1 without one.
    """
    return _worst(problem, candidates, chosen, _own(problem.pool, chosen, place))


def on_answers(problem: Problem, candidates: IntArray, chosen: IntArray, place: IntArray) -> Verdict:
    """`on_means`, on people's own answers alone: nobody complains on a guess.

    A coalition that could form on them forms on the means too, so that these decide.
    """
    pool = problem.pool
    own = _own(pool, chosen, place)
    seated = np.flatnonzero(place != UNASSIGNED)
    answered = pool.known(pool.agents, chosen)[seated, place[seated]]
    own[seated[~answered]] = np.inf
    return _worst(problem, candidates, chosen, own, answers=True)


def _own(pool: ClosedPool, chosen: IntArray, place: IntArray) -> FloatArray:
    """float64 [n]: the utility that everybody has; -inf without a statement."""
    own, seated = np.full(pool.n_agents, -np.inf), np.flatnonzero(place != UNASSIGNED)
    if len(seated):
        own[seated] = pool.utilities(pool.agents, chosen)[seated, place[seated]]
    return own


def _worst(
    problem: Problem, candidates: IntArray, chosen: IntArray, own: FloatArray, *, answers: bool = False
) -> Verdict:
    """The largest coalition over the candidates outside the slate; with ``answers``, on these alone."""
    pool, outside = problem.pool, np.setdiff1d(candidates, chosen)
    largest, violated = 0.0, False
    for part, block in pool.blocks(pool.agents, outside):
        need = needs(pool.costs[part], pool.total_mass, problem.budget)
        offers = np.where(pool.known(pool.agents, part), block, -np.inf) if answers else block
        largest, reached = _largest(own, offers, pool.masses, need, largest)
        violated |= reached
    return Verdict(largest, violated)


def _largest(own: FloatArray, offers: FloatArray, masses: IntArray, need: IntArray, bar: float) -> tuple[float, bool]:
    """Largest mass / need above ``bar``, and whether one reaches 1; only where enough people are interested at all."""
    ceiling = possible(own, offers, masses)
    ratio, reached = bar, False
    for at in np.argsort(-(ceiling / need), kind="stable"):
        if ceiling[at] / need[at] <= ratio:
            break
        mass, _ = largest_coalitions(own, offers[:, at : at + 1], masses)
        ratio = max(ratio, float(mass[0] / need[at]))
        reached |= bool(mass[0] >= need[at])
    return ratio, reached
