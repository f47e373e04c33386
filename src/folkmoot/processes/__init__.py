"""Processes: how a slate is chosen. A new one is one file and one line here, or where its family is imported."""

from . import baselines, calibrated, democratic, refine, rules
from .assignment import balanced_assignment, capacities
from .baselines import assigned
from .guarantees import GUARANTEES, Guarantee
from .problem import UNASSIGNED, Problem, Round, Selection
from .registry import PROCESSES, Process, find, process

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
