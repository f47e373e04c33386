"""Preference data in sentences: what cannot be known of a file is said, and nothing that is empty or false."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import folkmoot as fm
from folkmoot.report.preference_page import preference_page
from folkmoot.report.preference_text import preference_text
from folkmoot.slates.preference_data import Found


def found_in(folder: Path, rows: list[dict[str, Any]], kinds: int | None = None) -> Found:
    file = folder / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return fm.prefs(file, kinds=kinds).found


def both(found: Found) -> str:
    """The text and the page; in neither is there a dash for a figure, or a sentence on none of something."""
    text, page = preference_text(found), preference_page(found)
    for said in (text, re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)):
        assert not re.search(r"[Ww]ithout the (0|fewer than 5) of|of 0 maj|alpha –|– of|\b1 annotator are", said)
    return text


def rows(people: int, prompts: int = 8, **more: str) -> list[dict[str, Any]]:
    """Everybody judges every prompt; odd people prefer the other answer."""
    return [
        {"prompt": f"Question {q}?", "annotator_id": f"w{i}", **more}
        | dict(zip(("chosen", "rejected"), (f"Yes {q}", f"No {q}")[:: 1 if i % 2 else -1], strict=True))
        for i in range(people)
        for q in range(prompts)
    ]


def test_one_annotator_has_no_kinds_and_no_interval(tmp_path: Path) -> None:
    text = both(found_in(tmp_path, rows(1)))
    assert "There is one annotator, so there are no kinds" in text
    assert "(0% to 100%)" not in text


def test_ties_tell_nothing(tmp_path: Path) -> None:
    tied = [
        {"prompt": f"Q{q}", "response_a": f"A{q}", "response_b": f"B{q}", "preference": "tie", "annotator_id": f"w{i}"}
        for i in range(10)
        for q in (0, 1, 0, 1)
    ]
    text = both(found_in(tmp_path, tied))
    assert "Every judgement is a tie, and ties tell no kinds of annotators apart." in text
    assert "so agreement cannot be told from chance" in text
    assert "None of 10 annotators contradicts themselves." in text
    for empty in ("below chance", "log-likelihood", "majorit", "Share of reward functions"):
        assert empty not in text


def test_judgements_of_nobody_are_not_called_those_of_annotators(tmp_path: Path) -> None:
    unnamed = [{name: row[name] for name in ("prompt", "chosen", "rejected")} for row in rows(8)]
    text = both(found_in(tmp_path, unnamed))
    assert "8.0 judgements a prompt" in text
    assert "two judgements of one pair say the same" in text
    assert "No column says who judged, so agreement with oneself is not known." in text
    assert "annotators a prompt" not in text
    assert "two annotators" not in text


def test_pairs_that_nobody_shares_teach_nothing(tmp_path: Path) -> None:
    alone = [
        {"prompt": f"Q{i}", "chosen": f"A{i}", "rejected": f"B{i}", "annotator_id": f"w{i % 20}"} for i in range(60)
    ]
    text = both(found_in(tmp_path, alone))
    assert "No pair was judged by more than one annotator" in text
    assert "as a coin does: the other judgements tell nothing of them" in text
    assert "(50% to 50%)" not in text


def test_a_kind_to_which_nobody_can_be_told_to_belong_is_not_compared(tmp_path: Path) -> None:
    """Everybody judges one pair, several times: hidden together, nothing is left by which to know their kind."""
    repeated = [row for i, row in enumerate(rows(40, 4)) if i // 4 % 4 == i % 4 for _ in range(3)]
    found = found_in(tmp_path, repeated, kinds=2)
    assert any(one.pooled.judgements == 0 for one in found.by_kind)
    text = both(found)
    assert "no annotator seems to be of kind" in text
    assert "so which kind it fails is not known" in text


@pytest.mark.parametrize("messages", [True, False])
def test_two_kinds_are_compared(tmp_path: Path, messages: bool) -> None:
    made = rows(20, country="X")
    if messages:
        made = [
            {
                name: [{"role": "user", "content": row["prompt"]}, {"role": "assistant", "content": row[name]}]
                for name in ("chosen", "rejected")
            }
            | {"worker_id": row["annotator_id"], "country": "DE" if int(row["annotator_id"][1:]) % 2 else "FR"}
            for row in made
        ]
    text = both(found_in(tmp_path, made, kinds=2))
    assert re.search(r"One reward model foresees \d+% of the hidden judgements of kind", text)
    assert ("one model serves" in text and "country: " in text) == messages or "country: one model serves X" in text
    assert "More than a quarter of 20 annotators differ most from the majority" in text
