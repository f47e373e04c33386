"""When to ask: what a question is worth, whom to ask what next, and when to stop."""

from .decision import Decision, Question
from .interview import Interview
from .model import Situation
from .optimum import AfterK, Map, Optimum, optima, optimum, optimum_map
from .policies import POLICIES
from .survey import Survey
from .verify import verify

__all__ = [
    "POLICIES",
    "AfterK",
    "Decision",
    "Interview",
    "Map",
    "Optimum",
    "Question",
    "Situation",
    "Survey",
    "optima",
    "optimum",
    "optimum_map",
    "verify",
]
