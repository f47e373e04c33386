"""Slips in the formulas and proofs of When to Ask a Question (1 to 10), each beside the reading that holds."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from folkmoot.asking import Situation, leximin, optima, optimum

from .checks import Claims, Finding, Tally
from .exact import HALF, listed, one_each
from .lemmas import theorem_11
from .printed import Reading, hoisted

SLIPS = Claims()


@SLIPS.check("Slip 1", "f is the number of ones throughout (5.2)", "of zeros in the appendix's formulas")
def ones_or_zeros() -> Finding:
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
    return Finding(
        ones,
        f"n = 1, k = 0, alpha = 1, p = 0.1: the formula chooses {chosen}, the best output has {best_ones} ones",
        {"z": int(chosen), "ones": best_ones},
        zeros,
    )


@SLIPS.check("Slip 2", "1/(1 - gamma) stands in W0, W1 and again in (5)", "once")
def two_factors() -> Finding:
    gammas = [2.0, 5.0, 10.0]
    once, twice = (_best_read(25, gammas, Reading(factors=count)) for count in (1, 2))
    smallest = next(n for n in range(1, 10) if _best_read(n, [2.0], Reading(2)) != _best_read(n, [2.0], Reading()))
    return Finding(
        Tally(3, sum(one != other for one, other in zip((4, 6, 2), twice, strict=True))),
        f"n = 25, p = 0.1, gamma = 2, 5, 10: k* = {listed(twice)} with two factors, {listed(once)} with one; "
        f"smallest n that tells them apart: {smallest}",
        {"gammas": gammas, "two": twice, "one": once, "smallest_n": smallest},
        Tally(3, sum(one != other for one, other in zip((4, 6, 2), once, strict=True))),
    )


def _best_read(n: int, gammas: Sequence[float], reading: Reading) -> list[int]:
    return [int(k) for k in hoisted(n, HALF, 0.1, gammas, reading=reading)[0].argmax(axis=1)]


@SLIPS.check("Slip 3", "gamma >= 1 has an optimum as written (A.2)", "only with a shift; figures use u + 1")
def no_shift() -> Finding:
    lost, finite = Tally(), Tally()
    for n, p, gamma in itertools.product((1, 3, 10, 25), (0.01, 0.1, 0.4), (1.0, 2.0, 10.0)):
        lost.add(len(optimum(Situation(n, HALF, p, shift=0.0), gamma).k_opt) == 1)
        finite.add(len(optimum(Situation(n, HALF, p), gamma).k_opt) < n + 1)
    solution = optimum(Situation(1, HALF, 0.1, shift=0.0), 1.0)
    return Finding(
        lost,
        f"n = 1, gamma = 1, shift 0: W = -inf for every k, k* = {{{', '.join(map(str, solution.k_opt))}}}",
        {"k_opt": list(solution.k_opt)},
        finite,
    )


@SLIPS.check("Slip 4", "the shift by 1 is without loss of generality (B.6)", "in the limit only; it is a parameter")
def shift_counts() -> Finding:
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
    return Finding(
        Tally().all(row == rows[1.0] for s, row in rows.items() if s != 1.0),
        "n = 25, p = 0.1, gamma = 2, 5, 10: k* = "
        + "; ".join(f"{listed(row)} at shift {s:g}" for s, row in rows.items())
        + f"; smallest n where 1/2, 1 and 2 differ (gamma = 2): {smallest}",
        {"k_opt": {str(s): row for s, row in rows.items()}, "smallest_n": smallest},
        Tally(1, int(rows[1.0] != [4, 6, 2])),
    )


SLIPS.wording("Slip 5", "G1 of W1 is not defined (A.2)", "G0(f, 1 - p), which is G0(m - f, p)")


@SLIPS.check("Slip 6", "the best output is chosen for each cluster (B.4)", "for both at once: nobody knows which")
def per_cluster() -> Finding:
    """What the proof's choice (best output of each cluster) would be worth: more than can be had."""
    tally, possible = Tally(), Tally()
    for n, p, gamma in itertools.product((1, 2, 5), (0.1, 0.3), (0.5, 2.0)):
        known = optimum(Situation(n, 1.0, p), gamma).per_k[0].ce
        blind = optimum(Situation(n, HALF, p), gamma).per_k[0].ce
        tally.add(abs(known - blind) < 1e-12)
        possible.add(blind < known)
    known, blind = (optimum(Situation(1, alpha, 0.1), 2.0).per_k[0].ce for alpha in (1.0, HALF))
    return Finding(
        tally,
        f"n = 1, k = 0, p = 0.1, gamma = 2: the proof's choice would be worth {known:.4f} features, the best output is "
        f"worth {blind:.4f}",
        {"proof": known, "best": blind},
        possible,
    )


SLIPS.wording(
    "Slip 7",
    "first display of W(k, inf) and first line of g (B.6)",
    "p^a (1-p)^(k-a) and (1-p)^a p^(k-a) are missing",
)


@SLIPS.check("Slip 8", "zeros decrease as alpha increases (B.6)", "they never decrease")
def zeros_and_alpha() -> Finding:
    alphas = (0.1, 0.3, 0.5, 0.7, 0.9)
    row = [leximin.zeros(Situation(12, alpha, 0.3), 4, 0)[0] for alpha in alphas]
    falls, rises = Tally(), Tally()
    smallest: tuple[int, float] | None = None
    for n, p in itertools.product(range(2, 13), (0.1, 0.3, 0.45)):
        for k in range(n):
            for a in range(k + 1):
                zeros = [leximin.zeros(Situation(n, alpha, p), k, a)[0] for alpha in alphas]
                if len(set(zeros)) > 1:
                    falls.add(zeros == sorted(zeros, reverse=True))
                    smallest = smallest or (n, p)
                rises.add(zeros == sorted(zeros))
    assert smallest is not None
    return Finding(
        falls,
        f"n = 12, k = 4, p = 0.3, no ones answered: zeros {listed(row)} for alpha = {listed(alphas)}; smallest: "
        f"n = {smallest[0]}, p = {smallest[1]:g}",
        {"alphas": list(alphas), "zeros": row, "smallest": list(smallest)},
        rises,
    )


@SLIPS.check("Slip 9", "Theorem 11 for all alpha", "only where nothing is clipped")
def clipped() -> Finding:
    theorem = theorem_11()
    shares = [f"{hit} of {of} ({alpha})" for alpha, (hit, of) in theorem.values["all_outputs_differ"].items()]
    return Finding(
        theorem.printed,
        f"all outputs differ, by alpha, in {', '.join(shares)} cases (n = 2..14, 1 <= k <= n/2, six p)",
        {"all_outputs_differ": theorem.values["all_outputs_differ"]},
        theorem.corrected,
    )


SLIPS.wording(
    "Slip 10",
    "terms with n-k-j-l > 1 vanish; answers are never ignored (B.6)",
    ">= 1; they can be: Theorem 11",
)
