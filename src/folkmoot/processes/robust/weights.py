"""What the parts of the objective weigh, what a slate is held to, and how long the search takes."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

import numpy as np

from ...profile import FloatArray

# A complaint ends when its share of what it needs falls below 1: a step, softened to this width so that a search can
# see how near it is; and a slope above HINGE, because the step alone is flat far above 1 and would give up there.
WIDTH, HINGE, SLOPE = 0.08, 0.8, 0.3


@dataclass(frozen=True)
class Weights:
    """Weights of the parts of the objective; a person's utility of the assigned statement weighs 1.

    Args:
        coverage: of the chance to agree with at least one of two random statements of the slate.
        worst: of the worst opinion group's mean of utility and coverage.
        quartile: of the mean chance to agree, over the quarter of the people where it is lowest.
        complaint: of the expected violation over draws.
        short: of what coverage, everybody's and the worst opinion group's, falls short of the bounds.
        excess: of the softened share of violated draws beyond its bound.
        left: of the share of the people whom no statement represents.
        crowded: of every statement that is one too many about its subject.
        voted: of the share of the people who themselves agreed with the statement that represents them.
    """

    coverage: float = 8.0
    worst: float = 1.0
    quartile: float = 3.0
    complaint: float = 2.0
    short: float = 40.0
    excess: float = 20.0
    left: float = 2.0
    crowded: float = 0.0
    voted: float = 0.1

    def adjusted(self, consensus: float, crowded: float) -> Weights:
        """These weights, those of statements that many agree with times ``consensus`` (>= 0), with that ``crowded``."""
        return replace(self, coverage=self.coverage * consensus, quartile=self.quartile * consensus, crowded=crowded)


@dataclass(frozen=True)
class Bounds:
    """What a slate is held to; the default is nothing.

    Args:
        coverage: mean chance to agree with at least one of two random statements of the slate, at least.
        worst_group: the same in the opinion group where it is lowest, at least.
        violated: softened share of the draws in which some coalition has what it needs, at most.
    """

    coverage: float = 0.0
    worst_group: float = 0.0
    violated: float = 1.0

    def as_dict(self) -> dict[str, float]:
        """JSON-ready, rounded to six digits."""
        return {name: round(value, 6) for name, value in asdict(self).items()}


FREE = Bounds()
"""Held to nothing."""


@dataclass(frozen=True)
class Effort:
    """How long the search takes.

    Args:
        climb: most slates that are evaluated while climbing from the starts, all together.
        anneal: slates that are evaluated while annealing.
        last: most slates that are evaluated while climbing from where annealing ended.
        elites: distinct slates that are evaluated with their exact assignment.
    """

    climb: int = 350
    anneal: int = 450
    last: int = 80
    elites: int = 6

    def scaled(self, share: float) -> Effort:
        """This effort times ``share``; as many elites."""
        return Effort(round(self.climb * share), round(self.anneal * share), round(self.last * share), self.elites)


def penalty(ratio: FloatArray) -> FloatArray:
    """What the largest complaint of a draw costs, by its mass as a share of what it needs (>= 0)."""
    return softened(ratio) + SLOPE * np.maximum(ratio - HINGE, 0.0)


def softened(ratio: FloatArray) -> FloatArray:
    """Whether the largest complaint of a draw is a violation, softened: 1/2 at a ratio of 1."""
    result: FloatArray = 1.0 / (1.0 + np.exp(np.clip(-(ratio - 1.0) / WIDTH, -60.0, 60.0)))
    return result


def steepness(ratio: FloatArray) -> FloatArray:
    """Derivative of `penalty`."""
    step = softened(ratio)
    result: FloatArray = step * (1.0 - step) / WIDTH + SLOPE * (ratio > HINGE)
    return result
