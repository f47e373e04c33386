"""Outputs that hedge: the exact optimum where features are alike, the best of all outputs in small cases, a bound."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from folkmoot.asking import Situation, optimum
from folkmoot.asking.adaptive import Adaptive
from folkmoot.asking.credit import Law
from folkmoot.asking.lookahead import depth, every_history, histories, log_joint, stopping
from folkmoot.asking.person import PersonValue
from folkmoot.asking.population import UNASKED, Population
from folkmoot.profile import FloatArray, InputError, IntArray


def paper(n: int, alpha: float, p: float) -> Population:
    ones = np.array([np.full(n, p), np.full(n, 1 - p)])
    chance = np.stack([1 - ones, ones], axis=2)
    return Population(np.array([alpha, 1 - alpha]), chance, np.array([0.0, 1.0]), np.eye(2))


def ratings(seed: int, classes: int, m: int, answers: int) -> Population:
    rng = np.random.default_rng(seed)
    worth = np.linspace(0, 1, answers)
    chance = rng.dirichlet(np.full(answers, 0.5), (classes, m)) * 0.94 + 0.06 / answers
    return Population(rng.dirichlet(np.full(classes, 3.0)), chance, worth, 1 - np.abs(worth[:, None] - worth))


def answered(n: int, ones: int, zeros: int) -> IntArray:
    answers = np.full((1, n), UNASKED)
    answers[0, :ones], answers[0, ones : ones + zeros] = 1, 0
    return answers


@pytest.mark.parametrize(
    ("gamma", "worth"), [(0.5, 12.454804), (1.0, 12.409092), (2.0, 12.315989), (5.0, 12.020217), (10.0, 11.435746)]
)
def test_asking_nothing_is_worth_what_the_exact_optimum_says(gamma: float, worth: float) -> None:
    p, answers = paper(25, 0.5, 0.1), answered(25, 0, 0)
    value = PersonValue(p, gamma, 1.0)
    found = value.stop(p.log_belief(answers), answers)[0]
    assert found == pytest.approx(optimum(Situation(25, 0.5, 0.1), gamma).per_k[0].ce, abs=1e-5)
    assert found == pytest.approx(worth, abs=1e-5)
    # nothing is gained by other outputs: the bound meets it
    assert value.bound(p.log_belief(answers), answers)[0] == pytest.approx(found, abs=1e-4)


@pytest.mark.parametrize("gamma", [0.7, 3.0, 12.0, 40.0])
def test_it_outputs_as_many_ones_as_the_optimum_after_any_answers(gamma: float) -> None:
    """Lemma 10: at gamma = 12 outputs mix; Theorem 11: each answer counts."""
    n, alpha, p, k = 14, 0.7, 0.15, 6
    population, after = paper(n, alpha, p), optimum(Situation(n, alpha, p, 0.4), gamma).per_k[k]
    value, mixed = PersonValue(population, gamma, 0.4), 0
    for a in range(k + 1):
        answers = answered(n, a, k - a)
        output = value.output(population.log_belief(answers), answers)[0]
        assert (output[:k] == answers[0, :k]).all()
        ones = int(output[k:].sum())
        assert ones in after.ones[a]
        mixed += 0 < ones < n - k
    assert mixed > 1 if gamma >= 12 else mixed <= 2


def best_of_all(p: Population, answers: IntArray, gamma: float, cost: float) -> float:
    """By every output and every combination of truths."""
    open_ = np.flatnonzero(answers == UNASKED)
    belief, values = p.belief(answers[None])[0], []
    truths = list(itertools.product(range(p.n_answers), repeat=len(open_)))
    chance = np.array([[np.prod([p.chance[k, j, t] for j, t in zip(open_, truth, strict=True)]) for truth in truths]
                       for k in range(len(belief))])  # fmt: skip
    for guess in truths:
        credit = np.array([sum(p.credit[g, t] for g, t in zip(guess, truth, strict=True)) for truth in truths])
        v = credit + (answers != UNASKED).sum() * (1 - cost) + 1.0
        values.append(belief @ chance @ (np.log(v) if gamma == 1 else v ** (1 - gamma) / (1 - gamma)))
    best = max(values)
    return float(np.exp(best) if gamma == 1 else ((1 - gamma) * best) ** (1 / (1 - gamma))) - 1.0


@pytest.mark.parametrize("gamma", [0.5, 1.0, 4.0, 15.0])
def test_graded_answers_against_every_output(gamma: float) -> None:
    for seed in range(3):
        p = ratings(seed, 3, 5, 3)
        answers = np.full(5, UNASKED)
        answers[seed] = 1
        value = PersonValue(p, gamma, 0.2)
        belief = p.log_belief(answers[None])
        found, best = value.stop(belief, answers[None])[0], best_of_all(p, answers, gamma, 0.2)
        assert found == pytest.approx(best, abs=2e-5)
        assert value.bound(belief, answers[None])[0] >= best - 2e-5


def test_the_integral_is_the_expectation() -> None:
    """Of v^(1-g) by convolution, also far out, where a normal law is off."""
    p = paper(40, 0.5, 0.02)
    for gamma in (0.05, 0.9, 1.0, 1.1, 3.0, 25.0, 60.0):
        law = Law(p, gamma, 1.0)
        # 40 zeros guessed, in the class that has hardly any
        exponents = -law.nodes * 1.0 / law.top + law.logs[:, 0, 1].sum(axis=0)
        binomial = np.ones(1)
        for _ in range(40):
            binomial = np.convolve(binomial, [0.98, 0.02])
        v = np.arange(41) + 1.0
        expected = binomial @ np.log(v) if gamma == 1 else binomial @ v ** (1 - gamma)
        exact = np.exp(expected) if gamma == 1 else expected ** (1 / (1 - gamma))
        assert float(law.equivalent(law.lacking(exponents))) + 1.0 == pytest.approx(exact, rel=2e-6)


def test_the_bound_says_how_far_a_learned_population_may_be_from_its_best_output() -> None:
    rng = np.random.default_rng(3)
    for gamma, most in ((1.0, 0.04), (2.0, 0.08), (5.0, 0.25), (10.0, 0.5)):
        ones = np.clip(np.array([np.full(25, 0.1), np.full(25, 0.9)]) + rng.normal(0, 0.02, (2, 25)), 0.01, 0.99)
        p = Population(np.array([0.52, 0.48]), np.stack([1 - ones, ones], axis=2), np.array([0.0, 1.0]), np.eye(2))
        answers = answered(25, 0, 0)
        value = PersonValue(p, gamma, 1.0)
        gap = value.bound(p.log_belief(answers), answers)[0] - value.stop(p.log_belief(answers), answers)[0]
        assert -1e-6 < gap < most
    # without inequality aversion guesses are best one by one
    value = PersonValue(p, 0.0, 1.0)
    assert value.bound(p.log_belief(answers), answers) == value.stop(p.log_belief(answers), answers)


def test_all_histories_of_some_questions() -> None:
    p = ratings(4, 3, 4, 3)
    logs = log_joint(p.log_belief(np.full((1, 4), UNASKED))[0])
    joint = every_history(p, logs, np.array([2, 0]))
    assert joint.shape == (9, 3)
    for first, second in itertools.product(range(3), repeat=2):
        expected = p.weight * p.chance[:, 2, first] * p.chance[:, 0, second]
        assert joint[3 * first + second] == pytest.approx(expected)
    # few people stand for them where they are too many
    drawn = histories(p, logs, np.array([2, 0]), 4, np.random.default_rng(0))
    assert drawn.shape == (4, 3)
    assert drawn.sum() == pytest.approx(1.0)
    many = histories(p, logs, np.array([0, 1, 2, 3]), 39, np.random.default_rng(0))
    assert many.sum(axis=0) == pytest.approx(p.weight, abs=0.1)
    assert (depth(p, 8), depth(p, 9), depth(p, 80), depth(paper(3, 0.5, 0.1), 4096)) == (1, 2, 3, 12)


@pytest.mark.parametrize("gamma", [0.0, 2.0])
def test_a_plan_that_stops_on_the_way_is_the_adaptive_optimum(gamma: float) -> None:
    n = 9
    best = Adaptive(Situation(n, 0.5, 0.1), gamma).best
    p, answers = paper(n, 0.5, 0.1), np.full(n, UNASKED)
    logs = log_joint(p.log_belief(answers[None])[0])
    found = PersonValue(p, gamma, 1.0).tree(logs, answers, np.arange(n))
    assert best.ask[0, 0]
    assert found == pytest.approx(best.ce, abs=1e-4)


def test_stopping_by_hand() -> None:
    p = paper(2, 0.5, 0.1)

    def worth(joint: FloatArray, asked: IntArray) -> FloatArray:
        # after one question 5 if it was a one, else 1; after two 3
        share = joint.sum(axis=1)
        return np.asarray(share * (np.array([1.0, 5.0]) if len(asked) == 1 else 3.0))

    # goes on after a zero only
    assert stopping(p, np.log(p.weight), np.array([0, 1]), worth) == pytest.approx(0.5 * 5 + 0.5 * 3)


def test_without_a_shift_nobody_may_be_worth_nothing() -> None:
    value = PersonValue(paper(4, 0.5, 0.1), 2.0, 1.0, shift=0.0)
    with pytest.raises(InputError, match="give a shift above 0"):
        value.stop(np.zeros((1, 2)), answered(4, 0, 0))
    # nothing left to guess: what is known is certain
    full = answered(4, 2, 2)
    found = PersonValue(paper(4, 0.5, 0.1), 2.0, 0.5)
    assert found.stop(np.zeros((1, 2)), full) == pytest.approx([2.0])
    assert found.bound(np.zeros((1, 2)), full) == pytest.approx([2.0])
