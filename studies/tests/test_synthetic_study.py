"""Tables 2 and 3 of The Next Generation from few instances, within statistical bounds; the theorems on every one."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest

from brute_force import complaints
from folkmoot.profile import InputError
from folkmoot.queries.coalitions import largest_coalitions
from folkmoot.testing.instances import Instance
from folkmoot_studies import STUDIES
from folkmoot_studies.synthetic import study as synthetic
from folkmoot_studies.synthetic.levels import frontier_of_levels
from folkmoot_studies.synthetic.printed import MEAN, NAMES, P10, VIOLATIONS

INSTANCES, PUBLISHED = 14, 100
CELLS = [(model, level, place) for model in ("random", "worst") for level in range(4) for place in range(3)]
# Random errors, level 2, Complex: 100 of 100 on the paper's seeds by luck, 94 % on others.
DIFFERS = ("random", 2, 2)


@cache
def tables() -> dict[str, Any]:
    return synthetic.run(instances=INSTANCES, seed=3)


def cell(model: str, level: int, place: int) -> dict[str, Any]:
    (found,) = (c for c in tables()["cells"] if (c["model"], c["level"], c["process"]) == (model, level, NAMES[place]))
    return dict(found)


@pytest.mark.parametrize(("model", "level", "place"), CELLS)
@pytest.mark.replication
def test_every_cell_of_tables_2_and_3(model: str, level: int, place: int) -> None:
    """Within 3.5 standard errors of the difference (and the paper's rounding): 72 figures are looked at."""
    seen = cell(model, level, place)
    for name, paper in (("mean_utility", MEAN), ("p10_utility", P10)):
        # In some cells twenty instances can all be 0, and hundred not.
        error = max(0.02, seen["se"][name] * np.sqrt(1 + INSTANCES / PUBLISHED))
        assert error < 0.25  # the test has teeth
        assert abs(seen[name] - paper[model][level][place]) < 3.5 * error + 0.005, (name, seen[name], error)
    paper_rate = VIOLATIONS[model][level][place] / PUBLISHED
    if level and (model, level, place) != DIFFERS:
        rate = min(max(paper_rate, 0.03), 0.97)
        assert binomtest(seen["violations"], INSTANCES, rate).pvalue > 0.001, seen["violations"]


@pytest.mark.parametrize("model", ["random", "worst"])
@pytest.mark.replication
def test_without_errors_fast_and_complex_never_violate_cbjr(model: str) -> None:
    """Theorems 3.1 and 3.2, exactly."""
    assert [cell(model, 0, place)["violations"] for place in (1, 2)] == [0, 0]
    assert all(max(cell(model, 0, place)["frontier"]) < 1 for place in (1, 2))
    assert binomtest(cell(model, 0, 0)["violations"], INSTANCES, 0.31).pvalue > 0.001


@pytest.mark.long
def test_the_cell_that_differs() -> None:
    """100 of 100 is luck of the paper's seeds: see test_synthetic_published. Its utilities agree."""
    assert cell(*DIFFERS)["violations"] >= 9


@pytest.mark.parametrize("model", ["random", "worst"])
def test_theorem_3_2_bounds_every_frontier_of_complex(model: str) -> None:
    for level in range(4):
        seen = cell(model, level, 2)
        accuracy = seen["accuracy"]
        slack = 2 * accuracy["beta"] + accuracy["delta"]
        assert all(d < 1 / (accuracy["gamma"] * accuracy["mu"]) for d in seen["frontier"][slack:])
        assert (np.diff(seen["frontier"]) <= 1e-12).all()


@pytest.mark.replication
def test_costs_as_printed_miss_the_tables() -> None:
    """Asked at every cost from B down, Complex is far better off at level 2 than in Table 3 (2.73)."""
    seen = synthetic.run(instances=10, model="worst", levels=4, processes=("complex",), steps="printed", seed=3)
    (third,) = (c for c in seen["cells"] if c["level"] == 2)
    assert third["mean_utility"] - 4 * third["se"]["mean_utility"] > 2.73


@pytest.mark.replication
def test_more_people_more_levels_more_processes_and_the_same_bytes() -> None:
    options: dict[str, Any] = {
        "instances": 2,
        "agents": 75,
        "model": "random",
        "levels": 5,
        "processes": ("fast", "uniform-approx", "democratic-uniform"),
    }
    one, two = synthetic.run(**options), synthetic.run(**options)
    assert json.dumps(one) == json.dumps(two)
    assert len(one["cells"]) == 5 * 3
    assert {c["level"] for c in one["cells"]} == set(range(5))
    assert all(c["statements"] <= 15 and c["questions"] > 0 for c in one["cells"])
    approx = [c for c in one["cells"] if c["process"] == "uniform-approx"]
    assert all(c["statements"] <= 3 and c["unassigned"] == 0 for c in approx if c["statements"] == 3)


def test_the_levels_of_the_tables_are_among_more() -> None:
    four, ten = synthetic.accuracies(4), synthetic.accuracies(10)
    assert [ten[place] for place in (0, 3, 6, 9)] == list(four)
    assert synthetic.accuracies(1) == four[:1]


def test_the_frontier_is_the_definition() -> None:
    """Against every coalition by brute force, and against the audit's sweep at slack 0."""
    for seed in range(60):
        rng = np.random.default_rng([191, seed])
        n, m = int(rng.integers(1, 7)), int(rng.integers(1, 6))
        values = rng.integers(-3, 4, (n, m))
        instance = Instance(
            values.astype(np.float64), rng.integers(1, 4, m), np.ones(n, dtype=np.int64), int(rng.integers(1, 7))
        )
        own = rng.integers(-4, 4, n) / 1.0
        needs = np.array([instance.need(a) for a in range(m)])
        found = frontier_of_levels(own, values.astype(np.int8), needs, range(-4, 5), range(6))
        for slack in range(6):
            sizes = [0.0] + [
                c.mass / instance.need(c.statement)
                for c in complaints(instance, own, range(m), slack, [float(t) for t in range(-4, 5)])
            ]
            assert found[slack] == max(sizes), (seed, slack)
        mass, _ = largest_coalitions(own, instance.values, instance.masses)
        assert found[0] == (mass / needs).max()


def test_the_charts_are_drawn() -> None:
    cells = [c for c in tables()["cells"] if c["model"] == "worst" and c["level"] in (0, 2)]
    charts = synthetic.draw({**tables(), "cells": cells})
    assert set(charts) == {"frontier-worst-0", "frontier-worst-2", "utility-worst"}
    for svg in charts.values():
        root = ET.fromstring(svg)
        assert root.tag.endswith("svg")
        assert "complex" in svg
        assert len(root.findall(".//{http://www.w3.org/2000/svg}path")) >= 6


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"instances": 1}, "at least 2 instances"),
        ({"model": "kind"}, "'kind'.*both, random, worst"),
        ({"steps": "all"}, "'all'.*published, printed"),
        ({"processes": ("monarchy",)}, "'monarchy'"),
    ],
)
def test_what_cannot_be_run_is_refused(options: dict[str, Any], match: str) -> None:
    with pytest.raises(InputError, match=match):
        synthetic.run(**options)


def test_it_is_in_the_registry() -> None:
    assert "synthetic" in STUDIES


def test_it_can_refine_at_every_size_from_the_command_line() -> None:
    """The names of the issue's command are settings."""
    names = {"uniform", "fast", "complex", "uniform-approx", "fast+refine", "complex+refine"}
    assert names <= set(synthetic.SETTINGS)
    with pytest.raises(InputError, match="refined are uniform, fast, complex"):
        synthetic.run(instances=2, processes=("pav+refine",))
