"""Requests as they are sent, replies as they come: complete, short, merged, odd."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.llm import Answer, Call
from folkmoot.llm.wire import Unusable, body, parse

CALL = Call("q/1", (("system", "s"), ("user", "u\ud800")), {"max_tokens": 1, "top_logprobs": 5, "seed": 7}, sample=2)
SEVERAL = Call("q/1", (("user", "u"),), {"max_tokens": 16, "top_logprobs": 5})
ODD = (("\ufffd", ()),)
USAGE = {"prompt_tokens": 9, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 4}}


def reply(content: object = "4", logprobs: object = None, **more: object) -> dict[str, Any]:
    choice = {"message": {"role": "assistant", "content": content}, "logprobs": logprobs, "finish_reason": "stop"}
    return {"choices": [choice], "usage": USAGE} | more


def token(text: object, logprob: object, *listed: tuple[object, object]) -> dict[str, Any]:
    return {"token": text, "logprob": logprob, "top_logprobs": [{"token": a, "logprob": b} for a, b in listed]}


def test_what_is_sent() -> None:
    assert body(CALL, "m") == {
        "model": "m",
        "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u?"}],
        "max_tokens": 1,
        "top_logprobs": 5,
        "logprobs": True,
        "seed": 9,  # another sample is another draw
    }


def test_a_whole_reply() -> None:
    content = [token("4", -0.1, ("4", -0.1), ("3", -2.4))]
    assert parse(reply(logprobs={"content": content}), CALL) == Answer("4", (("4", -0.1), ("3", -2.4)), 9, 1, 4, "stop")


@pytest.mark.parametrize(
    ("logprobs", "top"),
    [
        (None, None),
        ({}, None),
        ({"content": None}, None),
        ({"content": []}, None),
        ({"content": [{"token": "4", "logprob": -1}]}, (("4", -1.0),)),  # no list: the chosen token itself
        ({"content": [token("4", -3, ("2", -1))]}, (("2", -1.0), ("4", -3.0))),  # a list without the chosen token
        ({"content": [token("4", -1, ("3", -2), ("4", -1))]}, (("4", -1.0), ("3", -2.0))),  # out of order
        ({"content": [token("4", -1, ("4", -1), (" 4", -2))]}, (("4", -1.0), (" 4", -2.0))),  # merged
        ({"content": [token("4", -1, ("4", -1), (None, -2), ("3", None), ("2", math.nan))]}, (("4", -1.0),)),
        ({"content": [token("▁", 0, ("▁", 0)), token("4", -1, ("4", -1))]}, (("4", -1.0),)),  # a blank comes first
        ({"content": "nonsense"}, None),
        ({"tokens": [" ", "4"], "top_logprobs": [{" ": 0}, {"4": -1, "3": -2}]}, (("4", -1.0), ("3", -2.0))),
        ({"tokens": ["4"], "top_logprobs": []}, None),
    ],
)
def test_lists_of_labels(logprobs: object, top: object) -> None:
    assert parse(reply(logprobs=logprobs), CALL).top == top


@pytest.mark.parametrize(
    ("logprobs", "tokens"),
    [
        (None, None),
        ({"content": []}, None),
        (
            {"content": [token("1", 0, ("1", 0)), token(": 4", -1, (": 4", -1), (": 3", -2)), token("\n", 0)]},
            (("1", (("1", 0.0),)), (": 4", ((": 4", -1.0), (": 3", -2.0))), ("\n", (("\n", 0.0),))),
        ),
        ({"content": [token("4", -2, ("3", -1)), token(None, 0), 7]}, (("4", (("3", -1.0), ("4", -2.0))), *ODD, *ODD)),
        (
            {"tokens": ["1", ":", "4"], "top_logprobs": [{"1": 0}, None, {"3": -2, "4": -1}]},
            (("1", (("1", 0.0),)), (":", ()), ("4", (("4", -1.0), ("3", -2.0)))),
        ),
        ({"tokens": ["1", ":"], "top_logprobs": [{"1": 0}]}, (("1", (("1", 0.0),)), (":", ()))),
    ],
)
def test_every_token_where_several_are_wanted(logprobs: object, tokens: object) -> None:
    assert parse(reply("1: 4", logprobs), SEVERAL).tokens == tokens
    listed = tokens if isinstance(tokens, tuple) and len(tokens) > 1 else None
    assert parse(reply("1: 4", logprobs), CALL).tokens == listed  # asks for one token, and got more
    assert parse(reply("1: 4", logprobs), Call("q/1", CALL.messages, {"max_tokens": 9})).tokens is None  # for none


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("text", "garbage"),
        ([1], "garbage"),
        ({}, "garbage"),
        ({"choices": []}, "garbage"),
        ({"choices": [{"message": None}]}, "garbage"),
        (reply(content=[1, {"type": "image"}]), "empty"),
        (reply(content=" \n"), "empty"),
        (reply(content=None), "empty"),
    ],
)
def test_replies_without_an_answer(content: object, kind: str) -> None:
    with pytest.raises(Unusable) as caught:
        parse(content, CALL)
    assert caught.value.kind == kind


def test_tokens_that_are_not_counted_are_estimated() -> None:
    answer = parse(reply("12345678", usage=None), CALL)
    assert (answer.input_tokens, answer.output_tokens) == (1 + 2 * 4, 2)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["choices", "message", "content", "logprobs", "token", "logprob", "top_logprobs", "usage"]),
            inner,
        )
    ),
    max_leaves=20,
)


@given(_JSON, _JSON)
@settings(max_examples=40)
def test_nothing_odd_goes_through(whole: object, logprobs: object) -> None:
    for one in (whole, reply(logprobs=logprobs), reply(content=whole)):
        try:
            answer = parse(one, SEVERAL)
        except Unusable:
            continue
        assert answer.text.strip() or answer.top
        assert answer.top is None or answer.top in [top for _, top in answer.tokens or ()]
