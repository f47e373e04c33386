"""People as points: two directions along which their predicted opinions differ most."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from ..profile import FloatArray, IntArray, Profile
from .models.latent_classes import LatentClasses
from .models.low_rank import LowRank
from .products import product

#: Statements taken where a model has no factors of its own: those with most answers.
_STATEMENTS = 200
_CHUNK = 4096


class Utilities(Protocol):
    """Anything that has utilities for everybody: a model, or answers completed by one."""

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """float64 [n_agents, n_statements], never nan."""
        ...


def positions(model: Utilities, profile: Profile, pool: IntArray | None = None) -> FloatArray:
    """Principal components of people's predicted opinions, float64 [n_agents, 2], deterministic.

    Low-rank models: of the logits u_p . v_j over the pool, without a person's general readiness to agree; latent
    classes: of the expected utilities; other models: of the utilities over the 200 statements with most answers.
    The person farthest out on an axis is on its positive side. An axis along which nobody differs is 0.

    Args:
        model: the model fitted to the profile.
        profile: the people.
        pool: int64 the columns of the statements that count; all that are not rejected when not given.
    """
    pool = profile.pool() if pool is None else pool
    if not len(pool) or not profile.n_agents:
        return np.zeros((profile.n_agents, 2))
    if isinstance(model, LowRank) and model.agree.rank >= 2:
        people = model.agree.rows.mean[:, 1:]
        loadings = model.agree.columns.mean[pool, 1:]
        return _components(people, np.einsum("ji,jk->ik", loadings, loadings))
    if isinstance(model, LatentClasses):
        c = model.classes
        utility = c.theta[:, pool, -1] + 0.5 * (1.0 - c.theta[:, pool, 0] - c.theta[:, pool, -1])
        return _components(c.member, np.einsum("kj,lj->kl", utility, utility))
    answered = np.bincount(profile.answers.statement, minlength=profile.n_statements)[pool]
    chosen = pool[np.sort(np.argsort(-answered, kind="stable")[:_STATEMENTS])]
    people = np.empty((profile.n_agents, len(chosen)))
    for first in range(0, profile.n_agents, _CHUNK):
        rows = np.arange(first, min(first + _CHUNK, profile.n_agents))
        people[rows] = model.utilities(rows, chosen)
    return _components(people, np.eye(len(chosen)))


def _components(people: FloatArray, metric: FloatArray) -> FloatArray:
    """First two principal components of ``people @ L`` with ``L @ L.T = metric``; only small matrices are made."""
    values, axes = np.linalg.eigh(metric)
    root = axes * np.sqrt(np.maximum(values, 0.0))
    away = people - people.mean(axis=0)
    scatter = root.T @ product(away, away) @ root
    spread, directions = np.linalg.eigh(0.5 * (scatter + scatter.T))
    points = np.zeros((len(people), 2))
    for axis in range(min(2, len(spread))):
        if spread[-1 - axis] > 1e-12 * max(float(spread[-1]), 1e-300):
            points[:, axis] = product(away.T, (root @ directions[:, -1 - axis])[:, None])[:, 0]
    far = np.abs(points).argmax(axis=0)
    return points * np.where(points[far, [0, 1]] < 0.0, -1.0, 1.0)
