"""What a slate is held to: two well-known lists of statements that many agree with."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...profile import IntArray
from .evaluator import Evaluator
from .instance import SearchInstance
from .offered import offered
from .weights import Bounds, Weights, softened

# What a slate may fall short of in coverage, everybody's and the worst group's, and the share of the popular list's
# violated draws that it may have. A slate fits the draws that it is chosen on better than others, so that a quarter of
# them here is about half of them on draws that nobody has seen.
COVERAGE, WORST_GROUP, VIOLATED = 0.012, 0.02, 0.25


def held_to(instance: SearchInstance, weights: Weights, lists: Mapping[str, IntArray]) -> Bounds:
    """What a slate is held to.

    Args:
        instance: people and candidates.
        weights: of the objective.
        lists: slates by name: ``popular`` and ``consensus`` (`starts.starts`).
    """
    mean = float(np.einsum("n,n->", instance.share, offered(instance, lists["popular"]).covered))
    groups = np.einsum("gn,n->g", instance.group_share, offered(instance, lists["consensus"]).covered)
    popular = Evaluator(instance, weights).evaluate(lists["popular"])
    ratios = np.zeros((1, 1)) if popular is None or not popular.ratios.size else popular.ratios
    violated = float(softened(ratios.max(axis=1)).mean())
    return Bounds(mean - COVERAGE, float(groups.min()) - WORST_GROUP, VIOLATED * violated)
