"""How long work reports its progress."""

from __future__ import annotations

from collections.abc import Callable

#: A function that is called with the stage of the work and the share of it that is done, 0 to 1.
Progress = Callable[[str, float], None]


def silent(stage: str, share: float) -> None:
    """A `Progress` that reports nothing."""
