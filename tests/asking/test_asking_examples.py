"""The worked examples of docs/asking.md run as they stand: one for a survey, one for an assistant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def block(word: str) -> str:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "asking.md").read_text("utf-8"), re.DOTALL)
    (found,) = (each for each in blocks if word in each)
    return str(found)


def test_a_weekend_in_lisbon(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    exec(block("Clarifier"), names)
    out = capsys.readouterr().out
    assert "Up the hill: on foot, by tram, or in a taxi?" in out
    assert "way on foot 1.0 said" in out
    assert re.search(r"guessed$", out, re.MULTILINE)


@pytest.mark.long
def test_a_survey(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    exec(block("newcomer"), {})
    assert "worth" in capsys.readouterr().out
