"""Latent classes: recovery, the number of classes, EM's monotonicity, draws."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.preferences import entries, fit
from folkmoot.preferences.models.latent_classes import ClassEM, LatentClasses
from folkmoot.profile import FloatArray, IntArray, Profile
from folkmoot.testing.planted import classes, voted


@pytest.fixture(scope="module")
def planted() -> tuple[Profile, FloatArray, FloatArray, IntArray]:
    rng = np.random.default_rng(21)
    side, agree, label = classes(300, 40, 3, rng)
    return voted(side, agree, 0.5, rng), side, agree, label


@pytest.fixture(scope="module")
def fitted(planted: tuple[Profile, FloatArray, FloatArray, IntArray]) -> LatentClasses:
    model = fit(planted[0], np.random.default_rng(0), "latent-classes")
    assert isinstance(model, LatentClasses)
    return model


def test_planted_classes_are_recovered(
    planted: tuple[Profile, FloatArray, FloatArray, IntArray], fitted: LatentClasses
) -> None:
    profile, side, agree, label = planted
    assert abs(fitted.parameters["classes"] - 3) <= 1
    p_side, p_agree = fitted.parts(np.arange(profile.n_agents), np.arange(profile.n_statements))
    assert np.abs(p_agree - agree).mean() < 0.06
    assert np.abs(p_side - side).mean() < 0.06
    found = fitted.classes.member.argmax(axis=1)
    purity = sum(np.bincount(label[found == k]).max() for k in np.unique(found)) / len(label)
    assert purity > 0.98


@pytest.mark.long
def test_classes_win_where_there_are_classes(planted: tuple[Profile, FloatArray, FloatArray, IntArray]) -> None:
    chosen = fit(planted[0], np.random.default_rng(0))
    assert chosen.id == "latent-classes"
    assert chosen.parameters["auto"]["latent-classes"] < chosen.parameters["auto"]["low-rank"]


@pytest.mark.parametrize("k", [1, 2, 5])
def test_em_never_lowers_the_penalised_likelihood(
    planted: tuple[Profile, FloatArray, FloatArray, IntArray], k: int
) -> None:
    found = ClassEM(planted[0]).fit(k, np.random.default_rng(k))
    assert (np.diff(found.bound) > -1e-6).all()
    assert len(found.bound) > 1


def test_the_fit_is_a_stationary_point(planted: tuple[Profile, FloatArray, FloatArray, IntArray]) -> None:
    """Moving probability between two answers of one class and statement does not raise the penalised likelihood."""
    em = ClassEM(planted[0])
    start = em.fit(3, np.random.default_rng(1))
    found = em.run(start.weight, start.theta, 2000, 1e-13)
    step = 1e-5
    for k, j in ((0, 0), (1, 7), (2, 39)):
        values = []
        for sign in (1.0, -1.0):
            theta = found.theta.copy()
            theta[k, j, 0] += sign * step
            theta[k, j, 2] -= sign * step
            values.append(em.expect(found.weight, theta)[1])
        assert abs(values[0] - values[1]) / (2 * step) < 0.05


def test_likelihood_by_hand() -> None:
    """One person, one statement: the penalised likelihood is log sum_k w_k theta_k plus the prior's terms."""
    from folkmoot.testing.planted import profile_of

    em = ClassEM(profile_of(np.array([0]), np.array([0]), np.array([1.0]), 1, 1))
    weight = np.array([0.25, 0.75])
    theta = np.array([[[0.2, 0.3, 0.5]], [[0.1, 0.1, 0.8]]])
    member, value = em.expect(weight, theta)
    np.testing.assert_allclose(member, [[0.125 / 0.725, 0.6 / 0.725]])
    expected = np.log(0.725) + (em.prior * np.log(theta)).sum() + np.log(weight).sum()
    assert value == pytest.approx(expected)


def test_draws_average_to_the_prediction(
    planted: tuple[Profile, FloatArray, FloatArray, IntArray], fitted: LatentClasses
) -> None:
    rng = np.random.default_rng(3)
    agents, statements = np.arange(100), np.arange(40)
    draws = [fitted.draw(rng).answers(agents, statements, rng.random((100, 40))) for _ in range(200)]
    gap = np.mean(draws, axis=0) - fitted.utilities(agents, statements)
    assert abs(gap.mean()) < 0.01
    assert np.abs(gap).mean() < 0.04


def test_runs_together_are_the_runs_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """To the bit, though they end at different iterations."""
    monkeypatch.setattr(entries, "_MANY_TERMS", 0)
    rng = np.random.default_rng(6)
    em = ClassEM(voted(*classes(60, 12, 3, rng)[:2], 0.6, rng))
    mean = em.prior / em.prior.sum(axis=1, keepdims=True)
    starts = []
    for _ in range(3):
        theta = mean * np.exp(0.7 * rng.standard_normal((3, *mean.shape)))
        starts.append((np.full(3, 1.0 / 3.0), theta / theta.sum(axis=2, keepdims=True)))
    together = em.runs(starts, 60, 1e-4)
    assert len({len(one.bound) for one in together}) > 1
    for start, one in zip(starts, together, strict=True):
        alone = em.run(*start, 60, 1e-4)
        assert alone.bound == one.bound
        for name in ("weight", "theta", "member", "counts"):
            assert getattr(alone, name).tobytes() == getattr(one, name).tobytes()
