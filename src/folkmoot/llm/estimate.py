"""The tokens and the cost of calls, estimated before anything is sent.

Tokens of a prompt are estimated as its UTF-8 bytes / 4, rounded up, and 4 for each message; tokens of an answer as the
most it may have (``max_tokens``). What is *reserved* for a call under a limit is a bound instead: one token for each
byte, 16 for each message and 64 for what an endpoint puts around a conversation.

Tokens that a call shares are those of the beginning that it has in common with the last call before it that begins
with the same message: what an endpoint that keeps prefixes need not read again. It may keep whole blocks only, or for
a short time, or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .budget import Spend
from .calls import Call
from .ledger import Ledger
from .prices import HOW
from .settings import PICOS, Endpoint

# Seconds that an answer takes where none has come yet: the least and the most of what is usual for hosted services.
USUAL = (1.0, 5.0)
_ENOUGH = 20  # answers of the ledger that say more than what is usual
_ASSUMED = 1024  # tokens of an answer whose call names no most


@dataclass(frozen=True)
class Estimate:
    """The result of a dry run.

    Args:
        calls: the number of calls to be sent.
        cached: the number of calls that the ledger has answered already or that occur more than once.
        input_tokens: the number of tokens of the prompts to be sent, by this module's rule.
        output_tokens: the most tokens that the answers can have.
        unbounded: the number of calls without ``max_tokens``, whose answers are assumed to have 1,024 tokens.
        cost: the cost in the currency of the endpoint's prices, without retries and as if no prefix were kept; None
            where the prices are unknown.
        shared_tokens: how many of the ``input_tokens`` are in prefixes that an earlier one of these calls has.
        in_flight: how many requests are under way at once.
        answer_seconds: the seconds that one answer takes, from about to about.
        measured: whether these seconds are those of earlier answers of the run; False: they are assumed.
    """

    calls: int
    cached: int
    input_tokens: int
    output_tokens: int
    unbounded: int
    cost: Decimal | None
    shared_tokens: int = 0
    in_flight: int = 1
    answer_seconds: tuple[float, float] = USUAL
    measured: bool = False

    @property
    def seconds(self) -> tuple[float, float]:
        """How long the calls take together, in seconds, from about to about; retries come on top."""
        low, high = self.answer_seconds
        rounds = self.calls / min(self.in_flight, max(self.calls, 1))
        return rounds * low, rounds * high

    def __str__(self) -> str:
        price = f"price unknown; set `price`: {HOW}" if self.cost is None else f"price {self.cost:,.4f}"
        lines = [
            f"{self.calls:,} calls to send, {self.cached:,} answered already or asked twice",
            f"about {self.input_tokens:,} tokens in (UTF-8 bytes / 4), at most {self.output_tokens:,} out, {price}",
        ]
        if self.calls:
            lines.append(self._time())
        if self.shared_tokens:
            share = self.shared_tokens / max(1, self.input_tokens)
            lines.append(f"{share:.0%} of the tokens in are beginnings that a call before has, too (prefix caching)")
        if self.unbounded:
            lines.append(f"{self.unbounded:,} calls name no max_tokens: {_ASSUMED:,} tokens out assumed for each")
        return "\n".join(lines)

    def _time(self) -> str:
        low, high = map(_minutes, self.seconds)
        least, most = (f"{one:.1f}".removesuffix(".0") for one in self.answer_seconds)
        # "3 to 17 minutes": the unit once where both have it.
        first = low.split()[0] if low.split()[1][:4] == high.split()[1][:4] else low
        span = low if low == high else f"{first} to {high}"
        so_far, usual = f"as an answer took {least} seconds so far", f"if an answer takes {least} to {most} seconds"
        told = so_far if self.measured else usual
        return f"about {span} with {self.in_flight:,} requests in flight, {told}"


def _minutes(seconds: float) -> str:
    """A span of time in words, no finer than a minute.

    >>> _minutes(20), _minutes(100), _minutes(9000)
    ('1 minute', '2 minutes', '2.5 hours')
    """
    minutes = max(1, round(seconds / 60))
    if minutes >= 100:
        return f"{minutes / 60:.1f}".removesuffix(".0") + " hours"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def estimate(calls: Sequence[Call], endpoint: Endpoint, ledger: Ledger | None = None) -> Estimate:
    """The tokens and the cost of the calls; with a ledger, of those that it cannot answer."""
    different = {call.key: call for call in calls}
    if ledger is not None:
        for key in ledger.find(endpoint.model, list(different)):
            del different[key]
    missing = list(different.values())
    bounds = [most_output(call) for call in missing]
    into = sum(input_tokens(call) for call in missing)
    out = sum(_ASSUMED if bound is None else bound for bound in bounds)
    cost = endpoint.cost(into, out)
    total = None if ledger is None else ledger.total()
    measured = total is not None and total.answers >= _ENOUGH
    each = total.seconds / total.answers if total is not None and measured else 0.0
    return Estimate(
        len(missing),
        len(calls) - len(missing),
        into,
        out,
        bounds.count(None),
        None if cost is None else Decimal(cost) / PICOS,
        sum(shared(missing)) // 4,
        endpoint.concurrency,
        (each, each) if measured else USUAL,
        measured,
    )


def shared(calls: Sequence[Call]) -> list[int]:
    """For every call, how many bytes it shares with the beginning of the last one with the same first message."""
    last: dict[tuple[str, str], Call] = {}
    lengths = []
    for call in calls:
        before = last.get(call.messages[0]) if call.messages else None
        lengths.append(0 if before is None else _common(before.messages, call.messages))
        if call.messages:
            last[call.messages[0]] = call
    return lengths


def _common(before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]) -> int:
    total = 0
    for (role, one), (other_role, other) in zip(before, after, strict=False):
        if role != other_role:
            break
        least, most = 0, min(len(one), len(other))
        while least < most:  # halving compares whole slices
            middle = (least + most + 1) // 2
            least, most = (middle, most) if one[:middle] == other[:middle] else (least, middle - 1)
        total += len(other[:least].encode("utf-8", "replace"))
        if least < max(len(one), len(other)):
            break
    return total


def input_tokens(call: Call) -> int:
    """The estimated number of tokens of the prompt."""
    return -(-_bytes(call) // 4) + 4 * len(call.messages)


def most_output(call: Call) -> int | None:
    """The most tokens the answer may have; None where the call does not say."""
    for name in ("max_completion_tokens", "max_tokens"):
        bound = call.parameters.get(name)
        if isinstance(bound, int) and bound > 0:
            return bound
    return None


def most(call: Call, endpoint: Endpoint) -> Spend:
    """The most that one attempt at the call can take; without ``max_tokens`` as far as that is known."""
    into = _bytes(call) + 16 * len(call.messages) + 64
    out = most_output(call) or _ASSUMED
    return Spend(1, into + out, endpoint.cost(into, out) or 0)


def _bytes(call: Call) -> int:
    return sum(len(content.encode("utf-8", "replace")) for _, content in call.messages)
