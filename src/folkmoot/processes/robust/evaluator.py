"""The evaluation of slates: a quick assignment and the objective on it, as far as a slate may still be better."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...profile import FloatArray, IntArray
from ...queries.bits import Words
from .instance import DIGITS, SearchInstance
from .objective import Terms, Unseated, complaints, without_complaints
from .seats import AGAIN, PASSES, seat
from .weights import FREE, Bounds, Weights

# Candidates whose complaints are counted first, and after how many slates they are chosen anew.
FIRST, AGAIN_AFTER = 64, 40
# An improvement has to be at least this large.
STEP = 1e-6


@dataclass(frozen=True, eq=False)
class Evaluated:
    """A slate with its quick assignment and its objective.

    Args:
        chosen: int64 [k], ascending.
        place: int64 [n] place of everybody's statement, -1 without one.
        price: float64 [k] of the seats.
        terms: the objective without complaints.
        content: who has how much with the assigned statement, in every draw.
        ratios: float64 [s, m] largest complaints.
        value: the objective.
    """

    chosen: IntArray
    place: IntArray
    price: FloatArray
    terms: Terms
    content: Words
    ratios: FloatArray
    value: float


class Evaluator:
    """Evaluates slates, each at most once, and remembers the best.

    Most slates are turned down early, by upper bounds: what they are worth if everybody had what they like best, then
    the objective without complaints, then that with the complaints about a few candidates (those that were complained
    about most).

    Args:
        instance: people and candidates.
        weights: of the objective.
    """

    def __init__(self, instance: SearchInstance, weights: Weights, bounds: Bounds = FREE) -> None:
        self.instance, self.weights, self.bounds = instance, weights, bounds
        self.done = 0
        self.known: dict[tuple[int, ...], float] = {}
        self.kept: dict[tuple[int, ...], float] = {}
        self.climbed: set[tuple[int, ...]] = set()
        # Slates that were turned down before anybody was seated, with the prices that seats would have begun with.
        self._unseated: dict[tuple[int, ...], dict[int, float] | None] = {}
        self._masses = None if instance.unit else instance.masses
        self._heat = np.zeros(instance.m)
        self._first: IntArray | None = None
        self._among: Words | None = None

    def evaluate(self, chosen: IntArray, bar: float = -np.inf, near: Evaluated | None = None) -> Evaluated | None:
        """Evaluates a slate; None where it is not above ``bar``, or not affordable.

        Args:
            chosen: int64 candidates, in any order.
            bar: what it has to exceed.
            near: a slate that shares most statements, for prices to begin with.
        """
        instance = self.instance
        chosen = np.sort(chosen)
        key = tuple(chosen.tolist())
        if not key or int(instance.costs[chosen].sum()) > instance.budget or self.known.get(key, np.inf) <= bar:
            return None
        prices = None if near is None else dict(zip(near.chosen.tolist(), near.price.tolist(), strict=True))
        unseated = Unseated.of(instance, self.weights, chosen, self.bounds)
        if key in self._unseated:
            # Turned down by the first bound: by the second as well, or it counts anew.
            place, _ = self.seated(chosen, self._unseated.pop(key))
            self.known[key] = without_complaints(instance, self.weights, chosen, place, self.bounds, unseated).value
            if self.known[key] <= bar:
                return None
        self.done += 1
        bound = unseated.most(instance, self.weights)
        if bound <= bar:
            self.known[key], self._unseated[key] = bound, prices
            return None
        place, price = self.seated(chosen, prices)
        terms = without_complaints(instance, self.weights, chosen, place, self.bounds, unseated)
        bound = terms.value
        if bound <= bar:
            self.known[key] = bound
            return None
        content = instance.samples.content(chosen, place)
        if self._first is not None and np.isfinite(bar):
            part = instance.samples.ratios(content, chosen, self._among, self._first)
            bound = round(terms.value - complaints(self.weights, part, self.bounds), DIGITS)
            if bound <= bar:
                self.known[key] = bound
                return None
        ratios = instance.samples.ratios(content, chosen)
        value = round(terms.value - complaints(self.weights, ratios, self.bounds), DIGITS)
        self.known[key] = value
        self._learn(ratios)
        if value <= bar:
            return None
        self.kept[key] = value
        return Evaluated(chosen, place, price, terms, content, ratios, value)

    def seated(self, chosen: IntArray, before: dict[int, float] | None) -> tuple[IntArray, FloatArray]:
        """The quick assignment of a slate and its prices, which begin with those ``before`` of a slate near it."""
        instance = self.instance
        price, order, passes = np.zeros(len(chosen)), np.arange(len(chosen)), PASSES
        if before is not None:
            price = np.array([before.get(int(a), 0.0) for a in chosen])
            order = np.argsort([int(a) in before for a in chosen], kind="stable")
            passes = AGAIN
        return seat(
            instance.wish[chosen], instance.lower[chosen], instance.upper[chosen], self._masses, price, order, passes
        )

    def best(self, count: int) -> list[IntArray]:
        """The best slates so far, best first; ties: by their candidates in pool order."""
        ranked = sorted(self.kept, key=lambda key: (-self.kept[key], key))
        return [np.array(key, dtype=np.int64) for key in ranked[:count]]

    def _learn(self, ratios: FloatArray) -> None:
        """Which candidates are complained about: the largest share of each draw, and whatever comes near it."""
        if not ratios.size or self.instance.m <= 2 * FIRST:
            return
        self._heat *= 0.98
        self._heat += (ratios >= np.maximum(ratios.max(axis=1, keepdims=True) - 0.1, 0.5)).mean(axis=0)
        if self._first is None or self.done % AGAIN_AFTER == 0:
            self._first = np.sort(np.argsort(-np.round(self._heat, DIGITS), kind="stable")[:FIRST])
            self._among = np.ascontiguousarray(self.instance.samples.reach[..., self._first])
