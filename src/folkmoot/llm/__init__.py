"""Language models: one protocol, one client, one ledger."""

from typing import TYPE_CHECKING, Any

from .budget import LimitReached, Limits, Spend
from .calls import Answer, Call, Failed, Model, Top
from .estimate import Estimate, estimate
from .ledger import Ledger, Totals
from .numbers import said_rating
from .rating_lines import expected_lines, line_ratings
from .replay import Halting, Replay
from .scoring import FLOOR, Rating, expected, mean_of, ratings
from .settings import Endpoint

if TYPE_CHECKING:
    from .client import Client

__all__ = [
    "FLOOR",
    "Answer",
    "Call",
    "Client",
    "Endpoint",
    "Estimate",
    "Failed",
    "Halting",
    "Ledger",
    "LimitReached",
    "Limits",
    "Model",
    "Rating",
    "Replay",
    "Spend",
    "Top",
    "Totals",
    "estimate",
    "expected",
    "expected_lines",
    "line_ratings",
    "mean_of",
    "ratings",
    "said_rating",
]


def __getattr__(name: str) -> Any:
    """The client is loaded when it is first asked for: it brings what sends requests, and few commands send any."""
    if name != "Client":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .client import Client

    globals()[name] = Client
    return Client
