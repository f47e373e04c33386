"""The VC dimension between bounds: shattering by the definition, and sample sizes that do."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from folkmoot.processes.democratic.bjr_sampled import dimension
from folkmoot.profile import FloatArray, InputError
from folkmoot.testing.instances import Instance
from folkmoot_studies.bounds.dimension import examined, run, shattered_people, shatters, table


def by_definition(values: FloatArray) -> bool:
    """Every subset of the rows is {i: u_i(a) >= theta} for some statement and threshold."""
    found = set()
    for column in values.T:
        for theta in [*np.unique(column), np.inf]:
            found.add(tuple(np.flatnonzero(column >= theta).tolist()))
    every = [s for size in range(len(values) + 1) for s in itertools.combinations(range(len(values)), size)]
    return set(every) <= found


def test_shattering_is_the_definition() -> None:
    seen = set()
    for seed in range(200):
        rng = np.random.default_rng([401, seed])
        d, m = int(rng.integers(1, 4)), int(rng.integers(1, 9))
        values = rng.integers(0, int(rng.integers(2, 5)), (d, m)).astype(np.float64)
        assert shatters(values) == by_definition(values), seed
        seen.add(shatters(values))
    assert seen == {True, False}


def test_a_line_shatters_two_and_no_three() -> None:
    """People and statements on a line, utility falls with the distance: the middle of three cannot be left out."""
    places = np.linspace(0, 1, 40)
    values = -np.abs(places[:, None] - np.linspace(-0.2, 1.2, 141)[None, :])
    found = shattered_people(values, np.random.default_rng(0))
    assert len(found) == 2
    assert shatters(values[found])


def test_the_figures_of_a_pool() -> None:
    rng = np.random.default_rng(5)
    values = rng.integers(0, 4, (60, 8)).astype(np.float64)
    instance = Instance(values, np.ones(8, dtype=np.int64), np.ones(60, dtype=np.int64), 5)
    found = examined(instance.pool(), 2, 0)
    assert 1 <= found["least"] <= found["most"] == dimension(8)
    assert found["sample"][0] < found["sample"][1]
    assert list(found["met"]) == [25]
    assert 0 <= found["met"][25] <= 2
    assert "25: " in table({"conversations": [{"name": "x", **found}]})


def test_without_a_conversation(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no conversation"):
        run(tmp_path)
