"""What an interview is set to, and whether that can be: policy, cost, counts, answers, and the state it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..profile import InputError, Scale
from .model import gamma_of
from .policies import aversion, find, unit_of

# Default cost of a question, in the unit of the policy's value; 0 for policies that are not listed.
COSTS = {"slate": 0.001, "rollout": 0.1}


def policy_of(name: str, gamma: float | None) -> str:
    """The name of a policy with its inequality aversion.

    Raises:
        InputError: there is no such policy, or it takes no inequality aversion.
    """
    if name == "rollout":
        return f"rollout-{gamma_of(gamma or 0.0):g}"
    if gamma is not None and aversion(name) != gamma:
        raise InputError(f"gamma is the inequality aversion of the policy rollout; {name!r} takes none")
    find(name)
    return name


def whole(name: str, value: Any) -> None:
    """Raises an error unless the value is a whole number of at least 0.

    Raises:
        InputError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InputError(f"{name} must be a whole number of at least 0, not {value!r}")


def checked(shared: Mapping[str, Any]) -> None:
    """Raises an error unless what a state says of its survey can be.

    Raises:
        InputError: something cannot be.
    """
    whole("budget", shared["budget"])
    whole("seed", shared["seed"])
    for name, kind in (("strict", bool), ("unit", str), ("policy", str)):
        if not isinstance(shared[name], kind):
            raise InputError(f"the state of the interview is damaged: {name} cannot be {shared[name]!r}")


def entries_of(state: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The log of a state.

    Raises:
        InputError: the state has no log, or entries lack something.
    """
    log = state.get("log")
    needed = {"answered", "answer", "chosen", "ask"}
    if not isinstance(log, list) or not all(isinstance(entry, Mapping) and needed <= entry.keys() for entry in log):
        raise InputError("the log of the interview is damaged; pass what `state()` returned")
    return log


def cost_of(policy: str, kind: str, cost: float | None) -> float:
    """The cost of a question, in the unit of the policy's value.

    Args:
        policy: the id of the policy.
        kind: the policy without its inequality aversion.
        cost: the cost that is wanted; None: as in `COSTS`, else 0.

    Raises:
        InputError: the cost is out of its range, or the policy values nothing.
    """
    if cost is None:
        return COSTS.get(kind, 0.0)
    if not unit_of(policy):
        raise InputError(
            f"the policy {policy!r} orders questions and values none, so there is nothing to weigh a cost "
            "against; limit the number of questions instead"
        )
    if isinstance(cost, bool) or not isinstance(cost, int | float) or not 0 <= cost < np.inf:
        raise InputError(f"the cost of a question must be a number of at least 0, not {cost!r}")
    if kind == "rollout" and cost > 1:
        raise InputError(f"the cost of a question is {cost:g}; give one from 0 to 1 statement guessed right")
    return float(cost)


def answer_on(scale: Scale, value: Any) -> float:
    """An answer as a number of the scale.

    Raises:
        InputError: the scale has no such answer.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not scale.low <= value <= scale.high:
        raise InputError(f"an answer must be a number from {scale.low:g} to {scale.high:g}, not {value!r}")
    if scale.kind in ("vote", "approval") and value != int(value):
        possible = "-1 (disagree), 0 (pass) or 1 (agree)" if scale.kind == "vote" else "0 or 1"
        raise InputError(f"an answer must be {possible}, not {value!r}")
    return float(value)
