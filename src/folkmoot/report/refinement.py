"""What refinement did to a slate, in words."""

from __future__ import annotations

from ..processes.refine.outcome import NotRefined, Refined
from ..profile import Slate
from ..slates.recorded import recorded
from .numbers import ENGLISH, sentences
from .translations import Words
from .words import plain


def refined(slate: Slate, *, votes: bool, w: Words = ENGLISH) -> str:
    """What refinement did, in one or two sentences; empty where no refinement was requested.

    Args:
        slate: the slate with its record.
        votes: whether people answered (otherwise utilities are similarities of texts).
        w: the language.
    """
    refinement = recorded(slate).process.refinement
    if refinement is None:
        return ""
    if isinstance(refinement, NotRefined):
        return w.gettext("The list was to be refined and was not: %(why)s.", why=plain(refinement.note))
    return sentences(
        _done(slate, refinement, w, votes=votes), _limit(refinement, w, votes=votes), *_kept(refinement, w)
    )


def _done(slate: Slate, refinement: Refined, w: Words, *, votes: bool) -> str:
    before, after = refinement.before, refinement.after
    if not refinement.improved:
        stays = w.decimal(after.total, 1)
        if votes:
            return w.gettext("Refining found no better list: total utility stays %(total)s.", total=stays)
        return w.gettext("Refining found no better list: total similarity stays %(total)s.", total=stays)
    totals = _from_to(w, w.decimal(before.total, 1), w.decimal(after.total, 1))
    left = _from_to(w, w.count(before.unassigned), w.count(after.unassigned))
    changes = [
        w.gettext("total utility %(change)s", change=totals)
        if votes
        else w.gettext("total similarity %(change)s", change=totals),
        w.gettext("weight left over %(change)s", change=left)
        if recorded(slate).source.weighted
        else w.gettext("people left over %(change)s", change=left),
        w.gettext(
            "large enough groups overlooked %(change)s",
            change=_from_to(w, w.count(before.violations), w.count(after.violations)),
        ),
    ]
    return w.gettext("The list that was chosen first was refined: %(changes)s.", changes="; ".join(changes))


def _from_to(w: Words, one: str, other: str) -> str:
    if one == other:
        return w.gettext("still %(value)s", value=one)
    return w.gettext("%(before)s, now %(after)s", before=one, after=other)


def _limit(refinement: Refined, w: Words, *, votes: bool) -> str:
    """How much better a slate could be, as far as it is known; what the bound is about is that of `refine`."""
    if refinement.bound is None or refinement.gap is None:
        return w.gettext("How much better a list could be is not known.")
    if refinement.gap == 0:
        return w.gettext(
            "No list among those that leave out as few, are as balanced, overlook no more, leave the worst-off quarter "
            "no worse off and do not say the same twice has more."
        )
    return w.gettext(
        "It may not be the best: what is proved is that no list among those that leave out as few, are as balanced, "
        "overlook no more, leave the worst-off quarter no worse off and do not say the same twice has more than "
        "%(bound)s (gap %(gap)s).",
        bound=w.decimal(refinement.bound, 1),
        gap=f"{100 * refinement.gap:.2g}%",
    )


def _kept(refinement: Refined, w: Words) -> list[str]:
    found = []
    if refinement.balance.startswith("lower bounds dropped"):
        found.append(
            w.gettext("Statements may stand for fewer people than their share: no list gives each at least that.")
        )
    if refinement.exempt:
        found.append(
            w.ngettext(
                "No list meets the complaints about %(n)s statement left out.",
                "No list meets the complaints about %(n)s statements left out.",
                len(refinement.exempt),
            )
        )
    return found
