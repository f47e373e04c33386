"""Known answers win; what is predicted lies on the grid; a drawn answer is the same whenever it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.profile import APPROVAL, VOTE, Agents, Answers, FloatArray, IntArray, Profile, Scale, Statements
from folkmoot.queries import ClosedPool, Completed, closed_pool
from folkmoot.queries import completed as kept_in
from folkmoot.queries.completed import on_grid


@dataclass
class Sampled:
    """A draw whose answers are the uniform numbers themselves, so that every one of them can be seen."""

    shift: float

    def answers(self, agents: IntArray, statements: IntArray, uniform: FloatArray) -> FloatArray:
        return uniform + self.shift


@dataclass
class Thirds:
    """Predicts (agent + statement) / 3, which is on no binary grid."""

    id: str = "thirds"

    @property
    def parameters(self) -> Mapping[str, Any]:
        return {}

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        return (agents[:, None] + statements[None, :]) / 3.0

    def draw(self, rng: np.random.Generator) -> Sampled:
        return Sampled(float(rng.integers(0, 10)))


def profile(seed: int, scale: Scale = VOTE, n: int = 7, m: int = 9) -> Profile:
    rng = np.random.default_rng(seed)
    rows, columns = np.nonzero(rng.random((n, m)) < 0.5)
    return Profile(
        Agents(tuple(f"p{i}" for i in range(n))),
        Statements(tuple(f"s{a}" for a in range(m)), tuple("t" * (a + 1) for a in range(m))),
        Answers.of(
            rows, columns, rng.integers(int(scale.low), int(scale.high) + 1, len(rows)).astype(np.float64), scale
        ),
    )


def said(held: Profile) -> dict[tuple[int, int], float]:
    a = held.answers
    return {(int(i), int(s)): float(v) for i, s, v in zip(a.agent, a.statement, a.value, strict=True)}


@pytest.mark.parametrize("seed", range(10))
def test_known_answers_win_and_the_rest_is_the_nearest_point_of_the_grid(seed: int) -> None:
    held = profile(seed)
    completed, answers = Completed(held, Thirds()), said(profile(seed))
    rng = np.random.default_rng([seed, 1])
    agents, statements = rng.permutation(7)[:5], rng.permutation(9)[:6]
    values, known = completed.utilities(agents, statements), completed.known(agents, statements)
    for row, i in enumerate(agents.tolist()):
        for column, a in enumerate(statements.tolist()):
            assert known[row, column] == ((i, a) in answers)
            if (i, a) in answers:
                assert values[row, column] == (answers[i, a] + 1) / 2
            else:
                steps = Fraction(float(values[row, column])) * 1024
                assert steps.denominator == 1
                assert abs(steps / 1024 - Fraction(i + a, 3)) <= Fraction(1, 2048)


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=20))
def test_the_grid_is_the_nearest_multiple_of_a_1024th(values: list[float]) -> None:
    for value, placed in zip(values, on_grid(np.array(values)).tolist(), strict=True):
        assert (Fraction(placed) * 1024).denominator == 1
        assert abs(Fraction(placed) - Fraction(value)) <= Fraction(1, 2048)


def test_without_a_model_the_unknown_stays_unknown() -> None:
    held = profile(1)
    values = Completed(held).utilities(np.arange(7), np.arange(9))
    assert {(int(i), int(a)) for i, a in np.argwhere(~np.isnan(values))} == said(held).keys()


def test_a_complete_ballot_leaves_nothing_out() -> None:
    """What an approval ballot does not list is a known 0, also against a model that says otherwise."""
    held = profile(2, APPROVAL)
    answers = said(held)
    for completed in (Completed(held), Completed(held, Thirds())):
        values = completed.utilities(np.arange(7), np.arange(9))
        assert completed.known(np.arange(7), np.arange(9)).all()
        assert all(values[i, a] == answers.get((i, a), 0.0) for i in range(7) for a in range(9))


def test_a_drawn_answer_does_not_depend_on_what_else_is_asked_for() -> None:
    held = profile(3)
    completed = Completed(held, Thirds())
    whole = completed.draw(5, 2).utilities(np.arange(7), np.arange(9))
    rng = np.random.default_rng(0)
    one = completed.draw(5, 2)
    for _ in range(30):
        agents = rng.permutation(7)[: rng.integers(1, 8)]
        statements = rng.permutation(9)[: rng.integers(1, 10)]
        for drawn in (one, completed.draw(5, 2)):
            assert (drawn.utilities(agents, statements) == whole[np.ix_(agents, statements)]).all()


def test_draws_differ_by_seed_number_statement_and_agent() -> None:
    held = profile(4)
    completed = Completed(held, Thirds())
    gaps = np.isnan(Completed(held).utilities(np.arange(7), np.arange(9)))
    seen: set[float] = set()
    for seed, number in ((5, 2), (5, 3), (6, 2)):
        drawn = completed.draw(seed, number)
        values = drawn.utilities(np.arange(7), np.arange(9))
        assert (drawn.known(np.arange(7), np.arange(9)) == ~gaps).all()
        fractions = values[gaps] % 1.0
        assert ((fractions >= 0) & (fractions < 1)).all()
        seen |= set(fractions.tolist())
        # What people said is in every draw.
        for (i, a), vote in said(held).items():
            assert values[i, a] == (vote + 1) / 2
    assert len(seen) == 3 * int(gaps.sum())


def test_the_numbers_behind_a_draw_are_uniform() -> None:
    """Kolmogorov-Smirnov on 20,000 of them, and no correlation between neighbouring statements."""
    from scipy.stats import kstest

    held = Profile(
        Agents(tuple(f"p{i}" for i in range(200))),
        Statements(tuple(f"s{a}" for a in range(100)), tuple("t" * (a + 1) for a in range(100))),
        Answers.none(),
    )
    completed = Completed(held, Thirds())
    values = completed.draw(1, 0).utilities(np.arange(200), np.arange(100)) % 1.0
    assert kstest(values.ravel(), "uniform").pvalue > 0.001
    neighbours = np.corrcoef(values[:, 1:].ravel(), values[:, :-1].ravel())[0, 1]
    assert abs(neighbours) < 4 / np.sqrt(values.size)
    following = completed.draw(1, 1).utilities(np.arange(200), np.arange(100)) % 1.0
    assert abs(np.corrcoef(values.ravel(), following.ravel())[0, 1]) < 4 / np.sqrt(values.size)


def test_a_pool_over_a_draw_is_the_draw_in_blocks_too(monkeypatch: pytest.MonkeyPatch) -> None:
    completed = Completed(profile(6), Thirds())
    statements, costs = np.array([8, 0, 3, 4]), np.ones(4, dtype=np.int64)
    whole = ClosedPool(completed.draw(1, 1), statements, costs).utilities(np.arange(7), np.arange(4))
    monkeypatch.setattr(closed_pool, "KEEP", 0)
    monkeypatch.setattr(closed_pool, "BLOCK", 4)
    pool = ClosedPool(completed.draw(1, 1), statements, costs)
    assert (np.concatenate([part for _, part in pool.blocks(np.arange(7), np.arange(4))], axis=1) == whole).all()
    assert (pool.utilities(np.array([4, 2]), np.array([3, 1])) == whole[np.ix_([4, 2], [3, 1])]).all()


def test_draws_need_a_model() -> None:
    with pytest.raises(ValueError, match="model"):
        Completed(profile(7)).draw(0, 0)


@pytest.mark.parametrize("kept", [0, 1_000])
def test_what_is_kept_for_draws_does_not_show(kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    held = profile(4)
    before = Completed(held, Thirds()).draw(1, 2).utilities(np.arange(7), np.arange(9))
    monkeypatch.setattr(kept_in, "KEPT", kept)
    drawn = Completed(held, Thirds()).draw(1, 2)
    for agents in (np.arange(7), np.array([6, 0, 3])):
        for statements in (np.arange(9), np.array([8, 2])):
            assert (drawn.utilities(agents, statements) == before[np.ix_(agents, statements)]).all()
    for at, value in said(held).items():
        assert before[at] == (value + 1) / 2


@dataclass
class Counted(Thirds):
    """Counts the utilities that it predicts."""

    predicted: int = 0

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        self.predicted += len(agents) * len(statements)
        return super().utilities(agents, statements)


def test_what_everybody_thinks_is_worked_out_once_and_nobody_can_change_it() -> None:
    held, model = profile(3), Counted()
    completed, everybody = Completed(held, model), np.arange(7)
    once = completed.utilities(everybody, np.arange(1, 9))
    wanted = once[:, [4, 2, 4]].copy()
    once[:] = np.nan
    again = completed.utilities(everybody, np.array([5, 3, 5]))
    assert np.array_equal(again, wanted)
    assert again.flags.f_contiguous == once.flags.f_contiguous  # sums go along it
    again[:] = np.nan
    assert np.array_equal(completed.utilities(everybody, np.array([5, 3, 5])), wanted)
    assert model.predicted == 7 * 8
    # one more statement, or another order of people, is asked for
    assert np.array_equal(
        completed.utilities(everybody, np.array([0, 3])), Completed(held, model)._utilities(everybody, np.array([0, 3]))
    )
    assert np.array_equal(completed.utilities(everybody[::-1], np.array([5])), wanted[::-1, :1])


@given(st.integers(0, 50))
def test_who_answered_what_is_the_same_for_everybody_and_for_some(seed: int) -> None:
    completed, statements = Completed(profile(seed)), np.array([4, 0, 8, 4])
    everybody = completed.known(np.arange(7), statements)
    assert np.array_equal(everybody[[5, 1]], completed.known(np.array([5, 1]), statements))
