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
    def listed(self) -> tuple[IntArray, IntArray, int]:
        """Whoever is shown something and the place of it among all that is shown, int64 each; how much that is."""
        there = self.statement >= 0
        seen, place = np.unique(self.statement[there], return_inverse=True)
        return np.nonzero(there)[0], place, len(seen)
