"""What is refused before the work: a slip on the command line, for machines too, and a folder that takes no files."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from folkmoot.cli import main as cli
from folkmoot.cli.first_run import refuse_unwritable
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
