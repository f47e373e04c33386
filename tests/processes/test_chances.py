"""Rules that look at approvals only are given chances of agreement where answers are missing."""

from __future__ import annotations

import inspect
from pathlib import Path

import numpy as np
import pytest

import folkmoot as fm
from conversations import write_conversation
from folkmoot.engines import Task
from folkmoot.formats import read
from folkmoot.processes import PROCESSES
from folkmoot.profile import Agents, Answers, Options, Profile, Scale, Statements
from folkmoot.queries.beliefs import LIKELY, Chances
from folkmoot.slates.case import Case
from folkmoot.slates.choose import choose

DECLARED = [entry.id for entry in PROCESSES.values() if entry.approvals]


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    return read(write_conversation(tmp_path_factory.mktemp("talk") / "c"))


def case_of(profile: Profile, process: str) -> Case:
    return Case.begin(profile, Task(Options(process=process), 5, "statements"), unit="statements")


def test_every_rule_on_approvals_declares_it() -> None:
    assert {"seqphragmen", "equal-shares", "seqpav", "pav", "cc", "ejr-plus", "thiele-approval"} <= set(DECLARED)
    for entry in PROCESSES.values():
        if entry.id.startswith(("thiele-", "seqthiele-", "equal-shares")):
            assert entry.approvals == (not entry.id.startswith("equal-shares-cardinal")), entry.id
    for id in ("robust", "popular", "cc-utility", "monroe", "democratic-fast"):
        assert not PROCESSES.find(id).approvals


def test_whoever_answered_approves_as_they_said(talk: Profile) -> None:
    case = case_of(talk, "seqphragmen")
    assert case.beliefs is not None
    pool, disc = case.pool, Chances(case.beliefs, case.pool.disc)
    chances, known = disc.utilities(pool.agents, pool.statements), disc.known(pool.agents, pool.statements)
    utilities = pool.utilities(pool.agents, np.arange(pool.size))
    assert ((chances >= 0) & (chances <= 1)).all()
    assert ((chances >= LIKELY) == (utilities >= talk.answers.scale.approval))[known].all()
    assert not known.all()


@pytest.mark.parametrize("process", ["seqphragmen", "equal-shares", "seqpav", "ejr-plus", "cc", "greedy-monroe"])
def test_supports_are_counts_of_likely_approvers(talk: Profile, process: str) -> None:
    case = case_of(talk, process)
    chosen = choose(case)
    assert chosen.selection.parameters["approves"] == "chance"
    assert case.beliefs is not None
    chances = case.beliefs.chances(case.pool.agents, case.pool.statements)
    for place in chosen.selection.rounds:
        if place.level is not None and process != "greedy-monroe":
            assert place.support == int((chances[:, place.candidate] >= LIKELY).sum())
            assert place.level == LIKELY
    assert (chosen.subject.pool.statements == case.pool.statements).all()


def test_a_statement_with_one_vote_is_not_approved_by_those_who_would_rather_not() -> None:
    people = tuple(f"p{i}" for i in range(40))
    scale = Scale("vote", -1.0, 1.0)
    # Everybody agrees with one statement and disagrees with three, and one person agrees with the fifth.
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for i in range(40):
        rows += [i] * 4
        columns += range(4)
        values += [1.0, -1.0, -1.0, -1.0]
    rows, columns, values = [*rows, 0], [*columns, 4], [*values, 1.0]
    names = tuple(f"s{j}" for j in range(5))
    texts = tuple(f"The town should build {word} now." for word in ("parks", "roads", "walls", "towers", "ports"))
    profile = Profile(Agents(people), Statements(names, texts), Answers.of(rows, columns, values, scale))
    options = Options(process="seqphragmen", all_eligible=True, no_fill=True)
    case = Case.begin(profile, Task(options, 2, "statements"), unit="statements")
    assert choose(case).selection.rounds[0].candidate == 0


def test_complete_ballots_are_taken_as_they_are() -> None:
    scale = Scale("approval", 0.0, 1.0, complete=True)
    answers = Answers.of([0, 1, 2, 3], [0, 0, 1, 2], [1.0] * 4, scale)
    profile = Profile(Agents(tuple("abcd")), Statements(tuple("xyz"), tuple("xyz")), answers)
    slate = fm.slate(profile, 2, unit="statements", process="seqphragmen", draws=0)
    assert slate.process["approval"] == scale.approval
    assert "approves" not in slate.process


def test_the_declaration_is_where_approvals_are_read() -> None:
    """A rule whose module reads the approval level declares it, or says on what else it rests."""
    others = {
        "robust",
        "calibrated",
        "cc-utility",
        "monroe",
        *(id for id in PROCESSES if id.startswith("equal-shares-cardinal")),
    }
    for entry in PROCESSES.values():
        module = inspect.getmodule(entry.run)
        assert module is not None
        text = Path(str(module.__file__)).read_text(encoding="utf-8")
        if "problem.approval" in text and "/rules/" in str(module.__file__):
            assert entry.approvals or entry.id in others, entry.id
