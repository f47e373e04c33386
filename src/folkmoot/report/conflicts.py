"""Which of a person's own answers conflict with a statement, in words."""

from __future__ import annotations

from collections.abc import Sequence

from ..audits.together import AGREE_TO_DISAGREE, CONFLICT
from ..slates.conflicts import RarePair
from .facts import Facts


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
    w, number = facts.w, facts.number(entry.statement)
    against = tuple(
        (_pair(facts, conflict.steps, number), facts.text(conflict.answers[0][1]))
        for conflict in entry.conflicts
        if conflict.answers
    )
    if entry.outcome == AGREE_TO_DISAGREE:
        found = w.gettext(
            "They answered against statement %(number)s itself; no other answer would change that: agree to disagree.",
            number=number,
        )
        if against:
            found += " " + w.gettext("Other answers of theirs rarely go together with it here:")
        return found, against
    return (
        w.ngettext(
            "Answers of theirs that, among these people, rarely go together with agreeing with statement %(number)s; "
            "without %(n)s answer nothing would stand against it:",
            "Answers of theirs that, among these people, rarely go together with agreeing with statement %(number)s; "
            "without %(n)s answers nothing would stand against it:",
            len(entry.gives_up),
            number=number,
        ),
        against,
    )


def _pair(facts: Facts, steps: Sequence[RarePair], number: int | None) -> str:
    """How rarely two answers go together: the last step ends at the person's answer."""
    w, last, first = facts.w, steps[-1], steps[0]
    agreed = last.other[0] == "agree"
    if len(steps) == 1:
        values = {"of_one": first.of_one, "number": number, "both": first.both}
        if agreed:
            return w.gettext(
                "They agreed. Of the %(of_one)s who agreed with statement %(number)s and took a side here, %(both)s "
                "agreed too.",
                **values,
            )
        return w.gettext(
            "They disagreed. Of the %(of_one)s who agreed with statement %(number)s and took a side here, %(both)s "
            "disagreed too.",
            **values,
        )
    values = {
        "number": number,
        "turned": first.of_one - first.both,
        "of_one": first.of_one,
        "both": last.both,
        "of_last": last.of_one,
    }
    found = w.gettext("They agreed.") if agreed else w.gettext("They disagreed.")
    found += " " + (
        w.gettext(
            "Two steps away: whoever agrees with statement %(number)s mostly agrees with another statement (%(turned)s "
            "of %(of_one)s).",
            **values,
        )
        if first.other[0] == "disagree"
        else w.gettext(
            "Two steps away: whoever agrees with statement %(number)s mostly disagrees with another statement "
            "(%(turned)s of %(of_one)s).",
            **values,
        )
    )
    return f"{found} " + (
        w.gettext("Of those who do, %(both)s of %(of_last)s agreed here.", **values)
        if agreed
        else w.gettext("Of those who do, %(both)s of %(of_last)s disagreed here.", **values)
    )
