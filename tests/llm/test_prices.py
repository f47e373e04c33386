"""What a model costs where nobody said, and how long a run takes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from folkmoot.llm import Call, Endpoint, estimate
from folkmoot.llm.estimate import Estimate
from folkmoot.llm.prices import given, known
from folkmoot.profile import InputError

OPENAI = "https://api.openai.com/v1"


def test_common_models_of_named_services_have_a_dated_price() -> None:
    prices = known(Endpoint("gpt-4o-mini", OPENAI))
    assert prices is not None
    assert (prices.input, prices.cached, prices.output) == (Decimal("0.15"), Decimal("0.075"), Decimal("0.6"))
    assert prices.currency == "USD"
    assert date.fromisoformat(prices.dated) >= date(2026, 1, 1)
    assert known(Endpoint("gpt-4o-mini-2024-07-18", OPENAI)) == prices
    assert known(Endpoint("openai/gpt-4o-mini", "https://openrouter.ai/api/v1")) == prices
    assert known(Endpoint("gpt-4o-mini", "https://mine.openai.azure.com/openai/v1")) == prices
    assert known(Endpoint("claude-haiku-4-5-20251001", "https://api.anthropic.com/v1")) is not None


@pytest.mark.parametrize(
    ("model", "url"),
    [
        ("gpt-4o-mini", "http://localhost:8000/v1"),  # whose server this is, nobody knows
        ("gpt-4o-mini", "https://api.openai.com.example.org/v1"),
        ("mistralai/gpt-4o-mini", "https://openrouter.ai/api/v1"),
        ("made-up", OPENAI),
    ],
)
def test_no_price_is_guessed(model: str, url: str) -> None:
    assert known(Endpoint(model, url)) is None


def test_every_price_of_the_table_can_be_counted_with() -> None:
    from folkmoot.llm.prices import _table

    for service in _table().services:
        for name in service.models:
            endpoint = Endpoint(name, f"https://{service.hosts[0]}/v1")
            prices = known(endpoint)
            assert prices is not None, name
            assert 0 < prices.cached <= prices.input <= prices.output, name
            assert prices.of(endpoint).cost(1_000_000, 1_000_000) == int((prices.input + prices.output) * 10**12), name


def test_prices_are_given_in_one_word() -> None:
    assert (given("0.15/0.60").cached, given("1/0.5/2").cached) == (Decimal("0.15"), Decimal("0.5"))
    for text in ("0.15", "a/b", "1/-2", "1/2/3/4", "nan/1", ""):
        with pytest.raises(InputError, match=r"is no price; write input and output"):
            given(text)


def test_an_estimate_says_minutes_and_how_to_say_prices() -> None:
    calls = [Call("agreement/1", (("user", f"{number}"),), {"max_tokens": 1}) for number in range(6_000)]
    told = str(estimate(calls, Endpoint("m", "http://localhost:1/v1", concurrency=10)))
    assert "about 10 to 50 minutes with 10 requests in flight, if an answer takes 1 to 5 seconds" in told
    assert "price unknown; set `price`: write input and output in money per million tokens" in told
    measured = Estimate(36_000, 0, 1, 1, 0, Decimal(0), 0, 10, (2.0, 2.0), True)
    assert measured.seconds == (7_200.0, 7_200.0)
    assert "about 2 hours with 10 requests in flight, as an answer took 2 seconds so far" in str(measured)
    assert "minute" not in str(Estimate(0, 5, 0, 0, 0, Decimal(0)))
