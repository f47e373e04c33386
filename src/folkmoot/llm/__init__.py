"""Language models: one protocol, one client, one ledger."""

from .budget import LimitReached, Limits, Spend
from .calls import Answer, Call, Failed, Model, Top
from .client import Client
from .estimate import Estimate, estimate
from .ledger import Ledger, Totals
from .numbers import said_rating
from .rating_lines import expected_lines, line_ratings
from .replay import Halting, Replay
from .scoring import FLOOR, Rating, expected, mean_of, ratings
from .settings import Endpoint

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
