"""The exact model of asking: two clusters of people, exchangeable questions, and what an answer costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate

import numpy as np

from ..profile import FloatArray, InputError

LARGEST_N = 2_000


@dataclass(frozen=True)
class Situation:
    """Two clusters of people and n features to ask about: the model of Park, Donahue, Raghavan 2026 (section 3).

    A person holds n binary features. With probability ``alpha`` they belong to cluster 0, where each feature is 1 with
    probability ``p``, else to cluster 1, where it is 1 with probability 1 - p; features are independent given the
    cluster. After k questions about k of the features the n - k others are guessed. The person gets one unit for each
    feature that is known or guessed right, less what the questions cost: u = (right guesses) + k - cost(k), and
    v = u + shift is what inequality aversion looks at.

    Args:
        n: the number of features, 1..2,000.
        alpha: the probability of cluster 0, in [0, 1].
        p: the probability of a 1 in cluster 0, in [0, 1/2).
        cost: the cost of a question, at least 0; or the cost of each of the n questions: the cheapest is asked first
            (the features are exchangeable). A cost above 1 needs a ``shift`` that keeps every v above 0.
        shift: the constant that is added to every utility, at least 0. Published figures use 1; k* depends on it.

    Raises:
        InputError: a parameter is out of its range.
    """

    n: int
    alpha: float
    p: float
    cost: float | tuple[float, ...] = 1.0
    shift: float = 1.0

    def __post_init__(self) -> None:
        _whole("n", self.n, 1, LARGEST_N)
        _number("alpha", self.alpha, 0.0, 1.0)
        _number("p", self.p, 0.0, 0.5)
        if self.p >= 0.5:
            raise InputError(
                f"p is {self.p:g} and must be below 1/2: at 1/2 an answer says nothing, above it swap the clusters"
            )
        _number("shift", self.shift, 0.0, math.inf)
        costs = self.cost if isinstance(self.cost, tuple) else (self.cost,)
        for cost in costs:
            _number("cost", cost, 0.0, math.inf)
        if isinstance(self.cost, tuple) and len(costs) != self.n:
            raise InputError(f"{len(costs)} costs are given for {self.n} questions; give one for all, or one for each")
        lowest = float((np.arange(self.n + 1) - self.spent).min())
        if lowest < 0 and lowest + self.shift <= 0:
            raise InputError(
                f"questions cost more than they can bring: utilities go down to {lowest:g}, where inequality aversion "
                f"is not defined; lower the cost or give a shift above {-lowest:g}"
            )

    @cached_property
    def spent(self) -> FloatArray:
        """float64 [n + 1]: what k questions cost."""
        each = np.sort(np.array(self.cost)) if isinstance(self.cost, tuple) else np.full(self.n, float(self.cost))
        # One cost: a product, not a running sum, so that c = 0.1 leaves no rounding behind.
        total = np.cumsum(each) if isinstance(self.cost, tuple) else float(self.cost) * np.arange(1, self.n + 1)
        return np.concatenate([[0.0], total])

    @cached_property
    def spent_exactly(self) -> tuple[Fraction, ...]:
        """`spent` of the costs as the decimals they print as."""
        each = sorted(map(exact, self.cost)) if isinstance(self.cost, tuple) else [exact(self.cost)] * self.n
        return tuple(accumulate(each, initial=Fraction(0)))

    @property
    def floor(self) -> FloatArray:
        """float64 [n + 1]: v after k questions when every guess is wrong."""
        return np.asarray(np.arange(self.n + 1) - self.spent + self.shift, dtype=np.float64)

    @property
    def top(self) -> float:
        """The largest possible v."""
        return float((self.n - self.spent).max() + self.shift)


def log_odds(alphas: FloatArray, p: float, k: int) -> FloatArray:
    """log of (cluster 1 : cluster 0) after a ones among k answers, float64 [len(alphas), k + 1]."""
    tilt = 2 * np.arange(k + 1) - k
    with np.errstate(divide="ignore", invalid="ignore"):
        prior = np.log1p(-alphas) - np.log(alphas)
        # Equal numbers of both are no evidence, even where each alone would be conclusive; what is ruled out twice can
        # have any odds.
        evidence = tilt * (math.log1p(-p) - math.log(p)) if p else np.where(tilt == 0, 0.0, np.copysign(np.inf, tilt))
        odds = prior[:, None] + evidence
    return odds if p else np.where(np.isnan(odds), 0.0, odds)


def exact(value: float | Fraction) -> Fraction:
    """The decimal that a float prints as: 0.1 is a tenth, not the binary fraction next to it."""
    return value if isinstance(value, Fraction) else Fraction(repr(float(value)))


def gamma_of(value: float) -> float:
    """The value as an inequality aversion, from 0 (the sum counts) to inf (the worst-off counts).

    Raises:
        InputError: the value is negative, or not a number.
    """
    _number("gamma", value, 0.0, math.inf, open_above=True)
    return float(value)


def costs_of(value: float | Sequence[float]) -> float | tuple[float, ...]:
    """One cost, or one for each question, as `Situation` takes it."""
    return float(value) if isinstance(value, int | float) else tuple(float(each) for each in value)


def _whole(name: str, value: int, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InputError(f"{name} must be a whole number from {least} to {most:,}, not {value!r}")


def _number(name: str, value: float, least: float, most: float, open_above: bool = False) -> None:
    if not (least <= value <= most) or (math.isinf(value) and not open_above):
        reach = f"from {least:g} to {most:g}" if math.isfinite(most) else f"of at least {least:g}"
        raise InputError(f"{name} must be a number {reach}, not {value!r}")
