"""Which of a person's own answers conflict with a statement, in words."""

from __future__ import annotations

from collections.abc import Sequence

from ..audits.together import AGREE_TO_DISAGREE, CONFLICT
from ..slates.conflicts import RarePair
from .facts import Facts
from .words import count, some


def conflict_in_words(facts: Facts, agent: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A sentence, and the conflicting answers as pairs (words, text of the statement).

    Both are empty where nothing was computed, where nothing conflicts, and where the person agreed.

    Args:
        facts: the facts of the page.
        agent: the person's id.
    """
    entry = (facts.view.conflicts or {}).get(agent)
    if entry is None or entry.outcome not in (AGREE_TO_DISAGREE, CONFLICT):
        return "", ()
    number = facts.number(entry.statement)
    against = tuple(
        (_pair(facts, conflict.steps, number), facts.text(conflict.answers[0][1]))
        for conflict in entry.conflicts
        if conflict.answers
    )
    if entry.outcome == AGREE_TO_DISAGREE:
        words = (
            f"They answered against statement {number} itself; no other answer would change that: agree to disagree."
        )
        return words + (" Other answers of theirs rarely go together with it here:" if against else ""), against
    theirs = some(len(entry.gives_up), "answer")
    words = f"Answers of theirs that, among these people, rarely go together with agreeing with statement {number}"
    return f"{words}; without {theirs} nothing would stand against it:", against


def _pair(facts: Facts, steps: Sequence[RarePair], number: int | None) -> str:
    """How rarely two answers go together: the last step ends at the person's answer."""
    last, first = steps[-1], steps[0]
    side = "agreed" if last.other[0] == "agree" else "disagreed"
    if len(steps) == 1:
        return (
            f"They {side}. Of the {count(first.of_one)} who agreed with statement {number} and took a side here, "
            f"{count(first.both)} {side} too."
        )
    turn = "agree" if first.other[0] == "disagree" else "disagree"
    return (
        f"They {side}. Two steps away: whoever agrees with statement {number} mostly {turn}s with another statement "
        f"({count(first.of_one - first.both)} of {count(first.of_one)}), and of those who do, "
        f"{count(last.both)} of {count(last.of_one)} {side} here."
    )
