"""P2: balanced justified representation from generative queries about a sample, however many people there are."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, log

import numpy as np

from ...profile import InputError, IntArray
from ...queries import ClosedPool
from ..problem import Problem, Progress, Selection
from ..registry import process
from .completion import completed


@process(
    id="bjr-sampled",
    name="BJR in k rounds, each asking a sample",
    guarantee=("bjr", "cbjr"),
    unit_cost=True,
    complexity="k rounds of O(m n_x log n_x + n log n)",
    source="Fish et al. 2024 (Generative Social Choice), Processes 2 and 3, Theorem 4",
    parameters={
        "C": "constant of the sample size (default 1)",
        "delta": "how likely the guarantee may fail (default 0.05)",
        "d": "dimension of the sets of people that approve a statement (default: the largest possible)",
    },
    overshoots=True,
)
def bjr_sampled(problem: Problem, rng: np.random.Generator) -> Selection:
    """As P1, but each generative query is about the unrepresented among n_x people drawn anew.

    n_x = 16 C k^4 (d + ln(k / delta)) does not depend on n; where n <= 2 n_x nobody is drawn and everybody asked about,
    and the guarantee is certain instead of holding with probability 1 - delta. Each statement first represents its
    n (1/k - 1/(2 k^2)) biggest fans (rounded), the rest is assigned at the end so that the assignment is balanced.

    Args:
        problem: the candidates, which all cost 1; the budget is the number of statements k. Parameters: ``C``, the
            constant of the paper's Lemma 8, which gives no value (default 1; the probability is proven for the true
            constant only), ``delta``, how likely the guarantee may fail (default 0.05), ``d``, dimension of the sets of
            people that approve a statement at a level (default: what so many candidates can reach, `dimension`).
        rng: the generator that draws the samples. With weights nobody is drawn: the bound is for people who count the
            same.

    Raises:
        InputError: the candidates do not all cost 1, or a parameter is out of range.
    """
    pool, k = problem.pool, problem.budget
    if (pool.costs != 1).any():
        raise InputError("process 'bjr-sampled' chooses a number of statements; take `unit='statements'`")
    total = pool.total_mass
    size = sample_size(pool, k, problem.parameters) if pool.unit_mass else total
    if total <= 2 * size:
        size = total
    rank = -(-size * (4 * k - 1) // (4 * k * k))
    share = total * (2 * k - 1)
    smaller, larger = share // (2 * k * k), -(-share // (2 * k * k))
    state = Progress(problem)
    for j in range(len(state.rounds), k):
        candidates = state.candidates
        if not len(candidates) or not len(state.remaining):
            break
        group = _drawn(state, size, rng)
        mass = int(pool.masses[group].sum())
        wanted = min(rank, mass)
        if wanted:
            chosen, tied = pool.best_at_rank(group, wanted, candidates)
            level = float(pool.reachable(group, np.array([chosen]), np.array([wanted]))[0])
        else:
            chosen, tied, level = int(candidates[0]), [], -np.inf
        support = int(pool.support(state.remaining, np.array([chosen]), level)[0])
        count = larger if j < total - k * smaller else smaller
        state.take(chosen, min(count, state.mass), level, support, tied)
    return Selection(completed(problem, state.rounds), pool.n_agents, {"sample": size, "sampled": size < total})


def sample_size(pool: ClosedPool, k: int, parameters: Mapping[str, float] | None = None) -> int:
    """The sample size n_x, rounded up.

    Args:
        pool: the pool, whose number of candidates decides where ``d`` is not given.
        k: the number of statements.
        parameters: the values of ``C``, ``d`` and ``delta`` by name (see `bjr_sampled`).

    Raises:
        InputError: a parameter is out of range.
    """
    settings = parameters or {}
    constant, delta = float(settings.get("C", 1.0)), float(settings.get("delta", 0.05))
    d = float(settings.get("d", dimension(pool.size)))
    if constant <= 0 or not 0 < delta < 1 or d < 0:
        raise InputError("bjr-sampled needs C > 0, 0 < delta < 1 and d >= 0")
    return ceil(16 * constant * k**4 * (d + log(k / delta)))


def dimension(candidates: int) -> int:
    """Largest number of people whose every subset could be the approvers of some candidate at some level.

    A candidate's approvers grow with falling level, so among d people it has at most d + 1 sets of approvers:
    2^d <= m (d + 1).
    """
    d = 0
    while 2 ** (d + 1) <= candidates * (d + 2):
        d += 1
    return d


def _drawn(state: Progress, size: int, rng: np.random.Generator) -> IntArray:
    """The unrepresented among ``size`` people drawn without replacement."""
    pool = state.pool
    if size >= pool.total_mass:
        return state.remaining
    sample = np.sort(rng.choice(pool.n_agents, size, replace=False))
    return np.intersect1d(sample, state.remaining, assume_unique=True)
