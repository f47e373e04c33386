"""Several rewards in TRL's `GRPOTrainer`, by the rules of `advantages`.

::

    from folkmoot.integrations.trl import grpo_trainer
    Trainer = grpo_trainer("reliability", reliability=[0.9, 0.2])
    Trainer(model=..., reward_funcs=[helpful, brief], args=GRPOConfig(scale_rewards="none", ...), ...).train()

TRL takes what `_calculate_rewards` returns, weighs and adds its columns, and takes off every prompt's mean. The class
made here hands it the advantages in one column and nothing in the others, so that just they come out: this needs
``scale_rewards="none"`` (TRL would divide them by their spread again) and the usual order, ``sum_then_normalize``.
Rewards by function are in ``last_rewards``; TRL's own log of them shows the advantages.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from ..profile import InputError
from ..profile.extras import require
from .advantages import Aggregation


def grpo_trainer(
    rule: str = "reliability",
    *,
    reliability: Sequence[float] | None = None,
    base: type[Any] | None = None,
) -> type[Any]:
    """A `GRPOTrainer` whose advantages follow a rule of `advantages.RULES`; ``reward_weights`` are its base weights.

    Args:
        rule: dvao, gdpo, group-wise, sum, mo-grpo or reliability.
        reliability: for the rule reliability how reliable each reward function is, 0 to 1.
        base: the trainer to build on; None: `trl.GRPOTrainer`.

    Raises:
        InputError: there is no such rule, or reliabilities are missing or of no use.
        MissingExtraError: TRL is not installed.
    """
    Aggregation(rule, None, reliability)  # what is wrong is said before a model is loaded
    if base is None:
        require("trl", "a GRPOTrainer")
        base = import_module("trl").GRPOTrainer
    parent: Any = base

    class FolkmootGRPOTrainer(parent):  # type: ignore[misc]
        """See `grpo_trainer`."""

        last_rewards: Any = None

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            if getattr(self, "scale_rewards", "none") not in ("none", False):
                raise InputError("advantages would be scaled a second time; set GRPOConfig(scale_rewards='none')")
            if getattr(self, "multi_objective_aggregation", "sum_then_normalize") != "sum_then_normalize":
                raise InputError(
                    "rewards would be normalised a second time; set GRPOConfig(multi_objective_aggregation="
                    "'sum_then_normalize')"
                )

        def _calculate_rewards(self, *args: Any, **kwargs: Any) -> Any:
            rewards = super()._calculate_rewards(*args, **kwargs)
            self.last_rewards = rewards
            values = np.asarray(rewards.detach().cpu().tolist(), dtype=np.float64)
            weights = [float(weight) for weight in self.reward_weights.tolist()]
            training = getattr(getattr(self, "model", None), "training", True)
            few: Any = getattr(self, "num_generations_eval", self.num_generations)
            size: Any = self.num_generations if training else few
            prompts = np.arange(len(values)) // size
            advantages = Aggregation(rule, weights, reliability).of(values, prompts)
            column = next(place for place, weight in enumerate(weights) if weight > 0)
            alone = np.zeros(values.shape)
            alone[:, column] = advantages / weights[column]
            return rewards.new_tensor(alone.tolist())

    return FolkmootGRPOTrainer
