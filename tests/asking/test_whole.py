"""The best of all plans and outputs, held against going through them one by one."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from folkmoot.asking.foremost import gains
from folkmoot.asking.person import PersonValue
from folkmoot.asking.plans import plans
from folkmoot.asking.population import UNASKED, Population
from folkmoot.asking.whole import BEST, ONE_STEP, STOP, Whole, few
from folkmoot.profile import BoolArray, FloatArray, IntArray

SIZES = (3, 2, 3)
COST, SHIFT = 0.2, 1.0


def population(sizes: tuple[int, ...] = SIZES, kinds: int = 3, seed: int = 0) -> Population:
    rng = np.random.default_rng(seed)
    most = max(sizes)
    chance = rng.dirichlet(np.full(most, 0.6), size=(kinds, len(sizes))) + 0.01
    chance *= np.arange(most) < np.array(sizes)[:, None]
    chance = np.maximum(chance / chance.sum(axis=2, keepdims=True), 1e-12)
    return Population(rng.dirichlet(np.ones(kinds)), chance, np.linspace(0, 1, most), np.eye(most))


def table(p: Population, answers: IntArray, allowed: BoolArray, gamma: float) -> Whole:
    return Whole(p, p.log_belief(answers[None])[0], answers, allowed, gamma=gamma, cost=COST, shift=SHIFT)


def phi(v: float, gamma: float) -> float:
    return float(np.log(v)) if gamma == 1 else float(v ** (1 - gamma) / (1 - gamma))


def back(worth: float, gamma: float) -> float:
    return float(np.exp(worth) if gamma == 1 else (worth * (1 - gamma)) ** (1 / (1 - gamma))) - SHIFT


def truths(p: Population, answers: IntArray) -> list[tuple[tuple[int, ...], float]]:
    """What a person may want, with probabilities given the answers."""
    open_ = [range(size) if answers[j] == UNASKED else [int(answers[j])] for j, size in enumerate(SIZES)]
    found = [(x, float(p.weight @ p.chance[:, range(len(x)), x].prod(axis=1))) for x in product(*open_)]
    total = sum(share for _, share in found)
    return [(x, share / total) for x, share in found]


def by_hand(p: Population, answers: IntArray, gamma: float) -> float:
    """The best worth of stopping, over all outputs."""
    spent = COST * (answers != UNASKED).sum()
    wanted = truths(p, answers)
    return max(
        sum(q * phi(sum(a == b for a, b in zip(x, out, strict=True)) - spent + SHIFT, gamma) for x, q in wanted)
        for out, _ in wanted
    )


def on(p: Population, answers: IntArray, allowed: BoolArray, gamma: float, column: int, then: str) -> float:
    """The worth of asking a question and going on."""
    total = 0.0
    for code in range(SIZES[column]):
        later = answers.copy()
        later[column] = code
        share = sum(q for x, q in truths(p, answers) if x[column] == code)
        worth = by_hand(p, later, gamma)
        left = [j for j in range(len(SIZES)) if allowed[j] and later[j] == UNASKED]
        if then == BEST:
            worth = max([worth, *(on(p, later, allowed, gamma, j, BEST) for j in left)])
        if then == ONE_STEP and left:
            ahead = [on(p, later, allowed, gamma, j, STOP) for j in left]
            if max(ahead) > worth + 1e-12:
                worth = on(p, later, allowed, gamma, left[int(np.argmax(ahead))], ONE_STEP)
        total += share * worth
    return total


@pytest.mark.parametrize("cost", [0.0, 0.2, 1.0])  # worth asking everything, something, next to nothing
@pytest.mark.parametrize("gamma", [0.0, 1.0, 5.0])
def test_nothing_is_better(gamma: float, cost: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "COST", cost)
    p, nothing = population(), np.full(3, UNASKED)
    for allowed in (np.ones(3, dtype=bool), np.array([True, False, True])):
        found = table(p, nothing, allowed, gamma)
        for answers in (nothing, np.array([UNASKED, UNASKED, 1]), np.array([2, UNASKED, UNASKED])):
            assert found.stop(answers) == pytest.approx(back(by_hand(p, answers, gamma), gamma))
            for then in (BEST, STOP, ONE_STEP):
                worth = found.questions(answers, then)
                for j in range(3):
                    if allowed[j] and answers[j] == UNASKED:
                        expected = back(on(p, answers, allowed, gamma, j, then), gamma)
                        assert worth[j] == pytest.approx(expected, abs=1e-9)
                    else:
                        assert worth[j] == -np.inf


def test_the_output_is_the_best_one() -> None:
    p, answers = population(), np.array([UNASKED, 1, UNASKED])
    output = table(p, np.full(3, UNASKED), np.ones(3, dtype=bool), 5.0).output(answers)
    assert output[1] == 1
    worth = sum(
        q * phi(sum(a == b for a, b in zip(x, output, strict=True)) - COST + SHIFT, 5.0) for x, q in truths(p, answers)
    )
    assert worth == pytest.approx(by_hand(p, answers, 5.0))


def test_what_it_has() -> None:
    p, nothing = population(), np.full(3, UNASKED)
    allowed = np.array([True, False, True])
    found = table(p, nothing, allowed, 2.0)

    def has(answers: list[int], given: BoolArray | None = None, logs: FloatArray | None = None) -> bool:
        row = np.array(answers)
        return found.has(p.log_belief(row[None])[0] if logs is None else logs, row, given)

    assert has([-1, -1, -1], allowed)
    assert has([2, -1, -1], allowed)
    assert not has([2, -1, -1], np.array([True, False, False]))  # one question fewer is left
    assert not has([-1, 1, -1])  # that was not to be asked
    assert not has([-1, -1, -1], allowed, np.array([0.0, 0.0, 5.0]))  # another belief
    later = table(p, np.array([2, -1, -1]), allowed, 2.0)
    assert not later.has(p.log_belief(nothing[None])[0], nothing)
    assert later.questions(np.array([2, -1, -1])) == pytest.approx(found.questions(np.array([2, -1, -1])))


def test_it_is_for_few_features_that_are_right_or_wrong() -> None:
    assert few(population(), np.full(3, UNASKED))
    assert few(population((3,) * 10), np.full(10, UNASKED))
    assert not few(population((3,) * 10, kinds=60), np.full(10, UNASKED))
    assert not few(population((3,) * 11), np.full(11, UNASKED))
    assert few(population((3,) * 13), np.array([0] * 3 + [UNASKED] * 10))
    half = population()
    assert not few(Population(half.weight, half.chance, half.worth, np.eye(3) * 0.5 + 0.5), np.full(3, UNASKED))


@pytest.mark.parametrize("gamma", [0.0, 2.0])
def test_it_sees_what_searched_plans_see_and_more(gamma: float) -> None:
    more = 0.0
    for seed in range(6):
        p, answers, rng = population((2,) * 6, 4, seed), np.full(6, UNASKED), np.random.default_rng(0)
        value, logs = PersonValue(p, gamma, COST), p.log_belief(answers[None])
        searched = plans(value, logs, answers[None], answers[None] == UNASKED, rng)[0]
        gain = gains(value, logs[0], answers, answers == UNASKED, rng)
        stop = value.stop(logs, answers[None])[0]
        assert (gain + stop >= searched - 1e-6).all()
        more = max(more, float(gain.max() + stop - searched.max()))
    assert more > 0.001
