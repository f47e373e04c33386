"""What is chosen by default: the budget is spent, nobody is left over, and the same slate comes out again."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from slate_town import BARRED, GREEDY, IDS, PEOPLE, PROCESSES, ROOT, TOWN, audit_of, ids, many, town

import folkmoot as fm
from folkmoot.formats.repeats import repeats
from folkmoot.preferences.memo import MEMO
from folkmoot.profile import (
    Agents,
    Answers,
    InputError,
    Profile,
    Scale,
    Slate,
    Statements,
)
from folkmoot.slates.compare import Checks
from repeated_survey import write_survey


@pytest.fixture(scope="module")
def profile() -> Profile:
    return town()


@pytest.mark.parametrize(
    "process",
    [
        pytest.param(p, marks=[] if p == "robust" else pytest.mark.long)
        for p in [*PROCESSES, "democratic-complex", "equal-shares"]
    ],
)
def test_a_budget_is_spent_and_nobody_is_left_over(profile: Profile, process: str) -> None:
    for budget, count in ((5, 5), (40, 6)):
        slate = fm.slate(profile, budget, unit="statements", process=process, draws=0, min_answers=10)
        assert len(slate.statements) == count  # six may be chosen
        assert (slate.unassigned == ()) is (count == budget)
        # Where the pool ends, a reader is told what leaves nobody over.
        assert any("with --budget 6 nobody is" in note for note in audit_of(slate)["notes"]) is (count < budget)
    slate = fm.slate(profile, 30, process=process, draws=0, min_answers=10)
    spent, chosen = sum(s.cost or 0 for s in slate.statements), set(ids(slate))
    shortest = min(len(text.split()) for id, text, _ in TOWN if id not in {*BARRED, "cars", *chosen})
    assert 30 - spent < shortest


@pytest.mark.parametrize(
    "process", [pytest.param("robust", marks=pytest.mark.long), "democratic-fast", "bjr", "seqphragmen", "popular"]
)
def test_fifteen_statements_are_fifteen(process: str) -> None:
    slate = fm.slate(many(), 15, unit="statements", process=process, keep_duplicates=True, draws=0)
    assert len(slate.statements) == 15
    assert slate.unassigned == ()


def test_whoever_does_not_want_it_filled_stops_where_the_process_stops(profile: Profile) -> None:
    one = fm.slate(profile, 6, unit="statements", process="democratic-fast", no_fill=True, draws=0)
    two = fm.slate(profile, 6, unit="statements", process="democratic-fast", draws=0)
    assert ids(two)[: len(ids(one))] == ids(one)
    assert len(ids(two)) == 6 >= len(ids(one))


def test_what_the_source_decides() -> None:
    unfinished = town()
    assert fm.slate(unfinished, 4, unit="statements", draws=0).process["id"] == "robust"
    rng = np.random.default_rng(0)
    rows, columns = np.nonzero(rng.random((20, 4)) < 0.5)
    ballots = Profile(
        Agents(tuple(map(str, range(20)))),
        Statements(tuple("abcd"), ("Ada", "Bo", "Cy", "Di")),
        Answers.of(rows, columns, np.ones(len(rows)), Scale("approval", 0, 1, complete=True)),
    )
    slate = fm.slate(ballots, 2, unit="statements", draws=0)
    assert slate.process["id"] == "democratic-fast"
    assert slate.process["options"]["process"] == "democratic-fast"
    texts = Profile(
        Agents(("a", "b"), (("Plant trees along the whole river.",), ("Buses should run later at night.",))),
        Statements((), ()),
        Answers.none(),
    )
    assert fm.slate(texts, 12).process["id"] == "democratic-fast"


@pytest.mark.parametrize("process", ["democratic-fast", "popular", "bjr"])
def test_consensus_is_refused_where_it_has_no_use(profile: Profile, process: str) -> None:
    with pytest.raises(InputError, match=f"process '{process}' has no use for `consensus`"):
        fm.slate(profile, 3, unit="statements", process=process, consensus=0.5, draws=0)
    recorded = fm.slate(profile, 3, unit="statements", consensus=0.5, draws=0)
    assert recorded.process["consensus"] == 0.5


@pytest.mark.long
def test_the_same_bytes_again_and_from_the_record(profile: Profile) -> None:
    slate = fm.slate(profile, 4, unit="statements", draws=5, seed=3)
    MEMO.clear()
    assert fm.slate(profile, 4, unit="statements", draws=5, seed=3).to_json() == slate.to_json()
    recorded = Slate.from_json(slate.to_json())
    checks = fm.compare(profile, recorded, fm.audited(profile, recorded), fm.rerun(profile, recorded))
    assert checks == Checks(source=True, slate=True, figures=True, differs=())
    other = fm.audited(profile, recorded, draws=2)
    assert other.draws_differ
    assert fm.compare(profile, recorded, other).differs == ()


@pytest.mark.long
def test_threads_do_not_change_what_robust_chooses(tmp_path: Path) -> None:
    fm.write(many(), tmp_path / "many.csv", "ratings")
    program = (
        "import sys, folkmoot as fm\n"
        "sys.stdout.write(fm.slate(fm.read(sys.argv[1]), 9, unit='statements', draws=6, consensus=0.5).to_json())"
    )
    found = []
    for threads in ("1", "2"):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        environment = {**os.environ, **dict.fromkeys(names, threads), "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / "many.csv")],
            env=environment,
            check=True,
            capture_output=True,
        )
        found.append(done.stdout)
    assert found[0] == found[1]
    assert json.loads(found[0])["process"]["id"] == "robust"


@pytest.mark.long
def test_the_old_default_chooses_what_it_chose() -> None:
    """Statements and people of the bundled example, recorded at the commit before rules and `robust` were wired in."""
    slate = fm.slate(fm.read(ROOT / "examples" / "bowling-green"), 164, draws=0, **GREEDY)
    told = json.dumps([[[s.id, list(s.agents)] for s in slate.statements], list(slate.unassigned)])
    assert (
        hashlib.sha256(told.encode()).hexdigest() == "cc4e9c7ffc7ec3645022ae58f1b4758ad95910fd2673ccb685dad3461b40ba8a"
    )


@pytest.mark.long
def test_weights_shift_what_robust_chooses(profile: Profile) -> None:
    masses = np.where(np.arange(PEOPLE) % 2 == 0, 9, 1).astype(np.int64)
    weighted = replace(profile, agents=replace(profile.agents, masses=masses))
    slate = fm.slate(weighted, 3, unit="statements", draws=2)
    even = {id for j, id in enumerate(IDS) if j % 2 == 0}
    assert sum(id in even for id in ids(slate)) >= 2
    audit = audit_of(slate)
    assert audit["cbjr"]["violated"] is False
    assert sum(s["mass"] for s in audit["per_statement"]) == int(masses.sum())
    assert audit["agreement"]["assigned"] == int(masses.sum())
    assert fm.compare(weighted, slate, fm.audited(weighted, slate), fm.rerun(weighted, slate)).differs == ()


@pytest.mark.long
def test_ratings_and_comparisons_are_chosen_from_by_robust(profile: Profile, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    a = profile.answers
    stars = np.clip(np.where(a.value > 0, 4, 2) + rng.integers(-1, 2, len(a)), 1, 5).astype(float)
    rated = replace(profile, answers=Answers.of(a.agent, a.statement, stars, Scale("rating", 1, 5)))
    slate = fm.slate(rated, 4, unit="statements", draws=3)
    assert (slate.process["id"], len(slate.statements), slate.unassigned) == ("robust", 4, ())
    assert fm.compare(rated, slate, fm.audited(rated, slate), fm.rerun(rated, slate)).differs == ()
    lines = ["participant,winner,loser"]
    for i in range(30):
        for _ in range(8):
            one, two = rng.choice(6, 2, replace=False)
            better, worse = (one, two) if (one % 2 == i % 2) >= (two % 2 == i % 2) else (two, one)
            lines.append(f"p{i},Option {better},Option {worse}")
    table = tmp_path / "pairs.csv"
    table.write_text("\n".join(lines) + "\n", "utf-8")
    pairs = fm.read(table)
    assert len(pairs.comparisons)
    slate = fm.slate(pairs, 3, unit="statements", draws=3)
    assert (slate.process["id"], len(slate.statements), slate.unassigned) == ("robust", 3, ())
    assert fm.compare(pairs, slate, fm.audited(pairs, slate), fm.rerun(pairs, slate)).differs == ()


@pytest.mark.long
def test_repeated_answers_are_chosen_from_by_robust(tmp_path: Path) -> None:
    table, votes = write_survey(tmp_path)
    source = fm.read(votes)
    slate = fm.slate(source, 3, unit="statements", repeats=repeats(table, source), draws=2)
    assert (slate.process["id"], len(slate.statements)) == ("robust", 3)
    found = fm.audited(source, slate, repeats=repeats(table, source))
    again = fm.rerun(source, slate, repeats=repeats(table, source))
    assert fm.compare(source, slate, found, again).differs == ()
