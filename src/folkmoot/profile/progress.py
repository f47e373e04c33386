"""How work that takes long says how far it is."""

from __future__ import annotations

from collections.abc import Callable

#: Called with the stage the work is in and the share of it that is done, 0 to 1.
Progress = Callable[[str, float], None]


def silent(stage: str, share: float) -> None:
    """A `Progress` that says nothing: for callers who do not want to know."""
