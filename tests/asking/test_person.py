"""Worth of a question to the person: exact where it claims to be, close elsewhere."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from folkmoot.asking.grouped import GroupedPolicies, Groups
from folkmoot.asking.person import PersonValue
from folkmoot.asking.population import UNASKED, Population
from folkmoot.profile import FloatArray, InputError, IntArray


def binary(seed: int, classes: int, m: int) -> Population:
    rng = np.random.default_rng(seed)
    ones = rng.uniform(0.05, 0.95, (classes, m))
    weight = rng.dirichlet(np.full(classes, 3.0))
    return Population(weight, np.stack([1 - ones, ones], axis=2), np.array([0.0, 1.0]), np.eye(2))


def votes(seed: int, classes: int, m: int) -> Population:
    """Three answers, near the corners."""
    rng = np.random.default_rng(seed)
    chance = rng.dirichlet(np.full(3, 0.5), (classes, m)) * 0.94 + 0.02
    return Population(rng.dirichlet(np.full(classes, 3.0)), chance, np.array([0.0, 0.5, 1.0]), np.eye(3))


def grouped(p: Population, gamma: float, cost: float) -> GroupedPolicies:
    theta = tuple(tuple(row) for row in p.chance[:, :, 1].tolist())
    return GroupedPolicies(Groups(tuple(p.weight.tolist()), theta, (1,) * p.n_statements, cost), gamma)


@pytest.mark.parametrize("seed", range(4))
def test_without_inequality_aversion_it_is_exact(seed: int) -> None:
    p, cost = binary(seed, 3, 4), 0.15
    exact, value = grouped(p, 0.0, cost), PersonValue(p, 0.0, cost)
    for history in itertools.product((UNASKED, 0, 1), repeat=4):
        answers = np.array([history])
        belief = p.log_belief(answers)
        state = tuple((int(x != UNASKED), int(x == 1)) for x in history)
        assert value.stop(belief, answers)[0] == pytest.approx(exact.ce(exact.stop(state)))
        step = value.one_step(belief, answers, np.arange(4)[None])[0]
        for j, worth in enumerate(step):
            if history[j] != UNASKED:
                assert np.isneginf(worth)
                continue
            later = [
                (share, exact.stop((*state[:j], (1, answer), *state[j + 1 :])))
                for answer, share in ((1, exact.one(state, j)), (0, 1 - exact.one(state, j)))
            ]
            assert worth == pytest.approx(exact.ce(sum(share * stop for share, stop in later)))


def best_of_all_outputs(p: Population, answers: IntArray, gamma: float, cost: float, shift: float = 1.0) -> float:
    """Certainty equivalent of the best output for one person, over all outputs and the exact law of right guesses."""
    belief = p.belief(answers[None])[0]
    open_ = np.flatnonzero(answers == UNASKED)
    outputs = np.array(list(itertools.product(range(p.n_answers), repeat=len(open_))))
    laws = np.zeros((len(outputs), len(belief), len(open_) + 1))
    laws[:, :, 0] = 1.0
    for place, j in enumerate(open_):
        right = p.chance[:, j, outputs[:, place]].T[:, :, None]
        laws[:, :, 1:] = laws[:, :, 1:] * (1 - right) + laws[:, :, :-1] * right
        laws[:, :, 0] *= 1 - right[:, :, 0]
    v = np.arange(len(open_) + 1) + (answers != UNASKED).sum() * (1 - cost) + shift
    phi = np.log(v) if gamma == 1 else v ** (1 - gamma) / (1 - gamma)
    expected = float(np.einsum("okc,k,c->o", laws, belief, phi).max())
    return float(np.exp(expected) if gamma == 1 else ((1 - gamma) * expected) ** (1 / (1 - gamma))) - shift


# What the search for outputs may be off by, in statements, of 13; docs/asking.md states it.
TOLERANCE = dict.fromkeys((0.5, 1.0, 2.0, 5.0, 10.0), 1e-4)


@pytest.mark.parametrize("gamma", list(TOLERANCE))
@pytest.mark.parametrize("seed", range(8))
def test_with_inequality_aversion_it_is_the_best_of_all_outputs(gamma: float, seed: int) -> None:
    p = binary(seed, 3, 13)
    value = PersonValue(p, gamma, 0.1)
    answers = np.full(13, UNASKED)
    answers[seed] = seed % 2
    found = value.stop(p.log_belief(answers[None]), answers[None])[0]
    assert found == pytest.approx(best_of_all_outputs(p, answers, gamma, 0.1), abs=TOLERANCE[gamma])
    # one question more
    step = value.one_step(p.log_belief(answers[None]), answers[None], np.array([[12]]))[0, 0]
    share = p.predicted(p.belief(answers[None]))[0, 12]
    exact = []
    for level in (0, 1):
        more = answers.copy()
        more[12] = level
        exact.append(best_of_all_outputs(p, more, gamma, 0.1) + 1.0)
    phi = np.log(exact) if gamma == 1 else np.array(exact) ** (1 - gamma) / (1 - gamma)
    mean = float(share @ phi)
    expected = float(np.exp(mean) if gamma == 1 else ((1 - gamma) * mean) ** (1 / (1 - gamma))) - 1.0
    assert step == pytest.approx(expected, abs=TOLERANCE[gamma])


@pytest.mark.parametrize("gamma", [0.0, 2.0, 10.0])
def test_the_equivalent_of_an_output_agrees_with_drawing_people(gamma: float) -> None:
    p = votes(5, 4, 60)
    value = PersonValue(p, gamma, 0.1)
    answers = np.full((1, 60), UNASKED)
    found = value.stop(p.log_belief(answers), answers)[0]
    rng = np.random.default_rng(0)
    # nobody's guesses are better than those for the mean (gamma = 0); those of the method are at least as good
    label = rng.choice(4, 40_000, p=p.weight)
    guess = (p.weight @ p.chance.reshape(4, -1)).reshape(60, 3).argmax(axis=1)
    right = rng.random((40_000, 60)) < p.chance[label][:, np.arange(60), guess]
    v = right.sum(axis=1) + 1.0
    drawn = float(np.mean(v ** (1 - gamma)) ** (1 / (1 - gamma))) - 1.0
    if gamma == 0:
        assert found == pytest.approx(drawn, abs=0.1)
    else:
        assert found > drawn - 0.15


@pytest.mark.parametrize("gamma", [0.0, 2.0])
def test_rollout(gamma: float) -> None:
    p = votes(2, 3, 12)
    value, cost = PersonValue(p, gamma, 0.1), 0.1
    answers = np.full((1, 12), UNASKED)
    answers[0, :2] = 0, 2
    belief = p.log_belief(answers)
    order = np.arange(2, 12)[None]
    found = value.rollout(belief, answers, order, (1, 2, 10), 4_000, np.random.default_rng(1))[0]
    assert found[0] == pytest.approx(value.one_step(belief, answers, order[:, :1])[0, 0], abs=0.05)
    # two questions, by the law of the second answer after the first
    exact = []
    for first in range(3):
        more = answers.copy()
        more[0, 2] = first
        exact.append(value.one_step(p.log_belief(more), more, order[:, 1:2])[0, 0] + 1.0)
    share = p.predicted(p.belief(answers))[0, 2]
    expected = float((share @ np.array(exact) ** (1 - gamma)) ** (1 / (1 - gamma))) - 1.0
    assert found[1] == pytest.approx(expected, abs=0.05)
    # everything asked: all is known
    assert found[2] == pytest.approx(12 * (1 - cost))


def test_rollout_passes_over_what_was_answered_and_ends_where_nothing_is_left() -> None:
    p = votes(2, 3, 6)
    value = PersonValue(p, 0.0, 0.1)
    answers = np.array([[0, 2, 1, 0, UNASKED, UNASKED]])
    belief = p.log_belief(answers)
    orders = np.array([[4, 0, 5, 1], [4, 5, -1, -1]])
    found = [value.rollout(belief, answers, order[None], (4,), 64, np.random.default_rng(1))[0, 0] for order in orders]
    assert found == pytest.approx([6 * 0.9, 6 * 0.9])
    # one question left of an order of four is one question
    short = value.rollout(belief, answers, np.array([[4, -1, -1, -1]]), (1, 4), 64, np.random.default_rng(1))[0]
    assert short[0] == pytest.approx(short[1])


@pytest.mark.parametrize("gamma", [0.0, 1.0, 3.0])
def test_a_panel_is_its_people_one_by_one(gamma: float, monkeypatch: pytest.MonkeyPatch) -> None:
    p = votes(1, 3, 10)
    rng = np.random.default_rng(4)
    answers = rng.integers(-1, 3, (7, 10))
    answers[:, 3:6] = UNASKED
    candidates = np.stack([rng.permutation(10)[:4] for _ in range(7)])
    value = PersonValue(p, gamma, 0.2)

    def all_of(rows: slice) -> list[FloatArray]:
        belief = p.log_belief(answers[rows])
        everything = np.tile(np.arange(3, 6), (len(answers[rows]), 1))
        asked = np.where(answers[rows] == UNASKED, np.arange(10), -1)
        return [
            value.stop(belief, answers[rows]),
            value.one_step(belief, answers[rows], candidates[rows]),
            value.rollout(belief, answers[rows], asked, (10,), 8),
            value.one_step(belief, answers[rows], everything),
        ]

    together = all_of(slice(None))
    for i in range(7):
        for one, many in zip(all_of(slice(i, i + 1)), together, strict=True):
            assert one[0] == pytest.approx(many[i], rel=1e-12)
    # in small blocks
    monkeypatch.setattr("folkmoot.asking.person._BLOCK", 1)
    for one, many in zip(all_of(slice(None)), together, strict=True):
        assert one == pytest.approx(many, rel=1e-12)


def test_what_is_refused() -> None:
    p = votes(1, 2, 10)
    with pytest.raises(InputError, match="gamma must be finite"):
        PersonValue(p, np.inf)
    with pytest.raises(InputError, match="gamma 5000 is too large"):
        PersonValue(p, 5_000.0)
    with pytest.raises(InputError, match="gamma must be a number of at least 0"):
        PersonValue(p, -1.0)
    with pytest.raises(InputError, match="from 0 to 1 statement"):
        PersonValue(p, 0.0, 1.5)


def test_large_inequality_aversion_stays_a_number() -> None:
    p = votes(1, 3, 200)
    answers = np.full((1, 200), UNASKED)
    value = PersonValue(p, 100.0, 0.1)
    found = [value.stop(p.log_belief(answers), answers)[0]]
    found += value.one_step(p.log_belief(answers), answers, np.arange(5)[None])[0].tolist()
    assert np.isfinite(found).all()
