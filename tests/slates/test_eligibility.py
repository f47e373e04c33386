"""Which statements may be chosen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import folkmoot as fm
from folkmoot.profile import APPROVAL, Agents, Answers, Comparisons, InputError, Profile, Scale, Statements
from folkmoot.slates.eligibility import eligible
from folkmoot.slates.rules import REASONS, Rules

TEXTS = (
    "We need more buses in the evening.",  # 0
    "Please, more buses in the evening!",  # 1: near 0
    "I live on the east side of town.",  # 2
    "More parks",  # 3
    "The town should plant trees along every street.",  # 4
    "What is your highest school degree?",  # 5: metadata
    "Close the harbour to large ships at night.",  # 6: pending
    "Ban all cars from the old town centre.",  # 7: rejected
    "The swimming pool should open on Sundays.",  # 8: few answers
)
ANSWERED = (30, 20, 40, 40, 12, 25, 11, 30, 4)


def profile(answered: tuple[int, ...] = ANSWERED, **changes: object) -> Profile:
    """Forty people; statement j is answered by the first ``answered[j]``, who agree but for every third."""
    agent = np.concatenate([np.arange(n) for n in answered])
    statement = np.repeat(np.arange(len(answered)), answered)
    made = Profile(
        Agents(tuple(f"p{i}" for i in range(40))),
        Statements(
            tuple(f"s{j}" for j in range(len(answered))),
            TEXTS[: len(answered)],
            np.array([1, 1, 1, 1, 1, 1, 0, -1, 1], dtype=np.int8)[: len(answered)],
            kinds=("", "", "", "", "", "metadata", "", "", "")[: len(answered)],
        ),
        Answers.of(agent, statement, np.where(agent % 3 == 0, -1, 1)),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_every_reason_in_its_order() -> None:
    found = eligible(profile())
    assert found.reasons == (
        "",
        "said_better_elsewhere",
        "about_the_speaker",
        "too_little_text",
        "",
        "metadata",
        "",
        "rejected",
        "too_few_answers",
    )
    assert found.columns.tolist() == [0, 4, 6]
    assert found.said_by.tolist() == [-1, 0, -1, -1, -1, -1, -1, -1, -1]
    assert found.counts == {
        "rejected": 1,
        "not_accepted": 0,
        "too_few_answers": 1,
        "too_little_text": 1,
        "about_the_speaker": 1,
        "metadata": 1,
        "said_better_elsewhere": 1,
    }
    assert list(found.counts) == list(REASONS)
    assert [(each.id, each.reason, each.answers, each.said_by) for each in found.barred] == [
        ("s8", "too_few_answers", 4, ""),
        ("s3", "too_little_text", 40, ""),
        ("s2", "about_the_speaker", 40, ""),
        ("s5", "metadata", 25, ""),
        ("s1", "said_better_elsewhere", 20, "s0"),
    ]
    assert found.notes == ()
    assert found.as_dict()["eligible"] == 3


@pytest.mark.parametrize(
    ("rules", "also"),
    [
        (Rules(min_answers=0), [8]),
        (Rules(min_words=0), [3]),
        (Rules(about_the_speaker=False), [2]),
        (Rules(metadata=False), [5]),
        (Rules(duplicates=False), [1]),
        (Rules.none(), [1, 2, 3, 5, 8]),
    ],
)
def test_every_rule_can_be_switched_off(rules: Rules, also: list[int]) -> None:
    assert eligible(profile(), rules).columns.tolist() == sorted([0, 4, 6, *also])


def test_what_is_pending_is_marked_in_the_list_and_what_is_rejected_is_not_in_it() -> None:
    few = (*ANSWERED[:6], 4, 30, 4)
    assert {each.id: each.pending for each in eligible(profile(few)).barred if each.reason == "too_few_answers"} == {
        "s6": True,
        "s8": False,
    }
    assert "s7" not in {each.id for each in eligible(profile(few)).barred}
    assert eligible(profile()).same_group(7).tolist() == [7]


def test_strict_leaves_out_what_moderation_has_not_accepted() -> None:
    assert eligible(profile(), Rules(strict=True)).reasons[6] == "not_accepted"


def test_locked_in_statements_always_pass() -> None:
    found = eligible(profile(), keep=("s1", "s2", "s3", "s5", "s8"))
    assert found.columns.tolist() == [1, 2, 3, 4, 5, 6, 8]
    assert found.said_by[0] == 1  # what is locked in speaks for what is near it
    both = eligible(profile(), keep=("s0", "s1"))
    assert both.may_be_chosen[[0, 1]].all()
    with pytest.raises(InputError, match="'s7' was rejected"):
        eligible(profile(), keep=("s7",))
    with pytest.raises(InputError, match="no statement 'x'"):
        eligible(profile(), keep=("x",))
    with pytest.raises(InputError, match="in a list"):
        eligible(profile(), keep="s1")


def test_what_is_locked_out_speaks_for_others_only_where_nothing_else_can() -> None:
    assert eligible(profile(), avoid=("s0",)).said_by.tolist()[:2] == [1, -1]
    assert eligible(profile(), avoid=("s0", "s1")).said_by.tolist()[:2] == [-1, 0]


def test_the_floor_is_lowered_where_too_few_would_remain() -> None:
    # Four statements have ten answers, and two of them say nearly the same.
    found = eligible(profile(), budget=3, unit="statements")
    assert (found.min_answers, found.reasons[8]) == (10, "too_few_answers")  # three spend it once
    found = eligible(profile(), budget=4, unit="statements")
    assert (found.min_answers, found.reasons[8]) == (2, "")
    assert found.notes == (
        "Too few different statements have 10 answers for this budget, so 2 are enough here (still 10 for statements "
        "that moderation has not accepted).",
    )


def test_the_floor_is_never_lowered_for_pending_statements() -> None:
    few = (*ANSWERED[:6], 4, 30, 4)
    found = eligible(profile(few), budget=9, unit="statements")
    assert (found.min_answers, found.reasons[6], found.reasons[8]) == (2, "too_few_answers", "")
    found = eligible(profile(few), Rules(evidence_for_pending=False), budget=9, unit="statements")
    assert found.reasons[6] == ""


def test_a_source_that_was_never_moderated_has_no_pending_statements() -> None:
    some = profile()
    free = replace(some, statements=replace(some.statements, moderation=None))
    assert eligible(free, budget=20, unit="statements").reasons[6] == ""


def test_what_the_source_says_counts_for_more_than_words() -> None:
    some = profile()
    kinds = ("about the speaker", "", "opinion", "", "", "", "", "", "")
    found = eligible(replace(some, statements=replace(some.statements, kinds=kinds)))
    assert found.reasons[0] == "about_the_speaker"
    assert found.reasons[2] == found.reasons[5] == ""


def test_complete_ballots_are_left_alone() -> None:
    ballots = Profile(
        Agents(("a", "b")),
        Statements(("x", "y", "z"), ("New park", "New park", "I live here")),
        Answers.of([0], [0], [1.0], APPROVAL),
    )
    found = eligible(ballots, budget=3, unit="statements")
    assert found.may_be_chosen.all()
    assert found.notes == ("Ballots are complete, so nothing is left out for its text or for too few answers.",)
    assert found.same_group(0).tolist() == [0]


def test_ratings_of_names_keep_every_name() -> None:
    names = ("Salmon roll", "Salmon rolls", "Tuna", "Egg", "My favourite roll of the house")
    agent, statement = np.divmod(np.arange(100), 5)
    dishes = Profile(
        Agents(tuple(map(str, range(20)))),
        Statements(tuple("abcde"), names),
        Answers.of(agent, statement, (agent % 5).astype(float), Scale("rating", 0.0, 4.0)),
    )
    found = eligible(dishes)
    assert found.may_be_chosen.all()
    assert found.notes == ("Most of what can be chosen are names, not sentences, so nothing is left out for its text.",)
    told = eligible(dishes, Rules(pool_of_names=False))
    assert told.reasons[2] == "too_little_text"
    # A dish that hardly anybody rated still lacks evidence.
    few = Answers.of(agent[:-4], statement[:-4], np.ones(96), Scale("rating", 0.0, 4.0))
    assert eligible(replace(dishes, answers=few), Rules(min_answers=20)).counts["too_few_answers"] == 4


def test_a_conversation_full_of_scribbles_is_still_one() -> None:
    scribbles = tuple(f"asdf {j}" for j in range(40))
    some = profile()
    s = some.statements
    many = replace(
        some,
        statements=Statements(
            s.ids + tuple(f"x{j}" for j in range(40)),
            s.texts + scribbles,
            None if s.moderation is None else np.append(s.moderation, np.zeros(40, dtype=np.int8)),
        ),
    )
    assert eligible(many).reasons[3] == "too_little_text"


def test_comparisons_are_evidence() -> None:
    texts = ("We should build the bridge now.", "We should repair the old ferry.", "Nobody should pay for the tunnel.")
    who = np.arange(12)
    compared = Profile(
        Agents(tuple(map(str, range(12)))),
        Statements(("x", "y", "z"), texts),
        Answers.none(Scale("comparison", 0.0, 1.0)),
        comparisons=Comparisons.of(np.repeat(who, 2), np.zeros(24, dtype=int), np.ones(24, dtype=int)),
    )
    found = eligible(compared)
    assert found.answers.tolist() == [12, 12, 0]  # asked twice is one person
    assert found.reasons == ("", "", "too_few_answers")


def test_where_nobody_answered_nothing_is_left_out_for_it() -> None:
    found = eligible(profile((0,) * 9), budget=10)
    assert found.columns.tolist() == [0, 1, 4, 6, 8]  # words alone are not enough to join 0 and 1
    assert "Nobody has answered anything yet" in found.notes[0]


def test_languages_without_rules_are_named() -> None:
    some = profile()
    dutch = ("Ik woon in het oosten van de stad.", "Er moeten meer bomen in de straat van de school komen.")
    mixed = replace(some, statements=replace(some.statements, texts=(*dutch, *TEXTS[2:])))
    found = eligible(mixed)
    assert found.reasons[0] == ""
    assert found.notes == (
        "Statements about their authors are told by rules for English, German, French, Spanish only; not looked at: "
        "2 in Dutch.",
    )
    assert eligible(mixed, Rules(about_the_speaker=False)).notes == ()


def test_same_group() -> None:
    found = eligible(profile())
    assert found.same_group(0).tolist() == found.same_group(1).tolist() == [0, 1]
    assert found.same_group(4).tolist() == [4]
    assert found.same_group(8).tolist() == [8]
    assert eligible(profile(), Rules(duplicates=False)).same_group(0).tolist() == [0]
    assert found.also(0).tolist() == [1]
    assert found.also(1).tolist() == []


def test_same_group_of_a_statement_that_may_not_be_chosen() -> None:
    some = profile()
    texts = (*TEXTS[:8], "Please: more buses in the evening")
    found = eligible(replace(some, statements=replace(some.statements, texts=texts)))
    assert found.reasons[8] == "too_few_answers"
    assert found.same_group(8).tolist() == [1, 8]
    assert found.same_group(0).tolist() == [0, 1]


def test_nothing_at_all() -> None:
    empty = Profile(Agents(()), Statements((), ()), Answers.none())
    found = eligible(empty, budget=10)
    assert found.columns.tolist() == []
    assert found.as_dict()["barred"] == []
    with pytest.raises(InputError, match="at least 1"):
        eligible(empty, budget=0)


@pytest.mark.parametrize(
    "given",
    [{"min_answers": -1}, {"min_answers": True}, {"min_words": 1.5}, {"duplicates": 1}, {"pool_of_names": "no"}],
)
def test_rules_that_cannot_be(given: dict[str, object]) -> None:
    with pytest.raises(InputError, match=next(iter(given))):
        Rules(**given)  # type: ignore[arg-type]


SENTENCES = st.sampled_from([*TEXTS, "", "Ban the cars", "Mehr Busse am Abend und in der Nacht", "公園に木を植える"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(SENTENCES, min_size=1, max_size=9),
    st.integers(0, 2**16),
    st.sets(st.integers(0, 8), max_size=3),
    st.sampled_from([None, 3, 40]),
)
def test_whatever_is_barred_is_accounted_for(texts: list[str], seed: int, locked: set[int], budget: int | None) -> None:
    rng = np.random.default_rng(seed)
    m, n = len(texts), 40
    known = rng.random((n, m)) < rng.random(m)
    agent, statement = np.nonzero(known)
    some = Profile(
        Agents(tuple(map(str, range(n)))),
        Statements(tuple(map(str, range(m))), tuple(texts), rng.integers(-1, 2, m).astype(np.int8)),
        Answers.of(agent, statement, rng.integers(-1, 2, len(agent)).astype(float)),
    )
    moderation = some.statements.moderation
    assert moderation is not None
    keep = [str(j) for j in sorted(locked) if j < m and moderation[j] >= 0]
    found = eligible(some, keep=keep, budget=budget)
    assert all(found.may_be_chosen[int(name)] for name in keep)
    assert sum(found.counts.values()) + int(found.may_be_chosen.sum()) == m
    assert found.min_answers <= 10
    for j, reason in enumerate(found.reasons):
        assert (found.said_by[j] >= 0) == (reason == "said_better_elsewhere")
        if found.said_by[j] >= 0:
            assert found.may_be_chosen[found.said_by[j]]
            assert j in found.same_group(int(found.said_by[j]))
        elif not reason and str(j) not in keep:
            others = [other for other in found.same_group(j) if found.may_be_chosen[other] and str(other) not in keep]
            assert others == [j]  # no kept pair is near
            assert moderation[j] == 1 or found.answers[j] >= 10 or not len(agent)


EXPECTED = {
    # conversation: statements that may be chosen, about the speaker, said better elsewhere
    "15-per-hour-seattle": (30, 0, 0),
    "american-assembly.bowling-green": (555, 3, 43),
    "canadian-electoral-reform": (119, 26, 6),
    "football-concussions": (39, 3, 1),
    "scoop-hivemind.biodiversity": (145, 7, 2),
    "ssis.land-bank-farmland.2rumnecbeh.2021-08-01": (171, 9, 6),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_real_conversations(name: str, shared: Path) -> None:
    some = fm.read(shared / "polis" / name)
    found = eligible(some, budget=164)
    counts = found.counts
    assert (
        int(found.may_be_chosen.sum()),
        counts["about_the_speaker"],
        counts["said_better_elsewhere"],
    ) == EXPECTED[name]
    assert (found.min_answers, found.notes) == (10, ())
    texts = some.statements.texts
    for j in found.columns.tolist():
        assert found.answers[j] >= 10
        assert found.same_group(j)[found.may_be_chosen[found.same_group(j)]].tolist() == [j]
    kept = {texts[j].strip() for j in found.columns}
    opinions = {
        "canadian-electoral-reform": "My vote is wasted under the current electoral system and so I often choose not "
        "to vote.",
        "football-concussions": "I'm still going to watch football.",
        "ssis.land-bank-farmland.2rumnecbeh.2021-08-01": "I am grateful for the Land Bank.",
        "american-assembly.bowling-green": "Medical marijuana should be legal.",
    }
    assert name not in opinions or opinions[name] in kept


@pytest.mark.long
def test_traffic_in_bowling_green(bowling_green: Path) -> None:
    some = fm.read(bowling_green)
    found = eligible(some, budget=164)
    texts = list(some.statements.texts)
    one = texts.index("Something needs to be done to improve traffic flow")
    other = next(j for j, text in enumerate(texts) if text.startswith("Traffic flow needs to be improved throughout"))
    assert found.said_by[one] == other
    assert one in found.same_group(other)
