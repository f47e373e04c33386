"""`folkmoot llm`: what an endpoint can do, and the line that says how far a run is."""

from __future__ import annotations

import json
import socket

import pytest
from typer.testing import CliRunner

from endpoint_process import simulated
from folkmoot.cli.llm import _Pace
from folkmoot.cli.main import app
from folkmoot.cli.parts import Progress
from folkmoot.cli.usage import usage_line
from folkmoot.llm.services import services
from folkmoot.profile import InputError
from folkmoot.report.numbers import ENGLISH


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("OPENAI_BASE_URL", "OPENAI_MODEL", "OPENAI_API_KEY", "FOLKMOOT_LLM_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FOLKMOOT_LLM_BACKOFF", "0.01")
    return monkeypatch


def test_check_says_what_an_endpoint_can_do_and_what_to_write(environment: pytest.MonkeyPatch) -> None:
    with simulated("--quirk", "by-model") as url:
        environment.setenv("FOLKMOOT_LLM_BASE_URL", url)
        done = CliRunner().invoke(app, ["llm", "check", "--model", "no-logprobs", "--json"])
        said = json.loads(done.stdout)
        assert done.exit_code == 1  # this one cannot write
        assert said["settings"] == ["logprobs = false"]
        assert said["calls_per_rating"] == 10 / 8
        assert [finding["found"] for finding in said["findings"]][3] == "no"
        done = CliRunner().invoke(app, ["llm", "check", "--model", "marks-think"])
    assert "It cannot rate" in done.stdout
    assert "thinking = 2000" in done.stdout
    assert "switch that off" in done.stdout


def test_check_sends_nothing_where_nobody_said_to_whom(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("FOLKMOOT_LLM_BASE_URL", raising=False)
    environment.setattr("folkmoot.llm.client.Client", lambda *_: pytest.fail("it began to ask"))
    done = CliRunner().invoke(app, ["llm", "check", "--model", "any"])
    assert isinstance(done.exception, InputError)
    assert "no endpoint is named, so nothing was sent" in str(done.exception)


def test_check_stops_where_nothing_answers(environment: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))  # nobody listens there
        environment.setenv("FOLKMOOT_LLM_BASE_URL", f"http://127.0.0.1:{free.getsockname()[1]}/v1")
        done = CliRunner().invoke(app, ["llm", "check", "--model", "any", "--json"])
        shown = CliRunner().invoke(app, ["llm", "check", "--model", "any"]).stdout
    (finding,) = json.loads(done.stdout)["findings"]
    assert done.exit_code == 1
    assert "no connection to" in finding["says"]
    assert "The other questions were not asked" in shown
    assert "cannot rate" not in shown


def test_services_are_listed() -> None:
    done = CliRunner().invoke(app, ["llm", "services"])
    assert all(name in done.stdout for name in services())
    assert json.loads(CliRunner().invoke(app, ["llm", "services", "--json"]).stdout).keys() == services().keys()


def test_progress_says_calls_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("folkmoot.cli.llm.time.monotonic", lambda: now[0])
    told: list[str] = []
    progress = Progress(quiet=True)
    monkeypatch.setattr(progress, "detail", lambda *parts: told.append(", ".join(parts)))
    progress.expected = 240
    pace = _Pace(progress)
    for _ in range(40):
        now[0] += 3.0
        pace(1, 8)
    assert told[0] == "1 call done"
    assert told[-1] == "40 calls done, 20 a minute, about 10 min left"
    progress.expected = 0
    pace(1, 8)
    assert "left" not in told[-1]


def test_the_usage_names_another_model_estimates_and_refused_parameters() -> None:
    ledger = {"calls": 3, "input_tokens": 9, "output_tokens": 3, "cached": 0, "cost": None}
    extra = {"hits": 0, "faults": {}, "models": {"small": 3}, "asked": "large", "estimated": 2}
    lines = usage_line(
        ledger, extra | {"learned": {"logprobs = false": "it refused the request (400)"}}, ENGLISH
    ).splitlines()
    assert "answers came from small, by what they say" in lines[1]
    assert "2 answers without a bill" in lines[2]
    assert "asked otherwise (logprobs = false), as it refused" in lines[3]
    assert (
        len(usage_line(ledger, extra | {"models": {"large": 3}, "estimated": 0, "learned": {}}, ENGLISH).splitlines())
        == 1
    )
    bare = {"models": {"large": 3}, "estimated": 0, "learned": {}, "ahead": {"answered": 1_200, "used": 1_000}}
    early = usage_line(ledger, extra | bare, ENGLISH).splitlines()[1]
    assert "1,200 answers came before they were asked for; of these 200 were not needed, and paid for" in early
