"""Questions that are worth the same: asked for what they say about the person, never in the order of the file."""

from __future__ import annotations

import json

import numpy as np
import pytest

from folkmoot.asking import Interview, Survey, verify
from folkmoot.asking.foremost import SLACK, Asked, ordered
from folkmoot.asking.plans import informative
from folkmoot.asking.population import UNASKED, Population
from folkmoot.profile import Agents, Answers, Profile, Scale, Statements

M, N = 12, 30


def profile(order: list[int]) -> Profile:
    """Statements s0, s1, ... in some order; statement j was answered by N - j people."""
    rows, columns = np.array([(i, j) for j in range(M) for i in range(N - j)]).T
    place = np.argsort(order)
    return Profile(
        Agents(tuple(f"p{i}" for i in range(N))),
        Statements(tuple(f"s{j}" for j in order), tuple(f"statement {j}" for j in order)),
        Answers.of(rows, place[columns], (rows + columns) % 2 * 1.0, Scale("rating", 0.0, 1.0)),
    )


def survey(order: list[int], apart: float = 0.0) -> Survey:
    """Two kinds of people who answer alike, but for two statements if so wanted."""
    ones = np.tile(np.where(np.arange(M) % 2 == 0, 0.8, 0.7), (2, 1))
    ones[0, [5, 9]] -= (apart, apart / 2)
    chance = np.stack([1 - ones, ones], axis=2)[:, order]
    return Survey(profile(order), Population(np.array([0.5, 0.5]), chance, np.array([0.0, 1.0]), np.eye(2)))


def asked(found: Survey, policy: str, at_least: int = 6) -> tuple[list[str], Interview]:
    interview = Interview(found, "new", policy=policy, cost=0.9, at_least=at_least)
    names = []
    while (question := interview.next()) is not None:
        names.append(question.statement)
        interview.answer(1.0)
    return names, interview


@pytest.mark.parametrize("policy", ["rollout-0", "rollout-2", "information", "entropy"])
def test_the_order_of_the_file_changes_nothing(policy: str) -> None:
    straight, back = list(range(M)), list(range(M))[::-1]
    first, second = asked(survey(straight, 0.3), policy), asked(survey(back, 0.3), policy)
    assert first[0] == second[0]
    assert [entry["tie"] for entry in first[1].log] == [entry["tie"] for entry in second[1].log]


def test_what_says_nothing_about_the_person_goes_by_how_few_have_answered() -> None:
    names, interview = asked(survey(list(range(M))), "information")
    assert names == ["s11", "s10", "s9", "s8", "s7", "s6"]
    assert interview.log[0]["tie"] == {"equal": 12, "information": 0.0, "answers": 19}
    assert "Of 12 questions worth as much it is the one with the fewest answers so far (19)." in (
        Interview(survey(list(range(M))), "new", policy="information", cost=0.9, at_least=1).why
    )
    assert verify(survey(list(range(M))), json.loads(json.dumps(interview.state()))) is None


def test_a_floor_question_is_for_what_kind_of_person_this_is() -> None:
    found = survey(list(range(M)), 0.3)
    interview = Interview(found, "new", policy="rollout-0", cost=0.9, at_least=2)
    question = interview.next()
    assert question is not None
    tie = interview.log[0]["tie"] if interview.log else interview.decision.tie
    says = informative(found.population, found.population.belief(np.full((1, M), UNASKED)))[0]
    chosen = found.profile.statement_index[question.statement]
    assert question.reason == "floor"
    if tie:
        assert tie["information"] == pytest.approx(says[chosen], abs=1e-9)


def test_equal_to_a_thousandth_of_the_cost_is_equal_below_the_cost_only() -> None:
    found = survey(list(range(M)), 0.3)
    score = np.full(M, 0.5)
    score[3] += 0.0004
    nothing, everything = np.full((1, M), UNASKED), np.ones(M, dtype=bool)
    order, tie = ordered(Asked(found, "new", "rollout-0", 0.9, nothing, everything, 1), score)
    assert order[0] == 5  # says most about the person
    assert tie["equal"] == M
    order, tie = ordered(Asked(found, "new", "rollout-0", 0.1, nothing, everything, 1), score)
    assert order[:2].tolist() == [3, 5]
    assert tie == {}


def test_lots_are_drawn_by_ids_and_seed() -> None:
    lots = survey(list(range(M))).lots
    assert (survey(list(range(M))[::-1]).lots == lots[::-1]).all()
    assert len(set(lots.tolist())) == M


@pytest.mark.long
def test_a_question_worth_its_cost_by_a_hair_is_not_asked_and_not_said_to_be_worth_less() -> None:
    found = survey(list(range(M)), 0.3)

    def at(cost: float) -> Interview:
        return Interview(found, "new", policy="rollout-0", cost=cost)

    def value(cost: float) -> float:
        worth = at(cost).decision.value
        assert worth is not None
        return worth

    low, high = 0.01, 1.0
    assert value(low) > low * (1 + SLACK)
    assert at(low).decision.ask
    assert value(high) < high
    while high - low > 1e-4:
        middle = (low + high) / 2
        low, high = (middle, high) if value(middle) > middle * (1 + SLACK / 2) else (low, middle)
    hair = at(low)
    assert low < value(low) < low * (1 + SLACK)
    assert not hair.decision.ask
    assert "hardly more than it costs" in hair.why
    assert "no more than it costs" in at(1.0).why
