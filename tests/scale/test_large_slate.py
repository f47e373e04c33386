"""A large source: every figure over everybody is the one that memory gives, and nothing depends on who did the work."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from made_up import camps, large

from folkmoot.audits import Subject
from folkmoot.processes import balanced_assignment, capacities
from folkmoot.processes import find as find_process
from folkmoot.profile import InputError, Options, Profile, fingerprint
from folkmoot.profile.executors import InProcess
from folkmoot.profile.options import Goal
from folkmoot.profile.streams import Stream, stream
from folkmoot.queries import ClosedPool, Completed
from folkmoot.scale.route import large_slate
from folkmoot.scale.shards import write_shards
from folkmoot.slates.choose import decide
from folkmoot.slates.figures import figures_of

PEOPLE = 400
GOAL, OPTIONS = Goal(5, "statements"), Options(draws=4, min_length=0)


@pytest.fixture(scope="module")
def profile() -> Profile:
    """Two camps."""
    return camps(PEOPLE)


@pytest.fixture(scope="module")
def made(profile: Profile, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The slate of everybody, as JSON."""
    folder = tmp_path_factory.mktemp("large")
    slate = large_slate(large(profile, folder), GOAL, OPTIONS, folder, InProcess(), people=PEOPLE)
    found: dict[str, Any] = json.loads(slate.to_json())
    return found


@pytest.fixture(scope="module")
def memory(profile: Profile) -> dict[str, Any]:
    """The same in memory: everybody's utilities as the model meets them, and the balanced assignment."""
    decided = decide(profile, GOAL, OPTIONS)
    case = decided.case
    assert case.prepared.disc.model is not None
    disc = Completed(profile, case.prepared.disc.model.meet(profile))  # type: ignore[attr-defined]
    pool = ClosedPool(disc, case.pool.statements, case.pool.costs)
    case = replace(case, prepared=replace(case.prepared, disc=disc), pool=pool)
    chosen = decided.chosen.subject.chosen
    place = balanced_assignment(pool.utilities(pool.agents, chosen), *capacities(pool.costs[chosen], PEOPLE, 5))
    subject = Subject(pool, chosen, place, 5)
    audit: dict[str, Any] = json.loads(json.dumps(figures_of(case, subject, plain=None, draws=4).as_dict()))
    return audit


EXACT = (
    "cbjr",
    "bjr",
    "cjr",
    "jr",
    "ejr_plus",
    "balanced",
    "per_statement",
    "least",
    "agreement",
    "divisive",
    "public",
)


@pytest.mark.parametrize("name", EXACT)
def test_a_figure_over_everybody_is_that_of_memory(made: dict[str, Any], memory: dict[str, Any], name: str) -> None:
    assert made["audit"][name] == memory[name]


def test_welfare_is_that_of_memory(made: dict[str, Any], memory: dict[str, Any]) -> None:
    assert made["audit"]["utility"] == pytest.approx(memory["utility"], rel=1e-12)


@pytest.mark.parametrize("name", ["known", "completed", "worst_case"])
def test_the_certificate_is_that_of_memory(made: dict[str, Any], memory: dict[str, Any], name: str) -> None:
    assert made["audit"]["certificate"][name] == memory["certificate"][name]


def test_everybody_stands_in_the_slate_once(made: dict[str, Any], profile: Profile) -> None:
    everybody = [name for one in made["statements"] for name in one["agents"]] + made["unassigned"]
    assert sorted(everybody) == sorted(profile.agents.ids)


def test_the_source_has_the_fingerprint_that_it_has_in_memory(made: dict[str, Any], profile: Profile) -> None:
    assert made["source"]["fingerprint"] == fingerprint(profile)


@pytest.mark.parametrize("process", ["bjr", "bjr-sampled"])
def test_a_process_that_counts_people_chooses_among_everybody_as_in_memory(
    profile: Profile, tmp_path: Path, process: str
) -> None:
    options = replace(OPTIONS, process=process, draws=0)
    made = large_slate(large(profile, tmp_path), GOAL, options, tmp_path, InProcess(), people=PEOPLE)
    decided = decide(profile, GOAL, options)
    case = decided.case
    disc = Completed(profile, case.prepared.disc.model.meet(profile))  # type: ignore[union-attr]
    pool = ClosedPool(disc, case.pool.statements, case.pool.costs)
    problem = replace(case.eligible.problem(5), pool=pool)
    chosen = find_process(process).run(problem, stream(0, Stream.PROCESS))
    assert [one.id for one in made.statements] == [
        profile.statements.ids[a] for a in pool.statements[chosen.candidates]
    ]
    recorded = [(one["support"], one["level"]) for one in made.process["rounds"]]
    assert recorded == [(one.support, one.level) for one in chosen.rounds]


@pytest.mark.long
def test_what_only_the_whole_choice_could_assign_is_refused(profile: Profile, tmp_path: Path) -> None:
    options = replace(OPTIONS, assignment="process")
    with pytest.raises(InputError, match="max-utility"):
        large_slate(large(profile, tmp_path), GOAL, options, tmp_path, InProcess(), people=100)


def test_a_full_disk_is_said_before_the_work(profile: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=1000))
    with pytest.raises(InputError, match="`scratch`"):
        large_slate(large(profile, tmp_path), GOAL, OPTIONS, tmp_path, InProcess(), people=100)


@pytest.mark.parametrize("change", ["weights", "half", "complete"])
def test_what_shards_cannot_hold_is_refused(profile: Profile, tmp_path: Path, change: str) -> None:
    a = profile.answers
    changed = {
        "weights": replace(profile, agents=replace(profile.agents, masses=np.full(PEOPLE, 2))),
        "half": replace(profile, answers=replace(a, value=a.value / 2)),
        "complete": replace(profile, answers=replace(a, scale=replace(a.scale, complete=True))),
    }[change]
    with pytest.raises(InputError, match="`large='no'`"):
        write_shards(changed, tmp_path)
