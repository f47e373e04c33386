"""The decision to ask or to stop with its grounds: what an interview logs, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .policies import unit_of

# Reasons to ask, and reasons to stop.
WORTH_IT, FLOOR, ORDERED = "worth it", "floor", "in order"
NOT_WORTH_IT, LIMIT, NOTHING_LEFT, PERSON = "not worth it", "limit reached", "nothing left", "person stopped"
# Whom the parts of a value are for.
_FOR = {
    "person": "the person asked, about whom more is known or guessed right",
    "seat": "the person asked, who can be seated better in the slate",
    "change": "everybody, for whom another slate could be better",
    "certificate": "groups that may have a complaint about the slate",
}


@dataclass(frozen=True)
class Question:
    """What to ask next.

    Args:
        statement: the id of the statement.
        text: the text of the statement.
        value: the value of the answer, before the cost of asking; None where the policy only orders questions.
        unit: the unit of the value and of the cost.
        parts: the parts of the value, by what they are for: ``person``, or ``seat``, ``change`` and ``certificate``.
        reason: ``worth it``, ``floor`` (everybody is asked at least so many questions) or ``in order`` (the policy
            computes no value).
        for_whom: the person who benefits most from the answer.
        why: the grounds in one sentence.
        alternatives: the next best statements with their values.
    """

    statement: str
    text: str
    value: float | None
    unit: str
    parts: Mapping[str, float]
    reason: str
    for_whom: str
    why: str
    alternatives: tuple[tuple[str, float | None], ...]


@dataclass(frozen=True)
class Decision:
    """The decision to ask or to stop, with its grounds: the first half of an entry of the log.

    Args:
        step: the number of the decision: 1, 2, ...
        policy: the id of the policy that chose.
        ask: whether to ask; False means to stop.
        reason: see `Interview.stop_reason` and `Question`.
        statement: the id of the best question, also when it is not asked; None when no question is left.
        value: the value of that question, see `Question`.
        parts: the parts of that value.
        cost: the cost of asking, in the same unit.
        alternatives: the next best questions, ``{"statement", "value"}`` each.
        tie: where other questions are worth as much, what the best one was chosen by: ``equal``, how many are worth
            as much, itself among them; ``information``, what its answer says about the person's class, nats;
            ``answers``, how many people have given it an answer. Else empty.
    """

    step: int
    policy: str
    ask: bool
    reason: str
    statement: str | None
    value: float | None
    parts: dict[str, float]
    cost: float
    alternatives: list[dict[str, Any]]
    tie: dict[str, float]


def for_whom(decision: Decision) -> str:
    """Who benefits most from the answer."""
    if not decision.parts:
        return "the model of the person asked" if decision.value is not None else "nobody in particular"
    if max(decision.parts.values()) <= 0:
        return "the model of the person asked" if decision.tie.get("information", 0) > 0 else "nobody in particular"
    return _FOR[max(decision.parts, key=lambda name: decision.parts[name])]


def sentence(decision: Decision, kind: str, n_asked: int, at_least: int, at_most: int | None) -> str:
    """The grounds of a decision in one or two sentences.

    Args:
        decision: the decision.
        kind: the policy without its inequality aversion.
        n_asked: the number of questions asked so far.
        at_least: the number of questions that everybody is asked.
        at_most: the largest number of questions; None: any number.
    """
    if decision.statement is None:
        return "There is nothing left to ask about."
    if decision.reason == PERSON:
        return "The person stopped."
    if decision.reason == LIMIT:
        return f"{n_asked} of at most {at_most} questions have been asked."
    if decision.value is None:
        return f"The policy {decision.policy} puts this question next; it says nothing of what the answer is worth."
    worth = f"worth {decision.value:.4g} {unit_of(decision.policy)}"
    if kind == "rollout":
        worth += " with the best plan that begins with it"
    shares = {name: part for name, part in decision.parts.items() if part > 0}
    if len(shares) == 1:
        worth += f", for {_FOR[next(iter(shares))]}"
    elif shares:
        worth += ": " + "; ".join(f"{part:.4g} for {_FOR[name]}" for name, part in shares.items())
    if decision.reason == NOT_WORTH_IT:
        return f"The best question is {worth}. That is {_beside(decision)}: {decision.cost:.4g}."
    if decision.reason == FLOOR:
        return (
            f"The best question is {worth}. That is {_beside(decision)}, {decision.cost:.4g}, but everybody is asked "
            f"at least {at_least}, and this is number {n_asked + 1}.{_chosen_by(decision.tie)}"
        )
    return f"The answer is {worth}. Asking costs {decision.cost:.4g}."


def _beside(decision: Decision) -> str:
    """How the value of a question that is not worth it stands to its cost."""
    assert decision.value is not None
    if decision.value <= decision.cost:
        return "no more than it costs"
    return "hardly more than it costs, less than estimates can tell apart"


def _chosen_by(tie: Mapping[str, float]) -> str:
    """What a question of many that are worth the same is for."""
    if not tie:
        return ""
    others = f" Of {tie['equal']:.0f} questions worth as much it is the one"
    if tie["information"] > 0:
        return f"{others} whose answer says most about what kind of person this is ({tie['information']:.2g} nats)."
    return f"{others} with the fewest answers so far ({tie['answers']:.0f})."
