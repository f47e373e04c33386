"""Which answers rarely go together, and whose they are: counts by hand and a small town."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.audits.together import AGREE_TO_DISAGREE, AGREES, CONFLICT, NO_CONFLICT, Rare, conflict_of, rare_pairs


@given(st.integers(0, 100))
@settings(max_examples=20, deadline=None)
def test_pairs_are_those_of_a_count_by_hand(seed: int) -> None:
    rng = np.random.default_rng(seed)
    camp = rng.random((60, 1)) < 0.5
    value = np.where(rng.random((60, 6)) < 0.15, 0, np.where(camp ^ (rng.random((60, 6)) < 0.1), 1, -1))
    found = rare_pairs(value > 0, value < 0, cases=8, rare=5, below=2)
    by_hand = {}
    for i in range(6):
        for j in range(i + 1, 6):
            sided = (value[:, i] != 0) & (value[:, j] != 0)
            for s in (1, -1):
                for t in (1, -1):
                    one, other = sided & (value[:, i] == s), sided & (value[:, j] == t)
                    both, a, b, n = int((one & other).sum()), int(one.sum()), int(other.sum()), int(sided.sum())
                    if min(a, b) >= 8 and 5 * both <= min(a, b) and 2 * both * n <= a * b:
                        by_hand[s * (i + 1), t * (j + 1)] = (both, a, b)
    got = zip(found.one, found.other, found.both, found.of_one, found.of_other, strict=True)
    assert {(int(x), int(y)): (int(c), int(a), int(b)) for x, y, c, a, b in got} == by_hand


def rare(*pairs: tuple[int, int]) -> Rare:
    one, other = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True))
    same = np.full(len(pairs), 30, dtype=np.int64)
    return Rare(one, other, np.full(len(pairs), 2, dtype=np.int64), same, same + 5)


TOWN = rare((1, 2), (1, -3), (-2, 4), (5, 6))


@pytest.mark.parametrize(
    ("answers", "outcome", "conflicts", "gives_up"),
    [
        ([1, 6], AGREES, [], ()),
        ([6], NO_CONFLICT, [], ()),
        ([], NO_CONFLICT, [], ()),
        ([2], CONFLICT, [(2,)], (2,)),
        ([2, -3, 6], CONFLICT, [(2,), (-3,)], (2, -3)),
        ([4], CONFLICT, [(4,)], (4,)),  # by way of 2: whoever agrees with 1 rejects 2, and they reject 4
        ([-1], AGREE_TO_DISAGREE, [], ()),
        ([-1, 2], AGREE_TO_DISAGREE, [(2,)], (2,)),
    ],
)
def test_conflicts(
    answers: list[int], outcome: str, conflicts: list[tuple[int, ...]], gives_up: tuple[int, ...]
) -> None:
    pytest.importorskip("pysat")
    found = conflict_of(answers, 1, TOWN)
    assert found.outcome == outcome
    assert sorted(mine for mine, _ in found.conflicts) == sorted(conflicts)
    assert sorted(found.gives_up) == sorted(gives_up)


def test_steps_lead_from_the_statement_to_the_answer() -> None:
    pytest.importorskip("pysat")
    ((_, steps),) = conflict_of([4], 1, TOWN).conflicts
    assert [(s.one, s.other, s.both, s.of_one) for s in steps] == [(1, 2, 2, 30), (-2, 4, 2, 30)]
    ((_, steps),) = conflict_of([5], 6, TOWN).conflicts
    assert [(s.one, s.other, s.of_one) for s in steps] == [(6, 5, 35)]


def test_what_the_person_breaks_already_does_not_bind_them() -> None:
    """They agree with both of a pair that rarely goes together: no conflict is built on that pair."""
    pytest.importorskip("pysat")
    found = conflict_of([-2, 4], 1, TOWN)
    assert (found.outcome, found.broken) == (NO_CONFLICT, 1)


def test_long_chains_are_no_conflict() -> None:
    pytest.importorskip("pysat")
    chain = rare((1, 2), (-2, 3), (-3, 4))
    assert conflict_of([4], 1, chain).outcome == NO_CONFLICT
    assert conflict_of([3], 1, chain).outcome == CONFLICT
