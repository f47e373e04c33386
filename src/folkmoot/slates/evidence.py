"""How many people answered a statement, and how many should have where little was answered."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..profile import BoolArray, IntArray, Profile


def evidence(profile: Profile) -> IntArray:
    """int64 [n_statements]: people who answered each statement or compared it with another; each person once.

    On complete ballots it is everybody. Where the profile is some of the people of a source, all of whose answers were
    counted, these counts are taken (the fact ``answers_per_statement``).
    """
    m = profile.n_statements
    counted = profile.facts.get("answers_per_statement")
    if counted is not None and len(counted) == m:
        return np.array(counted, dtype=np.int64)
    if profile.answers.scale.complete:
        return np.full(m, profile.n_agents, dtype=np.int64)
    a, c = profile.answers, profile.comparisons
    if not len(c):
        return np.bincount(a.statement, minlength=m).astype(np.int64)
    keys = [
        agent * m + statement for agent, statement in ((a.agent, a.statement), (c.agent, c.winner), (c.agent, c.loser))
    ]
    return np.bincount(np.unique(np.concatenate(keys)) % m, minlength=m).astype(np.int64)


def lowered(
    floor: int,
    answers: IntArray,
    candidates: BoolArray,
    fixed: BoolArray,
    costs: IntArray,
    budget: int,
    distinct: Callable[[BoolArray, BoolArray], int] | None = None,
) -> int:
    """The floor, halved until enough candidates remain: as many as cost twice the budget, at their median cost.

    Where there are not so many at any floor, enough to spend the budget once will do; where there are not even those,
    the floor is lowered as long as that lets candidates in. It never falls below 1. All in integers. Statements that
    say nearly the same count as one candidate.

    Args:
        floor: the number of answers that a candidate should have.
        answers: int64 [m], the number of answers to every candidate.
        candidates: bool [m], the candidates that no other rule bars.
        fixed: bool [m], the candidates for which the floor is not lowered.
        costs: int64 [m], the cost of every candidate.
        budget: the budget, in the same unit.
        distinct: how many candidates of a set, bool [m], say different things, compared with one another and with
            those of a wider set, bool [m]; None: all of them do.
    """
    candidates = candidates & (costs > 0)  # what costs nothing has no words and cannot be chosen
    steps = [floor]
    while steps[-1] > 1:
        steps.append(steps[-1] // 2)
    middle = np.sort(costs[candidates & (answers > 0)])
    if not len(middle):
        return floor
    twice_median = int(middle[(len(middle) - 1) // 2] + middle[len(middle) // 2])
    remaining = [candidates & (answers >= np.where(fixed, floor, step)) for step in steps]
    most = [int(remain.sum()) for remain in remaining]

    def enough(count: int, times: int) -> bool:
        return count * twice_median >= 2 * times * budget

    # Where there are many the rest need not be compared.
    if enough(most[0], 2) and (distinct is None or enough(distinct(remaining[0], remaining[0]), 2)):
        return floor
    counts = most if distinct is None else [distinct(remain, remaining[-1]) for remain in remaining]
    for times in (2, 1):
        for step, count in zip(steps, counts, strict=True):
            if enough(count, times):
                return step
    return steps[counts.index(max(counts))]
