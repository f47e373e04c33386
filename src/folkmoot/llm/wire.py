"""The protocol of chat completions: what is sent for a call, and what is read from the reply."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from .calls import Answer, Call, Top
from .estimate import input_tokens


class Unusable(Exception):
    """A reply that holds no answer, and was probably paid for.

    Args:
        kind: the kind of failure: ``garbage`` or ``empty``.
        used: the numbers of tokens of the prompt, of the answer and of the cached part of the prompt, where the reply
            states them.
    """

    def __init__(self, kind: str, reason: str, used: tuple[int, int, int] | None = None) -> None:
        self.kind, self.reason, self.used = kind, reason, used
        super().__init__(reason)


def body(call: Call, model: str) -> dict[str, Any]:
    """The JSON object to send."""
    parameters = dict(call.parameters)
    seed = parameters.get("seed")
    if isinstance(seed, int):
        parameters["seed"] = seed + call.sample  # the same seed would give the same answer again
    if "top_logprobs" in parameters:
        parameters.setdefault("logprobs", True)
    messages = [{"role": role, "content": clean(content)} for role, content in call.messages]
    return {"model": model, "messages": messages} | parameters


def parse(reply: object, call: Call) -> Answer:
    """The answer in a reply.

    Where the endpoint does not say how many tokens were used, they are estimated (`folkmoot.llm.estimate`).

    Raises:
        Unusable: if the reply holds no answer.
    """
    if not isinstance(reply, Mapping):
        raise Unusable("garbage", "the reply is not a JSON object")
    used = _used(reply.get("usage"))
    choices = reply.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, Mapping) else None
    if not isinstance(choice, Mapping) or not isinstance(message, Mapping):
        raise Unusable("garbage", "the reply holds no message", used)
    text = message.get("content") or message.get("refusal") or ""
    if not isinstance(text, str):
        raise Unusable("garbage", "the reply's message is not a text", used)
    listed = _listed(choice.get("logprobs"))
    text, top, finish = clean(text), _top(listed), choice.get("finish_reason")
    if not text.strip() and top is None:
        raise Unusable("empty", f"the answer is empty (finish: {finish})", used)
    into, out, cached = used or (input_tokens(call), -(-len(text.encode()) // 4), 0)
    tokens = tuple(map(_position, listed)) or None if call.positions else None
    return Answer(text, top, into, out, cached, finish if isinstance(finish, str) else "stop", tokens)


def clean(text: str) -> str:
    """The text without halves of surrogate pairs, which neither UTF-8 nor SQLite can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _used(usage: object) -> tuple[int, int, int] | None:
    if not isinstance(usage, Mapping):
        return None
    details = usage.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, Mapping) else None
    into, out, cached = (_count(part) for part in (usage.get("prompt_tokens"), usage.get("completion_tokens"), cached))
    return None if into is None or out is None else (into, out, cached or 0)


def _count(value: object) -> int | None:
    # SQLite's integers end at 2**63; no answer has a million million tokens.
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12 else None


_Listed = tuple[object, Sequence[tuple[object, object]]]  # a token and its candidates as they came


def _listed(logprobs: object) -> list[_Listed]:
    """The tokens and candidates, position by position; the token is None where there is none.

    Lists may be shorter than requested, hold what is no candidate, or lack the token that was chosen.
    """
    if not isinstance(logprobs, Mapping):
        return []
    content = logprobs.get("content")
    if isinstance(content, list):
        return [_entry(entry) for entry in content]
    # The older form: lists by token, as completions without chat have them.
    lists, chosen = logprobs.get("top_logprobs"), logprobs.get("tokens")
    candidates: Sequence[object] = lists if isinstance(lists, list) else ()
    texts: Sequence[object] = chosen if isinstance(chosen, list) else ()
    return [
        (text, list(one.items()) if isinstance(one, Mapping) else [])
        for text, one in zip_longest(texts, candidates[: len(texts) or 1])
    ]


def _entry(entry: object) -> _Listed:
    if not isinstance(entry, Mapping):
        return None, []
    listed = entry.get("top_logprobs")
    pairs = [
        (one.get("token"), one.get("logprob"))
        for one in [*(listed if isinstance(listed, list) else ()), entry]
        if isinstance(one, Mapping)
    ]
    return entry.get("token"), pairs


def _top(listed: Sequence[_Listed]) -> Top | None:
    """Candidates of the first token that is not blank; None where there are none."""
    there = [one for one in listed if one[1]]
    return _candidates(next((pairs for token, pairs in listed if _shown(token)), there[0][1] if there else ())) or None


def _position(listed: _Listed) -> tuple[str, Top]:
    token, pairs = listed
    return clean(token) if isinstance(token, str) else "\ufffd", _candidates(pairs)


def _candidates(pairs: Sequence[tuple[object, object]]) -> Top:
    """The readable candidates, most probable first; the last pair mostly repeats one of those before it."""
    seen: set[str] = set()
    kept: list[tuple[str, float]] = []
    for place, (token, logprob) in enumerate(pairs):
        if not isinstance(token, str) or not isinstance(logprob, int | float) or isinstance(logprob, bool):
            continue
        if math.isnan(logprob) or (place == len(pairs) - 1 and token in seen):
            continue
        seen.add(token)
        kept.append((clean(token), float(logprob)))
    return tuple(sorted(kept, key=lambda pair: (-pair[1], pair[0])))


def _shown(token: object) -> bool:
    return isinstance(token, str) and bool(token.strip(" \t\r\n▁ĠĊ"))
