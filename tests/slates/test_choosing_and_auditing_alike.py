"""What may be chosen is one thing for every process and for the audit; what is barred speaks up with evidence only."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from slate_town import BARRED, IDS, PEOPLE, PROCESSES, audit_of, ids, town

import folkmoot as fm
from folkmoot.profile import (
    Agents,
    Answers,
    Options,
    Profile,
    Slate,
    SlateStatement,
    Statements,
)


@pytest.fixture(scope="module")
def profile() -> Profile:
    return town()


@pytest.mark.long
@pytest.mark.parametrize("process", PROCESSES)
def test_every_rule_bars_in_choosing_and_in_the_audit(profile: Profile, process: str) -> None:
    """Room for everything, so that only rules keep a statement out."""
    slate = fm.slate(profile, 12, unit="statements", process=process, fill=True, draws=0, min_answers=10)
    assert set(ids(slate)) == set(IDS) - set(BARRED) - {"cars"}
    audit = audit_of(slate)
    assert audit["cbjr"]["pool_size"] == len(ids(slate))
    assert {b["id"]: b["reason"] for b in audit["barred"]["statements"]} == BARRED
    assert audit["barred"]["counts"] == {"rejected": 1} | dict.fromkeys(BARRED.values(), 1)
    found = fm.audited(profile, Slate.from_json(slate.to_json()))
    assert found.slate.audit == slate.audit


@pytest.mark.parametrize("process", [PROCESSES[0], *(pytest.param(p, marks=pytest.mark.long) for p in PROCESSES[1:])])
@pytest.mark.parametrize("name", BARRED)
def test_what_is_locked_in_is_in_whatever_the_rules_say(profile: Profile, process: str, name: str) -> None:
    slate = fm.slate(profile, 3, unit="statements", process=process, locked_in=[name], draws=0)
    assert name in ids(slate)
    audit = audit_of(slate)
    assert name not in {b["id"] for b in audit["barred"]["statements"]}
    if name == "again":  # it speaks for the wording that more people answered
        assert "buses" not in ids(slate)
        assert {b["id"]: b["said_by"] for b in audit["barred"]["statements"]}["buses"] == "again"


@pytest.mark.long
@pytest.mark.parametrize(
    ("options", "also"),
    [
        ({"min_length": 0}, "short"),
        ({"min_answers": 0}, "pool"),
        ({"keep_self_descriptions": True}, "mine"),
        ({"keep_metadata": True}, "degree"),
        ({"keep_duplicates": True}, "again"),
    ],
)
def test_every_rule_can_be_switched_off(profile: Profile, options: dict[str, Any], also: str) -> None:
    options = {"min_answers": 10, **options}
    slate = fm.slate(profile, 12, unit="statements", draws=0, **options)
    assert set(ids(slate)) == (set(IDS) - set(BARRED) - {"cars"}) | {also}


def test_all_of_them_can_be_switched_off(profile: Profile) -> None:
    slate = fm.slate(profile, 12, unit="statements", draws=0, all_eligible=True)
    assert set(ids(slate)) == set(IDS) - {"cars"}
    assert "barred" not in audit_of(slate) or set(audit_of(slate)["barred"]["counts"]) == {"rejected"}


def by_hand(*names: str, budget: int = 3) -> Slate:
    return Slate(tuple(SlateStatement(name) for name in names), (), budget, "statements", PEOPLE)


def test_a_slate_by_hand_is_held_against_the_same_statements(profile: Profile) -> None:
    chosen = fm.slate(profile, 3, unit="statements", draws=0)
    hand = fm.audited(profile, by_hand(*ids(chosen)), draws=0).slate.audit
    assert hand is not None
    own = audit_of(chosen)
    assert hand["cbjr"]["pool_size"] == own["cbjr"]["pool_size"] == 6
    assert hand["barred"] == own["barred"]


def test_another_wording_of_a_chosen_statement_counts_as_chosen(profile: Profile) -> None:
    """Both ways: the barred wording is in a slate by hand, and nobody complains that the better one is not."""
    # Whoever wants buses is assigned to rents, the others to "again".
    said = profile.answers
    wants = {int(i) for i in said.agent[(said.statement == 0) & (said.value > 0)]}
    others = tuple(f"p{i}" for i in range(PEOPLE) if i not in wants)
    hand = Slate(
        (SlateStatement("again", agents=others), SlateStatement("rents", agents=tuple(f"p{i}" for i in wants))),
        *((), 4, "statements", PEOPLE),
        process={"options": {"min_answers": 10}},
    )
    audit = fm.audit(profile, hand, draws=0)
    # Six may be chosen; "buses" stands there in other words, so that it is one of them less, and "again" itself counts.
    assert audit.cbjr.pool_size == 6
    assert "buses" not in {v.statement for v in audit.violations}
    apart = fm.audit(profile, replace(hand, process={"options": {"min_answers": 10, "keep_duplicates": True}}), draws=0)
    assert apart.cbjr.pool_size == 7
    assert "buses" in {v.statement for v in apart.violations}


@pytest.mark.long
def test_barred_statements_speak_up_on_peoples_own_answers() -> None:
    """Half of the people want two words that no rule lets through, and reject what was chosen."""
    statements = Statements(
        ("a", "b", "short", "thin"),
        (
            "We need more buses in the evening.",
            "Rents must not rise faster than wages.",
            "More parks",
            "Every school needs a library of its own.",
        ),
    )
    n = 40
    rows = [*range(n), *range(n), *range(n), *range(9)]
    columns = [0] * n + [1] * n + [2] * n + [3] * 9
    unhappy = np.arange(n) < 24
    values = np.concatenate([np.where(unhappy, -1.0, 1.0)] * 2 + [np.where(unhappy, 1.0, -1.0), np.ones(9)])
    profile = Profile(Agents(tuple(map(str, range(n)))), statements, Answers.of(rows, columns, values))
    audit = fm.audit(profile, Slate((SlateStatement("a"), SlateStatement("b")), (), 2, "statements", n), draws=40)
    assert audit.barred is not None
    [violation] = audit.barred.violations
    assert (violation.statement, violation.mass, violation.need, violation.threshold) == ("short", 24, 20, 1.0)
    assert audit.barred.d == 1.2
    # Nine answers cannot be a group of twenty: whatever is predicted of it is a question, not a complaint.
    asked = {each.id: each for each in audit.barred.ask}
    assert "thin" not in {v.statement for v in audit.barred.violations}
    assert asked["thin"].answers == 9
    assert asked["thin"].low <= asked["thin"].expected <= asked["thin"].high
    assert not audit.violated or {v.statement for v in audit.violations} <= {"a", "b"}
    # Nobody knows anything without draws.
    silent = fm.audit(profile, Slate((SlateStatement("a"), SlateStatement("b")), (), 2, "statements", n), draws=0)
    assert silent.barred is not None
    assert (silent.barred.ask, silent.barred.large) == ((), 0)
    assert silent.barred.violations == audit.barred.violations


def test_a_record_from_before_the_rules_is_read_without_them() -> None:
    """What such a slate was chosen from is every statement that moderation let pass, and nothing filled it."""
    recorded = {"process": "democratic-fast", "min_answers": 0, "min_length": 0, "validate": 25}
    old = Options.of(Slate((), (), 1, "words", 0, process={"id": "democratic-fast", "options": recorded}))
    assert (old.all_eligible, old.no_fill, old.min_answers) == (True, True, 0)
    new = Options.of(Slate((), (), 1, "words", 0, process={"options": {**recorded, "all_eligible": False}}))
    assert (new.all_eligible, new.no_fill) == (False, False)
    by_hand = Options.of(Slate((), (), 1, "words", 0))
    assert (by_hand.all_eligible, by_hand.no_fill) == (False, False)
