"""How many answers are enough where little was answered."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.slates.evidence import lowered

COUNTS = st.lists(st.tuples(st.integers(0, 20), st.booleans(), st.booleans(), st.integers(0, 9)), max_size=8)


@given(st.integers(1, 20), COUNTS, st.integers(1, 60))
def test_the_highest_floor_that_leaves_enough(
    floor: int, given_: list[tuple[int, bool, bool, int]], budget: int
) -> None:
    answers, candidates, fixed, costs = (
        (np.array(column) for column in zip(*given_, strict=True))
        if given_
        else (
            np.zeros(0, dtype=int),
            np.zeros(0, dtype=bool),
            np.zeros(0, dtype=bool),
            np.zeros(0, dtype=int),
        )
    )
    found = lowered(floor, answers, candidates, fixed, costs, budget)
    candidates = candidates & (costs > 0)
    steps = [floor]
    while steps[-1] > 1:
        steps.append(steps[-1] // 2)
    assert found in steps
    usable = costs[candidates & (answers > 0)]
    if not len(usable):
        assert found == floor
        return
    enough = [
        int((candidates & (answers >= np.where(fixed, floor, step))).sum()) * float(np.median(usable)) / budget
        for step in steps
    ]
    wanted = next((times for times in (2, 1) if max(enough) >= times), max(enough))
    assert found == next(step for step, share in zip(steps, enough, strict=True) if share >= wanted)
