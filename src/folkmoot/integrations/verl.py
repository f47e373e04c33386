"""Several rewards in verl, by the rules of `advantages`: an estimator of advantages under a name of its own.

::

    from folkmoot.integrations.verl import register
    register("reliability", reliability=[0.9, 0.2])   # algorithm.adv_estimator=folkmoot_reliability

The rewards are those that the reward function returns under the names in ``algorithm.gdpo_reward_keys``, weighed by
``algorithm.gdpo_reward_weights``, as for verl's own GDPO.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from ..profile import InputError
from ..profile.extras import require
from .advantages import Aggregation


def register(
    rule: str = "reliability",
    *,
    reliability: Sequence[float] | None = None,
    name: str = "",
    registrar: Callable[[str], Callable[[Any], Any]] | None = None,
) -> Callable[..., Any]:
    """Registers an estimator of advantages that follows a rule of `advantages.RULES`.

    Args:
        rule: dvao, gdpo, group-wise, sum, mo-grpo or reliability.
        reliability: for the rule reliability how reliable each reward is, 0 to 1.
        name: the name for ``algorithm.adv_estimator``; empty: ``folkmoot_`` and the rule.
        registrar: what registers it; None: verl's `register_adv_est`.

    Returns:
        The estimator.

    Raises:
        InputError: there is no such rule, or reliabilities are missing or of no use.
        MissingExtraError: verl is not installed.
    """
    Aggregation(rule, None, reliability)
    if registrar is None:
        require("verl", "an estimator of advantages")
        registrar = import_module("verl.trainer.ppo.core_algos").register_adv_est

    def estimate(
        token_level_rewards: Any,
        response_mask: Any,
        index: Any,
        epsilon: float = 1e-6,
        config: Any = None,
        non_tensor_batch: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> tuple[Any, Any]:
        """Advantages of whole answers, the same for each of their tokens, twice."""
        keys = list((config.get("gdpo_reward_keys", None) if config is not None else None) or [])
        if not keys or non_tensor_batch is None:
            raise InputError("name the rewards in algorithm.gdpo_reward_keys, as the reward function returns them")
        lacking = [key for key in keys if key not in non_tensor_batch]
        if lacking:
            raise InputError(f"the reward function returns no {lacking[0]!r}, which algorithm.gdpo_reward_keys names")
        rewards = np.stack([np.asarray(non_tensor_batch[key], dtype=np.float64) for key in keys], axis=1)
        weights = config.get("gdpo_reward_weights", None)
        found = Aggregation(rule, weights and list(weights), reliability).of(rewards, list(index))
        advantages = response_mask * token_level_rewards.new_tensor(found.tolist())[:, None]
        return advantages, advantages

    registrar(name or f"folkmoot_{rule.replace('-', '_')}")(estimate)
    return estimate
