"""What is known where people compared statements: the model, its kinds of people, and how well it foresees them."""

from __future__ import annotations

from ..profile import Slate
from ..slates.recorded import HeldOutRecord, recorded
from .numbers import ENGLISH, percent
from .translations import Words


def fitted(slate: Slate, w: Words = ENGLISH) -> str:
    """Which model was fitted to how many comparisons, and how it did on those held back; empty where none was.

    Args:
        slate: the slate with its record.
        w: the language.
    """
    record = recorded(slate)
    kinds, count = record.engine.parameters.get("classes"), record.source.comparisons
    if not isinstance(kinds, int) or not count:
        return ""
    found = w.ngettext(
        "%(n)s kind of people was fitted to %(comparisons)s comparisons (model: %(model)s).",
        "%(n)s kinds of people were fitted to %(comparisons)s comparisons (model: %(model)s).",
        kinds,
        comparisons=count,
        model=record.engine.model,
    )
    return f"{found} {_foresees(slate, kinds, w)}"


def _foresees(slate: Slate, kinds: int, w: Words) -> str:
    measured = recorded(slate).reliability
    if not isinstance(measured, HeldOutRecord) or measured.accuracy is None or not measured.n_held_out:
        return w.gettext("How well that foresees what people prefer is not known: there were too few to hold any back.")
    values = {"n": measured.n_held_out, "share": percent(w, measured.accuracy)}
    one = measured.statement_mean
    if kinds == 1 or one is None or one.accuracy is None:
        return w.gettext("Of %(n)s comparisons held back, it foresees %(share)s.", **values)
    return w.gettext(
        "Of %(n)s comparisons held back, it foresees %(share)s; one kind for everybody would foresee %(one)s.",
        one=percent(w, one.accuracy),
        **values,
    )


def never_compared(slate: Slate, w: Words = ENGLISH) -> str:
    """Into how many parts the comparisons fall; empty where there is one.

    Args:
        slate: the slate with its record.
        w: the language.
    """
    parts = recorded(slate).source.parts or 0
    if parts < 2:
        return ""
    return w.gettext(
        "The comparisons fall into %(n)s parts: statements of different parts were never compared, so which of them "
        "people prefer is not known.",
        n=parts,
    )


def agreement_means(w: Words = ENGLISH) -> str:
    """What agreement and rejection are in figures that rest on comparisons."""
    return w.gettext(
        "Nobody was asked whether they agree. Here agreement is the share of the other statements to which somebody is "
        "expected to prefer one; rejected means: to less than half, approved: to more."
    )
