"""What a failed attempt means: try again, give this call up, or stop the run."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from ..profile import FolkmootError, InputError, WorkError
from .settings import Endpoint

_LONGEST = 60.0  # seconds between two attempts, unless the endpoint asks for more


@dataclass(frozen=True)
class Trouble:
    """What went wrong with an attempt.

    Args:
        kind: the kind of failure, one of those of `folkmoot.llm.ledger.Fault`.
        reason: why there is no answer, one sentence without secrets.
        maybe_paid: whether the endpoint may have answered all the same.
        wait: how many seconds the endpoint asks to wait.
        stop: the error with which the run ends because no other call would be answered either.
    """

    kind: str
    reason: str
    maybe_paid: bool = False
    wait: float = 0.0
    stop: FolkmootError | None = None

    @property
    def again(self) -> bool:
        """Whether another attempt may help."""
        return self.stop is None and self.kind != "refused"


def timeout(endpoint: Endpoint) -> Trouble:
    """No answer in time."""
    return Trouble("timeout", f"no answer from {endpoint.base_url} within {endpoint.timeout:g} s", maybe_paid=True)


def connection(endpoint: Endpoint, made: bool) -> Trouble:
    """No connection, or one that was cut after it was made."""
    what = "the connection to {} was cut" if made else "no connection to {}: check that it runs and is reachable"
    return Trouble("connection", what.format(endpoint.base_url), maybe_paid=made)


def status(code: int, headers: Mapping[str, str], reply: bytes, endpoint: Endpoint) -> Trouble:
    """A reply whose HTTP status says that it is no answer."""
    url, again = endpoint.base_url, "then run again, nothing is paid twice"
    if code in (401, 403):
        return _final(f"{url} refused the key ({code}): set FOLKMOOT_LLM_API_KEY to one that may use"
                      f" {endpoint.model}, {again}")  # fmt: skip
    if code == 402 or (code == 429 and b"insufficient_quota" in reply):
        reason = f"{url} says that the credit is used up ({code}): add credit, {again}"
        return Trouble("refused", reason, stop=WorkError(reason))
    if code == 429:
        return Trouble("rate limit", f"{url} asked to slow down (429)", wait=_wait(headers))
    if code >= 500 or code in (408, 409, 425):
        return Trouble("server", f"{url} failed ({code})", wait=_wait(headers))
    if code in (400, 413, 422):
        return Trouble("refused", f"{url} refused the request ({code}): {_message(reply, endpoint)}")
    return _final(f"{url} does not know {endpoint.model} or is no base URL ({code}): check FOLKMOOT_LLM_BASE_URL,"
                  f" which mostly ends in /v1, and FOLKMOOT_LLM_MODEL, {again}")  # fmt: skip


def pause(backoff: float, failures: int, wait: float = 0.0) -> float:
    """The seconds until the next attempt: doubling, with jitter, and never less than the endpoint asked for.

    Args:
        backoff: the seconds before the second attempt.
        failures: the number of failed attempts at this call so far, at least 1.
        wait: how many seconds the endpoint asked to wait.
    """
    # Jitter decides when something is sent, never what comes out: it needs no seed.
    spread = random.uniform(0.5, 1.0)  # noqa: S311
    return wait * (1.5 - spread / 2) + spread * min(_LONGEST, backoff * 2.0 ** min(failures - 1, 20))


def _final(reason: str) -> Trouble:
    return Trouble("refused", reason, stop=InputError(reason))


def _wait(headers: Mapping[str, str]) -> float:
    """The seconds in ``Retry-After`` (a number or a date) or ``retry-after-ms``; 0 where there is neither."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            seconds = float(value) * unit
        except ValueError:
            try:
                seconds = parsedate_to_datetime(value).timestamp() - time.time()
            except ValueError:
                continue
        if seconds < float("inf"):
            return max(0.0, seconds)
    return 0.0


def _message(reply: bytes, endpoint: Endpoint) -> str:
    """The endpoint's own words, on one line of at most 200 characters, without the key."""
    message: Any
    try:
        message = json.loads(reply)
        message = message.get("error", message)
        message = message.get("message", message) if isinstance(message, dict) else message
    except (ValueError, AttributeError):
        message = reply.decode("utf-8", "replace")
    line = " ".join(str(message).split())
    if endpoint.key:
        line = line.replace(endpoint.key, "[key]")
    return line[:200] or "no reason given"
