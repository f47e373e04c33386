"""Made-up people whose true utilities are known: their answers are drawn from a model with known parameters."""

from __future__ import annotations

import numpy as np

from ..profile import VOTE, Agents, Answers, Profile, Scale, Statements


def profile_of(
    rows: np.ndarray, columns: np.ndarray, values: np.ndarray, n: int, m: int, scale: Scale = VOTE
) -> Profile:
    """A profile of n people and m statements with these answers."""
    return Profile(
        Agents(tuple(f"p{i}" for i in range(n))),
        Statements(tuple(f"s{j}" for j in range(m)), tuple(f"statement {j}" for j in range(m))),
        Answers.of(rows, columns, values, scale),
    )


def voted(side: np.ndarray, agree: np.ndarray, fill: float, rng: np.random.Generator) -> Profile:
    """Votes drawn from P(side) and P(agree | side), a share ``fill`` of them seen."""
    n, m = agree.shape
    seen = rng.random((n, m)) < fill
    votes = np.where(rng.random((n, m)) < side, np.where(rng.random((n, m)) < agree, 1.0, -1.0), 0.0)
    rows, columns = np.nonzero(seen)
    return profile_of(rows, columns, votes[seen], n, m)


def low_rank(
    n: int, m: int, rank: int, rng: np.random.Generator, strength: float = 1.5
) -> tuple[np.ndarray, np.ndarray]:
    """P(side) and P(agree | side), both [n, m], from planted factors of this rank."""
    logit = rng.normal(0.3, 0.8, m) + rng.normal(0.0, 0.5, (n, 1))
    logit = logit + strength * rng.normal(size=(n, rank)) @ rng.normal(size=(rank, m))
    passing = rng.normal(1.5, 0.7, m) + rng.normal(0.0, 0.7, (n, 1))
    return 1.0 / (1.0 + np.exp(-passing)), 1.0 / (1.0 + np.exp(-logit))


def classes(n: int, m: int, k: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """P(side), P(agree | side), both [n, m], and everyone's class: k classes of equal size."""
    label = np.arange(n) % k
    agree = np.where(rng.random((k, m)) < 0.5, 0.12, 0.88)
    side = np.where(rng.random((k, m)) < 0.3, 0.5, 0.9)
    return side[label], agree[label], label
