"""Processes: how a slate is chosen. A new one is one file and one line here."""

from . import baselines, calibrated
from .assignment import balanced_assignment, capacities
from .baselines import assigned
from .democratic import bjr, bjr_sampled, democratic, uniform_approx
from .problem import UNASSIGNED, Problem, Round, Selection
from .prose import written
from .refine import refine
from .registry import PROCESSES, WRITTEN, Process, WrittenProcess, find, find_written
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
    "WRITTEN",
    "Problem",
    "Process",
    "Round",
    "Selection",
    "WrittenProcess",
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
    "find_written",
    "greedy_monroe",
    "monroe",
    "pav",
    "phragmen_debt",
    "refine",
    "seqpav",
    "seqphragmen",
    "thiele_rules",
    "uniform_approx",
    "written",
]
