"""Rooms of the package, and which imports which: counted here, held by `test_repository.py`.

    python tests/architecture.py [PACKAGE [FROM:TO]]      # floors, rooms, arrows, upward arrows, circles

A room is what stands at the top of the package: a folder, or a module beside the folders. An arrow is an import from
one room into another, however many files have it. The floor of a room is one above the highest room it imports; rooms
of a circle share a floor, unless an arrow FROM:TO is left out of account. ``__init__``, ``__main__`` and ``_version``
are rooms without a floor. An arrow runs upwards where the table of rooms does not allow it.
"""

from __future__ import annotations

import ast
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "folkmoot"

# What each room may import besides itself; no arrow points upwards.
_BELOW_ASKING = {"profile", "preferences", "queries"}
_BELOW_ENGINES = _BELOW_ASKING | {"llm", "processes"}
_BELOW_SLATES = _BELOW_ENGINES | {"formats", "audits", "asking", "engines"}
_BELOW_CLI = _BELOW_SLATES | {"slates", "report"}
LOOSE = {"__init__", "__main__", "_version"}
ROOMS: dict[str, set[str]] = {
    "profile": set(),
    "formats": {"profile"},
    "preferences": {"profile"},
    "llm": {"profile"},
    "queries": {"profile", "preferences", "llm"},
    "processes": {"profile", "queries"},
    "audits": {"profile", "queries"},
    "asking": _BELOW_ASKING,
    "engines": _BELOW_ENGINES,
    "slates": _BELOW_SLATES,
    # A large source by shards: the same stages as in `slates`, over people who are not in memory together.
    "scale": _BELOW_SLATES | {"slates"},
    "report": {"profile", "processes", "audits", "slates"},
    # Doors into training loops; nothing imports them.
    "integrations": {"profile", "processes"},
    # Conformance suites stand beside the command line: nothing imports either.
    "testing": _BELOW_SLATES,
    "cli": _BELOW_CLI | {"scale"},
}


def room_of(path: Path, package: Path = PACKAGE) -> str:
    """The first part below the package: a room, or a module beside the rooms."""
    return path.relative_to(package).with_suffix("").parts[0]


@cache
def import_statements(source: str) -> tuple[ast.Import | ast.ImportFrom, ...]:
    """Every import of a source, wherever it stands in it; a source is parsed once."""
    found, left = [], deque[ast.AST]([ast.parse(source)])
    while left:
        node = left.popleft()
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.append(node)
        # No expression has an import in it.
        inner = ast.iter_child_nodes(node)
        left += (each for each in inner if isinstance(each, ast.stmt | ast.excepthandler | ast.match_case))
    return tuple(found)


def imports(path: Path, package: Path = PACKAGE) -> Iterator[tuple[int, str]]:
    """Line and first part below the package of everything a module imports from it, wherever it stands in it."""
    name = package.name
    here = (name, *path.relative_to(package).parts[:-1])
    for node in import_statements(path.read_text(encoding="utf-8")):
        if isinstance(node, ast.Import):
            targets = [alias.name.split(".") for alias in node.names]
        else:
            base = list(here[: len(here) - node.level + 1]) if node.level else []
            stem = base + (node.module.split(".") if node.module else [])
            targets = [[*stem, alias.name] for alias in node.names] if stem == [name] else [stem]
        for target in targets:
            if target[0] == name:
                yield node.lineno, target[1] if len(target) > 1 else ""


def arrows(package: Path = PACKAGE) -> dict[str, set[str]]:
    """Every room with the rooms that it imports; a module beside the folders is a room."""
    names = {room_of(path, package) for path in package.rglob("*.py")}
    found: dict[str, set[str]] = {name: set() for name in names}
    for path in package.rglob("*.py"):
        room = room_of(path, package)
        found[room] |= {target or "__init__" for _, target in imports(path, package)} & names - {room}
    return found


def circles(found: Mapping[str, set[str]]) -> list[set[str]]:
    """Sets of rooms each of which imports all the others, by one step or several."""

    def reached(room: str) -> set[str]:
        seen: set[str] = set()
        left = [room]
        while left:
            new = found[left.pop()] - seen
            seen |= new
            left += new
        return seen

    below = {room: reached(room) for room in found}
    groups = {frozenset(other for other in below[room] if room in below[other]) for room in found}
    return [set(group) for group in groups if group]


def floors(found: Mapping[str, set[str]]) -> dict[str, int]:
    """The floor of every room, from 1."""
    whole = {room: room for room in found}
    for group in circles(found):
        whole |= dict.fromkeys(group, min(group))
    below: dict[str, set[str]] = {room: set() for room in whole.values()}
    for room, targets in found.items():
        below[whole[room]] |= {whole[target] for target in targets} - {whole[room]}

    def floor(room: str) -> int:
        return 1 + max(map(floor, below[room]), default=0)

    return {room: floor(whole[room]) for room in found}


def files_in_circles(package: Path = PACKAGE) -> int:
    """Modules that import each other in a circle, when every import is followed, wherever it stands."""
    modules = {".".join(path.relative_to(package).with_suffix("").parts): path for path in package.rglob("*.py")}
    modules = {name.removesuffix(".__init__"): path for name, path in modules.items() if name != "__init__"}
    found: dict[str, set[str]] = {name: set() for name in modules}
    for name, path in modules.items():
        here = path.relative_to(package).parts[:-1]
        for node in import_statements(path.read_text(encoding="utf-8")):
            if isinstance(node, ast.ImportFrom) and node.level:
                stem = [*here[: len(here) - node.level + 1], *(node.module or "").split(".")]
                base = ".".join(part for part in stem if part)
                for alias in node.names:
                    one = f"{base}.{alias.name}".lstrip(".")
                    found[name] |= {one if one in modules else base} & set(modules) - {name}
    return sum(map(len, circles(found)))


def upwards(package: Path = PACKAGE) -> list[str]:
    """Imports that the room table does not allow, with file and line."""
    wrong = []
    for path in sorted(package.rglob("*.py")):
        room = room_of(path, package)
        if (package / room).is_dir():
            allowed = ROOMS.get(room, set()) | {room, "_version"}
            wrong += [
                f"{path.relative_to(package)}:{line} imports {target or package.name}"
                for line, target in imports(path, package)
                if target not in allowed
            ]
    return wrong


def main() -> None:
    """Prints the figures of the package."""
    package = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else PACKAGE
    found = arrows(package)
    print(f"rooms             {len(found)}, {sum((package / room).is_dir() for room in found)} of them folders")
    print(f"arrows            {sum(map(len, found.values()))}")
    if package == PACKAGE:
        print(f"  upwards         {len(upwards(package))}")
    print(f"circles of rooms  {len(circles(found))}")
    print(f"files in circles  {files_in_circles(package)}")
    if len(sys.argv) > 2:
        start, _, end = sys.argv[2].partition(":")
        found[start].remove(end)
    inside = {room: below - LOOSE for room, below in found.items() if room not in LOOSE}
    print(f"floors            {max(floors(inside).values())}")


if __name__ == "__main__":
    main()
