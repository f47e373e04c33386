"""What the optimum of When to Ask a Question looks like, checked by exact computation."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

from folkmoot.asking import Situation, optima, optimum
from folkmoot.asking.model import exact
from folkmoot.asking.precise import Precise

from .checks import Claims, Finding, Tally
from .exact import HALF, HUNDREDTHS, best, law_of_wrong, leximin_by_law

STRUCTURE = Claims()


@STRUCTURE.check("Structure 1", "W is concave in the number of ones output", "strictly for gamma > 0, p < 1/2")
def concave() -> Finding:
    """Signs of what one more one changes, exact: positive, at most one zero, negative (gamma > 0)."""
    tally = Tally()
    for n, alpha, p, gamma in itertools.product((3, 6), (0.5, 0.8), (0.1, 0.35), (0.5, 1.0, 3.0, 20.0)):
        precise = Precise(Situation(n, alpha, p), gamma)
        for k in range(n):
            for a in range(k + 1):
                signs = [precise.wants_more(k, a, f) for f in range(n - k)]
                tally.add(signs == sorted(signs, reverse=True) and signs.count(0) <= 1)
    return Finding(tally, "gamma > 0: the optimal output is unique, or two next to each other")


@STRUCTURE.check("Structure 2", "the ones output do not fall in the ones answered", "for every gamma and k")
def rising() -> Finding:
    tally = Tally()
    for n, alpha, p in itertools.product((6, 15), (0.5, 0.7, 0.99), (0.05, 0.2, 0.45)):
        for solution in optima(Situation(n, alpha, p), [0.0, 0.5, 1.0, 2.0, 10.0, 50.0, math.inf]):
            for after in solution.per_k:
                tally.all(one[0] <= other[0] and one[-1] <= other[-1] for one, other in itertools.pairwise(after.ones))
    return Finding(tally, "more ones answered, never fewer ones output")


@STRUCTURE.check("Structure 3", "alpha = 1/2, gamma = 0: an even question never helps", "error(2j) = error(2j - 1)")
def zig_zag() -> Finding:
    tally = Tally()
    for n in range(2, 31, 2):
        for (_, p), sets in best(n, [HALF], HUNDREDTHS[::6], [0.0]).items():
            ce = optimum(Situation(n, HALF, p, 0.0), 0.0).per_k if n <= 10 else ()
            # At no cost n - u = (n - k) error(k), and error(2j) = error(2j - 1)
            errors = [(n - after.ce) / (n - after.k) for after in ce[:-1]]
            tally.all(abs(errors[k] - errors[k - 1]) < 1e-12 for k in range(2, len(errors), 2))
            tally.add(any(k == 0 or k % 2 for k in sets[0]))
    return Finding(tally, "alpha = 1/2, gamma = 0, cost 1: k* is 0 or odd; a second answer never changes the guess")


@STRUCTURE.check("Structure 5", "gamma = 0: all is asked where that is cheap", "k = n is optimal if cost <= p")
def cheap() -> Finding:
    tally = Tally()
    for n, alpha, p in itertools.product((3, 10, 20), (0.5, 0.9), (0.05, 0.2, 0.4)):
        tally.all(n in optimum(Situation(n, alpha, p, cost), 0.0).k_opt for cost in (0.0, p / 2, p))
    return Finding(tally, "cost <= p, gamma = 0: asking everything is optimal")


@STRUCTURE.check("Structure 6", "gamma -> infinity: cost 1 is a knife edge", "k* = 0 at cost 1, n below it (p > 0)")
def knife_edge() -> Finding:
    """By the laws of u over every k and the leximin outputs by law, in fractions."""
    tally = Tally()
    for n, alpha, p in itertools.product((2, 3, 4, 5), (0.1, 0.5, 0.7, 0.99), (0.01, 0.1, 0.3, 0.49)):
        for cost in (1.0, 0.999, 0.5):
            laws = [_law_of_u(n, k, alpha, p, cost) for k in range(n + 1)]
            top = max(laws)
            tally.add([k for k, law in enumerate(laws) if law == top] == [0 if cost == 1 else n])
    tally.all(optimum(Situation(n, HALF, 0.0), math.inf).k_opt == (1,) for n in range(3, 20))
    return Finding(
        tally,
        "gamma -> infinity: k* = 0 at cost 1, k* = n at cost 0.999 (p > 0); at p = 0 and cost 1 k* = 1 (n = 3..19)",
    )


def _law_of_u(n: int, k: int, alpha: float, p: float, cost: float) -> list[tuple[Fraction, Fraction]]:
    """(u, -probability) from the lowest u up: larger is better."""
    m, odds = n - k, (exact(alpha), 1 - exact(alpha))
    law: dict[Fraction, Fraction] = {}
    for a in range(k + 1):
        z, _ = leximin_by_law(n, k, a, alpha, p)
        one = exact(p)
        weights = one**a * (1 - one) ** (k - a) * odds[0], (1 - one) ** a * one ** (k - a) * odds[1]
        for weight, ones in zip(weights, (m - z, z), strict=True):
            for right, x in enumerate(law_of_wrong(m, ones, p)):
                u = right + k - k * exact(cost)
                law[u] = law.get(u, Fraction(0)) - math.comb(k, a) * weight * Fraction(x, one.denominator**m)
    return sorted((u, chance) for u, chance in law.items() if chance)
