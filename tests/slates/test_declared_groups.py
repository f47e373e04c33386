"""Groups that a source declares: how each is served, on the page and in the files, and a slate calibrated to them."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

import folkmoot as fm
from folkmoot.audits.plural_records import Calibration, Plural, SpeechOfGroups
from folkmoot.profile import Agents, Answers, InputError, Profile, Slate, Statements
from folkmoot.report.declared import lines, tables
from folkmoot.report.public.page import render_public
from folkmoot.slates.recorded import recorded


def town(labels: tuple[str, ...] = ("north", "south")) -> Profile:
    """Sixty people, two thirds from the south, who disagree with the north about every second of twelve statements."""
    rng = np.random.default_rng(3)
    north = np.arange(60) % 3 == 0
    agrees = ((np.arange(12) % 2 == 0) == north[:, None]) ^ (rng.random((60, 12)) < 0.1)
    row, column = np.nonzero(rng.random((60, 12)) < 0.8)
    texts = tuple(f"The town should do thing number {j} before all others" for j in range(12))
    region = tuple(labels[0] if at else labels[1] for at in north)
    region = tuple("far away" if i < 2 else one for i, one in enumerate(region))
    agents = Agents(tuple(f"p{i}" for i in range(60)), groups={"region": region})
    answers = Answers.of(row, column, np.where(agrees[row, column], 1.0, -1.0))
    return Profile(agents, Statements(tuple(map(str, range(12))), texts), answers)


@pytest.fixture(scope="module")
def slate() -> Slate:
    return fm.slate(town(), 4, unit="statements", draws=0)


def plural_of(slate: Slate) -> Plural:
    audit = recorded(slate).audit
    assert audit is not None
    assert audit.plural is not None
    return audit.plural


@pytest.mark.long
def test_every_figure_is_there_and_the_means_are_those_of_the_people(slate: Slate) -> None:
    one = plural_of(slate).declared["region"]
    assert one.labels == ("south", "north")
    assert one.people == (39, 21)
    assert one.others == 1  # the two from far away are too few to be spoken of
    assert slate.view is not None
    own, people = slate.view.own, np.array(slate.view.profile.agents.groups["region"])
    south = own[people == "south"]
    assert one.served.mean[0] == pytest.approx(float(np.where(np.isfinite(south), south, 0.0).mean()), abs=1e-5)
    means = [mean for mean in one.served.mean if mean is not None]
    assert one.served.worst == min(means)
    assert one.served.at == means.index(min(means))
    assert isinstance(one.speech, SpeechOfGroups)
    assert isinstance(one.calibration, Calibration)
    assert set(one.exposure.slate.policies) == {"aggregate", "bridging", "personal", "slate"}


def test_terminal_and_review_page_name_the_worst_off(slate: Slate) -> None:
    plural = plural_of(slate)
    one = plural.declared["region"]
    assert one.served.at is not None
    called = {"south": "“south”", "north": "“north, another or none”"}[one.labels[one.served.at]]
    assert any(f"By the column region, {called} is served worst" in line for line in lines(plural))
    table = next(table for table in tables(plural) if "column region" in table.caption)
    assert [row[:2] for row in table.rows] == [("south", "39"), ("north, another or none", "21")]
    assert all(len(row) == len(table.head) for row in table.rows)


def test_the_public_files_have_no_figure_about_fewer_than_five_people(slate: Slate) -> None:
    pages = render_public(slate)
    found = json.loads(pages.slate)["groups_of_the_source"]
    assert [(one["label"], one["people"], one["with_others"]) for one in found[0]["groups"]] == [
        ("south", 39, False),
        ("north", 21, True),
    ]
    assert "north, another or none" in pages.html
    assert "far away" not in pages.html + pages.slate + pages.table
    hostile = fm.slate(town(("<b>north</b>", "south")), 4, unit="statements", draws=0)
    assert "<b>north" not in render_public(hostile).html


def test_without_declared_groups_nothing_is_said(slate: Slate) -> None:
    plain = fm.slate(replace(town(), agents=Agents(town().agents.ids)), 4, unit="statements", draws=0)
    assert plural_of(plain).declared == {}
    assert "groups_of_the_source" not in render_public(plain).slate
    assert [s.id for s in plain.statements] == [s.id for s in slate.statements]


def test_calibrated_divides_the_list_by_the_column() -> None:
    found = fm.slate(town(), 4, unit="statements", draws=0, process="calibrated", calibrate_to="region")
    facts = recorded(found).process.parameters["calibration"]
    assert facts["people"] == pytest.approx([39 / 60, 21 / 60], abs=1e-5)
    seats = plural_of(found).declared["region"].calibration
    assert isinstance(seats, Calibration)
    assert seats.by["seats"].divergence == pytest.approx(facts["divergence"], abs=2e-6)


def test_what_cannot_be_calibrated_to_is_refused() -> None:
    with pytest.raises(InputError, match="`calibrate_to` is for `process='calibrated'`"):
        fm.slate(town(), 4, unit="statements", calibrate_to="region")
    with pytest.raises(InputError, match=r"no column of groups 'age' \(it has 'region'\)"):
        fm.slate(town(), 4, unit="statements", process="calibrated", calibrate_to="age")
    alone = replace(town(), agents=Agents(town().agents.ids, groups={"age": ("40",) * 60}))
    with pytest.raises(InputError, match="does not divide people"):
        fm.slate(alone, 4, unit="statements", process="calibrated", calibrate_to="age")
