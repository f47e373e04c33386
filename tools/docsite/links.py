"""Which links between pages lead nowhere: the page or the heading that they name is not there."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from .assemble import FENCE, LINK

_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
_ID = re.compile(r'\bid="([^"]+)"|\{#([\w-]+)\}')


def broken(folder: Path) -> list[str]:
    """A line for every link that leads nowhere: the page it stands on, and the link.

    Args:
        folder: the folder of the pages, Markdown.
    """
    found: list[str] = []
    for page in sorted(folder.rglob("*.md")):
        text = re.sub(r"`[^`\n]*`", "", FENCE.sub("", page.read_text("utf-8")))
        for match in LINK.finditer(text):
            target = match[2]
            path, _, anchor = target.partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            to = (page.parent / path) if path else page
            if not to.exists() or to.is_dir():
                found.append(f"{page.relative_to(folder)}: {target} is not there")
            elif anchor and to.suffix == ".md" and anchor not in anchors(to):
                found.append(f"{page.relative_to(folder)}: {target} names a heading that is not there")
    return found


@cache
def anchors(page: Path) -> frozenset[str]:
    """The names by which parts of a page can be linked to."""
    text = FENCE.sub("", page.read_text("utf-8"))
    named = {one or other for one, other in _ID.findall(text)}
    return frozenset({slug(match[1]) for match in _HEADING.finditer(text)} | named)


def slug(heading: str) -> str:
    """The name of a heading, as the site's builder makes it.

    >>> slug("What `doctor` says: the *first* lines")
    'what-doctor-says-the-first-lines'
    """
    bare = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").replace("*", "")
    plain = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())
