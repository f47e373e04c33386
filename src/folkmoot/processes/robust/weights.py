"""What the parts of the objective weigh, and how long is searched."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
        left: of the share of the people whom no statement represents.
        crowded: of every statement that is one too many of a kind.
        voted: of the share of the people who themselves agreed with the statement that represents them.
    """

    coverage: float = 8.0
    worst: float = 1.0
    quartile: float = 3.0
    complaint: float = 2.0
    left: float = 2.0
    crowded: float = 0.0
    voted: float = 0.1

    def told(self, consensus: float, crowded: float) -> Weights:
        """With the parts that favour statements many agree with times ``consensus`` (>= 0), and that ``crowded``."""
        return replace(self, coverage=self.coverage * consensus, quartile=self.quartile * consensus, crowded=crowded)


@dataclass(frozen=True)
class Effort:
    """How long is searched.

    Args:
        climb: most slates that are looked at while climbing from the starts, together.
        anneal: slates that are looked at while annealing.
        last: most slates that are looked at while climbing from where annealing ended.
        elites: distinct slates that are judged with their exact assignment.
    """

    climb: int = 350
    anneal: int = 450
    last: int = 80
    elites: int = 6

    def times(self, share: float) -> Effort:
        """That share of it."""
        return Effort(round(self.climb * share), round(self.anneal * share), round(self.last * share), self.elites)


def penalty(ratio: FloatArray) -> FloatArray:
    """What the largest complaint of a draw costs, by its mass as a share of what it needs (>= 0)."""
    step = 1.0 / (1.0 + np.exp(np.clip(-(ratio - 1.0) / WIDTH, -60.0, 60.0)))
    found: FloatArray = step + SLOPE * np.maximum(ratio - HINGE, 0.0)
    return found


def steepness(ratio: FloatArray) -> FloatArray:
    """Derivative of `penalty`."""
    step = 1.0 / (1.0 + np.exp(np.clip(-(ratio - 1.0) / WIDTH, -60.0, 60.0)))
    found: FloatArray = step * (1.0 - step) / WIDTH + SLOPE * (ratio > HINGE)
    return found
