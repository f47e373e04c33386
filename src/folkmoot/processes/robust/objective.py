"""The objective: what a slate is worth, in its parts."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from ...profile import FloatArray, IntArray
from .scene import Scene
from .seats import UNASSIGNED
from .weights import Weights, penalty

# Finer differences mean nothing, and the last bits in which machines differ decide nothing.
DIGITS = 9
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
        crowded: how many statements of the slate are too many of a kind (see `crowded`).
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
    left: int
    voted: int
    value: float

    def as_dict(self) -> dict[str, float]:
        """JSON-ready, rounded to six digits."""
        return {name: round(value, 6) for name, value in asdict(self).items()}


@dataclass(frozen=True, eq=False)
class Seen:
    """What the objective is without complaints.

    Args:
        utility, coverage, worst_group, quartile: parts, see `Parts`.
        crowded: how many statements are too many of a kind.
        left: mass without a statement.
        voted: mass that agreed with its statement.
        value: weighted sum of these.
        worst: number of the worst opinion group.
        low: float64 [n] mass share of each person in the lowest quarter.
    """

    utility: float
    coverage: float
    worst_group: float
    quartile: float
    crowded: int
    left: int
    voted: int
    value: float
    worst: int
    low: FloatArray


def covered(scene: Scene, chosen: IntArray) -> FloatArray:
    """float64 [n]: chance to agree with at least one of two random statements of the slate (of one, if it has one)."""
    k = len(chosen)
    if not k:
        return np.zeros(scene.n)
    doubt = scene.doubt[chosen]
    total = doubt.sum(axis=0)
    if k == 1:
        return np.asarray(1.0 - total)
    return np.asarray(1.0 - (total * total - np.einsum("kn,kn->n", doubt, doubt)) / (k * (k - 1)))


def crowded(scene: Scene, chosen: IntArray) -> int:
    """How many statements of a slate are too many of a kind.

    Two about the same subject may stand side by side. Each statement counts with those about its subject beyond one.
    """
    if not scene.kindred.size:
        return 0
    others = scene.kindred[np.ix_(chosen, chosen)].sum(axis=1)
    return int(np.maximum(others - ALIKE, 0).sum())


def lowest_quarter(values: FloatArray, scene: Scene) -> FloatArray:
    """float64 [n]: shares, adding up to 1, of the people in the quarter of the mass whose values are lowest.

    The last one counts in part, so that a weight counts as so many copies.
    """
    found = np.zeros(len(values))
    if not len(values):
        return found
    order = np.argsort(values, kind="stable")
    # In quarters of a mass: whole numbers.
    heaped = 4 * np.cumsum(scene.masses[order])
    before = heaped - 4 * scene.masses[order]
    found[order] = np.clip(scene.total - before, 0, 4 * scene.masses[order]) / scene.total
    return found


def looked(scene: Scene, weights: Weights, chosen: IntArray, place: IntArray) -> Seen:
    """Everything but complaints."""
    seated = np.flatnonzero(place != UNASSIGNED)
    own = np.zeros(scene.n)
    where = chosen[place[seated]]
    own[seated] = scene.worth[where, seated]
    voted = int(scene.masses[seated][scene.voted[where, seated]].sum())
    left = scene.total - int(scene.masses[seated].sum())
    coverage = covered(scene, chosen)
    value = own + weights.coverage * coverage
    by_group = np.round(np.einsum("gn,n->g", scene.group_share, value), DIGITS)
    worst = int(np.argmin(by_group))
    agree = np.round(scene.chances[chosen].sum(axis=0) / max(1, len(chosen)), DIGITS)
    low = lowest_quarter(agree, scene)
    utility = float(np.einsum("n,n->", scene.share, own))
    mean = float(np.einsum("n,n->", scene.share, coverage))
    quartile = float(np.einsum("n,n->", low, agree))
    many = crowded(scene, chosen)
    total = (
        utility
        + weights.coverage * mean
        + weights.worst * float(by_group[worst])
        + weights.quartile * quartile
        - weights.crowded * many
        + (weights.voted * voted - weights.left * left) / max(1, scene.total)
    )
    return Seen(utility, mean, float(by_group[worst]), quartile, many, left, voted, round(total, DIGITS), worst, low)


def complaints(weights: Weights, ratios: FloatArray) -> float:
    """Weighted cost of the largest complaints, from float64 [s, m] ratios."""
    if not ratios.size:
        return 0.0
    return round(weights.complaint * float(penalty(ratios.max(axis=1)).mean()), DIGITS)


def parts(scene: Scene, weights: Weights, chosen: IntArray, place: IntArray) -> Parts:
    """The whole objective of a slate with its assignment."""
    seen = looked(scene, weights, chosen, place)
    ratios = scene.samples.ratios(scene.samples.content(chosen, place), chosen)
    worst = ratios.max(axis=1) if ratios.size else np.zeros(1)
    return Parts(
        seen.utility,
        seen.coverage,
        seen.worst_group,
        seen.quartile,
        float(penalty(worst).mean()),
        float((worst >= 1.0).mean()),
        seen.crowded,
        seen.left,
        seen.voted,
        round(seen.value - complaints(weights, ratios), DIGITS),
    )
