"""What the certificate rests on: own votes, predictions, or luck.

Four looks at the same slate: on people's own answers only, on completed utilities, over posterior draws of the
unknown answers, and with every unknown answer turned against the slate. The draws are also applied to random and to
most-popular slates of equal length, so that a reader can tell whether the number is good.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ..profile import FloatArray
from ..queries import ClosedPool, Completed
from .coalitions import largest_coalitions
from .subject import Subject, own

Report = Callable[[float], None]
# Threads for the draws; each holds one whole drawn matrix.
WORKERS = 4


@dataclass(frozen=True)
class Spread:
    """Distribution of the worst d over draws.

    Args:
        median: of the largest mass / need of any coalition.
        p95: its 95th percentile.
        violated: share of draws in which some coalition reaches what it needs (d >= 1).
        draws: how many (times the number of slates).
        slates: how many slates of that kind.
    """

    median: float
    p95: float
    violated: float
    draws: int
    slates: int = 1


def over_draws(
    subjects: Sequence[tuple[str, Subject]], completed: Completed, seed: int, draws: int, report: Report | None = None
) -> dict[str, Spread]:
    """The worst d of slates over posterior draws of the unknown answers, all slates on the same draws.

    Args:
        subjects: (kind, slate), all over one pool of ``completed``; slates of one kind are pooled.
        completed: known answers and the model that the unknown ones are drawn from.
        seed: of the draws.
        draws: number of draws.
        report: told the share done.

    Returns:
        One `Spread` for each kind.
    """
    pool = subjects[0][1].pool
    slates = [subject for _, subject in subjects]

    def one(number: int) -> FloatArray:
        drawn = ClosedPool(completed.draw(seed, number), pool.statements, pool.costs, pool.masses)
        return _worst_ratios(drawn, slates)

    rows = []
    # Draws are independent and each has its own seed: the result does not depend on the number of threads.
    with ThreadPoolExecutor(min(WORKERS, os.cpu_count() or 1)) as workers:
        for ratios in workers.map(one, range(draws)):
            rows.append(ratios)
            if report is not None:
                report(len(rows) / draws)
    found = np.stack(rows)
    kinds = np.array([kind for kind, _ in subjects])
    return {str(kind): _spread(found[:, kinds == kind]) for kind in dict.fromkeys(kinds)}


def worst_case(subject: Subject, low: float, high: float) -> float:
    """The largest mass / need if every unknown answer went against the slate; what no data can rule out yet.

    Args:
        subject: the slate.
        low: lowest utility an answer can have; what an unknown own statement may turn out to be worth.
        high: highest utility an answer can have; what an unknown other statement may turn out to be worth.
    """
    pool = subject.pool
    said = subject.own_known
    pessimistic = np.where(np.isposinf(said), low, said)
    largest = 0.0
    for part, block in pool.blocks(pool.agents, subject.outside):
        hopeful = np.where(pool.known(pool.agents, part), block, high)
        mass, _ = largest_coalitions(pessimistic, hopeful, pool.masses)
        largest = max(largest, float((mass / subject.needs[part]).max()))
    return largest


def _worst_ratios(drawn: ClosedPool, subjects: Sequence[Subject]) -> FloatArray:
    """Largest mass / need of each slate on one draw. Drawn answers take few values, so thresholds are few."""
    owns = np.stack([own(drawn.utilities(drawn.agents, s.chosen), s.assignment) for s in subjects])
    largest = np.zeros(len(subjects))
    for part, block in drawn.blocks(drawn.agents, np.arange(drawn.size)):
        mass = np.zeros((len(subjects), len(part)))
        for theta in np.unique(block):
            lacking = (owns < theta) * drawn.masses.astype(np.float64)
            # Sums of integers below 2^53: exact in float64, whatever the order of the additions.
            np.maximum(mass, lacking @ (block >= theta).astype(np.float64), out=mass)
        for place, subject in enumerate(subjects):
            ratio = np.where(np.isin(part, subject.chosen), 0.0, mass[place] / subject.needs[part])
            largest[place] = max(largest[place], float(ratio.max()))
    return largest


def _spread(ratios: FloatArray) -> Spread:
    draws, slates = ratios.shape
    flat = ratios.ravel()
    return Spread(
        median=float(np.median(flat)),
        p95=float(np.quantile(flat, 0.95)),
        violated=float((flat >= 1.0).mean()),
        draws=draws,
        slates=slates,
    )
