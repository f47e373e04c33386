"""Lotteries over statements for groups that want different things: max-min, min-max regret, population-proportional.

Where one statement has to be chosen, a lottery can at least be fair. None of this is a way to choose a slate, and no
process of the registry: a slate serves several groups at once, and how groups are found is for the preference models.

Max-min looks at the worst-off group alone, however small: a group of 1 % counts as much as one of 60 %, and whoever
splits a group in two gains by it. It is offered as a number to audit by (`worst_group`) and as an option, never as a
default. Population-proportional aggregation needs no groups and gives each opinion about the share of those who hold
it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..profile import FloatArray, InputError, IntArray
from ..profile.exact import Clock, Program, maximise

_SECONDS = 60.0


@dataclass(frozen=True, eq=False)
class Lottery:
    """A probability for every candidate.

    Args:
        probability: float64 [m] the probabilities; they add up to 1.
        level: the expected utility of the worst-off group (`max_min`), or the largest regret (`min_max_regret`).
    """

    probability: FloatArray
    level: float


def normalised(rewards: FloatArray) -> FloatArray:
    """Every group's rewards stretched to [0, 1]: what groups get is compared, and their scales are not comparable.

    A group to which all candidates are worth the same gets 1 everywhere: nothing can make it worse off.

    Args:
        rewards: float64 [K, m] what each candidate is worth to each group.

    >>> normalised(np.array([[2.0, 4.0, 3.0], [5.0, 5.0, 5.0]])).tolist()
    [[0.0, 1.0, 0.5], [1.0, 1.0, 1.0]]
    """
    low, high = rewards.min(axis=1, keepdims=True), rewards.max(axis=1, keepdims=True)
    same = high == low
    return np.asarray(np.where(same, 1.0, (rewards - low) / np.where(same, 1.0, high - low)), dtype=np.float64)


def max_min(rewards: FloatArray) -> Lottery:
    """The lottery that is best for the group it is worst for: max t with sum_y p_y r_k(y) >= t for all groups k.

    The linear program behind MaxMin-RLHF (Chakraborty et al. 2024, arXiv 2402.08925) on finitely many candidates and
    without a penalty. The minimum is over expectations: the expectation of the smaller of two rewards, which the
    released code trains on, is 0 for every lottery wherever two groups want opposite things.

    Args:
        rewards: float64 [K, m] what each candidate is worth to each group, on comparable scales (see `normalised`).

    Raises:
        InputError: there is no group or no candidate.
        MissingExtraError: scipy is not installed.
    """
    probability = _solved(rewards, np.zeros(len(rewards)))
    return Lottery(probability, float((rewards @ probability).min()))


def min_max_regret(rewards: FloatArray) -> Lottery:
    """The lottery whose largest regret, what a group would have had with its own best candidate, is smallest.

    Chidambaram, Seetharaman and Syrgkanis 2024 (arXiv 2405.15065). The same as `max_min` where every group's best
    candidate is worth the same to it.

    Args:
        rewards: float64 [K, m] what each candidate is worth to each group.

    Raises:
        InputError: there is no group or no candidate.
        MissingExtraError: scipy is not installed.
    """
    best = rewards.max(axis=1, initial=-np.inf)
    probability = _solved(rewards, best)
    return Lottery(probability, float((best - rewards @ probability).max()))


def population_proportional(preferred: FloatArray, beta: float = 0.0) -> FloatArray:
    """Probabilities in proportion to how far every candidate is unbeaten, float64 [m]: no groups are needed.

    ``u_i = min_{j != i} P(i > j)``, ``p_i ~ u_i exp(beta u_i)``. If everybody has one favourite and the groups of
    favourites find nothing in common otherwise, u_i is about the share of those whose favourite i is. Large beta goes
    to the candidate whose worst defeat is smallest (minimax Condorcet).

    Source: Kim, Zhang, Ozdaglar and Parrilo 2025, Population-Proportional Alignment (arXiv 2506.05619), the formulas
    from a summary of it.

    Args:
        preferred: float64 [m, m] shares of people who prefer row to column; the diagonal does not matter.
        beta: the strength with which the candidates that are least beaten are favoured; at least 0.

    Raises:
        InputError: there is no candidate, or beta is negative.
    """
    m = len(preferred)
    if not m or beta < 0:
        raise InputError("population-proportional aggregation needs candidates and a beta of at least 0")
    u = np.where(np.eye(m, dtype=bool), np.inf, preferred).min(axis=1)
    u = np.where(np.isinf(u), 1.0, u)
    weight = u * np.exp(beta * (u - u.max()))
    if weight.sum() <= 0:  # everything is beaten by all at some point: nothing tells the candidates apart
        return np.full(m, 1.0 / m)
    return np.asarray(weight / weight.sum(), dtype=np.float64)


def preferences(utilities: FloatArray, masses: FloatArray | IntArray | None = None) -> FloatArray:
    """Shares of people who prefer row to column, equal utilities half, float64 [m, m].

    Args:
        utilities: float64 [n, m] people's utilities for the candidates.
        masses: float64 or int64 [n] how much each person counts; None: all the same.
    """
    weight = np.ones(len(utilities)) if masses is None else np.asarray(masses, dtype=np.float64)
    m = utilities.shape[1]
    shares = np.empty((m, m))
    for j in range(m):
        above = (utilities > utilities[:, j : j + 1]) + 0.5 * (utilities == utilities[:, j : j + 1])
        shares[:, j] = np.einsum("n,nm->m", weight, above) / max(float(weight.sum()), 1e-300)
    return shares


def group_means(member: FloatArray, utilities: FloatArray, masses: FloatArray | IntArray | None = None) -> FloatArray:
    """What every column is worth to every group on average, float64 [K, m].

    Args:
        member: float64 [n, K] how much everyone belongs to each group (rows add up to 1), labels or responsibilities.
        utilities: float64 [n, m] people's utilities.
        masses: float64 or int64 [n] how much each person counts; None: all the same.

    Returns:
        float64 [K, m]: the means; nan for a group nobody belongs to.
    """
    weight = member if masses is None else member * np.asarray(masses, dtype=np.float64)[:, None]
    total = weight.sum(axis=0)
    sums = np.einsum("nk,nm->km", weight, utilities)
    return np.asarray(np.divide(sums, total[:, None], out=np.full(sums.shape, np.nan), where=total[:, None] > 0))


def worst_group(
    member: FloatArray, utilities: FloatArray, masses: FloatArray | IntArray | None = None
) -> tuple[float, int]:
    """The smallest mean utility of a group, and which group has it (the first of equals).

    Args:
        member: float64 [n, K] how much everyone belongs to each group.
        utilities: float64 [n] for what represents everyone, or float64 [n, k] for the statements of a slate, of which
            everyone has the one they like best.
        masses: float64 or int64 [n] how much each person counts; None: all the same.

    Raises:
        InputError: nobody belongs to any group.
    """
    own = utilities if utilities.ndim == 1 else utilities.max(axis=1, initial=-np.inf)
    means = group_means(member, own[:, None], masses)[:, 0]
    if np.isnan(means).all():
        raise InputError("nobody belongs to any group; there is no worst one")
    at = int(np.nanargmin(means))
    return float(means[at]), at


def _solved(rewards: FloatArray, best: FloatArray) -> FloatArray:
    """The lottery p that maximises t with rewards @ p - best >= t."""
    if rewards.ndim != 2 or not rewards.size:
        raise InputError("a lottery needs at least one group and one candidate")
    k, m = rewards.shape
    rows = np.vstack([np.hstack([rewards, -np.ones((k, 1))]), np.append(np.ones(m), 0.0)[None]])
    spread = float(np.abs(rewards).max()) + float(np.abs(best).max())
    program = Program(
        objective=np.append(np.zeros(m), 1.0),
        rows=rows,
        low=np.append(best, 1.0),
        high=np.append(np.full(k, np.inf), 1.0),
        least=np.append(np.zeros(m), -2 * spread - 1),
        most=np.append(np.ones(m), 2 * spread + 1),
        integral=np.zeros(m + 1, dtype=np.bool_),
    )
    solved = maximise(program, Clock(_SECONDS), "the lottery")
    if solved is None:
        raise InputError("the rewards are not finite numbers; there is no lottery")
    probability = np.clip(solved.x[:m], 0.0, 1.0) + 0.0  # no minus zero
    return np.asarray(probability / probability.sum(), dtype=np.float64)
