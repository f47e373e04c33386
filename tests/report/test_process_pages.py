"""The pages on processes say what the processes declare today."""

from __future__ import annotations

from pathlib import Path

from folkmoot.report.process_pages import MEANING, pages

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "processes"


def test_the_pages_are_those_that_would_be_written_now() -> None:
    found = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.md")}
    assert found == pages(), "run: python -m folkmoot.report.process_pages docs/processes"


def test_every_guarantee_is_explained() -> None:
    for text in pages().values():
        assert "* ejr_" not in text
    assert all(" " in meaning for meaning in MEANING.values())
