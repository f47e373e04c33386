"""The first run: a bundled conversation, the next command, what was there before, and progress in a log."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conversations import write_conversation
from folkmoot.cli import main as cli
from folkmoot.cli.first_run import next_step
from folkmoot.cli.progress import Progress, duration, progress_words
from folkmoot.formats import doctor, read
from folkmoot.profile import Agents, Answers, Profile, Statements
from folkmoot.report.translations import words

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process: its exit code and what it printed."""

    def ran(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["folkmoot", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        return (code, *capsys.readouterr())

    return ran


def test_doctor_ends_with_a_command_that_works(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_conversation(tmp_path / "what's new, 'Großau'")
    code, told, _ = run("doctor", folder, "--flip-votes")
    assert code == 0
    name, command = told.splitlines()[-1].split(maxsplit=1)
    assert name == "next"
    words = shlex.split(command)
    assert words == ["folkmoot", "slate", str(folder), "--flip-votes"]
    monkeypatch.chdir(tmp_path)
    code, told, _ = run(*words[1:], "--draws", 0)
    assert code == 0
    assert (tmp_path / "folkmoot-out" / folder.name / "slate.json").is_file()
    assert json.loads(run("doctor", folder, "--flip-votes", "--json")[1])["next"] == command


def test_nothing_to_choose_from_has_no_next_command() -> None:
    nobody = Profile(Agents(("a",)), Statements(("s",), ("More trees",)), Answers.none())
    command, why = next_step(doctor(nobody), ["x.csv"], words("en"))
    assert not command
    assert "nothing to choose from" in why


def test_where_few_wrote_and_all_rated_the_ratings_come_first(tmp_path: Path) -> None:
    wrote = ["Buses ought to run until midnight.", "Please mend the steps down to the river.", *[""] * 7]
    people = [f"p{i},{i % 5 + 1},{(i + 2) % 5 + 1},{text}" for i, text in enumerate(wrote)]
    path = tmp_path / "survey.csv"
    path.write_text("\n".join(["participant,More trees,Fewer cars,comment", *people]) + "\n", "utf-8")
    assert "read their ratings with --rating-columns" in next_step(doctor(read(path)), [str(path)], words("en"))[1]
    rated = read(path, rating_columns=["More trees", "Fewer cars"])
    assert next_step(doctor(rated), [str(path)], words("en"))[1] == ""


def test_an_unsettled_sign_comes_first(tmp_path: Path) -> None:
    folder = write_conversation(tmp_path / "conversation")
    comments = folder / "comments.csv"
    header, *rows = comments.read_text("utf-8").splitlines()
    place = header.split(",").index("agrees")
    swapped = [row.split(",") for row in rows]
    for cells in swapped:
        cells[place], cells[place + 1] = "3", "3"
    comments.write_text("\n".join([header, *map(",".join, swapped)]) + "\n", "utf-8")
    command, before = next_step(doctor(read(folder)), [str(folder)], words("en"))
    assert command.startswith("folkmoot slate ")
    assert "sign" in before


def test_what_was_there_before_is_named(run: Run, conversation: Path, tmp_path: Path) -> None:
    options = ("slate", conversation, "--budget", 30, "--draws", 0, "--out", tmp_path / "out")
    assert "replaced" not in run(*options)[1]
    code, told, _ = run(*options)
    assert code == 0
    assert f"replaced, as they were there before: {tmp_path / 'out' / 'slate.json'}" in told


@pytest.mark.long
def test_the_demonstration_needs_nothing_but_the_package(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    command = [sys.executable, "-m", "folkmoot", "demo", "--json", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    body = json.loads(done.stdout)
    assert len(body["statements"]) == 15
    assert body["n_agents"] == 2031
    assert {path.name for path in out.iterdir()} >= {"slate.json", "report.html"}


def test_an_error_is_json_where_the_result_would_be(run: Run, tmp_path: Path) -> None:
    code, out, err = run("doctor", tmp_path / "nosuch.csv", "--json")
    assert code == 2
    assert json.loads(out) == {"error": err.strip().removeprefix("folkmoot: "), "exit_code": 2}
    assert run("doctor", tmp_path / "nosuch.csv")[1] == ""


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_log_has_a_line_every_half_minute(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    progress = Progress(quiet=False, clock=clock)  # not entered: nothing else says anything
    progress("fitting", 0.0)
    clock.now = 29.0
    progress.remind()
    clock.now = 31.0
    progress("fitting", 0.25)
    clock.now = 60.0
    progress("fitting", 0.5)
    clock.now = 62.0
    progress("fitting", 0.5)
    progress("drawing", 0.0)
    clock.now = 162.0
    progress.remind()
    progress.detail("12 of 40 calls")
    clock.now = 200.0
    progress.remind()
    assert capsys.readouterr().err.splitlines() == [
        "fitting …",
        "fitting: 25% done, about 2 minutes left …",
        "fitting: 50% done, about 62 seconds left …",
        "drawing …",
        "drawing: 2 minutes so far …",
        "drawing: 12 of 40 calls …",
    ]


def test_work_that_reports_nothing_is_seen_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    import threading

    said = threading.Event()
    with Progress(quiet=False, every=0.02) as progress:
        progress("solving", 0.0)
        printing = progress._print

        def heard(line: str) -> None:
            printing(line)
            said.set()

        progress._print = heard  # type: ignore[method-assign]
        assert said.wait(30)
    assert "solving: 1 second so far …" in capsys.readouterr().err
    with Progress(quiet=True) as progress:
        progress("solving", 0.5)
        progress.remind()
    assert capsys.readouterr().err == ""


def test_times_in_words() -> None:
    assert progress_words(0.5, 3600) == "50% done, about 60 minutes left"
    assert progress_words(1.0, 5) == "5 seconds so far"
    assert duration(7200) == "2 hours"
    assert duration(6000) == "1 hour, 40 min"
