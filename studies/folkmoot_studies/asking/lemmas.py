"""The lemmas and the theorem of When to Ask a Question, each beside what exact computation says about it."""

from __future__ import annotations

import itertools
import math
from decimal import Context, localcontext
from fractions import Fraction
from functools import cache

from folkmoot.asking import Optimum, Situation, leximin, optima, optimum, optimum_map
from folkmoot.asking.model import exact
from folkmoot.asking.precise import DIGITS, EQUAL, Precise

from .checks import Claims, Finding, Tally
from .exact import HALF, HUNDREDTHS, best, compare, leximin_by_law, listed, one_each, stretches, turns

LEMMAS = Claims()


@LEMMAS.check(
    "Lemma 6",
    "gamma = 0: the best output guesses, for all that is open, the bit of the likelier cluster",
    "as printed; where both are as likely every output is as good",
)
def lemma_6() -> Finding:
    """The likelier cluster by exact odds against the optimal outputs."""
    tally = Tally()
    for n, k, alpha, p in itertools.product((4, 9), (0, 1, 3), (0.5, 0.7, 0.9), (0.1, 0.3)):
        after = optimum(Situation(n, alpha, p), 0.0).per_k[k]
        for a, ties in enumerate(after.ones):
            here, chance = Fraction(str(alpha)), Fraction(str(p))
            odds = here * (1 - chance) ** (k - a) * chance**a - (1 - here) * (1 - chance) ** a * chance ** (k - a)
            wanted = (0, 0) if odds > 0 else (n - k, n - k) if odds < 0 else (0, n - k)
            tally.add((ties[0], ties[-1]) == wanted)
    ones = [tie[0] for tie in optimum(Situation(9, 0.5, 0.1), 0.0).per_k[5].ones]
    return Finding(tally, f"n = 9, k = 5, alpha = 1/2: ones {ones} after 0..5 ones answered", {"ones": ones})


@LEMMAS.check(
    "Lemma 7",
    "alpha = 1/2, gamma = 0, cost 1: for n >= 3 there are p where the first question pays and p where it does not",
    "k = 1 beats k = 0 iff p < (1 - 1/sqrt(n - 1)) / 2",
)
def lemma_7() -> Finding:
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
    return Finding(
        printed,
        f"smallest n is {n}: k* = {low.k_opt[0]} at p = {low.situation.p:g}, k* = {high.k_opt[0]} at p = "
        f"{high.situation.p:g}",
        {"n": n, "threshold": edge, "k_opt": {low.situation.p: list(low.k_opt), high.situation.p: list(high.k_opt)}},
        sharp,
    )


@LEMMAS.check(
    "Lemma 8",
    "gamma = 0, cost 1, alpha = 0.9: no question is worth asking at n = 3 and n = 6, whatever p",
    "k = 0 is optimal for every p iff n min(alpha, 1 - alpha) <= 1",
)
def lemma_8() -> Finding:
    alphas = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
    ps = (0.0, *HUNDREDTHS[::4], 0.49)
    sharp, printed = Tally(), Tally()
    for n in (1, 2, 3, 5, 6, 8, 10, 20, 30, 40):
        best_numbers = best(n, alphas, ps, [0.0])
        for alpha in alphas:
            never = all(0 in best_numbers[alpha, p][0] for p in ps)
            sharp.add(never == (n * min(exact(alpha), 1 - exact(alpha)) <= 1))
            if alpha == 0.9 and n in (3, 6):
                printed.add(never)
    tie = optimum(Situation(10, 0.9, 0.0), 0.0).k_opt
    first = next(n for n in range(1, 60) if optimum(Situation(n, 0.9, 0.0), 0.0).k_opt != (0,))
    more = next(n for n in range(1, 60) if 0 not in optimum(Situation(n, 0.9, 0.0), 0.0).k_opt)
    return Finding(
        printed,
        f"alpha = 0.9: k* = {{{', '.join(map(str, tie))}}} at n = {first}, p = 0 is the exact tie; at n = {more} one "
        "question is strictly better",
        {"alpha": 0.9, "tie_at_n": first, "k_opt": list(tie), "strictly_better_from_n": more},
        sharp,
    )


@LEMMAS.check("Lemma 9", "an optimal response policy need not be random", "W is linear in it (the proof is slip 6)")
def lemma_9() -> Finding:
    """Mixtures of two outputs against the best output, in decimals of a hundred digits, after every answer."""
    tally = Tally()
    for n, alpha, p, gamma in itertools.product((1, 2, 3), (0.5, 0.8), (0.1, 0.3), (0.0, 0.5, 2.0, 10.0)):
        situation = Situation(n, alpha, p)
        precise, solution = Precise(situation, gamma), optimum(situation, gamma)
        for after in solution.per_k:
            most = precise.welfare(after.k, after.fewest.tolist())
            wide = range(n - after.k + 1)
            every = [precise.welfare(after.k, each) for each in itertools.product(wide, repeat=after.k + 1)]
            # Half of each is as good a mixture as any.
            with localcontext(Context(prec=DIGITS)):
                slack = abs(most) * EQUAL
                tally.all((one + other) / 2 <= most + slack for one, other in itertools.combinations(every, 2))
                tally.add(max(every) - most <= slack)
    return Finding(
        tally, "W is linear in the probabilities of the outputs after each answer: some single output is best"
    )


@LEMMAS.check("Lemma 10", "n = 6, k = 3, gamma = 10: every answer gets another output", "as printed")
def lemma_10() -> Finding:
    ps = HUNDREDTHS[::2]
    gammas = [float(gamma) for gamma in range(31)]
    solutions = [optima(Situation(6, HALF, p), gammas) for p in ps]
    holds = [all(_different(row[at], 3) for row in solutions) for at in range(len(gammas))]
    tally = Tally().all(_different(row[10], 3) for row in solutions)
    first = max(at for at, good in enumerate(holds) if not good) + 1
    n, k = next(
        (n, k)
        for n in range(2, 10)
        for k in range(2, n)
        if any(_different(optimum(Situation(n, HALF, p), 10.0), k) for p in ps)
    )
    ones = [tie[0] for tie in optimum(Situation(6, HALF, 0.1), 10.0).per_k[3].ones]
    return Finding(
        tally,
        f"n = 6, k = 3: ones {ones} after 0..3 ones answered, at each of {len(ps)} p; from gamma = {first} to 30 "
        f"(whole numbers); smallest with k >= 2: n = {n}, k = {k}",
        {"ones": ones, "from_gamma": first, "smallest": {"n": n, "k": k}},
    )


def _different(solution: Optimum, k: int) -> bool:
    """Whether the output differs after every number of ones."""
    ties = solution.per_k[k].ones
    return all(len(tie) == 1 for tie in ties) and len({tie[0] for tie in ties}) == k + 1


@LEMMAS.check(
    "Theorem 11",
    "gamma -> infinity, k <= n/2: zeros = S - a with S = n/2 + log_r((1 - alpha)/alpha)/2, other ones for every a",
    "zeros = clip(round(S - a), 0, n - k), ties by the next level; all differ iff k <= round(S) <= n - k",
)
@cache
def theorem_11() -> Finding:
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
            by_law = [leximin_by_law(n, k, a, alpha, p) for a in range(k + 1)]
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
    return Finding(
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


def _reached(n: int, k: int, p: float) -> int:
    """First gamma of a grid whose outputs after k answers are those of the limit (alpha = 1/2)."""
    grid = (2, 3, 5, 8, 10, 15, 20, 30, 50)
    *finite, last = optima(Situation(n, HALF, p), [*grid, math.inf])
    return next(g for g, solution in zip(grid, finite, strict=True) if solution.per_k[k].ones == last.per_k[k].ones)


@LEMMAS.check(
    "Lemma 12",
    "k* is not monotone in gamma, for p > 0; shown at n = 3, p = 0.1",
    "for some p, not for every p > 0; not at n = 3, p = 0.1",
)
def lemma_12() -> Finding:
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
    better = one_each(solution.k_opt for solution in optima(Situation(10, HALF, 0.1), steps))
    some.add(turns(better) > 0)
    return Finding(
        printed,
        f"the printed case n = 3, p = 0.1 only falls ({stretches(own)}); smallest that does not: n = {n}, p = {p:g} "
        f"({stretches(row)}); n = 10, p = 0.1: {listed(better)} at gamma = {listed(steps)}",
        {
            "printed_case": own,
            "smallest": {"n": n, "p": p, "gammas": list(gammas), "k_opt": row},
            "n10_p0.1": {"gammas": list(steps), "k_opt": better},
        },
        some,
    )


@LEMMAS.check("Lemma 13", "k* and the entropy of the output both rise and fall in gamma", "as printed, in bits")
@cache
def lemma_13() -> Finding:
    solutions = optima(Situation(25, HALF, 0.1), [2.0, 5.0, 10.0])
    best_k = one_each(each.k_opt for each in solutions)
    bits = [each.per_k[k].entropy_bits for each, k in zip(solutions, best_k, strict=True)]
    tally = Tally().all([best_k == [4, 6, 2], [round(b, 4) for b in bits] == [1.2318, 2.4209, 1.5001]])
    tally.add(bits[0] < bits[1] > bits[2])
    for gamma, each, k in zip((2, 5, 10), solutions, best_k, strict=True):
        tally.add(each.per_k[k].entropy_bits <= math.log2(k + 1) and len(each.k_opt) == 1 and gamma > 1)
    return Finding(
        tally,
        f"n = 25, p = 0.1, gamma = 2, 5, 10: k* = {listed(best_k)}, H = {', '.join(f'{b:.4f}' for b in bits)} bits",
        {"gammas": [2, 5, 10], "k_opt": best_k, "bits": bits},
    )
