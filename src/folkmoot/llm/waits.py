"""How long an endpoint asks to wait, in whatever form it says so."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from math import inf
from typing import Any

_UNITS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PARTS = re.compile(
    r"(\d+(?:\.\d+)?)\s*(milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|h|days?|d)?\s*", re.I
)
_NAMED = re.compile(r"(?:retry|try again|wait|available)\D{0,24}?((?:\d+(?:\.\d+)?\s*(?:ms|[smhd])\w*\s*)+)", re.I)
# Entries of a body that say it, whatever they are part of.
_ENTRIES = {"retrydelay": 1.0, "retry_after": 1.0, "retry-after": 1.0, "retryafter": 1.0, "retry_after_seconds": 1.0,
            "retry_after_ms": 0.001, "retry-after-ms": 0.001}  # fmt: skip
# Headers that give the moment, or the time, at which a used up allowance is there again.
_RESETS = ("x-ratelimit-reset-requests", "x-ratelimit-reset-tokens", "x-ratelimit-reset", "ratelimit-reset")


def asked_to_wait(headers: Mapping[str, str], reply: bytes = b"") -> float:
    """The seconds that headers or a body ask to wait; 0 where neither does.

    ``Retry-After`` as a number, a number with units (``1m30s``) or a date, ``retry-after-ms``, resets of a used up rate
    limit; in the body ``retryDelay`` and the like, at any depth, or words ("try again in 20s").
    """
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name)
        if value is not None and (seconds := _seconds(value, unit)) is not None:
            return seconds
    document: Any = None
    if reply[:1] in (b"{", b"["):
        try:
            document = json.loads(reply)
        except (ValueError, RecursionError):
            document = None
    for name, entry in _entries(document):
        scale = _ENTRIES.get(name.lower())
        if scale is not None and (seconds := _seconds(str(entry), scale)) is not None:
            return seconds
    if found := _NAMED.search(reply[:4000].decode("utf-8", "replace")):
        seconds = _seconds(found[1])
        if seconds is not None:
            return seconds
    resets = [(name.lower(), str(value)) for name, value in _entries(document)]
    lowered = {name.lower(): value for name, value in [*resets, *headers.items()]}
    for name in _RESETS:
        kind = name.removeprefix("x-ratelimit-reset").removeprefix("-")
        left = lowered.get(f"x-ratelimit-remaining{'-' if kind and kind != name else ''}{kind if kind != name else ''}")
        if name in lowered and (left is None or left.strip() == "0"):
            seconds = _seconds(lowered[name])
            if seconds is not None:
                return seconds
    return 0.0


def _seconds(value: str, unit: float = 1.0) -> float | None:
    """Seconds from now in a number, a number with units, a moment since 1970 or a date; None where it is none."""
    text = value.strip()
    try:
        number = float(text) * unit
    except ValueError:
        number = -1.0
        at, total = 0, 0.0
        while part := _PARTS.match(text, at):
            name = (part[2] or "").lower()
            total += float(part[1]) * _UNITS["ms" if name.startswith(("ms", "milli")) else name[:1]]
            at = part.end()
        if at == len(text) and at:
            number = total
        else:
            try:
                number = max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
            except (ValueError, OverflowError):
                return None
    if number > 1e11:  # a moment, in milliseconds
        number = max(0.0, number / 1000 - time.time())
    elif number > 1e9:
        number = max(0.0, number - time.time())
    return number if 0 <= number < inf else None


def _entries(document: object, depth: int = 0) -> Iterator[tuple[str, object]]:
    if depth > 6:
        return
    if isinstance(document, Mapping):
        for name, value in document.items():
            if isinstance(value, Mapping | list):
                yield from _entries(value, depth + 1)
            else:
                yield str(name), value
    elif isinstance(document, list):
        for value in document[:20]:
            yield from _entries(value, depth + 1)
