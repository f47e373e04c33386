"""Slips in the statements, the figures and the words of When to Ask a Question (11 to 21), beside what holds."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from folkmoot.asking import Situation, optima, optimum
from folkmoot.profile import InputError

from .checks import Claims, Finding, Tally
from .exact import HALF, HUNDREDTHS, best, listed, one_each, stretches, turns
from .lemmas import lemma_13

SLIPS = Claims()


@SLIPS.check("Slip 11", "n = 3, p = 0.1 shows Lemma 12 (B.7)", "it does not: k* only falls there")
def only_falls() -> Finding:
    gammas = tuple(i / 10 for i in range(101))
    row = one_each(best(3, [HALF], [0.1], gammas)[HALF, 0.1])
    last = max(gamma for gamma, k in zip(gammas, row, strict=True) if k)
    return Finding(
        Tally(1, int(turns(row) == 0)),
        f"k* = {stretches(row)} on 101 gammas from 0 to 10, 1 up to gamma = {last:g}: that is monotone",
        {"gammas": list(gammas), "k_opt": row},
        Tally(1, int(row != sorted(row, reverse=True))),
    )


@SLIPS.check("Slip 11b", "k* grows, then decreases in gamma (5.3)", "no law: it can turn more than once")
def up_and_down() -> Finding:
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
        best_numbers = {p: sets for (_, p), sets in best(n, [HALF], ps, gammas).items()}
        tally.all(turns(one_each(sets)) <= 1 for sets in best_numbers.values())
        hit = next((p for p, sets in best_numbers.items() if turns(one_each(sets)) > 1), None)
        if hit is not None:
            smallest = {"n": n, "p": hit, "gammas": list(gammas), "k_opt": one_each(best_numbers[hit])}
    words = "; ".join(
        f"n = {n}, p = {p:g}: {listed(row)} at gamma = {listed(g)}" for (n, p, g), row in zip(cases, rows, strict=True)
    )
    first = (
        f"smallest on the grid: n = {smallest['n']}, p = {smallest['p']:g} ({stretches(smallest['k_opt'])}); "
        if smallest
        else ""
    )
    return Finding(
        tally,
        first + words,
        {
            "smallest": smallest,
            "cases": [
                {"n": n, "p": p, "gammas": list(g), "k_opt": row} for (n, p, g), row in zip(cases, rows, strict=True)
            ],
        },
    )


SLIPS.wording("Slip 12", "k increases from 5 to 10 (B.8)", "gamma does")


@SLIPS.check("Slip 13", "E[H(f(a))] of Lemma 13", "entropy of the law of f(a), base 2")
def entropy_in_bits() -> Finding:
    bits = lemma_13().values["bits"]
    nats = [b * math.log(2) for b in bits]
    return Finding(
        Tally().all(round(x, 4) == y for x, y in zip(nats, (1.2318, 2.4209, 1.5001), strict=True)),
        f"in nats they would be {', '.join(f'{x:.3f}' for x in nats)}",
        {"nats": nats},
        Tally().all(round(x, 4) == y for x, y in zip(bits, (1.2318, 2.4209, 1.5001), strict=True)),
    )


@SLIPS.check("Slip 14", "0 <= k < n (3.3)", "k = n is allowed, and optimal where questions are cheap")
def everything_asked() -> Finding:
    below, allowed = Tally(), Tally()
    for n, p in itertools.product((1, 3, 10), (0.1, 0.3)):
        best_numbers = optimum(Situation(n, HALF, p, 0.05), 0.0).k_opt
        below.add(best_numbers[0] < n)
        allowed.add(best_numbers == (n,))
    return Finding(below, "n = 1, p = 0.1, cost 0.05: k* = n = 1", {"n": 1, "cost": 0.05}, allowed)


@SLIPS.check("Slip 15", "the proof of Lemma 7 uses p = 1/2", "p near 1/2: the model has p < 1/2")
def half() -> Finding:
    refused = Tally()
    try:
        Situation(3, HALF, HALF)
    except InputError:
        refused.add(False)
    near = Tally().all(optimum(Situation(n, HALF, 0.499999), 0.0).k_opt == (0,) for n in (3, 10, 30))
    return Finding(refused, "p = 1/2 is outside the model; at p = 0.499999 k* = 0 for n = 3, 10, 30", {}, near)


SLIPS.wording("Slip 16", "references and words in B.1", "equation 2; exchangeable, not i.i.d.; the likelier cluster")


@SLIPS.check(
    "Figure 3",
    "alpha = 0.9: with more features it can be better to ask one question (caption)",
    "not yet at n = 10, where k = 0 and k = 1 tie at p = 0; at n = 30 one, then two, then none",
)
def figure_3() -> Finding:
    ps = (0.0, *HUNDREDTHS)
    ten, thirty_sets = ([sets[0] for sets in best(n, [0.9], ps, [0.0]).values()] for n in (10, 30))
    thirty = one_each(thirty_sets)
    better = [p for p, chosen in zip(ps, ten, strict=True) if chosen == (1,)]
    runs = [f"{k} for p {at[0]:g}-{at[-1]:g}" for k, at in _runs(ps, thirty)]
    exact_form = Tally(2, int(ten[0] != (0, 1)) + int([k for k, _ in _runs(ps, thirty)] != [1, 2, 0]))
    return Finding(
        Tally(1, int(1 not in thirty)),
        f"alpha = 0.9, n = 10: one question is strictly better at {len(better)} of {len(ps)} p (k* = "
        f"{{{', '.join(map(str, ten[0]))}}} at p = 0); n = 30: k* = {', '.join(runs)}",
        {"n10_strictly_better": better, "n30": thirty},
        exact_form,
    )


def _runs(at: Sequence[float], values: Sequence[int]) -> list[tuple[int, list[float]]]:
    """Stretches of equal values, with where they are."""
    return [
        (value, [where for where, _ in pairs])
        for value, pairs in itertools.groupby(zip(at, values, strict=True), key=lambda pair: pair[1])
    ]


@SLIPS.check("Figure 4", "more than a single question can be worth it (text)", "there is a region of three, too")
def figure_4() -> Finding:
    ps = [i / 50 for i in range(25)]
    alphas = [round(0.5 + 0.05 * i, 2) for i in range(11)]
    cells = {at: sets[0][0] for at, sets in best(30, alphas, ps, [0.0]).items()}
    counts = np.bincount(np.array(list(cells.values())), minlength=4)
    three = [at for at, k in cells.items() if k == 3]
    at_half = [p for alpha, p in three if alpha == HALF]
    return Finding(
        Tally(1, int(counts[2:].sum() == 0)),
        f"n = 30, {counts.sum()} cells: k* = 1 in {counts[1]}, 2 in {counts[2]}, 3 in {counts[3]} (alpha "
        f"{three[0][0]:g}-{three[-1][0]:g}; at alpha = 0.5: p = {at_half[0]:g}-{at_half[-1]:g})",
        {"counts": counts.tolist(), "three": [list(cell) for cell in three]},
        Tally(1, int(counts[4:].sum() > 0)),
    )


@SLIPS.check("Slip 19", "the optimal output is one number", "where outputs tie, figures depend on the rule")
def ties() -> Finding:
    """Entropy of the output where all tie after as many ones as zeros: by the rule for ties, or as one more output."""
    after = optimum(Situation(25, HALF, 0.1), 0.0).per_k[4]
    weights = [math.comb(4, a) * (0.1**a * 0.9 ** (4 - a) + 0.9**a * 0.1 ** (4 - a)) / 2 for a in range(5)]
    apart = [weights[0] + weights[1], weights[2], weights[3] + weights[4]]
    other = -sum(x * math.log2(x) for x in apart)
    same = Tally(1, int(abs(after.entropy_bits - other) > 1e-9))
    return Finding(
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


@SLIPS.check(
    "Slip 21",
    "two likes of ten, cost 0.3: ten questions are best at gamma = 10 (7)",
    "not beside the best response, where none dominates ten; beside the most likely values see the study sushi",
)
def two_of_ten() -> Finding:
    """Everyone likes exactly two of ten: what outputs without and after questions at cost 0.3 are worth to each."""
    everyone = list(itertools.combinations(range(10), 2))
    cost = Fraction(3, 10)
    blind = {10 - len(likes) for likes in everyone}
    worth_asking = {k: 10 - cost * k for k in (9, 10)}
    return Finding(
        Tally().all(worth <= worth_asking[10] for worth in blind),
        f"all zeros without a question: u = {min(blind)} for each of {len(everyone)} people; after ten questions "
        f"{float(worth_asking[10]):g}, after nine (the tenth follows) {float(worth_asking[9]):g}",
        {"without": min(blind), "after_ten": float(worth_asking[10]), "after_nine": float(worth_asking[9])},
        Tally().all(worth > worth_asking[9] > worth_asking[10] for worth in blind),
    )
