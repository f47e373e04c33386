"""Whose answers may stand in for a person's: worlds in which that is known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from conversations import write_conversation
from folkmoot.audits.swap import Curve, Interval
from folkmoot.cli.main import app
from folkmoot.formats import read
from folkmoot.profile import VOTE, Agents, Answers, Comparisons, Profile, Statements
from folkmoot.report.swap_text import swap_text
from folkmoot.slates.swapped import advice, swap_test


def voters(kind: np.ndarray, strength: float, m: int = 24, seed: int = 0) -> Profile:
    """People of kinds that want opposite things; with strength 0 everybody answers by the toss of a coin."""
    rng = np.random.default_rng(seed)
    logit = strength * np.where(kind[:, None] == 0, 1.0, -1.0) * rng.choice([-1.0, 1.0], m)
    row, column = np.nonzero(rng.random((len(kind), m)) < 0.8)
    agree = rng.random(len(row)) < 1.0 / (1.0 + np.exp(-logit[row, column]))
    names = tuple(f"s{at}" for at in range(m))
    answers = Answers.of(row, column, np.where(agree, 1.0, -1.0), VOTE)
    return Profile(Agents(tuple(f"p{at}" for at in range(len(kind)))), Statements(names, names), answers)


def test_somebody_alike_may_stand_in_where_kinds_differ() -> None:
    found = swap_test(voters(np.arange(80) % 2, 2.5))
    assert found.applies
    assert found.accuracy is not None
    assert found.nearest_gain is not None
    assert found.nearest_gain.low > 0
    assert "may stand in" in found.advice
    assert found.accuracy["self"].value > 0.8 > 0.65 > found.accuracy["none"].value
    assert found.accuracy["0.98"].value < 0.4
    assert found.groups == 2
    shown = swap_text(found)
    assert f"{found.hidden} hidden answers of {found.people} people" in shown
    assert f"{found.accuracy['group'].value:.3f}" in shown


def test_nobody_is_foretold_where_answers_are_tosses_of_a_coin() -> None:
    found = swap_test(voters(np.zeros(80, dtype=np.int64), 0.0))
    assert found.own_gain is not None
    assert found.own_gain.low <= 0
    assert found.advice.startswith("Not even people's own answers")


def curve(own: float, nearest: float, u: float) -> Curve:
    def at(value: float) -> Interval:
        return Interval(value, value - 0.01, value + 0.01)

    return Curve({}, {}, at(u), at(0.0), at(nearest), at(own), 100)


@pytest.mark.parametrize(
    ("own", "nearest", "u", "begins"),
    [
        (0.005, 0.2, -1, "Not even"),
        (0.2, 0.1, 0.1, "The most similar person foretells worse"),
        (0.2, 0.1, -1, "The most similar person foretells better"),
        (0.2, 0.005, -1, "Nobody else's"),
    ],
)
def test_the_advice_is_of_the_figures(own: float, nearest: float, u: float, begins: str) -> None:
    assert advice(curve(own, nearest, u)).startswith(begins)


def test_it_says_why_there_is_none() -> None:
    few = swap_test(voters(np.arange(12) % 2, 2.5))
    assert not few.applies
    assert "needs 20 people and 100 hidden answers" in few.why
    assert "not computed; it hides" in swap_text(few)
    compared = Profile(
        Agents(("p0",)),
        Statements(("a", "b"), ("a", "b")),
        Answers.of([], [], [], VOTE),
        comparisons=Comparisons(np.array([0]), np.array([0]), np.array([1])),
    )
    assert "it needs votes or ratings" in swap_test(compared).why


@pytest.mark.long
def test_the_command_prints_the_curve_and_has_it_in_json(tmp_path: Path) -> None:
    conversation = write_conversation(tmp_path / "conversation", n=120)
    slate = tmp_path / "by-hand.json"
    slate.write_text(json.dumps({"statements": [{"id": "1"}, {"id": "2"}]}), encoding="utf-8")
    words = ["audit", str(conversation), str(slate), "--draws", "0"]
    done = CliRunner().invoke(app, [*words, "--swap", "--json"])
    body = json.loads(done.stdout)["swap"]
    assert body["applies"]
    assert set(body["accuracy"]) == {"self", "0", "0.25", "0.5", "0.75", "0.98", "group", "none"}
    assert "swap" not in json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    shown = CliRunner().invoke(app, [*words, "--swap"]).stdout
    assert f"{body['hidden']} hidden answers of {body['people']} people" in shown
    refused = CliRunner().invoke(app, [*words[:3], "--swap", "--evaluate"])
    assert "--swap has no use with --evaluate" in str(refused.exception)


@pytest.mark.long
def test_the_page_shows_the_curve_of_the_conversation(bowling_green: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "plural-audits.md").read_text(encoding="utf-8")
    assert swap_text(swap_test(read(bowling_green))) in page
