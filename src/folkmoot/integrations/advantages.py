"""Advantages of rollouts out of several rewards, for a training loop: numpy alone, whatever the loop is written in.

The rules themselves, and what each does with noise, are in `processes.criteria`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..processes import criteria
from ..profile import FloatArray, InputError, IntArray
from ..profile.declared import either

#: The rule that needs to know how reliable every reward is.
RELIABILITY = "reliability"
RULES: Mapping[str, Callable[..., criteria.Floats]] = {
    "dvao": criteria.dvao,
    "gdpo": criteria.gdpo,
    "group-wise": criteria.advantage_combination,
    "sum": criteria.reward_combination,
    "mo-grpo": criteria.mo_grpo,
    RELIABILITY: criteria.reliability_weighted,
}
"""The rules by name; ``sum`` is GRPO on the weighted sum, for comparison."""


@dataclass(frozen=True)
class Aggregation:
    """How several rewards become one advantage.

    Args:
        rule: a rule of `RULES`.
        weights: base weights of the rewards, none negative; None: all 1.
        reliability: for the rule ``reliability`` how reliable each reward is, 0 to 1, e.g. from
            `processes.criteria.retest_reliability` on rollouts that were rewarded twice.

    Raises:
        InputError: there is no such rule, or reliabilities are missing, or given to a rule that has no use for them.
    """

    rule: str = RELIABILITY
    weights: Sequence[float] | None = None
    reliability: Sequence[float] | None = None

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise InputError(f"rule {self.rule!r} is no rule of advantages; take {either(tuple(RULES))}")
        if (self.rule == RELIABILITY) != (self.reliability is not None):
            needs = "needs reliabilities, one number from 0 to 1 for each reward"
            useless = "has no use for reliabilities; leave them"
            raise InputError(f"rule {self.rule!r} {needs if self.rule == RELIABILITY else useless}")

    def of(self, rewards: ArrayLike, groups: Sequence[Hashable] | IntArray) -> FloatArray:
        """Advantages, float64 [n], with mean 0 among the rollouts of every prompt.

        A reward that was not given (nan) adds nothing: it counts as the mean of its prompt's others.

        Args:
            rewards: float [n, K] the rewards of every rollout.
            groups: [n] which prompt each rollout answers; every prompt needs the same number of rollouts.

        Raises:
            InputError: shapes do not fit, or a reward is infinite.
        """
        r = np.asarray(rewards, dtype=np.float64)
        if r.ndim != 2 or len(r) != len(groups) or not len(r):
            raise InputError(f"rewards of shape {r.shape} for {len(groups)} rollouts; these need a row each")
        number: dict[Hashable, int] = {}
        prompt = np.array([number.setdefault(one, len(number)) for one in _hashable(groups)], dtype=np.int64)
        size = np.bincount(prompt)
        if (size != size[0]).any():
            raise InputError(
                f"prompts have {size.min()} to {size.max()} rollouts; every prompt needs the same number of them"
            )
        order = np.argsort(prompt, kind="stable")
        grouped = r[order].reshape(len(size), size[0], r.shape[1])
        known = ~np.isnan(grouped)
        total = np.where(known, grouped, 0.0).sum(axis=1, keepdims=True)
        mean = total / np.maximum(known.sum(axis=1, keepdims=True), 1)
        filled = np.where(known, grouped, mean)
        weights = np.ones(r.shape[1]) if self.weights is None else np.asarray(self.weights, dtype=np.float64)
        more = () if self.reliability is None else (np.asarray(self.reliability, dtype=np.float64),)
        found = np.empty(len(r))
        found[order] = RULES[self.rule](filled, weights, *more).reshape(-1)
        return found


def _hashable(groups: Sequence[Hashable] | IntArray) -> list[Hashable]:
    return list(groups.tolist() if isinstance(groups, np.ndarray) else groups)
