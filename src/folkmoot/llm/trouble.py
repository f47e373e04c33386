"""What a failed attempt means: try again, give this call up, or stop the run."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..profile import FolkmootError, InputError, WorkError
from .masked import masked
from .settings import Endpoint
from .waits import asked_to_wait

_LONGEST = 60.0  # seconds between two attempts, unless the endpoint asks for more

# Kinds of failure for which the same request would fail again; those that were answered, and so paid for, are not
# repeated when a run is resumed either, unless the settings were changed.
DECLINED, FILTERED, CUT = "declined", "filter", "length"
ANSWERED_IN_VAIN = (DECLINED, FILTERED, CUT)
NO_CONNECTION = "no connection to"
"""How the reason begins where nothing answers at the address."""
_HOPELESS = {"refused", *ANSWERED_IN_VAIN}
_FILTER = re.compile(
    r"content[ _-]?(?:filter|management|policy|moderation)|responsible[ _-]?ai|moderation|safety|blocked by|prohibited"
    r"|(?<!case.)sensitive|data_inspection|inappropriate|jailbreak|flagged|violat\w*[^.]{0,30}polic|usage polic"
    r"|guardrail",
    re.IGNORECASE,
)
# A gateway that knows the model and finds nobody who takes the request as it is put.
_PARAMETERS = re.compile(r"parameter|logprobs|support (?:the|this) requested|max_(?:completion_)?tokens", re.IGNORECASE)


@dataclass(frozen=True)
class Trouble:
    """What went wrong with an attempt.

    Args:
        kind: the kind of failure, one of those of `folkmoot.llm.ledger.Fault`.
        reason: why there is no answer, one sentence without secrets.
        maybe_paid: whether the endpoint may have answered all the same.
        wait: how many seconds the endpoint asks to wait.
        stop: the error with which the run ends because no other call would be answered either.
        words: the endpoint's own words of a request that it refused, for `dialect.learned`; empty: there are none.
        brief: whether a limit of a few tokens ended the answer.
    """

    kind: str
    reason: str
    maybe_paid: bool = False
    wait: float = 0.0
    stop: FolkmootError | None = None
    words: str = ""
    brief: bool = False

    @property
    def again(self) -> bool:
        """Whether another attempt may help."""
        return self.stop is None and self.kind not in _HOPELESS


def timeout(endpoint: Endpoint) -> Trouble:
    """No answer in time."""
    return Trouble("timeout", f"no answer from {endpoint.base_url} within {endpoint.timeout:g} s", maybe_paid=True)


def connection(endpoint: Endpoint, made: bool) -> Trouble:
    """No connection, or one that was cut after it was made."""
    what = "the connection to {} was cut" if made else f"{NO_CONNECTION} {{}}: check that it runs and is reachable"
    return Trouble("connection", what.format(endpoint.base_url), maybe_paid=made)


def status(code: int, headers: Mapping[str, str], reply: bytes, endpoint: Endpoint) -> Trouble:
    """A reply whose HTTP status says that it is no answer."""
    url, again = endpoint.base_url, "then run again, nothing is paid twice"
    words = own_words(reply, endpoint)
    said = f": {words}" if words else ""
    if code == 401 or (code == 403 and not _FILTER.search(words)):
        return _final(f"{url} refused the key ({code}){said}; set FOLKMOOT_LLM_API_KEY to one that may use"
                      f" {endpoint.model}, {again}")  # fmt: skip
    if code == 402 or (code == 429 and b"insufficient_quota" in reply):
        reason = f"{url} says that the credit is used up ({code}){said}; add credit, {again}"
        return Trouble("refused", reason, stop=WorkError(reason))
    if code == 429:
        return Trouble("rate limit", f"{url} asked to slow down (429){said}", wait=asked_to_wait(headers, reply))
    if code >= 500 or code in (408, 409, 425):
        return Trouble("server", f"{url} failed ({code}){said}", wait=asked_to_wait(headers, reply), words=words)
    if code in (400, 403, 413, 422) or (code == 404 and _PARAMETERS.search(words)):
        kind = FILTERED if _FILTER.search(f"{words} {_code(reply)}") else "refused"
        what = "its filter refused the request" if kind == FILTERED else "refused the request"
        reason = f"{url}: {what} ({code}){said}" if kind == FILTERED else f"{url} {what} ({code}){said}"
        return Trouble(kind, reason, words=f"{words} {_code(reply)}".strip())
    return _final(f"{url} does not know {endpoint.model} or is no base URL ({code}){said}; check FOLKMOOT_LLM_BASE_URL,"
                  f" which mostly ends in /v1, and FOLKMOOT_LLM_MODEL, {again}")  # fmt: skip


def in_body(body: object, headers: Mapping[str, str], endpoint: Endpoint) -> Trouble | None:
    """The error that a reply with status 200 holds instead of an answer, as if it had that status; None: there is none.

    An error without a number is told by its words; what is not told even so counts as a fault of the server.
    """
    first = body[0] if isinstance(body, list) and body else body
    if not isinstance(first, Mapping) or first.get("choices"):
        return None
    error = first.get("error", first.get("errors"))
    entries = error if isinstance(error, Mapping) else first
    if not error and not ("message" in first or "detail" in first):
        return None
    code = next((found for name in ("code", "status", "status_code") if (found := _number(entries.get(name)))), None)
    reply = json.dumps(first, ensure_ascii=False).encode("utf-8", "replace")
    return status(code or _by_words(reply.decode().lower()), headers, reply, endpoint)


def no_json(headers: Mapping[str, str], reply: bytes, endpoint: Endpoint) -> Trouble:
    """A reply with status 200 that is no JSON: a web page was not paid for, a part of an answer may have been."""
    kind = headers.get("content-type", "").partition(";")[0].strip()
    page = "html" in kind or reply.lstrip()[:1] == b"<"
    words = own_words(reply, endpoint) or "nothing"
    what = f"the reply is not JSON ({kind or 'no type is named'}): {words}"
    if page:
        what += "; check FOLKMOOT_LLM_BASE_URL, which mostly ends in /v1"
    return Trouble("garbage", short(what, endpoint), maybe_paid=not page)


def own_words(reply: bytes, endpoint: Endpoint) -> str:
    """The endpoint's own words, on one line of at most 300 characters, without the key; empty: there are none."""
    message: Any
    try:
        message = json.loads(reply)
        while isinstance(message, list) and message:
            message = message[0]
        if isinstance(message, dict):
            message = message.get("error", message.get("detail", message))
        if isinstance(message, dict):
            message = message.get("message", message)
    except (ValueError, AttributeError, RecursionError):
        message = reply.decode("utf-8", "replace")
        if title := re.search(r"<title>(.*?)</title>", message, re.DOTALL | re.IGNORECASE):
            message = f"a web page, {title[1].strip()!r}"
    return short(message, endpoint)


def short(message: object, endpoint: Endpoint, most: int = 300) -> str:
    """Words of an endpoint or of its model on one line, without the key."""
    line = " ".join(masked(str(message), endpoint.key).split())
    return line if len(line) <= most else f"{line[:most]} ..."


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


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 400 <= value < 600 else None


def _by_words(text: str) -> int:
    for code, words in (
        (402, ("insufficient_quota", "insufficient", "credit balance", "billing", "payment", "out of credit")),
        (429, ("rate limit", "rate_limit", "too many requests", "quota", "resource_exhausted", "slow down")),
        (401, ("api key", "api_key", "unauthorized", "unauthenticated", "authentication")),
        (404, ("model_not_found", "model not found", "no such model", "unknown model")),
        (400, ("invalid_request", "invalid_argument", "unsupported", "not supported", "content_filter", "bad request")),
    ):
        if any(word in text for word in words):
            return code
    return 502


def _code(reply: bytes) -> str:
    """The short names by which an error is told, of its body: code, type, parameter."""
    try:
        error = json.loads(reply)
        error = error.get("error", error)
        return " ".join(str(error[name]) for name in ("code", "type", "param", "innererror") if error.get(name))
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        return ""
