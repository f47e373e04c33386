"""Reading preference data as trainers have it, and writing it back labelled. A new shape is one file and one line."""

from . import choices, dices, helpsteer, multipref, plain, prism, turns
from .read import Preferences, read_pairs
from .shapes import SHAPES, Shape
from .write import labelled_lines

__all__ = ["SHAPES", "Preferences", "Shape", "labelled_lines", "read_pairs"]
