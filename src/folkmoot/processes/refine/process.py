"""The process that refines; what it needs to search is loaded when it runs."""

from __future__ import annotations

import numpy as np

from ...profile.sentences import noted
from ..democratic.democratic import democratic_fast
from ..problem import Problem, Selection
from ..registry import process


@process(
    id="refine",
    name="democratic-fast, then refined",
    guarantee=("cbjr",),
    complexity="NP-hard; bound and search O(steps x m n), then an integer program where little is left",
    source=noted("this project's own (P6): a democratic-fast slate, refined"),
    overshoots=True,
)
def refined(problem: Problem, rng: np.random.Generator) -> Selection:
    """`democratic_fast`, then `refine_selection` on the same utilities."""
    from .refine import refine_selection

    return refine_selection(problem, democratic_fast(problem, rng))
