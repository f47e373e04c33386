"""The scale of an answer, and the utility of an answer on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .arrays import FloatArray

Kind = Literal["vote", "approval", "rating", "points", "ranking", "comparison"]


@dataclass(frozen=True)
class Scale:
    """What the numbers in ``answers`` mean.

    Args:
        kind: the kind of answer: ``vote`` (-1 disagree, 0 pass, 1 agree), ``approval`` (0/1), ``rating`` (low..high,
            ordinal), ``points`` (a share of points), ``ranking`` (position, 1 is best, equal positions are ties),
            ``comparison`` (statements were compared in pairs, see `Comparisons`; a utility is the share of the other
            statements to which a statement would be preferred).
        low: the lowest possible answer.
        high: the highest possible answer (``ranking``: the number of alternatives).
        complete: whether a ballot lists everything the person supports, so that what it leaves out is a known ``low``
            (``ranking``: is ranked behind everything listed). False: nothing is known of what it leaves out.
    """

    kind: Kind
    low: float
    high: float
    complete: bool = False

    def utility(self, values: FloatArray) -> FloatArray:
        """The utility of answers: votes map to 0, 1/2, 1; rankings to ``high - position``; others stay as they are."""
        values = np.asarray(values, dtype=np.float64)
        if self.kind == "vote":
            return (values + 1.0) / 2.0
        if self.kind == "ranking":
            return self.high - values
        return values

    @property
    def utility_range(self) -> tuple[float, float]:
        """The lowest and the highest utility that an answer can have."""
        if self.kind == "vote":
            return 0.0, 1.0
        if self.kind == "ranking":
            return 0.0, self.high - 1.0
        return self.low, self.high

    @property
    def default_utility(self) -> float | None:
        """The utility of what a complete ballot leaves out; None if ballots are not complete."""
        return self.utility_range[0] if self.complete else None

    @property
    def midpoint(self) -> float:
        """The utility in the middle of the scale: a pass, the middle rating."""
        low, high = self.utility_range
        return (low + high) / 2.0

    @property
    def approval(self) -> float:
        """The utility from which an agent counts as approving: anything above the midpoint; with points, any at all."""
        lowest = max(self.low, 0.0) if self.kind == "points" else self.midpoint
        return float(np.nextafter(lowest, np.inf))


VOTE = Scale("vote", -1.0, 1.0)
APPROVAL = Scale("approval", 0.0, 1.0, complete=True)
COMPARISON = Scale("comparison", 0.0, 1.0)
