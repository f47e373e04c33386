"""Classes of people: Bayes by hand, other scales, learning from answers with gaps."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.asking.population import UNASKED, Population
from folkmoot.profile import APPROVAL, VOTE, Agents, Answers, InputError, Profile, Scale, Statements


def population(rng: np.random.Generator, classes: int, m: int, answers: int) -> Population:
    chance = rng.dirichlet(np.ones(answers), (classes, m))
    worth = np.linspace(0, 1, answers)
    return Population(rng.dirichlet(np.ones(classes)), chance, worth, np.eye(answers))


def profile_of(values: np.ndarray, scale: Scale = VOTE) -> Profile:
    """Of a block [n, m], nan where nothing was said."""
    rows, columns = np.nonzero(~np.isnan(values))
    return Profile(
        Agents(tuple(f"p{i}" for i in range(values.shape[0]))),
        Statements(
            tuple(f"s{j}" for j in range(values.shape[1])), tuple(f"statement {j}" for j in range(len(values.T)))
        ),
        Answers.of(rows, columns, values[rows, columns], scale),
    )


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_belief_and_predictions_are_those_of_bayes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    classes, m, c = (int(x) for x in rng.integers([1, 1, 2], [4, 5, 4]))
    p = population(rng, classes, m, c)
    answers = rng.integers(-1, c, (3, m))
    belief = p.belief(answers)
    expected = p.utilities(answers)
    for i, given_ in enumerate(answers):
        joint = np.zeros((classes, m, c))
        # everything this person could have said, with its probability in every class
        for said in itertools.product(range(c), repeat=m):
            if all(g in (UNASKED, s) for g, s in zip(given_, said, strict=True)):
                chance = p.weight * np.prod([p.chance[:, j, s] for j, s in enumerate(said)], axis=0)
                for j, s in enumerate(said):
                    joint[:, j, s] += chance
        total = joint[:, 0].sum()
        assert belief[i] == pytest.approx(joint[:, 0].sum(axis=1) / total)
        after = joint.sum(axis=0) / total
        assert expected[i] == pytest.approx(after @ p.worth)
        open_ = given_ == UNASKED
        assert p.predicted(belief)[i][open_] == pytest.approx(after[open_])


def test_over_some_statements() -> None:
    p = population(np.random.default_rng(0), 2, 5, 3)
    part = p.over(np.array([3, 1]))
    assert part.n_statements == 2
    assert part.earned == pytest.approx(p.earned[:, [3, 1]])


def test_votes_are_disagree_pass_agree() -> None:
    values = np.array([[1.0, np.nan, -1.0], [0.0, 1.0, np.nan], [1.0, 1.0, -1.0]])
    p = Population.fitted(profile_of(values), np.random.default_rng(0), classes=1)
    assert p.worth.tolist() == [0.0, 0.5, 1.0]
    assert p.answers(profile_of(values), np.arange(3), np.arange(3)).tolist() == [[2, -1, 0], [1, 2, -1], [2, 2, 0]]
    assert p.credit.tolist() == np.eye(3).tolist()


def test_ratings_are_steps_and_a_guess_nearby_earns_something() -> None:
    rng = np.random.default_rng(1)
    scale = Scale("rating", 1.0, 5.0)
    camp = np.arange(80) % 2
    values = np.clip(np.where(camp[:, None] == np.arange(6) % 2, 5, 2) - rng.integers(0, 2, (80, 6)), 1, 5).astype(
        float
    )
    values[rng.random(values.shape) < 0.3] = np.nan
    profile = profile_of(values, scale)
    p = Population.fitted(profile, np.random.default_rng(0), classes=2)
    assert p.n_answers == 5
    assert p.chance.sum(axis=2) == pytest.approx(1.0)
    assert p.credit[0].tolist() == [1.0, 0.75, 0.5, 0.25, 0.0]
    answers = p.answers(profile, np.arange(80), np.arange(6))
    known = answers != UNASKED
    assert (answers[known] == values[known] - 1).all()
    # a high answer to the first statement promises a high one to the third
    asked = np.full((2, 6), UNASKED)
    asked[:, 0] = 4, 1
    assert np.diff(p.utilities(asked)[:, 2])[0] < -0.4


def test_fine_scales_are_cut_into_ten_steps_and_half_answers_find_the_nearest() -> None:
    values = np.array([[0.0, 37.0], [100.0, 52.0], [12.5, 99.0]])
    p = Population.fitted(profile_of(values, Scale("rating", 0.0, 100.0)), np.random.default_rng(0), classes=1)
    assert p.n_answers == 11
    found = p.answers(profile_of(values, Scale("rating", 0.0, 100.0)), np.arange(3), np.arange(2))
    assert found.tolist() == [[0, 4], [10, 5], [1, 10]]


def test_what_a_complete_ballot_leaves_out_is_known() -> None:
    values = np.array([[1.0, np.nan, np.nan], [np.nan, 1.0, 1.0], [np.nan, np.nan, np.nan]])
    profile = profile_of(values, APPROVAL)
    p = Population.fitted(profile, np.random.default_rng(0), classes=1)
    assert p.answers(profile, np.arange(3), np.arange(3)).tolist() == [[1, 0, 0], [0, 1, 1], [0, 0, 0]]


def test_planted_classes_are_found_in_half_of_the_answers() -> None:
    rng = np.random.default_rng(3)
    n, m, size = 600, 20, np.array([0.6, 0.3, 0.1])
    label = rng.choice(3, n, p=size)
    agree = np.where(rng.random((3, m)) < 0.5, 0.1, 0.9)
    values = np.where(rng.random((n, m)) < agree[label], 1.0, -1.0)
    values[rng.random((n, m)) < 0.5] = np.nan
    p = Population.fitted(profile_of(values), np.random.default_rng(0))
    assert len(p.weight) == 3
    order = [int(np.abs(p.chance[:, :, 2] - row).sum(axis=1).argmin()) for row in agree]
    assert sorted(order) == [0, 1, 2]
    assert p.weight[order] == pytest.approx(np.bincount(label, minlength=3) / n, abs=0.03)
    assert np.abs(p.chance[order, :, 2] - agree).mean() < 0.05
    found = p.belief(p.answers(profile_of(values), np.arange(n), np.arange(m))).argmax(axis=1)
    assert (found == np.array(order)[label]).mean() > 0.95


@given(st.integers(0, 10_000), st.sampled_from([VOTE, APPROVAL, Scale("rating", 0.0, 4.0), Scale("rating", 0.0, 0.5)]))
@settings(max_examples=25, deadline=None)
def test_no_prediction_is_nan(seed: int, scale: Scale) -> None:
    rng = np.random.default_rng(seed)
    n, m = (int(x) for x in rng.integers(1, 6, 2))
    values = np.where(rng.random((n, m)) < 0.5, np.nan, np.where(rng.random((n, m)) < 0.5, scale.low, scale.high))
    profile = profile_of(values, scale)
    p = Population.fitted(profile, np.random.default_rng(seed), classes=int(rng.integers(1, 4)))
    everybody = p.answers(profile, np.arange(n), np.arange(m))
    # also somebody who agrees with everything, and somebody who said nothing
    answers = np.concatenate([everybody, np.full((1, m), p.n_answers - 1), np.full((1, m), UNASKED)])
    for found in (p.belief(answers), p.predicted(p.belief(answers)), p.utilities(answers), p.earned, p.earned_twice):
        assert np.isfinite(found).all()
        assert ((found >= -1e-12) & (found <= 1 + 1e-12)).all()


def test_what_is_impossible_is_refused() -> None:
    with pytest.raises(InputError, match="must be positive"):
        Population(np.ones(1), np.array([[[0.0, 1.0]]]), np.array([0.0, 1.0]), np.eye(2))
    with pytest.raises(InputError, match="1 classes x statements x 2 answers"):
        Population(np.ones(1), np.array([[0.5, 0.5]]), np.array([0.0, 1.0]), np.eye(2))
