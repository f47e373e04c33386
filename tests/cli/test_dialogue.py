"""Two parties talk about a claim on the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from folkmoot.cli import main as cli

pytest.importorskip("pysat", reason="the extra sat is not installed")


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: object) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["folkmoot", "dialogue", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    printed = capsys.readouterr()
    return int(end.value.code or 0), printed.out + printed.err


@pytest.fixture
def parties(tmp_path: Path) -> tuple[Path, Path]:
    explainer, asker = tmp_path / "planner.txt", tmp_path / "shop.txt"
    explainer.write_text("# if cars, then noise\nnot cars or noise\nnot noise\n", encoding="utf-8")
    asker.write_text("cars\ntrees\n", encoding="utf-8")
    return explainer, asker


def test_the_asker_gives_up_what_contradicts_the_argument(
    parties: tuple[Path, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, printed = run(capsys, monkeypatch, *parties, "--claim", "not cars", "--json")
    assert code == 0
    found = json.loads(printed)
    assert [turn["act"] for turn in found["turns"]][:2] == ["why", "support"]
    assert set(found["turns"][1]["because"]) == {"not cars or noise", "not noise"}
    assert found["given_up"] == ["cars"]
    assert "trees" in found["asker_holds"]
    assert found["understanding"]["after"] > found["understanding"]["before"]
    code, printed = run(capsys, monkeypatch, *parties, "--claim", "not cars")
    assert "explainer, support: not cars" in printed
    assert "The asker gives up: cars." in printed


@pytest.mark.parametrize("place", [0, 1])
def test_the_file_that_contradicts_itself_is_named(
    place: int, parties: tuple[Path, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    parties[place].write_text("not cars\ncars\n", encoding="utf-8")
    code, printed = run(capsys, monkeypatch, *parties, "--claim", "not cars")
    assert code == 2
    assert f"{parties[place].name}: its sentences contradict each other; take out one" in printed
    assert "does not make" not in printed


def test_what_is_no_sentence_or_not_entailed_is_named(
    parties: tuple[Path, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, printed = run(capsys, monkeypatch, *parties, "--claim", "trees")
    assert code == 2
    assert "does not make 'trees' true" in printed
    parties[1].write_text("cars\ntrees or\n", encoding="utf-8")
    code, printed = run(capsys, monkeypatch, *parties, "--claim", "not cars")
    assert code == 2
    assert "row 2" in printed
    parties[1].write_text("# nothing\n", encoding="utf-8")
    assert "says nothing" in run(capsys, monkeypatch, *parties, "--claim", "not cars")[1]


def test_the_page_shows_the_files_and_what_is_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Path(__file__).parents[2]
    folder, page = root / "examples" / "dialogue", (root / "docs" / "howto" / "dialogue.md").read_text("utf-8")
    files = folder / "planner.txt", folder / "shop.txt"
    code, printed = run(capsys, monkeypatch, *files, "--claim", "not cars")
    assert code == 0
    assert f"```\n{printed.strip()}\n```" in page
    for file in files:
        held = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
        assert "```\n" + "\n".join(held) + "\n```" in page


def test_where_each_could_only_say_it_again_they_agree_to_disagree(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    explainer, asker = tmp_path / "one.txt", tmp_path / "other.txt"
    explainer.write_text("buses\nnot buses or trees\n", encoding="utf-8")
    asker.write_text("buses\nnot buses or not trees\n", encoding="utf-8")
    code, printed = run(capsys, monkeypatch, explainer, asker, "--claim", "trees")
    assert code == 0
    assert "agree to disagree" in printed
    assert "They agree to disagree on:" in printed
