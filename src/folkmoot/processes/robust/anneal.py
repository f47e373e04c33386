"""Simulated annealing over slates: larger neighbourhoods, with worse slates in between."""

from __future__ import annotations

import numpy as np

from .evaluator import Evaluated, Evaluator
from .exchange import missed
from .starts import filled, without

# Temperatures at the beginning and the end.
HOT, COLD = 0.02, 0.0008


def anneal(evaluator: Evaluator, start: Evaluated, count: int, rng: np.random.Generator) -> Evaluated:
    """The best slate met on a walk of ``count`` evaluations.

    One to three statements leave, and the slate is refilled to the budget: half the time by chance to agree, else by
    how much a statement is missed, else at random. A worse slate is taken with the chance exp(change / temperature).
    """
    instance = evaluator.instance
    best = here = start
    locked = np.array(instance.locked, dtype=np.int64)
    for step in range(count):
        heat = HOT * (COLD / HOT) ** (step / max(1, count - 1))
        free = without(instance, here.chosen, locked)
        if not len(free):
            return best
        out = min(len(free), int(rng.choice([1, 2, 3], p=[0.6, 0.3, 0.1])))
        gone = np.sort(rng.choice(free, out, replace=False))
        kind, noise = rng.random(), rng.random(instance.m)
        if kind < 0.5:
            score = instance.mean_chance + 0.15 * noise
        elif kind < 0.8:
            score = missed(here) + 0.3 * noise
        else:
            score = noise
        bar = here.value + heat * float(np.log(max(rng.random(), 1e-12)))
        result = evaluator.evaluate(filled(instance, without(instance, here.chosen, gone), score, gone), bar, here)
        if result is not None:
            here = result
            best = here if here.value > best.value else best
    return best
