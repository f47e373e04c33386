"""All pages of the site in one folder: those of ``docs/``, those made from the code, and the tutorials."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from posixpath import dirname, normpath, relpath

from . import api, commands, notebooks

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
# Pages that stand elsewhere in the repository, by their place in the site.
BESIDE = {
    "contributing.md": "CONTRIBUTING.md",
    "changelog.md": "CHANGELOG.md",
    "benchmarks.md": "benchmarks/README.md",
}
LINK = re.compile(r"(!?\[(?:[^\[\]]|\[[^\]]*\])*\]\()([^)\s]+)(\))")
FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)


def repository() -> str:
    """The address of the repository, as the package declares it."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    address: str = declared["project"]["urls"]["Repository"]
    return address


def assemble(target: Path) -> None:
    """Writes every page and what pages show.

    Args:
        target: the folder, which is emptied first.
    """
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(DOCS, target, ignore=shutil.ignore_patterns("__pycache__", "*.ipynb_checkpoints"))
    for place, source in BESIDE.items():
        shutil.copy(ROOT / source, target / place)
    made = {**api.pages(), **commands.pages(), **notebooks.pages(DOCS / "tutorials")}
    for place, text in made.items():
        path = target / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    origin = {path.relative_to(DOCS).as_posix(): f"docs/{path.relative_to(DOCS).as_posix()}" for path in files(DOCS)}
    origin = {place.replace(".ipynb", ".md"): source for place, source in origin.items()} | BESIDE
    for path in target.rglob("*.md"):
        place = path.relative_to(target).as_posix()
        if place in origin and place not in made:
            path.write_text(moved(path.read_text("utf-8"), place, origin), encoding="utf-8")


def files(folder: Path) -> list[Path]:
    """The files of a folder and those below it."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def moved(text: str, place: str, origin: Mapping[str, str]) -> str:
    """A page whose links lead where they led in the repository: to another page, or into the repository itself.

    Args:
        text: the page, Markdown.
        place: its place in the site.
        origin: the place in the repository of everything in the site that has one.
    """
    where = {source: page for page, source in origin.items()}
    here = origin[place]

    def led(match: re.Match[str]) -> str:
        before, target, after = match.groups()
        path, hash_sign, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target) or not path:
            return match.group()
        source = normpath(f"{dirname(here)}/{path}".lstrip("/"))
        if source in where:
            return f"{before}{relpath(where[source], dirname(place) or '.')}{hash_sign}{anchor}{after}"
        index = f"{source}/README.md"
        if index in where:
            return f"{before}{relpath(where[index], dirname(place) or '.')}{hash_sign}{anchor}{after}"
        if (ROOT / source).exists() and not source.startswith(("docs/", "..")):
            kind = "raw" if before.startswith("!") else "tree" if (ROOT / source).is_dir() else "blob"
            return f"{before}{repository()}/{kind}/main/{source}{hash_sign}{anchor}{after}"
        return match.group()

    return outside_code(text, lambda part: LINK.sub(led, part))


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """A page of which everything but the blocks of code is changed."""
    parts: list[str] = []
    start = 0
    for block in FENCE.finditer(text):
        parts += [change(text[start : block.start()]), block.group()]
        start = block.end()
    return "".join([*parts, change(text[start:])])
