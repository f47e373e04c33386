"""Speed of the exact optimum of asking, and of the formula as it is printed, side by side.

    python benchmarks/asking.py [--literal 25] [--sizes 100 200 500] [--large 500 1000]

First what it takes by size (CPU seconds, best of three; one run above n = 200). Then the printed formula (A.2) in its
right reading: loop by loop at a small n (and from there, by the number of its terms, 2 C(n + 5, 5), at n = 100); and as
a careful reader would write it (G for every (m, z) by ``numpy.convolve``, out of the loops over a and gamma). The same
numbers come out, which is asserted; ratios of one run are what to quote.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from folkmoot.asking import Optimum, Situation, optima, optimum_map
from folkmoot.profile import FloatArray
from folkmoot_studies.asking.printed import hoisted, literal, vectorised

ALPHA, P = 0.7, 0.2
# gamma = 1 is a logarithm, which the printed formula does not cover.
GAMMAS = [0.0, 0.25, 0.5, 0.75, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 20.0, 30.0, 40.0, 50.0]
T = TypeVar("T")


def timed(work: Callable[[], T], times: int = 3) -> tuple[float, T]:
    """CPU seconds of the quickest run, and its result."""
    best, result = np.inf, None
    for _ in range(times):
        begin = time.process_time()
        result = work()
        best = min(best, time.process_time() - begin)
    assert result is not None
    return float(best), result


def welfare(found: list[Optimum]) -> FloatArray:
    """float64 [gammas, n + 1]."""
    return np.array([[after.welfare for after in each.per_k] for each in found], dtype=np.float64)


def apart(one: FloatArray, other: FloatArray) -> float:
    """Largest relative difference."""
    return float((np.abs(one - other) / np.abs(other)).max())


def show(name: str, seconds: float, note: str = "") -> None:
    print(f"{name:58}{seconds:>10.4f} s   {note}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--literal", type=int, default=25, help="n of the formula loop by loop (time grows with n^5)")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[100, 200, 500], help="n of the formula by convolutions"
    )
    parser.add_argument("--large", type=int, nargs="*", default=[500, 1000], help="further n, one gamma and twenty")
    asked = parser.parse_args()

    print("exact optimum, alpha = 0.7, p = 0.2, cost 1")
    for n in (30, 100, 200, *asked.large):
        situation, times = Situation(n, ALPHA, P), 3 if n <= 200 else 1
        one, _ = timed(lambda s=situation: optima(s, [2.0]), times)  # type: ignore[misc]
        steep, _ = timed(lambda s=situation: optima(s, [50.0]), times)  # type: ignore[misc]
        many, _ = timed(lambda s=situation: optima(s, GAMMAS), times)  # type: ignore[misc]
        show(f"n = {n}, gamma = 2", one)
        show(f"n = {n}, gamma = 50", steep, f"{steep / one:.2f}x of gamma = 2")
        show(f"n = {n}, 20 gammas", many, f"{many / one:.2f}x of one gamma")
    alphas, ps = np.linspace(0.5, 1.0, 51).tolist(), np.linspace(0.0, 0.49, 51).tolist()
    area, found = timed(lambda: optimum_map(30, alphas, ps, [0.0]), 1)
    show(f"map of Figure 4, n = 30, {found.k_opt.size:,} cells", area)

    print("beside the printed formula")
    n = asked.literal
    loops, printed = timed(lambda: literal(n, ALPHA, P, 2.0), 1)
    ours, found_one = timed(lambda: optima(Situation(n, ALPHA, P), [2.0]))
    gap = apart(welfare(found_one)[0], printed)
    assert gap < 1e-10, gap
    show(f"n = {n}, gamma = 2: loop by loop", loops, f"{loops / ours:.0f}x; welfare differs by {gap:.0e} at most")
    terms = math.comb(100 + 5, 5) / math.comb(n + 5, 5)
    at_100, _ = timed(lambda: optima(Situation(100, ALPHA, P), [2.0]))
    show("n = 100, gamma = 2: loop by loop, by its terms", loops * terms, f"{loops * terms / at_100:,.0f}x; not run")
    arrays, printed = timed(lambda: vectorised(100, ALPHA, P, 2.0), 1)
    gap = apart(welfare(optima(Situation(100, ALPHA, P), [2.0]))[0], printed)
    assert gap < 1e-10, gap
    note = f"{arrays / at_100:.0f}x; welfare differs by {gap:.0e} at most"
    show("n = 100, gamma = 2: inner sums as arrays", arrays, note)
    for n in asked.sizes:
        for gammas in ([2.0], GAMMAS):
            times = 3 if n <= 200 else 1
            convolved, (table, _) = timed(lambda g=gammas, n=n: hoisted(n, ALPHA, P, g), times)  # type: ignore[misc]
            ours, found_many = timed(lambda g=gammas, n=n: optima(Situation(n, ALPHA, P), g), times)  # type: ignore[misc]
            gap = apart(welfare(found_many), table)
            assert gap < 1e-9, gap
            assert [each.k_opt[0] for each in found_many] == table.argmax(axis=1).tolist()
            name = f"n = {n}, gamma = 2" if len(gammas) == 1 else f"n = {n}, 20 gammas"
            show(f"{name}: this", ours)
            show(f"{name}: convolutions", convolved, f"{convolved / ours:.1f}x; same k*, welfare within {gap:.0e}")


if __name__ == "__main__":
    main()
