"""What people skipped is not like what they answered: draws shifted by the true amount, and unshifted ones."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.preferences import fit
from folkmoot.preferences.shifted import Shifted, moved
from folkmoot.profile import Agents, Answers, InputError, Profile, Scale, Statements

STEP = 0.6


def selective(seed: int, n: int = 300, m: int = 60) -> tuple[Profile, np.ndarray, np.ndarray]:
    """Ratings of 0 to 4 that are given the likelier, the higher they are: log-odds of giving one rise by STEP a step.

    By Bayes, what nobody saw is what was seen with its log-odds shifted by -STEP a step, exactly.
    """
    rng = np.random.default_rng(seed)
    logit = (
        rng.normal(0.0, 0.7, m) + rng.normal(0.0, 0.5, (n, 1)) + rng.normal(size=(n, 2)) @ rng.normal(0, 0.7, (2, m))
    )
    truth = rng.binomial(4, 1 / (1 + np.exp(-logit)))
    seen = rng.random((n, m)) < 1 / (1 + np.exp(-(STEP * (truth - 2.0) - 0.4)))
    rows, columns = np.nonzero(seen)
    profile = Profile(
        Agents(tuple(map(str, range(n)))),
        Statements(tuple(map(str, range(m))), tuple(map(str, range(m)))),
        Answers.of(rows, columns, truth[seen].astype(float), Scale("rating", 0.0, 4.0)),
    )
    return profile, truth, seen


@pytest.mark.long
def test_draws_at_the_stated_shift_cover_what_nobody_saw() -> None:
    shifted: list[float] = []
    unshifted: list[float] = []
    for seed in range(3):
        profile, truth, seen = selective(seed)
        n, m = truth.shape
        model = fit(profile, np.random.default_rng(seed), "low-rank")
        real = np.where(seen, 0, truth).sum(axis=0)
        for kept, shift in ((shifted, -STEP), (unshifted, 0.0)):
            rng = np.random.default_rng(seed + 100)
            totals = []
            for _ in range(80):
                drawn = Shifted(model, shift).draw(rng).answers(np.arange(n), np.arange(m), rng.random((n, m)))
                totals.append(np.where(seen, 0.0, drawn).sum(axis=0))
            low, high = np.quantile(totals, [0.05, 0.95], axis=0)
            kept.append(float(((real >= low) & (real <= high)).mean()))
    assert np.mean(shifted) >= 0.85, shifted
    assert np.mean(unshifted) < 0.5, unshifted


def test_a_shift_moves_predictions_and_draws_alike() -> None:
    profile, _, _ = selective(1, 40, 10)
    model = fit(profile, np.random.default_rng(0), "low-rank")
    people, statements = np.arange(40), np.arange(10)
    low = Shifted(model, -1.0)
    side, agree = low.parts(people, statements)
    plain = model.parts(people, statements)[1]
    assert np.allclose(np.log(agree / (1 - agree)), np.log(plain / (1 - plain)) - 1.0)
    assert np.array_equal(side, np.ones_like(side))
    uniform = np.random.default_rng(2).random((40, 10))
    before = model.draw(np.random.default_rng(3)).answers(people, statements, uniform)
    after = low.draw(np.random.default_rng(3)).answers(people, statements, uniform)
    assert (after <= before).all()
    assert (after < before).any()
    assert np.array_equal(Shifted(model, 0.0).utilities(people, statements), model.utilities(people, statements))
    assert moved(np.array([0.2]), 50.0)[0] == pytest.approx(1.0)
    with pytest.raises(InputError, match="finite"):
        Shifted(model, float("nan"))
