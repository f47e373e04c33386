"""What When to Ask a Question claims, each claim beside what exact computing says about it.

The wording of the claims is ours. A claim is checked over a grid; where it fails, the smallest case that was searched
and fails is its witness, and where there is an exact form, that is checked over a grid too.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Context, localcontext
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from ..asking import Optimum, Situation, leximin, optima, optimum, optimum_map
from ..asking.model import exact
from ..asking.precise import DIGITS, EQUAL, Precise
from ..profile import InputError
from .asking_printed import Reading, hoisted

HALF = 0.5
HUNDREDTHS = tuple(i / 100 for i in range(1, 50))


@dataclass
class Tally:
    """How many cases were looked at, and how many of them fail."""

    checked: int = 0
    failed: int = 0

    def add(self, holds: bool) -> bool:
        """Counts one case and hands it back."""
        self.checked += 1
        self.failed += not holds
        return holds

    def all(self, cases: Iterable[bool]) -> Tally:
        """Counts them all."""
        for holds in cases:
            self.add(bool(holds))
        return self


@dataclass(frozen=True)
class Found:
    """What checking a claim came to.

    Args:
        printed: the claim as it is printed.
        witness: the numbers that show it, as a sentence.
        values: the same, JSON-ready.
        corrected: the exact form, where the printed one fails or is not sharp.
    """

    printed: Tally
    witness: str
    values: dict[str, Any] = field(default_factory=dict)
    corrected: Tally | None = None

    @property
    def status(self) -> str:
        """``verified``: no case fails; ``corrected``: some do, but none of the exact form; ``refuted``: some do."""
        if not self.printed.failed:
            return "verified" if self.corrected is None or not self.corrected.failed else "refuted"
        return "corrected" if self.corrected is not None and not self.corrected.failed else "refuted"


@dataclass(frozen=True)
class Claim:
    """One claim.

    Args:
        name: Lemma 7, ..., or the slip's number.
        says: what is claimed, in our words.
        reading: the exact form, or the reading that gives the paper's numbers.
        check: None where it is a matter of words alone.
    """

    name: str
    says: str
    reading: str
    check: Callable[[], Found] | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, checked now."""
        found = self.check() if self.check else None
        return {
            "name": self.name,
            "says": self.says,
            "reading": self.reading,
            "status": found.status if found else "wording",
            "checked": found.printed.checked if found else 0,
            "failed": found.printed.failed if found else 0,
            "checked_exact_form": found.corrected.checked if found and found.corrected else 0,
            "failed_exact_form": found.corrected.failed if found and found.corrected else 0,
            "witness": found.witness if found else "",
            "values": found.values if found else {},
        }


Sets = list[tuple[int, ...]]


def best(
    n: int, alphas: Sequence[float], ps: Sequence[float], gammas: Sequence[float]
) -> dict[tuple[float, float], Sets]:
    """For every (alpha, p) the sets of best k, one for each gamma, at cost 1; ties of floats are decided exactly."""
    found = optimum_map(n, alphas, ps, gammas)
    return {
        (alpha, p): [
            (k,) if ties == 1 else optimum(Situation(n, alpha, p), gamma).k_opt
            for k, ties, gamma in zip(found.k_opt[i, j].tolist(), found.ties[i, j].tolist(), gammas, strict=True)
        ]
        for i, alpha in enumerate(alphas)
        for j, p in enumerate(ps)
    }


def one_each(sets: Iterable[Sequence[int]]) -> list[int]:
    """The fewest of each set."""
    return [chosen[0] for chosen in sets]


def turns(values: Sequence[int]) -> int:
    """How often a sequence changes direction.

    >>> turns([1, 1, 2, 2, 1, 0]), turns([3, 2, 2]), turns([2, 3, 4, 2, 3, 0])
    (1, 0, 3)
    """
    signs = [later > earlier for earlier, later in itertools.pairwise(values) if later != earlier]
    return sum(one != other for one, other in itertools.pairwise(signs))


def compare(found: Optimum, k: int, other: int) -> int:
    """Sign of W(k) - W(other), exact where floats cannot tell."""
    difference = found.per_k[k].ce - found.per_k[other].ce
    if abs(difference) > 1e-9 * found.situation.top:
        return 1 if difference > 0 else -1
    precise = Precise(found.situation, found.gamma)
    worth = [precise.welfare(at, found.per_k[at].fewest.tolist()) for at in (k, other)]
    with localcontext(Context(prec=DIGITS)):
        gap = worth[0] - worth[1]
        return 0 if abs(gap) <= EQUAL * abs(worth[0]) else 1 if gap > 0 else -1


# Lemmas


def lemma_7() -> Found:
    """Both sides of the threshold, as near as 1e-6, and on it where it is a decimal."""
    printed, sharp = Tally(), Tally()
    for n in (*range(3, 13), 17, 20, 26, 30):
        edge = round((1 - 1 / math.sqrt(n - 1)) / 2, 12)
        ps = sorted({*HUNDREDTHS[::8], round(edge - 1e-6, 9), round(edge + 1e-6, 9)} - {edge})
        ce = optimum_map(n, [HALF], ps, [0.0]).ce[0, :, 0]
        pays = ce[:, 1] > ce[:, 0]
        sharp.all(pays[i] == (p < edge) for i, p in enumerate(ps))
        if n in (5, 17, 26):  # n - 1 = 4, 16, 25: the threshold is a decimal
            sharp.add(compare(optimum(Situation(n, HALF, edge), 0.0), 1, 0) == 0)
        printed.add(bool(pays[0]) and not pays[-1])
    n = next(n for n in range(1, 31) if compare(optimum(Situation(n, HALF, 0.01), 0.0), 1, 0) > 0)
    edge = (1 - 1 / math.sqrt(n - 1)) / 2
    low, high = (
        optimum(Situation(n, HALF, p), 0.0) for p in (math.floor(edge * 100) / 100, math.ceil(edge * 100) / 100)
    )
    return Found(
        printed,
        f"smallest n is {n}: k* = {low.k_opt[0]} at p = {low.situation.p:g}, k* = {high.k_opt[0]} at p = "
        f"{high.situation.p:g}",
        {"n": n, "threshold": edge, "k_opt": {low.situation.p: list(low.k_opt), high.situation.p: list(high.k_opt)}},
        sharp,
    )


def lemma_8() -> Found:
    alphas = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
    ps = (0.0, *HUNDREDTHS[::4], 0.49)
    sharp, printed = Tally(), Tally()
    for n in (1, 2, 3, 5, 6, 8, 10, 20, 30, 40):
        found = best(n, alphas, ps, [0.0])
        for alpha in alphas:
            never = all(0 in found[alpha, p][0] for p in ps)
            sharp.add(never == (n * min(exact(alpha), 1 - exact(alpha)) <= 1))
            if alpha == 0.9 and n in (3, 6):
                printed.add(never)
    tie = optimum(Situation(10, 0.9, 0.0), 0.0).k_opt
    first = next(n for n in range(1, 60) if optimum(Situation(n, 0.9, 0.0), 0.0).k_opt != (0,))
    more = next(n for n in range(1, 60) if 0 not in optimum(Situation(n, 0.9, 0.0), 0.0).k_opt)
    return Found(
        printed,
        f"alpha = 0.9: k* = {{{', '.join(map(str, tie))}}} at n = {first}, p = 0 is the exact tie; at n = {more} one "
        "question is strictly better",
        {"alpha": 0.9, "tie_at_n": first, "k_opt": list(tie), "strictly_better_from_n": more},
        sharp,
    )


def lemma_9() -> Found:
    """Mixtures of two outputs against the best output, in decimals of a hundred digits, after every answer."""
    tally = Tally()
    for n, alpha, p, gamma in itertools.product((1, 2, 3), (0.5, 0.8), (0.1, 0.3), (0.0, 0.5, 2.0, 10.0)):
        situation = Situation(n, alpha, p)
        precise, found = Precise(situation, gamma), optimum(situation, gamma)
        for after in found.per_k:
            most = precise.welfare(after.k, after.fewest.tolist())
            wide = range(n - after.k + 1)
            every = [precise.welfare(after.k, each) for each in itertools.product(wide, repeat=after.k + 1)]
            # Half of each is as good a mixture as any.
            with localcontext(Context(prec=DIGITS)):
                slack = abs(most) * EQUAL
                tally.all((one + other) / 2 <= most + slack for one, other in itertools.combinations(every, 2))
                tally.add(max(every) - most <= slack)
    return Found(tally, "W is linear in the probabilities of the outputs after each answer: some single output is best")


def lemma_10() -> Found:
    ps = HUNDREDTHS[::2]
    gammas = [float(gamma) for gamma in range(31)]
    found = [optima(Situation(6, HALF, p), gammas) for p in ps]
    holds = [all(_different(row[at], 3) for row in found) for at in range(len(gammas))]
    tally = Tally().all(_different(row[10], 3) for row in found)
    first = max(at for at, good in enumerate(holds) if not good) + 1
    n, k = next(
        (n, k)
        for n in range(2, 10)
        for k in range(2, n)
        if any(_different(optimum(Situation(n, HALF, p), 10.0), k) for p in ps)
    )
    ones = [tie[0] for tie in optimum(Situation(6, HALF, 0.1), 10.0).per_k[3].ones]
    return Found(
        tally,
        f"n = 6, k = 3: ones {ones} after 0..3 ones answered, at each of {len(ps)} p; from gamma = {first} to 30 "
        f"(whole numbers); smallest with k >= 2: n = {n}, k = {k}",
        {"ones": ones, "from_gamma": first, "smallest": {"n": n, "k": k}},
    )


def _different(found: Optimum, k: int) -> bool:
    """After every number of ones another output."""
    ties = found.per_k[k].ones
    return all(len(tie) == 1 for tie in ties) and len({tie[0] for tie in ties}) == k + 1


@cache
def theorem_11() -> Found:
    """The closed form against leximin by its definition, in whole numbers; and the printed form, without clipping."""
    printed, sharp = Tally(), Tally()
    alphas, ps = (0.1, 0.3, 0.5, 0.55, 0.7, 0.9, 0.99), (0.01, 0.1, 0.2, 0.3, 0.4, 0.45)
    distinct = {alpha: Tally() for alpha in alphas}
    ignored: tuple[int, int, float, float] | None = None
    for n, alpha, p in itertools.product(range(2, 15), alphas, ps):
        middle = n / 2 + math.log((1 - alpha) / alpha) / math.log(p / (1 - p)) / 2
        between = abs(middle % 1 - 0.5) < 1e-9
        for k in range(1, n // 2 + 1):
            closed = [leximin.zeros(Situation(n, alpha, p), k, a) for a in range(k + 1)]
            by_law = [_leximin_by_law(n, k, a, alpha, p) for a in range(k + 1)]
            sharp.all(one == other for one, other in zip(closed, by_law, strict=True))
            differ = len({tie[0] for tie in by_law}) == k + 1
            if not between:
                distinct[alpha].add(differ)
                printed.add(differ)
                sharp.add(differ == (k <= round(middle) <= n - k))
            if k > 1 and len(set(by_law)) == 1 and ignored is None:
                ignored = n, k, alpha, p
    assert ignored is not None
    case = [leximin.zeros(Situation(10, 0.9, 0.45), 5, a)[0] for a in range(6)]
    reached = {
        f"n={n},k={k},p={p:g}": _reached(n, k, p)
        for n, k, p in ((10, 5, 0.1), (10, 5, 0.3), (40, 20, 0.1), (40, 20, 0.3))
    }
    n, k, alpha, p = ignored
    return Found(
        printed,
        f"smallest with k >= 2 whose answers are all ignored: n = {n}, k = {k}, alpha = {alpha:g}, p = {p:g}; n = 10, "
        f"k = 5, alpha = 0.9, p = 0.45: zeros {case}. The limit is reached at gamma = "
        + ", ".join(f"{gamma} ({name.replace(',', ', ')})" for name, gamma in reached.items()),
        {
            "ignored": {"n": n, "k": k, "alpha": alpha, "p": p},
            "zeros_n10_k5_alpha0.9_p0.45": case,
            "all_outputs_differ": {str(alpha): [t.checked - t.failed, t.checked] for alpha, t in distinct.items()},
            "limit_reached_at_gamma": reached,
        },
        sharp,
    )


def clipped() -> Found:
    found = theorem_11()
    shares = [f"{hit} of {of} ({alpha})" for alpha, (hit, of) in found.values["all_outputs_differ"].items()]
    return Found(
        found.printed,
        f"all outputs differ, by alpha, in {', '.join(shares)} cases (n = 2..14, 1 <= k <= n/2, six p)",
        {"all_outputs_differ": found.values["all_outputs_differ"]},
        found.corrected,
    )


def _reached(n: int, k: int, p: float) -> int:
    """First gamma of a grid whose outputs after k answers are those of the limit (alpha = 1/2)."""
    grid = (2, 3, 5, 8, 10, 15, 20, 30, 50)
    *finite, last = optima(Situation(n, HALF, p), [*grid, math.inf])
    return next(g for g, found in zip(grid, finite, strict=True) if found.per_k[k].ones == last.per_k[k].ones)


def _leximin_by_law(n: int, k: int, a: int, alpha: float, p: float) -> tuple[int, int]:
    """Fewest and most zeros whose law of wrong guesses, compared from all wrong down, is smallest."""
    m = n - k
    one, whole = exact(p).as_integer_ratio()
    first, both = exact(alpha).as_integer_ratio()
    w0 = first * one**a * (whole - one) ** (k - a)
    w1 = (both - first) * (whole - one) ** a * one ** (k - a)
    laws = [
        tuple(w0 * x + w1 * y for x, y in zip(_wrong(m, m - z, p), _wrong(m, z, p), strict=True)) for z in range(m + 1)
    ]
    least = min(laws)
    chosen = [z for z, law in enumerate(laws) if law == least]
    return chosen[0], chosen[-1]


@cache
def _wrong(m: int, ones: int, p: float) -> tuple[int, ...]:
    """Law of the wrong guesses in cluster 0, from m wrong down to none, times the m-th power of p's denominator."""
    if m == 0:
        return (1,)
    one, whole = exact(p).as_integer_ratio()
    # The last guess is a one while there are any: wrong with probability 1 - p.
    wrong = whole - one if ones else one
    before = _wrong(m - 1, ones - 1 if ones else 0, p)
    return tuple(x * wrong + y * (whole - wrong) for x, y in zip((*before, 0), (0, *before), strict=True))


def lemma_12() -> Found:
    gammas = tuple(i / 2 for i in range(21))
    printed, some = Tally(), Tally()
    smallest: tuple[int, float, list[int]] | None = None
    for n in range(2, 13):
        rows = {p: one_each(sets) for (_, p), sets in best(n, [HALF], HUNDREDTHS[::2], gammas).items()}
        printed.all(turns(row) > 0 for row in rows.values())
        hit = next((p for p, row in rows.items() if turns(row)), None)
        if smallest is None and hit is not None:
            smallest = n, hit, rows[hit]
        if smallest is not None:
            some.add(hit is not None)
    assert smallest is not None
    n, p, row = smallest
    own = one_each(best(3, [HALF], [0.1], gammas)[HALF, 0.1])
    steps = (0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0)
    better = one_each(found.k_opt for found in optima(Situation(10, HALF, 0.1), steps))
    some.add(turns(better) > 0)
    return Found(
        printed,
        f"the printed case n = 3, p = 0.1 only falls ({_arrow(own)}); smallest that does not: n = {n}, p = {p:g} "
        f"({_arrow(row)}); n = 10, p = 0.1: {_list(better)} at gamma = {_list(steps)}",
        {
            "printed_case": own,
            "smallest": {"n": n, "p": p, "gammas": list(gammas), "k_opt": row},
            "n10_p0.1": {"gammas": list(steps), "k_opt": better},
        },
        some,
    )


def only_falls() -> Found:
    gammas = tuple(i / 10 for i in range(101))
    row = one_each(best(3, [HALF], [0.1], gammas)[HALF, 0.1])
    last = max(gamma for gamma, k in zip(gammas, row, strict=True) if k)
    return Found(
        Tally(1, int(turns(row) == 0)),
        f"k* = {_arrow(row)} on 101 gammas from 0 to 10, 1 up to gamma = {last:g}: that is monotone",
        {"gammas": list(gammas), "k_opt": row},
        Tally(1, int(row != sorted(row, reverse=True))),
    )


@cache
def lemma_13() -> Found:
    found = optima(Situation(25, HALF, 0.1), [2.0, 5.0, 10.0])
    best_k = one_each(each.k_opt for each in found)
    bits = [each.per_k[k].entropy_bits for each, k in zip(found, best_k, strict=True)]
    tally = Tally().all([best_k == [4, 6, 2], [round(b, 4) for b in bits] == [1.2318, 2.4209, 1.5001]])
    tally.add(bits[0] < bits[1] > bits[2])
    for gamma, each, k in zip((2, 5, 10), found, best_k, strict=True):
        tally.add(each.per_k[k].entropy_bits <= math.log2(k + 1) and len(each.k_opt) == 1 and gamma > 1)
    return Found(
        tally,
        f"n = 25, p = 0.1, gamma = 2, 5, 10: k* = {_list(best_k)}, H = {', '.join(f'{b:.4f}' for b in bits)} bits",
        {"gammas": [2, 5, 10], "k_opt": best_k, "bits": bits},
    )


# Structural results


def concave() -> Found:
    """Signs of what one more one changes, exact: positive, at most one zero, negative (gamma > 0)."""
    tally = Tally()
    for n, alpha, p, gamma in itertools.product((3, 6), (0.5, 0.8), (0.1, 0.35), (0.5, 1.0, 3.0, 20.0)):
        precise = Precise(Situation(n, alpha, p), gamma)
        for k in range(n):
            for a in range(k + 1):
                signs = [precise.wants_more(k, a, f) for f in range(n - k)]
                tally.add(signs == sorted(signs, reverse=True) and signs.count(0) <= 1)
    return Found(tally, "gamma > 0: the optimal output is unique, or two next to each other")


def rising() -> Found:
    tally = Tally()
    for n, alpha, p in itertools.product((6, 15), (0.5, 0.7, 0.99), (0.05, 0.2, 0.45)):
        for found in optima(Situation(n, alpha, p), [0.0, 0.5, 1.0, 2.0, 10.0, 50.0, math.inf]):
            for after in found.per_k:
                tally.all(one[0] <= other[0] and one[-1] <= other[-1] for one, other in itertools.pairwise(after.ones))
    return Found(tally, "more ones answered, never fewer ones output")


def zig_zag() -> Found:
    tally = Tally()
    for n in range(2, 31, 2):
        for (_, p), sets in best(n, [HALF], HUNDREDTHS[::6], [0.0]).items():
            ce = optimum(Situation(n, HALF, p, 0.0), 0.0).per_k if n <= 10 else ()
            # At no cost n - u = (n - k) error(k), and error(2j) = error(2j - 1)
            errors = [(n - after.ce) / (n - after.k) for after in ce[:-1]]
            tally.all(abs(errors[k] - errors[k - 1]) < 1e-12 for k in range(2, len(errors), 2))
            tally.add(any(k == 0 or k % 2 for k in sets[0]))
    return Found(tally, "alpha = 1/2, gamma = 0, cost 1: k* is 0 or odd; a second answer never changes the guess")


def cheap() -> Found:
    tally = Tally()
    for n, alpha, p in itertools.product((3, 10, 20), (0.5, 0.9), (0.05, 0.2, 0.4)):
        tally.all(n in optimum(Situation(n, alpha, p, cost), 0.0).k_opt for cost in (0.0, p / 2, p))
    return Found(tally, "cost <= p, gamma = 0: asking everything is optimal")


def knife_edge() -> Found:
    """By the laws of u over every k and the leximin outputs by law, in fractions."""
    tally = Tally()
    for n, alpha, p in itertools.product((2, 3, 4, 5), (0.1, 0.5, 0.7, 0.99), (0.01, 0.1, 0.3, 0.49)):
        for cost in (1.0, 0.999, 0.5):
            laws = [_law_of_u(n, k, alpha, p, cost) for k in range(n + 1)]
            top = max(laws)
            tally.add([k for k, law in enumerate(laws) if law == top] == [0 if cost == 1 else n])
    tally.all(optimum(Situation(n, HALF, 0.0), math.inf).k_opt == (1,) for n in range(3, 20))
    return Found(
        tally,
        "gamma -> infinity: k* = 0 at cost 1, k* = n at cost 0.999 (p > 0); at p = 0 and cost 1 k* = 1 (n = 3..19)",
    )


def _law_of_u(n: int, k: int, alpha: float, p: float, cost: float) -> list[tuple[Fraction, Fraction]]:
    """(u, -probability) from the lowest u up: larger is better."""
    m, odds = n - k, (exact(alpha), 1 - exact(alpha))
    law: dict[Fraction, Fraction] = {}
    for a in range(k + 1):
        z, _ = _leximin_by_law(n, k, a, alpha, p)
        one = exact(p)
        weights = one**a * (1 - one) ** (k - a) * odds[0], (1 - one) ** a * one ** (k - a) * odds[1]
        for weight, ones in zip(weights, (m - z, z), strict=True):
            for right, x in enumerate(_wrong(m, ones, p)):
                u = right + k - k * exact(cost)
                law[u] = law.get(u, Fraction(0)) - math.comb(k, a) * weight * Fraction(x, one.denominator**m)
    return sorted((u, chance) for u, chance in law.items() if chance)


# Slips


def ones_or_zeros() -> Found:
    """What the appendix's formula chooses where cluster 0 is certain, beside the best output."""
    ones, zeros = Tally(), Tally()
    for n, p in itertools.product((1, 2, 5), (0.1, 0.3)):
        chosen, best_ones = (
            hoisted(n, 1.0, p, [2.0])[1][0][0, 0],
            optimum(Situation(n, 1.0, p), 2.0).per_k[0].ones[0][0],
        )
        ones.add(bool(chosen == best_ones))
        zeros.add(bool(chosen == n - best_ones))
    chosen, best_ones = (
        hoisted(1, 1.0, 0.1, [2.0])[1][0][0, 0],
        optimum(Situation(1, 1.0, 0.1), 2.0).per_k[0].ones[0][0],
    )
    return Found(
        ones,
        f"n = 1, k = 0, alpha = 1, p = 0.1: the formula chooses {chosen}, the best output has {best_ones} ones",
        {"z": int(chosen), "ones": best_ones},
        zeros,
    )


def two_factors() -> Found:
    gammas = [2.0, 5.0, 10.0]
    once, twice = (_best_read(25, gammas, Reading(factors=count)) for count in (1, 2))
    smallest = next(n for n in range(1, 10) if _best_read(n, [2.0], Reading(2)) != _best_read(n, [2.0], Reading()))
    return Found(
        Tally(3, sum(one != other for one, other in zip((4, 6, 2), twice, strict=True))),
        f"n = 25, p = 0.1, gamma = 2, 5, 10: k* = {_list(twice)} with two factors, {_list(once)} with one; "
        f"smallest n that tells them apart: {smallest}",
        {"gammas": gammas, "two": twice, "one": once, "smallest_n": smallest},
        Tally(3, sum(one != other for one, other in zip((4, 6, 2), once, strict=True))),
    )


def _best_read(n: int, gammas: Sequence[float], reading: Reading) -> list[int]:
    return [int(k) for k in hoisted(n, HALF, 0.1, gammas, reading=reading)[0].argmax(axis=1)]


def no_shift() -> Found:
    lost, finite = Tally(), Tally()
    for n, p, gamma in itertools.product((1, 3, 10, 25), (0.01, 0.1, 0.4), (1.0, 2.0, 10.0)):
        lost.add(len(optimum(Situation(n, HALF, p, shift=0.0), gamma).k_opt) == 1)
        finite.add(len(optimum(Situation(n, HALF, p), gamma).k_opt) < n + 1)
    found = optimum(Situation(1, HALF, 0.1, shift=0.0), 1.0)
    return Found(
        lost,
        f"n = 1, gamma = 1, shift 0: W = -inf for every k, k* = {{{', '.join(map(str, found.k_opt))}}}",
        {"k_opt": list(found.k_opt)},
        finite,
    )


def shift_counts() -> Found:
    shifts = (1e-6, 0.01, 0.5, 1.0, 2.0, 10.0)
    rows = {s: one_each(o.k_opt for o in optima(Situation(25, HALF, 0.1, shift=s), [2.0, 5.0, 10.0])) for s in shifts}
    smallest = next(
        n
        for n in range(1, 26)
        if optimum(Situation(n, HALF, 0.1, shift=1.0), 2.0).k_opt
        != optimum(Situation(n, HALF, 0.1, shift=0.5), 2.0).k_opt
        or optimum(Situation(n, HALF, 0.1, shift=1.0), 2.0).k_opt
        != optimum(Situation(n, HALF, 0.1, shift=2.0), 2.0).k_opt
    )
    return Found(
        Tally().all(row == rows[1.0] for s, row in rows.items() if s != 1.0),
        "n = 25, p = 0.1, gamma = 2, 5, 10: k* = "
        + "; ".join(f"{_list(row)} at shift {s:g}" for s, row in rows.items())
        + f"; smallest n where 1/2, 1 and 2 differ (gamma = 2): {smallest}",
        {"k_opt": {str(s): row for s, row in rows.items()}, "smallest_n": smallest},
        Tally(1, int(rows[1.0] != [4, 6, 2])),
    )


def undone_swap() -> Found:
    gammas = [2.0, 5.0, 10.0]
    wrong, right = (_best_read(25, gammas, reading) for reading in (Reading(undone=True), Reading()))
    return Found(
        Tally().all(one == other for one, other in zip(wrong, (4, 6, 2), strict=True)),
        f"n = 25, p = 0.1, gamma = 2, 5, 10: k* = {_list(wrong)} when the swap is undone, {_list(right)} when not",
        {"undone": wrong, "swapped": right},
        Tally().all(one == other for one, other in zip(right, (4, 6, 2), strict=True)),
    )


def per_cluster() -> Found:
    """What the proof's choice (best output of each cluster) would be worth: more than can be had."""
    tally, possible = Tally(), Tally()
    for n, p, gamma in itertools.product((1, 2, 5), (0.1, 0.3), (0.5, 2.0)):
        known = optimum(Situation(n, 1.0, p), gamma).per_k[0].ce
        blind = optimum(Situation(n, HALF, p), gamma).per_k[0].ce
        tally.add(abs(known - blind) < 1e-12)
        possible.add(blind < known)
    known, blind = (optimum(Situation(1, alpha, 0.1), 2.0).per_k[0].ce for alpha in (1.0, HALF))
    return Found(
        tally,
        f"n = 1, k = 0, p = 0.1, gamma = 2: the proof's choice would be worth {known:.4f} features, the best output is "
        f"worth {blind:.4f}",
        {"proof": known, "best": blind},
        possible,
    )


def zeros_and_alpha() -> Found:
    alphas = (0.1, 0.3, 0.5, 0.7, 0.9)
    row = [leximin.zeros(Situation(12, alpha, 0.3), 4, 0)[0] for alpha in alphas]
    falls, rises = Tally(), Tally()
    smallest: tuple[int, float] | None = None
    for n, p in itertools.product(range(2, 13), (0.1, 0.3, 0.45)):
        for k in range(n):
            for a in range(k + 1):
                found = [leximin.zeros(Situation(n, alpha, p), k, a)[0] for alpha in alphas]
                if len(set(found)) > 1:
                    falls.add(found == sorted(found, reverse=True))
                    smallest = smallest or (n, p)
                rises.add(found == sorted(found))
    assert smallest is not None
    return Found(
        falls,
        f"n = 12, k = 4, p = 0.3, no ones answered: zeros {_list(row)} for alpha = {_list(alphas)}; smallest: "
        f"n = {smallest[0]}, p = {smallest[1]:g}",
        {"alphas": list(alphas), "zeros": row, "smallest": list(smallest)},
        rises,
    )


def up_and_down() -> Found:
    """``grows, then decreases``: at most one turn of k* in gamma, at cost 1."""
    tally = Tally()
    cases = [
        (10, 0.0001, (0.0, 5.0, 10.0, 15.0, 16.0, 18.0, 19.0, 21.0, 22.0)),
        (10, 0.00607, (3.0, 6.0, 8.0, 9.0, 10.0, 11.0, 12.0, 16.0)),
        (17, 0.16, (0.0, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 3.0, 4.0, 5.0, 6.0)),
    ]
    rows = [one_each(o.k_opt for o in optima(Situation(n, HALF, p), gammas)) for n, p, gammas in cases]
    tally.all(turns(row) <= 1 for row in rows)
    smallest: dict[str, Any] = {}
    gammas = tuple(i / 2 for i in range(41))
    ps = tuple(i / 200 for i in range(1, 60))
    for n in range(2, 11):
        if smallest:
            break
        found = {p: sets for (_, p), sets in best(n, [HALF], ps, gammas).items()}
        tally.all(turns(one_each(sets)) <= 1 for sets in found.values())
        hit = next((p for p, sets in found.items() if turns(one_each(sets)) > 1), None)
        if hit is not None:
            smallest = {"n": n, "p": hit, "gammas": list(gammas), "k_opt": one_each(found[hit])}
    words = "; ".join(
        f"n = {n}, p = {p:g}: {_list(row)} at gamma = {_list(g)}" for (n, p, g), row in zip(cases, rows, strict=True)
    )
    first = (
        f"smallest on the grid: n = {smallest['n']}, p = {smallest['p']:g} ({_arrow(smallest['k_opt'])}); "
        if smallest
        else ""
    )
    return Found(
        tally,
        first + words,
        {
            "smallest": smallest,
            "cases": [
                {"n": n, "p": p, "gammas": list(g), "k_opt": row} for (n, p, g), row in zip(cases, rows, strict=True)
            ],
        },
    )


def entropy_in_bits() -> Found:
    bits = lemma_13().values["bits"]
    nats = [b * math.log(2) for b in bits]
    return Found(
        Tally().all(round(x, 4) == y for x, y in zip(nats, (1.2318, 2.4209, 1.5001), strict=True)),
        f"in nats they would be {', '.join(f'{x:.3f}' for x in nats)}",
        {"nats": nats},
        Tally().all(round(x, 4) == y for x, y in zip(bits, (1.2318, 2.4209, 1.5001), strict=True)),
    )


def everything_asked() -> Found:
    below, allowed = Tally(), Tally()
    for n, p in itertools.product((1, 3, 10), (0.1, 0.3)):
        found = optimum(Situation(n, HALF, p, 0.05), 0.0).k_opt
        below.add(found[0] < n)
        allowed.add(found == (n,))
    return Found(below, "n = 1, p = 0.1, cost 0.05: k* = n = 1", {"n": 1, "cost": 0.05}, allowed)


def half() -> Found:
    refused = Tally()
    try:
        Situation(3, HALF, HALF)
    except InputError:
        refused.add(False)
    near = Tally().all(optimum(Situation(n, HALF, 0.499999), 0.0).k_opt == (0,) for n in (3, 10, 30))
    return Found(refused, "p = 1/2 is outside the model; at p = 0.499999 k* = 0 for n = 3, 10, 30", {}, near)


def figure_3() -> Found:
    ps = (0.0, *HUNDREDTHS)
    ten, thirty_sets = ([sets[0] for sets in best(n, [0.9], ps, [0.0]).values()] for n in (10, 30))
    thirty = one_each(thirty_sets)
    better = [p for p, chosen in zip(ps, ten, strict=True) if chosen == (1,)]
    runs = [f"{k} for p {at[0]:g}-{at[-1]:g}" for k, at in _runs(ps, thirty)]
    exact_form = Tally(2, int(ten[0] != (0, 1)) + int([k for k, _ in _runs(ps, thirty)] != [1, 2, 0]))
    return Found(
        Tally(1, int(not better)),
        f"alpha = 0.9, n = 10: one question is strictly better at {len(better)} of {len(ps)} p (k* = "
        f"{{{', '.join(map(str, ten[0]))}}} at p = 0); n = 30: k* = {', '.join(runs)}",
        {"n10_strictly_better": better, "n30": thirty},
        exact_form,
    )


def figure_4() -> Found:
    ps = [i / 50 for i in range(25)]
    alphas = [round(0.5 + 0.05 * i, 2) for i in range(11)]
    cells = {at: sets[0][0] for at, sets in best(30, alphas, ps, [0.0]).items()}
    counts = np.bincount(np.array(list(cells.values())), minlength=4)
    three = [at for at, k in cells.items() if k == 3]
    at_half = [p for alpha, p in three if alpha == HALF]
    return Found(
        Tally(1, int(counts[3] > 0)),
        f"n = 30, {counts.sum()} cells: k* = 1 in {counts[1]}, 2 in {counts[2]}, 3 in {counts[3]} (alpha "
        f"{three[0][0]:g}-{three[-1][0]:g}; at alpha = 0.5: p = {at_half[0]:g}-{at_half[-1]:g})",
        {"counts": counts.tolist(), "three": [list(cell) for cell in three]},
        Tally(1, int(counts[4:].sum() > 0)),
    )


def ties() -> Found:
    """Entropy of the output where all outputs are as good after as many ones as zeros: by the rule, or a third one."""
    after = optimum(Situation(25, HALF, 0.1), 0.0).per_k[4]
    weights = [math.comb(4, a) * (0.1**a * 0.9 ** (4 - a) + 0.9**a * 0.1 ** (4 - a)) / 2 for a in range(5)]
    apart = [weights[0] + weights[1], weights[2], weights[3] + weights[4]]
    other = -sum(x * math.log2(x) for x in apart)
    same = Tally(1, int(abs(after.entropy_bits - other) > 1e-9))
    return Found(
        same,
        f"n = 25, k = 4, gamma = 0, two ones answered: all of 0..{after.ones[2][-1]} ones tie; H = "
        f"{after.entropy_bits:.3f} bits with the fewest ones, {other:.3f} with an output of its own",
        {
            "tie": [after.ones[2][0], after.ones[2][-1]],
            "fewest": after.entropy_bits,
            "own": other,
        },
        Tally(1, int(list(after.ones[2]) != list(range(22)))),
    )


def dear() -> Found:
    tally, kept = Tally(), Tally()
    for n, cost in ((5, 1.2), (10, 1.1), (2, 1.5)):
        for shift, allowed in ((1.0, False), (1.5, True)):
            try:
                Situation(n, HALF, 0.1, cost, shift)
                taken = True
            except InputError:
                taken = False
            kept.add(taken == allowed)
            tally.add(taken or allowed)
    return Found(
        tally,
        "n = 5, cost 1.2, shift 1: v = 0 after 5 questions; refused, and taken with shift 1.5",
        {"n": 5, "cost": 1.2},
        kept,
    )


def two_of_ten() -> Found:
    """Everyone likes exactly two of ten: what outputs without and after questions at cost 0.3 are worth to each."""
    everyone = list(itertools.combinations(range(10), 2))
    cost = Fraction(3, 10)
    blind = {10 - len(likes) for likes in everyone}
    asked = {k: 10 - cost * k for k in (9, 10)}
    return Found(
        Tally().all(worth <= asked[10] for worth in blind),
        f"all zeros without a question: u = {min(blind)} for each of {len(everyone)} people; after ten questions "
        f"{float(asked[10]):g}, after nine (the tenth follows) {float(asked[9]):g}",
        {"without": min(blind), "after_ten": float(asked[10]), "after_nine": float(asked[9])},
        Tally().all(worth > asked[9] > asked[10] for worth in blind),
    )


def _list(values: Iterable[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)


def _arrow(values: Iterable[int]) -> str:
    return "→".join(str(value) for value, _ in itertools.groupby(values))


def _runs(at: Sequence[float], values: Sequence[int]) -> list[tuple[int, list[float]]]:
    """Stretches of equal values, with where they are."""
    return [
        (value, [where for where, _ in pairs])
        for value, pairs in itertools.groupby(zip(at, values, strict=True), key=lambda pair: pair[1])
    ]


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "Lemma 7",
        "alpha = 1/2, gamma = 0, cost 1: for n >= 3 there are p where the first question pays and p where it does not",
        "k = 1 beats k = 0 iff p < (1 - 1/sqrt(n - 1)) / 2",
        lemma_7,
    ),
    Claim(
        "Lemma 8",
        "gamma = 0, cost 1, alpha = 0.9: no question is worth asking at n = 3 and n = 6, whatever p",
        "k = 0 is optimal for every p iff n min(alpha, 1 - alpha) <= 1",
        lemma_8,
    ),
    Claim(
        "Lemma 9", "an optimal response policy need not be random", "W is linear in it (the proof is slip 6)", lemma_9
    ),
    Claim("Lemma 10", "n = 6, k = 3, gamma = 10: every answer gets another output", "as printed", lemma_10),
    Claim(
        "Theorem 11",
        "gamma -> infinity, k <= n/2: zeros = S - a with S = n/2 + log_r((1 - alpha)/alpha)/2, other ones for every a",
        "zeros = clip(round(S - a), 0, n - k), ties by the next level; all differ iff k <= round(S) <= n - k",
        theorem_11,
    ),
    Claim(
        "Lemma 12",
        "k* is not monotone in gamma, for p > 0; shown at n = 3, p = 0.1",
        "for some p, not for every p > 0; not at n = 3, p = 0.1",
        lemma_12,
    ),
    Claim("Lemma 13", "k* and the entropy of the output both rise and fall in gamma", "as printed, in bits", lemma_13),
    Claim("Structure 1", "W is concave in the number of ones output", "strictly for gamma > 0, p < 1/2", concave),
    Claim("Structure 2", "the ones output do not fall in the ones answered", "for every gamma and k", rising),
    Claim("Structure 3", "alpha = 1/2, gamma = 0: an even question never helps", "error(2j) = error(2j - 1)", zig_zag),
    Claim("Structure 5", "gamma = 0: all is asked where that is cheap", "k = n is optimal if cost <= p", cheap),
    Claim(
        "Structure 6", "gamma -> infinity: cost 1 is a knife edge", "k* = 0 at cost 1, n below it (p > 0)", knife_edge
    ),
    Claim("Slip 1", "f is the number of ones throughout (5.2)", "of zeros in the appendix's formulas", ones_or_zeros),
    Claim("Slip 2", "1/(1 - gamma) stands in W0, W1 and again in (5)", "once", two_factors),
    Claim("Slip 3", "gamma >= 1 has an optimum as written (A.2)", "only with a shift; figures use u + 1", no_shift),
    Claim(
        "Slip 4",
        "the shift by 1 is without loss of generality (B.6)",
        "in the limit only; it is a parameter",
        shift_counts,
    ),
    Claim("Slip 5", "W1 calls G1 at 1 - p (A.2)", "G0 at 1 - p: else the swap is undone", undone_swap),
    Claim(
        "Slip 6",
        "the best output is chosen for each cluster (B.4)",
        "for both at once: nobody knows which",
        per_cluster,
    ),
    Claim(
        "Slip 7",
        "first display of W(k, inf) and first line of g (B.6)",
        "p^a (1-p)^(k-a) and (1-p)^a p^(k-a) are missing",
    ),
    Claim("Slip 8", "zeros decrease as alpha increases (B.6)", "they never decrease", zeros_and_alpha),
    Claim("Slip 9", "Theorem 11 for all alpha", "only where nothing is clipped", clipped),
    Claim("Slip 10", "terms with n-k-j-l > 1 vanish; answers are never ignored (B.6)", ">= 1; they can be: Theorem 11"),
    Claim("Slip 11", "n = 3, p = 0.1 shows Lemma 12 (B.7)", "it does not: k* only falls there", only_falls),
    Claim("Slip 11b", "k* grows, then decreases in gamma (5.3)", "no law: it can turn more than once", up_and_down),
    Claim("Slip 12", "k increases from 5 to 10 (B.8)", "gamma does"),
    Claim("Slip 13", "E[H(f(a))] of Lemma 13", "entropy of the law of f(a), base 2", entropy_in_bits),
    Claim("Slip 14", "0 <= k < n (3.3)", "k = n is allowed, and optimal where questions are cheap", everything_asked),
    Claim("Slip 15", "the proof of Lemma 7 uses p = 1/2", "p near 1/2: the model has p < 1/2", half),
    Claim("Slip 16", "references and words in B.1", "equation 2; exchangeable, not i.i.d.; the likelier cluster"),
    Claim(
        "Slip 17", "alpha = 0.9, n = 10: one question is better for some p (Fig. 3)", "a tie at p = 0 only", figure_3
    ),
    Claim("Slip 18", "at most a second question is worth it (text of Fig. 4)", "there is a region of three", figure_4),
    Claim("Slip 19", "the optimal output is one number", "where outputs tie, figures depend on the rule", ties),
    Claim("Slip 20", "any cost", "cost > 1 needs shift > (cost - 1) n", dear),
    Claim(
        "Slip 21",
        "two likes of ten, cost 0.3: ten questions are best at gamma = 10 (7)",
        "none dominates ten",
        two_of_ten,
    ),
)
