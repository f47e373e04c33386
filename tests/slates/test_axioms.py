"""Exact audits from the outside: of conversations and of elections, in Python and on the command line."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import folkmoot as fm
from folkmoot.audits import AUDITS, Finding, Subject
from folkmoot.audits.axiom_records import AxiomResult
from folkmoot.audits.registry import ALTERNATIVE
from folkmoot.cli import main as cli
from folkmoot.profile import APPROVAL, Agents, Answers, InputError, Profile, Slate, Statements, WorkError
from folkmoot.profile.costs import Unit
from folkmoot.profile.records import to_json
from folkmoot.report.axiom_text import axioms_summary

# Peters and Skowron 2020, Figure 1: three who agree on much get no more than three who agree on nothing.
PAV = """\
profile: [[0, 1, 2, 3], [0, 1, 2, 4], [0, 1, 2, 5], [6, 7, 8], [9, 10, 11], [12, 13, 14]]
num_cand: 15
committeesize: 12
"""
PABULIB = """\
META
key;value
description;Town
num_projects;4
num_votes;5
budget;1000
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;name
p1;400;Park
p2;600;Pool
p3;300;Trees \x1b[31m
p4;500;Library
VOTES
voter_id;vote
v1;p1,p2
v2;p1,p2
v3;p3,p4
v4;p3
v5;p4
"""
TOI = """\
# FILE NAME: x.toi
# DATA TYPE: toi
# NUMBER ALTERNATIVES: 4
# NUMBER VOTERS: 6
# NUMBER UNIQUE ORDERS: 3
# ALTERNATIVE NAME 1: Ann Bee
# ALTERNATIVE NAME 2: Bob Cee
# ALTERNATIVE NAME 3: Cat Dee
# ALTERNATIVE NAME 4: Dan Eff
3: {1,2}
2: 3,{1,4}
1: 4
"""


def results(found: dict[str, AxiomResult]) -> dict[str, AxiomResult]:
    """What `folkmoot.axioms` returns, written as JSON and read again."""
    read = {id: AxiomResult.read(json.loads(json.dumps(one.as_dict()))) for id, one in found.items()}
    assert read == found
    assert {id: one.as_dict() for id, one in read.items()} == to_json(found)
    return read


def run(*words: object, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["folkmoot", *map(str, words)])
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def approvals(sets: list[set[int]], m: int) -> Profile:
    rows = [i for i, s in enumerate(sets) for _ in s]
    columns = [a for s in sets for a in sorted(s)]
    return Profile(
        Agents(tuple(f"v{i}" for i in range(len(sets)))),
        Statements(tuple(f"c{a}" for a in range(m)), tuple(f"Candidate number {a}" for a in range(m))),
        Answers.of(rows, columns, [1.0] * len(rows), APPROVAL),
    )


def by_hand(*ids: str, budget: int = 0) -> Slate:
    return Slate.from_json(json.dumps({"statements": list(ids), "budget": budget}))


def test_an_election_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("yaml")
    source = written(tmp_path / "pav.abc.yaml", PAV)
    slate = written(tmp_path / "slate.json", json.dumps([str(a) for a in (0, 1, 2, *range(6, 15))]))
    assert run("audit", source, slate, "--axiom", "all", monkeypatch=monkeypatch) == 0
    told = capsys.readouterr().out
    assert "core            VIOLATED: 3 people (3 needed) approve more of these 6 statements than of the" in told
    assert "pjr             holds: the group that comes closest has 1 of 2 needed." in told
    assert "priceability    VIOLATED" in told
    assert run("audit", source, slate, "--axiom", "ejr", "--axiom", "core", "--json", monkeypatch=monkeypatch) == 0
    found = json.loads(capsys.readouterr().out)["axioms"]
    assert list(found) == ["ejr", "core"]
    assert found["ejr"]["holds"] is True
    core = found["core"]
    assert (core["holds"], core["ratio"], core["quota"]["limit"]) == (False, 1.0, 0.5)
    assert [s["id"] for s in core["witness"]["statements"]] == ["0", "1", "2", "3", "4", "5"]
    assert (core["witness"]["mass"], core["witness"]["need"], len(core["witness"]["agents"])) == (3, 3, 3)


def test_budgets_and_rankings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, slate = written(tmp_path / "e.pb", PABULIB), written(tmp_path / "s.json", '["p1", "p2"]')
    assert run("audit", source, slate, "--axiom", "all", monkeypatch=monkeypatch) == 0
    told = capsys.readouterr().out
    assert "the source's, 1,000, is taken as the budget" in told
    assert "jr              VIOLATED: 2 people (2 needed) approve this statement, and nothing on the list." in told
    assert "[p3] Trees" in told
    assert "\x1b" not in told
    assert "cbjr-exists     VIOLATED" in told
    ranked = written(tmp_path / "x.toi", TOI)
    slate = written(tmp_path / "t.json", '{"statements": [{"id": "1"}, {"id": "2"}]}')
    assert run("audit", ranked, slate, "--axiom", "priceability", "--level", "2", monkeypatch=monkeypatch) == 0
    told = capsys.readouterr().out
    assert "its own cost, 2 statements, is taken as the budget" in told
    assert "(who values a statement 2 or more approves it)" in told


def test_bad_usage(
    conversation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slate = written(tmp_path / "s.json", '["0"]')
    for words, said in (
        (("--axiom", "love"), "unknown audit 'love'; choose one of alpha-jr, "),
        (("--axiom", "jr", "--level", "nan"), "the level must be a number"),
        (("--axiom", "jr", "--seconds", "0"), "the seconds a number above 0"),
    ):
        assert run("audit", conversation, slate, *words, monkeypatch=monkeypatch) == 2
        found = capsys.readouterr()
        assert said in found.err
        assert found.out == ""
    with pytest.raises(InputError, match="must be a list"):
        fm.axioms(fm.read(conversation), Slate.load(slate), "core")


@pytest.mark.long
def test_a_refusal_loses_nothing_and_is_settled_where_it_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large enough that the core is not tried; one in ten wants c9 and has nothing."""
    rng = np.random.default_rng(3)
    n, m = 4000, 30
    sets = [{a for a in range(m) if a != 9 and rng.random() < 0.4} or {0} for _ in range(n)]
    profile = approvals(sets, m)
    popular = by_hand(*(f"c{a}" for a in range(5)))
    found = fm.axioms(profile, popular, ["core", "cbjr", "priceability"], seconds=5)
    assert list(found) == ["core", "cbjr", "priceability", "jr", "ejr-plus"]
    assert ALTERNATIVE in (found["core"].refused or "")
    assert found["core"].holds is None
    assert found["cbjr"].refused is None
    told = axioms_summary(results(found), fm.audited(profile, popular, draws=0).slate, ["core", "cbjr", "priceability"])
    told = " ".join(told.split())
    assert "core NOT DECIDED: 4000 distinct approval sets over 30 candidates are too many for an exact check" in told
    assert "Instead: jr and, where it is small enough, ejr" in told
    assert told.count("(Added, because another audit refused.)") == 2
    unhappy = approvals([*sets, *({9} for _ in range(1000))], m)
    found = fm.axioms(unhappy, popular, ["core"], seconds=5)
    assert (found["jr"].holds, found["core"].holds, found["core"].because) == (False, False, "jr")
    told = axioms_summary(results(found), fm.audited(unhappy, popular, draws=0).slate)
    assert "VIOLATED, because JR is violated, which core would imply; the check itself refused" in " ".join(
        told.split()
    )


@pytest.mark.parametrize("unit", ["statements", "words"])
def test_what_is_given_up_follows_from_ejr_plus_with_equal_costs(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def endless(subject: Subject, level: float, *, slack: bool = True, nodes: int = 1000) -> Finding:
        tried.append(nodes)
        raise WorkError(f"PJR: too many sets. {ALTERNATIVE}")

    registered = dict(AUDITS) | {"pjr": replace(AUDITS["pjr"], check=endless, nodes=1000)}
    monkeypatch.setattr(AUDITS, "_entries", registered)
    profile = approvals([{0, 1}, {0, 1}, {2, 3}, {2}], 4)
    longer = replace(profile.statements, texts=("One", "Two words", "Three", "Four"))
    profile = replace(profile, statements=longer)
    slate = fm.slate(profile, 4, unit=unit, process="ejr-plus", draws=0)
    found = fm.axioms(profile, slate, ["pjr"])
    assert tried == [8, 128, 1000]
    assert found["ejr-plus"].holds is True
    pjr = found["pjr"]
    assert (pjr.holds, pjr.because) == ((True, "ejr-plus") if unit == "statements" else (None, None))
    told = " ".join(axioms_summary(results(found), slate, ["pjr"]).split())
    settled = "pjr holds, because EJR+ holds and implies it; the check itself refused: too many sets."
    assert (settled if unit == "statements" else "pjr NOT DECIDED: too many sets. Instead: ejr-plus, exact") in told


@pytest.mark.long
def test_every_audit_on_a_conversation(conversation: Path) -> None:
    profile = fm.read(conversation)
    slate = fm.slate(profile, 5, unit="statements", draws=0)
    found = fm.axioms(profile, slate, seconds=2)
    assert set(found) == set(AUDITS)
    audit = slate.audit
    assert audit is not None
    assert found["jr"].holds == audit["jr"]["holds"]
    assert found["ejr-plus"].ratio == pytest.approx(audit["ejr_plus"]["ratio"])
    assert found["cbjr"].holds is not audit["cbjr"]["violated"]
    json.dumps(to_json(found), allow_nan=False)
    told = axioms_summary(results(found), slate)
    for id in AUDITS:
        assert f"  {id:<16}" in told
    assert max(map(len, told.splitlines())) <= 100
