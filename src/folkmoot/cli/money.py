"""Before people's texts leave the machine and money moves: to whom, how much, and whether that is wanted."""

from __future__ import annotations

import sys
from decimal import Decimal
from urllib.parse import urlsplit

import typer

from ..llm import Endpoint, Estimate
from ..llm.prices import HOW, given, known
from ..profile import InputError
from ..report.words import count, some

ASK_FROM = 5_000
"""Calls from which a run is asked for, unless it was limited or asked for already."""
OPENAI = "api.openai.com"


def priced(endpoint: Endpoint, price: str | None) -> Endpoint:
    """The endpoint with prices: those that were given, else its own, else those of the table of common models.

    Args:
        endpoint: the endpoint with the prices of its file and of the environment.
        price: the prices as the command line has them; None: none were given.

    Raises:
        InputError: they are no prices.
    """
    if price is not None:
        return given(price).of(endpoint)
    found = None if endpoint.priced else known(endpoint)
    return endpoint if found is None else found.of(endpoint)


def check_limit(endpoint: Endpoint, limited: bool) -> None:
    """Refuses a limit in money that nothing can be held against.

    Raises:
        InputError: there is such a limit and no price.
    """
    if limited and not endpoint.priced:
        raise InputError(
            f"--max-cost needs the prices of model {endpoint.model!r}, which are not in the table; add --price: {HOW}"
        )


def check_named(endpoint: Endpoint, *, demo: bool = True) -> None:
    """Refuses to send anything where nobody said to whom.

    Args:
        endpoint: who is asked.
        demo: whether the demo model can be asked the same.

    Raises:
        InputError: no server is named, nor a key that names one.
    """
    if _host(endpoint) == OPENAI and endpoint.key is None:
        trial = "; --model demo tries everything out without a server" if demo else ""
        raise InputError(
            "no endpoint is named, so nothing was sent: set FOLKMOOT_LLM_BASE_URL to the server (and "
            f"FOLKMOOT_LLM_API_KEY to its key), or OPENAI_API_KEY for OpenAI's{trial}"
        )


def destination(endpoint: Endpoint, people: int, *, only_counted: bool = False) -> str:
    """Who gets to read what people wrote, and at what price.

    Args:
        endpoint: who it is.
        people: how many people's texts it gets; 0: statements only.
        only_counted: whether nothing is sent this time.
    """
    table = known(endpoint)
    goes = "would go" if only_counted else "go"
    whom = f"{_host(endpoint)} ({endpoint.base_url}), model {endpoint.model}"
    whose = some(people, "participant") if people else "statements"
    lines = [f"The texts of {whose} {goes} to {whom}."]
    if endpoint.priced:
        per = f"{endpoint.input_price:f} in, {endpoint.output_price:f} out per million tokens"
        own = table is None or (table.input, table.output) != (endpoint.input_price, endpoint.output_price)
        whence = "as they were given" if own or table is None else f"{table.currency}, from the table of {table.dated}"
        lines.append(f"Prices: {per} ({whence}; --price IN/OUT overrides them).")
    return "\n".join(lines)


def confirm(estimate: Estimate, endpoint: Endpoint, *, agreed: bool) -> None:
    """Asks before a large run; returns where it is wanted.

    Args:
        estimate: of what is to be sent.
        endpoint: who gets it.
        agreed: whether the run was agreed to already, by --yes or by a limit.

    Raises:
        InputError: nobody is there to be asked.
        Exit: it is not wanted; nothing was sent.
    """
    if agreed or estimate.calls <= ASK_FROM:
        return
    what = f"about {some(estimate.calls, 'call')} to {_host(endpoint)}, {_amount(estimate.cost)}"
    if not on_a_terminal():
        raise InputError(
            f"the run takes {what}: more than {count(ASK_FROM)} calls are sent only if that is said; add --yes, a "
            f"limit like --max-calls {_above(estimate.calls)}, or --sample for fewer people"
        )
    if not typer.confirm(f"Send {what}?", default=False, err=True):
        typer.echo("folkmoot: nothing was sent; --sample N asks about fewer people", err=True)
        raise typer.Exit(1)


def on_a_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _amount(cost: Decimal | None) -> str:
    return "price unknown" if cost is None else f"price about {cost:,.2f}" if cost else "free of charge"


def _above(calls: int) -> int:
    """A round number somewhat above."""
    step = int(10 ** (len(str(calls)) - 1))
    return (calls // step + 1) * step


def _host(endpoint: Endpoint) -> str:
    return urlsplit(endpoint.base_url).hostname or ""
