"""What `folkmoot plan` predicts: the sample of the guarantee, calls that grow with the people, and money."""

from __future__ import annotations

import json
from decimal import Decimal
from math import ceil, log

import numpy as np
import pytest

from folkmoot.cli import main as cli
from folkmoot.llm import Endpoint
from folkmoot.processes import Problem
from folkmoot.processes.democratic.bjr_sampled import bjr_sampled
from folkmoot.profile import InputError
from folkmoot.queries import ClosedPool
from folkmoot.slates import planning
from folkmoot.slates.planning import Size, plan, rehearsed, sample_for, voted
from folkmoot.testing.instances import Matrix

ENDPOINT = Endpoint("m", "http://nowhere.invalid", input_price=Decimal(1), output_price=Decimal(2))


def test_the_sample_is_that_of_the_process() -> None:
    values = np.random.default_rng(0).integers(0, 2, (300, 6)).astype(float)
    pool = ClosedPool(Matrix(values), np.arange(6), np.ones(6, dtype=np.int64))
    done = bjr_sampled(Problem(pool, 1), np.random.default_rng(0))
    found = sample_for(300, 1, 6)
    assert (found.size, found.delta > 0) == (done.parameters["sample"], done.parameters["sampled"])
    assert found.size == ceil(16 * (found.dimension + log(1 / 0.05)))
    # A sample of just that size leaves just that probability, a smaller one more, everybody none.
    assert sample_for(10**9, 3, 50, wanted=sample_for(10**9, 3, 50).size).wanted_delta == pytest.approx(0.05, rel=0.01)
    assert sample_for(10**9, 3, 50, wanted=10).wanted_delta == 1
    assert "guarantees nothing" in str(sample_for(10**9, 3, 50, wanted=10))
    assert sample_for(50, 3, 50, wanted=50).wanted_delta == 0
    assert "nobody is drawn" in str(sample_for(50, 3, 50))
    with pytest.raises(InputError, match="at least 1 statement"):
        sample_for(50, 0, 5)


def test_calls_grow_with_the_people_and_cost_what_they_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "REHEARSED", 10)
    monkeypatch.setattr(planning, "TIMES", 1)
    # Asked about a sample, that is all there is to pay.
    few, many = (plan(Size(8000), 2, "statements", ENDPOINT, sample=sample) for sample in (80, 0))
    assert [row.process for row in few] == [row.process for row in many]
    for one, other in zip(few, many, strict=True):
        assert other.calls == pytest.approx(100 * one.calls, rel=0.02)
        assert other.cost == (Decimal(other.input_tokens) + 2 * other.output_tokens) / 10**6
        assert other.machines >= one.machines == 1


def test_votes_beyond_memory_are_streamed() -> None:
    small, large = voted(Size(2000, 300)), voted(Size(5_000_000, 2000))
    assert small.calls == large.calls == 0
    assert small.memory < large.memory
    assert small.machines == 1
    assert voted(Size(500_000_000, 20_000)).machines > 1
    assert small.seconds < large.seconds
    assert "10,000 people" in large.guarantee
    for wrong in ({"participants": 0}, {"participants": 5, "answered": 0.0}, {"participants": 5, "words": 0.0}):
        with pytest.raises(InputError):
            Size(**wrong)


def test_without_compiled_loops_seconds_are_more(monkeypatch: pytest.MonkeyPatch) -> None:
    for size in (Size(2000, 300), Size(1_000_000, 300)):
        monkeypatch.setattr(planning, "kernels", lambda: object())
        quick = voted(size)
        monkeypatch.setattr(planning, "kernels", lambda: None)
        assert voted(size).seconds[0] == pytest.approx(planning.PLAIN * quick.seconds[0])


def test_a_million_people_are_planned_for_as_they_were_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "kernels", lambda: object())
    # docs/howto/large.md: with one worker.
    measured = {(100_000, 300): (22, 585), (1_000_000, 300): (62, 1005), (1_000_000, 100): (40, 574)}
    for size, (seconds, megabytes) in measured.items():
        found = voted(Size(*size))
        assert found.seconds[0] == pytest.approx(seconds, rel=0.25)
        assert found.memory / 2**20 == pytest.approx(megabytes, rel=0.25)


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["folkmoot", "plan", *words])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    return int(stop.value.code or 0)


def test_the_command_prints_and_refuses(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(planning, "REHEARSED", 10)
    monkeypatch.setattr(planning, "TIMES", 1)
    words = ("--participants", "5e6", "--statements", "2000", "--budget", "3", "--unit", "statements")
    assert run(monkeypatch, *words, "--engine", "llm", "--model", "gpt-4o-mini", "--price", "1/2", "--json") == 0
    body = json.loads(capsys.readouterr().out)
    assert body["participants"] == 5_000_000
    assert {row["process"] for row in body["processes"]} == {"prose", "bjr"}
    assert body["sample"]["size"] == sample_for(5_000_000, 3, 2000).size
    assert run(monkeypatch, *words) == 0
    told = capsys.readouterr().out
    assert "robust: 5,000,000 people" in told
    assert "A sample of" in told
    assert run(monkeypatch, "--participants", "many") == 2
    assert "write a whole number" in capsys.readouterr().err
    assert run(monkeypatch, *words, "--sample", "9") == 2
    assert "--engine llm" in capsys.readouterr().err


@pytest.mark.long
def test_predictions_are_within_a_quarter_of_what_is_measured() -> None:
    rows = {row.process: row for row in plan(Size(400), 160, "words", ENDPOINT)}
    # The clusters of what people write, and so the calls, grow with the people: the plan says that it does not know.
    assert "does not know" in rows["clustering"].guarantee
    for name in ("prose", "zero-shot"):
        found = rehearsed(name, 40.0, 160, "words", ENDPOINT, 400, 9)
        assert found[1] == pytest.approx(rows[name].calls, rel=0.25)
        assert found[2] == pytest.approx(rows[name].input_tokens, rel=0.25)
