"""Personas: the gradient against differences, attribution of planted tastes, and what every model keeps."""

from __future__ import annotations

import math
from dataclasses import fields

import numpy as np
import pytest

from folkmoot.preferences import fit
from folkmoot.preferences.models.persona_net import Net, Parameters, attention
from folkmoot.preferences.models.personas import Personas, fit_choices, scores
from folkmoot.profile import InputError, Profile
from folkmoot.testing.planted import low_rank, profile_of, voted


def everything(profile: Profile) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(profile.n_agents), np.arange(profile.n_statements)


@pytest.mark.parametrize("personas", [3, 1])
def test_the_gradient_is_the_slope_of_the_loss(personas: int) -> None:
    rng = np.random.default_rng(0)
    row, column = np.nonzero(rng.random((5, 6)) < 0.7)
    y, sharp = (rng.random(len(row)) < 0.5).astype(float), rng.random(len(row)) - 0.3
    net = Net(row, column, 5, 6)
    p = Parameters.small(rng.standard_normal((personas, 2, 5)), rng.standard_normal((2, 6)))

    def loss() -> float:
        weight, inner = attention(p, row, column)
        score = (weight * inner).sum(axis=0) + p.bias[column]
        return float((np.log1p(np.exp(score)) - y * score - sharp * (weight * np.log(weight)).sum(axis=0)).sum())

    found = net.gradient(p, lambda score: 1 / (1 + np.exp(-score)) - y, sharp)
    for name in (f.name for f in fields(p)):
        value, slope = getattr(p, name), getattr(found, name)
        for place in np.ndindex(value.shape):
            kept, sides = value[place], []
            for step in (1e-5, -1e-5):
                value[place] = kept + step
                sides.append(loss())
            value[place] = kept
            assert slope[place] == pytest.approx((sides[0] - sides[1]) / 2e-5, abs=1e-6), (name, place)


def test_with_plain_cosine_four_personas_reach_seven_tenths() -> None:
    """The trap the learned temperature avoids: e / (e + 3 / e)."""
    p = Parameters.small(np.zeros((4, 2, 1)), np.zeros((2, 1)))
    p.vector[:, 0] = [100.0, 0.0]  # long, so that the softened length is the length
    p.persona[:, :, 0] = np.array([[100.0, 0.0], [-100.0, 0.0], [-100.0, 0.0], [-100.0, 0.0]])
    here = np.zeros(1, dtype=np.int64)
    assert float(attention(p, here, here)[0].max()) == pytest.approx(math.e / (math.e + 3 / math.e), rel=1e-4)
    p.tau[:] = np.log(10)
    assert float(attention(p, here, here)[0].max()) > 0.999


@pytest.fixture(scope="module")
def split() -> tuple[Profile, Personas]:
    """Everybody agrees with the statements of two of four topics, whatever their two are."""
    rng = np.random.default_rng(3)
    n, m = 120, 60
    topic = np.arange(m) % 4
    likes = np.array([np.isin(np.arange(4), rng.permutation(4)[:2]) for _ in range(n)])
    agree = np.where(likes[:, topic], 0.9, 0.1)
    profile = voted(np.full((n, m), 0.95), agree, 0.6, rng)
    found = fit(profile, np.random.default_rng(0), "personas")
    assert isinstance(found, Personas)
    return profile, found


def test_attention_is_a_share_and_the_one_who_spoke_has_the_most(split: tuple[Profile, Personas]) -> None:
    profile, found = split
    shares = found.attention(*everything(profile))
    np.testing.assert_allclose(shares.sum(axis=2), 1.0)
    assert (shares >= 0).all()
    who = found.spoke(*everything(profile))
    np.testing.assert_array_equal(np.take_along_axis(shares, who[..., None], axis=2)[..., 0], shares.max(axis=2))
    np.testing.assert_array_equal(found.spoke(np.array([7, 2]), np.array([5])), who[[7, 2]][:, [5]])
    # One topic, one persona: mostly the same persona speaks to all statements of a topic.
    same = [np.bincount(who[i, np.arange(60) % 4 == t]).max() / 15 for i in range(120) for t in range(4)]
    assert np.mean(same) > 0.9


def test_votes_are_predicted_better_than_by_biases(split: tuple[Profile, Personas]) -> None:
    profile, found = split
    bias = fit(profile, np.random.default_rng(0), "bias")
    seen = profile.dense(np.arange(60))
    new = np.isnan(seen)
    rng = np.random.default_rng(3)
    likes = np.array([np.isin(np.arange(4), rng.permutation(4)[:2]) for _ in range(120)])
    truth = np.where(likes[:, np.arange(60) % 4], 0.9, 0.1)
    errors = [np.abs(model.parts(*everything(profile))[1] - truth)[new].mean() for model in (found, bias)]
    assert errors[0] < 0.5 * errors[1]


def test_choices_of_two_tastes_land_on_two_personas() -> None:
    rng = np.random.default_rng(0)
    topic = np.arange(80) % 4
    tastes = np.array([rng.permutation(4)[:2] for _ in range(60)])
    chose = np.array([(rng.random(80) < np.where(topic == a, 0.7, 0.4 * (topic == b))) for a, b in tastes])
    p = fit_choices(chose, np.random.default_rng(1), ridge=0.3, steps=120)
    weight = attention(p, *np.divmod(np.arange(4800), 80))[0].argmax(axis=0).reshape(60, 80)
    apart = [
        np.bincount(weight[u, chose[u] & (topic == a)], minlength=4).argmax()
        != np.bincount(weight[u, chose[u] & (topic == b)], minlength=4).argmax()
        for u, (a, b) in enumerate(tastes)
    ]
    assert np.mean(apart) > 0.7
    assert scores(p)[chose].mean() > scores(p)[~chose].mean() + 1


def test_no_personas_are_refused() -> None:
    profile = profile_of(np.zeros(1, dtype=int), np.zeros(1, dtype=int), np.ones(1), 1, 1)
    with pytest.raises(InputError, match="at least one persona"):
        fit(profile, np.random.default_rng(0), "personas", personas=0)


def test_draws_average_to_the_prediction() -> None:
    rng = np.random.default_rng(2)
    profile = voted(*low_rank(80, 30, 1, rng), 0.5, rng)
    found = fit(profile, np.random.default_rng(0), "personas", personas=2, rank=2)
    mean = np.mean([found.draw(rng).answers(*everything(profile), rng.random((80, 30))) for _ in range(200)], axis=0)
    gap = mean - found.utilities(*everything(profile))
    assert abs(gap.mean()) < 0.015
    assert np.abs(gap).mean() < 0.04
