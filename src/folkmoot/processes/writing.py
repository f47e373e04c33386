"""What a process is given that has its statements written, as `Problem` is for one that chooses among given ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..profile import IntArray

if TYPE_CHECKING:
    from ..queries.language.make import Queries


@dataclass(frozen=True)
class Writing:
    """A slate to be written.

    Args:
        queries: ask the model.
        budget: what the slate may cost.
        unit: ``words`` or ``statements``.
        topic: of the conversation.
        levels: approval levels, highest first; None: as the process has them.
        minimum: shortest statement that is written for before the last level, in words; 0: as the process has it.
        masses: int64 [n], of the people.
        scoring: what is asked, one of `folkmoot.processes.prose.prose.SCORING`.
        seed: of every random choice.
    """

    queries: Queries
    budget: int
    unit: str
    topic: str
    levels: tuple[float, ...] | None
    minimum: int
    masses: IntArray
    scoring: str
    seed: int
