"""Processes: how a slate is chosen. A new one is one file and one line here."""

from . import baselines, calibrated
from .assignment import balanced_assignment, capacities
from .baselines import assigned
from .democratic import bjr, bjr_sampled, democratic, uniform_approx
from .guarantees import GUARANTEES, Guarantee
from .problem import UNASSIGNED, Problem, Round, Selection
from .refine import refine
from .registry import PROCESSES, Process, find, process
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
    "GUARANTEES",
    "PROCESSES",
    "UNASSIGNED",
    "Guarantee",
    "Problem",
    "Process",
    "Round",
    "Selection",
    "assigned",
    "balanced_assignment",
    "capacities",
    "find",
    "process",
]
