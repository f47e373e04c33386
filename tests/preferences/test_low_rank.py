"""The low-rank model: recovery of planted factors, the optimum it claims, uncertainty, edge cases."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from folkmoot.preferences import fit
from folkmoot.preferences.entries import sided_entries
from folkmoot.preferences.factors import Work, fit_factors
from folkmoot.preferences.models.low_rank import LowRank
from folkmoot.preferences.products import Pairs, product
from folkmoot.preferences.sides import Side
from folkmoot.profile import FloatArray, Profile, Scale
from folkmoot.testing.planted import low_rank, profile_of, voted


@pytest.fixture(scope="module")
def planted() -> tuple[Profile, FloatArray, FloatArray]:
    rng = np.random.default_rng(11)
    side, agree = low_rank(400, 80, 2, rng)
    return voted(side, agree, 0.4, rng), side, agree


@pytest.fixture(scope="module")
def fitted(planted: tuple[Profile, FloatArray, FloatArray]) -> LowRank:
    model = fit(planted[0], np.random.default_rng(0), "low-rank")
    assert isinstance(model, LowRank)
    return model


def everything(profile: Profile) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(profile.n_agents), np.arange(profile.n_statements)


def test_planted_factors_are_recovered(planted: tuple[Profile, FloatArray, FloatArray], fitted: LowRank) -> None:
    profile, side, agree = planted
    p_side, p_agree = fitted.parts(*everything(profile))
    bias = fit(profile, np.random.default_rng(0), "bias").utilities(*everything(profile))
    truth = side * agree + 0.5 * (1.0 - side)
    utilities = fitted.utilities(*everything(profile))
    assert np.abs(p_agree - agree).mean() < 0.12
    assert np.abs(p_side - side).mean() < 0.06
    assert np.sqrt(((utilities - truth) ** 2).mean()) < 0.5 * np.sqrt(((bias - truth) ** 2).mean())


def test_held_out_loss_chooses_about_the_planted_rank(fitted: LowRank) -> None:
    losses = fitted.parameters["held_out"]["agree"]
    assert losses["2"] < losses["1"] < losses["0"]
    assert fitted.parameters["rank"] == 2
    assert fitted.parameters["side_rank"] == 0


def test_the_bound_never_falls(planted: tuple[Profile, FloatArray, FloatArray]) -> None:
    found = fit_factors(sided_entries(planted[0]), 3, np.random.default_rng(1), sweeps=40, tolerance=0.0)
    assert (np.diff(found.bound) > -1e-7).all()


def test_the_fit_is_a_stationary_point() -> None:
    """Central differences of the evidence bound vanish in every kind of parameter at the fitted point."""
    rng = np.random.default_rng(5)
    entries = sided_entries(voted(*low_rank(30, 12, 1, rng), 0.7, rng))
    found = fit_factors(entries, 1, rng, sweeps=5000, tolerance=1e-13)
    work = Work(entries)
    rough = fit_factors(entries, 1, rng, sweeps=2, tolerance=0.0)

    def slopes(rows: Side, columns: Side) -> FloatArray:
        step, out = 1e-4, []
        for which, side in enumerate((rows, columns)):
            for name in ("mean", "cov", "prior_cov", "prior_mean"):
                if name == "prior_mean" and which == 0:
                    continue
                for place in np.ndindex(getattr(side, name).shape[-2:] if name == "prior_cov" else (2,)):
                    if name == "prior_mean" and place[0]:
                        continue  # the loadings' prior mean is 0 by definition
                    values = []
                    for sign in (1.0, -1.0):
                        moved = getattr(side, name).copy()
                        if name == "mean":
                            moved[3, place[0]] += sign * step
                        elif name == "cov":
                            moved[3, place[0], place[0]] += sign * step
                        elif name == "prior_cov":
                            moved[place] += sign * step
                            if place[0] != place[1]:
                                moved[place[::-1]] += sign * step
                        else:
                            moved[place] += sign * step
                        changed = replace(side, **{name: moved})
                        values.append(work.bound(changed, columns) if which == 0 else work.bound(rows, changed))
                    out.append((values[0] - values[1]) / (2 * step))
        return np.abs(out)

    assert slopes(found.rows, found.columns).max() < 1e-3
    assert slopes(rough.rows, rough.columns).max() > 0.02  # the check can tell


def test_draws_average_to_the_prediction(planted: tuple[Profile, FloatArray, FloatArray], fitted: LowRank) -> None:
    profile = planted[0]
    rng = np.random.default_rng(3)
    agents, statements = np.arange(120), np.arange(60)
    draws = [fitted.draw(rng).answers(agents, statements, rng.random((120, 60))) for _ in range(200)]
    assert set(np.unique(draws[0])) <= {0.0, 0.5, 1.0}
    gap = np.mean(draws, axis=0) - fitted.utilities(agents, statements)
    assert abs(gap.mean()) < 0.01
    assert np.abs(gap).mean() < 0.04  # 200 answers of standard deviation up to 1/2
    assert profile.n_agents >= 120


def test_draws_cover_the_truth(planted: tuple[Profile, FloatArray, FloatArray], fitted: LowRank) -> None:
    _, _, agree = planted
    rng = np.random.default_rng(4)
    agents, statements = np.arange(200), np.arange(80)
    draws = np.stack([fitted.draw(rng).parts(agents, statements)[1] for _ in range(200)])
    low, high = np.quantile(draws, [0.05, 0.95], axis=0)
    inside = ((agree[:200] >= low) & (agree[:200] <= high)).mean()
    assert 0.75 < inside < 0.97  # nominal 0.90; independent Gaussians stay a little narrow


def test_equal_uniforms_give_equal_answers(fitted: LowRank) -> None:
    uniform = np.random.default_rng(0).random((5, 7))
    draw = fitted.draw(np.random.default_rng(1))
    agents, statements = np.arange(5), np.arange(7)
    first = draw.answers(agents, statements, uniform)
    np.testing.assert_array_equal(first, draw.answers(agents, statements, uniform))
    np.testing.assert_array_equal(first[2:4], draw.answers(agents[2:4], statements, uniform[2:4]))
    assert (draw.answers(agents, statements, np.full((5, 7), 0.999999)) == 1.0).mean() > 0.9
    assert (draw.answers(agents, statements, np.zeros((5, 7))) == 0.0).all()


def test_who_said_nothing_is_predicted_by_the_statement(planted: tuple[Profile, FloatArray, FloatArray]) -> None:
    a = planted[0].answers
    first = (a.agent >= 5) & (a.statement < 78)
    profile = profile_of(a.agent[first], a.statement[first], a.value[first], 400, 80)
    utilities = fit(profile, np.random.default_rng(0), "low-rank").utilities(*everything(profile))
    np.testing.assert_allclose(utilities[0], utilities[4])
    mean = np.bincount(a.statement[first], (a.value[first] + 1) / 2, 80) / np.maximum(
        np.bincount(a.statement[first], minlength=80), 1
    )
    assert np.corrcoef(utilities[0, :78], mean[:78])[0, 1] > 0.9
    np.testing.assert_allclose(utilities[:, 78], utilities[:, 79])  # statements nobody answered
    assert np.isfinite(utilities).all()


@pytest.mark.parametrize("model", ["auto", "low-rank", "latent-classes", "statement-mean", "bias", "k-nn"])
@pytest.mark.parametrize(
    ("rows", "columns", "values", "n", "m"),
    [
        ([], [], [], 3, 4),
        ([0], [0], [1], 1, 1),
        ([0, 0, 0], [0, 1, 2], [1, -1, 0], 1, 3),
        (np.repeat(np.arange(10), 8), np.tile(np.arange(8), 10), np.ones(80), 10, 8),
        (np.repeat(np.arange(10), 8), np.tile(np.arange(8), 10), np.zeros(80), 10, 8),
        (np.repeat(np.arange(10), 8), np.tile(np.arange(8), 10), -np.ones(80), 12, 9),
    ],
)
@pytest.mark.long
def test_edge_cases(model: str, rows: list, columns: list, values: list, n: int, m: int) -> None:  # type: ignore[type-arg]
    profile = profile_of(np.array(rows), np.array(columns), np.array(values, dtype=float), n, m)
    rng = np.random.default_rng(0)
    fitted = fit(profile, rng, model)
    utilities = fitted.utilities(*everything(profile))
    assert utilities.shape == (n, m)
    assert ((utilities >= 0.0) & (utilities <= 1.0)).all()
    answers = fitted.draw(rng).answers(*everything(profile), rng.random((n, m)))
    assert set(np.unique(answers)) <= {0.0, 0.5, 1.0}
    if len(values) == 80:
        assert abs(utilities[:10, :8].mean() - (np.mean(values) + 1) / 2) < 0.1


@pytest.mark.parametrize(
    "model",
    [
        "low-rank",
        "statement-mean",
        *(pytest.param(m, marks=pytest.mark.long) for m in ("auto", "latent-classes", "bias")),
    ],
)
@pytest.mark.parametrize(
    "scale",
    [
        Scale("rating", 1.0, 5.0),
        Scale("rating", 0.0, 4.0),
        Scale("points", 0.0, 1.0),
        Scale("points", 0.0, 100.0),
        Scale("approval", 0.0, 1.0),
        Scale("approval", 0.0, 1.0, complete=True),
        Scale("ranking", 1.0, 6.0, complete=True),
        Scale("ranking", 1.0, 1.0, complete=True),
    ],
)
def test_other_scales(model: str, scale: Scale) -> None:
    rng = np.random.default_rng(2)
    n, m = 40, 6
    rows, columns = np.nonzero(rng.random((n, m)) < 0.6)
    span = scale.high - scale.low
    values = scale.low + np.rint(rng.beta(1.0 + columns, 3.0) * min(span, 4.0)) * max(span / 4.0, 1.0 * (span >= 1.0))
    values = np.clip(values, scale.low, scale.high)
    profile = profile_of(rows, columns, values, n, m, scale)
    fitted = fit(profile, rng, model)
    utilities = fitted.utilities(*everything(profile))
    low, high = scale.utility_range
    assert ((utilities >= low) & (utilities <= high)).all()
    draws = [fitted.draw(rng).answers(*everything(profile), rng.random((n, m))) for _ in range(150)]
    assert np.min(draws) >= low
    assert np.max(draws) <= high
    assert abs(np.mean(draws) - utilities.mean()) < 0.03 * max(high - low, 1e-9) + 1e-12


def test_ratings_are_predicted_on_their_scale() -> None:
    rng = np.random.default_rng(8)
    n, m = 200, 30
    taste = rng.normal(size=(n, 1)) * rng.normal(size=m) * 1.5
    rating = 1.0 + rng.binomial(4, 1 / (1 + np.exp(-taste)))
    seen = rng.random((n, m)) < 0.5
    rows, columns = np.nonzero(seen)
    profile = profile_of(rows, columns, rating[seen].astype(float), n, m, Scale("rating", 1.0, 5.0))
    utilities = fit(profile, rng).utilities(*everything(profile))
    error = np.sqrt(((utilities - rating)[~seen] ** 2).mean())
    plain = fit(profile, rng, "statement-mean").utilities(*everything(profile))
    assert error < 0.75 * np.sqrt(((plain - rating)[~seen] ** 2).mean())


def test_product_in_blocks_is_the_product() -> None:
    rng = np.random.default_rng(0)
    left, right = rng.normal(size=(5, 700)), rng.normal(size=(5, 900))
    np.testing.assert_allclose(product(left, right), left.T @ right, atol=1e-12)


@pytest.mark.parametrize("filled", [0.005, 0.3])
def test_products_at_pairs_are_the_products_there(filled: float) -> None:
    rng = np.random.default_rng(0)
    n, m = 150, 900
    rows, columns = np.nonzero(rng.random((n, m)) < filled)
    pairs = Pairs(rows, columns, n, m)
    for k in (2, 50, 50, 3):  # blocks of other heights, and of the same
        left, right = rng.normal(size=(k, n)), rng.normal(size=(k, m))
        np.testing.assert_allclose(pairs.products(left.T, right.T), (left.T @ right)[rows, columns], atol=1e-12)


def test_large_and_thin_stays_sparse() -> None:
    """10,000 people x 500 at 2 %: the fit takes far less memory than one dense matrix of 40 MB would add up to."""
    import tracemalloc

    rng = np.random.default_rng(0)
    n, m = 10_000, 500
    cells = np.unique(rng.integers(0, n * m, 100_000))
    rows, columns = np.divmod(cells, m)
    values = np.where(rng.random(len(cells)) < 0.6, 1.0, -1.0)
    profile = profile_of(rows, columns, values, n, m)
    tracemalloc.start()
    fitted = fit(profile, rng, "low-rank", rank=1, side_rank=0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40e6
    assert fitted.utilities(np.arange(10), np.arange(500)).shape == (10, 500)
