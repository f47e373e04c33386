"""verl's own registry and its tensors: the estimator is found there by name, and gives the advantages of the rule."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from folkmoot.integrations.advantages import Aggregation
from folkmoot.integrations.verl import register

# verl and what it stands on warn of their own deprecations
pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("default")]


def test_verl_finds_the_estimator_and_gets_the_advantages_of_the_rule() -> None:
    pytest.importorskip("verl", reason="verl is not installed; it comes with the extra verl")
    torch = import_module("torch")
    core = import_module("verl.trainer.ppo.core_algos")
    register("reliability", reliability=[0.9, 0.2], name="folkmoot_test")
    estimate = core.get_adv_estimator_fn("folkmoot_test")
    rng = np.random.default_rng(0)
    batch = {"helpful": rng.random(8), "brief": rng.random(8)}
    mask = torch.ones((8, 5))
    mask[3, 2:] = 0
    index = np.array(["a", "b"] * 4, dtype=object)
    advantages, returns = estimate(
        token_level_rewards=torch.zeros((8, 5)),
        response_mask=mask,
        index=index,
        config={"gdpo_reward_keys": ["helpful", "brief"], "gdpo_reward_weights": [1.0, 2.0]},
        non_tensor_batch=batch,
    )
    rewards = np.stack(list(batch.values()), axis=1)
    wanted = Aggregation("reliability", [1.0, 2.0], [0.9, 0.2]).of(rewards, index.tolist())
    assert advantages.shape == (8, 5)
    assert advantages[:, 0].tolist() == pytest.approx(wanted.tolist(), abs=1e-6)
    assert advantages[3].tolist()[2:] == [0.0] * 3
    assert (advantages == returns).all()
