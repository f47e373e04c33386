"""After the site is built: every page as Markdown beside its HTML, and ``llms.txt``, a list of them for machines."""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from pathlib import Path

from .assemble import FENCE, ROOT

# The parts of the list, by how the place of a page begins; what fits none stands in the last.
PARTS = {
    "Tutorials": ("tutorials/",),
    "How-to": ("howto/", "files.md", "language.md", "asking.md", "reliability.md"),
    "Reference": ("reference/", "processes/", "audits/", "formats.md", "preferences.md", "glossary.md"),
    "Explanation": ("",),
}


def main() -> None:
    """``python -m docsite.published PAGES SITE``"""
    pages, site = Path(sys.argv[1]), Path(sys.argv[2])
    for page in sorted(pages.rglob("*.md")):
        target = site / page.relative_to(pages)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(page, target)
    (site / "llms.txt").write_text(listed(pages), encoding="utf-8")


def listed(pages: Path) -> str:
    """``llms.txt``: what the project is, and every page with its address and its first sentence.

    Args:
        pages: the folder of the pages.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    address = project["urls"]["Documentation"].rstrip("/")
    parts: dict[str, list[str]] = {part: [] for part in PARTS}
    for page in sorted(pages.rglob("*.md")):
        place = page.relative_to(pages).as_posix()
        title, sentence = about(page.read_text("utf-8"))
        part = next(name for name, starts in PARTS.items() if place.startswith(starts))
        parts[part].append(f"- [{title or place}]({address}/{place}){': ' + sentence if sentence else ''}")
    lines = ["# folkmoot", "", f"> {project['description']}", ""]
    for part, entries in parts.items():
        lines += [f"## {part}", "", *entries, ""]
    return "\n".join(lines)


def about(text: str) -> tuple[str, str]:
    """The title of a page, and its first sentence, both plain."""
    title, first = "", ""
    for block in re.split(r"\n\s*\n", FENCE.sub("", text)):
        if not title and (heading := re.match(r"#\s+(.+)", block.strip())):
            title = plain(heading[1])
        elif title and re.match(r"[*_\[`\w]", block.strip()) and not block.startswith(("Made by", "[Download")):
            first = re.split(r"(?<=[.!?])\s", plain(block))[0]
            break
    return title, first[:300]


def plain(text: str) -> str:
    """Markdown without its signs, on one line."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return " ".join(re.sub(r"[*`]|^\s*[-*] ", "", text).split())


if __name__ == "__main__":
    main()
