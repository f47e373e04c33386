"""What a run of PROSE will probably request next: a guess by which requests can be under way before they are needed.

It is as if nothing were accepted in the pass that is in work, which is so of most passes. Where that is wrong, nothing
changes but what was asked in vain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ...profile import need
from ...queries.language.protocol import Wanted
from . import decisions
from .pool import Pool
from .race import Way
from .screen import hopeless


def following(
    pool: Pool,
    plan: Sequence[tuple[float, int]],
    place: int,
    left: int,
    total: int,
    budget: int,
    minimum: int,
    way: Way,
) -> Iterator[tuple[float, int]]:
    """The levels and steps of the passes to come, as far as can be told by what is known now.

    Args:
        pool: the pool.
        plan: the levels and steps of all passes, in their order.
        place: the place of the pass in work.
        left, total, budget, minimum: as in `prose`.
        way: which passes are skipped.
    """
    last, steps = plan[-1][0], sorted({step for _, step in plan}, reverse=True)
    for level, step in plan[place + 1 :]:
        long_enough = level == last or step >= minimum
        if not decisions.may_run(step, left, pool.mass, total, budget, long_enough=long_enough):
            continue
        least = need(decisions.next_smaller(steps, step) + 1, total, budget)
        if not (way.skip and level != last and hopeless(pool, level, least, way.reach, way.margin)):
            yield level, step


def requests(pool: Pool, passes: Iterable[tuple[float, int]], most: int, budget: int, turn: int) -> list[Wanted]:
    """What would be requested for these passes; who approves the best statement is told as it is known now.

    Args:
        pool: the pool.
        passes: their levels and steps.
        most: the most requests.
        budget: the budget of the slate.
        turn: the number of the first of these requests.
    """
    people = len(pool.unmet)
    sizes = ((level, step, min(max(1, step * len(pool.masses) // budget), people)) for level, step in passes)
    return [
        Wanted(pool.unmet, size, step, level, pool.approvers(level), turn + k)
        for k, (level, step, size) in enumerate(islice(sizes, most))
    ]
