"""Inverses of many small matrices."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.preferences import inverses as module
from folkmoot.preferences.inverses import inverses


@pytest.mark.parametrize("d", [1, 2, 9])
def test_inverses_and_determinants_are_those_of_a_factorisation(d: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In several blocks, the last one not full; some matrices far from the unit matrix."""
    monkeypatch.setattr(module, "_TOGETHER", 16)
    rng = np.random.default_rng(0)
    half = rng.normal(size=(40, d, 2 * d)) * 10.0 ** rng.uniform(-3, 3, (40, 1, 1))
    matrices = half @ half.transpose(0, 2, 1) + 0.5 * np.eye(d)
    upper = np.triu_indices(d)
    found, logs = inverses(matrices[:, upper[0], upper[1]], d)
    np.testing.assert_array_equal(found, found.transpose(0, 2, 1))
    np.testing.assert_allclose(found @ matrices, np.tile(np.eye(d), (40, 1, 1)), atol=1e-7)
    np.testing.assert_allclose(logs, np.linalg.slogdet(matrices)[1], rtol=1e-9, atol=1e-9)


def test_no_matrices() -> None:
    found, logs = inverses(np.zeros((0, 3)), 2)
    assert found.shape == (0, 2, 2)
    assert logs.shape == (0,)
