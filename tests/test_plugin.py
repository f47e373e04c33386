"""The plugin of examples/plugin, installed into a folder of its own: it is listed, run, and as it declares."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

# A long time together: `make test-long` runs them.
pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[1]
PLUGIN = ROOT / "examples" / "plugin"
MINUTES = "# minutes\n* More trees\nfor: Ada, Bo\nagainst: Cy\n* A bus on Sundays\nfor: Cy, Dee\nagainst: Ada\n"


def install(folder: Path, name: str, package: str, entry_point: str, version: str = "1.0") -> None:
    """What an installer leaves behind, as PyPA's specification of recorded projects has it; needs no network."""
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[folkmoot]\n{entry_point} = {package}\n", encoding="utf-8")
    (info / "RECORD").write_text("", encoding="utf-8")


def run(site: Path, *words: object, check: bool = True, also: Sequence[Path] = ()) -> subprocess.CompletedProcess[str]:
    """Python with these folders of packages on its path, as a user's shell would start it."""
    path = os.pathsep.join([str(site), *map(str, also), *(place for place in sys.path if place)])
    return subprocess.run(
        [sys.executable, *map(str, words)],
        env={**os.environ, "PYTHONPATH": path, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=check,
        cwd=site,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages with the example installed by pip."""
    folder = tmp_path_factory.mktemp("site")
    source = tmp_path_factory.mktemp("source")
    # A copy, because building leaves files beside the source.
    for path in PLUGIN.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            target = source / path.relative_to(PLUGIN)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    words = ["pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(folder)]
    done = subprocess.run([sys.executable, "-m", *words, str(source)], capture_output=True, text=True, check=False)
    if done.returncode:
        # No pip or no setuptools here (uv's environments have neither): by hand, what they would have left behind.
        install(folder, "folkmoot-townhall", "folkmoot_townhall", "townhall")
        (folder / "folkmoot_townhall").symlink_to(source / "folkmoot_townhall")
    return folder


def test_it_is_listed_with_the_package_it_comes_from(site: Path) -> None:
    for kind, id in (("processes", "turns"), ("formats", "minutes"), ("models", "popularity")):
        shown = run(site, "-m", "folkmoot", kind).stdout
        assert "brought by folkmoot-townhall:" in shown
        assert max(map(len, shown.splitlines())) <= 80
        listed = json.loads(run(site, "-m", "folkmoot", kind, "--json").stdout)
        assert {entry["id"]: entry["package"] for entry in listed[kind]}[id] == "folkmoot-townhall"
        assert listed["not_loaded"] == []


def test_it_is_run(site: Path, tmp_path: Path) -> None:
    meeting = tmp_path / "meeting"
    meeting.write_text(MINUTES, encoding="utf-8")
    assert "minutes" in run(site, "-m", "folkmoot", "doctor", meeting).stdout.splitlines()[0]
    words = ["--budget", 2, "--unit", "statements", "--process", "turns", "--predict", "popularity", "--json"]
    words += ["--all-eligible", "--no-fill"]  # two statements: too few for rules
    slate = json.loads(run(site, "-m", "folkmoot", "slate", meeting, *words, "--out", tmp_path / "out").stdout)
    assert slate["process"]["id"] == "turns"
    assert slate["engine"]["model"] == "popularity"
    assert [s["text"] for s in slate["statements"]] == ["More trees", "A bus on Sundays"]


def test_it_passes_the_conformance_suites(site: Path) -> None:
    done = run(site, "-m", "pytest", "-q", "-p", "no:cacheprovider", PLUGIN / "test_townhall.py", check=False)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count(".") > 20


def test_a_plugin_that_breaks_is_named_and_breaks_nothing_else(site: Path, tmp_path: Path) -> None:
    (tmp_path / "crooked.py").write_text("raise RuntimeError('no moon tonight')\n", encoding="utf-8")
    install(tmp_path, "folkmoot-crooked", "crooked", "crooked")
    (tmp_path / "usurper.py").write_text(
        "from folkmoot.processes import process\n"
        "@process(id='pav', guarantee=('cbjr',), complexity='none', source='none')\n"
        "def better(problem, rng): ...\n",
        encoding="utf-8",
    )
    install(tmp_path, "folkmoot-usurper", "usurper", "usurper")
    done = run(site, "-m", "folkmoot", "processes", "--json", also=[tmp_path])
    listed = json.loads(done.stdout)
    errors = {plugin["distribution"]: plugin["error"] for plugin in listed["not_loaded"]}
    assert errors["folkmoot-crooked"] == "RuntimeError: no moon tonight"
    assert errors["folkmoot-usurper"].startswith("InputError: there is a process 'pav' already")
    entries = {entry["id"]: entry for entry in listed["processes"]}
    assert entries["pav"]["package"] == "folkmoot"
    assert entries["turns"]["package"] == "folkmoot-townhall"
    warned = done.stderr.splitlines()
    assert next(line for line in warned if "no moon tonight" in line).startswith("folkmoot: the plugin 'crooked' of")


def test_without_the_studies_the_command_says_how_to_get_them(tmp_path: Path) -> None:
    program = """
import importlib.metadata
importlib.metadata.entry_points = lambda **_: ()
from folkmoot.cli.main import main
import sys
main()
"""
    file = tmp_path / "without.py"
    file.write_text(program, encoding="utf-8")
    done = run(tmp_path, file, "study", "synthetic", check=False)
    assert done.returncode == 2
    assert "install" in done.stderr
    assert "folkmoot-studies" in done.stderr
    assert "Traceback" not in done.stderr
    assert "folkmoot-studies" in run(tmp_path, file, "studies").stdout
