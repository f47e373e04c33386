"""The client against the simulated endpoint: faults, refusals, limits, and what is paid."""

from __future__ import annotations

import logging
import random
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from endpoint_process import right, simulated, simulated_key, some_calls, state
from folkmoot.llm import Answer, Call, Client, Endpoint, Failed, Ledger, Limits
from folkmoot.llm.trouble import pause, status
from folkmoot.profile import FolkmootError, InputError, MissingExtraError, WorkError

KEY = "sk-very-secret"
QUICK: dict[str, Any] = {"key": KEY, "concurrency": 8, "timeout": 60.0, "backoff": 0.01}
PRICED: dict[str, Any] = {"input_price": Decimal(1), "output_price": Decimal(2)}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """An endpoint that takes one key and one model, and refuses one word."""
    with simulated("--key", KEY, "--model", "simulated", "--refuse", "forbidden", "--spread", "0.01") as url:
        yield url


@contextmanager
def client(url: str, folder: Path, limits: Limits | None = None, **settings: Any) -> Iterator[Client]:
    endpoint = Endpoint(**({"model": "simulated", "base_url": url} | QUICK | settings))
    with Ledger(folder / "run.sqlite") as ledger, Client(endpoint, ledger, limits) as client:
        yield client


def asked(url: str, calls: list[Call]) -> int:
    counts = state(url)["asked"]
    return sum(counts.get(simulated_key(call), 0) for call in calls)


def test_answers_come_in_the_order_of_the_calls_and_equal_calls_are_sent_once(url: str, tmp_path: Path) -> None:
    calls = some_calls(60, "order/1") * 2
    random.Random(1).shuffle(calls)
    before = asked(url, calls[:1])
    with client(url, tmp_path) as one:
        assert all(right(call, answer) for call, answer in zip(calls, one.answers(calls), strict=True))
        first = one.ledger.total()
        assert (first.answers, first.hits) == (60, 60)
        assert one.answers(calls) == one.answers(calls)
        assert one.ledger.total().hits == 60 + 240
        assert one.answers([]) == []
    assert asked(url, calls[:1]) == before + 1


def test_results_do_not_depend_on_what_finishes_first(tmp_path: Path) -> None:
    calls = some_calls(100)
    found = []
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        with simulated("--spread", "0.05", "--seed", str(number)) as url, client(url, folder) as one:
            found.append(one.answers(calls))
    assert found[0] == found[1]


def test_what_the_ledger_holds_needs_neither_endpoint_nor_sdk(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = some_calls(3)
    with client(url, tmp_path) as one:
        found = one.answers(calls)
    monkeypatch.setitem(sys.modules, "openai", None)
    with client("http://127.0.0.1:9/v1", tmp_path) as one:
        assert one.answers(calls) == found
        with pytest.raises(MissingExtraError, match=r"pip install 'folkmoot\[llm\]'"):
            one.answers(some_calls(4))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"key": "sk-wrong-secret"}, "refused the key"),
        ({"key": None}, "refused the key"),
        ({"model": "another"}, "does not know another"),
    ],
)
def test_final_refusals_stop_the_run_without_showing_the_key(
    url: str, tmp_path: Path, settings: dict[str, Any], message: str
) -> None:
    calls = some_calls(200, "final/1")
    before = asked(url, calls)
    with client(url, tmp_path, **settings) as one:
        with pytest.raises(InputError, match=message) as caught:
            one.answers(calls)
        assert "secret" not in str(caught.value)
        assert "\n" not in str(caught.value)
        assert asked(url, calls) - before <= 8  # what was under way
        assert isinstance(one.answers(calls)[0], Failed)


def test_a_refused_request_does_not_stop_the_others(url: str, tmp_path: Path) -> None:
    calls = some_calls(30, "mixed/1")
    calls[7] = Call("mixed/1", (("user", "forbidden"),), {"max_tokens": 1})
    with client(url, tmp_path) as one:
        found = one.answers(calls)
        assert [place for place, answer in enumerate(found) if isinstance(answer, Failed)] == [7]
        assert isinstance(found[7], Failed)
        assert "refused the request (400)" in found[7].reason
        assert "secret" not in found[7].reason
        assert one.ledger.total().faults == {"refused": 1}


def test_refused_requests_only_are_a_wrong_input(url: str, tmp_path: Path) -> None:
    calls = [Call("all/1", (("user", f"forbidden {number}"),)) for number in range(200)]
    before = asked(url, calls)
    with client(url, tmp_path) as one, pytest.raises(InputError, match="refused the request"):
        one.answers(calls)
    assert asked(url, calls) - before < 40


def test_an_endpoint_that_is_not_there(tmp_path: Path) -> None:
    with client("http://127.0.0.1:9/v1", tmp_path, attempts=2) as one:
        found = one.answers(some_calls(300))
        assert all(isinstance(answer, Failed) for answer in found)
        assert one.stopped is not None
        assert "calls in a row failed" in one.stopped
        assert "no connection to" in one.stopped
        assert one.ledger.spent().calls == 0  # nothing was sent, nothing can have been paid


def test_every_attempt_fails_and_the_batch_goes_on(tmp_path: Path) -> None:
    with simulated("--fault", "garbage=0.5") as url, client(url, tmp_path, attempts=1) as one:
        calls = some_calls(40)
        found = one.answers(calls)
        failed = [answer for answer in found if isinstance(answer, Failed)]
        assert 5 < len(failed) < 35
        assert one.ledger.total().faults == {"garbage": len(failed)}
        # Nobody knows what garbage cost: it counts in full, but for web pages, which no model wrote.
        pages = sum("a web page" in one.reason or "<html>" in one.reason for one in failed)
        assert one.ledger.total().lost.calls == len(failed) - pages
        assert pages
    with simulated() as url, client(url, tmp_path) as one:  # resumed
        assert all(right(call, answer) for call, answer in zip(calls, one.answers(calls), strict=True))
        assert sum(state(url)["asked"].values()) == len(failed)


def test_a_rate_limit_is_waited_for(tmp_path: Path) -> None:
    with simulated("--rate", "3", "--retry-after", "0.2") as url, client(url, tmp_path, attempts=2) as one:
        calls, begin = some_calls(6), time.monotonic()
        assert all(right(call, answer) for call, answer in zip(calls, one.answers(calls), strict=True))
        assert time.monotonic() - begin > 0.9  # 6 calls at 3 per second
        assert state(url)["faults"]["rate"] > 0


def test_patience_ends(tmp_path: Path) -> None:
    with simulated("--rate", "0") as url, client(url, tmp_path, patience=0.2) as one:
        (found,) = one.answers(some_calls(1))
        assert isinstance(found, Failed)
        assert "asked to slow down (429)" in found.reason


def test_a_stopped_run_does_not_sit_out_its_pauses(tmp_path: Path) -> None:
    begin = time.monotonic()
    with simulated("--rate", "3", "--retry-after", "900") as url, client(url, tmp_path, Limits(calls=3)) as one:
        assert sum(isinstance(answer, Answer) for answer in one.answers(some_calls(20))) == 3
    assert time.monotonic() - begin < 600


def test_a_limit_in_calls_is_exact_and_the_run_resumes(tmp_path: Path) -> None:
    calls = some_calls(50)
    with simulated("--spread", "0.02") as url:
        with client(url, tmp_path, Limits(calls=20)) as one:
            found = one.answers(calls)
            assert [isinstance(answer, Answer) for answer in found] == [True] * 20 + [False] * 30
            assert isinstance(found[20], Failed)
            assert found[20].reason.startswith("limit in calls reached: 20 allowed, 20 spent")
            assert one.stopped == found[20].reason
        assert sum(state(url)["asked"].values()) == 20
        with client(url, tmp_path, Limits(calls=20)) as one:  # the limit is the run's, not the process's
            assert sum(isinstance(answer, Answer) for answer in one.answers(calls)) == 20
        with client(url, tmp_path, Limits(calls=50)) as one:
            assert all(isinstance(answer, Answer) for answer in one.answers(calls))
        assert set(state(url)["served"].values()) == {1}


@pytest.mark.parametrize(
    "limits", [Limits(tokens=700), pytest.param(Limits(cost=Decimal("0.0007")), marks=pytest.mark.long)]
)
def test_parallel_calls_do_not_overshoot_and_the_same_are_answered(tmp_path: Path, limits: Limits) -> None:
    answered = set()
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        with simulated("--spread", "0.05", "--seed", str(number)) as url:  # another order each time
            with client(url, folder, limits, concurrency=16, **PRICED) as one:
                found = one.answers(some_calls(200))
                total = one.ledger.total()
            answered.add(tuple(isinstance(answer, Answer) for answer in found))
            assert 5 < total.answers < 200
            assert limits.tokens is None or total.input_tokens + total.output_tokens <= limits.tokens
            assert limits.cost is None or (total.cost is not None and total.cost <= limits.cost)
    assert len(answered) == 1


def test_limits_need_what_they_are_computed_from(url: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="needs prices"), client(url, tmp_path, Limits(cost=Decimal(1))):
        pass
    with client(url, tmp_path, Limits(tokens=100)) as one, pytest.raises(InputError, match="max_tokens in every call"):
        one.answers([Call("free/1", (("user", "x"),))])


def test_costs_are_written(url: str, tmp_path: Path) -> None:
    with client(url, tmp_path, **PRICED) as one:
        one.answers(some_calls(5))
        total = one.ledger.total()
        assert total.cost == Decimal(total.input_tokens * 1 + total.output_tokens * 2) / 10**6 > 0


def test_odd_texts_are_asked_and_kept(tmp_path: Path) -> None:
    calls = [Call("odd/1", (("user", text),)) for text in ("half \ud800", "nul \0", "größer 大", "")]
    with simulated() as url, client(url, tmp_path) as one:
        found = one.answers(calls)
        assert all(isinstance(answer, Answer) for answer in found)
        assert one.answers(calls) == found


def test_an_interruption_waits_for_what_is_under_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = some_calls(40)
    arrived = threading.Event()

    def interrupted(*_: object) -> None:
        arrived.set()
        raise KeyboardInterrupt

    def interrupt(done: int, total: int) -> None:
        if done == 8:
            main = threading.main_thread().ident
            assert main is not None
            signal.pthread_kill(main, signal.SIGINT)
            assert arrived.wait(600)  # a busy machine may take its time: no further call is sent before

    before = signal.signal(signal.SIGINT, interrupted)
    with simulated("--latency", "0.25") as url:
        with client(url, tmp_path) as one:
            monkeypatch.setattr(one, "_progress", interrupt)
            try:
                with pytest.raises(KeyboardInterrupt):
                    one.answers(calls)
            finally:
                signal.signal(signal.SIGINT, before)
            assert state(url)["open"] == 0  # nothing is left behind that would be paid for later
            served = state(url)["served"]
            assert 8 <= len(served) < 40
            assert one.ledger.total().answers == len(served)  # all that was paid is kept
        with client(url, tmp_path) as one:
            assert all(isinstance(answer, Answer) for answer in one.answers(calls))
        assert set(state(url)["served"].values()) == {1}


def test_a_ledger_that_cannot_be_written_stops_the_run(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with client(url, tmp_path) as one:

        def full(*_: object) -> None:
            raise WorkError("run.sqlite: the ledger cannot be written (disk full): check the disk")

        monkeypatch.setattr(one.ledger, "add", full)
        with pytest.raises(WorkError, match="cannot be written"):
            one.answers(some_calls(100, "full/1"))


def test_the_key_is_in_no_log_and_no_file(url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), client(url, tmp_path) as one:
        one.answers([*some_calls(3, "log/1"), Call("log/1", (("user", "forbidden"),))])
        assert KEY not in repr(one.endpoint)
        assert all(KEY.encode() not in file.read_bytes() for file in tmp_path.iterdir())
    assert KEY not in caplog.text
    assert all(KEY.encode() not in file.read_bytes() for file in tmp_path.iterdir())


def test_errors_say_what_to_do() -> None:
    endpoint = Endpoint("m", key=KEY)
    spent = status(429, {}, b'{"error": {"code": "insufficient_quota"}}', endpoint)
    assert isinstance(spent.stop, WorkError)
    assert "credit" in str(spent.stop)
    assert status(429, {"retry-after": "7"}, b"", endpoint).wait == 7
    assert status(429, {"retry-after-ms": "250", "retry-after": "7"}, b"", endpoint).wait == 0.25
    assert 0 <= status(503, {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, b"", endpoint).wait < 1
    assert status(503, {"retry-after": "soon"}, b"", endpoint).wait == 0
    echo = status(400, {}, f'{{"error": {{"message": "bad\\n{KEY}"}}}}'.encode(), endpoint)
    assert echo.reason.endswith("(400): bad [key]")
    assert isinstance(status(404, {}, b"", endpoint).stop, FolkmootError)
    assert status(400, {}, b"\xff[", endpoint).kind == "refused"


def test_pauses_double_with_jitter_and_obey() -> None:
    for failures in range(1, 40):
        longest = min(60.0, 0.5 * 2.0 ** (failures - 1))
        assert all(longest / 2 <= pause(0.5, failures) <= longest for _ in range(20))
        assert all(pause(0.5, failures, 7.0) >= 7.0 for _ in range(20))
