"""Graded responses: one trait a person, ordered thresholds a statement (Samejima 1969).

``P(answer of person i to statement j is at least category c) = sigmoid(slope_j trait_i - threshold_jc)``. Traits are
standard normal and integrated out on a grid; slopes and thresholds are found by EM for the posterior mode (Bock and
Aitkin 1981; Muraki 1990). What is missing is left out of the likelihood. Slopes may be negative: a statement can be
endorsed from the other end. The whole distribution over categories is predicted, so that its mean and its median are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...profile import FloatArray, IntArray, Profile, Scale
from ..entries import Grouping, completed, share, steps, weights_of
from ..factors import sigmoid
from ..products import product
from ..registry import two_part_model
from ..two_part import TwoPart

#: Points of the grid, and how far out it reaches in standard deviations of the trait.
NODES, REACH = 31, 4.5
#: Standard deviation of the normal prior on slopes.
SPREAD = 1.5
#: How many answers with the statement's mean distribution are added, spread over the traits.
STRENGTH = 1.0
_ITERATIONS, _TOLERANCE, _POWER = 200, 1e-6, 30
#: Probabilities stay this far off 0.
_TINY = 1e-12


@dataclass(frozen=True)
class Items:
    """Fitted statements.

    Args:
        slope: float64 [m] the slopes.
        threshold: float64 [m, C - 1] the thresholds, rising within a statement.
        bound: the penalised log-likelihood at every iteration, never falling.
    """

    slope: FloatArray
    threshold: FloatArray
    bound: tuple[float, ...] = ()

    def above(self, trait: FloatArray) -> FloatArray:
        """P(category at least 1, ..., C - 1) at every trait, float64 [T, m, C - 1]."""
        return sigmoid(trait[:, None, None] * self.slope[:, None] - self.threshold)

    def probability(self, trait: FloatArray) -> FloatArray:
        """P(category) at every trait, float64 [T, m, C]."""
        return _categories(self.above(trait))


def grid(nodes: int = NODES) -> tuple[FloatArray, FloatArray]:
    """The traits on an even grid and their standard normal weights, two float64 [nodes]."""
    trait = np.linspace(-REACH, REACH, nodes)
    weight = np.exp(-0.5 * trait**2)
    return trait, weight / weight.sum()


def posterior(items: Items, agent: IntArray, statement: IntArray, category: IntArray, n: int) -> FloatArray:
    """Weights of the grid's traits given a person's answers, float64 [n, NODES]; the prior without any.

    Args:
        items: the statements.
        agent: int64 [n_answers] the people, in [0, n).
        statement: int64 [n_answers] the statements.
        category: int64 [n_answers] the categories, in [0, C).
        n: the number of people.
    """
    size = items.threshold.shape[1] + 1
    return _expect(items, Grouping(agent, n), statement * size + category)[0]


def fit_items(
    agent: IntArray,
    statement: IntArray,
    category: IntArray,
    n: int,
    m: int,
    categories: int,
    weight: FloatArray | None = None,
) -> Items:
    """Slopes and thresholds at the posterior mode.

    Priors: slopes are normal around 0 with `SPREAD`, and `STRENGTH` answers of the statement's own distribution
    (smoothed by that of all statements) are added at every trait, which keeps thresholds of rare categories finite.
    Every EM step takes one scoring step per statement, halved until the expected log-likelihood rises.

    Args:
        agent: int64 [n_answers] the people, in [0, n).
        statement: int64 [n_answers] the statements, in [0, m).
        category: int64 [n_answers] the categories, in [0, categories).
        n: the number of people.
        m: the number of statements.
        categories: the number of categories, at least 2.
        weight: float64 [n] how much each person counts; None: all the same.
    """
    mass = np.ones(n) if weight is None else weight
    trait, density = grid()
    cell = statement * categories + category
    by_agent, by_cell = Grouping(agent, n), Grouping(cell, m * categories)
    rows = agent if by_cell.order is None else agent[by_cell.order]
    heavy = by_cell.arrange(mass[agent])
    total = np.bincount(cell, mass[agent], m * categories).reshape(m, categories).astype(np.float64)
    overall = (total.sum(axis=0) + 1.0) / (total.sum() + categories)
    mean = (total + overall) / (total.sum(axis=1, keepdims=True) + 1.0)
    prior = STRENGTH * density[:, None, None] * mean
    tail = np.cumsum(mean[:, ::-1], axis=1)[:, -2::-1]
    items = Items(_first_slopes(agent, statement, category, n, m), np.log1p(-tail) - np.log(tail))
    bound: list[float] = []
    while True:
        member, each = _expect(items, by_agent, cell)
        likelihood = float((mass * each).sum())
        penalty = (prior * np.log(items.probability(trait))).sum() - 0.5 * np.square(items.slope / SPREAD).sum()
        bound.append(likelihood + float(penalty))
        done = len(bound) > 1 and bound[-1] - bound[-2] < _TOLERANCE * max(len(cell), 1)
        if done or len(bound) >= _ITERATIONS:
            return Items(items.slope, items.threshold, tuple(bound))
        sums = by_cell.sum(heavy, np.ascontiguousarray(member.T), rows)
        items = _maximise(items, sums.reshape(len(trait), m, categories) + prior, trait)


def _expect(items: Items, by_agent: Grouping, cell: IntArray) -> tuple[FloatArray, FloatArray]:
    """Weights of the traits for every person, and the log-likelihood of each."""
    trait, weight = grid()
    cells = cell if by_agent.order is None else cell[by_agent.order]
    logs = np.log(items.probability(trait)).reshape(len(trait), -1)
    scores = by_agent.sum(np.ones(len(cell)), logs, cells).T + np.log(weight)
    top = scores.max(axis=1, keepdims=True)
    member = np.exp(scores - top)
    total = member.sum(axis=1, keepdims=True)
    return member / total, (top + np.log(total))[:, 0]


def _maximise(items: Items, counts: FloatArray, trait: FloatArray) -> Items:
    """One scoring step of every statement's ordered logit; counts float64 [NODES, m, C]."""
    above = items.above(trait)
    p = _categories(above)
    density = above * (1.0 - above)
    ratio = counts / p
    push = density * (ratio[..., 1:] - ratio[..., :-1])
    mass = counts.sum(axis=2, keepdims=True)
    # expected information about the logits, tridiagonal over categories
    own = mass * density**2 * (1.0 / p[..., 1:] + 1.0 / p[..., :-1])
    next_ = -mass * density[..., :-1] * density[..., 1:] / p[..., 1:-1]
    across = own.copy()
    across[..., :-1] += next_
    across[..., 1:] += next_
    m, k = items.threshold.shape
    gradient = np.empty((m, k + 1))
    gradient[:, 0] = np.einsum("tmc,t->m", push, trait) - items.slope / SPREAD**2
    gradient[:, 1:] = -push.sum(axis=0)
    information = np.zeros((m, k + 1, k + 1))
    information[:, 0, 0] = np.einsum("tmc,t->m", across, trait**2) + SPREAD**-2
    information[:, 0, 1:] = information[:, 1:, 0] = -np.einsum("tmc,t->mc", across, trait)
    place = np.arange(1, k + 1)
    information[:, place, place] = own.sum(axis=0)
    information[:, place[:-1], place[1:]] = information[:, place[1:], place[:-1]] = next_.sum(axis=0)
    step = np.linalg.solve(information, gradient[..., None])[..., 0]
    before, length = _expected(items, counts, trait), np.ones(m)
    while True:
        moved = step * length[:, None]
        tried = Items(items.slope + moved[:, 0], items.threshold + moved[:, 1:])
        fits = (np.diff(tried.threshold, axis=1) > 0).all(axis=1) & (_expected(tried, counts, trait) >= before)
        if fits.all():
            return tried
        length = np.where(fits, length, np.where(length < 1e-6, 0.0, 0.5 * length))


def _expected(items: Items, counts: FloatArray, trait: FloatArray) -> FloatArray:
    """Penalised expected log-likelihood of every statement, float64 [m]."""
    fit = (counts * np.log(items.probability(trait))).sum(axis=(0, 2))
    return np.asarray(fit - 0.5 * np.square(items.slope / SPREAD), dtype=np.float64)


def _categories(above: FloatArray) -> FloatArray:
    """P(category) from P(category at least 1, 2, ...), float64 [..., C]."""
    edge = np.ones((*above.shape[:-1], 1))
    full = np.concatenate([edge, above, 0.0 * edge], axis=-1)
    return np.asarray(np.maximum(full[..., :-1] - full[..., 1:], _TINY), dtype=np.float64)


def _first_slopes(agent: IntArray, statement: IntArray, category: IntArray, n: int, m: int) -> FloatArray:
    """Slopes to start from: the leading direction of the residuals around statements' means, of length sqrt(m)."""
    counts = np.maximum(np.bincount(statement, minlength=m), 1)
    value: FloatArray = category - (np.bincount(statement, category, m) / counts)[statement]
    # a start that no statement's sign makes orthogonal to much: fixed, hence the same bytes without a seed
    direction: FloatArray = np.cos(1.0 + np.arange(m))
    for _ in range(_POWER):
        score = np.bincount(agent, value * direction[statement], n).astype(np.float64)
        direction = np.bincount(statement, value * score[agent], m).astype(np.float64)
        direction *= m**0.5 / max(float(np.linalg.norm(direction)), _TINY)
    return direction


class GradedResponse(TwoPart):
    """A fitted graded response model; votes have the categories disagree, pass, agree.

    Args:
        profile: the profile that it was fitted to.
        items: the statements.
        member: float64 [n, NODES] the weights of the grid's traits for every person.
    """

    id = "graded-response"

    def __init__(self, profile: Profile, items: Items, member: FloatArray) -> None:
        super().__init__(profile, {"spread": SPREAD, "strength": STRENGTH, "iterations": len(items.bound)})
        self.items, self.member = items, member
        self._given = items.probability(grid()[0])
        self._side, self._agree = _sides(self._given, self.scale)

    def probability(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """P(category) of a block, float64 [n_agents, n_statements, C]; sums to 1."""
        by_class = self._given[:, statements]
        flat = product(self.member[agents].T, by_class.reshape(len(by_class), -1))
        return flat.reshape(len(agents), *by_class.shape[1:])

    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        member = self.member[agents].T
        side = product(member, self._side[:, statements])
        return side, product(member, self._agree[:, statements]) / side

    def at(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        side, agree = np.zeros(len(agents)), np.zeros(len(agents))
        for weight, takes, agrees in zip(self.member.T, self._side, self._agree, strict=True):
            side += weight[agents] * takes[statements]
            agree += weight[agents] * agrees[statements]
        return side, agree / side

    def meet(self, profile: Profile) -> GradedResponse:
        """See `TwoPart.meet`: the trait's posterior from people's own answers."""
        profile = self.met(profile)
        a = profile.answers
        member = posterior(self.items, a.agent, a.statement, _category(profile), profile.n_agents)
        return GradedResponse(profile, self.items, member)

    def draw(self, rng: np.random.Generator) -> GradedDraw:
        return GradedDraw(self, rng)


class GradedDraw:
    """One trait a person from its posterior; statements stay as fitted."""

    def __init__(self, model: GradedResponse, rng: np.random.Generator) -> None:
        uniform = rng.random((len(model.member), 1))
        self._node = np.minimum((np.cumsum(model.member, axis=1) <= uniform).sum(axis=1), NODES - 1)
        self._above = model.items.above(grid()[0])
        self._range = model.scale.utility_range

    def answers(self, agents: IntArray, statements: IntArray, uniform: FloatArray) -> FloatArray:
        """Utilities of sampled answers, float64 [n_agents, n_statements]; see `protocol.Draw`."""
        above = self._above[self._node[agents]][:, statements]
        low, high = self._range
        return np.asarray(low + (high - low) * (uniform[..., None] >= 1.0 - above).mean(axis=-1), dtype=np.float64)


@two_part_model(
    id="graded-response",
    about="one trait a person, ordered thresholds a statement",
    meets=True,
    undercovers="90 % intervals hold 79 to 86 of 100 people's totals: people differ in more than one trait",
)
def fit(profile: Profile, rng: np.random.Generator, **_: Any) -> GradedResponse:
    """Fits the graded response model; nothing about it is random.

    Scales with more than `entries.MAX_STEPS` steps are cut into that many. Complete ballots are completed with what
    they leave out.
    """
    profile = completed(profile)
    a = profile.answers
    category, n, m = _category(profile), profile.n_agents, profile.n_statements
    items = fit_items(a.agent, a.statement, category, n, m, _size(profile), weights_of(profile))
    return GradedResponse(profile, items, posterior(items, a.agent, a.statement, category, profile.n_agents))


def _size(profile: Profile) -> int:
    """The number of categories."""
    return 3 if profile.answers.scale.kind == "vote" else steps(profile) + 1


def _category(profile: Profile) -> IntArray:
    """The category of every answer, as a number."""
    return np.rint(share(profile) * (_size(profile) - 1)).astype(np.int64)


def _sides(probability: FloatArray, scale: Scale) -> tuple[FloatArray, FloatArray]:
    """P(side), and P(side and agree) or the expected utility on [0, 1]; both of the shape without categories."""
    if scale.kind == "vote":
        return probability[..., 0] + probability[..., 2], probability[..., 2].copy()
    agree = np.asarray((probability * np.linspace(0.0, 1.0, probability.shape[-1])).sum(axis=-1), dtype=np.float64)
    return np.ones_like(agree), agree
