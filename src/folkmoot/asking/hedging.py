"""Outputs that hedge: the best guesses for one person under inequality aversion.

Without inequality aversion every statement is guessed by itself. With it the credit a person earns over all statements
counts through a concave function, so that an output that is right for one class of people and wrong for another is
worth less than one that mixes (Park, Donahue, Raghavan 2026, Lemma 10 and Theorem 11). What outputs are worth is exact
(`credit`); they are found by changing guesses, those that help most first, which finds the optimum where statements
are alike within classes. Elsewhere `Outlook.least` bounds what may be missed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import log

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray
from .credit import Law

# Outputs on the way from one to a better one that are judged at once, and that are kept; with many statements fewer.
_LOOKS, _KEPT, _KEPT_OF_MANY = 32, 24, 12
# Rounds of improvement, and the number of guesses up to which pairs of changes are tried, too.
_ROUNDS, _PAIRS = 16, 160
# Posteriors for which outputs are sought, in each of two rounds (with many statements half of them, once), and the most
# outputs that are kept.
_SOUGHT, _MOST = 8, 300
# With many statements: what an improvement has to be worth, as a share of what is lacking, for the search to go on.
_ENOUGH = 1e-6
# Classes for whose best guesses alone a search begins.
_ALONE = 8


@dataclass(frozen=True)
class _Aside:
    """Statements (their places) that will have been answered, at a cost each."""

    places: tuple[int, ...]
    cost: float


class Outlook:
    """What one person can be offered: outputs, and what each is worth in every class.

    Args:
        law: what guesses are worth.
        open_: bool [m], the statements that are guessed.
        base: what is certain: the statements answered less what the questions cost.
    """

    def __init__(self, law: Law, open_: BoolArray, base: float) -> None:
        self.law, self.base = law, base
        self.columns = np.flatnonzero(open_)
        self.place = {int(column): at for at, column in enumerate(self.columns)}
        p = law.population
        self.shape = (len(p.weight), len(law.nodes))
        # [o, C, K T]
        self._logs = law.logs[self.columns].reshape(len(self.columns), p.n_answers, self.shape[0] * self.shape[1])
        self._factors = np.exp(self._logs)
        # Which changes help most is told well enough by half the digits, in half the time.
        self._short = self._factors.astype(np.float32)
        self._earned = p.earned[:, self.columns]
        self._start = -np.tile(law.nodes, self.shape[0]) * (base + law.shift) / law.top
        self._known: dict[bytes, int] = {}
        # Outputs so far, in the first rows of tables that grow.
        self._n = 0
        self._guesses = np.zeros((64, len(self.columns)), dtype=np.int16)
        self._sums = np.zeros((64, self._logs.shape[2]))
        self._masses = np.zeros((64, self._logs.shape[2]))
        # Of the improvement under way: what is answered by then, and what that changes.
        self._fixed, self._offset = np.zeros(0, dtype=np.int64), np.zeros(self._logs.shape[2])

    # --- outputs

    def seek(self, joint: FloatArray, asked: Iterable[int] = (), cost: float = 0.0) -> None:
        """Looks for outputs that are good for posteriors, float64 [b, K] up to a factor each.

        Posteriors for which the same output is best so far are taken together, the weightiest first.

        Args:
            joint: the posteriors.
            asked: statements that are answered by then, see `after`. Outputs that are good for what is open now are
                looked for otherwise: they do for some statements out of many.
            cost: the cost of a question.
        """
        aside = _Aside(tuple(self.place[int(column)] for column in asked), cost)
        if not self._n:
            self._begin(joint[joint.sum(axis=1).argmax()])
        for _ in range(2 if self.small else 1):
            table = joint @ self.lacking(asked, cost).T
            best, mass = table.argmin(axis=1), np.zeros(self._n)
            np.add.at(mass, best, table.min(axis=1))
            for at in np.argsort(-mass, kind="stable")[: _SOUGHT if self.small else _SOUGHT // 2]:
                if mass[at] > 0 and self._n < _MOST:
                    self._improve(joint[best == at].sum(axis=0), self._guesses[at].astype(np.int64), aside)

    def _begin(self, belief: FloatArray) -> None:
        """From the best guesses for the belief, and for each of the likeliest classes alone."""
        belief = belief / belief.sum()
        likely = np.argsort(-belief, kind="stable")[:_ALONE]
        for tilt in (belief, *np.eye(self.shape[0])[likely]):
            expected = np.tensordot(tilt, self._earned, axes=1)
            self._improve(belief, expected.argmax(axis=1).astype(np.int64))

    def _improve(self, belief: FloatArray, guess: IntArray, aside: _Aside | None = None) -> None:
        """Changes guesses while that is better; outputs on the way are kept."""
        sums = self._sum(guess)
        self._keep(guess, sums)
        self._offset = self._apart(guess, aside)
        self._fixed = np.array(aside.places if aside else (), dtype=np.int64)
        weight = np.repeat(belief / belief.sum(), self.shape[1])
        worth = self._judged(weight, sums[None])[0]
        for _ in range(_ROUNDS):
            if not len(guess):
                return
            found = self._along(weight, guess, sums, worth)
            if found is None and self.small:
                found = self._pair(weight, guess, sums, worth)
            if found is None:
                return
            guess, sums, worth = found
            self._keep(guess, sums)

    def _along(
        self, weight: FloatArray, guess: IntArray, sums: FloatArray, worth: float
    ) -> tuple[IntArray, FloatArray, float] | None:
        """The best of the outputs that change the first so many guesses, those that help most alone first."""
        rows = np.arange(len(guess))
        pull = weight * self.law.slopes((sums + self._offset).reshape(self.shape)).reshape(-1)
        # what the sum over nodes becomes with every other guess
        pulled = (pull / max(float(pull.max()), 1e-300)).astype(np.float32) / self._short[rows, guess]
        changed = (self._short @ pulled[:, :, None])[:, :, 0]
        gain = changed[rows, guess] - changed.min(axis=1)
        gain[self._fixed] = 0.0
        better = changed.argmin(axis=1)
        order = np.argsort(-gain, kind="stable")
        order = order[gain[order] > 0]
        if not len(order):
            return None
        steps = self._logs[order, better[order]] - self._logs[order, guess[order]]
        looks = np.linspace(0, len(order) - 1, min(_LOOKS, len(order))).astype(np.int64)
        path = sums + np.cumsum(np.add.reduceat(steps, np.append(0, looks[:-1] + 1), axis=0), axis=0)
        best = int(self._judged(weight, path).argmin())
        low, high = int(looks[max(0, best - 1)]), int(looks[min(len(looks) - 1, best + 1)])
        near = path[max(0, best - 1)] + np.cumsum(steps[low + 1 : high + 1], axis=0)
        near = np.concatenate([path[[max(0, best - 1)]], near])
        values = self._judged(weight, near)
        at, found = int(values.argmin()), float(values.min())
        kept = _KEPT if self.small else _KEPT_OF_MANY
        for place in range(len(looks)) if len(order) <= kept else range(0, len(looks), max(1, _LOOKS // kept + 1)):
            stop = looks[place]
            other = guess.copy()
            other[order[: stop + 1]] = better[order[: stop + 1]]
            self._keep(other, path[place])
        if found >= worth - (1e-12 if self.small else _ENOUGH) * abs(worth):
            return None
        guess = guess.copy()
        guess[order[: low + at + 1]] = better[order[: low + at + 1]]
        return guess, near[at], found

    def _pair(
        self, weight: FloatArray, guess: IntArray, sums: FloatArray, worth: float
    ) -> tuple[IntArray, FloatArray, float] | None:
        """The best change of two guesses at once; None: none helps."""
        rows, size = np.arange(len(guess)), self._factors.shape[1]
        ratio = self._factors / self._factors[rows, guess][:, None]
        flat = ratio.reshape(len(guess) * size, -1)
        pull = weight * self.law.slopes((sums + self._offset).reshape(self.shape)).reshape(-1)
        table = (flat * pull) @ flat.T
        each = table.reshape(len(guess), size, len(guess), size)
        each[rows, :, rows] = np.inf
        each[self._fixed] = np.inf
        each[:, :, self._fixed] = np.inf
        first, second = np.unravel_index(int(table.argmin()), table.shape)
        guess = guess.copy()
        guess[first // size], guess[second // size] = first % size, second % size
        sums = self._sum(guess)
        found = float(self._judged(weight, sums[None])[0])
        return (guess, sums, found) if found < worth - 1e-12 * abs(worth) else None

    def _apart(self, guess: IntArray, aside: _Aside | None) -> FloatArray:
        """What the sums of an output change by once statements are answered instead of guessed."""
        if aside is None or not aside.places:
            return np.zeros(self._logs.shape[2])
        places = np.array(aside.places)
        more = len(places) * (1.0 - aside.cost) / self.law.top
        return np.asarray(
            -self._logs[places, guess[places]].sum(axis=0) - np.tile(self.law.nodes, self.shape[0]) * more
        )

    def _sum(self, guess: IntArray) -> FloatArray:
        return np.asarray(self._start + self._logs[np.arange(len(guess)), guess].sum(axis=0))

    def _judged(self, weight: FloatArray, sums: FloatArray) -> FloatArray:
        exponents = (sums + self._offset).reshape(len(sums), *self.shape)
        if not self.law.fine:
            return np.asarray(self.law.lacking(exponents) @ weight[:: self.shape[1]])
        inside = self.law.masses(exponents).reshape(len(sums), -1) @ weight
        shares = weight[:: self.shape[1]]
        return np.asarray(inside - self.law.floor * shares.sum() + self.law.tail(exponents[..., 0]) @ shares)

    def _keep(self, guess: IntArray, sums: FloatArray) -> None:
        short = guess.astype(np.int16)
        key = short.tobytes()
        if key in self._known:
            return
        self._known[key] = self._n
        if self._n == len(self._sums):
            self._guesses = np.concatenate([self._guesses, np.zeros_like(self._guesses)])
            self._sums = np.concatenate([self._sums, np.zeros_like(self._sums)])
            self._masses = np.concatenate([self._masses, np.zeros_like(self._masses)])
        self._guesses[self._n], self._sums[self._n] = short, sums
        self._masses[self._n] = self.law.masses(sums.reshape(self.shape)).reshape(-1)
        self._n += 1

    @property
    def small(self) -> bool:
        """Whether looking closely is cheap: few statements are guessed."""
        return bool(self._factors.shape[0] * self._factors.shape[1] <= _PAIRS)

    # --- what they are worth

    def lacking(self, asked: Iterable[int] = (), cost: float = 0.0) -> FloatArray:
        """float64 [outputs, K]: phi(top) - E phi(v) of every output, once some more statements were asked."""
        places = [self.place[int(column)] for column in asked]
        more = len(places) * (1.0 - cost) / self.law.top
        nodes = np.tile(self.law.nodes, self.shape[0])
        if not self.law.fine:
            sums = self._sums[: self._n] - nodes * more
            for place in places:
                sums = sums - self._logs[place, self._guesses[: self._n, place]]
            return self.law.lacking(sums.reshape(len(sums), *self.shape))
        # A product for each statement is quicker than all exponentials again.
        masses, first = self._masses[: self._n], self._sums[: self._n, :: self.shape[1]]
        if places:
            masses, first = masses * np.exp(-nodes * more), first - self.law.nodes[0] * more
            for place in places:
                guess = self._guesses[: self._n, place]
                masses = masses / self._factors[place][guess]
                first = first - self._logs[place, :, :: self.shape[1]][guess]
        return np.asarray(masses.reshape(-1, *self.shape).sum(axis=2) - self.law.floor + self.law.tail(first))

    def best(self, belief: FloatArray) -> tuple[IntArray, float]:
        """The best output known for a belief float64 [K]: guesses int64 [o], and what is lacking."""
        worth = self.lacking() @ belief
        at = int(worth.argmin())
        return self._guesses[at].astype(np.int64), float(worth[at])

    def after(self, joint: FloatArray, asked: Iterable[int], cost: float) -> float:
        """What is lacking once some statements are asked, for histories and classes float64 [h, K] with their
        probabilities: the best output known follows each history."""
        return float(self.each_after(joint, asked, cost).sum())

    def each_after(self, joint: FloatArray, asked: Iterable[int], cost: float) -> FloatArray:
        """float64 [h]: what is lacking after each history, times its probability, see `after`."""
        return np.asarray((joint @ self.lacking(asked, cost).T).min(axis=1))

    def least(self, belief: FloatArray) -> float:
        """A lower bound of what any output lacks.

        Within a class, of all ways to guess with the same average, the sum is surest where chances are as far apart as
        they can be (Hoeffding 1956): from the least to the largest chance of the class. With such sums, and guesses
        that may be mixed, what is lacking is convex in the averages, so that prices of the classes bound it from below.
        """
        if not len(self.columns):
            return float(self.law.lacking(self._start.reshape(self.shape)) @ belief)
        from scipy.optimize import minimize  # slow to import, and nobody waits for a bound

        earned = self._earned.transpose(1, 2, 0)  # [o, C, K]

        def bound(log_prices: FloatArray) -> float:
            prices = np.exp(np.clip(log_prices, -700, 700))
            return float(self._surest(prices) @ belief - (earned @ (belief * prices)).max(axis=1).sum())

        guess, _ = self.best(belief)
        sums = self._sum(guess).reshape(self.shape)
        # The price of a right guess is what it adds at the best output.
        start = np.log((self.law.slopes(sums) * self.law.nodes).sum(axis=1) / self.law.top)
        found = minimize(lambda x: -bound(x), start, method="Nelder-Mead", options={"maxiter": 400 * len(start)})
        sure = self._surest(np.full(self.shape[0], 1e-300))  # everything right
        return max(bound(found.x), bound(start), float(sure @ belief))

    def _surest(self, prices: FloatArray) -> FloatArray:
        """float64 [K]: the least, over averages, of what the surest sum lacks and of the average at its price."""
        law, o = self.law, len(self.columns)
        if not self._sure:
            # Credit in parts: at best the sum is certain. phi' is the price at the least, unless that is out of reach.
            low = (self.base + law.shift) / law.top
            x = np.exp(np.clip(-np.log(prices * law.top) / law.gamma, log(low), log(low + o / law.top)))
            power = 1.0 - law.gamma
            phi = np.log(x) if power == 0.0 else np.expm1(power * np.log(x)) / power
            return np.asarray(-phi + prices * (x - low) * law.top)
        averages, lacking = self._surest_sums
        return np.asarray((lacking + prices[:, None] * averages).min(axis=1))

    @cached_property
    def _sure(self) -> bool:
        """Whether a guess is either right or wrong."""
        return bool(np.isin(self.law.population.credit, (0.0, 1.0)).all())

    @cached_property
    def _surest_sums(self) -> tuple[FloatArray, FloatArray]:
        """Averages and what is lacking, float64 [K, o + 1] each, where r guesses have the largest chance of the class
        and all others the least."""
        o = len(self.columns)
        many = np.arange(o + 1)
        low, high = self._earned.min(axis=(1, 2)), self._earned.max(axis=(1, 2))
        drop = np.expm1(-self.law.nodes / self.law.top)
        least, most = np.log1p(low[:, None] * drop), np.log1p(high[:, None] * drop)
        exponents = self._start.reshape(self.shape)[:, None]
        exponents = exponents + (o - many)[:, None] * least[:, None] + many[:, None] * most[:, None]
        return low[:, None] * (o - many) + high[:, None] * many, self.law.lacking(exponents)
