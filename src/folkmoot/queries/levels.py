"""Blocks of drawn answers as what is asked of them: which values they take, and who reaches one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..profile import BoolArray, FloatArray

Places = NDArray[np.uint8]
#: The place of an answer that is not known.
UNKNOWN = 255


class Block(Protocol):
    """Utilities of some agents and statements."""

    @property
    def utilities(self) -> FloatArray:
        """float64 [n_agents, n_statements]."""
        ...

    @property
    def values(self) -> FloatArray:
        """float64, ascending: among these is every utility."""
        ...

    def reaching(self, theta: float) -> BoolArray:
        """bool [n_statements, n_agents]: whose utility is at least ``theta``."""
        ...


@dataclass(frozen=True, eq=False)
class Levels:
    """Utilities that take few values: a byte each, where a number would be eight.

    Args:
        values: float64 [v] ascending, v < 255.
        places: uint8 [n_statements, n_agents] the place of each utility among the values.
    """

    values: FloatArray
    places: Places

    @property
    def utilities(self) -> FloatArray:
        """See `Block.utilities`."""
        return self.values.take(self.places).T

    def reaching(self, theta: float) -> BoolArray:
        """See `Block.reaching`."""
        return self.places >= np.uint8(np.searchsorted(self.values, theta))


@dataclass(frozen=True, eq=False)
class Numbers:
    """Utilities of any kind.

    Args:
        utilities: float64 [n_agents, n_statements], statement by statement in memory.
    """

    utilities: FloatArray

    @property
    def values(self) -> FloatArray:
        """See `Block.values`."""
        return distinct(self.utilities)

    def reaching(self, theta: float) -> BoolArray:
        """See `Block.reaching`."""
        return np.asarray(theta <= self.utilities.T)


def distinct(utilities: FloatArray) -> FloatArray:
    """The values of a block, ascending: where a few rows have all of them, the others are not sorted."""
    few = np.unique(utilities[:: max(1, len(utilities) // 16)])
    if len(few) <= 4 and sum(int(np.count_nonzero(utilities == value)) for value in few) == utilities.size:
        return few
    return np.unique(utilities)
