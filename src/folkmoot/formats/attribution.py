"""Whose data it is: a note beside the files that is carried into every slate and report."""

from __future__ import annotations

from pathlib import Path

NAME = "ATTRIBUTION.txt"
LONGEST = 4_000


def attribution(source: Path) -> str | None:
    """The text of ``ATTRIBUTION.txt`` beside a source, None if there is no such file; at most 4,000 characters."""
    file = (source if source.is_dir() else source.parent) / NAME
    if not file.is_file():
        return None
    text = file.read_bytes()[: 4 * LONGEST].decode("utf-8", "replace")
    return " ".join(text.split())[:LONGEST] or None
