"""The compiled loops do what the loops in numpy do, to the bit."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import folkmoot as fm
from folkmoot.preferences import inverses, products, sparse_sums
from folkmoot.preferences.models.low_rank import LowRankDraw
from folkmoot.processes import assignment
from folkmoot.processes.robust import offered, samples, seats
from folkmoot.profile import FloatArray, IntArray, compiled
from folkmoot.profile.scale import VOTE
from folkmoot.queries import drawn
from folkmoot.queries.levels import UNKNOWN, Numbers, Places

USERS = (assignment, offered, seats, samples, drawn, inverses, products, sparse_sums)
needed = pytest.mark.skipif(
    compiled.kernels() is None, reason="folkmoot-kernels is not installed, or there was no compiler to build it"
)


def both(monkeypatch: pytest.MonkeyPatch, job: Any) -> tuple[Any, Any]:
    """What a job makes with the compiled loops, and without them."""
    quick = job()
    with monkeypatch.context() as without:
        for module in USERS:
            without.setattr(module, "kernels", lambda: None)
        return quick, job()


@needed
@settings(max_examples=150)
@given(st.data())
def test_balanced_assignments_are_the_same(data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    n, k = data.draw(st.integers(1, 120)), data.draw(st.integers(1, 9))
    steps = data.draw(st.sampled_from([1, 3, 1024, 10**9]))
    utilities = np.rint(rng.normal(size=(n, k)) * steps) / steps
    masses = rng.integers(1, data.draw(st.sampled_from([2, 9, 1000])), 2 * n)[::2]
    room = data.draw(st.floats(0.3, 2.0))
    lower, upper = (np.sort(rng.integers(0, max(1, int(room * masses.sum() / k)) + 1, (2, k)), axis=0)).astype(np.int64)
    with pytest.MonkeyPatch.context() as patch:
        # From so many on, prices are found on some of the people first.
        patch.setattr(assignment, "LARGE", data.draw(st.sampled_from([40, 20_000])))
        quick, plain = both(patch, lambda: assignment.balanced_assignment(utilities, lower, upper, masses))
    np.testing.assert_array_equal(quick, plain)


@needed
@settings(max_examples=150)
@given(st.data())
def test_quick_seats_are_the_same(data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    n, k = data.draw(st.integers(1, 700)), data.draw(st.integers(0, 8))
    steps = data.draw(st.sampled_from([1, 7, 10**9]))
    wish = np.rint(rng.normal(size=(k, n)) * steps) / steps
    lower, upper = np.sort(rng.integers(0, n // max(k, 1) + 3, (2, k)), axis=0)
    price, order = np.abs(np.rint(rng.normal(size=k) * steps) / steps), rng.permutation(k)
    passes = data.draw(st.integers(0, 5))
    with pytest.MonkeyPatch.context() as patch:
        quick, plain = both(patch, lambda: seats.seat(wish, lower, upper, None, price, order, passes))
    np.testing.assert_array_equal(quick[0], plain[0])
    np.testing.assert_array_equal(quick[1], plain[1])


@needed
@pytest.mark.parametrize("n", [1, 63, 64, 200])
@pytest.mark.parametrize("steps", [1, 2, 5])
def test_complaints_are_counted_the_same(monkeypatch: pytest.MonkeyPatch, n: int, steps: int) -> None:
    rng = np.random.default_rng(n + steps)
    m = 21
    draws = [rng.integers(0, steps + 1, (n, m)).astype(float) for _ in range(6)]
    made = samples.Samples([Numbers(one) for one in draws], np.ones(n, dtype=np.int64), rng.integers(1, n + 1, m))
    chosen = np.array([2, 5, 9])
    place = rng.integers(-1, 3, n)
    content, plain = both(monkeypatch, lambda: made.content(chosen, place))
    np.testing.assert_array_equal(content, plain)
    some = np.array([0, 2, 20])
    among = np.ascontiguousarray(made.reach[..., some])
    np.testing.assert_array_equal(*both(monkeypatch, lambda: made.ratios(content, chosen)))
    np.testing.assert_array_equal(*both(monkeypatch, lambda: made.ratios(content, chosen, among, some)))


@needed
@pytest.mark.parametrize(("seed", "number", "n"), [(0, 0, 1), (7, 1_000_000, 4), (2**63, 3, 9), (2**64 - 1, 99, 501)])
def test_uniform_numbers_are_those_of_numpy(monkeypatch: pytest.MonkeyPatch, seed: int, number: int, n: int) -> None:
    asked = np.array([0, 3, 895, 70_000])
    quick, plain = both(monkeypatch, lambda: drawn.Uniforms(seed, number, n).of(asked))
    np.testing.assert_array_equal(quick, plain)


@needed
@pytest.mark.parametrize("longest", [1.0, 8.0, 40.0])
def test_drawn_votes_are_the_same(monkeypatch: pytest.MonkeyPatch, longest: float) -> None:
    rng = np.random.default_rng(int(longest))
    n, m, rank = 157, 12, 3
    agree, side = (tuple(longest * rng.normal(size=(size, rank)) for size in (n, m)) for _ in range(2))
    model = LowRankDraw(VOTE, 1, (agree[0], agree[1]), (side[0], side[1]))
    some, statements = np.flatnonzero(rng.random(n) < 0.4), np.array([11, 0, 3, 4])
    for agents in (np.arange(n), some, some[::-1].copy()):
        some_said = rng.random((4, len(agents))) < 0.3
        said = np.where(some_said, rng.integers(0, 3, (4, len(agents))), UNKNOWN).astype(np.uint8)

        def filled(said: Places = said, agents: IntArray = agents) -> Places:
            votes = said.copy()
            drawn.fill_votes(votes, agents, statements, model, drawn.Uniforms(5, 7, n), agents)
            return votes

        quick, plain = both(monkeypatch, filled)
        np.testing.assert_array_equal(quick, plain)
        np.testing.assert_array_equal(quick[some_said], said[some_said])
        assert set(np.unique(quick)) == {0, 1, 2}
        utilities = np.where(some_said, said / 2, np.nan)
        drawn.fill(utilities, ~some_said, agents, statements, model, drawn.Uniforms(5, 7, n), agents)
        np.testing.assert_array_equal(quick, 2 * utilities)


@needed
@settings(max_examples=100)
@given(st.data())
def test_what_a_slate_offers_is_the_same(data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    n, m = data.draw(st.integers(1, 300)), data.draw(st.integers(1, 9))
    steps = data.draw(st.sampled_from([1, 4, 10**9]))
    chances = np.rint(rng.random((m, n)) * steps) / steps
    instance: Any = SimpleNamespace(
        n=n,
        unit=True,
        total=n,
        chances=chances,
        worth=np.rint(rng.random((m, n)) * steps) / steps,
        voted=rng.random((m, n)) < 0.3,
    )
    chosen = np.sort(rng.choice(m, data.draw(st.integers(0, m)), replace=False))
    with pytest.MonkeyPatch.context() as patch:
        quick, plain = both(patch, lambda: offered.offered(instance, chosen))
        for name in ("covered", "agree", "best", "voted"):
            np.testing.assert_array_equal(getattr(quick, name), getattr(plain, name))
        low, plainly = both(patch, lambda: offered.lowest_quarter(quick.agree, instance))
    np.testing.assert_array_equal(low, plainly)
    assert low.sum() == pytest.approx(1.0)


@needed
@settings(max_examples=100)
@given(st.data())
def test_sums_and_products_at_entries_are_the_same(data: st.DataObject) -> None:
    """Rows and columns without entries, repeated pairs, nobody at all, more features than registers hold."""
    rng = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    n, m, k = data.draw(st.integers(1, 40)), data.draw(st.integers(1, 30)), data.draw(st.integers(1, 75))
    row = np.sort(rng.integers(0, n, data.draw(st.integers(0, 200))))
    column, weight = rng.integers(0, m, len(row)), rng.normal(size=len(row))
    left, right = rng.normal(size=(n, k)), rng.normal(size=(m, k))
    pointers, places = np.searchsorted(row, np.arange(n + 1)).astype(np.int32), column.astype(np.int32)
    pairs = products.Pairs(row, column, n, m)

    def sums() -> tuple[FloatArray, FloatArray]:
        routines = sparse_sums.routines()
        assert routines is not None
        of_rows, of_columns = np.zeros((n, k)), np.zeros((m, k))
        routines.csr_matvecs(n, m, k, pointers, places, weight, right.ravel(), of_rows.ravel())
        routines.csc_matvecs(m, n, k, pointers, places, weight, left.ravel(), of_columns.ravel())
        return of_rows, of_columns

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(products, "_FILLED", np.inf)
        np.testing.assert_array_equal(*both(patch, lambda: pairs.products(left, right)))
        pytest.importorskip("scipy")
        quick, plain = both(patch, sums)
    for found, expected in zip(quick, plain, strict=True):
        np.testing.assert_array_equal(found, expected)


@needed
@pytest.mark.parametrize("n", [0, 1, 32, 75])
@pytest.mark.parametrize("d", [1, 2, 9])
def test_inverses_are_the_same(monkeypatch: pytest.MonkeyPatch, n: int, d: int) -> None:
    rng = np.random.default_rng(n + d)
    half = rng.normal(size=(n, d, 2 * d)) * 10.0 ** rng.uniform(-3, 3, (n, 1, 1))
    upper = np.triu_indices(d)
    packed = (half @ half.transpose(0, 2, 1) + 0.1 * np.eye(d))[:, upper[0], upper[1]]
    quick, plain = both(monkeypatch, lambda: inverses.inverses(packed, d))
    np.testing.assert_array_equal(quick[0], plain[0])
    np.testing.assert_array_equal(quick[1], plain[1])


@needed
def test_a_slate_is_the_same_with_and_without(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    table = "person," + ",".join(f"We should do number {j} of them" for j in range(24)) + "\n"
    rng = np.random.default_rng(3)
    for i in range(90):
        votes = ["" if rng.random() < 0.4 else str(rng.choice([-1, 0, 1], p=[0.3, 0.1, 0.6])) for _ in range(24)]
        table += f"{i}," + ",".join(votes) + "\n"
    (tmp_path / "votes.csv").write_text(table, "utf-8")
    quick, plain = both(monkeypatch, lambda: fm.slate(fm.read(tmp_path / "votes.csv"), 5, unit="statements").to_json())
    assert quick == plain


@needed
def test_what_does_not_fit_is_refused() -> None:
    kernels = compiled.kernels()
    assert kernels is not None
    two, three, most = np.zeros(2), np.zeros(3), np.zeros(3, dtype=np.int64)
    whole = np.ones(2, dtype=np.int64)
    with pytest.raises(ValueError, match="price has 16 bytes"):
        kernels.settled(np.zeros(4), whole, whole, whole, two, 0.0, 1.0, 0, 8.0)
    with pytest.raises(ValueError, match="nobody to assign"):
        kernels.settled(np.zeros(0), np.zeros(0, dtype=np.int64), whole, whole, three, 0.0, 1.0, 0, 8.0)
    with pytest.raises(ValueError, match="wish has"):
        kernels.seats(np.zeros(3), whole, whole, two, np.arange(2), 1, np.zeros(2, dtype=np.int64))
    with pytest.raises(ValueError, match="order names"):
        kernels.seats(np.zeros(4), whole, whole, two, np.array([0, 2]), 1, np.zeros(2, dtype=np.int64))
    with pytest.raises(ValueError, match="reach has"):
        kernels.largest_sets(np.zeros(5, dtype=np.uint64), np.zeros(1, dtype=np.uint64), 1, 1, 1, 3, most)
    with pytest.raises(ValueError, match="beyond has"):
        kernels.votes(0, 0, whole, whole, np.zeros(4), np.zeros(3), np.zeros(4, dtype=np.uint8))
    with pytest.raises(ValueError, match="votes has 32 bytes"):
        kernels.votes(0, 0, whole, whole, np.zeros(4), np.zeros(4), np.zeros(4))
    votes = np.zeros(4, dtype=bool)
    with pytest.raises(ValueError, match="worth has"):
        kernels.offered(np.zeros(4), np.zeros(3), votes, np.zeros(1, dtype=np.int64), np.zeros(6), votes[:2])
    with pytest.raises(ValueError, match="chosen names"):
        kernels.offered(np.zeros(4), np.zeros(4), votes, np.array([2]), np.zeros(6), votes[:2])
    with pytest.raises(ValueError, match="no 3 values"):
        kernels.lowest(three, 3, 0.1, 0.1, np.zeros(3))
    words = np.zeros(4, dtype=np.uint64)
    with pytest.raises(ValueError, match="seats has"):
        kernels.content(words, np.zeros(1, dtype=np.int64), words, 2, words[:2].copy())
    with pytest.raises(ValueError, match="chosen names"):
        kernels.content(words, np.array([-1]), words[:2].copy(), 2, words[:2].copy())
    with pytest.raises(ValueError, match="packed has"):
        kernels.inverses(1, 2, two, np.zeros(4), two)
    with pytest.raises(ValueError, match="pivots has"):
        kernels.inverses(-1, 2, two, two, two)
    kernels.inverses(2**62, 0, np.zeros(0), np.zeros(0), np.zeros(0))  # ends
    with pytest.raises(ValueError, match="C-contiguous"):
        kernels.uniforms(0, 0, np.arange(8)[::2], np.zeros(8))


@needed
@pytest.mark.parametrize("name", ["csr_matvecs", "csc_matvecs"])
def test_of_no_features_nothing_is_written(name: str) -> None:
    beside = np.full(3, 7.0)
    places = np.array([0, 1, 2], dtype=np.int32)
    getattr(compiled.kernels(), name)(2, 2, 0, places, places[:2].copy(), np.ones(2), np.zeros(0), beside[1:1])
    assert beside.tolist() == [7.0] * 3


@needed
@pytest.mark.parametrize("name", ["csr_matvecs", "csc_matvecs", "inner_products"])
def test_entries_that_are_not_there_are_refused(name: str) -> None:
    """Two entries of two rows and three columns, with one feature."""
    call = getattr(compiled.kernels(), name)
    sides = (2, 3) if name != "csc_matvecs" else (3, 2)
    places = [0, 1] if name == "inner_products" else [0, 1, 2]
    rows, columns = np.array(places, dtype=np.int32), np.array([0, 2], dtype=np.int32)
    first, second, out = {
        "csr_matvecs": (np.ones(2), np.ones(3), np.zeros(2)),
        "csc_matvecs": (np.ones(2), np.ones(2), np.zeros(3)),
        "inner_products": (np.ones(2), np.ones(3), np.zeros(2)),
    }[name]
    call(*sides, 1, rows, columns, first, second, out)
    assert out.sum() == 2.0
    among = ([0, 2], [-1, 1])
    for wrong in among if name == "inner_products" else ([0, 1, 3], [1, 1, 2], [0, 3, 2], [0, -1, 2]):
        with pytest.raises(ValueError, match=r"pointers do not divide|among the 2 there are"):
            call(*sides, 1, np.array(wrong, dtype=np.int32), columns, first, second, out)
    for wrong in ([0, 3], [-1, 0]):
        with pytest.raises(ValueError, match="among the 3 there are"):
            call(*sides, 1, rows, np.array(wrong, dtype=np.int32), first, second, out)
    for arrays, said in (
        ((rows[:-1], columns, first, second, out), "has"),
        ((rows.astype(np.int64), columns, first, second, out), "has"),
        ((rows, columns, first[:1], second, out), "has 8 bytes"),
        ((rows, columns, first, second[:1], out), "has 8 bytes"),
        ((rows, columns, first, second, out[:1]), "has 8 bytes"),
    ):
        with pytest.raises(ValueError, match=said):
            call(*sides, 1, *arrays)
    for sizes in ((-1, 3, 1), (-2, 3, 1), (2, -3, 1), (2, 3, -1), (2**63 - 1, 2**62, 1), (2, 3, 2**62)):
        with pytest.raises(ValueError, match=r"has|among"):
            call(*sizes, rows, columns, first, second, out)


def test_those_of_another_interface_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, found in ((compiled.INTERFACE, True), (compiled.INTERFACE + 1, False)):
        monkeypatch.setitem(sys.modules, "folkmoot_kernels", SimpleNamespace(INTERFACE=number))
        assert (compiled.kernels.__wrapped__() is not None) == found
    monkeypatch.setitem(sys.modules, "folkmoot_kernels", None)
    assert compiled.kernels.__wrapped__() is None


def test_both_distributions_have_one_interface() -> None:
    text = (Path(__file__).parents[2] / "kernels" / "folkmoot_kernels" / "__init__.py").read_text("utf-8")
    assert f"\nINTERFACE = {compiled.INTERFACE}\n" in text


@needed
def test_numbers_of_other_types_are_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    two: Any = np.array([2, 2], dtype=np.int32)
    whole: Any = np.array([[1, 0], [0, 1], [1, 0], [0, 1]])
    for utilities in (whole, whole.astype(np.float32), np.asfortranarray(whole)):
        assert assignment.balanced_assignment(utilities, two, two).tolist() == [0, 1, 0, 1]
    wish = whole.T.astype(np.float32)
    order: Any = np.array([1, 0], dtype=np.int32)
    quick, plain = both(monkeypatch, lambda: seats.seat(wish, two, two, None, np.zeros(2), order, 3))
    np.testing.assert_array_equal(quick[0], plain[0])
    asked: Any = np.array([1, 2], dtype=np.int32)
    np.testing.assert_array_equal(*both(monkeypatch, lambda: drawn.Uniforms(3, 4, 5).of(asked)))


@needed
def test_what_makes_no_sense_neither_crashes_nor_hangs() -> None:
    kernels = compiled.kernels()
    assert kernels is not None
    place, ones = np.zeros(2, dtype=np.int64), np.ones(2, dtype=np.int64)
    with pytest.raises(ValueError, match="capacity is negative"):
        kernels.seats(np.zeros(4), ones, -ones, np.zeros(2), np.arange(2), 1, place)
    with pytest.raises(ValueError, match="capacities cannot be met"):
        kernels.settled(np.zeros(4), ones, 5 * ones, 5 * ones, np.zeros(3), 0.0, 1.0, 0, 8.0)
    with pytest.raises(ValueError, match="reach has"):
        kernels.largest_sets(b"", b"", 2**32, 2**32, 1, 1, bytearray())
    kernels.largest_sets(b"", b"", 2**40, 0, 1, 0, bytearray())


@pytest.mark.parametrize(("seed", "number"), [(-1, 0), (2**64, 0), (0, 2**64)])
def test_seeds_outside_of_64_bits_are_refused(seed: int, number: int) -> None:
    with pytest.raises(OverflowError):
        drawn.Uniforms(seed, number, 3)
