"""Where the endpoint's settings come from, and that the key stays where it is."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from folkmoot.llm import Endpoint
from folkmoot.profile import InputError

KEY = "sk-very-secret"


def test_from_the_environment() -> None:
    environ = {
        "FOLKMOOT_LLM_BASE_URL": "http://localhost:8000/v1",
        "FOLKMOOT_LLM_MODEL": "small",
        "FOLKMOOT_LLM_API_KEY": f"{KEY}\n",
        "FOLKMOOT_LLM_INPUT_PRICE": "0.15",
        "FOLKMOOT_LLM_CONCURRENCY": "4",
        "OPENAI_API_KEY": "another",
    }
    endpoint = Endpoint.read(environ=environ)
    assert (endpoint.base_url, endpoint.model, endpoint.key) == ("http://localhost:8000/v1", "small", KEY)
    assert (endpoint.input_price, endpoint.concurrency) == (Decimal("0.15"), 4)
    assert KEY not in repr(endpoint)


def test_the_variables_of_openai_come_last() -> None:
    endpoint = Endpoint.read(environ={"OPENAI_API_KEY": KEY, "OPENAI_MODEL": "m"})
    assert (endpoint.base_url, endpoint.model, endpoint.key) == ("https://api.openai.com/v1", "m", KEY)


def test_the_key_for_one_endpoint_is_not_sent_to_another() -> None:
    environ = {"FOLKMOOT_LLM_BASE_URL": "http://localhost:8000/v1", "OPENAI_API_KEY": KEY, "OPENAI_MODEL": "m"}
    assert Endpoint.read(environ=environ).key is None


@pytest.mark.parametrize("head", ["", "[llm]\n"])
def test_from_a_file_that_the_environment_completes(tmp_path: Path, head: str) -> None:
    file = tmp_path / "llm.toml"
    file.write_text(
        head + 'model = "big"\nbase_url = "http://localhost:1/v1"\noutput_price = 0.6\ntimeout = 5\n', "utf-8"
    )
    endpoint = Endpoint.read(file, {"FOLKMOOT_LLM_MODEL": "small", "FOLKMOOT_LLM_API_KEY": KEY})
    assert (endpoint.model, endpoint.key, endpoint.output_price, endpoint.timeout) == ("big", KEY, Decimal("0.6"), 5.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("modle = 'm'", "unknown setting 'modle'"),
        (f"model = 'm'\nkey = {KEY}", "is not TOML"),
        (f"model = 'm'\nkey = ['{KEY}']", "key must be a text"),
        (f"model = 'm'\nkey = '{KEY}\\n'\nbase_url = 'ftp://x'", "base URL"),
        ("llm = 3", "llm must be a table"),
        ("model = 'm'\nconcurrency = 1.5", "concurrency must be a number"),
        ("model = 'm'\ntimeout = true", "timeout must be a number"),
        ("model = 'm'\nconcurrency = 0", "at least 1"),
        ("model = 'm'\ntimeout = nan", "above 0"),
        ("model = 'm'\ninput_price = 0.1234567", "at most six decimals"),
        ("model = 'm'\ninput_price = -1", "at least 0"),
        ("model = 'm'\nbase_url = 'https://user:pass@host/v1'", "neither user"),
        ("", "no model is named"),
    ],
)
def test_wrong_settings_are_named_without_the_key(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "llm.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError, match=message) as caught:
        Endpoint.read(file, {})
    assert KEY not in str(caught.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        Endpoint.read(tmp_path / "none.toml", {})


def test_a_key_with_a_line_break_is_not_shown() -> None:
    with pytest.raises(InputError, match="the key") as caught:
        Endpoint("m", key=f"{KEY}\nX-Other: 1")
    assert KEY not in str(caught.value)


def test_costs_are_exact() -> None:
    endpoint = Endpoint("m", input_price=Decimal("0.15"), output_price=Decimal("0.6"), cached_price=Decimal("0.075"))
    assert endpoint.cost(1_000_000, 0) == 150_000_000_000  # 0.15 in units of 10**-12
    assert endpoint.cost(100, 3, 40) == 60 * 150_000 + 40 * 75_000 + 3 * 600_000
    assert endpoint.cost(1, 0, 5) == 75_000  # no more can be cached than there is
    assert Endpoint("m").cost(1, 1) is None
