"""Coalitions of many people: parts, slacks and weights must not show in the numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.profile import FloatArray, IntArray
from folkmoot.queries import coalitions
from folkmoot.queries.coalitions import largest_coalitions, masses_inside, members, possible
from folkmoot.queries.levels import distinct

SLACKS = np.array([0.0, 0.25, 0.5, 2.0])


def people(seed: int, n: int, m: int, kind: str, weighted: bool) -> tuple[FloatArray, FloatArray, IntArray]:
    """Own utilities with some unassigned and some silent, offers with some that do not count, and masses."""
    rng = np.random.default_rng([seed, n, m])
    top = {"approval": 1, "grid": 1024}.get(kind)
    both = rng.random((n, m + 1)) if top is None else rng.integers(0, top + 1, (n, m + 1)) / top
    own, offers = both[:, 0].copy(), both[:, 1:]
    own[rng.random(n) < 0.1] = -np.inf
    own[rng.random(n) < 0.1] = np.inf
    offers[rng.random((n, m)) < 0.1] = -np.inf
    return own, offers, rng.integers(1, 9, n) if weighted else np.ones(n, dtype=np.int64)


def by_definition(own: FloatArray, offer: FloatArray, masses: IntArray, slack: float) -> dict[float, int]:
    """Mass of the coalition at every threshold that is the utility of somebody who may be in one."""
    thetas = {float(theta) for theta in offer[own + slack < offer]}
    return {theta: int(masses[(offer >= theta) & (own + slack < theta)].sum()) for theta in thetas}


@given(
    st.integers(0, 10_000),
    st.integers(1, 40),
    st.sampled_from(["approval", "grid", "real"]),
    st.booleans(),
    st.sampled_from(SLACKS.tolist()),
)
def test_mass_and_threshold_are_those_of_the_definition(
    seed: int, n: int, kind: str, weighted: bool, slack: float
) -> None:
    own, offers, masses = people(seed, n, 3, kind, weighted)
    mass, theta = largest_coalitions(own, offers, masses, slack)
    for a in range(3):
        listed = by_definition(own, offers[:, a], masses, slack)
        assert mass[a] == max(listed.values(), default=0)
        if mass[a]:
            assert theta[a] == min(t for t, size in listed.items() if size == mass[a])
            assert masses[members(own, offers[:, a], float(theta[a]), slack)].sum() == mass[a]
        else:
            assert np.isnan(theta[a])


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("cached", [1, 7, 64, 100_000])
def test_interested_people_are_counted_in_parts(cached: int, weighted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coalitions, "CACHED", cached)
    for seed, (n, m) in enumerate([(1, 1), (13, 5), (5, 40), (200, 3)]):
        own, offers, masses = people(seed, n, m, "grid", weighted)
        found = possible(own, offers, masses, SLACKS)
        for place, slack in enumerate(SLACKS):
            expected = [int(masses[own + slack < offers[:, a]].sum()) for a in range(m)]
            assert found[place].tolist() == expected
            assert possible(own, offers, masses, float(slack)).tolist() == expected


def test_nobody_and_nothing() -> None:
    none, one = np.zeros(0), np.ones(1, dtype=np.int64)
    assert possible(none, np.zeros((0, 2)), none.astype(np.int64), SLACKS).tolist() == [[0, 0]] * 4
    assert possible(np.zeros(1), np.zeros((1, 0)), one).tolist() == []
    assert largest_coalitions(none, np.zeros((0, 2)), none.astype(np.int64))[0].tolist() == [0, 0]


@pytest.mark.parametrize("values", [2, 4, 5, 40])
def test_values_of_a_block_wherever_they_stand(values: int) -> None:
    rng = np.random.default_rng(values)
    for n in (1, 15, 16, 100):
        block = rng.integers(0, values, (n, 6)) / values
        assert distinct(block).tolist() == sorted(set(block.ravel().tolist()))
        block[:] = 0.5
        block[-1, 3] = 0.25  # in a single row
        assert distinct(block).tolist() == [0.25, 0.5]


@pytest.mark.parametrize("block", [1, 50, 250_000])
def test_of_no_sets_there_are_no_masses(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coalitions, "_BLOCK", block)
    for masses in (np.zeros((0, 4), dtype=np.int64), np.ones((2, 4), dtype=np.int64)):
        assert masses_inside(masses, np.ones((4, 0), dtype=bool)).shape == (len(masses), 0)
    assert masses_inside(np.zeros((0, 4), dtype=np.int64), np.ones((4, 3), dtype=bool)).shape == (0, 3)


@pytest.mark.parametrize("block", [1, 50, 250_000])
def test_masses_inside_are_sums_of_whole_numbers(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(coalitions, "_BLOCK", block)
    rng = np.random.default_rng(0)
    for heaviest, n in ((2**40, 17), (1, 17), (1, 64), (1, 130)):
        masses = rng.integers(0, heaviest, (3, n), endpoint=True)
        inside = rng.random((n, 5)) < 0.5
        assert masses_inside(masses, inside).tolist() == [
            [sum(int(mass) for mass, member in zip(one, column, strict=True) if member) for column in inside.T]
            for one in masses
        ]
