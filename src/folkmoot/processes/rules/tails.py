"""What a further approved statement is worth to a person who already has some: tails of Thiele's rules, exactly.

A tail is a nondecreasing concave f with f(0) = 0, given by its increments f(1) - f(0), f(2) - f(1), ... as fractions.
Those of consumption-constrained value are ``f_k(a) = E[sum of the k largest of a independent draws]``: of a statements
that suit a person the best k are read, and how good a statement turns out is drawn from a law (Peng, Raghavan,
Pierson, Kleinberg, Garg 2024, arXiv 2307.15142). Expected order statistics of all the laws here are rational where
their parameters are, so nothing is integrated numerically. The heavier the law's tail, the more the further draws are
worth, and the more the largest group gets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count, islice, pairwise
from math import inf

from ...profile import InputError


@dataclass(frozen=True)
class Tail:
    """One tail f.

    Args:
        name: the name of its law.
        steps: the function that gives the first n increments, for any n.
        gamma: with n places for types of shares p the best counts are near n p^gamma, normalised; None: unknown.
        parameters: the parameters of its law.
    """

    name: str
    steps: Callable[[int], list[Fraction]]
    gamma: float | None = None
    parameters: Mapping[str, float] = field(default_factory=dict)

    def increments(self, n: int) -> list[Fraction]:
        """The first n increments.

        Raises:
            InputError: the increments are negative or rise, so f is not concave.
        """
        increments = self.steps(n)
        if any(later > earlier for earlier, later in pairwise(increments)) or (increments and increments[-1] < 0):
            raise InputError(
                f"tail {self.name!r} is not concave: an increment is negative or larger than the one before"
            )
        return increments


def approval() -> Tail:
    """f(a) = a: plain approval voting, everything is read."""
    return Tail("approval", lambda n: [Fraction(1)] * n, inf)


def harmonic() -> Tail:
    """f(a) = 1 + 1/2 + ... + 1/a: PAV; the same as `exponential` with k = 1."""
    return Tail("harmonic", lambda n: [Fraction(1, j) for j in range(1, n + 1)], 1.0)


def coverage(q: float = 0.5, k: float = 1) -> Tail:
    """Statements that hit with probability q, of which k hits are read: E[min(k, hits)].

    With k = 1 it is 1 - (1 - q)^a, geometric increments of ratio 1 - q; with q = 1 besides Chamberlin-Courant.

    >>> [str(step) for step in coverage(0.5).increments(3)], [str(step) for step in coverage(1).increments(3)]
    (['1/2', '1/4', '1/8'], ['1', '0', '0'])
    """
    chance, most = _between("q", q, 0, 1), _whole(k)

    def steps(n: int) -> list[Fraction]:
        increments: list[Fraction] = []
        hits = [Fraction(1)] + [Fraction(0)] * (most - 1)  # P(h hits so far) for h < k
        for _ in range(n):
            increments.append(chance * sum(hits))
            hits = [(1 - chance) * here + (chance * hits[h - 1] if h else Fraction(0)) for h, here in enumerate(hits)]
        return increments

    return Tail("coverage", steps, 0.0, {"q": q, "k": k})


def exponential(k: float = 1) -> Tail:
    """Exponential values, of which k are read: increments min(1, k/a).

    >>> exponential(1).increments(9) == harmonic().increments(9)
    True
    """
    most = _whole(k)
    return Tail("exponential", lambda n: [min(Fraction(1), Fraction(most, j)) for j in range(1, n + 1)], 1.0, {"k": k})


def bounded(b: float = 1, k: float = 1) -> Tail:
    """Values in [0, 1] with P(X > x) = (1 - x)^b, of which k are read; b = 1 is the uniform law.

    >>> [str(step) for step in bounded().increments(3)]  # of a/(a + 1)
    ['1/2', '1/6', '1/12']
    """
    power, most = 1 / _between("b", b, 0, inf), _whole(k)

    def totals() -> Iterator[Fraction]:
        # 1 - X = U^(1/b): the r-th smallest of a has mean  prod_{j<=a} j/(j + 1/b)  prod_{i<r} (i + 1/b)/i.
        shrink, lead, sum_ = Fraction(1), Fraction(1), Fraction(0)
        for a in count(1):
            shrink *= a / (a + power)
            if a <= most:
                sum_ += lead
                lead *= (a + power) / a
            yield min(a, most) - shrink * sum_

    return Tail("bounded", lambda n: _differences(totals(), n), float(1 / (1 + power)), {"b": b, "k": k})


def pareto(alpha: float = 3, k: float = 1) -> Tail:
    """Pareto values, P(X > x) = x^-alpha for x >= 1, of which k are read; alpha above 1.

    >>> [str(step) for step in pareto(2).increments(3)]
    ['2', '2/3', '8/15']
    """
    power, most = 1 / _between("alpha", alpha, 1, inf), _whole(k)

    def totals() -> Iterator[Fraction]:
        # X = U^(-1/alpha): the r-th largest of a has mean  prod_{j<=a} j/(j - 1/alpha)  prod_{i<r} (i - 1/alpha)/i.
        grow, lead, sum_ = Fraction(1), Fraction(1), Fraction(0)
        for a in count(1):
            grow *= a / (a - power)
            if a <= most:
                sum_ += lead
                lead *= (a - power) / a
            yield grow * sum_

    return Tail("pareto", lambda n: _differences(totals(), n), float(1 / (1 - power)), {"alpha": alpha, "k": k})


def _differences(totals: Iterator[Fraction], n: int) -> list[Fraction]:
    return [after - before for before, after in pairwise([Fraction(0), *islice(totals, n)])]


def _whole(k: float) -> int:
    if k < 1 or k != int(k):
        raise InputError(f"k is {k:g}; of the statements that suit a person a whole number of at least 1 is read")
    return int(k)


def _between(name: str, value: float, low: float, high: float) -> Fraction:
    if not low < value <= high or value == inf:
        raise InputError(
            f"{name} is {value:g}; it must be above {low:g}" + (f" and at most {high:g}" if high < inf else "")
        )
    return Fraction(str(value))
