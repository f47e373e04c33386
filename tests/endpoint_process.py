"""The simulated endpoint as a process of its own, and (run as a script) a run against it that may be killed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from folkmoot.llm import Answer, Call, Client, Endpoint, Ledger
from folkmoot.llm import simulated as endpoint
from folkmoot.llm.simulated import key_of, made_up

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@contextmanager
def simulated(*arguments: str) -> Iterator[str]:
    """Its base URL, as long as the context lasts."""
    # By its file, which needs the standard library only: the library itself would take most of the time of a start.
    command = [sys.executable, "-P", str(endpoint.__file__), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(600)
        process.stdout.close()


def state(url: str, path: str = "/state") -> dict[str, Any]:
    """What the endpoint did so far."""
    with _DIRECT.open(url.removesuffix("/v1") + path, timeout=600) as reply:
        return dict(json.load(reply))


def settled(url: str) -> dict[str, Any]:
    """`state` when no request is open any more, however long a busy machine takes for that."""
    until = time.monotonic() + 600
    while state(url, "/load")["open"] and time.monotonic() < until:
        time.sleep(0.02)
    return state(url)


def some_calls(n: int, query: str = "test/1") -> list[Call]:
    """Different calls."""
    parameters = {"max_tokens": 1, "temperature": 0, "logprobs": True, "top_logprobs": 5}
    return [
        Call(query, (("system", "Rate from 0 to 4."), ("user", f"Statement {number}")), parameters)
        for number in range(n)
    ]


def simulated_key(call: Call) -> str:
    """What the endpoint counts the call under."""
    return key_of(call.messages)


def right(call: Call, answer: object) -> bool:
    """Whether the answer is the one the endpoint has for the call."""
    text, top = made_up(simulated_key(call))
    return isinstance(answer, Answer) and answer.text == text and list(answer.top or ()) == top


def run(url: str, ledger: Path, n: int, settings: dict[str, Any]) -> None:
    """Ask all calls; print how many have their answer."""
    with (
        Ledger(ledger) as open_ledger,
        Client(Endpoint("simulated", url, key="sk-test", **settings), open_ledger) as client,
    ):
        calls = some_calls(n)
        print(sum(right(call, answer) for call, answer in zip(calls, client.answers(calls), strict=True)))


def start(url: str, ledger: Path, n: int, settings: dict[str, Any]) -> subprocess.Popen[str]:
    """`run` in a process of its own."""
    command = [sys.executable, __file__, url, str(ledger), str(n), json.dumps(settings)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def main(arguments: Sequence[str]) -> None:
    """See `start`."""
    url, ledger, n, settings = arguments
    run(url, Path(ledger), int(n), json.loads(settings))


if __name__ == "__main__":
    main(sys.argv[1:])
