"""What the review page shows of the statements that a language model wrote for groups of people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..slates.view import View
from .numbers import ENGLISH
from .translations import Words


@dataclass(frozen=True)
class WrittenForGroup:
    """One group.

    Args:
        people, writers: how many people are in it, and how many of them wrote something.
        text: the statement.
        citations: what people wrote behind it, and their ids.
        checks: what of it nobody wrote, in words.
        held_back: whether it may not be published.
    """

    people: str
    writers: str
    text: str
    citations: tuple[tuple[str, str], ...]
    checks: tuple[str, ...]
    held_back: bool


def written_for_groups(view: View, w: Words = ENGLISH) -> dict[str, Any] | None:
    """The groups with their statements, what the groups are, and the model that wrote; None where there are none."""
    found = view.written_for_groups
    if found is None:
        return None
    groups = [
        WrittenForGroup(
            w.count(int(one["people"])),
            w.count(int(one["writers"])),
            str(one["text"]),
            tuple((str(each["quote"]), str(each["agent"])) for each in one["citations"]),
            tuple(": ".join(filter(None, (w.recorded(str(f["kind"])), str(f["what"])))) for f in one["findings"]),
            bool(one["held_back"]),
        )
        for one in found["groups"]
    ]
    return {"groups": groups, "how": w.recorded(str(found["how"])), "model": str(found["model"])}
