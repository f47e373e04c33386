"""What a process asks of whoever writes statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ..profile import IntArray


@dataclass(frozen=True)
class Wanted:
    """A request for statements.

    Args:
        agents: int64, S: rows of those who are not represented yet.
        size: how many of them a statement is to speak for, 1..len(agents).
        cost: most that it may cost.
        level: approval level it should reach, None where the process has none.
        approvers: int64, those of S who approve the pool's best statement so far; all of S while there is no pool.
        turn: number of the request: the same request in another turn may have other answers.
    """

    agents: IntArray
    size: int
    cost: int
    level: float | None
    approvers: IntArray
    turn: int


class Writes(Protocol):
    """The generative query with many answers, of which the process chooses."""

    def propose(self, wanted: Wanted) -> Sequence[int]:
        """Numbers of new statements, in an order that does not depend on which answer came first."""
        ...

    def cost(self, statement: int) -> int:
        """What a statement costs, at least 1."""
        ...
