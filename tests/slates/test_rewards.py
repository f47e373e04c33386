"""Rewards held against what annotators chose: by columns and arrays, by kind, and what is refused."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from folkmoot.cli import main as cli
from folkmoot.profile import InputError
from folkmoot.report.rewards_text import rewards_text
from folkmoot.slates.rewards import rewards_told


def rows() -> list[dict[str, Any]]:
    """Twelve people of two kinds who choose the longer answer or the shorter one; one tie, one row without a reward."""
    rng = np.random.default_rng(4)
    made: list[dict[str, Any]] = []
    for i in range(12):
        for q in range(20):
            longer, shorter = 2.0 + rng.random(), rng.random()
            chosen = [longer, shorter][:: 1 if i < 8 else -1]
            made.append(
                {
                    "prompt": f"Question {q}?",
                    "chosen": f"answer {i} {q} a",
                    "rejected": f"answer {i} {q} b",
                    "annotator_id": f"w{i}",
                    "kind": 1 if i < 8 else 2,
                    "length_chosen": chosen[0],
                    "length_rejected": chosen[1],
                    "chosen_noise": rng.random(),
                    "rejected_noise": str(rng.random()),
                    "chosen_label": "x",
                }
            )
    made[0]["length_chosen"] = None
    made[1]["tie"] = True
    return made


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rewards") / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows()), encoding="utf-8")
    return path


def test_kinds_that_want_opposite_things_are_told_apart(file: Path) -> None:
    told = rewards_told(file, by="kind")
    assert [one.name for one in told.everybody.rewards] == ["length", "noise"]
    assert (told.ties, told.missing, told.small) == (1, 1, 1)
    assert told.everybody.rewards[0].value == pytest.approx((8 * 20 - 2 - 4 * 20) / (12 * 20 - 2), abs=1e-6)
    (first,) = told.groups  # the second kind has four annotators
    assert (first.label, first.annotators, first.judgements) == ("1", 8, 158)
    assert first.rewards[0].value == 1.0
    assert first.rewards[1].low < 0 < first.rewards[1].high
    assert first.rewards[0].weight > 1.8
    text = rewards_text(told)
    assert "kind 1: 8 annotators, 158 judgements" in text
    assert text.count("may be no better than a coin") == 3  # length as well where both kinds count
    assert "1 group of fewer than five annotators not shown" in text
    assert "w1" not in text + json.dumps([one.label for one in told.groups])


def test_an_array_is_the_same_as_columns(file: Path) -> None:
    made = rows()
    both = np.array(
        [
            [[row["length_chosen"] or np.nan, row["chosen_noise"]], [row["length_rejected"], row["rejected_noise"]]]
            for row in made
        ],
        dtype=np.float64,
    )
    told, columns = rewards_told(file, both, names=("length", "noise")), rewards_told(file)
    assert told == columns
    assert [one.name for one in rewards_told(file, both).everybody.rewards] == ["1", "2"]


def test_what_does_not_fit_is_refused_with_a_remedy(file: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="1 names do not fit 2 rewards"):
        rewards_told(file, names=("length",))
    with pytest.raises(InputError, match="age"):
        rewards_told(file, by="age")
    bare = tmp_path / "bare.jsonl"
    kept = ("prompt", "chosen", "rejected", "annotator_id")
    bare.write_text("".join(json.dumps({name: row[name] for name in kept}) + "\n" for row in rows()), encoding="utf-8")
    with pytest.raises(InputError, match=r"'score_chosen' and 'score_rejected'.*REWARDS\.npy"):
        rewards_told(bare)
    with pytest.raises(InputError, match="no judgement is left"):
        rewards_told(bare, np.full((240, 2, 1), np.nan))


def test_the_command_prints_and_has_the_same_for_programs(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["folkmoot", "rewards", str(file), *words])
        with pytest.raises(SystemExit) as end:
            cli.main()
        assert not end.value.code
        return capsys.readouterr().out

    assert "everybody: 12 annotators, 238 judgements" in run()
    found = json.loads(run("--by", "kind", "--json"))
    assert found["groups"][0]["rewards"][0]["name"] == "length"


def test_a_label_that_changes_from_row_to_row_goes_by_the_row(tmp_path: Path) -> None:
    made = []
    for i in range(6):
        for q in range(10):
            right = q % 2 == 0
            row = {"prompt": f"{q}?", "chosen": f"{i} {q} a", "rejected": f"{i} {q} b", "annotator_id": f"w{i}"}
            row |= {
                "domain": "a" if right else "b",
                "score_chosen": str(int(right)),
                "score_rejected": str(int(not right)),
            }
            made.append(row)
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in made), encoding="utf-8")
    told = rewards_told(path, by="domain")
    assert [(one.label, one.annotators, one.judgements, one.rewards[0].value) for one in told.groups] == [
        ("a", 6, 30, 1.0),
        ("b", 6, 30, -1.0),
    ]
    path.write_text("".join(json.dumps(row | {"kind": None}) + "\n" for row in made), encoding="utf-8")
    with pytest.raises(InputError, match="leave it out"):
        rewards_told(path, by="kind")


def test_a_reward_that_tells_and_has_no_weight_is_remarked_on(tmp_path: Path) -> None:
    rows = [
        {"prompt": f"{i}?", "chosen": f"{i} a", "rejected": f"{i} b", "annotator_id": f"w{i % 10}"}
        | {"good_chosen": 1 if i else -9999, "good_rejected": 0}
        for i in range(200)
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    told = rewards_told(path)
    assert (told.everybody.rewards[0].low > 0, told.everybody.rewards[0].weight) == (True, 0)
    assert "a reward with weight 0 tells what was chosen all the same" in " ".join(rewards_text(told).split())
