"""Several rewards in a training loop: what each rule does with noise, and that a loop gets just these advantages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from folkmoot.integrations.advantages import RULES, Aggregation
from folkmoot.integrations.trl import grpo_trainer
from folkmoot.integrations.verl import register
from folkmoot.processes import criteria
from folkmoot.profile import InputError, MissingExtraError
from folkmoot.profile.extras import lacking

RELIABLE = (0.9, 0.3)


def rule(name: str, weights: tuple[float, ...] | None = None) -> Aggregation:
    return Aggregation(name, weights, RELIABLE if name == "reliability" else None)


@pytest.mark.parametrize("name", RULES)
def test_advantages_have_mean_0_at_every_prompt_in_whatever_order(name: str) -> None:
    rng = np.random.default_rng(1)
    rewards, prompts = rng.random((24, 2)), np.repeat(np.arange(6), 4)
    found = rule(name, (2.0, 1.0)).of(rewards, prompts)
    assert np.bincount(prompts, found) == pytest.approx(np.zeros(6), abs=1e-9)
    order = rng.permutation(24)
    mixed = rule(name, (2.0, 1.0)).of(rewards[order], [f"prompt {at}" for at in prompts[order]])
    assert mixed == pytest.approx(found[order])
    shaped = rewards.reshape(6, 4, 2)
    more = (RELIABLE,) if name == "reliability" else ()
    assert found == pytest.approx(RULES[name](shaped, (2.0, 1.0), *more).reshape(-1))


def test_a_reward_that_was_not_given_adds_nothing() -> None:
    rewards = np.array([[1.0, np.nan], [0.0, np.nan], [1.0, 3.0], [0.0, np.nan]])
    alone = Aggregation("group-wise").of(rewards[:, :1], [0, 0, 1, 1])
    assert Aggregation("group-wise").of(rewards, [0, 0, 1, 1]) == pytest.approx(alone)


def trained(name: str, steps: int = 300) -> float:
    """The chance of the better of two answers, learned from a signal and from noise of ten times its spread."""
    rng = np.random.default_rng(7)
    logit = 0.0
    first, second = (np.stack([rng.random((50, 8)), 10 * rng.standard_normal((50, 8))], axis=-1) for _ in range(2))
    second[..., 0] = first[..., 0]  # the signal repeats, the noise does not
    reliability = criteria.retest_reliability(first, second).tolist() if name == "reliability" else None
    aggregate = Aggregation(name, None, reliability)
    for _ in range(steps):
        chance = 1.0 / (1.0 + np.exp(-logit))
        better = rng.random(16) < chance
        rewards = np.stack([better * 1.0, 10 * rng.standard_normal(16)], axis=1)
        advantage = aggregate.of(rewards, np.repeat([0, 1], 8))
        logit += 0.1 * float((advantage * (better - chance)).mean())
    return float(1.0 / (1.0 + np.exp(-logit)))


def test_reliability_finds_the_signal_that_dvao_and_the_sum_drown_in_noise() -> None:
    chance = {name: trained(name) for name in ("reliability", "group-wise", "gdpo", "dvao", "sum")}
    assert chance["reliability"] > 0.9
    assert chance["group-wise"] > 0.8
    assert chance["gdpo"] > 0.8
    assert chance["dvao"] < 0.75
    assert chance["sum"] < 0.75


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(InputError, match="no rule of advantages"):
        Aggregation("mean")
    with pytest.raises(InputError, match="needs reliabilities"):
        Aggregation("reliability")
    with pytest.raises(InputError, match="no use for reliabilities"):
        Aggregation("dvao", None, (1.0,))
    with pytest.raises(InputError, match="1 to 2 rollouts"):
        Aggregation("gdpo").of(np.ones((3, 1)), [0, 0, 1])
    with pytest.raises(InputError, match="need a row each"):
        Aggregation("gdpo").of(np.ones((3, 1)), [0, 0])


class Tensor:
    """As much of a tensor as the doors use."""

    def __init__(self, values: Any) -> None:
        self.values = np.asarray(values, dtype=np.float64)

    def detach(self) -> Tensor:
        return self

    def cpu(self) -> Tensor:
        return self

    def tolist(self) -> Any:
        return self.values.tolist()

    def new_tensor(self, values: Any) -> Tensor:
        return Tensor(values)

    def __getitem__(self, at: Any) -> Tensor:
        return Tensor(self.values[at])

    def __mul__(self, other: Tensor) -> Tensor:
        return Tensor(self.values * other.values)


class Loop:
    """TRL's arithmetic with rewards: weigh, add, take off every prompt's mean."""

    num_generations = 4

    def __init__(self, rewards: np.ndarray, weights: tuple[float, ...], scale: str = "none") -> None:
        self.rewards, self.reward_weights, self.scale_rewards = rewards, Tensor(weights), scale

    def _calculate_rewards(self, inputs: Any, prompts: Any, completions: Any, ids: Any) -> Tensor:
        return Tensor(self.rewards)

    def advantages(self) -> np.ndarray:
        summed = self._calculate_rewards([], [], [], []).values @ self.reward_weights.values
        grouped = summed.reshape(-1, self.num_generations)
        return np.asarray((grouped - grouped.mean(axis=1, keepdims=True)).reshape(-1))


@pytest.mark.parametrize("name", RULES)
def test_the_trainer_ends_with_the_rule_s_advantages(name: str) -> None:
    rewards, weights = np.random.default_rng(3).random((12, 2)), (0.0, 2.0)
    reliability = RELIABLE if name == "reliability" else None
    made = grpo_trainer(name, reliability=reliability, base=Loop)(rewards, weights)
    wanted = rule(name, weights).of(rewards, np.arange(12) // 4)
    assert made.advantages() == pytest.approx(wanted, abs=1e-9)
    assert made.last_rewards.values is rewards
    with pytest.raises(InputError, match="scale_rewards='none'"):
        grpo_trainer(name, reliability=reliability, base=Loop)(rewards, weights, scale="group")


def test_verl_gets_an_estimator_by_name() -> None:
    names: dict[str, Any] = {}
    estimate = register("gdpo", registrar=lambda name: lambda function: names.setdefault(name, function))
    assert names == {"folkmoot_gdpo": estimate}
    rewards = np.random.default_rng(3).random((6, 2))
    mask = Tensor(np.tile([1.0, 1.0, 0.0], (6, 1)))
    config = {"gdpo_reward_keys": ["good", "short"], "gdpo_reward_weights": [2.0, 1.0]}
    batch = {"good": rewards[:, 0].tolist(), "short": rewards[:, 1].tolist()}
    uids = np.array(["a", "b"] * 3, dtype=object)
    found, again = estimate(mask, mask, uids, config=config, non_tensor_batch=batch)
    wanted = Aggregation("gdpo", (2.0, 1.0)).of(rewards, uids.tolist())
    assert found.values == pytest.approx(wanted[:, None] * mask.values)
    assert again is found
    with pytest.raises(InputError, match="gdpo_reward_keys"):
        estimate(mask, mask, uids, config={}, non_tensor_batch=batch)
    with pytest.raises(InputError, match="returns no 'short'"):
        estimate(mask, mask, uids, config=config, non_tensor_batch={"good": batch["good"]})


@pytest.mark.parametrize(("extra", "make"), [("trl", grpo_trainer), ("verl", register)])
def test_without_the_package_its_extra_is_named(extra: str, make: Any) -> None:
    if not lacking(extra):
        pytest.skip(f"{extra} is installed")
    with pytest.raises(MissingExtraError, match=rf"folkmoot\[{extra}\]"):
        make("dvao")


def test_a_real_trainer_is_the_parent() -> None:
    trl = pytest.importorskip("trl", reason="trl is not installed, nor is the torch that it needs")
    assert issubclass(grpo_trainer("dvao"), trl.GRPOTrainer)
