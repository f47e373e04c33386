"""Opinion groups of people: the model's own classes, or clusters of the opinion map."""

from __future__ import annotations

import numpy as np

from ..profile import FloatArray, IntArray, Profile
from ..profile.sentences import noted
from .models.latent_classes import LatentClasses
from .opinion_map import Utilities, positions

#: Numbers of clusters tried, as in Polis.
CLUSTERS = (2, 3, 4, 5)
_ROUNDS = 100


def memberships(model: Utilities, profile: Profile, pool: IntArray | None = None) -> tuple[FloatArray, str]:
    """Opinion groups, float64 [n_agents, n_groups] with rows that add up to 1, and how they were obtained.

    Latent classes: a person's posterior, soft. Every other model: k-means on the opinion map, hard, the number of
    clusters by the simplified silhouette (Hruschka, Campello, de Castro 2004): how much nearer people are to the middle
    of their own cluster than to the next. Deterministic; nothing is fitted anew. The largest group comes first.

    Args:
        model: the model fitted to the profile.
        profile: the people.
        pool: int64 the columns of the statements that count, as in `positions`.
    """
    if isinstance(model, LatentClasses):
        member = model.classes.member
        return member[:, np.argsort(-member.sum(axis=0), kind="stable")], noted("latent classes")
    label, _ = clustered(positions(model, profile, pool))
    return np.eye(int(label.max(initial=0)) + 1)[label], noted("clusters of the opinion map")


def clustered(points: FloatArray) -> tuple[IntArray, float]:
    """The best number of clusters on a map of opinions, the largest first, and how clearly they are apart.

    Args:
        points: float64 [n, 2].

    Returns:
        int64 [n] labels, all 0 where fewer than two points differ; the mean simplified silhouette, -1 to 1, -1 then.
    """
    distinct = np.unique(points, axis=0)
    tried = [k for k in CLUSTERS if k < len(distinct)] or [k for k in (2,) if k <= len(distinct)]
    best, kept = -1.0, np.zeros(len(points), dtype=np.int64)
    for k in tried:
        label, centres = _k_means(points, k)
        away = np.sqrt(_squares(points, centres))
        own = away[np.arange(len(points)), label]
        away[np.arange(len(points)), label] = np.inf
        other = away.min(axis=1)
        width = float(((other - own) / np.maximum(np.maximum(other, own), 1e-300)).mean())
        if width > best:
            best, kept = width, label
    size = np.bincount(kept)
    return np.argsort(np.argsort(-size, kind="stable"), kind="stable")[kept], best


def _k_means(points: FloatArray, k: int) -> tuple[IntArray, FloatArray]:
    """Lloyd's iterations from the farthest-first points, starting with the one farthest from the middle."""
    centres = [points[_squares(points, points.mean(axis=0)[None])[:, 0].argmax()]]
    while len(centres) < k:
        centres.append(points[_squares(points, np.array(centres)).min(axis=1).argmax()])
    means = np.array(centres)
    label = np.full(len(points), -1, dtype=np.int64)
    for _ in range(_ROUNDS):
        now = _squares(points, means).argmin(axis=1)
        if np.array_equal(now, label):
            break
        label = now
        size = np.bincount(label, minlength=k)
        for axis in range(points.shape[1]):
            total = np.bincount(label, points[:, axis], k)
            # A cluster that lost everybody stays where it is.
            means[:, axis] = np.where(size > 0, total / np.maximum(size, 1), means[:, axis])
    return label, means


def _squares(points: FloatArray, centres: FloatArray) -> FloatArray:
    """float64 [n, k]: squared distances, without BLAS."""
    away = points[:, None, :] - centres[None, :, :]
    return np.asarray((away * away).sum(axis=2))
