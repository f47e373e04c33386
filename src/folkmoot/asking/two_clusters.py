"""The exact model's two parameters from real answers: how large clusters are, how often people go against theirs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..profile import FloatArray, InputError, Profile

# Resamples of people for the intervals, and statements looked at: those with the most answers.
RESAMPLES, STATEMENTS = 200, 200


@dataclass(frozen=True)
class TwoClusters:
    """Parameters of `Situation` that come nearest to some answers.

    Args:
        n: the number of statements.
        people: the number of people with an answer.
        alpha: the share of the larger cluster.
        p: how often people go against their cluster.
        alpha_interval, p_interval: what 95 of 100 resamples of people lie between.
    """

    n: int
    people: int
    alpha: float
    p: float
    alpha_interval: tuple[float, float]
    p_interval: tuple[float, float]


def two_clusters(profile: Profile, rng: np.random.Generator) -> TwoClusters:
    """Fits alpha and p by moments, after turning statements so that the clusters agree with opposite ones.

    With mean mu and average covariance c of two statements, d = 1 - 2p = 2 sqrt((mu - 1/2)^2 + c) and alpha =
    1/2 - (mu - 1/2) / d. Passes and middle ratings are no answers.

    Args:
        profile: votes, approvals or ratings.
        rng: draws the resamples.

    Raises:
        InputError: there are fewer than two statements with answers, or other than such answers.
    """
    if profile.answers.scale.kind not in ("vote", "approval", "rating"):
        raise InputError("alpha and p can be fitted to votes, approvals and ratings; give such a source")
    counts = np.bincount(profile.answers.statement, minlength=profile.n_statements)
    pool = profile.pool()
    columns = pool[np.argsort(-counts[pool], kind="stable")][:STATEMENTS]
    columns = columns[counts[columns] > 1]
    if len(columns) < 2:
        raise InputError("fewer than two statements have answers of two people; nothing goes together with anything")
    scale = profile.answers.scale
    values = scale.utility(profile.dense(columns))
    if scale.complete and scale.default_utility is not None:
        values = np.where(np.isnan(values), scale.default_utility, values)
    ones = np.where(np.isnan(values) | (values == scale.midpoint), 0.5, (values > scale.midpoint) * 1.0)
    known = ~(np.isnan(values) | (values == scale.midpoint))
    people = known.any(axis=1)
    ones, known = ones[people], known[people]
    covariance, _ = _moments(ones, known, np.ones(len(ones)))
    leading = np.linalg.eigh(covariance)[1][:, -1]
    ones = np.where(leading < 0, 1.0 - ones, ones)
    alpha, p = _parameters(ones, known, np.ones(len(ones)))
    if alpha < 0.5:
        ones, alpha = 1.0 - ones, 1.0 - alpha
    drawn = np.array([_parameters(ones, known, _resampled(len(ones), rng)) for _ in range(RESAMPLES)])
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return TwoClusters(
        len(columns),
        int(people.sum()),
        alpha,
        p,
        (float(low[0]), float(high[0])),
        (float(low[1]), float(high[1])),
    )


def _resampled(n: int, rng: np.random.Generator) -> FloatArray:
    """float64 [n]: how often each of n people is drawn among n."""
    return np.bincount(rng.integers(0, n, n), minlength=n).astype(np.float64)


def _moments(ones: FloatArray, known: FloatArray, mass: FloatArray) -> tuple[FloatArray, float]:
    """Covariances [m, m] (0 on the diagonal) of statements answered by the same people, and the mean."""
    seen = known * 1.0
    total = mass @ seen
    means = (mass @ (ones * seen)) / np.maximum(total, 1e-12)
    apart = (ones - means) * seen
    pairs = (seen * mass[:, None]).T @ seen
    covariance = ((apart * mass[:, None]).T @ apart) / np.maximum(pairs, 1.0)
    np.fill_diagonal(covariance, 0.0)
    return covariance, float((means * total).sum() / total.sum())


def _parameters(ones: FloatArray, known: FloatArray, mass: FloatArray) -> tuple[float, float]:
    covariance, mean = _moments(ones, known, mass)
    m = len(covariance)
    average = max(float(covariance.sum()) / (m * (m - 1)), 0.0)
    apart = min(2.0 * float(np.sqrt((mean - 0.5) ** 2 + average)), 1.0)
    if apart <= 1e-9:
        return 0.5, 0.4999
    alpha = float(np.clip(0.5 - (mean - 0.5) / apart, 0.0, 1.0))
    return alpha, float(min((1.0 - apart) / 2.0, 0.4999))
