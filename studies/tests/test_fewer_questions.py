"""Asking by policy against random questions: what may be revealed, what is measured, and the figures over panels."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from folkmoot.asking.policies import POLICIES
from folkmoot.asking.population import UNASKED
from folkmoot.audits import Subject
from folkmoot.audits.cbjr import violations
from folkmoot.cli.main import app
from folkmoot.preferences.factors import Factors, sigmoid
from folkmoot.preferences.sides import Side
from folkmoot.profile import InputError
from folkmoot_studies import STUDIES
from folkmoot_studies.fewer.data import HELD, Conversation, conversations, read
from folkmoot_studies.fewer.panel import MEASURES, NEVER, Newcomers, Truth, sides
from folkmoot_studies.fewer.questions import banded, draw, monotone, needed, run, table

EXAMPLE = Path(__file__).parents[2] / "examples" / "bowling-green"
FEW = ("as-shown", "random", "information")


@cache
def truth() -> Truth:
    return Truth(read("bowling-green", EXAMPLE, 60, 20))


def panel(number: int = 0, size: int = 8) -> Newcomers:
    return Newcomers(truth(), np.random.default_rng([1, number]), size, 60)


@cache
def small() -> dict[str, Any]:
    return run(EXAMPLE, instances=3, processes=FEW, panel=8, earlier=60, statements=20)


@pytest.mark.replication
def test_the_result_is_json_with_every_measure_and_bands_around_the_means() -> None:
    found = json.loads(json.dumps(small()))
    assert (found["study"], found["instances"], found["policies"]) == ("fewer-questions", 3, list(FEW))
    [(name, entry)] = found["conversations"].items()
    assert name == "bowling-green"
    assert entry["checkpoints"] == [0, 1, 2, 3, 4, 6, 8, 12]
    assert entry["targets"] == [8]
    assert (entry["panel"], entry["slate_for"], entry["statements"], entry["order_known"]) == (8, 16, 20, False)
    assert sum(entry["opinion_classes"]) == entry["participants"]
    assert set(entry["everything"]) == set(MEASURES)
    for policy in FEW:
        own = entry["policies"][policy]
        for measure in MEASURES:
            for band in (own[measure], own[measure]["difference"]):
                for low, mean, high in zip(band["low"], band["mean"], band["high"], strict=True):
                    assert mean is None or low is None or low <= mean <= high
        assert len(own["classes"]) == len(entry["opinion_classes"])
        assert set(own["needed"]) == set(own["half"]) == {"8"}
    # Before the first question there is nothing to choose.
    assert {entry["policies"][policy]["accuracy"]["mean"][0] for policy in FEW} == {
        entry["policies"]["random"]["accuracy"]["mean"][0]
    }
    assert not any(entry["policies"]["random"]["accuracy"]["difference"]["mean"])


@pytest.mark.replication
def test_same_seed_same_result() -> None:
    again = run(EXAMPLE, instances=3, processes=FEW, panel=8, earlier=60, statements=20)
    assert json.dumps(again) == json.dumps(small())
    other = run(EXAMPLE, instances=3, processes=FEW, panel=8, earlier=60, statements=20, seed=1)
    assert other["conversations"] != small()["conversations"]


@pytest.mark.parametrize("policy", POLICIES)
def test_what_is_held_out_is_never_revealed_and_everybody_answers_one_question_at_a_time(policy: str) -> None:
    new = panel()
    known = new.answers != UNASKED
    assert not (new.held & new.allowed).any()
    assert ((new.held | new.allowed) == known).all()
    assert (new.held.sum(axis=1) == np.ceil(HELD * known.sum(axis=1))).all()
    turn = new.reveal(policy, 6)
    assert not (new.held & (turn != NEVER)).any()
    assert not ((turn != NEVER) & ~known).any()
    assert all((turn == number).sum(axis=1).tolist() == [1] * 8 for number in range(6))
    answers = new.after(turn, 4)
    assert ((answers != UNASKED).sum(axis=1) == 4).all()
    assert (answers[answers != UNASKED] == new.answers[answers != UNASKED]).all()


def test_new_people_are_not_among_those_the_models_learn_from() -> None:
    new = panel()
    assert not set(new.people) & set(new.earlier)
    assert set(new.others) <= set(new.earlier)
    assert len(new.people) == len(new.others) == 8
    assert set(new.people) | set(new.others) <= set(truth().conversation.participants)
    assert new.counts.sum() == (truth().answers[new.earlier] != UNASKED).sum()


def test_when_everything_is_revealed_all_policies_agree() -> None:
    new = panel()
    most = int(new.allowed.sum(axis=1).max())
    wanted = new.measured(new.everything, [1])[0]
    for policy in ("as-shown", "random", "entropy", "design", "rollout-0", "slate"):
        np.testing.assert_array_equal(new.measured(new.reveal(policy, most), [most])[0], wanted)


def test_policies_ask_different_questions_and_as_shown_asks_in_the_order_shown() -> None:
    new = panel()
    shown, random = new.reveal("as-shown", 5), new.reveal("random", 5)
    assert (shown != random).any()
    order = truth().conversation.shown[new.people]
    for row in range(len(new.people)):
        wanted = np.flatnonzero(new.allowed[row])
        wanted = wanted[np.argsort(order[row, wanted])][:5]
        assert np.argsort(shown[row], kind="stable")[:5].tolist() == wanted.tolist()


def test_accuracy_and_log_loss_are_counted_one_answer_at_a_time() -> None:
    new = panel(1)
    answers = new.after(new.reveal("random", 3), 3)
    own, losses, against = [], [], []
    for row, given in enumerate(answers):
        weight = np.log(new.population.weight)
        for statement in np.flatnonzero(given != UNASKED):
            weight = weight + np.log(new.population.chance[:, statement, given[statement]])
        belief = np.exp(weight - weight.max()) / np.exp(weight - weight.max()).sum()
        right = []
        for statement in np.flatnonzero(new.held[row]):
            chance, said = belief @ new.population.chance[:, statement], new.answers[row, statement]
            losses.append(-np.log(chance[said]))
            if said != 1:
                right.append(float((chance[2] > chance[0]) == (said == 2)))
                votes = truth().answers[:, statement]
                if ((votes == 2).sum() > (votes == 0).sum()) == (said == 0):
                    against.append(right[-1])
        own.append(np.mean(right))
    found = dict(zip(MEASURES, new.measured(new.reveal("random", 3), [3])[0], strict=False))
    assert found["accuracy"] == pytest.approx(np.mean(own))
    assert found["log_loss"] == pytest.approx(np.mean(losses))
    assert found["minority"] == pytest.approx(np.mean(against))
    mean = np.abs(np.subtract.outer(own, own)).mean()
    assert found["gini"] == pytest.approx(mean / (2 * np.mean(own)))


def test_the_all_answers_slate_shares_everything_with_itself_and_violates_nothing() -> None:
    new = panel(2)
    found = dict(zip(MEASURES[-4:], new._slate_measured(new._wanted), strict=True))
    assert found == {"jaccard": 1.0, "words_shared": 1.0, "utility_lost": 0.0, "violations": 0.0}
    # Of a slate chosen knowing nothing of the panel, statements that break cBJR are those the audit lists.
    nothing = new.population.utilities(new.everybody(np.full_like(new.answers, UNASKED)))
    selection = new.slate(nothing)
    subject = Subject(new.pool(new._wanted), selection.candidates, selection.assignment, 60)
    assert new._slate_measured(nothing)[3] == len(violations(subject, subject.own, subject.offers))


def test_low_rank_vectors_are_the_posterior_mode() -> None:
    rng = np.random.default_rng(3)
    prior = np.array([[1.0, 0.2], [0.2, 0.7]])
    rows = Side(np.zeros((0, 2)), np.zeros((0, 2, 2)), np.array([0.3, -0.1]), prior)
    columns = Side(rng.normal(size=(7, 2)), np.tile(np.eye(2), (7, 1, 1)), np.zeros(2), np.eye(2))
    factors = Factors(rows, columns, (), True)
    answers = np.array([[2, 0, 1, 2, -1, -1, 0], [-1] * 7])
    found = sides(factors, answers, 2)
    loading = np.column_stack([np.ones(7), columns.mean[:, 1]])
    np.testing.assert_allclose(found[1], sigmoid(columns.mean[:, 0] + loading @ rows.prior_mean))

    def loss(person: Any) -> float:
        rate = sigmoid(columns.mean[:, 0] + loading @ person)
        said = [0, 1, 3, 6]
        data = np.where(answers[0, said] == 2, np.log(rate[said]), np.log(1 - rate[said])).sum()
        far = person - rows.prior_mean
        return float(far @ np.linalg.inv(prior) @ far / 2 - data)

    logits = np.log(found[0] / (1 - found[0])) - columns.mean[:, 0]
    person, *_ = np.linalg.lstsq(loading, logits, rcond=None)
    best = loss(person)
    assert all(loss(person + 0.01 * rng.normal(size=2)) > best for _ in range(50))


def conversation(folder: Path, people: int = 24) -> Conversation:
    """Everybody answers six statements, the last first."""
    rng = np.random.default_rng(0)
    head = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
    comments = [f"1,x,{j},0,1,1,{-1 if j == 5 else 1},Statement number {j}\n" for j in range(7)]
    (folder / "comments.csv").write_text(head + "".join(comments), encoding="utf-8")
    votes = [
        f"{1000 + 10 * i - j},x,{j},{i},{rng.choice([-1, 1])}\n" for i in range(people) for j in range(7) if j != i % 2
    ]
    (folder / "votes.csv").write_text(
        "timestamp,datetime,comment-id,voter-id,vote\n" + "".join(votes), encoding="utf-8"
    )
    return read("small", folder, 8)


def test_the_order_of_the_votes_is_read_from_their_times(tmp_path: Path) -> None:
    found = conversation(tmp_path)
    assert found.timed
    assert found.least == 5
    assert found.profile.statements.ids == ("0", "1", "2", "3", "4", "6")
    assert found.costs.tolist() == [3] * 6
    assert found.shown[0].tolist() == [np.inf, 4, 3, 2, 1, 0]
    assert found.shown[1].tolist() == [4, np.inf, 3, 2, 1, 0]


def test_ratings_are_read_with_their_steps(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    lines = [f"{i},s{j},{9 - (i + j) % 6},{rng.integers(5)},,\n" for i in range(12) for j in range(6)]
    file = tmp_path / "ratings.csv"
    file.write_text("participant,statement_id,step,rating,choice,explanation\n" + "".join(lines), encoding="utf-8")
    statements = "".join(f"s{j},Some words about {j}\n" for j in range(6))
    (tmp_path / "statements.csv").write_text("statement_id,text\n" + statements, encoding="utf-8")
    found = run(file, instances=2, processes=("as-shown",))
    [entry] = found["conversations"].values()
    assert entry["order_known"]
    assert entry["scale"] == "rating"
    assert entry["checkpoints"] == [0, 1, 2, 3]
    talk = read("ratings", file, 20)
    assert talk.shown[0].tolist() == [5, 4, 3, 2, 1, 0]
    assert talk.shown[1].tolist() == [4, 3, 2, 1, 0, 5]


def test_bands_are_student_t() -> None:
    values = np.random.default_rng(0).normal(size=(20, 2))
    found = banded(values)
    half = 2.0930 * values.std(axis=0, ddof=1) / np.sqrt(20)
    np.testing.assert_allclose(np.array(found["high"], dtype=float), values.mean(axis=0) + half, rtol=1e-3, atol=1e-4)
    assert banded(np.array([[1.0], [np.nan]])) == {"mean": [1.0], "low": [None], "high": [None]}
    assert banded(np.full((2, 1), np.nan)) == {"mean": [None], "low": [None], "high": [None]}


def test_questions_needed_are_interpolated_and_none_where_never_reached() -> None:
    checkpoints = [0, 2, 4, 8]
    base = np.tile([0.5, 0.6, 0.7, 0.8], (5, 1))
    own = np.tile([0.5, 0.75, 0.85, 0.9], (5, 1))
    assert needed(own, base, checkpoints, 3, True) == {"mean": 3.0, "low": 3.0, "high": 3.0}
    assert needed(base, base, checkpoints, 3, True)["mean"] == 8.0
    assert needed(base - 0.2, base, checkpoints, 3, True)["mean"] is None
    assert needed(base + 1, base, checkpoints, 3, True)["mean"] == 0.0
    assert needed(-own, -base, checkpoints, 3, False)["mean"] == 3.0
    # A dip is smoothed away, so that noise does not reach a level early.
    assert monotone(np.array([3.0, 1.0, 2.0, 6.0])).tolist() == [2.0, 2.0, 2.0, 6.0]


@pytest.mark.long
def test_pictures_and_table() -> None:
    [(name, svg)] = draw(small()).items()
    words = "".join(ET.fromstring(svg).itertext())
    assert name == "bowling-green"
    assert all(policy in words for policy in FEW)
    assert "accuracy of the worst class" in words
    assert "accuracy" in (ET.fromstring(svg).get("aria-label") or "")
    lines = table(small())
    assert all(policy in lines for policy in FEW)
    assert "opinion classes with a worse or better accuracy" in lines
    assert max(map(len, lines.splitlines())) < 240


def test_the_command_takes_the_options_of_the_study(tmp_path: Path) -> None:
    conversation(tmp_path)
    words = ["study", "fewer-questions", "--data", str(tmp_path), "--instances", "2", "--process", "entropy", "--json"]
    found = CliRunner().invoke(app, words)
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)["policies"] == ["entropy", "random"]
    assert STUDIES["fewer-questions"].run is run


def test_what_is_missing_or_unknown_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLKMOOT_SHARED", str(tmp_path))
    with pytest.raises(InputError, match="no conversations here; name the folder that holds polis"):
        run()
    with pytest.raises(InputError, match="unknown conversation 'x'; choose one of seattle-wage"):
        next(conversations(EXAMPLE, "x"))
    with pytest.raises(InputError, match="unknown asking policy 'x'; choose from as-shown"):
        run(EXAMPLE, processes=("x",))
    with pytest.raises(InputError, match="at least 2 instances"):
        run(EXAMPLE, instances=1)
    with pytest.raises(InputError, match="fewer than 4 people"):
        conversation(tmp_path, people=3)
