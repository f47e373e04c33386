"""How far unseen answers would have to differ from predictions until the finding turns, in sentences."""

from __future__ import annotations

import math

from ..audits.turning import Turning
from ..profile import Slate
from ..slates.recorded import recorded
from .measured import measured
from .numbers import ENGLISH, figure, sentences
from .terms import voice
from .translations import Words


def turns(slate: Slate, w: Words = ENGLISH) -> list[str]:
    """How far unseen answers would have to differ from predictions until the finding turns, in one paragraph.

    Shares are rounded up, so that what is said of a shift holds for it.

    Args:
        slate: the audited slate; nothing is said where it was not people who answered.
        w: the language.
    """
    audit = recorded(slate).audit
    if audit is None or audit.certificate.turning is None or not voice(slate).people:
        return []
    found, votes = audit.certificate.turning, measured(slate) == "votes"
    said = [_turning(w, found, votes=votes), *_standing(w, found)]
    if found.draws and found.drawn is None:
        said.append(
            w.gettext(
                "However much they agreed with what was left out, fewer than half of the random draws would hold "
                "such a group."
            )
        )
    elif found.draws and found.drawn:
        said.append(
            w.gettext(
                "Half of the random draws would hold such a group if they agreed with what was left out %(more)s.",
                more=_at_least(w, found.drawn, more=True, votes=votes),
            )
        )
        if found.log_odds:
            said.append(
                w.gettext("As a shift of their log-odds to agree that is %(shift)s.", shift=figure(w, found.log_odds))
            )
    return [sentences(*said)]


def _turning(w: Words, found: Turning, *, votes: bool) -> str:
    cases = []
    if found.outside is not None:
        by = _at_least(w, found.outside, more=not found.violated, votes=votes)
        cases.append(w.gettext("with the statements that were left out %(by)s", by=by))
    if found.assigned is not None:
        by = _at_least(w, found.assigned, more=found.violated, votes=votes)
        cases.append(w.gettext("with the one they are assigned to %(by)s", by=by))
    if not cases:
        return ""
    shifts = w.gettext(", or ").join(cases)
    if found.violated:
        return (
            w.gettext(
                "As far as predictions go, by which the least difference is a preference, no large enough group would "
                "prefer a statement that was left out any more if those who have not voted on a statement agreed "
                "%(shifts)s.",
                shifts=shifts,
            )
            if votes
            else w.gettext(
                "As far as predictions go, by which the least difference is a preference, no large enough group would "
                "prefer a statement that was left out any more if those who have not answered a statement agreed "
                "%(shifts)s.",
                shifts=shifts,
            )
        )
    return (
        w.gettext(
            "As far as predictions go, by which the least difference is a preference, a large enough group would "
            "prefer a statement that was left out if those who have not voted on a statement agreed %(shifts)s.",
            shifts=shifts,
        )
        if votes
        else w.gettext(
            "As far as predictions go, by which the least difference is a preference, a large enough group would "
            "prefer a statement that was left out if those who have not answered a statement agreed %(shifts)s.",
            shifts=shifts,
        )
    )


def _standing(w: Words, found: Turning) -> list[str]:
    if found.outside is None and found.assigned is None:
        return [
            w.gettext(
                "Whatever those who have not answered think of the statements that were left out, or of the one they "
                "are assigned to, that alone would not change the finding."
            )
        ]
    if found.outside is None:
        return [
            w.gettext(
                "Whatever those who have not answered think of the statements that were left out, that alone would not "
                "change the finding."
            )
        ]
    if found.assigned is None:
        return [
            w.gettext(
                "Whatever those who have not answered think of the one they are assigned to, that alone would not "
                "change the finding."
            )
        ]
    return []


def _at_least(w: Words, shift: float, *, more: bool, votes: bool) -> str:
    """A shift in words: of votes in percentage points, of other answers as a share of the scale."""
    points = max(1, math.ceil(round(shift * 100, 6)))
    if votes and more:
        return w.ngettext(
            "at least %(n)s percentage point more often than predicted",
            "at least %(n)s percentage points more often than predicted",
            points,
        )
    if votes:
        return w.ngettext(
            "at least %(n)s percentage point less often than predicted",
            "at least %(n)s percentage points less often than predicted",
            points,
        )
    share = w.whole_percent(points)
    if more:
        return w.gettext("by at least %(share)s of the scale more than predicted", share=share)
    return w.gettext("by at least %(share)s of the scale less than predicted", share=share)
