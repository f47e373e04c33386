"""Writing: whole or not at all, through links, never over devices, and the right blame."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from formats_samples import PROSE, RATINGS, file_of

from folkmoot.formats import read, write
from folkmoot.formats.writing import in_file, in_files, writable
from folkmoot.profile import InputError, WorkError


def test_a_link_is_written_through_and_stays_a_link(tmp_path: Path) -> None:
    real = file_of(tmp_path, "old", "real.csv")
    link = tmp_path / "link.csv"
    link.symlink_to(real)
    in_file(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"


@pytest.mark.parametrize("kind", ["pipe", "device", "nothing", "circle", "folder"])
def test_what_is_no_regular_file_is_left_alone(kind: str, tmp_path: Path) -> None:
    target = tmp_path / "target"
    if kind == "pipe":
        os.mkfifo(target)
    elif kind == "folder":
        target.mkdir()
    else:
        target.symlink_to({"device": "/dev/null", "nothing": str(tmp_path / "gone"), "circle": str(target)}[kind])
    before = target.lstat()
    with pytest.raises(InputError, match=r"name a regular file|name the file to write"):
        in_files({tmp_path / "other": "x", target: "text"})
    assert (target.lstat().st_mode, target.lstat().st_ino) == (before.st_mode, before.st_ino)
    assert [p.name for p in tmp_path.iterdir()] == ["target"]
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize(
    ("number", "blame"),
    [(errno.ENOSPC, WorkError), (errno.EIO, WorkError), (errno.EROFS, InputError), (errno.EACCES, InputError)],
)
def test_a_full_disk_is_no_bad_input(
    number: int, blame: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(blame, match=rf"out\.csv.*cannot be written \({os.strerror(number)}\)"):
        in_file(tmp_path / "out.csv", "text")
    monkeypatch.undo()
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file or directory"):
        in_file(tmp_path / "gone" / "out.csv", "text")


def test_writable_makes_the_folder_and_leaves_nothing_in_it(tmp_path: Path) -> None:
    writable(tmp_path / "a" / "b")
    assert not list((tmp_path / "a" / "b").iterdir())
    with pytest.raises(InputError, match=r"a file is there\); name a folder"):
        writable(file_of(tmp_path, "x"))
    with pytest.raises(InputError, match="cannot be written"):
        writable(file_of(tmp_path, "x") / "sub")


def test_writable_says_that_a_folder_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "open", fail)
    with pytest.raises(InputError, match="cannot be written"):
        writable(tmp_path)


def test_preflib_needs_statements_and_answers(tmp_path: Path) -> None:
    texts = read(file_of(tmp_path, PROSE))
    with pytest.raises(InputError, match=r"no statements to rank; write texts instead \(`format='texts'`\)"):
        write(texts, tmp_path / "out.toc", "preflib")
    assert not (tmp_path / "out.toc").exists()


def test_refusals_name_targets_that_exist(tmp_path: Path) -> None:
    ratings = read(file_of(tmp_path, RATINGS))
    with pytest.raises(InputError, match="write `format='ratings'`, `format='pabulib'` or `format='preflib'` instead"):
        write(ratings, tmp_path / "out", "polis")
