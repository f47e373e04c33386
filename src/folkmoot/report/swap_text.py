"""The profile-swap curve of a source on the terminal."""

from __future__ import annotations

from ..slates.swapped import SwapTest
from .numbers import ENGLISH
from .text import wrap
from .translations import Words


def swap_text(found: SwapTest, w: Words = ENGLISH) -> str:
    """The curve as a table, and what to do with it.

    Args:
        found: the curve.
        w: the language.
    """
    if not found.applies or found.accuracy is None or found.loss is None:
        return "\n".join(wrap(w.gettext("Profile swap: not computed; %(why)s.", why=w.recorded(found.why)), "  "))
    head = w.gettext(
        "Profile swap: %(hidden)s hidden answers of %(people)s people, foretold with another's profile.",
        hidden=found.hidden,
        people=found.people,
    )
    names = _names(w)
    heads = w.gettext("profile"), w.gettext("right"), w.gettext("log-loss")
    wide = max(30, *(len(name) + 2 for name in names.values()))
    lines = wrap(head, "  ")
    lines.append(f"  {heads[0]:<{wide}}{heads[1]:>6}  {'95 %':<16}{heads[2]:>8}".rstrip())
    for key, one in found.accuracy.items():
        low, high = w.decimal(one.low, 3), w.decimal(one.high, 3)
        value, loss = w.decimal(one.value, 3), w.decimal(found.loss[key].value, 3)
        range_ = f"[{low}, {high}]" if "," not in low else f"[{low}; {high}]"
        lines.append(f"  {names.get(key, key):<{wide}}{value:>6}  {range_:<16}{loss:>8}")
    return "\n".join([*lines, *wrap(f"  {w.recorded(found.advice)}", "  ")])


def _names(w: Words) -> dict[str, str]:
    """Whose profile was put in, by the key of the curve."""
    return {
        "self": w.gettext("their own"),
        "0": w.gettext("the most similar person's"),
        "0.25": w.gettext("that of the one at 25 %"),
        "0.5": w.gettext("that of the one at 50 %"),
        "0.75": w.gettext("that of the one at 75 %"),
        "0.98": w.gettext("the least similar's, at 98 %"),
        "group": w.gettext("their group's"),
        "none": w.gettext("none: everybody's rates"),
    }
