"""Adaptive asking in the exact model: the ninety settings, an exhaustive tree, the edges of inequality aversion."""

from __future__ import annotations

import itertools
from functools import cache
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.asking import Situation, optimum
from folkmoot.asking.adaptive import Adaptive
from folkmoot.profile import InputError

# 3 x 2 x 3 x 5 = 90 settings, see docs/asking.md.
SETTINGS = [
    (n, alpha, p, gamma, cost)
    for n in (10, 30, 60)
    for alpha in (0.5, 0.9)
    for p in (0.1, 0.2, 0.3)
    for gamma, cost in ((0, 1.0), (0, 0.3), (2, 1.0), (5, 1.0), (5, 0.3))
]


@cache
def adaptive(n: int, alpha: float, p: float, gamma: float, cost: float) -> Adaptive:
    return Adaptive(Situation(n, alpha, p, cost), gamma)


@cache
def figures(n: int, alpha: float, p: float, gamma: float, cost: float) -> tuple[float, float, float, float]:
    """Certainty equivalents of the best fixed number, one step ahead, rollout, dynamic programming."""
    policies = adaptive(n, alpha, p, gamma, cost)
    fixed = max(policies.fixed(k).ce for k in range(n + 1))
    return fixed, policies.one_step.ce, policies.rollout.ce, policies.best.ce


@pytest.fixture(scope="module")
def table() -> np.ndarray:
    """float64 [90, 4]."""
    return np.array([figures(*setting) for setting in SETTINGS])


@pytest.mark.long
def test_rollout_lies_between_the_best_fixed_number_and_the_optimum(table: np.ndarray) -> None:
    fixed, _, rollout, best = table.T
    assert (rollout >= fixed - 1e-9).all()
    assert (best >= rollout - 1e-9).all()


@pytest.mark.replication
def test_one_step_is_worse_than_a_fixed_number_in_16_of_90_settings(table: np.ndarray) -> None:
    fixed, one_step, _, best = table.T
    assert int((one_step < fixed - 1e-9).sum()) == 16
    assert (best >= one_step - 1e-9).all()


@pytest.mark.replication
def test_the_largest_losses(table: np.ndarray) -> None:
    fixed, one_step, rollout, best = table.T
    losses = [float((best - policy).max()) for policy in (fixed, one_step, rollout)]
    assert losses == pytest.approx([2.79, 4.19, 1.14], abs=0.005)


def test_single_settings() -> None:
    fixed, _, _, best = figures(60, 0.9, 0.2, 2, 1.0)
    assert (fixed, best) == pytest.approx((40.93, 43.72), abs=0.005)
    assert adaptive(60, 0.9, 0.2, 2, 1.0).best.questions == pytest.approx(3.75, abs=0.005)
    assert optimum(Situation(60, 0.9, 0.2), 2).k_opt == (5,)
    fixed, one_step, _, best = figures(60, 0.5, 0.1, 0, 1.0)
    assert (one_step, fixed, best) == pytest.approx((48.38, 50.02, 51.24), abs=0.005)


@pytest.mark.long
@given(
    st.integers(1, 14),
    st.floats(0.0, 1.0),
    st.one_of(st.just(0.0), st.floats(1e-6, 0.49)),
    st.one_of(st.sampled_from([0.0, 1.0, 50.0]), st.floats(0.0, 8.0)),
    st.floats(0.0, 1.0),
)
@settings(max_examples=60, deadline=None)
def test_rollout_is_never_worse_than_a_fixed_number(n: int, alpha: float, p: float, gamma: float, cost: float) -> None:
    policies = Adaptive(Situation(n, alpha, p, cost), gamma)
    fixed = [policies.fixed(k) for k in range(n + 1)]
    most, close = max(plan.ce for plan in fixed), 1e-8 * (n + 1)
    assert policies.rollout.ce >= most - close
    assert policies.best.ce >= policies.rollout.ce - close
    assert policies.best.ce >= policies.one_step.ce - close
    # A plan that asks k whatever is said is worth what the exact optimum says of k, and asks k.
    per_k = optimum(Situation(n, alpha, p, cost), gamma).per_k
    for k, plan in enumerate(fixed):
        assert plan.ce == pytest.approx(per_k[k].ce, abs=close)
        assert plan.questions == pytest.approx(k)
    assert 0.0 <= policies.best.questions <= n + 1e-9


def exhaustive(n: int, alpha: float, p: float, gamma: float, cost: float, shift: float) -> float:
    """Certainty equivalent of the best tree: any index next, any answer to what was not asked, after any history.

    Nothing of exchangeability: it goes through all 2^n people and all outputs.
    """
    people = list(itertools.product((0, 1), repeat=n))
    chance = {
        person: alpha * prod(p if x else 1 - p for x in person) + (1 - alpha) * prod(1 - p if x else p for x in person)
        for person in people
    }

    def phi(v: float) -> float:
        return float(np.log(v)) if gamma == 1 else float(v ** (1 - gamma) / (1 - gamma))

    def value(history: tuple[tuple[int, int], ...]) -> float:
        """Sum over the people with these answers of chance x phi."""
        asked = dict(history)
        left = [i for i in range(n) if i not in asked]
        those = [person for person in people if all(person[i] == x for i, x in history)]
        stop = max(
            sum(
                chance[person]
                * phi(sum(person[i] == x for i, x in zip(left, output, strict=True)) + len(asked) * (1 - cost) + shift)
                for person in those
            )
            for output in itertools.product((0, 1), repeat=len(left))
        )
        return max([stop, *(sum(value((*history, (i, x))) for x in (0, 1)) for i in left)])

    total = value(())
    equivalent = np.exp(total) if gamma == 1 else ((1 - gamma) * total) ** (1 / (1 - gamma))
    return float(equivalent) - shift


@pytest.mark.parametrize(
    ("n", "alpha", "p", "gamma", "cost", "shift"),
    [
        (3, 0.5, 0.1, 0.0, 0.3, 1.0),
        (3, 0.7, 0.2, 2.0, 0.3, 1.0),
        (3, 0.9, 0.05, 1.0, 0.6, 0.5),
        (4, 0.5, 0.2, 2.0, 0.4, 1.0),
        (4, 0.7, 0.1, 5.0, 0.3, 1.0),
        (4, 0.6, 0.3, 0.0, 0.35, 1.0),
        (4, 0.6, 0.0, 3.0, 1.0, 1.0),
    ],
)
def test_the_best_plan_is_the_best_of_all_trees(
    n: int, alpha: float, p: float, gamma: float, cost: float, shift: float
) -> None:
    found = Adaptive(Situation(n, alpha, p, cost, shift), gamma).best.ce
    assert found == pytest.approx(exhaustive(n, alpha, p, gamma, cost, shift), abs=1e-12)


@pytest.mark.parametrize("near", [1 - 1e-7, 1.0, 1 + 1e-7, 1 - 0.0999, 1 + 0.0999])
def test_inequality_aversion_near_one(near: float) -> None:
    found = [Adaptive(Situation(12, 0.6, 0.15, 0.5), gamma).best.ce for gamma in (near - 1e-9, near, near + 1e-9)]
    assert max(found) - min(found) < 1e-7
    # Where the formula for phi changes, nothing may jump.
    apart = [Adaptive(Situation(12, 0.6, 0.15, 0.5), gamma).best.ce for gamma in (0.9 - 1e-9, 0.9 + 1e-9)]
    assert apart[0] == pytest.approx(apart[1], abs=1e-7)


@pytest.mark.parametrize("gamma", [150.0, 800.0, 5_000.0])
@pytest.mark.parametrize("cost", [0.5, 1.0])
def test_huge_inequality_aversion_stays_a_number(gamma: float, cost: float) -> None:
    policies = Adaptive(Situation(12, 0.6, 0.1, cost), gamma)
    fixed = max(policies.fixed(k).ce for k in range(13))
    assert np.isfinite([policies.best.ce, policies.rollout.ce, fixed]).all()
    assert policies.best.ce >= policies.rollout.ce - 1e-9
    assert policies.rollout.ce >= fixed - 1e-9
    # Nearly leximin: c = 1 asks nothing and fears the worst, c < 1 asks everything.
    assert optimum(Situation(12, 0.6, 0.1, cost), 5_000.0).k_opt == ((12,) if cost < 1 else (0,))


def test_leximin_has_no_adaptive_plan_and_says_what_to_do() -> None:
    with pytest.raises(InputError, match="under leximin no answer changes how many questions are best: ask 12"):
        Adaptive(Situation(12, 0.6, 0.1, 0.5), np.inf)
    with pytest.raises(InputError, match="ask 0"):
        Adaptive(Situation(12, 0.6, 0.1, 1.0), np.inf)
    with pytest.raises(InputError, match="gamma must be a number of at least 0"):
        Adaptive(Situation(12, 0.6, 0.1), -1.0)
