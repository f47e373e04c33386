"""Refinement of the recorded runs: the gains that are promised, from the recorded data."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brute_force import Instance, violators
from folkmoot.profile import InputError
from folkmoot.queries.near import near_duplicates, near_pairs
from folkmoot.studies import STUDIES
from folkmoot.studies.refine import RUNS, figures, read, run, table

# spec/slates.md, P6: mean, first quartile, minimum and violations of the recorded slates.
RECORDED = {
    "drugs_80": (4.74, 3.95, 1.05),
    "drugs_80_extreme_middle": (5.16, 4.61, 2.62),
    "drugs_obesity_80": (4.48, 3.71, 1.20),
    "bowlinggreen_41": (4.73, 4.20, 3.00),
}
# Those of the first version, which had no lower bounds. Balanced, the optimum of two runs is lower by up to 0.025
# (proven); its minimum on drugs_80 came from a solution 0.2 % below the optimum.
MEAN = {"drugs_80": 5.06, "drugs_80_extreme_middle": 5.31, "drugs_obesity_80": 4.80, "bowlinggreen_41": 5.01}
QUARTILE = {"drugs_80": 4.59, "drugs_80_extreme_middle": 4.93, "drugs_obesity_80": 4.35, "bowlinggreen_41": 4.53}
# The two that are quick, without and with cuts.
QUICK = ("drugs_80", "bowlinggreen_41")


@cache
def result(folder: Path) -> dict[str, Any]:
    return run(folder, runs=QUICK, variants=("never worse",), gap=2e-3)


@pytest.mark.parametrize("name", RUNS)
def test_recorded_figures(name: str, shared: Path) -> None:
    recorded = read(shared / "prose" / name)
    found = figures(recorded, recorded.chosen, recorded.place)
    assert tuple(round(found[key], 2) for key in ("mean", "q1", "min")) == RECORDED[name]
    assert found["balanced"]
    assert found["unassigned"] == 0
    assert found["words"] <= recorded.task.budget


@pytest.mark.parametrize("name", QUICK)
def test_refined_is_never_worse_and_gains(name: str, shared: Path) -> None:
    entry = result(shared / "prose")["runs"][name]
    after = entry["never worse"]
    assert after["worse"] == []
    assert after["violations"] == 0
    assert after["balanced"]
    assert after["words"] <= entry["budget"]
    assert after["mean"] >= MEAN[name] - 0.015
    assert after["q1"] >= QUARTILE[name] - 0.05
    assert after["solver"]["balance"] == "kept"
    assert after["solver"]["seconds"] <= 60


def test_json_and_table(shared: Path) -> None:
    found = result(shared / "prose")
    assert json.loads(json.dumps(found)) == found
    assert found["never_worse"] == {"never worse": True}
    assert all(name in table(found) for name in QUICK)
    assert STUDIES["refine"].run is run


def test_violations_of_the_smallest_run_by_definition(shared: Path) -> None:
    """All of one statement's approvers at one threshold are the largest coalition: count them."""
    recorded = read(shared / "prose" / "bowlinggreen_41")
    task = recorded.task
    own = task.own(recorded.chosen, recorded.place)
    hits = [
        a
        for a in range(task.m)
        if a not in recorded.chosen
        and any(int(((task.offers[:, a] >= t) & (own < t)).sum()) >= task.needs[a] for t in task.offers[:, a])
    ]
    assert hits == task.complaints(recorded.chosen, own)[0].tolist()
    assert len(hits) == 5
    few = Instance(task.offers[:8, hits[:2]], task.costs[hits[:2]], task.masses[:8], 10**9)
    assert violators(few, own[:8], [0, 1], thetas=[float(t) for t in np.unique(few.values[np.isfinite(few.values)])])


def test_near_duplicates() -> None:
    assert near_duplicates(["a b c d", "a b c e", "x y", "A, b; c d!"]) == 2
    assert near_pairs(["a b c d", "a b c e", "x y", "A, b; c d!"]) == ((0, 1), (0, 3), (1, 3))
    assert near_duplicates([]) == 0


def test_no_data_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no recorded run"):
        run(tmp_path)
