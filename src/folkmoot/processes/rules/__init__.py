"""Committee rules of the literature, one file each."""

from . import (
    cc,
    ejr_plus,
    equal_shares,
    equal_shares_cities,
    greedy_monroe,
    monroe,
    pav,
    phragmen_debt,
    seqpav,
    seqphragmen,
    thiele_rules,
)

__all__ = [
    "cc",
    "ejr_plus",
    "equal_shares",
    "equal_shares_cities",
    "greedy_monroe",
    "monroe",
    "pav",
    "phragmen_debt",
    "seqpav",
    "seqphragmen",
    "thiele_rules",
]
