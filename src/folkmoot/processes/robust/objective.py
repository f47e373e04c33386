"""The objective: what a slate is worth, in its parts."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from ...profile import FloatArray, IntArray
from .instance import DIGITS, SearchInstance
from .offered import Offered, lowest_quarter, offered
from .seats import UNASSIGNED
from .weights import FREE, Bounds, Weights, penalty, softened

# More than all roundings of an objective together.
ROUNDED = 1e-7
# Other statements about its subject that a statement of a slate may have beside it.
ALIKE = 1


@dataclass(frozen=True)
class Parts:
    """The parts of the objective; all but ``left`` and ``voted`` in shares of the scale's range or of the people.

    Args:
        utility: mean expected utility of the assigned statement, 0 where there is none.
        coverage: mean chance to agree with at least one of two random statements of the slate.
        worst_group: least over opinion groups of the mean of utility plus weighted coverage.
        quartile: mean chance to agree with a statement of the slate, over the quarter where it is lowest.
        complaint: mean over draws of what the largest complaint costs (`weights.penalty`).
        violated: share of the draws in which some coalition has what it needs.
        crowded: how many statements of the slate are too many about their subject (see `crowded`).
        short: what coverage, everybody's and the worst opinion group's, falls short of its bounds together.
        excess: softened share of violated draws beyond its bound.
        left: mass nobody represents.
        voted: mass that itself agreed with its statement.
        value: the objective, the weighted sum.
    """

    utility: float
    coverage: float
    worst_group: float
    quartile: float
    complaint: float
    violated: float
    crowded: int
    short: float
    excess: float
    left: int
    voted: int
    value: float

    def as_dict(self) -> dict[str, float]:
        """JSON-ready, rounded to six digits."""
        return {name: round(value, 6) for name, value in asdict(self).items()}


@dataclass(frozen=True, eq=False)
class Terms:
    """The objective without complaints, and what it is made of.

    Args:
        utility, coverage, worst_group, quartile: parts, see `Parts`.
        crowded: how many statements are too many about their subject.
        short: what coverage falls short of its bounds.
        left: mass without a statement.
        voted: mass that agreed with its statement.
        value: weighted sum of these.
        worst: number of the worst opinion group.
        low: float64 [n] mass share of each person in the lowest quarter.
        least: mean coverage in the opinion group where it is lowest.
        poorest: the number of that group.
    """

    utility: float
    coverage: float
    worst_group: float
    quartile: float
    crowded: int
    short: float
    left: int
    voted: int
    value: float
    worst: int
    low: FloatArray
    least: float
    poorest: int


def crowded(instance: SearchInstance, chosen: IntArray) -> int:
    """How many statements of a slate are too many about their subject.

    Two about the same subject may stand side by side. Each statement counts with those about its subject beyond one.
    """
    if not instance.kindred.size:
        return 0
    others = instance.kindred[np.ix_(chosen, chosen)].sum(axis=1)
    return int(np.maximum(others - ALIKE, 0).sum())


def crowded_with(instance: SearchInstance, chosen: IntArray, entering: IntArray) -> IntArray:
    """int64 [c]: `crowded` of a slate with each of c candidates added to it.

    Args:
        instance: people and candidates.
        chosen: int64 [k] the slate.
        entering: int64 [c] candidates outside it.
    """
    if not instance.kindred.size:
        return np.zeros(len(entering), dtype=np.int64)
    others = instance.kindred[np.ix_(chosen, chosen)].sum(axis=1)
    beside = instance.kindred[np.ix_(entering, chosen)]
    theirs = np.maximum(others[None, :] + beside - ALIKE, 0).sum(axis=1)
    return np.asarray(theirs + np.maximum(beside.sum(axis=1) - ALIKE, 0))


@dataclass(frozen=True, eq=False)
class Unseated:
    """What a slate is worth whoever is assigned to what.

    Args:
        offered: what it offers everybody.
        mean: mean coverage.
        low: float64 [n] mass share of each person in the lowest quarter.
        quartile, crowded, short, least, poorest: as in `Terms`.
        value: weighted sum of these.
    """

    offered: Offered
    mean: float
    low: FloatArray
    quartile: float
    crowded: int
    short: float
    least: float
    poorest: int
    value: float

    @classmethod
    def of(cls, instance: SearchInstance, weights: Weights, chosen: IntArray, bounds: Bounds = FREE) -> Unseated:
        """Of a slate."""
        has = offered(instance, chosen)
        low = lowest_quarter(has.agree, instance)
        inside = np.round(np.einsum("gn,n->g", instance.group_share, has.covered), DIGITS)
        poorest = int(np.argmin(inside))
        least = float(inside[poorest])
        mean = float(np.einsum("n,n->", instance.share, has.covered))
        quartile = float(np.einsum("n,n->", low, has.agree))
        many = crowded(instance, chosen)
        short = max(0.0, bounds.coverage - mean) + max(0.0, bounds.worst_group - least)
        value = weights.coverage * mean + weights.quartile * quartile - weights.crowded * many - weights.short * short
        return cls(has, mean, low, quartile, many, short, least, poorest, value)

    def most(self, instance: SearchInstance, weights: Weights) -> float:
        """No assignment is worth more: everybody has what is worth most to them, and their vote where it has one."""
        has = self.offered
        by_group = np.einsum("gn,n->g", instance.group_share, has.best + weights.coverage * has.covered)
        utility = float(np.einsum("n,n->", instance.share, has.best))
        voted = int(instance.masses[has.voted].sum())
        added = utility + weights.worst * float(by_group.min()) + weights.voted * voted / max(1, instance.total)
        return self.value + added + ROUNDED


def without_complaints(
    instance: SearchInstance,
    weights: Weights,
    chosen: IntArray,
    place: IntArray,
    bounds: Bounds = FREE,
    unseated: Unseated | None = None,
) -> Terms:
    """The terms of the objective that do not depend on draws; ``unseated`` where it is known already."""
    if unseated is None:
        unseated = Unseated.of(instance, weights, chosen, bounds)
    seated = np.flatnonzero(place != UNASSIGNED)
    own = np.zeros(instance.n)
    where = chosen[place[seated]]
    own[seated] = instance.worth[where, seated]
    voted = int(instance.masses[seated][instance.voted[where, seated]].sum())
    left = instance.total - int(instance.masses[seated].sum())
    value = own + weights.coverage * unseated.offered.covered
    by_group = np.round(np.einsum("gn,n->g", instance.group_share, value), DIGITS)
    worst = int(np.argmin(by_group))
    utility = float(np.einsum("n,n->", instance.share, own))
    total = (
        utility
        + weights.coverage * unseated.mean
        + weights.worst * float(by_group[worst])
        + weights.quartile * unseated.quartile
        - weights.crowded * unseated.crowded
        - weights.short * unseated.short
        + (weights.voted * voted - weights.left * left) / max(1, instance.total)
    )
    return Terms(
        utility,
        unseated.mean,
        float(by_group[worst]),
        unseated.quartile,
        unseated.crowded,
        unseated.short,
        left,
        voted,
        round(total, DIGITS),
        worst,
        unseated.low,
        unseated.least,
        unseated.poorest,
    )


def complaints(weights: Weights, ratios: FloatArray, bounds: Bounds = FREE) -> float:
    """Weighted cost of the largest complaints, from float64 [s, m] ratios."""
    if not ratios.size:
        return 0.0
    worst = ratios.max(axis=1)
    return round(weights.complaint * float(penalty(worst).mean()) + weights.excess * beyond(worst, bounds), DIGITS)


def beyond(worst: FloatArray, bounds: Bounds) -> float:
    """Softened share of violated draws beyond its bound, from the largest complaint of every draw, float64 [s]."""
    return max(0.0, float(softened(worst).mean()) - bounds.violated)


def parts(
    instance: SearchInstance, weights: Weights, chosen: IntArray, place: IntArray, bounds: Bounds = FREE
) -> Parts:
    """The whole objective of a slate with its assignment."""
    terms = without_complaints(instance, weights, chosen, place, bounds)
    ratios = instance.samples.ratios(instance.samples.content(chosen, place), chosen)
    worst = ratios.max(axis=1) if ratios.size else np.zeros(1)
    return Parts(
        terms.utility,
        terms.coverage,
        terms.worst_group,
        terms.quartile,
        float(penalty(worst).mean()),
        float((worst >= 1.0).mean()),
        terms.crowded,
        terms.short,
        beyond(worst, bounds),
        terms.left,
        terms.voted,
        round(terms.value - complaints(weights, ratios, bounds), DIGITS),
    )
