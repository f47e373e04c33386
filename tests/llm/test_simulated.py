"""The simulated endpoint itself, and ratings through it."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from endpoint_process import simulated, simulated_key, some_calls
from folkmoot.llm import Answer, Call, Client, Endpoint, Ledger, Rating, ratings
from folkmoot.llm.simulated import made_up, options


def test_recorded_answers_are_given_again(tmp_path: Path) -> None:
    call = Call("q/1", (("user", "größer?"),), {"max_tokens": 9, "top_logprobs": 5})
    rows = [{"messages": call.messages, "text": "yes", "top": [["yes", -0.5], ["no", -1.0]]}]
    file = tmp_path / "recorded.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)) + "\n", "utf-8")
    with (
        simulated("--recorded", str(file)) as url,
        Ledger(tmp_path / "run.sqlite") as ledger,
        Client(Endpoint("simulated", url), ledger) as client,
    ):
        (found,) = client.answers([call])
    assert isinstance(found, Answer)
    assert (found.text, found.top) == ("yes", (("yes", -0.5), ("no", -1.0)))


@pytest.mark.long
@pytest.mark.parametrize("fault", ["short=1", "merged=1", "merged=0"])
def test_ratings_from_whole_short_and_merged_lists(tmp_path: Path, fault: str) -> None:
    calls = some_calls(40)
    with (
        simulated("--fault", fault) as url,
        Ledger(tmp_path / "run.sqlite") as ledger,
        Client(Endpoint("simulated", url), ledger) as client,
    ):
        found = ratings(client, calls, 0, 4)
    for call, rating in zip(calls, found, strict=True):
        assert isinstance(rating, Rating)
        if fault != "short=1":
            assert rating.source == "logprobs"
            exact = sum(int(label) * math.exp(logprob) for label, logprob in made_up(simulated_key(call))[1])
            assert rating.value == pytest.approx(exact)


def test_ratings_without_log_probabilities(tmp_path: Path) -> None:
    with (
        simulated("--fault", "bare=1") as url,
        Ledger(tmp_path / "run.sqlite") as ledger,
        Client(Endpoint("simulated", url), ledger) as client,
    ):
        (found,) = ratings(client, some_calls(1), 0, 4, samples=4)
    assert isinstance(found, Rating)
    assert (found.source, found.n, found.error) == ("samples", 4, 0.0)  # this endpoint always says the same


def test_it_starts_as_its_documentation_says() -> None:
    command = [sys.executable, "-m", "folkmoot.llm.simulated", "--help"]
    assert "--fault KIND=SHARE" in subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_unknown_faults_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options(["--fault", "fire=0.5"])
    assert "'fire' is none of rate, server" in capsys.readouterr().err
