"""The question that is best for one person now, and what it is worth."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray
from ..profile.streams import Stream, stream
from .person import PersonValue
from .plans import informative, plans
from .policies import Panel, aversion, find, unit_of
from .survey import Survey

ALTERNATIVES = 3
SLACK = 0.02
"""By what share of its cost the value of a question has to exceed it with the policy ``rollout``.

The largest of many values that are estimated is estimated too high, so that questions which are worth their cost by a
hair may not be: people drawn from real answers fared no worse without them (study ``clarify``).
"""
_DECIMALS = 9


@dataclass(frozen=True, eq=False)
class Asked:
    """One person at one step of an interview.

    Args:
        survey: what all interviews have in common.
        agent: the id of the person.
        policy: the id of the policy.
        cost: the cost of a question.
        answers: int64 [1, m], see `Population.answers`.
        allowed: bool [m], questions that may be put; at least one.
        step: the number of the decision: 1, 2, ...
        person: what questions are worth to the person, for ``rollout-G``, where it is there already (`person_value`).
    """

    survey: Survey
    agent: str
    policy: str
    cost: float
    answers: IntArray
    allowed: BoolArray
    step: int
    person: PersonValue | None = None


@dataclass(frozen=True)
class Foremost:
    """The best question and the next best ones.

    Args:
        statement: the place of the best question.
        value: what it is worth; None: the policy only orders questions.
        parts: the parts of that value.
        others: the next best questions with their values.
        tie: see `Decision`.
    """

    statement: int
    value: float | None
    parts: dict[str, float]
    others: list[tuple[int, float | None]]
    tie: dict[str, float]


def foremost(asked: Asked) -> Foremost:
    """The best question for somebody who may be asked something."""
    score, parts = _scores(asked)
    score = np.where(asked.allowed, np.round(score, _DECIMALS), -np.inf)
    valued = bool(unit_of(asked.policy))
    order, tie = ordered(asked, score) if valued else (np.argsort(-score, kind="stable"), {})
    order = order[: 1 + ALTERNATIVES]
    order = order[np.isfinite(score[order])]
    best = int(order[0])
    return Foremost(
        best,
        rounded(score[best]) if valued else None,
        {name: rounded(part[best]) for name, part in parts.items()},
        [(j, rounded(score[j]) if valued else None) for j in map(int, order[1:])],
        tie,
    )


def person_value(survey: Survey, policy: str, cost: float) -> PersonValue:
    """What questions are worth to the person, with the policy ``rollout-G``."""
    return PersonValue(survey.over_pool, aversion(policy) or 0.0, cost)


def gains(
    value: PersonValue, logs: FloatArray, answers: IntArray, allowed: BoolArray, rng: np.random.Generator
) -> FloatArray:
    """float64 [m]: what asking a question first gains over asking nothing, after its cost; -inf where there is no plan.

    Exact where everything can be gone through (`whole`), else of the plans that are compared (`plans`).

    Args:
        value: what guesses are worth to the person.
        logs: float64 [K], the log of the belief about the person.
        answers: int64 [m], what the person answered.
        allowed: bool [m], questions that may be put.
        rng: draws answers where they are drawn.
    """
    table = value.whole(logs, answers, allowed)
    if table:
        return table.questions(answers) - table.stop(answers)
    belief, rows = logs[None], answers[None]
    seen = [value.outlook(answers)] if value.gamma > 0 else None
    best = plans(value, belief, rows, allowed[None], rng, outlooks=seen)[0]
    return np.asarray(best - value.stop(belief, rows, seen)[0])


def rounded(value: float) -> float:
    """As values are compared and kept, so that they come out the same on every machine."""
    # + 0.0: no negative zero
    return float(np.round(value, _DECIMALS)) + 0.0


def ordered(asked: Asked, score: FloatArray) -> tuple[IntArray, dict[str, float]]:
    """Questions by value, equal ones by what the answer says about the person, then by how few have answered.

    What stands first where all of that is equal is drawn by the id, not by the place in the file. Where no question
    is worth its cost, values that differ by less than a thousandth of the cost are equal.
    """
    survey, top = asked.survey, float(score.max())
    level = score if top > asked.cost else np.round(score / max(asked.cost / 1000, 10.0**-_DECIMALS))
    foremost = -np.partition(-level, min(ALTERNATIVES + 1, len(level) - 1))[: ALTERNATIVES + 2]
    if len(set(foremost.tolist())) == len(foremost):
        return np.argsort(-level, kind="stable"), {}
    says = informative(survey.population, survey.population.belief(asked.answers))[0]
    says, answers = np.round(says, _DECIMALS), survey.counts.sum(axis=1)
    order = np.lexsort((survey.lots, answers, -says, -level))
    best = int(order[0])
    equal = int((level == level[best]).sum())
    figures = {"equal": equal, "information": rounded(says[best]), "answers": int(answers[best])}
    return order, figures if equal > 1 else {}


def _scores(asked: Asked) -> tuple[FloatArray, dict[str, FloatArray]]:
    """float64 [m]: the value of every question, and the parts it is the sum of."""
    survey, allowed, answers = asked.survey, asked.allowed, asked.answers
    # Every person and step has random numbers of its own, whatever was drawn elsewhere.
    digest = hashlib.sha256(asked.agent.encode("utf-8", "surrogatepass")).digest()
    person = (int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:8], "little"))
    rng = stream(survey.seed, Stream.INTERVIEW, *person, asked.step - 1)
    if asked.policy == "slate":
        worth = survey.slate_value.worth_of(answers)
        return worth.total[0], {
            "seat": worth.seat[0],
            "change": worth.change[0],
            "certificate": worth.certificate[0],
        }
    if aversion(asked.policy) is not None:
        value = asked.person or person_value(survey, asked.policy, asked.cost)
        worths = np.full(len(allowed), -np.inf)
        # The difference is net of the cost; the value of a question is counted before its cost.
        logs = survey.population.log_belief(answers)[0]
        worths[survey.pool] = gains(value, logs, answers[0, survey.pool], allowed[survey.pool], rng) + asked.cost
        return worths, {"person": worths}
    panel = Panel(
        survey.population,
        answers,
        allowed[None],
        np.arange(len(allowed), dtype=np.float64)[None],
        survey.counts,
        survey.factors if find(asked.policy).low_rank else None,
        None,
        rng,
    )
    return find(asked.policy).score(panel)[0], {}
