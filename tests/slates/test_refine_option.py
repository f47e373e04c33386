"""--refine: recorded, repeated by a rerun, and told as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import folkmoot as fm
from folkmoot.engines.embedded import prepare
from folkmoot.processes import Problem, find
from folkmoot.processes.refine.refine import refine_selection
from folkmoot.profile import InputError, Options, Profile, Slate
from folkmoot.queries.texts.near import near_pairs
from folkmoot.report import render, summary
from folkmoot.report.refinement import refined
from folkmoot.slates.case import pool_of
from folkmoot.slates.compare import Checks
from folkmoot.slates.record import command_of


@pytest.fixture
def profile(conversation: Path) -> Profile:
    return fm.read(conversation)


@pytest.mark.long
def test_a_refined_slate_is_no_worse_and_comes_out_again(profile: Profile) -> None:
    first = fm.slate(profile, 4, unit="statements", process="random", draws=0)
    slate = fm.slate(profile, 4, unit="statements", process="random", draws=0, refine=True)
    assert "--refine" in command_of(slate)
    assert "--refine" not in command_of(first)
    report = slate.process["refinement"]
    assert slate.process["assignment"] == "refinement"
    assert report["improved"]
    assert (report["before"]["violations"], report["after"]["violations"]) == (1, 0)
    assert report["after"]["total"] > report["before"]["total"]
    assert slate.audit is not None
    assert slate.audit["cbjr"]["violated"] is False
    assert len(slate.unassigned) == report["after"]["unassigned"]
    recorded = Slate.from_json(slate.to_json())
    checks = fm.compare(profile, recorded, fm.audited(profile, recorded), fm.rerun(profile, recorded))
    assert checks == Checks(source=True, slate=True, figures=True, differs=())


@pytest.mark.long
def test_it_is_told_in_the_summary_and_in_the_report(profile: Profile) -> None:
    slate = fm.slate(profile, 4, unit="statements", process="random", draws=0, refine=True)
    words = refined(slate, votes=True)
    after = slate.process["refinement"]["after"]
    assert f"now {after['total']:,.1f}" in words
    assert "large enough groups overlooked" in words
    assert words in " ".join(summary(slate).split())
    assert words in render(slate.view)
    plain = fm.slate(profile, 4, unit="statements", process="random", draws=0)
    assert refined(plain, votes=True) == ""
    assert "refined" not in summary(plain)


@pytest.mark.long
def test_near_duplicates_do_not_enter_together(profile: Profile) -> None:
    texts = list(profile.statements.texts)
    texts[4] = texts[2] + "!"
    twins = replace(profile, statements=replace(profile.statements, texts=tuple(texts)))
    assert (2, 4) in near_pairs(texts)
    slate = fm.slate(twins, 60, process="popular", draws=0, refine=True)
    alone = fm.slate(twins, 60, process="popular", draws=0)
    if not {"2", "4"} <= {s.id for s in alone.statements}:
        assert not {"2", "4"} <= {s.id for s in slate.statements}


@pytest.mark.long
def test_max_utility_is_kept_to_when_asked_for(profile: Profile) -> None:
    slate = fm.slate(profile, 60, draws=0, refine=True, assignment="max-utility")
    assert slate.process["assignment"] == "max-utility"


def test_what_cannot_be_refined_says_so(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = prepare(profile, seed=0, strict=False)
    problem = Problem(pool_of(prepared, "words", False), 60, multiset=True)
    first = find("democratic-fast").run(problem, np.random.default_rng(0))
    report = refine_selection(problem, first).parameters["refinement"]
    assert report == {"improved": False, "note": "multisets are not refined"}
    monkeypatch.setattr("folkmoot.processes.refine.refine.KEEP", 10)
    slate = fm.slate(profile, 60, draws=0, refine=True)
    assert slate.process["assignment"] in ("process", "max-utility")
    assert "The list was to be refined and was not: more than 10 utilities: too many to hold." in " ".join(
        summary(slate).split()
    )
    with pytest.raises(InputError, match="`refine` must be True or False"):
        Options(refine=1)  # type: ignore[arg-type]


@pytest.mark.long
def test_the_bundled_conversation(bowling_green: Path) -> None:
    profile = fm.read(bowling_green)
    slate = fm.slate(profile, 164, draws=0, refine=True)
    report = slate.process["refinement"]
    assert report["improved"]
    assert report["after"]["violations"] == 0
    # Complaints come first: to be rid of one, people may be left without a statement.
    order = [[report[when][part] for part in ("violations", "unassigned")] for when in ("before", "after")]
    assert order[1] <= order[0]
    assert report["after"]["total"] <= report["bound"]
    again = fm.rerun(profile, Slate.from_json(slate.to_json()))
    assert json.loads(again.to_json()) == json.loads(replace(slate, audit=None).to_json())
