"""The protocols of queries that write statements, and of utilities that are found by two questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from ...profile import BoolArray, FloatArray, IntArray
from ..protocol import Disc

Stage = Literal["agreement", "specificity"]


@dataclass(frozen=True)
class Wanted:
    """A request for statements.

    Args:
        agents: int64, S: the rows of those who are not represented yet.
        size: the number of agents a statement is to represent, 1..len(agents).
        cost: the most that a statement may cost.
        level: the approval level it should reach, None where the process has none.
        approvers: int64, those of S who approve the pool's best statement so far; all of S while there is no pool.
        turn: the number of the request: the same request in another turn may have other answers.
    """

    agents: IntArray
    size: int
    cost: int
    level: float | None
    approvers: IntArray
    turn: int


class Writes(Protocol):
    """The generative query with several answers, among which the process chooses."""

    def propose(self, wanted: Wanted) -> Sequence[int]:
        """Numbers of new statements, in an order that does not depend on which answer came first."""
        ...

    def cost(self, statement: int) -> int:
        """What a statement costs, at least 1."""
        ...


@runtime_checkable
class ExpectsToWrite(Writes, Protocol):
    """A `Writes` that may be told what it will be asked for, so that it can begin; what it answers does not change."""

    @property
    def ahead(self) -> int:
        """How many requests it is to be told of; 0: none."""
        ...

    def expect(self, following: Sequence[Wanted]) -> None:
        """Takes these for the requests that come next; what was expected before and has not begun is let go."""
        ...

    def foresee(self) -> None:
        """Begins with the questions that the next request's statements will bring, as far as these are there."""
        ...


class Staged(Disc, Protocol):
    """A `Disc` whose utility takes two questions: agreement, less a share of the missing specificity."""

    @property
    def weight(self) -> float:
        """The weight of specificity: every utility lies in [agreement - weight, agreement]."""
        ...

    def bounds(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        """Lower and upper bounds of each utility by the answers so far; makes no calls.

        Returns:
            Two float64 [len(agents), len(statements)]: (-inf, inf) where agreement was not asked; equal bounds where
            the utility is known; (-inf, -inf) where it was asked for and will stay unknown.
        """
        ...

    def asked(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """bool [len(agents), len(statements)]: whether agreement was asked; True where there is nobody to ask about."""
        ...

    def ask(self, agents: IntArray, statements: IntArray, stage: Stage) -> None:
        """Asks one question about every pair (agents[k], statements[k]), unless it was asked or cannot matter."""
        ...
