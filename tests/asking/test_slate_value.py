"""Worth of a question to the slate: recomputed by brute force on tiny cases, and what it must say of planted ones."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from math import pi, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.asking.population import UNASKED, Population
from folkmoot.asking.slate_value import SlateValue, _linear_loss
from folkmoot.profile import InputError, IntArray


def population(weight: list[float], agree: list[list[float]]) -> Population:
    """Of answers no and yes."""
    ones = np.array(agree)
    return Population(np.array(weight), np.stack([1 - ones, ones], axis=2), np.array([0.0, 1.0]), np.eye(2))


def value_of(
    p: Population, answers: IntArray, chosen: list[int], budget: int, costs: list[int] | None = None
) -> SlateValue:
    m = p.n_statements
    return SlateValue(p, answers, np.array(chosen), np.arange(m), np.array(costs or [1] * m), budget)


def loss(lead: float, sigma: float) -> float:
    """E max(0, sigma Z - lead) by Riesz sums."""
    z = np.linspace(-9, 9, 36_001)
    density = np.exp(-z * z / 2) / sqrt(2 * pi)
    return float((np.maximum(0.0, sigma * z - lead) * density).sum() * (z[1] - z[0]))


@pytest.mark.parametrize(("lead", "sigma"), [(0.0, 1.0), (0.5, 1.0), (2.0, 0.7), (-3.0, 4.0), (0.1, 0.01), (-1.0, 0.3)])
def test_linear_loss_against_an_integral(lead: float, sigma: float) -> None:
    found = _linear_loss(np.array([lead, lead]), np.array([sigma, 0.0]))
    assert found[0] == pytest.approx(loss(lead, sigma), abs=1e-7)
    assert found[1] == 0.0


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_every_part_by_brute_force(seed: int) -> None:
    """Five people, four statements, two classes: everything written out with loops over answers."""
    rng = np.random.default_rng(seed)
    n, m, budget = 5, 4, 4
    p = population(rng.dirichlet(np.ones(2)).tolist(), rng.uniform(0.05, 0.95, (2, m)).tolist())
    answers = rng.integers(-1, 2, (n, m))
    chosen, costs = [0, 1], [1, 2, 2, 1]
    value = value_of(p, answers, chosen, budget, costs)

    def believed(rows: IntArray) -> np.ndarray:
        found = np.zeros(rows.shape)
        for i, row in enumerate(rows):
            joint = p.weight.copy()
            for j, x in enumerate(row):
                if x != UNASKED:
                    joint = joint * p.chance[:, j, x]
            for j, x in enumerate(row):
                found[i, j] = x if x != UNASKED else joint @ p.chance[:, j, 1] / joint.sum()
        return found

    def chances(i: int, j: int) -> list[float]:
        one = believed(np.where(np.arange(m) == j, UNASKED, answers[i])[None])[0, j]
        return [1 - float(one), float(one)]

    def later(i: int, j: int, x: int) -> IntArray:
        row: IntArray = answers[i].copy()
        row[j] = x
        return row

    def advantage(rival: list[int], row: IntArray) -> float:
        u = believed(row[None])[0]
        return float(u[rival].max() - u[chosen].max())

    now = believed(answers)
    rivals = [
        [*(c for c in chosen if c != out), other]
        for out, other in itertools.product(chosen, (2, 3))
        if costs[other] <= budget - 3 + costs[out]
    ]
    own = now[:, chosen].max(axis=1)

    def complains(a: int, row: IntArray) -> float:
        """Probability that the person would say yes to a and no to everything chosen."""
        those, everybody = 0.0, 0.0
        for said in itertools.product((0, 1), repeat=m):
            if all(x in (UNASKED, s) for x, s in zip(row, said, strict=True)):
                chance = float(p.weight @ np.prod([p.chance[:, j, s] for j, s in enumerate(said)], axis=0))
                everybody += chance
                those += chance * (said[a] == 1 and not any(said[s] for s in chosen))
        return those / everybody

    open_ = [(i, j) for i in range(n) for j in range(m) if answers[i, j] == UNASKED]

    def gains(figure: Callable[[IntArray], float], need: float) -> np.ndarray:
        """Of asking everybody about j: how far the sum of a figure may end on the other side of need; shared out."""
        shift, spread = np.zeros((n, m)), np.zeros((n, m))
        for i, j in open_:
            values = [figure(later(i, j, x)) for x in (0, 1)]
            mean = float(np.dot(chances(i, j), values))
            shift[i, j] = mean - figure(answers[i])
            spread[i, j] = sum(c * (v - mean) ** 2 for c, v in zip(chances(i, j), values, strict=True))
        lead = sum(figure(row) for row in answers) - need
        found = np.zeros((n, m))
        for j in range(m):
            total = spread[:, j].sum()
            if total > 0:
                after = lead + shift[:, j].sum()
                found[:, j] = loss(after if lead >= 0 else -after, sqrt(total)) * spread[:, j] / total
        return found

    seat, change, certificate = np.zeros((n, m)), np.zeros((n, m)), np.zeros((n, m))
    for i, j in open_:
        after = [believed(later(i, j, x)[None])[0, chosen].max() for x in (0, 1)]
        seat[i, j] = max(0.0, float(np.dot(chances(i, j), after)) - own[i])
    for rival in rivals:
        change = np.maximum(change, gains(partial(advantage, rival), 0.0))
    for a, _, need in value.coalitions:
        assert need == -(-costs[a] * n // budget)
        certificate = np.maximum(certificate, gains(partial(complains, a), need))
    assert sorted(map(sorted, (r.tolist() for r in value.rivals))) == sorted(map(sorted, rivals))
    possible = {a for a in (2, 3) if sum(complains(a, row) for row in answers) > 0}
    assert {(a, level) for a, level, _ in value.coalitions} == {(a, 1) for a in possible}
    assert value.worth.seat == pytest.approx(seat, abs=1e-7)
    assert value.worth.change == pytest.approx(change, abs=1e-7)
    assert value.worth.certificate == pytest.approx(certificate, abs=1e-7)
    assert value.worth.total == pytest.approx(seat + change + certificate, abs=2e-7)


def test_where_everything_is_answered_nothing_is_to_be_gained() -> None:
    p = population([0.4, 0.6], [[0.9, 0.2, 0.5], [0.1, 0.7, 0.5]])
    answers = np.random.default_rng(0).integers(0, 2, (12, 3))
    value = value_of(p, answers, [0], 1)
    assert value.worth.total.max() == 0


def test_a_question_that_cannot_change_anything_is_worth_nothing() -> None:
    # The last statement is answered alike by both classes and too dear to be chosen or to be complained about.
    p = population([0.4, 0.6], [[0.9, 0.2, 0.6, 0.3], [0.1, 0.7, 0.4, 0.3]])
    answers = np.full((40, 4), UNASKED)
    answers[:25, 0] = 1
    value = SlateValue(p, answers, np.array([0]), np.array([0, 1, 2]), np.ones(4, dtype=np.int64), 1)
    assert value.worth.total[:, 3] == pytest.approx(0.0, abs=1e-12)
    assert (value.worth.total[25:, :3].max(axis=1) > 0).all()


def test_what_is_worth_asking_is_the_question_that_decides() -> None:
    # One class, so that an answer says nothing of others. Everybody answered 0 (half like it); 1 is open and as likely
    # to be liked by just as many; what people say to 2 is known beforehand.
    p = population([1.0], [[0.5, 0.5, 0.02]])
    answers = np.full((60, 3), UNASKED)
    answers[:, 0] = np.arange(60) % 2
    value = value_of(p, answers, [0], 1)
    assert (value.worth.total.argmax(axis=1) == 1).all()
    assert (value.worth.change[:, 1] > 10 * value.worth.change[:, 2]).all()
    # Asked of everybody, the answers to 1 are 30 +- sqrt(15) likes against 30: that is what there is to gain.
    assert value.worth.change[:, 1].sum() == pytest.approx(sqrt(15) / sqrt(2 * pi))
    # Once 0 is far ahead the same question decides nothing.
    answers[:, 0] = 1
    assert value_of(p, answers, [0], 1).worth.total.max() < 1e-6


def test_a_close_complaint_is_worth_asking_about() -> None:
    # 1 needs 20 of 40 people who like it and not 0. It has 18, and of six more it is not known whether they like 0,
    # without which they would be with them.
    p = population([1.0], [[0.5, 0.999]])
    answers = np.ones((40, 2), dtype=np.int64)
    answers[:18, 0] = 0
    answers[18:24, 0] = UNASKED
    answers[24:, 1] = 0
    value = SlateValue(p, answers, np.array([0]), np.array([0, 1]), np.array([1, 1]), 2)
    certificate = value.worth.certificate
    # With all six answers it is 21 +- sqrt(6)/2 people, and the complaint falls below 20.
    assert certificate[18:24, 0] == pytest.approx(loss(1.0, sqrt(6) / 2) / 6)
    assert certificate[18:24, 0].min() > 0.02
    assert certificate[:18].max() == certificate[24:].max() == 0.0


def test_some_people_and_new_ones() -> None:
    rng = np.random.default_rng(2)
    p = population([0.3, 0.7], rng.uniform(0.1, 0.9, (2, 6)).tolist())
    answers = rng.integers(-1, 2, (30, 6))
    value = value_of(p, answers, [0, 3], 2)
    some = np.array([4, 17, 4])
    for part in ("seat", "change", "certificate"):
        assert getattr(value.worth_to(some), part) == pytest.approx(getattr(value.worth, part)[some], abs=1e-15)
    new = np.full((1, 6), UNASKED)
    worth = value.worth_of(new)
    assert worth.seat[0, 0] == pytest.approx(
        sum(
            share * p.utilities(np.where(np.arange(6) == 0, x, new))[:, [0, 3]].max()
            for x, share in enumerate(p.predicted(p.belief(new))[0, 0])
        )
        - p.utilities(new)[:, [0, 3]].max()
    )


def test_what_is_refused() -> None:
    p = population([1.0], [[0.5, 0.5]])
    answers = np.full((3, 2), UNASKED)
    with pytest.raises(InputError, match="the slate is empty"):
        value_of(p, answers, [], 1)
    with pytest.raises(InputError, match="costs 2, more than its budget of 1"):
        value_of(p, answers, [0, 1], 1)
