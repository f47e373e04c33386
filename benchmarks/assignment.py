"""CPU seconds and peak memory of the balanced assignment; `python benchmarks/assignment.py`, about two minutes."""

from __future__ import annotations

import multiprocessing
import resource
import time

import numpy as np
from scipy.optimize import linear_sum_assignment, linprog
from scipy.sparse import eye_array, kron, vstack

from folkmoot.processes import balanced_assignment, capacities
from folkmoot.profile import FloatArray, IntArray

STATEMENTS = 20
KINDS = ("continuous", "popular", "tied", "saturated")
HEAVIEST = 12


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


def weights_of(n: int) -> IntArray:
    """Weights 1 to 12, for the methods that take them."""
    return np.random.default_rng(2).integers(1, HEAVIEST, size=n, endpoint=True)


def measure(method: str, kind: str, n: int) -> tuple[float, float, float]:
    """CPU seconds, MB above what the process held before, and total utility; in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (method, kind, n))


def _measure(method: str, kind: str, n: int) -> tuple[float, float, float]:
    utilities, masses = utilities_of(kind, n), weights_of(n)
    share = np.full(STATEMENTS, n // STATEMENTS)
    lower, upper = capacities(np.ones(STATEMENTS, dtype=np.int64), int(masses.sum()), STATEMENTS)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    if method == "linear_sum_assignment":
        seats = np.repeat(np.arange(STATEMENTS), share)
        place = seats[linear_sum_assignment(utilities[:, seats], maximize=True)[1]]
        value = float(utilities[np.arange(n), place].sum())
    elif method == "linprog":
        value = linear_program(utilities, masses, lower, upper)
    elif method == "weighted":
        place = balanced_assignment(utilities, lower, upper, masses)
        value = float(masses @ utilities[np.arange(n), place])
    else:
        place = balanced_assignment(utilities, share, share)
        value = float(utilities[np.arange(n), place].sum())
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return seconds, peak / 1024, value


def linear_program(utilities: FloatArray, masses: IntArray, lower: IntArray, upper: IntArray) -> float:
    """Optimum when people may be divided between statements, by HiGHS' dual simplex."""
    n, k = utilities.shape
    loads = kron(masses[None, :].astype(np.float64), eye_array(k), format="csr")
    solved = linprog(
        -(utilities * masses[:, None]).ravel(),
        A_ub=vstack([loads, -loads]),
        b_ub=np.concatenate([upper, -lower]),
        A_eq=kron(eye_array(n), np.ones((1, k)), format="csr"),
        b_eq=np.ones(n),
        method="highs-ds",
    )
    return -float(solved.fun)


def main() -> None:
    for method in ("balanced_assignment", "weighted"):
        weights = f", weights 1 to {HEAVIEST}" if method == "weighted" else ""
        print(f"balanced_assignment{weights}, k = {STATEMENTS}: CPU seconds, peak MB beyond the input")
        for n in (10_000, 100_000, 1_000_000):
            for kind in KINDS:
                seconds, memory, _ = measure(method, kind, n)
                print(f"  n = {n:>9,}  {kind:<10} {seconds:8.2f} s {memory:8.0f} MB", flush=True)
    compare("balanced_assignment", "linear_sum_assignment", 4_000, "on copied columns")
    compare("weighted", "linprog", 4_000, f"people divided as they may be, weights 1 to {HEAVIEST}")


def compare(method: str, peer: str, n: int, how: str) -> None:
    """One against the other on the same utilities."""
    print(f"against {peer} ({how}), n = {n:,}")
    for kind in KINDS:
        own, own_memory, own_value = measure(method, kind, n)
        other, other_memory, other_value = measure(peer, kind, n)
        print(
            f"  {kind:<10} {own:6.3f} s {own_memory:4.0f} MB against {other:7.3f} s {other_memory:4.0f} MB: "
            f"{other / own:.0f} times faster; values differ by {abs(own_value - other_value):.1e} of {other_value:.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
