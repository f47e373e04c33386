"""The interview against the exact optimum of the paper's own model: every figure of its page."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from folkmoot.asking.adaptive import Adaptive
from folkmoot.asking.model import Situation
from folkmoot.profile import InputError
from folkmoot_studies import STUDIES
from folkmoot_studies.asking import hedging

DOCS = Path(__file__).parents[2] / "docs" / "studies" / "asking-hedging.md"


@cache
def study() -> dict[str, Any]:
    return STUDIES["hedging"].run()


@pytest.mark.replication
def test_asking_nothing_is_worth_what_it_is() -> None:
    for row, expected in zip(study()["known"], (12.5, 12.409, 12.316, 12.020, 11.436), strict=True):
        assert row["nothing"] == pytest.approx(expected, abs=6e-4)
        assert row["nothing"] == pytest.approx(row["nothing_exact"], abs=1e-5)
    for row in study()["learned"]:
        # no output of the learned population is worth much more
        assert 0 <= row["bound"] - row["nothing"] + 1e-6 < 0.05
        if row["gamma"] > 0:
            assert row["nothing"] == pytest.approx(row["nothing_exact"], abs=0.1)


@pytest.mark.replication
def test_it_asks_as_many_questions_as_the_adaptive_optimum() -> None:
    best = [2.44, 2.44, 3.71, 4.98, 2.18]
    for part, most in (("known", 0.01), ("learned", 1.0)):
        rows = study()[part]
        assert [row["best_questions"] for row in rows] == pytest.approx(best, abs=0.01)
        assert [row["questions"] for row in rows] == pytest.approx(best, abs=most)


@pytest.mark.replication
def test_its_decisions_are_worth_as_much_as_the_best() -> None:
    for row in study()["known"]:
        assert row["ce"] == pytest.approx(row["best_ce"], abs=1e-3)
    assert study()["known"][-1]["ce"] >= 11.5


@pytest.mark.replication
def test_the_page_shows_what_the_study_prints() -> None:
    json.dumps(study(), allow_nan=False)
    assert hedging.table(study()).strip() in DOCS.read_text(encoding="utf-8")


def test_decisions_are_evaluated_exactly() -> None:
    found = hedging.decisions(hedging.paper(25, 0.5, 0.1), 10.0)
    best = Adaptive(Situation(25, 0.5, 0.1), 10.0).best
    assert found.questions == pytest.approx(best.questions)
    assert found.ce == pytest.approx(11.607, abs=1e-3)


def test_nobody_to_interview() -> None:
    with pytest.raises(InputError, match="give at least 1"):
        hedging.run(instances=0)
