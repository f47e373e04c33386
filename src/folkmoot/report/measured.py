"""What was measured of people: votes, approvals, ratings, comparisons, texts, or a language model's scores.

A sentence about agreement is true only of what was asked: nobody who compared two statements agreed with one.
"""

from __future__ import annotations

from ..profile import Profile, Slate
from ..slates.measured import Measured, asked_of
from ..slates.recorded import recorded

__all__ = ["Measured", "measured"]


def measured(slate: Slate, profile: Profile | None = None) -> Measured:
    """What the utilities of a slate rest on.

    Args:
        slate: the slate with its record.
        profile: what it was chosen from; without it answers other than votes have no name of their own.
    """
    source = recorded(slate).source
    if source.judged:
        return "scores"
    if profile is not None:
        return asked_of(profile)
    if source.answers == 0:
        return "comparisons" if source.comparisons or source.format == "comparisons" else "texts"
    return "votes" if source.format == "polis" else "answers"
