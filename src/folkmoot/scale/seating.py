"""The balanced assignment of a whole population, from levels of two bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..processes.assignment import balanced_assignment
from ..profile import FloatArray, IntArray
from ..queries.completed import GRID
from .blocks import Levels


@dataclass(frozen=True, eq=False)
class Rows:
    """Utilities that are made when they are asked for: what `balanced_assignment` needs of an array.

    Args:
        levels: uint16 [n, k].
        low: the utility of level 0.
        idle: the utility of one more column, the same for everybody; None: there is none.
    """

    levels: Levels
    low: float
    idle: float | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """People, and columns."""
        n, k = self.levels.shape
        return n, k + (self.idle is not None)

    def __len__(self) -> int:
        return len(self.levels)

    def __getitem__(self, rows: Any) -> FloatArray:
        made = self.low + self.levels[rows] / GRID
        if self.idle is None:
            return np.asarray(made, dtype=np.float64)
        return np.concatenate([made, np.full((len(made), 1), self.idle)], axis=1)

    def min(self) -> float:
        """The lowest utility."""
        return self.low + int(self.levels.min()) / GRID

    def max(self) -> float:
        """The highest utility."""
        return self.low + int(self.levels.max()) / GRID

    def beside(self, worth: float) -> Rows:
        """With one more column, the same for everybody."""
        return Rows(self.levels, self.low, worth)


def seat_everybody(levels: Levels, low: float, lower: IntArray, upper: IntArray) -> IntArray:
    """int64 [n]: the balanced assignment with the largest total utility, as `balanced_assignment` finds it.

    Args:
        levels: uint16 [n, k].
        low: the utility of level 0.
        lower: int64 [k] smallest shares.
        upper: int64 [k] largest shares.
    """
    return balanced_assignment(Rows(levels, low), lower, upper)
