"""New people and design rules: against a general optimiser and numerical derivatives."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.preferences.entries import sided_entries, with_answers
from folkmoot.preferences.factors import fit_factors, sigmoid
from folkmoot.preferences.models import reward_features
from folkmoot.preferences.models.few_shot import (
    Loadings,
    Person,
    d_optimal,
    fitted_prior,
    located,
    located_entries,
    predicted,
    pref_rule,
    v_optimal,
)
from folkmoot.profile import FloatArray, InputError
from folkmoot.testing.planted import classes, voted
from folkmoot_studies.plural.low_rank import made_up

RNG = np.random.default_rng(0)
ROOT = RNG.normal(size=(3, 3))
LOADINGS = Loadings(RNG.normal(size=7), RNG.normal(size=(7, 3)), RNG.normal(size=3), ROOT @ ROOT.T + np.eye(3))
ANSWERS = np.where(RNG.random((5, 7)) < 0.6, RNG.integers(0, 3, (5, 7)) / 2, np.nan)
ANSWERS[4] = np.nan


def minus_log_posterior(w: FloatArray, y: FloatArray, trials: float) -> float:
    logit, said = LOADINGS.offset + LOADINGS.x @ w, ~np.isnan(y)
    away = w - LOADINGS.mean
    fit = trials * (y[said] * logit[said] - np.logaddexp(0.0, logit[said])).sum()
    return float(0.5 * away @ np.linalg.inv(LOADINGS.cov) @ away - fit)


@pytest.mark.parametrize("trials", [1.0, 4.0])
def test_people_are_at_the_mode_with_the_inverse_hessian(trials: float) -> None:
    minimize = pytest.importorskip("scipy.optimize").minimize
    found = located(LOADINGS, ANSWERS, trials)
    step = 1e-4 * np.eye(3)
    for y, mean, cov in zip(ANSWERS, found.mean, found.cov, strict=True):
        other = minimize(minus_log_posterior, LOADINGS.mean, (y, trials), method="BFGS", tol=1e-9)
        np.testing.assert_allclose(mean, other.x, atol=1e-4)
        hessian = [
            [
                sum(a * b * minus_log_posterior(mean + a * e + b * f, y, trials) for a in (1, -1) for b in (1, -1))
                / 4e-8
                for f in step
            ]
            for e in step
        ]
        np.testing.assert_allclose(np.linalg.inv(cov), hessian, rtol=2e-3, atol=2e-3)
    np.testing.assert_allclose(found.mean[4], LOADINGS.mean)
    np.testing.assert_allclose(found.cov[4], LOADINGS.cov)


def test_the_rules_are_what_they_are_called() -> None:
    person = located(LOADINGS, ANSWERS)
    rate = LOADINGS.rate(person.mean)
    determinant, pref = d_optimal(LOADINGS, person), pref_rule(LOADINGS, person)
    for i in range(5):
        for j in range(7):
            x, cov = LOADINGS.x[j], person.cov[i]
            strength = rate[i, j] * (1 - rate[i, j])
            # an infinitesimal part of the answer raises the log-determinant of the precision by so much
            part = 1e-6
            before = np.linalg.slogdet(np.linalg.inv(cov))[1]
            after = np.linalg.slogdet(np.linalg.inv(cov) + part * strength * np.outer(x, x))[1]
            assert determinant[i, j] == pytest.approx((after - before) / part, rel=1e-3)
            # delta method: the gradient of P(agree) is strength times x
            step = 1e-5
            slope = [
                (sigmoid(LOADINGS.offset[j] + x @ (person.mean[i] + step * e)) - rate[i, j]) / step for e in np.eye(3)
            ]
            assert pref[i, j] == pytest.approx(np.array(slope) @ cov @ np.array(slope), rel=1e-3)


def test_v_optimal_takes_off_what_it_says() -> None:
    asked = np.zeros((1, 7), dtype=bool)
    asked[0, 2] = True
    gain = v_optimal(LOADINGS, asked)[0]
    rate = LOADINGS.rate(LOADINGS.mean[None])[0]
    strength = rate * (1 - rate)

    def precision(questions: list[int]) -> FloatArray:
        return np.linalg.inv(LOADINGS.cov) + sum(
            (strength[j] * np.outer(LOADINGS.x[j], LOADINGS.x[j]) for j in questions), np.zeros((3, 3))
        )

    def summed(questions: list[int]) -> float:
        each = np.einsum("mi,ij,mj->m", LOADINGS.x, np.linalg.inv(precision(questions)), LOADINGS.x)
        return float((each * strength**2)[~asked[0]].sum())

    for j in (0, 1, 3, 6):
        assert gain[j] == pytest.approx(summed([2]) - summed([2, j]))


def test_predictions_average_over_what_is_not_known() -> None:
    person = Person(np.array([[0.5, -1.0, 0.2]]), np.array([2.0 * np.eye(3)]))
    p, variance = predicted(LOADINGS, person)
    w = person.mean + np.sqrt(2.0) * np.random.default_rng(1).normal(size=(200_000, 3))
    logit = LOADINGS.offset + w @ LOADINGS.x.T
    np.testing.assert_allclose(variance[0], logit.var(axis=0), rtol=0.02)
    np.testing.assert_allclose(p[0], sigmoid(logit).mean(axis=0), atol=0.02)


def test_sparse_and_dense_answers_place_people_alike() -> None:
    rng = np.random.default_rng(2)
    profile = voted(*classes(30, 12, 2, rng)[:2], 0.5, rng)
    entries = sided_entries(profile)
    loadings = Loadings.of(fit_factors(entries, 2, rng))
    y = np.full((30, 12), np.nan)
    y[entries.row, entries.column] = entries.y
    sparse, dense = located_entries(loadings, entries), located(loadings, y)
    np.testing.assert_allclose(sparse.mean, dense.mean)
    np.testing.assert_allclose(sparse.cov, dense.cov)


def test_the_population_is_recovered_from_many_answers_over_given_features() -> None:
    rng = np.random.default_rng(3)
    phi, mean = rng.normal(size=(200, 2)), np.array([1.0, -0.5])
    cov = np.array([[1.5, 0.6], [0.6, 0.8]])
    w = rng.multivariate_normal(mean, cov, 400)
    found = {}
    for fill in (0.1, 0.9):
        profile = voted(np.ones((400, 200)), sigmoid(w @ phi.T), fill, rng)
        found[fill] = fitted_prior(np.zeros(200), phi, sided_entries(profile))
    np.testing.assert_allclose(found[0.9].mean, w.mean(axis=0), atol=0.1)
    np.testing.assert_allclose(found[0.9].cov, np.cov(w.T), atol=0.15)
    # modes stand in for means: from few answers the spread comes out small, as the docstring says
    assert np.trace(found[0.1].cov) < np.trace(found[0.9].cov)


def test_features_foresee_statements_that_nobody_answered() -> None:
    rng = np.random.default_rng(4)
    phi = rng.normal(size=(30, 2))
    w = 2.0 * rng.normal(size=(150, 2))
    agree = sigmoid(w @ phi.T)
    profile = voted(np.ones((150, 30)), agree, 0.7, rng)
    known = with_answers(profile, profile.answers.statement < 25)
    model = reward_features.fit(known, np.random.default_rng(0), features=phi)
    new = model.utilities(np.arange(150), np.arange(25, 30))
    assert ((new > 0.5) == (agree[:, 25:] > 0.5)).mean() > 0.85
    with pytest.raises(InputError, match="features of 3 statements"):
        reward_features.fit(known, np.random.default_rng(0), features=phi[:3])


def test_ten_good_questions_are_worth_twenty_random_ones() -> None:
    """Acceptance test of the specification, section 10: PReF(10) >= random(20), here over three seeds."""
    pref = np.mean([made_up("PReF", seed, 150) for seed in range(3)], axis=0)
    random = np.mean([made_up("random", seed, 150) for seed in range(3)], axis=0)
    assert pref[3] >= random[4]
    assert (np.diff(pref) > 0).all()
