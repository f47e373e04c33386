"""What refinement did to a slate, in words."""

from __future__ import annotations

from ..processes.refine.outcome import NotRefined, Refined
from ..profile import Slate
from ..slates.recorded import recorded
from .words import plain, some

# What the bound is about (`processes.refine.refine`).
RIVALS = (
    "those that leave out as few, are as balanced, violate no more, leave the worst-off quarter no worse off and do "
    "not say the same twice"
)


def refined(slate: Slate, *, votes: bool) -> str:
    """What refinement did, in one or two sentences; empty where no refinement was requested.

    Args:
        slate: the slate with its record.
        votes: whether people answered (otherwise utilities are similarities of texts).
    """
    refinement = recorded(slate).process.refinement
    if refinement is None:
        return ""
    if isinstance(refinement, NotRefined):
        return f"It was to be refined and was not: {plain(refinement.note)}."
    before, after = refinement.before, refinement.after
    word = "utility" if votes else "similarity"
    weighted = recorded(slate).source.weighted
    if refinement.improved:
        changes = [f"total {word} of the assigned {_from_to(before.total, after.total, '{:,.1f}')}"]
        changes.append(f"{'weight' if weighted else 'people'} left out {_from_to(before.unassigned, after.unassigned)}")
        changes.append(f"violations of cBJR {_from_to(before.violations, after.violations)}")
        words = f"The slate that was chosen first was refined: {'; '.join(changes)}."
    else:
        words = f"Refining found no better slate: total {word} stays {after.total:,.1f}."
    return f"{words} {_limit(refinement, word)}{_kept(refinement)}"


def _from_to(before: float, after: float, form: str = "{:,}") -> str:
    one, other = form.format(before), form.format(after)
    return f"still {one}" if one == other else f"{one}, now {other}"


def _limit(refinement: Refined, word: str) -> str:
    """How much better a slate could be, as far as it is known."""
    if refinement.bound is None or refinement.gap is None:
        return f"How much {word} a better one could have is not known."
    if refinement.gap == 0:
        return f"No slate among {RIVALS} has more."
    gap = f"{refinement.bound:,.1f} (gap {100 * refinement.gap:.2g}%)"
    return f"It may not be the best: what is proved is that no slate among {RIVALS} has more than {gap}."


def _kept(refinement: Refined) -> str:
    words = ""
    if refinement.balance.startswith("lower bounds dropped"):
        words += " Statements may stand for fewer people than their share: no slate gives each at least that."
    if refinement.exempt:
        words += f" No slate meets the complaints about {some(len(refinement.exempt), 'statement')} left out."
    return words
