"""The types that everything uses: Profile, Slate, scales, costs, errors."""

from .arrays import BoolArray, FloatArray, IntArray
from .content import (
    ACCEPTED,
    KINDS,
    PENDING,
    REJECTED,
    Agents,
    Answers,
    Comparisons,
    Note,
    Provenance,
    Statements,
    masses_of,
)
from .costs import UNITS, costs, floors, need, needs, words
from .errors import FolkmootError, InputError, MissingExtraError, Unfinished, WorkError
from .fingerprint import fingerprint
from .locate import locate, recorded_assignment
from .options import Options
from .page_options import PageOptions
from .profile import Profile
from .progress import Progress, silent
from .registry import Registry
from .repeats import Repeats
from .scale import APPROVAL, COMPARISON, VOTE, Scale
from .slate import LARGEST, Slate, SlateStatement

__all__ = [
    "ACCEPTED",
    "APPROVAL",
    "COMPARISON",
    "KINDS",
    "LARGEST",
    "PENDING",
    "REJECTED",
    "UNITS",
    "VOTE",
    "Agents",
    "Answers",
    "BoolArray",
    "Comparisons",
    "FloatArray",
    "FolkmootError",
    "InputError",
    "IntArray",
    "MissingExtraError",
    "Note",
    "Options",
    "PageOptions",
    "Profile",
    "Progress",
    "Provenance",
    "Registry",
    "Repeats",
    "Scale",
    "Slate",
    "SlateStatement",
    "Statements",
    "Unfinished",
    "WorkError",
    "costs",
    "fingerprint",
    "floors",
    "locate",
    "masses_of",
    "need",
    "needs",
    "recorded_assignment",
    "silent",
    "words",
]
