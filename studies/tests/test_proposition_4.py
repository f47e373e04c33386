"""GSC Proposition 4: generative queries for ceil(n/k) agents, exponentially many, do what unlimited ones do."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from brute_force import meets_bjr, own_utilities, violators
from folkmoot.testing.instances import Instance
from folkmoot_studies.bounds.adversary import Agents, fans


class Small:
    """Queries over a closed universe; t-Gen(S, r) for at most ``limit`` agents, ties to the last statement."""

    levels = (1.0,)

    def __init__(self, instance: Instance, limit: int) -> None:
        self.instance, self.limit, self.asked = instance, limit, 0
        self.n, self.budget = instance.n, instance.budget

    def rth(self, agents: Agents, rank: int, statement: int) -> float:
        return float(np.sort(self.instance.values[list(agents), statement])[::-1][rank - 1])

    def limited(self, agents: Agents, rank: int) -> int:
        assert len(agents) <= self.limit
        self.asked += 1
        return max(reversed(range(self.instance.m)), key=lambda a: self.rth(agents, rank, a))

    def gen(self, agents: Agents, level: float, cost: int) -> int:
        """Gen(S, r) by r-Gen of every r of S: the answer with the largest r-th highest utility in S."""
        rank = int(level)
        offers = [self.limited(some, rank) for some in itertools.combinations(agents, rank)]
        return max(offers, key=lambda a: self.rth(agents, rank, a))

    def disc(self, agent: int, statement: int) -> float:
        return float(self.instance.values[agent, statement])

    def cost(self, statement: int) -> int:
        return 1


def drawn(seed: int) -> Instance:
    rng = np.random.default_rng([57, seed])
    n, m = int(rng.integers(2, 7)), int(rng.integers(1, 7))
    k = int(rng.integers(1, min(n, 3) + 1))
    values = rng.integers(0, int(rng.integers(2, 6)), (n, m)).astype(np.float64)
    return Instance(values, np.ones(m, dtype=np.int64), np.ones(n, dtype=np.int64), k)


@pytest.mark.parametrize("seed", range(30))
def test_the_simulation_is_the_query(seed: int) -> None:
    instance = drawn(seed)
    for rank in range(1, instance.n + 1):
        oracle = Small(instance, rank)
        for size in range(rank, instance.n + 1):
            for agents in itertools.combinations(range(instance.n), size):
                simulated = oracle.gen(agents, rank, 1)
                best = max(oracle.rth(agents, rank, a) for a in range(instance.m))
                assert oracle.rth(agents, rank, simulated) == best


@pytest.mark.parametrize("seed", range(30))
def test_process_1_meets_bjr_with_queries_for_no_more_than_its_share(seed: int) -> None:
    instance = drawn(seed)
    share = -(-instance.n // instance.budget)
    oracle = Small(instance, share)
    chosen = fans(oracle, instance.n)
    own = own_utilities(instance.values, list(chosen.statements), chosen.assignment)
    # Slates of the paper are multisets: every statement may be asked for.
    assert violators(instance, own, range(instance.m)) == []
    assert meets_bjr(instance, list(chosen.statements), range(instance.m))
    # Exponentially many: every set of n/k agents of those left, round by round.
    assert oracle.asked >= instance.budget


def test_fewer_agents_than_the_share_do_not_simulate() -> None:
    """One statement for everybody, one for each pair: asking for pairs never finds the first (Proposition 3)."""
    values = np.array([[1, 1, 1, 0], [1, 1, 0, 1], [1, 0, 1, 1]], dtype=np.float64)
    instance = Instance(values, np.ones(4, dtype=np.int64), np.ones(3, dtype=np.int64), 1)
    oracle = Small(instance, 2)
    offers = {oracle.limited(pair, 2) for pair in itertools.combinations(range(3), 2)}
    assert offers == {1, 2, 3}
    assert max(oracle.rth((0, 1, 2), 3, a) for a in offers) < oracle.rth((0, 1, 2), 3, 0)
