"""Climbing: exchanges while they help, then ruin and recreate, then kicks."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from .exchange import Estimates, estimates, exchanged, missed
from .look import STEP, Looking, Slate
from .objective import DIGITS
from .starts import filled

# Neighbours that are looked at before a slate counts as a local best, and slates of ruin and recreate.
NEIGHBOURS, RUINS = 24, 16


def climb(looking: Looking, start: Slate, most: int) -> Slate:
    """The first improvement among the most promising exchanges, until there is none or ``most`` slates were seen."""
    best, end = start, looking.done + most
    while looking.done < end:
        key = tuple(best.chosen.tolist())
        if key in looking.climbed:
            return best
        looking.climbed.add(key)
        promising = estimates(looking, best)
        better = _improved(looking, best, promising, end) or _rebuilt(looking, best, end)
        if better is None:
            return best
        best = better
    return best


def _improved(looking: Looking, best: Slate, promising: Estimates, end: int) -> Slate | None:
    for out, into in promising.moves[:NEIGHBOURS]:
        if looking.done >= end:
            return None
        found = looking.at(exchanged(best.chosen, out, into), best.value + STEP, best)
        if found is not None:
            return found
    return None


def _rebuilt(looking: Looking, best: Slate, end: int) -> Slate | None:
    """One or two statements out, those that matter least first, and refilled in two ways."""
    scene = looking.scene
    free = np.setdiff1d(best.chosen, np.array(scene.locked, dtype=np.int64))
    score = np.round(scene.mean_chance + 0.3 * missed(best), DIGITS)
    per_word = score / scene.costs
    rank = {int(a): r for r, a in enumerate(free[np.argsort(score[free], kind="stable")])}
    pairs = sorted(
        [*combinations(free.tolist(), 2), *((a, a) for a in free.tolist())],
        key=lambda pair: (rank[pair[0]] + rank[pair[1]], pair),
    )
    tried = 0
    for pair in pairs:
        for by in (score, per_word):
            if tried >= RUINS or looking.done >= end:
                return None
            barred = np.array(sorted(set(pair)), dtype=np.int64)
            chosen = filled(scene, np.setdiff1d(best.chosen, barred), by, barred)
            if tuple(chosen.tolist()) in looking.known:
                continue
            tried += 1
            found = looking.at(chosen, best.value + STEP, best)
            if found is not None:
                return found
    return None


def kicked(looking: Looking, slate: Slate, rng: np.random.Generator) -> Slate | None:
    """Two or three statements out at random, refilled by chance to agree, by what is missed, and by luck."""
    scene = looking.scene
    free = np.setdiff1d(slate.chosen, np.array(scene.locked, dtype=np.int64))
    count = min(len(free), int(rng.integers(2, 4)))
    gone = np.sort(rng.choice(free, count, replace=False)) if count else free
    noise = 0.1 * rng.random(scene.m)
    score = scene.mean_chance + 0.3 * missed(slate) + noise
    return looking.at(filled(scene, np.setdiff1d(slate.chosen, gone), score, gone), near=slate)
