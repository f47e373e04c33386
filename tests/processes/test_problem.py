"""What a problem refuses, and what locks do to the choice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from brute_force import own_utilities, violators
from folkmoot.processes import PROCESSES, Problem
from folkmoot.profile import InputError
from folkmoot.testing.instances import Instance, instances

ONES = np.ones(3, dtype=np.int64)
SMALL = Instance(np.eye(3), np.array([1, 2, 3]), ONES, 3)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"budget": 0}, "budget is 0"),
        ({"locked_in": (1,), "locked_out": (1, 2)}, "candidate 1 is locked in and locked out"),
        ({"locked_in": (1, 2)}, "cost 5, more than the budget of 3"),
        ({"locked_in": (0, 0)}, "candidate 0 is locked in twice"),
        ({"levels": (1.0, 2.0)}, "highest first"),
        ({"levels": (2.0, 1.0, 1.0)}, "highest first"),
    ],
)
def test_what_makes_no_sense_is_refused(options: dict[str, Any], match: str) -> None:
    with pytest.raises(InputError, match=match):
        Problem(SMALL.pool(), **{"budget": 3, **options})


def test_a_multiset_may_hold_a_locked_in_statement_twice() -> None:
    problem = Problem(SMALL.pool(), 3, locked_in=(0, 0), multiset=True)
    assert PROCESSES["democratic-fast"].run(problem, np.random.default_rng(0)).candidates.tolist()[:2] == [0, 0]


def test_need_is_the_integer_ceiling() -> None:
    for number, instance in instances(101, 200, weighted=True):
        problem = Problem(instance.pool(), instance.budget)
        expected = [instance.need(a) for a in range(instance.m)]
        assert [problem.need(a) for a in range(instance.m)] == expected, number
        assert problem.needs(np.arange(instance.m)).tolist() == expected, number


def test_locked_in_statements_represent_their_biggest_fans_first() -> None:
    for number, instance in instances(102, 300, m=5, kinds=("integer",), weighted=True):
        locked = next((a for a in range(instance.m) if instance.costs[a] <= instance.budget), None)
        if locked is None:
            continue
        problem = Problem(instance.pool(), instance.budget, locked_in=(locked,))
        first = PROCESSES["democratic-fast"].run(problem, np.random.default_rng(0)).rounds[0]
        fans = sorted(range(instance.n), key=lambda i: (-instance.values[i, locked], i))
        taken: list[int] = []
        while sum(int(instance.masses[i]) for i in taken) < instance.need(locked):
            taken.append(fans.pop(0))
        assert first.level is None
        assert first.agents.tolist() == sorted(taken), number


def test_what_is_locked_out_is_the_only_thing_that_can_be_missed() -> None:
    """Without locks in, cBJR holds over everything that was not locked out; over all of the pool it may fail."""
    missed = 0
    for number, instance in instances(103, 500, n=7, m=6):
        out = tuple(range(0, instance.m, 3))
        problem = Problem(instance.pool(), instance.budget, locked_out=out)
        selection = PROCESSES["democratic-fast"].run(problem, np.random.default_rng(0))
        own = own_utilities(instance.values, selection.candidates, selection.assignment)
        open_ = [a for a in range(instance.m) if a not in {*out, *selection.candidates.tolist()}]
        assert violators(instance, own, open_) == [], number
        missed += bool(violators(instance, own, out))
    assert missed > 100


def test_more_locked_in_than_people() -> None:
    """The ninth statement has nobody left to represent: it is in the slate all the same."""
    instance = Instance(np.zeros((2, 4)), np.ones(4, dtype=np.int64), np.ones(2, dtype=np.int64), 4)
    for process in ("bjr", "democratic-fast", "democratic-complex"):
        problem = Problem(instance.pool(), 4, locked_in=(3, 1, 0))
        selection = PROCESSES[process].run(problem, np.random.default_rng(0))
        assert selection.candidates.tolist()[:3] == [3, 1, 0]
        assert [len(r.agents) for r in selection.rounds[:3]] == [1, 1, 0]
