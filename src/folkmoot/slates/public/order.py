"""The order of the list and the numbers of its statements: one for everybody, on every page and in the terminal.

``slate.json`` keeps the order of choice; what people read goes by whom a statement stands for.
"""

from __future__ import annotations

from fractions import Fraction

from ...audits.public_records import Listed, Public
from ...profile import Slate
from ..recorded import recorded
from .whole import whole


def equal(public: Public) -> bool:
    """Whether all statements need about as many people, so that their number says nothing."""
    return len({one.need for one in public.statements}) <= 1


def by_agreement(public: Public) -> bool:
    """Whether the order goes by the people who are for a statement, not by those it stands for."""
    return equal(public) and public.asked not in ("texts", "scores")


def ordered(public: Public) -> list[Listed]:
    """By the people that a statement stands for; where all need as many, by those who are for it.

    Those whose number may not be printed come last, in the order of choice, so that their place does not tell it.

    Args:
        public: the figures of the page for the public.
    """
    if by_agreement(public):
        if public.asked == "comparisons":  # who was compared more often is not preferred for that
            return sorted(public.statements, key=lambda one: -_share(one))
        return sorted(public.statements, key=lambda one: -one.all.agree)
    shown = whole(public).stands
    return sorted(public.statements, key=lambda one: -(shown[one.id] or 0))


def _share(one: Listed) -> Fraction:
    """In what share of its comparisons a statement was preferred."""
    compared = one.all.agree + one.all.middle + one.all.against
    return Fraction(one.all.agree, max(1, compared))


def places(slate: Slate) -> tuple[int, ...]:
    """The places of the statements in ``slate.json``, from 0, in the order in which people read them.

    Without figures for the public (no audit, or one by hand) that is the order of choice.

    Args:
        slate: the slate with its record.
    """
    audit = recorded(slate).audit
    public = None if audit is None else audit.public
    ids = [one.id for one in slate.statements]
    if public is None or [one.id for one in public.statements] != ids or len(set(ids)) < len(ids):
        return tuple(range(len(ids)))
    return tuple(ids.index(one.id) for one in ordered(public))


def numbers(slate: Slate) -> tuple[int, ...]:
    """For every statement of ``slate.json``, in its order, the number that people read, from 1.

    Args:
        slate: the slate with its record.
    """
    order = places(slate)
    return tuple(order.index(place) + 1 for place in range(len(order)))
