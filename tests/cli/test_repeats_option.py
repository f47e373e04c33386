"""--repeats: opinions weigh, hollow statements are barred, the record says what changed and comes out again."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import folkmoot as fm
from folkmoot.cli import main as cli
from folkmoot.formats.repeats import repeats
from folkmoot.preferences import answer_kinds
from folkmoot.profile import Answers, InputError, Profile, Repeats, Slate
from folkmoot.queries import Completed, Reliable, Weighed
from folkmoot.report import render, summary
from folkmoot.report.numbers import ENGLISH
from folkmoot.slates import weighing as answers
from folkmoot.slates.compare import Checks
from folkmoot.slates.record import command_of
from repeated_survey import HOLLOW, PEOPLE, STATEMENTS, write_survey

#: A survey with repeated answers is fitted and chosen from, again and again.
pytestmark = pytest.mark.long

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_survey(tmp_path_factory.mktemp("survey"))


@pytest.fixture(scope="module", autouse=True)
def few_samples() -> Iterator[None]:
    """Intervals from fewer resamples: the tests look at what is made of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers, "SAMPLES", 20)
        yield


@pytest.fixture(scope="module")
def profile(survey: tuple[Path, Path]) -> Profile:
    return fm.read(survey[0], group_columns=["region"])


@pytest.fixture(scope="module")
def asked(survey: tuple[Path, Path], profile: Profile) -> Repeats:
    return repeats(survey[0], profile)


@pytest.fixture(scope="module")
def slate(profile: Profile, asked: Repeats) -> Slate:
    return fm.slate(profile, 3, unit="statements", repeats=asked)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command: exit code, output, errors."""

    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["folkmoot", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        found = capsys.readouterr()
        return code, found.out, found.err

    return call


def test_hollow_statements_go_out_and_are_still_held_against_the_slate(profile: Profile, slate: Slate) -> None:
    plain = fm.slate(profile, 3, unit="statements")
    assert {s.id for s in plain.statements} & HOLLOW, "the planted survey must mislead"
    assert slate.audit is not None
    found = slate.audit["answers"]
    assert set(found["not_formed"]) == HOLLOW == set(slate.process["weights"]["not_formed"])
    assert not {s.id for s in slate.statements} & HOLLOW
    assert slate.audit["excluded"]["not_formed"] == len(HOLLOW)
    assert slate.audit["cbjr"]["pool_size"] == profile.n_statements
    effect = found["effect"]
    before, after = {s.id: set(s.agents) for s in plain.statements}, {s.id: set(s.agents) for s in slate.statements}
    assert effect["plain"] == list(before)
    assert set(effect["left"]) == set(before) - set(after)
    assert set(effect["entered"]) == set(after) - set(before)
    stay = sum(len(people & after.get(name, set())) for name, people in before.items())
    assert effect["moved"] == effect["mass"] - stay - len(set(plain.unassigned) & set(slate.unassigned))


def test_certificates_are_those_of_audits_made_one_by_one(profile: Profile, asked: Repeats) -> None:
    """Of a process that leaves people over: it is violated where other weights count."""
    greedy: dict[str, Any] = {"process": "democratic-fast", "all_eligible": True, "no_fill": True}
    slate = fm.slate(profile, 3, unit="statements", repeats=asked, **greedy)
    assert slate.audit is not None
    found = slate.audit["answers"]["effect"]["certificates"]
    plain = fm.slate(profile, 3, unit="statements", **greedy)
    by_hand = {"plain": replace(plain, process={}), "weighted": replace(slate, process={})}
    for which, each in by_hand.items():
        for kind, given in (("plain", None), ("weighted", asked)):
            audit = fm.audit(profile, each, repeats=given)
            one = found[f"{which} on {kind}"]
            assert one["frontier"] == [list(point) for point in audit.frontier], (which, kind)
            assert one["violations"] == [violation.statement for violation in audit.violations]
            assert one["utility"] == pytest.approx(audit.utility.mean, abs=1e-12)
    page = render(fm.audited(profile, by_hand["plain"], repeats=asked).slate.view)
    assert "Among all answers in the table of repeated answers" in page, "a slate by hand has weights too"
    assert "The weights change" not in page
    assert len(found["plain on weighted"]["violations"]) > len(found["weighted on weighted"]["violations"])


def test_the_record_comes_out_again(profile: Profile, asked: Repeats, slate: Slate) -> None:
    assert fm.slate(profile, 3, unit="statements", repeats=asked).to_json() == slate.to_json()
    recorded = Slate.from_json(slate.to_json())
    found = fm.audited(profile, recorded, repeats=asked)
    checks = fm.compare(profile, recorded, found, fm.rerun(profile, recorded, repeats=asked))
    assert checks == Checks(source=True, slate=True, figures=True, differs=())
    assert command_of(slate).endswith("--repeats asked-again.csv")
    tampered = json.loads(slate.to_json())
    tampered["audit"]["answers"]["effect"]["moved"] += 1
    checks = fm.compare(profile, Slate.from_json(json.dumps(tampered)), found)
    assert checks.differs == ("audit.answers",)


def test_a_table_under_another_name_is_the_same_table(profile: Profile, asked: Repeats, slate: Slate) -> None:
    recorded = Slate.from_json(slate.to_json())
    renamed = replace(asked, name="elsewhere.csv")
    again = fm.rerun(profile, recorded, repeats=renamed)
    assert fm.compare(profile, recorded, fm.audited(profile, recorded, repeats=renamed), again).slate is True


def test_other_answers_are_noticed(profile: Profile, asked: Repeats, slate: Slate) -> None:
    other = Repeats.of(
        asked.agent,
        asked.statement,
        np.r_[-asked.value[:1], asked.value[1:]],
        asked.cue,
        asked.order,
        asked.wave,
        n_agents=asked.n_agents,
        n_statements=asked.n_statements,
    )
    assert other.fingerprint != asked.fingerprint
    recorded = Slate.from_json(slate.to_json())
    checks = fm.compare(profile, recorded, fm.audited(profile, recorded, repeats=other))
    assert checks.source is False


def test_shares_have_intervals_and_groups_coverage(profile: Profile, asked: Repeats, slate: Slate) -> None:
    assert slate.audit is not None
    found = slate.audit["answers"]
    assert sum(one["share"] for one in found["shares"].values()) == pytest.approx(1, abs=1e-5)
    for one in found["shares"].values():
        low, high = one["interval"]
        assert low <= one["share"] <= high
        # a normal interval is about 3.9 standard errors wide
        assert 0 < one["error"] < (high - low)
    genuine = found["shares"]["genuine"]
    assert abs(genuine["share"] - (0.75 * 6 + 0.02 * 2) / 8) < 3 * genuine["error"]
    regions = {one["label"]: one for one in found["groups"]["region"]["each"]}
    assert set(regions) == {"north", "south"}
    assert [regions[name]["people"] for name in ("north", "south")] == [100, 50]
    mean = sum(one["people"] * one["coverage"] for one in regions.values()) / profile.n_agents
    assert mean == pytest.approx(found["coverage"], abs=1e-5)
    weights = answer_kinds(asked, np.random.default_rng([0, 30])).weigh(profile)
    assert found["coverage"] == pytest.approx(weights.weight.mean(), abs=1e-6), "everybody answered everything once"
    assert found["asked_again"] == {"people": PEOPLE, "pairs": PEOPLE * STATEMENTS // 2}


def test_the_report_and_the_terminal_say_what_the_weights_did(profile: Profile, slate: Slate) -> None:
    page, told = render(slate.view), " ".join(summary(slate.view).split())
    effect = slate.audit["answers"]["effect"] if slate.audit else {}
    for text in (told, " ".join(page.split())):
        assert f"The weights change the list: in come {ENGLISH.listed(effect['entered'])}; out go" in text
        assert f"{effect['moved']} of {PEOPLE}" in text
        assert "without a formed opinion" in text
        assert "people's likely opinions" in text.replace("&#39;", "'")
    assert "region: north" in told
    assert 'id="answers"' in page
    assert page.count("How much of an answer is opinion") == 1
    for name in HOLLOW:
        assert f"Statement number {name[1:]} of the survey <bdi" in page
    # what is counted is what people answered, not what it counts for
    first = slate.statements[0]
    column = profile.statement_index[first.id]
    agreed = int((profile.answers.value[profile.answers.statement == column] > 0).sum())
    assert f"Of all {PEOPLE}: {agreed} agreed, {PEOPLE - agreed} disagreed." in page
    plain = fm.slate(profile, 3, unit="statements")
    assert 'id="answers"' not in render(plain.view)
    assert "weights" not in summary(plain.view)
    assert "answers" not in (plain.audit or {})
    assert "weights" not in plain.process


def test_locked_in_beats_the_label(profile: Profile, asked: Repeats) -> None:
    (name, *_) = sorted(HOLLOW)
    slate = fm.slate(profile, 3, unit="statements", repeats=asked, locked_in=[name], draws=0)
    assert name in {s.id for s in slate.statements}
    assert slate.audit is not None
    assert slate.audit["excluded"]["not_formed"] == len(HOLLOW) - 1


@pytest.mark.parametrize(
    "options", [{"process": "seqpav"}, pytest.param({"process": "bjr", "refine": True}, marks=pytest.mark.long)]
)
def test_every_process_takes_weights(profile: Profile, asked: Repeats, options: dict[str, Any]) -> None:
    slate = fm.slate(profile, 3, unit="statements", repeats=asked, **options)
    assert len(slate.process["weights"]["plain"]) == 3
    assert not {s.id for s in slate.statements} & HOLLOW


def test_with_unknown_answers_the_draws_keep_what_was_said(profile: Profile, asked: Repeats) -> None:
    a = profile.answers
    keep = np.random.default_rng(0).random(len(a)) < 0.7
    thinned = replace(profile, answers=Answers.of(a.agent[keep], a.statement[keep], a.value[keep], a.scale))
    slate = fm.slate(thinned, 3, unit="statements", repeats=asked, draws=5)
    assert slate.audit is not None
    assert slate.audit["certificate"]["draws"]["slate"]["draws"] == 5
    assert slate.audit["answers"]["unmatched"] > 0
    assert any("without an answer in the source" in note for note in slate.audit["notes"])
    recorded = Slate.from_json(slate.to_json())
    checks = fm.compare(thinned, recorded, fm.audited(thinned, recorded, repeats=asked))
    assert checks.figures is True


def test_weighed_is_reliable_with_everything_an_engine_needs(profile: Profile, asked: Repeats) -> None:
    weights = answer_kinds(asked, np.random.default_rng(0)).weigh(profile)
    plain = Completed(profile)
    both, people, columns = Weighed(plain, weights), np.arange(50), np.arange(STATEMENTS)
    assert both.said is plain
    assert plain.said is plain
    reliable = Reliable(plain, weights)
    assert np.array_equal(both.utilities(people, columns), reliable.utilities(people, columns))
    assert np.array_equal(both.known(people, columns), reliable.known(people, columns))
    assert not np.array_equal(both.utilities(people, columns), plain.utilities(people, columns))


def test_axioms_need_the_repeats_too(profile: Profile, asked: Repeats, slate: Slate) -> None:
    with pytest.raises(InputError, match=r"asked-again\.csv"):
        fm.axioms(profile, slate, ["jr"])
    with pytest.raises(InputError, match=r"asked-again\.csv"):
        fm.rerun(profile, slate)
    assert fm.axioms(profile, slate, ["jr"], repeats=asked)["jr"].holds is not None


@pytest.mark.parametrize("process", ["", "bjr"])
def test_a_language_models_scores_are_not_weighed(profile: Profile, asked: Repeats, process: str) -> None:
    with pytest.raises(InputError, match="leave `repeats` out"):
        fm.slate(profile, 3, unit="statements", repeats=asked, engine="llm", process=process)


def test_votes_with_a_table_beside_them(run: Run, survey: tuple[Path, Path], tmp_path: Path) -> None:
    table, votes = survey
    out = tmp_path / "out"
    words = ("slate", votes, "--budget", 3, "--unit", "statements", "--draws", 3, "--repeats", table, "--out", out)
    code, told, _ = run(*words)
    assert code == 0
    assert "opinion not formed" in told
    assert f"--repeats {table}" in told
    page = (out / "review.html").read_text("utf-8")
    assert f"--repeats {table}" in page
    code, told, _ = run("audit", votes, out / "slate.json", "--repeats", table, "--rerun", "--html", out / "again.html")
    assert code == 0
    assert "Chosen again: the same list." in told
    assert "Every recorded figure was reproduced." in told
    assert 'id="answers"' in (out / "again.html").read_text("utf-8")
    code, told, error = run("audit", votes, out / "slate.json")
    assert (code, told) == (2, "")
    assert "asked-again.csv" in error
    assert "--repeats" in error


def test_a_source_of_repeated_answers_is_its_own_table(run: Run, survey: tuple[Path, Path], tmp_path: Path) -> None:
    table, _ = survey
    options = ("--budget", 3, "--unit", "statements", "--draws", 0)
    assert run("slate", table, *options, "--out", tmp_path / "own")[0] == 0
    assert run("slate", table, *options, "--repeats", table, "--out", tmp_path / "named")[0] == 0
    own = (tmp_path / "own" / "slate.json").read_bytes()
    assert own == (tmp_path / "named" / "slate.json").read_bytes(), "one seed, the same bytes"
    assert set(json.loads(own)["audit"]["answers"]["not_formed"]) == HOLLOW
    assert run("audit", table, tmp_path / "own" / "slate.json")[0] == 0
    assert run("slate", table, *options, "--no-repeats", "--out", tmp_path / "plain")[0] == 0
    plain = tmp_path / "plain" / "slate.json"
    assert "weights" not in json.loads(plain.read_bytes())["process"]
    assert run("audit", table, plain, "--rerun")[0] == 0
    code, _, error = run("audit", table, plain, "--repeats", table)
    assert code == 2
    assert "chosen without repeated answers" in error


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--repeats", "nowhere.csv"), "there is no such file"),
        (("--repeats", "{table}", "--no-repeats"), "exclude each other"),
        (("--repeats", "{table}", "--engine", "llm"), "leave --repeats out"),
        (("--repeats", "{other}"), "is not in the profile"),
        (("--repeats", "{two}"), "Two conditions do no better than asking once"),
    ],
)
def test_bad_repeats_end_with_2_and_one_sentence(
    run: Run, survey: tuple[Path, Path], tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    table, votes = survey
    (tmp_path / "two").mkdir()
    two, _ = write_survey(tmp_path / "two", conditions=2)
    other = tmp_path / "other.csv"
    other.write_text("agent,statement,answer,cue,order,wave\nstranger,s0,1,1,1,1\n", "utf-8")
    names = {"{table}": str(table), "{other}": str(other), "{two}": str(two)}
    given = [names.get(word, word) for word in words]
    code, told, error = run("slate", votes, "--budget", 3, "--unit", "statements", "--out", tmp_path / "o", *given)
    assert (code, told) == (2, "")
    assert said in error
    assert not (tmp_path / "o").exists()


def test_the_design_comes_back_as_a_source(run: Run, survey: tuple[Path, Path], tmp_path: Path) -> None:
    _, votes = survey
    sheet = tmp_path / "design.csv"
    words = ("ask", "design", votes, "--share", 0.25, "--seed", 7)
    code, told, _ = run(*words, "--out", sheet)
    assert code == 0
    assert "everybody is asked 2 again" in told
    assert run(*words)[1] == sheet.read_text("utf-8")
    code, body, _ = run(*words, "--json")
    found = json.loads(body)
    assert (found["people"], found["statements"], found["asked_again"], found["conditions"]) == (PEOPLE, 8, 2, 4)
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == PEOPLE * found["questions"] == PEOPLE * (2 * 4 + 6)
    steps = [step for one in found["agents"] for step in one["steps"]]
    assert [row["statement"] for row in rows] == [step["statement"] for step in steps]
    by_pair: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        by_pair.setdefault((row["agent"], row["statement"]), []).append(row["cue"])
    assert all(len(cues) in (1, 4) for cues in by_pair.values())
    assert all(sorted(cues) == ["-1", "-1", "1", "1"] for cues in by_pair.values() if len(cues) == 4)
    for number, row in enumerate(rows):
        row["answer"] = "1" if number % 3 else "-1"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, rows[0].keys())
        out.writeheader()
        out.writerows(rows)
    back = fm.read(sheet)
    assert (back.source, back.n_agents, back.n_statements) == ("repeats", PEOPLE, STATEMENTS)
    assert back.statements.texts[back.statement_index["s1"]] == "Statement number 1 of the survey"
    assert len(repeats(sheet, back)) == len(rows)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--conditions", 2), "at least 4"),
        (("--conditions", 5), "an even number"),
        (("--share", 0.9), "cannot be asked again"),
        (("--share", 0), "cannot be asked again"),
    ],
)
def test_a_design_that_cannot_be_is_refused(
    run: Run, survey: tuple[Path, Path], words: tuple[object, ...], said: str
) -> None:
    code, told, error = run("ask", "design", survey[1], *words)
    assert (code, told) == (2, "")
    assert said in error
