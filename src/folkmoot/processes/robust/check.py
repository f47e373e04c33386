"""The hard conditions, on everybody and in integers: no coalition has what it needs, and who is left over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...profile import BoolArray, FloatArray, IntArray, needs
from ...queries.coalitions import largest_coalitions, possible
from ..assignment import UNASSIGNED
from ..problem import Problem


@dataclass(frozen=True)
class Verdict:
    """Whether a slate keeps cBJR over the candidates that may be chosen, and whom it leaves over.

    Args:
        known: largest mass / need of a coalition on people's own answers alone.
        means: the same on posterior means; 1 or more is a violation.
        violated: some coalition reaches what it needs on either, decided in integers.
        left: mass without a statement.
    """

    known: float
    means: float
    violated: bool
    left: int


def verdict(
    problem: Problem, candidates: IntArray, chosen: IntArray, place: IntArray, known: BoolArray | None = None
) -> Verdict:
    """Checks a slate with its assignment.

    On people's own answers nobody complains on a guess: a coalition that could form on them forms on the means too, so
    the means decide.

    Args:
        problem: the pool.
        candidates: int64, pool numbers of what may be chosen.
        chosen: int64 [k] pool numbers of the slate.
        place: int64 [n] place of everybody's statement, -1 without one.
        known: bool [n, m] which utilities of the pool are people's own answers; None: they are asked for.
    """
    pool = problem.pool

    def answered(columns: IntArray) -> BoolArray:
        return pool.known(pool.agents, columns) if known is None else known[:, columns]

    seated = np.flatnonzero(place != UNASSIGNED)
    own = np.full(pool.n_agents, -np.inf)
    said = np.full(pool.n_agents, -np.inf)
    if len(seated):
        utilities = pool.utilities(pool.agents, chosen)[seated, place[seated]]
        own[seated] = utilities
        said[seated] = np.where(answered(chosen)[seated, place[seated]], utilities, np.inf)
    outside = np.setdiff1d(candidates, chosen)
    worst = {"means": 0.0, "known": 0.0}
    violated = False
    for part, block in pool.blocks(pool.agents, outside):
        need = needs(pool.costs[part], pool.total_mass, problem.budget)
        answers = np.where(answered(part), block, -np.inf)
        for name, offers, has in (("means", block, own), ("known", answers, said)):
            ratio, reached = _largest(has, offers, pool.masses, need, worst[name])
            worst[name] = ratio
            violated |= reached
    left = pool.total_mass - int(pool.masses[seated].sum())
    return Verdict(worst["known"], worst["means"], violated, left)


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
