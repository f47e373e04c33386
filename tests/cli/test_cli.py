"""The command line as a newcomer meets it: what it prints, what it writes, how it ends."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from conversations import write_conversation
from folkmoot.cli import main as cli


def run(*words: object, monkeypatch: pytest.MonkeyPatch) -> int:
    """Runs the command in this process; its exit code."""
    monkeypatch.setattr(sys, "argv", ["folkmoot", *map(str, words)])
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_slate_then_audit(
    conversation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    options = ("--budget", 60, "--draws", 3)
    assert run("slate", conversation, *options, "--out", out, monkeypatch=monkeypatch) == 0
    told = capsys.readouterr().out
    slate = json.loads((out / "slate.json").read_text("utf-8"))
    page = (out / "report.html").read_text("utf-8")
    for statement in slate["statements"]:
        assert statement["text"][:30] in told
        assert statement["text"][:30] in page
    assert str(out / "report.html") in told
    assert str(out / "review.html") in told
    review = (out / "review.html").read_text("utf-8")
    assert f"folkmoot slate {conversation}" in review
    assert str(conversation) not in page
    first = (out / "slate.json").read_bytes()
    assert run("slate", conversation, *options, "--out", out, monkeypatch=monkeypatch) == 0
    assert (out / "slate.json").read_bytes() == first
    capsys.readouterr()
    assert run("audit", conversation, out / "slate.json", "--rerun", monkeypatch=monkeypatch) == 0
    told = capsys.readouterr().out
    assert "Every recorded figure was reproduced." in told
    assert "Chosen again: the same list." in told
    again = tmp_path / "again.html"
    german = ("--draws", 0, "--html", again, "--lang", "de")
    assert run("audit", conversation, out / "slate.json", *german, monkeypatch=monkeypatch) == 0
    assert slate["statements"][0]["text"] in again.read_text("utf-8")
    assert '<html lang="de"' in again.read_text("utf-8")
    assert "Haben wir eine große Gruppe übersehen?" in capsys.readouterr().out
    assert run("audit", conversation, out / "slate.json", "--lang", "tlh", monkeypatch=monkeypatch) == 2
    assert "--lang must be" in capsys.readouterr().err


@pytest.mark.long
def test_a_doctored_slate_fails_the_audit(
    conversation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run("slate", conversation, "--budget", 60, "--draws", 0, "--out", tmp_path, monkeypatch=monkeypatch)
    slate = json.loads((tmp_path / "slate.json").read_text("utf-8"))
    slate["audit"]["utility"]["mean"] = 0.5
    (tmp_path / "slate.json").write_text(json.dumps(slate), "utf-8")
    capsys.readouterr()
    assert run("audit", conversation, tmp_path / "slate.json", "--json", monkeypatch=monkeypatch) == 1
    assert json.loads(capsys.readouterr().out)["recorded"]["figures"] is False
    assert run("audit", conversation, tmp_path / "slate.json", monkeypatch=monkeypatch) == 1
    assert "did NOT come out again: audit.utility" in capsys.readouterr().out


def test_json_output_is_one_object(
    conversation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ("--out", tmp_path / "o")
    assert run("slate", conversation, "--budget", 60, "--draws", 0, "--json", *out, monkeypatch=monkeypatch) == 0
    found = capsys.readouterr()
    assert json.loads(found.out)["schema"] == 1
    assert found.err == ""
    for words in (("audit", conversation, tmp_path / "o" / "slate.json"), ("doctor", conversation)):
        assert run(*words, "--json", monkeypatch=monkeypatch) == 0
        assert isinstance(json.loads(capsys.readouterr().out), dict)
    target = tmp_path / "again"
    assert run("convert", conversation, target, "--to", "polis", "--json", monkeypatch=monkeypatch) == 0
    assert json.loads(capsys.readouterr().out)["target"] == str(target)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("slate", "nowhere", "--budget", "5"), "no such file or folder"),
        (("slate", "{c}", "--budget", "0"), "--budget"),
        (("slate", "{c}", "--unit", "cost"), "give --budget"),
        (("slate", "{c}", "--budget", "9", "--process", "magic"), "unknown process 'magic'"),
        (("slate", "{c}", "--budget", "9", "--engine", "magic"), "unknown engine 'magic'"),
        (("slate", "{c}", "--budget", "9", "--levels", "1,2"), "must fall"),
        (("slate", "{c}", "--budget", "9", "--levels", "a"), "not a list of numbers"),
        (("slate", "{c}", "--budget", "9", "--levels", "nan"), "--levels must be a list of numbers"),
        (("slate", "{c}", "--budget", "1" + "0" * 20), "budget must be a whole number"),
        (("slate", "{c}", "--budget", "1"), "more than the budget of 1"),
        (("slate", "{c}", "--budget", "9", "--lock-in", "77"), "no statement '77'"),
        (("slate", "{c}", "--budget", "60", "--out", "{c}/summary.csv"), "name a folder with --out"),
        (("audit", "{c}", "nowhere.json"), "cannot be read"),
        (("convert", "{c}", "x", "--to", "papyrus"), "'papyrus'"),
        (("dance",), "dance"),
    ],
)
def test_bad_usage_ends_with_2_and_one_sentence(
    conversation: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(path.name for path in tmp_path.rglob("*"))
    assert run(*(word.replace("{c}", str(conversation)) for word in words), monkeypatch=monkeypatch) == 2
    found = capsys.readouterr()
    assert said in found.err
    assert "Traceback" not in found.err
    assert found.out == ""
    assert sorted(path.name for path in tmp_path.rglob("*")) == before, "nothing is written on bad input"


def test_hostile_text_cannot_move_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_conversation(tmp_path / "c")
    path = source / "comments.csv"
    hostile = "We need more \x1b[31mred\x1b[0m \u202e buses <script>alert(1)</script> now"
    path.write_text(path.read_text("utf-8").replace("We need more buses", hostile), "utf-8")
    out = tmp_path / "o"
    run("slate", source, "--budget", 60, "--draws", 0, "--lock-in", "0", "--out", out, monkeypatch=monkeypatch)
    run("audit", source, out / "slate.json", monkeypatch=monkeypatch)
    found = capsys.readouterr()
    assert "red" in found.out
    for character in ("\x1b", "\u202e"):
        assert character not in found.out + found.err
    page = (out / "report.html").read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_version_and_help(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version", monkeypatch=monkeypatch) == 0
    assert capsys.readouterr().out.strip() == "0.1.0"
    assert run("slate", "--help", monkeypatch=monkeypatch) == 0
    told = capsys.readouterr().out
    assert "democratic-fast" in told
    assert "--lock-in" in told


def test_interrupted_runs_leave_nothing_and_say_so(
    conversation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("folkmoot.engines.embedded.find_process", stop)
    out = tmp_path / "out"
    assert run("slate", conversation, "--budget", 60, "--out", out, monkeypatch=monkeypatch) == 130
    assert "stopped; nothing was written" in capsys.readouterr().err
    assert not list(tmp_path.glob("out/*"))


@pytest.mark.long
def test_studies_run_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--instances", 2, "--model", "random", "--levels", 1)
    assert run("study", "synthetic", *options, "--json", "--out", tmp_path / "s", monkeypatch=monkeypatch) == 0
    cells = json.loads(capsys.readouterr().out)["cells"]
    assert {cell["process"] for cell in cells} == {"uniform", "fast", "complex"}
    assert all(cell["violations"] == 0 for cell in cells if cell["process"] != "uniform")
    assert list((tmp_path / "s").glob("*.svg"))
    assert run("study", "counterexamples", monkeypatch=monkeypatch) == 0
    assert "GSC Theorem 5" in capsys.readouterr().out
    for words, said in ((("magic",), "unknown study"), (("counterexamples", "--agents", 5), "no option --agents")):
        assert run("study", *words, monkeypatch=monkeypatch) == 2
        assert said in capsys.readouterr().err
