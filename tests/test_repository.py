"""The repository itself: what may be written in it, and which room may import which."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from architecture import LOOSE, PACKAGE, ROOMS, ROOT, arrows, circles, files_in_circles, floors, imports, upwards

BESIDE = {"__init__.py", "__main__.py", "_version.py", "py.typed"}
FLOORS = 8


@cache
def files() -> tuple[Path, ...]:
    """What is, or would be, under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


def texts() -> Iterator[tuple[str, str]]:
    for path in files():
        try:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def naming(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{text.count(chr(10), 0, found.start()) + 1}: {found.group()}"
        for name, text in texts()
        for found in pattern.finditer(text)
    ]


def test_no_file_names_the_host_of_a_package_registry() -> None:
    # Joined here, so that this file does not name them either.
    hosts = [
        ("py", "pi"),
        ("python", "hosted"),
        ("registry.", "npmjs"),
        ("registry.", "yarnpkg"),
        ("deb.", "debian"),
        ("security.", "debian"),
        ("archive.", "ubuntu"),
        ("static.", "crates"),
        ("proxy.", "golang"),
        ("conda.", "anaconda"),
    ]
    pattern = re.compile("|".join(re.escape("".join(parts)) for parts in hosts), re.IGNORECASE)
    assert naming(pattern) == []


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    places = {str(ROOT), str(Path.home())} - {"/"}
    pattern = re.compile("|".join(rf"(?<![\w.-]){re.escape(place)}(?![\w-])" for place in sorted(places)))
    assert naming(pattern) == []


def test_the_files_of_the_example_are_there() -> None:
    names = {path.name for path in (ROOT / "examples" / "bowling-green").iterdir()}
    assert {"README.md", "summary.csv", "comments.csv", "participants-votes.csv.gz"} <= names


def test_rooms_import_only_downwards() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(ROOMS), "add a new room to ROOMS of architecture.py, with what it may import"
    assert upwards() == []


def test_nothing_lies_loose_beside_the_rooms() -> None:
    there = {path.relative_to(PACKAGE).parts[0] for path in files() if path.is_relative_to(PACKAGE)}
    assert there == BESIDE | set(ROOMS)


def test_there_are_no_more_floors_than_eight() -> None:
    assert max(floors(ROOMS).values()) <= FLOORS
    assert (
        max(floors({room: below - LOOSE for room, below in arrows().items() if room not in LOOSE}).values()) <= FLOORS
    )


def test_the_arrows_have_no_circle() -> None:
    assert circles(ROOMS) == []
    assert circles(arrows()) == []
    assert files_in_circles() == 0


def test_a_circle_is_seen() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [{"a", "b", "c"}]
    assert floors({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == {"b": 1, "c": 1, "a": 2, "d": 3}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from ..profile import Slate", "profile"),
        ("from .. import cli", "cli"),
        ("from ..profile.slate import Slate", "profile"),
        ("import folkmoot.report.html", "report"),
        ("def f():\n    from folkmoot import web", "web"),
        ("from . import other", "audits"),
        ("from .other import name", "audits"),
        ("import folkmoot", ""),
    ],
)
def test_imports_are_seen(source: str, found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: source)
    assert [target for _, target in imports(PACKAGE / "audits" / "module.py")] == [found]


def test_import_is_quick_and_brings_numpy_only() -> None:
    program = """
import sys, time
import numpy, numpy.random  # what numpy itself takes is not ours
before, begin = set(sys.modules), time.process_time()
import folkmoot
print(time.process_time() - begin)
new = {name.partition(".")[0] for name in set(sys.modules) - before}
# What has no file is built in, or a helper that compiled modules register.
print(*sorted(name for name in new - set(sys.stdlib_module_names) if getattr(sys.modules.get(name), "__file__", None)))
"""
    seconds = []
    for _ in range(5):
        run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        taken, brought = run.stdout.splitlines()
        assert set(brought.split()) <= {"folkmoot", "numpy"}
        seconds.append(float(taken))
    assert statistics.median(seconds) < 0.3, seconds
