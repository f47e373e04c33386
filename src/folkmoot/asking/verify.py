"""Checks the log of an interview by taking every decision again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..profile import Profile
from .decision import Decision
from .interview import Interview
from .settings import entries_of
from .survey import Survey


def verify(source: Profile | Survey, state: Mapping[str, Any]) -> str | None:
    """Takes every decision of an interview again, from the source, the settings and the recorded answers.

    Args:
        source: the profile or survey as it was when the interview began.
        state: the state of the interview, see `Interview.state`.

    Returns:
        The first difference in a sentence; None where everything comes out as it was logged.

    Raises:
        InputError: the same as for `Interview.resume`.
    """
    again = Interview.begun(source, state)
    for name in ("new", "unit_of_value"):
        if state.get(name) != again.state()[name]:
            return f"{name} is recorded as {state.get(name)!r} and comes out as {again.state()[name]!r}"
    for entry in entries_of(state):
        difference = _difference(entry, again.decision)
        if difference is not None:
            return difference
        if entry.get("chosen") != (not again.decision.ask or entry["answered"] != again.decision.statement):
            return f"step {again.decision.step}: whether the participant chose the statement is logged wrongly"
        again.answer(entry["answer"], str(entry["answered"]) if entry["chosen"] else None)
    if state.get("stopped"):
        again.stop()
    return _difference(state.get("decision"), again.decision)


def _difference(logged: Any, decision: Decision) -> str | None:
    """The first figure of a decision that comes out otherwise, in a sentence."""
    if not isinstance(logged, Mapping):
        return f"step {decision.step}: no decision is logged"
    for name, value in asdict(decision).items():
        if not _same(logged.get(name), value):
            return f"step {decision.step}: {name} is logged as {logged.get(name)!r} and comes out as {value!r}"
    return None


def _same(logged: Any, value: Any) -> bool:
    """Whether two values are equal; figures up to the last two decimals they are written with."""
    if isinstance(value, float) and isinstance(logged, int | float) and not isinstance(logged, bool):
        return bool(abs(logged - value) <= 2e-8 * max(1.0, abs(value)))
    if isinstance(value, dict) and isinstance(logged, Mapping):
        return logged.keys() == value.keys() and all(_same(logged[name], value[name]) for name in value)
    if isinstance(value, list) and isinstance(logged, list):
        return len(logged) == len(value) and all(_same(*pair) for pair in zip(logged, value, strict=True))
    return type(logged) is type(value) and bool(logged == value)
