"""What the figures on unknown answers take for granted, and how they did."""

from __future__ import annotations

from ..profile import Slate
from ..slates.recorded import recorded
from .measured import measured
from .numbers import ENGLISH, percent
from .terms import voice
from .translations import Words
from .turns import turns


def assumptions(slate: Slate, w: Words = ENGLISH) -> list[str]:
    """What the figures on unknown answers take for granted, how much it would take to turn them, and how good they are.

    Args:
        slate: the audited slate.
        w: the language.
    """
    audit = recorded(slate).audit
    if audit is None or not audit.certificate.known.answered or audit.certificate.known.answered >= 1:
        return []
    if recorded(slate).engine.model == "none":
        return []
    if not voice(slate).people:
        return [
            w.gettext(
                "What is predicted takes for granted that the language model was asked about a random choice of the "
                "pairs, given its scores."
            )
        ]
    direction = w.gettext(
        "If they think less of it, fewer of them agree with the statement they are assigned to than expected, and "
        "fewer want one that was left out; if they think more of it, more do."
    )
    found = [f"{_at_random(slate, w)} {direction}", *turns(slate, w)]
    if audit.certificate.draws:
        found.append(calibrated(w))
    return found


#: What `folkmoot study calibration` measured, as docs/studies/calibration.md has it.
AUDITS, CONVERSATIONS, FORESEEN, FOUND = 528, 6, 0.167, 0.141


def calibrated(w: Words = ENGLISH) -> str:
    """How the draws did on held-out votes."""
    return w.gettext(
        "The draws err on the safe side: on held-out votes of %(conversations)s conversations such a group was "
        "predicted with a chance of %(predicted)s on average, and found in %(found)s of %(audits)s audits (`folkmoot "
        "study calibration`).",
        conversations=CONVERSATIONS,
        predicted=percent(w, FORESEEN),
        found=percent(w, FOUND),
        audits=AUDITS,
    )


def _at_random(slate: Slate, w: Words) -> str:
    if measured(slate) == "votes":
        return w.gettext(
            "Predictions take for granted that people skip at random: that those who have not voted on a statement "
            "think of it as others do who otherwise vote alike."
        )
    return w.gettext(
        "Predictions take for granted that people skip at random: that those who have not answered a statement think "
        "of it as others do who otherwise answer alike."
    )
