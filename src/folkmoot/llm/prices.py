"""What a model costs where nobody said: a dated table of common models (``prices.toml``), and prices given in one word.

The table is used for the services it names only: a server of one's own may run a model of any name at any price.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from ..profile import InputError
from .settings import Endpoint

HOW = "write input and output in money per million tokens, like 0.15/0.60"
"""How prices are written."""

# A date, or a version by date, at the end of a model's name: the price is that of the model.
_DATED = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{8})$")
_ROUTER = "openrouter.ai"


@dataclass(frozen=True)
class Prices:
    """Prices of a million tokens.

    Args:
        input: of the prompt.
        cached: of the part of the prompt that the endpoint had cached.
        output: of the answer.
        currency: the currency, as a code; empty: that of whoever gave them.
        dated: the day for which they hold; empty: it is not known.
    """

    input: Decimal
    cached: Decimal
    output: Decimal
    currency: str = ""
    dated: str = ""

    def of(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint with these prices."""
        return replace(endpoint, input_price=self.input, cached_price=self.cached, output_price=self.output)


def given(text: str) -> Prices:
    """Prices as somebody wrote them: ``INPUT/OUTPUT``, or ``INPUT/CACHED/OUTPUT``.

    >>> given("0.15/0.60").output
    Decimal('0.60')

    Raises:
        InputError: they are not written like that, or are no amounts of at least 0.
    """
    try:
        amounts = [Decimal(part) for part in text.split("/")]
    except InvalidOperation:
        amounts = []
    if len(amounts) not in (2, 3) or not all(one.is_finite() and one >= 0 for one in amounts):
        raise InputError(f"`price` {text!r} is no price; {HOW}")
    return Prices(amounts[0], amounts[-2] if len(amounts) == 3 else amounts[0], amounts[-1])


def known(endpoint: Endpoint) -> Prices | None:
    """The table's prices for the model of an endpoint; None where it has none."""
    table, host = _table(), urlsplit(endpoint.base_url).hostname or ""
    prefix, _, name = endpoint.model.casefold().rpartition("/")
    for service in table.services:
        direct = any(host == one or host.endswith(f".{one}") for one in service.hosts)
        if direct or (host == _ROUTER and prefix == service.prefix):
            # The exact name first: "gpt-4o-2024-05-13" may have had a price of its own.
            for one in (name, _DATED.sub("", name)):
                if one in service.models:
                    into, cached, out = map(Decimal, service.models[one])
                    return Prices(into, cached, out, table.currency, table.dated)
    return None


@dataclass(frozen=True)
class _Service:
    hosts: tuple[str, ...]
    prefix: str
    models: Mapping[str, tuple[str, str, str]]


@dataclass(frozen=True)
class _Table:
    dated: str
    currency: str
    services: tuple[_Service, ...]


@cache
def _table() -> _Table:
    document = tomllib.loads((files(__package__) / "prices.toml").read_text(encoding="utf-8"))
    dated, currency = str(document.pop("dated")), str(document.pop("currency"))
    services = [
        _Service(tuple(one["hosts"]), one["prefix"], {name: tuple(three) for name, three in one["models"].items()})
        for one in document.values()
    ]
    return _Table(dated, currency, tuple(services))
