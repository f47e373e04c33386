"""Inequality aversion without bound: leximin, in closed form and in rationals."""

from __future__ import annotations

import math
from fractions import Fraction

from .model import Situation, exact

# Values with their probabilities, lowest first.
_Law = tuple[tuple[Fraction, Fraction], ...]


def zeros(situation: Situation, k: int, a: int) -> tuple[int, int]:
    """Fewest and most zeros of a leximin output after ``a`` ones among k answers.

    The limit of the optimal outputs as inequality aversion grows: the integer nearest to S - a within 0..n-k, where
    S = n/2 + log_r((1 - alpha) / alpha) / 2 and r = p / (1 - p). It minimises the probability that everything
    guessed is wrong, then of all but one, and so on. Exactly between two integers the next level decides, towards
    (n - k) / 2. Theorem 11 of Park, Donahue, Raghavan 2026 without the clipping holds only where nothing is clipped.
    """
    n, m = situation.n, situation.n - k
    alpha, p = exact(situation.alpha), exact(situation.p)
    if p == 0:
        return _sure(situation, k, a)
    if alpha in (0, 1):
        return (0, 0) if alpha == 0 else (m, m)
    # log_r((1 - alpha) / alpha) = j exactly, or the floor of it
    ratio, r = (1 - alpha) / alpha, p / (1 - p)
    j = math.floor(math.log(ratio) / math.log(r))
    j = next(i for i in (j + 1, j, j - 1) if _at_least(i, ratio, r))
    whole = r**j == ratio
    # S - a lies in [half / 2, (half + 1) / 2), on its lower end iff whole
    half = n + j - 2 * a
    nearest = (half + 1) // 2
    if whole and half % 2 == 1:
        lower = half // 2
        if lower < 0 or lower >= m:
            return (_clip(lower, m),) * 2
        if 2 * lower + 1 == m:
            return lower, lower + 1
        return (lower, lower) if 2 * lower + 1 < m else (lower + 1, lower + 1)
    return (_clip(nearest, m),) * 2


def best_k(situation: Situation) -> list[int]:
    """The numbers of questions that are best under leximin: the law of utilities compared from its lowest level up.

    With p > 0 the lowest utility after k questions is k - cost(k), and has a probability: the largest wins. Between
    equals, fewer questions: every question leaves twice as many answers, each with a worst case of its own.
    """
    if situation.p > 0:
        lowest = [k - spent for k, spent in enumerate(situation.spent_exactly)]
        return [lowest.index(max(lowest))]
    laws = [_sure_law(situation, k) for k in range(situation.n + 1)]
    best = max(laws, key=_order)
    return [k for k, law in enumerate(laws) if law == best]


def lowest(situation: Situation, k: int) -> float:
    """The lowest utility after k questions, with the leximin output."""
    if situation.p > 0 and k < situation.n:
        return float(k - situation.spent_exactly[k])
    return float(_sure_law(situation, k)[0][0])


def _sure(situation: Situation, k: int, a: int) -> tuple[int, int]:
    """Optimal outputs where p = 0, so that one answer reveals the cluster."""
    m = situation.n - k
    if k == 0:
        best = _blind(situation)
        return best[0], best[-1]
    if 0 < a < k or situation.alpha == (0 if a == 0 else 1):
        return 0, m
    return (m, m) if a == 0 else (0, 0)


def _blind(situation: Situation) -> list[int]:
    """Best numbers of zeros before any question where p = 0: all zeros are right in cluster 0, all ones in 1."""
    n, alpha = situation.n, exact(situation.alpha)
    laws = {zeros: _law([(Fraction(zeros), alpha), (Fraction(n - zeros), 1 - alpha)]) for zeros in range(n + 1)}
    best = max(laws.values(), key=_order)
    return [zeros for zeros, law in laws.items() if law == best]


def _sure_law(situation: Situation, k: int) -> _Law:
    """Law of the utility after k questions where p = 0, or where everything is asked."""
    n, alpha = situation.n, exact(situation.alpha)
    if k:
        return _law([(n - situation.spent_exactly[k], Fraction(1))])
    zeros = _blind(situation)[0]
    return _law([(Fraction(zeros), alpha), (Fraction(n - zeros), 1 - alpha)])


def _law(parts: list[tuple[Fraction, Fraction]]) -> _Law:
    """Values with their probabilities, lowest first."""
    law: dict[Fraction, Fraction] = {}
    for value, probability in parts:
        if probability:
            law[value] = law.get(value, Fraction(0)) + probability
    return tuple(sorted(law.items()))


def _order(law: _Law) -> list[tuple[Fraction, Fraction]]:
    """Larger is better: a higher lowest value, then less probability on it, and so on up."""
    return [(value, -probability) for value, probability in law]


def _at_least(j: int, ratio: Fraction, r: Fraction) -> bool:
    """log_r(ratio) >= j, in rationals; r < 1."""
    return ratio <= r**j


def _clip(value: int, m: int) -> int:
    return min(max(value, 0), m)
