"""Whole slates from the simulated endpoint, over the wire: structured answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import folkmoot as fm
from endpoint_process import settled, simulated
from folkmoot.llm import Client, Endpoint, Halting, Ledger
from folkmoot.llm.account import Account
from folkmoot.profile import Slate
from language_model import TEXTS, profile_of

pytest.importorskip("wordllama")
pytest.importorskip("openai")


def live(url: str, ledger: Path, budget: int = 2, **options: Any) -> Slate:
    """A slate of six people's texts, from this endpoint."""
    endpoint = Endpoint("simulated", url)
    with Ledger(ledger) as kept, Client(endpoint, kept) as client:
        model = Account(Halting(client), endpoint)
        settings = {"unit": "statements", "engine": "llm", "model": model, "draws": 0, "answers": "structured"}
        return fm.slate(profile_of(TEXTS[:6]), budget, **{**settings, **options})


@pytest.mark.parametrize("process", ["bjr", "prose"])
def test_a_whole_run_of_structured_answers_takes_one_call_for_a_question(tmp_path: Path, process: str) -> None:
    with simulated() as url:
        slate = live(url, tmp_path / "ledger.sqlite", process=process)
        asked = settled(url)["asked"]
    assert len(slate.statements) >= 1
    questions = slate.engine["questions"]["calls"]
    # Not one rating comes of log-probabilities or of repeated answers, and nothing is asked twice.
    assert questions["label_mass"] == {}
    assert questions["sampled"] == {}
    assert questions["unreadable"] == {}
    assert set(questions["listed"]) <= {"rating", "agreement", "specificity"}
    # Only statements are asked for more than once: at a temperature, another sample for another step.
    assert sum(asked.values()) == slate.ledger["calls"]
    assert slate.engine["prompts"] == [
        *(["agreement-list/1", "rating-list/1", "salient-object/1"] if process == "bjr" else []),
        *(["agreement-list/1", "specificity-list/1", "statement-free-object/1"] if process == "prose" else []),
    ]
