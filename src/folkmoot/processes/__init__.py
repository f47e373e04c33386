"""Processes: how a slate is chosen. A new one is one file and one line where its family is imported."""

from . import baselines, calibrated, democratic, refine, rules
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
    "calibrated",
    "capacities",
    "democratic",
    "find",
    "refine",
    "rules",
]
