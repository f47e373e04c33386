"""What people are shown: a list of statements each, the same for all or their own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..profile import FloatArray, IntArray


@dataclass(frozen=True)
class Shown:
    """What everybody is shown under one policy.

    Args:
        statement: int64 [n, k], numbers of statements, -1 where nothing is shown.
        agreement: float64 [n, k] in [0, 1], the person's agreement with it (any number where nothing is shown).
    """

    statement: IntArray
    agreement: FloatArray

    @classmethod
    def to_all(cls, statements: IntArray, agreement: FloatArray) -> Shown:
        """The same list, int64 [k], for everybody; agreement float64 [n, k]."""
        return cls(np.tile(statements, (len(agreement), 1)), agreement)

    @property
    def shared(self) -> bool:
        """Everybody is shown the same."""
        return bool((self.statement == self.statement[:1]).all())

    @cached_property
    def listed(self) -> tuple[IntArray, int]:
        """Where each entry stands among all statements that are shown, int64 [n, k], and how many those are.

        Where nothing is shown it stands after all of them.
        """
        shown = np.bincount(self.statement.ravel() + 1)[1:] > 0
        size = int(shown.sum())
        # the last place stands for -1
        return np.append(np.cumsum(shown) - 1, size)[self.statement], size
