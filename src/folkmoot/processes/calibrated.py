"""Calibrated re-ranking: relevant statements whose categories have the shares they have among people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..profile import BoolArray, FloatArray, InputError, IntArray
from ..queries.calibration import SMOOTHING, categories, ceiling, divergence
from ..queries.opinion_groups import opinion_groups
from .baselines import assigned
from .problem import Problem, Selection
from .registry import process
from .rules import optimal

LAMBDA = 0.999999
# Values are compared to this many decimals, so that the last bits in which machines differ decide nothing.
DECIMALS = 12


@dataclass(frozen=True)
class Reranked:
    """A calibrated choice.

    Args:
        chosen: the candidates: locked-in ones first, then in order of choice, or in pool order where all were tried.
        value: the value of the objective.
        divergence: the divergence of the choice's shares from the target, in nats.
        exact: whether no choice is better; False: the greedy choice and the swaps reached none.
    """

    chosen: tuple[int, ...]
    value: float
    divergence: float
    exact: bool


def rerank(
    relevance: FloatArray,
    categories: FloatArray,
    target: FloatArray,
    budget: int,
    *,
    weight: float = LAMBDA,
    smoothing: float = SMOOTHING,
    costs: IntArray | None = None,
    locked_in: Sequence[int] = (),
    locked_out: Sequence[int] = (),
    few: int = optimal.FEW,
    swaps: bool = True,
) -> Reranked:
    """The statements with the largest (1 - lambda) sum of relevance - lambda C_KL(target, shares of the choice).

    All choices are tried where there are at most ``few``; else statements are added one by one, each the best next
    one, and then exchanged one for one while that helps. Ties: pool order.

    Args:
        relevance: float64 [m] how relevant each statement is, on a scale of its own: lambda means something only beside
            the size of these numbers.
        categories: float64 [m, G] p(g | statement); rows add up to 1.
        target: float64 [G] the wanted shares of the categories.
        budget: the most that the choice may cost; with costs that are all 1 it has exactly that many statements.
        weight: lambda, between 0 and 1.
        smoothing: the share of the target that is mixed into the choice's shares, as in `divergence`.
        costs: int64 [m] the costs of the statements; None: 1 each.
        locked_in: the statements that must be in.
        locked_out: the statements that must not be in.
        few: the largest number of choices that are all tried.
        swaps: whether statements are exchanged after adding.

    Raises:
        InputError: lambda is out of range, or lengths differ.
    """
    if not 0 <= weight <= 1:
        raise InputError(f"lambda is {weight:g}; it must lie between 0 and 1")
    m = len(relevance)
    if categories.shape != (m, len(target)):
        raise InputError(f"categories must be [{m}, {len(target)}], not {list(categories.shape)}")
    prices = np.ones(m, dtype=np.int64) if costs is None else costs
    held = np.zeros(m, dtype=bool)
    held[list(locked_in)] = True
    left = budget - int(prices[held].sum())
    open_ = prices <= left
    open_[[*locked_in, *locked_out]] = False
    free = np.flatnonzero(open_)
    size = min(left, len(free)) if (prices == 1).all() else None

    aim = _Aim(relevance, categories, target, weight, smoothing, prices, budget)
    exact = optimal.how_many(len(free), size) <= few
    if exact:
        every = optimal.members_of(m, free, size, prices, left, locked_in)
        best = np.flatnonzero(every[np.argmax(aim.of(every))]).tolist()
        chosen = [*locked_in, *(a for a in best if not held[a])]
    else:
        chosen = aim.added(list(locked_in), open_)
        if swaps:
            chosen = aim.exchanged(chosen, len(locked_in), open_)
    inside = np.zeros(m, dtype=bool)
    inside[chosen] = True
    shares = categories[inside].sum(axis=0) / max(len(chosen), 1)
    gap = float(divergence(target, shares, smoothing))
    return Reranked(tuple(int(a) for a in chosen), float(aim.of(inside[None])[0]), gap, exact)


@dataclass(frozen=True)
class _Aim:
    """The objective of `rerank`, and the two ways to climb it."""

    relevance: FloatArray
    categories: FloatArray
    target: FloatArray
    weight: float
    smoothing: float
    prices: IntArray
    budget: int

    def value(self, sums: FloatArray, counts: int | IntArray, scores: FloatArray) -> FloatArray:
        """The objective of choices with these sums of categories [..., G], sizes, and sums of relevance [...]."""
        shares = sums / np.maximum(counts, 1)[..., None]
        far = divergence(self.target, shares, self.smoothing)
        return np.asarray(np.round((1.0 - self.weight) * scores - self.weight * far, DECIMALS), dtype=np.float64)

    def of(self, members: BoolArray) -> FloatArray:
        """The objective of choices bool [c, m]."""
        inside = members.astype(np.float64)
        sums = np.einsum("cm,mg->cg", inside, self.categories)
        return self.value(sums, members.sum(axis=1), np.einsum("cm,m->c", inside, self.relevance))

    def added(self, chosen: list[int], open_: BoolArray) -> list[int]:
        """Adds the best next statement, one by one, while one fits."""
        free = open_.copy()
        left = self.budget - int(self.prices[chosen].sum())
        sums, score = self.categories[chosen].sum(axis=0), float(self.relevance[chosen].sum())
        while (fits := np.flatnonzero(free & (self.prices <= left))).size:
            sizes = np.full(len(fits), len(chosen) + 1)
            values = self.value(sums + self.categories[fits], sizes, score + self.relevance[fits])
            best = int(fits[np.argmax(values)])
            chosen.append(best)
            free[best] = False
            left -= int(self.prices[best])
            sums, score = sums + self.categories[best], score + float(self.relevance[best])
        return chosen

    def exchanged(self, chosen: list[int], locked: int, open_: BoolArray) -> list[int]:
        """Makes the best exchange of one for one again and again, while one helps; the first ``locked`` stay."""
        free = open_.copy()
        free[chosen] = False
        while True:
            out, into = np.array(chosen[locked:], dtype=np.int64), np.flatnonzero(free)
            if not len(out) or not len(into):
                return chosen
            sums = self.categories[chosen].sum(axis=0)
            score = self.relevance[chosen].sum()
            now = self.value(sums, np.array(len(chosen)), score)
            values = self.value(
                sums - self.categories[out][:, None] + self.categories[into][None],
                np.full((len(out), len(into)), len(chosen)),
                score - self.relevance[out][:, None] + self.relevance[into][None],
            )
            spent = int(self.prices[chosen].sum())
            values[spent - self.prices[out][:, None] + self.prices[into][None] > self.budget] = -np.inf
            place, other = np.unravel_index(np.argmax(values), values.shape)
            if values[place, other] <= now + 10.0**-DECIMALS:
                return chosen
            free[chosen[locked + place]], free[into[other]] = True, False
            chosen[locked + int(place)] = int(into[other])


@process(
    id="calibrated",
    name="popular, in proportion to opinion groups",
    guarantee=(),
    complexity="O(k m G) a round of additions or exchanges; all committees where they are few",
    source="Steck 2018 (Calibrated Recommendations, RecSys)",
    parameters={
        "lambda": "weight of calibration against popularity, 0 to 1 (default 0.999999)",
        "smoothing": "share of the target mixed into the slate's shares (default 0.01)",
        "groups": "how many opinion groups (default: 2 to 5, by silhouette)",
    },
)
def calibrated(problem: Problem, rng: np.random.Generator) -> Selection:
    """Popular statements whose approvers come from the opinion groups in proportion to the groups' sizes.

    Opinion groups are found from the pool's utilities (`queries.opinion_groups`); a statement belongs to the groups in
    the shares of its approvers; what is maximised is (1 - lambda) x summed mean utility, rescaled over the pool to
    0..1, - lambda x Steck's divergence of the slate's shares from the groups' shares of all people. It calibrates
    groups and promises nothing to people. The record says whether all committees were tried. Ties: pool order.
    """
    pool, parameters = problem.pool, problem.parameters
    smoothing = parameters.get("smoothing", SMOOTHING)
    count = parameters.get("groups")
    if count is not None and count != int(count):
        raise InputError(f"groups is {count:g}; it must be a whole number")
    member = _members(problem, None if count is None else int(count))
    groups = member.shape[1]
    values = pool.utilities(pool.agents, np.arange(pool.size))
    owners = categories(values >= problem.approval, pool.masses, member, groups)
    target = np.einsum("ng,n->g", member, pool.masses.astype(np.float64)) / pool.total_mass
    reranked = rerank(
        _rescaled(np.einsum("nm,n->m", values, pool.masses.astype(np.float64)) / pool.total_mass),
        owners,
        target,
        problem.budget,
        weight=parameters.get("lambda", LAMBDA),
        smoothing=smoothing,
        costs=pool.costs,
        locked_in=problem.locked_in,
        locked_out=problem.locked_out,
    )
    chosen = list(reranked.chosen)
    slate = owners[chosen].mean(axis=0) if chosen else np.zeros(groups)
    facts = {
        "exact": reranked.exact,
        "people": [round(float(share), 6) for share in target],
        "slate": [round(float(share), 6) for share in slate],
        "divergence": round(reranked.divergence, 6),
        "ceiling": round(ceiling(target, smoothing), 6),
    }
    return replace(assigned(problem, chosen), parameters={"calibration": facts})


def _members(problem: Problem, count: int | None) -> FloatArray:
    """float64 [n, groups]: the groups that audits look at, too, or so many as somebody wants."""
    if problem.groups is not None and count is None:
        return problem.groups()
    label = opinion_groups(problem.pool, count)
    return np.eye(int(label.max(initial=0)) + 1)[label]


def _rescaled(values: FloatArray) -> FloatArray:
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)
    return np.zeros_like(values) if high <= low else np.asarray((values - low) / (high - low), dtype=np.float64)
