"""Inequality aversion without bound: the closed form, by the definition and as the limit it is."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.asking import Situation, leximin, optima, optimum
from folkmoot.asking.model import exact

DECIMALS = st.integers(1, 49).map(lambda i: i / 100)
SHARES = st.integers(1, 99).map(lambda i: i / 100)


def by_definition(situation: Situation, k: int, a: int) -> tuple[int, int]:
    """Fewest and most zeros with the smallest law of wrong guesses, compared from all wrong down; in fractions."""
    alpha, p, m = exact(situation.alpha), exact(situation.p), situation.n - k
    w0, w1 = alpha * p**a * (1 - p) ** (k - a), (1 - alpha) * (1 - p) ** a * p ** (k - a)
    laws = []
    for zeros in range(m + 1):
        law = [w0 * 0] * (m + 1)
        for weight, right_zero in ((w0, 1 - p), (w1, p)):
            for i, j in itertools.product(range(zeros + 1), range(m - zeros + 1)):
                zero = math.comb(zeros, i) * right_zero**i * (1 - right_zero) ** (zeros - i)
                one = math.comb(m - zeros, j) * (1 - right_zero) ** j * right_zero ** (m - zeros - j)
                law[i + j] += weight * zero * one
        laws.append(law)
    least = min(laws)
    chosen = [zeros for zeros, law in enumerate(laws) if law == least]
    return chosen[0], chosen[-1]


@settings(deadline=None, max_examples=60)
@given(n=st.integers(1, 7), alpha=SHARES, p=DECIMALS, data=st.data())
def test_the_closed_form_is_the_definition(n: int, alpha: float, p: float, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    a = data.draw(st.integers(0, k))
    situation = Situation(n, alpha, p)
    assert leximin.zeros(situation, k, a) == by_definition(situation, k, a)


@pytest.mark.parametrize("n", range(1, 9))
def test_exactly_between_two_outputs_the_next_level_decides(n: int) -> None:
    """alpha = (1-p)^j / (p^j + (1-p)^j) puts S - a on half-integers; here as exact fractions."""
    for alpha, p in ((0.5, 0.1), (0.5, 0.3), (0.9, 0.1), (0.1, 0.1), (0.8, 0.2), (0.2, 0.2)):
        for k in range(n + 1):
            for a in range(k + 1):
                situation = Situation(n, alpha, p)
                assert leximin.zeros(situation, k, a) == by_definition(situation, k, a), (alpha, p, k, a)


@settings(deadline=None, max_examples=60)
@given(n=st.integers(2, 14), alpha=SHARES, p=DECIMALS, data=st.data())
def test_all_outputs_differ_iff_nothing_is_clipped(n: int, alpha: float, p: float, data: st.DataObject) -> None:
    k = data.draw(st.integers(1, n))
    middle = n / 2 + math.log((1 - alpha) / alpha) / math.log(p / (1 - p)) / 2
    if abs(middle % 1 - 0.5) < 1e-9:
        return
    found = {leximin.zeros(Situation(n, alpha, p), k, a) for a in range(k + 1)}
    assert (len(found) == k + 1) == (k <= round(middle) <= n - k)


def test_theorem_11_fails_where_it_is_clipped() -> None:
    assert [leximin.zeros(Situation(10, 0.9, 0.45), 5, a) for a in range(6)] == [(5, 5)] * 6


def test_zeros_do_not_fall_as_alpha_rises() -> None:
    found = [leximin.zeros(Situation(12, alpha, 0.3), 4, 0)[0] for alpha in (0.1, 0.3, 0.5, 0.7, 0.9)]
    assert found == [5, 6, 6, 7, 7]


@pytest.mark.parametrize(
    ("n", "k", "p", "first"), [(10, 5, 0.1, 8), (10, 5, 0.3, 5), (40, 20, 0.1, 20), (40, 20, 0.3, 10)]
)
def test_it_is_the_limit_and_reached(n: int, k: int, p: float, first: int) -> None:
    grid = [2, 3, 5, 8, 10, 15, 20, 30, 50]
    *finite, limit = optima(Situation(n, 0.5, p), [*map(float, grid), math.inf])
    same = [found.per_k[k].ones == limit.per_k[k].ones for found in finite]
    assert same == [gamma >= first for gamma in grid]


@settings(deadline=None, max_examples=40)
@given(n=st.integers(1, 12), alpha=SHARES, p=DECIMALS, cost=st.sampled_from([0.001, 0.5, 0.999]))
def test_cost_1_is_a_knife_edge(n: int, alpha: float, p: float, cost: float) -> None:
    assert optimum(Situation(n, alpha, p), math.inf).k_opt == (0,)
    assert optimum(Situation(n, alpha, p, cost), math.inf).k_opt == (n,)
    assert n in optimum(Situation(n, alpha, p, 0.0), math.inf).k_opt


@pytest.mark.parametrize("n", range(3, 9))
def test_certain_clusters_are_another(n: int) -> None:
    """p = 0: one answer tells everything."""
    assert optimum(Situation(n, 0.5, 0.0), math.inf).k_opt == (1,)
    assert optimum(Situation(n, 1.0, 0.0), math.inf).k_opt == (0,)
    assert leximin.zeros(Situation(n, 0.5, 0.0), 2, 1) == (0, n - 2)
    assert leximin.zeros(Situation(n, 0.5, 0.0), 2, 0) == (n - 2, n - 2)


def test_maximin_alone_does_not_rank_the_numbers_of_questions() -> None:
    assert [after.ce for after in optimum(Situation(6, 0.5, 0.2), math.inf).per_k] == [0.0] * 7


def test_one_sure_cluster() -> None:
    for alpha, zeros in ((1.0, 4), (0.0, 0)):
        found = optimum(Situation(6, alpha, 0.2), math.inf)
        assert [6 - 2 - tie[0] for tie in found.per_k[2].ones] == [zeros] * 3
        assert np.isfinite(found.per_k[0].ce)
