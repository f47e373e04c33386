"""The examples of CONTRIBUTING.md do what it says they do, and pass the conformance suite of their registry."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from folkmoot.asking.policies import POLICIES, Panel, choose
from folkmoot.asking.population import Population
from folkmoot.audits import AUDITS, Subject
from folkmoot.formats import FORMATS, read
from folkmoot.preferences import MODELS
from folkmoot.processes import PROCESSES, Problem
from folkmoot.profile import Agents, Answers, InputError, Profile, Statements
from folkmoot.queries import ClosedPool, Completed
from folkmoot.testing import check_audit, check_format, check_model, check_policy, check_process, check_query

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^### (.+?)\n.*?^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL))

VOTES = Profile(
    Agents(("a", "b", "c", "d")),
    Statements(("s", "t"), ("More trees", "More buses")),
    Answers.of([0, 1, 2, 3], [0, 0, 1, 1], [1, 1, 1, -1]),
)


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """What an example registers is forgotten after the test."""
    with ExitStack() as stack:
        for registry in (PROCESSES, FORMATS, MODELS, AUDITS, POLICIES):
            stack.enter_context(registry.restored())
        yield


def run(title: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(EXAMPLES[title], f"CONTRIBUTING.md, {title}", "exec"), names)
    return names


@pytest.fixture
def pool() -> ClosedPool:
    disc = Completed(VOTES, run("A preference model")["Average"](VOTES))
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


@pytest.mark.long
def test_the_examples_have_types(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    files = []
    for title, text in EXAMPLES.items():
        file = tmp_path / f"{title.lower().replace(' ', '_')}.py"
        file.write_text(text, encoding="utf-8")
        files.append(str(file))
    done = subprocess.run([sys.executable, "-m", "mypy", *files], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_process(pool: ClosedPool) -> None:
    run("A process")
    selection = PROCESSES["first-come"].run(Problem(pool, 2), np.random.default_rng(0))
    assert selection.candidates.tolist() == [0, 1]
    assert selection.assignment.tolist() == [0, 0, 1, 1]
    check_process(PROCESSES["first-come"])


def test_a_reader(tmp_path: Path) -> None:
    run("A reader")
    file = tmp_path / "list"
    file.write_text("# wishes\nAda: more trees\nBo:\n", encoding="utf-8")
    profile = read(file)
    assert profile.agents.texts == (("more trees",),)
    assert [(note.what, note.count) for note in profile.notes] == [("names without a wish", 1)]
    file.write_text("# wishes\nno name\n", encoding="utf-8")
    with pytest.raises(InputError, match="row 2"):
        read(file)
    check_format(FORMATS["wishes"])


def test_a_preference_model(pool: ClosedPool) -> None:
    utilities = pool.utilities(pool.agents, np.arange(2))
    assert utilities[:2, 0].tolist() == [1.0, 1.0]
    assert utilities[2:, 0] == pytest.approx([2.5 / 3] * 2, abs=1e-3)
    assert utilities[:, 1].tolist() == [0.5, 0.5, 1.0, 0.0]
    check_model(MODELS["average"])


def test_a_query(pool: ClosedPool) -> None:
    rounded = run("A query")["rounded_pool"](pool)
    assert rounded.utilities(pool.agents, np.arange(2))[2, 0] == 0.8
    assert rounded.best_at_rank(pool.agents, 4) == (0, [])
    check_query(rounded.disc)


def test_an_audit(pool: ClosedPool) -> None:
    run("An audit")
    subject = Subject(pool, np.array([0, 1]), np.array([0, 0, 1, 1]), 2)
    found = AUDITS["contentment"].check(subject)
    # The fourth person is assigned the statement they disagree with.
    assert (found.holds, found.ratio, found.witness.members.tolist()) == (True, Fraction(2, 4), [3])
    check_audit(AUDITS["contentment"])


def test_an_asking_policy() -> None:
    run("An asking policy")
    chance = np.full((1, 2, 3), 1 / 3)
    population = Population(np.ones(1), chance, np.array([0.0, 0.5, 1.0]), np.eye(3))
    unasked, allowed = np.full((1, 2), -1), np.ones((1, 2), dtype=bool)
    counts = np.array([[3, 0, 1], [0, 2, 1]])
    panel = Panel(population, unasked, allowed, np.zeros((1, 2)), counts, None, None, np.random.default_rng(0))
    assert choose("fewest-answers", panel).tolist() == [1]
    check_policy(POLICIES["fewest-answers"])


# Where the page's examples go in this repository, and what is listed then.
FILES = {
    "A process": "processes/first_come",
    "A reader": "formats/wishes",
    "A preference model": "preferences/average",
    "An audit": "audits/contentment",
    "An asking policy": "asking/fewest",
}
KINDS = {
    "processes": "first-come",
    "formats": "wishes",
    "models": "average",
    "audits": "contentment",
    "policies": "fewest-answers",
}


def added(package: Path, title: str, file: str) -> None:
    """One new file, and one line that imports it."""
    room, name = file.split("/")
    (package / room / f"{name}.py").write_text(f'"""An example."""\n\n{EXAMPLES[title]}', encoding="utf-8")
    start = package / room / "__init__.py"
    summary, rest = start.read_text(encoding="utf-8").split("\n", 1)
    start.write_text(f"{summary}\n\nfrom . import {name}\n{rest}", encoding="utf-8")


@pytest.mark.long
def test_one_file_and_one_line_are_enough(tmp_path: Path) -> None:
    """Whoever follows the page has the tests of the registries green: tried in a copy of the repository."""
    for folder in ("src", "tests", "studies/folkmoot_studies", "docs/processes", "docs/audits"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / file, tmp_path)
    package = tmp_path / "src" / "folkmoot"
    for title, file in FILES.items():
        added(package, title, file)

    def python(*words: str) -> subprocess.CompletedProcess[str]:
        program = "import sys; sys.path[:0] = ['src', 'studies']; import runpy; sys.argv = sys.argv[1:]; "
        program += "runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)"
        return subprocess.run(
            [sys.executable, "-c", program, *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    python("ruff", "check", "--fix", *(f"src/folkmoot/{file.split('/')[0]}" for file in FILES.values()))
    for kind, id in KINDS.items():
        assert f"\n{id} " in "\n" + python("folkmoot", kind).stdout
    written = python("folkmoot.report.pages", "docs").stdout.splitlines()
    assert [Path(line.split(": ")[1]).name for line in written] == [
        "README.md",
        "contentment.md",
        "README.md",
        "first-come.md",
    ]
    tests = ["processes/test_registry.py", "formats/test_formats_conformance.py", "audits/test_weights_as_copies.py"]
    tests += ["formats/test_formats_tables.py", "report/test_pages.py", "queries/test_noisy.py"]
    chosen = "first-come or wishes or contentment or pages or stale or recognised"
    done = python("pytest", "-p", "no:cacheprovider", "-k", chosen, *(f"tests/{name}" for name in tests))
    assert done.returncode == 0, done.stdout
    fuzzed = python("pytest", "-p", "no:cacheprovider", "-k", "any_bytes", "tests/formats/test_formats_fuzz.py")
    assert fuzzed.returncode == 0, fuzzed.stdout
    checked = python("ruff", "check", "src")
    assert checked.returncode == 0, checked.stdout
