"""An event log read as a stream: the same people, answers, notes and facts as in memory."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from folkmoot import read
from folkmoot.cli import large as command
from folkmoot.cli.main import app
from folkmoot.cli.parts import Reader
from folkmoot.profile import InputError, Options, fingerprint
from folkmoot.profile.executors import InProcess, executor_of
from folkmoot.profile.options import LargeOptions
from folkmoot.scale.events import LargeSource, read_events, votes_file
from folkmoot.scale.whole import fingerprint_of

pytest.importorskip("duckdb", reason="needs the extra large")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """90 people, 12 statements: re-votes out of order, two lengths of times, a stranger statement, silent authors."""
    folder = tmp_path_factory.mktemp("polis")
    rng = np.random.default_rng(3)
    camp = rng.random((2, 12))
    cast = np.zeros((12, 2), dtype=int)
    lines = ["timestamp,datetime,comment-id,voter-id,vote"]
    for event in range(1200):
        j, i, time = int(rng.integers(0, 12)), int(rng.integers(0, 90)), int(rng.integers(0, 10**6))
        vote = int(rng.choice([1, -1], p=[camp[i % 2, j], 1 - camp[i % 2, j]])) if rng.random() < 0.85 else 0
        if vote:
            cast[j, int(vote < 0)] += 1
        stamp = f"{1_600_000_000 + time}" if event % 3 else f"{1_600_000_000_000 + 1000 * time}"
        lines.append(f"{stamp},x,{j + 100},v{i},{vote}")
    lines.append("1600000000,x,999,v1,1")
    (folder / "votes.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = ["timestamp,comment-id,author-id,agrees,disagrees,moderated,comment-body"]
    for j in range(12):
        author = f"a{j}" if j < 2 else f"v{j}"
        text = f'"The street {j}, with ""quotes"", needs more trees and benches, says {author}"'
        rows.append(f"1600000000,{j + 100},{author},{cast[j, 0]},{cast[j, 1]},1,{text}")
    (folder / "comments.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def streamed(source: Path, folder: Path) -> LargeSource:
    """The source in shards of 32 people."""
    return read_events(source, folder, InProcess(), size=32)


def test_people_and_answers_are_those_of_memory(source: Path, tmp_path: Path) -> None:
    found, profile = streamed(source, tmp_path), read(source)
    ids, answers = found.shards.people(np.arange(found.shards.n_agents))
    assert tuple(ids) == profile.agents.ids
    for name in ("agent", "statement", "value"):
        assert np.array_equal(getattr(answers, name), getattr(profile.answers, name))
    assert found.frame.statements.texts == profile.statements.texts
    assert found.texts == {name: said for name, said in zip(ids, profile.agents.texts, strict=True) if said}
    assert fingerprint_of(found.frame, found.shards, dict(found.texts)) == fingerprint(profile)


def test_notes_and_facts_are_those_of_memory(source: Path, tmp_path: Path) -> None:
    found, profile = streamed(source, tmp_path), read(source)
    noted = [{(note.kind, note.what, note.count) for note in one.notes} for one in (found.frame, profile)]
    assert noted[0] == noted[1]
    for name in ("events", "revotes", "days", "sign_test"):
        assert found.frame.facts[name] == profile.facts[name], name


def test_turned_votes_are_turned_for_everybody(source: Path, tmp_path: Path) -> None:
    found = read_events(source, tmp_path, InProcess(), options={"flip": True}, size=32)
    _, answers = found.shards.people(np.arange(found.shards.n_agents))
    assert np.array_equal(answers.value, read(source, flip=True).answers.value)


@pytest.mark.parametrize("line", ["1600000000,x,100,v1,2", "1600000000,x,100,,1", "1600000000,x,100,v1,yes"])
def test_a_broken_row_is_refused(source: Path, tmp_path: Path, line: str) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    for name in ("votes.csv", "comments.csv"):
        text = (source / name).read_text(encoding="utf-8")
        (broken / name).write_text(text + (f"{line}\n" if name == "votes.csv" else ""), encoding="utf-8")
    with pytest.raises(InputError, match=r"votes\.csv"):
        streamed(broken, tmp_path / "work")


def test_what_is_no_log_is_none(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("participant,rating\n1,2\n", encoding="utf-8")
    assert votes_file(tmp_path) is None
    assert votes_file(tmp_path / "nowhere") is None


def test_workers_and_a_cluster_exclude_each_other() -> None:
    with pytest.raises(InputError, match="`cluster`"):
        executor_of(2, "tcp://127.0.0.1:1")


def called(*words: object) -> tuple[int, str]:
    """Exit code and what was printed."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, result.output + (str(result.exception) if result.exception else "")


@pytest.mark.long
def test_a_large_source_takes_the_stream_by_itself(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "LARGE", 1000)
    out = tmp_path / "out"
    code, said = called("slate", source, "--budget", 3, "--unit", "statements", "--draws", 2, "--out", out)
    assert (code, "Large source: read as a stream" in said) == (0, True), said
    assert "review.html is drawn in memory" in said
    assert (out / "report.html").is_file()
    code, said = called("audit", source, out / "slate.json")
    assert (code, "every recorded figure came out again" in said) == (0, True), said
    slate = json.loads((out / "slate.json").read_text(encoding="utf-8"))
    slate["audit"]["cjr"]["ratio"] += 0.5
    (out / "slate.json").write_text(json.dumps(slate), encoding="utf-8")
    code, said = called("audit", source, out / "slate.json")
    assert (code, "Did not come out again: audit" in said) == (1, True), said


def test_a_stream_that_cannot_be_is_refused(source: Path, tmp_path: Path) -> None:
    code, said = called("slate", source, "--large", "yes", "--engine", "llm")
    assert (code, "language model" in said) == (2, True) or code == 1
    (tmp_path / "table.csv").write_text("participant,text\n1,two words\n", encoding="utf-8")
    code, said = called("slate", tmp_path / "table.csv", "--large", "yes")
    assert code != 0
    assert "no event log" in said


def test_without_the_extra_it_says_so_and_reads_into_memory(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "LARGE", 1000)
    reader, options = Reader(source, {}), Options(engine="embedded")
    assert command.is_large(reader, LargeOptions(), options, False, True)
    assert not command.is_large(reader, LargeOptions(large="no"), options, False, False)
    assert not command.is_large(reader, LargeOptions(large="no", workers=2), options, False, False)
    assert "workers share only the embedding of very many texts (--large yes)" in capsys.readouterr().err
    monkeypatch.setattr(command, "lacking", lambda extra: "duckdb")
    assert not command.is_large(reader, LargeOptions(), options, False, False)
    assert "pip install 'folkmoot[large]'" in capsys.readouterr().err
