"""Processes: how a slate is chosen. A new one is one file and one line here."""

from . import baselines, calibrated
from .assignment import balanced_assignment, capacities
from .baselines import assigned
from .democratic import bjr, bjr_sampled, democratic, uniform_approx
from .problem import UNASSIGNED, Problem, Round, Selection
from .refine import refine
from .registry import PROCESSES, Process, find
from .rules import (
    cc,
    ejr_plus,
    equal_shares,
    greedy_monroe,
    monroe,
    pav,
    phragmen_debt,
    seqpav,
    seqphragmen,
    thiele_rules,
)

__all__ = [
    "PROCESSES",
    "UNASSIGNED",
    "Problem",
    "Process",
    "Round",
    "Selection",
    "assigned",
    "balanced_assignment",
    "baselines",
    "bjr",
    "bjr_sampled",
    "calibrated",
    "capacities",
    "cc",
    "democratic",
    "ejr_plus",
    "equal_shares",
    "find",
    "greedy_monroe",
    "monroe",
    "pav",
    "phragmen_debt",
    "refine",
    "seqpav",
    "seqphragmen",
    "thiele_rules",
    "uniform_approx",
]
