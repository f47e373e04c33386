"""Three of a kind: a slate that can be varied is."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from robust_worlds import world

from folkmoot.processes import Problem, Selection, find
from folkmoot.processes.robust.instance import SearchInstance
from folkmoot.processes.robust.objective import crowded
from folkmoot.profile import InputError


def chosen(problem: Problem, cost: float) -> Selection:
    told = replace(problem, parameters={"crowded": cost})
    return find("robust").run(told, np.random.default_rng(0))


def kindred(problem: Problem, kind: list[int]) -> Problem:
    return replace(problem, kindred=tuple(combinations(kind, 2)))


def test_two_of_a_kind_are_welcome_and_more_are_counted() -> None:
    problem = kindred(world(1), [0, 1, 2, 3])
    scene = SearchInstance.of(problem)
    counts = [crowded(scene, np.array(slate)) for slate in ([4, 5], [0, 5], [0, 1], [0, 1, 2], [0, 1, 2, 3])]
    assert counts == [0, 0, 0, 3, 8]


def test_a_kind_that_crowds_the_slate_makes_room() -> None:
    problem = world(1)
    usual = chosen(problem, 5.0)
    kind = sorted(int(a) for a in usual.candidates[:3])
    varied = chosen(kindred(problem, kind), 5.0)
    assert len(set(kind) & {int(a) for a in varied.candidates}) < 3
    assert varied.parameters["objective"]["slate"]["crowded"] == 0
    assert varied.parameters["objective"]["slate"]["largest_complaint_means"] < 1
    # Without a cost, or without a kind, nothing changes.
    assert chosen(kindred(problem, kind), 0.0).candidates.tolist() == chosen(problem, 0.0).candidates.tolist()
    assert usual.candidates.tolist() == chosen(problem, 0.0).candidates.tolist()


def test_what_is_locked_out_is_of_no_kind() -> None:
    problem = replace(kindred(world(1), [0, 1, 2]), locked_out=(2,))
    assert SearchInstance.of(problem).kindred.sum() == 2


def test_the_cost_cannot_be_negative() -> None:
    with pytest.raises(InputError, match="crowded"):
        chosen(world(1), -1.0)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_a_varied_slate_is_taken_only_where_no_more_draws_are_violated(seed: int) -> None:
    problem = world(seed, words=True)
    kinds = kindred(problem, sorted(int(a) for a in chosen(problem, 0.0).candidates[:4]))
    usual, varied = (chosen(kinds, cost).parameters["objective"]["slate"] for cost in (0.1, 0.3))
    assert varied["crowded"] <= usual["crowded"]
    assert varied["violated"] <= usual["violated"]
    assert varied["left"] <= usual["left"]


@pytest.mark.long
def test_it_costs_more_where_many_short_statements_fit() -> None:
    for words, cost in ((False, 0.1), (True, 0.3)):
        problem = world(1, words=words)
        kinds = kindred(problem, sorted(int(a) for a in chosen(problem, 0.0).candidates[:4]))
        usual = find("robust").run(kinds, np.random.default_rng(0))
        assert usual.candidates.tolist() == chosen(kinds, cost).candidates.tolist()
    declared = find("robust").parameters["crowded"]
    assert "0.3" in declared
    assert "0.1 where all cost the same" in declared
