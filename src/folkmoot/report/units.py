"""Amounts of what a budget counts: words, characters, statements, or cost."""

from __future__ import annotations

from ..profile import Slate
from ..slates.recorded import recorded
from .translations import Words


def amount(w: Words, n: int, slate: Slate) -> str:
    """So many words, characters, statements, or so much money, of what the budget of a slate counts.

    Args:
        w: the language.
        n: how many.
        slate: the slate; one without a unit counts words.
    """
    unit = slate.unit
    if unit in ("words", ""):
        return w.ngettext("%(n)s word", "%(n)s words", n)
    if unit == "characters":
        return w.ngettext("%(n)s character", "%(n)s characters", n)
    if unit == "statements":
        return w.ngettext("%(n)s statement", "%(n)s statements", n)
    audit = recorded(slate).audit
    currency = audit.public.currency if audit is not None and audit.public is not None else None
    if currency:
        return w.money(n, currency)
    return w.ngettext("%(n)s unit of cost", "%(n)s units of cost", n)


def used(w: Words, slate: Slate) -> str:
    """How much of its budget a slate uses, in a few words.

    Args:
        w: the language.
        slate: the slate.
    """
    if not slate.budget:
        return amount(w, slate.cost, slate)
    if slate.unit == "statements" and slate.cost == slate.budget:
        return w.gettext("as many as there is room for")
    return w.gettext("%(used)s of %(budget)s", used=slate.cost, budget=amount(w, slate.budget, slate))
