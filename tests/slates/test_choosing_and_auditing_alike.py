"""What may be chosen is one thing for every process and for the audit; what is barred speaks up with evidence only."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import folkmoot as fm
from folkmoot.audits import Subject
from folkmoot.audits.agreement import agreement, divisive, expected_by_statement
from folkmoot.formats.repeats import repeats
from folkmoot.preferences.memo import MEMO
from folkmoot.profile import (
    VOTE,
    Agents,
    Answers,
    InputError,
    Options,
    Profile,
    Scale,
    Slate,
    SlateStatement,
    Statements,
)
from folkmoot.queries import ClosedPool
from folkmoot.slates.compare import Checks
from repeated_survey import write_survey

ROOT = Path(__file__).parents[2]
PEOPLE = 60
#: Of every statement its id, its text, and by how many people it was answered.
TOWN = (
    ("buses", "We need more buses in the evening.", 60),
    ("again", "Please, more buses in the evening!", 40),
    ("mine", "I live on the east side of town.", 50),
    ("short", "More parks", 50),
    ("trees", "The town should plant trees along every street.", 45),
    ("degree", "What is your highest school degree?", 50),
    ("harbour", "Close the harbour to large ships at night.", 40),
    ("cars", "Ban all cars from the old town centre.", 60),
    ("pool", "The swimming pool should open on Sundays.", 4),
    ("rents", "Rents must not rise faster than wages.", 55),
    ("school", "Every school needs a library of its own.", 50),
    ("cinema", "Turn the empty factory into a cinema.", 45),
)
IDS = tuple(id for id, _, _ in TOWN)
BARRED = {
    "again": "said_better_elsewhere",
    "mine": "about_the_speaker",
    "short": "too_little_text",
    "degree": "metadata",
    "pool": "too_few_answers",
}
#: The old default: no rule but moderation, and the process stops where it stops.
GREEDY: dict[str, Any] = {"process": "democratic-fast", "all_eligible": True, "no_fill": True}
PROCESSES = ["robust", "democratic-fast", "popular", "seqphragmen"]


def town(seed: int = 1) -> Profile:
    """Sixty people in two camps; most like what ends up in their half of the statements."""
    rng = np.random.default_rng(seed)
    likes = (np.arange(len(TOWN))[None, :] % 2 == np.arange(PEOPLE)[:, None] % 2) ^ (
        rng.random((PEOPLE, len(TOWN))) < 0.2
    )
    likes[:, 1] = likes[:, 0]  # whoever wants buses wants them in other words as well
    rows: list[int] = []
    columns: list[int] = []
    for j, (_, _, answered) in enumerate(TOWN):
        rows.extend(range(answered))
        columns.extend([j] * answered)
    moderation = np.array([-1 if id == "cars" else 1 for id in IDS], dtype=np.int8)
    return Profile(
        Agents(tuple(f"p{i}" for i in range(PEOPLE))),
        Statements(
            IDS,
            tuple(text for _, text, _ in TOWN),
            moderation,
            kinds=tuple("metadata" if id == "degree" else "" for id in IDS),
        ),
        Answers.of(rows, columns, np.where(likes[rows, columns], 1.0, -1.0)),
    )


@pytest.fixture(scope="module")
def profile() -> Profile:
    return town()


def ids(slate: Slate) -> list[str]:
    return [s.id for s in slate.statements]


def audit_of(slate: Slate) -> dict[str, Any]:
    assert slate.audit is not None
    return dict(slate.audit)


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


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("name", BARRED)
def test_what_is_locked_in_is_in_whatever_the_rules_say(profile: Profile, process: str, name: str) -> None:
    slate = fm.slate(profile, 3, unit="statements", process=process, locked_in=[name], draws=0)
    assert name in ids(slate)
    audit = audit_of(slate)
    assert name not in {b["id"] for b in audit["barred"]["statements"]}
    if name == "again":  # it speaks for the wording that more people answered
        assert "buses" not in ids(slate)
        assert {b["id"]: b["said_by"] for b in audit["barred"]["statements"]}["buses"] == "again"


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


@pytest.mark.parametrize("process", [*PROCESSES, "democratic-complex", "equal-shares"])
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


def many(n: int = 45, m: int = 24) -> Profile:
    """Fillers, so that more than fifteen may be chosen."""
    rng = np.random.default_rng(3)
    words = [
        "apple",
        "river",
        "stone",
        "cloud",
        "metal",
        "forest",
        "paper",
        "window",
        "garden",
        "bridge",
        "market",
        "lamp",
    ]
    texts = tuple(
        f"Let us build {words[j % 12]} {words[(5 * j + 1) % 12]} {words[(7 * j + j // 12 + 2) % 12]} here {j}"
        for j in range(m)
    )
    rows, columns = np.nonzero(rng.random((n, m)) < 0.6)
    values = np.where((rows + columns) % 3 == 0, -1.0, 1.0) * np.where(rng.random(len(rows)) < 0.2, -1, 1)
    return Profile(
        Agents(tuple(f"p{i}" for i in range(n))),
        Statements(tuple(f"s{j}" for j in range(m)), texts),
        Answers.of(rows, columns, values),
    )


@pytest.mark.parametrize("process", ["robust", "democratic-fast", "bjr", "seqphragmen", "popular"])
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


class Table:
    """Utilities and chances to agree that were written down by hand."""

    def __init__(self, utilities: list[list[float]], known: list[list[bool]], chances: list[list[float]]) -> None:
        self._utilities, self._known, self._chances = map(np.array, (utilities, known, chances))
        self.n_agents, self.n_statements = self._utilities.shape

    def utilities(self, agents: Any, statements: Any) -> Any:
        return self._utilities[np.ix_(agents, statements)].astype(np.float64)

    def known(self, agents: Any, statements: Any) -> Any:
        return self._known[np.ix_(agents, statements)]

    def chances(self, agents: Any, statements: Any) -> Any:
        return self._chances[np.ix_(agents, statements)].astype(np.float64)


def test_agreement_by_hand() -> None:
    """Five people of mass 1, 2, 3, 4, 5; the last has no statement."""
    table = Table(
        [[1, 0], [0, 0], [0.5, 1], [0, 0.9], [1, 1]],
        [[True, False], [True, True], [False, False], [True, False], [True, True]],
        [[1, 0.3], [0, 0], [0.4, 0.7], [0, 0.6], [1, 1]],
    )
    masses = np.array([1, 2, 3, 4, 5], dtype=np.int64)
    pool = ClosedPool(table, np.arange(2), np.ones(2, dtype=np.int64), masses)
    subject = Subject(pool, np.array([0, 1]), np.array([0, 0, 1, 1, -1]), 2)
    found = agreement(subject, table, 1.0)  # type: ignore[arg-type]
    # Known are the first two, who said yes (1) and no (2); expected besides: .7 of 3 and .6 of 4.
    assert (found.assigned, found.voted, found.agreed) == (10, 3, 1)
    assert found.expected == pytest.approx(1 + 0.7 * 3 + 0.6 * 4)
    assert expected_by_statement(subject, table, 1.0) == pytest.approx((1.0, 4.5))  # type: ignore[arg-type]
    # Without chances a utility is taken for an answer: the last of the four has .9, which is no agreement.
    assert agreement(subject, None, 1.0).expected == pytest.approx(1 + 3)


def test_divisive_by_hand() -> None:
    """Ten people all answered, and three are a group: six to four divides them, seven to three no more."""
    agree = {0: 10, 1: 2, 2: 3, 3: 6, 4: 7}
    values = [[1.0 if i < agree[j] else 0.0 for j in range(5)] for i in range(10)]
    table = Table(values, [[True] * 5] * 10, values)
    pool = ClosedPool(table, np.arange(5), np.ones(5, dtype=np.int64), np.ones(10, dtype=np.int64))
    subject = Subject(pool, np.array([0]), np.zeros(10, dtype=np.int64), 4)
    found = divisive(subject, table, VOTE, tuple("abcde"), tuple("ABCDE"))  # type: ignore[arg-type]
    assert (found.count, found.id, found.text, found.agree) == (1, "d", "D", 0.6)
    inside = Subject(pool, np.array([2, 3]), np.zeros(10, dtype=np.int64), 4)
    assert divisive(inside, None, VOTE, tuple("abcde"), tuple("ABCDE")).count == 0


def test_a_record_from_before_the_rules_is_read_without_them() -> None:
    """What such a slate was chosen from is every statement that moderation let pass, and nothing filled it."""
    recorded = {"process": "democratic-fast", "min_answers": 0, "min_length": 0, "validate": 25}
    old = Options.of(Slate((), (), 1, "words", 0, process={"id": "democratic-fast", "options": recorded}))
    assert (old.all_eligible, old.no_fill, old.min_answers) == (True, True, 0)
    new = Options.of(Slate((), (), 1, "words", 0, process={"options": {**recorded, "all_eligible": False}}))
    assert (new.all_eligible, new.no_fill) == (False, False)
    by_hand = Options.of(Slate((), (), 1, "words", 0))
    assert (by_hand.all_eligible, by_hand.no_fill) == (False, False)
