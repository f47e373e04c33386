"""``folkmoot ask clarify``: from a request to what is wanted, on the worked example of docs/asking.md."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from folkmoot.cli import ask_clarify
from folkmoot.cli import main as cli
from folkmoot.llm import Answer, Call, Failed

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[2]
LISBON = ROOT / "examples" / "lisbon"
BEGIN = ("--task", "Plan a weekend in Lisbon", "--features", LISBON / "features.csv",
         "--population", LISBON / "people.csv", "--cost", 0.3, "--gamma", 2)  # fmt: skip


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs ``folkmoot ask clarify``: exit code, output, errors."""

    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["folkmoot", "ask", "clarify", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        found = capsys.readouterr()
        return code, found.out, found.err

    return call


def test_the_commands_of_the_page_run_as_they_stand(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "asking.md").read_text("utf-8").replace("\\\n", " ")
    lines = [shlex.split(line, comments=True) for line in page.splitlines() if line.startswith("folkmoot ask clarify")]
    assert len(lines) == 4
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    for words in lines:
        code, _, err = run(*words[3:])
        assert code == 0, err


def test_from_the_request_to_what_is_wanted(run: Run, tmp_path: Path) -> None:
    state, me = tmp_path / "lisbon.json", tmp_path / "me.json"
    code, out, _ = run(*BEGIN, "--state", state, "--remember", me)
    assert code == 0
    assert "The request leaves open: days, pace, money" in out
    assert "learned from 150 people" in out
    assert "Ask: Up the hill: on foot, by tram, or in a taxi?" in out
    assert "worst served would be people who want more often than others:" in out
    for _ in range(8):
        code, out, _ = run("--state", state, "--answer", 1, "--remember", me)
        assert code == 0
        if "Answer now." in out:
            break
    assert "What this person wants:" in out
    assert "way: on foot (said)" in out
    assert json.loads(me.read_text("utf-8"))["way"] == "on foot"
    code, out, _ = run("--state", state, "--check")
    assert (code, out.strip()) == (0, "Every decision comes out again.")
    body = json.loads(run("--state", state, "--json")[1])
    assert body["decision"] == "answer"
    assert body["asked"] + body["guessed"] == len(body["wanted"]) == 8
    # the next task begins with what was said
    body = json.loads(run(*BEGIN, "--remember", me, "--json")[1])
    assert {each["feature"]: each["how"] for each in body["wanted"]}["way"] == "remembered"
    kept = json.loads(state.read_text("utf-8"))
    kept["interview"]["log"][0]["cost"] = 0.1
    state.write_text(json.dumps(kept), "utf-8")
    code, out, _ = run("--state", state, "--check")
    assert code == 1
    assert "Not the same: step 1: cost is logged as 0.1" in out


class Demo:
    """Stands for a client: proposes two features, imagines people, writes."""

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        return [Answer(self.text(call)) for call in calls]

    def text(self, call: Call) -> str:
        if call.query.startswith("clarify-features"):
            values = [{"feature": f, "question": f"{f}?", "values": ["yes", "no"]} for f in ("long", "polite")]
            return json.dumps({"features": values})
        if call.query.startswith("clarify-person"):
            kind = int(str(call.about["person"])) % 3 == 0
            return json.dumps({"answers": [1 + kind, 1 + kind]})
        return "Dear Sir,\nno.\x1b[2J"


def test_a_model_proposes_imagines_and_writes(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import nullcontext

    monkeypatch.setattr(ask_clarify, "_model", lambda *_: nullcontext(Demo()))
    state = tmp_path / "mail.json"
    code, out, _ = run("--task", "Write an e-mail", "--model", "m", "--state", state)
    assert code == 0
    assert "The request leaves open: long, polite." in out
    assert "was not learned from people: a language model imagined 24 of them" in out
    assert "\nAsk: " in out
    code, out, _ = run("--state", state, "--answer", "yes", "--write")
    while "Answer now" not in out:
        code, out, _ = run("--state", state, "--answer", "yes", "--write")
    assert code == 0
    assert "Dear Sir,\nno." in out
    assert "\x1b" not in out
    assert json.loads(state.read_text("utf-8"))["output"].startswith("Dear Sir")


def test_the_demo_model_needs_no_network_and_is_replayed_from_its_ledger(run: Run, tmp_path: Path) -> None:
    state = tmp_path / "demo.json"
    code, out, err = run("--task", "Plan a weekend", "--model", "demo", "--cost", 0.3, "--state", state)
    assert (code, err) == (0, "")
    assert "The request leaves open: length, tone, budget" in out
    assert "a language model imagined 24 of them" in out
    for _ in range(9):
        if "Answer now." in out:
            break
        code, out, _ = run("--state", state, "--answer", 1, "--model", "demo", "--write")
    assert "DEMO, no output" in out
    assert run("--state", state, "--check")[1].strip() == "Every decision comes out again."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "no request is given"),
        (("--task", "x"), "give --features FILE, or --model NAME"),
        (("--task", "x", "--features", LISBON / "features.csv"), "give --population FILE, or --model NAME"),
        (("--task", "x", "--model", "m"), "give --state FILE as well"),
        (("--answer", "1", "--skip"), "exclude each other"),
        (("--feature", "x"), "give the answer too"),
        (("--check",), "begin one with --state FILE first"),
        ((*BEGIN, "--write", "--at-most", 0), "--write needs a model"),
    ],
)
def test_bad_usage_gets_a_sentence(run: Run, words: tuple[object, ...], said: str) -> None:
    code, out, err = run(*words)
    assert code == 2
    assert said in err
    assert out == ""


def test_what_was_settled_stays_settled(run: Run, tmp_path: Path) -> None:
    state = tmp_path / "s.json"
    run(*BEGIN, "--state", state)
    code, _, err = run("--state", state, "--cost", 0.5)
    assert code == 2
    assert "--cost was settled when the interview began" in err
    state.write_text("[]", "utf-8")
    assert "name the file that folkmoot ask clarify wrote" in run("--state", state)[2]
