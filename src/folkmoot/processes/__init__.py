"""Processes: how a slate is chosen. A new one is one file and one line where its family is imported."""

from . import baselines, calibrated, consumption, democratic, prose, refine, robust, rules
from .assignment import balanced_assignment, capacities
from .baselines import assigned
from .guarantees import GUARANTEES, Guarantee
from .problem import UNASSIGNED, Problem, Round, Selection
from .registry import PROCESSES, WRITTEN, Process, WrittenProcess, find, find_written, process

__all__ = [
    "GUARANTEES",
    "PROCESSES",
    "UNASSIGNED",
    "WRITTEN",
    "Guarantee",
    "Problem",
    "Process",
    "Round",
    "Selection",
    "WrittenProcess",
    "assigned",
    "balanced_assignment",
    "baselines",
    "calibrated",
    "capacities",
    "democratic",
    "find",
    "find_written",
    "process",
    "prose",
    "refine",
    "robust",
    "rules",
]
