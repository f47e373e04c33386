"""Exposure: against brute force, another library's divergence, and the planted blocs of the specification."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.audits.exposure import Audience, compare, fragmentation, index, interval, landscape, landscapes
from folkmoot.audits.shown import Shown
from folkmoot_studies.plural.audits import planted
from folkmoot_studies.plural.drift import drift, polarisation


def world(seed: int, n: int = 30, m: int = 12, groups: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Agreement on a coarse grid (so that there are ties), soft memberships, masses."""
    rng = np.random.default_rng(seed)
    member = rng.dirichlet(np.ones(groups), n)
    return rng.integers(0, 5, (n, m)) / 4.0, member, rng.integers(1, 4, n)


@given(st.integers(0, 200), st.integers(1, 6), st.integers(1, 5))
@settings(max_examples=25, deadline=None)
def test_favourites_and_means_are_those_of_a_plain_sort_whatever_the_blocks(seed: int, k: int, width: int) -> None:
    agreement, member, masses = world(seed)
    m = agreement.shape[1]
    parts = [np.arange(at, min(at + width, m)) for at in range(0, m, width)]
    seen = landscape(((part, agreement[:, part]) for part in parts), member, masses, m, k)
    for row, values in enumerate(agreement):
        assert seen.favourites.statement[row].tolist() == sorted(range(m), key=lambda j: (-values[j], j))[:k]
        assert seen.favourites.agreement[row].tolist() == sorted(values, reverse=True)[:k]
    assert seen.mean == pytest.approx(np.average(agreement, axis=0, weights=masses))
    for g in range(3):
        assert seen.groups[g] == pytest.approx(np.average(agreement, axis=0, weights=masses * member[:, g]))
    assert seen.aggregate(k).tolist() == sorted(range(m), key=lambda j: (-seen.mean[j], j))[:k]
    assert seen.bridging(k).tolist() == sorted(range(m), key=lambda j: (-seen.groups[:, j].min(), j))[:k]


def test_several_memberships_share_what_does_not_depend_on_them() -> None:
    agreement, member, masses = world(1)
    m = agreement.shape[1]
    others = np.roll(member, 1, axis=1)
    for seen, alone in zip(
        landscapes([(np.arange(m), agreement)], [member, others], masses, m, 3), (member, others), strict=True
    ):
        same = landscape([(np.arange(m), agreement)], alone, masses, m, 3)
        assert np.array_equal(seen.groups, same.groups)
        assert np.array_equal(seen.mean, same.mean)
        assert np.array_equal(seen.favourites.statement, same.favourites.statement)


def test_fragmentation_is_the_square_of_scipys_distance() -> None:
    from scipy.spatial.distance import jensenshannon

    exposure = np.random.default_rng(1).integers(0, 9, (4, 7)).astype(np.float64)
    pairs = [jensenshannon(a, b, base=2) ** 2 for a, b in combinations(exposure, 2)]
    assert fragmentation(exposure) == pytest.approx(np.mean(pairs))
    assert np.isnan(fragmentation(exposure[:1]))


def by_hand(shown: Shown, member: np.ndarray, masses: np.ndarray, rejects: np.ndarray) -> dict[str, float]:
    """Every figure, one person and one statement after the other."""
    total = own = counter = cross = 0.0
    groups, m = rejects.shape
    heard, liked, exposure = np.zeros(groups), np.zeros(groups), np.zeros((groups, m))
    for i, mass in enumerate(masses):
        for j, value in zip(shown.statement[i], shown.agreement[i], strict=True):
            if j < 0:
                continue
            total, own = total + mass, own + mass * value
            counter += mass * (value < 0.5)
            cross += mass * sum(member[i, g] for g in range(groups) if rejects[g, j])
            for g in range(groups):
                heard[g] += mass * member[i, g]
                liked[g] += mass * member[i, g] * value
                exposure[g, j] += mass * member[i, g]
    found = {"own": own / total, "counter": counter / total, "cross": cross / total}
    return {**found, "worst": float((liked / heard).min()), "fragmentation": fragmentation(exposure)}


@pytest.mark.parametrize("seed", range(4))
def test_figures_are_those_of_a_count_by_hand(seed: int) -> None:
    agreement, member, masses = world(seed)
    rng = np.random.default_rng(seed)
    shown = rng.integers(-1, 12, (30, 4))
    one = Shown(shown, np.take_along_axis(agreement, np.maximum(shown, 0), 1))
    rejects = rng.random((3, 12)) < 0.3
    found = Audience(member, masses, rejects).figures(one)
    for name, value in by_hand(one, member, masses, rejects).items():
        assert found[name][0] == pytest.approx(value), name


def test_a_mass_is_so_many_copies() -> None:
    agreement, member, masses = world(3)
    rejects = np.random.default_rng(0).random((3, 12)) < 0.3
    shown = np.argsort(-agreement, axis=1, kind="stable")[:, :3]
    once = Audience(member, masses, rejects).figures(Shown(shown, np.take_along_axis(agreement, shown, 1)))
    rows = np.repeat(np.arange(30), masses)
    one = Shown(shown[rows], np.take_along_axis(agreement, shown, 1)[rows])
    many = Audience(member[rows], np.ones(len(rows), dtype=np.int64), rejects).figures(one)
    for name, values in once.items():
        assert values[0] == pytest.approx(many[name][0]), name


def test_planted_blocs() -> None:
    """Specification 12: within .03, sycophancy of personal lists exactly 1, shuffled labels below .06."""
    rng = np.random.default_rng(7)
    agreement, label = planted(rng, 400)
    member, masses = np.eye(2)[label], np.ones(400, dtype=np.int64)
    seen = landscape([(np.arange(60), agreement)], member, masses, 60, 10)
    lists = {"aggregate": seen.aggregate(10), "bridging": seen.bridging(10)}
    shown = {name: Shown.to_all(chosen, agreement[:, chosen]) for name, chosen in lists.items()}
    shown["personal"] = seen.favourites
    audience = Audience(member, masses, seen.groups < 0.5, rng, 50)
    found = compare(shown, audience, ("personal", "aggregate"), rng)
    told = {"aggregate": (0.82, 0.10, 0.0), "bridging": (0.75, 0.75, 0.0), "personal": (0.93, 0.93, 1.0)}
    for policy, wanted in told.items():
        entry = found["policies"][policy]
        got = tuple(entry[name][0] for name in ("own", "worst", "fragmentation"))
        assert got == pytest.approx(wanted, abs=0.03), policy
    assert found["sycophancy"]["personal"] == (1.0, 1.0, 1.0)
    assert found["sycophancy"]["aggregate"] == (0.0, 0.0, 0.0)
    assert found["echo"]["personal"][0] == 1.0
    assert found["policies"]["personal"]["chance"] < 0.06
    assert found["echo_beyond_chance"]["personal"] == pytest.approx((1.0, 1.0, 1.0))
    assert found["policies"]["aggregate"]["cross"][0] == pytest.approx(0.1)  # only the minority's group rejects it


def test_intervals_hold_the_value_also_where_resampling_inflates() -> None:
    """Everybody has a favourite of their own: resampled groups look further apart than they are."""
    n = 200
    shown = Shown(np.arange(n)[:, None] % 90, np.ones((n, 1)))
    member = np.eye(2)[np.arange(n) % 2]
    audience = Audience(
        member, np.ones(n, dtype=np.int64), np.zeros((2, 90), dtype=bool), np.random.default_rng(0), 100
    )
    value, low, high = interval(audience.figures(shown)["fragmentation"])
    assert low <= value <= high
    assert high - low < 0.2


def test_a_resample_that_misses_a_group_takes_no_width_from_the_interval() -> None:
    """Two of 60 are a group: many resamples have neither, and the interval is that of the others."""
    n = 60
    member = np.eye(2)[(np.arange(n) < 2).astype(int)]
    shown = Shown(np.where(np.arange(n) < 2, 0, 1 + np.arange(n) % 5)[:, None], np.ones((n, 1)))
    audience = Audience(member, np.ones(n, dtype=np.int64), np.zeros((2, 6), dtype=bool), np.random.default_rng(0), 200)
    missed = audience.missed(shown)
    assert 15 < missed < 60  # (1 - 2/60)^60 is .13
    assert missed == sum((times[:2] == 0).all() for times in audience.times[1:])
    values = audience.figures(shown)["fragmentation"]
    assert np.isnan(values).sum() == missed
    found = interval(np.append(values, 0.5))
    assert found[1] <= found[0] <= found[2]
    two = Audience(member, np.ones(n, dtype=np.int64), np.zeros((2, 6), dtype=bool), np.random.default_rng(0), 200)
    mixed = Shown(np.where(np.arange(n) < 2, 1, 1 + np.arange(n) % 5)[:, None], np.ones((n, 1)))
    value, low, high = interval(two.figures(mixed)["fragmentation"])
    assert high - low > 0.02
    assert low <= value <= high
    assert np.isnan(interval(np.array([0.3, np.nan, np.nan]))[1:]).all()  # and no interval of no width


def test_an_index_without_a_span_is_nothing() -> None:
    assert np.isnan(index(np.array([0.5]), 0.5, np.array([0.5]))).all()
    assert index(np.array([0.4]), 0.5, np.array([0.7]))[0] == pytest.approx(-0.5)


def test_drift_is_the_rounds_one_after_the_other() -> None:
    rng = np.random.default_rng(2)
    people, statements = rng.standard_normal((20, 2)), rng.standard_normal((6, 2))
    shown, endorses = rng.integers(0, 6, (20, 3)), rng.random((20, 3)) < 0.6
    label = rng.integers(0, 2, 20)
    slow = people.copy()
    for _ in range(10):
        for i in range(20):
            if endorses[i].any():
                slow[i] += 0.1 * (statements[shown[i][endorses[i]]].mean(axis=0) - slow[i])
    found = drift(people, statements, shown, endorses, label)
    assert found.polarisation == pytest.approx((polarisation(people, label), polarisation(slow, label)))
    assert found.moved == pytest.approx(np.sqrt(((slow - people) ** 2).sum(axis=1)).mean())
