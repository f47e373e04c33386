"""Welfare figures against numpy, repeated values and double sums."""

from __future__ import annotations

import itertools
import math
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.audits import Subject
from folkmoot.audits.welfare import GAMMAS, certainty_equivalent, gini, quantile, welfare
from folkmoot.profile import FloatArray, IntArray
from folkmoot.testing.instances import Instance, instances, some_slate

PEOPLE = st.lists(st.tuples(st.integers(0, 64).map(lambda v: v / 16), st.integers(1, 5)), min_size=1, max_size=12).map(
    lambda pairs: (np.array([v for v, _ in pairs]), np.array([w for _, w in pairs]))
)


@given(PEOPLE, st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 0.95, 1.0]))
def test_quantiles_are_numpys_of_the_repeated_values(people: tuple[FloatArray, IntArray], q: float) -> None:
    values, masses = people
    assert quantile(values, masses, q) == pytest.approx(float(np.quantile(np.repeat(values, masses), q)))


@given(PEOPLE)
def test_gini_is_half_the_relative_mean_difference(people: tuple[FloatArray, IntArray]) -> None:
    values, masses = people
    repeated = np.repeat(values, masses)
    n = len(repeated)
    if repeated.sum() == 0:
        assert gini(values, masses) == 0.0
        return
    double = sum(abs(x - y) for x in repeated for y in repeated)
    assert gini(values, masses) == pytest.approx(double / (2 * n * n * repeated.mean()))


def test_gini_by_hand() -> None:
    """One of n has everything: (n - 1) / n. All equal: 0."""
    assert gini(np.array([0.0, 0.0, 0.0, 7.0]), np.ones(4, dtype=np.int64)) == pytest.approx(0.75)
    assert gini(np.full(4, 3.0), np.ones(4, dtype=np.int64)) == pytest.approx(0.0)


@given(PEOPLE, st.sampled_from([0.0, 0.5, 2.0, 5.0]))
def test_certainty_equivalent_has_the_welfare_of_the_distribution(
    people: tuple[FloatArray, IntArray], gamma: float
) -> None:
    """CRRA: everyone at the certainty equivalent gives the same sum of u^(1 - gamma) / (1 - gamma)."""
    values, masses = people
    values = values + 0.1
    same = certainty_equivalent(values, masses, gamma)
    wanted = sum(w * v ** (1 - gamma) / (1 - gamma) for v, w in zip(values.tolist(), masses.tolist(), strict=True))
    assert int(masses.sum()) * same ** (1 - gamma) / (1 - gamma) == pytest.approx(wanted)


@given(PEOPLE)
def test_nash_is_the_limit_at_gamma_one(people: tuple[FloatArray, IntArray]) -> None:
    values, masses = people
    values = values + 0.1
    geometric = math.prod(v**w for v, w in zip(values.tolist(), masses.tolist(), strict=True)) ** (1 / masses.sum())
    assert certainty_equivalent(values, masses, 1.0) == pytest.approx(geometric)
    for gamma in (1 - 1e-6, 1 + 1e-6):
        assert certainty_equivalent(values, masses, gamma) == pytest.approx(geometric, rel=1e-4)


@given(PEOPLE)
def test_aversion_lowers_the_certainty_equivalent_from_the_mean_towards_the_minimum(
    people: tuple[FloatArray, IntArray],
) -> None:
    values, masses = people
    values = values + 0.1
    line = [certainty_equivalent(values, masses, g) for g in (0.0, 0.5, 1.0, 2.0, 5.0, 50.0)]
    assert line[0] == pytest.approx(float(np.average(values, weights=masses)))
    assert all(a >= b - 1e-9 for a, b in itertools.pairwise(line))
    assert line[-1] >= values.min() - 1e-9


@pytest.mark.parametrize("weighted", [False, True])
def test_all_figures_of_a_slate_are_those_of_the_people_one_by_one(weighted: bool) -> None:
    """Recomputed on a list with every person as often as they weigh, with plain Python and numpy."""
    for number, instance in instances(31, 400, kinds=("integer",), weighted=weighted):
        chosen, assignment = some_slate(np.random.default_rng(number), instance)
        found = welfare(Subject(instance.pool(), chosen, assignment, instance.budget), 0.0, 4.0)
        people = [
            (float(instance.values[i, chosen[assignment[i]]]), float(instance.values[i, chosen].max()))
            for i in range(instance.n)
            if assignment[i] >= 0
            for _ in range(int(instance.masses[i]))
        ]
        assert found.represented == pytest.approx(len(people) / instance.total), number
        if not people:
            assert all(value is None for name, value in asdict(found).items() if name != "represented"), number
            continue
        own = [u for u, _ in people]
        scaled = [u / 4 + 0.1 for u in own]
        expected = {
            "mean": sum(own) / len(own),
            "min": min(own),
            "q1": float(np.quantile(own, 0.25)),
            "median": float(np.median(own)),
            "q3": float(np.quantile(own, 0.75)),
            "own_is_favourite": sum(u == best for u, best in people) / len(people),
            "nash": 4 * (math.exp(sum(math.log(u) for u in scaled) / len(scaled)) - 0.1),
        }
        for gamma in GAMMAS[1:]:
            mean = sum(u ** (1 - gamma) for u in scaled) / len(scaled)
            expected[f"ce_{gamma:g}"] = 4 * (mean ** (1 / (1 - gamma)) - 0.1)
        for name, value in expected.items():
            assert getattr(found, name) == pytest.approx(value), (number, name)
        assert found.ce_1 == found.nash


def test_one_person_at_the_bottom_does_not_hide_the_rest() -> None:
    """The shift: without it Nash and the certainty equivalents would be 0 for both slates."""
    ones = np.ones(4, dtype=np.int64)
    figures = []
    for rest in (1.0, 4.0):
        instance = Instance(np.array([[0.0], [rest], [rest], [rest]]), np.ones(1, dtype=np.int64), ones, 1)
        figures.append(welfare(Subject(instance.pool(), np.array([0]), np.zeros(4, dtype=np.int64), 1), 0.0, 4.0))
    for name in ("nash", "ce_2", "ce_5"):
        first, second = (getattr(one, name) for one in figures)
        assert first is not None
        assert second is not None
        assert 0 < first < second
