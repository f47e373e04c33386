"""The parts of the plural study on audits and on dialogue: everything asked of them is met, the same every time."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from folkmoot_studies.plural import audits as plural_audits
from folkmoot_studies.plural import dialogue as plural_dialogue
from folkmoot_studies.plural.claims import Figure


def failed(figures: list[Figure]) -> list[str]:
    return [figure.claim for figure in figures if figure.passes is False]


def test_made_up_data_meet_the_specification() -> None:
    figures = plural_audits.run(0, None)
    assert failed(figures) == []
    asked = [figure for figure in figures if figure.passes]
    assert len(asked) > 25
    assert "no folder" in figures[-1].claim
    assert all(
        f.low is None or math.isnan(f.value) or f.low <= f.value <= f.high for f in figures if f.high is not None
    )


def test_the_dialogue_part(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pysat")
    monkeypatch.setattr(plural_dialogue, "PAIRS", 40)
    figures = plural_dialogue.run(0, None)
    assert failed(figures) == []
    assert [f.value for f in figures[:-1]] == [f.value for f in plural_dialogue.run(0, None)[:-1]]
    assert sum(figure.passes is True for figure in figures) == 4


def test_a_real_conversation(shared: Path) -> None:
    """Electoral reform: personal lists gain little and split much; the swap curve falls and is no U."""
    profile = plural_audits.conversations(shared / "polis")["electoral-reform"]
    answers = profile.answers
    assert np.bincount(answers.agent)[np.unique(answers.agent)].min() >= 1
    found = {figure.claim: figure.value for figure in plural_audits._exposure("x", profile, 0)}
    value = {claim.split("k = 10")[1].strip(",: "): number for claim, number in found.items() if "SIMUL" not in claim}
    assert value["personal: own"] > value["aggregate: own"] >= value["bridging: own"]
    assert value["bridging: worst"] >= value["aggregate: worst"]
    assert value["personal: fragmentation"] > 3 * value["personal: fragmentation under shuffled labels"]
    swapped = plural_audits._swap("x", profile, 0)
    value = {figure.claim: figure.value for figure in swapped}
    assert value[f"x, {plural_audits.MONOTONE} (1 yes, 0 no)"] == 1.0
    assert value["x, swap: folds whose U-index is above 0"] == 0.0
    assert value["x, swap, accuracy with profile: none"] < value["x, swap, accuracy with profile: their own"]
