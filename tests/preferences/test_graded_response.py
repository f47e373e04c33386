"""The graded response model: planted parameters, missing answers, and what every model must offer."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.preferences import MODELS, fit
from folkmoot.preferences.models.graded_response import GradedResponse, Items, fit_items, grid, posterior
from folkmoot.profile import VOTE, FloatArray, IntArray, Profile, Scale
from folkmoot.testing.planted import profile_of

SLOPE = np.array([1.5, -1.0, 0.6, 2.0, 0.0, -1.8])
THRESHOLD = np.sort(np.random.default_rng(3).normal(0.0, 1.3, (6, 3)), axis=1) + 0.5 * np.arange(3)


def planted(n: int, seen: float, rng: np.random.Generator) -> tuple[FloatArray, IntArray, IntArray, IntArray]:
    """Traits, and answers at the planted parameters, a share of them seen."""
    trait = rng.normal(size=n)
    above = 1.0 / (1.0 + np.exp(-(trait[:, None, None] * SLOPE[:, None] - THRESHOLD)))
    category = (rng.random((n, 6, 1)) < above).sum(axis=2)
    agent, statement = np.nonzero(rng.random((n, 6)) < seen)
    return trait, agent, statement, category[agent, statement]


def ratings(n: int, seen: float, seed: int) -> Profile:
    _, agent, statement, category = planted(n, seen, np.random.default_rng(seed))
    return profile_of(agent, statement, category.astype(np.float64), n, 6, Scale("rating", 0.0, 3.0))


@pytest.mark.parametrize("seen", [1.0, 0.7])
def test_planted_parameters_are_recovered(seen: float) -> None:
    trait, agent, statement, category = planted(6000, seen, np.random.default_rng(1))
    items = fit_items(agent, statement, category, 6000, 6, 4)
    sign = np.sign(items.slope[0])
    np.testing.assert_allclose(sign * items.slope, SLOPE, atol=0.2)
    np.testing.assert_allclose(items.threshold, THRESHOLD, atol=0.2)
    assert (np.diff(items.threshold, axis=1) > 0).all()
    assert (np.diff(items.bound) >= -1e-8).all()
    member = posterior(items, agent, statement, category, 6000)
    assert sign * np.corrcoef(member @ grid()[0], trait)[0, 1] > 0.75


def test_probabilities_against_the_formula() -> None:
    items = Items(SLOPE, THRESHOLD)
    trait = np.array([-1.0, 0.3])
    found = items.probability(trait)
    np.testing.assert_allclose(found.sum(axis=-1), 1.0, atol=1e-12)
    top = 1.0 / (1.0 + np.exp(-(SLOPE[3] * 0.3 - THRESHOLD[3, 2])))
    assert found[1, 3, 3] == pytest.approx(top)
    assert found[1, 3, 2] == pytest.approx(1.0 / (1.0 + np.exp(-(SLOPE[3] * 0.3 - THRESHOLD[3, 1]))) - top)


def test_posterior_by_bayes() -> None:
    items = Items(SLOPE, THRESHOLD)
    trait, weight = grid()
    member = posterior(items, np.array([1, 1]), np.array([0, 3]), np.array([2, 1]), 2)
    np.testing.assert_allclose(member[0], weight, atol=1e-12)
    given = items.probability(trait)
    own = weight * given[:, 0, 2] * given[:, 3, 1]
    np.testing.assert_allclose(member[1], own / own.sum(), atol=1e-12)


def test_who_said_nothing_is_predicted_by_everybody() -> None:
    profile = ratings(400, 0.6, 5)
    kept = profile.answers.agent != 7
    a = profile.answers
    silent = profile_of(a.agent[kept], a.statement[kept], a.value[kept], 400, 6, a.scale)
    model = fit(silent, np.random.default_rng(0), "graded-response")
    assert isinstance(model, GradedResponse)
    found = model.probability(np.array([7]), np.arange(6))[0]
    np.testing.assert_allclose(found.sum(axis=-1), 1.0, atol=1e-9)
    shares = np.array([np.bincount(a.value[kept & (a.statement == j)].astype(int), minlength=4) for j in range(6)])
    np.testing.assert_allclose(found, shares / shares.sum(axis=1, keepdims=True), atol=0.05)


@pytest.mark.parametrize("scale", [Scale("rating", 1.0, 4.0), VOTE, Scale("points", 0.0, 100.0)])
def test_utilities_and_draws_agree(scale: Scale) -> None:
    profile = ratings(150, 0.7, 8)
    a = profile.answers
    value = np.clip(a.value - 1.0, -1.0, 1.0) if scale == VOTE else scale.low + (scale.high - scale.low) * a.value / 3.0
    model = fit(profile_of(a.agent, a.statement, value, 150, 6, scale), np.random.default_rng(0), "graded-response")
    agents, statements = np.arange(40), np.arange(6)
    expected = model.utilities(agents, statements)
    assert np.isfinite(expected).all()
    rng = np.random.default_rng(2)
    drawn = [model.draw(rng).answers(agents, statements, rng.random((40, 6))) for _ in range(400)]
    low, high = scale.utility_range
    assert np.min(drawn) >= low
    assert np.max(drawn) <= high
    np.testing.assert_allclose(np.mean(drawn, axis=0), expected, atol=0.12 * (high - low))
    assert np.mean(drawn) == pytest.approx(expected.mean(), abs=0.01 * (high - low))


def test_nothing_and_next_to_nothing() -> None:
    nobody = np.zeros(0, dtype=np.int64)
    for agent, value in ((nobody, np.zeros(0)), (np.array([2]), np.array([3.0]))):
        profile = profile_of(agent, np.zeros(len(agent), dtype=int), value, 3, 2, Scale("rating", 0.0, 3.0))
        found = MODELS["graded-response"].fit(profile, np.random.default_rng(0)).utilities(np.arange(3), np.arange(2))
        assert np.isfinite(found).all()
        assert ((found > 0.0) & (found < 3.0)).all()
