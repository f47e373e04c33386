"""Before people's texts leave the machine: who gets them is named, what it takes is said, and much is asked for."""

from __future__ import annotations

import csv
import json
import sys
from decimal import Decimal
from pathlib import Path

import pytest
import typer

from folkmoot.cli import main as cli
from folkmoot.cli import money
from folkmoot.llm import Endpoint
from folkmoot.llm.estimate import Estimate
from folkmoot.profile import InputError
from language_model import TEXTS

OPENAI = "https://api.openai.com/v1"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "opinions.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["id", "opinion"], *([f"p{row}x", text] for row, text in enumerate(TEXTS))])
    return file


@pytest.fixture(autouse=True)
def nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FOLKMOOT_LLM_BASE_URL", "FOLKMOOT_LLM_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def run(*words: object, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["folkmoot", *map(str, words)])
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_nothing_is_sent_to_a_server_that_nobody_named(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ("slate", source, "--engine", "llm", "--model", "gpt-4o-mini", "--out", tmp_path / "out")
    assert run(*base, monkeypatch=monkeypatch) == 2
    told = capsys.readouterr().err
    assert "no endpoint is named, so nothing was sent: set FOLKMOOT_LLM_BASE_URL" in told
    assert "--model demo" in told
    monkeypatch.setenv("FOLKMOOT_LLM_API_KEY", "sk-of-somebody-else")
    assert run(*base, monkeypatch=monkeypatch) == 2
    assert "no server is named for the key" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.long
def test_a_limit_in_money_needs_one_word_where_the_table_has_no_price(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ("slate", source, "--engine", "llm", "--max-cost", "5", "--budget", 24, "--dry-run", "--out", tmp_path / "x")
    assert run(*base, "--model", "made-up", monkeypatch=monkeypatch) == 2
    told = capsys.readouterr().err
    assert "--max-cost needs the prices of model 'made-up', which are not in the table; add --price: write" in told
    assert run(*base, "--model", "made-up", "--price", "1/2", monkeypatch=monkeypatch) == 0
    assert "Prices: 1 in, 2 out per million tokens (as they were given" in capsys.readouterr().err
    assert run(*base, "--model", "gpt-4o-mini", "--sample", 6, "--json", monkeypatch=monkeypatch) == 0
    counted = json.loads(capsys.readouterr().out)
    assert Decimal(counted["cost"]) > 0
    assert run(*base, "--model", "gpt-4o-mini", "--json", monkeypatch=monkeypatch) == 0
    assert json.loads(capsys.readouterr().out)["calls"] > counted["calls"]
    assert run(*base, "--model", "gpt-4o-mini", "--price", "cheap", monkeypatch=monkeypatch) == 2
    assert "--price 'cheap' is no price" in capsys.readouterr().err


def test_it_is_said_who_gets_the_texts() -> None:
    told = money.destination(Endpoint("gpt-4o-mini", OPENAI), 80)
    assert told == f"The texts of 80 participants go to api.openai.com ({OPENAI}), model gpt-4o-mini."
    priced = money.priced(Endpoint("gpt-4o-mini", OPENAI), None)
    counted = money.destination(priced, 1, only_counted=True)
    assert "The texts of 1 participant would go to" in counted
    assert "0.15 in, 0.6 out per million tokens (USD, from the table of 20" in counted
    own = Endpoint("gpt-4o-mini", OPENAI, input_price=Decimal(7), output_price=Decimal(8))
    assert money.priced(own, None) == own
    assert "as they were given" in money.destination(own, 1)


@pytest.mark.parametrize(
    ("calls", "agreed", "terminal", "answer", "sent"),
    [
        (5_000, False, False, None, True),
        (5_001, True, False, None, True),
        (5_001, False, False, None, None),
        (5_001, False, True, True, True),
        (5_001, False, True, False, False),
    ],
)
def test_a_large_run_is_asked_for(
    calls: int,
    agreed: bool,
    terminal: bool,
    answer: bool | None,
    sent: bool | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(money, "on_a_terminal", lambda: terminal)
    asked: list[str] = []

    def confirmed(question: str, **_: object) -> bool | None:
        asked.append(question)
        return answer

    monkeypatch.setattr(typer, "confirm", confirmed)
    estimate = Estimate(calls, 0, 9, 9, 0, Decimal("0.7"))
    if sent is None:
        with pytest.raises(InputError, match=r"add --yes, a limit like --max-calls 6000, or --sample"):
            money.confirm(estimate, Endpoint("m", OPENAI), agreed=agreed)
    elif sent:
        money.confirm(estimate, Endpoint("m", OPENAI), agreed=agreed)
    else:
        with pytest.raises(typer.Exit):
            money.confirm(estimate, Endpoint("m", OPENAI), agreed=agreed)
    assert asked == (["Send about 5,001 calls to api.openai.com, price about 0.70?"] if answer is not None else [])
