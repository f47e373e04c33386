"""What staff should know of a budget of money before they publish: one project eats it up, or much of it is left."""

from __future__ import annotations

from ..audits import Audit
from ..profile import Slate
from ..slates.public.order import places
from .numbers import percent
from .translations import Words
from .units import amount
from .words import plain

#: A single project that costs so large a share of the budget eats it up.
EATEN = 0.9
#: So large a share that is not spent is no mere remainder.
UNSPENT = 0.5


def money(slate: Slate, audit: Audit, w: Words) -> list[str]:
    """What to look at in sentences, each with what to do; empty where the budget counts no money.

    Args:
        slate: the slate.
        audit: its audit, for the number of projects it was chosen from.
        w: the language.
    """
    if slate.unit != "cost" or not slate.statements or not slate.budget or audit.pool_size < 2:
        return []
    return [words for words in (_eaten(slate, w), _unspent(slate, w)) if words]


def _eaten(slate: Slate, w: Words) -> str:
    """That a single project takes nearly all the money: hardly anything is left for those who want another."""
    order = [slate.statements[place] for place in places(slate)]
    costs = [one.cost or 0 for one in order]
    most = max(costs)
    if most < EATEN * slate.budget:
        return ""
    number = costs.index(most) + 1
    return w.gettext(
        "Statement %(number)s alone takes %(share)s of the budget (%(cost)s of %(budget)s), so that next to nothing is "
        "left for people who want something else. Say so where you publish it, or compare what is chosen without it: "
        "`--lock-out` with its id (%(id)s).",
        number=number,
        share=percent(w, most / slate.budget),
        cost=w.count(most),
        budget=amount(w, slate.budget, slate),
        id=plain(order[number - 1].id),
    )


def _unspent(slate: Slate, w: Words) -> str:
    """That much money is left, where a process chose: what was left out costs too much or has too few behind it."""
    left = slate.budget - slate.cost
    if "id" not in slate.process or left < UNSPENT * slate.budget:
        return ""
    return w.gettext(
        "%(share)s of the budget is not spent (%(left)s of %(budget)s): what was left out costs more than is left, or "
        "has too few people behind it for what it costs. Decide what becomes of the rest, and say so where you publish "
        "it.",
        share=percent(w, left / slate.budget),
        left=w.count(left),
        budget=amount(w, slate.budget, slate),
    )
