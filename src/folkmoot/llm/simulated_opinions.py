"""Simulated models with opinions of their own, for the flip test: some stand by them, some follow whoever asks.

Standard library only, as `simulated`, beside which it is loaded. What a request asks about is its last quoted text, and
what the person who asks says is its first one.
"""

from __future__ import annotations

import hashlib
import math
import random
import re
from collections.abc import Sequence

_QUOTED = re.compile(r"<<< ([0-9a-f]{12})\n(.*?)\n\1 >>>", re.DOTALL)
_SCALE = re.compile(r"\bfrom (\d) to (\d)\b")
OPINIONS = {
    "own": "the same opinion of a statement, whoever asks",
    "follows": "that of the person who asks, on eight of ten statements",
    "unsteady": "at random, anew for every request",
}


def rating(kind: str, messages: Sequence[Sequence[str]]) -> tuple[str, list[tuple[str, float]]] | None:
    """The rating of a statement and its candidates; None where the request does not quote a person and a statement."""
    last = messages[-1][1]
    quoted, scale = [match[1] for match in _QUOTED.findall(last)], _SCALE.search(last)
    if len(quoted) < 2 or scale is None:
        return None
    low, high = int(scale[1]), int(scale[2])
    asker, statement = quoted[0].lower(), quoted[-1]
    whole = f"{asker}\0{statement}" if kind == "unsteady" else statement
    draw = random.Random(hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest())  # noqa: S311
    value, yields = low + (high - low) * draw.random(), draw.random() < 0.8
    if kind == "follows" and yields and "agree" in asker:
        value = low + 0.5 if "disagree" in asker else high - 0.5
    below, above = int(value), value - int(value)
    pairs = [(str(below), 1.0 - above), (str(below + 1), above)]
    candidates = sorted(((one, math.log(p)) for one, p in pairs if p > 0), key=lambda pair: -pair[1])
    return candidates[0][0], candidates
