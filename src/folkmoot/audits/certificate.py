"""What the certificate rests on: own votes, predictions, or luck.

Four ways to audit the same slate: on people's own answers only, on completed utilities, over posterior draws of the
unknown answers, and with every unknown answer turned against the slate. The draws are also applied to random and to
most-popular slates of equal length, so that a reader can tell whether the number is good.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ..profile import FloatArray, IntArray
from ..queries import BLOCK, Completed, Disc
from ..queries.coalitions import largest_coalitions, masses_inside
from ..queries.completed import block_of
from .cbjr import frontier
from .subject import Subject, own

Report = Callable[[float], None]
# Threads for the draws; each holds one block of drawn answers.
WORKERS = 4
# With more values than these it is quicker to sort than to look at every value.
FEW_VALUES = 32


@dataclass(frozen=True)
class Spread:
    """Distribution of the worst d over draws.

    Args:
        median: the median of the largest mass / need of any coalition.
        p95: the 95th percentile of the same.
        violated: the share of draws in which some coalition reaches what it needs (d >= 1).
        draws: the number of draws.
        slates: the number of slates of that kind that took turns.
    """

    median: float
    p95: float
    violated: float
    draws: int
    slates: int = 1


def over_draws(
    subjects: Sequence[tuple[str, Subject]], completed: Completed, seed: int, draws: int, report: Report | None = None
) -> dict[str, Spread]:
    """The worst d of slates over posterior draws of the unknown answers, all kinds of slates on the same draws.

    Args:
        subjects: pairs (kind, slate), all over one pool of ``completed``. Where there are several of one kind, each
            draw looks at the next of them in turn.
        completed: known answers and the model that the unknown ones are drawn from.
        seed: the seed of the draws.
        draws: the number of draws.
        report: called with the share done.

    Returns:
        One `Spread` for each kind.
    """
    kinds: dict[str, list[Subject]] = {}
    for kind, subject in subjects:
        kinds.setdefault(kind, []).append(subject)

    def one(number: int) -> FloatArray:
        slates = [several[number % len(several)] for several in kinds.values()]
        return _worst_ratios(completed.draw(seed, number), slates, completed.profile.answers.scale.utility_range[1])

    rows = []
    # Draws are independent and each has its own seed: the result does not depend on the number of threads.
    with ThreadPoolExecutor(min(WORKERS, os.cpu_count() or 1)) as workers:
        for ratios in workers.map(one, range(draws)):
            rows.append(ratios)
            if report is not None:
                report(len(rows) / draws)
    ratios_by_draw = np.stack(rows)
    return {
        kind: _spread(ratios_by_draw[:, place], len(several)) for place, (kind, several) in enumerate(kinds.items())
    }


def worst_case(subject: Subject, low: float, high: float) -> float:
    """The largest mass / need if every unknown answer went against the slate: what the data cannot rule out yet.

    Args:
        subject: the slate.
        low: the lowest utility an answer can have; what an unknown own statement may turn out to be worth.
        high: the highest utility an answer can have; what an unknown other statement may turn out to be worth.
    """
    pool = subject.pool
    own_utilities = subject.own_known
    pessimistic = np.where(np.isposinf(own_utilities), low, own_utilities)

    def hopeful(candidates: IntArray) -> Iterator[tuple[IntArray, FloatArray]]:
        for part, block in subject.offers(candidates):
            yield part, np.where(pool.known(pool.agents, part), block, high)

    return float(frontier(subject, pessimistic, hopeful, np.zeros(1))[0])


def _worst_ratios(drawn: Disc, slates: Sequence[Subject], highest: float) -> FloatArray:
    """Largest mass / need of each slate on one draw. Drawn answers take few values, so thresholds are few.

    Weighted answers take many.
    """
    pool = slates[0].pool
    shown = np.unique(np.concatenate([s.chosen for s in slates]))
    utilities = drawn.utilities(pool.agents, pool.statements[shown])
    owns = [own(utilities[:, np.searchsorted(shown, s.chosen)], s.assignment) for s in slates]
    # People who have the highest possible utility in every slate join no coalition and need not be drawn further.
    rows = np.flatnonzero(np.min(owns, axis=0) < highest)
    masses, mine = pool.masses[rows], np.stack(owns)[:, rows]
    largest = np.zeros(len(slates))
    width = max(1, BLOCK // pool.n_agents)
    for start in range(0, pool.size, width):
        part = np.arange(start, min(start + width, pool.size))
        block = block_of(drawn, rows, pool.statements[part])
        values = block.values
        few = len(values) <= FEW_VALUES
        mass = np.zeros((len(slates), len(part)), dtype=np.int64)
        for theta in values if few else ():
            lacking = mine < theta
            if lacking.any():
                np.maximum(mass, masses_inside(np.where(lacking, masses, 0), block.reaching(theta).T), out=mass)
        for place, subject in enumerate(slates):
            if not few:
                mass[place], _ = largest_coalitions(mine[place], block.utilities, masses)
            mass[place, np.isin(part, subject.chosen)] = 0
            largest[place] = max(largest[place], float((mass[place] / subject.needs[part]).max()))
    return largest


def _spread(ratios: FloatArray, slates: int) -> Spread:
    return Spread(
        median=float(np.median(ratios)),
        p95=float(np.quantile(ratios, 0.95)),
        violated=float((ratios >= 1.0).mean()),
        draws=len(ratios),
        slates=min(slates, len(ratios)),
    )
