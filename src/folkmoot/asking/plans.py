"""Plans for one person: which question begins the best way to ask some more and then stop."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray
from .hedging import Outlook
from .lookahead import depth, log_joint
from .person import PersonValue
from .population import Population, normalised

# Candidates that policies with look-ahead consider: the most informative about the person's class.
CANDIDATES = 16
# Histories of answers that a plan which stops on the way may have: 12 questions with two answers, 7 with three.
HISTORIES = 4096


def informative(population: Population, belief: FloatArray) -> FloatArray:
    """float64 [n, m]: mutual information of the answer and the class, nats."""
    predicted = population.predicted(belief)
    within = np.einsum("nk,km->nm", belief, (population.chance * np.log(population.chance)).sum(axis=2))
    return np.asarray(np.maximum(within - (predicted * np.log(predicted)).sum(axis=2), 0.0))


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
    outlooks: Sequence[Outlook] | None = None,
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
        outlooks: what everybody can be offered, to be used for `PersonValue.stop` afterwards; for gamma > 0.
    """
    guide = np.where(allowed, informative(value.population, normalised(log_belief)), -np.inf)
    candidates = np.argsort(-guide, axis=1, kind="stable")[:, :CANDIDATES]
    if value.gamma > 0:
        return _hedged_plans(value, log_belief, answers, allowed, candidates, rng, lengths, samples, most, outlooks)
    put = np.take_along_axis(allowed, candidates, axis=1)
    alone = np.where(put, value.one_step(log_belief, answers, candidates), -np.inf)
    values = np.full(answers.shape, -np.inf)
    np.put_along_axis(values, candidates, alone, axis=1)
    likely = np.where(put, candidates, -1)
    order = np.take_along_axis(likely, np.argsort(-alone, axis=1, kind="stable"), axis=1)
    seed, rows = int(rng.integers(2**63)), np.arange(len(answers))
    deep = depth(value.population, most) if most else 0
    longer = tuple(j for j in lengths if j > deep + 1)
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
    outlooks: Sequence[Outlook] | None,
) -> FloatArray:
    """`plans` under inequality aversion: what one person can be offered is sought once for all plans."""
    values = np.full(answers.shape, -np.inf)
    deep = depth(value.population, most) if most else 0
    longer = tuple(j for j in lengths if j > deep + 1)
    for at, (logs, row) in enumerate(zip(log_belief, answers, strict=True)):
        likely = candidates[at][allowed[at, candidates[at]]]
        if not len(likely):
            continue
        logs, outlook = log_joint(logs), outlooks[at] if outlooks else value.outlook(row)
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
