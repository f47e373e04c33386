"""Split agents made whole: cycles undone, no load moved by more than the heaviest agent."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.processes import whole_agents


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 9), st.integers(1, 6), st.integers(0, 2**32))
def test_cycles_of_split_agents_are_undone(r: int, k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    parts = rng.integers(1, 50, size=(r, k)) * (rng.random((r, k)) < 0.7)
    forest = whole_agents.forest(parts)
    assert (forest >= 0).all()
    assert (forest.sum(axis=1) == parts.sum(axis=1)).all()
    assert (forest.sum(axis=0) == parts.sum(axis=0)).all()
    assert (parts[forest > 0] > 0).all()
    links = forest > 0
    # A forest has fewer links than nodes: links above one per agent are fewer than the statements.
    assert (links.sum(axis=1) - 1).clip(0).sum() <= max(0, int(links.any(axis=0).sum()) - 1)


def test_agents_split_around_one_statement_do_not_all_land_there() -> None:
    masses = 20 * np.arange(3, 13)
    parts = np.zeros((10, 11), dtype=np.int64)
    parts[:, 0] = masses * 11 // 20
    parts[np.arange(10), np.arange(1, 11)] = masses * 9 // 20
    place = whole_agents.unsplit(parts)
    assert (np.abs(np.bincount(place, masses, 11) - parts.sum(axis=0)) < 240).all()
