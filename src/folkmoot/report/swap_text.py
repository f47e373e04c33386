"""The profile-swap curve of a source on the terminal."""

from __future__ import annotations

from ..slates.swapped import SwapTest
from .numbers import ENGLISH, count
from .text import wrap

_NAMES = {
    "self": "their own",
    "0": "the most similar person's",
    "0.25": "that of the one at 25 %",
    "0.5": "that of the one at 50 %",
    "0.75": "that of the one at 75 %",
    "0.98": "the least similar's, at 98 %",
    "group": "their group's",
    "none": "none: everybody's rates",
}


def swap_text(found: SwapTest) -> str:
    """The curve as a table, and what to do with it."""
    if not found.applies or found.accuracy is None or found.loss is None:
        return "\n".join(wrap(f"Profile swap: not computed; {found.why}.", "  "))
    people, hidden = count(ENGLISH, found.people), count(ENGLISH, found.hidden)
    lines = wrap(f"Profile swap: {hidden} hidden answers of {people} people, foretold with another's profile.", "  ")
    lines.append(f"  {'profile':<30}{'right':>6}  {'95 %':<16}{'log-loss':>8}")
    for key, one in found.accuracy.items():
        range_ = f"[{one.low:.3f}, {one.high:.3f}]"
        lines.append(f"  {_NAMES.get(key, key):<30}{one.value:>6.3f}  {range_:<16}{found.loss[key].value:>8.3f}")
    return "\n".join([*lines, *wrap(f"  {found.advice}", "  ")])
