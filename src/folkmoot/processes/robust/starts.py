"""Where a search begins: slates of well-known rules, and slates filled up to the budget."""

from __future__ import annotations

import numpy as np

from ...profile import FloatArray, IntArray
from ..democratic.democratic import democratic_fast
from ..problem import Problem
from .instance import DIGITS, SearchInstance

# Share of a chance to agree that counts towards expected coverage, so that nobody is ever covered for sure.
COUNTED = 0.98


def without(instance: SearchInstance, chosen: IntArray, gone: IntArray) -> IntArray:
    """What is left of a slate, in its order, when some of its statements leave (others may be among them)."""
    stays = np.ones(instance.m, dtype=bool)
    stays[gone] = False
    return chosen[stays[chosen]]


def filled(instance: SearchInstance, chosen: IntArray, score: FloatArray, barred: IntArray | None = None) -> IntArray:
    """A slate filled up to the budget by score; ties: pool order. The last step spends what is left, if it can.

    Args:
        instance: the candidates.
        chosen: int64, what is in already.
        score: float64 [m].
        barred: int64, what must not come in.
    """
    slate = chosen.tolist()
    left = instance.budget - int(instance.costs[chosen].sum())
    out = np.zeros(instance.m, dtype=bool)
    out[slate] = True
    if barred is not None:
        out[barred] = True
    added = []
    for a in np.argsort(-np.round(score, DIGITS), kind="stable").tolist():
        if not out[a] and instance.costs[a] <= left:
            slate.append(a)
            added.append(a)
            out[a] = True
            left -= int(instance.costs[a])
    if left and added:
        # One of the new statements makes room for one that spends everything.
        best: tuple[float, int, int] | None = None
        for b in added:
            exact = np.flatnonzero(~out & (instance.costs == instance.costs[b] + left))
            if len(exact):
                a = int(exact[np.argmax(np.round(score[exact], DIGITS))])
                loss = (round(float(score[b] - score[a]), DIGITS), b, a)
                best = loss if best is None or loss < best else best
        if best is not None:
            slate[slate.index(best[1])] = best[2]
    return np.sort(np.array(slate, dtype=np.int64))


def starts(instance: SearchInstance, problem: Problem) -> dict[str, IntArray]:
    """Slates to begin with, by name; locked-in candidates are in all of them."""
    locked = np.array(instance.locked, dtype=np.int64)
    result = {"popular": filled(instance, locked, np.einsum("mn,n->m", instance.worth, instance.share))}
    by_group = np.einsum("mn,gn->gm", instance.chances, instance.group_share)
    result["consensus"] = filled(instance, locked, np.prod(by_group, axis=0))
    result["coverage"] = _greedy(instance, locked, coverage=True)
    result["proportional"] = _greedy(instance, locked, coverage=False)
    quick = instance.quick
    if quick is None:
        quick = democratic_fast(problem, np.random.default_rng(0)).candidates
    place = {int(a): at for at, a in enumerate(instance.candidates)}
    chosen = np.array([place[int(a)] for a in quick], dtype=np.int64)
    result["democratic-fast"] = filled(instance, chosen, np.einsum("mn,n->m", instance.worth, instance.share))
    return result


def _greedy(instance: SearchInstance, chosen: IntArray, coverage: bool) -> IntArray:
    """Expected coverage, or sequential proportional approval voting on chances to agree, statement by statement."""
    slate = chosen.tolist()
    open_ = np.ones(instance.m, dtype=bool)
    open_[slate] = False
    had = instance.chances[chosen].sum(axis=0) if slate else np.zeros(instance.n)
    missed = np.prod(1.0 - COUNTED * instance.chances[chosen], axis=0) if slate else np.ones(instance.n)
    left = instance.budget - int(instance.costs[chosen].sum())
    while True:
        open_ &= instance.costs <= left
        fits = np.flatnonzero(open_)
        if not len(fits):
            return np.sort(np.array(slate, dtype=np.int64))
        weight = instance.share * (missed if coverage else 1.0 / (1.0 + had))
        gain = np.round(np.einsum("mn,n->m", instance.chances[fits], weight), DIGITS)
        best = int(fits[np.argmax(gain)])
        slate.append(best)
        open_[best] = False
        left -= int(instance.costs[best])
        had = had + instance.chances[best]
        missed = missed * (1.0 - COUNTED * instance.chances[best])
