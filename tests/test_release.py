"""What is released: built from the repository, it holds what it needs, and runs in an environment of its own."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from folkmoot import __version__

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# How pip and build say that they could not reach what they need.
UNREACHED = re.compile(
    "No matching distribution|Could not find a version|Connection|Temporary failure|Read timed out|ProxyError"
)


def settings() -> ModuleType:
    spec = importlib.util.spec_from_file_location("folkmoot_setup", ROOT / "setup.py")
    assert spec is not None
    assert spec.loader is not None
    pytest.importorskip("setuptools")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_links_of_the_readme_work_outside_the_repository() -> None:
    made = settings().readme(
        "[a](docs/a.md#b) ![c](./docs/c.png) [d](https://example.org/d) [e](#e) [f](mailto:a@b.c)", "https://r", "1.0"
    )
    assert made == (
        "[a](https://r/blob/v1.0/docs/a.md#b) ![c](https://r/raw/v1.0/docs/c.png) [d](https://example.org/d) [e](#e) "
        "[f](mailto:a@b.c)"
    )
    readme = (ROOT / "README.md").read_text("utf-8")
    targets = re.findall(r"\]\(([^)\s]+)\)", settings().built()["long_description"])
    assert targets
    assert all(target.startswith(("https://", "#")) for target in targets)
    relative = [target for target in re.findall(r"\]\(([^)\s]+)\)", readme) if "://" not in target]
    missing = [target for target in relative if not (ROOT / target.partition("#")[0]).exists()]
    assert not missing


def test_there_is_one_version_and_the_changelog_has_it_with_a_date() -> None:
    assert "version" not in PROJECT
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    newest = re.search(r"^## \[(\S+)\](.*)$", changelog, re.MULTILINE)
    assert newest is not None
    if newest[1] != "Unreleased":
        assert newest[1] == __version__
        assert re.fullmatch(r" - \d{4}-\d{2}-\d{2}", newest[2])
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"\nversion: {__version__}\n" in citation
    studies = (ROOT / "studies" / "folkmoot_studies" / "_version.py").read_text("utf-8")
    assert __version__ in studies
    kernels = (ROOT / "kernels" / "folkmoot_kernels" / "_version.py").read_text("utf-8")
    assert __version__ in kernels


def test_every_address_of_the_project_is_the_declared_one() -> None:
    repository = PROJECT["urls"]["Repository"]
    owner = repository.removeprefix("https://github.com/")
    own = re.compile(r"https://github\.com/([\w-]+/folkmoot)\b")
    files = [*ROOT.glob("*.md"), *ROOT.glob("*.cff"), *ROOT.glob("*.yml"), *(ROOT / ".github").rglob("*.*")]
    named = {(file.name, name) for file in files for name in own.findall(file.read_text("utf-8"))}
    assert {name for _, name in named} <= {owner}


def ran(*command: str | Path, cwd: Path = ROOT) -> str:
    """What a command prints; the test is skipped if it could not reach a package registry."""
    # What this process finds its modules by would stand in for what is installed.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False, env=clean)
    if done.returncode and UNREACHED.search(done.stdout + done.stderr):
        pytest.skip(f"no package registry is reachable: {(done.stderr or done.stdout).strip().splitlines()[-1][:200]}")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with what `make dist` builds."""
    if importlib.util.find_spec("build") is None:
        pytest.skip("the package build is not installed: pip install build")
    out = tmp_path_factory.mktemp("dist")
    ran(sys.executable, "-m", "build", "--outdir", out, ROOT)
    return out


def metadata(wheel: zipfile.ZipFile) -> Message:
    name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return message_from_bytes(wheel.read(name))


@pytest.mark.long
def test_the_wheel_holds_what_the_package_holds(dist: Path) -> None:
    (file,) = dist.glob("*.whl")
    with zipfile.ZipFile(file) as wheel:
        names = set(wheel.namelist())
        about = metadata(wheel)
    package = ROOT / "src" / "folkmoot"
    listed = subprocess.run(["git", "ls-files", "-z", "src"], cwd=ROOT, capture_output=True, text=True, check=False)
    tracked = {name.removeprefix("src/") for name in listed.stdout.split("\0") if name}
    there = {path.relative_to(package.parent).as_posix() for path in package.rglob("*") if path.is_file()}
    wanted = (tracked & there) if not listed.returncode else there
    assert {"folkmoot/py.typed", "folkmoot/formats/data/bowling-green/ATTRIBUTION.txt"} <= names
    assert sorted(wanted - names) == []
    beside = {name for name in names if not name.startswith("folkmoot/") and ".dist-info/" not in name}
    assert beside == set()
    assert {Path(name).name for name in names if "/licenses/" in name} == {"LICENSE", "NOTICE"}
    assert about["Name"] == "folkmoot"
    assert about["Version"] == __version__
    assert about["License-Expression"] == "Apache-2.0"
    assert "Bowling Green" in str(about.get_payload())
    assert not re.search(r"\]\((?!https://|#)", str(about.get_payload()))
    urls = dict(url.split(", ", 1) for url in about.get_all("Project-URL", []))
    assert urls == PROJECT["urls"]


@pytest.mark.long
def test_the_source_distribution_can_be_tested_and_documented(dist: Path) -> None:
    (file,) = dist.glob("*.tar.gz")
    with tarfile.open(file) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"Makefile", "constraints.txt", "CHANGELOG.md", "mkdocs.yml", "conftest.py", "LICENSE", "NOTICE"} <= names
    assert {"tests/test_release.py", "studies/pyproject.toml", "examples/plugin/pyproject.toml"} <= names
    assert "examples/bowling-green/comments.csv" in names
    assert not [name for name in names if "__pycache__" in name or name.startswith((".venv", "build/", ".git/"))]


def interpreter(version: str) -> str:
    """The path of a Python of that version; the test is skipped where there is none."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    places = [shutil.which(f"python{version}"), *sorted(map(str, pyenv.glob(f"{version}.*/bin/python")))]
    why = "is not installed"
    for place in filter(None, places):
        says = subprocess.run([place, "-c", "import ensurepip, venv"], capture_output=True, text=True, check=False)
        if not says.returncode:
            return place
        why = f"cannot make environments ({says.stderr.strip()[-100:]})"
    pytest.skip(f"Python {version} {why}")


@pytest.mark.long
@pytest.mark.parametrize("version", PYTHONS)
def test_the_demonstration_runs_in_an_environment_of_its_own(dist: Path, version: str, tmp_path: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    ran(interpreter(version), "-m", "venv", tmp_path / "venv")
    own = tmp_path / "venv" / "bin"
    constraints = ROOT / "constraints.txt"
    # The page has to come with the base install as soon as what draws it is a dependency of that.
    extra = "" if any(name.startswith("jinja2") for name in PROJECT["dependencies"]) else "[report]"
    ran(own / "python", "-m", "pip", "install", "-q", "-c", constraints, f"{wheel}{extra}")
    assert ran(own / "folkmoot", "--version", cwd=tmp_path).strip() == __version__
    body = json.loads(ran(own / "folkmoot", "demo", "--json", cwd=tmp_path))
    assert len(body["statements"]) == 15
    assert body["n_agents"] == 2031
    out = tmp_path / "folkmoot-out" / "demo"
    assert json.loads((out / "slate.json").read_text("utf-8")) == body
    assert (out / "report.html").stat().st_size > 10_000
    # The same package in the same versions of what it needs chooses the same on every Python.
    fingerprints = dist / "slates.json"
    known = json.loads(fingerprints.read_text("utf-8")) if fingerprints.exists() else {}
    known[version] = [statement["id"] for statement in body["statements"]]
    fingerprints.write_text(json.dumps(known), encoding="utf-8")
    assert len({json.dumps(ids) for ids in known.values()}) == 1


def test_workflows_run_what_the_makefile_has_on_the_pythons_that_are_declared() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    declared = {name.rsplit(" ", 1)[1] for name in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", name)}
    files = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
    assert {file.stem for file in files} == {"test", "docs", "release"}
    for file in files:
        workflow = yaml.safe_load(file.read_text("utf-8"))
        assert workflow["permissions"] == {"contents": "read"}
        for job in workflow["jobs"].values():
            matrix = job.get("strategy", {}).get("matrix", {})
            if "python" in matrix:
                assert set(matrix["python"]) == declared
            for step in job["steps"]:
                made = re.findall(r"^make (?:\w+=\S+ )*([a-z-]+)$", step.get("run", ""), re.MULTILINE)
                assert set(made) <= targets
                assert ("uses" in step) != ("run" in step)
    release = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8"))
    assert release["jobs"]["publish"]["permissions"] == {"id-token": "write"}  # trusted publishing, no token


def test_what_the_host_of_the_repository_shows_can_be_read() -> None:
    for file in sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")):
        form = yaml.safe_load(file.read_text("utf-8"))
        if file.stem == "config":
            continue
        assert {"name", "description", "body"} <= set(form)
        names = [field["id"] for field in form["body"] if field["type"] != "markdown"]
        assert len(set(names)) == len(names)
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert {"cff-version", "message", "title", "authors", "version", "date-released"} <= set(citation)
    assert citation["repository-code"] == PROJECT["urls"]["Repository"]
    assert citation["license"] == PROJECT["license"]
    for name in ("SECURITY.md", "CODE_OF_CONDUCT.md", "LICENSE", "NOTICE"):
        assert (ROOT / name).stat().st_size > 400
