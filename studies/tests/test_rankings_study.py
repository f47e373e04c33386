"""cBJR for rankings: Algorithm 1 and P1 meet it from ranks alone, and it is neither weaker nor stronger than cBJR."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from brute_force import own_utilities, violators
from folkmoot.audits import Subject
from folkmoot.processes import PROCESSES, Problem
from folkmoot.profile import InputError
from folkmoot.testing.instances import Instance, instances
from folkmoot_studies.bounds.rankings import better, by_rank, examined, preferred, run, table


def ranked(instance: Instance) -> Instance:
    return Instance(-better(instance.values).astype(np.float64), instance.costs, instance.masses, instance.budget)


@pytest.mark.parametrize("process", ["democratic-fast", "democratic-complex"])
def test_algorithm_1_meets_it_by_the_definition(process: str) -> None:
    for number, instance in instances(411, 40, n=6, m=5, budget=6):
        if (instance.costs > instance.budget).all():
            continue
        levels = tuple(-float(rank) for rank in range(instance.m))
        problem = Problem(by_rank(instance.pool()), instance.budget, levels=levels)
        selection = PROCESSES[process].run(problem, np.random.default_rng(0))
        ordinal = ranked(instance)
        own = own_utilities(ordinal.values, selection.candidates, selection.assignment)
        outside = [a for a in range(instance.m) if a not in selection.candidates]
        assert violators(ordinal, own, outside) == [], number


def test_only_the_order_matters() -> None:
    rng = np.random.default_rng(3)
    values = rng.random((12, 6))
    stretched = np.exp(5 * values) + rng.random((12, 1))
    first, second = (
        by_rank(Instance(v, np.ones(6, dtype=np.int64), np.ones(12, dtype=np.int64), 2).pool())
        for v in (values, stretched)
    )
    every = np.arange(6)
    assert np.array_equal(first.utilities(first.agents, every), second.utilities(second.agents, every))


def unit(rows: list[list[float]], k: int) -> Instance:
    values = np.array(rows, dtype=np.float64)
    return Instance(values, np.ones(values.shape[1], dtype=np.int64), np.ones(len(values), dtype=np.int64), k)


def test_neither_implies_the_other() -> None:
    """Two people, one seat: the need is both of them."""
    # Both value b at 2 or more and a at less, but the first has two better ones than b: by ranks they do not meet.
    one = unit([[1, 2, 5, 5], [1.2, 2.2, 0, 0]], k=1)
    by_value = Subject(one.pool(), np.array([0]), np.array([0, 0]), 1)
    by_order = Subject(by_rank(one.pool()), np.array([0]), np.array([0, 0]), 1)
    assert by_value.violates_cbjr
    assert by_order.own.tolist() == [-3.0, -1.0]
    # c and d stand first for one person only.
    assert not by_order.violates_cbjr
    # By ranks both want b second at most and have a behind it; in utilities the two are apart.
    two = unit([[1, 2, 3, 0], [5, 6, 0, 7]], k=1)
    by_value = Subject(two.pool(), np.array([0]), np.array([0, 0]), 1)
    by_order = Subject(by_rank(two.pool()), np.array([0]), np.array([0, 0]), 1)
    assert not by_value.violates_cbjr
    assert by_order.violates_cbjr
    # Both of them prefer b to a, so the stronger axiom fails as well.
    assert preferred(by_value) == 1.0


def test_preferred_need_not_exist() -> None:
    """Condorcet's cycle, one seat: to every statement another one is preferred by two of three (need: three)."""
    cycle = unit([[3, 2, 1], [1, 3, 2], [2, 1, 3]], k=1)
    shares = [preferred(Subject(cycle.pool(), np.array([a]), np.zeros(3, dtype=np.int64), 1)) for a in range(3)]
    assert shares == [2 / 3] * 3


def test_the_figures_of_a_pool() -> None:
    rng = np.random.default_rng(1)
    found = examined(unit(rng.random((40, 12)).tolist(), 4).pool(), 4)
    assert found["utilities"]["d_utilities"] < 1
    assert found["ranks"]["d_ranks"] < 1
    assert "ranks" in table({"conversations": [{"name": "x", **found}]})


def test_without_a_conversation(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no conversation"):
        run(tmp_path / "none")
