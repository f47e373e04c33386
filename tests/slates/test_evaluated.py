"""A slate judged by an independent evaluator: Table 1's figures for any slate, and two slates compared."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from folkmoot.audits.sampled_bjr import violating
from folkmoot.cli.main import app
from folkmoot.llm import Answer, Call, Failed
from folkmoot.profile import InputError, Slate, SlateStatement, WorkError
from folkmoot.queries.language.prompts import prompt
from folkmoot.slates.evaluated import compared, evaluated, read_evaluation
from language_model import TEXTS, Obedient, profile_of, quoted

PROFILE = profile_of()


def slate_of(*statements: tuple[str, tuple[int, ...]], budget: int = 24) -> Slate:
    made = tuple(
        SlateStatement("", text, len(text.split()), tuple(PROFILE.agents.ids[row] for row in rows))
        for text, rows in statements
    )
    return Slate(made, (), budget, "words", PROFILE.n_agents)


BUSES, TREES = "More buses in the evening.", "Plant more trees along the streets."
RECORDED = slate_of((BUSES, (0, 1, 2)), (TREES, (3, 4, 5)))


def scores(value: float, called: list[Call] | None = None) -> Obedient:
    def spoil(call: Call, answer: Answer) -> Answer | Failed:
        if called is not None:
            called.append(call)
        return Answer(json.dumps({"opinion": "", "score": value}))

    return Obedient(spoil=spoil)


def test_everybody_is_judged_on_their_own_statement_and_who_has_none_counts_lowest() -> None:
    called: list[Call] = []
    found = evaluated(PROFILE, RECORDED, scores(5, called))
    assert {call.query for call in called} == {"evaluation/2"}
    # One call for each of the six who have a statement, with that statement.
    assert sorted(quoted(call)[1] for call in called) == [BUSES] * 3 + [TREES] * 3
    assert (found.mapping, found.people, found.unrepresented, found.missing) == ("recorded", 12, 6, 0)
    assert (found.mean, found.q1) == (3.0, 1.0)
    assert [one["mean"] for one in found.statements] == [5.0, 5.0]
    assert found.violating is None


def test_a_slate_without_people_gets_the_best_assignment() -> None:
    bare = replace(RECORDED, statements=tuple(replace(one, agents=()) for one in RECORDED.statements))

    def spoil(call: Call, answer: Answer) -> Answer:
        person, statement = quoted(call)
        same = ("bus" in person.lower()) == ("bus" in statement)
        return Answer(json.dumps({"score": 6 if same else 2}))

    found = evaluated(PROFILE, bare, Obedient(spoil=spoil))
    assert (found.mapping, found.unrepresented, found.calls) == ("best", 0, 24)
    assert sum(one["people"] for one in found.statements) == 12
    buses = [name for name, text in zip(PROFILE.agents.ids, TEXTS, strict=True) if "bus" in text.lower()]
    assert all(found.own[name] == 6 for name in buses)


def test_rivals_are_drawn_from_what_people_wrote_and_held_against_the_slate() -> None:
    pytest.importorskip("wordllama")
    whole = slate_of((BUSES, tuple(range(6))), (TREES, tuple(range(6, 12))))
    found = evaluated(PROFILE, whole, scores(5), rivals=4)
    assert (found.rivals, found.violating) == (4, 0)  # nobody likes another better
    assert found.pool >= 4

    def spoil(call: Call, answer: Answer) -> Answer:
        return Answer(json.dumps({"score": 1 if quoted(call)[1] in (BUSES, TREES) else 6}))

    unhappy = evaluated(PROFILE, whole, Obedient(spoil=spoil), rivals=4)
    assert unhappy.violating == 4


def test_violations_are_counted_over_coalitions_that_are_large_enough() -> None:
    own = np.array([1.0, 1.0, 5.0, 5.0])
    pool = np.array([[3.0, 3.0], [3.0, 1.0], [2.0, 2.0], [2.0, np.nan]])
    # Two of four people deserve 5 of 10 words; one deserves 2.5.
    assert violating(pool, np.array([5, 5]), own, 4, 10).tolist() == [0]
    assert violating(pool, np.array([6, 2]), own, 4, 10).tolist() == [1]
    assert violating(pool, np.array([-1, -1]), own, 4, 10).tolist() == []


def test_what_cannot_be_read_is_left_out_and_nothing_at_all_is_an_error() -> None:
    def spoil(call: Call, answer: Answer) -> Answer:
        return Answer("I would say four") if "ten minutes" in quoted(call)[0] else Answer('{"score": 4}')

    found = evaluated(PROFILE, RECORDED, Obedient(spoil=spoil))
    assert (found.people, found.missing) == (11, 1)
    seated = slate_of((BUSES, tuple(range(12))))
    with pytest.raises(WorkError, match="could not be read"):
        evaluated(PROFILE, seated, Obedient(spoil=lambda call, answer: Answer("no")))
    with pytest.raises(InputError, match="nobody wrote anything"):
        evaluated(profile_of(("", "")), slate_of((BUSES, ())), Obedient())
    with pytest.raises(InputError, match="no statements"):
        evaluated(PROFILE, slate_of(), Obedient())


def test_two_slates_are_compared_by_welchs_test() -> None:
    stats = pytest.importorskip("scipy.stats")
    first, second = (evaluated(PROFILE, RECORDED, scores(value)) for value in (5, 3))
    found = compared(first, second)
    assert found.difference == pytest.approx(1.0)
    expected = stats.ttest_ind([5] * 6 + [1] * 6, [3] * 6 + [1] * 6, equal_var=False).pvalue
    assert found.p == pytest.approx(expected)
    assert found.same_people
    alike = evaluated(PROFILE, slate_of((BUSES, tuple(range(12)))), scores(3))
    assert compared(alike, alike).p is None


def test_the_prompt_is_of_another_scale_than_the_one_that_selects() -> None:
    scale = re.compile(r"^[1-6]: .*$", re.MULTILINE)
    judge, chooser = (scale.findall(prompt(name).messages[0][1]) for name in ("evaluation", "agreement"))
    assert len(judge) == len(chooser) == 6
    assert not set(judge) & set(chooser)
    assert [name in prompt("evaluation").messages[1][1] for name in ("opinion", "missing", "contrary")] == [True] * 3


def test_the_command_keeps_what_it_finds_and_compare_reads_it(tmp_path: Path) -> None:
    pytest.importorskip("wordllama")
    source, slate = tmp_path / "o.csv", tmp_path / "slate.json"
    rows = [f'{name},"{text}"' for name, text in zip(PROFILE.agents.ids, TEXTS, strict=True)]
    source.write_text("\n".join(["id,opinion", *rows]), "utf-8")
    RECORDED.to_json(slate)
    base = ["audit", str(source), str(slate)]
    done = CliRunner().invoke(app, [*base, "--model", "demo"])
    assert "--model is for --evaluate" in str(done.exception)
    done = CliRunner().invoke(app, [*base, "--evaluate", "--model", "demo", "--rerun"])
    assert "--rerun has no use with --evaluate" in str(done.exception)
    done = CliRunner().invoke(app, ["compare", str(slate), str(slate)])
    assert "has no evaluation yet" in str(done.exception)
    done = CliRunner().invoke(app, [*base, "--evaluate", "--model", "demo", "--dry-run", "--json"])
    assert json.loads(done.stdout)["calls"] == 6
    done = CliRunner().invoke(app, [*base, "--evaluate", "--model", "demo"])
    assert done.exit_code == 0, done.output
    assert "6 people without a statement count with the lowest score" in done.stdout
    assert read_evaluation(slate).unrepresented == 6
    done = CliRunner().invoke(app, ["compare", str(tmp_path), str(slate), "--json"])
    assert json.loads(done.stdout)["difference"] == 0
    (tmp_path / "slate.evaluation.json").write_text("{}", "utf-8")
    done = CliRunner().invoke(app, ["compare", str(slate), str(slate)])
    assert "make it again with `evaluate`" in str(done.exception)
