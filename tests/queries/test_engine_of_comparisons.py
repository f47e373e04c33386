"""The embedded engine on comparisons alone: fitted, measured, and put into words as what it is."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.engines.embedded import prepare
from folkmoot.profile import COMPARISON, Agents, Answers, Comparisons, Profile, Statements
from folkmoot.report.terms import terms


@pytest.fixture(scope="module")
def profile() -> Profile:
    """Half of the people like statements in this order, half in the reverse one; 6 noisy comparisons each."""
    rng = np.random.default_rng(0)
    worth = np.array([2.0, 1.0, -1.0, -2.0])
    person = np.repeat(np.arange(80), 6)
    a, b = np.array([rng.permutation(4)[:2] for _ in person]).T
    sign = np.where(person % 2, 1.0, -1.0)
    wins = rng.random(len(person)) < 1.0 / (1.0 + np.exp(-sign * (worth[a] - worth[b])))
    names = tuple("abcd")
    return Profile(
        Agents(tuple(map(str, range(80)))),
        Statements(names, names),
        Answers.none(COMPARISON),
        comparisons=Comparisons.of(person, np.where(wins, a, b), np.where(wins, b, a)),
    )


def test_people_get_utilities_from_their_comparisons(profile: Profile) -> None:
    engine = prepare(profile)
    assert engine.description["model"] == "mixture"
    found = engine.disc.utilities(np.arange(80), np.arange(4))
    assert (found[1::2, 0] > found[1::2, 3]).mean() > 0.9
    assert (found[::2, 0] < found[::2, 3]).mean() > 0.9
    assert not engine.disc.known(np.arange(80), np.arange(4)).any()


def test_reliability_is_measured_on_comparisons_held_out(profile: Profile) -> None:
    found = prepare(profile).reliability
    assert found is not None
    assert found["n_held_out"] == found["n_sided"]
    assert 20 < found["n_held_out"] < 80
    assert found["accuracy"] > found["statement_mean"]["accuracy"]
    assert found["log_loss"] < found["statement_mean"]["log_loss"]


def test_the_report_calls_utilities_shares(profile: Profile) -> None:
    words = terms(profile)
    assert words.votes
    assert "share of the other statements that it is preferred to" in words.utility
