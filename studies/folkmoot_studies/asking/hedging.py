"""Does the interview hedge as the exact optimum does: the paper's own model, its parameters known or learned.

Park, Donahue and Raghavan 2026: two clusters, features that are alike. There the optimum is known exactly
(`folkmoot.asking.adaptive`), so that the interview, which is made for any classes and any statements, can be held
against it: what asking nothing is worth, when it stops, and what its decisions are worth, evaluated exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from folkmoot.asking import Interview, Situation, Survey, optimum
from folkmoot.asking.adaptive import Adaptive, Plan
from folkmoot.asking.person import PersonValue
from folkmoot.asking.plans import plans
from folkmoot.asking.population import UNASKED, Population
from folkmoot.profile import Agents, Answers, FloatArray, InputError, Profile, Progress, Scale, Statements

from ..streams import numbers

N, ALPHA, P, COST = 25, 0.5, 0.1, 1.0
GAMMAS = (0.0, 1.0, 2.0, 5.0, 10.0)
# People whose complete answers the population is learned from.
EARLIER = 600


def run(instances: int = 50, seed: int = 0, report: Progress | None = None) -> dict[str, Any]:
    """The interview beside the exact optimum, at every inequality aversion of `GAMMAS`.

    Args:
        instances: the number of new people who are interviewed with the learned population.
        seed: draws people.
        report: called with (stage, share done).

    Returns:
        JSON-ready: ``known`` and ``learned``, a row for each gamma. ``nothing``: what asking nothing is worth by the
        interview, ``nothing_exact``; ``bound``: what no output exceeds; ``questions`` on average and ``best_questions``
        of the adaptive optimum; ``known`` has ``ce`` and ``best_ce`` as well: certainty equivalents of the decisions,
        evaluated exactly. ``promised``: what asking nothing seems worth too much at gamma 0 if only alpha is learned.

    Raises:
        InputError: nobody is to be interviewed.
    """
    if instances < 1:
        raise InputError(f"instances is {instances}: nobody would be interviewed; give at least 1")
    tell = report or (lambda stage, share: None)
    known, learned = [], []
    survey, new = learned_survey(instances, seed)
    for place, gamma in enumerate(GAMMAS):
        tell("the paper's parameters known", place / len(GAMMAS))
        best = Adaptive(Situation(N, ALPHA, P, COST), gamma).best
        population = paper(N, ALPHA, P)
        plan = decisions(population, gamma)
        known.append(
            {
                **_nothing(population, gamma),
                "questions": plan.questions,
                "best_questions": best.questions,
                "ce": plan.ce,
                "best_ce": best.ce,
            }
        )
        tell("a learned population", place / len(GAMMAS))
        asked = [interviewed(survey, f"new {at}", answers, gamma) for at, answers in enumerate(new)]
        found = {"questions": float(np.mean(asked)), "best_questions": best.questions}
        learned.append({**_nothing(survey.population, gamma), **found})
    return {
        "study": "hedging",
        "parameters": {"n": N, "alpha": ALPHA, "p": P, "cost": COST, "earlier": EARLIER},
        "people": instances,
        "promised": promised(seed),
        "known": known,
        "learned": learned,
    }


def paper(n: int, alpha: float, p: float) -> Population:
    """The paper's two clusters as the interview knows classes of people."""
    ones = np.array([np.full(n, p), np.full(n, 1.0 - p)])
    chance = np.stack([1.0 - ones, ones], axis=2)
    return Population(np.array([alpha, 1.0 - alpha]), chance, np.array([0.0, 1.0]), np.eye(2))


def decisions(population: Population, gamma: float) -> Plan:
    """The interview's decisions in every state that it reaches, evaluated exactly."""
    value = PersonValue(population, gamma, COST)
    ask = np.zeros((N + 1, N + 1), dtype=np.bool_)
    states = [(0, 0)]
    for k, a in states:
        if k == N:
            continue
        answers = np.full((1, N), UNASKED)
        answers[0, :a], answers[0, a:k] = 1, 0
        belief = population.log_belief(answers)
        worth = plans(value, belief, answers, answers == UNASKED, np.random.default_rng(0)).max()
        # What the interview asks: is it worth more than its cost, on figures of nine decimals.
        ask[k, a] = round(worth - value.stop(belief, answers)[0], 9) > 0
        if ask[k, a]:
            states += [state for state in ((k + 1, a), (k + 1, a + 1)) if state not in states]
    return Adaptive(Situation(N, ALPHA, P, COST), gamma).plan(ask)


def learned_survey(instances: int, seed: int) -> tuple[Survey, FloatArray]:
    """A survey with a population learned from people drawn from the paper's model, and answers of new ones [i, n]."""
    rng = numbers(seed, 18)
    people = EARLIER + instances
    ones = np.where(rng.random(people) < ALPHA, P, 1.0 - P)
    values = (rng.random((people, N)) < ones[:, None]).astype(np.float64)
    rows, columns = np.nonzero(np.ones((EARLIER, N), dtype=np.bool_))
    profile = Profile(
        Agents(tuple(f"person {i}" for i in range(EARLIER))),
        Statements(tuple(f"feature {j}" for j in range(N)), tuple(f"feature {j}" for j in range(N))),
        Answers.of(rows, columns, values[rows, columns], Scale("rating", 0.0, 1.0)),
    )
    return Survey.of(profile, seed=seed), values[EARLIER:]


def promised(seed: int, draws: int = 10_000) -> float:
    """Features that asking nothing seems worth too much at gamma 0, on average, where only alpha is learned.

    The best output is what the larger cluster wants, and which one is larger among `EARLIER` people is known: its share
    is overestimated even if everything else is certain.

    Args:
        seed: draws samples of people.
        draws: the number of samples.
    """
    alpha = numbers(seed, 18, 1).binomial(EARLIER, ALPHA, draws) / EARLIER
    return float(N * (1.0 - 2.0 * P) * (np.abs(alpha - 0.5) - abs(ALPHA - 0.5)).mean())


def interviewed(survey: Survey, name: str, answers: FloatArray, gamma: float) -> int:
    """The number of questions one new person is asked."""
    interview = Interview(survey, name, policy="rollout", gamma=gamma, cost=COST)
    while (question := interview.next()) is not None:
        interview.answer(float(answers[survey.profile.statement_index[question.statement]]))
    return interview.asked


def _nothing(population: Population, gamma: float) -> dict[str, float]:
    answers = np.full((1, N), UNASKED)
    value, belief = PersonValue(population, gamma, COST), population.log_belief(answers)
    return {
        "gamma": gamma,
        "nothing": float(value.stop(belief, answers)[0]),
        "nothing_exact": optimum(Situation(N, ALPHA, P, COST), gamma).per_k[0].ce,
        "bound": float(value.bound(belief, answers)[0]),
    }


def table(result: Mapping[str, Any]) -> str:
    """The figures as plain text."""
    given = result["parameters"]
    head = f"{'gamma':>6}{'nothing':>10}{'exact':>9}{'bound':>9}{'questions':>11}{'best':>7}"
    lines = [
        f"n = {given['n']}, alpha = {given['alpha']:g}, p = {given['p']:g}, cost {given['cost']:g}.",
        "",
        "Parameters known, decisions evaluated exactly (ce: certainty equivalent, in features):",
        head + f"{'ce':>10}{'best':>9}",
        *(_line(row) + f"{row['ce']:>10.3f}{row['best_ce']:>9.3f}" for row in result["known"]),
        "",
        f"Learned from {given['earlier']} people, {result['people']} new ones interviewed "
        "(bound: of what the learned population allows):",
        head,
        *(_line(row) for row in result["learned"]),
        "",
        f"At gamma 0 the share of the larger cluster among {given['earlier']} people alone promises "
        f"{result['promised']:.2f} features",
        "too many on average, even if everything else is known.",
    ]
    return "\n".join(lines) + "\n"


def _line(row: Mapping[str, float]) -> str:
    worth = f"{row['nothing']:>10.3f}{row['nothing_exact']:>9.3f}{row['bound']:>9.3f}"
    return f"{row['gamma']:>6g}{worth}{row['questions']:>11.2f}{row['best_questions']:>7.2f}"
