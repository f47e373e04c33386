"""Policies that choose the next question, for a whole panel at once, each with a name.

A policy sees what has been answered so far and which questions may be put, and names one question for each person. A
new policy is one function under `policy`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..profile import BoolArray, FloatArray, InputError, IntArray, Registry
from ..profile.docs import first_sentence
from .person import PersonValue
from .plans import informative, plans
from .population import UNASKED, Population

if TYPE_CHECKING:
    # loaded by the policies that need it
    from ..preferences.factors import Factors
    from ..preferences.models.few_shot import Loadings, Person

# The unit of the scores of ``rollout-G``, for any G.
ROLLOUT = "statements guessed right"


@dataclass(frozen=True, eq=False)
class Panel:
    """People who are being asked, with their answers so far.

    Args:
        population: the classes of people, fitted to those who answered before.
        answers: int64 [n, m] the answers so far, `UNASKED` elsewhere.
        allowed: bool [n, m] which questions may be put; never one that was answered.
        shown: float64 [n, m] the place of every statement in the order it was shown originally.
        counts: int64 [m, C] how often those who answered before gave each answer.
        factors: a fitted low-rank model of those who answered before, for policies that declare it (`Policy.low_rank`).
        slate: computes from the panel's answers what every question is worth to the slate, float64 [n, m], for `slate`.
        rng: the generator of every random choice.
    """

    population: Population
    answers: IntArray
    allowed: BoolArray
    shown: FloatArray
    counts: IntArray
    factors: Factors | None
    slate: Callable[[IntArray], FloatArray] | None
    rng: np.random.Generator


Score = Callable[[Panel], FloatArray]


@dataclass(frozen=True)
class Policy:
    """A rule for which question comes next.

    Args:
        id: the name in the registry.
        score: computes the score of every question for every person, float64 [n, m]; the highest that is allowed is
            asked.
        unit: the unit of the scores; empty: they only order the questions.
        low_rank: whether it needs a low-rank model of earlier answers (`Panel.factors`).
    """

    id: str
    score: Score
    unit: str = ""
    low_rank: bool = False

    @property
    def about(self) -> str:
        """One line for listings."""
        return first_sentence(self.score)


POLICIES: Registry[Policy] = Registry("asking policy")


def policy(*, id: str, unit: str = "", low_rank: bool = False) -> Callable[[Score], Score]:
    """Registers a function as an asking policy; see `Policy` for what it declares.

    Raises:
        InputError: another policy has this id.
    """

    def register(score: Score) -> Score:
        POLICIES.register(Policy(id, score, unit, low_rank))
        return score

    return register


def choose(name: str, panel: Panel) -> IntArray:
    """int64 [n]: the question for each person, -1 where none is allowed; equal scores: the first statement.

    Raises:
        InputError: unknown policy.
    """
    scores = np.where(panel.allowed, find(name).score(panel), -np.inf)
    return np.where(panel.allowed.any(axis=1), scores.argmax(axis=1), -1).astype(np.int64)


def find(name: str) -> Policy:
    """The policy of a name; ``rollout-G`` for every inequality aversion G.

    Raises:
        InputError: unknown policy.
    """
    gamma = aversion(name)
    if name in POLICIES or gamma is None:
        return POLICIES.find(name, also=("rollout-GAMMA for any number",))
    return Policy(name, rollout(gamma), ROLLOUT)


def unit_of(name: str) -> str:
    """The unit of a policy's scores, empty where they only order the questions.

    Raises:
        InputError: unknown policy.
    """
    return ROLLOUT if name == "rollout" else find(name).unit


def aversion(name: str) -> float | None:
    """G of ``rollout-G``, None for other policies."""
    kind, _, gamma = name.partition("-")
    try:
        return float(gamma) if kind == "rollout" else None
    except ValueError:
        return None


@policy(id="as-shown")
def as_shown(panel: Panel) -> FloatArray:
    """The order of the original survey."""
    return -panel.shown


@policy(id="random")
def random(panel: Panel) -> FloatArray:
    """Uniformly at random."""
    return panel.rng.random(panel.answers.shape)


@policy(id="priority")
def priority(panel: Panel) -> FloatArray:
    """Polis' comment routing: at random, in proportion to a priority.

    Priority is the square of (1 - p)(e + 1) a (1 + 8 / 2^(s/5)) with s answers, a share of agrees, p share of passes
    (both with one more, of two more) and e the statement's extremity, here the spread of agreement between classes
    (Polis: length of its principal component loadings), as in the published code of Polis' mathematics.
    """
    s = panel.counts.sum(axis=1)
    agree = (panel.counts[:, -1] + 1) / (s + 2)
    passed = (panel.counts[:, 1] + 1) / (s + 2) if panel.counts.shape[1] == 3 else 1 / (s + 2)
    extremity = (
        np.sqrt(np.cov(panel.population.chance[..., -1].T, aweights=panel.population.weight).diagonal())
        if len(panel.population.weight) > 1
        else np.zeros(len(s))
    )
    weight = ((1 - passed) * (extremity + 1) * agree * (1 + 8 * 2.0 ** (-s / 5))) ** 2
    # Gumbel: the largest of log weight + noise is drawn in proportion to the weight.
    return np.asarray(np.log(weight) - np.log(-np.log(panel.rng.random(panel.answers.shape))))


@policy(id="entropy", unit="nats of doubt about the answer")
def entropy(panel: Panel) -> FloatArray:
    """The answer that is hardest to foresee."""
    predicted = panel.population.predicted(panel.population.belief(panel.answers))
    return np.asarray(-(predicted * np.log(predicted)).sum(axis=2))


@policy(id="information", unit="nats about the person's class")
def information(panel: Panel) -> FloatArray:
    """The answer that says most about the person's class: mutual information, nats."""
    return informative(panel.population, panel.population.belief(panel.answers))


@policy(id="design", unit="variance of the predictions of the person's other answers", low_rank=True)
def design(panel: Panel) -> FloatArray:
    """Low-rank design rule: what most lowers the summed predictive variance of all other answers (V-optimal).

    Raises:
        InputError: the panel has no low-rank model.
    """
    from ..preferences.models import few_shot

    return few_shot.v_optimal(_loadings(panel), panel.answers != UNASKED)


@policy(id="location", unit="nats about where the person stands", low_rank=True)
def location(panel: Panel) -> FloatArray:
    """Low-rank: the answer that says most about where the person stands (D-optimal), given what they answered.

    Raises:
        InputError: the panel has no low-rank model.
    """
    from ..preferences.models import few_shot

    loadings = _loadings(panel)
    # what one answer adds to the log-determinant of the precision, halved: nats, to first order
    return 0.5 * few_shot.d_optimal(loadings, _person(panel, loadings))


@policy(id="pref", unit="variance of the prediction", low_rank=True)
def reward_factorization(panel: Panel) -> FloatArray:
    """Low-rank: the answer whose probability is known worst, the rule of PReF (Shenfeld et al. 2025, 2503.06358).

    Raises:
        InputError: the panel has no low-rank model.
    """
    from ..preferences.models import few_shot

    loadings = _loadings(panel)
    return few_shot.pref_rule(loadings, _person(panel, loadings))


def _loadings(panel: Panel) -> Loadings:
    if panel.factors is None:
        raise InputError("the design rule needs a low-rank model of earlier answers; choose another policy")
    from ..preferences.models.few_shot import Loadings

    return Loadings.of(panel.factors)


def _person(panel: Panel, loadings: Loadings) -> Person:
    """Everybody's position as estimated from their answers; a pass is no evidence of agreement."""
    from ..preferences.models.few_shot import located

    population = panel.population
    worth = np.append(population.worth, np.nan)  # UNASKED, -1, picks the last
    top = population.n_answers - 1
    # A guess of a vote is right or wrong; a guess of a rating is more or less right.
    votes = top == 2 and bool((population.credit == np.eye(3)).all())
    if votes:
        worth[1] = np.nan
    return located(loadings, worth[panel.answers], 1.0 if votes else float(top))


def rollout(gamma: float) -> Score:
    """The first question of the best plan to ask j more and stop, over plans in the order of one-step value."""

    def score(panel: Panel) -> FloatArray:
        """What begins the best plan to ask some more and then stop."""
        value, belief = PersonValue(panel.population, gamma), panel.population.log_belief(panel.answers)
        return plans(value, belief, panel.answers, panel.allowed, panel.rng, lengths=(2, 4), samples=8, most=0)

    return score


@policy(id="slate", unit="in utilities summed over people (1: one person from the worst to the best)")
def slate(panel: Panel) -> FloatArray:
    """What the answer is expected to change in the slate, see `folkmoot.asking.slate_value`.

    Raises:
        InputError: the panel has no slate.
    """
    if panel.slate is None:
        raise InputError("asking for the slate needs a slate; choose another policy or give a budget")
    return panel.slate(panel.answers)


for _gamma in (0.0, 2.0, 10.0):
    POLICIES.register(Policy(f"rollout-{_gamma:g}", rollout(_gamma), ROLLOUT))
