"""Ways in which endpoints answer that are right in their own eyes: quirks of the simulated endpoint, one function each.

A quirk gets the request, the reply as it would be, and how often this request came, and returns status, body and
headers. Needs the standard library only, as `simulated` does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

Sent = tuple[int, Any, Mapping[str, str]]
Quirk = Callable[[Mapping[str, Any], dict[str, Any], int], Sent]

# How models mark what they think: how it begins and how it ends.
MARKS = {
    "think": ("<think>\n", "\n</think>\n\n"),
    "thinking": ("<thinking>", "</thinking>\n"),
    "reasoning": ('<reasoning effort="high">', "</reasoning>"),
    "bracket": ("[THINK]", "[/THINK]"),
    "channel": ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
    "closing-only": ("", "\n</think>\n"),
    "unmarked-channel": ("analysis", "assistantfinal"),
}
_THOUGHT = [
    "From",
    " 1",
    " to",
    " 6",
    ",",
    " between",
    " <opinion>",
    " and",
    " </opinion>",
    ":",
    " 2",
    " or",
    " 5",
    "?",
    " Or",
    " 3",
    "?",
]


def _refused(message: str, status: int = 400, **more: Any) -> Sent:
    return status, {"error": {"message": message, "type": "invalid_request_error"} | more}, {}


def _limit(request: Mapping[str, Any]) -> int:
    return int(request.get("max_tokens", request.get("max_completion_tokens", 10**6)))


def _thinks(name: str) -> Quirk:
    opens, closes = MARKS[name]

    def quirk(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
        choice = reply["choices"][0]
        text = choice["message"]["content"]
        listed = (choice["logprobs"] or {}).get("content")
        answer = listed or [{"token": text, "logprob": 0.0, "top_logprobs": []}]
        before = [token for token in (opens, *_THOUGHT, closes) if token]
        few = [{"token": str(n), "logprob": -18.0 - n} for n in range(1, 6)]
        thought = [
            {"token": t, "logprob": -0.001, "top_logprobs": [{"token": t, "logprob": -0.001}, *few]} for t in before
        ]
        whole = [*thought, *answer]
        part = whole[: _limit(request)]
        choice["message"]["content"] = "".join(one["token"] for one in part)
        choice["finish_reason"] = "stop" if len(part) == len(whole) else "length"
        choice["logprobs"] = {"content": part} if listed else None
        return 200, reply, {}

    return quirk


def reasoning_apart(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """The text is without what was thought, the tokens are with it."""
    _, reply, _ = _thinks("think")(request, reply, times)
    message = reply["choices"][0]["message"]
    _, mark, answer = message["content"].partition("</think>")
    message |= {"reasoning_content": "hm", "content": answer.strip() if mark else None}
    return 200, reply, {}


def refusal(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """Declines in the field for that."""
    reply["choices"][0]["message"] |= {"content": None, "refusal": "I will not rate this from 1 to 6."}
    return 200, reply, {}


def fault_once(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """The first answer to a request is a fragment that ended in a fault."""
    if times == 1:
        reply["choices"][0] |= {"finish_reason": "error", "message": {"role": "assistant", "content": "1"}}
    return 200, reply, {}


def filtered(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """A filter ends every answer to a request with the word "bicycles"."""
    if "bicycles" in json.dumps(request).lower():
        reply["choices"][0] |= {"finish_reason": "content_filter", "message": {"role": "assistant", "content": ""}}
    return 200, reply, {}


def refused_text(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """A filter refuses every request with the word "bicycles"."""
    if "bicycles" in json.dumps(request).lower():
        return _refused("The prompt was blocked by the moderation.", code="content_filter")
    return 200, reply, {}


def reasoning_only(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """The limit goes into thinking."""
    reply["choices"][0] |= {"finish_reason": "length", "message": {"content": "", "reasoning": "hm"}, "logprobs": None}
    return 200, reply, {}


def no_logprobs(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """Refuses to give log-probabilities."""
    if "logprobs" in request or "top_logprobs" in request:
        return _refused("logprobs is not supported with this model", 422)
    return 200, reply, {}


def few_logprobs(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """Gives three candidates at most."""
    if request.get("top_logprobs", 0) > 3:
        return _refused("Requested sample logprobs of 5, which is greater than max allowed: 3")
    return 200, reply, {}


def at_least_16(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """Takes no limit below 16."""
    if _limit(request) < 16:
        return _refused("max_tokens: Input should be greater than or equal to 16")
    return 200, reply, {}


def other_limit(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """Wants another name of the limit."""
    if "max_tokens" in request:
        return _refused("Unrecognized request argument supplied: max_tokens", param="max_tokens")
    return 200, reply, {}


def no_temperature(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """Takes no temperature."""
    if "temperature" in request:
        return _refused("Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) is.")
    return 200, reply, {}


def no_system(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """Takes no system role."""
    if any(message["role"] == "system" for message in request["messages"]):
        return _refused("System role not supported")
    return 200, reply, {}


def no_seed(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """Takes no seed."""
    return _refused("seed: Extra inputs are not permitted") if "seed" in request else (200, reply, {})


def credit_in_200(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """Says in a reply with status 200 that there is no credit."""
    return 200, {"error": {"message": "Insufficient credits, add more", "code": 402}}, {}


def limit_in_200(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """Asks twice in a reply with status 200 to slow down."""
    slow = [{"error": {"message": "Too many requests", "status": "RESOURCE_EXHAUSTED",
                       "details": [{"retryDelay": "0.02s"}]}}]  # fmt: skip
    return (200, slow, {}) if times <= 2 else (200, reply, {})


def ids_for_tokens(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """Gives the numbers of tokens in place of tokens."""
    logprobs = reply["choices"][0]["logprobs"]
    for place, one in enumerate(logprobs["content"] if logprobs else []):
        few = [{"token": f"token_id:{place}", "logprob": -0.1}]
        one |= {"token": f"token_id:{place}", "top_logprobs": few, "logprob": -0.1}
    return 200, reply, {}


def blank_first(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """A blank comes before everything, as a token of its own."""
    choice = reply["choices"][0]
    blank = {"token": "▁", "logprob": 0.0, "top_logprobs": [{"token": "▁", "logprob": 0.0}]}
    listed = (choice["logprobs"] or {}).get("content")
    if _limit(request) < 2:
        choice["message"]["content"], choice["finish_reason"] = " ", "length"
        choice["logprobs"] = {"content": [blank]} if listed else None
    elif listed:
        choice["message"]["content"] = " " + choice["message"]["content"]
        choice["logprobs"] = {"content": [blank, *listed]}
    return 200, reply, {}


def words_first(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """A few words come before a number, and the limit cuts them."""
    choice = reply["choices"][0]
    listed = (choice["logprobs"] or {}).get("content") or [{"token": choice["message"]["content"], "top_logprobs": []}]
    words = ["**", "Rating", " (", "0", "-", "4", "):", "** "]
    before = [{"token": w, "logprob": -0.1, "top_logprobs": [{"token": w, "logprob": -0.1}]} for w in words]
    whole = [*before, *listed]
    part = whole[: _limit(request)]
    choice["message"]["content"] = "".join(one["token"] for one in part)
    choice["finish_reason"] = "stop" if len(part) == len(whole) else "length"
    choice["logprobs"] = {"content": part} if choice["logprobs"] else None
    return 200, reply, {}


def zeros(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """Every log-probability is 0."""
    logprobs = reply["choices"][0]["logprobs"]
    for one in logprobs["content"] if logprobs else []:
        one["top_logprobs"] = [candidate | {"logprob": 0.0} for candidate in one["top_logprobs"]]
        one["logprob"] = 0.0
    return 200, reply, {}


def in_words(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """Says numbers in words."""
    few = [{"token": "vier", "logprob": -0.1}, {"token": "fünf", "logprob": -3.0}]
    reply["choices"][0]["message"]["content"] = "vier"
    if reply["choices"][0]["logprobs"]:
        reply["choices"][0]["logprobs"] = {"content": [few[0] | {"top_logprobs": few}]}
    return 200, reply, {}


def parts(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """The message is a list of parts, one of them thought."""
    message = reply["choices"][0]["message"]
    thought = {"type": "thinking", "thinking": [{"type": "text", "text": "1, 2 or 3?"}]}
    message["content"] = [thought, {"type": "text", "text": message["content"]}]
    return 200, reply, {}


def total_only(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """What was thought is in the bill's total only."""
    reply["usage"]["total_tokens"] += 1_000
    return 200, reply, {}


def other_model(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """Another model answers, and there is no bill."""
    return 200, reply | {"model": "simulated-small-q4", "usage": None}, {}


def web_page(request: Mapping[str, Any], reply: dict[str, Any], times: int) -> Sent:
    """A page to log in on."""
    return 200, b"<html><head><title>Log in</title></head></html>", {"Content-Type": "text/html"}


QUIRKS: dict[str, Quirk] = {f"marks-{name}": _thinks(name) for name in MARKS} | {
    quirk.__name__.replace("_", "-"): quirk
    for quirk in (
        reasoning_apart, refusal, fault_once, filtered, refused_text, reasoning_only, no_logprobs, few_logprobs,
        at_least_16, other_limit, no_temperature, no_system, no_seed, credit_in_200, limit_in_200, ids_for_tokens,
        blank_first, words_first, zeros, in_words, parts, total_only, other_model, web_page,
    )
}  # fmt: skip
