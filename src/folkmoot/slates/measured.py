"""What people were asked: a sentence about agreement is true only of what was asked."""

from __future__ import annotations

from typing import Literal

from ..profile import Profile

Measured = Literal["votes", "approvals", "ratings", "points", "rankings", "answers", "comparisons", "texts", "scores"]
_SCALES: dict[str, Measured] = {
    "vote": "votes",
    "approval": "approvals",
    "rating": "ratings",
    "points": "points",
    "ranking": "rankings",
}


def asked_of(profile: Profile) -> Measured:
    """What the people of a profile were asked; ``texts`` where nobody answered or compared anything.

    Args:
        profile: what people said.
    """
    if not len(profile.answers):
        return "comparisons" if len(profile.comparisons) else "texts"
    return _SCALES.get(profile.answers.scale.kind, "answers")
