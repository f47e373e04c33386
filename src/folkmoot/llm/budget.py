"""Limits of a run in calls, tokens and money, kept also when many calls are under way at once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..profile import InputError, WorkError
from .settings import PICOS


@dataclass(frozen=True)
class Limits:
    """The limits of one run (one ledger), over all its resumptions; None: without limit.

    Args:
        calls: the most requests that were answered, or that may have been (a cut connection, a timeout).
        tokens: the most tokens of prompts and answers together.
        cost: the most money in the currency of the endpoint's prices, with at most twelve decimals.

    Raises:
        InputError: if a limit is below 0.
    """

    calls: int | None = None
    tokens: int | None = None
    cost: Decimal | None = None

    def __post_init__(self) -> None:
        for name in ("calls", "tokens", "cost"):
            value = getattr(self, name)
            if value is not None and not value >= 0:
                raise InputError(f"the limit in {name} must be at least 0, not {value}")


@dataclass(frozen=True)
class Spend:
    """Calls, tokens, and money in units of 10**-12 of the currency."""

    calls: int = 0
    tokens: int = 0
    cost: int = 0

    def __add__(self, other: Spend) -> Spend:
        return Spend(self.calls + other.calls, self.tokens + other.tokens, self.cost + other.cost)

    def __sub__(self, other: Spend) -> Spend:
        return Spend(self.calls - other.calls, self.tokens - other.tokens, self.cost - other.cost)


NOTHING = Spend()


class LimitReached(WorkError):
    """The next call might go beyond a limit."""


class Budget:
    """What is spent and what is reserved: the most that a call can use up is reserved before the call is sent.

    Args:
        limits: the limits of the run.
        spent: what earlier parts of the run have spent.
    """

    def __init__(self, limits: Limits, spent: Spend) -> None:
        self.spent = spent
        self.reserved = NOTHING
        self._most = (
            ("calls", limits.calls, 1),
            ("tokens", limits.tokens, 1),
            ("cost", None if limits.cost is None else int(limits.cost * PICOS), PICOS),
        )

    def reserve(self, most: Spend) -> bool:
        """Whether ``most`` was reserved; False: not now, but perhaps when a call under way is settled.

        Raises:
            LimitReached: if it does not fit although no call is under way any more.
        """
        used = self.spent + self.reserved
        for name, limit, unit in self._most:
            if limit is not None and getattr(used, name) + getattr(most, name) > limit:
                if self.reserved != NOTHING:
                    return False
                shown = [Decimal(part) / unit for part in (limit, getattr(self.spent, name), getattr(most, name))]
                raise LimitReached(
                    "limit in {} reached: {:,f} allowed, {:,f} spent, up to {:,f} for the next call;"
                    " raise the limit and run again, nothing is paid twice".format(name, *shown)
                )
        self.reserved += most
        return True

    def settle(self, most: Spend, spent: Spend) -> None:
        """Replaces the reservation of ``most`` by what was really spent."""
        self.reserved -= most
        self.spent += spent
