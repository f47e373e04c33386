"""The protocol of chat completions: what is read from a reply. (What is sent is in `dialect`.)"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from .calls import Answer, Call, Top
from .dialect import Dialect, clean
from .estimate import input_tokens
from .places import located
from .scoring import FLOOR, label
from .thinking import answer_span, thinks
from .trouble import CUT, DECLINED, FILTERED

Used = tuple[int, int, int]  # tokens of the prompt, of the answer, and of the cached part of the prompt

# What endpoints call the end of an answer that a filter, a fault or the limit brought about.
_FILTERS = {"content_filter", "safety", "recitation", "blocklist", "prohibited_content", "spii", "image_safety",
            "sensitive", "moderation", "guardrail_intervened", "content_filtered"}  # fmt: skip
_FAULTS = {"error", "abort", "aborted", "cancelled", "insufficient_system_resource", "malformed_function_call", "other",
           "finish_reason_unspecified"}  # fmt: skip
_CUTS = {"length", "max_tokens", "model_length", "max_output_tokens", "model_context_window_exceeded"}


class Unusable(Exception):
    """A reply that holds no answer, and was probably paid for.

    Args:
        kind: the kind of failure: ``garbage``, ``empty``, ``server``, or one of `trouble.ANSWERED_IN_VAIN`.
        used: the numbers of tokens, where the reply states them.
        paid: whether it may have been paid for.
        brief: whether a limit of a few tokens ended it, which a model may need before a number.
    """

    def __init__(
        self, kind: str, reason: str, used: Used | None = None, paid: bool = True, brief: bool = False
    ) -> None:
        self.kind, self.reason, self.used, self.paid, self.brief = kind, reason, used, paid, brief
        super().__init__(reason)


def body(call: Call, model: str, dialect: Dialect | None = None) -> dict[str, Any]:
    """The JSON object to send."""
    return (dialect or Dialect()).body(call, model)


def parse(reply: object, call: Call) -> Answer:
    """The answer in a reply.

    Where the endpoint does not say how many tokens were used, they are estimated (`folkmoot.llm.estimate`).

    Raises:
        Unusable: if the reply holds no answer: it declines, ended in a fault or by a filter, or has no text.
    """
    if not isinstance(reply, Mapping):
        raise Unusable("garbage", "the reply is not a JSON object")
    used = used_tokens(reply.get("usage"))
    choices = reply.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, Mapping) else None
    if not isinstance(choice, Mapping) or not isinstance(message, Mapping):
        raise Unusable("garbage", "the reply holds no message", used)
    read = _message(message)
    finish = choice.get("finish_reason")
    finish = finish if isinstance(finish, str) and finish else "stop"
    _usable(read, finish, choice, used, call)
    text = clean(read.text)
    listed = _listed(choice.get("logprobs"))
    tokens = tuple(map(_position, listed))
    top = _first(text, tokens, [pairs for _, pairs in listed])
    if finish.lower() in _CUTS and _brief(call) and not _numbered(text, top):
        words = " ".join(text.split()) or "nothing"
        raise Unusable(CUT, f"the limit ended the answer after {words!r} (finish: {finish})", used, brief=True)
    if not text.strip() and top is None:
        kind = CUT if finish.lower() in _CUTS else "empty"
        raise Unusable(kind, f"the answer is empty (finish: {finish})", used)
    into, out, cached = used or (input_tokens(call), -(-len(text.encode()) // 4), 0)
    several = call.positions or (len(tokens) > 1 and bool(call.parameters.get("top_logprobs")))
    shown = tokens if several and tokens and _same_text(tokens, text) else None
    return Answer(text, top, into, out, cached, finish, shown)


def used_tokens(usage: object) -> Used | None:
    """The tokens that a bill states; None where it states none.

    Some endpoints leave what a model thought out of the answer's tokens and count it in the total only: it is part of
    the answer.
    """
    if not isinstance(usage, Mapping):
        return None
    details = usage.get("prompt_tokens_details", usage.get("input_tokens_details"))
    cached = details.get("cached_tokens") if isinstance(details, Mapping) else usage.get("prompt_cache_hit_tokens")
    into = _count(usage.get("prompt_tokens", usage.get("input_tokens")))
    out = _count(usage.get("completion_tokens", usage.get("output_tokens")))
    total = _count(usage.get("total_tokens"))
    if into is None or (out is None and total is None):
        return None
    more = usage.get("completion_tokens_details", usage.get("output_tokens_details"))
    thought = (_count(more.get("reasoning_tokens")) or 0) if isinstance(more, Mapping) else 0
    if thought > (out or 0):  # counted apart
        thought += out or 0
    return into, max(out or 0, thought, (total or 0) - into), _count(cached) or 0


@dataclass(frozen=True)
class _Message:
    text: str
    refusal: str = ""
    reasoning: str = ""


def _message(message: Mapping[str, object]) -> _Message:
    """Text, refusal and reasoning of a message whose content is a text or a list of parts."""
    content = message.get("content")
    parts = content if isinstance(content, list) else [content]
    texts: list[str] = []
    refusal = message.get("refusal")
    reasoning = [message.get("reasoning_content") or message.get("reasoning") or message.get("thinking")]
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, Mapping):
            kind = str(part.get("type", ""))
            if part.get("refusal") or kind == "refusal":
                refusal = refusal or part.get("refusal") or part.get("text")
            elif "think" in kind or "reason" in kind:
                reasoning.append(part.get("thinking") or part.get("text") or kind)
            elif isinstance(part.get("text"), str):
                texts.append(str(part["text"]))
    told = "\n".join(str(one) for one in reasoning if one)
    return _Message("".join(texts), refusal if isinstance(refusal, str) else "", told)


def _usable(read: _Message, finish: str, choice: Mapping[str, object], used: Used | None, call: Call) -> None:
    """Refuses what is no answer, whatever text it has.

    Raises:
        Unusable: with the reason.
    """
    ended, error = finish.lower(), choice.get("error")
    if ended in _FAULTS or error:
        words = error.get("message", error) if isinstance(error, Mapping) else error or finish
        raise Unusable("server", f"the answer ended in a fault of the endpoint's: {words}", used)
    if read.refusal and not read.text.strip():
        raise Unusable(DECLINED, f"the model declines: {read.refusal}", used)
    if ended in _FILTERS or ended == "refusal":
        raise Unusable(FILTERED, f"the endpoint's filter ended the answer (finish: {finish})", used)
    span = answer_span(read.text)
    if span is not None:
        return
    if read.text and choice.get("logprobs") and not thinks(read.text):
        return  # blanks or marks, whose candidates may hold the rating
    thought = bool(read.reasoning) or thinks(read.text)
    spent = f" of {used[1]:,} tokens" if used else ""
    if ended in _CUTS and (read.text.strip() == "" or thought):
        what = "it thinks" if thought else "the answer is empty"
        reason = f"{what}, and the limit{spent} ended that before an answer began (reasoning; finish: {finish})"
        raise Unusable(CUT, reason, used, brief=_brief(call) and not thought)
    if thought:
        raise Unusable(CUT, f"it thinks and gives no answer (reasoning only; finish: {finish})", used)


def _brief(call: Call) -> bool:
    """Whether one rating was asked for, in a few tokens."""
    most = call.parameters.get("max_completion_tokens", call.parameters.get("max_tokens"))
    return bool(call.parameters.get("top_logprobs")) and isinstance(most, int) and most < 8


def _numbered(text: str, top: Top | None) -> bool:
    """Whether a text holds a digit, or its first token is likely to be one."""
    span = answer_span(text)
    if span is not None and any(character.isdigit() for character in text[span[0] : span[1]]):
        return True
    return math.fsum(math.exp(min(at, 0.0)) for token, at in top or () if label(token) is not None) >= FLOOR


def _count(value: object) -> int | None:
    # SQLite's integers end at 2**63; no answer has a million million tokens.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12 else None


_Listed = tuple[object, Sequence[tuple[object, object]]]  # a token and its candidates as they came
_Position = tuple[str, Top]


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


def _first(text: str, tokens: Sequence[_Position], candidates: Sequence[object]) -> Top | None:
    """Candidates of the token with which the text's answer begins; None where there are none, or no such token."""
    if not any(candidates):
        return None
    span = answer_span(text)
    if span is None:
        # A blank was chosen; if all there is, is blank, its candidates are the answer's.
        blank = all(not token.strip(" \t\r\n▁ĠĊ") for token, _ in tokens)
        return next((top for _, top in tokens if top), None) if blank else None
    (place,) = located([token for token, _ in tokens], text, [span[0]])
    return None if place is None else tokens[place[0]][1] or None


def _same_text(tokens: Sequence[_Position], text: str) -> bool:
    """Whether the tokens are those of this text, as far as can be told: of ids and the like none is in it."""
    shown = [token.strip() for token, _ in tokens if token.strip(" \t\r\n▁ĠĊ\ufffd")]
    return not text.strip() or any(token.strip(" ▁ĠĊ") in text for token in shown)


def _position(listed: _Listed) -> _Position:
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
