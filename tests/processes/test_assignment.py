"""The balanced assignment against integer programs, copied columns, prices that prove it, and the pilot study."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, linprog, milp

from folkmoot.processes import assignment, balanced_assignment, capacities
from folkmoot.profile import FloatArray, InputError, IntArray

NAN, INF = float("nan"), float("inf")


def utilities_of(kind: str, n: int, k: int, rng: np.random.Generator) -> FloatArray:
    """Utilities as they occur and as they hurt: ties, popular statements, few dimensions, near-ties."""
    popular = 2 * rng.random(k)
    factors = rng.normal(size=(n, 2)) @ rng.normal(size=(2, k)) + popular
    saturated = rng.integers(0, 1025, size=(n, k)) / 1024
    saturated[rng.random((n, k)) < 0.6] = 1.0
    kinds: dict[str, FloatArray] = {
        "continuous": rng.random((n, k)),
        "popular": rng.random((n, k)) + popular,
        "negative": rng.random((n, k)) - popular - 3,
        "factors": 1 / (1 + np.exp(-2 * factors)),
        "thirds": rng.integers(0, 4, size=(n, k)) / 3 + np.round(popular, 1),
        "three levels": rng.integers(0, 3, size=(n, k)) / 2,
        "integers": rng.integers(-2, 3, size=(n, k)).astype(float),
        "saturated": saturated,
        "near-ties": 0.5 + 1e-10 * rng.random((n, k)) + (np.arange(n)[:, None] == 0),
        "alike": np.repeat(rng.random((1, k)), n, axis=0),
        "scales": 10.0 ** (-15 * rng.random((n, k))),
        "constant": np.ones((n, k)),
    }
    return kinds[kind]


KINDS = (
    *("continuous", "popular", "negative", "factors", "thirds", "three levels", "integers", "saturated"),
    *("near-ties", "alike", "scales", "constant"),
)


def worth(utilities: FloatArray, place: IntArray) -> float:
    seated = np.flatnonzero(place >= 0)
    return float(utilities[seated, place[seated]].sum())


def shortfall(place: IntArray, lower: IntArray) -> int:
    return int(np.maximum(lower - loads(place, len(lower)), 0).sum())


def loads(place: IntArray, k: int, masses: IntArray | None = None) -> IntArray:
    seated = place >= 0
    mass = np.ones(len(place)) if masses is None else masses
    return np.bincount(place[seated], weights=mass[seated], minlength=k).astype(np.int64)


def by_integer_program(utilities: FloatArray, lower: IntArray, upper: IntArray) -> tuple[int, int, float]:
    """Most agents assigned, then least shortfall of the lower bounds, then most utility."""
    n, k = utilities.shape
    agents = np.hstack([np.kron(np.eye(n), np.ones(k)), np.zeros((n, k))])
    shares = np.hstack([np.kron(np.ones(n), np.eye(k)), np.zeros((k, k))])
    short = np.hstack([np.zeros((k, n * k)), np.eye(k)])
    rules = [
        LinearConstraint(agents, 0, 1),
        LinearConstraint(shares, 0, upper),
        LinearConstraint(shares + short, lower, np.inf),
    ]
    box = Bounds(0, np.append(np.ones(n * k), lower))
    first = np.append(np.full(n * k, -float(lower.sum() + 1)), np.ones(k))
    integral, exactly = np.ones(n * k + k), {"mip_rel_gap": 0}
    best = milp(first, constraints=rules, bounds=box, integrality=integral, options=exactly)
    rules.append(LinearConstraint(first[None, :], -np.inf, best.fun + 0.5))
    loss = np.append(-utilities.ravel(), np.zeros(k))
    solved = milp(loss, constraints=rules, bounds=box, integrality=integral, options=exactly)
    assert best.status == solved.status == 0
    whole = np.rint(solved.x)
    return int(whole[: n * k].sum()), int(whole[n * k :].sum()), float(-loss @ whole)


def by_copied_columns(utilities: FloatArray, lower: IntArray, upper: IntArray) -> float:
    """One column per seat; agents that do not exist may only take the seats above the lower bounds."""
    seat = np.repeat(np.arange(len(upper)), upper)
    first = np.cumsum(upper) - upper
    optional = np.arange(len(seat)) - first[seat] >= lower[seat]
    missing = len(seat) - len(utilities)
    nobody = np.repeat(np.where(optional, 0.0, -1e9)[None, :], missing, axis=0)
    gain = np.vstack([utilities[:, seat], nobody])
    rows, columns = linear_sum_assignment(gain, maximize=True)
    return float(gain[rows, columns].sum())


def bound_by_prices(utilities: FloatArray, place: IntArray, lower: IntArray, upper: IntArray) -> float:
    """A proof: no balanced assignment is worth more than this, whatever the prices are (weak duality)."""
    k = len(lower)
    arcs = np.full((k + 1, k + 1), np.inf)
    load = loads(place, k)
    for s in range(k):
        here = utilities[place == s]
        arcs[s, :k] = (here[:, [s]] - here).min(axis=0, initial=np.inf)
    arcs[:k, k] = np.where(load < upper, 0.0, np.inf)
    arcs[k, :k] = np.where(load > lower, 0.0, np.inf)
    distance = np.zeros(k + 1)
    for _ in range(k + 2):
        distance = np.minimum(distance, (distance[:, None] + arcs).min(axis=0))
    price = -distance[:k]
    # The loads that pay most at these prices: the lower bounds, the rest to the dearest statements.
    paid, left = lower.copy(), len(place) - int(lower.sum())
    for a in np.argsort(-price):
        more = min(left, int(upper[a] - lower[a]))
        paid[a] += more
        left -= more
    return float((utilities - price).max(axis=1).sum() + price @ paid)


@st.composite
def problems(draw: st.DrawFn) -> tuple[FloatArray, IntArray, IntArray]:
    n, k = draw(st.integers(0, 9)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    lower = np.array(draw(st.lists(st.integers(0, 4), min_size=k, max_size=k)), dtype=np.int64)
    room = np.array(draw(st.lists(st.integers(0, 4), min_size=k, max_size=k)), dtype=np.int64)
    kind = draw(st.sampled_from([kind for kind in KINDS if kind != "scales"]))
    return utilities_of(kind, n, k, rng), lower, lower + room


@settings(max_examples=300, deadline=None)
@given(problems())
@pytest.mark.long
def test_is_the_optimum_of_the_integer_program(problem: tuple[FloatArray, IntArray, IntArray]) -> None:
    utilities, lower, upper = problem
    place = balanced_assignment(utilities, lower, upper)
    assert place.dtype == np.int64
    assert (loads(place, len(upper)) <= upper).all()
    if len(utilities) == 0:
        return
    assigned, short, value = by_integer_program(utilities, lower, upper)
    assert (int((place >= 0).sum()), shortfall(place, lower)) == (assigned, short)
    assert worth(utilities, place) == pytest.approx(value, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_order_of_agents_and_of_statements_does_not_change_the_total(
    problem: tuple[FloatArray, IntArray, IntArray],
) -> None:
    utilities, lower, upper = problem
    rng = np.random.default_rng(len(utilities))
    shuffled = utilities[rng.permutation(len(utilities))]
    value = worth(utilities, balanced_assignment(utilities, lower, upper))
    assert worth(shuffled, balanced_assignment(shuffled, lower, upper)) == pytest.approx(value, abs=1e-9)
    statements = rng.permutation(len(lower))
    turned = balanced_assignment(utilities[:, statements], lower[statements], upper[statements])
    assert worth(utilities[:, statements], turned) == pytest.approx(value, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_equal_masses_are_units_and_the_result_is_the_same_every_time(
    problem: tuple[FloatArray, IntArray, IntArray],
) -> None:
    utilities, lower, upper = problem
    place = balanced_assignment(utilities, lower, upper)
    threes = np.full(len(utilities), 3)
    assert balanced_assignment(utilities, 3 * lower, 3 * upper, threes).tolist() == place.tolist()
    assert balanced_assignment(np.asfortranarray(utilities), lower, upper).tolist() == place.tolist()


@pytest.mark.parametrize("large", [50, 10**9], ids=["prices from a sample", "all agents at once"])
@pytest.mark.parametrize("kind", KINDS)
def test_agrees_with_copied_columns(kind: str, large: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assignment, "LARGE", large)
    monkeypatch.setattr(assignment, "FEW", 1)
    for seed in range(3):
        rng = np.random.default_rng(seed)
        utilities = utilities_of(kind, 200, 6, rng)
        lower, upper = capacities(rng.integers(1, 40, size=6), 200, 150 + 20 * seed)
        short = max(0, 200 - int(upper.sum()))
        upper[0] += short
        lower[-1] = max(0, lower[-1] - max(0, int(lower.sum()) - 200))
        if lower.sum() > 200:
            lower = np.zeros_like(lower)
        place = balanced_assignment(utilities, lower, upper)
        load = loads(place, 6)
        assert (load >= lower).all()
        assert (load <= upper).all()
        assert worth(utilities, place) == pytest.approx(by_copied_columns(utilities, lower, upper), abs=1e-9)


@pytest.mark.parametrize("kind", ["continuous", "popular", "factors", "saturated", "three levels", "thirds"])
@pytest.mark.parametrize("slack", [0, 130])
def test_many_agents_have_prices_that_prove_the_optimum(kind: str, slack: int) -> None:
    n, k = 10_000, 8
    utilities = utilities_of(kind, n, k, np.random.default_rng(5))
    lower, upper = capacities(np.array([10, 10, 20, 20, 20, 7, 33, 5]), n, 125)
    lower, upper = lower - slack, upper + slack
    place = balanced_assignment(utilities, lower, upper)
    load = loads(place, k)
    assert (load >= lower).all()
    assert (load <= upper).all()
    assert worth(utilities, place) == pytest.approx(bound_by_prices(utilities, place, lower, upper), abs=1e-7)


def test_leaves_out_whom_the_others_gain_most_without() -> None:
    utilities = np.array([[1.0, 0.0], [0.5, 0.0], [0.9, 0.8], [0.2, 0.1]])
    place = balanced_assignment(utilities, np.array([0, 0]), np.array([2, 1]))
    assert place.tolist() == [0, 0, 1, -1]


def test_lower_bounds_come_before_utility_and_agents_before_lower_bounds() -> None:
    utilities = np.tile([1.0, 0.0, 0.0], (5, 1))
    assert loads(balanced_assignment(utilities, np.array([0, 1, 1]), np.array([5, 5, 5])), 3).tolist() == [3, 1, 1]
    # Seven seats are asked for and five agents exist: nobody sits above a lower bound.
    assert loads(balanced_assignment(utilities, np.array([1, 4, 2]), np.array([5, 5, 5])), 3).tolist()[0] == 1
    assert loads(balanced_assignment(utilities, np.array([0, 2, 1]), np.array([0, 2, 1])), 3).tolist() == [0, 2, 1]


@pytest.mark.parametrize("n", [0, 1, 7])
def test_one_statement_no_statement_and_no_room(n: int) -> None:
    one = np.ones((n, 1))
    assert balanced_assignment(one, np.array([n]), np.array([n])).tolist() == [0] * n
    assert balanced_assignment(one, np.array([0]), np.array([0])).tolist() == [-1] * n
    nothing = np.zeros(0, dtype=np.int64)
    assert balanced_assignment(np.ones((n, 0)), nothing, nothing).tolist() == [-1] * n


def test_ties_go_to_the_first_favourite_and_the_first_agents_move() -> None:
    place = balanced_assignment(np.ones((6, 3)), np.array([2, 2, 2]), np.array([2, 2, 2]))
    assert place.tolist() == [1, 1, 2, 2, 0, 0]


def test_huge_tiny_and_shifted_utilities_end() -> None:
    rng = np.random.default_rng(0)
    even = np.full(4, 75)
    for scale, shift in ((1e300, 0.0), (1e-300, 0.0), (5e-324, 0.0), (1.0, 1e12), (1e-13, 1.0)):
        utilities = rng.random((300, 4)) * scale + shift
        place = balanced_assignment(utilities, even, even)
        assert loads(place, 4).tolist() == even.tolist()
        value = worth(utilities, place)
        assert value == pytest.approx(by_copied_columns(utilities - shift, even, even) + 300 * shift, rel=1e-12)


@pytest.mark.parametrize(
    ("lower", "upper"), [([2, 0], [1, 5]), ([-1, 0], [5, 5]), ([0], [5]), ([0, 0], [5, 5, 5])], ids=str
)
def test_contradictory_capacities_are_refused(lower: list[int], upper: list[int]) -> None:
    with pytest.raises(InputError, match="lower bound between 0 and its upper bound"):
        balanced_assignment(np.ones((3, 2)), np.array(lower), np.array(upper))


@pytest.mark.parametrize("bad", [NAN, INF, -INF])
def test_unknown_utilities_are_refused(bad: float) -> None:
    with pytest.raises(InputError, match="finite"):
        balanced_assignment(np.array([[1.0, bad], [0.0, 1.0]]), np.array([1, 1]), np.array([1, 1]))


def test_capacities_are_floor_and_ceiling_of_the_proportional_share() -> None:
    lower, upper = capacities(np.array([10, 20, 34]), 7, 64)
    assert (lower.tolist(), upper.tolist()) == ([1, 2, 3], [2, 3, 4])


# Agents with masses


def divisible_optimum(utilities: FloatArray, lower: IntArray, upper: IntArray, masses: IntArray) -> float:
    n, k = utilities.shape
    load = np.kron(masses.astype(float), np.eye(k))
    solved = linprog(
        -(utilities * masses[:, None]).ravel(),
        A_ub=np.vstack([load, -load]),
        b_ub=np.concatenate([upper, -lower]),
        A_eq=np.kron(np.eye(n), np.ones(k)),
        b_eq=np.ones(n),
    )
    assert solved.status == 0
    return float(-solved.fun)


def divided(utilities: FloatArray, lower: IntArray, upper: IntArray, masses: IntArray) -> tuple[IntArray, FloatArray]:
    """The divisible solution before it is rounded: mass of every agent at every statement, and the prices."""
    spread = float(utilities.max() - utilities.min())
    grain = 2.0 ** np.ceil(np.log2(spread)) if spread > 0 else 0.0
    seating = assignment._seated(utilities, masses, lower, upper, grain)
    parts = np.zeros(utilities.shape, dtype=np.int64)
    np.add.at(parts, (seating.rows, seating.places), seating.masses)
    return parts, seating.price[:-1]


@st.composite
def weighted_problems(draw: st.DrawFn) -> tuple[FloatArray, IntArray, IntArray, IntArray]:
    n, k = draw(st.integers(2, 14)), draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    masses = rng.integers(1, draw(st.sampled_from([2, 5, 40, 10**6])), size=n, endpoint=True)
    masses[0] += (masses == masses[0]).all()  # equal masses would be units
    total = int(masses.sum())
    lower, upper = capacities(rng.integers(1, 9, size=k), total, int(rng.integers(1, 9, size=k).sum()))
    slack = rng.integers(0, 2 + total // 8, size=k)
    lower, upper = np.maximum(lower - slack, 0), upper + slack
    upper[0] += max(0, total - int(upper.sum()))
    while lower.sum() > total:
        lower //= 2
    kind = draw(st.sampled_from([kind for kind in KINDS if kind != "scales"]))
    return utilities_of(kind, n, k, rng), lower, upper, masses


@pytest.mark.parametrize("large", [3, 10**9], ids=["prices from a sample", "all agents at once"])
@settings(max_examples=300, deadline=None)
@given(problem=weighted_problems())
@pytest.mark.long
def test_unequal_masses_are_divided_as_the_linear_program_does(
    large: int, problem: tuple[FloatArray, IntArray, IntArray, IntArray]
) -> None:
    utilities, lower, upper, masses = problem
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assignment, "LARGE", large)
        patch.setattr(assignment, "SAMPLE", 2)
        parts, _ = divided(utilities, lower, upper, masses)
        place = balanced_assignment(utilities, lower, upper, masses)
    assert (parts >= 0).all()
    assert parts.sum(axis=1).tolist() == masses.tolist()
    assert (parts.sum(axis=0) >= lower).all()
    assert (parts.sum(axis=0) <= upper).all()
    value = float((parts * utilities).sum())
    best = divisible_optimum(utilities, lower, upper, masses)
    assert value == pytest.approx(best, rel=1e-9, abs=1e-9 * float(masses.sum()))
    # Rounded: everybody sits where they had a part, and no load moves by the heaviest agent.
    load = loads(place, len(lower), masses)
    assert (place >= 0).all()
    assert (np.abs(load - parts.sum(axis=0)) < masses.max()).all()
    assert (parts[np.arange(len(place)), place] > 0).all()


@pytest.mark.parametrize("kind", ["continuous", "popular", "factors", "saturated", "three levels", "thirds", "alike"])
@pytest.mark.parametrize("slack", [0, 4000])
@pytest.mark.long
def test_many_weighted_agents_have_prices_that_prove_the_optimum(kind: str, slack: int) -> None:
    """Weak duality: at any prices the dearest loads and everybody's favourite bound the value of every division."""
    n, k = 30_000, 8
    rng = np.random.default_rng(6)
    utilities, masses = utilities_of(kind, n, k, rng), rng.integers(1, 60, size=n)
    total = int(masses.sum())
    lower, upper = capacities(np.array([10, 10, 20, 20, 20, 7, 33, 5]), total, 125)
    lower, upper = lower - slack, upper + slack
    parts, price = divided(utilities, lower, upper, masses)
    load = parts.sum(axis=0)
    assert (load >= lower).all()
    assert (load <= upper).all()
    paid, left = lower.copy(), total - int(lower.sum())
    for a in np.argsort(-price):
        more = min(left, int(upper[a] - lower[a]))
        paid[a] += more
        left -= more
    bound = float(masses @ (utilities - price).max(axis=1) + price @ paid)
    assert float((parts * utilities).sum()) == pytest.approx(bound, rel=1e-12)
    place = balanced_assignment(utilities, lower, upper, masses)
    assert (np.abs(loads(place, k, masses) - load) < masses.max()).all()
    assert float(masses @ utilities[np.arange(n), place]) == pytest.approx(bound, rel=1e-4)


@pytest.mark.parametrize("kind", ["continuous", "popular", "three levels", "saturated", "alike"])
@pytest.mark.parametrize("k", [2, 5, 9])
def test_unequal_masses_stay_within_the_heaviest_agent_and_near_the_divisible_optimum(kind: str, k: int) -> None:
    for seed in range(4):
        rng = np.random.default_rng(seed)
        masses = rng.integers(1, 12, size=40)
        total, heaviest = int(masses.sum()), int(masses.max())
        costs = rng.integers(1, 9, size=k)
        lower, upper = capacities(costs, total, int(costs.sum()))
        utilities = utilities_of(kind, 40, k, rng)
        place = balanced_assignment(utilities, lower, upper, masses)
        load = loads(place, k, masses)
        assert (place >= 0).all()
        assert (load > lower - heaviest).all()
        assert (load < upper + heaviest).all()
        split = np.sort(masses)[-(k - 1) :].sum() * (utilities.max() - utilities.min())
        value = float((masses * utilities[np.arange(40), place]).sum())
        assert value >= divisible_optimum(utilities, lower, upper, masses) - split - 1e-6


def test_unequal_masses_without_enough_room_or_agents() -> None:
    utilities, masses = np.random.default_rng(3).random((20, 3)), np.arange(1, 21)
    few = balanced_assignment(utilities, np.array([10, 10, 10]), np.array([40, 40, 40]), masses)
    assert 120 - 3 * 20 < loads(few, 3, masses).sum() < 120 + 3 * 20
    assert (np.abs(loads(few, 3, masses) - 40) < 20).all()
    many = balanced_assignment(utilities, np.array([200, 90, 10]), np.array([300, 300, 300]), masses)
    assert (many >= 0).all()
    assert (loads(many, 3, masses) < np.array([200, 90, 10]) + 20).all()


def test_a_sample_that_misleads_costs_time_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every 16th agent, the sample, likes what nobody else likes: its prices are wrong for all others."""
    monkeypatch.setattr(assignment, "LARGE", 100)
    rng = np.random.default_rng(8)
    utilities = rng.random((960, 5))
    utilities[:, 0] += 2
    utilities[::16, 0] -= 4
    utilities[::16, 4] += 3
    even = np.full(5, 192)
    place = balanced_assignment(utilities, even, even)
    assert loads(place, 5).tolist() == even.tolist()
    assert worth(utilities, place) == pytest.approx(by_copied_columns(utilities, even, even), abs=1e-9)


# The pilot study (Fish et al. 2024, section 5.4)


def test_the_pilot_study_gives_every_participant_a_favourite(real: Callable[[str], Path]) -> None:
    file = real("chatbot_pilot/validation_ratings.csv")
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    people = {name: i for i, name in enumerate(dict.fromkeys(row["participant"] for row in rows))}
    statements = {name: i for i, name in enumerate(dict.fromkeys(row["statement_id"] for row in rows))}
    ratings = np.full((len(people), len(statements)), np.nan)
    for row in rows:
        ratings[people[row["participant"]], statements[row["statement_id"]]] = float(row["rating"])
    lower, upper = capacities(np.ones(5, dtype=np.int64), 100, 5)
    place = balanced_assignment(ratings, lower, upper)
    assigned = ratings[np.arange(100), place]
    assert loads(place, 5).tolist() == [20] * 5
    assert assigned.sum() == ratings.max(axis=1).sum() == 366
    assert Counter(assigned.tolist()) == {4.0: 75, 3.0: 18, 2.0: 6, 0.0: 1}
