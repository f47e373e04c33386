"""How the time of every stage grows with the number of people: CPU seconds, peak memory, slopes on log-log axes.

    python benchmarks/growth.py [--people 1000 10000 100000 1000000] [--only STAGE ...] [--json]

30 statements, slates of 10 (the assignment: 20). Votes: `profiles.py`, a fifth of them known where a model is fitted;
utilities: `audits.py`, multiples of 1/1024. A stage runs on fresh objects in a process of its own, so its peak memory
is its own (input and libraries included); small sizes are repeated and the median is shown. "slope": least squares of
log seconds over log people, all sizes; "last": between the two largest sizes, where fixed costs no longer flatter.
1 is proportional; above 1.2 is marked. Nothing here is NP-hard. Most of the time is the fit: a minute
of CPU and more at 1,000,000 people; ``--only`` and ``--people`` ask for less.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from audits import Matrix, utilities
from folkmoot.audits import Subject, approval, cbjr
from folkmoot.audits.audit import FRONTIER_STEPS
from folkmoot.audits.welfare import welfare
from folkmoot.preferences import fit
from folkmoot.processes import Problem, balanced_assignment, find
from folkmoot.processes.rules import equal_shares, greedy_monroe, seqpav, seqphragmen
from folkmoot.profile import Agents, Answers, FloatArray, Profile, Statements
from folkmoot.queries import ClosedPool, Completed
from profiles import approval as likes

STATEMENTS, SLATE, SEATS = 30, 10, 20
STEEP = 1.2
# A small stage is run again until it has used this many CPU seconds, at most RUNS times.
ENOUGH, RUNS = 1.0, 7

Run = Callable[[], object]


def pool_of(values: FloatArray) -> ClosedPool:
    return ClosedPool(Matrix(values), np.arange(values.shape[1]), np.ones(values.shape[1], dtype=np.int64))


def subject_of(values: FloatArray) -> Subject:
    """A slate of the most popular, everybody with their favourite of it."""
    chosen = np.argsort(-values.mean(axis=0), kind="stable")[:SLATE]
    return Subject(pool_of(values), chosen, values[:, chosen].argmax(axis=1), SLATE)


def audited(check: Callable[[Subject], object], n: int) -> Run:
    return partial(check, subject_of(utilities(n, STATEMENTS)))


def frontier(subject: Subject) -> object:
    return cbjr.frontier(subject, subject.own, subject.offers, np.linspace(0.0, 1.0, FRONTIER_STEPS + 1))


def violations(subject: Subject) -> object:
    return cbjr.violations(subject, subject.own, subject.offers)


def jr(subject: Subject) -> object:
    return approval.jr(subject, subject.slate, subject.offers, 0.75)


def ejr_plus(subject: Subject) -> object:
    return approval.ejr_plus(subject, subject.slate, subject.offers, 0.75)


def welfare_of(subject: Subject) -> object:
    return welfare(subject, 0.0, 1.0)


def whole(process: str, n: int) -> Run:
    """A process on utilities, with its assignment."""
    problem = Problem(pool_of(utilities(n, STATEMENTS)), SLATE)
    return lambda: find(process).run(problem, np.random.default_rng(0))


def chosen(rule: Callable[[Problem], object], n: int) -> Run:
    """A rule on approvals, without the assignment, which has a line of its own."""
    return partial(rule, Problem(pool_of(likes(n, STATEMENTS).astype(np.float64)), SLATE))


def assigned(n: int) -> Run:
    share = np.full(SEATS, n // SEATS)
    return partial(balanced_assignment, utilities(n, SEATS), share, share)


def profile_of(n: int) -> Profile:
    votes, seen = likes(n, STATEMENTS), np.random.default_rng(17).random((n, STATEMENTS)) < 0.2
    rows, columns = np.nonzero(seen)
    people, names = tuple(map(str, range(n))), tuple(map(str, range(STATEMENTS)))
    return Profile(
        Agents(people), Statements(names, names), Answers.of(rows, columns, np.where(votes[seen], 1.0, -1.0))
    )


def fitted(n: int) -> Run:
    return partial(fit, profile_of(n), np.random.default_rng(0))


def completed(n: int) -> Run:
    """Every unknown answer predicted, by the model that ``auto`` chooses here."""
    profile = profile_of(n)
    model = fit(profile, np.random.default_rng(0), "latent-classes", classes=8)
    everybody, everything = np.arange(n), np.arange(STATEMENTS)
    return partial(Completed(profile, model).utilities, everybody, everything)


STAGES: dict[str, Callable[[int], Run]] = {
    "frontier": partial(audited, frontier),
    "violations (cBJR)": partial(audited, violations),
    "JR": partial(audited, jr),
    "EJR+": partial(audited, ejr_plus),
    "welfare": partial(audited, welfare_of),
    "balanced assignment": assigned,
    "democratic-fast": partial(whole, "democratic-fast"),
    "bjr": partial(whole, "bjr"),
    "popular": partial(whole, "popular"),
    "sequential PAV": partial(chosen, seqpav.committee),
    "seqphragmen": partial(chosen, seqphragmen.committee),
    "equal-shares": partial(chosen, equal_shares.committee),
    "greedy-monroe": partial(chosen, greedy_monroe.committee),
    "fit": fitted,
    "completion": completed,
}


def measure(stage: str, n: int) -> tuple[float, float]:
    """CPU seconds and peak MB; in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (stage, n))


def _measure(stage: str, n: int) -> tuple[float, float]:
    seconds: list[float] = []
    while len(seconds) < RUNS and sum(seconds) < ENOUGH:
        # What a stage keeps for the next time (sorted columns, counts) must not be there the first time.
        run = STAGES[stage](n)
        start = time.process_time()
        run()
        seconds.append(time.process_time() - start)
    return statistics.median(seconds), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def slope(people: list[int], seconds: list[float]) -> float:
    """Least squares of log seconds over log people."""
    return float(np.polyfit(np.log(people), np.log(np.maximum(seconds, 1e-6)), 1)[0])


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--only", nargs="+", choices=STAGES, default=list(STAGES), metavar="STAGE")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    people = sorted(set(asked.people))
    if len(people) < 2:
        parser.error("a slope needs at least two sizes")
    found: dict[str, Any] = {}
    print("CPU seconds, peak MB".ljust(22) + "".join(f"n = {n:,}".rjust(22) for n in people) + "   slope    last")
    for stage in asked.only:
        figures = [measure(stage, n) for n in people]
        seconds = [figure[0] for figure in figures]
        slopes = slope(people, seconds), slope(people[-2:], seconds[-2:])
        found[stage] = {"people": people, "cpu_s": seconds, "peak_mb": [f[1] for f in figures], "slopes": slopes}
        cells = "".join(f"{cpu:10.4f} s {peak:6.0f} MB".rjust(22) for cpu, peak in figures)
        steep = f"   above {STEEP}" if max(slopes) > STEEP else ""
        print(f"{stage:<22}{cells}{slopes[0]:8.2f}{slopes[1]:8.2f}{steep}", flush=True)
    if asked.json:
        print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
