"""Many calls, faults of every kind, and kill -9: nothing lost, nothing paid twice."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from endpoint_process import right, settled, simulated, simulated_key, some_calls, start, state
from folkmoot.llm import Client, Endpoint, Ledger

FAULTS = ("rate", "server", "stall", "cut", "garbage", "empty")  # after which a call is asked again
SETTINGS: dict[str, Any] = {
    "concurrency": 64,
    "start_concurrency": 64,
    "timeout": 15.0,
    "attempts": 20,
    "backoff": 0.02,
}


def faulty(share: float, n: int) -> list[str]:
    """Every fault in about that share of ``n`` requests, but stalls in a handful of them.

    Each stall is sat out in one of the few places in flight that the other faults leave, and a timeout that a busy
    machine does not reach is long: a share of them makes a run that takes minutes here and an hour elsewhere.
    """
    shares = {kind: 6 / n if kind == "stall" else share for kind in FAULTS}
    return [part for kind, one in shares.items() for part in ("--fault", f"{kind}={one}")]


def found(file: Path, n: int) -> dict[str, object]:
    """What is in the ledger, by the endpoint's key."""
    calls = some_calls(n)
    with Ledger(file) as ledger:
        answers = ledger.find("simulated", [call.key for call in calls])
    return {simulated_key(call): answers[call.key] for call in calls if call.key in answers}


def killed_and_resumed(file: Path, n: int, kills: int, share: float, concurrency: int = 64) -> None:
    """A run that is killed ``kills`` times, after a share of its answers that is drawn at random."""
    draw = random.Random(n + kills)
    calls = some_calls(n)
    settings = SETTINGS | {"concurrency": concurrency}
    keys = {simulated_key(call) for call in calls}
    acknowledged: dict[str, int] = {}  # how often was asked for what is on the disk
    killed = twice = 0  # twice: answers that were under way when the process was killed, at most
    with simulated("--latency", "0.01", "--spread", "0.03", "--stall", "120", *faulty(share, n)) as url:
        for kill in range(kills):
            until = n * (kill + draw.uniform(0.1, 0.9)) / (kills + 1)
            process = start(url, file, n, settings)
            while state(url, "/load")["answered"] < until and process.poll() is None:
                time.sleep(0.02)
            time.sleep(draw.uniform(0, 0.05))
            process.kill()
            out, err = process.communicate()
            if process.returncode == 0:  # a busy machine: it was through before this test saw how far it was
                assert (out.strip(), err) == (str(n), "")
                break
            assert process.returncode == -signal.SIGKILL, err
            killed += 1
            before, kept = settled(url), found(file, n)
            lost = before["served"].keys() - kept.keys()
            twice += len(lost)
            assert len(lost) <= concurrency  # sent, but not on the disk yet
            assert kept.keys() <= before["served"].keys()
            assert {key: before["asked"][key] for key in acknowledged} == acknowledged
            acknowledged = {key: before["asked"][key] for key in kept}

        assert killed
        out, err = start(url, file, n, settings).communicate()
        assert (out.strip(), err) == (str(n), "")
        after = state(url)
    # No answer that was on the disk was asked for again.
    assert {key: after["asked"][key] for key in acknowledged} == acknowledged
    # Every call was answered, and only those under way at a kill more than once.
    assert after["served"].keys() == keys
    assert sum(after["served"].values()) - n <= twice <= kills * concurrency
    assert set(after["faults"]) == set(FAULTS)
    assert after["peak"] <= concurrency + kills  # a dead process's connection may linger
    assert len(found(file, n)) == n


@pytest.mark.long
def test_nothing_is_lost_or_paid_twice(tmp_path: Path) -> None:
    killed_and_resumed(tmp_path / "run.sqlite", 2_000, kills=3, share=0.05)


@pytest.mark.long
def test_killed_at_many_points(tmp_path: Path) -> None:
    killed_and_resumed(tmp_path / "run.sqlite", 1_500, kills=8, share=0.01)


@pytest.mark.load
def test_nothing_is_lost_or_paid_twice_in_10_000_calls(tmp_path: Path) -> None:
    killed_and_resumed(tmp_path / "run.sqlite", 10_000, kills=3, share=0.05, concurrency=128)


@pytest.mark.long
def test_without_a_kill_every_answer_is_paid_once(tmp_path: Path) -> None:
    calls = some_calls(1_000)
    with (
        simulated("--latency", "0.01", "--stall", "120", *faulty(0.05, 1_000)) as url,
        Ledger(tmp_path / "run.sqlite") as ledger,
        Client(Endpoint("simulated", url, **SETTINGS), ledger) as client,
    ):
        assert all(right(call, answer) for call, answer in zip(calls, client.answers(calls), strict=True))
        assert set(state(url)["served"].values()) == {1}
        total = ledger.total()
    assert total.answers == 1_000
    assert set(total.faults) == {"rate limit", "server", "timeout", "connection", "garbage", "empty"}


@pytest.mark.long
def test_at_least_95_percent_of_the_concurrency_is_in_use(tmp_path: Path) -> None:
    concurrency = 16
    used = []
    for attempt in range(4):  # what another process takes of the processor is not the client's doing
        with (
            simulated("--latency", "1", "--spread", "1") as url,
            Ledger(tmp_path / f"{attempt}.sqlite") as ledger,
            Client(
                Endpoint("simulated", url, concurrency=concurrency, start_concurrency=concurrency), ledger
            ) as client,
        ):
            client.answers(some_calls(concurrency * 6))
            after = state(url)
        assert after["peak"] == concurrency
        assert after["connections"] <= concurrency + 1  # kept alive; the other asks for the state
        # From the first request until the last is sent: after that fewer calls are left than are allowed.
        used.append(after["mean_open"] / concurrency)
        if used[-1] >= 0.95:
            return
    raise AssertionError(f"shares of the concurrency that were in use: {used}")
