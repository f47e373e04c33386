"""From a profile to a slate: what may be chosen, and why the rest may not."""

from .edits import Edit, edits_of, read_edits
from .eligibility import Barred, Eligibility, eligible
from .rules import REASONS, Rules
from .wordings import Wording, authors, people, wordings

__all__ = [
    "REASONS",
    "Barred",
    "Edit",
    "Eligibility",
    "Rules",
    "Wording",
    "authors",
    "edits_of",
    "eligible",
    "people",
    "read_edits",
    "wordings",
]
