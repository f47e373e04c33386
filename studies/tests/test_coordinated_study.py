"""Votes in concert: a united group gets a seat for about one share; weights do not tell steady colluders apart."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest

from folkmoot.profile import InputError
from folkmoot_studies.colluding import votes
from folkmoot_studies.streams import numbers


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return votes.run(instances=1)


def cells(found: dict[str, Any], style: str, weighed: bool) -> dict[str, list[float | None]]:
    return {c["process"]: c["shares"] for c in found["cells"] if (c["style"], c["weighed"]) == (style, weighed)}


@pytest.mark.long
def test_a_united_group_gets_a_seat_for_about_one_share(found: dict[str, Any]) -> None:
    for weighed in (False, True):
        for process, shares in cells(found, "united", weighed).items():
            for share in shares:
                if process == "popular":
                    # Counting heads, a group that is no majority gets nothing.
                    assert share is None or share == 2.0
                else:
                    assert share is not None
                    assert 0.75 <= share <= 1.25, (process, weighed)


@pytest.mark.long
def test_who_hides_among_others_is_counted_with_them(found: dict[str, Any]) -> None:
    """Approving what others approve they have their seats by that: rules on approvals give none to the target."""
    for process in ("popular", "seqphragmen", "equal-shares"):
        assert cells(found, "hiding", False)[process] == [None]


@pytest.mark.long
def test_weights_know_clickers_and_not_people_with_a_plan(found: dict[str, Any]) -> None:
    assert found["told_apart"]["clicking"] > 0.9
    assert found["told_apart"]["united"] < 0.3
    assert found["told_apart"]["hiding"] < 0.3


@pytest.mark.long
def test_the_figures_are_drawn_and_told(found: dict[str, Any]) -> None:
    charts = votes.draw(found)
    assert set(charts) == {f"coordinated-{style}" for style in votes.STYLES}
    assert all(ET.fromstring(svg).tag.endswith("svg") for svg in charts.values())
    text = votes.table(found)
    assert "over 2" in text
    assert "united: colluders told apart" in text


def test_a_town_without_colluders_does_not_seat_the_target() -> None:
    town = votes.joined(0.0, "united", numbers(0, 81, 0), numbers(0, 82, 0, 0))
    assert not any(town.seated.values())
    assert town.auc == 0.5


def test_the_area_under_the_curve() -> None:
    assert votes.auc(np.array([0.1, 0.2]), np.array([0.3])) == 1.0
    assert votes.auc(np.array([0.4]), np.array([0.3])) == 0.0
    with pytest.raises(InputError, match="at least 1"):
        votes.run(instances=0)
