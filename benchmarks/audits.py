"""CPU seconds and peak memory of the frontier of a slate; `python benchmarks/audits.py`, about two minutes.

The frontier is d(b) at the audit's own slacks. Utilities: clusters of people with noise around what their cluster
thinks, a fifth of the answers said (0 or 1); on the product's grid of 1/1024, or left as arbitrary float64. The slate:
ten popular statements, everybody represented by their favourite of them ("favourite"), or by any of them ("random",
where nearly everybody has something to complain of). Every case runs in a process of its own; the peak memory includes
the utilities, which are 1.6 GB for 1,000,000 people and 200 statements. Beside it, where that can be waited for, the
plain way: sort once per statement and slack. Same numbers are asserted.
"""

from __future__ import annotations

import multiprocessing
import resource
import time

import numpy as np

from folkmoot.audits import Subject
from folkmoot.audits.audit import FRONTIER_STEPS
from folkmoot.audits.cbjr import frontier
from folkmoot.profile import BoolArray, FloatArray, IntArray
from folkmoot.queries import ClosedPool

BUDGET = 164
SLATE = 10
# People, statements, whether they have weights, and whether the plain way is run too.
CASES = ((10_000, 1_000, False, True), (10_000, 1_000, True, True), (100_000, 100, False, True))
LARGE = (1_000_000, 200, False, False)


class Matrix:
    """Disc over a given matrix of utilities, all of them said."""

    def __init__(self, values: FloatArray) -> None:
        self.values = values
        self.n_agents, self.n_statements = values.shape

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        if len(agents) == self.n_agents:
            return self.values[:, statements]
        return self.values[np.ix_(agents, statements)]

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        return np.ones((len(agents), len(statements)), dtype=bool)


def utilities(n: int, m: int, grid: bool = True, seed: int = 7, groups: int = 8, said: float = 0.2) -> FloatArray:
    """float64 [n, m] in 0..1, columns contiguous: eight clusters, noise of 0.15; multiples of 1/1024 where ``grid``."""
    rng = np.random.default_rng(seed)
    group = rng.choice(groups, size=n, p=rng.dirichlet(np.full(groups, 2.0)))
    level = rng.beta(1.5, 1.5, (groups, m))
    found = np.empty((n, m), order="F")
    for column, thinks in zip(found.T, level.T, strict=True):
        column[:] = np.clip(thinks[group] + 0.15 * rng.standard_normal(n), 0.0, 1.0)
        asked = rng.random(n) < said
        column[asked] = rng.random(int(asked.sum())) < column[asked]
        if grid:
            column[:] = np.rint(column * 1024) / 1024
    return found


def subject_of(n: int, m: int, weighted: bool, grid: bool, content: bool) -> Subject:
    """A slate of ten popular statements over the whole pool."""
    values = utilities(n, m, grid)
    rng = np.random.default_rng(1)
    masses = rng.integers(1, 5, n) if weighted else np.ones(n, dtype=np.int64)
    pool = ClosedPool(Matrix(values), np.arange(m), rng.integers(5, 30, m), masses)
    chosen = np.argsort(-values.mean(axis=0), kind="stable")[:SLATE]
    place = values[:, chosen].argmax(axis=1) if content else rng.integers(0, SLATE, n)
    return Subject(pool, chosen, place, BUDGET)


def plain(subject: Subject, slacks: FloatArray) -> FloatArray:
    """d(b) with one sort per statement and slack, every statement looked at."""
    found = np.zeros(len(slacks))
    for part, block in subject.offers(subject.outside):
        for candidate, offer in zip(part, block.T, strict=True):
            for place, slack in enumerate(slacks):
                inside = subject.own + slack < offer
                starts, ends = subject.own[inside] + slack, offer[inside]
                by_start, by_end = np.argsort(starts, kind="stable"), np.argsort(ends, kind="stable")
                started = np.concatenate([[0], np.cumsum(subject.masses[inside][by_start])])
                ended = np.concatenate([[0], np.cumsum(subject.masses[inside][by_end])])
                points = ends[by_end]
                covered = started[np.searchsorted(starts[by_start], points)] - ended[np.searchsorted(points, points)]
                ratio = covered.max(initial=0) / subject.needs[candidate]
                found[place] = max(found[place], float(ratio))
    return found


def measure(n: int, m: int, weighted: bool, compare: bool, grid: bool, content: bool) -> tuple[float, float, float]:
    """CPU seconds, peak MB, and CPU seconds of the plain way (nan where it is not run); in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (n, m, weighted, compare, grid, content))


def _measure(n: int, m: int, weighted: bool, compare: bool, grid: bool, content: bool) -> tuple[float, float, float]:
    subject = subject_of(n, m, weighted, grid, content)
    slacks = np.linspace(0.0, 1.0, FRONTIER_STEPS + 1)
    start = time.process_time()
    line = frontier(subject, subject.own, subject.offers, slacks)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if not compare:
        return seconds, peak, float("nan")
    start = time.process_time()
    expected = plain(subject, slacks)
    beside = time.process_time() - start
    assert (line == expected).all(), (line, expected)
    return seconds, peak, beside


def main() -> None:
    print(f"frontier of a slate at {FRONTIER_STEPS + 1} slacks: CPU seconds, peak MB of the process")
    for n, m, weighted, compare in (*CASES, LARGE):
        for grid in (True, False):
            for content in (True, False):
                seconds, peak, beside = measure(n, m, weighted, compare, grid, content)
                print(
                    f"  n = {n:>9,}, m = {m:>5,} {'weights' if weighted else '':<8} "
                    f"{'in 1/1024' if grid else 'float64':<10} {'favourite' if content else 'random':<10} "
                    f"{seconds:7.2f} s {peak:6.0f} MB"
                    + (f"   a sort each: {beside:6.2f} s, {beside / seconds:4.0f}x, same numbers" if compare else ""),
                    flush=True,
                )


if __name__ == "__main__":
    main()
