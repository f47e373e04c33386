"""One statement for all from the proportional veto core: everybody strikes out what they like least, at equal speed."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ..profile import FloatArray, IntArray
from .baselines import assigned
from .problem import Problem, Selection
from .registry import process


@process(
    id="veto-by-consumption",
    name="one statement that no large enough group strikes out",
    guarantee=("veto_core",),
    complexity="O(m n log m)",
    source="Ianovski and Kondratev 2021 (Computing the Proportional Veto Core), veto by consumption; on samples Chooi, "
    "Gölz, Procaccia, Schiffer, Zhang 2026 (Finding Common Ground in a Sea of Alternatives)",
)
def veto_by_consumption(problem: Problem, rng: np.random.Generator) -> Selection:
    """Every statement is a loaf; everybody eats the one they like least, all at the same speed, and the last one stays.

    One statement is chosen, whatever the budget (locked-in ones besides). It lies in the proportional veto core of the
    statements that the budget could buy and that are not locked out: no group of more than a share 1 - x of the people
    prefers each of a share x of the statements to it. Who values two statements alike eats first the one that all
    together value less; of loaves that end together the one with the larger total stays, then the first in pool order.

    Args:
        problem: the candidates and the budget.
        rng: the random generator; not used, the process is deterministic.
    """
    pool = problem.pool
    locked = list(problem.locked_in)
    left = problem.budget - (int(pool.costs[locked].sum()) if locked else 0)
    open_ = pool.costs <= left
    open_[[*locked, *problem.locked_out]] = False
    candidates = np.flatnonzero(open_)
    if not len(candidates):
        return assigned(problem, locked)
    return assigned(
        problem, [*locked, int(candidates[last_left(pool.utilities(pool.agents, candidates), pool.masses)])]
    )


def last_left(values: FloatArray, masses: IntArray) -> int:
    """The column that is eaten last.

    Args:
        values: float64 [n, m], the utilities, m >= 1.
        masses: int64 [n], how fast each agent eats.
    """
    n, m = values.shape
    totals = masses @ values
    # Worst first; of equals the one with the smaller total, then the later one.
    order = np.stack([np.lexsort((-np.arange(m), totals, row)) for row in values]) if n else np.zeros((0, m), int)
    whole, agents = int(masses.sum()), np.arange(n)
    left = [Fraction(whole)] * m
    gone = np.zeros(m, dtype=bool)
    at = np.zeros(n, dtype=np.int64)
    while n:
        eating = order[agents, at]
        speed = np.bincount(eating, masses, m).astype(np.int64)
        some = np.flatnonzero(speed).tolist()
        time = min(left[a] / int(speed[a]) for a in some)
        for a in some:
            left[a] -= time * int(speed[a])
        done = [a for a in some if not left[a]]
        gone[done] = True
        if gone.all():
            return max(done, key=lambda a: (totals[a], -a))
        while (over := gone[order[agents, at]]).any():
            at[over] += 1
    return 0
