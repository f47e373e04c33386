"""Budgets on the command line: none, a number, a range; and the organisers' wordings."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from conversations import write_conversation
from folkmoot.cli import main as cli
from folkmoot.cli.sweep import WantedGoal
from folkmoot.profile.declared import declared
from folkmoot.profile.options import Goal


def run(*words: object, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["folkmoot", *map(str, words)])
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_conversation(tmp_path / "c")


def test_the_flags_are_those_of_the_goal() -> None:
    ours, goal = declared(WantedGoal), declared(Goal)
    assert list(ours) == list(goal)
    assert [each.flag for each in ours.values()] == [each.flag for each in goal.values()]
    assert [ours[name].default for name in ours] == [goal[name].default for name in goal]


@pytest.mark.long
def test_a_range_prints_a_table_and_writes_nothing(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(source.parent.iterdir())
    words = ("slate", source, "--budget", "3..5", "--unit", "statements", "--draws", 2)
    assert run(*words, monkeypatch=monkeypatch) == 0
    printed = capsys.readouterr().out
    rows = [line.split() for line in printed.splitlines() if line.strip()[:1].isdigit()]
    assert [int(row[0]) for row in rows] == [3, 4, 5]
    assert max(len(line) for line in printed.splitlines()) <= 80
    assert "Shown are" not in printed
    assert run(*words, "--json", monkeypatch=monkeypatch) == 0
    body = json.loads(capsys.readouterr().out)
    assert (body["unit"], [row["budget"] for row in body["budgets"]]) == ("statements", [3, 4, 5])
    assert sorted(source.parent.iterdir()) == before


@pytest.mark.long
def test_a_wide_range_says_which_budgets_are_shown(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("slate", source, "--budget", "20..60", "--draws", 0, monkeypatch=monkeypatch) == 0
    printed = capsys.readouterr().out
    assert "Shown are 9 of the 41 budgets from 20 to 60." in printed


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--budget", "six"], "--budget 'six' is no whole number and no range; write it like 12, or 6..24"),
        (["--budget", "6.."], "--budget '6..' is no whole number and no range"),
        (["--budget", "9..6"], "--budget cannot be the range 9..6"),
        (["--budget", "0"], "--budget must be a whole number of at least 1"),
        (["--budget", "6..9", "--out", "x"], "a range of budgets has no use for --out"),
        (["--budget", "1..9"], "(a range of numbers of statements: --unit statements)"),
        (["--engine", "llm", "--model", "m", "--dry-run", "--unit", "cost"], "give --budget"),
        (["--edit", "none.csv"], "none.csv: cannot be read"),
    ],
)
def test_what_cannot_be_is_said_in_flags(
    words: list[str],
    message: str,
    source: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FOLKMOOT_MODEL", "m")
    assert run("slate", source, *words, monkeypatch=monkeypatch) == 2
    assert message in " ".join(capsys.readouterr().err.split())


@pytest.mark.long
def test_no_budget_and_an_edit_from_a_file(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("edits.csv").write_text("id,text\n0,More buses and better schools.\n", encoding="utf-8")
    words = ("slate", source, "--edit", "edits.csv", "--draws", 2, "--out", "out", "--lock-in", "0")
    assert run(*words, monkeypatch=monkeypatch) == 0
    printed = capsys.readouterr().out
    assert "No budget was given" in printed
    slate = json.loads(Path("out/slate.json").read_text("utf-8"))
    (own,) = [s for s in slate["statements"] if s["id"] == "0"]
    assert own["text"] == "More buses and better schools."
    assert own["original"].startswith("We need more buses")
    assert run("audit", source, "out/slate.json", "--rerun", monkeypatch=monkeypatch) == 0
    printed = capsys.readouterr().out
    assert "Every recorded figure was reproduced." in printed
    assert "Chosen again: the same list." in printed
