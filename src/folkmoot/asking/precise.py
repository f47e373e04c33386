"""The exact model in decimals of a hundred digits: decides what floats cannot tell apart.

With large inequality aversion optimal outputs can differ from their neighbours by a relative 1e-15 and less, which
changes the output though hardly its welfare. It is slow, and so is used only where floats see a tie.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal, localcontext
from functools import cache

from .model import Situation

DIGITS = 100
# Relative: values that differ by less after a hundred digits are equal.
EQUAL = Decimal(10) ** -80


class Precise:
    """One situation at one finite inequality aversion.

    Args:
        situation: the model; its parameters are the decimals they print as.
        gamma: the inequality aversion, finite.
    """

    def __init__(self, situation: Situation, gamma: float) -> None:
        self._situation = situation
        self._alpha, self._p = Decimal(repr(float(situation.alpha))), Decimal(repr(float(situation.p)))
        self._shift, self._gamma = Decimal(repr(float(situation.shift))), Decimal(repr(float(gamma)))
        self.phi = cache(self._phi)
        self._right = cache(self._law)

    def wants_more(self, k: int, a: int, f: int) -> int:
        """Sign of what one more one than ``f`` in the output changes, after ``a`` ones among k answers; 0: nothing."""
        with localcontext(Context(prec=DIGITS)):
            m = self._situation.n - k
            w0, w1 = self._weights(k, a)
            loss, gain = w0 * self._rise(k, f), w1 * self._rise(k, m - 1 - f)
            return _sign(gain - loss, max(gain, loss))

    def welfare(self, k: int, ones: Iterable[int]) -> Decimal:
        """E phi(v) when ``ones[a]`` ones are output after a ones among k answers."""
        with localcontext(Context(prec=DIGITS)):
            total, n = Decimal(0), self._situation.n
            for a, f in enumerate(ones):
                w0, w1 = self._weights(k, a)
                choose = _choose(k, a)
                for weight, law in ((w0, self._right(n - k, f)), (w1, self._right(n - k, n - k - f))):
                    parts = ((probability, self.phi(k, c)) for c, probability in enumerate(law) if probability)
                    if weight:
                        total += choose * weight * sum((x * y for x, y in parts), Decimal(0))
            return total

    def _weights(self, k: int, a: int) -> tuple[Decimal, Decimal]:
        p, q = self._p, 1 - self._p
        return self._alpha * _power(p, a) * _power(q, k - a), (1 - self._alpha) * _power(q, a) * _power(p, k - a)

    def _rise(self, k: int, f: int) -> Decimal:
        """E[phi(v + 1) - phi(v)] over all but one of the guesses, f of them ones."""
        law = self._right(self._situation.n - k - 1, f)
        parts = (x * (self.phi(k, c + 1) - self.phi(k, c)) for c, x in enumerate(law) if x)
        return sum(parts, Decimal(0))

    def _phi(self, k: int, c: int) -> Decimal:
        spent = self._situation.spent_exactly[k]
        v = c + k - Decimal(spent.numerator) / Decimal(spent.denominator) + self._shift
        if v == 0:
            return Decimal(0) if self._gamma < 1 else Decimal("-Infinity")
        return v.ln() if self._gamma == 1 else v ** (1 - self._gamma) / (1 - self._gamma)

    def _law(self, m: int, f: int) -> list[Decimal]:
        """Law of the right guesses of m, f of them ones, in cluster 0."""
        one, zero = _binomial(f, self._p), _binomial(m - f, 1 - self._p)
        law = [Decimal(0)] * (m + 1)
        for i, x in enumerate(one):
            for j, y in enumerate(zero):
                law[i + j] += x * y
        return law


def _binomial(m: int, p: Decimal) -> list[Decimal]:
    return [_choose(m, i) * _power(p, i) * _power(1 - p, m - i) for i in range(m + 1)]


@cache
def _choose(n: int, k: int) -> Decimal:
    ways = 1
    for i in range(k):
        ways = ways * (n - i) // (i + 1)
    return Decimal(ways)


def _power(base: Decimal, exponent: int) -> Decimal:
    return Decimal(1) if exponent == 0 else base**exponent


def _sign(difference: Decimal, size: Decimal) -> int:
    if not difference or abs(difference) <= EQUAL * abs(size):
        return 0
    return 1 if difference > 0 else -1
