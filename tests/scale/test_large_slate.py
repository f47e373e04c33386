"""A large source: every figure over everybody is the one that memory gives, and nothing depends on who did the work."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from folkmoot.audits import Subject
from folkmoot.processes import balanced_assignment, capacities
from folkmoot.processes import find as find_process
from folkmoot.profile import VOTE, Agents, Answers, Options, Profile, Statements, fingerprint
from folkmoot.profile.executors import InProcess, Pool
from folkmoot.profile.options import Goal
from folkmoot.profile.streams import Stream, stream
from folkmoot.queries import ClosedPool, Completed
from folkmoot.scale.events import LargeSource
from folkmoot.scale.route import large_slate
from folkmoot.scale.shards import write_shards
from folkmoot.slates.choose import decide
from folkmoot.slates.figures import figures_of

PEOPLE, STATEMENTS = 400, 24
GOAL, OPTIONS = Goal(5, "statements"), Options(draws=4, min_length=0)
WORDS = ["park", "bus", "school", "road", "tax", "library", "river", "market", "garden", "tram", "lamp", "bench"]


@pytest.fixture(scope="module")
def profile() -> Profile:
    """Two camps who vote on a third of the statements."""
    rng = np.random.default_rng(5)
    camp = rng.integers(0, 2, PEOPLE)
    taste = rng.normal(0, 1.5, (2, STATEMENTS)) + 0.4
    row, column = np.nonzero(rng.random((PEOPLE, STATEMENTS)) < 0.4)
    agrees = rng.random(len(row)) < 1 / (1 + np.exp(-taste[camp[row], column]))
    value = np.where(rng.random(len(row)) < 0.15, 0, np.where(agrees, 1, -1))
    texts = tuple(
        f"The {a} of our town needs more {b} and care {c}"
        for c, (a, b) in enumerate(zip(2 * WORDS, WORDS[::-1] * 2, strict=True))
    )
    people = Agents(tuple(f"p{i}" for i in range(PEOPLE)))
    statements = Statements(tuple(f"s{j}" for j in range(STATEMENTS)), texts)
    return Profile(people, statements, Answers.of(row, column, value, VOTE), source="polis", topic="Town")


def large(profile: Profile, folder: Path, size: int = 150) -> LargeSource:
    """The profile in shards."""
    frame = replace(profile, agents=Agents(()), answers=Answers.none(profile.answers.scale))
    return LargeSource(frame, write_shards(profile, folder / "shards", size), {})


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


def test_workers_and_shards_change_no_byte(profile: Profile, tmp_path: Path) -> None:
    texts: list[str] = []
    pool = Pool(2)
    for executor in (InProcess(), pool):
        folder = tmp_path / str(len(texts))
        texts.append(large_slate(large(profile, folder), GOAL, OPTIONS, folder, executor, people=200).to_json())
    pool.close()
    assert texts[0] == texts[1]


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
