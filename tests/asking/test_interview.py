"""An interview: what is asked and why, when it stops, that it can be taken up and checked by anyone."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import folkmoot as fm
from conversations import write_conversation
from folkmoot.asking import POLICIES, Interview, Question, Survey, verify
from folkmoot.asking.population import UNASKED, Population
from folkmoot.profile import APPROVAL, Agents, Answers, InputError, Profile, Scale, Statements

SLATE: dict[str, Any] = {"slate": ("0", "2"), "budget": 2, "unit": "statements"}


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    return fm.read(write_conversation(tmp_path_factory.mktemp("c") / "conversation"))


@pytest.fixture(scope="module")
def survey(profile: Profile) -> Survey:
    return Survey.of(profile, **SLATE)


def block(values: np.ndarray, scale: Scale) -> Profile:
    rows, columns = np.nonzero(~np.isnan(values))
    return Profile(
        Agents(tuple(f"p{i}" for i in range(values.shape[0]))),
        Statements(
            tuple(f"s{j}" for j in range(values.shape[1])), tuple(f"statement {j}" for j in range(len(values.T)))
        ),
        Answers.of(rows, columns, values[rows, columns], scale),
    )


def answered(interview: Interview, most: int = 99) -> list[Question]:
    """Answers agree, disagree, skip, agree, ... until it stops."""
    asked: list[Question] = []
    while (question := interview.next()) is not None and len(asked) < most:
        interview.answer((1, -1, None)[len(asked) % 3])
        asked.append(question)
    return asked


def test_a_new_person_is_asked_what_is_worth_most_until_nothing_is_worth_its_cost(survey: Survey) -> None:
    interview = Interview(survey, "somebody new")
    assert interview.new
    question = interview.next()
    assert question is not None
    assert interview.next() == question  # until it is answered
    assert question.text == survey.profile.statements.texts[survey.profile.statement_index[question.statement]]
    assert set(question.parts) == {"seat", "change", "certificate"}
    assert question.value == pytest.approx(sum(question.parts.values()), abs=3e-9)
    assert question.reason == "worth it"
    assert question.value is not None
    assert question.why.startswith(f"The answer is worth {question.value:.4g} in utilities summed over people")
    assert question.why.endswith("Asking costs 0.001.")
    assert 1 <= len(question.alternatives) <= 3
    values = [question.value, *(value for _, value in question.alternatives if value is not None)]
    assert values == sorted(values, reverse=True)
    asked = answered(interview)
    assert asked[0] == question
    assert len({q.statement for q in asked}) == len(asked)
    assert all(q.value is not None and q.value > 0.001 for q in asked)
    assert interview.stop_reason == "not worth it"
    assert "no more than it costs: 0.001" in interview.why
    assert interview.asked == len(asked)


def test_it_starts_from_what_the_person_said_before(survey: Survey) -> None:
    profile = survey.profile
    interview = Interview(survey, profile.agents.ids[7], cost=0.0, policy="information")
    assert not interview.new
    known = ~np.isnan(profile.dense(np.arange(profile.n_statements), np.array([7]))[0])
    questions = answered(interview)
    columns = [profile.statement_index[q.statement] for q in questions]
    assert not known[columns].any()
    assert profile.statements.ids[-1] not in {q.statement for q in questions}  # rejected by moderation
    assert len(questions) == int((~known[profile.pool()]).sum())
    assert interview.stop_reason == "nothing left"
    assert interview.why == "There is nothing left to ask about."


def test_a_profile_will_do(profile: Profile) -> None:
    one = fm.asking.Interview(profile, "n", **SLATE)
    assert one.next() == Interview(Survey.of(profile, **SLATE), "n").next()


def test_a_floor_and_a_limit(survey: Survey) -> None:
    dear = Interview(survey, "n", cost=50.0)
    assert (dear.next(), dear.stop_reason) == (None, "not worth it")
    floor = Interview(survey, "n", cost=50.0, at_least=3, at_most=4)
    questions = answered(floor)
    assert [q.reason for q in questions] == ["floor"] * 3
    assert "everybody is asked at least 3, and this is number 1" in questions[0].why
    assert floor.stop_reason == "not worth it"
    limit = Interview(survey, "n", cost=0.0, at_most=2)
    assert len(answered(limit)) == 2
    assert limit.stop_reason == "limit reached"
    assert limit.why == "2 of at most 2 questions have been asked."
    assert limit.state()["decision"]["statement"] is not None  # what was not asked is on record


def test_a_skip_is_no_pass_and_is_not_put_again(survey: Survey) -> None:
    skipped, passed = (Interview(survey, "n", cost=0.0, at_least=9) for _ in range(2))
    first, before = skipped.next(), skipped.state()["decision"]
    assert first is not None
    skipped.answer(None)
    passed.answer(0)
    assert skipped.log[0]["answer"] is None
    # Nothing was learned: the next best of before is asked, at the same value.
    again = skipped.next()
    assert again is not None
    assert (again.statement, again.value) == (
        before["alternatives"][0]["statement"],
        before["alternatives"][0]["value"],
    )
    after_pass = passed.next()
    assert after_pass is None or after_pass.value != again.value
    assert first.statement not in {q.statement for q in answered(skipped)}
    assert verify(survey, skipped.state()) is None


def test_participants_choose_what_they_answer(survey: Survey) -> None:
    interview = Interview(survey, "n", at_most=1, cost=0.0)
    first = interview.next()
    assert first is not None
    other = first.alternatives[-1][0]
    interview.answer(1, statement=other)
    entry = interview.log[0]
    assert (entry["statement"], entry["answered"], entry["chosen"]) == (first.statement, other, True)
    # also after the end, and what was asked but not answered is still open
    assert interview.stop_reason == "limit reached"
    interview.answer(-1, statement=first.statement)
    assert interview.log[1]["ask"] is False
    assert interview.log[1]["chosen"] is True
    assert interview.asked == 1
    assert verify(survey, interview.state()) is None
    for value, statement, said in (
        (1.0, other, "answered already"),
        (1.0, "no such", "there is no statement"),
        (1.0, survey.profile.statements.ids[-1], "there is no statement"),
        (None, "5", "only the question that was asked can be skipped"),
        (1.0, None, "nothing was asked"),
    ):
        with pytest.raises(InputError, match=said):
            interview.answer(value, statement)
    skipping = Interview(survey, "n", cost=0.0)
    question = skipping.next()
    assert question is not None
    skipping.answer(None)
    skipping.answer(1, statement=question.statement)  # on second thoughts
    assert verify(survey, skipping.state()) is None


def test_a_person_may_stop(survey: Survey) -> None:
    interview = Interview(survey, "n", at_least=5)
    answered(interview, most=1)
    interview.stop()
    assert interview.next() is None
    assert (interview.stop_reason, interview.why) == ("person stopped", "The person stopped.")
    with pytest.raises(InputError, match="the person has stopped"):
        interview.answer(1)
    again = Interview.resume(survey, json.loads(json.dumps(interview.state())))
    assert again.stop_reason == "person stopped"
    assert verify(survey, again.state()) is None


@pytest.mark.parametrize("policy", [*POLICIES, "rollout-1"])
def test_every_policy_can_be_taken_up_and_checked(survey: Survey, policy: str) -> None:
    interview = Interview(survey, "somebody", policy=policy, at_most=4)
    answered(interview, most=2)
    kept = json.dumps(interview.state(), allow_nan=False)
    again = Interview.resume(survey, json.loads(kept))
    assert json.dumps(again.state(), allow_nan=False) == kept
    assert again.next() == interview.next()
    answered(again)
    answered(interview)
    assert again.state() == interview.state()
    assert verify(survey, json.loads(json.dumps(again.state()))) is None


def test_taken_up_from_the_profile_alone(profile: Profile) -> None:
    interview = Interview(profile, "n", **SLATE, seed=3)
    answered(interview, most=2)
    state = json.loads(json.dumps(interview.state()))
    assert Interview.resume(profile, state).state() == state
    assert verify(profile, state) is None


def doctored(state: dict[str, Any], *path: Any, value: Any) -> dict[str, Any]:
    found = copy.deepcopy(state)
    inner: Any = found
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return found


def test_verify_names_the_first_difference(survey: Survey) -> None:
    interview = Interview(survey, "n", at_least=4)
    answered(interview, most=3)
    state = interview.state()
    assert verify(survey, state) is None
    for path, value, said in (
        (("log", 1, "value"), 0.5, "step 2: value is logged as 0.5 and comes out as"),
        (("log", 0, "parts", "seat"), 0.5, "step 1: parts is logged as"),
        (("log", 2, "statement"), "9", "step 3: statement is logged as '9'"),
        (("log", 0, "ask"), False, "step 1: ask is logged as False"),
        (("log", 0, "alternatives"), [], "step 1: alternatives is logged as"),
        (("log", 0, "chosen"), True, "step 1: whether the participant chose"),
        (("log", 1, "cost"), 0.3, "step 2: cost is logged as 0.3"),
        (("at_least",), 0, "step 2: ask is logged as True and comes out as False"),
        (("cost",), 0.0005, "step 1: cost is logged as 0.001"),
        (("decision", "ask"), False, "step 4: ask is logged as False"),
        (("decision",), None, "step 4: no decision is logged"),
        (("stopped",), True, "step 4: ask is logged as True and comes out as False"),
        (("new",), False, "new is recorded as False"),
    ):
        found = verify(survey, doctored(state, *path, value=value))
        assert found is not None, path
        assert found.startswith(said), (path, found)
    # another answer than the recorded one changes what comes after it
    other = doctored(state, "log", 0, "answer", value=-1.0)
    assert str(verify(survey, other)).startswith("step 2")


def test_a_state_of_something_else_is_refused(survey: Survey, profile: Profile) -> None:
    interview = Interview(survey, "n", at_least=2)
    answered(interview, most=1)
    state = interview.state()
    values = profile.dense(np.arange(profile.n_statements))
    values[0, 0] = -1.0
    rows, columns = np.nonzero(~np.isnan(values))
    changed = Profile(profile.agents, profile.statements, Answers.of(rows, columns, values[rows, columns]))
    for source, given, said in (
        (changed, state, "the source is not the one this interview began with"),
        (survey, doctored(state, "schema", value=1), "schema 1 is not known"),
        (survey, {}, "this is no state"),
        (survey, {name: v for name, v in state.items() if name != "policy"}, "incomplete"),
        (survey, doctored(state, "slate", value=None), "incomplete"),
        (survey, doctored(state, "log", value=[1]), "the log of the interview is damaged"),
        (survey, doctored(state, "seed", value=5), "began in another survey"),
        (profile, doctored(state, "seed", value="x"), "seed must be a whole number"),
        (survey, doctored(state, "policy", value=3), "policy cannot be 3"),
        (survey, doctored(state, "at_most", value="x"), "at_most must be a whole number"),
        (survey, doctored(state, "cost", value="x"), "cost of a question must be a number"),
        (survey, doctored(state, "log", 0, "answered", value="77"), "which cannot be answered"),
        (survey, doctored(state, "log", 0, "answer", value="x"), "an answer must be a number from -1 to 1"),
    ):
        with pytest.raises(InputError, match=said):
            Interview.resume(source, given)


def test_the_order_of_people_and_other_interviews_change_nothing(survey: Survey) -> None:
    for policy in ("rollout-0", "random", "priority"):
        alone = answered(Interview(survey, "b", policy=policy, at_most=3))
        first, second = (Interview(survey, name, policy=policy, at_most=3) for name in "ab")
        answered(first, most=1)
        assert answered(second) == alone
    random = [answered(Interview(survey, name, policy="random"))[0].statement for name in "abcdefgh"]
    assert len(set(random)) > 1


def test_rollout_asks_while_a_plan_is_worth_it(survey: Survey) -> None:
    cheap = Interview(survey, "n", policy="rollout", gamma=2.0, cost=0.05)
    assert cheap.policy == "rollout-2"
    question = cheap.next()
    assert question is not None
    assert question.parts == {"person": question.value}
    assert question.unit == "statements guessed right"
    assert question.for_whom.startswith("the person asked")
    cheap_count = len(answered(cheap))
    dear_count = len(answered(Interview(survey, "n", policy="rollout", gamma=2.0, cost=0.9)))
    assert dear_count <= cheap_count
    # A question that costs nothing is always worth it: whatever is answered need not be guessed.
    free = Interview(survey, "n", policy="rollout", cost=0.0)
    assert len(answered(free)) == len(survey.pool)
    assert Interview(survey, "n", policy="rollout").policy == "rollout-0"


def test_policies_that_value_nothing_only_order(survey: Survey) -> None:
    interview = Interview(survey, "n", policy="as-shown", at_most=3)
    questions = answered(interview)
    assert [q.statement for q in questions] == list(survey.profile.statements.ids[:3])
    assert [q.value for q in questions] == [None] * 3
    assert questions[0].alternatives[0][1] is None
    assert "says nothing of what the answer is worth" in questions[0].why
    assert questions[0].for_whom == "nobody in particular"
    with pytest.raises(InputError, match="orders questions and values none"):
        Interview(survey, "n", policy="random", cost=0.5)


@pytest.mark.parametrize("scale", [APPROVAL, Scale("rating", 1.0, 5.0)])
def test_ratings_and_approvals(scale: Scale) -> None:
    rng = np.random.default_rng(0)
    camp = np.arange(50) % 2
    values = np.where((camp[:, None] == np.arange(8) % 2) ^ (rng.random((50, 8)) < 0.1), scale.high, scale.low)
    values[rng.random(values.shape) < 0.4] = np.nan
    found = Survey.of(block(values, scale), slate=["s0"], budget=2, unit="statements")
    new = Interview(found, "n", at_least=2)
    question = new.next()
    assert question is not None
    with pytest.raises(InputError, match="an answer must be a number from"):
        new.answer(9)
    with pytest.raises(InputError, match="not True"):
        new.answer(True)
    new.answer(scale.high)
    assert new.next() is not None
    assert verify(found, new.state()) is None
    old = Interview(found, "p0", policy="entropy")
    # A complete ballot has answered everything.
    assert (old.stop_reason == "nothing left") == scale.complete
    if scale is APPROVAL:
        with pytest.raises(InputError, match="an answer must be 0 or 1"):
            new.answer(0.5)


def test_where_asking_makes_no_sense() -> None:
    for scale in (Scale("ranking", 1.0, 3.0), Scale("points", 0.0, 3.0)):
        ballots = block(np.tile([1.0, 2.0, 3.0], (4, 1)), scale)
        with pytest.raises(InputError, match="given to all statements at once"):
            Interview(ballots, "p0", slate=["s0"], budget=1, unit="statements")
    texts = Profile(Agents(("a",), (("More buses.",),)), Statements((), ()), Answers.none())
    with pytest.raises(InputError, match="nobody answered any statement yet"):
        Interview(texts, "a")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"policy": "magic"}, "unknown asking policy 'magic'"),
        ({"cost": -1.0}, "must be a number of at least 0"),
        ({"cost": float("nan")}, "must be a number of at least 0"),
        ({"policy": "rollout", "cost": 2.0}, "from 0 to 1 statement"),
        ({"policy": "rollout", "gamma": float("inf")}, "gamma must be finite"),
        ({"policy": "rollout", "gamma": -1.0}, "gamma must be a number"),
        ({"gamma": 2.0}, "gamma is the inequality aversion of the policy rollout"),
        ({"at_least": -1}, "at_least must be a whole number"),
        ({"at_least": 5, "at_most": 3}, "`at_most` is 3, below `at_least`"),
        ({"seed": 3}, "seed belongs to the survey"),
    ],
)
def test_what_is_refused(survey: Survey, options: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        Interview(survey, "n", **options)


def test_what_is_refused_of_surveys(profile: Profile) -> None:
    with pytest.raises(InputError, match="needs a slate"):
        Interview(profile, "n")
    with pytest.raises(InputError, match="no statement '99' of the slate"):
        Interview(profile, "n", slate=["99"], budget=1)
    with pytest.raises(InputError, match="more than its budget of 1"):
        Interview(profile, "n", slate=["1", "2"], budget=1, unit="statements")
    small = Population(np.ones(1), np.full((1, 3, 3), 1 / 3), np.array([0.0, 0.5, 1.0]), np.eye(3))
    with pytest.raises(InputError, match="the population knows 3 statements and the source has 16"):
        Survey(profile, small)


def test_a_population_of_ones_own(profile: Profile) -> None:
    chance = np.full((1, profile.n_statements, 3), 1 / 3)
    prepared = Survey(profile, Population(np.ones(1), chance, np.array([0.0, 0.5, 1.0]), np.eye(3)), **SLATE)
    interview = Interview(prepared, "n", policy="entropy")
    question = interview.next()
    assert question is not None
    assert question.value == pytest.approx(np.log(3))
    fewest = int(prepared.counts.sum(axis=1)[prepared.pool].min())  # all alike: what fewest have answered
    assert prepared.counts.sum(axis=1)[profile.statement_index[question.statement]] == fewest
    interview.answer(1)
    assert verify(prepared, interview.state()) is None
    assert (prepared.answers != UNASKED).sum() == len(profile.answers)


def test_states_are_small_and_plain(survey: Survey, tmp_path: Path) -> None:
    interview = Interview(survey, "n")
    answered(interview, most=2)
    state = interview.state()
    (tmp_path / "state.json").write_text(json.dumps(state, allow_nan=False), "utf-8")
    assert state["schema"] == 2
    assert {"step", "policy", "ask", "reason", "statement", "value", "parts", "cost", "alternatives", "tie"} | {
        "answered",
        "answer",
        "chosen",
    } == set(state["log"][0])
    interview.log[0]["value"] = 7  # a copy
    assert interview.state() == state
