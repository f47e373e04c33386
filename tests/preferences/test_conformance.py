"""What `protocol.PreferenceModel` promises, held against every registered model."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from planted import classes, low_rank, profile_of, voted

from folkmoot.preferences import MODELS, fit, refit
from folkmoot.preferences.choose import COMPARES
from folkmoot.preferences.entries import with_answers
from folkmoot.preferences.held_out import calibration, hold
from folkmoot.preferences.two_part import TwoPart
from folkmoot.profile import (
    APPROVAL,
    COMPARISON,
    VOTE,
    Agents,
    Answers,
    Comparisons,
    FloatArray,
    InputError,
    Profile,
    Scale,
    Statements,
)

NAMES = list(MODELS)
N, M = 120, 24


def fitted(name: str, profile: Profile, seed: int = 0) -> TwoPart:
    return MODELS[name](profile, np.random.default_rng(seed))


def all_of(model: TwoPart, profile: Profile) -> FloatArray:
    return model.utilities(np.arange(profile.n_agents), np.arange(profile.n_statements))


@pytest.fixture(scope="module")
def kinds() -> Profile:
    """Two kinds of people, half of the votes seen; the last two people said nothing."""
    rng = np.random.default_rng(2)
    side, agree, _ = classes(N, M, 2, rng)
    profile = voted(side, agree, 0.5, rng)
    return with_answers(profile, profile.answers.agent < N - 2)


@pytest.fixture(scope="module")
def model_of(kinds: Profile) -> dict[str, TwoPart]:
    return {name: fitted(name, kinds) for name in NAMES}


def on_scale(scale: Scale, rng: np.random.Generator) -> Profile:
    """40 people, 8 statements, answers with gaps; the last person and the last statement have none."""
    seen = rng.random((40, 8)) < 0.6
    seen[-1], seen[:, -1] = False, False
    rows, columns = np.nonzero(seen)
    if scale.kind == "ranking":
        values = np.concatenate([rng.permutation(seen[i].sum()) + 1.0 for i in range(40)])
    elif scale.kind == "vote":
        values = rng.choice([-1.0, 0.0, 1.0], len(rows))
    else:
        values = rng.integers(int(scale.low), int(scale.high) + 1, len(rows)).astype(float)
    return profile_of(rows, columns, values, 40, 8, scale)


SCALES = {
    "votes": VOTE,
    "approvals": APPROVAL,
    "ratings": Scale("rating", 1.0, 5.0),
    "rankings": Scale("ranking", 1.0, 8.0),
    "complete rankings": Scale("ranking", 1.0, 8.0, complete=True),
    "points": Scale("points", 0.0, 10.0),
}


@pytest.mark.parametrize("scale", list(SCALES))
@pytest.mark.parametrize("name", NAMES)
def test_gaps_are_no_answers_and_utilities_lie_on_the_scale(name: str, scale: str) -> None:
    profile = on_scale(SCALES[scale], np.random.default_rng(1))
    model = fitted(name, profile)
    low, high = SCALES[scale].utility_range
    found = all_of(model, profile)
    assert found.shape == (40, 8)
    assert ((found >= low) & (found <= high)).all()  # and so none is nan
    uniform = np.random.default_rng(2).random((40, 8))
    drawn = model.draw(np.random.default_rng(3)).answers(np.arange(40), np.arange(8), uniform)
    assert drawn.shape == (40, 8)
    assert ((drawn >= low) & (drawn <= high)).all()


@pytest.mark.parametrize("name", NAMES)
def test_nobody_answered(name: str) -> None:
    empty = profile_of(np.array([], dtype=int), np.array([], dtype=int), np.array([]), 3, 4)
    found = all_of(fitted(name, empty), empty)
    assert ((found >= 0.0) & (found <= 1.0)).all()
    np.testing.assert_allclose(found, found[0, 0], atol=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_larger_uniform_numbers_give_no_lower_answers(name: str, kinds: Profile, model_of: dict[str, TwoPart]) -> None:
    draw = model_of[name].draw(np.random.default_rng(4))
    agents, statements = np.arange(N), np.arange(M)
    levels = [draw.answers(agents, statements, np.full((N, M), u)) for u in (0.0, 0.2, 0.5, 0.8, 0.999999)]
    assert all((below <= above).all() for below, above in pairwise(levels))
    assert (levels[0] < levels[-1]).mean() > 0.9


@pytest.mark.parametrize("name", NAMES)
def test_people_without_answers_get_the_population_s_prediction(
    name: str, kinds: Profile, model_of: dict[str, TwoPart]
) -> None:
    found = all_of(model_of[name], kinds)
    np.testing.assert_allclose(found[-1], found[-2], atol=1e-12)
    mean = found[:-2].mean(axis=0)
    typical = np.abs(found[:-2] - mean).mean()
    assert np.abs(found[-1] - mean).mean() <= max(0.5 * typical, 1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_scaling_all_weights_changes_nothing(name: str, kinds: Profile, model_of: dict[str, TwoPart]) -> None:
    heavy = replace(kinds, agents=replace(kinds.agents, masses=np.full(N, 1000)))
    np.testing.assert_array_equal(all_of(fitted(name, heavy), heavy), all_of(model_of[name], kinds))


@pytest.mark.parametrize("name", NAMES)
def test_weights_mean_copies(name: str) -> None:
    """People of one kind weigh three: nearly as if each were there three times, and far from as if they weighed one."""
    rng = np.random.default_rng(5)
    side, agree, label = classes(N, M, 2, rng)
    plain = voted(side, agree, 0.4, rng)
    masses = np.where(label == 1, 3, 1)
    weighted = replace(plain, agents=replace(plain.agents, masses=masses))
    model = fitted(name, weighted)
    if not model.weighs:
        pytest.skip(f"{name} says that it cannot weigh people, and why, where it is defined")
    dense = plain.dense(np.arange(M))
    people = np.repeat(np.arange(N), masses)
    rows, columns = np.nonzero(~np.isnan(dense[people]))
    copies = profile_of(rows, columns, dense[people][rows, columns], len(people), M)

    def of_population(profile: Profile) -> FloatArray:
        # somebody who said nothing is known by the population alone
        a = profile.answers
        ids = replace(
            profile.agents,
            ids=(*profile.agents.ids, "new"),
            masses=None if profile.agents.masses is None else np.append(profile.agents.masses, 1),
        )
        more = replace(profile, agents=ids, answers=Answers.of(a.agent, a.statement, a.value, a.scale))
        found = refit(model, more, np.random.default_rng(0))
        utilities: FloatArray = found.utilities(np.array([profile.n_agents]), np.arange(M))[0]
        return utilities

    with_copies = of_population(copies)
    near = np.abs(of_population(weighted) - with_copies).mean()
    far = np.abs(of_population(plain) - with_copies).mean()
    assert far > 0.03
    assert near < 0.25 * far


@pytest.mark.parametrize("name", NAMES)
def test_people_met_after_the_fit(name: str, kinds: Profile, model_of: dict[str, TwoPart]) -> None:
    model = model_of[name]
    if type(model).meet is TwoPart.meet:
        with pytest.raises(InputError, match="fit it again"):
            model.meet(kinds)
        return
    again = model.meet(kinds)
    gap = np.abs(all_of(again, kinds) - all_of(model, kinds))
    assert gap.mean() < 0.03
    # strangers: as if they had been there when the model was fitted
    rng = np.random.default_rng(2)
    side, agree, _ = classes(30, M, 2, rng)  # the same statements
    strangers = voted(side, agree, 0.4, np.random.default_rng(9))
    a, b = kinds.answers, strangers.answers
    rows = np.concatenate([a.agent, b.agent + N])
    both = profile_of(
        rows, np.append(a.statement, b.statement), np.append(a.value, b.value), N + 30, M, kinds.answers.scale
    )
    joint = refit(model, both, np.random.default_rng(0)).utilities(np.arange(N, N + 30), np.arange(M))
    met = all_of(model.meet(strangers), strangers)
    silent = model.meet(with_answers(strangers, np.zeros(len(b), dtype=bool)))
    unknown = all_of(silent, strangers)
    assert np.abs(met - joint).mean() < 0.05
    assert np.abs(met - joint).mean() <= np.abs(unknown - joint).mean()
    with pytest.raises(InputError, match="the same 24 statements"):
        model.meet(on_scale(VOTE, np.random.default_rng(1)))


@pytest.mark.parametrize("name", NAMES)
def test_totals_of_held_out_answers_lie_in_the_draws_intervals(name: str) -> None:
    """Everybody alike, so that every model can be right: 90 % intervals of people's and of statements' totals."""
    rng = np.random.default_rng(6)
    agree, side = rng.uniform(0.2, 0.8, M), rng.uniform(0.6, 0.95, M)
    profile = voted(np.tile(side, (N, 1)), np.tile(agree, (N, 1)), 0.8, rng)
    held = hold(profile, rng, 0.4)
    model = fitted(name, with_answers(profile, ~held))
    a = profile.answers
    agent, statement = a.agent[held], a.statement[held]
    totals: dict[str, list[np.ndarray]] = {"people": [], "statements": []}
    for _ in range(60):
        answers = model.draw(rng).answers(np.arange(N), np.arange(M), rng.random((N, M)))[agent, statement]
        totals["people"].append(np.bincount(agent, answers, N))
        totals["statements"].append(np.bincount(statement, answers, M))
    truth = a.scale.utility(a.value[held])
    for of, size in (("people", N), ("statements", M)):
        sums = np.array(totals[of])
        real = np.bincount(agent if of == "people" else statement, truth, size)
        low, high = np.quantile(sums, [0.05, 0.95], axis=0)
        inside = ((real >= low) & (real <= high)).mean()
        assert inside >= 0.78, (of, inside)
    # and they are not vacuous: intervals of people's totals are no wider than those of coins
    wide = np.diff(np.quantile(np.array(totals["people"]), [0.05, 0.95], axis=0), axis=0)[0]
    given = np.bincount(agent, minlength=N)
    assert wide.mean() < 1.05 * (2 * 1.645 * 0.5 * np.sqrt(given)).mean() + 0.5


@pytest.mark.parametrize("name", NAMES)
def test_predictions_are_calibrated_on_held_out_answers(name: str) -> None:
    rng = np.random.default_rng(7)
    profile = voted(*low_rank(200, 40, 1, rng), 0.6, rng)
    held = hold(profile, rng, 0.3)
    model = fitted(name, with_answers(profile, ~held))
    test = with_answers(profile, held & (profile.answers.value != 0)).answers
    found = calibration(model.at(test.agent, test.statement)[1], (test.value > 0).astype(float), bins=8)
    assert found.error < 0.06


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_answers_and_of_people_does_not_matter(
    name: str, kinds: Profile, model_of: dict[str, TwoPart]
) -> None:
    a = kinds.answers
    mixed = np.random.default_rng(8).permutation(len(a))
    shuffled = replace(kinds, answers=Answers.of(a.agent[mixed], a.statement[mixed], a.value[mixed], a.scale))
    model = model_of[name]
    np.testing.assert_array_equal(all_of(fitted(name, shuffled), kinds), all_of(model, kinds))
    people = np.random.default_rng(9).permutation(N)
    moved = replace(kinds, answers=Answers.of(people[a.agent], a.statement, a.value, a.scale))
    first = all_of(refit(model, kinds, np.random.default_rng(0)), kinds)
    second = all_of(refit(model, moved, np.random.default_rng(0)), moved)[people]
    assert np.abs(first - second).mean() < 0.01


@pytest.mark.parametrize("name", NAMES)
def test_comparisons_are_read_or_refused(name: str) -> None:
    """A profile with comparisons alone is never fitted as if nobody had said anything."""
    rng = np.random.default_rng(0)
    pairs = np.array([rng.permutation(4)[:2] for _ in range(200)])
    profile = Profile(
        Agents(tuple(map(str, range(20)))),
        Statements(tuple("abcd"), tuple("abcd")),
        Answers.none(COMPARISON),
        comparisons=Comparisons.of(np.arange(200) % 20, pairs.min(axis=1), pairs.max(axis=1)),
    )
    if name not in COMPARES:
        with pytest.raises(InputError, match="reads no comparisons"):
            fit(profile, rng, name)
        return
    model = fit(profile, rng, name)
    found = all_of(model, profile)
    assert (np.diff(found, axis=1) < 0).all()  # a always wins, d always loses
    assert ((found >= 0.0) & (found <= 1.0)).all()
