"""How likely statements are to be approved, judging by the answers so far: partly scored ones, and those yet to come.

Both are judgements, no bounds: they may change the slate.
"""

from __future__ import annotations

import numpy as np

from ...profile import BoolArray, FloatArray, IntArray
from ...queries.outlook import outlook
from .pool import Pool

# How many people are asked about a statement before the model is consulted, and once more.
PROBES = (8, 20)
DRAWS = 100


def hopeless(pool: Pool, level: float, least: int, reach: float, margin: float) -> bool:
    """Whether a statement that has to represent ``least`` is out of reach, by all statements so far.

    Coverage of what was scored in part is taken in proportion, and drawn towards the others', the more the fewer
    answered.

    Args:
        pool: the pool with what is known.
        level: the approval level.
        least: the mass that the statement has to represent.
        reach, margin: the hope is for ``reach`` times the coverage of the most approved statement and ``margin``
            people.
    """
    chance, answered = approvals(pool, level)
    # People of average mass count as one.
    average = float(pool.masses[pool.unmet].mean())
    each = pool.masses[pool.unmet] / average
    many, approving = each @ answered[:, pool.free], each @ chance[:, pool.free]
    if not many.any():
        return False
    weight = PROBES[0] * (1.0 - many / len(pool.unmet))
    share = (approving + weight * approving.sum() / many.sum()) / (many + weight)
    best = share[many > 0].max() * len(pool.unmet)
    return bool(reach * (best + margin) * average < least)


def hopeful(
    pool: Pool, columns: IntArray, need: IntArray, level: float, doubt: float, rng: np.random.Generator
) -> BoolArray:
    """bool [c]: statements that the population model gives hope of being approved by their need.

    Args:
        pool: the pool with what is known.
        columns: int64 [c] the statements.
        need: int64 [c] the mass each needs.
        level: the approval level.
        doubt: the share of draws; there is no hope if no more of them have a statement approved by its need.
        rng: the generator for the draws.
    """
    chance, answered = approvals(pool, level)
    masses = pool.masses[pool.unmet]
    if answered[:, columns].all() or not answered.any():
        return np.asarray(masses @ (chance[:, columns] > 0) >= need)
    reached = np.zeros(len(columns), dtype=np.int64)
    for drawn in outlook(chance, answered, columns, rng, DRAWS):
        reached += masses @ drawn >= need
    return np.asarray(reached > doubt * DRAWS)


def approvals(pool: Pool, level: float) -> tuple[FloatArray, BoolArray]:
    """float64 and bool [s, m]: the chance that each unrepresented person approves; whether they answered (else 0).

    Where only agreement is known it may leave approval open; then the chance is how often such agreement turned out
    to be approval so far.
    """
    answered = ~np.isnan(pool.agreement[pool.unmet])
    surely, maybe = pool.low[pool.unmet] >= level, (pool.high[pool.unmet] >= level) & answered
    settled = (pool.low == pool.high) & (pool.agreement >= level)
    rate = (np.count_nonzero(settled & (pool.low >= level)) + 1) / (np.count_nonzero(settled) + 2)
    return np.where(surely, 1.0, np.where(maybe, rate, 0.0)), answered
