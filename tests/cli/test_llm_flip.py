"""``folkmoot llm flip`` against simulated models, as docs/language.md shows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from endpoint_process import simulated, state
from folkmoot.cli.main import app

ROOT = Path(__file__).parents[2]
SOURCE = str(ROOT / "examples" / "bowling-green")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("OPENAI_BASE_URL", "OPENAI_MODEL", "OPENAI_API_KEY", "FOLKMOOT_LLM_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.long
def test_the_page_shows_what_is_printed_and_the_dry_run_counts_what_is_sent(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words = ["llm", "flip", SOURCE, "--model", "simulated", "--price", "1/2"]
    with simulated("--opinion", "follows") as url:
        environment.setenv("FOLKMOOT_LLM_BASE_URL", url)
        dry = json.loads(CliRunner().invoke(app, [*words, "--out", str(tmp_path), "--dry-run", "--json"]).stdout)
        assert state(url)["answered"] == 0
        done = CliRunner().invoke(app, [*words, "--out", str(tmp_path)])
        assert state(url)["answered"] == dry["calls"] == 120
    assert done.exit_code == 0
    assert "texts of statements go to 127.0.0.1" in done.stderr
    assert done.stdout.strip() in (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    # what is in the ledger is not asked for again: the endpoint is gone
    again = CliRunner().invoke(app, [*words, "--out", str(tmp_path), "--json"])
    assert json.loads(again.stdout)["verdict"] == "follows"


def test_a_model_with_opinions_of_its_own_is_steady_and_the_demo_has_none(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with simulated("--opinion", "own") as url:
        environment.setenv("FOLKMOOT_LLM_BASE_URL", url)
        words = ["llm", "flip", SOURCE, "--model", "simulated", "--statements", "20", "--out", str(tmp_path), "--json"]
        found = json.loads(CliRunner().invoke(app, words).stdout)
    assert found["verdict"] == "steady"
    assert found["statements"] == len(found["by_statement"]) == 20
    assert found["net"][0] == 0.0
    refused = CliRunner().invoke(app, ["llm", "flip", SOURCE, "--model", "demo"])
    assert "no opinions" in str(refused.exception)
    environment.delenv("FOLKMOOT_LLM_BASE_URL")
    unnamed = CliRunner().invoke(app, ["llm", "flip", SOURCE, "--model", "one"])
    assert "no endpoint is named" in str(unnamed.exception)
    assert "demo" not in str(unnamed.exception)  # which is refused here
