"""The task of a process whose statements are written, as `Problem` is for one that chooses among existing ones."""

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
        queries: the queries that ask the model.
        budget: the most that the slate may cost.
        unit: the unit of the budget, ``words`` or ``statements``.
        topic: the topic of the conversation.
        levels: the approval levels, highest first; None: the process's own.
        minimum: the length in words of the shortest statement written before the last level; None: the process's own.
        masses: int64 [n] the people's masses.
        scoring: the way utilities are requested, one of `folkmoot.processes.prose.prose.SCORING`.
        seed: the seed of every random choice.
        start: statements that are there from the beginning, by number in Disc; something is written only where none of
            them is accepted.
    """

    queries: Queries
    budget: int
    unit: str
    topic: str
    levels: tuple[float, ...] | None
    minimum: int | None
    masses: IntArray
    scoring: str
    seed: int
    start: tuple[int, ...] = ()
