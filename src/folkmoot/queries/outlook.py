"""Unknown approvals, drawn from a population model that is fitted to the known ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..preferences.entries import Entries
from ..preferences.factors import fit_factors, sigmoid
from ..profile import BoolArray, FloatArray, IntArray

RANK, SWEEPS, TOLERANCE = 2, 12, 1e-4


def outlook(
    chance: FloatArray, known: BoolArray, columns: IntArray, rng: np.random.Generator, draws: int
) -> Iterator[BoolArray]:
    """Yields draws of everybody's approvals of some statements.

    The model is `fit_factors`, logistic factors of rank 2, fitted to all known approvals.

    Args:
        chance: float64 [s, m] the probability that an agent approves a statement, where it is known.
        known: bool [s, m] where it is known, somewhere True.
        columns: int64 [c] the statements whose approvals are drawn.
        rng: the generator of the draws.
        draws: the number of draws.

    Yields:
        bool [s, c]; known approvals have their own probability, all others that of a draw from the posterior.
    """
    row, column = np.nonzero(known)
    entries = Entries(row, column, chance[row, column], 1, *known.shape)
    model = fit_factors(entries, RANK, np.random.default_rng(0), sweeps=SWEEPS, tolerance=TOLERANCE)
    for _ in range(draws):
        left, right = model.sample(rng)
        drawn = np.where(known[:, columns], chance[:, columns], sigmoid(left @ right[columns].T))
        yield rng.random(drawn.shape) < drawn
