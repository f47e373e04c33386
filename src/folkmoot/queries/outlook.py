"""Approvals that were not asked for, drawn from the population model that fits those that were."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..preferences.entries import Entries
from ..preferences.factors import fit_factors, sigmoid
from ..profile import BoolArray, FloatArray, IntArray

RANK, SWEEPS, TOLERANCE = 2, 12, 1e-4


def outlook(
    chance: FloatArray, asked: BoolArray, columns: IntArray, rng: np.random.Generator, draws: int
) -> Iterator[BoolArray]:
    """Approvals of some statements, as often as they are drawn.

    The model is `fit_factors`, logistic factors of rank 2, fitted to everything that was asked.

    Args:
        chance: float64 [s, m] how likely an agent approves a statement, where that was asked for.
        asked: bool [s, m], somewhere True.
        columns: int64 [c] the statements that are wanted.
        rng: of the draws.
        draws: how many.

    Yields:
        bool [s, c]; what was asked has its own chance, everything else that of a draw from the posterior.
    """
    row, column = np.nonzero(asked)
    entries = Entries(row, column, chance[row, column], 1, *asked.shape)
    model = fit_factors(entries, RANK, np.random.default_rng(0), sweeps=SWEEPS, tolerance=TOLERANCE)
    for _ in range(draws):
        left, right = model.sample(rng)
        drawn = np.where(asked[:, columns], chance[:, columns], sigmoid(left @ right[columns].T))
        yield rng.random(drawn.shape) < drawn
