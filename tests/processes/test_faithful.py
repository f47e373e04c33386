"""What rewards tell of people's choices: a faithful one, a noisy one, a reliable one that says nothing, an opposite."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.integrations.advantages import Aggregation
from folkmoot.processes.criteria import retest_reliability
from folkmoot.processes.faithful import Faithful, value_faithfulness
from folkmoot.profile import InputError

NOISE = np.array([0.3, 2.0, 0.0, 0.3])


def rewards(value: np.ndarray, length: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Faithful, noisy, length (which repeats perfectly and has nothing to do with value), and the opposite of value."""
    true = np.stack([value, value, length, -value], axis=-1)
    return true + NOISE * rng.standard_normal(true.shape)


def measured(n: int = 2_000, people: int = 50, seed: int = 0) -> Faithful:
    rng = np.random.default_rng(seed)
    value, length = rng.standard_normal((2, n)), rng.standard_normal((2, n))
    first = rng.random(n) < 1 / (1 + np.exp(-2 * (value[0] - value[1])))
    of = np.stack([rewards(value[at], length[at], rng) for at in (0, 1)])
    chosen, rejected = np.where(first[:, None], of[0], of[1]), np.where(first[:, None], of[1], of[0])
    return value_faithfulness(chosen, rejected, np.arange(n) % people, rng)


def test_value_noise_and_what_says_nothing_are_told_apart() -> None:
    found = measured()
    faithful, noisy, length, opposite = found.value
    assert faithful > 0.5 > noisy > 0.1
    assert abs(length) < 0.1
    assert found.low[2] < 0 < found.high[2]
    assert opposite < -0.5
    assert (found.low < found.value).all()
    assert (found.value < found.high).all()
    assert found.people == 50
    assert found.weights[0] > 5 * found.weights[1] > 0
    assert found.weights[3] == 0.0
    assert found.weights.mean() == pytest.approx(1.0)


def test_a_reward_that_repeats_and_means_nothing_gets_weight_by_reliability_alone() -> None:
    """Why the weights: the advantages of new answers follow their value with them, and their length without."""
    rng = np.random.default_rng(5)
    value, length = rng.standard_normal((2, 200, 8))
    first, second = rewards(value, length, rng), rewards(value, length, rng)
    reliability = retest_reliability(first, second).tolist()
    assert reliability[2] > max(reliability[0], 0.99)
    prompts = np.repeat(np.arange(200), 8)

    def follows(weights: list[float] | None) -> float:
        advantage = Aggregation("reliability", weights, reliability).of(first.reshape(-1, 4), prompts)
        return float(np.corrcoef(advantage, (value - value.mean(axis=1, keepdims=True)).reshape(-1))[0, 1])

    assert follows(None) < 0.5
    assert follows(measured().weights.tolist()) > 0.85


def test_shares_are_those_counted_by_hand_and_ties_count_for_neither() -> None:
    chosen, rejected = [[1.0], [2.0], [0.0], [3.0]], [[0.0], [2.0], [1.0], [1.0]]
    found = value_faithfulness(chosen, rejected, ["a", "a", "b", "b"], np.random.default_rng(0))
    assert found.value.tolist() == [0.25]
    constant = value_faithfulness(np.ones((4, 1)), np.ones((4, 1)), [0, 1, 2, 3], np.random.default_rng(0))
    assert (constant.value[0], constant.weights[0]) == (0.0, 0.0)


def test_what_does_not_fit_is_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match="a row a choice"):
        value_faithfulness(np.ones((3, 2)), np.ones((3, 1)), [0, 1, 2], rng)
    with pytest.raises(InputError, match="missing or infinite"):
        value_faithfulness([[np.nan], [1.0]], [[0.0], [0.0]], [0, 1], rng)
    with pytest.raises(InputError, match="one person alone"):
        value_faithfulness([[2.0], [1.0]], [[0.0], [0.0]], [0, 0], rng)
