"""What every preference model promises (`folkmoot.preferences.PreferenceModel`), tried on made-up people."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np

from ..preferences.entries import with_answers
from ..preferences.held_out import calibration, hold
from ..preferences.registry import Model
from ..preferences.two_part import TwoPart
from ..profile import APPROVAL, VOTE, Answers, FloatArray, InputError, Profile, Scale
from .planted import classes, low_rank, profile_of, voted
from .suite import Suite

N, M = 120, 24
SCALES = {
    "votes": VOTE,
    "approvals": APPROVAL,
    "ratings": Scale("rating", 1.0, 5.0),
    "rankings": Scale("ranking", 1.0, 8.0),
    "complete rankings": Scale("ranking", 1.0, 8.0, complete=True),
    "points": Scale("points", 0.0, 10.0),
}


def fitted(model: Model, profile: Profile, seed: int = 0) -> TwoPart:
    """The model fitted to a profile."""
    return model.fit(profile, np.random.default_rng(seed))


def refitted(model: Model, one: TwoPart, profile: Profile) -> TwoPart:
    """A fitted model with the same choices on other answers, as `folkmoot.preferences.refit` does it."""
    options = {name: one.parameters[name] for name in model.keeps if name in one.parameters}
    return model.fit(profile, np.random.default_rng(0), **options)


def everything(model: TwoPart, profile: Profile) -> FloatArray:
    """All utilities, float64 [n, m]."""
    return model.utilities(np.arange(profile.n_agents), np.arange(profile.n_statements))


@cache
def kinds() -> Profile:
    """Two kinds of people, half of the votes seen; the last two people said nothing."""
    rng = np.random.default_rng(2)
    side, agree, _ = classes(N, M, 2, rng)
    profile = voted(side, agree, 0.5, rng)
    return with_answers(profile, profile.answers.agent < N - 2)


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


def declares_itself(model: Model) -> None:
    """It describes itself, and the fitted model holds its id and its chosen parameters in a form that JSON can hold."""
    assert model.about, "it has no `about`"
    one = fitted(model, kinds())
    assert one.id == model.id, f"the fitted model calls itself {one.id!r}"
    json.dumps(dict(one.parameters), allow_nan=False)
    missing = [name for name in model.keeps if name not in one.parameters]
    assert not missing, f"it keeps {missing[0]!r}, which is not among its parameters"


def predicts_on_the_scale(model: Model) -> None:
    """Utilities and drawn answers lie within the range of the scale, whatever the scale is."""
    for name, scale in SCALES.items():
        profile = on_scale(scale, np.random.default_rng(1))
        one = fitted(model, profile)
        low, high = scale.utility_range
        utilities = everything(one, profile)
        assert utilities.shape == (40, 8), f"utilities of shape {utilities.shape} on {name}"
        assert utilities.dtype == np.float64, f"utilities are {utilities.dtype} on {name}"
        assert ((utilities >= low) & (utilities <= high)).all(), f"utilities off the scale, or nan, on {name}"
        uniform = np.random.default_rng(2).random((40, 8))
        drawn = one.draw(np.random.default_rng(3)).answers(np.arange(40), np.arange(8), uniform)
        assert drawn.shape == (40, 8), f"drawn answers of shape {drawn.shape} on {name}"
        assert ((drawn >= low) & (drawn <= high)).all(), f"drawn answers off the scale, or nan, on {name}"


def predicts_where_nobody_answered(model: Model) -> None:
    """Without any answer everybody is predicted alike."""
    nothing = np.array([], dtype=np.int64)
    empty = profile_of(nothing, nothing, np.array([]), 3, 4)
    utilities = everything(fitted(model, empty), empty)
    assert ((utilities >= 0.0) & (utilities <= 1.0)).all(), "utilities off the scale, or nan"
    assert np.allclose(utilities, utilities[0, 0], atol=1e-9), "different predictions, although nobody said anything"


def is_repeatable(model: Model) -> None:
    """The same seed gives the same bytes, as a whole and in blocks; the order of answers does not matter."""
    one, a = fitted(model, kinds()), kinds().answers
    whole = everything(one, kinds())
    assert everything(fitted(model, kinds()), kinds()).tobytes() == whole.tobytes(), "other utilities for the same seed"
    rows, columns = np.array([7, 0, 100]), np.array([3, 1])
    assert np.allclose(one.utilities(rows, columns), whole[np.ix_(rows, columns)], atol=1e-12), "a block is different"
    uniform = np.random.default_rng(1).random((N, M))
    first, second = (
        one.draw(np.random.default_rng(6)).answers(np.arange(N), np.arange(M), uniform).tobytes() for _ in range(2)
    )
    assert first == second, "other draws for the same seed"
    mixed = np.random.default_rng(8).permutation(len(a))
    shuffled = replace(kinds(), answers=Answers.of(a.agent[mixed], a.statement[mixed], a.value[mixed], a.scale))
    assert np.array_equal(everything(fitted(model, shuffled), kinds()), whole), "the order of the answers matters"
    people = np.random.default_rng(9).permutation(N)
    moved = replace(kinds(), answers=Answers.of(people[a.agent], a.statement, a.value, a.scale))
    before = everything(refitted(model, one, kinds()), kinds())
    after = everything(refitted(model, one, moved), moved)[people]
    assert np.abs(before - after).mean() < 0.01, "the order of the people matters"


def draws_answers_by_their_quantiles(model: Model) -> None:
    """Larger uniform numbers give no lower answers, and mostly higher ones from the lowest to the highest."""
    draw = fitted(model, kinds()).draw(np.random.default_rng(4))
    agents, statements = np.arange(N), np.arange(M)
    levels = [draw.answers(agents, statements, np.full((N, M), u)) for u in (0.0, 0.2, 0.5, 0.8, 0.999999)]
    assert all((below <= above).all() for below, above in pairwise(levels)), "a larger number gave a lower answer"
    assert (levels[0] < levels[-1]).mean() > 0.9, (
        "draws hardly scatter; a model without uncertainty of its own returns folkmoot.preferences.drawn_from(...)"
    )


def predicts_the_population_for_the_silent(model: Model) -> None:
    """People without answers all get the same prediction, near the average of those who answered."""
    utilities = everything(fitted(model, kinds()), kinds())
    assert np.allclose(utilities[-1], utilities[-2], atol=1e-12), (
        "two people who said nothing are predicted differently"
    )
    mean = utilities[:-2].mean(axis=0)
    typical = np.abs(utilities[:-2] - mean).mean()
    assert np.abs(utilities[-1] - mean).mean() <= max(0.5 * typical, 1e-9), "who said nothing is predicted as somebody"


def weights_are_ratios(model: Model) -> None:
    """Scaling all weights changes nothing."""
    heavy = replace(kinds(), agents=replace(kinds().agents, masses=np.full(N, 1000)))
    same = np.array_equal(everything(fitted(model, heavy), heavy), everything(fitted(model, kinds()), kinds()))
    assert same, "other utilities where everybody weighs 1000"


def weights_mean_copies(model: Model) -> None:
    """People of weight three count nearly like three copies each, and not like people of weight one."""
    if not model.weighs:
        return
    rng = np.random.default_rng(5)
    side, agree, label = classes(N, M, 2, rng)
    plain = voted(side, agree, 0.4, rng)
    masses = np.where(label == 1, 3, 1)
    weighted = replace(plain, agents=replace(plain.agents, masses=masses))
    one = fitted(model, weighted)
    dense = plain.dense(np.arange(M))
    people = np.repeat(np.arange(N), masses)
    rows, columns = np.nonzero(~np.isnan(dense[people]))
    copies = profile_of(rows, columns, dense[people][rows, columns], len(people), M)

    def of_population(profile: Profile) -> FloatArray:
        # Somebody who said nothing is known by the population alone.
        a = profile.answers
        joined = replace(
            profile.agents,
            ids=(*profile.agents.ids, "new"),
            masses=None if profile.agents.masses is None else np.append(profile.agents.masses, 1),
        )
        more = replace(profile, agents=joined, answers=Answers.of(a.agent, a.statement, a.value, a.scale))
        utilities = refitted(model, one, more).utilities(np.array([profile.n_agents]), np.arange(M))
        return np.asarray(utilities[0], dtype=np.float64)

    with_copies = of_population(copies)
    near = np.abs(of_population(weighted) - with_copies).mean()
    far = np.abs(of_population(plain) - with_copies).mean()
    assert far > 0.03, f"whether there are copies makes no difference ({far:.3f})"
    assert near < 0.25 * far, (
        f"with weights it predicts {near:.3f} away from what it predicts with copies, without them {far:.3f}; where "
        "weights cannot count it declares weighs=False and says why"
    )


def meets_people_where_it_says_so(model: Model) -> None:
    """People to whom it was not fitted are predicted from their own answers, or it says that it cannot do so."""
    one = fitted(model, kinds())
    if not model.meets:
        try:
            one.meet(kinds())
        except InputError:
            return
        raise AssertionError("it meets new people, and does not declare it (meets=True)")
    again = one.meet(kinds())
    assert np.abs(everything(again, kinds()) - everything(one, kinds())).mean() < 0.03, "the same people are different"
    # Strangers: as if they had been there when the model was fitted.
    side, agree, _ = classes(30, M, 2, np.random.default_rng(2))
    strangers = voted(side, agree, 0.4, np.random.default_rng(9))
    a, b = kinds().answers, strangers.answers
    rows = np.concatenate([a.agent, b.agent + N])
    both = profile_of(rows, np.append(a.statement, b.statement), np.append(a.value, b.value), N + 30, M, a.scale)
    joint = refitted(model, one, both).utilities(np.arange(N, N + 30), np.arange(M))
    met = everything(one.meet(strangers), strangers)
    silent = with_answers(strangers, np.zeros(len(b), dtype=bool))
    unknown = everything(one.meet(silent), silent)
    assert np.abs(met - joint).mean() < 0.05, "strangers are predicted otherwise than where they were fitted along"
    assert np.abs(met - joint).mean() <= np.abs(unknown - joint).mean(), "their answers make strangers no better known"
    try:
        one.meet(on_scale(VOTE, np.random.default_rng(1)))
    except InputError:
        return
    raise AssertionError("it meets people who answered other statements")


def draws_are_calibrated(model: Model) -> None:
    """The totals of held-out answers, by person and by statement, lie in the draws' 90 % intervals about that often."""
    # Everybody alike, so that every model can be right.
    rng = np.random.default_rng(6)
    agree, side = rng.uniform(0.2, 0.8, M), rng.uniform(0.6, 0.95, M)
    profile = voted(np.tile(side, (N, 1)), np.tile(agree, (N, 1)), 0.8, rng)
    held = hold(profile, rng, 0.4)
    one = fitted(model, with_answers(profile, ~held))
    a = profile.answers
    agent, statement = a.agent[held], a.statement[held]
    totals: dict[str, list[FloatArray]] = {"people": [], "statements": []}
    for _ in range(60):
        answers = one.draw(rng).answers(np.arange(N), np.arange(M), rng.random((N, M)))[agent, statement]
        totals["people"].append(np.bincount(agent, answers, N).astype(np.float64))
        totals["statements"].append(np.bincount(statement, answers, M).astype(np.float64))
    truth = a.scale.utility(a.value[held])
    for of, size in (("people", N), ("statements", M)):
        real = np.bincount(agent if of == "people" else statement, truth, size)
        low, high = np.quantile(np.array(totals[of]), [0.05, 0.95], axis=0)
        inside = ((real >= low) & (real <= high)).mean()
        assert inside >= 0.78, f"{inside:.0%} of the {of} lie in their 90 % intervals"
    # And they are not vacuous: intervals of people's totals are no wider than those of coins.
    wide = np.diff(np.quantile(np.array(totals["people"]), [0.05, 0.95], axis=0), axis=0)[0].mean()
    coins = (2 * 1.645 * 0.5 * np.sqrt(np.bincount(agent, minlength=N))).mean()
    assert wide < 1.05 * coins + 0.5, f"intervals of {wide:.1f}, wider than those of coins, {coins:.1f}"


def predictions_are_calibrated(model: Model) -> None:
    """Of held-out answers predicted to agree with 70 % about 70 % do."""
    rng = np.random.default_rng(7)
    profile = voted(*low_rank(200, 40, 1, rng), 0.6, rng)
    held = hold(profile, rng, 0.3)
    one = fitted(model, with_answers(profile, ~held))
    test = with_answers(profile, held & (profile.answers.value != 0)).answers
    result = calibration(one.at(test.agent, test.statement)[1], (test.value > 0).astype(float), bins=8)
    assert result.error < 0.06, f"predictions are off by {result.error:.3f} on average"


check_model: Suite[Model] = Suite(
    declares_itself,
    predicts_on_the_scale,
    predicts_where_nobody_answered,
    is_repeatable,
    draws_answers_by_their_quantiles,
    predicts_the_population_for_the_silent,
    weights_are_ratios,
    weights_mean_copies,
    meets_people_where_it_says_so,
    predictions_are_calibrated,
    draws_are_calibrated,
)
"""Checks a preference model against its declaration (`folkmoot.preferences.Model`)."""
