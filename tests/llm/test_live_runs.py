"""Whole slates from the simulated endpoint, over the wire: structured answers, steps asked ahead, groups."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

import folkmoot as fm
from endpoint_process import settled, simulated
from folkmoot.llm import Client, Endpoint, Halting, Ledger, Limits, Replay
from folkmoot.llm.account import Account
from folkmoot.llm.embeddings import embedding_call, parse_embedding
from folkmoot.llm.wire import Unusable
from folkmoot.profile import InputError, Options, Slate, SlateStatement
from folkmoot.slates.group_statements import group_statements
from folkmoot.slates.run import Run
from language_model import TEXTS, profile_of

pytest.importorskip("wordllama")
pytest.importorskip("openai")


def live(
    url: str,
    ledger: Path,
    budget: int = 2,
    ahead: int = 0,
    limits: Limits | None = None,
    embedding_model: str = "",
    **options: Any,
) -> Slate:
    """A slate of six people's texts, from this endpoint."""
    endpoint = Endpoint(
        "simulated",
        url,
        key="sk-SECRET+1",
        concurrency=12,
        start_concurrency=12,
        embedding_model=embedding_model,
    )
    with Ledger(ledger) as kept, Client(endpoint, kept, limits, ahead=ahead) as client:
        model = Account(Halting(client), endpoint)
        settings = {"unit": "statements", "engine": "llm", "model": model, "draws": 0, "answers": "structured"}
        return fm.slate(profile_of(TEXTS[:6]), budget, **{**settings, **options})


@pytest.mark.parametrize("process", ["bjr", "prose"])
def test_a_whole_run_of_structured_answers_takes_one_call_for_a_question(tmp_path: Path, process: str) -> None:
    with simulated("--structured") as url:
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


@pytest.mark.long
def test_steps_asked_ahead_change_nothing_but_the_time(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"unit": "words", "per_prompt": 2, "budget": 20, "levels": (5.0, 3.0, 0.0)}
    slates, ahead = {}, {}
    for steps in (0, 3):
        # Answers take from nothing to 30 ms, at random: they come back in another order every time.
        with simulated("--structured", "--spread", "0.03", "--seed", str(steps)) as url:
            file = tmp_path / f"{steps}.sqlite"
            slates[steps] = live(url, file, ahead=steps, **settings)
            asked = settled(url)["asked"]
            with Ledger(file, make=False) as ledger:
                ahead[steps] = ledger.noted().get("ahead")
                replayed = fm.slate(
                    profile_of(TEXTS[:6]),
                    engine="llm",
                    model=Account(Replay(ledger, "simulated"), Endpoint("simulated", url)),
                    draws=0,
                    answers="structured",
                    **settings,
                )
        assert replayed.to_json() == slates[steps].to_json()
        early = ahead[steps] or {"answered": 0, "used": 0}
        # Nothing is asked twice: what the endpoint answered is what the slate used, and what was guessed in vain.
        assert sum(asked.values()) == slates[steps].ledger["calls"] + early["answered"] - early["used"]
    assert slates[0].to_json() == slates[3].to_json()
    assert ahead[0] is None
    assert ahead[3] is not None
    assert ahead[3]["answered"] >= ahead[3]["used"] >= 10


@pytest.mark.long
def test_what_is_asked_ahead_never_takes_a_run_to_its_limit(tmp_path: Path) -> None:
    with simulated("--structured") as url:
        whole = live(url, tmp_path / "whole.sqlite", unit="words", budget=20, levels=(3.0, 0.0))
        assert whole.ledger is not None
        limits = Limits(calls=whole.ledger["calls"] + 1)
        limited = live(
            url, tmp_path / "limited.sqlite", ahead=3, limits=limits, unit="words", budget=20, levels=(3.0, 0.0)
        )
    # It may end before, as guesses count; it does not go beyond.
    with Ledger(tmp_path / "limited.sqlite", make=False) as ledger:
        assert ledger.total().answers <= limits.calls  # type: ignore[operator]
    assert limited.process.get("unfinished") or limited.to_json() == whole.to_json()


def test_groups_have_their_statements_over_the_wire_and_nothing_is_paid_twice(tmp_path: Path) -> None:
    profile = profile_of(TEXTS[:6])
    stands = (SlateStatement("a", "Buses.", 1, profile.agents.ids[:3]), SlateStatement("b", "Trees.", 1, ("p5x",)))
    slate = Slate(stands, (), 2, "statements", 6)
    found = []
    with simulated("--structured") as url:
        endpoint = Endpoint("simulated", url)
        for _ in range(2):
            with Ledger(tmp_path / "groups.sqlite") as kept, Client(endpoint, kept) as client:
                found.append(group_statements(profile, slate, Account(Halting(client), endpoint), structured=True))
        asked = settled(url)["asked"]
    assert found[0] == found[1]
    assert max(asked.values()) == 1
    (group,) = found[0].groups  # one person is no group
    assert (group.people, found[0].apart, found[0].model) == (3, 3, "simulated")
    assert group.text.startswith("More ")
    assert len(group.citations) == 3


def test_people_are_compared_by_the_endpoints_embeddings_where_it_has_them(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"process": "bjr", "budget": 1, "embedding_model": "small"}
    with simulated("--structured", "--embeddings", "small") as url:
        slate = live(url, tmp_path / "a.sqlite", **settings)
        asked = settled(url)["asked"]
        assert {key for key in asked if key.startswith("embedding:")} == {f"embedding:{text}" for text in TEXTS[:6]}
        assert max(asked[f"embedding:{text}"] for text in TEXTS[:6]) == 1
        # Once more from the ledger: nothing is asked, and the groups are the same.
        assert live(url, tmp_path / "a.sqlite", **settings).to_json() == slate.to_json()
        assert settled(url)["asked"] == asked
    assert slate.engine["embedding"] == "small"
    assert "embedding/1" in slate.engine["prompts"]
    assert slate.ledger is not None
    assert slate.ledger["queries"]["embedding/1"]["calls"] == 6
    assert "embedding" not in profile_slate(tmp_path).engine


def profile_slate(folder: Path) -> Slate:
    """The same without an embedding model."""
    with simulated("--structured") as url:
        return live(url, folder / "plain.sqlite", budget=1, process="bjr")


def test_an_endpoint_without_embeddings_is_named_with_what_to_change_and_without_the_key(tmp_path: Path) -> None:
    with simulated("--structured", "--embeddings", "small") as url:
        with pytest.raises(InputError, match="gives no embeddings with large") as caught:
            live(url, tmp_path / "a.sqlite", embedding_model="large")
        assert not [key for key in settled(url)["asked"] if not key.startswith("embedding:")]
    assert "leave embedding_model out" in str(caught.value)
    assert "SECRET" not in str(caught.value)
    with Ledger(tmp_path / "a.sqlite", make=False) as ledger:
        assert ledger.total().answers == 0


def test_a_run_records_its_embedding_model_and_a_reply_without_a_vector_is_none() -> None:
    endpoint = Endpoint("m", "http://127.0.0.1:1/v1", embedding_model="small")
    profile = profile_of(TEXTS[:2])
    run = Run.of(profile, Path("o.csv"), {}, 1, "words", 0, Options(engine="llm"), endpoint)
    assert run.endpoint.embedding_model == "small"
    call = embedding_call("More buses.", "small")
    assert parse_embedding({"data": [{"embedding": [0.5, 1]}]}, call).text == "[0.5, 1]"
    bare: tuple[object, ...] = ({}, [], {"data": []}, *({"data": [{"embedding": [one]}]} for one in (None, math.nan)))
    for reply in bare:
        with pytest.raises(Unusable, match="no embedding"):
            parse_embedding(reply, call)
