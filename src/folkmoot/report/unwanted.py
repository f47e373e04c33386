"""Statements of the list that nobody is for: they fill a budget, and stand for people all the same."""

from __future__ import annotations

from ..audits import Audit
from ..profile import Slate
from ..slates.public.order import numbers
from .translations import Words
from .words import plain


def unwanted(slate: Slate, audit: Audit, w: Words) -> str:
    """Which statements of the list nobody who answered is for, and what to do; empty where there is none.

    Args:
        slate: the slate.
        audit: its audit.
        w: the language.
    """
    if audit.public is None or audit.public.asked in ("texts", "scores", "comparisons"):
        return ""
    nobody = {one.id for one in audit.public.statements if not one.all.agree}
    named = [
        w.gettext("%(number)s (id %(id)s)", number=number, id=plain(one.id))
        for one, number in sorted(zip(slate.statements, numbers(slate), strict=True), key=lambda each: each[1])
        if one.id in nobody
    ]
    if not named:
        return ""
    return w.ngettext(
        "Nobody who answered is for statement %(listed)s: it is on the list because there was room. Leave it out with "
        "`--lock-out`, or say so where you publish it.",
        "Nobody who answered is for the statements %(listed)s: they are on the list because there was room. Leave them "
        "out with `--lock-out`, or say so where you publish them.",
        len(named),
        listed=w.listed(named),
    )
