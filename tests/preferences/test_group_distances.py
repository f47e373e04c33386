"""Squared distances, on which groups of opinions rest, block by block."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.preferences.opinion_groups import GRAIN, _squared


@pytest.mark.parametrize("cached", [1, 50, 1_000_000])
def test_squared_distances_block_by_block(cached: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("folkmoot.preferences.opinion_groups._CACHED", cached)
    rng = np.random.default_rng(1)
    rows = np.rint(1024 * rng.random((37, 9))) / 1024
    centres = np.vstack([rows[3], rows[:10].mean(axis=0), np.zeros(9)])
    found = _squared(rows, centres)
    for i, row in enumerate(rows):
        for j, centre in enumerate(centres):
            assert found[i, j] == pytest.approx(sum((x - y) ** 2 for x, y in zip(row, centre, strict=True)), abs=GRAIN)
    # Whoever stands in a centre is not a grain away from it, and no distance is negative.
    assert found[3, 0] == 0
    assert (found >= 0).all()
