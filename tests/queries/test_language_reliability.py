"""Reliability on held-out answers: models of known skill, that nothing held out is shown, and what is counted."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from math import log
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from folkmoot.formats import read
from folkmoot.llm import Answer, Call, Failed
from folkmoot.preferences.held_out import others
from folkmoot.profile import Agents, Answers, InputError, Profile, Scale, Statements
from folkmoot.queries.language import reliability as language_reliability
from folkmoot.queries.language.reliability import BOUND, PAIRS, SIDE, hold_out
from language_model import Obedient, quoted

Skill = Callable[[str, str], float]
# One statement a question: what a made-up model's answers are made for.
validated = partial(language_reliability.validated, per_prompt=1)


class Skilled:
    """A model whose expected rating of (person's text, statement) is a given number of 1..6."""

    def __init__(self, skill: Skill) -> None:
        self.skill = skill
        self.calls: list[Call] = []

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        self.calls += calls
        return [self._answer(*quoted(call)) for call in calls]

    def _answer(self, person: str, statement: str) -> Answer:
        value = min(max(self.skill(person, statement), 1.0), 6.0)
        low = min(int(value), 5)
        shares = ((str(low), low + 1 - value), (str(low + 1), value - low))
        return Answer(str(low), tuple((token, log(p)) for token, p in shares if p > 0))


@cache
def sampled(folder: Path) -> Profile:
    """300 people of the bundled conversation, by number those who answered most."""
    profile = read(folder)
    rows = np.sort(np.argsort(-np.diff(profile.indptr), kind="stable")[:300])
    a, s = profile.answers, profile.statements
    keep = np.isin(a.agent, rows)
    agents = Agents(
        tuple(profile.agents.ids[i] for i in rows), tuple(profile.agents.texts[i] for i in rows)
    )  # fmt: skip
    answers = Answers.of(np.searchsorted(rows, a.agent[keep]), a.statement[keep], a.value[keep], a.scale)
    return Profile(agents, s, answers, topic=profile.topic)


def silent(profile: Profile) -> Profile:
    """The same people, who only voted."""
    return replace(profile, agents=Agents(profile.agents.ids))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def knowing(profile: Profile, wrong: float = 0.0) -> Skill:
    """Knows who answered what (people by their text), and is wrong as often as that."""
    a, draw = profile.answers, rng(5)
    who = {"\n".join(parts): row for row, parts in enumerate(profile.agents.texts) if parts}
    flip = draw.random(len(a)) < wrong
    said = {(int(i), profile.statements.texts[int(j)]): (v, f) for i, j, v, f in zip(
        a.agent, a.statement, a.scale.utility(a.value), flip, strict=True)}  # fmt: skip
    low, high = a.scale.utility_range

    def skill(person: str, statement: str) -> float:
        value, flipped = said[who[person], statement]
        share = (value - low) / (high - low)
        return 1 + 5 * float(1 - share if flipped else share)

    return skill


def rated(n: int = 40, m: int = 16, seed: int = 2) -> Profile:
    draw = rng(seed)
    values = np.clip(np.rint(draw.normal(2, 1, (n, 1)) * draw.choice([-1, 1], m) + draw.normal(2, 1, (n, m))), 0, 4)
    rows, columns = np.nonzero(draw.random((n, m)) < 0.9)
    texts = tuple((f"I am person {chr(97 + i // 26)}{chr(97 + i % 26)}.",) for i in range(n))
    answers = Answers.of(rows, columns, values[rows, columns], Scale("rating", 0, 4))
    statements = Statements(tuple(f"s{j}" for j in range(m)), tuple(f"Plan {chr(97 + j)}." for j in range(m)))
    return Profile(Agents(tuple(f"p{i}" for i in range(n)), texts), statements, answers)


def test_a_model_that_knows_everything(bowling_green: Path) -> None:
    profile = sampled(bowling_green)
    found = validated(Skilled(knowing(profile)), profile, rng(), weight=0, people=20)
    assert found is not None
    assert (found["shown"], found["n_people"], found["n_answers"], found["n_pairs"]) == ("texts", 20, 200, 500)
    for figure in ("people", "pairs", "auc"):
        assert found[figure] == {"share": 1.0, "low": 1.0, "high": 1.0}
        assert 0.5 < found["popularity"][figure]["share"] < 1.0 or figure == "people"
    assert found["matched"]["share"] == 1.0
    assert found["matched"]["popularity"] == 0.5
    assert (found["spearman"], found["calibration"]) == (None, None)
    assert found["calls"] == found["asked"] <= 20 * (2 * SIDE + 2 * PAIRS)
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_a_model_that_guesses(bowling_green: Path) -> None:
    profile = sampled(bowling_green)
    draw = rng(3)
    found = validated(Skilled(lambda person, statement: draw.uniform(1, 6)), profile, rng(), weight=0, people=60)
    assert found is not None
    for figure in (found["people"], found["pairs"], found["auc"], found["matched"]):
        assert figure["low"] <= 0.5 <= figure["high"]
    assert found["people"]["high"] - found["people"]["low"] < 0.3


@pytest.mark.long
def test_a_model_that_knows_what_is_popular_scores_half_at_equal_popularity(bowling_green: Path) -> None:
    """It knows the agree rates among 1,731 other people, in which the 300 in question have no part."""
    profile, whole = sampled(bowling_green), read(bowling_green)
    a = whole.answers
    outside = ~np.isin(a.agent, [whole.agent_index[name] for name in profile.agents.ids])
    sides = (
        np.bincount(a.statement[outside & keep], minlength=whole.n_statements) for keep in (a.value > 0, a.value < 0)
    )
    up, down = sides
    rate = dict(zip(whole.statements.texts, (up + 1) / (up + down + 2), strict=True))
    found = validated(Skilled(lambda person, statement: 1 + 5 * rate[statement]), profile, rng(), weight=0, people=80)
    assert found is not None
    assert found["people"]["share"] > 0.75
    for figure in ("people", "pairs", "auc"):
        assert found[figure]["share"] == pytest.approx(found["popularity"][figure]["share"], abs=0.08)
    assert found["matched"]["popularity"] == 0.5
    assert found["matched"]["low"] <= 0.5 <= found["matched"]["high"]
    assert found["matched"]["high"] - found["matched"]["low"] < 0.3
    assert found["matched"]["n_pairs"] > 60


def test_skill_lies_between(bowling_green: Path) -> None:
    profile = sampled(bowling_green)
    found = validated(Skilled(knowing(profile, wrong=0.2)), profile, rng(), weight=0, people=100)
    assert found is not None
    # A pair of an up and a down is right when neither is flipped, half right when one is.
    assert found["auc"]["share"] == pytest.approx(0.8, abs=0.05)
    assert found["matched"]["low"] <= 0.8 <= found["matched"]["high"]
    assert found["auc"]["low"] < found["auc"]["share"] < found["auc"]["high"]


@pytest.mark.long
@pytest.mark.parametrize("votes", [None, True])
def test_nothing_held_out_is_shown(bowling_green: Path, votes: bool | None) -> None:
    profile = sampled(bowling_green)
    a, texts = profile.answers, profile.statements.texts
    model = Obedient()
    assert validated(model, profile, rng(), weight=1, people=6, votes=votes) is not None
    assert {len(quoted(call)) for call in model.calls} == {2}
    for call in model.calls:
        person, statement = quoted(call)
        assert statement.casefold().strip(" .") not in person.casefold()
    held = hold_out(profile, rng(), 6, votes)
    assert held is not None
    for place in held.places:
        shown = held.shown.texts[int(np.searchsorted(held.people, a.agent[place]))]
        assert shown
        assert f"- {texts[int(a.statement[place])]}" not in shown.split("\n")
        assert shown.count("\n- ") == 0 or votes
    # What is asked is what is held out, and they did answer it.
    asked = {(call.about["agent"], quoted(call)[1]) for call in model.calls}
    assert asked == {
        (int(np.searchsorted(held.people, a.agent[at])), texts[int(a.statement[at])]) for at in held.places
    }


def test_the_same_words_in_another_statement_are_not_shown_either() -> None:
    texts = ("More buses.", "more buses", "Plant trees.", "Lower rents.", "Fix the roads!", "Fix the roads.")
    rows, columns = np.divmod(np.arange(24), 6)
    answers = Answers.of(rows, columns, np.where(columns % 4 < 2, 1, -1))
    profile = Profile(Agents(tuple("abcd")), Statements(tuple("123456"), texts), answers)
    for seed in range(20):
        held = hold_out(profile, rng(seed), 4)
        assert held is not None
        assert held.by_votes
        for place in held.places:
            words = texts[int(answers.statement[place])].strip(".!").casefold()
            assert words not in held.shown.texts[int(answers.agent[place])].casefold()


def test_nobody_is_asked_what_they_wrote_themselves() -> None:
    texts = ("More buses.", "Plant trees.", "Lower rents.", "Fix the roads.")
    answers = Answers.of([0] * 4 + [1] * 4, [0, 1, 2, 3] * 2, [1, 1, -1, -1] * 2)
    agents = Agents(("a", "b"), (("I say: more buses! And lower rents.",), ("Nothing.",)))
    held = hold_out(Profile(agents, Statements(tuple("1234"), texts), answers), rng())
    assert held is not None
    assert sorted(set(held.places.tolist())) == [1, 3, 4, 5, 6, 7]


def test_matched_pairs_are_matched(bowling_green: Path) -> None:
    profile = sampled(bowling_green)
    held = hold_out(profile, rng(4), 60)
    assert held is not None
    popular, value = others(profile), profile.answers.value
    up, down = held.pairs.T
    assert (value[up] > 0).all()
    assert (value[down] < 0).all()
    assert (profile.answers.agent[up] == profile.answers.agent[down]).all()
    assert (np.abs(popular[up] - popular[down]) <= BOUND).all()
    assert (popular[up] > popular[down]).sum() == (popular[up] < popular[down]).sum()
    assert np.bincount(np.searchsorted(held.people, profile.answers.agent[up])).max() <= PAIRS


def test_ratings() -> None:
    profile = rated()
    found = validated(Skilled(knowing(profile)), profile, rng())
    assert found is not None
    assert (found["people"]["share"], found["auc"]["share"] > 0.95) == (1.0, True)
    assert found["spearman"] == {"n_people": 25, "mean": 1.0, "low": 1.0, "high": 1.0}
    exact = found["calibration"]
    assert (exact["error"], exact["mean_absolute_error"], exact["n_answers"]) == (0.0, 0.0, 250)
    # Agreement by itself was asked with the utility: nothing is asked twice.
    assert found["calls"] == 2 * found["asked"]
    knows = knowing(profile)
    dull = validated(Skilled(lambda person, statement: 3 + knows(person, statement) / 2), profile, rng(), weight=0)
    assert dull is not None
    assert dull["spearman"]["mean"] == 1.0
    # 1 + 5 s becomes 3.5 + 2.5 s: too high by (1 - s)/2.
    assert dull["calibration"]["too_high_by"] == pytest.approx((1 - np.mean(_held_shares(profile))) / 2)
    assert dull["calls"] == dull["asked"]


def _held_shares(profile: Profile) -> list[float]:
    held = hold_out(profile, rng())
    assert held is not None
    return [float(value) / 4 for value in profile.answers.value[held.drawn]]


def test_rank_correlations_are_scipys() -> None:
    profile, draw = rated(), rng(9)
    noise = {(row, text): draw.normal() for row in range(40) for text in profile.statements.texts}
    knows = knowing(profile)
    who = {parts[0]: row for row, parts in enumerate(profile.agents.texts)}

    def skill(person: str, statement: str) -> float:
        return 3.5 + (knows(person, statement) - 3.5) / 4 + noise[who[person], statement] / 3

    found = validated(Skilled(skill), profile, rng(), weight=0)
    held = hold_out(profile, rng())
    assert found is not None
    assert held is not None
    a, each = profile.answers, []
    for person in held.people:
        own = held.drawn[a.agent[held.drawn] == person]
        text = profile.agents.texts[int(person)][0]
        guessed = [min(max(skill(text, profile.statements.texts[int(a.statement[at])]), 1.0), 6.0) for at in own]
        each.append(stats.spearmanr(guessed, a.value[own]).statistic)
    assert found["spearman"]["mean"] == pytest.approx(np.mean(each), abs=1e-6)
    assert 0.3 < found["spearman"]["mean"] < 0.95


@pytest.mark.long
def test_the_same_seed_the_same_figures(bowling_green: Path) -> None:
    profile = silent(sampled(bowling_green))
    first, second, other = (
        validated(Obedient(order), profile, rng(seed), people=3) for order, seed in ((None, 1), (rng(8), 1), (None, 2))
    )
    assert first == second
    assert first != other
    assert first is not None
    assert first["shown"] == "votes"


@pytest.mark.long
def test_missing_answers_are_counted_and_left_out(bowling_green: Path) -> None:
    profile = sampled(bowling_green)
    plain = validated(Obedient(), profile, rng(), weight=0, people=8)

    def spoil(call: Call, answer: Answer) -> Answer | Failed:
        return Failed("gone") if call.about["agent"] == 3 else answer

    found = validated(Obedient(spoil=spoil), profile, rng(), weight=0, people=8)
    assert plain is not None
    assert found is not None
    assert (plain["missing"], found["n_people"]) == (0, 7)
    assert found["missing"] >= 2 * SIDE
    assert found["asked"] == plain["asked"]
    assert found["validated"]
    nothing = validated(Obedient(spoil=lambda call, answer: Failed("gone")), profile, rng(), people=3)
    assert nothing is not None
    assert (nothing["validated"], nothing["people"], nothing["matched"]) == (False, None, None)
    assert nothing["missing"] == nothing["asked"] > 0
    assert json.dumps(nothing, allow_nan=False)


def test_nothing_to_hold_out() -> None:
    texts = Statements(("1", "2"), ("More buses.", "Plant trees."))
    wrote = Agents(("a", "b"), (("I like trees.",), ("I like buses.",)))
    for answers in (Answers.none(), Answers.of([0, 1], [0, 0], [1, 1]), Answers.of([0, 1], [0, 1], [1, -1])):
        assert validated(Obedient(), Profile(wrote, texts, answers), rng()) is None
    # Shown by their votes, they would have nothing left to show.
    alone = Profile(Agents(("a", "b")), texts, Answers.of([0, 0], [0, 1], [1, -1]))
    assert validated(Obedient(), alone, rng()) is None
    with pytest.raises(InputError, match="at least 1"):
        validated(Obedient(), alone, rng(), people=0)


def test_several_statements_in_a_question_hold_out_and_find_the_same(bowling_green: Path) -> None:
    profile = sampled(bowling_green)
    alone = validated(Obedient(), profile, rng(), weight=0, people=8)
    together = language_reliability.validated(Obedient(), profile, rng(), weight=0, per_prompt=8, people=8)
    assert alone is not None
    assert together is not None
    assert together["calls"] < alone["calls"] / 3
    same = ("asked", "missing", "people", "pairs", "auc", "matched")
    assert {name: together[name] for name in same} == {name: alone[name] for name in same}
