"""The endpoint, its prices and how it is called: from the environment or a TOML file."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from math import inf
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..profile import InputError
from .dialect import SETTINGS, Dialect, setting
from .services import find, of_host

MICROS = 10**6  # a price per million tokens, times this, is the price of one token in units of 10**-12
PICOS = 10**12  # costs are whole numbers of 10**-12 of the currency: sums do not depend on their order

_PREFIX = "FOLKMOOT_LLM_"
_OPENAI = "https://api.openai.com/v1"


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible endpoint (hosted, vLLM, llama.cpp, Ollama) and how it is called.

    Args:
        model: the name of the model as the endpoint knows it.
        base_url: the part of the URL before ``/chat/completions``.
        key: the key that is sent as bearer token; None for endpoints that need none. Never shown, logged or written.
        input_price: the price per million tokens of the prompt, in the currency of the limits, with at most six
            decimals; None: unknown. An endpoint that costs nothing has the price 0.
        output_price: the price per million tokens of the answer.
        cached_price: the price per million tokens of the prompt that the endpoint had cached; None: ``input_price``.
        concurrency: the most requests in flight at once, at least 1; fewer after a time-out or where the endpoint asks
            to slow down.
        timeout: how many seconds one attempt may take, above 0.
        attempts: how often a call is tried before it counts as failed, at least 1; being told to wait (429) is not
            an attempt.
        backoff: the seconds before the second attempt, doubled for every further one up to 60, at least 0.
        patience: how many seconds one call waits in total between its attempts, whatever the endpoint asks for, at
            least 0.
        dialect: how requests are put; in a file and in the environment its settings stand beside the others.
        start_concurrency: the number of requests in flight at first; None: 1 for an endpoint on this machine, which
            may have one model for all, and ``concurrency`` for any other.
        embedding_model: the name of a model that gives embeddings at ``/embeddings``, by which people who wrote alike
            are found; empty: the embedding that comes with the package. Its tokens have the price of the prompt's.
        service: the profile of a service (`services`) that the settings were filled in from; empty: none.

    Raises:
        InputError: if a value is out of its range.
    """

    model: str
    base_url: str = _OPENAI
    key: str | None = field(default=None, repr=False)
    input_price: Decimal | None = None
    output_price: Decimal | None = None
    cached_price: Decimal | None = None
    concurrency: int = 16
    timeout: float = 120.0
    attempts: int = 6
    backoff: float = 0.5
    patience: float = 900.0

    dialect: Dialect = field(default_factory=Dialect)
    start_concurrency: int | None = None
    embedding_model: str = ""
    service: str = ""

    def __post_init__(self) -> None:
        if not self.model:
            raise InputError("no model is named: set FOLKMOOT_LLM_MODEL, or model in the TOML file")
        url = urlsplit(self.base_url)
        if url.scheme not in ("http", "https") or not url.hostname:
            raise InputError("the base URL must look like https://host/v1: set FOLKMOOT_LLM_BASE_URL")
        if url.username is not None or url.password is not None or url.query or url.fragment:
            raise InputError(
                "the base URL must hold neither user, password nor query, as it is shown in messages:"
                " give the key as FOLKMOOT_LLM_API_KEY"
            )
        if self.key is not None and not (self.key.isascii() and self.key.isprintable() and self.key.strip()):
            raise InputError("the key is empty or holds characters no key has: copy it anew to FOLKMOOT_LLM_API_KEY")
        for name in ("input_price", "output_price", "cached_price"):
            price = getattr(self, name)
            if price is not None and not (price.is_finite() and price >= 0 and price * MICROS % 1 == 0):
                raise InputError(f"{name} must be at least 0 and have at most six decimals, not {price}")
        if self.concurrency < 1 or self.attempts < 1:
            raise InputError("concurrency and attempts must be at least 1")
        if self.start_concurrency is not None and self.start_concurrency < 1:
            raise InputError("start_concurrency must be at least 1")
        if not (0 < self.timeout < inf and 0 <= self.backoff < inf and 0 <= self.patience < inf):
            raise InputError("timeout must be above 0 seconds, backoff and patience at least 0, and all of them finite")

    @property
    def local(self) -> bool:
        """Whether the endpoint is on this machine."""
        host = urlsplit(self.base_url).hostname or ""
        return host in ("localhost", "::1") or host.startswith("127.") or host.endswith(".localhost")

    @property
    def first(self) -> int:
        """The number of requests in flight at first."""
        if self.start_concurrency is not None:
            return min(self.start_concurrency, self.concurrency)
        return 1 if self.local else self.concurrency

    @property
    def priced(self) -> bool:
        """Whether costs can be computed."""
        return self.input_price is not None and self.output_price is not None

    def cost(self, input_tokens: int, output_tokens: int, cached_tokens: int = 0) -> int | None:
        """The price of one answer in units of 10**-12 of the currency; None where the prices are unknown."""
        if self.input_price is None or self.output_price is None:
            return None
        cached = min(max(cached_tokens, 0), input_tokens)
        reused = self.input_price if self.cached_price is None else self.cached_price
        exact = (input_tokens - cached) * self.input_price + cached * reused + output_tokens * self.output_price
        return int(exact * MICROS)

    @classmethod
    def read(
        cls, file: Path | None = None, environ: Mapping[str, str] | None = None, *, model: str | None = None
    ) -> Endpoint:
        """The endpoint a TOML file names; the environment fills in what the file leaves out.

        Keys of the file, or of its table ``[llm]``, are the names of this class's arguments; the variables are
        ``FOLKMOOT_LLM_`` and the same names in capitals, but ``FOLKMOOT_LLM_API_KEY``. ``OPENAI_BASE_URL``,
        ``OPENAI_MODEL`` and ``OPENAI_API_KEY`` come last, the key only for an endpoint that was not named
        otherwise: it is not sent to anyone else.

        Args:
            file: the TOML file; None: only the environment is read.
            environ: the environment variables; None: those of the process.
            model: the name of the model, which overrides file and environment; None: the name that they hold.

        Raises:
            InputError: if the file cannot be read, a name in it is unknown, or a value is missing or out of its range.
        """
        environ = os.environ if environ is None else environ
        values: dict[str, Any] = {} if file is None else _table(file)
        if model is not None:
            values["model"] = model
        known = {one.name for one in fields(cls)} - {"dialect"} | {*SETTINGS}
        if unknown := sorted(values.keys() - known):
            raise InputError(f"unknown setting {unknown[0]!r}: use some of {', '.join(sorted(known))}", file=file)
        for name in known - values.keys():
            if value := environ.get(_PREFIX + ("API_KEY" if name == "key" else name.upper()), "").strip():
                values[name] = value
        service = find(str(values.get("service", "")).strip(), file)
        if service is not None and service.base_url:
            values.setdefault("base_url", service.base_url)
        if (
            isinstance(values.get("key"), str)
            and "base_url" not in values
            and not environ.get("OPENAI_BASE_URL", "").strip()
        ):
            # Whose key it is is not known, and it must not go to somebody else, nor people's texts with it.
            raise InputError("no server is named for the key: set FOLKMOOT_LLM_BASE_URL, or base_url in the TOML file")
        fallbacks = {"model": "OPENAI_MODEL"}
        if "base_url" not in values:
            fallbacks |= {"base_url": "OPENAI_BASE_URL", "key": "OPENAI_API_KEY"}
        for name, variable in fallbacks.items():
            if name not in values and (value := environ.get(variable, "").strip()):
                values[name] = value
        if service is None:
            service = of_host(str(values.get("base_url", _OPENAI)), str(values.get("model", "")))
        if service is not None:
            values = {**service.settings, **values, "service": service.id}
        spoken = {name: setting(name, values.pop(name), file) for name in SETTINGS if name in values}
        plain = {name: _typed(name, value, file) for name, value in values.items()}
        return cls(**{"model": ""} | plain, dialect=Dialect(**spoken))


def _table(file: Path) -> dict[str, Any]:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror}): check its name", file=file) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        # The parser's own message may quote a line, and with it the key.
        raise InputError('is not TOML in UTF-8: write lines like model = "name"', file=file) from None
    table = document.get("llm", document)
    if not isinstance(table, dict):
        raise InputError("llm must be a table: write [llm] on a line of its own", file=file)
    return dict(table)


def _typed(name: str, value: object, file: Path | None) -> Any:
    """The value as its field's type; values of variables are texts, and the key is in no message."""
    if name in ("model", "base_url", "key", "service", "embedding_model"):
        if not isinstance(value, str):
            raise InputError(f"{name} must be a text: put it in quotes", file=file)
        return value.strip()
    try:
        if isinstance(value, bool):
            raise ValueError
        number = Decimal(str(value))
        if name in ("concurrency", "attempts", "start_concurrency"):
            if number % 1:
                raise ValueError
            return int(number)
        return number if name.endswith("_price") else float(number)
    except (InvalidOperation, ValueError, OverflowError):
        raise InputError(f"{name} must be a number, not {value!r}", file=file) from None
