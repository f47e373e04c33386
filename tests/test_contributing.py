"""The examples of CONTRIBUTING.md do what it says they do."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from folkmoot.asking.policies import POLICIES, Panel, choose
from folkmoot.asking.population import Population
from folkmoot.audits import AUDITS, Subject
from folkmoot.formats.base import ReadOptions, Source, beginning
from folkmoot.processes import PROCESSES, Problem
from folkmoot.profile import Agents, Answers, InputError, Profile, Statements
from folkmoot.queries import ClosedPool, Completed

TEXT = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^### (.+?)\n.*?^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL))

VOTES = Profile(
    Agents(("a", "b", "c", "d")),
    Statements(("s", "t"), ("More trees", "More buses")),
    Answers.of([0, 1, 2, 3], [0, 0, 1, 1], [1, 1, 1, -1]),
)


def run(title: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(EXAMPLES[title], f"CONTRIBUTING.md, {title}", "exec"), names)
    return names


@pytest.fixture
def pool() -> ClosedPool:
    disc = Completed(VOTES, run("A preference model")["Popularity"](VOTES))
    return ClosedPool(disc, np.arange(2), np.ones(2, dtype=np.int64))


def test_every_example_is_tested() -> None:
    assert sorted(EXAMPLES) == [
        "A preference model",
        "A process",
        "A query",
        "A reader",
        "An asking policy",
        "An audit",
    ]
    assert TEXT.count("```python") == len(EXAMPLES)


def test_a_process(pool: ClosedPool) -> None:
    try:
        run("A process")
        selection = PROCESSES["first-come"].run(Problem(pool, 2), np.random.default_rng(0))
    finally:
        PROCESSES.pop("first-come", None)
    assert selection.candidates.tolist() == [0, 1]
    assert selection.assignment.tolist() == [0, 0, 1, 1]


def test_a_reader(tmp_path: Path) -> None:
    wishes = run("A reader")["WISHES"]
    file = tmp_path / "list"
    file.write_text("# wishes\nAda: more trees\nBo:\n", encoding="utf-8")
    head = beginning(file)
    assert head is not None
    assert wishes.sniff(head)
    profile = wishes.read(Source(file, (head,)), ReadOptions())
    assert profile.agents.texts == (("more trees",),)
    assert [(note.what, note.count) for note in profile.notes] == [("names without a wish", 1)]
    file.write_text("# wishes\nno name\n", encoding="utf-8")
    with pytest.raises(InputError, match="row 2"):
        wishes.read(Source(file, (head,)), ReadOptions())


def test_a_preference_model(pool: ClosedPool) -> None:
    utilities = pool.utilities(pool.agents, np.arange(2))
    assert utilities[:2, 0].tolist() == [1.0, 1.0]
    assert utilities[2:, 0] == pytest.approx([2.5 / 3] * 2, abs=1e-3)
    assert utilities[:, 1].tolist() == [0.5, 0.5, 1.0, 0.0]


def test_a_query(pool: ClosedPool) -> None:
    rounded = run("A query")["rounded_pool"](pool)
    assert rounded.utilities(pool.agents, np.arange(2))[2, 0] == 0.8
    assert rounded.best_at_rank(pool.agents, 4) == (0, [])


def test_an_audit(pool: ClosedPool) -> None:
    subject = Subject(pool, np.array([0, 1]), np.array([0, 0, 1, 1]), 2)
    try:
        run("An audit")
        found = AUDITS["contentment"].check(subject)
    finally:
        AUDITS.pop("contentment", None)
    # The fourth person is assigned the statement they disagree with.
    assert (found.holds, found.ratio) == (True, Fraction(2, 4))


def test_an_asking_policy() -> None:
    chance = np.full((1, 2, 3), 1 / 3)
    population = Population(np.ones(1), chance, np.array([0.0, 0.5, 1.0]), np.eye(3))
    asked, allowed = np.full((1, 2), -1), np.ones((1, 2), dtype=bool)
    counts = np.array([[3, 0, 1], [0, 2, 1]])
    panel = Panel(population, asked, allowed, np.zeros((1, 2)), counts, None, None, np.random.default_rng(0))
    try:
        POLICIES["fewest-answers"] = run("An asking policy")["fewest_answers"]
        assert choose("fewest-answers", panel).tolist() == [1]
    finally:
        POLICIES.pop("fewest-answers", None)
