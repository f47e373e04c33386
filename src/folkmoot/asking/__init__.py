"""Asking: what a question is worth, which question to ask next, and when to stop."""

from .clarifier import Clarifier
from .completed import Completed
from .decision import Decision, Question
from .features import Feature
from .interview import Interview
from .model import Situation
from .optimum import AfterK, Map, Optimum, optima, optimum, optimum_map
from .policies import POLICIES
from .repeat_design import RepeatDesign, repeat_design
from .survey import Survey
from .turns import Turn, Underserved, Wanted
from .verify import verify

__all__ = [
    "POLICIES",
    "AfterK",
    "Clarifier",
    "Completed",
    "Decision",
    "Feature",
    "Interview",
    "Map",
    "Optimum",
    "Question",
    "RepeatDesign",
    "Situation",
    "Survey",
    "Turn",
    "Underserved",
    "Wanted",
    "optima",
    "optimum",
    "optimum_map",
    "repeat_design",
    "verify",
]
