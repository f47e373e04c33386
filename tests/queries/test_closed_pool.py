"""Exact queries against their definitions in spec language: sup, Gen at a rank, Gen at a level."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.profile import InputError, IntArray
from folkmoot.queries import ClosedPool, closed_pool
from folkmoot.testing.instances import Instance, Matrix, instances

WAYS = ("whole", "blocks")


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The whole matrix kept, or nothing kept and a few entries asked for at a time."""
    if request.param == "blocks":
        monkeypatch.setattr(closed_pool, "KEEP", 0)
        monkeypatch.setattr(closed_pool, "BLOCK", 5)
    return str(request.param)


def some(rng: np.random.Generator, size: int) -> IntArray:
    """A non-empty sorted subset of rows or columns."""
    return np.sort(rng.permutation(size)[: int(rng.integers(1, size + 1))])


def sup(instance: Instance, a: int, agents: IntArray, level: float) -> int:
    """Mass of the agents that approve a at the level."""
    return sum(int(instance.masses[i]) for i in agents if instance.values[i, a] >= level)


def reach(instance: Instance, a: int, agents: IntArray, wanted: int) -> float:
    """Largest utility that occurs at which enough mass approves."""
    return max(
        float(instance.values[i, a]) for i in agents if sup(instance, a, agents, instance.values[i, a]) >= wanted
    )


@pytest.mark.parametrize("weighted", [False, True])
def test_reachable_and_support(way: str, weighted: bool) -> None:
    for number, instance in instances(51, 300, n=8, m=7, weighted=weighted):
        rng, pool = np.random.default_rng([51, number]), instance.pool()
        agents, candidates = some(rng, instance.n), some(rng, instance.m)
        wanted = rng.integers(1, int(instance.masses[agents].sum()) + 1, len(candidates))
        found = pool.reachable(agents, candidates, wanted)
        expected = [reach(instance, int(a), agents, int(w)) for a, w in zip(candidates, wanted, strict=True)]
        assert found.tolist() == expected, number
        level = float(rng.choice(instance.values.ravel()))
        support = pool.support(agents, candidates, level)
        assert support.tolist() == [sup(instance, int(a), agents, level) for a in candidates], number
        each = pool.support(agents, candidates, found)
        assert each.tolist() == [sup(instance, int(a), agents, t) for a, t in zip(candidates, found, strict=True)]


def test_without_weights_it_is_the_rth_highest_utility(way: str) -> None:
    """Gen_GSC(S, r) = argmax of the r-th highest utility in S, first in pool order; the others it tied with."""
    tied = 0
    for number, instance in instances(52, 300, n=8, m=7):
        rng, pool = np.random.default_rng([52, number]), instance.pool()
        agents = some(rng, instance.n)
        rank = int(rng.integers(1, len(agents) + 1))
        scores = [
            sorted((float(instance.values[i, a]) for i in agents), reverse=True)[rank - 1] for a in range(instance.m)
        ]
        best = [a for a in range(instance.m) if scores[a] == max(scores)]
        assert pool.best_at_rank(agents, rank) == (best[0], best[1:]), number
        tied += len(best) > 1
    assert tied > 50


@pytest.mark.parametrize("weighted", [False, True])
def test_best_at_level(way: str, weighted: bool) -> None:
    """Gen_NG(S, l, x) = argmax over c(a) <= x of sup(a, S, l), first in pool order; -1 where all cost more."""
    nothing = 0
    for number, instance in instances(53, 300, n=8, m=7, weighted=weighted):
        rng, pool = np.random.default_rng([53, number]), instance.pool()
        agents, limit = some(rng, instance.n), int(rng.integers(0, 6))
        level = float(rng.choice(instance.values.ravel()))
        affordable = [a for a in range(instance.m) if instance.costs[a] <= limit]
        found = pool.best_at_level(agents, level, limit)
        if not affordable:
            assert found == (-1, []), number
            nothing += 1
            continue
        scores = {a: sup(instance, a, agents, level) for a in affordable}
        best = [a for a in affordable if scores[a] == max(scores.values())]
        assert found == (best[0], best[1:]), number
    assert nothing > 10


def test_blocks_of_a_few_entries_give_what_the_whole_matrix_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, instance in instances(54, 150, n=8, m=7, weighted=True):
        rng = np.random.default_rng([54, number])
        agents, candidates = some(rng, instance.n), rng.permutation(instance.m)
        wanted = rng.integers(1, int(instance.masses[agents].sum()) + 1, instance.m)
        answers = []
        for keep, block in ((1000, 1000), (0, 1), (0, 3)):
            monkeypatch.setattr(closed_pool, "KEEP", keep)
            monkeypatch.setattr(closed_pool, "BLOCK", block)
            pool = instance.pool()
            width = max(1, block // len(agents))
            parts = [part.tolist() for part, _ in pool.blocks(agents, candidates)]
            assert [a for part in parts for a in part] == candidates.tolist()
            assert max(map(len, parts)) <= width
            answers.append(
                (
                    pool.reachable(agents, candidates, wanted).tolist(),
                    pool.support(agents, candidates, 1.0).tolist(),
                    pool.best_at_rank(agents, int(wanted[0])),
                    pool.best_at_level(agents, 1.0, 3),
                    np.concatenate([part for _, part in pool.blocks(agents, candidates)], axis=1).tolist(),
                )
            )
        assert answers[0] == answers[1] == answers[2], number


def test_rows_and_columns_come_back_in_the_order_they_were_asked_for(way: str) -> None:
    """Also when the agents are everybody, in another order, or somebody twice."""
    for number, instance in instances(55, 200, n=6, m=5):
        rng, pool = np.random.default_rng([55, number]), instance.pool()
        for agents in (rng.permutation(instance.n), rng.integers(0, instance.n, instance.n), np.arange(instance.n)):
            candidates = rng.integers(0, instance.m, 4)
            found = pool.utilities(agents, candidates)
            assert found.tolist() == [[instance.values[i, a] for a in candidates] for i in agents], number


def test_candidates_are_columns_of_disc(way: str) -> None:
    """A pool of some of the statements: numbers 0..m-1 mean those, in the order given."""
    values = np.arange(12.0).reshape(3, 4)
    said = values % 2 == 0
    pool = ClosedPool(Matrix(values, said), np.array([3, 1]), np.array([2, 5]))
    assert (pool.size, pool.n_agents, pool.total_mass) == (2, 3, 3)
    everyone = np.arange(3)
    assert pool.utilities(everyone, np.array([0, 1])).tolist() == values[:, [3, 1]].tolist()
    assert pool.known(everyone, np.array([1, 0])).tolist() == said[:, [1, 3]].tolist()
    assert pool.best_at_level(everyone, 0.0, 2) == (0, [])
    assert pool.best_at_level(everyone, 10.0, 9) == (0, [])
    assert pool.best_at_level(everyone, -1.0, 9) == (0, [1])


def test_every_entry_is_asked_for_once_when_the_matrix_is_kept() -> None:
    pool = ClosedPool(Matrix(np.zeros((4, 6))), np.arange(5), np.ones(5, dtype=np.int64))
    pool.best_at_rank(np.arange(4), 2)
    pool.best_at_level(np.arange(3), 0.0, 1)
    assert pool.n_asked == 4 * 5


def test_what_nobody_knows_is_an_error_that_names_the_pair(way: str) -> None:
    values = np.zeros((3, 6))
    values[2, 4] = np.nan
    with pytest.raises(InputError, match="agent 2 and statement 4"):
        ClosedPool(Matrix(values), np.array([1, 4]), np.ones(2, dtype=np.int64)).support(
            np.arange(3), np.arange(2), 0.0
        )
    pool = ClosedPool(Matrix(values), np.array([1, 3]), np.ones(2, dtype=np.int64))
    assert pool.support(np.arange(3), np.arange(2), 0.0).tolist() == [3, 3]


@pytest.mark.parametrize(("costs", "match"), [([1, 0], "candidate 1 costs less"), ([1], "2 candidates but 1 costs")])
def test_costs_that_make_no_sense(costs: list[int], match: str) -> None:
    with pytest.raises(InputError, match=match):
        ClosedPool(Matrix(np.zeros((2, 2))), np.arange(2), np.array(costs))
