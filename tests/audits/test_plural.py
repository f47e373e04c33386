"""The figures together: JSON-ready, the same again, and saying why where they do not apply."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import folkmoot as fm
from conversations import write_conversation
from folkmoot.audits import Subject
from folkmoot.audits.plural import plural_figures
from folkmoot.profile import Profile, Slate, masses_of
from folkmoot.profile.records import to_json
from folkmoot.slates.case import Found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Profile, Slate]:
    profile = fm.read(write_conversation(tmp_path_factory.mktemp("town") / "conversation"))
    return profile, fm.slate(profile, 60, draws=0)


def figures(case: Found, groups: Any, seed: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = to_json(
        plural_figures(case.case.prepared.profile, case.subject, groups, np.random.default_rng(seed))
    )
    return found


def test_they_stand_in_the_record_and_come_out_again(made: tuple[Profile, Slate]) -> None:
    profile, slate = made
    assert slate.audit is not None
    plural = slate.audit["plural"]
    assert json.loads(json.dumps(plural, allow_nan=False)) == plural
    case = Found.of(profile, slate)
    groups = case.case.groups
    again = plural_figures(case.case.prepared.profile, case.subject, groups, np.random.default_rng([slate.seed, 5]))
    assert to_json(again) == plural
    assert [name for name, entry in plural.items() if name != "declared" and not entry["applies"]] == ["meanings"]


def test_the_slate_is_shown_to_all_and_the_own_statement_to_each(made: tuple[Profile, Slate]) -> None:
    profile, slate = made
    case = Found.of(profile, slate)
    subject = case.subject
    groups = case.case.prepared.groups(subject.pool.statements)
    found = figures(case, groups)["exposure"]
    assert found["slate"]["policies"]["slate"]["own"][0] == pytest.approx(subject.slate.mean(), abs=1e-6)
    represented = subject.assignment >= 0
    assert found["assigned"]["policies"]["assigned"]["own"][0] == pytest.approx(
        subject.own[represented].mean(), abs=1e-6
    )
    assert found["not_shown"] == (~represented).sum()
    for entry in (found["slate"], found["assigned"]):
        policies = entry["policies"]
        # By definition: nobody agrees with anything more than with their favourites, all with nothing more than that.
        owns = {name: values["own"][0] for name, values in policies.items()}
        assert owns["personal"] == max(owns.values())
        assert policies["bridging"]["worst"][0] >= policies["aggregate"]["worst"][0] - 1e-6
    assert found["slate"]["sycophancy"][0] <= 1e-6


def test_without_votes_most_of_it_does_not_apply_and_says_why(tmp_path: Path) -> None:
    pytest.importorskip("wordllama")
    source = tmp_path / "texts.csv"
    rows = ["More trees along the river please.", "Fewer cars in the old centre.", "A library that opens on Sundays."]
    source.write_text("user_id,data\n" + "".join(f"{i},{text}\n" for i, text in enumerate(rows * 2)), "utf-8")
    slate = fm.slate(fm.read(source), 14)
    assert slate.audit is not None
    plural = slate.audit["plural"]
    for name in ("groups", "exposure", "speech", "calibration", "votes"):
        assert not plural[name]["applies"]
        assert "nobody voted" in plural[name]["why"]
    assert plural["texts"]["applies"]
    assert plural["meanings"]["applies"]
    assert 1 <= plural["meanings"]["vendi"] <= len(slate.statements)


def test_a_single_group_has_no_minority(made: tuple[Profile, Slate]) -> None:
    profile, slate = made
    case = Found.of(profile, slate)
    found = figures(case, (np.ones((profile.n_agents, 1)), "latent classes"))
    assert found["exposure"]["slate"]["policies"]["personal"]["fragmentation"][0] is None
    assert found["exposure"]["assigned"]["echo"][0] is None
    assert not found["calibration"]["applies"]
    assert not found["speech"]["applies"]


def test_weights_count(made: tuple[Profile, Slate]) -> None:
    """Camp B (odd people) weighs nine times as much: its share of people is nine tenths."""
    profile, slate = made
    heavy = masses_of([1.0 + 8.0 * (i % 2) for i in range(profile.n_agents)])
    weighted = replace(profile, agents=replace(profile.agents, masses=heavy))
    bare = replace(slate, statements=tuple(replace(s, agents=()) for s in slate.statements), audit=None)
    case = Found.of(weighted, bare)
    camp = np.eye(2)[np.arange(60) % 2]
    found = figures(case, (camp, "by hand"))
    assert found["groups"]["shares"] == [0.1, 0.9]
    own = np.average(case.subject.slate.mean(axis=1), weights=heavy)
    assert found["exposure"]["slate"]["policies"]["slate"]["own"][0] == pytest.approx(own, abs=1e-6)


def test_an_empty_slate_has_no_figures_on_votes(made: tuple[Profile, Slate]) -> None:
    profile, slate = made
    case = Found.of(profile, slate)
    empty = Subject(case.subject.pool, np.zeros(0, dtype=np.int64), np.full(60, -1), 60)
    found = plural_figures(profile, empty, (np.ones((60, 1)), "x"), np.random.default_rng(0))
    assert not any(entry["applies"] for name, entry in to_json(found).items() if name != "declared")
