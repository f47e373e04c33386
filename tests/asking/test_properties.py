"""What holds of the optimum whatever the situation, and what only looks true."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from folkmoot.asking import Optimum, Situation, optima, optimum, optimum_map

SIZES = st.integers(1, 14)
SHARES = st.integers(1, 99).map(lambda i: i / 100)
CHANCES = st.one_of(st.integers(1, 49).map(lambda i: i / 100), st.sampled_from([1e-4, 0.001, 0.499]))
GAMMAS = st.sampled_from([0.0, 0.3, 0.5, 0.9, 1.0, 1.5, 2.0, 5.0, 10.0, 30.0, 50.0])
COSTS = st.sampled_from([0.0, 0.1, 0.3, 0.7, 0.999, 1.0])
SITUATIONS = st.builds(Situation, SIZES, SHARES, CHANCES, COSTS)
modest = settings(deadline=None, max_examples=25)

# A relative error that rounding stays below.
ROUNDING = 1e-9


def ces(found: Optimum) -> list[float]:
    return [after.ce for after in found.per_k]


@modest
@given(SITUATIONS, GAMMAS)
def test_exchanging_the_clusters_changes_nothing(situation: Situation, gamma: float) -> None:
    """Nor does writing every 0 as a 1: the zeros at 1 - alpha after k - a ones are the ones at alpha after a."""
    alpha = (100 - round(situation.alpha * 100)) / 100
    other = optimum(Situation(situation.n, alpha, situation.p, situation.cost), gamma)
    found = optimum(situation, gamma)
    assert other.k_opt == found.k_opt
    for one, two in zip(found.per_k, other.per_k, strict=True):
        assert one.welfare == pytest.approx(two.welfare, rel=1e-11, abs=1e-12)
        m = situation.n - one.k
        assert [set(tie) for tie in one.ones] == [{m - f for f in tie} for tie in reversed(two.ones)]


@modest
@given(SITUATIONS, st.one_of(GAMMAS, st.just(math.inf)))
def test_ones_output_do_not_fall_in_ones_answered(situation: Situation, gamma: float) -> None:
    for after in optimum(situation, gamma).per_k:
        assert all(x[0] <= y[0] and x[-1] <= y[-1] for x, y in itertools.pairwise(after.ones))


@modest
@given(SITUATIONS, GAMMAS)
def test_asking_everything_leaves_no_chance(situation: Situation, gamma: float) -> None:
    last = optimum(situation, gamma).per_k[-1]
    assert last.ce == pytest.approx(situation.n - situation.spent[-1], abs=ROUNDING * situation.n)
    assert last.ce == pytest.approx(last.eu, abs=ROUNDING * situation.n)


@modest
@given(SITUATIONS, GAMMAS)
def test_nothing_is_worth_more_than_all_right(situation: Situation, gamma: float) -> None:
    for after in optimum(situation, gamma).per_k:
        assert after.ce <= situation.n - situation.spent[after.k] + ROUNDING * situation.n


@modest
@given(SITUATIONS)
def test_certainty_equivalents_do_not_rise_in_gamma(situation: Situation) -> None:
    gammas = [0.0, 0.5, 0.9, 1.0, 1.1, 2.0, 5.0, 20.0, 50.0, math.inf]
    table = np.array([ces(found) for found in optima(situation, gammas)])
    assert (np.diff(table, axis=0) <= ROUNDING * situation.n).all()


@modest
@given(SITUATIONS, GAMMAS)
def test_entropy_is_below_that_of_the_answers(situation: Situation, gamma: float) -> None:
    for after in optimum(situation, gamma).per_k:
        k, p, alpha = after.k, situation.p, situation.alpha
        law = [
            math.comb(k, a) * (alpha * p**a * (1 - p) ** (k - a) + (1 - alpha) * (1 - p) ** a * p ** (k - a))
            for a in range(k + 1)
        ]
        answers = -sum(x * math.log2(x) for x in law if x > 0)
        assert -1e-12 <= after.entropy_bits <= answers + ROUNDING
        assert answers <= math.log2(k + 1) + ROUNDING


@modest
@given(SIZES, CHANCES)
def test_equal_clusters_are_worth_an_odd_number_of_questions_or_none(n: int, p: float) -> None:
    found = optimum(Situation(n, 0.5, p), 0.0)
    assert all(k == 0 or k % 2 for k in found.k_opt)
    free = ces(optimum(Situation(n, 0.5, p, 0.0), 0.0))
    errors = [(n - value) / (n - k) for k, value in enumerate(free[:-1])]
    assert all(errors[k] == pytest.approx(errors[k - 1], abs=1e-10) for k in range(2, len(errors), 2))


@modest
@given(st.integers(3, 30), CHANCES)
def test_the_first_question_pays_below_a_threshold(n: int, p: float) -> None:
    """Lemma 7, sharp."""
    edge = (1 - 1 / math.sqrt(n - 1)) / 2
    assume(abs(p - edge) > 1e-9)
    none, one = ces(optimum(Situation(n, 0.5, p), 0.0))[:2]
    assert (one > none) == (p < edge)


@modest
@given(SIZES, SHARES, CHANCES, st.sampled_from([0.0, 0.25, 0.9, 1.0]))
def test_cheap_questions_are_all_asked(n: int, alpha: float, p: float, share: float) -> None:
    assert n in optimum(Situation(n, alpha, p, p * share if share < 1 else p), 0.0).k_opt


@modest
@given(SIZES, SHARES, CHANCES)
def test_dearer_questions_are_not_asked_more_often(n: int, alpha: float, p: float) -> None:
    """Without inequality aversion; the fewest and the most of each set."""
    sets = [optimum(Situation(n, alpha, p, cost), 0.0).k_opt for cost in (0.0, 0.05, 0.2, 0.5, 0.8, 1.0)]
    assert all(one[0] >= other[0] and one[-1] >= other[-1] for one, other in itertools.pairwise(sets))


@modest
@given(st.integers(1, 60), CHANCES, st.data())
def test_a_small_cluster_is_not_worth_a_question(n: int, p: float, data: st.DataObject) -> None:
    """Lemma 8, sharp: n min(alpha, 1 - alpha) <= 1."""
    hundredths = data.draw(st.integers(1, min(99, 100 // n)))
    alpha = data.draw(st.sampled_from([hundredths, 100 - hundredths])) / 100
    assert 0 in optimum(Situation(n, alpha, p), 0.0).k_opt


@modest
@given(SIZES, st.integers(1, 99))
def test_any_larger_cluster_is_worth_one_where_answers_are_sure(n: int, hundredths: int) -> None:
    found = optimum(Situation(n, hundredths / 100, 0.0), 0.0).k_opt
    assert (0 in found) == (n * min(hundredths, 100 - hundredths) <= 100)


@modest
@given(SIZES, SHARES, CHANCES, COSTS)
def test_without_bound_all_or_nothing(n: int, alpha: float, p: float, cost: float) -> None:
    found = optimum(Situation(n, alpha, p, cost), math.inf).k_opt
    assert (n in found) if cost == 0 else found == ((0,) if cost == 1 else (n,))


@modest
@given(SIZES, SHARES, CHANCES, GAMMAS)
def test_free_questions_are_all_asked(n: int, alpha: float, p: float, gamma: float) -> None:
    assert n in optimum(Situation(n, alpha, p, 0.0), gamma).k_opt


@modest
@given(SITUATIONS)
def test_certainty_equivalents_are_continuous_in_gamma(situation: Situation) -> None:
    at_0, near_0, below, at_1, above = (
        np.array(ces(found)) for found in optima(situation, [0.0, 1e-6, 1 - 1e-4, 1.0, 1 + 1e-4])
    )
    n = situation.n
    assert np.abs(near_0 - at_0).max() <= 1e-5 * n
    assert max(np.abs(below - at_1).max(), np.abs(above - at_1).max()) <= 1e-3 * n


@modest
@given(SIZES, SHARES, st.sampled_from([0.1, 0.5, 0.999, 1.0]), GAMMAS)
def test_one_sure_answer_is_enough(n: int, alpha: float, cost: float, gamma: float) -> None:
    assert set(optimum(Situation(n, alpha, 0.0, cost), gamma).k_opt) <= {0, 1}


@modest
@given(SIZES, SHARES, st.sampled_from([0.1, 0.45, 0.55, 1.0]))
def test_answers_that_say_nothing(n: int, alpha: float, cost: float) -> None:
    """p near 1/2: an unasked feature is right half the time, so a question is worth 1/2 and what it costs."""
    assert optimum(Situation(n, alpha, 0.4999999), 0.0).k_opt == (0,)
    assert optimum(Situation(n, alpha, 0.4999999, cost), 0.0).k_opt == ((0,) if cost > 0.5 else (n,))


@modest
@given(SITUATIONS, GAMMAS)
def test_a_certainty_equivalent_does_not_exceed_the_expectation(situation: Situation, gamma: float) -> None:
    """Jensen; and the expectation is at most that of gamma = 0."""
    most = ces(optimum(situation, 0.0))
    for after in optimum(situation, gamma).per_k:
        assert after.ce <= after.eu + ROUNDING * situation.n <= most[after.k] + 2 * ROUNDING * situation.n


# What only looks true: each with its counterexample. Nothing above or elsewhere may rely on it.


def k_opts(n: int, alpha: float, p: float, gammas: Sequence[float], cost: float = 1.0) -> list[int]:
    return [found.k_opt[0] for found in optima(Situation(n, alpha, p, cost), gammas)]


def test_what_only_looks_true() -> None:
    # Unimodal in k: never stop at the first decrease.
    falls_and_rises = [round(value, 3) for value in ces(optimum(Situation(30, 0.5, 0.2), 0.0))[:5]]
    assert falls_and_rises == [15.0, 19.72, 19.04, 19.915, 19.178]
    # k* nonincreasing in alpha on [1/2, 1).
    by_alpha = [optimum(Situation(20, alpha, 0.2), 0.0).k_opt for alpha in (0.5, 0.6, 0.75, 0.9, 0.99)]
    assert by_alpha == [(1,), (1,), (2,), (0,), (0,)]
    # k* nondecreasing in n.
    by_n = [optimum(Situation(n, 0.5, 0.01), 5.0).k_opt[0] for n in range(2, 7)]
    assert by_n == [0, 1, 0, 1, 2]
    # k* nonincreasing in the cost under inequality aversion.
    by_cost = [optimum(Situation(12, 0.5, 0.01, cost), 20.0).k_opt[0] for cost in (0.1, 0.3, 0.6, 1.0)]
    assert by_cost == [6, 5, 6, 0]


def test_nothing_is_monotone_or_unimodal_in_gamma() -> None:
    assert k_opts(10, 0.5, 0.1, [0, 0.5, 1, 2, 3, 4, 5]) == [1, 1, 1, 2, 2, 1, 0]
    assert k_opts(10, 0.5, 0.00607, [3, 6, 8, 9, 10, 11, 12, 16]) == [2, 3, 3, 4, 2, 2, 3, 0]
    gammas = [0, 0.75, 1, 1.25, 1.5, 1.75, 2, 3, 4, 5, 6]
    assert k_opts(17, 0.5, 0.16, gammas) == [1, 1, 3, 2, 2, 2, 3, 3, 3, 1, 0]
    near_one = k_opts(8, 0.5, 0.0011, [float(g) for g in range(41)], 0.97)
    assert [k for k, _ in itertools.groupby(near_one)] == [1, 2, 3, 4, 1, 0, 1, 3, 4]
    # At p = 0.4 no question is worth asking whatever gamma: Lemma 12 is not for every p > 0.
    assert set(k_opts(10, 0.5, 0.4, [float(g) for g in range(20)])) == {0}


def test_what_is_not_continuous() -> None:
    """Entropy at gamma = 0, where all outputs tie after two ones of four; printed welfare at gamma = 1."""
    at_0, near_0 = (found.per_k[4].entropy_bits for found in optima(Situation(25, 0.5, 0.1), [0.0, 1e-6]))
    assert (round(at_0, 3), round(near_0, 3)) == (0.998, 1.232)
    below, at_1, above = (found.per_k[0].welfare for found in optima(Situation(10, 0.5, 0.1), [0.999, 1.0, 1.001]))
    assert below is not None
    assert at_1 is not None
    assert above is not None
    assert below > 900 > 3 > at_1 > 0 > -900 > above


def test_the_shift_is_not_innocent() -> None:
    rows = {
        shift: tuple(found.k_opt[0] for found in optima(Situation(25, 0.5, 0.1, 1.0, shift), [2.0, 5.0, 10.0]))
        for shift in (1e-6, 0.01, 0.5, 1.0, 2.0, 10.0)
    }
    assert rows == {
        1e-6: (3, 0, 0),
        0.01: (4, 0, 0),
        0.5: (4, 5, 0),
        1.0: (4, 6, 2),
        2.0: (4, 5, 5),
        10.0: (3, 4, 6),
    }


def test_no_counterexample_but_no_proof() -> None:
    """CE falls in p on a grid; not asserted of anything else."""
    found = optimum_map(12, [0.5, 0.8], [i / 50 for i in range(25)], [0.0, 1.0, 5.0])
    assert (np.diff(found.ce, axis=1) <= ROUNDING).all()
