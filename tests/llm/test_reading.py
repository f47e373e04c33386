"""The answer in a text, the rating in an answer, the key in a message, the wait in a refusal."""

from __future__ import annotations

import base64
import html
import json
import time
from email.utils import formatdate
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.llm import said_rating
from folkmoot.llm.masked import masked
from folkmoot.llm.numbers import declines
from folkmoot.llm.places import located
from folkmoot.llm.simulated_quirks import MARKS
from folkmoot.llm.thinking import answer_span
from folkmoot.llm.waits import asked_to_wait

KEY = "sk-SECRET-abc123/+XYZ=="


def answer(text: str) -> str | None:
    span = answer_span(text)
    return None if span is None else text[slice(*span)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *((f"{opens}From 1 to 6: 2 or 5?{closes}4", "4") for opens, closes in MARKS.values()),
        *((f"{opens}From 1 to 6: 2 or", None) for opens, _ in MARKS.values() if opens),
        ("\ufeff  4\n", "4"),
        ("◁think▷ 5 ◁/think▷ 4", "4"),
        ("<THINK>5</Think>\n4", "4"),
        ("<think></think>\n\n4", "4"),
        ("<|START_THINKING|>5<|END_THINKING|><|START_RESPONSE|>4<|END_RESPONSE|>", "4"),
        ("<|channel|>analysis<|message|>5<|end|><|start|>assistant<|channel|>commentary<|message|>3", None),
        ("<|channel>thought\n5<channel|>4", "4"),
        ("Thinking...\n5 or 6\n...done thinking.\n\n4", "4"),
        ("4\n<think>was that right?</think>", "4"),
        ("<think>I close it with </think> so.\n</think>\n4", "4"),
        ("<details type=\"reasoning\" done=\"true\">\n5\n</details>\n4", "4"),
        ("4<|im_end|>", "4"),
        ("I think that buses matter. [1]", "I think that buses matter. [1]"),
        ("<opinion>We think of trees</opinion>", "<opinion>We think of trees</opinion>"),
        ("", None),
        (" \n", None),
    ],
)  # fmt: skip
def test_the_answer_is_what_is_not_thought(text: str, said: str | None) -> None:
    assert answer(text) == said


@pytest.mark.parametrize(
    ("text", "rating"),
    [
        ("4", 4), (" 4", 4), ("4.", 4), ("**4**", 4), ("`4`", 4), ("Rating: 4", 4), ("4.0", 4), ("4\n\n", 4),
        ("4 of 6", 4), ("4/6", 4), ("4 out of 6", 4), ("4 von 6", 4), ("4 sur 6", 4), ("4 de 6", 4), ("6 of 6", 6),
        ("On a scale from 1 to 6 I'd say 4", 4), ("Auf der Skala von 1 bis 6: 4", 4),
        ("Sur une échelle de 1 à 6, 4", 4),
        ("De 1 a 6, diría 4.", 4), ("Rating (1-6): 4", 4), ("1 (not at all) to 6 (completely): 4", 4),
        ("1〜6: 4", 4),
        ("I'd say 4, so: 4", 4), ('{"rating": 4}', 4), ("<think>1, 2, 3</think> 4", 4),
        ("1 to 6", None), ("4 or 5", None), ("4-5", None), ("3, maybe 4", None), ("95 % sure: 4", None), ("2.5", None),
        ("-3", None), ("0", None), ("7", None), ("44", None), ("four", None), ("vier", None), ("IV", None), ("", None),
        ("4th", None), ("x4", None), ("³", None), ("٤", None),
        ("I cannot rate people's opinions from 1 to 6.", None), ("I'm sorry, but a 1 would be unfair.", None),
        ("Ich kann das nicht mit 4 bewerten.", None), ("Je ne peux pas répondre 4.", None), ("No puedo: 4", None),
        ("<think>The person would say 5", None),
    ],
)  # fmt: skip
def test_the_rating_that_is_meant_or_none(text: str, rating: int | None) -> None:
    found = said_rating(text, 1, 6)
    assert (found and found[0]) == rating
    if found is not None:
        assert text[found[1]] == str(rating)


@given(st.text(alphabet="0123456 ofto/-.,;4", max_size=14))
def test_what_is_read_stands_there(text: str) -> None:
    found = said_rating(text, 1, 6)
    if found is not None:
        assert 1 <= found[0] <= 6
        assert text[found[1]] == str(found[0])


def test_who_declines_is_seen_and_who_answers_is_not() -> None:
    assert declines("As an AI, I do not rate opinions.")
    assert not declines("4, as the person wants buses and cannot walk.") or said_rating("4", 1, 6)
    assert not declines("More buses in the evening.")


def test_places_in_tokens_whatever_is_around_the_answer() -> None:
    tokens = ["<think>", "4", "?", "</think>", "\n\n", "1", ":", " 4"]
    assert located(tokens, "1: 4", [0, 3]) == [(5, 0), (7, 1)]
    assert located(tokens, "".join(tokens), [13 + len("</think>"), 0]) != [None, None]
    assert located(["4", "4"], "4", [0]) == [None]  # there twice
    assert located(["token_id:20"], "4", [0]) == [None]
    assert located([], "4", [0]) == [None]


@pytest.mark.parametrize(
    "shown",
    [
        KEY,
        quote(KEY, safe=""),
        quote(KEY, safe="")
        .lower()
        .replace("secret", "SECRET")
        .replace("sk-SECRET-abc123%2f%2bxyz", quote(KEY, safe="")),
        quote(quote(KEY, safe=""), safe=""),
        json.dumps(KEY)[1:-1].replace("/", "\\/"),
        "".join(f"\\u{ord(c):04x}" for c in KEY),
        html.escape(KEY),
        "".join(f"&#{ord(c)};" for c in KEY),
        "".join(f"&#x{ord(c):X};" for c in KEY),
        base64.b64encode(f"Bearer {KEY}".encode()).decode(),
        base64.b64encode(f"x:{KEY}".encode()).decode(),
        base64.b64encode(KEY.encode()).decode(),
        KEY.encode().hex(),
        KEY[:12],  # the beginning of it
    ],
)
def test_a_key_is_masked_in_any_encoding(shown: str) -> None:
    text = masked(f"Incorrect key: {shown} was sent", KEY)
    assert "SECRET" not in text
    assert "[key]" in text
    assert "was sent" in text
    assert masked(text, None) == text


def test_nothing_else_is_masked() -> None:
    assert masked("Task sk-1 needs /+XYZ", KEY) == "Task sk-1 needs /+XYZ"


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"retry-after": "7"}, b"", 7), ({"retry-after": "7.5"}, b"", 7.5), ({"retry-after": "2s"}, b"", 2),
        ({"retry-after": "1m30s"}, b"", 90), ({"retry-after": "250ms"}, b"", 0.25),
        ({"retry-after-ms": "250", "retry-after": "7"}, b"", 0.25), ({"retry-after": "nan"}, b"", 0),
        ({"retry-after": "-5"}, b"", 0), ({"retry-after": "soon"}, b"", 0), ({"retry-after": "1 minute"}, b"", 60),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s"}, b"", 360),
        ({"x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "6m0s"}, b"", 0),
        ({}, b'[{"error": {"details": [{"retryDelay": "34s"}]}}]', 34), ({}, b'{"error": {"retry_after": 3}}', 3),
        ({}, b'{"error": {"message": "Rate limit reached. Please try again in 1.2s."}}', 1.2),
        ({}, b"Please retry in 20ms", 0.02), ({}, b"{" * 5000, 0), ({}, b"", 0),
    ],
)  # fmt: skip
def test_waits_in_every_form(headers: dict[str, str], body: bytes, seconds: float) -> None:
    assert asked_to_wait(headers, body) == pytest.approx(seconds)


def test_waits_until_a_moment() -> None:
    soon = time.time() + 30
    assert 27 < asked_to_wait({"retry-after": formatdate(soon, usegmt=True)}) < 31
    assert 27 < asked_to_wait({"retry-after": str(int(soon))}) < 31
    body = json.dumps({"error": {"metadata": {"headers": {"X-RateLimit-Reset": str(int(soon * 1000))}}}}).encode()
    assert 27 < asked_to_wait({}, body) < 31
    assert asked_to_wait({"retry-after": formatdate(soon - 90, usegmt=True)}) == 0
