"""The demo model: the whole language-model path without a network, from texts to a slate that comes out again."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from math import exp
from pathlib import Path

import pytest

import folkmoot as fm
from folkmoot.cli import main as cli
from folkmoot.llm import Answer, Call, Endpoint, Failed, Ledger, Limits
from folkmoot.llm.local import DEMO, Local
from folkmoot.profile import Slate, Unfinished
from folkmoot.queries.language.demo import WARNING, Demo, demo, endpoint, is_demo
from folkmoot.queries.language.prompts import Value, prompt, prompts
from folkmoot.queries.language.readable_answers import between, json_object
from language_model import TEXTS, profile_of

SENTENCES = {sentence for text in TEXTS for sentence in text.replace(". ", ".\n").split("\n")}


@pytest.fixture(scope="module")
def slate() -> Slate:
    return fm.slate(profile_of(), 48, engine="llm", model=demo(), draws=0)


def statement_call(texts: list[str], limit: int, sample: int = 0) -> Call:
    return prompt("statement").call({"topic": "Our town", "people": texts, "words": limit}, {}, {}, sample)


def answered(call: Call) -> Answer:
    (answer,) = Demo().answers([call])
    assert isinstance(answer, Answer)
    return answer


def written(call: Call) -> str:
    return between(answered(call).text, "opinion") or ""


def test_a_slate_of_peoples_own_sentences_that_says_what_it_is(slate: Slate) -> None:
    assert len(slate.statements) >= 4
    assert {statement.text for statement in slate.statements} <= SENTENCES
    assert slate.engine["model"] == DEMO
    assert slate.engine["demo"] == WARNING
    assert slate.audit is not None
    assert WARNING in slate.audit["notes"]
    assert slate.ledger["cost"] == "0"


def test_people_stand_behind_statements_on_what_they_wrote_about(slate: Slate) -> None:
    homes = {agent: statement.text.lower() for statement in slate.statements for agent in statement.agents}
    about = [word for word in ("bus", "tree", "rent", "road") for _ in range(3)]  # the subjects of `TEXTS`, in threes
    at_home = [row for row, id in enumerate(profile_of().agents.ids) if about[row] in homes.get(id, "")]
    assert len(at_home) >= 8


def test_another_model_of_that_name_is_no_demo() -> None:
    assert is_demo(endpoint())
    assert not is_demo(None)
    assert not is_demo(Endpoint("demo", "http://localhost:1/v1"))


def test_sentences_fit_the_limit_and_stand_alone() -> None:
    whole = "The buses are far too late in the evening, every single day."
    texts = ["And the buses are far too late in the evening, every single day. More buses.", "Hope this helps!"]
    assert written(statement_call(texts, 20)) == whole
    # Rather too long than half a sentence: the writer asks for a shorter one, and leaves it out if there is none.
    assert written(statement_call(texts, 5)) == whole
    assert written(statement_call(["More buses please."], 5)) == "More buses please."
    assert len({written(statement_call(list(TEXTS), 12, sample)) for sample in range(3)}) == 3


def test_it_answers_every_prompt_that_there_is() -> None:
    values: dict[str, Value] = {
        "topic": "t",
        "statement": "Buses should run more often.",
        "people": ["More buses."],
        "statements": [1, "Buses.", 2, "Trees."],
        "count": 2,
        "rated": ["Trees.", 2],
        "tags": ["buses", "trees"],
        "words": 20,
        "had": 30,
        "task": "Plan a weekend.",
        "number": 3,
        "person": "More buses please.",
        "features": "1. pace 1: at leisure; 2: in a hurry",
        "wanted": "- pace: at leisure",
        "said": "nothing",
        "cost": 30,
        "asker": "I agree.",
    }
    for name in prompts():
        form = prompt(name)
        whole = " ".join(body for _, body in form.messages)
        wanted = {key: value for key, value in values.items() if f"{{{{{key}}}}}" in whole}
        call = form.call(wanted, {}, {})
        if name == "stance":  # it has no opinions that could turn
            assert isinstance(Demo().answers([call])[0], Failed)
            continue
        assert answered(call).text, name
    (failed,) = Demo().answers([Call("unheard-of/1", (("user", "Hello"),))])
    assert isinstance(failed, Failed)


def mark(person: str, statement: str) -> float:
    top = answered(prompt("agreement").call({"person": person, "statement": statement}, {}, {})).top
    assert top is not None
    return sum(int(label) * exp(logprob) for label, logprob in top)


def test_nearer_texts_get_higher_marks() -> None:
    person = "More buses in the evening. Rents are too high."
    own = mark(person, "More buses in the evening.")
    near, far = mark(person, "Buses should run at night."), mark(person, "Plant trees at school.")
    assert own == pytest.approx(6.0)
    assert own > near > far >= 1.0
    asked: dict[str, Value] = {"person": "I have nothing to say.", "statements": [1, "Plant trees."], "count": 1}
    assert answered(prompt("agreement-many").call(asked, {}, {})).text.startswith("1: ")
    summary = json_object(answered(prompt("summary").call({"person": person}, {}, {})).text) or {}
    assert summary["aspects"] == ["More buses in the evening.", "Rents are too high."]


class Counting:
    """The demo model, and how many calls it was asked."""

    def __init__(self) -> None:
        self.inner, self.asked = Demo(), 0

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        self.asked += len(calls)
        return self.inner.answers(calls)


def test_the_ledger_answers_before_the_model_and_limits_hold(tmp_path: Path) -> None:
    calls = [statement_call([text], 20) for text in TEXTS[:4]]
    model = Counting()
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        first = Local(model, endpoint(), ledger).answers([*calls, calls[0]])
        assert (model.asked, first[0] == first[4]) == (4, True)
        assert Local(model, endpoint(), ledger).answers(calls) == first[:4]
        assert model.asked == 4
        assert ledger.total().hits == 5
        more = [statement_call([text], 20) for text in TEXTS[4:8]]
        with pytest.raises(Unfinished, match="limit in calls reached"):
            Local(model, endpoint(), ledger, Limits(calls=5)).answers(more)
        assert ledger.total().answers == 5
        (given_up,) = Local(model, endpoint(), ledger).answers([Call("unheard-of/1", (("user", "Hello"),))])
        assert isinstance(given_up, Failed)
        assert list(ledger.given_up(DEMO).values()) == [given_up]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("demo") / "opinions.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["id", "opinion"], *([f"p{row}x", text] for row, text in enumerate(TEXTS))])
    return file


@pytest.mark.long
def test_from_the_command_line_to_a_slate_and_back(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*words: object) -> int:
        monkeypatch.setattr(sys, "argv", ["folkmoot", *map(str, words)])
        try:
            cli.main()
        except SystemExit as end:
            return int(end.code or 0)
        return 0

    for name in ("FOLKMOOT_LLM_BASE_URL", "FOLKMOOT_LLM_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    out = tmp_path / "out"
    assert run("slate", source, "--engine", "llm", "--model", "demo", "--draws", 0, "--out", out) == 0
    told = capsys.readouterr()
    assert WARNING in " ".join(told.err.split())
    assert "DEMO, not a result" in told.out
    assert "160 words are taken" in " ".join(told.out.split())
    assert json.loads((out / "slate.json").read_text("utf-8"))["engine"]["demo"] == WARNING
    assert "Trial run, not a result." in (out / "report.html").read_text("utf-8").split("<h1>")[0]
    page = (out / "review.html").read_text("utf-8")
    assert WARNING.partition("people's")[0] in page
    assert "none: the demo model" in page
    assert run("replay", out) == 0
    assert "comes out again, to the byte" in capsys.readouterr().out
