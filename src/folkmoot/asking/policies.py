"""Policies that choose the next question, for a whole panel at once, each with a name.

A policy sees what has been answered so far and which questions may be put, and names one question for each person. A
new policy is one function under `policy`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..preferences.factors import Factors
from ..preferences.models import few_shot
from ..preferences.models.few_shot import Loadings, Person, located
from ..profile import BoolArray, FloatArray, InputError, IntArray, Registry
from ..profile.docs import first_sentence
from .lookahead import depth, log_joint
from .person import PersonValue
from .population import UNASKED, Population, normalised

# Candidates that policies with look-ahead consider: the most informative about the person's class.
CANDIDATES = 16
# Histories of answers that a plan which stops on the way may have: 12 questions with two answers, 7 with three.
HISTORIES = 4096

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
    return _informative(panel.population, panel.population.belief(panel.answers))


def _informative(population: Population, belief: FloatArray) -> FloatArray:
    """float64 [n, m]: mutual information of the answer and the class, nats."""
    predicted = population.predicted(belief)
    within = np.einsum("nk,km->nm", belief, (population.chance * np.log(population.chance)).sum(axis=2))
    return np.asarray(np.maximum(within - (predicted * np.log(predicted)).sum(axis=2), 0.0))


@policy(id="design", unit="variance of the predictions of the person's other answers", low_rank=True)
def design(panel: Panel) -> FloatArray:
    """Low-rank design rule: what most lowers the summed predictive variance of all other answers (V-optimal).

    Raises:
        InputError: the panel has no low-rank model.
    """
    return few_shot.v_optimal(_loadings(panel), panel.answers != UNASKED)


@policy(id="location", unit="nats about where the person stands", low_rank=True)
def location(panel: Panel) -> FloatArray:
    """Low-rank: the answer that says most about where the person stands (D-optimal), given what they answered.

    Raises:
        InputError: the panel has no low-rank model.
    """
    loadings = _loadings(panel)
    # what one answer adds to the log-determinant of the precision, halved: nats, to first order
    return 0.5 * few_shot.d_optimal(loadings, _person(panel, loadings))


@policy(id="pref", unit="variance of the prediction", low_rank=True)
def reward_factorization(panel: Panel) -> FloatArray:
    """Low-rank: the answer whose probability is known worst, the rule of PReF (Shenfeld et al. 2025, 2503.06358).

    Raises:
        InputError: the panel has no low-rank model.
    """
    loadings = _loadings(panel)
    return few_shot.pref_rule(loadings, _person(panel, loadings))


def _loadings(panel: Panel) -> Loadings:
    if panel.factors is None:
        raise InputError("the design rule needs a low-rank model of earlier answers; choose another policy")
    return Loadings.of(panel.factors)


def _person(panel: Panel, loadings: Loadings) -> Person:
    """Everybody's position as estimated from their answers; a pass is no evidence of agreement."""
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


def plans(
    value: PersonValue,
    log_belief: FloatArray,
    answers: IntArray,
    allowed: BoolArray,
    rng: np.random.Generator,
    *,
    lengths: tuple[int, ...] = (2, 4, 8),
    samples: int = 128,
    most: int = HISTORIES,
) -> FloatArray:
    """float64 [n, m]: certainty equivalent of the best plan that begins with a question; -inf where there is none.

    The candidates are the `CANDIDATES` questions that are most informative about a person's class: each alone, exactly;
    and followed by others, the one worth most alone (with the others in that order) and the most informative one. The
    plans stop where that is best after the answers so far (`PersonValue.tree`), or after so many questions whatever the
    answers, by sampling.

    Args:
        value: computes the values of questions.
        log_belief: float64 [n, K].
        answers: int64 [n, m].
        allowed: bool [n, m].
        rng: the generator that draws answers.
        lengths: the lengths of the longer plans; without inequality aversion those that stop on the way are shorter.
        samples: the number of people drawn for each of those.
        most: the largest number of histories of a plan that stops on the way; 0: there are none.
    """
    guide = np.where(allowed, _informative(value.population, normalised(log_belief)), -np.inf)
    candidates = np.argsort(-guide, axis=1, kind="stable")[:, :CANDIDATES]
    if value.gamma > 0:
        return _hedged_plans(value, log_belief, answers, allowed, candidates, rng, lengths, samples, most)
    put = np.take_along_axis(allowed, candidates, axis=1)
    alone = np.where(put, value.one_step(log_belief, answers, candidates), -np.inf)
    values = np.full(answers.shape, -np.inf)
    np.put_along_axis(values, candidates, alone, axis=1)
    likely = np.where(put, candidates, -1)
    order = np.take_along_axis(likely, np.argsort(-alone, axis=1, kind="stable"), axis=1)
    seed, rows = int(rng.integers(2**63)), np.arange(len(answers))
    deep = depth(value.population, most) if most else 0
    longer = tuple(j for j in lengths if j > deep)
    for plan in (order, likely):
        first = plan[:, 0]
        if longer:
            # The same draws for both, so that only the plans differ.
            drawn = np.random.default_rng(seed)
            worth = value.rollout(log_belief, answers, plan, longer, samples, drawn).max(axis=1)
            values[rows, first] = np.where(first < 0, values[rows, first], np.maximum(values[rows, first], worth))
        for at in np.flatnonzero(first >= 0) if deep else ():
            steps = plan[at][plan[at] >= 0][:deep]
            worth_of_it = value.tree(log_joint(log_belief[at]), answers[at], steps)
            values[at, first[at]] = max(values[at, first[at]], worth_of_it)
    return values


def _hedged_plans(
    value: PersonValue,
    log_belief: FloatArray,
    answers: IntArray,
    allowed: BoolArray,
    candidates: IntArray,
    rng: np.random.Generator,
    lengths: tuple[int, ...],
    samples: int,
    most: int,
) -> FloatArray:
    """`plans` under inequality aversion: what one person can be offered is sought once for all plans."""
    values = np.full(answers.shape, -np.inf)
    deep = depth(value.population, most) if most else 0
    longer = tuple(j for j in lengths if j > deep)
    for at, (logs, row) in enumerate(zip(log_belief, answers, strict=True)):
        likely = candidates[at][allowed[at, candidates[at]]]
        if not len(likely):
            continue
        logs, outlook = log_joint(logs), value.outlook(row)
        values[at, likely] = value.alone(logs, row, likely, outlook)
        order = likely[np.argsort(-values[at, likely], kind="stable")]
        seed = int(rng.integers(2**63))
        for plan in (order, likely):
            worth = [values[at, plan[0]]]
            if longer:
                drawn = np.random.default_rng(seed)
                worth.append(value.ahead(logs, row, plan, longer, samples, drawn, outlook).max())
            if deep:
                worth.append(value.tree(logs, row, plan[:deep], outlook))
            values[at, plan[0]] = max(worth)
    return values


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
