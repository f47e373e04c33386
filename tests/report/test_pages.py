"""The pages on processes and audits say what these declare today."""

from __future__ import annotations

from pathlib import Path

import pytest

from folkmoot.audits import AUDITS
from folkmoot.report.pages import main, pages, stale

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_pages_are_those_that_would_be_written_now() -> None:
    assert stale(DOCS) == [], "run: make docs"


def test_what_is_stale_is_written_and_what_is_gone_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["pages", str(tmp_path)])
    main()
    assert stale(tmp_path) == []
    (tmp_path / "processes" / "pav.md").write_text("old", encoding="utf-8")
    (tmp_path / "audits" / "gone.md").write_text("gone", encoding="utf-8")
    assert stale(tmp_path) == ["audits/gone.md", "processes/pav.md"]
    capsys.readouterr()
    main()
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == ["removed", "written"]
    assert stale(tmp_path) == []


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
