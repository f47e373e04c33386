"""Whether anything was chosen at all: a list of everything there is says nothing of how well it was made."""

from __future__ import annotations

from ..profile import Slate
from ..slates.recorded import recorded
from .numbers import ENGLISH
from .translations import Words


def unchosen(slate: Slate) -> int:
    """The number of statements where everything that could be chosen is on the list; 0 where something was left out.

    Args:
        slate: the audited slate.
    """
    audit, n = recorded(slate).audit, len(slate.statements)
    if audit is None or not n:
        return 0
    free = audit.public.free if audit.public is not None else audit.pool_size
    return n if free <= n else 0


def everything(slate: Slate) -> bool:
    """Whether the list has even every statement that was published, not only all that could be chosen.

    Args:
        slate: the audited slate.
    """
    audit = recorded(slate).audit
    public = None if audit is None else audit.public
    return public is None or public.published <= len(slate.statements)


def nothing_chosen(slate: Slate, w: Words = ENGLISH) -> str:
    """The sentence that nothing was chosen; empty where something was left out.

    Args:
        slate: the audited slate.
        w: the language.
    """
    n = unchosen(slate)
    if not n:
        return ""
    if everything(slate):
        return w.ngettext(
            "Nothing was chosen: the only statement is listed.",
            "Nothing was chosen: all %(n)s statements are listed.",
            n,
        )
    return w.ngettext(
        "Nothing was chosen: the only statement that could be chosen is listed.",
        "Nothing was chosen: all %(n)s statements that could be chosen are listed.",
        n,
    )
