"""What the build cannot be told in pyproject.toml: the README with links that work outside the repository."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from setuptools import setup

ROOT = Path(__file__).resolve().parent
# A link or an image of Markdown; its target is the second group.
_LINK = re.compile(r"(!?\[[^\]]*\]\()([^)\s]+)(\))")


def readme(text: str, repository: str, version: str) -> str:
    """A README whose relative links lead into the repository at the tag of this version, images to the files as such.

    Args:
        text: the README, Markdown.
        repository: the address of the repository.
        version: the version that is built, whose tag begins with ``v``.
    """

    def absolute(match: re.Match[str]) -> str:
        before, target, after = match.groups()
        if re.match(r"[a-z]+:|#", target):
            return match.group()
        kind = "raw" if before.startswith("!") else "blob"
        return f"{before}{repository}/{kind}/v{version}/{target.removeprefix('./')}{after}"

    return _LINK.sub(absolute, text)


def built() -> dict[str, str]:
    """The readme of this version as setuptools takes it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names: dict[str, str] = {}
    exec((ROOT / "src" / "folkmoot" / "_version.py").read_text("utf-8"), names)  # noqa: S102 - our own file
    text = readme((ROOT / "README.md").read_text("utf-8"), project["urls"]["Repository"], names["__version__"])
    return {"long_description": text, "long_description_content_type": "text/markdown"}


if __name__ == "__main__":
    setup(**built())
