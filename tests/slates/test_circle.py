"""A slate as a survey for fresh people, and what their answers say of it."""

from __future__ import annotations

import csv
import io
import itertools
import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from folkmoot.cli import main as cli
from folkmoot.formats import read
from folkmoot.profile import Agents, Answers, FloatArray, InputError, Profile, Scale, Slate, SlateStatement, Statements
from folkmoot.report.validation_text import validation_summary
from folkmoot.slates.survey import HEAD, LEVELS, Survey, answered
from folkmoot.slates.validation import validated

TEXTS = ("More buses in the evening.", "Plant trees in the streets.", "Lower the rents.", "Cost: ${rent} = high")
IDS = ("a", "b", "c", "d")


def slate(unit: str = "statements", costs: tuple[int, ...] = (1, 1, 1, 1), agents: tuple[str, ...] = ()) -> Slate:
    listed = zip(IDS, TEXTS, costs, strict=True)
    statements = [SlateStatement(id, text, cost, agents if id == "a" else ()) for id, text, cost in listed]
    return Slate(tuple(statements), (), sum(costs), unit, 4, source={"topic": "What should change?"})


def people(values: FloatArray, ids: tuple[str, ...] = IDS, texts: tuple[str, ...] = TEXTS) -> Profile:
    rows, columns = np.nonzero(~np.isnan(values))
    n = len(values)
    return Profile(
        Agents(tuple(f"n{row}" for row in range(n)), groups={"town": tuple("xy"[row % 2] for row in range(n))}),
        Statements(ids, texts),
        Answers.of(rows, columns, values[rows, columns], Scale("rating", 0, 4)),
    )


def ratings(n: int, seed: int = 0) -> FloatArray:
    return np.random.default_rng(seed).integers(0, 5, (n, 4)).astype(np.float64)


def test_everybody_gets_every_question_in_an_order_of_their_own() -> None:
    survey = Survey.of(slate(), people=200, seed=3)
    rows = list(csv.DictReader(io.StringIO(survey.forms())))
    assert tuple(rows[0]) == HEAD
    assert len(rows) == 800
    orders = [tuple(row["statement_id"] for row in rows[start : start + 4]) for start in range(0, 800, 4)]
    assert all(sorted(order) == list(IDS) for order in orders)
    # Each statement comes first for about a quarter, and all 24 orders occur.
    assert all(30 < n < 70 for n in Counter(order[0] for order in orders).values())
    assert len(set(orders)) == 24
    assert survey.forms() == Survey.of(slate(), people=200, seed=3).forms()
    assert survey.forms() != Survey.of(slate(), people=200, seed=4).forms()
    # More people do not change what the first ones are asked.
    assert Survey.of(slate(), people=201, seed=3).forms().startswith(survey.forms())


def test_the_table_for_form_tools_has_questions_and_choices() -> None:
    rows = list(csv.reader(io.StringIO(Survey.of(slate(), people=1).questions())))
    assert all(len(row) == 5 for row in rows)
    named = {row[2]: row[3] for row in rows if row[1].startswith("select_one")}
    assert {named[f"s{place}"] for place in (1, 2, 3)} == set(TEXTS[:3])
    assert "${" not in named["s4"]
    assert [row[3] for row in rows if row[1] == "extent"] == list(reversed(LEVELS))
    assert "What should change?" in rows[2][3]


def test_a_survey_needs_texts_and_people() -> None:
    with pytest.raises(InputError, match="statement 1 of the slate has no text"):
        Survey.of(Slate((SlateStatement("7"),), (), 1, "statements", 1))
    with pytest.raises(InputError, match="people must be from 1"):
        Survey.of(slate(), people=0)


@pytest.mark.parametrize("seed", range(3))
def test_the_assignment_is_the_best_balanced_one(seed: int) -> None:
    values = ratings(8, seed)
    found = validated(people(values), slate())
    homes = {tuple(sorted(order)) for order in itertools.combinations(range(8), 2)}
    assert all(one.represented.people == 2 for one in found.statements)
    best = 0.0
    for first in homes:
        for second in (pair for pair in homes if not set(pair) & set(first)):
            for third in (pair for pair in homes if not set(pair) & {*first, *second}):
                fourth = tuple({*range(8)} - {*first, *second, *third})
                pairs = enumerate((first, second, third, fourth))
                best = max(best, sum(values[row, place] for place, rows in pairs for row in rows))
    assert found.total == best
    assert found.favourites == values.max(axis=1).sum()
    assert sum(found.everybody.ratings.values()) == found.everybody.people == 8
    assert sum(one.represented.prefer_another for one in found.statements) == found.everybody.prefer_another
    # Every group's own statement is on the diagonal, with the ratings of everybody's own statements.
    own = [found.rated[place][place] for place in range(len(found.statements))]
    assert [dict(cell) for cell in own] == [dict(one.represented.ratings) for one in found.statements]
    assert all(sum(cell.values()) == 2 for group in found.rated for cell in group)
    towns = found.groups["town"]
    assert {name: one.people for name, one in towns.items()} == {"x": 4, "y": 4}
    assert sum(one.well for one in towns.values()) == found.everybody.well


def test_shares_follow_the_costs_of_the_statements() -> None:
    found = validated(people(ratings(30)), slate("words", (10, 10, 20, 20)))
    assert [one.represented.people for one in found.statements] == [5, 5, 10, 10]


def test_whoever_rated_only_some_is_counted_and_left_out() -> None:
    values = ratings(9)
    values[0, 2] = np.nan
    found = validated(people(values), slate(agents=("n3", "n4", "somebody else")))
    assert (found.everybody.people, found.partly, found.known) == (8, 1, 2)
    told = validation_summary(found)
    assert "Left out, as they rated only some: 1." in told
    assert "Not fresh: 2 of them" in told
    told = validation_summary(validated(people(ratings(8)), slate()))
    assert "Left out" not in told
    assert "Not fresh" not in told
    values[:, 1] = np.nan
    with pytest.raises(InputError, match="nobody rated all 4 statements"):
        validated(people(values), slate())


def test_statements_are_found_by_id_by_code_and_inside_a_question() -> None:
    values = ratings(12)
    wanted = validated(people(values), slate())
    codes = validated(people(values, ("s1", "s2", "s3", "s4"), ("1", "2", "3", "4")), slate())
    asked = validated(people(values, ("q", "r", "s", "t"), tuple(f"How well? [{text}]" for text in TEXTS)), slate())
    assert wanted.everybody == codes.everybody == asked.everybody
    with pytest.raises(InputError, match=r"statement 1 \('a'\) is not among what people were asked.*by 's1'"):
        validated(people(values, ("q", "r", "s", "t"), ("1", "2", "3", "4")), slate())


def test_few_people_are_said_and_there_is_no_interval() -> None:
    enough, few = (validated(people(ratings(number)), slate()) for number in (20, 19))
    assert not enough.few
    assert "Warning" not in validation_summary(enough)
    assert few.few
    assert "fewer than 5 people per statement (20 would be)" in validation_summary(few)
    assert "interval" not in validation_summary(few)


def test_answers_of_a_form_are_counted_however_it_was_saved() -> None:
    forms = Survey.of(slate(), people=2).forms()
    assert answered(forms) == 0
    rows = list(csv.reader(io.StringIO(forms)))
    rows[1][4], rows[3][4], rows[4][5] = "0", "mostly", "because"
    for delimiter in ",;\t":
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows(rows)
        assert answered(text.getvalue()) == 3
    assert answered("participant,statement_id,vote\n1,2,3\n") is None
    assert answered("") is None


def run(*words: object, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["folkmoot", *map(str, words)])
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def filled(form: Path, answer: Callable[[int, str], str]) -> Path:
    """The form with answers by (number of the row, id of the statement)."""
    rows = list(csv.DictReader(io.StringIO(form.read_text("utf-8"))))
    target = form.with_name("filled.csv")
    with target.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, HEAD)
        table.writeheader()
        table.writerows({**row, "rating": answer(place, row["statement_id"])} for place, row in enumerate(rows))
    return target


def test_from_a_slate_to_a_form_and_its_answers_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, form = tmp_path / "slate.json", tmp_path / "form.csv"
    file.write_text(slate().to_json(), "utf-8")
    assert run("survey", file, "--out", form, "--people", 20, monkeypatch=monkeypatch) == 0
    assert f"folkmoot validate ANSWERS.csv {file}" in capsys.readouterr().out
    assert form.with_suffix(".xlsform.csv").is_file()
    # Everybody is for one statement, in turn, and against all others.
    answers = filled(form, lambda row, id: "4" if IDS[row // 4 % 4] == id else str(row % 3))
    assert run("validate", answers, file, "--json", monkeypatch=monkeypatch) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["everybody"]["ratings"]["perfectly (4)"] == 20
    assert found["everybody"]["prefer_another"] == 0
    in_words = filled(form, lambda row, id: LEVELS[4 if IDS[row // 4 % 4] == id else row % 4])
    assert run("validate", in_words, file, monkeypatch=monkeypatch) == 0
    assert "With one of the two highest ratings: 20 of 20 (100%)" in capsys.readouterr().out
    assert run("survey", file, "--out", tmp_path / "form.xls", monkeypatch=monkeypatch) == 2
    assert "ends in .csv" in capsys.readouterr().err


def test_a_form_is_replaced_aloud_and_never_with_answers_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, form = tmp_path / "slate.json", tmp_path / "new" / "folder" / "form.csv"
    file.write_text(slate().to_json(), "utf-8")
    words = ("survey", file, "--out", form, "--people", 2)
    assert run(*words, monkeypatch=monkeypatch) == 0
    assert "replaced, as" not in capsys.readouterr().out
    assert run(*words, "--seed", 1, monkeypatch=monkeypatch) == 0
    assert f"replaced, as they were there before: {form}, " in capsys.readouterr().out
    assert run(*words, "--json", monkeypatch=monkeypatch) == 0
    assert len(json.loads(capsys.readouterr().out)["replaced"]) == 2
    for answer, says in (("3", "filled in already (8 answers)"), (None, "is no form of a survey")):
        text = filled(form, lambda *_: "3").read_text("utf-8") if answer else "a,b\n1,2\n"
        form.write_text(text, "utf-8")
        assert run(*words, monkeypatch=monkeypatch) == 2
        assert says in capsys.readouterr().err
        assert form.read_text("utf-8") == text


def _by_level(cell: Mapping[str, int]) -> dict[str, int]:
    """Counts by the figure of the rating, of names like ``perfectly (4)``."""
    return {name.rstrip(")").rpartition("(")[2]: number for name, number in cell.items()}


def test_the_pilots_figures_come_out(shared: Path) -> None:
    folder = shared / "chatbot_pilot"
    with (folder / "statements.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["survey"] == "validation"]
    pilot = Slate.from_json(json.dumps({"statements": [{"id": r["statement_id"], "text": r["text"]} for r in rows]}))
    found = validated(read(folder / "validation_ratings.csv"), pilot)
    assert list(found.everybody.ratings.values()) == [75, 18, 6, 0, 1]
    assert (found.everybody.people, found.everybody.well, found.everybody.prefer_another) == (100, 93, 0)
    assert found.total == found.favourites == 366
    assert [one.represented.people for one in found.statements] == [20] * 5
    # Figure 5: every group likes its own statement best, the diagonal from top left to bottom right.
    means = [[sum(int(k) * n for k, n in _by_level(cell).items()) / 20 for cell in group] for group in found.rated]
    assert all(row[place] == max(row) for place, row in enumerate(means))
