"""What is refused before the work: a slip on the command line, for machines too, and a folder that takes no files."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from conversations import write_conversation
from folkmoot.cli import main as cli
from folkmoot.cli.first_run import refuse_unwritable
from folkmoot.cli.parts import Reader
from folkmoot.profile import InputError


def run(*words: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["folkmoot", *words])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("slate",), "SOURCE"),
        (("slate", "x", "--nothing"), "--nothing"),
        (("slate", "x", "--budget", "many"), "many"),
        (("nothing",), "nothing"),
    ],
)
def test_a_slip_is_an_object_for_machines(
    words: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words, "--json", monkeypatch=monkeypatch) == 2
    said = json.loads(capsys.readouterr().out)
    assert says in said["error"]
    assert said["exit_code"] == 2
    assert run(*words, monkeypatch=monkeypatch) == 2
    assert capsys.readouterr().out == ""


def test_exit_codes_stay_with_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("llm", "services", "--json", monkeypatch=monkeypatch) == 0
    assert run("slate", "--json", "--help", monkeypatch=monkeypatch) == 0
    capsys.readouterr()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--process", "nosuch"), "unknown process 'nosuch'"),
        (("--process", "robust:nosuch=1"), "no parameter 'nosuch'"),
        (("--process", "prose"), "take --engine llm"),
        (("--budget", "5..7", "--process", "nosuch"), "unknown process 'nosuch'"),
        (("--engine", "nosuch"), "unknown engine 'nosuch'"),
        (("--engine", "llm", "--model", "demo", "--process", "pav"), "choose one of prose"),
        (("--predict", "nosuch"), "unknown model 'nosuch'"),
        (("--lang", "xx"), "--lang must be"),
        (("--logo", "NOWHERE"), "name a picture as --logo"),
        (("--out", "FILE/folder"), "is a file; name a folder with --out"),
        (("--edit", "NOWHERE"), "as --edit"),
    ],
)
def test_what_no_source_could_change_is_said_before_it_is_read(
    words: tuple[str, ...],
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    places = {"NOWHERE": str(tmp_path / "nowhere"), "FILE/folder": str(tmp_path / "file" / "folder")}
    given = [places.get(word, word) for word in words]

    def read(reader: Reader) -> None:
        pytest.fail(f"{reader.source} was read")

    monkeypatch.setattr(Reader, "read", read)
    monkeypatch.chdir(tmp_path)
    source = write_conversation(tmp_path / "conversation")
    assert run("slate", str(source), *given, monkeypatch=monkeypatch) == 2
    said = capsys.readouterr()
    assert says in said.err
    assert "reading" not in said.err
    assert not (tmp_path / "folkmoot-out").exists()


def test_nothing_is_said_of_the_demo_model_where_it_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "votes.csv"
    source.write_text("participant,statement,vote\na,s1,1\nb,s1,-1\n", "utf-8")
    slate = tmp_path / "slate.json"
    slate.write_text('["s1"]', "utf-8")
    assert run("llm", "groups", str(source), str(slate), "--model", "demo", monkeypatch=monkeypatch) == 2
    said = capsys.readouterr()
    assert "folkmoot: " in said.err
    assert "DEMO" not in said.err + said.out


def test_a_folder_that_takes_no_files_is_refused_and_others_stay_as_they_are(tmp_path: Path) -> None:
    refuse_unwritable(tmp_path / "new" / "folder")
    assert not list(tmp_path.iterdir())
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(InputError, match="is a file; name a folder"):
        refuse_unwritable(tmp_path / "file" / "folder")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="there is no /proc here")
def test_proc_takes_no_files_whatever_its_permissions_say() -> None:
    with pytest.raises(InputError, match="cannot be written to; name another folder with --out"):
        refuse_unwritable(Path("/proc/x"))
