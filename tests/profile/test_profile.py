"""The types everything speaks."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.profile import (
    APPROVAL,
    VOTE,
    Agents,
    Answers,
    InputError,
    Profile,
    Provenance,
    Scale,
    Slate,
    SlateStatement,
    Statements,
    costs,
    fingerprint,
    floors,
    masses_of,
    need,
    needs,
    words,
)


def profile(**changes: object) -> Profile:
    parts: dict[str, object] = {
        "agents": Agents(("a", "b", "c")),
        "statements": Statements(("s", "t"), ("more parks", "fewer  cars\nnow please")),
        "answers": Answers.of([2, 0, 0], [1, 1, 0], [1, -1, 0]),
    }
    return Profile(**{**parts, **changes})  # type: ignore[arg-type]


def test_answers_are_sorted_sparse_and_frozen() -> None:
    p = profile()
    assert p.answers.agent.tolist() == [0, 0, 2]
    assert p.answers.statement.tolist() == [0, 1, 1]
    with pytest.raises(ValueError, match="read-only"):
        p.answers.value[0] = 1
    block = p.dense(np.array([1, 0]))
    np.testing.assert_array_equal(block, [[-1, 0], [np.nan, np.nan], [1, np.nan]])
    np.testing.assert_array_equal(p.dense(np.array([1]), np.array([2, 0])), [[1], [-1]])
    np.testing.assert_array_equal(p.dense(np.array([1, 1]), np.array([2])), [[1, 1]])


def test_pass_is_neither_disagree_nor_missing() -> None:
    np.testing.assert_array_equal(VOTE.utility(np.array([-1, 0, 1, np.nan])), [0, 0.5, 1, np.nan])
    assert VOTE.default_utility is None
    assert APPROVAL.default_utility == 0


def test_approving_is_more_than_the_middle() -> None:
    assert [VOTE.utility(np.array([v]))[0] >= VOTE.approval for v in (-1.0, 0.0, 1.0)] == [False, False, True]
    assert [v >= Scale("rating", 0, 4).approval for v in (0, 2, 3)] == [False, False, True]
    assert [v >= Scale("points", 0, 10, complete=True).approval for v in (0, 1)] == [False, True]


def test_rankings_are_worth_what_they_beat() -> None:
    scale = Scale("ranking", 1, 4, complete=True)
    np.testing.assert_array_equal(scale.utility(np.array([1.0, 2, 2, 4])), [3, 2, 2, 0])
    assert scale.utility_range == (0, 3)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"agents": Agents(("a", "a", "c"))}, "participant id 'a' occurs twice"),
        ({"statements": Statements(("s", "s"), ("x", "y"))}, "statement id 's' occurs twice"),
        ({"statements": Statements(("s", "t"), ("x",))}, "2 statement ids but 1 texts"),
        ({"statements": Statements(("s", "t"), ("x", "y"), kinds=("",))}, "2 statements but 1 entries in kinds"),
        ({"statements": Statements(("s", "t"), ("x", "y"), kinds=("", "joke"))}, "of the kind 'joke'; choose one of"),
        ({"answers": Answers.of([3], [0], [1])}, "a participant who is not in the profile"),
        ({"answers": Answers.of([0], [2], [1])}, "a statement that is not in the profile"),
        ({"answers": Answers.of([0], [0], [2])}, "between -1 and 1"),
        ({"answers": Answers.of([0], [0], [np.nan])}, "between -1 and 1"),
        ({"agents": Agents(("a", "b", "c"), masses=np.array([1, 0, 2]))}, "weights must be positive"),
    ],
)
def test_what_cannot_be_a_profile_says_why(changes: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        profile(**changes)


def test_one_answer_per_pair() -> None:
    with pytest.raises(InputError, match="twice"):
        Answers.of([0, 0], [1, 1], [1, -1])


def test_moderation_decides_the_pool() -> None:
    p = profile(statements=Statements(("s", "t", "u"), ("x", "y", "z"), np.array([1, 0, -1], dtype=np.int8)))
    assert p.pool().tolist() == [0, 1]
    assert p.pool(strict=True).tolist() == [0]


def test_kinds_stay_with_their_statements_and_tell_sources_apart() -> None:
    plain = profile()
    marked = profile(statements=replace(plain.statements, kinds=("", "metadata")))
    assert fingerprint(marked) != fingerprint(plain)
    # What says of no statement what it is says nothing.
    assert fingerprint(profile(statements=replace(plain.statements, kinds=("", "")))) == fingerprint(plain)
    assert marked.with_statements(["u"], ["z"], [Provenance()]).statements.kinds == ("", "metadata", "")
    assert plain.with_statements(["u"], ["z"], [Provenance()]).statements.kinds == ()


def test_words_are_runs_of_non_whitespace() -> None:
    p = profile()
    assert costs(p, "words").tolist() == [2, 4]
    assert costs(p, "words", minimum=3).tolist() == [3, 4]
    assert costs(p, "statements").tolist() == [1, 1]
    assert words(" a\u00a0b\tc ") == 3
    with pytest.raises(InputError, match="states no costs"):
        costs(p, "cost")
    with pytest.raises(InputError, match="unknown unit 'letters'"):
        costs(p, "letters")


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 10**6))
def test_needs_are_exact(cost: int, total: int, budget: int) -> None:
    share = Fraction(cost * total, budget)
    assert need(cost, total, budget) == -(-share.numerator // share.denominator)
    assert needs([cost], total, budget)[0] == need(cost, total, budget)
    assert floors([cost], total, budget)[0] == share.numerator // share.denominator


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=20), st.integers(1, 1000))
def test_weights_keep_their_ratios_exactly(parts: list[int], scale: int) -> None:
    found = masses_of([part / 1000 for part in parts])
    assert [Fraction(int(x), int(found[0])) for x in found] == [Fraction(part, parts[0]) for part in parts]
    assert masses_of([part * scale for part in parts]).tolist() == masses_of(parts).tolist()


@pytest.mark.parametrize("weights", [[1, 0], [1, -2], [1, float("nan")], [1, float("inf")], [1, 1e-9]])
def test_bad_weights_are_refused(weights: list[float]) -> None:
    with pytest.raises(InputError, match="weight"):
        masses_of(weights)


def test_a_slate_reads_back_what_it_writes() -> None:
    slate = Slate(
        (SlateStatement("7", 'Say "no" – <b>', 3, ("a", "b"), Provenance("submitted", ("b",), "seed")),),
        ("c",),
        164,
        "words",
        3,
        {"id": "democratic-fast"},
        {"name": "embedded"},
        7,
        {"balanced": True},
        None,
        {"calls": 0},
        {"format": "polis"},
        "0.1.0",
    )
    assert Slate.from_json(slate.to_json()) == slate
    assert json.loads(slate.to_json())["schema"] == 1
    assert slate.cost == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("{}", "no statements"),
        ('{"statements": []}', "no statements"),
        ('{"statements": [{}]}', "statement 1 needs an id or a text"),
        ('{"statements": [{"id": "1"}], "schema": 99}', "schema 99"),
        ('{"statements": [{"id": "1", "agents": "a"}]}', "statement 1: agents must be a list"),
        ('{"statements": [{"id": "1"}], "budget": "many"}', "budget must be a whole number"),
        ('{"statements": [{"id": "1"}], "budget": true}', "budget must be a whole number"),
        ('{"statements": [{"id": "1"}], "process": 3}', "process must be an object"),
        ('{"statements": [{"id": "1"}], "budget": -5}', "budget"),
    ],
)
def test_a_slate_by_hand_is_told_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        Slate.from_json(text, "slate.json")


def test_a_slate_by_hand_needs_little() -> None:
    slate = Slate.from_json('["More parks", "Fewer cars"]')
    assert [s.text for s in slate.statements] == ["More parks", "Fewer cars"]


@given(st.text())
def test_any_text_is_a_slate_or_an_input_error(text: str) -> None:
    with contextlib.suppress(InputError):
        Slate.from_json(text)
