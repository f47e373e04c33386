"""A slate for which no budget was given, and several budgets side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import folkmoot as fm
from conversations import write_conversation
from folkmoot.formats import read
from folkmoot.processes import Selection
from folkmoot.profile import Agents, Answers, InputError, Options, Profile, Scale, Slate, Statements
from folkmoot.profile.options import Goal
from folkmoot.slates.sweep import steps
from folkmoot.slates.usual import (
    LEAST,
    MOST,
    OFTEN,
    PEOPLE,
    calmest,
    stated_budget,
    usual_size,
    violated_draws,
    why_calmest,
    why_usual,
)

ELECTION = Scale("approval", 0.0, 1.0, complete=True)


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    return read(write_conversation(tmp_path_factory.mktemp("talk") / "c"))


def election(facts: Mapping[str, Any], costs: Sequence[int] | None = None) -> Profile:
    names = tuple(f"p{j}" for j in range(4))
    statements = Statements(names, names, costs=None if costs is None else np.array(costs))
    answers = Answers.of([0, 1, 2, 3], [0, 0, 1, 2], [1.0] * 4, ELECTION)
    return Profile(Agents(("a", "b", "c", "d")), statements, answers, facts=facts)


def test_the_stated_rule() -> None:
    for people in range(1, 1000, 7):
        for eligible in (1, 9, 12, 400):
            size = usual_size(people, eligible)
            assert size <= min(eligible, MOST)
            assert size >= min(eligible, LEAST)
            if size > LEAST:
                assert people >= PEOPLE * size
            if size < min(eligible, MOST):
                assert people < PEOPLE * (size + 1)


def test_one_statement_is_one_statement() -> None:
    assert why_usual(1, 50, 1) == "No budget was given; the slate may have 1 statement, all that can be chosen."
    assert "may have 1 statement, those that are locked in" in why_usual(1, 50, 0)


@given(st.integers(1, 20), st.integers(1, 20), st.lists(st.integers(0, 128), min_size=20, max_size=20))
def test_as_many_as_leave_few_complaints(most: int, least: int, counts: list[int]) -> None:
    shares = {size: count / 128 for size, count in enumerate(counts, start=1)}
    size, found = calmest(most, least, shares.__getitem__)
    tried = range(min(least, most), most + 1)
    assert size in tried
    assert found == {n: shares[n] for n in found}
    calm = [n for n in tried if shares[n] <= OFTEN]
    assert size == (max(calm) if calm else max(n for n in tried if shares[n] == min(shares[m] for m in tried)))
    sentence = why_calmest(size, found) if size < most else ""
    if sentence:
        assert f"may have {size} statements" in sentence
        # What the sentence says of the next larger number is above what it says of this one.
        assert f"{found[size + 1]:.1%}" in sentence or not calm
        assert found[size + 1] > OFTEN
        assert ("fewest" in sentence) == (not calm)


@pytest.mark.long
def test_fewer_statements_where_large_groups_would_complain(talk: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slate of so many statements is complained about in so many draws."""
    monkeypatch.setattr("folkmoot.slates.choose.usual_size", lambda people, eligible: min(eligible, 13))
    for shares, size in (
        ({13: 0.4, 12: 0.2, 11: 0.05}, 11),
        ({13: 0.1}, 13),
        ({13: 0.4, 12: 0.3, 11: 0.2, 10: 0.3}, 11),
    ):
        monkeypatch.setattr(
            "folkmoot.slates.choose.violated_draws", lambda chosen, shares=shares: shares[len(chosen.rounds)]
        )
        slate = fm.slate(talk, draws=0)
        assert (slate.budget, len(slate.statements)) == (size, size)
        sentence = slate.process["usual_budget"]
        assert f"may have {size} statements" in sentence
        assert ("the draws that the slate was chosen on" in sentence) == (size < 13)
        # A number that was asked for is what it is.
        assert fm.slate(talk, 13, unit="statements", draws=0).budget == 13


@pytest.mark.long
def test_the_share_of_draws_is_that_of_the_record(talk: Profile) -> None:
    record = fm.slate(talk, 12, unit="statements", draws=0).process["objective"]["slate"]
    assert 0 <= record["violated"] <= 1
    assert violated_draws(Selection((), 3, {"objective": {"slate": record}})) == record["violated"]
    assert violated_draws(Selection((), 3, {})) is None


def test_without_a_budget_statements_are_counted_and_it_is_said(talk: Profile) -> None:
    slate = fm.slate(talk, draws=3)
    assert (slate.budget, slate.unit, len(slate.statements)) == (10, "statements", 10)
    sentence = slate.process["usual_budget"]
    assert sentence.startswith("No budget was given; the slate may have 10 statements, the fewest")
    assert slate.audit is not None
    assert sentence in slate.audit["notes"]
    given = fm.slate(talk, 10, unit="statements", draws=3)
    assert given.statements == slate.statements
    assert "usual_budget" not in given.process
    assert "No budget" not in " ".join(given.audit["notes"] if given.audit else ())


@pytest.mark.long
def test_what_was_chosen_without_a_budget_comes_out_again(talk: Profile) -> None:
    slate = Slate.from_json(fm.slate(talk, draws=3).to_json())
    assert Goal.of(slate).budget is None
    assert "--budget" not in fm.audited(talk, slate).slate.view.command
    checks = fm.compare(talk, slate, fm.audited(talk, slate), fm.rerun(talk, slate))
    assert (checks.source, checks.slate, checks.figures, checks.differs) == (True, True, True, ())


def test_never_more_than_can_be_chosen(talk: Profile) -> None:
    out = talk.statements.ids[:9]
    slate = fm.slate(talk, locked_out=out, draws=0)
    assert slate.budget == len(slate.statements) < LEAST
    assert "all that can be chosen" in slate.process["usual_budget"]


def test_everything_that_is_locked_in_has_room(talk: Profile) -> None:
    names = talk.statements.ids[:12]
    slate = fm.slate(talk, locked_in=names, draws=0)
    assert {s.id for s in slate.statements} == set(names)
    assert "locked in" in slate.process["usual_budget"]


def test_an_election_has_its_own_budget() -> None:
    participatory = election({"budget": 50.0}, costs=(20, 20, 30, 40))
    slate = fm.slate(participatory, draws=0)
    assert (slate.budget, slate.unit) == (50, "cost")
    assert "source states" in slate.process["usual_budget"]
    seats = election({"committeesize": 2})
    slate = fm.slate(seats, draws=0)
    assert (slate.budget, slate.unit, len(slate.statements)) == (2, "statements", 2)
    assert fm.slate(participatory, unit="statements", draws=0).unit == "statements"


@pytest.mark.parametrize("value", [0, -3, 1.5, "50", True, None, 10**12])
def test_a_budget_that_is_none_is_not_taken(value: object) -> None:
    assert stated_budget(Goal(), election({"budget": value}, costs=(20, 20, 30, 40))) is None
    assert stated_budget(Goal(), election({"committeesize": value})) is None


def test_a_goal_without_a_budget_is_refused_where_one_is_needed(talk: Profile) -> None:
    with pytest.raises(InputError, match=r"^the source states no budget; give `budget`"):
        fm.slate(talk, unit="cost", draws=0)
    with pytest.raises(InputError, match=r"give `budget`$"):
        fm.slate(talk, engine="llm", unit="cost", draws=0)


def test_the_steps_of_a_range() -> None:
    assert steps(5, 5) == (5,)
    for low in (1, 6, 60):
        for width in range(200):
            found = steps(low, low + width)
            assert found[0] == low
            assert found[-1] == low + width
            assert list(found) == sorted(set(found))
            assert len(found) == min(width + 1, 10) or len(found) > 5
            assert len(found) <= 10
    for low, high in ((0, 3), (4, 3)):
        with pytest.raises(InputError, match=r"^`budget` cannot be the range"):
            steps(low, high)


@pytest.mark.long
def test_a_sweep_says_what_the_slates_themselves_say(talk: Profile) -> None:
    budgets = (4, 8)
    rows = fm.sweep(talk, budgets, unit="statements", options=Options(draws=5))
    for row, budget in zip(rows, budgets, strict=True):
        slate = fm.slate(talk, budget, unit="statements", draws=5)
        assert slate.audit is not None
        own = slate.audit["agreement"]
        assert (row.budget, row.spent, row.statements) == (budget, slate.cost, len(slate.statements))
        assert row.agree == pytest.approx(own["agreed"] / own["voted"], abs=1e-6)
        assert row.expected == pytest.approx(own["expected"] / talk.n_agents, abs=1e-6)
        assert row.violated == slate.audit["certificate"]["draws"]["slate"]["violated"]
        assert row.left_over == len(slate.unassigned)
        assert row.worst_group is not None
        assert row.expected is not None
        assert 0 < row.worst_group <= row.expected + 1e-6
    assert fm.sweep(talk, budgets, unit="statements", options=Options(draws=5)) == rows


def test_a_sweep_of_what_nobody_voted_on_and_of_an_election() -> None:
    profile = election({})
    (row,) = fm.sweep(profile, [2], unit="statements")
    assert row.violated is None
    assert row.expected == 0.75
    texts = Agents(
        tuple("abc"), texts=(("More buses in the evening please.",), ("Better parks.",), ("Lower rents now.",))
    )
    (row,) = fm.sweep(replace(profile, agents=texts, statements=Statements((), ()), answers=Answers.none()), [40])
    assert (row.agree, row.expected, row.worst_group, row.violated) == (None, None, None, None)


def test_what_cannot_be_swept_is_refused(talk: Profile) -> None:
    with pytest.raises(InputError, match="at least one budget"):
        fm.sweep(talk, [])
    with pytest.raises(InputError, match="a range of numbers of statements: `unit='statements'`"):
        fm.sweep(talk, [2, 30])
    with pytest.raises(InputError, match="written_sweep"):
        fm.sweep(talk, [30], options=Options(engine="llm"))


def test_folder_is_left_alone(talk: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    fm.sweep(talk, [4], unit="statements", options=Options(draws=0))
    assert not list(tmp_path.iterdir())
