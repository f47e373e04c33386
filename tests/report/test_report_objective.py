"""Every part of the objective is named on the page, with what it is."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from report_views import CASES, view

import folkmoot as fm
from conversations import write_conversation
from folkmoot.processes.robust.objective import Parts
from folkmoot.profile import Slate
from folkmoot.report import render
from folkmoot.report.objective import objective, other, parts


@pytest.fixture(scope="module")
def slate(tmp_path_factory: pytest.TempPathFactory) -> Slate:
    profile = fm.read(write_conversation(tmp_path_factory.mktemp("talk") / "c"))
    return fm.slate(profile, 5, unit="statements", draws=2)


def test_every_part_has_a_sentence_and_stands_in_the_table(slate: Slate) -> None:
    recorded = slate.process["objective"]["slate"]
    assert {field.name for field in fields(Parts)} <= set(recorded)
    assert set(recorded) <= set(parts())
    found = objective(slate)
    assert found is not None
    assert [part.name for part in found.parts][: len(recorded)] == [parts()[name][0] for name in recorded]
    assert found.slates[0] == "This list"
    page = render(slate.view)
    section = page.split('id="objective"')[1].split("</details>")[0]
    assert "Too many about one subject" in section
    for part in found.parts:
        assert part.name in section
        assert part.meaning.endswith(".")
        assert part.meaning.replace("'", "&#39;") in section
        assert len(part.values) == len(found.slates)


def test_the_sum_is_what_the_weights_say(slate: Slate) -> None:
    """The weights and values of the record, put together as the table says, give the value in all."""
    weights = slate.process["objective_weights"]
    for one in slate.process["objective"].values():
        total = one["utility"]
        for name, (_, _, weight) in parts().items():
            if weight:
                share = len(slate.view.profile.agents.ids) if name in ("left", "voted") else 1
                sign = -1 if name in ("complaint", "crowded", "short", "excess", "left") else 1
                total += sign * weights[weight] * one[name] / share
        # Figures are recorded to six digits, and weigh up to 40.
        assert total == pytest.approx(one["value"], abs=2e-4)


def test_parts_of_another_version_are_named(slate: Slate) -> None:
    process: dict[str, Any] = dict(slate.process)
    process["objective"] = {"slate": {**process["objective"]["slate"], "new_part": 0.5}}
    process["objective_weights"] = {**process["objective_weights"], "new_weight": 3.0}
    found = objective(replace(slate, process=process))
    assert found is not None
    assert [(part.name, part.meaning) for part in found.parts[-2:]] == [("New part", other()), ("New weight", other())]
    assert found.parts[-2].values == ("0.500",)
    assert found.parts[-1].weight == "3"


@pytest.mark.parametrize("name", ["votes", "not audited"])
def test_without_an_objective_there_is_no_table(name: str) -> None:
    assert objective(CASES[name].slate) is None
    assert 'id="objective"' not in render(CASES[name])
    broken = view().slate
    assert objective(replace(broken, process={**broken.process, "objective": "x"})) is None
