"""P2: certain where everybody is asked about, likely where a sample is, and balanced always."""

from __future__ import annotations

from math import ceil, log

import numpy as np
import pytest

from brute_force import outside, own_utilities, violators
from folkmoot.audits import Subject
from folkmoot.audits.balance import is_balanced
from folkmoot.processes import PROCESSES, Problem
from folkmoot.processes.democratic.bjr_sampled import dimension, sample_size
from folkmoot.profile import FloatArray, InputError, IntArray
from folkmoot.queries import ClosedPool
from folkmoot.testing.instances import Instance, Matrix, instances


class Counting(ClosedPool):
    """A closed pool that remembers how many people each generative query was about."""

    def best_at_rank(self, agents: IntArray, rank: int, candidates: IntArray | None = None) -> tuple[int, list[int]]:
        self.about = [*getattr(self, "about", []), len(agents)]
        return super().best_at_rank(agents, rank, candidates)


def crowd(seed: int, n: int, m: int) -> FloatArray:
    """Three groups with their own tastes and some noise."""
    rng = np.random.default_rng(seed)
    taste = rng.normal(size=(3, m))
    return np.rint((taste[rng.integers(0, 3, n)] + rng.normal(size=(n, m))) * 8) / 8


def counting(values: FloatArray) -> Counting:
    m = values.shape[1]
    return Counting(Matrix(values), np.arange(m), np.ones(m, dtype=np.int64))


@pytest.mark.long
@pytest.mark.parametrize("weighted", [False, True])
def test_with_everybody_asked_about_bjr_is_certain(weighted: bool) -> None:
    outsiders = 0
    for number, instance in instances(171, 300, n=9, m=6, unit_cost=True, weighted=weighted, budget=4):
        selection = PROCESSES["bjr-sampled"].run(
            Problem(instance.pool(), instance.budget), np.random.default_rng(number)
        )
        assert selection.parameters["sampled"] is False
        own = own_utilities(instance.values, selection.candidates, selection.assignment)
        assert violators(instance, own, outside(instance, selection.candidates)) == [], number
        outsiders += instance.m - len(selection.rounds)
    assert outsiders > 180


def test_everybody_is_assigned_in_balance() -> None:
    for number, instance in instances(172, 250, n=12, m=6, unit_cost=True, budget=5):
        if instance.m < instance.budget <= instance.n:
            continue
        pool = instance.pool()
        selection = PROCESSES["bjr-sampled"].run(Problem(pool, instance.budget), np.random.default_rng(number))
        if len(selection.rounds) == instance.budget:
            assert is_balanced(Subject(pool, selection.candidates, selection.assignment, instance.budget)), number
            assert (selection.assignment >= 0).all(), number


def test_completion_moves_nobody_and_chooses_as_printed() -> None:
    """Each statement has the (1/k - 1/(4 k^2)) n-th best fan highest among the rest, and keeps its biggest fans."""
    checked = 0
    for number, instance in instances(173, 300, n=12, m=7, unit_cost=True, budget=4):
        n, k, left, open_ = instance.n, instance.budget, list(range(instance.n)), list(range(instance.m))
        selection = PROCESSES["bjr-sampled"].run(Problem(instance.pool(), k), np.random.default_rng(number))
        rank_, share = n * (1 / k - 1 / (4 * k * k)), n * (1 / k - 1 / (2 * k * k))
        smaller, larger = int(np.floor(share + 1e-9)), ceil(share - 1e-9)
        for j, chosen in enumerate(selection.rounds):
            rank = min(ceil(rank_ - 1e-9), len(left))
            scores = {a: sorted((instance.values[i, a] for i in left), reverse=True)[rank - 1] for a in open_}
            best = max(open_, key=lambda a: (scores[a], -a))
            assert chosen.candidate == best, number
            fans = sorted(left, key=lambda i: (-instance.values[i, best], i))
            count = min(larger if j < n - k * smaller else smaller, len(fans))
            assert set(fans[:count]) <= set(chosen.agents.tolist()), number
            left = sorted(fans[count:])
            open_.remove(best)
            checked += 1
    assert checked > 200


def test_the_query_size_does_not_depend_on_n() -> None:
    k, parameters = 3, {"C": 0.02, "d": 3.0, "delta": 0.1}
    sizes = []
    for n in (2_000, 20_000, 60_000):
        pool = counting(crowd(1, n, 12))
        selection = PROCESSES["bjr-sampled"].run(Problem(pool, k, parameters=parameters), np.random.default_rng(0))
        expected = sample_size(pool, k, parameters)
        assert expected == ceil(16 * 0.02 * 3**4 * (3 + log(3 / 0.1)))
        assert selection.parameters == {"sample": expected, "sampled": True}
        assert len(pool.about) == k
        assert max(pool.about) == pool.about[0] == expected
        assert (selection.assignment >= 0).all()
        sizes.append(expected)
    assert len(set(sizes)) == 1


def test_a_sample_gives_bjr_nearly_always() -> None:
    """The bound's constant is far from needed: with C = 0.05 (n_x = 324 of 4,000) at most delta of 40 runs may fail."""
    failed = 0
    for seed in range(40):
        values = crowd(seed, 4000, 10)
        instance = Instance(values, np.ones(10, dtype=np.int64), np.ones(4000, dtype=np.int64), 3)
        pool = counting(values)
        problem = Problem(pool, 3, parameters={"C": 0.05, "d": 2.0, "delta": 0.05})
        selection = PROCESSES["bjr-sampled"].run(problem, np.random.default_rng(seed))
        assert selection.parameters["sampled"] is True
        failed += Subject(pool, selection.candidates, selection.assignment, 3).violates_cbjr
        assert instance.n == 4000
    assert failed <= 2


def test_same_seed_same_slate_other_seed_other_sample() -> None:
    problem = Problem(counting(crowd(2, 3000, 12)), 4, parameters={"C": 0.001, "d": 1.0})
    runs = [PROCESSES["bjr-sampled"].run(problem, np.random.default_rng(seed)) for seed in (0, 0, 1, 2, 3, 4)]
    assert runs[0].assignment.tolist() == runs[1].assignment.tolist()
    assert len({tuple(run.assignment.tolist()) for run in runs}) > 2


def test_dimension_bounds_what_can_be_shattered() -> None:
    for m in (1, 2, 5, 100, 7775):
        d = dimension(m)
        assert 2**d <= m * (d + 1)
        assert 2 ** (d + 1) > m * (d + 2)


@pytest.mark.parametrize("parameters", [{"C": 0.0}, {"delta": 0.0}, {"delta": 1.0}, {"d": -1.0}])
def test_parameters_out_of_range_are_refused(parameters: dict[str, float]) -> None:
    problem = Problem(counting(crowd(3, 5, 3)), 2, parameters=parameters)
    with pytest.raises(InputError, match="C > 0"):
        PROCESSES["bjr-sampled"].run(problem, np.random.default_rng(0))


def test_costs_other_than_one_are_refused() -> None:
    instance = Instance(np.zeros((2, 2)), np.array([1, 2]), np.ones(2, dtype=np.int64), 2)
    with pytest.raises(InputError, match="take `unit='statements'`"):
        PROCESSES["bjr-sampled"].run(Problem(instance.pool(), 2), np.random.default_rng(0))
