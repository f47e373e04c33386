"""What a slate was chosen by: every part of the objective, for it and for the slates it was held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..processes.refine.outcome import Refined
from ..profile import Slate
from ..slates.recorded import recorded
from .numbers import ENGLISH, count, figure
from .translations import Words


def parts(w: Words = ENGLISH) -> dict[str, tuple[str, str, str]]:
    """Every part by the name it is recorded under: how it is called, what it is, and the weight that it has."""
    return {
        "utility": (
            w.gettext("Own statement"),
            w.gettext(
                "The mean expected utility of the statement that people are assigned to, as a share of the scale."
            ),
            "",
        ),
        "coverage": (
            w.gettext("Agreement with the list"),
            w.gettext(
                "The chance that a person agrees with at least one of two statements that are drawn from the list at "
                "random."
            ),
            "coverage",
        ),
        "worst_group": (
            w.gettext("Worst opinion group"),
            w.gettext(
                "The sum of the two figures above, each with its weight, in the opinion group where it is lowest."
            ),
            "worst",
        ),
        "quartile": (
            w.gettext("Lowest quarter"),
            w.gettext(
                "The chance to agree with a statement of the list, among the quarter of the people where it is lowest."
            ),
            "quartile",
        ),
        "complaint": (
            w.gettext("Complaints"),
            w.gettext(
                "What the largest group that prefers a statement that was left out costs, on average over random "
                "draws: next to nothing where it is much too small, about a half where it is just large enough, and "
                "more beyond that."
            ),
            "complaint",
        ),
        "violated": (
            w.gettext("Draws with a large enough group"),
            w.gettext(
                "The share of these draws in which such a group is large enough; it counts through the complaints."
            ),
            "",
        ),
        "crowded": (
            w.gettext("Too many about one subject"),
            w.gettext(
                "Every statement may have one other about its subject beside it; for each one how many more there are, "
                "added up."
            ),
            "crowded",
        ),
        "short": (
            w.gettext("Short of popular lists"),
            w.gettext(
                "By how much the agreement with the list falls below a bound, which is a little below that of the most "
                "popular statements, plus the same for the opinion group where it is lowest, with a bound a little "
                "below that of statements that all groups agree with; 0 where the list is held to no bounds."
            ),
            "short",
        ),
        "excess": (
            w.gettext("Draws beyond their bound"),
            w.gettext(
                "By how much the share of draws with a large enough group, softened, exceeds a quarter of that of the "
                "most popular statements; 0 where the list is held to no bounds."
            ),
            "excess",
        ),
        "left": (
            w.gettext("Left over"),
            w.gettext("People (by weight, where they have weights) who are assigned to no statement."),
            "left",
        ),
        "voted": (
            w.gettext("Agreed by their own answer"),
            w.gettext(
                "People (by weight, where they have weights) who themselves agreed with the statement they are "
                "assigned to."
            ),
            "voted",
        ),
        "value": (
            w.gettext("In all"),
            w.gettext(
                "The weighted sum. Of the lists that were looked at, those that keep the two conditions below come "
                "first, then those with the fewest people left over, then those with the largest sum; of lists about "
                "equal in it the one in which most people agreed by their own answer."
            ),
            "",
        ),
        "largest_complaint_own_answers": (
            w.gettext("Condition on own answers"),
            w.gettext(
                "The largest group on people's own answers alone, as a share of what it would need; it should stay "
                "below 1."
            ),
            "",
        ),
        "largest_complaint_means": (
            w.gettext("Condition with predictions"),
            w.gettext("The same with a prediction for everything that is unknown; it should stay below 1 too."),
            "",
        ),
    }


#: Parts that lower the objective.
AGAINST = ("complaint", "crowded", "short", "excess", "left")
#: Parts that are counted, and not measured.
COUNTS = ("crowded", "left", "voted")
#: Parts whose weight is that of a share of the people.
SHARES = ("left", "voted")


@dataclass(frozen=True)
class Part:
    """One part of the objective, ready to print: its name, what it is, its weight, and its value in every slate."""

    name: str
    meaning: str
    weight: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The objective, ready to print.

    Args:
        slates: the names of the slates.
        parts: every part that is recorded, in the order of the record.
        refined: whether the slate was changed after it was chosen, so that the figures are those of the choice before.
    """

    slates: tuple[str, ...]
    parts: tuple[Part, ...]
    refined: bool


def objective(slate: Slate, w: Words = ENGLISH) -> Table | None:
    """What a slate was chosen by; None where its process records no objective.

    Args:
        slate: the slate with its record.
        w: the language.
    """
    process = recorded(slate).process
    found, weights = process.parameters.get("objective"), process.parameters.get("objective_weights")
    if not isinstance(found, Mapping) or not isinstance(found.get("slate"), Mapping):
        return None
    slates = {name: values for name, values in found.items() if isinstance(values, Mapping)}
    names, known = [*found["slate"]], parts(w)
    told = weights if isinstance(weights, Mapping) else {}
    made = [_part(name, slates, told, known, w) for name in names]
    named = {known[name][2] for name in names if name in known}
    # What another version of the process weighs beside these is named at least.
    others = [name for name in told if name not in named]
    made += [Part(_plain(name), other(w), f"{told[name]:g}", ("–",) * len(slates)) for name in others]
    refinement = process.refinement
    titles = {"slate": w.gettext("This list"), "popular": w.gettext("Most popular")}
    return Table(
        tuple(titles.get(name, name) for name in slates),
        tuple(made),
        isinstance(refinement, Refined) and refinement.improved,
    )


def other(w: Words = ENGLISH) -> str:
    """What is said of a part that this version does not know."""
    return w.gettext("It is explained on the page of the process (docs/processes/robust.md).")


def _part(
    name: str,
    slates: Mapping[str, Mapping[str, Any]],
    weights: Mapping[str, Any],
    known: Mapping[str, tuple[str, str, str]],
    w: Words,
) -> Part:
    title, meaning, weight = known.get(name, (_plain(name), other(w), ""))
    values = tuple(_value(name, one.get(name), w) for one in slates.values())
    return Part(title, meaning, _weight(name, weight, weights, w), values)


def _weight(name: str, weight: str, weights: Mapping[str, Any], w: Words) -> str:
    if name == "utility":
        return "1"
    value = weights.get(weight) if weight else None
    if not isinstance(value, int | float):
        return "–"
    sign = "−" if name in AGAINST and value else ""
    told = f"{sign}{value:g}"
    return w.gettext("%(weight)s × share", weight=told) if name in SHARES else told


def _value(name: str, value: Any, w: Words) -> str:
    if not isinstance(value, int | float):
        return "–"
    return count(w, value) if name in COUNTS else figure(w, float(value), 3)


def _plain(name: str) -> str:
    return name.replace("_", " ").capitalize()
