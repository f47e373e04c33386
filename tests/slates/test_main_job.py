"""The main job from end to end: read, complete, choose, audit, and the proof by a second run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import folkmoot as fm
from conversations import write_conversation
from folkmoot.engines.embedded import prepare
from folkmoot.preferences.memo import MEMO
from folkmoot.profile import Agents, Answers, InputError, Profile, Scale, Slate, SlateStatement, Statements, need, words
from folkmoot.profile.costs import Unit
from folkmoot.slates.compare import Checks


@pytest.fixture
def profile(conversation: Path) -> Profile:
    return fm.read(conversation)


def test_every_participant_is_represented_once_or_counted(profile: Profile) -> None:
    slate = fm.slate(profile, 60, draws=5)
    represented = [name for s in slate.statements for name in s.agents]
    assert len(set(represented)) == len(represented)
    assert sorted([*represented, *slate.unassigned]) == sorted(profile.agents.ids)
    assert slate.n_agents == 60


def test_the_budget_and_the_costs_are_words(profile: Profile) -> None:
    slate = fm.slate(profile, 60, draws=0)
    for s in slate.statements:
        assert s.cost == words(s.text) == words(profile.statements.texts[profile.statement_index[s.id]])
    assert sum(s.cost or 0 for s in slate.statements) <= 60


def test_cbjr_holds_on_completed_utilities_over_the_whole_pool(profile: Profile) -> None:
    """Recomputed here from the definition, over every statement of the pool and every threshold."""
    slate = fm.slate(profile, 60, draws=0)
    audit = slate.audit
    assert audit is not None
    assert audit["cbjr"]["violated"] is False
    assert audit["cbjr"]["pool_size"] == 15  # 16 statements, one rejected
    disc = prepare(profile).disc
    utility = disc.utilities(np.arange(60), np.arange(16))
    own = np.full(60, -np.inf)
    chosen = [profile.statement_index[s.id] for s in slate.statements]
    for s, column in zip(slate.statements, chosen, strict=True):
        rows = [profile.agent_index[name] for name in s.agents]
        own[rows] = utility[rows, column]
    for column in set(range(15)) - set(chosen):
        share = need(words(profile.statements.texts[column]), 60, 60)
        for theta in np.unique(utility[:, column]):
            assert ((utility[:, column] >= theta) & (own < theta)).sum() < share


def test_both_camps_are_represented(profile: Profile) -> None:
    """Camp A likes even statements, camp B odd ones: a slate of six gives both what they like."""
    slate = fm.slate(profile, 6, unit="statements", draws=0)
    assert slate.audit is not None
    assert slate.audit["bjr"] is True
    parities = {int(s.id) % 2 for s in slate.statements if s.id != "0"}
    assert parities == {0, 1}
    camp = profile.agents.groups["group"]
    own = [
        camp[profile.agent_index[a]] == str(int(s.id) % 2) for s in slate.statements if s.id != "0" for a in s.agents
    ]
    assert np.mean(own) > 0.8  # one vote in ten is a slip


def test_same_seed_same_bytes(profile: Profile) -> None:
    first = fm.slate(profile, 60, draws=3, seed=4).to_json()
    assert fm.slate(profile, 60, draws=3, seed=4).to_json() == first
    MEMO.clear()  # what was fitted before must not matter
    assert fm.slate(profile, 60, draws=3, seed=4).to_json() == first


@pytest.mark.long
def test_threads_do_not_change_the_bytes(tmp_path: Path) -> None:
    source = write_conversation(tmp_path / "c")
    program = "import sys, folkmoot as fm; sys.stdout.write(fm.slate(fm.read(sys.argv[1]), 60, draws=6).to_json())"
    found = []
    for threads in ("1", "2"):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        environment = {**os.environ, **dict.fromkeys(names, threads), "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(
            [sys.executable, "-c", program, str(source)], env=environment, check=True, capture_output=True
        )
        found.append(done.stdout)
    assert found[0] == found[1]
    assert json.loads(found[0])["audit"]["certificate"]["draws"]["slate"]["draws"] == 6


def test_an_audit_bears_out_the_record(profile: Profile) -> None:
    slate = Slate.from_json(fm.slate(profile, 60, draws=4).to_json())
    found = fm.audited(profile, slate)
    again = fm.rerun(profile, slate)
    assert fm.compare(profile, slate, found, again) == Checks(source=True, slate=True, figures=True, differs=())
    assert again.audit is None


@pytest.mark.long
def test_an_audit_notices_a_changed_source_and_a_doctored_slate(profile: Profile) -> None:
    slate = fm.slate(profile, 60, draws=0)
    value = profile.answers.value.copy()
    value[0] = -value[0] if value[0] else 1
    changed = replace(profile, answers=replace(profile.answers, value=value))
    assert fm.compare(changed, slate, fm.audited(changed, slate)).source is False
    assert slate.audit is not None
    first, *rest = slate.statements
    robbed = replace(slate, statements=(replace(first, agents=first.agents[:1]), *rest))
    found = fm.audit(profile, robbed)
    assert not found.balanced
    assert found.violated


@pytest.mark.parametrize(
    "path",
    [
        "audit.utility.mean",
        pytest.param("audit.excluded.locked_out", marks=pytest.mark.long),
        pytest.param("audit.fairness", marks=pytest.mark.long),
        pytest.param("reliability.accuracy", marks=pytest.mark.long),
        pytest.param("engine.model", marks=pytest.mark.long),
        pytest.param("source.answers", marks=pytest.mark.long),
        pytest.param("n_agents", marks=pytest.mark.long),
        "unassigned",
        pytest.param("statements.0.cost", marks=pytest.mark.long),
        pytest.param("statements.0.provenance.agents", marks=pytest.mark.long),
        pytest.param("process.rounds.0.support", marks=pytest.mark.long),
        pytest.param("process.ties", marks=pytest.mark.long),
    ],
)
def test_no_doctored_entry_comes_out_again(profile: Profile, path: str) -> None:
    body = json.loads(fm.slate(profile, 60, draws=0).to_json())
    *steps, last = path.split(".")
    entry = body
    for step in steps:
        entry = entry[int(step)] if step.isdigit() else entry[step]
    entry[last] = ["7"] if last in ("unassigned", "agents") else 5
    slate = Slate.from_json(json.dumps(body))
    checks = fm.compare(profile, slate, fm.audited(profile, slate), fm.rerun(profile, slate))
    assert checks.differs, path
    assert False in (checks.figures, checks.slate)


def test_a_slate_by_hand_is_audited(profile: Profile) -> None:
    by_hand = Slate.from_json(json.dumps([profile.statements.texts[2].upper(), {"id": "3"}]))
    audit = fm.audit(profile, by_hand, draws=0)
    assert sum(s.people for s in audit.per_statement) == 60
    assert any("names no budget" in note for note in audit.notes)
    assert any("names no agents" in note for note in audit.notes)


def test_a_statement_nobody_voted_on_can_be_audited_and_is_named(profile: Profile) -> None:
    by_hand = Slate((SlateStatement("", "Build a tower of cheese."), SlateStatement("3", "")), (), 40, "words", 60)
    audit = fm.audit(profile, by_hand, draws=2)
    assert any("nobody answered them" in note for note in audit.notes)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"statements": (SlateStatement("99"),)}, "no statement '99'"),
        ({"statements": (SlateStatement("3"), SlateStatement("3"))}, "in the slate twice"),
        ({"statements": (SlateStatement("3", "Something else"),)}, "not the text the source has"),
        (
            {"statements": (SlateStatement("3", agents=("nobody",)),)},
            "who is not in the source; take the source that the slate",
        ),
        ({"statements": (SlateStatement("3", agents=("1", "1")),)}, "represented by two statements"),
        ({"statements": (SlateStatement("3"),), "budget": 2}, "more than its budget of 2"),
        ({"statements": (SlateStatement("3"),), "process": {"options": {"draws": "x"}}}, "draws cannot be 'x'"),
        ({"statements": (SlateStatement("3"),), "process": {"options": 3}}, "options must be an object"),
        ({"statements": (SlateStatement("3"),), "engine": {"name": "oracle"}}, "unknown engine 'oracle'"),
    ],
)
def test_a_slate_that_does_not_fit_is_told_why(profile: Profile, change: dict[str, object], said: str) -> None:
    slate = Slate(statements=(), unassigned=(), budget=40, unit="words", n_agents=60)
    with pytest.raises(InputError, match=said):
        fm.audit(profile, replace(slate, **change), draws=0)  # type: ignore[arg-type]


@pytest.mark.long
def test_locked_statements_and_lengths(profile: Profile) -> None:
    free = fm.slate(profile, 60, draws=0)
    favourite = free.statements[0].id
    out = fm.slate(profile, 60, draws=0, locked_out=[favourite])
    assert favourite not in {s.id for s in out.statements}
    assert out.audit is not None
    assert out.audit["cbjr"]["pool_size"] == 15  # still held against what was locked out
    assert out.audit["excluded"]["locked_out"] == 1
    inside = fm.slate(profile, 60, draws=0, locked_in=["14"])
    assert inside.statements[0].id == "14"
    for nothing, said in (({"min_length": 50}, "no statement is eligible"), ({}, "costs 9, more than the budget of 2")):
        with pytest.raises(InputError, match=said):
            fm.slate(profile, 2, draws=0, **nothing)  # type: ignore[arg-type]
    loud = fm.slate(profile, 60, draws=20, min_answers=59)
    assert [s.id for s in loud.statements] == ["0"]
    assert loud.audit is not None
    assert loud.audit["excluded"]["too_few_answers"] == 14
    assert loud.audit["cbjr"]["pool_size"] == 1
    assert loud.audit["barred"]["counts"] == {"rejected": 1, "too_few_answers": 14}
    assert loud.audit["barred"]["large"] > 0  # who was left out for it is not hidden
    assert loud.audit["barred"]["ask"]
    for options, said in [
        ({"locked_in": ["15"]}, "rejected by moderation"),
        ({"locked_in": ["77"]}, "no statement '77'"),
        ({"locked_in": ["3"], "locked_out": ["3"]}, "locked in and locked out"),
        ({"locked_in": [str(j) for j in range(15)]}, "more than the budget"),
        ({"process": "magic"}, "unknown process 'magic'"),
        ({"process": "bjr"}, "`unit='statements'`"),
        ({"unit": "cost"}, "states no costs"),
        ({"assignment": "fair"}, "`assignment` must be best, process or max-utility, not 'fair'"),
        ({"locked_in": "12"}, "must be a list"),
        ({"locked_in": ["1", "1"]}, "'1' is locked in twice"),
        ({"draws": -1}, "`draws` must be a whole number"),
        ({"seed": -1}, "`seed` must be a whole number"),
        ({"seed": 2**64}, "`seed` must be a whole number"),
        ({"levels": [float("nan")]}, "`levels` must be a list of numbers"),
        ({"levels": [1, 2]}, "from the highest to the lowest"),
    ]:
        with pytest.raises(InputError, match=said):
            fm.slate(profile, 60, **{"draws": 0, **options})  # type: ignore[arg-type, dict-item]


@pytest.mark.parametrize("process", ["democratic-fast", "democratic-complex", "democratic-uniform", "bjr"])
def test_every_process_runs_on_the_conversation(profile: Profile, process: str) -> None:
    unit: Unit = "statements" if process == "bjr" else "words"
    budget = 5 if process == "bjr" else 60
    slate = fm.slate(profile, budget, unit=unit, process=process, draws=0)
    assert slate.statements
    assert slate.process["id"] == process


@pytest.mark.long
def test_what_was_never_moderated_or_hardly_answered_is_named(profile: Profile) -> None:
    pending = replace(profile.statements, moderation=np.where(np.arange(16) == 0, 0, 1).astype(np.int8))
    slate = fm.slate(replace(profile, statements=pending), 60, draws=0, locked_in=["0"])
    assert slate.audit is not None
    assert any("1 of the" in note and "never accepted by moderation" in note for note in slate.audit["notes"])
    few = replace(
        profile, agents=replace(profile.agents, groups={}), answers=Answers.of([0, 1, 1], [0, 0, 1], [1, 1, -1])
    )
    slate = fm.slate(few, 30, draws=0)
    assert slate.audit is not None
    assert any("fewer than 10 people" in note for note in slate.audit["notes"])


@pytest.mark.long
def test_weights_shift_the_slate_and_are_in_every_figure(profile: Profile) -> None:
    """Camp A counts nine times: its statements represent nine times the mass."""
    masses = np.where(np.array(profile.agents.groups["group"]) == "0", 9, 1).astype(np.int64)
    weighted = replace(profile, agents=replace(profile.agents, masses=masses))
    slate = fm.slate(weighted, 10, unit="statements", draws=2)
    even = sum(int(s.id) % 2 == 0 for s in slate.statements)
    assert even >= 7
    assert slate.audit is not None
    assert slate.audit["cbjr"]["violated"] is False
    assert sum(s["mass"] for s in slate.audit["per_statement"]) <= int(masses.sum())
    assert fm.compare(weighted, slate, fm.audited(weighted, slate)).figures is True


def test_texts_alone_say_that_stance_is_not_measured() -> None:
    texts = (("More buses, please.",), ("Buses should run later.",), ("Plant trees along the river.",), ("",))
    profile = Profile(Agents(("a", "b", "c", "d"), texts), Statements((), ()), Answers.none())
    slate = fm.slate(profile, 8)
    assert slate.audit is not None
    assert any("Stance is not measured" in note and "unvalidated" in note for note in slate.audit["notes"])
    assert slate.reliability is None
    assert slate.audit["certificate"]["draws"] is None
    said = " ".join(text for part in texts for text in part)
    for s in slate.statements:
        assert s.text in said
        assert s.provenance.kind == "extracted"
        assert s.provenance.agents
    checks = fm.compare(profile, slate, fm.audited(profile, slate), fm.rerun(profile, slate))
    assert checks == Checks(source=True, slate=True, figures=True, differs=())


def test_complete_ratings_need_no_model() -> None:
    rng = np.random.default_rng(1)
    n, m = 30, 5
    rows, columns = np.divmod(np.arange(n * m), m)
    answers = Answers.of(rows, columns, rng.integers(0, 5, n * m).astype(float), Scale("rating", 0, 4))
    statements = Statements(tuple("abcde"), tuple(f"statement {x}" for x in "abcde"))
    profile = Profile(Agents(tuple(f"p{i}" for i in range(n))), statements, answers)
    slate = fm.slate(profile, 3, unit="statements")
    assert slate.engine["model"] == "none"
    assert slate.audit is not None
    assert slate.audit["certificate"]["known"]["answered"] == 1.0


def test_what_was_not_on_complete_ballots_cannot_be_audited() -> None:
    ballots = Answers.of([0, 1], [0, 1], [1.0, 1.0], Scale("approval", 0, 1, complete=True))
    profile = Profile(Agents(("a", "b")), Statements(("s", "t"), ("Trees.", "Buses.")), ballots)
    with pytest.raises(InputError, match="ballots are complete"):
        fm.audit(profile, Slate.from_json('["Cheese."]'))


def test_no_complaint_on_own_answers_rests_on_a_guess() -> None:
    """Half of the people answered only the statement outside the slate: they may well approve those in it."""
    rows = [*range(30), *range(30, 60), *range(30, 60)]
    columns = [2] * 30 + [0] * 30 + [1] * 30
    profile = Profile(
        Agents(tuple(map(str, range(60)))),
        Statements(("0", "1", "2"), ("More trees.", "More buses.", "More shops.")),
        Answers.of(rows, columns, [1.0] * 90),
    )
    found = fm.audit(profile, Slate.from_json('{"statements": [{"id": "0"}, {"id": "1"}], "budget": 4}'), draws=0)
    known = found.certificate.known
    assert (known.d, known.jr.holds, known.ejr_plus.holds) == (0.0, True, True)


def test_nothing_to_represent_is_said() -> None:
    nobody = Profile(Agents(()), Statements(("s",), ("x",)), Answers.none())
    silent = Profile(Agents(("a",), (("",),)), Statements((), ()), Answers.none())
    for profile, said in ((nobody, "no participants"), (silent, "nothing to represent")):
        with pytest.raises(InputError, match=said):
            fm.slate(profile, 5)
