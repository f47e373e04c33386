"""A run of a real small language model (`make test-model`), replayed from the ledger that it left."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
import small_model
from six_people import six_people

import folkmoot as fm
from folkmoot.formats import write
from folkmoot.llm import Ledger
from folkmoot.profile import Slate
from folkmoot.report import speech, summary
from folkmoot.slates.run import Run

pytest.importorskip("wordllama")

KEPT = Path(__file__).parents[1] / "data" / "small-model"
RECORDED: dict[str, Any] = json.loads((KEPT / "slate.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Slate:
    """The slate of the run once more, from its ledger alone."""
    folder = tmp_path_factory.mktemp("small")
    file, source = folder / "ledger.sqlite", folder / small_model.SOURCE
    file.write_bytes(gzip.decompress((KEPT / "ledger.sqlite.gz").read_bytes()))
    write(six_people(), source, "polis")
    with Ledger(file, make=False) as ledger:
        return Run.read(ledger).again(ledger, fm.read(source))


def test_the_slate_and_what_the_votes_say_of_it_come_out_again(replayed: Slate) -> None:
    again = json.loads(replayed.to_json())
    for name in ("statements", "unassigned", "ledger", "reliability", "budget", "unit"):
        assert again[name] == RECORDED[name], name
    assert again["engine"]["questions"] == RECORDED["engine"]["questions"]
    assert again["engine"]["statements"] == RECORDED["engine"]["statements"]


def test_ratings_of_the_small_model_can_be_read_and_rest_on_lists(replayed: Slate) -> None:
    calls = replayed.engine["questions"]["calls"]
    asked, lost = (sum(calls[name].values()) for name in ("asked", "unreadable"))
    assert asked >= 1
    assert lost <= 0.05 * asked
    assert set(calls["asked"]) == {"agreement-list/1"}
    assert calls["label_mass"] == {}  # nothing came from log-probabilities


def test_what_held_out_votes_say_is_told_whatever_it_is(replayed: Slate) -> None:
    found = replayed.reliability
    assert found is not None
    told = small_model.told(json.loads(replayed.to_json()))
    if found["validated"] and found["people"] is not None:
        people = found["people"]
        assert any(f"people: {people['share']:.0%}" in line for line in told)
        # Three people tell little: the interval must say so.
        assert people["low"] <= people["share"] <= people["high"]
        said = summary(replayed.view, speech(replayed, "en")).lower()
        if people["low"] <= 0.5:
            assert "cannot tell the language model's scores from chance" in " ".join(said.split())


def test_nothing_of_the_machine_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite"
    file.write_bytes(gzip.decompress((KEPT / "ledger.sqlite.gz").read_bytes()))
    with Ledger(file, make=False) as ledger:
        assert Run.read(ledger).source == small_model.SOURCE
    # No text of either begins with a slash, as a path from the root would.
    for text in (file.read_bytes(), (KEPT / "slate.json").read_bytes()):
        assert not re.search(rb'"/[a-z]+/', text)
