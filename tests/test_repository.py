"""The repository itself: what may be written in it, and which room may import which."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from architecture import (
    LOOSE,
    PACKAGE,
    ROOMS,
    ROOT,
    arrows,
    circles,
    files_in_circles,
    floors,
    import_statements,
    imports,
    upwards,
)

BESIDE = {"__init__.py", "__main__.py", "_version.py", "py.typed"}
FLOORS = 8
# Modules, the standard library's included, that ``import folkmoot`` may load besides numpy's.
MODULES = 200


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


def _holds(text: str, words: Sequence[str]) -> bool:
    return any(word in text for word in words)


def naming(pattern: re.Pattern[str], words: Sequence[str] = ("",)) -> list[str]:
    """Where files have the pattern; only those that hold one of the words, in lower case, are searched for it."""
    return [
        f"{name}:{text.count(chr(10), 0, found.start()) + 1}: {found.group()}"
        for name, text in texts()
        if _holds(text.lower(), words)
        for found in pattern.finditer(text)
    ]


def test_no_file_names_the_host_of_a_package_registry() -> None:
    # Joined here, so that this file does not name them either.
    parts = [
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
    hosts = ["".join(each) for each in parts]
    assert naming(re.compile("|".join(map(re.escape, hosts)), re.IGNORECASE), hosts) == []


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    places = {str(ROOT), str(Path.home())} - {"/"}
    pattern = re.compile("|".join(rf"(?<![\w.-]){re.escape(place)}(?![\w-])" for place in sorted(places)))
    assert naming(pattern, [place.lower() for place in places]) == []


def test_data_beside_the_repository_are_reached_through_one_fixture() -> None:
    """`conftest.shared`, which FOLKMOOT_SHARED leads to; a test may set the variable, none reads it."""
    reads = re.compile(r"environ[^\n]*FOLKMOOT_" + r"SHARED|parents?(\[\d\])? / \"shared\"")
    of_tests = [place for place in naming(reads) if "tests/" in place or place.startswith("conftest")]
    assert [place.split(":")[0] for place in of_tests] == ["conftest.py"]


def test_the_files_of_the_example_are_there() -> None:
    names = {path.name for path in (ROOT / "examples" / "bowling-green").iterdir()}
    assert {"README.md", "summary.csv", "comments.csv", "participants-votes.csv.gz"} <= names


def test_rooms_import_only_downwards() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(ROOMS), "add a new room to ROOMS of architecture.py, with what it may import"
    assert upwards() == []


def test_contributing_has_every_room_and_the_figures_that_are_counted() -> None:
    page, found = (ROOT / "CONTRIBUTING.md").read_text("utf-8"), arrows(PACKAGE)
    described = re.findall(r"(?m)^\| `(\w+)/` \|", page)
    assert described == list(dict.fromkeys(described))
    assert set(described) == set(ROOMS)
    inside = {room: below - LOOSE for room, below in found.items() if room not in LOOSE}
    now = {row[0].split(":")[0]: row[-1] for row in re.findall(r"(?m)^\| ([^|`]+?) \|[^|\n]+\| (\d[^|\n]*?) \|$", page)}
    assert now["rooms"] == f"{len(found)} ({sum((PACKAGE / room).is_dir() for room in found)} folders)"
    assert now["arrows from one into another"] == str(sum(map(len, found.values())))
    assert now["upward arrows"] == str(len(upwards()))
    assert now["circles"] == str(len(circles(found)))
    assert now["floors"] == str(max(floors(inside).values()))


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


def loaded_by(path: Path) -> set[Path]:
    """Files of the package that a file has loaded before its own first line that needs them: imports at its top level.

    Imports inside functions come later, those under ``TYPE_CHECKING`` never. A package's ``__init__`` is what is loaded
    where a name of it is imported; where the name is a module of it, that module as well.
    """
    here = path.relative_to(PACKAGE).parts[:-1]
    found: set[Path] = set()

    def add(*parts: str) -> bool:
        for file in (PACKAGE.joinpath(*parts).with_suffix(".py"), PACKAGE.joinpath(*parts, "__init__.py")):
            if file.is_file():
                found.add(file)
                return True
        return False

    for node in import_statements(path.read_text(encoding="utf-8")):
        # What stands further right is imported later, if at all.
        if not isinstance(node, ast.ImportFrom) or not node.level or node.col_offset:
            continue
        base = (*here[: len(here) - node.level + 1], *(node.module.split(".") if node.module else ()))
        for alias in node.names:
            # What is a module of the package needs that module, everything else what the package itself has made.
            if not base or not add(*base, alias.name):
                add(*base)
    return found - {path}


def circle(edges: dict[Path, set[Path]]) -> list[Path]:
    """What is left when files that load nothing else of what is left are taken away, again and again."""
    left = dict(edges)
    while done := {path for path, below in left.items() if not below & left.keys()}:
        left = {path: below for path, below in left.items() if path not in done}
    return sorted(left)


def test_no_file_needs_itself_to_be_loaded() -> None:
    edges = {path: loaded_by(path) for path in sorted(PACKAGE.rglob("*.py"))}
    assert sum(map(len, edges.values())) > len(edges)
    assert [str(path.relative_to(PACKAGE)) for path in circle(edges)] == []


def test_files_that_need_each_other_are_seen(tmp_path: Path) -> None:
    one, two, three = (tmp_path / name for name in ("one.py", "two.py", "three.py"))
    assert circle({one: {two}, two: {three}, three: {two}}) == [one, three, two]
    assert circle({one: {two, three}, two: {three}, three: set()}) == []


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
import sys
import numpy, numpy.random  # what numpy itself takes is not ours
before = set(sys.modules)
import folkmoot
new = set(sys.modules) - before
print(len(new))
new = {name.partition(".")[0] for name in new}
# What has no file is built in, or a helper that compiled modules register.
print(*sorted(name for name in new - set(sys.stdlib_module_names) if getattr(sys.modules.get(name), "__file__", None)))
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded, brought = run.stdout.splitlines()
    assert set(brought.split()) <= {"folkmoot", "numpy"}
    # Modules are counted, not seconds, which depend on what else the machine does; a thousandth of a second each.
    assert int(loaded) < MODULES
