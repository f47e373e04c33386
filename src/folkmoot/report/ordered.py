"""What the order of the list goes by, in a sentence: the same for the page and the terminal."""

from __future__ import annotations

from ..audits.public_records import Public
from ..slates.public.order import by_agreement
from ..slates.public.whole import whole
from .translations import Words


def order_words(public: Public, w: Words) -> str:
    """What the order goes by, and that it says nothing about importance.

    Args:
        public: the figures of the page for the public.
        w: the language.
    """
    if by_agreement(public) and public.asked == "comparisons":
        return w.gettext("The order follows how often each was preferred when it was compared, not importance.")
    if by_agreement(public):
        return w.gettext("The order follows how many people are for each, not importance.")
    if None in whole(public).stands.values():
        return w.gettext(
            "The order follows the number of people each stands for, not importance; those whose number is too small "
            "to be published come last."
        )
    return w.gettext("The order follows the number of people each stands for, not importance.")
