"""`folkmoot ask next --only-barred`: the questions that the audit of a slate lists."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from conversations import write_conversation
from folkmoot.asking import Interview, verify
from folkmoot.cli.main import app
from folkmoot.formats import read
from folkmoot.profile import InputError


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_conversation(tmp_path_factory.mktemp("talk") / "c")


@pytest.fixture(scope="module")
def chosen(talk: Path) -> str:
    """The slate that the command writes."""
    out = talk.parent / "out"
    ended = CliRunner().invoke(
        app, ["slate", str(talk), "--budget", "4", "--unit", "statements", "--draws", "2", "--out", str(out)]
    )
    assert ended.exit_code == 0, ended.output
    return (out / "slate.json").read_text("utf-8")


def slate_listing(file: Path, names: list[str], chosen: str) -> Path:
    """The slate with an audit that lists these statements as worth asking about."""
    body = json.loads(chosen)
    asked = [{"id": n, "text": "x", "answers": 3, "expected": 1.0, "low": 0.5, "high": 2.0} for n in names]
    body["audit"]["barred"] = {"statements": [], "counts": {}, "notes": [], "violations": [], "d": 0.0, "ask": asked}
    file.write_text(json.dumps(body), encoding="utf-8")
    return file


@pytest.mark.long
@pytest.mark.parametrize("policy", [[], ["--policy", "information"]])
def test_only_what_is_listed_is_asked(policy: list[str], talk: Path, chosen: str, tmp_path: Path) -> None:
    file, state = slate_listing(tmp_path / "slate.json", ["3", "7"], chosen), tmp_path / "state.json"
    words = ["ask", "next", str(talk), "--agent", "new", "--state", str(state), "--json"]
    begin = ["--slate", str(file), "--only-barred", "--at-least", "5", *policy]
    put = []
    for extra in (begin, ["--answer", "agree"], ["--answer", "agree"]):
        ended = CliRunner().invoke(app, [*words, *extra])
        assert ended.exit_code == 0, ended.output + str(ended.exception)
        body = json.loads(ended.stdout)
        put.append(body["question"]["statement"] if body["question"] else body["stop"])
    assert sorted(put[:2]) == ["3", "7"]
    assert put[2] == "nothing left"
    kept = json.loads(state.read_text("utf-8"))
    assert kept["only"] == ["3", "7"]
    profile = read(talk)
    assert verify(profile, kept) is None
    assert "only" not in Interview(profile, "new", policy="information").state()
    assert verify(profile, {**kept, "only": ["3"]}) is not None


def test_what_lists_nothing_is_refused(talk: Path, chosen: str, tmp_path: Path) -> None:
    words = ["ask", "next", str(talk), "--agent", "new", "--only-barred"]
    ended = CliRunner().invoke(app, words)
    assert "name the slate with --slate" in str(ended.exception)
    file = slate_listing(tmp_path / "slate.json", [], chosen)
    ended = CliRunner().invoke(app, [*words, "--slate", str(file)])
    assert "lists no statement that is worth asking about" in str(ended.exception)
    file.write_text(json.dumps({"statements": [{"id": "1"}]}), encoding="utf-8")
    ended = CliRunner().invoke(app, [*words, "--slate", str(file)])
    assert "has no audit" in str(ended.exception)


def test_a_statement_that_is_nowhere_is_refused(talk: Path) -> None:
    with pytest.raises(InputError, match="has no statement 'nowhere'"):
        Interview(read(talk), "new", policy="information", only=["nowhere"])
