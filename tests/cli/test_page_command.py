"""The page for the public on the command line: written with the slate, and again from its record."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from conversations import write_conversation
from folkmoot.cli import main as cli

PUBLIC = ("report.html", "statements.csv", "slate-public.json")


def run(*words: object, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["folkmoot", *map(str, words)])
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A conversation whose people are e-mail addresses, and the folder of its slate."""
    folder = tmp_path_factory.mktemp("page")
    source = write_conversation(folder / "conversation")
    votes = source / "participants-votes.csv"
    text = votes.read_text("utf-8")
    votes.write_text(re.sub(r"(?m)^(\d+),", r"citizen\1@example.org,", text), "utf-8")
    comments = source / "comments.csv"
    rows = re.sub(r"(?m)^(1500000000000,x,\d+,)(\d+)", r"\1citizen\2@example.org", comments.read_text("utf-8"))
    comments.write_text(rows, "utf-8")
    patch = pytest.MonkeyPatch()
    out = folder / "out"
    with patch.context() as context:
        options = ("--budget", 3, "--unit", "statements", "--draws", 0)
        assert run("slate", source, *options, "--publisher", "City", "--out", out, monkeypatch=context) == 0
    return source, out


def test_nobody_is_named_in_what_is_published(made: tuple[Path, Path]) -> None:
    source, out = made
    assert "citizen7@example.org" in (out / "slate.json").read_text("utf-8")
    assert "citizen7@example.org" in (out / "review.html").read_text("utf-8")
    for name in PUBLIC:
        text = (out / name).read_text("utf-8")
        assert "@example.org" not in text, name
        assert str(source) not in text, name
        assert "Our town" in text or name == "statements.csv"
    assert "City" in (out / "report.html").read_text("utf-8")


def test_the_page_is_made_again_from_the_record(
    made: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out = made
    words = ("page", out / "slate.json", "--out", tmp_path / "de", "--lang", "de", "--title", "Unsere Stadt")
    assert run(*words, "--date", "2026-11-29", monkeypatch=monkeypatch) == 0
    assert "to publish" in capsys.readouterr().out
    page = (tmp_path / "de" / "report.html").read_text("utf-8")
    for text in ('<html lang="de"', "Unsere Stadt", "Veröffentlicht am 29. November 2026", "Menschen"):
        assert text in page
    assert sorted(path.name for path in (tmp_path / "de").iterdir()) == sorted([*PUBLIC, "page.json"])
    assert run("page", out / "slate.json", "--out", tmp_path / "x", "--json", monkeypatch=monkeypatch) == 0
    written = json.loads(capsys.readouterr().out)["written"]
    assert [Path(name).name for name in written] == list(PUBLIC)


def test_statements_are_hidden_by_their_ids(
    made: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out = made
    first = json.loads((out / "slate.json").read_text("utf-8"))["statements"][0]
    words = ("page", out / "slate.json", "--out", tmp_path)
    assert run(*words, "--hide", first["id"], monkeypatch=monkeypatch) == 0
    page = (tmp_path / "report.html").read_text("utf-8")
    assert first["text"] not in page
    assert "1 statement was hidden by the publisher." in page
    capsys.readouterr()
    assert run(*words, "--hide", "nope", monkeypatch=monkeypatch) == 2
    assert "--hide names statement 'nope'" in capsys.readouterr().err


def test_what_is_not_given_stays_as_the_last_page_had_it(
    made: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out = made
    first = json.loads((out / "slate.json").read_text("utf-8"))["statements"][0]
    logo = tmp_path / "logo.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', "utf-8")
    folder = tmp_path / "page"
    words = ("page", out / "slate.json", "--out", folder)
    asked = ("--hide", first["id"], "--title", "Our plan", "--contact", "me@city.example", "--logo", logo)
    assert run(*words, *asked, monkeypatch=monkeypatch) == 0
    told = capsys.readouterr().out
    assert "replaced" not in told
    # The publisher is of the run of `slate`.
    assert f"taken over from {out / 'page.json'}: --publisher City" in told
    assert run(*words, "--licence", "CC0", monkeypatch=monkeypatch) == 0
    told = capsys.readouterr().out
    page = (folder / "report.html").read_text("utf-8")
    assert first["text"] not in page
    for text in ("Our plan", "City", "me@city.example", "CC0", "data:image/svg"):
        assert text in page
    for flag in ("--title 'Our plan'", "--publisher City", "--contact", "--logo", f"--hide {first['id']}"):
        assert flag in told
    assert "--licence" not in told
    assert f"replaced, as they were there before: {folder / 'report.html'}" in told
    # An empty value resets an option, and only that one; it stays reset.
    reset = ("--hide", "", "--logo", "", "--title", "")
    assert run(*words, *reset, monkeypatch=monkeypatch) == 0
    capsys.readouterr()
    assert run(*words, "--json", monkeypatch=monkeypatch) == 0
    said = json.loads(capsys.readouterr().out)
    page = (folder / "report.html").read_text("utf-8")
    assert first["text"] in page
    assert "Our plan" not in page
    assert "data:image/svg" not in page
    assert said["taken_over"] == ["--publisher", "--contact", "--licence"]
    assert len(said["replaced"]) == 3


def test_a_record_that_is_none_and_a_picture_that_went_are_said(
    made: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out = made
    words = ("page", out / "slate.json", "--out", tmp_path)
    record = tmp_path / "page.json"
    for text in ("[]", "{", '{"page": {"title": 3}}', '{"page": {"nothing": "x"}}', '{"page": {"hidden": "1"}}'):
        record.write_text(text, "utf-8")
        assert run(*words, monkeypatch=monkeypatch) == 2
        assert "does not hold the options of a page; delete it" in capsys.readouterr().err
    record.write_text(json.dumps({"page": {"logo": str(tmp_path / "gone.png"), "hidden": ["gone"]}}), "utf-8")
    assert run(*words, monkeypatch=monkeypatch) == 2
    assert "--logo '' for none" in capsys.readouterr().err
    assert run(*words, "--logo", "", monkeypatch=monkeypatch) == 0
    assert "stand nowhere on the page: gone" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--lang", "xx"), "--lang must be de or en"),
        (("--hide", "nope"), "the source has no statement 'nope'"),
        (("--same", "1,nope"), "the source has no statement 'nope'"),
        (("--same", "1"), "--same needs at least two ids"),
        (("--date", "yesterday"), "--date must be a day like 2026-11-29"),
        (("--logo", "nowhere.png"), "nowhere.png: cannot be read"),
    ],
)
def test_what_a_page_cannot_say_is_refused_before_the_work(
    words: tuple[str, ...],
    says: str,
    made: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source, _ = made
    monkeypatch.setattr("folkmoot.slates.choose.choose_slate", lambda *_, **__: pytest.fail("it began to choose"))
    code = run("slate", source, "--budget", 3, *words, "--out", tmp_path / "out", monkeypatch=monkeypatch)
    assert code == 2
    assert says in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "out").exists()


def test_ids_that_stand_nowhere_on_the_page_are_named(
    made: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = made
    from folkmoot.profile import Slate
    from folkmoot.report.public.page import shown

    there = shown(Slate.load(out / "slate.json"))
    absent = next(str(number) for number in range(15, -1, -1) if str(number) not in there)
    options = ("--budget", 3, "--unit", "statements", "--draws", 0, "--hide", absent)
    assert run("slate", source, *options, "--out", tmp_path / "out", monkeypatch=monkeypatch) == 0
    assert f"stand nowhere on the page: {absent}" in capsys.readouterr().out
