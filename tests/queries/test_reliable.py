"""Weighted utilities: what a weight of one, of none and in between does, in whatever blocks they are asked for."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.preferences import AnswerWeights
from folkmoot.profile import VOTE, Agents, Answers, InputError, Profile, Statements
from folkmoot.queries import ClosedPool, Completed, Reliable


class Half:
    """Predicts the middle of the scale."""

    id = "half"
    parameters: ClassVar[dict[str, object]] = {}

    def utilities(self, agents: np.ndarray, statements: np.ndarray) -> np.ndarray:
        return np.full((len(agents), len(statements)), 0.5)

    def draw(self, rng: np.random.Generator) -> Half:
        return self

    def answers(self, agents: np.ndarray, statements: np.ndarray, uniform: np.ndarray) -> np.ndarray:
        return self.utilities(agents, statements)


def voted(seed: int, n: int = 7, m: int = 5) -> tuple[Profile, np.random.Generator]:
    rng = np.random.default_rng(seed)
    rows, columns = np.nonzero(rng.random((n, m)) < 0.7)
    votes = rng.integers(-1, 2, size=len(rows)).astype(float)
    names = tuple(f"s{j}" for j in range(m))
    return Profile(
        Agents(tuple(f"p{i}" for i in range(n))), Statements(names, names), Answers.of(rows, columns, votes)
    ), rng


def weighed(profile: Profile, weight: np.ndarray) -> Reliable:
    a = profile.answers
    utility = a.scale.utility(a.value)
    disc = Completed(profile, Half())
    return Reliable(disc, AnswerWeights(a.agent, a.statement, weight, utility, a.scale.utility_range))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_every_utility_by_hand(seed: int) -> None:
    profile, rng = voted(seed)
    a = profile.answers
    weight = rng.random(len(a))
    reliable = weighed(profile, weight)
    everyone, all_ = np.arange(7), np.arange(5)
    found, known = reliable.utilities(everyone, all_), reliable.known(everyone, all_)
    said = {(i, j): (w, (v + 1) / 2) for i, j, v, w in zip(a.agent, a.statement, a.value, weight, strict=True)}
    for j in range(5):
        pairs = [pair for (_, column), pair in said.items() if column == j]
        mean = (sum(w * u for w, u in pairs) + 0.5) / (sum(w for w, _ in pairs) + 1)
        for i in range(7):
            w, u = said.get((i, j), (0.0, 0.5))
            wanted = mean + w * (u - mean) if (i, j) in said else 0.5
            assert found[i, j] == pytest.approx(wanted, abs=1 / 2048)
            assert known[i, j] == ((i, j) in said and w >= 0.5)
    assert np.array_equal(found * 1024, np.rint(found * 1024))  # on the grid: comparisons are exact
    some, few = rng.permutation(7)[:3], rng.integers(0, 5, size=2)
    if few[0] != few[1]:
        assert np.array_equal(reliable.utilities(some, few), found[np.ix_(some, few)])
        assert np.array_equal(reliable.known(some, few), known[np.ix_(some, few)])


def test_full_weights_change_nothing_and_no_weight_makes_everybody_average() -> None:
    profile, _ = voted(1)
    n = len(profile.answers)
    everyone, all_ = np.arange(7), np.arange(5)
    plain = Completed(profile, Half())
    full = weighed(profile, np.ones(n))
    assert np.array_equal(full.utilities(everyone, all_), plain.utilities(everyone, all_))
    assert np.array_equal(full.known(everyone, all_), plain.known(everyone, all_))
    none = weighed(profile, np.zeros(n))
    answered = plain.known(everyone, all_)
    assert (none.utilities(everyone, all_)[answered] == VOTE.midpoint).all()
    assert not none.known(everyone, all_).any()
    pool = ClosedPool(full, all_, np.ones(5, dtype=np.int64))
    assert pool.n_agents == 7  # nobody is left out


def test_nobody_answered_and_weights_that_are_none() -> None:
    profile, _ = voted(2)
    none = weighed(Profile(profile.agents, profile.statements, Answers.none()), np.zeros(0))
    assert (none.utilities(np.arange(7), np.arange(5)) == 0.5).all()
    assert np.isnan(none.weights.coverage(7)).all()
    for wrong in (-0.1, 1.1, np.nan):
        with pytest.raises(InputError, match="between 0 and 1"):
            weighed(profile, np.full(len(profile.answers), wrong))
