"""P1 against Theorem 2 of Generative Social Choice, by brute force over all coalitions."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from brute_force import outside, own_utilities, violators
from folkmoot.processes import PROCESSES, Problem, Selection
from folkmoot.profile import InputError
from folkmoot.testing.instances import Instance, instances


def run(instance: Instance, **options: object) -> Selection:
    problem = Problem(instance.pool(), instance.budget, **options)  # type: ignore[arg-type]
    return PROCESSES["bjr"].run(problem, np.random.default_rng(0))


def complaints_of(instance: Instance, selection: Selection) -> list[int]:
    own = own_utilities(instance.values, selection.candidates, selection.assignment)
    return violators(instance, own, outside(instance, selection.candidates))


@pytest.mark.parametrize("weighted", [False, True])
def test_theorem_2_no_coalition_of_n_over_k_is_left_out(weighted: bool) -> None:
    used = 0
    for number, instance in instances(61, 800, n=8, m=6, unit_cost=True, weighted=weighted, budget=4):
        selection = run(instance)
        assert complaints_of(instance, selection) == [], number
        assert len(set(selection.candidates.tolist())) == len(selection.rounds) <= instance.budget
        used += len(selection.rounds) < instance.m
    assert used > 150  # the axiom can only be violated by what is outside


def test_another_assignment_of_the_same_slate_can_be_violated() -> None:
    """The checker can fail: with everybody moved to the next statement it finds violations."""
    found = 0
    for _, instance in instances(61, 200, n=8, m=6, unit_cost=True, budget=4):
        selection = run(instance)
        moved = np.where(selection.assignment >= 0, (selection.assignment + 1) % len(selection.rounds), -1)
        own = own_utilities(instance.values, selection.candidates, moved)
        found += bool(violators(instance, own, outside(instance, selection.candidates)))
    assert found > 20


def test_the_assignment_is_balanced() -> None:
    """n - k floor(n/k) statements represent ceil(n/k) agents, the others floor(n/k); nobody is left over."""
    for number, instance in instances(62, 800, n=9, m=6, unit_cost=True, budget=4):
        n, k = instance.n, instance.budget
        if instance.m < k:
            continue
        selection = run(instance)
        loads = [len(r.agents) for r in selection.rounds]
        shares = Counter([-(-n // k)] * (n - k * (n // k)) + [n // k] * (k - n + k * (n // k)))
        assert Counter(loads) == shares - Counter({0: k}), number
        assert (selection.assignment >= 0).all(), number


def test_every_round_is_a_generative_query_and_its_biggest_fans() -> None:
    """The statement with the best ceil(n/k)-th highest utility; level, support and ties are what they say."""
    tied = cut = 0
    for number, instance in instances(63, 300, n=8, m=6, unit_cost=True, budget=4):
        n, k, values = instance.n, instance.budget, instance.values
        left, open_ = list(range(n)), list(range(instance.m))
        for j, chosen in enumerate(run(instance).rounds):
            rank = min(-(-n // k), len(left))
            scores = {a: sorted((values[i, a] for i in left), reverse=True)[rank - 1] for a in open_}
            best = [a for a in open_ if scores[a] == max(scores.values())]
            assert (chosen.candidate, chosen.tied) == (best[0], tuple(best[1:])), number
            a = best[0]
            assert chosen.level == scores[a]
            assert chosen.support == sum(values[i, a] >= scores[a] for i in left)
            share = -(-n // k) if j < n - k * (n // k) else n // k
            fans = sorted(left, key=lambda i: (-values[i, a], i))
            taken = fans[:share]
            assert chosen.agents.tolist() == sorted(taken), number
            assert chosen.tied_agents == sum(values[i, a] == values[taken[-1], a] for i in fans[share:])
            left, open_ = fans[share:], [b for b in open_ if b != a]
            left.sort()
            tied += len(best) > 1
            cut += chosen.tied_agents > 0
    assert tied > 50
    assert cut > 50


def test_weights_are_masses_up_to_the_last_one_taken() -> None:
    for number, instance in instances(64, 300, n=8, m=6, unit_cost=True, weighted=True, budget=4):
        n, k, heaviest = instance.total, instance.budget, int(instance.masses.max())
        selection = run(instance)
        left = n
        full = len(selection.rounds) in (k, instance.values.shape[1])
        assert full or (selection.assignment >= 0).all(), number
        for j, chosen in enumerate(selection.rounds):
            load = int(instance.masses[chosen.agents].sum())
            # An even share of what is left: an agent that overshot is made up for by those who come later.
            share = min(-(-n // k), -(-left // (k - j)))
            assert load <= share + heaviest - 1, number
            assert load >= min(share, left), number
            left -= load


def test_costs_other_than_one_are_refused() -> None:
    instance = Instance(np.zeros((2, 2)), np.array([1, 2]), np.ones(2, dtype=np.int64), 2)
    with pytest.raises(InputError, match="take `unit='statements'`"):
        run(instance)
