"""Profiles of services, the settings they fill in, and how requests are put by them."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from folkmoot.llm import Call, Endpoint
from folkmoot.llm.dialect import SETTINGS, Dialect, learned
from folkmoot.llm.pace import Pace
from folkmoot.llm.services import find, of_host, services
from folkmoot.llm.streamed import Streamed
from folkmoot.profile import InputError

CALL = Call("q/1", (("system", "s"), ("user", "u")), {"max_tokens": 1, "temperature": 0, "seed": 3, "top_logprobs": 5})


@pytest.mark.parametrize("name", services())
def test_every_profile_is_of_settings_that_there_are(name: str) -> None:
    service = services()[name]
    assert service.name
    assert service.documented
    assert set(service.settings) <= {*SETTINGS, "start_concurrency", "concurrency", "timeout"}
    given = {"FOLKMOOT_LLM_SERVICE": name, "FOLKMOOT_LLM_BASE_URL": service.base_url or "https://example.org/v1"}
    endpoint = Endpoint.read(None, given, model="m")
    assert endpoint.service == name
    for setting, value in service.settings.items():
        found = getattr(endpoint.dialect if setting in SETTINGS else endpoint, setting)
        assert (list(found) if isinstance(found, tuple) else found) == value
    body = endpoint.dialect.body(CALL, "m")
    assert not set(endpoint.dialect.drop) & body.keys()
    assert ("logprobs" in body) == endpoint.dialect.logprobs


@pytest.mark.parametrize(
    ("url", "model", "service"),
    [
        ("https://api.openai.com/v1", "gpt-4o-mini", "openai"),
        ("https://api.openai.com/v1", "o3-mini", "openai-reasoning"),
        ("https://api.openai.com/v1", "gpt-5-nano", "openai-reasoning"),
        ("https://town.openai.azure.com/openai/v1", "our-deployment", "azure"),
        ("https://api.groq.com/openai/v1", "llama", "groq"),
        ("http://localhost:11434/v1", "gemma", "ollama"),
        ("http://127.0.0.1:9999/v1", "m", None),
        ("https://notapi.openai.com.example.org/v1", "m", None),
    ],
)
def test_a_service_is_recognised_by_its_host(url: str, model: str, service: str | None) -> None:
    found = of_host(url, model)
    assert (found and found.id) == service


def test_own_settings_go_before_those_of_a_service(tmp_path: Path) -> None:
    file = tmp_path / "endpoint.toml"
    file.write_text(
        '[llm]\nmodel = "o4"\nservice = "openai-reasoning"\nthinking = 50\ndrop = []\nextra = { effort = 0.5 }\n'
        'headers = { X-Team = "town" }\n'
    )
    endpoint = Endpoint.read(file, {"OPENAI_API_KEY": "sk-other"})
    assert endpoint.dialect.thinking == 50
    assert endpoint.dialect.drop == ()
    assert endpoint.dialect.extra == {"effort": 0.5}
    assert endpoint.dialect.headers == {"X-Team": "town"}
    assert endpoint.base_url == "https://api.openai.com/v1"
    assert endpoint.key is None  # a key in a variable of another name is for an endpoint that nobody named
    assert "town" not in repr(endpoint)
    found = Endpoint.read(None, {"FOLKMOOT_LLM_DROP": "seed, temperature", "FOLKMOOT_LLM_LOGPROBS": "no"}, model="m")
    assert (found.dialect.drop, found.dialect.logprobs) == (("seed", "temperature"), False)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ('service = "nowhere"', "there is no service 'nowhere'; there are anthropic"),
        ("logprobs = 3", "logprobs must be true or false"),
        ('least_tokens = "many"', "least_tokens must be a whole number"),
        ("drop = [1]", "drop must be a list of names"),
        ("extra = 3", "extra must be a table"),
        ("system_role = 3", "system_role must be a text"),
        ("start_concurrency = 0", "start_concurrency must be at least 1"),
    ],
)
def test_settings_of_another_kind_are_refused(tmp_path: Path, setting: str, message: str) -> None:
    file = tmp_path / "endpoint.toml"
    file.write_text(f'model = "m"\n{setting}\n')
    with pytest.raises(InputError, match=message):
        Endpoint.read(file, {})


def test_how_requests_are_put() -> None:
    spoken = Dialect(
        max_tokens_name="max_completion_tokens",
        least_tokens=16,
        thinking=100,
        drop=("temperature",),
        system_role="user",
        top_logprobs=3,
        extra={"reasoning_effort": "low"},
    )
    assert spoken.body(CALL, "m") == {
        "model": "m",
        "messages": [{"role": "user", "content": "s\n\nu"}],
        "max_completion_tokens": 116,
        "seed": 3,
        "logprobs": True,
        "top_logprobs": 3,
        "reasoning_effort": "low",
    }
    asked = spoken.as_asked(CALL)
    assert (asked.parameters["max_tokens"], asked.key) == (116, CALL.key)
    assert Dialect().as_asked(CALL) is CALL
    long = Call("q/1", CALL.messages, {"max_tokens": 500})
    assert "stream" not in Dialect().body(long, "m")
    assert Dialect().body(long, "m", local=True)["stream"]
    assert "stream" not in Dialect().body(CALL, "m", local=True)
    assert Dialect(stream="always").body(CALL, "m")["stream"]
    assert "stream" not in Dialect(stream="never").body(long, "m", local=True)


@pytest.mark.parametrize(
    "words",
    [
        "This model's maximum context length is 4096 tokens, however you requested 5000 tokens (max_tokens 1000)",
        "The prompt triggered the content management policy of our system",
        "Invalid request",
        "Something about temperature",
    ],
)
def test_what_teaches_nothing(words: str) -> None:
    assert learned(Dialect(), words, Dialect().body(CALL, "m")) is None


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            "'max_tokens' is not supported. Use 'max_completion_tokens' instead",
            'max_tokens_name = "max_completion_tokens"',
        ),
        ("Unsupported value: 'temperature' does not support 0", 'drop = ["temperature"]'),
        ("logprobs are not supported with reasoning models", "logprobs = false"),
        ("top_logprobs must be less than or equal to 3", "top_logprobs = 3"),
        ("'messages[0].role' does not support 'system' with this model", 'system_role = "user"'),
        ("Use the developer role: system message is not supported", 'system_role = "developer"'),
        ("Conversation roles must alternate user/assistant", 'system_role = "user"'),
        ("Invalid 'max_output_tokens': Expected a value >= 16, but got 1", "least_tokens = 16"),
        ("max_tokens must be greater than 15", "least_tokens = 16"),
        ("seed: extra inputs are not permitted", 'drop = ["seed"]'),
    ],
)
def test_what_a_refusal_teaches(words: str, line: str) -> None:
    found = learned(Dialect(), words, Dialect().body(CALL, "m"))
    assert found is not None
    assert found[1] == line


def test_a_refusal_teaches_once() -> None:
    dialect, seen = Dialect(), []
    for words in ("max_tokens is not supported", "max_completion_tokens: extra inputs are not permitted"):
        found = learned(dialect, words, dialect.body(CALL, "m"))
        if found is not None:
            dialect = found[0]
        seen.append(found is not None)
    assert seen == [True, False]


def test_pieces_make_the_reply_that_it_would_have_been() -> None:
    streamed = Streamed()
    lines: list[dict[str, Any]] = [
        {"model": "m", "choices": [{"delta": {"role": "assistant", "reasoning": "hm"}}]},
        {"choices": [{"delta": {"content": "4"}, "logprobs": {"content": [{"token": "4", "logprob": -1}]}}]},
        {"choices": [{"delta": {}, "finish_reason": "stop"}]},
        {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 1}},
    ]
    import json

    for line in [": keep", "", *(f"data: {json.dumps(one)}" for one in lines), "data: [DONE]", "data: {odd"]:
        streamed.line(line)
    assert streamed.ended
    assert streamed.document == {
        "choices": [
            {
                "message": {"role": "assistant", "content": "4", "reasoning_content": "hm"},
                "finish_reason": "stop",
                "logprobs": {"content": [{"token": "4", "logprob": -1}]},
            }
        ],
        "model": "m",
        "usage": {"prompt_tokens": 3, "completion_tokens": 1},
    }
    failed = Streamed()
    failed.line('data: {"error": {"message": "gone", "code": 502}}')
    assert failed.document == {"error": {"message": "gone", "code": 502}}


def test_requests_in_flight_rise_fall_and_keep_their_turn() -> None:
    async def run() -> list[int]:
        pace, order = Pace(8, 8), list[int]()

        async def one(number: int) -> None:
            async with pace:
                order.append(number)
                await asyncio.sleep(0)

        await asyncio.gather(*(one(number) for number in range(40)))
        assert pace.in_flight == 0
        sent = time.monotonic()
        pace.congested(sent)
        assert pace.allowed == 4
        pace.congested(sent)  # sent before the last halving
        assert pace.allowed == 4
        for _ in range(20):
            pace.answered(1.0)
        assert pace.allowed == 8
        for _ in range(9):
            pace.congested(time.monotonic() + 1)
        assert pace.allowed == 1
        return order

    assert asyncio.run(run()) == list(range(40))


def test_a_server_with_one_place_gets_no_second_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """It doubles while that brings more answers in the same time, and goes back where it does not."""
    now = [0.0]
    monkeypatch.setattr("folkmoot.llm.pace.time.monotonic", lambda: now[0])

    async def run(places: int) -> float:
        pace = Pace(16, 1)
        async with pace:
            pass
        for _ in range(300):
            now[0] += 1.0 / min(places, int(pace.allowed))
            pace.answered(1.0)
        return pace.allowed

    assert asyncio.run(run(1)) < 3
    assert 4 <= asyncio.run(run(4)) <= 8
    assert asyncio.run(run(64)) == 16
    assert Endpoint("m", "http://127.0.0.1:1/v1").first == 1
    assert Endpoint("m", "https://example.org/v1").first == 16
    assert Endpoint("m", "http://localhost:1/v1", start_concurrency=4).first == 4
    assert find("") is None
