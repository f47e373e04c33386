"""Where a search for kinds begins: people who lean the same way where everybody's rewards foresee them wrongly.

Random starts find kinds where people judged the same pairs. Where twenty thousand judgements are spread over ten
thousand answers they do not, although the kinds can be seen: in the leading directions of people's score vectors (the
derivative of their log-likelihood at everybody's rewards), without each person's agreement with themselves.
"""

from __future__ import annotations

import numpy as np

from ...profile import FloatArray, IntArray
from ..models.likelihoods import Compared

#: Rounds of the subspace iteration and of the clustering.
ROUNDS, CLUSTERED = 40, 25
#: How sure the start is of everybody's kind.
SURE = 0.9


def spectral_start(
    evidence: Compared, theta: FloatArray, masses: FloatArray, classes: int, rng: np.random.Generator
) -> FloatArray:
    """Responsibilities float64 [n, K] to begin with.

    Args:
        evidence: the judgements.
        theta: float64 [d] everybody's rewards.
        masses: float64 [n] how much people count; who counts 0 has no say and is spread evenly.
        classes: the number of kinds K.
        rng: the generator for the first directions and the clusters.
    """
    logits = evidence.logits(theta)
    times = 1.0 if evidence.times is None else evidence.times
    push = times * (1.0 - 0.5 * (1.0 + np.tanh(0.5 * logits)))
    counts = np.sqrt(np.maximum(np.bincount(evidence.person, minlength=evidence.n), 1.0))
    weight = masses / counts
    rank = max(classes - 1, 1)

    def scores_of(vector: FloatArray) -> FloatArray:
        """Everybody's score vector times a vector of parameters, float64 [n]."""
        return weight * np.bincount(evidence.person, push * evidence.logits(vector), evidence.n)

    def gathered(people: FloatArray) -> FloatArray:
        """The sum of people's score vectors with weights, float64 [d]."""
        return evidence.back(push * (weight * people)[evidence.person])

    own = _own(evidence, push) * weight**2
    basis: FloatArray = np.linalg.qr(rng.standard_normal((evidence.n, rank)))[0]
    for _ in range(ROUNDS):
        # What somebody has in common with themselves says nothing of others; shifted so that no direction turns round.
        turned = np.stack([scores_of(gathered(each)) - own * each for each in basis.T], axis=1)
        basis = np.linalg.qr(turned + float(own.mean()) * basis)[0]
    label = _clustered(basis[:, :rank] / max(float(np.abs(basis).max()), 1e-300), masses, classes, rng)
    member = np.full((evidence.n, classes), (1.0 - SURE) / max(classes - 1, 1))
    member[np.arange(evidence.n), label] = SURE
    member[masses == 0] = 1.0 / classes
    return member


def _own(evidence: Compared, push: FloatArray) -> FloatArray:
    """The squared length of everybody's score vector, float64 [n]."""
    if evidence.features is not None:
        sums = np.zeros((evidence.n, evidence.size))
        np.add.at(sums, evidence.person, push[:, None] * evidence.difference)
        return np.asarray(np.square(sums).sum(axis=1), dtype=np.float64)
    key = np.concatenate([evidence.person, evidence.person]) * evidence.size
    key += np.concatenate([evidence.winner, evidence.loser])
    cell, at = np.unique(key, return_inverse=True)
    each = np.bincount(at, np.concatenate([push, -push]))
    return np.bincount(cell // evidence.size, np.square(each), evidence.n).astype(np.float64)


def _clustered(points: FloatArray, masses: FloatArray, classes: int, rng: np.random.Generator) -> IntArray:
    """Labels int64 [n] of k-means among those who count, the best of a few beginnings."""
    there = np.flatnonzero(masses > 0)
    best: tuple[float, IntArray] | None = None
    for _ in range(4):
        centres = points[there[rng.integers(len(there))]][None]
        while len(centres) < classes:
            far = np.square(points[there, None] - centres[None]).sum(axis=2).min(axis=1)
            chance = far / far.sum() if far.sum() > 0 else None
            centres = np.vstack([centres, points[there[rng.choice(len(there), p=chance)]]])
        for _ in range(CLUSTERED):
            label = np.square(points[:, None] - centres[None]).sum(axis=2).argmin(axis=1)
            for k in range(classes):
                inside = there[label[there] == k]
                if len(inside):
                    centres[k] = points[inside].mean(axis=0)
        within = float(np.square(points[there] - centres[label[there]]).sum())
        if best is None or within < best[0]:
            best = (within, label)
    assert best is not None
    return best[1]
