"""`folkmoot prefs` from the command line: what it prints, what it writes, and what the page may not hold."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import folkmoot as fm
from folkmoot.cli.main import app
from folkmoot.profile import FolkmootError

ROOT = Path(__file__).parents[2]
MAKER = ROOT / "examples" / "preference-data" / "make.py"


def rows_made() -> list[dict[str, str]]:
    rows: list[dict[str, str]] = runpy.run_path(str(MAKER))["rows"]()
    return rows


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What the example prints, and the folder with what was written."""
    folder = tmp_path_factory.mktemp("prefs")
    file = folder / "prefs.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows_made()), encoding="utf-8")
    words = ["prefs", str(file), "--out", str(folder / "labelled.jsonl"), "--folder", str(folder / "out")]
    ended = CliRunner().invoke(app, words)
    assert ended.exit_code == 0, ended.output
    return ended.stdout, folder


def test_the_example_of_the_docs_prints_what_they_show(ran: tuple[str, Path]) -> None:
    page = (ROOT / "docs" / "preference-data.md").read_text(encoding="utf-8")
    shown = next(block for block in re.findall(r"```\n(.*?)```", page, re.DOTALL) if block.startswith("1,200"))
    said = ran[0].split("\n\npage:")[0]
    assert [" ".join(line.split()) for line in shown.split("\n") if line.strip()] == [
        " ".join(line.split()) for line in said.split("\n") if line.strip()
    ]


def test_labels_are_those_that_were_planted(ran: tuple[str, Path]) -> None:
    rows = [json.loads(line) for line in (ran[1] / "labelled.jsonl").read_text().splitlines()]
    made = rows_made()
    assert [{name: row[name] for name in made[0]} for row in rows] == made
    kinds = {row["annotator_id"]: row["kind"] for row in rows}
    assert all((kind == 2) == (int(name[1:]) % 3 == 0) for name, kind in kinds.items())
    assert all(0.0 < row["p_chosen"] < 1.0 for row in rows)
    sums = [sum(row["weight"] for row in rows if row["kind"] == kind) for kind in (1, 2)]
    assert sums[0] == pytest.approx(sums[1], rel=1e-3)  # each kind counts the same
    # a slip is what its annotator's kind would not have said
    slips = np.array([(int(row["annotator_id"][1:]) % 3 == 0) != row["chosen"].startswith("It") for row in rows])
    foreseen = np.array([row["p_chosen"] for row in rows])
    assert foreseen[slips].mean() < 0.3 < 0.7 < foreseen[~slips].mean()


def test_the_page_names_nobody_and_shows_no_small_group(ran: tuple[str, Path], tmp_path: Path) -> None:
    page = (ran[1] / "out" / "prefs.html").read_text(encoding="utf-8")
    record = json.loads((ran[1] / "out" / "prefs.json").read_text(encoding="utf-8"))
    assert record["kinds"] == [40, 20]
    assert not re.search(r"\bw\d\d\b", page + json.dumps(record))
    assert "<script" not in page
    assert "Whom one reward model fails" in page
    # three of a country: their row is left out, and so is the one that would give them away
    rows = [
        {**row, "country": "Rare" if row["annotator_id"] in ("w00", "w03", "w06") else "Many"} for row in rows_made()
    ]
    rows = [{**row, "prompt": "<b>" + row["prompt"]} for row in rows]
    found = fm.prefs(write(tmp_path, rows)).found
    from folkmoot.report.preference_page import preference_page

    page = preference_page(found)
    assert "Rare" not in page
    assert "Many" not in page
    assert "are left out" in page
    assert "<b>Question" not in page
    assert "&lt;b&gt;Question" in page
    assert {one.label for one in found.by_group["country"]} == {"Rare", "Many"}


def write(folder: Path, rows: list[dict[str, Any]]) -> Path:
    file = folder / "made.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def test_prompts_of_few_are_not_on_the_page(tmp_path: Path) -> None:
    """Whoever wrote a prompt alone can be known by it: pairs that few judged are for staff only."""
    rows = [{**row, "prompt": f"{row['prompt']} by {row['annotator_id']}"} for row in rows_made()[:300]]
    rows = [{**row, "chosen": row["chosen"][:9], "rejected": row["rejected"][:9]} for row in rows]
    found = fm.prefs(write(tmp_path, rows), kinds=2).found
    from folkmoot.report.preference_page import preference_page

    page = preference_page(found)
    assert not re.search(r"\bw\d\d\b", page)
    assert "by w" not in page
    few = fm.prefs(write(tmp_path, [row for row in rows_made() if row["annotator_id"] < "w03"])).found
    page = preference_page(few)
    assert "Too few annotators" in page
    assert "Krippendorff" not in page


def test_features_come_from_a_file_or_from_the_texts(tmp_path: Path) -> None:
    rows = rows_made()[:300]
    file = write(tmp_path, rows)
    longer = np.array([[[len(row["chosen"])], [len(row["rejected"])]] for row in rows], dtype=float)
    np.save(tmp_path / "length.npy", longer)
    words = ["prefs", str(file), "--folder", str(tmp_path / "out")]
    ended = CliRunner().invoke(app, [*words, "--features", str(tmp_path / "length.npy"), "--json"])
    assert ended.exit_code == 0, ended.output
    found = json.loads(ended.stdout)
    assert found["features"] == "given"
    large, small = found["reward"]
    assert large[0] < 0 < small[0]  # the large kind likes short answers
    np.save(tmp_path / "wrong.npy", longer[:7])
    for wrong, what in (
        (["--features", str(tmp_path / "wrong.npy")], r"features of shape 7 x 2 x 1 fit neither"),
        (["--features", str(file)], "is no array of numpy's"),
        (["--features", str(tmp_path / "length.npy"), "--embed"], "--features and --embed"),
        (["--id-column", "nobody"], "--id-column names a column that is not there"),
    ):
        ended = CliRunner().invoke(app, [*words, *wrong])
        assert isinstance(ended.exception, FolkmootError)
        assert re.search(what, str(ended.exception)) or re.search(what, flagged(str(ended.exception)))


def flagged(text: str) -> str:
    from folkmoot.cli.messages import flagged

    return flagged(text)


@pytest.mark.long
def test_texts_are_embedded_offline(tmp_path: Path) -> None:
    pytest.importorskip("wordllama")
    # every prompt is new, so only the texts tell what two pairs have in common
    rows = [{**row, "prompt": f"{n}: {row['prompt']}"} for n, row in enumerate(rows_made()[:500])]
    file = write(tmp_path, rows)
    alone, embedded = fm.prefs(file).found, fm.prefs(file, embed=True).found
    assert len(alone.kinds) == 1
    assert len(embedded.kinds) == 2
    assert min(one.mixture.value for one in embedded.by_kind) > 0.8
    assert min(one.pooled.value for one in embedded.by_kind) < 0.45


def test_without_annotators_there_are_no_kinds_and_agreement_is_measured(tmp_path: Path) -> None:
    rows = [{name: row[name] for name in ("prompt", "chosen", "rejected")} for row in rows_made()[:300]]
    ended = CliRunner().invoke(app, ["prefs", str(write(tmp_path, rows)), "--folder", str(tmp_path / "out")])
    assert ended.exit_code == 0, ended.output
    assert "annotators not told apart" in ended.stdout
    assert "kinds of annotators cannot be told apart" in ended.stdout
    assert "Krippendorff's alpha" in ended.stdout
