"""The repository itself: what may be written in it, and which room may import which."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "folkmoot"

# design.md, "Rooms": what each may import besides itself. The modules beside the rooms (api, cli) tie them together;
# no room imports them.
_MODELS = {"profile", "llm"}
_BELOW_REPORT = {"profile", "formats", "preferences", "queries", "llm", "processes", "audits", "asking"}
ROOMS = {
    "profile": set(),
    "formats": {"profile"},
    "preferences": {"profile"},
    # design.md has no arrow for llm; its errors are the one family of the profile room.
    "llm": {"profile"},
    "queries": {"preferences"} | _MODELS,
    "processes": {"profile", "queries"},
    "audits": {"profile", "queries"},
    "asking": {"profile", "preferences", "queries"},
    "report": _BELOW_REPORT,
    "studies": _BELOW_REPORT | {"report"},
    "web": _BELOW_REPORT | {"report", "studies"},
}
EVERYWHERE = {"_version"}
# Arrows that point upwards on purpose: (module, room) and why.
UPWARDS = {
    ("profile/slate.py", "report"): "design.md calls s.to_html(...), so the method fetches its writer when called"
}


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


def room_of(path: Path) -> str:
    """The first part below the package: a room, or a module beside the rooms."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and first part below folkmoot of everything a module imports from folkmoot, wherever it stands in it."""
    here = ("folkmoot", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            targets = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = list(here[: len(here) - node.level + 1]) if node.level else []
            stem = base + (node.module.split(".") if node.module else [])
            targets = [[*stem, alias.name] for alias in node.names] if stem == ["folkmoot"] else [stem]
        else:
            continue
        for target in targets:
            if target[0] == "folkmoot":
                yield node.lineno, target[1] if len(target) > 1 else ""


def test_rooms_import_only_downwards() -> None:
    wrong, upwards = [], set()
    for path in sorted(PACKAGE.rglob("*.py")):
        room = room_of(path)
        if not (PACKAGE / room).is_dir():
            continue  # beside the rooms: ties them together
        assert room in ROOMS, f"{room}/ is not a room of design.md; add it to ROOMS with what it may import"
        for line, target in imports(path):
            if target in ROOMS[room] | {room} | EVERYWHERE:
                continue
            arrow = (path.relative_to(PACKAGE).as_posix(), target)
            upwards.add(arrow)
            if arrow not in UPWARDS:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {target or 'folkmoot'}")
    assert wrong == []
    assert upwards == set(UPWARDS), "an exception that nothing needs any more"


def test_the_arrows_have_no_circle() -> None:
    left = {room: set(below) for room, below in ROOMS.items()}
    while left:
        lowest = {room for room, below in left.items() if not below & left.keys()}
        assert lowest, f"a circle among {sorted(left)}"
        left = {room: below for room, below in left.items() if room not in lowest}


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
