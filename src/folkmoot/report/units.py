"""Amounts of what a budget counts: words, characters, statements, or cost."""

from __future__ import annotations

from ..profile import Slate
from .translations import Words


def amount(w: Words, n: int, unit: str) -> str:
    """So many words, characters, statements or units of cost.

    Args:
        w: the language.
        n: how many.
        unit: what the budget counts; empty: words.
    """
    if unit in ("words", ""):
        return w.ngettext("%(n)s word", "%(n)s words", n)
    if unit == "characters":
        return w.ngettext("%(n)s character", "%(n)s characters", n)
    if unit == "statements":
        return w.ngettext("%(n)s statement", "%(n)s statements", n)
    return w.ngettext("%(n)s unit of cost", "%(n)s units of cost", n)


def used(w: Words, slate: Slate) -> str:
    """How much of its budget a slate uses, in a few words; empty where statements are counted and all are used.

    Args:
        w: the language.
        slate: the slate.
    """
    if not slate.budget:
        return amount(w, slate.cost, slate.unit)
    if slate.unit == "statements" and slate.cost == slate.budget:
        return w.gettext("as many as the budget allows")
    return w.gettext("%(used)s of %(budget)s", used=slate.cost, budget=amount(w, slate.budget, slate.unit))
