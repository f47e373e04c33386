"""What a process asks of whoever writes statements, and of utilities that come in two questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from ..profile import BoolArray, FloatArray, IntArray

Stage = Literal["agreement", "specificity"]


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


class Staged(Protocol):
    """A `Disc` whose utility comes in two questions: agreement first, then how much of it specificity takes away.

    ``weight``: utilities lie in [agreement - weight, agreement].
    """

    @property
    def n_agents(self) -> int: ...

    @property
    def n_statements(self) -> int: ...

    @property
    def weight(self) -> float: ...

    def bounds(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        """float64 [len(agents), len(statements)], twice: least and most each utility can be by what was asked so far.

        (-inf, inf) never asked; equal when exact; (-inf, -inf) asked and unreadable. Asks nothing.
        """
        ...

    def asked(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """bool, same shape: whether agreement was asked for."""
        ...

    def ask(self, agents: IntArray, statements: IntArray, stage: Stage) -> None:
        """Asks pairs (arrays of one length) for what is not known yet, handed to the model at once."""
        ...

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """See `Disc.utilities`."""
        ...

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """See `Disc.known`."""
        ...
