"""Processes: how a slate is chosen. A new one is one file and one line here."""

from . import (
    baselines,
    bjr,
    bjr_sampled,
    calibrated,
    cc,
    democratic,
    ejr_plus,
    equal_shares,
    greedy_monroe,
    monroe,
    pav,
    phragmen_debt,
    refine,
    robust,
    seqpav,
    seqphragmen,
    thiele_rules,
    uniform_approx,
)
from .assignment import balanced_assignment, capacities
from .baselines import assigned
from .problem import UNASSIGNED, Problem, Round, Selection
from .registry import PROCESSES, Process, find

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
    "robust",
    "seqpav",
    "seqphragmen",
    "thiele_rules",
    "uniform_approx",
]
