"""Local search: exchanges while they help, then ruin and recreate; and random perturbations to begin again."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from .evaluator import STEP, Evaluated, Evaluator
from .exchange import exchanged, missed, promising
from .instance import DIGITS
from .starts import filled, without

# Neighbours that are evaluated before a slate counts as a local best, and slates of ruin and recreate.
NEIGHBOURS, RUINS = 24, 16


def climb(evaluator: Evaluator, start: Evaluated, most: int) -> Evaluated:
    """The first improvement among promising exchanges, until there is none or ``most`` slates were evaluated."""
    best, end = start, evaluator.done + most
    while evaluator.done < end:
        key = tuple(best.chosen.tolist())
        if key in evaluator.climbed:
            return best
        evaluator.climbed.add(key)
        better = _improved(evaluator, best, end) or _rebuilt(evaluator, best, end)
        if better is None:
            return best
        best = better
    return best


def _improved(evaluator: Evaluator, best: Evaluated, end: int) -> Evaluated | None:
    for out, into in promising(evaluator, best, NEIGHBOURS):
        if evaluator.done >= end:
            return None
        result = evaluator.evaluate(exchanged(best.chosen, out, into), best.value + STEP, best)
        if result is not None:
            return result
    return None


def _rebuilt(evaluator: Evaluator, best: Evaluated, end: int) -> Evaluated | None:
    """Ruin and recreate: without one or two statements, those that matter least first, refilled in two ways."""
    instance = evaluator.instance
    free = without(instance, best.chosen, np.array(instance.locked, dtype=np.int64))
    score = np.round(instance.mean_chance + 0.3 * missed(best), DIGITS)
    per_word = score / instance.costs
    rank = {int(a): r for r, a in enumerate(free[np.argsort(score[free], kind="stable")])}
    pairs = sorted(
        [*combinations(free.tolist(), 2), *((a, a) for a in free.tolist())],
        key=lambda pair: (rank[pair[0]] + rank[pair[1]], pair),
    )
    tried = 0
    for pair in pairs:
        for by in (score, per_word):
            if tried >= RUINS or evaluator.done >= end:
                return None
            barred = np.array(sorted(set(pair)), dtype=np.int64)
            chosen = filled(instance, without(instance, best.chosen, barred), by, barred)
            if tuple(chosen.tolist()) in evaluator.known:
                continue
            tried += 1
            result = evaluator.evaluate(chosen, best.value + STEP, best)
            if result is not None:
                return result
    return None


def perturbed(evaluator: Evaluator, slate: Evaluated, rng: np.random.Generator) -> Evaluated | None:
    """A slate without two or three of its statements, refilled by chance to agree, by what is missed and at random."""
    instance = evaluator.instance
    free = without(instance, slate.chosen, np.array(instance.locked, dtype=np.int64))
    count = min(len(free), int(rng.integers(2, 4)))
    gone = np.sort(rng.choice(free, count, replace=False)) if count else free
    noise = 0.1 * rng.random(instance.m)
    score = instance.mean_chance + 0.3 * missed(slate) + noise
    return evaluator.evaluate(filled(instance, without(instance, slate.chosen, gone), score, gone), near=slate)
