"""The pages on processes and audits say what these declare today."""

from __future__ import annotations

from pathlib import Path

from folkmoot.audits import AUDITS
from folkmoot.report.pages import pages

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_pages_are_those_that_would_be_written_now() -> None:
    found = {
        path.relative_to(DOCS).as_posix(): path.read_text("utf-8")
        for folder in ("processes", "audits")
        for path in (DOCS / folder).glob("*.md")
    }
    assert found == pages(), "run: python -m folkmoot.report.pages docs"


def test_every_guarantee_is_explained() -> None:
    for text in pages().values():
        assert "* ejr_" not in text


def test_every_audit_says_what_it_is_and_what_else_there_is() -> None:
    made = pages()
    for id, entry in AUDITS.items():
        page = made[f"audits/{id}.md"]
        for said in (entry.says, entry.exactness, entry.complexity, entry.limit, entry.source):
            assert said, id
            assert said in page
        # Only what has no limit needs nothing instead.
        assert bool(entry.instead) == (not entry.limit.startswith("none")), id
