"""The exact optimum: against published and recomputed values, and against every policy there is where n is small."""

from __future__ import annotations

import gzip
import itertools
import json
import math
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from folkmoot.asking import Optimum, Situation, optima, optimum, optimum_map
from folkmoot.asking.model import costs_of, exact
from folkmoot.profile import InputError

# n, alpha, p, cost, shift, gamma -> k*, entropy of the output in bits (where stated).
KNOWN = [
    (25, 0.5, 0.1, 1.0, 1.0, 2.0, (4,), 1.2318),
    (25, 0.5, 0.1, 1.0, 1.0, 5.0, (6,), 2.4209),
    (25, 0.5, 0.1, 1.0, 1.0, 10.0, (2,), 1.5001),
    (10, 0.9, 0.0, 1.0, 1.0, 0.0, (0, 1), None),
    (25, 0.5, 0.1, 1.0, 0.0, 2.0, tuple(range(26)), None),
    (25, 0.5, 0.1, 1.0, 10.0, 10.0, (6,), None),
    (10, 0.5, 0.00607, 1.0, 1.0, 9.0, (4,), None),
    (12, 0.5, 0.01, 0.6, 1.0, 20.0, (6,), None),
    (3, 0.5, 0.1, 1.0, 1.0, math.inf, (0,), None),
    (3, 0.5, 0.1, 0.999, 1.0, math.inf, (3,), None),
    (6, 0.5, 0.0, 1.0, 1.0, math.inf, (1,), None),
]


@pytest.mark.parametrize(("n", "alpha", "p", "cost", "shift", "gamma", "k_opt", "bits"), KNOWN)
def test_known_values(
    n: int, alpha: float, p: float, cost: float, shift: float, gamma: float, k_opt: tuple[int, ...], bits: float | None
) -> None:
    found = optimum(Situation(n, alpha, p, cost, shift), gamma)
    assert found.k_opt == k_opt
    if bits is not None:
        assert found.per_k[k_opt[0]].entropy_bits == pytest.approx(bits, abs=5e-5)


def test_all_reference_points(shared: Path) -> None:
    """265 points, in exact rationals or sixty digits, by a code of its own."""
    with gzip.open(shared / "asking" / "reference.json.gz", "rt") as file:
        points = json.load(file)["points"]
    assert len(points) == 265
    for point in points:
        _same(_optimum_of(point), point)


def _optimum_of(point: dict[str, Any]) -> Optimum:
    alpha, p, c, shift = (float(point[name]) for name in ("alpha", "p", "c", "shift"))
    return optimum(Situation(point["n"], alpha, p, c, shift), float(point["gamma"]))


def _same(found: Optimum, point: dict[str, Any]) -> None:
    name = point["id"]
    assert list(found.k_opt) == point["k_opt_set"], name
    ties = {(k, a): outputs for k, a, outputs in point["f_ties"]}
    unreachable = {tuple(pair) for pair in point["unreachable"]}
    for k, after in enumerate(found.per_k):
        wide = list(range(found.situation.n - k + 1))
        for a, outputs in enumerate(after.ones):
            expected = wide if (k, a) in unreachable else ties.get((k, a), [point["f_ones"][k][a]])
            assert list(outputs) == expected, (name, k, a)
        if after.welfare is not None:
            # A logarithm can be 0.
            zero = 1e-12 if found.gamma == 1 else 0.0
            assert after.welfare == pytest.approx(float(point["W"][k]), rel=1e-12, abs=zero), (name, k)
            # The reference's is of v, not of u.
            assert after.ce + float(point["shift"]) == pytest.approx(float(point["CE"][k]), rel=1e-12, abs=0.0), (
                name,
                k,
            )
        assert after.eu == pytest.approx(float(point["EU"][k]), rel=1e-12, abs=1e-12), (name, k)
        assert after.entropy_bits == pytest.approx(float(point["H_bits"][k]), rel=1e-12, abs=1e-12), (name, k)


# Every string, every policy: nothing is taken for exchangeable, and a policy may look at the whole answer vector.

SMALL = [
    (1, "0.5", "0.1"),
    (2, "0.3", "0.2"),
    (3, "0.5", "0.1"),
    (3, "0.8", "0.35"),
    (4, "0.5", "0.2"),
    (4, "0.9", "0.3"),
]


def _chances(n: int, alpha: Fraction, p: Fraction) -> dict[tuple[int, ...], Fraction]:
    """Probability of every string."""
    return {
        x: alpha * math.prod(p if bit else 1 - p for bit in x)
        + (1 - alpha) * math.prod(1 - p if bit else p for bit in x)
        for x in itertools.product((0, 1), repeat=n)
    }


def _by_every_string(
    situation: Situation, gamma: int, costs: Sequence[Fraction]
) -> list[tuple[Fraction, list[set[int]]]]:
    """For each k the best welfare, and for each number of ones answered the numbers of ones of the best responses."""
    n, shift = situation.n, exact(situation.shift)
    chances = _chances(n, exact(situation.alpha), exact(situation.p))
    spent = [sum(costs[:k], Fraction(0)) for k in range(n + 1)]
    found = []
    for k in range(n + 1):
        total, ones = Fraction(0), [set[int]() for _ in range(k + 1)]
        for answers in itertools.product((0, 1), repeat=k):
            mine = {x: chance for x, chance in chances.items() if x[:k] == answers}
            worth = {}
            for response in itertools.product((0, 1), repeat=n - k):
                value = Fraction(0)
                for x, chance in mine.items():
                    wrong = sum(one != other for one, other in zip(x[k:], response, strict=True))
                    value += chance * (n - spent[k] - wrong + shift) ** (1 - gamma) / (1 - gamma)
                worth[response] = value
            best = max(worth.values())
            total += best
            ones[sum(answers)] |= {sum(response) for response, value in worth.items() if value == best}
        found.append((total, ones))
    return found


@pytest.mark.parametrize("gamma", [0, 2, 5])
@pytest.mark.parametrize(("n", "alpha", "p"), SMALL)
def test_every_string_and_every_response(n: int, alpha: str, p: str, gamma: int) -> None:
    for cost, shift in (("1", "1"), ("0.3", "0.5"), ("0", "1")):
        situation = Situation(n, float(alpha), float(p), float(cost), float(shift))
        expected = _by_every_string(situation, gamma, [Fraction(cost)] * n)
        _equal(optimum(situation, gamma), expected)


@pytest.mark.parametrize(("n", "alpha", "p"), SMALL)
def test_leximin_by_every_string(n: int, alpha: str, p: str) -> None:
    """The law of u from its lowest value up, over every policy (best response to every answer vector on its own)."""
    for cost in (Fraction(1), Fraction(3, 10), Fraction(0)):
        situation = Situation(n, float(alpha), float(p), float(cost))
        found = optimum(situation, math.inf)
        chances = _chances(n, Fraction(alpha), Fraction(p))
        laws = []
        for k in range(n + 1):
            law = [Fraction(0)] * (n - k + 1)
            for answers in itertools.product((0, 1), repeat=k):
                options = {}
                for response in itertools.product((0, 1), repeat=n - k):
                    right = [Fraction(0)] * (n - k + 1)
                    for x, chance in chances.items():
                        if x[:k] == answers:
                            right[sum(a == b for a, b in zip(x[k:], response, strict=True))] += chance
                    options[response] = tuple(right)
                least = min(options.values())
                ones = {sum(response) for response, each in options.items() if each == least}
                assert ones == set(found.per_k[k].ones[sum(answers)]), (k, answers)
                law = [x + y for x, y in zip(law, least, strict=True)]
            laws.append([(right + k - k * cost, -chance) for right, chance in enumerate(law) if chance])
        top = max(laws)
        assert [k for k, law in enumerate(laws) if law == top] == list(found.k_opt)
        assert found.per_k[found.k_opt[0]].ce == pytest.approx(float(top[0][0]))


def test_a_cost_for_each_question() -> None:
    """The cheapest is asked first; the order in which costs are given does not count."""
    for given in itertools.permutations((0.2, 0.7, 1.0)):
        for gamma in (0, 2, 3):
            situation = Situation(3, 0.5, 0.2, given)
            _equal(optimum(situation, gamma), _by_every_string(situation, gamma, [exact(c) for c in sorted(given)]))
    one, many = Situation(6, 0.7, 0.2, 0.3), Situation(6, 0.7, 0.2, costs_of([0.3] * 6))
    assert optimum(one, 2.0).k_opt == optimum(many, 2.0).k_opt
    assert one.spent == pytest.approx(many.spent)
    assert one.spent_exactly == many.spent_exactly


def _equal(found: Optimum, expected: list[tuple[Fraction, list[set[int]]]]) -> None:
    top = max(total for total, _ in expected)
    assert [k for k, (total, _) in enumerate(expected) if total == top] == list(found.k_opt)
    for after, (total, ones) in zip(found.per_k, expected, strict=True):
        assert after.welfare == pytest.approx(float(total), rel=1e-12)
        assert [set(tie) for tie in after.ones] == ones


def test_many_gammas_at_once_are_the_same_as_one_by_one() -> None:
    situation = Situation(17, 0.7, 0.16)
    gammas = [0.0, 0.5, 1.0, 2.0, 10.0, 50.0, math.inf]
    for gamma, found in zip(gammas, optima(situation, gammas), strict=True):
        alone = optimum(situation, gamma)
        assert (found.gamma, found.k_opt) == (gamma, alone.k_opt)
        assert [after.ones for after in found.per_k] == [after.ones for after in alone.per_k]
        assert [after.ce for after in found.per_k] == pytest.approx([after.ce for after in alone.per_k], rel=1e-12)


def test_a_map_is_its_points() -> None:
    alphas, ps, gammas = [0.5, 0.7, 0.95], [0.01, 0.2, 0.4], [0.0, 2.0, 8.0]
    found = optimum_map(9, alphas, ps, gammas, cost=0.9)
    assert found.k_opt.shape == found.ties.shape == (3, 3, 3)
    assert found.ce.shape == (3, 3, 3, 10)
    for i, j, g in itertools.product(range(3), repeat=3):
        alone = optimum(Situation(9, alphas[i], ps[j], 0.9), gammas[g])
        assert found.k_opt[i, j, g] == alone.k_opt[0]
        assert found.ce[i, j, g] == pytest.approx([after.ce for after in alone.per_k], rel=1e-10)


def test_large_aversion_does_not_leave_the_range_of_a_float() -> None:
    for gamma in (114.0, 400.0):
        found = optimum(Situation(120, 0.5, 0.1), gamma)
        assert all(np.isfinite(after.ce) for after in found.per_k)
        assert found.per_k[-1].ce == pytest.approx(0.0, abs=1e-9)


def test_it_is_ready_for_json() -> None:
    """Without a shift welfare is -inf, which JSON has no word for."""
    found = optimum(Situation(4, 0.5, 0.1, shift=0.0), 2.0)
    again = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert again["k_opt"] == [0, 1, 2, 3, 4]
    assert {row["welfare"] for row in again["per_k"]} == {None}
    assert [row["k"] for row in again["per_k"]] == list(range(5))
    assert json.dumps(optimum(Situation(4, 0.5, 0.1), math.inf).as_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: Situation(3, 0.5, 0.5), "below 1/2.*says nothing"),
        (lambda: Situation(3, 0.5, 0.7), "p must be a number from 0 to 0.5"),
        (lambda: Situation(3, 0.5, math.nan), "p must be"),
        (lambda: Situation(3, 1.2, 0.1), "alpha must be a number from 0 to 1"),
        (lambda: Situation(3, -0.1, 0.1), "alpha must be"),
        (lambda: Situation(0, 0.5, 0.1), "n must be a whole number from 1 to 2,000"),
        (lambda: Situation(2.0, 0.5, 0.1), "n must be a whole number"),  # type: ignore[arg-type]
        (lambda: Situation(True, 0.5, 0.1), "n must be a whole number"),
        (lambda: Situation(2_001, 0.5, 0.1), "n must be a whole number"),
        (lambda: Situation(3, 0.5, 0.1, -1.0), "cost must be"),
        (lambda: Situation(3, 0.5, 0.1, math.inf), "cost must be"),
        (lambda: Situation(3, 0.5, 0.1, shift=-1.0), "shift must be"),
        (lambda: Situation(3, 0.5, 0.1, (0.1, 0.2)), "2 costs are given for 3 questions"),
        (lambda: Situation(5, 0.5, 0.1, 1.2), "lower the cost or give a shift above 1"),
        (lambda: Situation(3, 0.5, 0.1, 1.2, 0.0), "lower the cost"),
        (lambda: optimum(Situation(3, 0.5, 0.1), -0.5), "gamma must be a number of at least 0"),
        (lambda: optimum(Situation(3, 0.5, 0.1), math.nan), "gamma must be"),
    ],
)
def test_errors_are_sentences(make: Any, match: str) -> None:
    with pytest.raises(InputError, match=match) as caught:
        make()
    assert len(str(caught.value).split()) >= 6


def test_a_dear_question_is_taken_with_a_shift() -> None:
    found = optimum(Situation(5, 0.5, 0.1, 1.2, shift=1.5), 2.0)
    assert found.per_k[5].ce == pytest.approx(5 - 6.0)
    costs = [Fraction(6, 5)] * 5
    totals = [total for total, _ in _by_every_string(Situation(5, 0.5, 0.1, 1.2, shift=1.5), 2, costs)]
    assert found.k_opt == (totals.index(max(totals)),)
