"""CPU seconds and peak memory of the balanced assignment; `python benchmarks/assignment.py`, about three minutes."""

from __future__ import annotations

import multiprocessing
import resource
import time

import numpy as np
from scipy.optimize import linear_sum_assignment

from folkmoot.processes import balanced_assignment
from folkmoot.profile import FloatArray

STATEMENTS = 20
KINDS = ("continuous", "popular", "tied", "saturated")


def utilities_of(kind: str, n: int) -> FloatArray:
    """Continuous; with popular and unpopular statements; {0, 0.5, 1}; multiples of 1/1024 with 60 % at 1."""
    rng = np.random.default_rng(1)
    if kind == "tied":
        return rng.integers(0, 3, size=(n, STATEMENTS)) / 2
    utilities = rng.random((n, STATEMENTS))
    if kind == "popular":
        utilities += 2 * rng.random(STATEMENTS)
    if kind == "saturated":
        utilities = np.rint(utilities * 1024) / 1024
        utilities[rng.random(utilities.shape) < 0.6] = 1.0
    return utilities


def measure(method: str, kind: str, n: int) -> tuple[float, float, float]:
    """CPU seconds, MB above what the process held before, and total utility; in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (method, kind, n))


def _measure(method: str, kind: str, n: int) -> tuple[float, float, float]:
    utilities = utilities_of(kind, n)
    share = np.full(STATEMENTS, n // STATEMENTS)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    if method == "balanced_assignment":
        place = balanced_assignment(utilities, share, share)
    else:
        seats = np.repeat(np.arange(STATEMENTS), share)
        place = seats[linear_sum_assignment(utilities[:, seats], maximize=True)[1]]
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return seconds, peak / 1024, float(utilities[np.arange(n), place].sum())


def main() -> None:
    print(f"balanced_assignment, k = {STATEMENTS}: CPU seconds, peak MB beyond the input")
    for n in (10_000, 100_000, 1_000_000):
        for kind in KINDS:
            seconds, memory, _ = measure("balanced_assignment", kind, n)
            print(f"  n = {n:>9,}  {kind:<10} {seconds:8.2f} s {memory:8.0f} MB", flush=True)
    n = 4_000
    print(f"against linear_sum_assignment on copied columns, n = {n:,}")
    for kind in KINDS:
        own, own_memory, own_value = measure("balanced_assignment", kind, n)
        other, other_memory, other_value = measure("linear_sum_assignment", kind, n)
        print(
            f"  {kind:<10} {own:6.3f} s {own_memory:4.0f} MB against {other:7.3f} s {other_memory:4.0f} MB: "
            f"{other / own:.0f} times faster; values differ by {abs(own_value - other_value):.1e}",
            flush=True,
        )


if __name__ == "__main__":
    main()
